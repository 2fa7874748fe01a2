//! Concrete with joints and yellow lane marks, sheet-metal walls with roller doors, pallet racks.
//!
//! In -> out: a place -> a colour. Deliberately absent: real boxes on the racks; they are paint on the wall's plane.

use super::{Skin, Spot, Texel, band, bay, choice, detail, line, panel, soiled};
use crate::render::{
    noise::{hash2, smooth, unit},
    vector::{V3, mix, scale},
};

pub(super) fn palette(wall: u32) -> (V3, V3, V3) {
    let wall = [[0.50, 0.55, 0.60], [0.58, 0.58, 0.55], [0.42, 0.52, 0.56]][wall as usize % 3];
    (wall, [0.36, 0.355, 0.345], [0.72, 0.24, 0.04])
}

pub(super) fn floor(skin: &Skin, x: f32, y: f32, pixel_m: f32) -> V3 {
    let (sx, sy) = (x + skin.shift[0], y + skin.shift[1]);
    let wear = smooth(sx * 0.37, sy * 0.37) * 0.6 + smooth(sx * 1.9, sy * 1.9) * 0.4;
    let grain = (smooth(sx * 21.0, sy * 21.0) - 0.5) * detail(0.05, pixel_m);
    let mut colour = scale(skin.floor, 0.84 + 0.3 * wear + 0.16 * grain);
    let joint = line(x, 4.0, 0.014, pixel_m).max(line(y, 4.0, 0.014, pixel_m));
    colour = scale(colour, 1.0 - 0.55 * joint);
    if is_lane_mark(skin, x, y, pixel_m) {
        let worn = ((smooth(sx * 2.7, sy * 2.7) - 0.22) * 4.0).clamp(0.25, 1.0);
        colour = mix(colour, [0.70, 0.50, 0.06], 0.85 * worn);
    }
    colour
}

/// Lane marks follow the racks and walls: 8 cm wide, 30 cm away.
fn is_lane_mark(skin: &Skin, x: f32, y: f32, pixel_m: f32) -> bool {
    let Some(grid) = skin.grid else { return false };
    let around = |reach: f32| {
        grid.is_solid_at(x + reach, y) || grid.is_solid_at(x - reach, y) || grid.is_solid_at(x, y + reach) || grid.is_solid_at(x, y - reach)
    };
    pixel_m < 0.16 && around(0.39) && !around(0.30)
}

pub(super) fn ceiling(x: f32, y: f32, pixel_m: f32) -> V3 {
    let beam = line(x, 3.0, 0.25, pixel_m);
    let sheet = line(y, 0.4, 0.1, pixel_m);
    scale([0.40, 0.42, 0.44], (1.0 - 0.15 * sheet) * (1.0 - 0.5 * beam))
}

pub(super) fn wall(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, pixel_m, seed } = spot;
    let (number, du) = bay(u, 7.0);
    if choice(number, seed, 5) < 0.3 && du.abs() < 1.6 && z < 2.9 {
        return roller_door(skin, du, z, pixel_m);
    }
    let fold = line(u, 0.28, 0.1, pixel_m);
    let stain = smooth(u * 0.7, z * 0.25 + 9.0);
    let mut colour = scale(skin.wall, (0.92 + 0.16 * stain) * (1.0 - 0.20 * fold));
    if z < 0.35 {
        colour = scale([0.40, 0.39, 0.38], 0.85 + 0.3 * smooth(u * 3.0, z * 3.0));
    }
    colour = mix(colour, scale(skin.accent, 0.8), band((z - 1.15).abs(), 0.10, pixel_m) * 0.7);
    Texel { albedo: soiled(colour, z, 0.25), glow: 0.0 }
}

fn roller_door(skin: &Skin, du: f32, z: f32, pixel_m: f32) -> Texel {
    let is_frame = du.abs() > 1.48 || z > 2.78;
    let mut colour = if is_frame { [0.65, 0.48, 0.05] } else { scale([0.52, 0.56, 0.58], 1.0 - 0.35 * line(z, 0.09, 0.03, pixel_m)) };
    if is_frame && line(z + du, 0.4, 0.2, pixel_m) > 0.5 {
        colour = [0.05, 0.05, 0.05];
    }
    let handle = panel(du, z - 0.95, [0.14, 0.025], pixel_m);
    Texel { albedo: mix(colour, scale(skin.accent, 0.2), handle), glow: 0.0 }
}

const LEVEL_M: f32 = 1.35;
const BAY_M: f32 = 2.7;

/// A pallet rack from the front: blue uprights, orange beams, cartons on pallets between them.
pub(super) fn rack(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, pixel_m, seed } = spot;
    let (level, up) = bay(z, LEVEL_M);
    let up = up + LEVEL_M * 0.5;
    let upright = line(u, BAY_M, 0.10, pixel_m);
    let beam = if level > 0 { band((up - 0.06).abs(), 0.12, pixel_m) } else { 0.0 };
    let mut colour = scale([0.050, 0.050, 0.055], 0.6 + 0.5 * up);
    if upright < 1.0 && beam < 1.0 {
        colour = goods(colour, spot, level, up, seed);
    }
    colour = mix(colour, scale(skin.accent, 0.9), beam);
    let hole = line(z, 0.15, 0.05, pixel_m) * 0.4;
    Texel { albedo: mix(colour, scale([0.06, 0.13, 0.38], 1.0 - hole), upright), glow: 0.0 }
}

fn goods(behind: V3, spot: Spot, level: i32, up: f32, seed: u32) -> V3 {
    let Spot { u, pixel_m, .. } = spot;
    let (place, du) = bay(u, BAY_M / 3.0);
    let ground = if level > 0 { 0.12 } else { 0.0 };
    let is_pallet = up > ground && up < ground + 0.13 && du.abs() < 0.42;
    let pick = hash2(place, level, seed);
    let fill = unit(pick);
    if is_pallet && fill > 0.12 {
        let gap = line(du + 0.21, 0.42, 0.26, pixel_m);
        return if up < ground + 0.09 { mix([0.32, 0.22, 0.12], behind, gap) } else { [0.36, 0.26, 0.14] };
    }
    let height = 0.35 + 0.65 * unit(pick.rotate_left(9));
    let top = ground + 0.13 + height;
    let half = 0.34 + 0.08 * unit(pick.rotate_left(17));
    if fill < 0.12 || up < ground || up > top.min(LEVEL_M - 0.08) || du.abs() > half {
        return behind;
    }
    let kinds: [V3; 5] = [[0.46, 0.31, 0.17], [0.40, 0.27, 0.15], [0.52, 0.37, 0.22], [0.55, 0.55, 0.53], [0.16, 0.24, 0.34]];
    let mut colour = scale(kinds[(pick & 0xff) as usize % 5], 0.85 + 0.3 * unit(pick.rotate_left(5)));
    let rows = line(up - ground - 0.13, height * 0.5, 0.012, pixel_m);
    let tape = band(du.abs(), 0.05, pixel_m) * 0.35;
    colour = scale(colour, 1.0 - 0.5 * rows.max(line(du, half, 0.012, pixel_m)));
    colour = mix(colour, [0.62, 0.55, 0.42], tape);
    let label = panel(du - 0.18, up - ground - 0.13 - height * 0.25, [0.07, 0.05], pixel_m);
    mix(colour, [0.80, 0.80, 0.78], label)
}

/// The end of a rack: a steel plate with a yellow and black guard at the foot.
pub(super) fn rack_end(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, pixel_m, .. } = spot;
    let mut colour = scale([0.10, 0.18, 0.36], 0.9 + 0.2 * smooth(u * 2.0, z));
    colour = scale(colour, 1.0 - 0.4 * line(u, BAY_M * 0.37, 0.02, pixel_m).max(line(z, LEVEL_M, 0.05, pixel_m)));
    if z < 0.4 {
        let stripe = line(u + z, 0.3, 0.15, pixel_m);
        colour = mix([0.72, 0.52, 0.05], [0.05, 0.05, 0.05], stripe);
    }
    let sign = panel(bay(u, 2.4).1, z - 1.7, [0.22, 0.16], pixel_m);
    Texel { albedo: mix(colour, scale(skin.wall, 1.4), sign), glow: 0.0 }
}
