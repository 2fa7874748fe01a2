//! Light that spreads over its surroundings: glare of bright places, and the smear of a moving camera.
//!
//! In -> out: a picture in linear light -> the same, spread. Deliberately absent: rolling shutter, ghosts and stars of a lens.

use super::vector::{V3, add, mix, scale};
use crate::Camera;

/// Side of a block of pixels whose glare is computed together.
const BLOCK: usize = 4;
/// Exposed light above which a place glares.
const BRIGHT: f32 = 0.9;
/// Longest smear, pixels.
const MOST_BLUR: f32 = 64.0;

/// Share of the glare, and the offsets of a smear; `None` where there is neither.
pub(super) struct Spread {
    glare: f32,
    exposure: f32,
    /// Columns and rows from a pixel to those that are averaged for it.
    smear: Vec<[i32; 2]>,
}

impl Spread {
    pub(super) fn new(camera: &Camera) -> Option<Self> {
        let glare = if camera.glare.is_finite() { camera.glare.clamp(0.0, 1.0) } else { 0.0 };
        let [dx, dy] = camera.blur_px.map(|length| if length.is_finite() { length.clamp(-MOST_BLUR, MOST_BLUR) } else { 0.0 });
        let count = dx.abs().max(dy.abs()).round() as i32 + 1;
        let offset = |number: i32| {
            let way = number as f32 / (count - 1).max(1) as f32 - 0.5;
            [(dx * way).round() as i32, (dy * way).round() as i32]
        };
        let smear: Vec<[i32; 2]> = if count > 1 { (0..count).map(offset).collect() } else { Vec::new() };
        let exposure = if camera.exposure.is_finite() { camera.exposure.clamp(0.0, 1e3) } else { 1.0 };
        (glare > 0.0 || !smear.is_empty()).then_some(Self { glare, exposure, smear })
    }

    pub(super) fn has_smear(&self) -> bool {
        !self.smear.is_empty()
    }

    /// Adds the glare of bright places to a picture `width` pixels wide.
    pub(super) fn add_glare(&self, pixels: &mut [V3], width: usize) {
        if self.glare <= 0.0 || self.exposure <= 0.0 {
            return;
        }
        let height = pixels.len() / width;
        let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let mut glow = vec![[0.0; 3]; columns * rows];
        let share = 1.0 / (BLOCK * BLOCK) as f32;
        for (row, line) in pixels.chunks_exact(width).enumerate() {
            for (column, pixel) in line.iter().enumerate() {
                let excess = pixel.map(|channel| (channel * self.exposure - BRIGHT).clamp(0.0, 8.0) / self.exposure * share);
                let block = &mut glow[row / BLOCK * columns + column / BLOCK];
                *block = add(*block, excess);
            }
        }
        // Three boxes one after the other are close to a bell.
        let radius = (columns / 14).max(1);
        for _ in 0..3 {
            boxed(&mut glow, (columns, 1), (rows, columns), radius);
            boxed(&mut glow, (rows, columns), (columns, 1), radius);
        }
        for (row, line) in pixels.chunks_exact_mut(width).enumerate() {
            let (y, v) = part(row, rows);
            for (column, pixel) in line.iter_mut().enumerate() {
                let (x, u) = part(column, columns);
                let at = |column: usize, row: usize| glow[row.min(rows - 1) * columns + column.min(columns - 1)];
                let light = mix(mix(at(x, y), at(x + 1, y), u), mix(at(x, y + 1), at(x + 1, y + 1), u), v);
                *pixel = add(*pixel, scale(light, 1.6 * self.glare));
            }
        }
    }

    /// Averages `from` along the smear into rows, the first of them `top`.
    pub(super) fn smear(&self, from: &[V3], width: usize, top: usize, rows: &mut [V3]) {
        let height = (from.len() / width) as i32;
        let share = 1.0 / self.smear.len() as f32;
        for (line, pixels) in rows.chunks_exact_mut(width).enumerate() {
            pixels.fill([0.0; 3]);
            for &[dx, dy] in &self.smear {
                let row = ((top + line) as i32 + dy).clamp(0, height - 1) as usize;
                let source = &from[row * width..(row + 1) * width];
                let last = width as i32 - 1;
                for (column, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = add(*pixel, source[(column as i32 + dx).clamp(0, last) as usize]);
                }
            }
            for pixel in pixels {
                *pixel = scale(*pixel, share);
            }
        }
    }
}

/// Block before a pixel's middle, and how far it is on the way to the next.
fn part(place: usize, blocks: usize) -> (usize, f32) {
    let at = ((place as f32 + 0.5) / BLOCK as f32 - 0.5).clamp(0.0, (blocks - 1) as f32);
    (at as usize, at - at as usize as f32)
}

/// Mean over `2 * radius + 1` elements along lines of `count` elements `step` apart; `lines` of them, `stride` apart.
fn boxed(pixels: &mut [V3], (count, step): (usize, usize), (lines, stride): (usize, usize), radius: usize) {
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut line = vec![[0.0; 3]; count];
    for number in 0..lines {
        let start = number * stride;
        for (place, pixel) in line.iter_mut().enumerate() {
            *pixel = pixels[start + place * step];
        }
        let at = |place: isize| line.get(usize::try_from(place).unwrap_or(usize::MAX)).copied().unwrap_or([0.0; 3]);
        let mut sum = (0..radius as isize).fold([0.0; 3], |sum, place| add(sum, at(place)));
        for place in 0..count {
            sum = add(sum, at((place + radius) as isize));
            pixels[start + place * step] = scale(sum, share);
            sum = add(sum, scale(at(place as isize - radius as isize), -1.0));
        }
    }
}
