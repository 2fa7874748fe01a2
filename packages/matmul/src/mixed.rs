//! Products of bfloat16 numbers: several times the arithmetic of f32 in tiles, twice in vectors. Inputs are rounded to bfloat16 (8 bits of mantissa), sums are
//! f32, which is what mixed-precision training does on any accelerator (Micikevicius et al. 2018); weights and their updates stay f32.
//!
//! Both factors are packed in tiles of 16 rows of 64 bytes first: the left one as rows of 32 numbers, the right one as rows of 16 pairs, each pair two
//! numbers that follow each other along the inner side. Blocks of two by two tiles of sums are what the processor is asked for, by the
//! instructions that it has. Deliberately absent: other processors; they take f32 vectors.

mod pairs;
mod tiles;

use crate::{Into, View};
use std::cell::RefCell;
use std::sync::LazyLock;

/// Products of fewer numbers are not worth packing.
const WORTH_PACKING: usize = 16 * 16 * 64;

const ROWS: usize = 16;
/// Numbers of a tile's row in the left factor.
const DEPTH: usize = 32;
const PAIRS_OF_A_ROW: usize = DEPTH / 2;
const PAIRS: usize = ROWS * PAIRS_OF_A_ROW;
/// Rows and columns of the block that four tiles of sums make.
const BLOCK: usize = 2 * ROWS;

/// Tiles along the inner side that are multiplied before the next: what is gone through again and again stays in the caches.
const MOST_DEPTH: usize = 24;

/// A block of sums.
type Sums = [f32; BLOCK * BLOCK];

/// Two rows of tiles of one factor, side by side along the inner side.
type Strips<'a> = [&'a [Tile]; 2];

/// Pairs of bfloat16 numbers, the first in the lower half.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Tile([u32; PAIRS]);

impl Tile {
    #[inline(always)]
    fn rows(&self) -> &[[u32; PAIRS_OF_A_ROW]; ROWS] {
        self.0.as_chunks().0.try_into().unwrap_or(&[[0; PAIRS_OF_A_ROW]; ROWS])
    }
}

/// What multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instructions {
    Tiles,
    Pairs,
}

/// What the processor has, the fastest first.
fn there() -> impl Iterator<Item = Instructions> {
    let kinds = [(Instructions::Tiles, tiles::is_there as fn() -> bool), (Instructions::Pairs, pairs::is_there)];
    kinds.into_iter().filter(|(_, is_there)| is_there()).map(|(kind, _)| kind)
}

static INSTRUCTIONS: LazyLock<Option<Instructions>> = LazyLock::new(|| there().next());

/// Multiplies if this processor can and the product is worth packing; false if not.
pub(crate) fn multiply(out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32) -> bool {
    let is_worth_it = a.rows * a.columns * b.columns >= WORTH_PACKING;
    let Some(instructions) = INSTRUCTIONS.filter(|_| is_worth_it) else { return false };
    multiply_by(instructions, out, out_stride, into, a, b, scale);
    true
}

fn multiply_by(instructions: Instructions, out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32) {
    DESK.with_borrow_mut(|desk| {
        desk.pack(a, b);
        match instructions {
            Instructions::Tiles => {
                let configured = tiles::Configured::new();
                desk.multiply(out, out_stride, into, scale, |left, right, sums| configured.block(left, right, sums));
            }
            Instructions::Pairs => desk.multiply(out, out_stride, into, scale, pairs::block),
        }
    });
}

/// Packed factors and a block of sums, kept from call to call.
struct Desk {
    left: Vec<Tile>,
    right: Vec<Tile>,
    sums: Box<Sums>,
    /// Rows, columns and inner side of the product.
    sides: [usize; 3],
}

thread_local! {
    static DESK: RefCell<Desk> =
        RefCell::new(Desk { left: Vec::new(), right: Vec::new(), sums: Box::new([0.0; BLOCK * BLOCK]), sides: [0; 3] });
}

impl Desk {
    fn pack(&mut self, a: View<'_>, b: View<'_>) {
        self.sides = [a.rows, b.columns, a.columns];
        let depth = a.columns.div_ceil(DEPTH);
        pack(&mut self.left, a, depth, true);
        // The right factor seen from its other side is packed by the same rules, its pairs turned.
        pack(&mut self.right, b.t(), depth, false);
    }

    fn multiply(&mut self, out: &mut [f32], out_stride: usize, into: Into, scale: f32, block: impl Fn(Strips<'_>, Strips<'_>, &mut Sums)) {
        let [rows, columns, inner] = self.sides;
        let depth = inner.div_ceil(DEPTH);
        for start in (0..depth).step_by(MOST_DEPTH) {
            let end = depth.min(start + MOST_DEPTH);
            let into = if start == 0 { into } else { Into::Add };
            for (row, left) in self.left.chunks_exact(2 * depth).enumerate() {
                for (column, right) in self.right.chunks_exact(2 * depth).enumerate() {
                    let [left, right] = [left, right].map(|strips| [&strips[start..end], &strips[depth + start..depth + end]]);
                    block(left, right, &mut self.sums);
                    let (top, start) = (row * BLOCK, column * BLOCK);
                    let (rows, columns) = (BLOCK.min(rows - top), BLOCK.min(columns - start));
                    for line in 0..rows {
                        let sums = &self.sums[line * BLOCK..line * BLOCK + columns];
                        let from = (top + line) * out_stride + start;
                        let out = &mut out[from..from + columns];
                        match into {
                            Into::Set => out.iter_mut().zip(sums).for_each(|(out, sum)| *out = scale * sum),
                            Into::Add => out.iter_mut().zip(sums).for_each(|(out, sum)| *out += scale * sum),
                        }
                    }
                }
            }
        }
    }
}

/// Rounds to the nearest bfloat16, ties to even; what is not a number stays none, or a broken loss would look like a fine one.
#[inline(always)]
fn narrow(x: f32) -> u32 {
    let bits = if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() };
    (bits + 0x7fff + ((bits >> 16) & 1)) >> 16
}

/// Tiles of `view`, 16 rows and 32 columns each, `depth` of them for each 16 rows, padded with zeros to pairs of tile rows. A left factor
/// has a row of the view in each row of the tile; in a right one each row of the tile has one pair of columns for all 16 rows.
fn pack(tiles: &mut Vec<Tile>, view: View<'_>, depth: usize, is_left: bool) {
    let strips = view.rows.div_ceil(BLOCK) * 2;
    tiles.resize(strips * depth, Tile([0; PAIRS]));
    crate::wide(
        #[inline(always)]
        || {
            for number in 0..strips * depth {
                // In the order in which the numbers stand in memory.
                let (strip, along) =
                    if view.row_stride == 1 { (number % strips, number / strips) } else { (number / depth, number % depth) };
                let (top, left) = (strip * ROWS, along * DEPTH);
                let tile = &mut tiles[strip * depth + along];
                let rows = ROWS.min(view.rows.saturating_sub(top));
                let columns = DEPTH.min(view.columns - left);
                if rows < ROWS || columns < DEPTH {
                    tile.0.fill(0);
                    edge(&mut tile.0, view, [top, left], [rows, columns], is_left);
                } else if view.column_stride == 1 {
                    let mut along = [[0; ROWS]; ROWS];
                    for (row, pairs) in along.iter_mut().enumerate() {
                        let start = (top + row) * view.row_stride + left;
                        let numbers: &[f32; DEPTH] = view.data[start..start + DEPTH].try_into().unwrap_or(&[0.0; DEPTH]);
                        for (pair, place) in pairs.iter_mut().enumerate() {
                            *place = narrow(numbers[2 * pair]) | narrow(numbers[2 * pair + 1]) << 16;
                        }
                    }
                    lay(&mut tile.0, &along, !is_left);
                } else {
                    let mut across = [[0; ROWS]; ROWS];
                    for (pair, rows) in across.iter_mut().enumerate() {
                        let start = top * view.row_stride + (left + 2 * pair) * view.column_stride;
                        if view.row_stride == 1 {
                            let first: &[f32; ROWS] = view.data[start..start + ROWS].try_into().unwrap_or(&[0.0; ROWS]);
                            let start = start + view.column_stride;
                            let second: &[f32; ROWS] = view.data[start..start + ROWS].try_into().unwrap_or(&[0.0; ROWS]);
                            for row in 0..ROWS {
                                rows[row] = narrow(first[row]) | narrow(second[row]) << 16;
                            }
                        } else {
                            for (row, place) in rows.iter_mut().enumerate() {
                                let start = start + row * view.row_stride;
                                *place = narrow(view.data[start]) | narrow(view.data[start + view.column_stride]) << 16;
                            }
                        }
                    }
                    lay(&mut tile.0, &across, is_left);
                }
            }
        },
    );
}

/// Writes 16 x 16 pairs into a tile, as they are or turned.
#[inline(always)]
fn lay(tile: &mut [u32; PAIRS], pairs: &[[u32; ROWS]; ROWS], is_turned: bool) {
    for (row, line) in tile.chunks_exact_mut(ROWS).enumerate() {
        for (column, place) in line.iter_mut().enumerate() {
            *place = if is_turned { pairs[column][row] } else { pairs[row][column] };
        }
    }
}

/// A tile that hangs over the view's edge.
fn edge(tile: &mut [u32; PAIRS], view: View<'_>, [top, left]: [usize; 2], [rows, columns]: [usize; 2], is_left: bool) {
    for row in 0..rows {
        for column in 0..columns {
            let number = view.data[(top + row) * view.row_stride + (left + column) * view.column_stride];
            let place = if is_left { row * ROWS + column / 2 } else { column / 2 * ROWS + row };
            tile[place] |= narrow(number) << (16 * (column % 2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Precision, multiply as product};

    /// Sides beyond one step along the inner side, and none of them a multiple of a tile.
    const SIDES: [usize; 3] = [70, 45, 33 * MOST_DEPTH + DEPTH * MOST_DEPTH];

    #[test]
    fn rounding_goes_to_the_nearest_and_keeps_what_is_not_finite() {
        let widened = |x: f32| f32::from_bits(narrow(x) << 16);
        let step = 2.0_f32.powi(-7);
        let halves = [(1.0 + step / 2.0, 1.0), (1.0 + 1.5 * step, 1.0 + 2.0 * step), (-1.0 - 0.6 * step, -1.0 - step)];
        for (x, expected) in halves {
            assert_eq!(widened(x), expected, "{x}");
        }
        assert_eq!(widened(f32::MAX), f32::INFINITY);
        assert_eq!([f32::INFINITY, f32::NEG_INFINITY].map(widened), [f32::INFINITY, f32::NEG_INFINITY]);
        for bits in [0x7f80_0001, 0x7fff_ffff, 0xff80_0001, 0xffff_ffff] {
            assert!(widened(f32::from_bits(bits)).is_nan(), "{bits:#x}");
        }
    }

    #[test]
    fn what_is_not_a_number_comes_out_of_the_product() {
        let [rows, columns, inner] = SIDES;
        let (mut a, b) = (vec![1.0; rows * inner], vec![1.0; inner * columns]);
        a[3 * inner + 5] = f32::from_bits(0x7fff_ffff);
        for kind in there() {
            let mut out = vec![0.0; rows * columns];
            multiply_by(kind, &mut out, columns, Into::Set, View::dense(&a, rows, inner), View::dense(&b, inner, columns), 1.0);
            for (row, line) in out.chunks(columns).enumerate() {
                assert!(line.iter().all(|sum| sum.is_nan() == (row == 3)), "{kind:?}: row {row}");
            }
        }
    }

    #[test]
    fn every_kind_of_instructions_that_is_there_multiplies() {
        let [rows, columns, inner] = SIDES;
        let numbers = |count: usize| (0..count).map(|n| ((n * 7919) % 1009) as f32 / 504.5 - 1.0).collect::<Vec<_>>();
        let (a, b) = (numbers(rows * inner), numbers(inner * columns));
        let (a, b) = (View::dense(&a, rows, inner), View::dense(&b, inner, columns));
        let mut expected = vec![0.5; rows * columns];
        product(&mut expected, columns, Into::Add, a, b, 0.25, Precision::Single);
        for kind in there() {
            let mut out = vec![0.5; rows * columns];
            multiply_by(kind, &mut out, columns, Into::Add, a, b, 0.25);
            let worst = out.iter().zip(&expected).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max);
            assert!(worst < 0.25 * 3e-3 * (inner as f32).sqrt(), "{kind:?}: {worst}");
        }
    }
}
