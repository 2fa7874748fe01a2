//! Flames: tongues that sway and rise, white in the core, red at the edge, with a halo.
//!
//! In -> out: a ray -> light and cover. Flames stand on a sheet that faces the camera. Deliberately absent: depth within the fire; the light
//! that it throws on the room is a lamp, its smoke is billows.

use super::{
    air::Sample,
    noise::{Dice, fractal, smooth},
    vector::{V3, add, mix, scale, smoothstep},
};

/// Size and colour of a fire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blaze {
    pub(super) height_m: f32,
    pub(super) half_width_m: f32,
    /// Above 0 whiter, below 0 redder.
    pub(super) heat: f32,
    /// Gain of its colours.
    pub(super) tint: V3,
}

pub(super) struct Flames {
    /// Middle of the foot, view frame: forward, left, up.
    foot: V3,
    height_m: f32,
    half_width_m: f32,
    time: f32,
    shift: f32,
    heat: f32,
    tint: V3,
    tongues: Vec<Tongue>,
}

struct Tongue {
    /// From the middle of the foot, metres.
    offset: f32,
    height: f32,
    half_width: f32,
    shift: f32,
}

impl Flames {
    pub(super) fn new(foot: V3, blaze: &Blaze, time: f32, seed: u64) -> Self {
        let Blaze { height_m, half_width_m, heat, tint } = *blaze;
        let mut dice = Dice::new(seed, 11);
        let count = 5 + dice.pick(3);
        let shift = dice.range(0.0, 60.0);
        let tongues = (0..count).map(|number| {
            let place = (number as f32 + 0.5) / count as f32 * 2.0 - 1.0 + dice.range(-0.12, 0.12);
            let middle = 1.0 - place.abs();
            let own = dice.range(0.0, 60.0);
            let lick = 0.62 + 0.62 * fractal(time * 2.3 + own, own, 2);
            Tongue {
                offset: place * half_width_m * 0.75,
                height: height_m * (0.42 + 0.58 * middle) * lick,
                half_width: half_width_m * dice.range(0.30, 0.44) * (0.7 + 0.5 * middle),
                shift: own,
            }
        });
        Self { foot, height_m, half_width_m, time, shift, heat, tint, tongues: tongues.collect() }
    }

    /// Balls that hold all of it, for its bounds.
    pub(super) fn balls(&self) -> [(V3, f32); 3] {
        let radius = self.half_width_m * 1.3 + 0.12 * self.height_m;
        let at = |share: f32| [self.foot[0], self.foot[1], self.foot[2] + self.height_m * share];
        [(at(0.1), radius * 1.2), (at(0.55), radius), (at(1.1), radius)]
    }

    /// What all pixels of a row have in common; `slope` is the row's.
    pub(super) fn row(&self, slope: f32, eye_m: f32) -> FlameRow<'_> {
        let z = eye_m + self.foot[0] * slope - self.foot[2];
        let tongues = self.tongues.iter().filter_map(|tongue| {
            let up = z / tongue.height;
            if !(-0.08..1.0).contains(&up) {
                return None;
            }
            let sway = (smooth(z * 2.6 / self.height_m - self.time * 1.9, tongue.shift) - 0.5) * 1.1 * up.max(0.0);
            let rest = 1.0 - up;
            let half = tongue.half_width * (0.25 + 0.75 * rest) * rest.sqrt() * (1.0 + 3.0 * up.min(0.0));
            Some(Slice {
                middle: tongue.offset * (1.0 - 0.3 * up),
                sway: sway * self.half_width_m,
                half: half.max(1e-3),
                strength: 1.0 - 0.35 * up.max(0.0),
            })
        });
        FlameRow { flames: self, z, slices: tongues.collect() }
    }

    fn halo(&self, y: f32, z: f32) -> V3 {
        let (u, v) = (y / (self.half_width_m * 1.5 + 0.1), (z / self.height_m - 0.4) * 1.4);
        let near = (1.0 - (u * u + v * v) * 0.8).max(0.0);
        scale([0.30, 0.095, 0.015], near * near)
    }
}

/// A row through flames.
pub(super) struct FlameRow<'a> {
    flames: &'a Flames,
    /// Above the foot, metres.
    z: f32,
    slices: Vec<Slice>,
}

/// A tongue where a row cuts it.
struct Slice {
    middle: f32,
    sway: f32,
    half: f32,
    strength: f32,
}

impl FlameRow<'_> {
    pub(super) fn sample(&self, aside: f32) -> Sample {
        let (flames, z) = (self.flames, self.z);
        let y = flames.foot[0] * aside - flames.foot[1];
        let mut heat = 0.0_f32;
        let mut sum = 0.0;
        for slice in &self.slices {
            let across = (y - slice.middle - slice.sway).abs() / slice.half;
            let value = (1.0 - across * across) * slice.strength;
            if value > 0.0 {
                heat = heat.max(value);
                sum += value;
            }
        }
        let halo = flames.halo(y, z);
        if heat <= 0.0 {
            return Sample { light: halo, hides: 0.0 };
        }
        let size = 3.4 / flames.height_m.max(0.25);
        let eddy = fractal(y * size * 1.5 + flames.shift, (z * size - flames.time * 3.4) * 0.8, 3) - 0.5;
        let up = (z / flames.height_m).clamp(0.0, 1.0);
        let level = heat * 0.85 + sum * 0.18 + eddy * (0.55 + 0.9 * up) - 0.06 - 0.12 * up;
        let hides = smoothstep(0.02, 0.30, level) * smoothstep(-0.06, 0.02, z / flames.height_m);
        let colour = colour_of(level + 0.28 * (1.0 - up) - 0.12 + flames.heat);
        let light = [0, 1, 2].map(|c| colour[c] * flames.tint[c]);
        Sample { light: add(scale(light, hides), halo), hides: hides * 0.92 }
    }
}

/// From the red edge to the nearly white core, linear light.
fn colour_of(level: f32) -> V3 {
    const RAMP: [(f32, V3); 5] = [
        (0.0, [0.55, 0.035, 0.005]),
        (0.32, [1.5, 0.19, 0.012]),
        (0.62, [2.6, 0.60, 0.03]),
        (0.95, [3.6, 1.5, 0.14]),
        (1.35, [4.4, 3.0, 0.85]),
    ];
    for pair in RAMP.windows(2).rev() {
        let ((low, from), (high, to)) = (pair[0], pair[1]);
        if level > low {
            return mix(from, to, ((level - low) / (high - low)).min(1.0));
        }
    }
    RAMP[0].1
}
