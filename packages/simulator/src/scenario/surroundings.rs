//! What is harmless: look-alikes along the way, furniture, lamps, and the air. In -> out: a seed -> things that stay from start to end.

use super::{Placer, Wind};
use crate::{
    map::Map,
    random::Random,
    scene::{Light, Look, Style, Thing},
};
use std::f64::consts::PI;

/// Look-alikes in a minute, and at most in all: they stay, and a building fills up.
const LOOK_ALIKES_PER_MINUTE: f64 = 4.0;
const MAX_LOOK_ALIKES: usize = 14;
const FURNITURE: usize = 8;
/// Most lamps: each costs the renderer time in every pixel.
const MAX_LIGHTS: usize = 12;

/// Look-alikes that are passed and furniture that stands about, numbered from `first_id`.
pub(super) fn things(placer: &mut Placer<'_>, first_id: u32, duration_secs: f64, random: &mut Random) -> Vec<Thing> {
    let mut look_alikes = [
        Look::RedCloth,
        Look::OrangeCone,
        Look::LampInSteam,
        Look::BlueMat,
        Look::Shadow,
        Look::PersonStanding,
        Look::PersonSitting,
        Look::BoxStack,
    ];
    random.shuffle(&mut look_alikes);
    let count = ((duration_secs / 60.0 * LOOK_ALIKES_PER_MINUTE).round() as usize).clamp(2, MAX_LOOK_ALIKES);
    let mut placed = Vec::new();
    for (number, &look) in look_alikes.iter().cycle().take(count).enumerate() {
        let near_secs = duration_secs * (number as f64 + random.unit()) / count as f64;
        placed.extend(placer.beside_the_way(look, near_secs, 2.0_f64.min(duration_secs)..duration_secs).map(|place| (look, place)));
    }
    for number in 0..FURNITURE {
        let look = if number % 2 == 0 { Look::Table } else { Look::Plant };
        placed.extend(placer.out_of_the_way(look).map(|place| (look, place)));
    }
    let thing = |((look, place), id)| {
        let super::Placed { position_m, heading_rad, .. } = place;
        Thing { id, look, position_m, heading_rad, stage: 1.0, phase_secs: 0.0, seed: random.bits() }
    };
    placed.into_iter().zip(first_id..).map(thing).collect()
}

/// Ceiling lamps on a regular grid and the light from everywhere: a bright day, an ordinary one, or half the lamps at night.
pub(super) fn lights(map: &Map, random: &mut Random) -> (Vec<Light>, f32) {
    let building = map.building();
    let size_m = [building.width, building.height].map(|cells| cells as f64 * building.resolution_m);
    let spacing_m = (size_m[0] * size_m[1] / MAX_LIGHTS as f64).sqrt().max(3.0);
    let counts = size_m.map(|side_m| (side_m / spacing_m).floor().max(1.0) as usize);
    let (brightness, ambient) = match random.index(4) {
        0 => (1.15, random.within(0.45, 0.6)),
        1 | 2 => (1.0, random.within(0.3, 0.45)),
        _ => (0.75, random.within(0.12, 0.25)),
    };
    // Warm bulbs at home, cold tubes elsewhere.
    let tint: [f64; 3] = if building.style == Style::Home { [1.1, 0.98, 0.82] } else { [0.97, 1.0, 1.04] };
    let mut lights = Vec::new();
    for row in 0..counts[1] {
        for column in 0..counts[0] {
            let part = |index: usize, axis: usize| (index as f64 + 0.5) / counts[axis] as f64 * size_m[axis] + building.origin_m[axis];
            let [x, y] = [part(column, 0), part(row, 1)];
            let strength = brightness * if random.chance(0.1) { 0.15 } else { random.within(0.85, 1.15) };
            // Above a rack or a wall a lamp would light nothing.
            if map.floor.clearance_m([x, y]) > 0.0 && lights.len() < MAX_LIGHTS {
                lights.push(Light { position_m: [x, y, building.ceiling_m - 0.1], power: tint.map(|part| (part * strength) as f32) });
            }
        }
    }
    (lights, ambient as f32)
}

/// A draught as in a building with open doors.
pub(super) fn wind(random: &mut Random) -> Wind {
    Wind {
        speed_mps: random.within(0.12, 0.35),
        heading_rad: random.within(-PI, PI),
        swing_rad: random.within(0.2, 0.7),
        period_secs: random.within(40.0, 90.0),
    }
}
