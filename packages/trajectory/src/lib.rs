//! The run folder: what one run leaves behind. In -> out: events, answers and decisions, as values -> `run.mcap`, `decisions.jsonl`,
//! `completions.jsonl`, `summary.json`, `manifest.json`, `metadata.yaml` (together a rosbag2 bag); and `completions.jsonl` back.
//!
//! What was written stays readable whatever happens next: a full disk, a kill, an error elsewhere. Deliberately absent: clocks (stamps are
//! handed in), pictures and plots (`vedette-visualization`), and choosing what is worth writing.

mod run;

mod channel;
mod completion;
mod decision;
mod machine;
mod manifest;

mod disk;
mod error;
mod mcap_file;
mod metadata;
mod recording;
mod records;

#[cfg(test)]
mod full_disk;

pub use completion::{Completions, completion_line, read_completions};
pub use decision::{decision_line, doubtful_line, parse_decision_line, rounded};
pub use error::RunError;
pub use machine::Machine;
pub use manifest::{BagEntry, BagFile, Manifest, ModelEntry};
pub use recording::Rotation;
pub use run::{Input, InputValue, RunFolder, files};
