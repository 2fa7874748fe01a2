//! The reader. Nothing is allocated from a length that the file merely claims: strings are compared with what is left of the file first,
//! lists grow as their elements are really read, and a header may not be larger than [`MAX_HEADER_BYTES`].

use super::{Array, Gguf, GgufError, MAX_DIMENSIONS, Tensor, TensorType, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

/// Most bytes of header, metadata and tensor table. Gemma 3 with 262,144 tokens has about 7 MB.
pub(crate) const MAX_HEADER_BYTES: u64 = 256 << 20;

/// Longest tensor name plus one (`GGML_MAX_NAME`).
const MAX_NAME: usize = 64;

impl Gguf {
    /// Reads header, metadata and tensor table of the file at `path`.
    ///
    /// # Errors
    /// [`GgufError`], without the path.
    pub fn open(path: &Path) -> Result<Self, GgufError> {
        let io = |source| GgufError::Io { what: "the file".to_owned(), offset: 0, source };
        let file = File::open(path).map_err(io)?;
        let len = file.metadata().map_err(io)?.len();
        Self::read(BufReader::with_capacity(1 << 16, file), len)
    }

    /// The same from any source of `file_len` bytes.
    ///
    /// # Errors
    /// [`GgufError`].
    pub fn read(source: impl Read, file_len: u64) -> Result<Self, GgufError> {
        let mut cursor = Cursor { source, at: 0, end: file_len.min(MAX_HEADER_BYTES), file_len };
        cursor.magic()?;
        let version = cursor.u32("the version")?;
        if !(2..=3).contains(&version) {
            return Err(GgufError::Version { found: version });
        }
        let tensor_count = cursor.u64("the number of tensors")?;
        let metadata_count = cursor.u64("the number of metadata entries")?;
        let metadata = cursor.metadata(metadata_count)?;
        let tensors = cursor.tensor_table(tensor_count)?;
        let alignment = alignment(&metadata, cursor.at)?;
        let data_offset = cursor.at.next_multiple_of(alignment);
        place(&tensors, data_offset, alignment, file_len)?;
        Ok(Self { version, metadata, tensors, data_offset })
    }
}

fn alignment(metadata: &BTreeMap<String, Value>, at: u64) -> Result<u64, GgufError> {
    match metadata.get("general.alignment") {
        None => Ok(32),
        Some(Value::U32(bytes)) if bytes.is_power_of_two() => Ok(u64::from(*bytes)),
        Some(other) => Err(GgufError::Damaged {
            what: "metadata `general.alignment`".to_owned(),
            offset: at,
            problem: format!("a power of two as uint32 was expected, found {other:?}"),
        }),
    }
}

/// Tensors lie one after the other, each padded to the alignment, and inside the file.
fn place(tensors: &[Tensor], data_offset: u64, alignment: u64, file_len: u64) -> Result<(), GgufError> {
    let mut expected = 0_u64;
    for tensor in tensors {
        if tensor.offset != expected {
            return Err(GgufError::Damaged {
                what: format!("the offset of tensor `{}`", tensor.name),
                offset: data_offset,
                problem: format!("expected {expected}, found {}", tensor.offset),
            });
        }
        let end = data_offset.saturating_add(tensor.offset).saturating_add(tensor.len_bytes);
        if end > file_len {
            return Err(GgufError::TensorCut { tensor: tensor.name.clone(), end, file_len });
        }
        // Cannot overflow: it is below `file_len` plus one alignment.
        expected = (expected + tensor.len_bytes).next_multiple_of(alignment);
    }
    Ok(())
}

struct Cursor<R> {
    source: R,
    at: u64,
    /// Where the header must have ended.
    end: u64,
    file_len: u64,
}

impl<R: Read> Cursor<R> {
    /// Refuses a length that cannot be there.
    fn room(&self, what: &str, wanted: u64) -> Result<(), GgufError> {
        let remaining = self.end.saturating_sub(self.at);
        if wanted <= remaining {
            return Ok(());
        }
        if self.end < self.file_len && wanted <= self.file_len.saturating_sub(self.at) {
            return Err(self.damaged(what, format!("the header is larger than {MAX_HEADER_BYTES} bytes")));
        }
        Err(GgufError::Cut { what: what.to_owned(), offset: self.at, wanted, remaining })
    }

    fn damaged(&self, what: &str, problem: String) -> GgufError {
        GgufError::Damaged { what: what.to_owned(), offset: self.at, problem }
    }

    fn fill(&mut self, what: &str, buffer: &mut [u8]) -> Result<(), GgufError> {
        let wanted = buffer.len() as u64;
        self.room(what, wanted)?;
        self.source.read_exact(buffer).map_err(|source| match source.kind() {
            ErrorKind::UnexpectedEof => GgufError::Cut { what: what.to_owned(), offset: self.at, wanted, remaining: 0 },
            _ => GgufError::Io { what: what.to_owned(), offset: self.at, source },
        })?;
        self.at += wanted;
        Ok(())
    }

    fn bytes<const N: usize>(&mut self, what: &str) -> Result<[u8; N], GgufError> {
        let mut buffer = [0; N];
        self.fill(what, &mut buffer)?;
        Ok(buffer)
    }

    fn u32(&mut self, what: &str) -> Result<u32, GgufError> {
        self.bytes(what).map(u32::from_le_bytes)
    }

    fn u64(&mut self, what: &str) -> Result<u64, GgufError> {
        self.bytes(what).map(u64::from_le_bytes)
    }

    fn text_bytes(&mut self, what: &str) -> Result<Vec<u8>, GgufError> {
        let len = self.u64(what)?;
        self.room(what, len)?;
        // Checked above against the header's bound, so the cast and the allocation are small.
        let mut text = vec![0; len as usize];
        self.fill(what, &mut text)?;
        Ok(text)
    }

    fn text(&mut self, what: &str) -> Result<String, GgufError> {
        let bytes = self.text_bytes(what)?;
        String::from_utf8(bytes).map_err(|error| self.damaged(what, format!("it is not UTF-8: {error}")))
    }

    fn magic(&mut self) -> Result<(), GgufError> {
        let mut found = [0; 4];
        let wanted = self.file_len.min(4) as usize;
        if let Some(part) = found.get_mut(..wanted) {
            self.fill("the first four bytes", part)?;
        }
        if found == *b"GGUF" { Ok(()) } else { Err(GgufError::Magic { found: found.iter().copied().take(wanted).collect() }) }
    }

    fn metadata(&mut self, count: u64) -> Result<BTreeMap<String, Value>, GgufError> {
        let mut metadata = BTreeMap::new();
        for index in 0..count {
            let key = self.text(&format!("the name of metadata entry {index}"))?;
            let what = format!("metadata `{key}`");
            let kind = self.u32(&what)?;
            let value = if kind == 9 { Value::Array(self.array(&what)?) } else { self.scalar(&what, kind)? };
            // llama.cpp reads names up to a NUL byte.
            if key.is_empty() || key.contains('\0') || metadata.insert(key, value).is_some() {
                return Err(self.damaged(&what, "its name is empty, has a NUL byte or stands twice".to_owned()));
            }
        }
        Ok(metadata)
    }

    /// The number of each type is `enum gguf_type`.
    fn scalar(&mut self, what: &str, kind: u32) -> Result<Value, GgufError> {
        Ok(match kind {
            0 => Value::U8(u8::from_le_bytes(self.bytes(what)?)),
            1 => Value::I8(i8::from_le_bytes(self.bytes(what)?)),
            2 => Value::U16(u16::from_le_bytes(self.bytes(what)?)),
            3 => Value::I16(i16::from_le_bytes(self.bytes(what)?)),
            4 => Value::U32(u32::from_le_bytes(self.bytes(what)?)),
            5 => Value::I32(i32::from_le_bytes(self.bytes(what)?)),
            6 => Value::F32(f32::from_le_bytes(self.bytes(what)?)),
            7 => Value::Bool(self.bytes::<1>(what)? != [0]),
            8 => Value::Text(self.text(what)?),
            10 => Value::U64(u64::from_le_bytes(self.bytes(what)?)),
            11 => Value::I64(i64::from_le_bytes(self.bytes(what)?)),
            12 => Value::F64(f64::from_le_bytes(self.bytes(what)?)),
            _ => return Err(self.damaged(what, format!("there is no value type {kind}"))),
        })
    }

    fn array(&mut self, what: &str) -> Result<Array, GgufError> {
        let kind = self.u32(what)?;
        let len = self.u64(what)?;
        let element_bytes = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8, // of a string: its length
            _ => return Err(self.damaged(what, format!("there is no array of value type {kind}"))),
        };
        self.room(what, len.saturating_mul(element_bytes))?;
        Ok(match kind {
            4 => Array::U32(self.list(len, |cursor| cursor.u32(what))?),
            5 => Array::I32(self.list(len, |cursor| cursor.bytes(what).map(i32::from_le_bytes))?),
            6 => Array::F32(self.list(len, |cursor| cursor.bytes(what).map(f32::from_le_bytes))?),
            8 => Array::Texts(self.list(len, |cursor| cursor.text_bytes(what))?),
            _ => {
                self.skip(what, len.saturating_mul(element_bytes))?;
                Array::Skipped { len }
            }
        })
    }

    /// Grows with what is read; no capacity is reserved from `len`.
    fn list<T>(&mut self, len: u64, mut element: impl FnMut(&mut Self) -> Result<T, GgufError>) -> Result<Vec<T>, GgufError> {
        let mut list = Vec::new();
        for _ in 0..len {
            list.push(element(self)?);
        }
        Ok(list)
    }

    fn skip(&mut self, what: &str, mut len: u64) -> Result<(), GgufError> {
        let mut buffer = [0; 512];
        while len > 0 {
            let step = len.min(buffer.len() as u64);
            if let Some(part) = buffer.get_mut(..step as usize) {
                self.fill(what, part)?;
            }
            len -= step;
        }
        Ok(())
    }

    fn tensor_table(&mut self, count: u64) -> Result<Vec<Tensor>, GgufError> {
        let mut names = BTreeSet::new();
        let mut tensors = Vec::new();
        for index in 0..count {
            let tensor = self.tensor(index)?;
            if !names.insert(tensor.name.clone()) {
                return Err(self.damaged(&format!("tensor `{}`", tensor.name), "it stands twice in the table".to_owned()));
            }
            tensors.push(tensor);
        }
        Ok(tensors)
    }

    fn tensor(&mut self, index: u64) -> Result<Tensor, GgufError> {
        let name = self.text(&format!("the name of tensor {index}"))?;
        let what = format!("tensor `{name}`");
        if name.is_empty() || name.len() >= MAX_NAME || name.contains('\0') {
            return Err(self.damaged(&what, format!("a name has 1 to {} bytes, none of them NUL", MAX_NAME - 1)));
        }
        let dimensions = self.u32(&what)? as usize;
        if !(1..=MAX_DIMENSIONS).contains(&dimensions) {
            return Err(self.damaged(&what, format!("it has {dimensions} dimensions, not 1 to {MAX_DIMENSIONS}")));
        }
        let mut shape = Vec::with_capacity(dimensions);
        for _ in 0..dimensions {
            shape.push(self.u64(&what)?);
        }
        let id = self.u32(&what)?;
        let kind = TensorType::from_id(id).ok_or_else(|| self.damaged(&what, format!("llama.cpp has no element type {id}")))?;
        let offset = self.u64(&what)?;
        let len_bytes = kind
            .len_bytes(&shape)
            .filter(|_| shape.iter().all(|side| *side > 0))
            .ok_or_else(|| self.damaged(&what, format!("the shape {shape:?} is impossible for {}", kind.name)))?;
        Ok(Tensor { name, shape, kind, offset, len_bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::{GgufPlan, TensorPlan};
    use proptest::prelude::*;

    fn sample() -> Vec<u8> {
        let plan = GgufPlan {
            metadata: vec![
                ("general.architecture".to_owned(), Value::Text("gemma3".to_owned())),
                ("a.u32".to_owned(), Value::U32(7)),
                ("a.tokens".to_owned(), Value::Array(Array::Texts(vec![b"x".to_vec(), b"\xff".to_vec()]))),
                ("a.scores".to_owned(), Value::Array(Array::F32(vec![0.5; 9]))),
                ("a.flag".to_owned(), Value::Bool(true)),
                ("a.wide".to_owned(), Value::U64(1 << 40)),
            ],
            tensors: vec![
                TensorPlan { name: "one".to_owned(), shape: vec![5], kind: TensorType::F32 },
                TensorPlan { name: "two".to_owned(), shape: vec![32, 2], kind: TensorType::Q8_0 },
                TensorPlan { name: "three".to_owned(), shape: vec![3, 2], kind: TensorType::F16 },
            ],
        };
        let mut file = Vec::new();
        let fill = |tensor: &TensorPlan, values: &mut [f32]| {
            values.fill(tensor.name.len() as f32);
            Ok(())
        };
        plan.write(&mut file, fill).unwrap();
        file
    }

    fn read(bytes: &[u8]) -> Result<Gguf, GgufError> {
        Gguf::read(bytes, bytes.len() as u64)
    }

    #[test]
    fn what_was_written_is_read() {
        let gguf = read(&sample()).unwrap();
        assert_eq!((gguf.version, gguf.metadata.len(), gguf.tensors.len()), (3, 6, 3));
        assert_eq!(gguf.metadata["a.wide"], Value::U64(1 << 40));
        assert_eq!(gguf.tensor("two").map(|t| (t.elements(), t.len_bytes)), Some((64, 68)));
        assert_eq!(gguf.parameters(), 5 + 64 + 6);
    }

    #[test]
    fn claimed_lengths_are_not_believed() {
        let mut file = sample();
        file[16..24].copy_from_slice(&(u64::MAX / 2).to_le_bytes()); // number of metadata entries
        assert!(matches!(read(&file), Err(GgufError::Cut { .. } | GgufError::Damaged { .. })));
        let mut file = sample();
        file[24..32].copy_from_slice(&(1_u64 << 60).to_le_bytes()); // length of the first key
        let message = read(&file).unwrap_err().to_string();
        assert!(message.contains("metadata entry 0") && message.contains("at byte 32"), "{message}");
    }

    #[test]
    fn a_file_cut_in_its_data_names_the_tensor() {
        let file = sample();
        let message = read(&file[..file.len() - 30]).unwrap_err().to_string();
        assert!(message.contains("`three`") || message.contains("`two`"), "{message}");
        assert!(message.contains("cut short"), "{message}");
    }

    #[test]
    fn other_files_are_named_as_such() {
        for (bytes, words) in [(&b""[..], "not a GGUF"), (b"GG", "not a GGUF"), (b"<htm", "<htm"), (b"GGUF\x01\0\0\0", "version 1")] {
            let message = read(bytes).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }

    proptest! {
        #[test]
        fn mutated_files_never_panic(at in any::<prop::sample::Index>(), with in any::<[u8; 8]>(), len in 1_usize..9, cut in any::<prop::sample::Index>()) {
            let mut file = sample();
            let at = at.index(file.len());
            for (byte, new) in file[at..].iter_mut().zip(&with[..len]) {
                *byte = *new;
            }
            let _ = read(&file);
            let _ = read(&file[..cut.index(file.len())]);
        }

        #[test]
        fn a_header_cut_anywhere_is_an_error(cut in any::<prop::sample::Index>()) {
            let file = sample();
            prop_assert!(read(&file[..cut.index(file.len() - 32)]).is_err());
        }
    }
}
