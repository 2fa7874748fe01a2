//! What can be wrong with a parameter. Every error names the parameter, what is allowed, and the file it came from.

use crate::{ParamKind, Range, Value};

/// A parameter, or a file of parameters, that cannot be used. `file` is `name` or `name:line`; empty when the value came from code.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParamError {
    /// Nobody declared it.
    #[error("unknown parameter `{name}`{}{}", place(.file), suggestion(.nearest.as_deref(), .known))]
    Unknown {
        /// The name found.
        name: String,
        /// The declared name that looks most like it.
        nearest: Option<String>,
        /// The declared names of the same group, or the groups where there is no such group.
        known: Vec<String>,
        /// Where it stands.
        file: String,
    },
    /// A number outside the allowed range.
    #[error("parameter `{name}` must be within {range}{}{}: got {value}", spaced(.unit), place(.file))]
    OutOfRange {
        /// Full name.
        name: String,
        /// What is allowed.
        range: Range,
        /// Unit of the range, may be empty.
        unit: &'static str,
        /// What was found; for lists the first offending element.
        value: Value,
        /// Where it stands.
        file: String,
    },
    /// NaN or infinite.
    #[error("parameter `{name}` must be finite{}: got {value}", place(.file))]
    NotFinite {
        /// Full name.
        name: String,
        /// What was found.
        value: Value,
        /// Where it stands.
        file: String,
    },
    /// A value of another type.
    #[error("parameter `{name}` must be of type {expected}{}: got {found}", place(.file))]
    WrongType {
        /// Full name.
        name: String,
        /// The declared type.
        expected: ParamKind,
        /// Type and value found.
        found: String,
        /// Where it stands.
        file: String,
    },
    /// A text that is not one of the allowed ones.
    #[error("parameter `{name}` must be one of {}{}: got `{value}`", allowed.join(", "), place(.file))]
    NotOneOf {
        /// Full name.
        name: String,
        /// What is allowed.
        allowed: &'static [&'static str],
        /// What was found.
        value: String,
        /// Where it stands.
        file: String,
    },
    /// Values that are fine alone and not together.
    #[error("parameter `{name}` {rule}{}: got {value}", place(.file))]
    Inconsistent {
        /// Full name of the parameter to change.
        name: String,
        /// What must hold, as in `must be below policy.temperature_trigger_celsius`.
        rule: String,
        /// What was found.
        value: String,
        /// Where it stands.
        file: String,
    },
    /// The same parameter twice in one section.
    #[error("parameter `{name}` is set twice; remove one{}", place(.file))]
    Duplicate {
        /// Full name.
        name: String,
        /// Where the second one stands.
        file: String,
    },
    /// Not a ROS 2 parameter file.
    #[error("expected `/**:` or `{node}:`, below it `ros__parameters:`, below that the parameters{}: {problem}", place(.file))]
    Layout {
        /// Name of the node.
        node: String,
        /// What is there instead.
        problem: String,
        /// Where.
        file: String,
    },
    /// A parameter file for other nodes.
    #[error("no section for node `{node}`; add `{node}:` or `/**:`{}: found {}", place(.file), found.join(", "))]
    NoSection {
        /// Name of the node.
        node: String,
        /// Sections of the file.
        found: Vec<String>,
        /// The file.
        file: String,
    },
    /// Not YAML.
    #[error("not readable as YAML{}: {problem}", place(.file))]
    Yaml {
        /// What the parser says.
        problem: String,
        /// Where.
        file: String,
    },
    /// An override that is not `name=value`.
    #[error("a parameter override is `name=value`, as in `fusion.max_interval_secs=0.2`: got `{text}`")]
    Override {
        /// What was found.
        text: String,
    },
}

impl ParamError {
    /// The same error, with the place it came from where it has none yet.
    #[must_use]
    pub fn in_file(mut self, place: &str) -> Self {
        match &mut self {
            Self::Unknown { file, .. }
            | Self::OutOfRange { file, .. }
            | Self::NotFinite { file, .. }
            | Self::WrongType { file, .. }
            | Self::NotOneOf { file, .. }
            | Self::Inconsistent { file, .. }
            | Self::Duplicate { file, .. }
            | Self::Layout { file, .. }
            | Self::NoSection { file, .. }
            | Self::Yaml { file, .. } => {
                if file.is_empty() {
                    place.clone_into(file);
                }
            }
            Self::Override { .. } => {}
        }
        self
    }

    /// A rule between parameters that does not hold, for `validate` hooks.
    pub fn inconsistent(name: &str, rule: impl Into<String>, value: &dyn std::fmt::Display) -> Self {
        Self::Inconsistent { name: name.to_owned(), rule: rule.into(), value: value.to_string(), file: String::new() }
    }
}

fn place(file: &str) -> String {
    if file.is_empty() { String::new() } else { format!(", in {file}") }
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

fn suggestion(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None if known.is_empty() => "; none are declared here".to_owned(),
        None => format!("; known: {}", known.join(", ")),
    }
}
