//! The value of one parameter, in the seven types that ROS parameters and our structs share.
//!
//! In -> out: a value of some type -> the same value in the type a parameter wants, where nothing is lost by it.
//! Deliberately absent: bool and byte arrays (nothing uses them), and float to integer (it would lose digits silently).

use crate::{Constant, ParamKind};
use serde::Serialize;
use std::fmt;

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number; only finite ones get into a parameter.
    Float(f64),
    /// Text.
    Text(String),
    /// Several numbers.
    Floats(Vec<f64>),
    /// Several whole numbers.
    Integers(Vec<i64>),
    /// Several texts.
    Texts(Vec<String>),
}

impl Value {
    /// The type of this value.
    pub const fn kind(&self) -> ParamKind {
        match self {
            Self::Bool(_) => ParamKind::Bool,
            Self::Integer(_) => ParamKind::Integer,
            Self::Float(_) => ParamKind::Float,
            Self::Text(_) => ParamKind::Text,
            Self::Floats(_) => ParamKind::Floats,
            Self::Integers(_) => ParamKind::Integers,
            Self::Texts(_) => ParamKind::Texts,
        }
    }

    /// This value as `kind`: whole numbers become numbers (a person writes `5` for `5.0`) and an empty list is an empty list of anything.
    ///
    /// # Errors
    /// The value itself, unchanged, when it does not fit.
    pub fn into_kind(self, kind: ParamKind) -> Result<Self, Self> {
        match (self, kind) {
            (value, kind) if value.kind() == kind => Ok(value),
            (Self::Integer(number), ParamKind::Float) => Ok(Self::Float(number as f64)),
            (Self::Integers(numbers), ParamKind::Floats) => Ok(Self::Floats(numbers.into_iter().map(|number| number as f64).collect())),
            (value, ParamKind::Floats) if value.is_empty_list() => Ok(Self::Floats(Vec::new())),
            (value, ParamKind::Integers) if value.is_empty_list() => Ok(Self::Integers(Vec::new())),
            (value, ParamKind::Texts) if value.is_empty_list() => Ok(Self::Texts(Vec::new())),
            (value, _) => Err(value),
        }
    }

    fn is_empty_list(&self) -> bool {
        match self {
            Self::Floats(list) => list.is_empty(),
            Self::Integers(list) => list.is_empty(),
            Self::Texts(list) => list.is_empty(),
            _ => false,
        }
    }

    /// The numbers in this value that are not finite.
    pub(crate) fn first_not_finite(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number).filter(|number| !number.is_finite()),
            Self::Floats(numbers) => numbers.iter().copied().find(|number| !number.is_finite()),
            _ => None,
        }
    }
}

impl From<Constant> for Value {
    fn from(constant: Constant) -> Self {
        match constant {
            Constant::Bool(value) => Self::Bool(value),
            Constant::Integer(value) => Self::Integer(value),
            Constant::Float(value) => Self::Float(value),
            Constant::Text(value) => Self::Text(value.to_owned()),
            Constant::Floats(values) => Self::Floats(values.to_vec()),
            Constant::Integers(values) => Self::Integers(values.to_vec()),
            Constant::Texts(values) => Self::Texts(values.iter().map(|&text| text.to_owned()).collect()),
        }
    }
}

impl fmt::Display for Value {
    /// As it stands in a YAML file: texts quoted, floats with a decimal point or exponent, lists in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write_float(f, *value),
            Self::Text(text) => write_quoted(f, text),
            Self::Floats(values) => write_list(f, values, |f, value| write_float(f, *value)),
            Self::Integers(values) => write_list(f, values, |f, value| write!(f, "{value}")),
            Self::Texts(texts) => write_list(f, texts, |f, text| write_quoted(f, text)),
        }
    }
}

fn write_list<T>(f: &mut fmt::Formatter<'_>, items: &[T], write_item: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result) -> fmt::Result {
    f.write_str("[")?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write_item(f, item)?;
    }
    f.write_str("]")
}

/// YAML's own words for what is not finite, else Rust's shortest text that reads back as the same number.
fn write_float(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    if value.is_nan() {
        f.write_str(".nan")
    } else if value.is_infinite() {
        f.write_str(if value > 0.0 { ".inf" } else { "-.inf" })
    } else {
        write!(f, "{value:?}")
    }
}

/// A YAML double-quoted scalar on one line: whatever a YAML reader might fold, strip or refuse is escaped.
fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\u{20}'..='\u{7e}' | '\u{a1}'..='\u{1fff}' | '\u{3000}'..='\u{d7ff}' => write!(f, "{c}")?,
            c => write!(f, "\\U{:08x}", u32::from(c))?,
        }
    }
    f.write_str("\"")
}
