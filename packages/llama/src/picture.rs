//! The picture as the vision tower takes it. Done here because mtmd would letterbox a picture of another shape in black, where Gemma's own
//! preprocessor squashes it.

use image::imageops::{FilterType, resize};
use image::{ImageBuffer, Rgb};
use std::borrow::Cow;
use vedette_types::RgbPixels;

/// `side_px` x `side_px` RGB bytes: squashed with a triangle filter (antialiased bilinear). `None` only if the pixels break their own
/// invariant.
pub(crate) fn square(pixels: &RgbPixels, side_px: u32) -> Option<Cow<'_, [u8]>> {
    if pixels.width() == side_px && pixels.height() == side_px {
        return Some(Cow::Borrowed(pixels.rgb()));
    }
    let picture = ImageBuffer::<Rgb<u8>, &[u8]>::from_raw(pixels.width(), pixels.height(), pixels.rgb())?;
    Some(Cow::Owned(resize(&picture, side_px, side_px, FilterType::Triangle).into_raw()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
