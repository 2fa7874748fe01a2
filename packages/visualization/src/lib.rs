//! A run to look at. In -> out: the events of a run, as values -> `run.rrd` for the rerun viewer; a picture with its assessment -> the
//! picture with a banner and marks.
//!
//! Deliberately absent: a viewer, a live stream, plots for reports, and any influence on a run: what cannot be drawn is left out.

mod writer;

mod annotate;
mod overlay;
mod pace;
mod recording;
mod blueprint;
mod sensors;
mod sheet;
mod world;

mod error;
mod font;

#[cfg(test)]
mod whole_run;

pub use annotate::{annotate, jpeg, shrunk};
pub use error::RrdError;
pub use sheet::{SheetCell, contact_sheet};
pub use world::WorldMap;
pub use writer::RrdWriter;
