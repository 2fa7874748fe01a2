//! A transformer block as one differentiable operation on the CPU. In -> out: rows and the block's flat weights -> rows; backward: the gradients of both.
//!
//! Out of small operations a block would read and write its rows about ninety times; as one it keeps what backward needs and little else
//! (`benches/step.rs` compares both). The same blocks out of small operations are in `decomposed`; a test holds each against the other, and other devices use those.

mod text;
mod vision;

pub(crate) use text::{Segments, TextBlock, angles};
pub(crate) use vision::VisionBlock;

use candle_core::{CpuStorage, Error, Layout, Result, Tensor};
use std::sync::Mutex;

/// The numbers of a contiguous tensor.
fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let all = storage.as_slice::<f32>()?;
    let (start, end) = layout.contiguous_offsets().ok_or_else(|| Error::Msg("a block takes contiguous rows".to_owned()))?;
    all.get(start..end).ok_or_else(|| Error::Msg("a tensor is shorter than its layout".to_owned()))
}

/// Calls `work` with the numbers of a contiguous tensor.
pub(crate) fn with_numbers<T>(tensor: &Tensor, work: impl FnOnce(&[f32]) -> T) -> Result<T> {
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        candle_core::Storage::Cpu(storage) => Ok(work(slice(storage, layout)?)),
        _ => Err(Error::Msg("a fused block runs on the CPU only".to_owned())),
    }
}

/// What forward leaves for backward.
#[derive(Debug)]
struct Kept<T>(Mutex<Option<T>>);

impl<T> Kept<T> {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn put(&self, value: T) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(value);
    }

    fn take(&self) -> Result<T> {
        let kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        kept.ok_or_else(|| Error::Msg("a block went backward twice, or before it went forward".to_owned()))
    }
}

/// A part of the flat weights.
fn part(weights: &[f32], start: usize, len: usize) -> &[f32] {
    &weights[start..start + len]
}
