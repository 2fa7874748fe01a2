//! From light to bytes: exposure, vignette, shoulder, sRGB, sensor noise.
//!
//! In -> out: a painted band -> its RGB bytes. Deliberately absent: automatic exposure; the camera says how long it looks.

use super::{
    noise::{hash, unit},
    vector::V3,
};
use crate::Camera;
use std::sync::LazyLock;

/// Steps for each doubling of light, from `DARKEST` over `OCTAVES` doublings.
const STEPS: usize = 256;
const OCTAVES: usize = 17;
/// 2^-12: below it all is black enough.
const DARKEST: f32 = 1.0 / 4096.0;

/// Display value in 256ths by the upper bits of the exposed light: no division and no power a pixel.
static CURVE: LazyLock<Box<[i32; STEPS * OCTAVES]>> = LazyLock::new(|| {
    let value = |step: usize| {
        let light = f32::from_bits(DARKEST.to_bits() + (step as u32) * 0x8000 + 0x4000);
        (255.0 * 256.0 * srgb(shoulder(light)) + 128.0) as i32
    };
    Box::new(std::array::from_fn(value))
});

/// Display value of an exposed light.
#[inline]
fn display(curve: &[i32; STEPS * OCTAVES], light: f32) -> i32 {
    let step = light.max(DARKEST).to_bits().wrapping_sub(DARKEST.to_bits()) >> 15;
    curve[(step as usize).min(STEPS * OCTAVES - 1)]
}

const NOISES: usize = 1024;

/// Normal deviates, mean 0 and deviation 1: sums of twelve even ones.
static NOISE: LazyLock<[f32; NOISES]> = LazyLock::new(|| {
    let mut noise = [0.0; NOISES];
    for (number, value) in noise.iter_mut().enumerate() {
        let even = |part: u32| unit(hash(number as u32 * 12 + part + 90_001));
        *value = (0..12).map(even).sum::<f32>() - 6.0;
    }
    noise
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

/// What is the same for all bands of a picture.
pub(super) struct Film {
    /// Of each channel: exposure and white balance.
    exposure: V3,
    width: usize,
    height: usize,
    noise_seed: u32,
    /// Deviates in 256ths of a display step.
    noise: [i32; NOISES],
    curve: &'static [i32; STEPS * OCTAVES],
}

impl Film {
    pub(super) fn new(camera: &Camera) -> Self {
        let exposure = if camera.exposure.is_finite() { camera.exposure.clamp(0.0, 1e3) } else { 1.0 };
        let noise = if camera.noise.is_finite() { camera.noise.clamp(0.0, 1.0) } else { 0.0 };
        Self {
            exposure: camera.tint.map(|gain| exposure * if gain.is_finite() { gain.clamp(0.0, 16.0) } else { 1.0 }),
            width: camera.width as usize,
            height: camera.height as usize,
            noise_seed: hash((camera.noise_seed as u32) ^ hash((camera.noise_seed >> 32) as u32 ^ 0x5e5e)),
            noise: NOISE.map(|deviate| (deviate * noise * 255.0 * 256.0) as i32),
            curve: &CURVE,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Bytes of rows, the first of them `top`, from their colours.
    pub(super) fn develop(&self, colours: &[V3], top: usize, bytes: &mut [u8]) {
        let (half_width, half_height) = (self.width as f32 * 0.5, self.height as f32 * 0.5);
        let dimming = VIGNETTE / (half_width * half_width + half_height * half_height);
        for (line, bytes) in bytes.chunks_exact_mut(self.width * 3).enumerate() {
            let row = top + line;
            let dy = row as f32 + 0.5 - half_height;
            let colours = &colours[line * self.width..];
            for (column, (pixel, colour)) in bytes.chunks_exact_mut(3).zip(colours).enumerate() {
                let dx = column as f32 + 0.5 - half_width;
                let dimmed = 1.0 - dimming * (dx * dx + dy * dy);
                let gain = self.exposure.map(|exposure| exposure * dimmed);
                // Three tens of bits of one hash choose the noise of three channels.
                let pick = hash((row * self.width + column) as u32 ^ self.noise_seed);
                for channel in 0..3 {
                    let deviate = self.noise[(pick >> (10 * channel)) as usize & (NOISES - 1)];
                    let value = (display(self.curve, colour[channel] * gain[channel]) + deviate) >> 8;
                    pixel[channel] = value.clamp(0, 255) as u8;
                }
            }
        }
    }
}
