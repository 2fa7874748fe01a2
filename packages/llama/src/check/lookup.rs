//! Typed access to one file's metadata and tensors, with the errors already worded.

use super::CheckError;
use crate::gguf::{Array, Gguf, TensorType, Value};
use std::path::Path;

/// What to do about a file that is not as its own converter would have written it.
const CONVERT: &str = "convert the model again, or fetch another copy";

/// How a tensor is used, which decides the element types that do not make ggml abort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Norm weights and biases, added and multiplied element by element: `f32`.
    Elementwise,
    /// A matrix to multiply with: floats and quantisations.
    Matrix,
    /// Unrolled or transposed by the graph before use: `f32`, `f16` (and `bf16` where transposed).
    Float,
    /// The patch convolution: `f32`, `f16`.
    Convolution,
}

impl Use {
    fn takes(self, kind: TensorType) -> bool {
        match self {
            Self::Elementwise => kind == TensorType::F32,
            Self::Matrix => kind.is_matrix(),
            Self::Float => [TensorType::F32, TensorType::F16, TensorType::BF16].contains(&kind),
            Self::Convolution => [TensorType::F32, TensorType::F16].contains(&kind),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Elementwise => "f32",
            Self::Matrix => "a float or quantised type",
            Self::Float => "f32, f16 or bf16",
            Self::Convolution => "f32 or f16",
        }
    }
}

/// One file being checked.
pub(super) struct Lookup<'a> {
    pub(super) path: &'a Path,
    pub(super) gguf: &'a Gguf,
}

impl<'a> Lookup<'a> {
    /// An error about a metadata entry.
    pub(super) fn key_error(&self, key: &str, expected: impl Into<String>, advice: &'static str) -> CheckError {
        let found = self.gguf.metadata.get(key).map_or_else(|| "nothing".to_owned(), shown);
        CheckError::Key { path: self.path.to_owned(), key: key.to_owned(), expected: expected.into(), found, advice }
    }

    /// An error about the contents of a metadata entry that is too long to show.
    pub(super) fn key_error_found(&self, key: &str, expected: impl Into<String>, found: impl Into<String>) -> CheckError {
        CheckError::Key { path: self.path.to_owned(), key: key.to_owned(), expected: expected.into(), found: found.into(), advice: CONVERT }
    }

    pub(super) fn text(&self, key: &str, expected: &str) -> Result<&'a str, CheckError> {
        match self.gguf.metadata.get(key) {
            Some(Value::Text(text)) if !text.is_empty() => Ok(text),
            _ => Err(self.key_error(key, expected, CONVERT)),
        }
    }

    /// A `uint32` within `low..=high`; llama.cpp takes no other integer type.
    pub(super) fn u32(&self, key: &str, low: u32, high: u32) -> Result<u32, CheckError> {
        match self.gguf.metadata.get(key) {
            Some(Value::U32(value)) if (low..=high).contains(value) => Ok(*value),
            _ => Err(self.key_error(key, format!("a uint32 from {low} to {high}"), CONVERT)),
        }
    }

    /// The same, or `absent` where the key is missing.
    pub(super) fn u32_or(&self, key: &str, low: u32, high: u32, absent: u32) -> Result<u32, CheckError> {
        if self.gguf.metadata.contains_key(key) { self.u32(key, low, high) } else { Ok(absent) }
    }

    /// A positive, finite `float32`.
    pub(super) fn positive_f32(&self, key: &str) -> Result<f32, CheckError> {
        match self.gguf.metadata.get(key) {
            Some(Value::F32(value)) if value.is_finite() && *value > 0.0 => Ok(*value),
            _ => Err(self.key_error(key, "a positive float32", CONVERT)),
        }
    }

    pub(super) fn f32_list(&self, key: &str) -> Result<&'a [f32], CheckError> {
        match self.gguf.metadata.get(key) {
            Some(Value::Array(Array::F32(list))) => Ok(list),
            _ => Err(self.key_error(key, "an array of float32", CONVERT)),
        }
    }

    /// A key that would lead llama.cpp to an assert when it is there with another value than 0.
    pub(super) fn absent_or_zero(&self, key: &str) -> Result<(), CheckError> {
        match self.gguf.metadata.get(key) {
            None | Some(Value::U32(0)) => Ok(()),
            Some(_) => Err(self.key_error(key, "no entry", "this variant of the architecture is not supported")),
        }
    }

    /// Demands a tensor of exactly this shape and of a type fit for its use.
    pub(super) fn tensor(&self, name: &str, usage: Use, shape: &[u64]) -> Result<(), CheckError> {
        let found = match self.gguf.tensor(name) {
            Some(tensor) if tensor.shape == shape && usage.takes(tensor.kind) => return Ok(()),
            Some(tensor) => format!("{} {:?}", tensor.kind.name, tensor.shape),
            None => "nothing".to_owned(),
        };
        let expected = format!("{} {shape:?}", usage.words());
        Err(CheckError::Tensor { path: self.path.to_owned(), tensor: name.to_owned(), expected, found, advice: CONVERT })
    }

    /// The same for a tensor that may be missing.
    pub(super) fn tensor_if_any(&self, name: &str, usage: Use, shape: &[u64]) -> Result<(), CheckError> {
        if self.gguf.tensor(name).is_some() { self.tensor(name, usage, shape) } else { Ok(()) }
    }
}

/// A value for a message: its type, and what it is where that is short.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("`{}`", text.chars().take(40).collect::<String>()),
        Value::Array(array) => format!("{} with {} elements", value.type_word(), array.len()),
        Value::U32(v) => v.to_string(),
        Value::F32(v) => v.to_string(),
        Value::Bool(v) => v.to_string(),
        _ => format!("a {}", value.type_word()),
    }
}
