//! A SigLIP block: layer norm, attention among all patches of a picture, residual; layer norm, GELU feed-forward, residual.

use super::{Kept, part, slice, with_numbers};
use crate::VisionShape;
use crate::kernels::{add_bias, affine, centre, gelu_back, gelu_of, layer_norm_back, softmax, softmax_back, sum_rows};
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use vedette_matmul::{Into, Precision, View};

/// Where the parts stand in the flat weights; the order of `parameters::groups`.
struct Places {
    ln1: usize,
    qkv: usize,
    qkv_bias: usize,
    out: usize,
    out_bias: usize,
    ln2: usize,
    up: usize,
    up_bias: usize,
    down: usize,
    down_bias: usize,
}

impl Places {
    fn of(e: usize, f: usize) -> Self {
        let mut next = 0;
        let mut take = |len: usize| {
            next += len;
            next - len
        };
        Self {
            ln1: take(2 * e),
            qkv: take(3 * e * e),
            qkv_bias: take(3 * e),
            out: take(e * e),
            out_bias: take(e),
            ln2: take(2 * e),
            up: take(f * e),
            up_bias: take(f),
            down: take(e * f),
            down_bias: take(e),
        }
    }
}

/// What backward needs.
#[derive(Debug)]
struct Trace {
    unit1: Vec<f32>,
    inverse1: Vec<f32>,
    qkv: Vec<f32>,
    chances: Vec<f32>,
    mixed: Vec<f32>,
    unit2: Vec<f32>,
    inverse2: Vec<f32>,
    up: Vec<f32>,
}

/// The operation: rows (pictures x patches, n_embd) and weights -> rows.
#[derive(Debug)]
pub(crate) struct VisionBlock {
    shape: VisionShape,
    /// Patches of each picture that are there: all, or those of a window.
    patches: usize,
    precision: Precision,
    kept: Kept<Trace>,
}

impl VisionBlock {
    pub(crate) fn new(shape: VisionShape, patches: usize, precision: Precision) -> Self {
        Self { shape, patches, precision, kept: Kept::new() }
    }

    fn multiply(&self, out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32) {
        vedette_matmul::multiply(out, out_stride, into, a, b, scale, self.precision);
    }

    fn forward(&self, x: &[f32], w: &[f32]) -> (Vec<f32>, Trace) {
        let (e, f) = (self.shape.n_embd, self.shape.n_ff);
        let (at, rows) = (Places::of(e, f), x.len() / e);
        let mut unit1 = vec![0.0; x.len()];
        let mut inverse1 = vec![0.0; rows];
        centre(x, e, &mut unit1, &mut inverse1);
        let mut normed = vec![0.0; x.len()];
        affine(&unit1, part(w, at.ln1, e), part(w, at.ln1 + e, e), &mut normed);
        let mut qkv = vec![0.0; rows * 3 * e];
        let weights = View::dense(part(w, at.qkv, 3 * e * e), 3 * e, e);
        self.multiply(&mut qkv, 3 * e, Into::Set, View::dense(&normed, rows, e), weights.t(), 1.0);
        add_bias(&mut qkv, part(w, at.qkv_bias, 3 * e));
        let (mixed, chances) = self.attend(&qkv, rows);
        let mut y = x.to_vec();
        self.multiply(&mut y, e, Into::Add, View::dense(&mixed, rows, e), View::dense(part(w, at.out, e * e), e, e).t(), 1.0);
        add_bias(&mut y, part(w, at.out_bias, e));
        let mut unit2 = vec![0.0; x.len()];
        let mut inverse2 = vec![0.0; rows];
        centre(&y, e, &mut unit2, &mut inverse2);
        affine(&unit2, part(w, at.ln2, e), part(w, at.ln2 + e, e), &mut normed);
        let mut up = vec![0.0; rows * f];
        self.multiply(&mut up, f, Into::Set, View::dense(&normed, rows, e), View::dense(part(w, at.up, f * e), f, e).t(), 1.0);
        add_bias(&mut up, part(w, at.up_bias, f));
        let mut active = vec![0.0; rows * f];
        gelu_of(&up, &mut active);
        self.multiply(&mut y, e, Into::Add, View::dense(&active, rows, f), View::dense(part(w, at.down, e * f), e, f).t(), 1.0);
        add_bias(&mut y, part(w, at.down_bias, e));
        (y, Trace { unit1, inverse1, qkv, chances, mixed, unit2, inverse2, up })
    }

    /// Attention within each picture: mixed values, and the probabilities of each (picture, head).
    fn attend(&self, qkv: &[f32], rows: usize) -> (Vec<f32>, Vec<f32>) {
        let (e, n, heads) = (self.shape.n_embd, self.patches, self.shape.n_head);
        let head = e / heads;
        let scale = 1.0 / (head as f32).sqrt();
        let mut mixed = vec![0.0; rows * e];
        let mut chances = vec![0.0; rows * heads * n];
        for (number, chances) in chances.chunks_exact_mut(n * n).enumerate() {
            let (picture, place) = (number / heads, number % heads * head);
            let start = picture * n * 3 * e + place;
            let [q, k, v] = [0, e, 2 * e].map(|offset| View::new(&qkv[start + offset..], n, head, 3 * e));
            self.multiply(chances, n, Into::Set, q, k.t(), scale);
            softmax(chances, n);
            self.multiply(&mut mixed[picture * n * e + place..], e, Into::Set, View::dense(chances, n, n), v, 1.0);
        }
        (mixed, chances)
    }

    /// Gradient of [`Self::attend`]: of the mixed values -> of query, key and value.
    fn attend_back(&self, trace: &Trace, gradient: &[f32]) -> Vec<f32> {
        let (e, n, heads) = (self.shape.n_embd, self.patches, self.shape.n_head);
        let head = e / heads;
        let scale = 1.0 / (head as f32).sqrt();
        let mut to_qkv = vec![0.0; trace.qkv.len()];
        let mut to_chances = vec![0.0; n * n];
        for (number, chances) in trace.chances.chunks_exact(n * n).enumerate() {
            let (picture, place) = (number / heads, number % heads * head);
            let start = picture * n * 3 * e + place;
            let [q, k, v] = [0, e, 2 * e].map(|offset| View::new(&trace.qkv[start + offset..], n, head, 3 * e));
            let gradient = View::new(&gradient[picture * n * e + place..], n, head, e);
            self.multiply(&mut to_qkv[start + 2 * e..], 3 * e, Into::Set, View::dense(chances, n, n).t(), gradient, 1.0);
            self.multiply(&mut to_chances, n, Into::Set, gradient, v.t(), 1.0);
            softmax_back(chances, n, &mut to_chances);
            let to_scores = View::dense(&to_chances, n, n);
            self.multiply(&mut to_qkv[start..], 3 * e, Into::Set, to_scores, k, scale);
            self.multiply(&mut to_qkv[start + e..], 3 * e, Into::Set, to_scores.t(), q, scale);
        }
        to_qkv
    }

    /// Gradients of rows and weights.
    fn backward(&self, w: &[f32], trace: &Trace, gradient: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (e, f) = (self.shape.n_embd, self.shape.n_ff);
        let (at, rows) = (Places::of(e, f), gradient.len() / e);
        let mut to_w = vec![0.0; w.len()];
        let mut normed = vec![0.0; gradient.len()];
        // Feed-forward.
        let mut to_up = vec![0.0; rows * f];
        let mut active = vec![0.0; rows * f];
        let out = View::dense(gradient, rows, e);
        self.multiply(&mut to_up, f, Into::Set, out, View::dense(part(w, at.down, e * f), e, f), 1.0);
        gelu_back(&trace.up, &mut to_up, &mut active);
        self.multiply(&mut to_w[at.down..], f, Into::Set, out.t(), View::dense(&active, rows, f), 1.0);
        sum_rows(gradient, &mut to_w[at.down_bias..at.down_bias + e]);
        affine(&trace.unit2, part(w, at.ln2, e), part(w, at.ln2 + e, e), &mut normed);
        let up = View::dense(&to_up, rows, f);
        self.multiply(&mut to_w[at.up..], e, Into::Set, up.t(), View::dense(&normed, rows, e), 1.0);
        sum_rows(&to_up, &mut to_w[at.up_bias..at.up_bias + f]);
        let mut to_normed = vec![0.0; gradient.len()];
        self.multiply(&mut to_normed, e, Into::Set, up, View::dense(part(w, at.up, f * e), f, e), 1.0);
        let mut to_x = gradient.to_vec();
        let (to_weight, to_bias) = to_w[at.ln2..at.ln2 + 2 * e].split_at_mut(e);
        layer_norm_back(&trace.unit2, &trace.inverse2, part(w, at.ln2, e), &to_normed, &mut to_x, to_weight, to_bias);
        // Attention.
        let middle = to_x.clone();
        let middle = View::dense(&middle, rows, e);
        self.multiply(&mut to_w[at.out..], e, Into::Set, middle.t(), View::dense(&trace.mixed, rows, e), 1.0);
        sum_rows(&to_x, &mut to_w[at.out_bias..at.out_bias + e]);
        let mut to_mixed = vec![0.0; gradient.len()];
        self.multiply(&mut to_mixed, e, Into::Set, middle, View::dense(part(w, at.out, e * e), e, e), 1.0);
        let to_qkv = self.attend_back(trace, &to_mixed);
        affine(&trace.unit1, part(w, at.ln1, e), part(w, at.ln1 + e, e), &mut normed);
        let qkv = View::dense(&to_qkv, rows, 3 * e);
        self.multiply(&mut to_w[at.qkv..], e, Into::Set, qkv.t(), View::dense(&normed, rows, e), 1.0);
        sum_rows(&to_qkv, &mut to_w[at.qkv_bias..at.qkv_bias + 3 * e]);
        self.multiply(&mut to_normed, e, Into::Set, qkv, View::dense(part(w, at.qkv, 3 * e * e), 3 * e, e), 1.0);
        let (to_weight, to_bias) = to_w[at.ln1..at.ln1 + 2 * e].split_at_mut(e);
        layer_norm_back(&trace.unit1, &trace.inverse1, part(w, at.ln1, e), &to_normed, &mut to_x, to_weight, to_bias);
        (to_x, to_w)
    }
}

impl CustomOp2 for VisionBlock {
    fn name(&self) -> &'static str {
        "vision-block"
    }

    fn cpu_fwd(&self, x: &CpuStorage, x_layout: &Layout, w: &CpuStorage, w_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (y, trace) = self.forward(slice(x, x_layout)?, slice(w, w_layout)?);
        self.kept.put(trace);
        Ok((CpuStorage::F32(y), x_layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, w: &Tensor, _y: &Tensor, gradient: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let trace = self.kept.take()?;
        let gradient = gradient.contiguous()?;
        let (to_x, to_w) = with_numbers(&gradient, |gradient| with_numbers(w, |w| self.backward(w, &trace, gradient)))??;
        Ok((Some(Tensor::from_vec(to_x, x.shape(), x.device())?), Some(Tensor::from_vec(to_w, w.shape(), w.device())?)))
    }
}
