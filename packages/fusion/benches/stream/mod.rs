//! One second of a robot, again and again: 30 Hz camera at 640 x 480, 10 Hz scan, 100 Hz IMU, 50 Hz odometry and transforms.

#![allow(dead_code, reason = "every bench binary uses another part")]

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use std::sync::Arc;
use vedette_fusion::{Fusion, Look};
use vedette_types::{
    FrameId, ImageData, ImageFrame, Imu, Isometry3, Odometry, PixelEncoding, Reading, Scan, Sha256, Stamp, StampedTransform, StreamId,
    Transforms,
};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
const FRAME_NANOS: i64 = 33_333_333;

/// How the camera sends its pictures.
#[derive(Clone, Copy)]
pub(crate) enum Camera {
    /// `rgb8`
    Raw,
    /// JPEG of quality 80
    Jpeg,
}

/// A reading on its way in.
pub(crate) type Arrival = (Stamp, StreamId, Reading);

/// Readings without end.
pub(crate) struct Stream {
    picture: ImageData,
    topics: [StreamId; 5],
    frame: i64,
}

impl Stream {
    pub(crate) fn new(camera: Camera) -> Self {
        let topics = ["/camera/image_raw", "/scan", "/imu/data", "/odom", "/tf"].map(StreamId::new);
        Self { picture: picture(camera), topics, frame: 0 }
    }

    /// The readings up to and with the next frame, without the frame; then the frame.
    pub(crate) fn next_frame(&mut self) -> (Vec<Arrival>, Arrival) {
        let begin = Stamp::from_ros(1_700_000_000, 0).plus_nanos(self.frame * FRAME_NANOS);
        let [camera, scan_topic, imu_topic, odom_topic, tf_topic] = self.topics.each_ref();
        let mut readings = Vec::new();
        for i in 0..3 {
            let stamp = begin.plus_millis(i * 10);
            readings.push((stamp, imu_topic.clone(), imu(stamp)));
        }
        for i in 0..2 {
            let stamp = begin.plus_millis(5 + i * 16);
            readings.push((stamp, odom_topic.clone(), odometry(stamp)));
            readings.push((stamp, tf_topic.clone(), transforms(stamp)));
        }
        if self.frame % 3 == 0 {
            readings.push((begin, scan_topic.clone(), scan(begin)));
        }
        self.frame += 1;
        let stamp = begin.plus_nanos(FRAME_NANOS - 1);
        let frame = ImageFrame { stamp, frame: FrameId::new("camera_optical_frame"), data: self.picture.clone() };
        (readings, (stamp, camera.clone(), Reading::Image(frame)))
    }
}

/// What fusion does for one frame: the readings before it, the frame, one look; what is ready goes to the model.
pub(crate) fn step(fusion: &mut Fusion, (readings, frame): (Vec<Arrival>, Arrival)) -> Look {
    let now = frame.0;
    for (stamp, stream, reading) in readings.into_iter().chain([frame]) {
        fusion.insert(stamp, &stream, reading, Sha256::default());
    }
    let look = fusion.look(now);
    if let Look::Ready { observation, .. } = &look {
        fusion.assessed(&observation.camera, observation.stamp);
    }
    look
}

fn picture(camera: Camera) -> ImageData {
    // Smooth shapes with grain, about as hard to compress as a photograph.
    let grain = |x: u32, y: u32| ((x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519) >> 28) as u8;
    let pixel = |x: u32, y: u32| [(x / 3) as u8, (y / 2) as u8, ((x * y) >> 11) as u8].map(|byte| byte.wrapping_add(grain(x, y)));
    let rgb: Vec<u8> = (0..HEIGHT).flat_map(|y| (0..WIDTH).flat_map(move |x| pixel(x, y))).collect();
    match camera {
        Camera::Raw => ImageData::Raw {
            width: WIDTH,
            height: HEIGHT,
            step: WIDTH * 3,
            encoding: PixelEncoding::Rgb8,
            is_bigendian: false,
            data: Arc::new(rgb),
        },
        Camera::Jpeg => {
            let mut file = Vec::new();
            // Encoding into memory cannot fail; an empty file would show as undecodable.
            let _ = JpegEncoder::new_with_quality(&mut file, 80).write_image(&rgb, WIDTH, HEIGHT, ExtendedColorType::Rgb8);
            ImageData::Jpeg(Arc::new(file))
        }
    }
}

fn imu(stamp: Stamp) -> Reading {
    Reading::Imu(Imu {
        stamp,
        frame: FrameId::new("imu_link"),
        roll_pitch_yaw_rad: Some([0.01, 0.02, 0.5]),
        angular_velocity_radps: [0.0, 0.0, 0.1],
        linear_acceleration_mps2: [0.0, 0.0, 9.8],
    })
}

fn odometry(stamp: Stamp) -> Reading {
    Reading::Odometry(Odometry {
        stamp,
        frame: FrameId::new("odom"),
        child: FrameId::new("base_link"),
        frame_from_child: Isometry3::translation(1.0, 2.0, 0.0),
        speed_mps: 0.4,
        yaw_rate_radps: 0.1,
    })
}

pub(crate) fn transforms(stamp: Stamp) -> Reading {
    let edge = |parent: &str, child: &str, x: f64| StampedTransform {
        stamp,
        parent: FrameId::new(parent),
        child: FrameId::new(child),
        parent_from_child: Isometry3::translation(x, 0.0, 0.0),
    };
    let edges = vec![
        edge("map", "odom", 10.0),
        edge("odom", "base_link", 1.0),
        edge("base_link", "mast", 0.2),
        edge("mast", "camera_link", 0.1),
        edge("camera_link", "camera_optical_frame", 0.0),
        edge("base_link", "laser", 0.1),
    ];
    Reading::Transforms(Transforms { is_static: false, edges })
}

fn scan(stamp: Stamp) -> Reading {
    Reading::Scan(Scan {
        stamp,
        frame: FrameId::new("laser"),
        angle_min_rad: -std::f64::consts::PI,
        angle_increment_rad: std::f64::consts::TAU / 1080.0,
        range_min_m: 0.05,
        range_max_m: 25.0,
        ranges_m: (0..1080).map(|i| 2.0 + (i % 17) as f32 * 0.2).collect(),
    })
}
