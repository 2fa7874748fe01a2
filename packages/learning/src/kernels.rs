//! The loops between the matrix products, forward and backward, on slices. In -> out: rows of numbers in, rows out; gradients are added to.
//!
//! Each loop is compiled for the widest vectors that the processor has (`vedette_matmul::wide`) and runs on the calling thread. Sums go from first to last, so the same
//! input gives the same bits. Deliberately absent: shapes and layouts, which belong to the blocks.

use std::f32::consts::LOG2_E;
use vedette_matmul::wide;

/// e^x to about two units in the last place (Cody and Waite's reduction, a polynomial), so that the loop around it has no call.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    // Adding and subtracting 1.5 * 2^23 rounds to a whole number.
    let whole = (x * LOG2_E + 12_582_912.0) - 12_582_912.0;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut series = 1.388_889e-3;
    for coefficient in [8.333_333e-3, 4.166_666_7e-2, 1.666_666_7e-1, 0.5, 1.0, 1.0] {
        series = series * rest + coefficient;
    }
    series * f32::from_bits((((whole as i32) + 127) as u32) << 23)
}

const GELU_SCALE: f32 = 0.797_884_6;
const GELU_CUBE: f32 = 0.044_715;

/// The tanh form of GELU, as ggml computes it.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let u = GELU_SCALE * (x + GELU_CUBE * x * x * x);
    x / (1.0 + exp(-2.0 * u))
}

/// GELU and its derivative.
#[inline(always)]
fn gelu_slope(x: f32) -> (f32, f32) {
    let u = GELU_SCALE * (x + GELU_CUBE * x * x * x);
    let s = 1.0 / (1.0 + exp(-2.0 * u));
    (x * s, s + 2.0 * x * s * (1.0 - s) * GELU_SCALE * (1.0 + 3.0 * GELU_CUBE * x * x))
}

/// `out = gelu(x)`.
pub(crate) fn gelu_of(x: &[f32], out: &mut [f32]) {
    wide(|| out.iter_mut().zip(x).for_each(|(out, x)| *out = gelu(*x)));
}

/// `gradient *= gelu'(x)`, and gelu(x) into `value`.
pub(crate) fn gelu_back(x: &[f32], gradient: &mut [f32], value: &mut [f32]) {
    wide(|| {
        for ((x, gradient), value) in x.iter().zip(gradient).zip(value) {
            let (y, slope) = gelu_slope(*x);
            *value = y;
            *gradient *= slope;
        }
    });
}

/// Rows of (gate, up) halves: `out = gelu(gate) * up`.
pub(crate) fn gated(gate_up: &[f32], width: usize, out: &mut [f32]) {
    wide(|| {
        for (row, out) in gate_up.chunks_exact(2 * width).zip(out.chunks_exact_mut(width)) {
            let (gate, up) = row.split_at(width);
            out.iter_mut().zip(gate.iter().zip(up)).for_each(|(out, (gate, up))| *out = gelu(*gate) * up);
        }
    });
}

/// Gradient of [`gated`]: into `slopes`, laid out like `gate_up`; the product again into `value`.
pub(crate) fn gated_back(gate_up: &[f32], width: usize, gradient: &[f32], slopes: &mut [f32], value: &mut [f32]) {
    wide(|| {
        let rows = gate_up.chunks_exact(2 * width).zip(gradient.chunks_exact(width));
        for (((row, gradient), slopes), value) in rows.zip(slopes.chunks_exact_mut(2 * width)).zip(value.chunks_exact_mut(width)) {
            let (gate, up) = row.split_at(width);
            let (to_gate, to_up) = slopes.split_at_mut(width);
            for index in 0..width.min(gradient.len()) {
                let (y, slope) = gelu_slope(gate[index]);
                value[index] = y * up[index];
                to_gate[index] = gradient[index] * up[index] * slope;
                to_up[index] = gradient[index] * y;
            }
        }
    });
}

/// `rows += bias` in every row.
pub(crate) fn add_bias(rows: &mut [f32], bias: &[f32]) {
    wide(|| rows.chunks_exact_mut(bias.len()).for_each(|row| add(row, bias)));
}

/// `sum += rows`, over rows.
pub(crate) fn sum_rows(rows: &[f32], sum: &mut [f32]) {
    wide(|| rows.chunks_exact(sum.len()).for_each(|row| add(sum, row)));
}

/// `to += what`.
#[inline(always)]
fn add(to: &mut [f32], what: &[f32]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += what);
}

/// `to += what`.
pub(crate) fn add_to(to: &mut [f32], what: &[f32]) {
    wide(|| add(to, what));
}

const LAYER_EPSILON: f32 = 1e-6;

/// Layer norm without its weights: `unit = (x - mean) / deviation`; one over the deviation of each row into `inverse`.
pub(crate) fn centre(x: &[f32], width: usize, unit: &mut [f32], inverse: &mut [f32]) {
    wide(|| {
        let share = 1.0 / width as f32;
        for ((row, unit), inverse) in x.chunks_exact(width).zip(unit.chunks_exact_mut(width)).zip(inverse) {
            let mean = lanes(row, |x| x) * share;
            let variance = lanes(row, |x| (x - mean) * (x - mean)) * share;
            *inverse = 1.0 / (variance + LAYER_EPSILON).sqrt();
            unit.iter_mut().zip(row).for_each(|(unit, x)| *unit = (x - mean) * *inverse);
        }
    });
}

/// `out = unit * weight + bias`.
pub(crate) fn affine(unit: &[f32], weight: &[f32], bias: &[f32], out: &mut [f32]) {
    wide(|| {
        let width = weight.len();
        for (unit, out) in unit.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            for index in 0..width {
                out[index] = unit[index] * weight[index] + bias[index];
            }
        }
    });
}

/// Gradient of layer norm: adds to `to_x`, `to_weight` and `to_bias`.
pub(crate) fn layer_norm_back(
    unit: &[f32],
    inverse: &[f32],
    weight: &[f32],
    gradient: &[f32],
    to_x: &mut [f32],
    to_weight: &mut [f32],
    to_bias: &mut [f32],
) {
    wide(|| {
        let width = weight.len();
        let share = 1.0 / width as f32;
        let rows = unit.chunks_exact(width).zip(gradient.chunks_exact(width)).zip(inverse);
        for (((unit, gradient), inverse), to_x) in rows.zip(to_x.chunks_exact_mut(width)) {
            let mut scaled = [0.0_f32; MOST_WIDTH];
            let scaled = &mut scaled[..width];
            for index in 0..width {
                scaled[index] = gradient[index] * weight[index];
                to_weight[index] += gradient[index] * unit[index];
                to_bias[index] += gradient[index];
            }
            let mean = lanes(scaled, |x| x) * share;
            let along = dot(scaled, unit) * share;
            for index in 0..width {
                to_x[index] += inverse * (scaled[index] - mean - unit[index] * along);
            }
        }
    });
}

/// Widest row that a norm takes.
pub(crate) const MOST_WIDTH: usize = 1024;

const RMS_EPSILON: f32 = 1e-6;

/// RMS norm: `out = x * inverse * weight`, `inverse` = one over the root mean square of each row.
pub(crate) fn rms(x: &[f32], weight: &[f32], out: &mut [f32], inverse: &mut [f32]) {
    wide(|| {
        let width = weight.len();
        let share = 1.0 / width as f32;
        for ((row, out), inverse) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)).zip(inverse) {
            *inverse = 1.0 / (lanes(row, |x| x * x) * share + RMS_EPSILON).sqrt();
            for index in 0..width {
                out[index] = row[index] * *inverse * weight[index];
            }
        }
    });
}

/// Gradient of [`rms`]: adds to `to_x` and `to_weight`.
pub(crate) fn rms_back(x: &[f32], inverse: &[f32], weight: &[f32], gradient: &[f32], to_x: &mut [f32], to_weight: &mut [f32]) {
    wide(|| {
        let width = weight.len();
        let share = 1.0 / width as f32;
        let rows = x.chunks_exact(width).zip(gradient.chunks_exact(width)).zip(inverse);
        for (((row, gradient), inverse), to_x) in rows.zip(to_x.chunks_exact_mut(width)) {
            let mut scaled = [0.0_f32; MOST_WIDTH];
            let scaled = &mut scaled[..width];
            for index in 0..width {
                scaled[index] = gradient[index] * weight[index];
                to_weight[index] += gradient[index] * row[index] * inverse;
            }
            let along = dot(scaled, row) * share * inverse * inverse;
            for index in 0..width {
                to_x[index] += inverse * (scaled[index] - row[index] * along);
            }
        }
    });
}

/// Softmax of each row in place.
pub(crate) fn softmax(scores: &mut [f32], width: usize) {
    wide(|| {
        for row in scores.chunks_exact_mut(width) {
            let top = highest(row);
            row.iter_mut().for_each(|score| *score = exp(*score - top));
            let share = 1.0 / lanes(row, |x| x);
            row.iter_mut().for_each(|score| *score *= share);
        }
    });
}

/// Gradient of softmax: `gradient` of the probabilities becomes that of the scores.
pub(crate) fn softmax_back(probabilities: &[f32], width: usize, gradient: &mut [f32]) {
    wide(|| {
        for (row, gradient) in probabilities.chunks_exact(width).zip(gradient.chunks_exact_mut(width)) {
            let mean = dot(row, gradient);
            gradient.iter_mut().zip(row).for_each(|(gradient, p)| *gradient = p * (*gradient - mean));
        }
    });
}

/// Sums run in this many lanes: vectors add lane by lane, and the order is the same on every processor.
const LANES: usize = 16;

#[inline(always)]
fn lanes(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let whole = row.chunks_exact(LANES);
    let rest: f32 = whole.remainder().iter().map(|x| of(*x)).sum();
    for chunk in whole {
        for lane in 0..LANES {
            sums[lane] += of(chunk[lane]);
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
fn highest(row: &[f32]) -> f32 {
    let mut tops = [f32::MIN; LANES];
    let whole = row.chunks_exact(LANES);
    let rest = whole.remainder().iter().fold(f32::MIN, |a, b| a.max(*b));
    for chunk in whole {
        for lane in 0..LANES {
            tops[lane] = if chunk[lane] > tops[lane] { chunk[lane] } else { tops[lane] };
        }
    }
    tops.iter().fold(rest, |a, b| a.max(*b))
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_whole, b_whole) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_whole.remainder().iter().zip(b_whole.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_whole.zip(b_whole) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Turns each head of a row by its position (rotary embedding, the halves paired); `turn` is 1 forward and -1 backward. `angles` has
/// (cosine, sine) of half a head for each row.
pub(crate) fn rotate(heads: &mut [f32], head: usize, angles: &[(f32, f32)], turn: f32) {
    wide(|| {
        let half = head / 2;
        for row in heads.chunks_exact_mut(head) {
            let (low, high) = row.split_at_mut(half);
            for index in 0..half {
                let (cosine, sine) = angles[index];
                let sine = sine * turn;
                let (a, b) = (low[index], high[index]);
                low[index] = a * cosine - b * sine;
                high[index] = b * cosine + a * sine;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_the_exponential() {
        for step in -800..=800 {
            let x = step as f32 * 0.1;
            assert!((exp(x) / x.exp() - 1.0).abs() < 4e-7, "{x}: {} {}", exp(x), x.exp());
        }
        assert_eq!(exp(-1e30), exp(-87.0));
    }

    #[test]
    fn gelu_is_the_tanh_form_and_its_slope() {
        for step in -60..=60 {
            let x = step as f32 * 0.1;
            let expected = 0.5 * x * (1.0 + (GELU_SCALE * (x + GELU_CUBE * x.powi(3))).tanh());
            assert!((gelu(x) - expected).abs() < 2e-6, "{x}");
            let difference = (f64::from(gelu(x + 1e-2)) - f64::from(gelu(x - 1e-2))) / 2e-2;
            assert!((f64::from(gelu_slope(x).1) - difference).abs() < 2e-4, "{x}");
        }
    }
}
