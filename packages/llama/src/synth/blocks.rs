//! Random tensors, encoded, in pieces of about a megabyte. Quantised blocks are random bits under scales that give the right deviation.

use crate::gguf::{TensorPlan, TensorType, f16_from_f32};
use crate::tiny::{Filling, Random, filling};
use std::io::{self, Write};

/// Blocks made at once.
const PIECE_BYTES: u64 = 1 << 20;

/// Writes all bytes of `tensor`; each has a stream of its own, so that one changed shape leaves the others alone.
pub(super) fn write(tensor: &TensorPlan, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let kind = tensor.kind;
    let mut random = Random::named(&format!("{seed} {}", tensor.name));
    let filling = filling(&tensor.name, &tensor.shape);
    let mut left = tensor.shape.iter().product::<u64>() / kind.block_elements;
    let at_once = (PIECE_BYTES / kind.block_bytes).max(1);
    let mut piece = Vec::new();
    while left > 0 {
        let blocks = left.min(at_once);
        left -= blocks;
        piece.clear();
        fill(kind, filling, blocks as usize, &mut random, &mut piece)?;
        out.write_all(&piece)?;
    }
    Ok(())
}

fn fill(kind: TensorType, filling: Filling, blocks: usize, random: &mut Random, piece: &mut Vec<u8>) -> io::Result<()> {
    let mut number = || match filling {
        Filling::Zeros => 0.0,
        Filling::Ones => 1.0,
        Filling::Normal(deviation) => random.normal() * deviation,
    };
    match (kind, filling) {
        (TensorType::F32, _) => (0..blocks).for_each(|_| piece.extend_from_slice(&number().to_le_bytes())),
        (TensorType::F16, _) => (0..blocks).for_each(|_| piece.extend_from_slice(&f16_from_f32(number()).to_le_bytes())),
        (_, Filling::Normal(deviation)) => quantised(kind, deviation, blocks, random, piece)?,
        _ => return Err(refused(kind)),
    }
    Ok(())
}

fn refused(kind: TensorType) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("random weights of type {} are not known", kind.name))
}

/// Whole blocks of random bytes, then the scales set in each. Deviations: 16 levels uniform have 4.61 steps, 256 have 73.9, 64 have 18.47.
fn quantised(kind: TensorType, deviation: f32, blocks: usize, random: &mut Random, piece: &mut Vec<u8>) -> io::Result<()> {
    let size = kind.block_bytes as usize;
    let half = |value: f32| f16_from_f32(value).to_le_bytes();
    // Offset and bytes of what is not random (`ggml-common.h`).
    let fixed: Vec<(usize, Vec<u8>)> = match kind {
        TensorType::Q4_0 => vec![(0, half(deviation / 4.61).to_vec())],
        TensorType::Q8_0 => vec![(0, half(deviation / 73.9).to_vec())],
        TensorType::Q4_K => {
            // Scales and minima of all eight groups are 32 of 63: low six bits in the first eight bytes, the rest from their upper bits.
            let step = deviation / 4.61 / 32.0;
            let scales = [[0xa0; 8].as_slice(), [0; 4].as_slice()].concat();
            vec![(0, half(step).to_vec()), (2, half(step * 7.5).to_vec()), (4, scales)]
        }
        TensorType::Q6_K => vec![(192, vec![16; 16]), (208, half(deviation / 18.47 / 16.0).to_vec())],
        _ => return Err(refused(kind)),
    };
    let bytes = blocks * size;
    while piece.len() < bytes {
        piece.extend_from_slice(&random.bits().to_le_bytes());
    }
    piece.truncate(bytes);
    for block in piece.chunks_exact_mut(size) {
        for (offset, fixed) in &fixed {
            if let Some(place) = block.get_mut(*offset..offset + fixed.len()) {
                place.copy_from_slice(fixed);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use llama_cpp_sys_2 as sys;

    /// The numbers as the linked llama.cpp reads them.
    fn read(kind: TensorType, bytes: &[u8], elements: usize) -> Vec<f32> {
        let mut numbers = vec![0.0; elements];
        // SAFETY: a pure conversion of `elements` numbers, which `bytes` holds whole blocks of.
        unsafe {
            let to_float = (*sys::ggml_get_type_traits(kind.id)).to_float.unwrap();
            to_float(bytes.as_ptr().cast(), numbers.as_mut_ptr(), elements as i64);
        }
        numbers
    }

    #[test]
    fn random_blocks_have_the_deviation_that_was_asked_for() {
        for kind in [TensorType::Q4_0, TensorType::Q8_0, TensorType::Q4_K, TensorType::Q6_K, TensorType::F16] {
            let tensor = TensorPlan { name: "blk.0.attn_q.weight".to_owned(), shape: vec![2560, 40], kind };
            let mut bytes = Vec::new();
            write(&tensor, 3, &mut bytes).unwrap();
            assert_eq!(bytes.len() as u64, kind.len_bytes(&tensor.shape).unwrap());
            let numbers = read(kind, &bytes, 2560 * 40);
            let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
            let deviation = (numbers.iter().map(|x| x * x).sum::<f32>() / numbers.len() as f32).sqrt();
            let wanted = 1.0 / 2560_f32.sqrt();
            assert!(mean.abs() < 0.15 * wanted, "{} mean {mean}", kind.name);
            assert!((deviation / wanted - 1.0).abs() < 0.1, "{}: {deviation} for {wanted}", kind.name);
        }
    }
}
