//! The writer: GGUF v3, tensors encoded one at a time so that a large file never has to stand in memory whole.

use super::{Array, TensorType, Value, f16_from_f32};
use std::io::{self, Write};

/// Tensors begin at multiples of this (the format's default).
pub(super) const ALIGNMENT: u64 = 32;

/// What to write.
#[derive(Clone, Debug, Default)]
pub struct GgufPlan {
    /// Metadata in file order.
    pub metadata: Vec<(String, Value)>,
    /// Tensors in file order.
    pub tensors: Vec<TensorPlan>,
}

/// One tensor to write.
#[derive(Clone, Debug)]
pub struct TensorPlan {
    /// Name.
    pub name: String,
    /// Sizes, fastest-running first (ggml's `ne`).
    pub shape: Vec<u64>,
    /// `F32`, `F16` or `Q8_0`.
    pub kind: TensorType,
}

impl GgufPlan {
    /// Adds one metadata entry.
    pub fn set(&mut self, key: &str, value: Value) {
        self.metadata.push((key.to_owned(), value));
    }

    /// Adds one tensor.
    pub fn tensor(&mut self, name: impl Into<String>, kind: TensorType, shape: &[u64]) {
        self.tensors.push(TensorPlan { name: name.into(), shape: shape.to_vec(), kind });
    }

    /// Number of weights.
    pub fn parameters(&self) -> u64 {
        self.tensors.iter().map(|tensor| tensor.shape.iter().product::<u64>()).sum()
    }

    /// Everything before the tensors' data, padded.
    pub(crate) fn header(&self) -> io::Result<Vec<u8>> {
        let mut header = Vec::new();
        header.extend_from_slice(b"GGUF");
        header.extend_from_slice(&3_u32.to_le_bytes());
        header.extend_from_slice(&(self.tensors.len() as u64).to_le_bytes());
        header.extend_from_slice(&(self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            text(&mut header, key.as_bytes());
            metadata_value(&mut header, value)?;
        }
        let mut offset = 0_u64;
        for tensor in &self.tensors {
            let len = tensor.kind.len_bytes(&tensor.shape).ok_or_else(|| refusal(tensor))?;
            text(&mut header, tensor.name.as_bytes());
            header.extend_from_slice(&(tensor.shape.len() as u32).to_le_bytes());
            tensor.shape.iter().for_each(|side| header.extend_from_slice(&side.to_le_bytes()));
            header.extend_from_slice(&tensor.kind.id.to_le_bytes());
            header.extend_from_slice(&offset.to_le_bytes());
            offset += len.next_multiple_of(ALIGNMENT);
        }
        pad(&mut header);
        Ok(header)
    }

    /// Writes the file; `values` fills each tensor (in file order) with what it should hold, and finds zeros.
    ///
    /// # Errors
    /// What `out` or `values` says; `InvalidInput` for a type this writer does not know or a row that is not whole blocks.
    pub fn write(&self, out: &mut impl Write, mut values: impl FnMut(&TensorPlan, &mut [f32]) -> io::Result<()>) -> io::Result<()> {
        out.write_all(&self.header()?)?;
        for tensor in &self.tensors {
            let elements = tensor.shape.iter().product::<u64>() as usize;
            let mut numbers = vec![0.0; elements];
            values(tensor, &mut numbers)?;
            let mut bytes = encode(tensor, &numbers)?;
            pad(&mut bytes);
            out.write_all(&bytes)?;
        }
        Ok(())
    }
}

pub(super) fn refusal(tensor: &TensorPlan) -> io::Error {
    let TensorPlan { name, shape, kind } = tensor;
    io::Error::new(io::ErrorKind::InvalidInput, format!("cannot write tensor `{name}` of shape {shape:?} as {}", kind.name))
}

fn pad(bytes: &mut Vec<u8>) {
    let padded = (bytes.len() as u64).next_multiple_of(ALIGNMENT);
    bytes.resize(padded as usize, 0);
}

fn text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text);
}

/// Numbers of the types: `enum gguf_type`.
fn metadata_value(out: &mut Vec<u8>, value: &Value) -> io::Result<()> {
    let mut tagged = |kind: u32, bytes: &[u8]| {
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(bytes);
    };
    match value {
        Value::U8(v) => tagged(0, &v.to_le_bytes()),
        Value::I8(v) => tagged(1, &v.to_le_bytes()),
        Value::U16(v) => tagged(2, &v.to_le_bytes()),
        Value::I16(v) => tagged(3, &v.to_le_bytes()),
        Value::U32(v) => tagged(4, &v.to_le_bytes()),
        Value::I32(v) => tagged(5, &v.to_le_bytes()),
        Value::F32(v) => tagged(6, &v.to_le_bytes()),
        Value::Bool(v) => tagged(7, &[u8::from(*v)]),
        Value::U64(v) => tagged(10, &v.to_le_bytes()),
        Value::I64(v) => tagged(11, &v.to_le_bytes()),
        Value::F64(v) => tagged(12, &v.to_le_bytes()),
        Value::Text(v) => {
            tagged(8, &[]);
            text(out, v.as_bytes());
        }
        Value::Array(array) => {
            tagged(9, &[]);
            metadata_array(out, array)?;
        }
    }
    Ok(())
}

fn metadata_array(out: &mut Vec<u8>, array: &Array) -> io::Result<()> {
    let kind: u32 = match array {
        Array::U32(_) => 4,
        Array::I32(_) => 5,
        Array::F32(_) => 6,
        Array::Texts(_) => 8,
        Array::Skipped { .. } => {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "an array that was skipped when read cannot be written"));
        }
    };
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&array.len().to_le_bytes());
    match array {
        Array::U32(v) => v.iter().for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
        Array::I32(v) => v.iter().for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
        Array::F32(v) => v.iter().for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
        Array::Texts(v) => v.iter().for_each(|x| text(out, x)),
        Array::Skipped { .. } => {}
    }
    Ok(())
}

fn encode(tensor: &TensorPlan, numbers: &[f32]) -> io::Result<Vec<u8>> {
    Ok(match tensor.kind {
        TensorType::F32 => numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
        TensorType::F16 => numbers.iter().flat_map(|x| f16_from_f32(*x).to_le_bytes()).collect(),
        TensorType::Q8_0 => numbers.chunks_exact(32).flat_map(q8_0_block).collect(),
        _ => return Err(refusal(tensor)),
    })
}

/// `quantize_row_q8_0_ref` of ggml: the largest magnitude becomes 127.
fn q8_0_block(numbers: &[f32]) -> [u8; 34] {
    let largest = numbers.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let scale = largest / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let mut block = [0; 34];
    let [low, high, quants @ ..] = &mut block;
    [*low, *high] = f16_from_f32(scale).to_le_bytes();
    for (quant, x) in quants.iter_mut().zip(numbers) {
        *quant = (x * inverse).round() as i8 as u8;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_0_keeps_numbers_within_half_a_step() {
        let numbers: Vec<f32> = (0..32).map(|i| (i as f32 - 16.0) * 0.01).collect();
        let block = q8_0_block(&numbers);
        let scale = super::super::f32_from_f16(u16::from_le_bytes([block[0], block[1]]));
        for (quant, x) in block[2..].iter().zip(&numbers) {
            assert!((f32::from(*quant as i8) * scale - x).abs() <= 0.51 * scale, "{x}");
        }
        assert_eq!(q8_0_block(&[0.0; 32]), [0; 34]);
    }

    #[test]
    fn a_type_that_cannot_be_written_names_the_tensor() {
        let mut plan = GgufPlan::default();
        plan.tensor("blk.0.odd", TensorType::Q8_0, &[33]);
        let message = plan.write(&mut Vec::new(), |_, _| Ok(())).unwrap_err().to_string();
        assert!(message.contains("`blk.0.odd`"), "{message}");
    }
}
