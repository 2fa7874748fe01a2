//! A picture with its assessment drawn into it. In -> out: pixels and an assessment -> pixels with a banner (verdict, confidence, stamp) and the
//! sector of each hazard; pixels -> JPEG.
//!
//! Deliberately absent: outlines of objects (the model gives a bearing) and fonts of the system.

use crate::RrdError;
use crate::font::{HEIGHT, WIDTH, glyph};
use crate::overlay::{View, verdict_rgb};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};
use vedette_types::{Assessment, RgbPixels};

/// Longest side of a raw picture that is kept, pixels. Encoding a frame of 640x480 takes 15 ms, which at two frames a second would be what a
/// replay at 20 times real time has for all its work; the bag has the original.
const KEPT_SIDE_PX: u32 = 400;

/// JPEG quality: at 640x480 about 40 KB, and no blocks that a person would notice.
const JPEG_QUALITY: u8 = 80;

/// Draws `assessment` into a copy of `pixels`; `horizontal_fov_rad` is the camera's.
#[must_use]
pub fn annotate(pixels: &RgbPixels, assessment: &Assessment, horizontal_fov_rad: f64) -> RgbPixels {
    let (width_px, height_px) = (pixels.width(), pixels.height());
    let Some(mut canvas) = RgbImage::from_raw(width_px, height_px, pixels.rgb().to_vec()) else {
        return pixels.clone();
    };
    let scale = (width_px / 320).clamp(1, 8);
    let line_px = (HEIGHT + 4) * scale;
    let view = View { width_px, height_px, horizontal_fov_rad };
    for (index, mark) in view.marks(&assessment.hazards).iter().enumerate() {
        let (left, right) = (mark.left_px as u32, mark.right_px as u32);
        frame(&mut canvas, (left, line_px), (right, height_px), scale, Rgb(mark.rgb));
        let below = line_px + u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(line_px);
        let label_px = u32::try_from(mark.label.chars().count()).unwrap_or(u32::MAX).saturating_mul((WIDTH + 1) * scale);
        fill(
            &mut canvas,
            (left, below),
            (left.saturating_add(label_px).saturating_add(3 * scale), below.saturating_add(line_px)),
            Rgb(mark.rgb),
        );
        text(&mut canvas, (left + 2 * scale, below.saturating_add(2 * scale)), scale, &mark.label, Rgb([0; 3]));
    }
    fill(&mut canvas, (0, 0), (width_px, line_px), Rgb(verdict_rgb(assessment.verdict)));
    let banner = format!("{} {:.2}  {}", assessment.verdict, assessment.confidence.get(), assessment.image_stamp);
    text(&mut canvas, (2 * scale, 2 * scale), scale, &banner, Rgb([255; 3]));
    RgbPixels::new(width_px, height_px, canvas.into_raw()).unwrap_or_else(|| pixels.clone())
}

/// The pixels as a JPEG file.
///
/// # Errors
/// [`RrdError::Picture`] for a picture that JPEG cannot hold (a side above 65535 pixels).
pub fn jpeg(pixels: &RgbPixels) -> Result<Vec<u8>, RrdError> {
    let (width, height) = (pixels.width(), pixels.height());
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode(pixels.rgb(), width, height, ExtendedColorType::Rgb8)
        .map_err(|error| RrdError::Picture { width, height, detail: error.to_string() })?;
    Ok(bytes)
}

/// The picture at a half, a third, ... of its size, so that no side is above 400; each pixel is the mean of those it stands for.
#[must_use]
pub fn shrunk(pixels: &RgbPixels) -> RgbPixels {
    let step = pixels.width().max(pixels.height()).div_ceil(KEPT_SIDE_PX);
    let (width, height) = ((pixels.width() / step).max(1), (pixels.height() / step).max(1));
    // A picture thinner than the step has fewer pixels to take the mean of.
    let (across, down) = (step.min(pixels.width()), step.min(pixels.height()));
    if step <= 1 {
        return pixels.clone();
    }
    let row_bytes = pixels.width() as usize * 3;
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for band in pixels.rgb().chunks_exact(row_bytes * down as usize).take(height as usize) {
        let mut sums = vec![[0_u32; 3]; width as usize];
        for row in band.chunks_exact(row_bytes) {
            for (sum, block) in sums.iter_mut().zip(row.chunks_exact(across as usize * 3)) {
                for pixel in block.as_chunks::<3>().0 {
                    for (total, value) in sum.iter_mut().zip(pixel) {
                        *total += u32::from(*value);
                    }
                }
            }
        }
        rgb.extend(sums.iter().flatten().map(|sum| (sum / (across * down)) as u8));
    }
    RgbPixels::new(width, height, rgb).unwrap_or_else(|| pixels.clone())
}

/// Fills the rectangle from `(left, top)` to before `(right, bottom)`, as far as it lies in the picture.
fn fill(canvas: &mut RgbImage, (left, top): (u32, u32), (right, bottom): (u32, u32), color: Rgb<u8>) {
    for y in top..bottom.min(canvas.height()) {
        for x in left..right.min(canvas.width()) {
            canvas.put_pixel(x, y, color);
        }
    }
}

fn frame(canvas: &mut RgbImage, (left, top): (u32, u32), (right, bottom): (u32, u32), line_px: u32, color: Rgb<u8>) {
    fill(canvas, (left, top), (right, top + line_px), color);
    fill(canvas, (left, bottom.saturating_sub(line_px).max(top)), (right, bottom), color);
    fill(canvas, (left, top), (left + line_px, bottom), color);
    fill(canvas, (right.saturating_sub(line_px).max(left), top), (right, bottom), color);
}

/// Writes one line; what does not fit is cut off.
pub(crate) fn text(canvas: &mut RgbImage, (left, top): (u32, u32), scale: u32, line: &str, color: Rgb<u8>) {
    let mut x = left;
    for character in line.chars() {
        if x >= canvas.width() || top >= canvas.height() {
            return;
        }
        for (row, bits) in (0..HEIGHT).zip(glyph(character)) {
            for column in (0..WIDTH).filter(|column| bits >> (WIDTH - 1 - column) & 1 == 1) {
                let at = (x + column * scale, top + row * scale);
                fill(canvas, at, (at.0 + scale, at.1 + scale), color);
            }
        }
        x += (WIDTH + 1) * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::{Hazard, KindId, Probability, Severity, Sha256, Stamp, StreamId, Verdict};

    fn assessment(bearing_rad: Option<f64>, kind: &str) -> Assessment {
        let hazard = Hazard {
            kind: KindId::new(kind),
            severity: Severity::High,
            confidence: Probability::ONE,
            bearing_rad,
            range_m: Some(f64::NAN),
            position_m: None,
            valid_until: Stamp::default(),
        };
        Assessment {
            image_stamp: Stamp::from_nanos(1_700_000_000_000_000_000),
            camera: StreamId::new("/camera"),
            arrived: Stamp::default(),
            verdict: Verdict::Hazard,
            confidence: Probability::ONE,
            hazards: vec![hazard],
            answer: None,
            fault: None,
            model_sha256: Sha256::default(),
            valid_until: Stamp::default(),
        }
    }

    fn grey(width: u32, height: u32) -> RgbPixels {
        RgbPixels::new(width, height, vec![128; (width * height * 3) as usize]).expect("a picture")
    }

    #[test]
    fn the_banner_is_above_and_the_mark_around_the_sector() {
        let drawn = annotate(&grey(320, 240), &assessment(Some(0.0), "fire"), 1.2);
        let at = |x: usize, y: usize| drawn.rgb()[(y * 320 + x) * 3..][..3].to_vec();
        assert_eq!(at(319, 0), verdict_rgb(Verdict::Hazard));
        assert_eq!(at(128, 200), [230, 30, 40], "left edge of the middle fifth");
        assert_eq!(at(160, 200), [128; 3], "inside the mark");
        assert_eq!(at(20, 200), [128; 3], "outside the mark");
    }

    #[test]
    fn any_size_and_any_text_is_drawn() {
        let (ancient, long) = ("x".repeat(10_000), "ÄÖ\n\u{202e}".repeat(50));
        for (width, height) in [(1, 1), (1, 4000), (4000, 1), (3, 7), (320, 240)] {
            for kind in ["", "fire", &ancient, &long] {
                for bearing_rad in [None, Some(0.3), Some(f64::NAN), Some(f64::NEG_INFINITY)] {
                    let drawn = annotate(&grey(width, height), &assessment(bearing_rad, kind), 1.2);
                    assert_eq!((drawn.width(), drawn.height()), (width, height));
                }
            }
        }
    }

    #[test]
    fn a_large_picture_is_kept_small() {
        for ((width, height), kept) in [
            ((400, 300), (400, 300)),
            ((640, 480), (320, 240)),
            ((1920, 1080), (384, 216)),
            ((5, 4000), (1, 400)),
            ((100_000, 1), (400, 1)),
        ] {
            let small = shrunk(&grey(width, height));
            assert_eq!((small.width(), small.height()), kept);
            assert!(small.rgb().iter().all(|value| *value == 128));
        }
        let stripes: Vec<u8> = (0..1280 * 2 * 3).map(|i| if i / 3 % 2 == 0 { 0 } else { 200 }).collect();
        assert_eq!(shrunk(&RgbPixels::new(1280, 2, stripes).expect("a picture")).rgb()[..3], [100; 3]);
    }

    #[test]
    fn a_jpeg_decodes_to_the_same_size() {
        let bytes = jpeg(&grey(33, 17)).expect("a picture");
        let back = image::load_from_memory(&bytes).expect("a JPEG");
        assert_eq!((back.width(), back.height()), (33, 17));
        assert!(jpeg(&grey(1, 70_000)).is_err(), "JPEG has 16-bit sides");
    }
}
