//! Camera frames, still in the form they arrived in. Pixels are decoded (by `vedette-fusion`) only when a frame is looked at: at 30 Hz most
//! frames never are.

use crate::{FrameId, Stamp};
use std::sync::Arc;

/// Byte layout of an uncompressed image, after `sensor_msgs/image_encodings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelEncoding {
    /// `rgb8`
    Rgb8,
    /// `bgr8`
    Bgr8,
    /// `rgba8`
    Rgba8,
    /// `bgra8`
    Bgra8,
    /// `mono8` (also `8UC1`)
    Mono8,
    /// `mono16`: shown by its high byte
    Mono16,
    /// `yuv422`, byte order U Y V Y
    Uyvy,
    /// `yuv422_yuy2`, byte order Y U Y V
    Yuy2,
    /// `bayer_rggb8`
    BayerRggb8,
    /// `bayer_bggr8`
    BayerBggr8,
    /// `bayer_gbrg8`
    BayerGbrg8,
    /// `bayer_grbg8`
    BayerGrbg8,
}

impl PixelEncoding {
    /// Bytes of one pixel.
    pub const fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Rgb8 | Self::Bgr8 => 3,
            Self::Rgba8 | Self::Bgra8 => 4,
            Self::Mono16 | Self::Uyvy | Self::Yuy2 => 2,
            Self::Mono8 | Self::BayerRggb8 | Self::BayerBggr8 | Self::BayerGbrg8 | Self::BayerGrbg8 => 1,
        }
    }
}

/// The bytes of a frame as they arrived.
#[derive(Clone, Debug, PartialEq)]
pub enum ImageData {
    /// A JPEG file.
    Jpeg(Arc<Vec<u8>>),
    /// A PNG file.
    Png(Arc<Vec<u8>>),
    /// Rows of pixels. Invariant (checked in `from_ros`): `width`, `height` > 0, `step >= width * bytes_per_pixel`,
    /// `data.len() >= step * height`.
    Raw {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes from one row to the next.
        step: u32,
        /// Layout of one pixel.
        encoding: PixelEncoding,
        /// For 16-bit encodings: most significant byte first.
        is_bigendian: bool,
        /// The rows.
        data: Arc<Vec<u8>>,
    },
}

impl ImageData {
    /// The bytes as they arrived, whatever the form.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Jpeg(b) | Self::Png(b) | Self::Raw { data: b, .. } => b,
        }
    }
}

/// One camera frame.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageFrame {
    /// Exposure time by the camera driver's clock.
    pub stamp: Stamp,
    /// The camera's optical frame (REP 103).
    pub frame: FrameId,
    /// The picture.
    pub data: ImageData,
}

/// Decoded pixels, 8-bit RGB, row-major, no padding. Invariant: `rgb.len() == width * height * 3`, both sides > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct RgbPixels {
    width: u32,
    height: u32,
    rgb: Arc<Vec<u8>>,
}

impl RgbPixels {
    /// `None` when a side is zero or the buffer's length is not `width * height * 3`.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let wanted = (width as usize).checked_mul(height as usize)?.checked_mul(3)?;
        (wanted > 0 && rgb.len() == wanted).then(|| Self { width, height, rgb: Arc::new(rgb) })
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The same bytes as an uncompressed frame.
    pub fn to_image_data(&self) -> ImageData {
        ImageData::Raw {
            width: self.width,
            height: self.height,
            step: self.width.saturating_mul(3),
            encoding: PixelEncoding::Rgb8,
            is_bigendian: false,
            data: Arc::clone(&self.rgb),
        }
    }
}

/// Pinhole intrinsics from `sensor_msgs/CameraInfo` (matrix `K`), pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraIntrinsics {
    /// When the driver stamped them.
    pub stamp: Stamp,
    /// The camera's optical frame.
    pub frame: FrameId,
    /// Columns of the calibrated image.
    pub width: u32,
    /// Rows of the calibrated image.
    pub height: u32,
    /// Focal length along x, pixels, > 0.
    pub fx: f64,
    /// Focal length along y, pixels, > 0.
    pub fy: f64,
    /// Principal point x, pixels.
    pub cx: f64,
    /// Principal point y, pixels.
    pub cy: f64,
}

impl CameraIntrinsics {
    /// Horizontal field of view, radians: `2 atan(width / 2 fx)` (principal point taken as centred).
    pub fn horizontal_fov_rad(&self) -> f64 {
        2.0 * (f64::from(self.width) / (2.0 * self.fx)).atan()
    }
}
