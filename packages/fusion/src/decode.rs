//! Pictures as they arrived to 8-bit RGB.
//!
//! In -> out: JPEG, PNG or raw rows -> [`RgbPixels`].
//! Deliberately absent: resizing (the vision tower's business), colour management, and guessing: half a picture is an error, since the
//! missing half could hold the hazard. Sizes are checked before memory is taken.

use crate::raw_pixels;
use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::{DynamicImage, ImageDecoder, ImageError, Limits};
use std::io::Cursor;
use vedette_types::{ImageData, PixelEncoding, RgbPixels};

/// Why a picture cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No rows or no columns.
    #[error("picture without pixels: {width} x {height}")]
    Empty {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// More pixels than allowed.
    #[error("picture too large, raise fusion.max_image_pixels or lower the camera's resolution: {width} x {height}, limit {max_pixels}")]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// Most pixels allowed.
        max_pixels: u64,
    },
    /// A row is shorter than its pixels.
    #[error("row step too short for {width} pixels of {encoding:?}: {step}")]
    StepTooShort {
        /// Columns.
        width: u32,
        /// Layout of one pixel.
        encoding: PixelEncoding,
        /// Bytes from one row to the next.
        step: u32,
    },
    /// Fewer bytes than the rows take.
    #[error("picture of {needed_bytes} bytes is cut short: {found_bytes}")]
    CutShort {
        /// Bytes that the rows take.
        needed_bytes: usize,
        /// Bytes there are.
        found_bytes: usize,
    },
    /// The file is no JPEG that can be read.
    #[error("broken jpeg: {reason}")]
    Jpeg {
        /// The decoder's words.
        reason: String,
    },
    /// The JPEG has no end marker: its lower part is missing.
    #[error("jpeg is cut short, no end marker: {found_bytes} bytes")]
    JpegCutShort {
        /// Bytes there are.
        found_bytes: usize,
    },
    /// The file is no PNG that can be read.
    #[error("broken png: {reason}")]
    Png {
        /// The decoder's words.
        reason: String,
    },
}

/// The pixels of `data`.
///
/// # Errors
/// [`DecodeError`] when the picture is broken, incomplete or larger than `max_pixels`.
pub fn decode(data: &ImageData, max_pixels: u64) -> Result<RgbPixels, DecodeError> {
    match data {
        ImageData::Jpeg(file) => decode_jpeg(file, max_pixels),
        ImageData::Png(file) => decode_png(file, max_pixels),
        ImageData::Raw { width, height, step, encoding, is_bigendian, data } => {
            check_size(*width, *height, max_pixels)?;
            let raw = raw_pixels::Raw {
                width: *width,
                height: *height,
                step: *step,
                encoding: *encoding,
                is_bigendian: *is_bigendian,
                data: data.as_slice(),
            };
            let rgb = raw_pixels::to_rgb(&raw)?;
            RgbPixels::new(*width, *height, rgb).ok_or(DecodeError::Empty { width: *width, height: *height })
        }
    }
}

fn check_size(width: u32, height: u32, max_pixels: u64) -> Result<(), DecodeError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(DecodeError::Empty { width, height }),
        pixels if pixels > max_pixels => Err(DecodeError::TooLarge { width, height, max_pixels }),
        _ => Ok(()),
    }
}

fn decode_jpeg(file: &[u8], max_pixels: u64) -> Result<RgbPixels, DecodeError> {
    let fault = |error: ImageError| DecodeError::Jpeg { reason: error.to_string() };
    let decoder = JpegDecoder::new(Cursor::new(file)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, max_pixels)?;
    // The decoder paints what is missing grey and reports success.
    if !has_end_marker(file) {
        return Err(DecodeError::JpegCutShort { found_bytes: file.len() });
    }
    into_pixels(decoder, max_pixels).map_err(fault)?.ok_or(DecodeError::Empty { width, height })
}

/// Whether the end marker (FF D9) follows the last start of scan (FF DA). Neither pair occurs inside compressed data (ITU-T T.81, B.1.1.5:
/// there FF is followed by 00 or a restart marker); a thumbnail with markers of its own lies before the scan. Bytes after the end are common.
fn has_end_marker(file: &[u8]) -> bool {
    let last = |marker: u8| file.windows(2).rposition(|pair| pair == [0xff, marker]);
    matches!((last(0xd9), last(0xda)), (Some(end), Some(scan)) if end > scan)
}

fn decode_png(file: &[u8], max_pixels: u64) -> Result<RgbPixels, DecodeError> {
    let fault = |error: ImageError| DecodeError::Png { reason: error.to_string() };
    let decoder = PngDecoder::with_limits(Cursor::new(file), limits(max_pixels)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, max_pixels)?;
    into_pixels(decoder, max_pixels).map_err(fault)?.ok_or(DecodeError::Empty { width, height })
}

/// Eight bytes a pixel hold the largest layout there is (16-bit RGBA).
fn limits(max_pixels: u64) -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(max_pixels.saturating_mul(8).saturating_add(1 << 20));
    limits
}

fn into_pixels(mut decoder: impl ImageDecoder, max_pixels: u64) -> Result<Option<RgbPixels>, ImageError> {
    decoder.set_limits(limits(max_pixels))?;
    let picture = DynamicImage::from_decoder(decoder)?.into_rgb8();
    Ok(RgbPixels::new(picture.width(), picture.height(), picture.into_raw()))
}
