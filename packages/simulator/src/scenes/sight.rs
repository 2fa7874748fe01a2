//! Where something appears in the picture before it is drawn. In -> out: a camera, a place and a size -> a box in pixels. A pinhole without
//! roll; walls and things in between are not its business.

use super::extent::Extent;
use crate::scene::Camera;

/// Edges of a box: left, top, right, bottom, pixels.
type Edges = [f64; 4];

/// A camera made ready for projecting.
pub(super) struct Sight {
    pub(super) eye_m: [f64; 3],
    pub(super) yaw_rad: f64,
    pitch: (f64, f64),
    focal_px: f64,
    pub(super) width_px: f64,
    pub(super) height_px: f64,
}

/// A box, and what of it is in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Appearance {
    whole: Edges,
    seen: Edges,
}

impl Appearance {
    /// Height in the picture, pixels.
    pub(super) fn height_px(&self) -> f64 {
        self.seen[3] - self.seen[1]
    }

    /// Area in the picture, pixels.
    pub(super) fn area_px(&self) -> f64 {
        area(self.seen)
    }

    /// Share of the box that is in the picture.
    pub(super) fn share(&self) -> f64 {
        area(self.seen) / area(self.whole).max(1e-6)
    }

    /// Middle of what is in the picture, pixels from the left.
    pub(super) fn middle_px(&self) -> f64 {
        0.5 * (self.seen[0] + self.seen[2])
    }

    /// Left and right end in the picture, pixels.
    pub(super) fn span_px(&self) -> [f64; 2] {
        [self.seen[0], self.seen[2]]
    }
}

fn area([left, top, right, bottom]: Edges) -> f64 {
    (right - left).max(0.0) * (bottom - top).max(0.0)
}

impl Sight {
    pub(super) fn of(camera: &Camera) -> Self {
        let (width_px, height_px) = (f64::from(camera.width), f64::from(camera.height));
        Self {
            eye_m: camera.position_m,
            yaw_rad: camera.yaw_rad,
            pitch: camera.pitch_rad.sin_cos(),
            focal_px: 0.5 * width_px / (0.5 * camera.horizontal_fov_rad).tan(),
            width_px,
            height_px,
        }
    }

    /// Distance along the floor, metres.
    pub(super) fn distance_m(&self, [x, y]: [f64; 2]) -> f64 {
        (x - self.eye_m[0]).hypot(y - self.eye_m[1])
    }

    /// The place at a distance whose direction meets the picture at a share `u` of its width (0 left, 1 right).
    pub(super) fn place_m(&self, u: f64, distance_m: f64) -> [f64; 2] {
        let (sin, cos) = (self.yaw_rad - ((u - 0.5) * self.width_px / self.focal_px).atan()).sin_cos();
        [self.eye_m[0] + distance_m * cos, self.eye_m[1] + distance_m * sin]
    }

    /// Where a cylinder on the floor appears; `None` when it is not before the camera or not in the picture.
    pub(super) fn appearance(&self, [x, y]: [f64; 2], extent: Extent) -> Option<Appearance> {
        const CORNERS: usize = 8;
        let mut whole = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for corner in 0..2 * CORNERS {
            let (sin, cos) = (std::f64::consts::TAU * (corner / 2) as f64 / CORNERS as f64).sin_cos();
            let z = if corner % 2 == 0 { 0.0 } else { extent.height_m };
            let [px, py] = self.project([x + extent.radius_m * cos, y + extent.radius_m * sin, z])?;
            whole = [whole[0].min(px), whole[1].min(py), whole[2].max(px), whole[3].max(py)];
        }
        let [left, top, right, bottom] = whole;
        let seen = [left.max(0.0), top.max(0.0), right.min(self.width_px), bottom.min(self.height_px)];
        (seen[0] < seen[2] && seen[1] < seen[3]).then_some(Appearance { whole, seen })
    }

    /// A point in pixels; `None` behind the camera.
    fn project(&self, [x, y, z]: [f64; 3]) -> Option<[f64; 2]> {
        let (sin_yaw, cos_yaw) = self.yaw_rad.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch;
        let [dx, dy, rise] = [x - self.eye_m[0], y - self.eye_m[1], z - self.eye_m[2]];
        let (forward, left) = (dx * cos_yaw + dy * sin_yaw, dy * cos_yaw - dx * sin_yaw);
        let depth = forward * cos_pitch + rise * sin_pitch;
        let up = rise * cos_pitch - forward * sin_pitch;
        let per_m = self.focal_px / depth;
        (depth > 0.08).then_some([0.5 * self.width_px - left * per_m, 0.5 * self.height_px - up * per_m])
    }
}
