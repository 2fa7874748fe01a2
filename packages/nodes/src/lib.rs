//! The live nodes. In -> out: a command line -> a running node around the stages that replay and demo run too.
//!
//! The agent publishes what the model saw; the guardian alone decides, and needs no agent; the recorder writes both down, the
//! visualizer shows them. Each is one loop over one closed set of events. Deliberately absent: judgement (the stages have it) and DDS (`vedette-ros` has it).

mod agent;
mod guardian;
mod hazards_file;
mod incoming;
mod journal;
mod program;
mod recorder;
mod refused;
#[cfg(feature = "visualizer")]
mod visualizer;

pub use agent::AgentNode;
pub use guardian::{GuardianNode, Nav2Params};
pub use program::{NodeKind, Program, all_parameters, run_alone};
pub use recorder::{RecorderNode, RecorderParams};
pub use refused::Refused;
#[cfg(feature = "visualizer")]
pub use visualizer::{VisualizerNode, VisualizerParams};
