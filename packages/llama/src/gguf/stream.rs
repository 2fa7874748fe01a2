//! Writing a file whose tensors are larger than memory: their bytes come encoded, in pieces.

use super::write::{ALIGNMENT, refusal};
use super::{GgufPlan, TensorPlan};
use std::io::{self, Write};

impl GgufPlan {
    /// Writes the file; `encoded` writes the bytes of each tensor, in file order and in pieces of any size. Nothing but the header and what
    /// `encoded` holds stands in memory.
    ///
    /// # Errors
    /// What `out` or `encoded` says; `InvalidInput` where a tensor got another number of bytes than its shape takes.
    pub fn write_encoded<W: Write>(
        &self,
        out: &mut W,
        mut encoded: impl FnMut(&TensorPlan, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        out.write_all(&self.header()?)?;
        for tensor in &self.tensors {
            let wanted = tensor.kind.len_bytes(&tensor.shape).ok_or_else(|| refusal(tensor))?;
            let mut counted = Counted { out, bytes: 0 };
            encoded(tensor, &mut counted)?;
            let bytes = counted.bytes;
            if bytes != wanted {
                let problem = format!("tensor `{}` takes {wanted} bytes and got {bytes}", tensor.name);
                return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
            }
            let padding = bytes.next_multiple_of(ALIGNMENT) - bytes;
            out.write_all([0; ALIGNMENT as usize].get(..padding as usize).unwrap_or_default())?;
        }
        Ok(())
    }
}

struct Counted<'a, W> {
    out: &'a mut W,
    bytes: u64,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.out.write(buffer)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::{Gguf, TensorType};

    fn plan() -> GgufPlan {
        let mut plan = GgufPlan::default();
        plan.tensor("a", TensorType::F32, &[5]);
        plan.tensor("b", TensorType::Q8_0, &[64, 3]);
        plan
    }

    #[test]
    fn both_ways_write_the_same_file() {
        let mut whole = Vec::new();
        plan().write(&mut whole, |_, _| Ok(())).unwrap();
        let mut pieces = Vec::new();
        let zeros = |tensor: &TensorPlan, out: &mut dyn Write| {
            (0..tensor.kind.len_bytes(&tensor.shape).unwrap()).try_for_each(|_| out.write_all(&[0]))
        };
        plan().write_encoded(&mut pieces, zeros).unwrap();
        assert_eq!(whole, pieces);
        assert_eq!(Gguf::read(&pieces[..], pieces.len() as u64).unwrap().tensors.len(), 2);
    }

    #[test]
    fn a_tensor_of_another_length_is_named() {
        let message = plan().write_encoded(&mut Vec::new(), |_, out| out.write_all(&[0; 20])).unwrap_err().to_string();
        assert!(message.contains("`b` takes 204 bytes and got 20"), "{message}");
    }
}
