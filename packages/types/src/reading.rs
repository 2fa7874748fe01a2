//! Sensor readings after the border check: finite where a number must be finite, non-empty where emptiness means nothing. Range sensors keep
//! REP 117: +Inf is "no return", -Inf "too close", NaN "no measurement".

use crate::{CameraIntrinsics, FrameId, ImageFrame, Isometry3, Stamp, Transforms};

/// One reading of one stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// `sensor_msgs/Image` or `CompressedImage`.
    Image(ImageFrame),
    /// `sensor_msgs/CameraInfo`.
    CameraInfo(CameraIntrinsics),
    /// `sensor_msgs/LaserScan`.
    Scan(Scan),
    /// `sensor_msgs/PointCloud2`.
    PointCloud(PointCloud),
    /// `sensor_msgs/Imu`.
    Imu(Imu),
    /// `nav_msgs/Odometry`.
    Odometry(Odometry),
    /// `tf2_msgs/TFMessage`.
    Transforms(Transforms),
    /// `sensor_msgs/Temperature`.
    Temperature(Temperature),
    /// `sensor_msgs/Range`.
    Range(Range),
    /// `sensor_msgs/BatteryState`.
    Battery(Battery),
    /// `vedette_msgs/GasReading`.
    Gas(Gas),
}

impl Reading {
    /// The time of measurement; for transforms the newest edge's, `None` for an empty or static set.
    pub fn stamp(&self) -> Option<Stamp> {
        match self {
            Self::Image(r) => Some(r.stamp),
            Self::CameraInfo(r) => Some(r.stamp),
            Self::Scan(r) => Some(r.stamp),
            Self::PointCloud(r) => Some(r.stamp),
            Self::Imu(r) => Some(r.stamp),
            Self::Odometry(r) => Some(r.stamp),
            Self::Transforms(r) if r.is_static => None,
            Self::Transforms(r) => r.edges.iter().map(|e| e.stamp).max(),
            Self::Temperature(r) => Some(r.stamp),
            Self::Range(r) => Some(r.stamp),
            Self::Battery(r) => Some(r.stamp),
            Self::Gas(r) => Some(r.stamp),
        }
    }

    /// The word for this kind of reading in logs: `image`, `scan`, ...
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Image(_) => "image",
            Self::CameraInfo(_) => "camera_info",
            Self::Scan(_) => "scan",
            Self::PointCloud(_) => "points",
            Self::Imu(_) => "imu",
            Self::Odometry(_) => "odom",
            Self::Transforms(_) => "tf",
            Self::Temperature(_) => "temperature",
            Self::Range(_) => "range",
            Self::Battery(_) => "battery",
            Self::Gas(_) => "gas",
        }
    }
}

/// A planar laser scan.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Time of the first ray.
    pub stamp: Stamp,
    /// Frame of the scanner; angles are about its z axis, zero along x, counter-clockwise.
    pub frame: FrameId,
    /// Angle of the first ray, radians, finite.
    pub angle_min_rad: f64,
    /// Angle between rays, radians, finite, not zero when there is more than one ray.
    pub angle_increment_rad: f64,
    /// Shortest valid range, metres.
    pub range_min_m: f32,
    /// Longest valid range, metres.
    pub range_max_m: f32,
    /// One range per ray, metres, REP 117.
    pub ranges_m: Vec<f32>,
}

/// Positions from a depth sensor or 3D lidar, NaN points dropped at the border.
#[derive(Clone, Debug, PartialEq)]
pub struct PointCloud {
    /// Time of measurement.
    pub stamp: Stamp,
    /// Frame of the points.
    pub frame: FrameId,
    /// x, y, z in metres, finite.
    pub points_m: Vec<[f32; 3]>,
}

/// Inertial measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Imu {
    /// Time of measurement.
    pub stamp: Stamp,
    /// Frame of the sensor.
    pub frame: FrameId,
    /// Orientation as roll, pitch, yaw in radians, where the sensor provides one (`covariance[0]` is not -1).
    pub roll_pitch_yaw_rad: Option<[f64; 3]>,
    /// Angular velocity, rad/s.
    pub angular_velocity_radps: [f64; 3],
    /// Linear acceleration, m/s^2.
    pub linear_acceleration_mps2: [f64; 3],
}

/// Wheel or visual odometry.
#[derive(Clone, Debug, PartialEq)]
pub struct Odometry {
    /// Time of measurement.
    pub stamp: Stamp,
    /// The fixed frame, usually `odom`.
    pub frame: FrameId,
    /// The moving frame, usually `base_link`.
    pub child: FrameId,
    /// Pose of `child` in `frame`.
    pub frame_from_child: Isometry3,
    /// Forward speed in the child frame, m/s.
    pub speed_mps: f64,
    /// Yaw rate in the child frame, rad/s.
    pub yaw_rate_radps: f64,
}

/// Air or surface temperature.
#[derive(Clone, Debug, PartialEq)]
pub struct Temperature {
    /// Time of measurement.
    pub stamp: Stamp,
    /// Frame of the sensor.
    pub frame: FrameId,
    /// Degrees Celsius, finite.
    pub celsius: f64,
}

/// A single-beam range finder.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Time of measurement.
    pub stamp: Stamp,
    /// Frame of the sensor, beam along x.
    pub frame: FrameId,
    /// Full opening angle of the beam, radians.
    pub field_of_view_rad: f32,
    /// Shortest valid range, metres.
    pub min_m: f32,
    /// Longest valid range, metres.
    pub max_m: f32,
    /// Measured distance, metres, REP 117.
    pub range_m: f32,
}

/// State of the battery.
#[derive(Clone, Debug, PartialEq)]
pub struct Battery {
    /// Time of measurement.
    pub stamp: Stamp,
    /// Terminal voltage, volts, where measured.
    pub volts: Option<f64>,
    /// State of charge, 0..=1, where measured.
    pub charge: Option<f64>,
}

/// Concentration of one gas.
#[derive(Clone, Debug, PartialEq)]
pub struct Gas {
    /// Time of measurement.
    pub stamp: Stamp,
    /// Frame of the sensor.
    pub frame: FrameId,
    /// Which gas, as the sensor names it: `co`, `lpg`, `methane`.
    pub gas: String,
    /// Parts per million by volume, finite, not negative.
    pub ppm: f64,
}
