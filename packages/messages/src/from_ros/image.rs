//! Pictures and calibration. In -> out: `Image`, `CompressedImage`, `CameraInfo` -> frames whose sizes agree with their bytes. The bytes
//! are moved, never copied, and no pixel is decoded: a JPEG with both end markers can still turn out broken later.

use super::{finite, frame, stamp};
use crate::rejection::quoted;
use crate::{Rejection, sensor_msgs};
use std::sync::Arc;
use vedette_types::{CameraIntrinsics, ImageData, ImageFrame, PixelEncoding};

const KNOWN_ENCODINGS: &str = "rgb8, bgr8, rgba8, bgra8, mono8, mono16, 8UC1, yuv422 (uyvy), yuv422_yuy2 (yuyv), bayer_rggb8, bayer_bggr8, \
                               bayer_gbrg8, bayer_grbg8";
const JPEG_START: [u8; 2] = [0xff, 0xd8];
const JPEG_END: [u8; 2] = [0xff, 0xd9];
const PNG_START: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// The last chunk of every PNG: no data, type IEND and its checksum.
const PNG_END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

pub(super) fn raw(msg: sensor_msgs::Image) -> Result<ImageFrame, Rejection> {
    let sensor_msgs::Image { header, height, width, encoding, is_bigendian, step, data } = msg;
    let encoding = pixel_encoding(&encoding)?;
    if width == 0 || height == 0 {
        return Err(Rejection::Empty { what: "the picture", width, height });
    }
    if matches!(encoding, PixelEncoding::Uyvy | PixelEncoding::Yuy2) && width % 2 == 1 {
        return Err(Rejection::OddWidth { width });
    }
    let short = |what, wanted_bytes, got_bytes| Rejection::TooShort { what, wanted_bytes, got_bytes, width, height };
    let row_bytes = u64::from(width) * encoding.bytes_per_pixel() as u64;
    if u64::from(step) < row_bytes {
        return Err(short("step", row_bytes, u64::from(step)));
    }
    let wanted_bytes = u64::from(step) * u64::from(height);
    if (data.len() as u64) < wanted_bytes {
        return Err(short("data", wanted_bytes, data.len() as u64));
    }
    let is_bigendian = is_bigendian != 0;
    let data = ImageData::Raw { width, height, step, encoding, is_bigendian, data: Arc::new(data) };
    Ok(ImageFrame { stamp: stamp(&header), frame: frame(&header.frame_id)?, data })
}

/// After `sensor_msgs/image_encodings.hpp`; `uyvy` and `yuyv` are its newer names of the two 4:2:2 orders.
fn pixel_encoding(encoding: &str) -> Result<PixelEncoding, Rejection> {
    Ok(match encoding {
        "rgb8" => PixelEncoding::Rgb8,
        "bgr8" => PixelEncoding::Bgr8,
        "rgba8" => PixelEncoding::Rgba8,
        "bgra8" => PixelEncoding::Bgra8,
        "mono8" | "8UC1" => PixelEncoding::Mono8,
        "mono16" => PixelEncoding::Mono16,
        "yuv422" | "uyvy" => PixelEncoding::Uyvy,
        "yuv422_yuy2" | "yuyv" => PixelEncoding::Yuy2,
        "bayer_rggb8" => PixelEncoding::BayerRggb8,
        "bayer_bggr8" => PixelEncoding::BayerBggr8,
        "bayer_gbrg8" => PixelEncoding::BayerGbrg8,
        "bayer_grbg8" => PixelEncoding::BayerGrbg8,
        // REP 118: millimetres and metres.
        "16UC1" | "32FC1" => return Err(Rejection::Depth { encoding: quoted(encoding) }),
        _ => return Err(Rejection::UnknownEncoding { encoding: quoted(encoding), known: KNOWN_ENCODINGS }),
    })
}

/// The format text only rules out what is no picture; which of the two codecs it is, the bytes say: drivers get the text wrong.
pub(super) fn compressed(msg: sensor_msgs::CompressedImage) -> Result<ImageFrame, Rejection> {
    let sensor_msgs::CompressedImage { header, format, data } = msg;
    let lower = format.to_ascii_lowercase();
    if lower.contains("compresseddepth") || lower.starts_with("16uc1") || lower.starts_with("32fc1") {
        return Err(Rejection::Depth { encoding: quoted(&format) });
    }
    let named = ["jpeg", "jpg", "png"].iter().any(|codec| lower.contains(codec));
    if !named && !lower.trim().is_empty() {
        return Err(Rejection::UnknownFormat { format: quoted(&format) });
    }
    let len_bytes = data.len();
    let data = if data.starts_with(&JPEG_START) {
        if !unpadded(&data).ends_with(&JPEG_END) {
            return Err(Rejection::Truncated { what: "JPEG", len_bytes });
        }
        ImageData::Jpeg(Arc::new(data))
    } else if data.starts_with(&PNG_START) {
        if !unpadded(&data).ends_with(&PNG_END) {
            return Err(Rejection::Truncated { what: "PNG", len_bytes });
        }
        ImageData::Png(Arc::new(data))
    } else {
        return Err(Rejection::NeitherJpegNorPng { format: quoted(&format), len_bytes });
    };
    Ok(ImageFrame { stamp: stamp(&header), frame: frame(&header.frame_id)?, data })
}

/// Without trailing zeros: hardware encoders fill their buffers with them.
fn unpadded(data: &[u8]) -> &[u8] {
    let end = data.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    data.get(..end).unwrap_or(data)
}

pub(super) fn intrinsics(msg: &sensor_msgs::CameraInfo) -> Result<CameraIntrinsics, Rejection> {
    let [fx, _, cx, _, fy, cy, ..] = msg.k;
    // Written so that NaN is refused too.
    if !(fx > 0.0 && fy > 0.0 && fx.is_finite() && fy.is_finite()) {
        return Err(Rejection::Uncalibrated { fx, fy });
    }
    if msg.width == 0 || msg.height == 0 {
        return Err(Rejection::Empty { what: "the calibrated image", width: msg.width, height: msg.height });
    }
    Ok(CameraIntrinsics {
        stamp: stamp(&msg.header),
        frame: frame(&msg.header.frame_id)?,
        width: msg.width,
        height: msg.height,
        fx,
        fy,
        cx: finite("camera_info cx", cx)?,
        cy: finite("camera_info cy", cy)?,
    })
}
