//! YAML text as a tree that remembers line numbers.
//!
//! In -> out: text -> [`Node`], or one line that says what is wrong.
//! Deliberately absent: files, includes, environment interpolation, several documents in one text, and guessing: what a parameter cannot be
//! (dates, binary) stays text.

use crate::Value;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Spanned, options::NonFiniteFloatPolicy};
use std::fmt;

/// A parsed YAML value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// Nothing after the colon.
    Null,
    /// A scalar of one of the types parameters have.
    Scalar(Value),
    /// A whole number beyond 64 bits.
    TooLarge,
    /// `[..]` or `- ..`
    List(Vec<Node>),
    /// `name: value` entries in the order of the file.
    Map(Vec<Entry>),
}

/// One `name: value`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// Line of the key, from 1; 0 when the parser does not know.
    pub(crate) line: u64,
    pub(crate) node: Node,
}

/// Deeper than any parameter file, far from what recursion can take.
const MAX_DEPTH: usize = 32;

/// # Errors
/// The parser's message, on one line.
pub(crate) fn parse(text: &str) -> Result<Node, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH, flow_nesting_limit: MAX_DEPTH, max_nodes: 10_000, },
        // Refused later, with the name of the parameter.
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        // The parser's advice to the programmer is of no use to whoever wrote the file.
        let message = error.to_string().replace(", set DuplicateKeyPolicy in Options if acceptable", "");
        message.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

impl Node {
    /// The parameter value this is, if it is one.
    ///
    /// # Errors
    /// What it is instead, in words.
    pub(crate) fn into_value(self) -> Result<Value, String> {
        match self {
            Self::Scalar(value) => Ok(value),
            Self::List(items) => list_value(items),
            Self::Null => Err("nothing (write '' for an empty text, [] for an empty list)".to_owned()),
            Self::TooLarge => Err("a whole number beyond 64 bits".to_owned()),
            Self::Map(_) => Err("a group of names".to_owned()),
        }
    }
}

/// A list of one type; whole numbers and numbers may be mixed and are then numbers.
fn list_value(items: Vec<Node>) -> Result<Value, String> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Node::Scalar(value) => values.push(value),
            other => return Err(format!("a list with {}", other.into_value().err().unwrap_or_else(|| "a list in it".to_owned()))),
        }
    }
    let integers: Option<Vec<i64>> = values.iter().map(|value| if let Value::Integer(n) = value { Some(*n) } else { None }).collect();
    if let Some(integers) = integers {
        return Ok(Value::Integers(integers));
    }
    let as_float = |value: &Value| match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    };
    if let Some(floats) = values.iter().map(as_float).collect() {
        return Ok(Value::Floats(floats));
    }
    let texts: Option<Vec<String>> =
        values.into_iter().map(|value| if let Value::Text(text) = value { Some(text) } else { None }).collect();
    texts.map(Value::Texts).ok_or_else(|| "a list of mixed types (put texts in quotes)".to_owned())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Integer(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(i64::try_from(value).map_or(Node::TooLarge, |value| Node::Scalar(Value::Integer(value))))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::TooLarge)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::TooLarge)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, node)) = map.next_entry::<Spanned<String>, Node>()? {
            entries.push(Entry { key: key.value, line: key.referenced.line(), node });
        }
        Ok(Node::Map(entries))
    }
}
