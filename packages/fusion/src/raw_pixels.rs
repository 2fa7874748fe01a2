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
        (None, pixels) => pixels.iter_mut().zip(upper).for_each(|(out, grey)| *out = [*grey; 3]),
        _ => {}
    }
}
