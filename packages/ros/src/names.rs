//! Names of the ROS graph. In -> out: a name as written in code, the node's name and namespace, remapping rules -> the full name, and its
//! form in DDS. Rules of <https://design.ros2.org/articles/topic_and_service_names.html>.
//! Deliberately absent: substitutions other than `~` (`{node}`), which nothing here uses.

use crate::args::{Applies, Remap};

/// Longest name that DDS implementations take for certain (topic names of 255 bytes less the prefixes).
const MAX_LEN: usize = 240;

/// A name that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} `{name}` {fault}")]
pub struct NameError {
    /// What it was to name.
    pub what: &'static str,
    /// The name, cut to 64 characters.
    pub name: String,
    /// What is wrong and what is allowed.
    pub fault: &'static str,
}

/// What a node is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeName {
    namespace: String,
    name: String,
}

impl NodeName {
    /// A node `name` in `namespace`; an empty namespace is `/`, a relative one gets its slash.
    ///
    /// # Errors
    /// [`NameError`] for a name with other than letters, digits and underscores, or a digit in front.
    pub fn new(namespace: &str, name: &str) -> Result<Self, NameError> {
        let trimmed = namespace.trim_end_matches('/');
        let namespace = if trimmed.starts_with('/') || trimmed.is_empty() { trimmed.to_owned() } else { format!("/{trimmed}") };
        check("namespace", &namespace)?;
        if name.is_empty() || name.contains('/') {
            return Err(error("node name", name, "must be one word of letters, digits and underscores"));
        }
        check("node name", &format!("/{name}"))?;
        Ok(Self { namespace: if namespace.is_empty() { "/".to_owned() } else { namespace }, name: name.to_owned() })
    }

    /// With its slash: `/`, `/robot1`.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Without the namespace.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `/robot1/vedette_agent`
    pub fn full(&self) -> String {
        join(&self.namespace, &self.name)
    }

    /// The full name of `name`: `~/x` below the node, relative below its namespace, absolute as it is.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn expand(&self, what: &'static str, name: &str) -> Result<String, NameError> {
        let full = match name.strip_prefix('~') {
            Some("") => self.full(),
            Some(rest) => match rest.strip_prefix('/') {
                Some(rest) => join(&self.full(), rest),
                None => return Err(error(what, name, "must go on with `/` after `~`")),
            },
            None if name.starts_with('/') => name.to_owned(),
            None => join(&self.namespace, name),
        };
        if name.is_empty() {
            return Err(error(what, name, "must not be empty"));
        }
        check(what, &full)?;
        Ok(full)
    }

    /// [`Self::expand`], then the first of `rules` that names it.
    ///
    /// # Errors
    /// [`NameError`], also for a rule that leads to a name that is none.
    pub fn resolve(&self, what: &'static str, name: &str, rules: &[Remap], is_service: bool) -> Result<String, NameError> {
        let full = self.expand(what, name)?;
        for rule in rules.iter().filter(|rule| rule.is_for(&self.name) && rule.applies.fits(is_service)) {
            if self.expand(what, &rule.from).is_ok_and(|from| from == full) {
                return self.expand(what, &rule.to);
            }
        }
        Ok(full)
    }
}

impl Applies {
    fn fits(self, is_service: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Topics => !is_service,
            Self::Services => is_service,
        }
    }
}

/// `rt/scan` for `/scan`.
pub(crate) fn dds_topic(full: &str) -> String {
    format!("rt{full}")
}

/// Request and reply topic of the service `full`.
pub(crate) fn dds_service(full: &str) -> (String, String) {
    (format!("rq{full}Request"), format!("rr{full}Reply"))
}

/// `sensor_msgs::msg::dds_::Image_` for `sensor_msgs/msg/Image`.
pub(crate) fn dds_type(ros: &str) -> String {
    match ros.rsplit_once('/') {
        Some((package, name)) => format!("{}::dds_::{name}_", package.replace('/', "::")),
        None => ros.to_owned(),
    }
}

fn join(base: &str, name: &str) -> String {
    if base == "/" { format!("/{name}") } else { format!("{base}/{name}") }
}

/// `full` is empty or starts with a slash.
fn check(what: &'static str, full: &str) -> Result<(), NameError> {
    if full.len() > MAX_LEN {
        return Err(error(what, full, "is longer than 240 bytes"));
    }
    if full.contains("__") {
        return Err(error(what, full, "must not have two underscores in a row"));
    }
    for part in full.split('/').skip(1) {
        let starts_well = part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts_well || !part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(error(what, full, "must be words of letters, digits and underscores, not starting with a digit, between slashes"));
        }
    }
    Ok(())
}

fn error(what: &'static str, name: &str, fault: &'static str) -> NameError {
    NameError { what, name: name.chars().filter(|c| !c.is_control()).take(64).collect(), fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn node() -> NodeName {
        NodeName::new("robot1", "vedette_agent").expect("good")
    }

    #[test]
    fn names_expand_as_in_rcl() {
        let expand = |name: &str| node().expand("topic", name).map_err(|error| error.to_string());
        assert_eq!(expand("camera/image_raw").as_deref(), Ok("/robot1/camera/image_raw"));
        assert_eq!(expand("/tf").as_deref(), Ok("/tf"));
        assert_eq!(expand("~/enable").as_deref(), Ok("/robot1/vedette_agent/enable"));
        assert_eq!(expand("~").as_deref(), Ok("/robot1/vedette_agent"));
        for wrong in ["", "a b", "a//b", "/a/", "1a", "a/1", "~x", "a__b", "a-b", "ä", &"a".repeat(300)] {
            assert!(expand(wrong).is_err(), "{wrong}");
        }
        assert_eq!(NodeName::new("", "n").map(|n| n.full()).as_deref(), Ok("/n"));
        assert!(NodeName::new("/a", "n/m").is_err() && NodeName::new("/a b", "n").is_err() && NodeName::new("/", "").is_err());
    }

    #[test]
    fn rules_are_taken_in_order_and_only_by_their_node() {
        let rule = |text: &str| Remap::parse(text).expect(text);
        let rules = [rule("other:scan:=/no"), rule("rosservice://scan:=/no"), rule("scan:=front/scan"), rule("/robot1/scan:=/late")];
        assert_eq!(node().resolve("topic", "scan", &rules, false).as_deref(), Ok("/robot1/front/scan"));
        assert_eq!(node().resolve("service", "scan", &rules, true).as_deref(), Ok("/no"));
        assert_eq!(node().resolve("topic", "~/x", &[rule("vedette_agent:~/x:=/y")], false).as_deref(), Ok("/y"));
        assert_eq!(node().resolve("topic", "imu", &rules, false).as_deref(), Ok("/robot1/imu"));
    }

    #[test]
    fn dds_has_its_own_forms() {
        assert_eq!(dds_topic("/scan"), "rt/scan");
        assert_eq!(dds_service("/n/get_state"), ("rq/n/get_stateRequest".to_owned(), "rr/n/get_stateReply".to_owned()));
        assert_eq!(dds_type("std_srvs/srv/SetBool_Request"), "std_srvs::srv::dds_::SetBool_Request_");
    }

    proptest! {
        #[test]
        fn any_text_is_a_good_name_or_refused(text in "\\PC{0,40}") {
            if let Ok(full) = node().expand("topic", &text) {
                prop_assert!(full.starts_with('/') && full.is_ascii());
            }
        }
    }
}
