//! What light, lens and camera may do to a picture. In -> out: the bytes of a square picture and a random stream -> other bytes of the same scene.
//!
//! The network is to know things by their form and not by the few surfaces that the training scenes have: colours are turned, shade falls across, and a random
//! filter changes every surface at once (Xu et al. 2021, "Robust and generalizable visual representation learning via random convolutions"). Nothing moves.

use crate::Random;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use image::{ExtendedColorType, ImageBuffer, ImageFormat, Rgb};
use std::f32::consts::TAU;

/// Changes a picture of `side` x `side` RGB bytes at random, never so that it could not be judged any more.
pub(crate) fn disturb(rgb: &mut Vec<u8>, side: usize, random: &mut Random) {
    if random.chance(0.25) {
        filter(rgb, side, random);
    }
    if random.chance(0.6) {
        turn_colours(rgb, random);
    }
    if random.chance(0.35) {
        shade(rgb, side, random);
    }
    light(rgb, random);
    if random.chance(0.15) {
        soften(rgb, side);
    }
    if random.chance(0.1)
        && let Some(coarse) = coarsened(rgb, side, random.within(0.6, 0.95))
    {
        *rgb = coarse;
    }
    if random.chance(0.35) {
        let deviation = random.within(1.0, 9.0);
        rgb.iter_mut().for_each(|value| *value = byte(f32::from(*value) + deviation * random.normal()));
    }
    if random.chance(0.25) {
        let quality = random.within(35.0, 95.0) as u8;
        if let Some(pressed) = compressed(rgb, side, quality) {
            *rgb = pressed;
        }
    }
}

fn byte(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}

/// Taps of a random filter: 3 x 3 pixels of three channels.
const TAPS: usize = 27;
/// Largest share of the filtered picture in the mixture.
const MOST_FILTERED: f32 = 0.7;

/// Mixed with itself under a random 3 x 3 filter over all channels, brought back to the picture's own mean and deviation.
fn filter(rgb: &mut [u8], side: usize, random: &mut Random) {
    let share = random.within(0.1, MOST_FILTERED);
    let wide = side + 2;
    let planes: [Vec<f32>; 3] = std::array::from_fn(|channel| padded(rgb, side, channel));
    for channel in 0..3 {
        let taps: [f32; TAPS] = std::array::from_fn(|_| random.normal());
        let mut out = vec![0.0_f32; side * side];
        for (y, row) in out.chunks_exact_mut(side).enumerate() {
            for (index, tap) in taps.iter().enumerate() {
                let (plane, place) = (&planes[index / 9], index % 9);
                let start = (y + place / 3) * wide + place % 3;
                row.iter_mut().zip(&plane[start..start + side]).for_each(|(sum, value)| *sum += tap * value);
            }
        }
        let (mean, deviation) = moments(out.iter().copied());
        let (own_mean, own_deviation) = moments(rgb.iter().skip(channel).step_by(3).map(|value| f32::from(*value)));
        let gain = own_deviation / deviation.max(1e-3);
        for (value, filtered) in rgb.iter_mut().skip(channel).step_by(3).zip(&out) {
            *value = byte((1.0 - share) * f32::from(*value) + share * ((filtered - mean) * gain + own_mean));
        }
    }
}

/// One channel with its border repeated once on every side.
fn padded(rgb: &[u8], side: usize, channel: usize) -> Vec<f32> {
    let last = side.saturating_sub(1);
    let rows = (0..side + 2).map(|y| y.saturating_sub(1).min(last));
    let of_row = |y: usize| (0..side + 2).map(move |x| f32::from(rgb[(y * side + x.saturating_sub(1).min(last)) * 3 + channel]));
    rows.flat_map(of_row).collect()
}

/// Mean and standard deviation.
fn moments(values: impl Iterator<Item = f32>) -> (f32, f32) {
    let (mut count, mut sum, mut squares) = (0.0_f64, 0.0, 0.0);
    for value in values.map(f64::from) {
        (count, sum, squares) = (count + 1.0, sum + value, squares + value * value);
    }
    let mean = sum / count.max(1.0);
    (mean as f32, (squares / count.max(1.0) - mean * mean).max(0.0).sqrt() as f32)
}

/// Share of red, green and blue in brightness (ITU-R BT.601).
const BRIGHTNESS: [f32; 3] = [0.299, 0.587, 0.114];

/// Hue turned by up to 20 degrees about grey, colours paler or stronger, now and then gone.
fn turn_colours(rgb: &mut [u8], random: &mut Random) {
    let (sin, cos) = random.within(-0.35, 0.35).sin_cos();
    let strength = if random.chance(0.08) { 0.0 } else { random.within(0.4, 1.5) };
    let across = sin / 3.0_f32.sqrt();
    for pixel in rgb.chunks_exact_mut(3) {
        let [r, g, b] = [0, 1, 2].map(|channel| f32::from(pixel[channel]));
        let grey = BRIGHTNESS[0] * r + BRIGHTNESS[1] * g + BRIGHTNESS[2] * b;
        let mean = (r + g + b) / 3.0 * (1.0 - cos);
        // Rodrigues' rotation about the grey axis.
        let turned = [cos * r + across * (b - g) + mean, cos * g + across * (r - b) + mean, cos * b + across * (g - r) + mean];
        pixel.iter_mut().zip(turned).for_each(|(value, turned)| *value = byte(grey + strength * (turned - grey)));
    }
}

/// Light that falls off across the picture, and half of the time a shadow's edge.
fn shade(rgb: &mut [u8], side: usize, random: &mut Random) {
    let direction = |random: &mut Random| random.within(0.0, TAU).sin_cos();
    let (slope, fall) = (random.within(0.0, 0.5), direction(random));
    let (depth, edge) = if random.chance(0.5) { (random.within(0.1, 0.5), direction(random)) } else { (0.0, (0.0, 1.0)) };
    let (place, softness) = (random.within(-0.3, 0.3), random.within(0.01, 0.2));
    for (y, row) in rgb.chunks_exact_mut(side * 3).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let at = [x, y].map(|place| place as f32 / side as f32 - 0.5);
            let shadow = ((fall_along(at, edge) - place) / softness).clamp(0.0, 1.0);
            let gain = (1.0 + slope * 2.0 * fall_along(at, fall)) * (1.0 - depth * shadow);
            pixel.iter_mut().for_each(|value| *value = byte(f32::from(*value) * gain));
        }
    }
}

fn fall_along(at: [f32; 2], (sin, cos): (f32, f32)) -> f32 {
    at[0] * cos + at[1] * sin
}

/// Gamma, gain and offset for each channel, by a table.
fn light(rgb: &mut [u8], random: &mut Random) {
    let gamma = 2.0_f32.powf(random.within(-0.5, 0.5));
    let gain = random.within(0.8, 1.2);
    let offset = random.within(-0.06, 0.06);
    let mut table = [[0_u8; 256]; 3];
    for channel in &mut table {
        let tint = random.within(0.92, 1.08);
        for (value, place) in channel.iter_mut().enumerate() {
            let lit = (value as f32 / 255.0).powf(gamma) * gain * tint + offset;
            *place = byte(lit * 255.0);
        }
    }
    for pixel in rgb.chunks_exact_mut(3) {
        for (value, channel) in pixel.iter_mut().zip(&table) {
            *value = channel[usize::from(*value)];
        }
    }
}

/// The mean of each pixel and its neighbours to the right and below.
fn soften(rgb: &mut [u8], side: usize) {
    let row = side * 3;
    for index in 0..rgb.len().saturating_sub(row + 3) {
        let sum = u32::from(rgb[index]) + u32::from(rgb[index + 3]) + u32::from(rgb[index + row]) + u32::from(rgb[index + row + 3]);
        rgb[index] = (sum / 4) as u8;
    }
}

/// As from a camera with fewer pixels.
fn coarsened(rgb: &[u8], side: usize, share: f32) -> Option<Vec<u8>> {
    let whole = side as u32;
    let fewer = ((side as f32 * share) as u32).max(1);
    let picture = ImageBuffer::<Rgb<u8>, &[u8]>::from_raw(whole, whole, rgb)?;
    Some(resize(&resize(&picture, fewer, fewer, FilterType::Triangle), whole, whole, FilterType::Triangle).into_raw())
}

/// Through JPEG and back.
fn compressed(rgb: &[u8], side: usize, quality: u8) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality).encode(rgb, side as u32, side as u32, ExtendedColorType::Rgb8).ok()?;
    let back = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).ok()?.into_rgb8().into_raw();
    (back.len() == rgb.len()).then_some(back)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(side: usize) -> Vec<u8> {
        (0..side * side * 3).map(|index| (index * 7 % 251) as u8).collect()
    }

    #[test]
    fn a_filter_keeps_mean_and_deviation() {
        let mut rgb: Vec<u8> = (0..32 * 32 * 3).map(|index| (90 + index * 7 % 61) as u8).collect();
        let channel = |rgb: &[u8]| moments(rgb.iter().step_by(3).map(|value| f32::from(*value)));
        let before = channel(&rgb);
        filter(&mut rgb, 32, &mut Random::new(3));
        let after = channel(&rgb);
        assert!((before.0 - after.0).abs() < 1.5, "{before:?} {after:?}");
        assert!(after.1 < before.1 * 1.05, "{before:?} {after:?}");
    }

    #[test]
    fn grey_stays_grey_whatever_the_hue() {
        for seed in 0..20 {
            let mut rgb = vec![77; 8 * 8 * 3];
            turn_colours(&mut rgb, &mut Random::new(seed));
            assert!(rgb.iter().all(|value| value.abs_diff(77) <= 1), "seed {seed}");
        }
    }

    #[test]
    fn a_picture_keeps_its_size_and_its_form() {
        for seed in 0..60 {
            let mut rgb = picture(24);
            // A dark half beside a light one: whatever is done, it stays the darker one.
            for (index, value) in rgb.iter_mut().enumerate() {
                *value = if index / 3 % 24 < 12 { *value / 6 } else { 200 + *value / 6 };
            }
            disturb(&mut rgb, 24, &mut Random::new(seed));
            assert_eq!(rgb.len(), 24 * 24 * 3);
            let half = |is_left: bool| -> u32 {
                rgb.iter().enumerate().filter(|(index, _)| (index / 3 % 24 < 12) == is_left).map(|(_, value)| u32::from(*value)).sum()
            };
            assert!(half(true) < half(false), "seed {seed}");
        }
    }
}
