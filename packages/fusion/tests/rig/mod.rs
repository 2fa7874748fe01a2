//! A robot in numbers: short ways to write readings, and a [`Rig`] that feeds them to fusion.

#![allow(dead_code, reason = "every test binary uses another part")]
#![allow(clippy::panic, reason = "a test that expected an observation ends here")]

use nalgebra::{Translation3, UnitQuaternion};
use std::sync::Arc;
use vedette_fusion::{Fusion, FusionParams, Insert, Look};
use vedette_types::{
    Battery, CameraIntrinsics, FrameId, Gas, ImageData, ImageFrame, Imu, Isometry3, Observation, Odometry, PixelEncoding, PointCloud,
    Range, Reading, Scan, Sha256, Stamp, StampedTransform, StreamId, Temperature, Transforms,
};

pub(crate) const CAMERA: &str = "/camera/image_raw";

pub(crate) fn at(secs: f64) -> Stamp {
    Stamp::from_ros(1_700_000_000, 0).plus_secs(secs)
}

pub(crate) fn grey_picture(secs: f64, grey: u8) -> Reading {
    picture(secs, "camera_optical_frame", vec![grey; 64 * 48])
}

pub(crate) fn picture(secs: f64, frame: &str, grey: Vec<u8>) -> Reading {
    let (width, height) = (64, 48);
    let data = ImageData::Raw { width, height, step: width, encoding: PixelEncoding::Mono8, is_bigendian: false, data: Arc::new(grey) };
    Reading::Image(ImageFrame { stamp: at(secs), frame: FrameId::new(frame), data })
}

pub(crate) fn broken_picture(secs: f64) -> Reading {
    let data = ImageData::Jpeg(Arc::new(b"no jpeg".to_vec()));
    Reading::Image(ImageFrame { stamp: at(secs), frame: FrameId::new("camera_optical_frame"), data })
}

pub(crate) fn camera_info(secs: f64, frame: &str, fx: f64) -> Reading {
    let frame = FrameId::new(frame);
    Reading::CameraInfo(CameraIntrinsics { stamp: at(secs), frame, width: 64, height: 48, fx, fy: fx, cx: 32.0, cy: 24.0 })
}

pub(crate) fn gas(secs: f64, gas: &str, ppm: f64) -> Reading {
    Reading::Gas(Gas { stamp: at(secs), frame: FrameId::new("nose"), gas: gas.to_owned(), ppm })
}

pub(crate) fn temperature(secs: f64, frame: &str, celsius: f64) -> Reading {
    Reading::Temperature(Temperature { stamp: at(secs), frame: FrameId::new(frame), celsius })
}

pub(crate) fn battery(secs: f64, volts: Option<f64>, charge: Option<f64>) -> Reading {
    Reading::Battery(Battery { stamp: at(secs), volts, charge })
}

pub(crate) fn range(secs: f64, frame: &str, range_m: f32) -> Reading {
    let frame = FrameId::new(frame);
    Reading::Range(Range { stamp: at(secs), frame, field_of_view_rad: 0.3, min_m: 0.1, max_m: 4.0, range_m })
}

/// One ray every degree, all round.
pub(crate) fn scan(secs: f64, range_m: f32) -> Reading {
    Reading::Scan(Scan {
        stamp: at(secs),
        frame: FrameId::new("laser"),
        angle_min_rad: -std::f64::consts::PI,
        angle_increment_rad: std::f64::consts::PI / 180.0,
        range_min_m: 0.1,
        range_max_m: 10.0,
        ranges_m: vec![range_m; 360],
    })
}

pub(crate) fn points(secs: f64, points_m: &[[f32; 3]]) -> Reading {
    Reading::PointCloud(PointCloud { stamp: at(secs), frame: FrameId::new("depth_optical_frame"), points_m: points_m.to_vec() })
}

pub(crate) fn imu(secs: f64, roll_pitch_yaw_rad: Option<[f64; 3]>, linear_acceleration_mps2: [f64; 3]) -> Reading {
    let frame = FrameId::new("imu");
    Reading::Imu(Imu { stamp: at(secs), frame, roll_pitch_yaw_rad, angular_velocity_radps: [0.0; 3], linear_acceleration_mps2 })
}

pub(crate) fn pose(x: f64, yaw_rad: f64) -> Isometry3 {
    Isometry3::from_parts(Translation3::new(x, 0.0, 0.0), UnitQuaternion::from_euler_angles(0.0, 0.0, yaw_rad))
}

pub(crate) fn odometry(secs: f64, x: f64) -> Reading {
    Reading::Odometry(Odometry {
        stamp: at(secs),
        frame: FrameId::new("odom"),
        child: FrameId::new("base_link"),
        frame_from_child: pose(x, 0.0),
        speed_mps: 0.4,
        yaw_rate_radps: 0.1,
    })
}

pub(crate) fn edge(secs: f64, parent: &str, child: &str, x: f64) -> StampedTransform {
    StampedTransform { stamp: at(secs), parent: FrameId::new(parent), child: FrameId::new(child), parent_from_child: pose(x, 0.0) }
}

pub(crate) fn transforms(is_static: bool, edges: Vec<StampedTransform>) -> Reading {
    Reading::Transforms(Transforms { is_static, edges })
}

/// Fusion with short ways in.
pub(crate) struct Rig {
    pub(crate) fusion: Fusion,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(FusionParams::default())
    }

    pub(crate) fn with(params: FusionParams) -> Self {
        Self { fusion: Fusion::new(params) }
    }

    /// A reading that arrives the moment it is stamped.
    pub(crate) fn put(&mut self, topic: &str, reading: Reading) -> Insert {
        let arrived = reading.stamp().unwrap_or(at(0.0));
        self.fusion.insert(arrived, &StreamId::new(topic), reading, Sha256::default())
    }

    pub(crate) fn put_at(&mut self, arrived_secs: f64, topic: &str, reading: Reading) -> Insert {
        self.fusion.insert(at(arrived_secs), &StreamId::new(topic), reading, Sha256::default())
    }

    pub(crate) fn look(&mut self, secs: f64) -> Look {
        self.fusion.look(at(secs))
    }

    /// The word for what a look found, with the camera's topic.
    pub(crate) fn look_word(&mut self, secs: f64) -> String {
        match self.look(secs) {
            Look::Nothing => "nothing".to_owned(),
            Look::Skipped { camera, .. } => format!("skipped {camera}"),
            Look::Undecodable { camera, .. } => format!("undecodable {camera}"),
            Look::Stale { camera, .. } => format!("stale {camera}"),
            Look::Ready { observation, .. } => format!("ready {}", observation.camera),
        }
    }

    /// The observation of a frame that passes.
    pub(crate) fn observe(&mut self, secs: f64) -> Observation {
        match self.look(secs) {
            Look::Ready { observation, .. } => *observation,
            other => panic!("not ready at {secs}: {other:?}"),
        }
    }

    /// Looks, and takes what is ready as assessed.
    pub(crate) fn assess(&mut self, secs: f64) -> bool {
        match self.look(secs) {
            Look::Ready { observation, .. } => self.fusion.assessed(&observation.camera, observation.stamp),
            _ => false,
        }
    }

    /// `name fresh` or `name stale` of every stream.
    pub(crate) fn health(&self, secs: f64) -> Vec<String> {
        let health = self.fusion.health(at(secs));
        health.iter().map(|stream| format!("{} {}", stream.stream, if stream.is_stale { "stale" } else { "fresh" })).collect()
    }
}
