//! Uncompressed rows to 8-bit RGB.
//!
//! In -> out: rows in one of the [`PixelEncoding`]s, with `step` and byte order -> packed RGB.
//! Deliberately absent: quality beyond what a vision model needs. Bayer pictures are interpolated over 2 x 2 neighbours; 16-bit grey is shown
//! by its high byte.

use crate::DecodeError;
use vedette_types::PixelEncoding;

/// A picture as `sensor_msgs/Image` describes it.
pub(crate) struct Raw<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) step: u32,
    pub(crate) encoding: PixelEncoding,
    pub(crate) is_bigendian: bool,
    pub(crate) data: &'a [u8],
}

/// Packed RGB, `width * height * 3` bytes. The caller has checked the number of pixels.
pub(crate) fn to_rgb(raw: &Raw<'_>) -> Result<Vec<u8>, DecodeError> {
    let (width, height, step) = (raw.width as usize, raw.height as usize, raw.step as usize);
    let row_bytes = width.saturating_mul(raw.encoding.bytes_per_pixel());
    if step < row_bytes || row_bytes == 0 {
        return Err(DecodeError::StepTooShort { width: raw.width, encoding: raw.encoding, step: raw.step });
    }
    // Some drivers leave out the padding of the last row.
    let needed_bytes = step.saturating_mul(height.saturating_sub(1)).saturating_add(row_bytes);
    if raw.data.len() < needed_bytes {
        return Err(DecodeError::CutShort { needed_bytes, found_bytes: raw.data.len() });
    }
    let row = |y: usize| y.checked_mul(step).and_then(|start| raw.data.get(start..start.checked_add(row_bytes)?)).unwrap_or_default();
    let mut rgb = vec![0; width.saturating_mul(height).saturating_mul(3)];
    for (y, out) in rgb.chunks_exact_mut(width.saturating_mul(3)).enumerate() {
        match raw.encoding {
            PixelEncoding::Rgb8 => out.copy_from_slice(row(y)),
            PixelEncoding::Bgr8 => each_pixel(out, row(y), |[b, g, r]: [u8; 3]| [r, g, b]),
            PixelEncoding::Rgba8 => each_pixel(out, row(y), |[r, g, b, _]: [u8; 4]| [r, g, b]),
            PixelEncoding::Bgra8 => each_pixel(out, row(y), |[b, g, r, _]: [u8; 4]| [r, g, b]),
            PixelEncoding::Mono8 => each_pixel(out, row(y), |[grey]: [u8; 1]| [grey; 3]),
            PixelEncoding::Mono16 if raw.is_bigendian => each_pixel(out, row(y), |[high, _]: [u8; 2]| [high; 3]),
            PixelEncoding::Mono16 => each_pixel(out, row(y), |[_, high]: [u8; 2]| [high; 3]),
            PixelEncoding::Uyvy => yuv_row(out, row(y), |[u, y0, v, y1]| (y0, y1, u, v)),
            PixelEncoding::Yuy2 => yuv_row(out, row(y), |[y0, u, y1, v]| (y0, y1, u, v)),
            PixelEncoding::BayerRggb8 => bayer_row(out, y, height, row, [0, 0]),
            PixelEncoding::BayerGrbg8 => bayer_row(out, y, height, row, [1, 0]),
            PixelEncoding::BayerGbrg8 => bayer_row(out, y, height, row, [0, 1]),
            PixelEncoding::BayerBggr8 => bayer_row(out, y, height, row, [1, 1]),
        }
    }
    Ok(rgb)
}

fn each_pixel<const N: usize>(out: &mut [u8], row: &[u8], convert: impl Fn([u8; N]) -> [u8; 3]) {
    for (out, pixel) in out.as_chunks_mut::<3>().0.iter_mut().zip(row.as_chunks::<N>().0) {
        *out = convert(*pixel);
    }
}

/// Two pixels share their colour difference. An odd last pixel has no V (or U) of its own and is shown grey.
fn yuv_row(out: &mut [u8], row: &[u8], order: impl Fn([u8; 4]) -> (u8, u8, u8, u8)) {
    let (pairs, rest) = row.as_chunks::<4>();
    for (out, pair) in out.chunks_mut(6).zip(pairs) {
        let (y0, y1, u, v) = order(*pair);
        for (out, byte) in out.iter_mut().zip([yuv_to_rgb(y0, u, v), yuv_to_rgb(y1, u, v)].as_flattened()) {
            *out = *byte;
        }
    }
    if let ([first, second], Some((_, last))) = (rest, out.split_last_chunk_mut::<3>()) {
        let (luma, ..) = order([*first, *second, *first, *second]);
        *last = yuv_to_rgb(luma, 128, 128);
    }
}

/// ITU-R BT.601 with limited range, in the integers that OpenCV and thereby cv_bridge use.
fn yuv_to_rgb(y: u8, u: u8, v: u8) -> [u8; 3] {
    let luma = 298 * (i32::from(y) - 16) + 128;
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    [luma + 409 * v, luma - 100 * u - 208 * v, luma + 516 * u].map(|sum| (sum >> 8).clamp(0, 255) as u8)
}

/// Every 2 x 2 window holds one red, two green and one blue sample, whatever its place. `red` is the column and row of the first red sample.
fn bayer_row<'a>(out: &mut [u8], y: usize, height: usize, row: impl Fn(usize) -> &'a [u8], red: [usize; 2]) {
    let own = row(y);
    let y = y.min(height.saturating_sub(2));
    let (upper, lower) = (row(y), row(y.saturating_add(1)));
    let is_red_row = y % 2 == red[1];
    let (pixels, _) = out.as_chunks_mut::<3>();
    let windows = upper.windows(2).zip(lower.windows(2));
    let mut last = None;
    for (x, (out, window)) in pixels.iter_mut().zip(windows).enumerate() {
        let (&[a, b], &[c, d]) = window else { continue };
        let (red_sample, green, blue) = match (x % 2 == red[0], is_red_row) {
            (true, true) => (a, [b, c], d),
            (false, true) => (b, [a, d], c),
            (true, false) => (c, [a, d], b),
            (false, false) => (d, [b, c], a),
        };
        *out = [red_sample, green[0].midpoint(green[1]), blue];
        last = Some(*out);
    }
    match (last, pixels) {
        (Some(colour), [.., end]) => *end = colour,
        // One row or one column holds no window: grey.
        (None, pixels) => pixels.iter_mut().zip(own).for_each(|(out, grey)| *out = [*grey; 3]),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Raw, to_rgb};
    use PixelEncoding::{BayerBggr8, BayerGbrg8, BayerGrbg8, BayerRggb8, Bgr8, Bgra8, Mono8, Mono16, Rgb8, Rgba8, Uyvy, Yuy2};
    use proptest::prelude::*;
    use vedette_types::PixelEncoding;

    const ALL: [PixelEncoding; 12] = [Rgb8, Bgr8, Rgba8, Bgra8, Mono8, Mono16, Uyvy, Yuy2, BayerRggb8, BayerBggr8, BayerGbrg8, BayerGrbg8];

    fn check(encoding: PixelEncoding, width: u32, data: &[u8], expected: &[u8]) {
        let step = width * encoding.bytes_per_pixel() as u32;
        let height = data.len() as u32 / step;
        let raw = Raw { width, height, step, encoding, is_bigendian: false, data };
        assert_eq!(to_rgb(&raw).as_deref(), Ok(expected), "{encoding:?}");
    }

    #[test]
    fn every_encoding_becomes_rgb() {
        check(Rgb8, 2, &[1, 2, 3, 4, 5, 6], &[1, 2, 3, 4, 5, 6]);
        check(Bgr8, 2, &[1, 2, 3, 4, 5, 6], &[3, 2, 1, 6, 5, 4]);
        check(Rgba8, 1, &[1, 2, 3, 9], &[1, 2, 3]);
        check(Bgra8, 1, &[1, 2, 3, 9], &[3, 2, 1]);
        check(Mono8, 2, &[7, 8], &[7, 7, 7, 8, 8, 8]);
        check(Mono16, 1, &[1, 200], &[200, 200, 200]);
        // Pure red by BT.601: Y 81, U 90, V 240.
        check(Uyvy, 2, &[90, 81, 240, 81], &[255, 0, 0, 255, 0, 0]);
        check(Yuy2, 2, &[81, 90, 81, 240], &[255, 0, 0, 255, 0, 0]);
        check(Uyvy, 1, &[128, 235], &[255, 255, 255]);
        check(Yuy2, 3, &[16, 128, 235, 128, 16, 128], &[0, 0, 0, 255, 255, 255, 0, 0, 0]);
    }

    #[test]
    fn every_bayer_pattern_shows_a_plain_colour_everywhere() {
        let [red, green, blue] = [200u8, 100, 50];
        for (encoding, quad) in [
            (BayerRggb8, [[red, green], [green, blue]]),
            (BayerBggr8, [[blue, green], [green, red]]),
            (BayerGbrg8, [[green, blue], [red, green]]),
            (BayerGrbg8, [[green, red], [blue, green]]),
        ] {
            for (width, height) in [(2, 2), (4, 4), (5, 3)] {
                let data: Vec<u8> = (0..height).flat_map(|y| (0..width).map(move |x| quad[y % 2][x % 2])).collect();
                check(encoding, width as u32, &data, &[red, green, blue].repeat(width * height));
            }
        }
        check(BayerRggb8, 1, &[9, 8], &[9, 9, 9, 8, 8, 8]);
    }

    #[test]
    fn padding_and_byte_order_are_honoured() {
        let raw = Raw { width: 1, height: 2, step: 4, encoding: Mono16, is_bigendian: true, data: &[1, 2, 0, 0, 3, 4] };
        assert_eq!(to_rgb(&raw), Ok(vec![1, 1, 1, 3, 3, 3]));
    }

    #[test]
    fn rows_that_are_not_there_are_an_error() {
        let check = |step: u32, length: usize, expected: &str| {
            let data = vec![0; length];
            let raw = Raw { width: 4, height: 3, step, encoding: Rgb8, is_bigendian: false, data: &data };
            assert_eq!(to_rgb(&raw).map_err(|fault| fault.to_string()), Err(expected.to_owned()));
        };
        check(11, 99, "row step too short for 4 pixels of Rgb8: 11");
        check(0, 99, "row step too short for 4 pixels of Rgb8: 0");
        check(12, 35, "picture of 36 bytes is cut short: 35");
        check(12, 0, "picture of 36 bytes is cut short: 0");
    }

    proptest! {
        #[test]
        fn any_shape_is_converted_or_refused(
            width in 0u32..20, height in 1u32..20, step in 0u32..90, length in 0usize..2000, index in 0usize..12, is_bigendian: bool,
        ) {
            let data: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let raw = Raw { width, height, step, encoding: ALL[index], is_bigendian, data: &data };
            if let Ok(rgb) = to_rgb(&raw) {
                prop_assert_eq!(rgb.len() as u32, width * height * 3);
            }
        }
    }
}
