//! Wooden planks, painted walls with skirting boards, pictures and windows, cupboards.
//!
//! In -> out: a place -> a colour. Deliberately absent: rooms; one flat has one wall colour.

use super::{Skin, Spot, Texel, band, bay, choice, detail, line, panel, soiled};
use crate::render::{
    noise::{fract, hash2, smooth, unit, whole},
    vector::{V3, mix, scale},
};

pub(super) fn palette(wall: u32, floor: u32) -> (V3, V3, V3) {
    let wall = [[0.78, 0.70, 0.56], [0.58, 0.66, 0.55], [0.60, 0.67, 0.74], [0.77, 0.62, 0.52]][wall as usize % 4];
    let floor = [[0.42, 0.26, 0.13], [0.50, 0.34, 0.19], [0.32, 0.19, 0.10]][floor as usize % 3];
    (wall, floor, [0.80, 0.78, 0.74])
}

pub(super) fn floor(skin: &Skin, x: f32, y: f32, sharp: f32) -> V3 {
    const PLANK_M: f32 = 0.14;
    const LENGTH_M: f32 = 1.25;
    let row = whole(y * (1.0 / PLANK_M)).0;
    let along = x + unit(hash2(row, 7, skin.seed)) * LENGTH_M;
    let (number, _) = bay(along, LENGTH_M);
    let tone = unit(hash2(row, number, skin.seed ^ 1));
    let tone_share = detail(0.2, sharp) * 0.34;
    let shift = tone * 37.0;
    let grain = (smooth(along * 2.4 + shift, y * 46.0 + shift) - 0.5) * detail(0.03, sharp);
    let colour = scale(skin.floor, 1.0 + tone_share * (tone - 0.5) + 0.28 * grain);
    let gap = line(y, PLANK_M, 0.005, sharp).max(line(along, LENGTH_M, 0.005, sharp));
    scale(colour, 1.0 - 0.6 * gap)
}

pub(super) fn wall(skin: &Skin, spot: Spot, is_outer: bool) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    if z < 0.11 {
        let edge = 1.0 - 0.4 * band((z - 0.105).abs(), 0.012, sharp);
        return Texel { albedo: scale(skin.accent, edge), glow: 0.0 };
    }
    let mut colour = scale(skin.wall, 0.96 + 0.08 * smooth(u * 1.1, z * 1.1));
    let (number, du) = bay(u, 2.3);
    let pick = choice(number, seed, 1);
    if is_outer && pick < 0.45 {
        if let Some(window) = window(skin, du, z, sharp) {
            return window;
        }
    } else if pick > 0.62 {
        colour = picture(colour, number, du, spot);
    }
    colour = mix(colour, skin.accent, band((z - skin.ceiling_m + 0.03).abs(), 0.06, sharp));
    Texel { albedo: soiled(colour, z, 0.12), glow: 0.0 }
}

pub(super) fn window(skin: &Skin, du: f32, z: f32, sharp: f32) -> Option<Texel> {
    let dz = z - 1.5;
    if du.abs() > 0.66 || dz.abs() > 0.62 {
        let sill = panel(du, dz + 0.66, [0.74, 0.04], sharp);
        return (sill > 0.5).then_some(Texel { albedo: skin.accent, glow: 0.0 });
    }
    let is_frame = du.abs() > 0.59 || dz.abs() > 0.55 || du.abs() < 0.03;
    if is_frame {
        return Some(Texel { albedo: skin.accent, glow: 0.0 });
    }
    let sky = mix([0.62, 0.70, 0.74], [0.42, 0.60, 0.85], (dz + 0.5).clamp(0.0, 1.0));
    let garden = if dz + 0.25 < 0.25 * smooth(du * 5.0 + 3.0, 4.0) { [0.20, 0.32, 0.14] } else { sky };
    Some(Texel { albedo: garden, glow: 0.75 })
}

pub(super) fn picture(behind: V3, number: i32, du: f32, spot: Spot) -> V3 {
    let Spot { z, sharp, seed, .. } = spot;
    let half = [0.24 + 0.22 * choice(number, seed, 2), 0.18 + 0.16 * choice(number, seed, 3)];
    let dz = z - 1.55;
    let frame = panel(du, dz, [half[0] + 0.035, half[1] + 0.035], sharp);
    if frame <= 0.0 {
        return behind;
    }
    let wood = scale([0.30, 0.18, 0.09], 0.4 + 1.2 * choice(number, seed, 4));
    let paints: [V3; 5] = [[0.20, 0.35, 0.50], [0.62, 0.50, 0.30], [0.25, 0.38, 0.24], [0.66, 0.62, 0.55], [0.50, 0.30, 0.26]];
    let pick = |salt: i32| paints[(choice(number, seed, salt) * 4.99) as usize];
    let hills = 0.12 * smooth(du * 4.0 + number as f32 * 3.1, 1.0) - 0.05;
    let art = if dz < hills { pick(5) } else { mix(pick(6), [0.78, 0.74, 0.66], 0.4 + dz) };
    mix(mix(behind, wood, frame), art, panel(du, dz, half, sharp))
}

/// Wooden doors with knobs, half a metre wide.
pub(super) fn cupboard(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    const DOOR_M: f32 = 0.5;
    let (number, du) = bay(u, DOOR_M);
    let wood = mix(skin.floor, [0.60, 0.52, 0.42], 0.35 + 0.5 * unit(seed));
    let grain = (smooth(u * 40.0, z * 2.0 + number as f32) - 0.5) * detail(0.03, sharp);
    let mut colour = scale(wood, 1.0 + 0.2 * grain);
    let seam = line(u, DOOR_M, 0.012, sharp).max(band((z - 0.95).abs(), 0.015, sharp)).max(band((z - 2.1).abs(), 0.015, sharp));
    let inset = panel(du, fract(z / 1.1) - 0.5, [0.19, 0.40], sharp) - panel(du, fract(z / 1.1) - 0.5, [0.175, 0.385], sharp);
    colour = scale(colour, 1.0 - 0.65 * seam - 0.25 * inset.max(0.0));
    let knob_side = if number & 1 == 0 { 0.19 } else { -0.19 };
    let knob = panel(du - knob_side, z - 0.75, [0.02, 0.05], sharp).max(panel(du - knob_side, z - 1.2, [0.02, 0.05], sharp));
    if z < 0.08 {
        colour = [0.06, 0.05, 0.04];
    }
    Texel { albedo: mix(colour, [0.55, 0.53, 0.48], knob), glow: 0.0 }
}
