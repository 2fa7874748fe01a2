//! Which thing owns which pixels: boxes, sums, and counts in the cells of a coarse grid.
//!
//! In -> out: `(thing, column, row)` of each visible pixel, in any order -> whole numbers, so that threads cannot change them. Deliberately
//! absent: the pixels themselves; a mask for each thing would cost more than the picture.

use super::lens::Lens;
use crate::Thing;

/// How many pixels of each thing lie in each cell of a grid over the picture. For smoke, gas and flames: pixels that they clearly change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owners {
    grid: [usize; 2],
    ids: Vec<u32>,
    /// Thing by thing, rows from the top, columns from the left.
    counts: Vec<u32>,
    /// Thing by thing.
    fluid: Vec<Fluid>,
}

/// What is seen of a thing's flames, smoke, gas and liquid (and what else lies flat), without the bodies that they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fluid {
    /// Pixels.
    pub pixels: u32,
    /// From the first row with such a pixel to the last one.
    pub height_px: u32,
}

impl Owners {
    pub(super) fn new(things: &[Thing], grid: [usize; 2], counts: Counts) -> Self {
        let fluid = counts.extents.iter().map(Extent::fluid).collect();
        Self { grid, ids: things.iter().map(|thing| thing.id).collect(), counts: counts.cells, fluid }
    }

    /// What is seen of a thing's flames, smoke, gas and liquid; nothing where there is no such thing.
    pub fn fluid(&self, id: u32) -> Fluid {
        let number = self.ids.iter().position(|other| *other == id);
        number.and_then(|number| self.fluid.get(number)).copied().unwrap_or_default()
    }

    /// Columns and rows of the grid.
    pub fn grid(&self) -> [usize; 2] {
        self.grid
    }

    /// Pixels of the thing with this `id` in each cell, row by row from the top left; `None` for a thing that is not in the scene. Things
    /// that share an id count as the first of them.
    pub fn cells(&self, id: u32) -> Option<&[u32]> {
        let size = self.grid[0] * self.grid[1];
        let number = self.ids.iter().position(|other| *other == id)?;
        self.counts.get(number * size..(number + 1) * size)
    }

    /// Pixels of a thing in one cell; 0 where there is no such thing or cell.
    pub fn count(&self, id: u32, column: usize, row: usize) -> u32 {
        let cells = self.cells(id).filter(|_| column < self.grid[0]);
        cells.and_then(|cells| cells.get(row * self.grid[0] + column)).copied().unwrap_or(0)
    }
}

/// Pixels of one thing and the box around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) pixels: u32,
    /// Those of them that are no body, with the first of their rows and the one after the last.
    fluid: u32,
    fluid_rows: [u32; 2],
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
}

impl Extent {
    const NONE: Self = Self { pixels: 0, fluid: 0, fluid_rows: [u32::MAX, 0], left: u32::MAX, right: 0, top: u32::MAX, bottom: 0 };

    fn add(&mut self, column: usize, row: usize, is_fluid: bool) {
        let (column, row) = (column as u32, row as u32);
        self.pixels += 1;
        if is_fluid {
            self.fluid += 1;
            self.fluid_rows = [self.fluid_rows[0].min(row), self.fluid_rows[1].max(row + 1)];
        }
        self.left = self.left.min(column);
        self.right = self.right.max(column + 1);
        self.top = self.top.min(row);
        self.bottom = self.bottom.max(row + 1);
    }

    fn fluid(&self) -> Fluid {
        Fluid { pixels: self.fluid, height_px: self.fluid_rows[1].saturating_sub(self.fluid_rows[0]) }
    }

    /// Left, top, width, height.
    pub(super) fn box_px(&self) -> [u32; 4] {
        [self.left, self.top, self.right.saturating_sub(self.left), self.bottom.saturating_sub(self.top)]
    }
}

/// Marks the pixels of each thing while they are painted. Two bits a pixel, so that what a thing covers twice counts once: whether it has the
/// pixel, and whether by something fluid.
#[derive(Clone)]
pub(super) struct Tally {
    width: usize,
    words: usize,
    /// Empty for a thing that has no pixel yet.
    masks: Vec<Vec<[u64; 2]>>,
}

/// What a tally comes to.
pub(super) struct Counts {
    pub(super) extents: Vec<Extent>,
    /// As in `Owners`.
    pub(super) cells: Vec<u32>,
}

impl Tally {
    /// For `things` in a picture that is painted with `side` pixels.
    pub(super) fn new(things: usize, side: [usize; 2]) -> Self {
        Self { width: side[0], words: (side[0] * side[1]).div_ceil(64), masks: vec![Vec::new(); things] }
    }

    /// A pixel of the thing with this number.
    #[inline]
    pub(super) fn add(&mut self, thing: u16, column: usize, row: usize, is_fluid: bool) {
        let Some(mask) = self.masks.get_mut(usize::from(thing)) else { return };
        if mask.is_empty() {
            mask.resize(self.words, [0; 2]);
        }
        let place = row * self.width + column;
        let [own, fluid] = &mut mask[place / 64];
        *own |= 1 << (place % 64);
        *fluid |= u64::from(is_fluid) << (place % 64);
    }

    /// All pixels of both.
    pub(super) fn join(&mut self, other: Self) {
        for (mask, other) in self.masks.iter_mut().zip(other.masks) {
            if mask.is_empty() {
                *mask = other;
            } else {
                for (word, other) in mask.iter_mut().zip(&other) {
                    *word = [word[0] | other[0], word[1] | other[1]];
                }
            }
        }
    }

    /// Counts in a picture of `side` pixels, seen through `lens`, and in the cells of `grid`.
    pub(super) fn count(&self, side: [usize; 2], grid: [usize; 2], lens: Option<&Lens>) -> Counts {
        let size = grid[0] * grid[1];
        let mut counts = Counts { extents: vec![Extent::NONE; self.masks.len()], cells: vec![0; size * self.masks.len()] };
        for (thing, mask) in self.masks.iter().enumerate().filter(|(_, mask)| !mask.is_empty()) {
            let (extent, cells) = (&mut counts.extents[thing], &mut counts.cells[thing * size..(thing + 1) * size]);
            let mut see = |column: usize, row: usize, is_fluid: bool| {
                extent.add(column, row, is_fluid);
                if let Some(cell) = cells.get_mut(column * grid[0] / side[0] + row * grid[1] / side[1] * grid[0]) {
                    *cell += 1;
                }
            };
            match lens {
                None => marked(mask).for_each(|(place, is_fluid)| see(place % self.width, place / self.width, is_fluid)),
                Some(lens) => self.see_through(mask, lens, side, see),
            }
        }
        counts
    }

    /// Calls `see` for the pixels behind a lens that show a marked one.
    fn see_through(&self, mask: &[[u64; 2]], lens: &Lens, side: [usize; 2], mut see: impl FnMut(usize, usize, bool)) {
        let mut painted = Extent::NONE;
        marked(mask).for_each(|(place, _)| painted.add(place % self.width, place / self.width, false));
        let [columns, rows] = lens.around(painted.box_px(), side);
        for row in rows {
            for column in columns.clone() {
                let [x, y] = lens.nearest(column, row);
                let place = y * self.width + x;
                let [is_own, is_fluid] = mask[place / 64].map(|word| word >> (place % 64) & 1 == 1);
                if is_own {
                    see(column, row, is_fluid);
                }
            }
        }
    }
}

/// Places that are marked, and whether by something fluid.
fn marked(mask: &[[u64; 2]]) -> impl Iterator<Item = (usize, bool)> {
    mask.iter().enumerate().flat_map(|(number, &[own, fluid])| {
        let mut rest = own;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some((number * 64 + bit, fluid >> bit & 1 == 1))
        })
    })
}
