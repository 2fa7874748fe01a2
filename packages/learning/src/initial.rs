//! First values of the weights. In -> out: a part, a seed -> its numbers; the same seed gives the same bits.
//!
//! A small tower has too few examples to find out what every vision tower learns first, so it begins with it: wave filters for patches, sines for places,
//! and queries that look for keys like themselves (Trockman and Kolter 2023, "Mimetic initialization of self-attention layers").
//! Deliberately absent: which parts there are (`parameters`).

use crate::parameters::Part;
use crate::{Random, Shape};
use std::f32::consts::PI;

/// How a part begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    Zeros,
    Ones,
    /// Small, so that a residual branch begins as almost nothing.
    Faint,
    /// Normal with deviation 1 / sqrt(fan in).
    FanIn,
    /// The same, divided by the square root of twice the layers.
    Residual,
    /// Normal with deviation 0.02.
    Small,
    /// Cosines and opponent colours.
    Patches,
    /// Sines of column and row.
    Positions,
    /// Of the queries and keys of a block: the same rotation, so that like finds like, and something of its own.
    Alike,
}

/// Strength of the rotation that queries and keys share, and of what each has of its own.
const ALIKE: f32 = 0.8;
const OWN: f32 = 0.3;

pub(crate) fn fill(shape: &Shape, part: &Part, seed: u64, values: &mut [f32]) {
    let mut random = Random::named(&part.name, seed);
    let fan_in = part.sides.last().copied().unwrap_or(1).max(1) as f32;
    let deviation = match part.fill {
        Fill::Zeros => return values.fill(0.0),
        Fill::Ones => return values.fill(1.0),
        Fill::Faint => return values.fill(0.4),
        Fill::Patches => return fill_patches(shape, values),
        Fill::Positions => return fill_positions(shape, values),
        Fill::Alike => return fill_alike(part, seed, values),
        Fill::FanIn => 1.0 / fan_in.sqrt(),
        Fill::Residual => 1.0 / (fan_in * 2.0 * shape.vision.n_layer as f32).sqrt(),
        Fill::Small => 0.02,
    };
    values.iter_mut().for_each(|value| *value = random.normal() * deviation);
}

/// Opponent colours times the lowest two-dimensional cosines, high ones raised towards a flat spectrum: natural pictures have most of
/// their power in the low ones.
fn fill_patches(shape: &Shape, values: &mut [f32]) {
    let side = shape.vision.patch_px;
    let mut waves: Vec<(usize, usize)> = (0..side).flat_map(|y| (0..side).map(move |x| (y, x))).collect();
    waves.sort_by_key(|(y, x)| (y * y + x * x, *y));
    const COLOURS: [[f32; 3]; 3] = [[0.577, 0.577, 0.577], [0.707, 0.0, -0.707], [-0.408, 0.816, -0.408]];
    let wave = |frequency: usize, place: usize| {
        let gain = if frequency == 0 { 1.0 } else { 2.0_f32.sqrt() } / (side as f32).sqrt();
        gain * (PI * (place as f32 + 0.5) * frequency as f32 / side as f32).cos()
    };
    for (index, value) in values.iter_mut().enumerate() {
        let (output, input) = (index / shape.vision.patch_len(), index % shape.vision.patch_len());
        let (colour, place) = (input / (side * side), input % (side * side));
        let (fy, fx) = waves.get(output / 3).copied().unwrap_or((0, 0));
        let raised = 1.0 + ((fy * fy + fx * fx) as f32).sqrt();
        let gain = raised * if output % 3 == 0 { 1.0 } else { 2.5 } * 0.06 * 16.0 / side as f32;
        let weight = COLOURS.get(output % 3).and_then(|colours| colours.get(colour)).copied().unwrap_or(0.0);
        *value = weight * wave(fy, place / side) * wave(fx, place % side) * gain;
    }
}

fn fill_positions(shape: &Shape, values: &mut [f32]) {
    let (side, width) = (shape.vision.patches_to_a_side(), shape.vision.n_embd);
    let quarter = (width / 4).max(1);
    for (index, value) in values.iter_mut().enumerate() {
        let (patch, place) = (index / width, index % width);
        let (along, place) = if place < 2 * quarter { (patch % side, place) } else { (patch / side, place - 2 * quarter) };
        let (frequency, is_cosine) = (place % quarter, place / quarter % 2 == 1);
        let angle = (along as f32 + 0.5) * 100.0_f32.powf(-(frequency as f32) / quarter as f32);
        *value = 0.4 * if is_cosine { angle.cos() } else { angle.sin() };
    }
}

/// A rotation named after the block, plus noise named after the part.
fn fill_alike(part: &Part, seed: u64, values: &mut [f32]) {
    let side = part.sides.last().copied().unwrap_or(1).max(1);
    let block = part.name.rsplit_once(".attn").map_or(part.name.as_str(), |(block, _)| block);
    let rotation = rotation(side, &mut Random::named(block, seed));
    let mut own = Random::named(&part.name, seed);
    let deviation = OWN / (side as f32).sqrt();
    for (value, turned) in values.iter_mut().zip(rotation) {
        *value = ALIKE * turned + deviation * own.normal();
    }
}

/// A random orthogonal matrix: normal rows, made perpendicular one after the other (Gram and Schmidt).
fn rotation(side: usize, random: &mut Random) -> Vec<f32> {
    let mut rows: Vec<Vec<f32>> = Vec::with_capacity(side);
    while rows.len() < side {
        let mut row: Vec<f32> = (0..side).map(|_| random.normal()).collect();
        // Twice: once leaves what rounding lets through.
        for _ in 0..2 {
            for known in &rows {
                let along: f32 = row.iter().zip(known).map(|(a, b)| a * b).sum();
                row.iter_mut().zip(known).for_each(|(a, b)| *a -= along * b);
            }
        }
        let length = row.iter().map(|a| a * a).sum::<f32>().sqrt();
        if length > 1e-3 {
            rows.push(row.into_iter().map(|a| a / length).collect());
        }
    }
    rows.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_keeps_lengths_and_angles() {
        let (side, rows) = (24, rotation(24, &mut Random::new(1)));
        for a in 0..side {
            for b in 0..side {
                let product: f32 = (0..side).map(|i| rows[a * side + i] * rows[b * side + i]).sum();
                assert!((product - f32::from(u8::from(a == b))).abs() < 1e-4, "{a} {b}: {product}");
            }
        }
    }
}
