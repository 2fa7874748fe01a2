//! The camera. In -> out: where the robot is -> calibration and a shot that somebody renders; its JPEG -> the picture's message. It draws
//! nothing and encodes nothing. A pinhole without distortion; `camera_optical` as in REP 103.

use super::{Payload, SensorMessage, frames};
use crate::{
    robot::FloorPose,
    scene::{Camera, Scene},
};
use vedette_messages::{
    sensor_msgs::{CameraInfo, CompressedImage, Image},
    to_ros,
};
use vedette_types::{FrameId, RgbPixels, Stamp};

const WIDTH_PX: u32 = 640;
const HEIGHT_PX: u32 = 480;
/// 70 degrees.
const HORIZONTAL_FOV_RAD: f64 = 1.221_730_476_396_030_7;
/// Standard deviation of the sensor noise, of full scale.
const NOISE: f32 = 0.012;

/// The camera fired.
#[derive(Clone, Debug)]
pub struct CameraShot {
    /// When.
    pub stamp: Stamp,
    /// What there was to see.
    pub scene: Scene,
    /// From where.
    pub camera: Camera,
}

/// The message for a rendered shot.
pub fn compressed_image(stamp: Stamp, jpeg: Vec<u8>) -> SensorMessage {
    let header = to_ros::header(stamp, &FrameId::new(frames::CAMERA_OPTICAL));
    // The text of compressed_image_transport.
    let format = "rgb8; jpeg compressed bgr8".to_owned();
    SensorMessage::new(stamp, Payload::Image(CompressedImage { header, format, data: jpeg }))
}

/// The same picture uncompressed, for those who want it so; it is no message of the patrol's records.
pub fn raw_image(stamp: Stamp, pixels: &RgbPixels) -> Image {
    Image {
        header: to_ros::header(stamp, &FrameId::new(frames::CAMERA_OPTICAL)),
        height: pixels.height(),
        width: pixels.width(),
        encoding: "rgb8".to_owned(),
        is_bigendian: 0,
        step: 3 * pixels.width(),
        data: pixels.rgb().to_vec(),
    }
}

pub(crate) fn camera_shot(stamp: Stamp, scene: Scene, camera: Camera) -> CameraShot {
    CameraShot { stamp, scene, camera }
}

pub(crate) fn camera_at(pose: &FloorPose, exposure: f32, noise_seed: u64) -> Camera {
    let [forward_m, left_m, up_m] = frames::CAMERA_AT_M;
    let [x_m, y_m] = pose.apply([forward_m, left_m]);
    Camera {
        position_m: [x_m, y_m, up_m],
        yaw_rad: pose.yaw_rad,
        pitch_rad: 0.0,
        horizontal_fov_rad: HORIZONTAL_FOV_RAD,
        width: WIDTH_PX,
        height: HEIGHT_PX,
        exposure,
        noise: NOISE,
        noise_seed,
        ..Camera::default()
    }
}

/// Calibration at `stamp`. Pixel centres have whole coordinates (image_geometry), hence the principal point half a pixel before the middle.
pub(crate) fn camera_info(stamp: Stamp) -> SensorMessage {
    let f = 0.5 * f64::from(WIDTH_PX) / (0.5 * HORIZONTAL_FOV_RAD).tan();
    let (cx, cy) = (0.5 * (f64::from(WIDTH_PX) - 1.0), 0.5 * (f64::from(HEIGHT_PX) - 1.0));
    let info = CameraInfo {
        header: to_ros::header(stamp, &FrameId::new(frames::CAMERA_OPTICAL)),
        height: HEIGHT_PX,
        width: WIDTH_PX,
        distortion_model: "plumb_bob".to_owned(),
        d: vec![0.0; 5],
        k: [f, 0.0, cx, 0.0, f, cy, 0.0, 0.0, 1.0],
        r: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        p: [f, 0.0, cx, 0.0, 0.0, f, cy, 0.0, 0.0, 0.0, 1.0, 0.0],
        ..CameraInfo::default()
    };
    SensorMessage::new(stamp, Payload::CameraInfo(info))
}
