//! GGUF files (v2 and v3, little endian): what llama.cpp loads models from.
//!
//! In -> out: a file -> its header, metadata and tensor table, every length checked before it is believed; a list of metadata and tensors
//! -> a file. The format: `docs/gguf.md` in ggml, and `ggml/src/gguf.cpp`, whose own checks are repeated here so that their failures have
//! readable messages. Tensor data is read only where it is asked for, of the types written here (`values`). Deliberately absent: GGUF v1, big-endian files.

mod float16;
mod read;
mod stream;
mod tensor_type;
mod values;
mod write;

pub use float16::{f16_from_f32, f32_from_f16};
pub use tensor_type::TensorType;
pub use write::{GgufPlan, TensorPlan};

use std::collections::BTreeMap;

/// Most dimensions of a tensor (`GGML_MAX_DIMS`).
pub const MAX_DIMENSIONS: usize = 4;

/// Header, metadata and tensor table of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Gguf {
    /// Format version, 2 or 3.
    pub version: u32,
    /// Metadata by key.
    pub metadata: BTreeMap<String, Value>,
    /// Tensors in file order.
    pub tensors: Vec<Tensor>,
    /// Where tensor data begins, bytes from the start of the file.
    pub data_offset: u64,
}

/// One row of the tensor table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Name.
    pub name: String,
    /// Sizes, fastest-running first (ggml's `ne`), 1 to 4 of them.
    pub shape: Vec<u64>,
    /// Element type.
    pub kind: TensorType,
    /// Start of the data, bytes from [`Gguf::data_offset`].
    pub offset: u64,
    /// Length of the data, bytes.
    pub len_bytes: u64,
}

impl Tensor {
    /// Number of elements; cannot overflow, the reader has multiplied it out.
    pub fn elements(&self) -> u64 {
        self.shape.iter().product()
    }
}

/// A metadata value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `uint8`
    U8(u8),
    /// `int8`
    I8(i8),
    /// `uint16`
    U16(u16),
    /// `int16`
    I16(i16),
    /// `uint32`
    U32(u32),
    /// `int32`
    I32(i32),
    /// `float32`
    F32(f32),
    /// `bool`
    Bool(bool),
    /// `string`
    Text(String),
    /// `array`
    Array(Array),
    /// `uint64`
    U64(u64),
    /// `int64`
    I64(i64),
    /// `float64`
    F64(f64),
}

/// A metadata array. Only the element types that somebody here looks at are kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    /// Strings as bytes: the tokens of some vocabularies are not UTF-8.
    Texts(Vec<Vec<u8>>),
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 32-bit signed integers.
    I32(Vec<i32>),
    /// 32-bit unsigned integers.
    U32(Vec<u32>),
    /// Any other element type, skipped over.
    Skipped {
        /// Number of elements.
        len: u64,
    },
}

impl Array {
    /// Number of elements.
    pub fn len(&self) -> u64 {
        match self {
            Self::Texts(v) => v.len() as u64,
            Self::F32(v) => v.len() as u64,
            Self::I32(v) => v.len() as u64,
            Self::U32(v) => v.len() as u64,
            Self::Skipped { len } => *len,
        }
    }

    /// True when there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Value {
    /// The type as a word, for messages.
    pub fn type_word(&self) -> &'static str {
        match self {
            Self::U8(_) => "uint8",
            Self::I8(_) => "int8",
            Self::U16(_) => "uint16",
            Self::I16(_) => "int16",
            Self::U32(_) => "uint32",
            Self::I32(_) => "int32",
            Self::F32(_) => "float32",
            Self::Bool(_) => "bool",
            Self::Text(_) => "string",
            Self::Array(Array::Texts(_)) => "array of strings",
            Self::Array(Array::F32(_)) => "array of float32",
            Self::Array(Array::I32(_)) => "array of int32",
            Self::Array(Array::U32(_)) => "array of uint32",
            Self::Array(Array::Skipped { .. }) => "array",
            Self::U64(_) => "uint64",
            Self::I64(_) => "int64",
            Self::F64(_) => "float64",
        }
    }
}

impl Gguf {
    /// The tensor of this name.
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// Number of weights.
    pub fn parameters(&self) -> u64 {
        self.tensors.iter().fold(0, |sum, tensor| sum.saturating_add(tensor.elements()))
    }
}

/// A file that is not readable as GGUF. The path is added by whoever opened it.
#[derive(Debug, thiserror::Error)]
pub enum GgufError {
    /// The operating system failed.
    #[error("cannot read {what} at byte {offset}: {source}")]
    Io {
        /// What was being read.
        what: String,
        /// Where, bytes from the start of the file.
        offset: u64,
        /// Why.
        source: std::io::Error,
    },
    /// The first four bytes are wrong.
    #[error("not a GGUF file: it begins with `{}`, not with `GGUF`; was the download an error page or another format?", found.escape_ascii())]
    Magic {
        /// The bytes found (fewer than four in a shorter file).
        found: Vec<u8>,
    },
    /// A version that llama.cpp does not load either.
    #[error("GGUF version {found} is not supported (2 and 3 are); convert the model again with a current llama.cpp")]
    Version {
        /// The version found.
        found: u32,
    },
    /// The file ends inside the header.
    #[error("{what} at byte {offset} needs {wanted} bytes and {remaining} are left: the file is cut short or damaged, fetch it again")]
    Cut {
        /// What was being read.
        what: String,
        /// Where, bytes from the start of the file.
        offset: u64,
        /// Bytes it says it has.
        wanted: u64,
        /// Bytes there are.
        remaining: u64,
    },
    /// A field with an impossible value.
    #[error("{what} at byte {offset} is damaged: {problem}; fetch the file again")]
    Damaged {
        /// What was being read.
        what: String,
        /// Where, bytes from the start of the file.
        offset: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The data of a tensor reaches beyond the end of the file.
    #[error("tensor `{tensor}` ends at byte {end} and the file has {file_len}: the file is cut short, fetch it again")]
    TensorCut {
        /// The first such tensor.
        tensor: String,
        /// Where it should end, bytes from the start of the file.
        end: u64,
        /// Length of the file, bytes.
        file_len: u64,
    },
}
