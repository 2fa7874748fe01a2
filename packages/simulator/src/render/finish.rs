//! From light to bytes: exposure, vignette, shoulder, sRGB, sensor noise.
//!
//! In -> out: a painted band -> its RGB bytes. Deliberately absent: automatic exposure; the camera says how long it looks.

use super::{canvas::Canvas, noise::hash};
use crate::Camera;
use std::sync::LazyLock;

const STEPS: usize = 4096;

/// Display value (0 to 255) by `x / (1 + x)`, `x` the exposed light.
static CURVE: LazyLock<[f32; STEPS]> = LazyLock::new(|| {
    let mut curve = [0.0; STEPS];
    for (step, value) in curve.iter_mut().enumerate() {
        let share = (step as f32 + 0.5) / STEPS as f32;
        *value = 255.0 * srgb(shoulder(share / (1.0 - share)));
    }
    curve
});

/// Straight up to 0.5, then ever flatter towards 1.
fn shoulder(light: f32) -> f32 {
    if light <= 0.5 { light } else { 1.0 - 0.25 / light }
}

/// IEC 61966-2-1.
fn srgb(linear: f32) -> f32 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// Light dims by this share from the middle to the corners.
const VIGNETTE: f32 = 0.24;

pub(super) fn develop(camera: &Camera, canvas: &Canvas, height: usize, bytes: &mut [u8]) {
    let exposure = if camera.exposure.is_finite() { camera.exposure.clamp(0.0, 1e3) } else { 1.0 };
    let noise = if camera.noise.is_finite() { camera.noise.clamp(0.0, 1.0) } else { 0.0 };
    // Four bytes have a standard deviation of 147.8 together.
    let noise_gain = noise * 255.0 / 147.8;
    let noise_seed = hash((camera.noise_seed as u32) ^ hash((camera.noise_seed >> 32) as u32 ^ 0x5e5e));
    let curve = &*CURVE;
    let (half_width, half_height) = (canvas.width as f32 * 0.5, height as f32 * 0.5);
    let corner = 1.0 / (half_width * half_width + half_height * half_height);
    for (index, pixel) in bytes.chunks_exact_mut(3).enumerate() {
        let (column, row) = (index % canvas.width, index / canvas.width + canvas.top);
        let (dx, dy) = (column as f32 + 0.5 - half_width, row as f32 + 0.5 - half_height);
        let gain = exposure * (1.0 - VIGNETTE * (dx * dx + dy * dy) * corner);
        let (colour, veil, through) = (canvas.colour[index], canvas.veil[index], canvas.through[index]);
        let number = (row * canvas.width + column) as u32;
        for channel in 0..3 {
            let light = ((colour[channel] * through + veil[channel]) * gain).max(0.0);
            let step = (light / (1.0 + light) * STEPS as f32) as usize;
            let mut value = curve[step.min(STEPS - 1)];
            if noise_gain > 0.0 {
                let bytes = hash(number.wrapping_mul(3).wrapping_add(channel as u32) ^ noise_seed).to_le_bytes();
                let sum: i32 = bytes.iter().map(|byte| i32::from(*byte)).sum();
                value += (sum - 510) as f32 * noise_gain;
            }
            pixel[channel] = (value + 0.5) as u8;
        }
    }
}
