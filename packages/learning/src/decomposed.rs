//! The same blocks out of candle's small differentiable operations: what other devices than the CPU run, and what the fused blocks are held against.
//!
//! Candle's own fused operations (`softmax_last_dim`, `ops::rms_norm`, `rotary_emb`) cut gradients without an error, hence the long forms.

use crate::blocks::{Segments, angles};
use crate::{Group, TextShape, VisionShape};
use candle_core::{D, Result, Tensor};

const EPSILON: f64 = 1e-6;

/// A named part of a flat group.
///
/// # Errors
/// There is no such part: a mistake in a name.
pub(crate) fn part(group: &Group, flat: &Tensor, name: &str) -> Result<Tensor> {
    let part = group.part(name).ok_or_else(|| candle_core::Error::Msg(format!("no weights named {name}")))?;
    flat.narrow(0, part.start, part.len())?.reshape(part.sides.as_slice())
}

/// `x * w^T`.
pub(crate) fn linear(x: &Tensor, w: &Tensor) -> Result<Tensor> {
    x.matmul(&w.t()?)
}

/// Layer norm over the last side.
pub(crate) fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    centred.broadcast_div(&(variance + EPSILON)?.sqrt()?)?.broadcast_mul(weight)?.broadcast_add(bias)
}

/// RMS norm over the last side.
pub(crate) fn rms_norm(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let square = x.sqr()?.mean_keepdim(D::Minus1)?;
    x.broadcast_div(&(square + EPSILON)?.sqrt()?)?.broadcast_mul(weight)
}

fn softmax(x: &Tensor) -> Result<Tensor> {
    let raised = x.broadcast_sub(&x.max_keepdim(D::Minus1)?.detach())?.exp()?;
    raised.broadcast_div(&raised.sum_keepdim(D::Minus1)?)
}

/// A SigLIP block on rows (pictures x patches, n_embd); `patches` of each picture are there.
pub(crate) fn vision_block(shape: &VisionShape, patches: usize, group: &Group, flat: &Tensor, x: &Tensor) -> Result<Tensor> {
    let get = |name: &str| part(group, flat, name);
    let (rows, e) = x.dims2()?;
    let (n, heads) = (patches, shape.n_head);
    let normed = layer_norm(x, &get("ln1.weight")?, &get("ln1.bias")?)?;
    let project = |name: &str| -> Result<Tensor> {
        let flat = linear(&normed, &get(&format!("{name}.weight"))?)?.broadcast_add(&get(&format!("{name}.bias"))?)?;
        flat.reshape((rows / n, n, heads, e / heads))?.transpose(1, 2)?.contiguous()
    };
    let (q, k, v) = (project("attn_q")?, project("attn_k")?, project("attn_v")?);
    let scores = (q.matmul(&k.t()?)? * (1.0 / ((e / heads) as f64).sqrt()))?;
    let mixed = softmax(&scores)?.matmul(&v)?.transpose(1, 2)?.contiguous()?.reshape((rows, e))?;
    let x = (x + linear(&mixed, &get("attn_out.weight")?)?.broadcast_add(&get("attn_out.bias")?)?)?;
    let normed = layer_norm(&x, &get("ln2.weight")?, &get("ln2.bias")?)?;
    let active = linear(&normed, &get("ffn_up.weight")?)?.broadcast_add(&get("ffn_up.bias")?)?.gelu()?;
    &x + linear(&active, &get("ffn_down.weight")?)?.broadcast_add(&get("ffn_down.bias")?)?
}

/// A Gemma 3 block on rows (all segments, n_embd).
pub(crate) fn text_block(shape: &TextShape, segments: &Segments, group: &Group, flat: &Tensor, x: &Tensor) -> Result<Tensor> {
    let get = |name: &str| part(group, flat, &format!("{name}.weight"));
    let normed = rms_norm(x, &get("attn_norm")?)?;
    let rows = x.dim(0)?;
    let heads = |name: &str, count: usize| linear(&normed, &get(name)?)?.reshape((rows, count, shape.head));
    let q = rms_norm(&heads("attn_q", shape.n_head)?, &get("attn_q_norm")?)?;
    let k = rms_norm(&heads("attn_k", 1)?, &get("attn_k_norm")?)?;
    let v = heads("attn_v", 1)?;
    let mut mixed = Vec::new();
    for (number, range) in segments.ranges().enumerate() {
        mixed.push(attend(shape, segments, [&q, &k, &v], range, number > 0)?);
    }
    let mixed = Tensor::cat(&mixed, 0)?;
    let x = (x + rms_norm(&linear(&mixed, &get("attn_output")?)?, &get("post_attention_norm")?)?)?;
    let normed = rms_norm(&x, &get("ffn_norm")?)?;
    let active = (linear(&normed, &get("ffn_gate")?)?.gelu()? * linear(&normed, &get("ffn_up")?)?)?;
    &x + rms_norm(&linear(&active, &get("ffn_down")?)?, &get("post_ffw_norm")?)?
}

/// Attention of one segment to the prefix and itself: (rows of the segment, heads x head).
fn attend(shape: &TextShape, segments: &Segments, qkv: [&Tensor; 3], range: std::ops::Range<usize>, has_picture: bool) -> Result<Tensor> {
    let device = qkv[0].device();
    let own = range.len();
    let (first, shared) = if has_picture { (segments.prefix, segments.prefix) } else { (0, 0) };
    let with_prefix = |x: &Tensor| -> Result<Tensor> {
        let own = x.narrow(0, range.start, range.len())?;
        if shared == 0 { Ok(own) } else { Tensor::cat(&[x.narrow(0, 0, shared)?, own], 0) }
    };
    let q = turn(&qkv[0].narrow(0, range.start, own)?, first, shape.head)?.transpose(0, 1)?.contiguous()?;
    let k = turn(&with_prefix(qkv[1])?, 0, shape.head)?.squeeze(1)?;
    let v = with_prefix(qkv[2])?.squeeze(1)?;
    let hidden = |index: usize| {
        let (query, key) = (index / (shared + own), index % (shared + own));
        let is_seen = key < shared || if has_picture { segments.sees(query, key - shared) } else { key <= query };
        if is_seen { 0.0 } else { -1e30_f32 }
    };
    let mask = Tensor::from_vec((0..own * (shared + own)).map(hidden).collect(), (own, shared + own), device)?;
    let scale = 1.0 / (shape.head as f64).sqrt();
    let scores = (q.broadcast_matmul(&k.t()?)? * scale)?.broadcast_add(&mask)?;
    softmax(&scores)?.broadcast_matmul(&v)?.transpose(0, 1)?.contiguous()?.reshape((own, shape.n_head * shape.head))
}

/// Rotary embedding of (rows, heads, head), the first row at position `first`.
fn turn(x: &Tensor, first: usize, head: usize) -> Result<Tensor> {
    let (rows, _, _) = x.dims3()?;
    let half = head / 2;
    let angles: Vec<(f32, f32)> = angles(first + rows, head).split_off(first * half);
    let side = |pick: fn(&(f32, f32)) -> f32| Tensor::from_vec(angles.iter().map(pick).collect(), (rows, 1, half), x.device());
    let (cosine, sine) = (side(|angle| angle.0)?, side(|angle| angle.1)?);
    let (a, b) = (x.narrow(2, 0, half)?, x.narrow(2, half, half)?);
    let low = (a.broadcast_mul(&cosine)? - b.broadcast_mul(&sine)?)?;
    let high = (b.broadcast_mul(&cosine)? + a.broadcast_mul(&sine)?)?;
    Tensor::cat(&[low, high], 2)
}
