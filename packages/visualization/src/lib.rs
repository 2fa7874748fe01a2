//! A run to look at. In -> out: the events of a run, as values -> `run.rrd` for the rerun viewer; a picture with its assessment -> the
//! picture with a banner and marks.
//!
//! Deliberately absent: a viewer, a live stream, plots for reports, and any influence on a run: what cannot be drawn is left out.

#[cfg(feature = "rrd")]
mod writer;

mod annotate;
#[cfg_attr(not(feature = "rrd"), allow(dead_code, reason = "some colours and words are those of recordings only"))]
mod overlay;
#[cfg(feature = "rrd")]
mod pace;
#[cfg(feature = "rrd")]
mod recording;
#[cfg(feature = "rrd")]
mod blueprint;
#[cfg(feature = "rrd")]
mod sensors;
mod sheet;
#[cfg(feature = "rrd")]
mod world;

mod error;
mod font;

#[cfg(test)]
#[cfg(feature = "rrd")]
mod whole_run;

pub use annotate::{annotate, jpeg, shrunk};
pub use error::RrdError;
pub use overlay::sector_px;
pub use sheet::{SheetCell, contact_sheet};
#[cfg(feature = "rrd")]
pub use world::WorldMap;
#[cfg(feature = "rrd")]
pub use writer::RrdWriter;
