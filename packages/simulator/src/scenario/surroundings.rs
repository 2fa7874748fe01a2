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
const MAX_LIGHTS: usize = 14;

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
        Thing { id, look, form: 0, position_m, heading_rad, stage: 1.0, phase_secs: 0.0, seed: random.bits() }
    };
    placed.into_iter().zip(first_id..).map(thing).collect()
}

/// Ceiling lamps and the light from everywhere: a bright day, an ordinary one, or an evening.
pub(super) fn lights(map: &Map, random: &mut Random) -> (Vec<Light>, f32) {
    let building = map.building();
    let (brightness, ambient) = match random.index(4) {
        0 => (1.15, random.within(0.45, 0.6)),
        1 | 2 => (1.0, random.within(0.3, 0.45)),
        _ => (0.75, random.within(0.12, 0.25)),
    };
    // Warm bulbs at home, cold tubes elsewhere.
    let tint: [f64; 3] = if building.style == Style::Home { [1.1, 0.98, 0.82] } else { [0.97, 1.0, 1.04] };
    let mut lamp = |[x, y]: [f64; 2]| {
        let strength = brightness * if random.chance(0.1) { 0.15 } else { random.within(0.85, 1.15) };
        Light { position_m: [x, y, building.ceiling_m - 0.1], power: tint.map(|part| (part * strength) as f32) }
    };
    (lamp_places(map).into_iter().map(&mut lamp).collect(), ambient as f32)
}

/// Where an electrician would hang lamps: the most open spots first, and no two that light the same stretch.
fn lamp_places(map: &Map) -> Vec<[f64; 2]> {
    let (building, floor) = (map.building(), &map.floor);
    let spacing_m = if building.style == Style::Warehouse { 8.0 } else { 4.5 };
    let stride = (0.5 / building.resolution_m).round().max(1.0) as usize;
    let columns = (0..building.width).step_by(stride);
    let spots = columns.flat_map(|column| (0..building.height).step_by(stride).map(move |row| floor.middle_m([column, row])));
    let mut spots: Vec<[f64; 2]> = spots.filter(|&spot| floor.clearance_m(spot) > 0.3).collect();
    // A stable sort: equals keep the order of the cells.
    spots.sort_by(|&a, &b| floor.clearance_m(b).total_cmp(&floor.clearance_m(a)));
    let mut places: Vec<[f64; 2]> = Vec::new();
    for spot in spots {
        let lights_it = |&[x, y]: &[f64; 2]| (x - spot[0]).hypot(y - spot[1]) < spacing_m && floor.is_line_free([x, y], spot);
        if places.len() < MAX_LIGHTS && !places.iter().any(lights_it) {
            places.push(spot);
        }
    }
    places
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
