//! Training of the small vision-language model.

mod random;
mod shape;
mod targets;
mod parameters;
mod kernels;
mod blocks;
mod decomposed;
mod network;

pub use network::{Form, Network, Reading, Seen, patches};
pub use parameters::{AUX_OUTPUTS, Group, Parameters, Part};
pub use random::Random;
pub use shape::{Shape, TextShape, VisionShape};
pub use targets::{LOOKS, OUTPUTS, Sighting, Targets};
