//! Products in bfloat16 tiles (Intel AMX): several times the arithmetic of the widest vectors. Inputs are rounded to bfloat16 (8 bits of mantissa), sums are
//! f32, which is what mixed-precision training does on any accelerator (Micikevicius et al. 2018); weights and their updates stay f32.
//!
//! Tiles have 16 rows of 64 bytes. Both factors are packed first: the left one as rows of 32 numbers, the right one as rows of 16 pairs, each pair two
//! numbers that follow each other along the inner side. Deliberately absent: other processors; where there are no tiles the caller takes vectors.

use crate::{Into, View};

/// Multiplies if this processor has tiles and the product is worth packing; false if not.
pub(crate) fn multiply(out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32) -> bool {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    {
        const WORTH_PACKING: usize = 16 * 16 * 64;
        if a.rows * a.columns * b.columns >= WORTH_PACKING && amx::is_there() {
            amx::multiply(out, out_stride, into, a, b, scale);
            return true;
        }
    }
    let _ = (out, out_stride, into, a, b, scale);
    false
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx {
    use super::{Into, View};
    use std::arch::asm;
    use std::arch::x86_64::__cpuid_count;
    use std::cell::RefCell;
    use std::sync::LazyLock;

    const ROWS: usize = 16;
    /// Numbers of a tile's row in the left factor.
    const DEPTH: usize = 32;
    const PAIRS: usize = ROWS * DEPTH / 2;
    /// Rows and columns of the block that four tiles of sums make.
    const BLOCK: usize = 2 * ROWS;

    /// Pairs of bfloat16 numbers, the first in the lower half.
    #[derive(Clone, Copy)]
    #[repr(C, align(64))]
    struct Tile([u32; PAIRS]);

    /// Asks processor and kernel for the tiles, once.
    pub(super) fn is_there() -> bool {
        static IS_THERE: LazyLock<bool> = LazyLock::new(|| {
            // Leaf 7: bit 22 bfloat16 products, bit 24 tiles (Intel SDM volume 2, CPUID). Leaf 0 says whether there is a leaf 7.
            const WANTED: u32 = 1 << 22 | 1 << 24;
            if __cpuid_count(0, 0).eax < 7 || __cpuid_count(7, 0).edx & WANTED != WANTED {
                return false;
            }
            // Linux gives the tile registers' state to a process that asks (Documentation/arch/x86/xstate.rst).
            const ARCH_REQ_XCOMP_PERM: libc::c_long = 0x1023;
            const XFEATURE_XTILEDATA: libc::c_long = 18;
            // SAFETY: a system call with two numbers; it touches no memory of ours.
            unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0 }
        });
        *IS_THERE
    }

    /// Shapes of the eight tiles: palette 1, all 16 rows of 64 bytes (Intel SDM, LDTILECFG).
    #[repr(C, align(64))]
    struct Shapes([u8; 64]);

    static SHAPES: Shapes = {
        let mut bytes = [0; 64];
        bytes[0] = 1;
        let mut tile = 0;
        while tile < 8 {
            bytes[16 + 2 * tile] = 64;
            bytes[48 + tile] = 16;
            tile += 1;
        }
        Shapes(bytes)
    };

    /// Packed factors and a block of sums, kept from call to call.
    struct Desk {
        left: Vec<Tile>,
        right: Vec<Tile>,
        sums: Box<[f32; BLOCK * BLOCK]>,
    }

    thread_local! {
        static DESK: RefCell<Desk> = RefCell::new(Desk { left: Vec::new(), right: Vec::new(), sums: Box::new([0.0; BLOCK * BLOCK]) });
    }

    pub(super) fn multiply(out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32) {
        DESK.with_borrow_mut(|desk| {
            let depth = a.columns.div_ceil(DEPTH);
            pack(&mut desk.left, a, depth, true);
            // The right factor seen from its other side is packed by the same rules, its pairs turned.
            pack(&mut desk.right, b.t(), depth, false);
            // SAFETY: the configuration is a valid constant; the tiles are ours until they are released below.
            unsafe { asm!("ldtilecfg [{}]", in(reg) &SHAPES, options(nostack, readonly)) };
            for (row, left) in desk.left.chunks_exact(2 * depth).enumerate() {
                for (column, right) in desk.right.chunks_exact(2 * depth).enumerate() {
                    block(left, right, depth, &mut desk.sums);
                    let (top, start) = (row * BLOCK, column * BLOCK);
                    let (rows, columns) = (BLOCK.min(a.rows - top), BLOCK.min(b.columns - start));
                    for line in 0..rows {
                        let sums = &desk.sums[line * BLOCK..line * BLOCK + columns];
                        let from = (top + line) * out_stride + start;
                        let out = &mut out[from..from + columns];
                        match into {
                            Into::Set => out.iter_mut().zip(sums).for_each(|(out, sum)| *out = scale * sum),
                            Into::Add => out.iter_mut().zip(sums).for_each(|(out, sum)| *out += scale * sum),
                        }
                    }
                }
            }
            // SAFETY: gives the registers back; nothing of them is used afterwards.
            unsafe { asm!("tilerelease", options(nostack, nomem)) };
        });
    }

    /// Two by two tiles of sums over `depth` tiles of each factor.
    fn block(left: &[Tile], right: &[Tile], depth: usize, sums: &mut [f32; BLOCK * BLOCK]) {
        assert!(depth > 0 && left.len() == 2 * depth && right.len() == 2 * depth);
        let next = size_of::<Tile>() * depth;
        // SAFETY: reads `depth` tiles from each of the four starts, all within the asserted lengths, and writes the 32 x 32 sums; the tile
        // registers were configured by the caller and are named as overwritten.
        unsafe {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "tilezero tmm2",
                "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{a} + {row}*1]",
                "tileloadd tmm6, [{b} + {row}*1]",
                "tileloadd tmm5, [{a2} + {row}*1]",
                "tileloadd tmm7, [{b2} + {row}*1]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tdpbf16ps tmm1, tmm4, tmm7",
                "tdpbf16ps tmm2, tmm5, tmm6",
                "tdpbf16ps tmm3, tmm5, tmm7",
                "add {a}, 1024",
                "add {a2}, 1024",
                "add {b}, 1024",
                "add {b2}, 1024",
                "dec {n}",
                "jnz 2b",
                "tilestored [{c} + {line}*1], tmm0",
                "tilestored [{c} + {line}*1 + 64], tmm1",
                "tilestored [{c} + {line}*1 + 2048], tmm2",
                "tilestored [{c} + {line}*1 + 2112], tmm3",
                a = inout(reg) left.as_ptr() => _,
                a2 = inout(reg) left.as_ptr().byte_add(next) => _,
                b = inout(reg) right.as_ptr() => _,
                b2 = inout(reg) right.as_ptr().byte_add(next) => _,
                n = inout(reg) depth => _,
                row = in(reg) 64_usize,
                line = in(reg) 128_usize,
                c = in(reg) sums.as_mut_ptr(),
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        }
    }

    /// Rounds to the nearest bfloat16, ties to even.
    #[inline(always)]
    fn narrow(x: f32) -> u32 {
        let bits = x.to_bits();
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
                for (number, tile) in tiles.iter_mut().enumerate() {
                    let (top, left) = (number / depth * ROWS, number % depth * DEPTH);
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
}
