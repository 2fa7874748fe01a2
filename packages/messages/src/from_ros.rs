//! The border check. In -> out: type name, topic and CDR bytes -> a [`Reading`] that satisfies the invariants of `vedette-types`, or a
//! [`Rejection`] that says what was wrong. NaN, sizes, encodings, stamps and frames are checked here and nowhere else. It decodes no
//! pixels, looks at no clock (any stamp is accepted, also a negative one) and never repairs a value by guessing.

mod assessment;
mod decision;
mod image;
mod journal;
mod map;
mod motion;
mod ranging;
mod scalar;

pub use assessment::assessment;
pub use decision::{alerts, decision};
pub use journal::journal_event;
pub use map::grid_map;

use crate::rejection::quoted;
use crate::{Rejection, RosMsg, nav_msgs, sensor_msgs, std_msgs, tf2_msgs, vedette_msgs};
use vedette_types::{FrameId, Reading, Stamp};

/// A reading out of the CDR bytes of one message of `type_name` (`sensor_msgs/msg/Image` or `sensor_msgs/Image`) on `topic`.
///
/// # Errors
/// A [`Rejection`]; nothing else can happen, whatever the bytes.
pub fn reading(type_name: &str, topic: &str, cdr: &[u8]) -> Result<Reading, Rejection> {
    let Some(kind) = Kind::of(type_name) else {
        return Err(Rejection::UnsupportedType { type_name: quoted(type_name) });
    };
    Ok(match kind {
        Kind::Image => Reading::Image(image::raw(sensor_msgs::Image::from_cdr(cdr)?)?),
        Kind::CompressedImage => Reading::Image(image::compressed(sensor_msgs::CompressedImage::from_cdr(cdr)?)?),
        Kind::CameraInfo => Reading::CameraInfo(image::intrinsics(&sensor_msgs::CameraInfo::from_cdr(cdr)?)?),
        Kind::LaserScan => Reading::Scan(ranging::scan(sensor_msgs::LaserScan::from_cdr(cdr)?)?),
        Kind::PointCloud2 => Reading::PointCloud(ranging::cloud(&sensor_msgs::PointCloud2::from_cdr(cdr)?)?),
        Kind::Range => Reading::Range(ranging::range(&sensor_msgs::Range::from_cdr(cdr)?)?),
        Kind::Imu => Reading::Imu(motion::imu(&sensor_msgs::Imu::from_cdr(cdr)?)?),
        Kind::Odometry => Reading::Odometry(motion::odometry(&nav_msgs::Odometry::from_cdr(cdr)?)?),
        Kind::Tf => Reading::Transforms(motion::transforms(&tf2_msgs::TFMessage::from_cdr(cdr)?, topic)?),
        Kind::Temperature => Reading::Temperature(scalar::temperature(&sensor_msgs::Temperature::from_cdr(cdr)?)?),
        Kind::BatteryState => Reading::Battery(scalar::battery(&sensor_msgs::BatteryState::from_cdr(cdr)?)?),
        Kind::GasReading => Reading::Gas(scalar::gas(&vedette_msgs::GasReading::from_cdr(cdr)?)?),
    })
}

/// Whether [`reading`] reads messages of this type.
pub fn is_supported(type_name: &str) -> bool {
    Kind::of(type_name).is_some()
}

/// The word of [`Reading::kind`] that messages of this type become, `None` for a type that is not read.
pub fn kind_of(type_name: &str) -> Option<&'static str> {
    Some(match Kind::of(type_name)? {
        Kind::Image | Kind::CompressedImage => "image",
        Kind::CameraInfo => "camera_info",
        Kind::LaserScan => "scan",
        Kind::PointCloud2 => "points",
        Kind::Range => "range",
        Kind::Imu => "imu",
        Kind::Odometry => "odom",
        Kind::Tf => "tf",
        Kind::Temperature => "temperature",
        Kind::BatteryState => "battery",
        Kind::GasReading => "gas",
    })
}

/// The types that are read.
#[derive(Clone, Copy)]
enum Kind {
    Image,
    CompressedImage,
    CameraInfo,
    LaserScan,
    PointCloud2,
    Range,
    Imu,
    Odometry,
    Tf,
    Temperature,
    BatteryState,
    GasReading,
}

impl Kind {
    fn of(type_name: &str) -> Option<Self> {
        let (package, rest) = type_name.split_once('/')?;
        let name = rest.strip_prefix("msg/").unwrap_or(rest);
        Some(match (package, name) {
            ("sensor_msgs", "Image") => Self::Image,
            ("sensor_msgs", "CompressedImage") => Self::CompressedImage,
            ("sensor_msgs", "CameraInfo") => Self::CameraInfo,
            ("sensor_msgs", "LaserScan") => Self::LaserScan,
            ("sensor_msgs", "PointCloud2") => Self::PointCloud2,
            ("sensor_msgs", "Range") => Self::Range,
            ("sensor_msgs", "Imu") => Self::Imu,
            ("nav_msgs", "Odometry") => Self::Odometry,
            ("tf2_msgs", "TFMessage") => Self::Tf,
            ("sensor_msgs", "Temperature") => Self::Temperature,
            ("sensor_msgs", "BatteryState") => Self::BatteryState,
            ("vedette_msgs", "GasReading") => Self::GasReading,
            _ => return None,
        })
    }
}

fn stamp(header: &std_msgs::Header) -> Stamp {
    Stamp::from_ros(header.stamp.sec, header.stamp.nanosec)
}

/// The frame named by `name`, possibly empty: a sensor without frame still measures, it only cannot be placed.
fn frame(name: &str) -> Result<FrameId, Rejection> {
    if name.chars().any(char::is_control) {
        return Err(Rejection::BadName { what: "frame id", wanted: "free of control characters", text: quoted(name) });
    }
    Ok(FrameId::new(name))
}

fn finite(what: &'static str, value: f64) -> Result<f64, Rejection> {
    if value.is_finite() { Ok(value) } else { Err(Rejection::NotFinite { what, value }) }
}
