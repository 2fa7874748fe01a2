//! The picture as the vision tower takes it. Done here because mtmd would letterbox a picture of another shape in black, where Gemma's own
//! preprocessor squashes it.
//!
//! The arithmetic is that of `image::imageops::resize` with its triangle filter, sum by sum, so the bytes are the same; written out because
//! the generic code was the longest step before the tower (8 ms for 640x480).

use std::borrow::Cow;
use vedette_types::RgbPixels;

const COLOURS: usize = 3;

/// `side_px` x `side_px` RGB bytes: squashed with a triangle filter (antialiased bilinear). `None` only if the pixels break their own
/// invariant.
pub(crate) fn square(pixels: &RgbPixels, side_px: u32) -> Option<Cow<'_, [u8]>> {
    if pixels.width() == side_px && pixels.height() == side_px {
        return Some(Cow::Borrowed(pixels.rgb()));
    }
    let width = pixels.width() as usize;
    let columns = taps(pixels.width(), side_px);
    let mut square = Vec::with_capacity(side_px as usize * side_px as usize * COLOURS);
    let mut row = vec![0.0_f32; width * COLOURS];
    for from_rows in taps(pixels.height(), side_px) {
        row.fill(0.0);
        for (source, weight) in (from_rows.first..).zip(&from_rows.weights) {
            let start = source * width * COLOURS;
            let bytes = pixels.rgb().get(start..start + width * COLOURS)?;
            row.iter_mut().zip(bytes).for_each(|(sum, byte)| *sum += f32::from(*byte) * weight);
        }
        for from_columns in &columns {
            let mut sums = [0.0_f32; COLOURS];
            let sources = row.get(from_columns.first * COLOURS..)?;
            for (source, weight) in sources.chunks_exact(COLOURS).zip(&from_columns.weights) {
                sums.iter_mut().zip(source).for_each(|(sum, value)| *sum += value * weight);
            }
            square.extend(sums.map(nearest));
        }
    }
    Some(Cow::Owned(square))
}

/// The nearest byte, halves up.
fn nearest(value: f32) -> u8 {
    let whole = value as u8; // towards 0, within 0..=255
    // The difference is exact, where adding a half first could round.
    if value - f32::from(whole) >= 0.5 { whole.saturating_add(1) } else { whole }
}

/// Which source lines one line is made of, and by how much.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

/// For each of `to` lines: the lines of `from` under a triangle that is one target line wide to each side (one source line, when enlarging).
fn taps(from: u32, to: u32) -> Vec<Taps> {
    let ratio = from as f32 / to as f32;
    let reach = ratio.max(1.0);
    (0..to)
        .map(|line| {
            let centre = (line as f32 + 0.5) * ratio;
            let last = i64::from(from) - 1;
            let first = ((centre - reach).floor() as i64).clamp(0, last);
            let end = ((centre + reach).ceil() as i64).clamp(first + 1, last + 1);
            // A line's own centre is a half from its edge.
            let centre = centre - 0.5;
            let mut weights: Vec<f32> = (first..end).map(|source| triangle((source as u32 as f32 - centre) / reach)).collect();
            let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
            weights.iter_mut().for_each(|weight| *weight /= sum);
            Taps { first: first as usize, weights }
        })
        .collect()
}

fn triangle(x: f32) -> f32 {
    if x.abs() < 1.0 { 1.0 - x.abs() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::imageops::{FilterType, resize};
    use image::{ImageBuffer, Rgb};
    use proptest::prelude::*;

    #[test]
    fn any_shape_becomes_the_square() {
        for (width, height) in [(1, 1), (8, 8), (640, 480), (1, 3000), (3000, 1)] {
            let pixels = RgbPixels::new(width, height, vec![200; (width * height * 3) as usize]).unwrap();
            let square = square(&pixels, 8).unwrap();
            assert_eq!(square.len(), 8 * 8 * 3);
            // No black bars.
            assert!(square.iter().all(|byte| *byte == 200), "{width} x {height}");
        }
    }

    #[test]
    fn left_stays_left() {
        let rgb = (0..400 * 100).flat_map(|i| if i % 400 < 200 { [255, 0, 0] } else { [0, 0, 255] }).collect();
        let pixels = RgbPixels::new(400, 100, rgb).unwrap();
        let square = square(&pixels, 4).unwrap();
        assert_eq!(&square[..3], [255, 0, 0]);
        assert_eq!(&square[9..12], [0, 0, 255]);
    }

    #[test]
    fn halves_go_up_and_nothing_leaves_the_byte() {
        let cases = [(0.0, 0), (0.499_999_97, 0), (0.5, 1), (1.5, 2), (254.5, 255), (255.4, 255), (-0.4, 0)];
        for (value, byte) in cases {
            assert_eq!(nearest(value), byte, "{value}");
        }
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_of_the_image_crate(width in 1_u32..90, height in 1_u32..90, side in 1_u32..60, seed in any::<u32>()) {
            let rgb: Vec<u8> = (0..width * height * 3).map(|i| (i.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 13) as u8).collect();
            let theirs = ImageBuffer::<Rgb<u8>, &[u8]>::from_raw(width, height, &rgb).unwrap();
            let theirs = resize(&theirs, side, side, FilterType::Triangle).into_raw();
            let pixels = RgbPixels::new(width, height, rgb.clone()).unwrap();
            prop_assert_eq!(square(&pixels, side).unwrap().into_owned(), theirs);
        }
    }
}
