//! Blocks of sums by vector instructions that multiply pairs of bfloat16 numbers (AVX-512 BF16: AMD from Zen 4, some Intel Xeons): twice the
//! arithmetic of f32 vectors.

use super::{BLOCK, PAIRS_OF_A_ROW, ROWS, Strips, Sums};
use std::arch::x86_64::{__m512, __m512bh, _mm512_dpbf16_ps, _mm512_setzero_ps};
use std::array::from_fn;
use std::mem::transmute;

/// Rows of sums in registers, two vectors each: their 16 chains of sums hide the latency of one product (6 cycles on Zen 4), and broadcast
/// numbers and the right factor have registers left.
const ROWS_AT_ONCE: usize = 8;

pub(super) fn is_there() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16")
}

/// Two by two tiles of sums.
pub(super) fn block(left: Strips<'_>, right: Strips<'_>, sums: &mut Sums) {
    debug_assert!(is_there());
    // SAFETY: the caller has asked `is_there`.
    unsafe { block_of_vectors(left, right, sums) };
}

#[target_feature(enable = "avx512f,avx512bf16")]
fn vector(pairs: [u32; PAIRS_OF_A_ROW]) -> __m512bh {
    // SAFETY: plain numbers of the same size, any bits of which are valid.
    unsafe { transmute::<[u32; PAIRS_OF_A_ROW], __m512bh>(pairs) }
}

#[target_feature(enable = "avx512f,avx512bf16")]
fn block_of_vectors(left: Strips<'_>, [first, second]: Strips<'_>, sums: &mut Sums) {
    let mut lines = sums.chunks_exact_mut(BLOCK);
    for strip in left {
        for top in (0..ROWS).step_by(ROWS_AT_ONCE) {
            let mut rows = [[_mm512_setzero_ps(); 2]; ROWS_AT_ONCE];
            for ((tile, first), second) in strip.iter().zip(first).zip(second) {
                let numbers: &[[u32; PAIRS_OF_A_ROW]; ROWS_AT_ONCE] =
                    tile.rows()[top..top + ROWS_AT_ONCE].try_into().unwrap_or(&[[0; PAIRS_OF_A_ROW]; ROWS_AT_ONCE]);
                for pair in 0..PAIRS_OF_A_ROW {
                    let across = [first, second].map(|tile| vector(tile.rows()[pair]));
                    for (sums, row) in rows.iter_mut().zip(numbers) {
                        let along = vector([row[pair]; PAIRS_OF_A_ROW]);
                        *sums = from_fn(|half| _mm512_dpbf16_ps(sums[half], along, across[half]));
                    }
                }
            }
            for (sums, line) in rows.iter().zip(lines.by_ref()) {
                // SAFETY: plain numbers of the same size, any bits of which are valid.
                let numbers = unsafe { transmute::<[__m512; 2], [[f32; ROWS]; 2]>(*sums) };
                line.copy_from_slice(numbers.as_flattened());
            }
        }
    }
}
