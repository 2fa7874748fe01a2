//! Lamps and optics of a scene. In -> out: a building, a viewpoint and random numbers -> lights, and a camera as robots carry them: low, not quite
//! level, exposed more or less well. Patterns and colours are decided elsewhere; a picture that turns out too dark is found by its pixels.

use super::SceneOptions;
use crate::{
    random::Random,
    robot::FloorPose,
    scene::{Building, Camera, Light},
};

/// Most lamps of a scene: each costs the renderer time in every pixel.
const MAX_LIGHTS: usize = 8;

/// Light of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mood {
    /// Factor of every lamp.
    brightness: f64,
    /// Share of lamps that are on.
    lit: f64,
    pub(super) ambient: f64,
    exposure: f64,
    noise: f64,
    glare: f64,
}

/// From where to where each figure of a mood goes.
struct MoodRange {
    /// Share of scenes.
    share: f64,
    brightness: [f64; 2],
    lit: f64,
    ambient: [f64; 2],
    exposure: [f64; 2],
    noise: [f64; 2],
    glare: [f64; 2],
}

/// Bright day, ordinary light, dim light, night with the camera opened up, and against the light.
const MOODS: [MoodRange; 5] = [
    range(0.15, [1.05, 1.3], 1.0, [0.45, 0.65], [0.8, 1.15], [0.0, 0.01], [0.0, 0.0]),
    range(0.47, [0.85, 1.1], 0.95, [0.28, 0.5], [0.8, 1.3], [0.002, 0.018], [0.0, 0.0]),
    range(0.20, [0.6, 0.9], 0.7, [0.14, 0.28], [0.9, 1.6], [0.008, 0.03], [0.0, 0.2]),
    range(0.10, [0.35, 0.6], 0.5, [0.05, 0.12], [1.4, 2.4], [0.02, 0.045], [0.0, 0.4]),
    range(0.08, [1.2, 1.6], 0.9, [0.3, 0.5], [1.3, 1.7], [0.0, 0.012], [0.4, 1.0]),
];

const fn range(
    share: f64,
    brightness: [f64; 2],
    lit: f64,
    ambient: [f64; 2],
    exposure: [f64; 2],
    noise: [f64; 2],
    glare: [f64; 2],
) -> MoodRange {
    MoodRange { share, brightness, lit, ambient, exposure, noise, glare }
}

pub(super) fn mood(random: &mut Random) -> Mood {
    let mut left = random.unit();
    let found = MOODS.iter().find(|mood| {
        left -= mood.share;
        left < 0.0
    });
    let range = found.unwrap_or(&MOODS[1]);
    let mut within = |[low, high]: [f64; 2]| random.within(low, high);
    Mood {
        brightness: within(range.brightness),
        lit: range.lit,
        ambient: within(range.ambient),
        exposure: within(range.exposure),
        noise: within(range.noise),
        glare: within(range.glare),
    }
}

/// Ceiling lamps in rows, the ones nearest to the camera first.
pub(super) fn lights(building: &Building, mood: &Mood, from_m: [f64; 2], random: &mut Random) -> Vec<Light> {
    let spacing_m = random.within(2.6, 4.2) * if building.ceiling_m > 4.0 { 1.4 } else { 1.0 };
    let warmth = random.within(-1.0, 1.0);
    let tint = [1.0 + 0.1 * warmth, 1.0, 1.0 - 0.18 * warmth];
    let size_m = [building.width, building.height].map(|cells| cells as f64 * building.resolution_m);
    let start_m = [0, 1].map(|axis| building.origin_m[axis] + random.within(0.3, 0.7) * spacing_m.min(size_m[axis]));
    let count = [0, 1].map(|axis| (size_m[axis] / spacing_m).ceil() as usize);
    let mut places: Vec<[f64; 2]> = Vec::with_capacity(count[0] * count[1]);
    for column in 0..count[0] {
        for row in 0..count[1] {
            let at_m = [start_m[0] + spacing_m * column as f64, start_m[1] + spacing_m * row as f64];
            // A ray that ends at once starts in a wall.
            if building.cell(at_m).is_some() && building.cast_m(at_m, [1.0, 0.0], 0.2).is_none() {
                places.push(at_m);
            }
        }
    }
    if places.is_empty() {
        places.push(from_m);
    }
    let gap_m = |at: &[f64; 2]| (at[0] - from_m[0]).hypot(at[1] - from_m[1]);
    places.sort_by(|a, b| gap_m(a).total_cmp(&gap_m(b)));
    places.truncate(MAX_LIGHTS);
    let mut lamp = |[x, y]: [f64; 2]| {
        let strength = mood.brightness * if random.chance(mood.lit) { random.within(0.85, 1.15) } else { 0.08 };
        Light { position_m: [x, y, building.ceiling_m - 0.1], power: tint.map(|part| (part * strength) as f32) }
    };
    places.into_iter().map(&mut lamp).collect()
}

/// A camera at `pose`, its height, lens and faults drawn at random.
pub(super) fn camera(pose: &FloorPose, mood: &Mood, ceiling_m: f64, options: &SceneOptions, random: &mut Random) -> Camera {
    let height_m = random.within(0.2, 1.2).min(ceiling_m - 0.3);
    // The higher, the more it looks down.
    let pitch_deg = (-5.0 * height_m + 4.5 * random.normal()).clamp(-15.0, 8.0);
    let motion_px = if random.chance(0.2) { f64::from(options.width_px) * random.within(0.003, 0.011) } else { 0.0 };
    // Wheels turn a robot: it blurs sideways most.
    let motion_px = [motion_px, motion_px * random.within(-0.3, 0.3)];
    let warmth = random.normal().clamp(-2.0, 2.0);
    Camera {
        position_m: [pose.x_m, pose.y_m, height_m],
        yaw_rad: pose.yaw_rad,
        pitch_rad: pitch_deg.to_radians(),
        horizontal_fov_rad: random.within(55.0, 100.0).to_radians(),
        width: options.width_px,
        height: options.height_px,
        exposure: mood.exposure as f32,
        noise: mood.noise as f32,
        noise_seed: random.bits(),
        roll_rad: (1.1 * random.normal()).clamp(-3.0, 3.0).to_radians(),
        tint: [1.0 + 0.06 * warmth, 1.0 + 0.02 * random.normal(), 1.0 - 0.07 * warmth].map(|gain| gain as f32),
        blur_px: motion_px.map(|way| way as f32),
        glare: mood.glare as f32,
        distortion: if random.chance(0.3) { random.within(-0.15, 0.04) as f32 } else { 0.0 },
    }
}
