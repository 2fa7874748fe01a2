//! A run to look at. In -> out: the events of a run, as values -> `run.rrd` for the rerun viewer, or live: rotating files and a viewer's
//! address; a picture with its assessment -> the picture with a banner and marks.
//!
//! Deliberately absent: a viewer, plots for reports, and any influence on a run: what cannot be drawn is left out.

#[cfg(feature = "rrd")]
mod writer;

#[cfg(feature = "rrd")]
mod alerts;
mod annotate;
#[cfg_attr(not(feature = "rrd"), allow(dead_code, reason = "some colours and words are those of recordings only"))]
mod overlay;
#[cfg(feature = "rrd")]
mod figures;
#[cfg(feature = "rrd")]
mod live;
#[cfg(feature = "rrd")]
mod pace;
#[cfg(feature = "rrd")]
mod recording;
#[cfg(feature = "rrd")]
mod sink;
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
#[cfg(feature = "rrd")]
pub use figures::Health;
#[cfg(feature = "rrd")]
pub use live::{Live, LiveOptions, LiveReport};
pub use overlay::sector_px;
pub use sheet::{SheetCell, contact_sheet};
#[cfg(feature = "rrd")]
pub use world::WorldMap;
#[cfg(feature = "rrd")]
pub use writer::RrdWriter;
