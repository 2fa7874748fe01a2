//! Tensor data as numbers, of the element types that this project writes. In -> out: a file and its header, a name -> the numbers, fastest-running side
//! first. What llama.cpp computes with is read by llama.cpp itself.

use super::{Gguf, GgufError, TensorType, f32_from_f16};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

impl Gguf {
    /// The numbers of a tensor of type `f32`, `f16` or `q8_0`; `file` is what the header was read from.
    ///
    /// # Errors
    /// [`GgufError`], without the path: there is no such tensor, it is of another type, the file cannot be read.
    pub fn values(&self, file: &mut File, name: &str) -> Result<Vec<f32>, GgufError> {
        let damaged = |problem: String| GgufError::Damaged { what: format!("tensor `{name}`"), offset: self.data_offset, problem };
        let tensor = self.tensor(name).ok_or_else(|| damaged("it is not there".to_owned()))?;
        if ![TensorType::F32, TensorType::F16, TensorType::Q8_0].contains(&tensor.kind) {
            return Err(damaged(format!("its numbers are {}; f32, f16 and q8_0 can be read", tensor.kind.name)));
        }
        // The reader has held both against the file's length.
        let offset = self.data_offset + tensor.offset;
        let fault = |source| GgufError::Io { what: format!("tensor `{name}`"), offset, source };
        file.seek(SeekFrom::Start(offset)).map_err(fault)?;
        let mut bytes = Vec::new();
        file.take(tensor.len_bytes).read_to_end(&mut bytes).map_err(fault)?;
        if bytes.len() as u64 != tensor.len_bytes {
            return Err(GgufError::TensorCut {
                tensor: name.to_owned(),
                end: offset + tensor.len_bytes,
                file_len: offset + bytes.len() as u64,
            });
        }
        Ok(decode(tensor.kind, &bytes))
    }
}

fn decode(kind: TensorType, bytes: &[u8]) -> Vec<f32> {
    match kind {
        TensorType::F16 => bytes.as_chunks().0.iter().map(|half| f32_from_f16(u16::from_le_bytes(*half))).collect(),
        TensorType::Q8_0 => bytes.as_chunks().0.iter().flat_map(q8_0_numbers).collect(),
        _ => bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect(),
    }
}

fn q8_0_numbers(block: &[u8; 34]) -> [f32; 32] {
    let [low, high, quants @ ..] = block;
    let scale = f32_from_f16(u16::from_le_bytes([*low, *high]));
    quants.map(|quant| f32::from(quant as i8) * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::GgufPlan;

    fn written(folder: &std::path::Path) -> (Gguf, File) {
        let mut plan = GgufPlan::default();
        for (name, kind) in [("single", TensorType::F32), ("half", TensorType::F16), ("eighth", TensorType::Q8_0)] {
            plan.tensor(name, kind, &[64, 3]);
        }
        let path = folder.join("numbers.gguf");
        let fill = |_: &_, values: &mut [f32]| {
            values.iter_mut().zip(0_i16..).for_each(|(value, index)| *value = f32::from(index - 90) / 64.0);
            Ok(())
        };
        plan.write(&mut File::create(&path).unwrap(), fill).unwrap();
        (Gguf::open(&path).unwrap(), File::open(&path).unwrap())
    }

    #[test]
    fn numbers_come_back_as_well_as_their_type_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let (gguf, mut file) = written(folder.path());
        for (name, tolerance) in [("single", 0.0), ("half", 0.0), ("eighth", 1.41 / 127.0)] {
            let values = gguf.values(&mut file, name).unwrap();
            assert_eq!(values.len(), 192);
            for (value, index) in values.iter().zip(0_i16..) {
                assert!((value - f32::from(index - 90) / 64.0).abs() <= tolerance, "{name} {index}: {value}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let (mut gguf, mut file) = written(folder.path());
        assert!(gguf.values(&mut file, "double").unwrap_err().to_string().contains("`double`"));
        gguf.tensors[2].kind = TensorType::Q4_K;
        assert!(gguf.values(&mut file, "eighth").unwrap_err().to_string().contains("q4_K"));
        gguf.tensors[1].len_bytes = 1 << 20;
        assert!(matches!(gguf.values(&mut file, "half"), Err(GgufError::TensorCut { .. })));
    }
}
