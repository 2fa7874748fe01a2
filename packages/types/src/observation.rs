//! The matched sensor set at one image stamp.

use crate::{CameraIntrinsics, FrameId, ImageFrame, Isometry3, Probability, RgbPixels, RobotPose, Sha256, Stamp, StreamId};

/// One sensor value that goes with the image.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextItem {
    /// What was measured, in the words of the prompt: `gas co`, `clearance ahead`, `speed`.
    pub channel: String,
    /// The value in `unit`.
    pub value: f64,
    /// Unit symbol: `ppm`, `m`, `degC`, `m/s`, `%`.
    pub unit: &'static str,
    /// The stream it came from.
    pub stream: StreamId,
    /// Image stamp minus measurement stamp, seconds; negative when the measurement is the younger one.
    pub age_secs: f64,
}

/// How fresh one stream is at the time of an observation.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamHealth {
    /// The stream.
    pub stream: StreamId,
    /// The word for its kind of reading (`scan`, `gas`, ...).
    pub kind: &'static str,
    /// Age of its newest reading, seconds.
    pub age_secs: f64,
    /// Older than the stale horizon.
    pub is_stale: bool,
}

/// Everything known about one camera frame at its stamp.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Stamp of the image; all else is aligned to it.
    pub stamp: Stamp,
    /// When the image arrived, by the event clock. Validity counts from here: `stamp` may come from another clock than the events.
    pub arrived: Stamp,
    /// The camera's stream.
    pub camera: StreamId,
    /// The frame as it arrived.
    pub image: ImageFrame,
    /// Hash of the image bytes as they arrived.
    pub image_sha256: Sha256,
    /// The decoded picture.
    pub pixels: RgbPixels,
    /// Intrinsics of the camera, where CameraInfo was seen.
    pub intrinsics: Option<CameraIntrinsics>,
    /// Camera optical frame to robot base, where TF knows it at the image stamp.
    pub base_from_camera: Option<Isometry3>,
    /// The robot's base in the fixed frame at the image stamp, where TF or odometry knows it.
    pub robot_pose: Option<RobotPose>,
    /// Sensor values aligned with the image, in a fixed order.
    pub context: Vec<ContextItem>,
    /// The same as compact text with units, for the prompt. One line, no control characters.
    pub context_text: String,
    /// Freshness of every stream seen so far, ordered by name.
    pub health: Vec<StreamHealth>,
    /// How much the picture changed against the last assessed one, 0 (same) to 1; 1 for the first.
    pub change: Probability,
}

impl Observation {
    /// The optical frame of the camera.
    pub fn camera_frame(&self) -> &FrameId {
        &self.image.frame
    }
}
