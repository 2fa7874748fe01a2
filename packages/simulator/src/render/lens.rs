//! Roll and radial distortion: another picture is painted, level and a little larger, and this one is read from it.
//!
//! In -> out: a camera -> the level camera that holds all of its view; pixels of one picture in the other, both ways. Deliberately absent:
//! distortion that is not radial, and defocus.

use super::vector::{V3, add, scale};
use crate::Camera;
use std::ops::Range;

/// Largest side of the level picture, pixels.
const MOST_SIDE: f64 = 4096.0;

#[derive(Clone)]
pub(super) struct Lens {
    /// What is painted.
    pub(super) level: Camera,
    /// Half sides of this picture and of the level one.
    half: [f32; 2],
    level_half: [f32; 2],
    side: [usize; 2],
    sin: f32,
    cos: f32,
    /// Distortion by the square of a pixel.
    bend: f32,
}

impl Lens {
    /// `None` for a camera that is level and does not distort.
    pub(super) fn new(camera: &Camera) -> Option<Self> {
        let roll = if camera.roll_rad.is_finite() { camera.roll_rad.clamp(-1.0, 1.0) } else { 0.0 };
        let distortion = if camera.distortion.is_finite() { f64::from(camera.distortion).clamp(-0.5, 0.3) } else { 0.0 };
        if roll == 0.0 && distortion == 0.0 {
            return None;
        }
        let half = [camera.width, camera.height].map(|side| f64::from(side) * 0.5);
        let (sin, cos) = roll.sin_cos();
        // The corners are furthest out, and a barrel draws them from further still.
        let stretch = 1.0 + (-distortion).max(0.0);
        let needed = [half[0] * cos + half[1] * sin.abs(), half[0] * sin.abs() + half[1] * cos].map(|half| half * stretch + 1.0);
        // Whole pixels on both sides, so that the middles agree.
        let side = [0, 1].map(|axis| (2.0 * (half[axis] + (needed[axis] - half[axis]).max(0.0).ceil())).min(MOST_SIDE));
        let fov = if camera.horizontal_fov_rad.is_finite() { camera.horizontal_fov_rad.clamp(0.05, 2.6) } else { 1.2 };
        let wider = (fov * 0.5).tan() * side[0] / (2.0 * half[0]);
        let level = Camera {
            horizontal_fov_rad: 2.0 * wider.atan(),
            width: side[0] as u32,
            height: side[1] as u32,
            roll_rad: 0.0,
            distortion: 0.0,
            ..*camera
        };
        Some(Self {
            level,
            half: half.map(|half| half as f32),
            level_half: side.map(|side| (side * 0.5) as f32),
            side: [camera.width as usize, camera.height as usize],
            sin: sin as f32,
            cos: cos as f32,
            bend: (distortion / (half[0] * half[0] + half[1] * half[1]).max(1.0)) as f32,
        })
    }

    /// Where a pixel of this picture lies in the level one, from the middle of its first pixel.
    fn source(&self, column: usize, row: usize) -> [f32; 2] {
        let (x, y) = (column as f32 + 0.5 - self.half[0], row as f32 + 0.5 - self.half[1]);
        let reach = 1.0 - self.bend * (x * x + y * y);
        let (x, y) = (x * reach, y * reach);
        [x * self.cos - y * self.sin + self.level_half[0] - 0.5, x * self.sin + y * self.cos + self.level_half[1] - 0.5]
    }

    /// The pixel of the level picture that a pixel of this one shows.
    pub(super) fn nearest(&self, column: usize, row: usize) -> [usize; 2] {
        let [x, y] = self.source(column, row);
        [(x + 0.5).clamp(0.0, self.level.width as f32 - 1.0) as usize, (y + 0.5).clamp(0.0, self.level.height as f32 - 1.0) as usize]
    }

    /// Where a place in the level picture lies in this one; it may be outside.
    fn target(&self, x: f32, y: f32) -> [f32; 2] {
        let (x, y) = (x - self.level_half[0], y - self.level_half[1]);
        let (x, y) = (x * self.cos + y * self.sin, y * self.cos - x * self.sin);
        // The inverse of the cubic after Newton, for how many times further out it is; there is one as long as distortion is below a third.
        let bend = self.bend * (x * x + y * y);
        let mut reach = 1.0;
        if bend != 0.0 {
            for _ in 0..8 {
                let squared = bend * reach * reach;
                reach -= (reach * (1.0 - squared) - 1.0) / (1.0 - 3.0 * squared).max(0.05);
            }
        }
        [x * reach + self.half[0], y * reach + self.half[1]]
    }

    /// Columns and rows of this picture, of `side` pixels, that can show a box of the level one: left, top, width, height.
    pub(super) fn around(&self, [left, top, width, height]: [u32; 4], side: [usize; 2]) -> [Range<usize>; 2] {
        const STEPS: u16 = 8;
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for step in 0..=STEPS {
            let share = f32::from(step) / f32::from(STEPS);
            let (x, y) = (left as f32 + share * width as f32, top as f32 + share * height as f32);
            // Its four sides; between two steps a bent side leaves their chord by less than the margin below.
            let (right, bottom) = ((left + width) as f32, (top + height) as f32);
            for [x, y] in [[x, top as f32], [x, bottom], [left as f32, y], [right, y]] {
                let place = self.target(x, y);
                low = [0, 1].map(|axis| low[axis].min(place[axis]));
                high = [0, 1].map(|axis| high[axis].max(place[axis]));
            }
        }
        [0, 1].map(|axis| {
            let margin = 2.0 + 0.02 * (high[axis] - low[axis]);
            let end = |place: f32| place.clamp(0.0, side[axis] as f32) as usize;
            end(low[axis] - margin)..end(high[axis] + margin + 1.0)
        })
    }

    /// Reads rows of this picture, the first of them `top`, from the level one.
    pub(super) fn read(&self, level: &[V3], top: usize, rows: &mut [V3]) {
        let (width, last) = (self.level.width as usize, [self.level.width as f32 - 1.0, self.level.height as f32 - 1.0]);
        for (line, pixels) in rows.chunks_exact_mut(self.side[0]).enumerate() {
            for (column, pixel) in pixels.iter_mut().enumerate() {
                let [x, y] = self.source(column, top + line);
                let (x, y) = (x.clamp(0.0, last[0]), y.clamp(0.0, last[1]));
                let (left, upper) = (x as usize, y as usize);
                let (right, lower) = ((left + 1).min(width - 1), (upper + 1).min(self.level.height as usize - 1));
                let (u, v) = (x - left as f32, y - upper as f32);
                let at = |column: usize, row: usize, share: f32| scale(level[row * width + column], share);
                let above = add(at(left, upper, (1.0 - u) * (1.0 - v)), at(right, upper, u * (1.0 - v)));
                *pixel = add(above, add(at(left, lower, (1.0 - u) * v), at(right, lower, u * v)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_box_lies_around_it() {
        for (roll_rad, distortion) in [(0.3, 0.0), (-0.2, 0.2), (0.0, -0.3), (0.9, 0.1), (0.1, 0.3), (0.0, -0.5)] {
            let camera = Camera { roll_rad, distortion, width: 120, height: 90, ..Camera::default() };
            let lens = Lens::new(&camera).expect("a lens");
            for (column, row) in (0..120).flat_map(|column| (0..90).map(move |row| (column, row))) {
                let [x, y] = lens.source(column, row);
                assert!(x > -0.6 && y > -0.6 && x < lens.level.width as f32 && y < lens.level.height as f32, "{x} {y}");
                let [left, top] = lens.nearest(column, row);
                let [columns, rows] = lens.around([left as u32, top as u32, 1, 1], [120, 90]);
                assert!(columns.contains(&column) && rows.contains(&row), "{roll_rad} {distortion}: {column} {row}, {columns:?} {rows:?}");
            }
        }
        assert!(Lens::new(&Camera::default()).is_none());
    }
}
