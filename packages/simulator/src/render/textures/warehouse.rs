//! Concrete with joints and yellow lane marks, sheet-metal walls with roller doors, pallet racks.
//!
//! In -> out: a place -> a colour. Deliberately absent: real boxes on the racks; they are paint on the wall's plane.

use super::{Skin, Spot, Texel, band, bay, choice, detail, line, panel, soiled};
use crate::render::{
    noise::{hash2, smooth},
    vector::{V3, mix, scale},
};

pub(super) fn palette(wall: u32) -> (V3, V3, V3) {
    let wall = [[0.50, 0.55, 0.60], [0.58, 0.58, 0.55], [0.42, 0.52, 0.56]][wall as usize % 3];
    (wall, [0.36, 0.355, 0.345], [0.72, 0.24, 0.04])
}

pub(super) fn floor(skin: &Skin, x: f32, y: f32, sharp: f32) -> V3 {
    let (sx, sy) = (x + skin.shift[0], y + skin.shift[1]);
    let wear = smooth(sx * 0.9, sy * 0.9);
    let fine = detail(0.05, sharp);
    let grain = if fine > 0.0 { (smooth(sx * 21.0, sy * 21.0) - 0.5) * fine } else { 0.0 };
    let joint = line(x, 4.0, 0.014, sharp).max(line(y, 4.0, 0.014, sharp));
    let colour = scale(skin.floor, (0.84 + 0.3 * wear + 0.16 * grain) * (1.0 - 0.55 * joint));
    if is_lane_mark(skin, x, y, sharp) {
        let worn = ((smooth(sx * 2.7, sy * 2.7) - 0.22) * 4.0).clamp(0.25, 1.0);
        return mix(colour, [0.70, 0.50, 0.06], 0.85 * worn);
    }
    colour
}

/// Lane marks follow the racks and walls: 10 cm wide, 30 cm away.
#[inline]
fn is_lane_mark(skin: &Skin, x: f32, y: f32, sharp: f32) -> bool {
    skin.grid.is_some_and(|grid| sharp > 8.0 && grid.is_beside_solid(x, y, 0.30, 0.40))
}

pub(super) fn ceiling(x: f32, y: f32, sharp: f32) -> V3 {
    let beam = line(x, 3.0, 0.25, sharp);
    let sheet = line(y, 0.4, 0.1, sharp);
    scale([0.40, 0.42, 0.44], (1.0 - 0.15 * sheet) * (1.0 - 0.5 * beam))
}

pub(super) fn wall(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    let (number, du) = bay(u, 7.0);
    if choice(number, seed, 5) < 0.3 && du.abs() < 1.6 && z < 2.9 {
        return roller_door(skin, du, z, sharp);
    }
    let fold = line(u, 0.28, 0.1, sharp);
    let stain = smooth(u * 0.7, z * 0.25 + 9.0);
    let mut colour = scale(skin.wall, (0.92 + 0.16 * stain) * (1.0 - 0.20 * fold));
    if z < 0.35 {
        colour = scale([0.40, 0.39, 0.38], 0.85 + 0.3 * smooth(u * 3.0, z * 3.0));
    }
    colour = mix(colour, scale(skin.accent, 0.8), band((z - 1.15).abs(), 0.10, sharp) * 0.7);
    Texel { albedo: soiled(colour, z, 0.25), glow: 0.0 }
}

fn roller_door(skin: &Skin, du: f32, z: f32, sharp: f32) -> Texel {
    let is_frame = du.abs() > 1.48 || z > 2.78;
    let mut colour = if is_frame { [0.65, 0.48, 0.05] } else { scale([0.52, 0.56, 0.58], 1.0 - 0.35 * line(z, 0.09, 0.03, sharp)) };
    if is_frame && line(z + du, 0.4, 0.2, sharp) > 0.5 {
        colour = [0.05, 0.05, 0.05];
    }
    let handle = panel(du, z - 0.95, [0.14, 0.025], sharp);
    Texel { albedo: mix(colour, scale(skin.accent, 0.2), handle), glow: 0.0 }
}

const LEVEL_M: f32 = 1.35;
const BAY_M: f32 = 2.7;

/// A pallet rack from the front: blue uprights, orange beams, cartons on pallets between them.
pub(super) fn rack(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, .. } = spot;
    let (level, up) = bay(z, LEVEL_M);
    let up = up + LEVEL_M * 0.5;
    let upright = line(u, BAY_M, 0.10, sharp);
    let beam = if level > 0 && up < 0.3 { band((up - 0.06).abs(), 0.12, sharp) } else { 0.0 };
    let mut colour = if upright < 1.0 && beam < 1.0 { goods(spot, level, up) } else { [0.0; 3] };
    if beam > 0.0 {
        colour = mix(colour, scale(skin.accent, 0.9), beam);
    }
    if upright > 0.0 {
        let hole = line(z, 0.15, 0.05, sharp) * 0.4;
        colour = mix(colour, scale([0.06, 0.13, 0.38], 1.0 - hole), upright);
    }
    Texel { albedo: colour, glow: 0.0 }
}

/// What stands on a level, `up` metres above its beam.
fn goods(spot: Spot, level: i32, up: f32) -> V3 {
    const KINDS: [V3; 5] = [[0.46, 0.31, 0.17], [0.40, 0.27, 0.15], [0.52, 0.37, 0.22], [0.55, 0.55, 0.53], [0.16, 0.24, 0.34]];
    let Spot { u, sharp, seed, .. } = spot;
    let behind = scale([0.050, 0.050, 0.055], 0.6 + 0.5 * up);
    let (place, du) = bay(u, BAY_M / 3.0);
    let pick = hash2(place, level, seed);
    let ground = if level > 0 { 0.12 } else { 0.0 };
    // One place in eight is empty.
    if pick & 7 == 0 || up < ground {
        return behind;
    }
    let over_pallet = up - ground - 0.13;
    if over_pallet < 0.0 {
        let gap = if up < ground + 0.09 { line(du + 0.21, 0.42, 0.26, sharp) } else { 0.0 };
        return if du.abs() < 0.42 { mix([0.34, 0.24, 0.13], behind, gap) } else { behind };
    }
    let part = |turn: u32| (pick.rotate_right(turn) & 0xff) as f32 * (1.0 / 255.0);
    let height = (0.35 + 0.65 * part(8)).min(LEVEL_M - 0.21 - ground);
    let half = 0.34 + 0.08 * part(16);
    if over_pallet > height || du.abs() > half {
        return behind;
    }
    let seam = band((over_pallet - height * 0.5).abs(), 0.012, sharp).max(band(half - du.abs(), 0.012, sharp));
    let tape = band(du.abs(), 0.05, sharp) * 0.35;
    let colour = scale(KINDS[(pick >> 4) as usize % 5], (0.85 + 0.3 * part(24)) * (1.0 - 0.5 * seam));
    let colour = mix(colour, [0.62, 0.55, 0.42], tape);
    mix(colour, [0.80, 0.80, 0.78], panel(du - 0.18, over_pallet - height * 0.25, [0.07, 0.05], sharp))
}

/// The end of a rack: a steel plate with a yellow and black guard at the foot.
pub(super) fn rack_end(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, .. } = spot;
    let mut colour = scale([0.10, 0.18, 0.36], 0.9 + 0.2 * smooth(u * 2.0, z));
    colour = scale(colour, 1.0 - 0.4 * line(u, BAY_M * 0.37, 0.02, sharp).max(line(z, LEVEL_M, 0.05, sharp)));
    if z < 0.4 {
        let stripe = line(u + z, 0.3, 0.15, sharp);
        colour = mix([0.72, 0.52, 0.05], [0.05, 0.05, 0.05], stripe);
    }
    let sign = panel(bay(u, 2.4).1, z - 1.7, [0.22, 0.16], sharp);
    Texel { albedo: mix(colour, scale(skin.wall, 1.4), sign), glow: 0.0 }
}
