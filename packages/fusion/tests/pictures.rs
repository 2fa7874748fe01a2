//! JPEG and PNG files: whole, broken, cut short, too large, mutated.

#![expect(clippy::unwrap_used, reason = "the functions shared by the tests may fail like the tests")]

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use proptest::prelude::*;
use std::sync::Arc;
use vedette_fusion::{DecodeError, decode};
use vedette_types::{ImageData, PixelEncoding};

const LIMIT: u64 = 100_000;

fn gradient(width: u32, height: u32) -> Vec<u8> {
    (0..height).flat_map(|y| (0..width).flat_map(move |x| [(x * 4) as u8, (y * 4) as u8, 128])).collect()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 90).write_image(&gradient(width, height), width, height, ExtendedColorType::Rgb8).unwrap();
    file
}

fn png(width: u32, height: u32, colour: ExtendedColorType, data: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(data, width, height, colour).unwrap();
    file
}

fn decode_jpeg(file: Vec<u8>) -> Result<vedette_types::RgbPixels, DecodeError> {
    decode(&ImageData::Jpeg(Arc::new(file)), LIMIT)
}

fn decode_png(file: Vec<u8>) -> Result<vedette_types::RgbPixels, DecodeError> {
    decode(&ImageData::Png(Arc::new(file)), LIMIT)
}

#[test]
fn whole_files_are_read() {
    let pixels = decode_jpeg(jpeg(64, 48)).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (64, 48));
    let error = pixels.rgb().iter().zip(gradient(64, 48)).map(|(a, b)| a.abs_diff(b)).max();
    assert!(error < Some(30), "{error:?}");
    let check = |colour: ExtendedColorType, data: &[u8], expected: &[u8]| {
        assert_eq!(decode_png(png(2, 1, colour, data)).unwrap().rgb(), expected, "{colour:?}");
    };
    check(ExtendedColorType::Rgb8, &[1, 2, 3, 4, 5, 6], &[1, 2, 3, 4, 5, 6]);
    check(ExtendedColorType::Rgba8, &[1, 2, 3, 9, 4, 5, 6, 9], &[1, 2, 3, 4, 5, 6]);
    check(ExtendedColorType::L8, &[7, 8], &[7, 7, 7, 8, 8, 8]);
    check(ExtendedColorType::L16, &[0, 0, 255, 255], &[0, 0, 0, 255, 255, 255]);
}

#[test]
fn bytes_after_the_end_are_common_and_harmless() {
    let mut file = jpeg(64, 48);
    file.extend([0; 512]);
    assert!(decode_jpeg(file).is_ok());
}

#[test]
fn half_a_picture_is_no_picture() {
    let file = jpeg(64, 48);
    for keep in [file.len() - 2, file.len() - 1, file.len() * 3 / 4] {
        assert_eq!(decode_jpeg(file[..keep].to_vec()), Err(DecodeError::JpegCutShort { found_bytes: keep }));
    }
    let file = png(64, 48, ExtendedColorType::Rgb8, &gradient(64, 48));
    assert!(matches!(decode_png(file[..file.len() / 2].to_vec()), Err(DecodeError::Png { .. })));
}

#[test]
fn nonsense_is_named() {
    for file in [Vec::new(), vec![0xff], vec![0xff, 0xd8], b"not a picture".to_vec(), png(2, 1, ExtendedColorType::L8, &[0, 0])] {
        assert!(matches!(decode_jpeg(file), Err(DecodeError::Jpeg { .. })));
    }
    for file in [Vec::new(), b"\x89PNG\r\n\x1a\n".to_vec(), jpeg(8, 8)] {
        assert!(matches!(decode_png(file), Err(DecodeError::Png { .. })));
    }
}

#[test]
fn the_size_is_checked_before_memory_is_taken() {
    let fault = DecodeError::TooLarge { width: 400, height: 300, max_pixels: LIMIT };
    assert_eq!(decode_jpeg(jpeg(400, 300)), Err(fault.clone()));
    assert_eq!(decode_png(png(400, 300, ExtendedColorType::Rgb8, &gradient(400, 300))), Err(fault));
    let raw = |width: u32, height: u32| {
        let data = Arc::new(Vec::new());
        decode(&ImageData::Raw { width, height, step: u32::MAX, encoding: PixelEncoding::Rgb8, is_bigendian: false, data }, LIMIT)
    };
    assert_eq!(raw(u32::MAX, u32::MAX), Err(DecodeError::TooLarge { width: u32::MAX, height: u32::MAX, max_pixels: LIMIT }));
    assert_eq!(raw(0, 9), Err(DecodeError::Empty { width: 0, height: 9 }));
    assert!(matches!(raw(9, 9), Err(DecodeError::CutShort { .. })));
    // A file that only claims to be large: 65535 x 65535 in the frame header.
    let mut file = jpeg(64, 48);
    let header = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    file[header + 5..header + 9].fill(0xff);
    assert_eq!(decode_jpeg(file), Err(DecodeError::TooLarge { width: 65535, height: 65535, max_pixels: LIMIT }));
}

proptest! {
    #[test]
    fn mutated_files_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), keep in any::<prop::sample::Index>(), is_cut: bool,
    ) {
        for (mut file, is_jpeg) in [(jpeg(32, 24), true), (png(32, 24, ExtendedColorType::Rgb8, &gradient(32, 24)), false)] {
            for (place, byte) in &changes {
                *place.get_mut(&mut file) = *byte;
            }
            if is_cut {
                file.truncate(keep.index(file.len()));
            }
            let found = if is_jpeg { decode_jpeg(file) } else { decode_png(file) };
            if let Ok(pixels) = found {
                prop_assert!(u64::from(pixels.width()) * u64::from(pixels.height()) <= LIMIT);
            }
        }
    }
}
