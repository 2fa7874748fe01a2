//! A band of rows while it is painted: colour, depth and owner of each pixel.
//!
//! In -> out: the parts of the renderer write it, `finish` turns it into bytes. Deliberately absent: anything shared between bands; each is
//! painted by one thread from first to last, which is why the number of threads cannot change a byte.

use super::{
    owners::Tally,
    vector::{V3, add, scale},
};

/// Owner of what is no thing.
pub(super) const NOBODY: u16 = u16::MAX;

/// Mark on an owner whose pixel is a decal and no body.
pub(super) const FLAT: u16 = 1 << 15;

/// Rows of a band.
pub(super) const BAND_ROWS: usize = 16;

pub(super) struct Canvas {
    pub(super) width: usize,
    /// Row of the picture that is the first of this band.
    pub(super) top: usize,
    /// Row after the last of this band.
    pub(super) bottom: usize,
    /// Linear light.
    pub(super) colour: Vec<V3>,
    /// Metres forward along the floor.
    pub(super) depth: Vec<f32>,
    /// Number of the thing that is solid here, with `FLAT` where it lies on the floor.
    pub(super) owner: Vec<u16>,
    /// Share of the colour that still comes through what hangs in the air.
    pub(super) through: Vec<f32>,
    /// Light of what hangs in the air.
    pub(super) veil: Vec<V3>,
    /// Whether anything hangs in the air of this band.
    pub(super) has_air: bool,
    /// What each thing has of all bands painted on this canvas.
    pub(super) tally: Tally,
}

impl Canvas {
    /// An empty canvas for bands of `width` columns; `begin` before painting.
    pub(super) fn new(width: usize, tally: Tally) -> Self {
        let pixels = width * BAND_ROWS;
        Self {
            width,
            top: 0,
            bottom: 0,
            colour: vec![[0.0; 3]; pixels],
            depth: vec![f32::MAX; pixels],
            owner: vec![NOBODY; pixels],
            through: vec![1.0; pixels],
            veil: vec![[0.0; 3]; pixels],
            has_air: false,
            tally,
        }
    }

    /// Makes ready for the band of rows `top..bottom`. Colour and depth are left: the backdrop paints every pixel.
    pub(super) fn begin(&mut self, top: usize, bottom: usize) {
        (self.top, self.bottom) = (top, bottom);
        self.owner.fill(NOBODY);
        if self.has_air {
            self.through.fill(1.0);
            self.veil.fill([0.0; 3]);
            self.has_air = false;
        }
    }

    /// Lays the veil over what is solid.
    pub(super) fn lay_veil(&mut self) {
        if self.has_air {
            for ((colour, veil), through) in self.colour.iter_mut().zip(&self.veil).zip(&self.through) {
                *colour = add(scale(*colour, *through), *veil);
            }
        }
    }

    /// Index of a pixel of the picture.
    #[inline]
    pub(super) fn index(&self, column: usize, row: usize) -> usize {
        (row - self.top) * self.width + column
    }

    /// Counts the solid pixels that can still be seen.
    pub(super) fn count_solid(&mut self) {
        for row in self.top..self.bottom {
            let start = (row - self.top) * self.width;
            for column in 0..self.width {
                let owner = self.owner[start + column];
                if owner != NOBODY && self.through[start + column] > 0.3 {
                    self.tally.add(owner & !FLAT, column, row, owner & FLAT != 0);
                }
            }
        }
    }
}
