//! Assessment and raw thresholds to decision, with hysteresis.
//!
//! In -> out: assessments of the model, raw sensor readings and the time -> [`Decision`](vedette_types::Decision)s with their reasons, and the
//! [`Alert`](vedette_types::Alert)s of an operator.
//! Deliberately absent: clocks (time is an argument), ROS, Nav2, and any way for the model to take a threshold alarm back.
//! Two rules stand above all others: unknown is never clear, and silence expires.

mod alerts;
mod camera;
mod memory;
mod params;
mod policy;
mod threshold;
mod verdict;
mod witness;

pub use alerts::{AcknowledgeError, AlertParams, Alerts};
pub use memory::Memory;
pub use params::PolicyParams;
pub use policy::Policy;
pub use verdict::response_to;
pub use witness::{Source, Testimony, Witness};
