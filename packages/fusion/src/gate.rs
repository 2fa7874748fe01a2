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

#[cfg(test)]
mod tests {
    use super::{Grid, Opened, ScalarKind, Scalars, Sight, judge};
    use crate::FusionParams;
    use proptest::prelude::*;
    use vedette_types::{RgbPixels, Stamp};

    /// A grey picture of 640 x 480 with a square of another grey.
    fn picture(grey: u8, square: Option<(usize, usize, usize, u8)>) -> RgbPixels {
        let mut rgb = vec![grey; 640 * 480 * 3];
        if let Some((left, top, side, grey)) = square {
            for y in top..top + side {
                rgb[(y * 640 + left) * 3..(y * 640 + left + side) * 3].fill(grey);
            }
        }
        RgbPixels::new(640, 480, rgb).unwrap()
    }

    fn sight(pixels: &RgbPixels, looked_secs: f64, scalars: &[(&str, f64)]) -> Sight {
        let scalars: Scalars = scalars
            .iter()
            .map(|(name, value)| {
                let kind = if name.starts_with("gas") { ScalarKind::Gas } else { ScalarKind::Temperature };
                ((kind, (*name).to_owned()), *value)
            })
            .collect();
        Sight { grid: Grid::of(pixels), scalars, looked: Stamp::from_nanos(0).plus_secs(looked_secs) }
    }

    fn check_picture(before: &RgbPixels, now: &RgbPixels, is_open: bool) {
        let (_, opened) = judge(&FusionParams::default(), Some(&sight(before, 0.0, &[])), &sight(now, 0.5, &[]));
        assert_eq!(opened, is_open.then_some(Opened::Picture));
    }

    #[test]
    fn a_small_new_object_opens_and_noise_does_not() {
        check_picture(&picture(120, None), &picture(120, None), false);
        check_picture(&picture(120, None), &picture(123, None), false);
        check_picture(&picture(120, None), &picture(128, None), true);
        // A dark object of 24 x 24 pixels, aligned with the cells and across them.
        check_picture(&picture(120, None), &picture(120, Some((300, 200, 24, 20))), false);
        check_picture(&picture(120, None), &picture(120, Some((300, 200, 30, 20))), true);
        check_picture(&picture(120, None), &picture(120, Some((311, 213, 40, 20))), true);
        // One bright cell alone may be a blinking lamp.
        check_picture(&picture(120, None), &picture(120, Some((300, 200, 20, 255))), false);
        check_picture(&picture(120, Some((300, 200, 30, 20))), &picture(120, None), true);
        check_picture(&picture(120, Some((100, 200, 40, 20))), &picture(120, Some((140, 200, 40, 20))), true);
    }

    #[test]
    fn pictures_of_other_sizes_changed_wholly() {
        let small = RgbPixels::new(3, 2, vec![9; 18]).unwrap();
        check_picture(&picture(9, None), &small, true);
        check_picture(&small, &small, false);
    }

    fn check_scalars(before: &[(&str, f64)], now: &[(&str, f64)], expected: Option<&str>) {
        let pixels = picture(9, None);
        let (_, opened) = judge(&FusionParams::default(), Some(&sight(&pixels, 0.0, before)), &sight(&pixels, 0.5, now));
        assert_eq!(opened, expected.map(|channel| Opened::Sensor { channel: channel.to_owned() }), "{before:?} {now:?}");
    }

    #[test]
    fn a_moved_appeared_or_vanished_scalar_opens() {
        check_scalars(&[("gas co", 5.0)], &[("gas co", 14.0)], None);
        check_scalars(&[("gas co", 5.0)], &[("gas co", 15.0)], Some("gas co"));
        check_scalars(&[("gas co", 25.0)], &[("gas co", 5.0)], Some("gas co"));
        check_scalars(&[("temp", 25.0)], &[("temp", 26.9)], None);
        check_scalars(&[("temp", 25.0)], &[("temp", 27.0)], Some("temp"));
        check_scalars(&[], &[("gas co", 0.0)], Some("gas co"));
        check_scalars(&[("gas co", 0.0)], &[], Some("gas co"));
    }

    #[test]
    fn age_opens_whatever_the_picture_shows() {
        let pixels = picture(9, None);
        let check = |now_secs: f64, expected: Option<Opened>| {
            let (_, opened) = judge(&FusionParams::default(), Some(&sight(&pixels, 10.0, &[])), &sight(&pixels, now_secs, &[]));
            assert_eq!(opened, expected, "{now_secs}");
        };
        check(11.9, None);
        check(12.0, Some(Opened::Age { secs: 2.0 }));
        check(9.0, Some(Opened::Age { secs: -1.0 }));
    }

    #[test]
    fn the_gate_switched_off_is_open_and_still_measures() {
        let params = FusionParams { gate_enabled: false, ..FusionParams::default() };
        let pixels = picture(9, None);
        let (change, opened) = judge(&params, Some(&sight(&pixels, 0.0, &[])), &sight(&pixels, 0.1, &[]));
        assert_eq!((change.get(), opened), (0.0, Some(Opened::Disabled)));
        assert_eq!(judge(&params, None, &sight(&pixels, 0.1, &[])).0.get(), 1.0);
    }

    proptest! {
        #[test]
        fn cells_are_the_means_of_their_pixels(width in 1u32..70, height in 1u32..50, seed in any::<u32>()) {
            let count = (width * height * 3) as usize;
            let rgb: Vec<u8> = (0..count as u32).map(|i| (i.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 24) as u8).collect();
            let grid = Grid::of(&RgbPixels::new(width, height, rgb.clone()).unwrap());
            let (columns, rows) = (32.min(width as usize), 24.min(height as usize));
            prop_assert_eq!(grid.cells.len(), columns * rows);
            for (index, cell) in grid.cells.iter().enumerate() {
                let (column, row) = (index % columns, index / columns);
                let xs = column * width as usize / columns..(column + 1) * width as usize / columns;
                let ys = row * height as usize / rows..(row + 1) * height as usize / rows;
                let area = (xs.len() * ys.len()) as u64;
                for channel in 0..3 {
                    let at = |x: usize, y: usize| u64::from(rgb[(y * width as usize + x) * 3 + channel]);
                    let sum: u64 = ys.clone().flat_map(|y| xs.clone().map(move |x| (x, y))).map(|(x, y)| at(x, y)).sum();
                    prop_assert_eq!(u64::from(cell[channel]), sum * 256 / area);
                }
            }
        }

        #[test]
        fn change_is_symmetric_in_range_and_zero_only_for_the_same(a in any::<[u8; 12]>(), b in any::<[u8; 12]>(), count in 1usize..9) {
            let grid = |rgb: [u8; 12]| Grid::of(&RgbPixels::new(2, 2, rgb.to_vec()).unwrap());
            let (mean, block) = grid(a).change_from(&grid(b), count);
            prop_assert_eq!((mean, block), grid(b).change_from(&grid(a), count));
            prop_assert!((0.0..=1.0).contains(&mean) && (0.0..=1.0).contains(&block));
            prop_assert_eq!(mean == 0.0, a == b);
        }
    }
}
