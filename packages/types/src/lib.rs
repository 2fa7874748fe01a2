//! The vocabulary of Vedette: what flows between the stages, as plain values.
//!
//! In -> out: nothing goes in; every other crate speaks in these types.
//! Deliberately absent: I/O, clocks, threads, randomness, ROS. A value that exists here has been checked (see
//! `vedette-messages::from_ros` for the border where foreign data is checked).

mod alert;
mod assessment;
mod completion;
mod decision;
mod geometry;
mod grid_map;
mod hazard;
mod image;
mod journal;
mod level;
mod observation;
mod probability;
mod reading;
mod sensor_value;
mod sha256;
mod stamp;
mod stream;

pub use alert::{Acknowledgement, Alert};
pub use assessment::{Assessment, Verdict, VerdictProbabilities};
pub use completion::{AdapterUse, Completion, Finish, Timings};
pub use decision::{Decision, Response, UnknownName};
pub use geometry::{FrameId, RobotPose, StampedTransform, Transforms};
pub use grid_map::GridMap;
pub use hazard::{BearingSector, Hazard, KindId, RangeBand, Severity, UNKNOWN_PLACE};
pub use image::{CameraIntrinsics, ImageData, ImageFrame, PixelEncoding, RgbPixels};
pub use journal::{JournalEntry, JournalKind};
pub use level::Level;
pub use observation::{ContextItem, Observation, StreamHealth};
pub use probability::{OutOfRange, Probability};
pub use reading::{Battery, Gas, Imu, Odometry, PointCloud, Range, Reading, Scan, Temperature};
pub use sensor_value::{FreeDistance, SensorQuantity, SensorValue};
pub use sha256::{HexError, Sha256};
pub use stamp::Stamp;
pub use stream::StreamId;

/// The isometry type of the whole system: rotation and translation in metres, double precision.
pub type Isometry3 = nalgebra::Isometry3<f64>;

/// A point in metres, double precision.
pub type Point3 = nalgebra::Point3<f64>;
