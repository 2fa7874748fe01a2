//! A floor of cells, as maps for robots are.

use crate::{FrameId, Stamp};

/// Where walls are. Row by row, y upwards, from the corner with the least x and y.
#[derive(Clone, Debug, PartialEq)]
pub struct GridMap {
    /// When it was made.
    pub stamp: Stamp,
    /// The frame it stands in.
    pub frame: FrameId,
    /// Side of a cell, metres.
    pub resolution_m: f64,
    /// The corner of the first cell with the least x and y, metres.
    pub origin_m: [f64; 2],
    /// Cells along x.
    pub width: usize,
    /// Cells along y.
    pub height: usize,
    /// Whether a cell is known to be taken; `width * height` of them.
    pub is_solid: Vec<bool>,
}
