//! Smoke, gas and steam: many soft puffs with one uneven outline.
//!
//! In -> out: a ray -> light and cover. A ray gathers what it passes of each puff; noise bends the ray first, so that outlines curl, and then
//! thins what was gathered. Deliberately absent: shadows within it beyond a lighter upper side.

use super::{
    air::Sample,
    light::Field,
    noise::fractal,
    vector::{V3, dot, scale},
};

#[derive(Clone, Copy, Debug)]
pub(super) struct Puff {
    /// View frame, metres.
    pub(super) centre: V3,
    pub(super) radius: f32,
    /// How much of it hides, per metre.
    pub(super) density: f32,
}

pub(super) struct Billows {
    pub(super) puffs: Vec<Puff>,
    pub(super) albedo: V3,
    /// Light of its own, so that pale gas shows in the dark.
    pub(super) glow: f32,
    pub(super) light: Field,
    /// Heights are stretched by this: above 1 the puffs are flat.
    pub(super) flatness: f32,
    /// How far the outline is bent, metres.
    pub(super) curl_m: f32,
    /// Curls per metre.
    pub(super) curls: f32,
    /// How fast the curls rise, metres.
    pub(super) risen_m: f32,
    pub(super) shift: f32,
    /// Least and most of what is left after thinning.
    pub(super) thinning: [f32; 2],
    /// Of its middle, metres forward.
    pub(super) depth: f32,
}

impl Billows {
    pub(super) fn balls(&self) -> Vec<(V3, f32)> {
        self.puffs.iter().map(|puff| (puff.centre, puff.radius + self.curl_m * 0.5)).collect()
    }

    /// What all pixels of a row have in common; `slope` is the row's.
    pub(super) fn row(&self, slope: f32, eye_m: f32) -> BillowRow<'_> {
        let depth = self.depth.max(0.3);
        let z = eye_m + depth * slope;
        // Near the floor it comes straight from its source.
        let reach = 2.0 * self.curl_m * ((z - 0.1) * 1.6).clamp(0.25, 1.0) / depth;
        // Noise bends a ray by half of the reach at most: a puff that is further from all these rays, seen from the side, is not met.
        let rise = [slope - 0.5 * reach, slope + 0.5 * reach].map(|slope| slope * self.flatness);
        let is_near = |puff: &&Puff| {
            let (ahead, up) = (puff.centre[0], (puff.centre[2] - eye_m) * self.flatness);
            let off = rise.map(|rise| (up - ahead * rise) / (1.0 + rise * rise).sqrt());
            off[0] * off[1] <= 0.0 || off[0].abs().min(off[1].abs()) < puff.radius * 1.01 + 1e-3
        };
        let v = (z - self.risen_m) * self.curls * self.flatness.sqrt();
        BillowRow { billows: self, depth, eye_m, slope, v, reach, puffs: self.puffs.iter().filter(is_near).copied().collect() }
    }
}

/// A row through a cloud.
pub(super) struct BillowRow<'a> {
    billows: &'a Billows,
    depth: f32,
    eye_m: f32,
    slope: f32,
    v: f32,
    reach: f32,
    puffs: Vec<Puff>,
}

impl BillowRow<'_> {
    pub(super) fn sample(&self, aside: f32) -> Sample {
        if self.puffs.is_empty() {
            return Sample::default();
        }
        let Self { billows, depth, eye_m, slope, v, reach, .. } = *self;
        let u = (depth * aside + billows.shift) * billows.curls;
        let bend = [fractal(u, v, 2) - 0.5, fractal(u + 31.0, v + 17.0, 2) - 0.5];
        let flat = billows.flatness;
        let direction = [1.0, aside + bend[0] * reach, (slope + bend[1] * reach) * flat];
        let inverse = 1.0 / dot(direction, direction);
        let ray_length = 1.0 / inverse.sqrt();
        let (mut gathered, mut lean) = (0.0, [0.0; 3]);
        for puff in &self.puffs {
            let centre = [puff.centre[0], puff.centre[1], (puff.centre[2] - eye_m) * flat];
            let along = dot(centre, direction) * inverse;
            let off = [0, 1, 2].map(|axis| direction[axis] * along - centre[axis]);
            let share = 1.0 - dot(off, off) / (puff.radius * puff.radius);
            if share <= 0.0 {
                continue;
            }
            // A puff around the camera thins out, so that the robot does not go blind from a wisp.
            let ahead = (along * ray_length / puff.radius + 0.3).clamp(0.0, 1.0);
            let amount = share * share * puff.radius * puff.density * ahead;
            gathered += amount;
            for axis in 0..3 {
                lean[axis] += amount * off[axis] / puff.radius;
            }
        }
        if gathered <= 1e-4 {
            return Sample::default();
        }
        let wisp = fractal(u * 1.7 + bend[0] * 2.4 + 7.0, v * 1.7 + bend[1] * 2.4 - 3.0, 4);
        let kept = billows.thinning[0] + (billows.thinning[1] - billows.thinning[0]) * ((wisp - 0.28) * 2.3).clamp(0.0, 1.0);
        let thick = gathered * kept;
        let hides = 1.0 - 1.0 / (1.0 + thick + 0.5 * thick * thick + 0.17 * thick * thick * thick);
        let shape = 1.3 / gathered;
        let light = billows.light.falling_on(scale(lean, shape));
        let tone = 0.40 + 1.2 * wisp;
        Sample { light: [0, 1, 2].map(|c| billows.albedo[c] * (light[c] * tone + billows.glow) * hides), hides }
    }
}
