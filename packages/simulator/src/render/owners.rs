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
    pub(super) fn new(things: &[Thing], grid: [usize; 2], tally: Tally) -> Self {
        let fluid = tally.extents.iter().map(Extent::fluid).collect();
        Self { grid, ids: things.iter().map(|thing| thing.id).collect(), counts: tally.counts, fluid }
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
    pixels: u32,
    /// Those of them that are no body, with the first of their rows and the one after the last.
    fluid: u32,
    fluid_rows: [u32; 2],
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
}

impl Extent {
    pub(super) const NONE: Self =
        Self { pixels: 0, fluid: 0, fluid_rows: [u32::MAX, 0], left: u32::MAX, right: 0, top: u32::MAX, bottom: 0 };

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

    fn join(&mut self, other: &Self) {
        self.pixels += other.pixels;
        self.fluid += other.fluid;
        self.fluid_rows = [self.fluid_rows[0].min(other.fluid_rows[0]), self.fluid_rows[1].max(other.fluid_rows[1])];
        self.left = self.left.min(other.left);
        self.right = self.right.max(other.right);
        self.top = self.top.min(other.top);
        self.bottom = self.bottom.max(other.bottom);
    }

    /// Pixels, at most as many as the box has: a lens may draw two of those that were painted into one.
    pub(super) fn pixels(&self) -> u32 {
        let [_, _, width, height] = self.box_px();
        self.pixels.min(width * height)
    }

    fn fluid(&self) -> Fluid {
        Fluid { pixels: self.fluid, height_px: self.fluid_rows[1].saturating_sub(self.fluid_rows[0]) }
    }

    /// Left, top, width, height.
    pub(super) fn box_px(&self) -> [u32; 4] {
        [self.left, self.top, self.right.saturating_sub(self.left), self.bottom.saturating_sub(self.top)]
    }
}

/// Counts pixels of `things`.
#[derive(Clone)]
pub(super) struct Tally {
    pub(super) extents: Vec<Extent>,
    pub(super) counts: Vec<u32>,
    /// Cell of each column, and of each row times the columns of the grid.
    cell_of_column: Vec<u32>,
    cell_of_row: Vec<u32>,
    cells: usize,
    /// Between the picture that is painted and the one that is counted.
    lens: Option<Lens>,
}

impl Tally {
    /// For a picture of `side` pixels, with the cells of `grid`; a grid with an empty side counts no cells.
    pub(super) fn new(things: usize, side: [usize; 2], grid: [usize; 2], lens: Option<Lens>) -> Self {
        let cells = grid[0] * grid[1];
        let of = |axis: usize, stride: usize| (0..side[axis]).map(|place| (place * grid[axis] / side[axis] * stride) as u32).collect();
        Self {
            extents: vec![Extent::NONE; things],
            counts: vec![0; cells * things],
            cell_of_column: of(0, 1),
            cell_of_row: of(1, grid[0]),
            cells,
            lens,
        }
    }

    /// One more pixel of the thing with this number; `column` and `row` are within the picture that is painted.
    #[inline]
    pub(super) fn add(&mut self, thing: u16, column: usize, row: usize, is_fluid: bool) {
        let Some(extent) = self.extents.get_mut(usize::from(thing)) else { return };
        let seen = match &self.lens {
            None => Some((column, row)),
            Some(lens) => lens.target(column, row),
        };
        let Some((column, row)) = seen else { return };
        extent.add(column, row, is_fluid);
        if self.cells > 0 {
            let cell = (self.cell_of_column[column] + self.cell_of_row[row]) as usize;
            self.counts[usize::from(thing) * self.cells + cell] += 1;
        }
    }

    /// Sums and extremes of whole numbers: the order does not matter.
    pub(super) fn join(&mut self, other: &Self) {
        for (sum, extent) in self.extents.iter_mut().zip(&other.extents) {
            sum.join(extent);
        }
        for (sum, count) in self.counts.iter_mut().zip(&other.counts) {
            *sum += count;
        }
    }
}
