//! What is known about a parameter before anybody sets it. Carries everything a ROS `rcl_interfaces/ParameterDescriptor` wants.
//!
//! In -> out: one line of a [`params!`](crate::params) declaration -> a constant [`Descriptor`]; a value -> whether it is allowed.
//! Deliberately absent: ROS types. The ROS border converts.

use crate::{ParamError, Value};
use std::fmt;

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// `bool`
    Bool,
    /// `i64`
    Integer,
    /// `f64`
    Float,
    /// `String`
    Text,
    /// `Vec<f64>`
    Floats,
    /// `Vec<i64>`
    Integers,
    /// `Vec<String>`
    Texts,
}

impl fmt::Display for ParamKind {
    /// The words of ROS (`ros2 param describe`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "bool",
            Self::Integer => "integer",
            Self::Float => "double",
            Self::Text => "string",
            Self::Floats => "double array",
            Self::Integers => "integer array",
            Self::Texts => "string array",
        })
    }
}

/// A default value. Apart from [`Value`] because a constant cannot own memory.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the variants are those of `Value`")]
pub enum Constant {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(&'static str),
    Floats(&'static [f64]),
    Integers(&'static [i64]),
    Texts(&'static [&'static str]),
}

/// Smallest and largest allowed number, both included; for lists it holds for every element.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are what the doc comment of the enum says")]
pub enum Range {
    Integer { min: i64, max: i64 },
    Float { min: f64, max: f64 },
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer { min, max } => write!(f, "{min}..={max}"),
            Self::Float { min, max } => write!(f, "{min}..={max}"),
        }
    }
}

impl Range {
    const fn holds_integer(self, number: i64) -> bool {
        match self {
            Self::Integer { min, max } => min <= number && number <= max,
            Self::Float { min, max } => min <= number as f64 && number as f64 <= max,
        }
    }

    /// False for NaN, since it compares with nothing.
    const fn holds_float(self, number: f64) -> bool {
        match self {
            Self::Integer { min, max } => min as f64 <= number && number <= max as f64,
            Self::Float { min, max } => min <= number && number <= max,
        }
    }
}

/// One declared parameter.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// Name of the field: `max_interval_secs`.
    pub name: &'static str,
    /// Name with the group's prefix: `fusion.max_interval_secs`.
    pub full_name: &'static str,
    /// Its type.
    pub kind: ParamKind,
    /// The value it has when nobody sets it.
    pub default: Constant,
    /// Allowed numbers.
    pub range: Option<Range>,
    /// Allowed texts; empty allows any.
    pub one_of: &'static [&'static str],
    /// Unit of the value, as in `s`, `ppm`.
    pub unit: Option<&'static str>,
    /// What it is for, one or more lines, each with the blank that follows `///`.
    pub raw_doc: &'static str,
}

impl Descriptor {
    /// What it is for, as one line.
    pub fn doc(&self) -> String {
        join_lines(self.raw_doc)
    }

    /// The value as this parameter's type, when it is allowed.
    ///
    /// # Errors
    /// [`ParamError`] `WrongType`, `NotFinite`, `OutOfRange` or `NotOneOf`, without a file; see [`ParamError::in_file`].
    pub fn check(&self, value: Value) -> Result<Value, ParamError> {
        let value = value.into_kind(self.kind).map_err(|value| ParamError::WrongType {
            name: self.full_name.to_owned(),
            expected: self.kind,
            found: format!("{} {value}", value.kind()),
            file: String::new(),
        })?;
        if let Some(number) = value.first_not_finite() {
            let name = self.full_name.to_owned();
            return Err(ParamError::NotFinite { name, value: Value::Float(number), file: String::new() });
        }
        if let Some(range) = self.range
            && let Some(value) = first_outside(range, &value)
        {
            let (name, unit) = (self.full_name.to_owned(), self.unit.unwrap_or_default());
            return Err(ParamError::OutOfRange { name, range, unit, value, file: String::new() });
        }
        if let Some(text) = first_unlisted(self.one_of, &value) {
            let (name, text) = (self.full_name.to_owned(), text.to_owned());
            return Err(ParamError::NotOneOf { name, allowed: self.one_of, value: text, file: String::new() });
        }
        Ok(value)
    }

    /// Whether the default satisfies the declaration; asked at compile time.
    #[doc(hidden)]
    pub const fn default_is_allowed(&self) -> bool {
        let mut allowed = true;
        match self.default {
            Constant::Float(number) => allowed = self.allows_float(number),
            Constant::Integer(number) => allowed = self.allows_integer(number),
            Constant::Text(text) => allowed = self.allows_text(text),
            Constant::Bool(_) => {}
            // `for` and iterators cannot run at compile time.
            Constant::Floats(numbers) => {
                let mut rest = numbers;
                while let [number, tail @ ..] = rest {
                    allowed = allowed && self.allows_float(*number);
                    rest = tail;
                }
            }
            Constant::Integers(numbers) => {
                let mut rest = numbers;
                while let [number, tail @ ..] = rest {
                    allowed = allowed && self.allows_integer(*number);
                    rest = tail;
                }
            }
            Constant::Texts(texts) => {
                let mut rest = texts;
                while let [text, tail @ ..] = rest {
                    allowed = allowed && self.allows_text(text);
                    rest = tail;
                }
            }
        }
        allowed
    }

    const fn allows_float(&self, number: f64) -> bool {
        match self.range {
            Some(range) => range.holds_float(number),
            None => number.is_finite(),
        }
    }

    const fn allows_integer(&self, number: i64) -> bool {
        match self.range {
            Some(range) => range.holds_integer(number),
            None => true,
        }
    }

    const fn allows_text(&self, text: &str) -> bool {
        let mut rest = self.one_of;
        while let [word, tail @ ..] = rest {
            if same_bytes(word.as_bytes(), text.as_bytes()) {
                return true;
            }
            rest = tail;
        }
        self.one_of.is_empty()
    }
}

/// `==` of slices cannot run at compile time.
const fn same_bytes(mut left: &[u8], mut right: &[u8]) -> bool {
    while let ([l, left_tail @ ..], [r, right_tail @ ..]) = (left, right) {
        if *l != *r {
            return false;
        }
        (left, right) = (left_tail, right_tail);
    }
    left.is_empty() && right.is_empty()
}

fn first_outside(range: Range, value: &Value) -> Option<Value> {
    match value {
        Value::Integer(number) => Some(*number).filter(|n| !range.holds_integer(*n)).map(Value::Integer),
        Value::Float(number) => Some(*number).filter(|n| !range.holds_float(*n)).map(Value::Float),
        Value::Integers(numbers) => numbers.iter().copied().find(|n| !range.holds_integer(*n)).map(Value::Integer),
        Value::Floats(numbers) => numbers.iter().copied().find(|n| !range.holds_float(*n)).map(Value::Float),
        Value::Bool(_) | Value::Text(_) | Value::Texts(_) => None,
    }
}

fn first_unlisted<'a>(one_of: &[&str], value: &'a Value) -> Option<&'a str> {
    let unlisted = |text: &&String| !one_of.is_empty() && !one_of.contains(&text.as_str());
    match value {
        Value::Text(text) => Some(text).filter(unlisted).map(String::as_str),
        Value::Texts(texts) => texts.iter().find(unlisted).map(String::as_str),
        _ => None,
    }
}

/// Doc comment lines as one line.
#[doc(hidden)]
pub fn join_lines(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}
