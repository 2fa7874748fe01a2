//! Streams of readings in, observations out.
//!
//! In -> out: [`vedette_types::Reading`]s with their arrival time -> [`vedette_types::Observation`]s: the newest picture of a camera with
//! everything else that was measured around its stamp, and the freshness of every stream.
//! Deliberately absent: clocks, files, threads, randomness, ROS; judging what is dangerous. Time is an argument; foreign data has been checked
//! at the border (`vedette-messages::from_ros`).
//!
//! Reading order: [`Fusion`] is the whole flow; the other files are its parts.

mod cameras;
mod clearance;
mod context;
mod decode;
mod freshness;
mod fusion;
mod gate;
mod observe;
mod params;
mod raw_pixels;
mod ring;
mod sensors;
mod still;
mod transform_buffer;
mod transform_fault;
mod wording;

pub use cameras::Counts;
pub use decode::{DecodeError, decode};
pub use freshness::{Moment, StampClock};
pub use fusion::{Fusion, Insert, InsertFault, Look, NoView, PassedOver};
pub use gate::Opened;
pub use params::FusionParams;
pub use still::{SensorContext, Still, sensor_context};
pub use transform_buffer::{TransformBuffer, TransformLimits, interpolate};
pub use transform_fault::TransformFault;
