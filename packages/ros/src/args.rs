//! `--ros-args` in full. In -> out: the arguments of a process -> what ROS is told, and the arguments that are left for the program.
//! Rules of <https://design.ros2.org/articles/ros_command_line_arguments.html>; what rcl accepts and has no meaning here (enclave, log
//! configuration file) is taken and kept.
//! Deliberately absent: reading the parameter files it names, and the old syntax without `--ros-args`.

use crate::names::{NameError, NodeName};

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgsError {
    /// An option whose value is missing.
    #[error("{option} needs a value after it, as in `{example}`")]
    MissingValue {
        /// The option.
        option: String,
        /// How it is used.
        example: &'static str,
    },
    /// Nothing that ROS knows.
    #[error("unknown ROS argument `{argument}`; end them with `--` before the program's own")]
    Unknown {
        /// The argument.
        argument: String,
    },
    /// A rule that is not `from:=to`.
    #[error("a remapping rule is `[node:]from:=to`: got `{text}`")]
    BadRule {
        /// The rule.
        text: String,
    },
    /// A parameter that is not `name:=value`.
    #[error("a parameter is `[node:]name:=value`, the value as in YAML: got `{text}`")]
    BadParameter {
        /// The argument.
        text: String,
    },
    /// A log level that is none.
    #[error("a log level is one of debug, info, warn, error, fatal, with `logger:=` in front for one logger: got `{text}`")]
    BadLevel {
        /// The argument.
        text: String,
    },
    /// A node name or namespace that is none.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// No prefix.
    Both,
    /// `rostopic://`
    Topics,
    /// `rosservice://`
    Services,
}

/// One rule `[node:]from:=to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remap {
    /// The node it is for; `None` is every one.
    pub node: Option<String>,
    /// Topics, services, or both.
    pub applies: Applies,
    /// What is renamed; `__node`, `__name` and `__ns` rename the node itself.
    pub from: String,
    /// Its new name.
    pub to: String,
}

impl Remap {
    pub(crate) fn parse(text: &str) -> Result<Self, ArgsError> {
        let wrong = || ArgsError::BadRule { text: text.to_owned() };
        let (left, to) = text.split_once(":=").ok_or_else(wrong)?;
        let (node, from) = node_prefix(left);
        let (applies, from) = match (from.strip_prefix("rostopic://"), from.strip_prefix("rosservice://")) {
            (Some(rest), _) => (Applies::Topics, rest),
            (_, Some(rest)) => (Applies::Services, rest),
            _ => (Applies::Both, from),
        };
        if from.is_empty() || to.is_empty() || to.contains(":=") {
            return Err(wrong());
        }
        Ok(Self { node, applies, from: from.to_owned(), to: to.to_owned() })
    }

    pub(crate) fn is_for(&self, node: &str) -> bool {
        self.node.as_deref().is_none_or(|wanted| wanted == node)
    }
}

/// One parameter `[node:]name:=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The node it is for; `None` is every one.
    pub node: Option<String>,
    /// Dotted name.
    pub name: String,
    /// Value as in YAML.
    pub value: String,
}

/// Where parameters come from, in the order given: later ones win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterSource {
    /// `--params-file`
    File(String),
    /// `-p`
    Setting(Setting),
}

/// Severity of a log line, as ROS names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// For developers.
    Debug,
    /// What happens.
    Info,
    /// What is not as it should be.
    Warn,
    /// What failed.
    Error,
    /// What ends the node.
    Fatal,
}

impl LogLevel {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" | "warning" => Self::Warn,
            "error" => Self::Error,
            "fatal" => Self::Fatal,
            _ => return None,
        })
    }
}

/// Everything after `--ros-args`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosArgs {
    /// Rules in order.
    pub remaps: Vec<Remap>,
    /// Parameters in order.
    pub parameters: Vec<ParameterSource>,
    /// Level of everything.
    pub log_level: Option<LogLevel>,
    /// Levels of single loggers.
    pub logger_levels: Vec<(String, LogLevel)>,
    /// `--disable-rosout-logs`
    pub is_rosout_off: bool,
    /// `--disable-stdout-logs`
    pub is_stdout_off: bool,
    /// `--enclave`
    pub enclave: Option<String>,
}

impl RosArgs {
    /// Splits `arguments` (without the program's name) into those for ROS and the others, which keep their order.
    ///
    /// # Errors
    /// The first [`ArgsError`].
    pub fn split(arguments: impl IntoIterator<Item = String>) -> Result<(Self, Vec<String>), ArgsError> {
        let (mut ros, mut rest, mut is_ros) = (Self::default(), Vec::new(), false);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--ros-args" => is_ros = true,
                "--" if is_ros => is_ros = false,
                _ if is_ros => ros.take(&argument, &mut arguments)?,
                _ => rest.push(argument),
            }
        }
        Ok((ros, rest))
    }

    fn take(&mut self, option: &str, following: &mut impl Iterator<Item = String>) -> Result<(), ArgsError> {
        let mut value = |example| following.next().ok_or_else(|| ArgsError::MissingValue { option: option.to_owned(), example });
        match option {
            "-r" | "--remap" => self.remaps.push(Remap::parse(&value("-r scan:=front/scan")?)?),
            "-p" | "--param" => self.parameters.push(ParameterSource::Setting(setting(&value("-p policy.trigger_count:=2")?)?)),
            "--params-file" => self.parameters.push(ParameterSource::File(value("--params-file robot.yaml")?)),
            "--log-level" => self.take_level(&value("--log-level debug")?)?,
            "-e" | "--enclave" => self.enclave = Some(value("--enclave /robot")?),
            "--log-config-file" => drop(value("--log-config-file FILE")?),
            "--log-file-name" => drop(value("--log-file-name PREFIX")?),
            "--enable-rosout-logs" => self.is_rosout_off = false,
            "--disable-rosout-logs" => self.is_rosout_off = true,
            "--enable-stdout-logs" => self.is_stdout_off = false,
            "--disable-stdout-logs" => self.is_stdout_off = true,
            "--enable-external-lib-logs" | "--disable-external-lib-logs" => {}
            // The old forms of rules and parameters, which rcl still takes after `--ros-args`.
            rule if !rule.starts_with('-') && rule.contains(":=") => self.remaps.push(Remap::parse(rule)?),
            _ => return Err(ArgsError::Unknown { argument: option.to_owned() }),
        }
        Ok(())
    }

    fn take_level(&mut self, text: &str) -> Result<(), ArgsError> {
        let (logger, level) = text.split_once(":=").map_or((None, text), |(logger, level)| (Some(logger), level));
        let level = LogLevel::parse(level).ok_or_else(|| ArgsError::BadLevel { text: text.to_owned() })?;
        match logger {
            None => self.log_level = Some(level),
            Some("") => return Err(ArgsError::BadLevel { text: text.to_owned() }),
            Some(logger) => self.logger_levels.push((logger.to_owned(), level)),
        }
        Ok(())
    }

    /// What a node that calls itself `name` is really called: `__node` and `__ns` rules, the first that is for it each.
    ///
    /// # Errors
    /// [`ArgsError::Name`].
    pub fn node_name(&self, name: &str) -> Result<NodeName, ArgsError> {
        let find = |words: &[&str]| {
            self.remaps.iter().find(|rule| words.contains(&rule.from.as_str()) && rule.is_for(name)).map(|rule| rule.to.as_str())
        };
        Ok(NodeName::new(find(&["__ns"]).unwrap_or("/"), find(&["__node", "__name"]).unwrap_or(name))?)
    }
}

/// `node:` in front, but not the `:` of `rostopic://`.
fn node_prefix(left: &str) -> (Option<String>, &str) {
    match left.split_once(':') {
        Some((node, rest)) if !rest.starts_with("//") => (Some(node.to_owned()), rest),
        _ => (None, left),
    }
}

fn setting(text: &str) -> Result<Setting, ArgsError> {
    let wrong = || ArgsError::BadParameter { text: text.to_owned() };
    let (left, value) = text.split_once(":=").ok_or_else(wrong)?;
    let (node, name) = node_prefix(left);
    if name.is_empty() {
        return Err(wrong());
    }
    Ok(Setting { node, name: name.to_owned(), value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(line: &str) -> Result<(RosArgs, Vec<String>), ArgsError> {
        RosArgs::split(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn every_option_is_taken_and_the_rest_is_left() {
        let line = "--fast --ros-args -r scan:=front -r nav:__ns:=/r1 --remap __node:=b -p a.b:=1 --param n:c:=[1, -- in.yaml --ros-args \
                    --params-file f.yaml --log-level rcl:=error --log-level WARN -e /e --disable-rosout-logs --disable-stdout-logs \
                    --enable-external-lib-logs --log-config-file x old:=new";
        let (ros, rest) = split(line).expect("good");
        assert_eq!(rest, ["--fast", "in.yaml"]);
        assert_eq!(ros.remaps.len(), 4);
        assert_eq!(ros.remaps.get(1).and_then(|rule| rule.node.as_deref()), Some("nav"));
        let setting = |node: Option<&str>, name: &str, value: &str| {
            ParameterSource::Setting(Setting { node: node.map(str::to_owned), name: name.to_owned(), value: value.to_owned() })
        };
        let wanted = [setting(None, "a.b", "1"), setting(Some("n"), "c", "[1,"), ParameterSource::File("f.yaml".to_owned())];
        assert_eq!(ros.parameters, wanted);
        assert_eq!((ros.log_level, ros.logger_levels.as_slice()), (Some(LogLevel::Warn), &[("rcl".to_owned(), LogLevel::Error)][..]));
        assert!(ros.is_rosout_off && ros.is_stdout_off && ros.enclave.as_deref() == Some("/e"));
    }

    #[test]
    fn a_node_is_renamed_by_the_first_rule_for_it() {
        let (ros, _) = split("--ros-args -r other:__node:=no -r __node:=eye -r __node:=late -r a:__ns:=/r1 -r b:__ns:=/r2").expect("good");
        assert_eq!(ros.node_name("a").map(|name| name.full()), Ok("/r1/eye".to_owned()));
        assert_eq!(ros.node_name("b").map(|name| name.full()), Ok("/r2/eye".to_owned()));
        assert_eq!(ros.node_name("other").map(|name| name.full()), Ok("/no".to_owned()));
        assert!(split("--ros-args -r __node:=a/b").expect("rule").0.node_name("x").is_err());
    }

    #[test]
    fn wrong_arguments_say_what_is_right() {
        for (line, message) in [
            ("--ros-args -r", "-r needs a value after it, as in `-r scan:=front/scan`"),
            ("--ros-args -x", "unknown ROS argument `-x`; end them with `--` before the program's own"),
            ("--ros-args -r scan", "a remapping rule is `[node:]from:=to`: got `scan`"),
            ("--ros-args -p a", "a parameter is `[node:]name:=value`, the value as in YAML: got `a`"),
            (
                "--ros-args --log-level loud",
                "a log level is one of debug, info, warn, error, fatal, with `logger:=` in front for one logger: got `loud`",
            ),
        ] {
            assert_eq!(split(line).map_err(|error| error.to_string()).err().as_deref(), Some(message));
        }
        assert_eq!(split("a --params-file b").map(|(_, rest)| rest.len()), Ok(3));
    }

    proptest! {
        #[test]
        fn any_arguments_are_taken_or_refused(words in proptest::collection::vec("\\PC{0,12}", 0..8)) {
            let _ = RosArgs::split(std::iter::once("--ros-args".to_owned()).chain(words));
        }
    }
}
