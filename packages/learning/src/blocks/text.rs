//! A Gemma 3 block: RMS norms before and after attention and feed-forward, normed and rotated queries and keys, one head of keys and values, gated GELU.
//!
//! Rows are ragged: first a prefix that all sequences share, computed once, then the rows of each sequence. A token sees the prefix and what is before it in its
//! sequence; the tokens of a picture see each other. That is what llama.cpp computes for each sequence alone.

use super::{Kept, part, slice, with_numbers};
use crate::TextShape;
use crate::kernels::{add_to, gated, gated_back, rms, rms_back, rotate, softmax, softmax_back};
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use std::ops::Range;
use std::sync::Arc;
use vedette_matmul::{Into, Precision, View};

/// How rows are cut into sequences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segments {
    /// Rows of the shared prefix.
    pub(crate) prefix: usize,
    /// Rows of the picture at the beginning of each sequence.
    pub(crate) picture: usize,
    /// Rows of each sequence after the prefix, its picture included.
    pub(crate) sequences: Vec<usize>,
}

impl Segments {
    /// All rows.
    pub(crate) fn rows(&self) -> usize {
        self.prefix + self.sequences.iter().sum::<usize>()
    }

    /// The rows of each segment: the prefix, then the sequences.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut next = 0;
        std::iter::once(&self.prefix).chain(&self.sequences).map(move |len| {
            next += len;
            next - len..next
        })
    }

    /// The position of each row in its sequence.
    fn positions(&self) -> impl Iterator<Item = usize> {
        (0..self.prefix).chain(self.sequences.iter().flat_map(|len| self.prefix..self.prefix + len))
    }

    /// Whether the token `query` of a sequence may look at its token `key`; both counted from the prefix's end.
    pub(crate) fn sees(&self, query: usize, key: usize) -> bool {
        key <= query || (query < self.picture && key < self.picture)
    }
}

/// Angles of the rotary embedding by position: (cosine, sine) for each pair of a head. Gemma 3's local layers, base 10,000.
pub(crate) fn angles(positions: usize, head: usize) -> Vec<(f32, f32)> {
    let half = head / 2;
    let angle = |index: usize| {
        let (position, pair) = (index / half, index % half);
        position as f64 * 10_000.0_f64.powf(-2.0 * pair as f64 / head as f64)
    };
    (0..positions * half).map(angle).map(|angle| (angle.cos() as f32, angle.sin() as f32)).collect()
}

/// Where the parts stand in the flat weights; the order of `parameters::groups`.
struct Places {
    attn_norm: usize,
    qkv: usize,
    q_norm: usize,
    k_norm: usize,
    output: usize,
    post_attention: usize,
    ffn_norm: usize,
    gate_up: usize,
    down: usize,
    post_ffw: usize,
}

impl Places {
    fn of(shape: &TextShape) -> Self {
        let (d, f) = (shape.n_embd, shape.n_ff);
        let mut next = 0;
        let mut take = |len: usize| {
            next += len;
            next - len
        };
        Self {
            attn_norm: take(d),
            qkv: take(shape.qkv_len() * d),
            q_norm: take(shape.head),
            k_norm: take(shape.head),
            output: take(d * shape.n_head * shape.head),
            post_attention: take(d),
            ffn_norm: take(d),
            gate_up: take(2 * f * d),
            down: take(d * f),
            post_ffw: take(d),
        }
    }
}

/// What backward needs.
#[derive(Debug)]
struct Trace {
    inverse1: Vec<f32>,
    /// Before norm and rotation.
    qkv: Vec<f32>,
    inverse_q: Vec<f32>,
    inverse_k: Vec<f32>,
    /// Normed and rotated.
    q: Vec<f32>,
    k: Vec<f32>,
    /// For each segment and head: probabilities over the prefix, then over its own tokens.
    chances: Vec<f32>,
    mixed: Vec<f32>,
    attended: Vec<f32>,
    inverse_a: Vec<f32>,
    middle: Vec<f32>,
    inverse2: Vec<f32>,
    gate_up: Vec<f32>,
    fed: Vec<f32>,
    inverse_f: Vec<f32>,
}

/// The operation: rows (all segments, n_embd) and weights -> rows.
#[derive(Debug)]
pub(crate) struct TextBlock {
    shape: TextShape,
    segments: Arc<Segments>,
    /// See [`angles`].
    angles: Arc<Vec<(f32, f32)>>,
    precision: Precision,
    kept: Kept<Trace>,
}

impl TextBlock {
    pub(crate) fn new(shape: TextShape, segments: Arc<Segments>, angles: Arc<Vec<(f32, f32)>>, precision: Precision) -> Self {
        Self { shape, segments, angles, precision, kept: Kept::new() }
    }

    fn multiply(&self, out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32) {
        vedette_matmul::multiply(out, out_stride, into, a, b, scale, self.precision);
    }

    fn forward(&self, x: &[f32], w: &[f32]) -> (Vec<f32>, Trace) {
        let (d, f) = (self.shape.n_embd, self.shape.n_ff);
        let (at, rows) = (Places::of(&self.shape), x.len() / d);
        let inner = self.shape.n_head * self.shape.head;
        let (mut normed, mut inverse1) = (vec![0.0; x.len()], vec![0.0; rows]);
        rms(x, part(w, at.attn_norm, d), &mut normed, &mut inverse1);
        let wide = self.shape.qkv_len();
        let mut qkv = vec![0.0; rows * wide];
        self.multiply(&mut qkv, wide, Into::Set, View::dense(&normed, rows, d), View::dense(part(w, at.qkv, wide * d), wide, d).t(), 1.0);
        let (q, inverse_q) = self.prepare(&qkv, 0, self.shape.n_head, part(w, at.q_norm, self.shape.head));
        let (k, inverse_k) = self.prepare(&qkv, inner, 1, part(w, at.k_norm, self.shape.head));
        let (mixed, chances) = self.attend(&q, &k, &qkv);
        let mut attended = vec![0.0; x.len()];
        let output = View::dense(part(w, at.output, d * inner), d, inner);
        self.multiply(&mut attended, d, Into::Set, View::dense(&mixed, rows, inner), output.t(), 1.0);
        let (mut middle, mut inverse_a) = (vec![0.0; x.len()], vec![0.0; rows]);
        rms(&attended, part(w, at.post_attention, d), &mut middle, &mut inverse_a);
        add_to(&mut middle, x);
        let mut inverse2 = vec![0.0; rows];
        rms(&middle, part(w, at.ffn_norm, d), &mut normed, &mut inverse2);
        let mut gate_up = vec![0.0; rows * 2 * f];
        let weights = View::dense(part(w, at.gate_up, 2 * f * d), 2 * f, d);
        self.multiply(&mut gate_up, 2 * f, Into::Set, View::dense(&normed, rows, d), weights.t(), 1.0);
        let mut active = vec![0.0; rows * f];
        gated(&gate_up, f, &mut active);
        let mut fed = vec![0.0; x.len()];
        self.multiply(&mut fed, d, Into::Set, View::dense(&active, rows, f), View::dense(part(w, at.down, d * f), d, f).t(), 1.0);
        let (mut y, mut inverse_f) = (vec![0.0; x.len()], vec![0.0; rows]);
        rms(&fed, part(w, at.post_ffw, d), &mut y, &mut inverse_f);
        add_to(&mut y, &middle);
        let trace = Trace {
            inverse1,
            qkv,
            inverse_q,
            inverse_k,
            q,
            k,
            chances,
            mixed,
            attended,
            inverse_a,
            middle,
            inverse2,
            gate_up,
            fed,
            inverse_f,
        };
        (y, trace)
    }

    /// The heads that begin at column `from`, each normed and turned by its position.
    fn prepare(&self, qkv: &[f32], from: usize, heads: usize, weight: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (head, wide, width) = (self.shape.head, self.shape.qkv_len(), heads * self.shape.head);
        let raw = columns(qkv, wide, from, width);
        let (mut out, mut inverse) = (vec![0.0; raw.len()], vec![0.0; raw.len() / head]);
        rms(&raw, weight, &mut out, &mut inverse);
        for (row, position) in out.chunks_exact_mut(width).zip(self.segments.positions()) {
            rotate(row, head, self.angles_at(position), 1.0);
        }
        (out, inverse)
    }

    fn angles_at(&self, position: usize) -> &[(f32, f32)] {
        let half = self.shape.head / 2;
        &self.angles[position * half..(position + 1) * half]
    }

    /// Keys of a segment: all of the prefix and its own.
    fn keys(&self, range: &Range<usize>) -> (usize, usize) {
        let own = range.len();
        if range.start == 0 && self.segments.prefix > 0 { (0, own) } else { (self.segments.prefix, own) }
    }

    fn attend(&self, q: &[f32], k: &[f32], qkv: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (head, heads, wide) = (self.shape.head, self.shape.n_head, self.shape.qkv_len());
        let inner = heads * head;
        let scale = 1.0 / (head as f32).sqrt();
        let values = inner + head;
        let mut mixed = vec![0.0; q.len()];
        let mut chances = Vec::new();
        for (number, range) in self.segments.ranges().enumerate() {
            let (shared, own) = self.keys(&range);
            let keys = shared + own;
            for head_number in 0..heads {
                let mut scores = vec![0.0; own * keys];
                let place = head_number * head;
                let query = View::new(&q[range.start * inner + place..], own, head, inner);
                self.multiply(&mut scores, keys, Into::Set, query, View::dense(k, shared, head).t(), scale);
                let own_keys = View::dense(&k[range.start * head..], own, head);
                self.multiply(&mut scores[shared..], keys, Into::Set, query, own_keys.t(), scale);
                self.hide(&mut scores, keys, shared, number > 0);
                softmax(&mut scores, keys);
                let out = &mut mixed[range.start * inner + place..];
                let own_values = View::new(&qkv[range.start * wide + values..], own, head, wide);
                self.multiply(out, inner, Into::Set, View::new(&scores[shared..], own, own, keys), own_values, 1.0);
                if shared > 0 {
                    let shared_values = View::new(&qkv[values..], shared, head, wide);
                    self.multiply(out, inner, Into::Add, View::new(&scores, own, shared, keys), shared_values, 1.0);
                }
                chances.append(&mut scores);
            }
        }
        (mixed, chances)
    }

    /// What a token may not see gets no chance.
    fn hide(&self, scores: &mut [f32], keys: usize, shared: usize, has_picture: bool) {
        for (query, row) in scores.chunks_exact_mut(keys).enumerate() {
            for (key, score) in row.iter_mut().skip(shared).enumerate() {
                let is_seen = if has_picture { self.segments.sees(query, key) } else { key <= query };
                if !is_seen {
                    *score = -1e30;
                }
            }
        }
    }

    /// Gradient of [`Self::attend`]: adds to those of queries, keys and (within `to_qkv`) values.
    fn attend_back(&self, trace: &Trace, gradient: &[f32], to_q: &mut [f32], to_k: &mut [f32], to_qkv: &mut [f32]) {
        let (head, heads, wide) = (self.shape.head, self.shape.n_head, self.shape.qkv_len());
        let inner = heads * head;
        let scale = 1.0 / (head as f32).sqrt();
        let values = inner + head;
        let mut rest = trace.chances.as_slice();
        for range in self.segments.ranges() {
            let (shared, own) = self.keys(&range);
            let keys = shared + own;
            for head_number in 0..heads {
                let (chances, after) = rest.split_at(own * keys);
                rest = after;
                let place = head_number * head;
                let start = range.start * inner + place;
                let gradient = View::new(&gradient[start..], own, head, inner);
                let query = View::new(&trace.q[start..], own, head, inner);
                let (own_at, own_k) = (range.start * wide + values, range.start * head);
                let mut to_scores = vec![0.0; own * keys];
                let own_chances = View::new(&chances[shared..], own, own, keys);
                self.multiply(&mut to_qkv[own_at..], wide, Into::Add, own_chances.t(), gradient, 1.0);
                let own_values = View::new(&trace.qkv[own_at..], own, head, wide);
                self.multiply(&mut to_scores[shared..], keys, Into::Set, gradient, own_values.t(), 1.0);
                if shared > 0 {
                    let shared_chances = View::new(chances, own, shared, keys);
                    self.multiply(&mut to_qkv[values..], wide, Into::Add, shared_chances.t(), gradient, 1.0);
                    let shared_values = View::new(&trace.qkv[values..], shared, head, wide);
                    self.multiply(&mut to_scores, keys, Into::Set, gradient, shared_values.t(), 1.0);
                }
                softmax_back(chances, keys, &mut to_scores);
                let own_scores = View::new(&to_scores[shared..], own, own, keys);
                self.multiply(&mut to_q[start..], inner, Into::Set, own_scores, View::dense(&trace.k[own_k..], own, head), scale);
                self.multiply(&mut to_k[own_k..], head, Into::Add, own_scores.t(), query, scale);
                if shared > 0 {
                    let shared_scores = View::new(&to_scores, own, shared, keys);
                    self.multiply(&mut to_q[start..], inner, Into::Add, shared_scores, View::dense(&trace.k, shared, head), scale);
                    self.multiply(to_k, head, Into::Add, shared_scores.t(), query, scale);
                }
            }
        }
    }

    /// Gradient of [`Self::prepare`]: into the columns of `to_qkv`.
    fn prepare_back(&self, raw: &[f32], inverse: &[f32], weight: &[f32], mut gradient: Vec<f32>, to_weight: &mut [f32]) -> Vec<f32> {
        let head = self.shape.head;
        let width = gradient.len() / self.segments.rows().max(1);
        for (row, position) in gradient.chunks_exact_mut(width).zip(self.segments.positions()) {
            rotate(row, head, self.angles_at(position), -1.0);
        }
        let mut to_raw = vec![0.0; raw.len()];
        rms_back(raw, inverse, weight, &gradient, &mut to_raw, to_weight);
        to_raw
    }

    /// Gradients of rows and weights.
    fn backward(&self, x: &[f32], w: &[f32], trace: &Trace, gradient: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let at = Places::of(&self.shape);
        let mut to_w = vec![0.0; w.len()];
        let to_middle = self.feed_back(w, &at, trace, gradient, &mut to_w);
        let to_x = self.attention_back(x, w, &at, trace, to_middle, &mut to_w);
        (to_x, to_w)
    }

    /// Gradient of the feed-forward half, the residual included.
    fn feed_back(&self, w: &[f32], at: &Places, trace: &Trace, gradient: &[f32], to_w: &mut [f32]) -> Vec<f32> {
        let (d, f) = (self.shape.n_embd, self.shape.n_ff);
        let rows = gradient.len() / d;
        let mut to_fed = vec![0.0; gradient.len()];
        let weight = part(w, at.post_ffw, d);
        rms_back(&trace.fed, &trace.inverse_f, weight, gradient, &mut to_fed, &mut to_w[at.post_ffw..at.post_ffw + d]);
        let fed = View::dense(&to_fed, rows, d);
        let mut to_active = vec![0.0; rows * f];
        self.multiply(&mut to_active, f, Into::Set, fed, View::dense(part(w, at.down, d * f), d, f), 1.0);
        let (mut to_gate_up, mut active) = (vec![0.0; rows * 2 * f], vec![0.0; rows * f]);
        gated_back(&trace.gate_up, f, &to_active, &mut to_gate_up, &mut active);
        self.multiply(&mut to_w[at.down..], f, Into::Set, fed.t(), View::dense(&active, rows, f), 1.0);
        let (mut normed, mut inverse) = (vec![0.0; gradient.len()], vec![0.0; rows]);
        rms(&trace.middle, part(w, at.ffn_norm, d), &mut normed, &mut inverse);
        let gate_up = View::dense(&to_gate_up, rows, 2 * f);
        self.multiply(&mut to_w[at.gate_up..], d, Into::Set, gate_up.t(), View::dense(&normed, rows, d), 1.0);
        let mut to_normed = vec![0.0; gradient.len()];
        self.multiply(&mut to_normed, d, Into::Set, gate_up, View::dense(part(w, at.gate_up, 2 * f * d), 2 * f, d), 1.0);
        let mut to_middle = gradient.to_vec();
        let weight = part(w, at.ffn_norm, d);
        rms_back(&trace.middle, &trace.inverse2, weight, &to_normed, &mut to_middle, &mut to_w[at.ffn_norm..at.ffn_norm + d]);
        to_middle
    }

    /// Gradient of the attention half, the residual included.
    fn attention_back(&self, x: &[f32], w: &[f32], at: &Places, trace: &Trace, to_middle: Vec<f32>, to_w: &mut [f32]) -> Vec<f32> {
        let (d, head) = (self.shape.n_embd, self.shape.head);
        let (rows, wide, inner) = (to_middle.len() / d, self.shape.qkv_len(), self.shape.n_head * head);
        let mut to_attended = vec![0.0; to_middle.len()];
        let weight = part(w, at.post_attention, d);
        let to_weight = &mut to_w[at.post_attention..at.post_attention + d];
        rms_back(&trace.attended, &trace.inverse_a, weight, &to_middle, &mut to_attended, to_weight);
        let attended = View::dense(&to_attended, rows, d);
        self.multiply(&mut to_w[at.output..], inner, Into::Set, attended.t(), View::dense(&trace.mixed, rows, inner), 1.0);
        let mut to_mixed = vec![0.0; rows * inner];
        self.multiply(&mut to_mixed, inner, Into::Set, attended, View::dense(part(w, at.output, d * inner), d, inner), 1.0);
        let (mut to_q, mut to_k, mut to_qkv) = (vec![0.0; rows * inner], vec![0.0; rows * head], vec![0.0; rows * wide]);
        self.attend_back(trace, &to_mixed, &mut to_q, &mut to_k, &mut to_qkv);
        for (from, gradient, inverse, norm) in [(0, to_q, &trace.inverse_q, at.q_norm), (inner, to_k, &trace.inverse_k, at.k_norm)] {
            let width = gradient.len() / rows;
            let raw = columns(&trace.qkv, wide, from, width);
            let to_raw = self.prepare_back(&raw, inverse, part(w, norm, head), gradient, &mut to_w[norm..norm + head]);
            for (row, raw) in to_qkv.chunks_exact_mut(wide).zip(to_raw.chunks_exact(width)) {
                row[from..from + width].copy_from_slice(raw);
            }
        }
        let (mut normed, mut inverse) = (vec![0.0; x.len()], vec![0.0; rows]);
        rms(x, part(w, at.attn_norm, d), &mut normed, &mut inverse);
        let qkv = View::dense(&to_qkv, rows, wide);
        self.multiply(&mut to_w[at.qkv..], d, Into::Set, qkv.t(), View::dense(&normed, rows, d), 1.0);
        let mut to_normed = vec![0.0; x.len()];
        self.multiply(&mut to_normed, d, Into::Set, qkv, View::dense(part(w, at.qkv, wide * d), wide, d), 1.0);
        let mut to_x = to_middle;
        let weight = part(w, at.attn_norm, d);
        rms_back(x, &trace.inverse1, weight, &to_normed, &mut to_x, &mut to_w[at.attn_norm..at.attn_norm + d]);
        to_x
    }
}

/// `width` columns of each row, from column `from` on.
fn columns(rows: &[f32], stride: usize, from: usize, width: usize) -> Vec<f32> {
    rows.chunks_exact(stride).flat_map(|row| &row[from..from + width]).copied().collect()
}

impl CustomOp2 for TextBlock {
    fn name(&self) -> &'static str {
        "text-block"
    }

    fn cpu_fwd(&self, x: &CpuStorage, x_layout: &Layout, w: &CpuStorage, w_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (y, trace) = self.forward(slice(x, x_layout)?, slice(w, w_layout)?);
        self.kept.put(trace);
        Ok((CpuStorage::F32(y), x_layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, w: &Tensor, _y: &Tensor, gradient: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let trace = self.kept.take()?;
        let gradient = gradient.contiguous()?;
        let back = |x: &[f32], w: &[f32], gradient: &[f32]| self.backward(x, w, &trace, gradient);
        let (to_x, to_w) = with_numbers(&gradient, |g| with_numbers(w, |w| with_numbers(x, |x| back(x, w, g))))???;
        Ok((Some(Tensor::from_vec(to_x, x.shape(), x.device())?), Some(Tensor::from_vec(to_w, w.shape(), w.device())?)))
    }
}
