//! The camera as the renderer uses it.
//!
//! In -> out: a `Camera` -> rows of rays and pixel bounds of round and cornered bodies. Deliberately absent: roll and distortion (see `lens`).
//!
//! View frame: origin on the floor below the camera, x forward along the floor, y left, z up, metres. A ray is `(1, aside, slope)` for
//! one metre forward along the floor. Without roll `slope` is the same for a whole row, whatever the pitch, so floor and ceiling have one
//! depth a row and a wall's inverse depth is linear along it.

use super::vector::V3;
use crate::Camera;

/// Nothing nearer is drawn, metres.
pub(super) const NEAR_M: f32 = 0.03;

pub(super) struct View {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Of the camera, map frame, metres.
    pub(super) position: [f64; 2],
    /// Of the camera above the floor, metres.
    pub(super) eye_m: f32,
    /// Unit vectors of the view frame in the map frame.
    pub(super) forward: [f32; 2],
    pub(super) left: [f32; 2],
    /// Width of a pixel at one metre, metres.
    pub(super) pixel: f32,
    sin_pitch: f32,
    cos_pitch: f32,
    /// Largest `aside` of any ray.
    pub(super) widest: f32,
}

/// What the rays of one row have in common.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// Rise per metre forward.
    pub(super) slope: f32,
    first: f32,
    step: f32,
}

impl Row {
    /// Metres to the left per metre forward, at the middle of `column`.
    #[inline]
    pub(super) fn aside(self, column: usize) -> f32 {
        self.first - self.step * column as f32
    }
}

impl Row {
    /// Column whose ray goes `aside`, with its fraction; not a number where there is none.
    pub(super) fn column(self, aside: f32) -> f32 {
        (self.first - aside) / self.step
    }
}

/// Columns `left..right` and rows `top..bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) top: usize,
    pub(super) bottom: usize,
}

impl Bounds {
    pub(super) fn rows(self, from: usize, to: usize) -> std::ops::Range<usize> {
        self.top.max(from)..self.bottom.min(to)
    }
}

fn finite_or(value: f64, fallback: f64) -> f64 {
    if value.is_finite() { value } else { fallback }
}

impl View {
    /// For a camera with at least one pixel; its roll and distortion are not looked at.
    pub(super) fn new(camera: &Camera, ceiling_m: f32) -> Self {
        let (width, height) = (camera.width, camera.height);
        let fov = finite_or(camera.horizontal_fov_rad, 1.2).clamp(0.05, 2.6);
        let half = (fov / 2.0).tan();
        let half_height = half * f64::from(height) / f64::from(width);
        // Every ray must go forward along the floor by at least a tenth of what a level one does.
        let steepest = (0.9 / half_height).atan().min(1.2);
        let pitch = finite_or(camera.pitch_rad, 0.0).clamp(-steepest, steepest);
        let yaw = finite_or(camera.yaw_rad, 0.0);
        let (sin, cos) = yaw.sin_cos();
        let forward_share = pitch.cos() - half_height * pitch.sin().abs();
        let eye = finite_or(camera.position_m[2], 1.0) as f32;
        Self {
            width: width as usize,
            height: height as usize,
            position: [finite_or(camera.position_m[0], 0.0), finite_or(camera.position_m[1], 0.0)],
            eye_m: eye.clamp(0.02, ceiling_m - 0.02),
            forward: [cos as f32, sin as f32],
            left: [-sin as f32, cos as f32],
            pixel: (2.0 * half / f64::from(width)) as f32,
            sin_pitch: pitch.sin() as f32,
            cos_pitch: pitch.cos() as f32,
            widest: (half / forward_share.max(0.05)) as f32 * 1.001,
        }
    }

    #[inline]
    pub(super) fn row(&self, row: usize) -> Row {
        let up = (self.height as f32 * 0.5 - row as f32 - 0.5) * self.pixel;
        let stretch = 1.0 / (self.cos_pitch - up * self.sin_pitch).max(0.02);
        let step = self.pixel * stretch;
        Row { slope: (up * self.cos_pitch + self.sin_pitch) * stretch, first: (self.width as f32 * 0.5 - 0.5) * step, step }
    }

    /// The pixel whose ray goes `aside` and `slope`, or the nearest in the picture.
    pub(super) fn pixel_of(&self, aside: f32, slope: f32) -> (usize, usize) {
        let up = (slope * self.cos_pitch - self.sin_pitch) / (self.cos_pitch + slope * self.sin_pitch).max(0.02);
        let row = (self.height as f32 * 0.5 - up / self.pixel).clamp(0.0, self.height as f32 - 1.0) as usize;
        let column = self.row(row).column(aside).clamp(0.0, self.width as f32 - 1.0) as usize;
        (column, row)
    }

    /// A point of the map in the view frame, metres; far away stays far away.
    pub(super) fn place(&self, point: [f64; 2]) -> [f32; 2] {
        let dx = finite_or(point[0] - self.position[0], 1e4).clamp(-1e4, 1e4) as f32;
        let dy = finite_or(point[1] - self.position[1], 1e4).clamp(-1e4, 1e4) as f32;
        [dx * self.forward[0] + dy * self.forward[1], dx * self.left[0] + dy * self.left[1]]
    }

    /// Pixels that can show any of these balls; `None` where none can.
    pub(super) fn bounds(&self, balls: &[(V3, f32)]) -> Option<Bounds> {
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for &(centre, radius) in balls {
            let rise = centre[2] - self.eye_m;
            let depth = centre[0] * self.cos_pitch + rise * self.sin_pitch;
            if depth + radius < NEAR_M {
                continue;
            }
            if depth - radius < NEAR_M {
                return Some(Bounds { left: 0, right: self.width, top: 0, bottom: self.height });
            }
            let across = [-centre[1], centre[0] * self.sin_pitch - rise * self.cos_pitch];
            for axis in 0..2 {
                for edge in [across[axis] - radius, across[axis] + radius] {
                    for distance in [depth - radius, depth + radius] {
                        low[axis] = low[axis].min(edge / distance);
                        high[axis] = high[axis].max(edge / distance);
                    }
                }
            }
        }
        let pixel_of = |tangent: f32, side: usize| (tangent / self.pixel + side as f32 * 0.5).clamp(0.0, side as f32);
        let bounds = Bounds {
            left: pixel_of(low[0], self.width) as usize,
            right: (pixel_of(high[0], self.width) as usize + 1).min(self.width),
            top: pixel_of(low[1], self.height) as usize,
            bottom: (pixel_of(high[1], self.height) as usize + 1).min(self.height),
        };
        (low[0] <= high[0] && bounds.left < bounds.right && bounds.top < bounds.bottom).then_some(bounds)
    }
}
