//! The change gate: is this frame worth the model's time?
//!
//! In -> out: a frame with its gas and temperature values, and those of the last *assessed* frame of its camera -> open (and why) or closed.
//! Deliberately absent: judging danger. A closed gate says "as it was", and never for longer than `gate_max_age_secs`.
//!
//! The picture is reduced to mean colours of 32 x 24 cells, in integers so that every machine comes to the same verdict. Compared is with the
//! last assessed frame, not with the previous one: a slow change adds up until it opens the gate. The mean over all cells sees a change of the
//! whole view, the n-th strongest cell a small new object in a scene that otherwise stands still.

use crate::params::{FusionParams, count};
use std::collections::BTreeMap;
use std::fmt;
use vedette_types::{Probability, RgbPixels, Stamp};

const COLUMNS: usize = 32;
const ROWS: usize = 24;

/// Mean colours of the cells of a picture, 1/256 of an 8-bit step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    columns: usize,
    cells: Vec<[u16; 3]>,
}

impl Grid {
    pub(crate) fn of(pixels: &RgbPixels) -> Self {
        let (width, height) = (pixels.width() as usize, pixels.height() as usize);
        let (columns, rows) = (COLUMNS.min(width), ROWS.min(height));
        let mut cells = Vec::with_capacity(columns.saturating_mul(rows));
        let mut column_sums = vec![0u32; width.saturating_mul(3)];
        let mut lines = pixels.rgb().chunks_exact(width.saturating_mul(3));
        for row in 0..rows {
            let lines_in_cell = edge(row + 1, height, rows) - edge(row, height, rows);
            // Down the columns first: that loop runs over whole rows of bytes and is vectorised.
            column_sums.fill(0);
            for line in lines.by_ref().take(lines_in_cell) {
                for (sum, byte) in column_sums.iter_mut().zip(line) {
                    *sum += u32::from(*byte);
                }
            }
            let mut sums = column_sums.as_chunks::<3>().0.iter();
            for column in 0..columns {
                let columns_in_cell = edge(column + 1, width, columns) - edge(column, width, columns);
                let total = sums.by_ref().take(columns_in_cell).fold([0u64; 3], |mut total, sum| {
                    for (total, sum) in total.iter_mut().zip(sum) {
                        *total += u64::from(*sum);
                    }
                    total
                });
                let area = (lines_in_cell * columns_in_cell).max(1) as u64;
                cells.push(total.map(|total| (total * 256 / area) as u16));
            }
        }
        Self { columns, cells }
    }

    /// (mean change over all cells, change of the `block_count`-th strongest cell), each 0 to 1. Pictures of another shape changed wholly.
    fn change_from(&self, other: &Self, block_count: usize) -> (f64, f64) {
        const FULL: f64 = 255.0 * 256.0;
        if self.columns != other.columns || self.cells.len() != other.cells.len() {
            return (1.0, 1.0);
        }
        let mut total = 0u64;
        let mut strongest: Vec<u16> = Vec::with_capacity(self.cells.len());
        for (a, b) in self.cells.iter().zip(&other.cells) {
            let mut largest = 0;
            for (a, b) in a.iter().zip(b) {
                total += u64::from(a.abs_diff(*b));
                largest = largest.max(a.abs_diff(*b));
            }
            strongest.push(largest);
        }
        let mean = total as f64 / (self.cells.len().max(1) * 3) as f64 / FULL;
        strongest.sort_unstable_by(|a, b| b.cmp(a));
        let place = block_count.clamp(1, strongest.len().max(1)) - 1;
        (mean, strongest.get(place).map_or(0.0, |change| f64::from(*change) / FULL))
    }
}

/// First line of cell number `index`, where `length` lines are dealt out to `parts` cells.
const fn edge(index: usize, length: usize, parts: usize) -> usize {
    index * length / parts
}

/// What kind of quantity a scalar is; each has its own threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ScalarKind {
    Gas,
    Temperature,
}

/// Aligned scalars by kind, stream and channel.
pub(crate) type Scalars = BTreeMap<(ScalarKind, String), f64>;

/// What the gate compares.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    pub(crate) grid: Grid,
    pub(crate) scalars: Scalars,
    /// Event time at which the frame was looked at. Not its stamp: a stamp that stands still must not keep the gate shut.
    pub(crate) looked: Stamp,
}

/// Why a frame passed the gate.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// The gate is switched off.
    Disabled,
    /// There is no assessed frame of this camera to compare with.
    First,
    /// The picture changed.
    Picture,
    /// A gas or temperature moved, appeared or vanished.
    Sensor {
        /// Which one.
        channel: String,
    },
    /// The last assessed frame is too old.
    Age {
        /// Its age, seconds.
        secs: f64,
    },
}

impl fmt::Display for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disabled => f.write_str("gate off"),
            Self::First => f.write_str("first frame"),
            Self::Picture => f.write_str("picture changed"),
            Self::Sensor { channel } => write!(f, "{channel} changed"),
            Self::Age { secs } => write!(f, "last assessed frame {secs:.1} s old"),
        }
    }
}

/// How much the picture changed against `reference`, and why the gate is open; `None` when it is closed.
pub(crate) fn judge(params: &FusionParams, reference: Option<&Sight>, sight: &Sight) -> (Probability, Option<Opened>) {
    let Some(reference) = reference else { return (Probability::ONE, Some(Opened::First)) };
    let (mean, block) = sight.grid.change_from(&reference.grid, count(params.gate_block_count));
    let change = Probability::saturating(mean.max(block));
    let age_secs = sight.looked.secs_since(reference.looked);
    let opened = if !params.gate_enabled {
        Some(Opened::Disabled)
    } else if mean >= params.gate_change_threshold || block >= params.gate_block_threshold {
        Some(Opened::Picture)
    } else if let Some(channel) = moved_scalar(params, &reference.scalars, &sight.scalars) {
        Some(Opened::Sensor { channel })
    } else if age_secs >= params.gate_max_age_secs || age_secs < 0.0 {
        // A negative age: the event clock went back without a reading that said so.
        Some(Opened::Age { secs: age_secs })
    } else {
        None
    };
    (change, opened)
}

fn moved_scalar(params: &FusionParams, before: &Scalars, now: &Scalars) -> Option<String> {
    let has_moved = |key: &(ScalarKind, String), value: f64| {
        let threshold = match key.0 {
            ScalarKind::Gas => params.gate_gas_change_ppm,
            ScalarKind::Temperature => params.gate_temperature_change_celsius,
        };
        before.get(key).is_none_or(|before| (value - before).abs() >= threshold)
    };
    let moved = now.iter().find(|(key, value)| has_moved(key, **value)).map(|(key, _)| key);
    moved.or_else(|| before.keys().find(|key| !now.contains_key(*key))).map(|key| key.1.clone())
}
