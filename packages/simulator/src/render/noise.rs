//! Hashes and smooth noise: what makes concrete, smoke and sensors uneven, the same in every run.
//!
//! In -> out: integers or positions and a seed -> 0 to 1. Deliberately absent: any state, so that a pixel never depends on the one before.

/// A 32-bit hash (Wellons' lowbias32).
#[inline]
pub(super) const fn hash(value: u32) -> u32 {
    let mut h = value;
    h ^= h >> 16;
    h = h.wrapping_mul(0x7feb_352d);
    h ^= h >> 15;
    h = h.wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// Hash of a cell.
#[inline]
pub(super) fn hash2(i: i32, j: i32, seed: u32) -> u32 {
    hash((i as u32).wrapping_mul(0x8da6_b343) ^ (j as u32).wrapping_mul(0xd816_3841) ^ seed)
}

/// A hash as a number from 0 to 1.
#[inline]
pub(super) fn unit(h: u32) -> f32 {
    (h >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// The largest whole number not above `x`; `f32::floor` is a library call on plain x86-64.
#[inline]
pub(super) fn floor(x: f32) -> i32 {
    let cut = x as i32;
    cut.saturating_sub(i32::from((cut as f32) > x))
}

/// 1.5 * 2^23: adding it leaves no bits behind the point.
const ROUNDING: f32 = 12_582_912.0;

/// `floor` as a number and its float, without the care for large numbers: right up to 4 million, beyond it anything but a panic.
#[inline]
pub(super) fn whole(x: f32) -> (i32, f32) {
    let shifted = x + ROUNDING;
    let (nearest, number) = (shifted - ROUNDING, (shifted.to_bits() as i32).wrapping_sub(ROUNDING.to_bits() as i32));
    if nearest > x { (number.wrapping_sub(1), nearest - 1.0) } else { (number, nearest) }
}

/// `x` without its whole part, 0 to 1.
#[inline]
pub(super) fn fract(x: f32) -> f32 {
    x - whole(x).1
}

const SIDE: usize = 64;

/// Lattice values; 16 kB stay in the first-level cache, four hashes a lookup would cost more.
static LATTICE: [f32; SIDE * SIDE] = lattice();

const fn lattice() -> [f32; SIDE * SIDE] {
    let mut values = [0.0; SIDE * SIDE];
    let mut i = 0;
    while i < values.len() {
        values[i] = (hash(i as u32 ^ 0x5bd1_e995) >> 8) as f32 * (1.0 / 16_777_216.0);
        i += 1;
    }
    values
}

/// Smooth noise, 0 to 1, features about 1 wide, repeating every 64. Offset the position to get another field.
#[inline]
pub(super) fn smooth(x: f32, y: f32) -> f32 {
    let ((i, left), (j, low)) = (whole(x), whole(y));
    let (u, v) = (x - left, y - low);
    let (u, v) = (u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v));
    let (i, j) = (i as usize, j as usize);
    let (row, next_row) = ((j & (SIDE - 1)) * SIDE, (j.wrapping_add(1) & (SIDE - 1)) * SIDE);
    let (column, next_column) = (i & (SIDE - 1), i.wrapping_add(1) & (SIDE - 1));
    let at = |row: usize, column: usize| LATTICE[(row | column) & (SIDE * SIDE - 1)];
    let low = at(row, column) + (at(row, next_column) - at(row, column)) * u;
    let high = at(next_row, column) + (at(next_row, next_column) - at(next_row, column)) * u;
    low + (high - low) * v
}

/// Noise with detail of `octaves` sizes, 0 to 1.
#[inline]
pub(super) fn fractal(x: f32, y: f32, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut size) = (0.0, 0.5, 1.0);
    let mut total = 0.0;
    for octave in 0..octaves {
        let shift = octave as f32 * 17.3;
        sum += weight * smooth(x * size + shift, y * size - shift);
        total += weight;
        weight *= 0.5;
        size *= 2.03;
    }
    sum / total
}

/// A small sequence of numbers for the shape of a thing: the same seed, the same shape.
pub(super) struct Dice {
    state: u32,
}

impl Dice {
    pub(super) fn new(seed: u64, salt: u32) -> Self {
        Self { state: hash((seed as u32) ^ hash((seed >> 32) as u32 ^ salt)) }
    }

    fn next(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x9e37_79b9);
        hash(self.state)
    }

    /// 32 bits, as for a colour.
    pub(super) fn bits(&mut self) -> u32 {
        self.next()
    }

    /// From `low` to `high`.
    pub(super) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * unit(self.next())
    }

    /// From 0 to `count - 1`.
    pub(super) fn pick(&mut self, count: usize) -> usize {
        (self.next() >> 8) as usize % count.max(1)
    }

    /// -1 or 1.
    pub(super) fn sign(&mut self) -> f32 {
        if self.next() & 256 == 0 { 1.0 } else { -1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_is_the_floor() {
        for (x, expect) in [(0.0, 0), (0.9, 0), (-0.1, -1), (-1.0, -1), (7.5, 7), (f32::MAX, i32::MAX), (f32::MIN, i32::MIN), (f32::NAN, 0)]
        {
            assert_eq!(floor(x), expect, "{x}");
        }
    }

    #[test]
    fn whole_is_the_floor_of_ordinary_numbers() {
        for step in -40_000..40_000 {
            let x = step as f32 * 0.125;
            assert_eq!(whole(x), (x.floor() as i32, x.floor()), "{x}");
        }
        for odd in [f32::NAN, f32::INFINITY, f32::MIN, 1e9] {
            let _ = (whole(odd), smooth(odd, 1.0));
        }
    }

    #[test]
    fn noise_is_smooth_and_in_range() {
        let mut before = smooth(-3.0, 2.2);
        for step in 1..2000 {
            let x = -3.0 + step as f32 * 0.01;
            let now = smooth(x, 2.2);
            assert!((0.0..=1.0).contains(&now));
            assert!((now - before).abs() < 0.03, "jump at {x}");
            before = now;
            assert!((0.0..=1.0).contains(&fractal(x, -x, 4)));
        }
    }
}
