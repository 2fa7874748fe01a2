//! Carpet tiles, white walls with panels, glass and doors, grey cabinets, a tiled ceiling.
//!
//! In -> out: a place -> a colour. Deliberately absent: what stands behind the glass.

use super::{Skin, Spot, Texel, band, bay, choice, detail, line, panel, soiled};
use crate::render::{
    noise::{hash2, smooth, unit, whole},
    vector::{V3, mix, scale},
};

pub(super) fn palette(carpet: u32, door: u32) -> (V3, V3, V3) {
    let carpet = [[0.20, 0.22, 0.26], [0.25, 0.24, 0.22], [0.17, 0.24, 0.25]][carpet as usize % 3];
    let door = [[0.44, 0.29, 0.16], [0.58, 0.46, 0.32], [0.32, 0.36, 0.40]][door as usize % 3];
    ([0.74, 0.74, 0.72], carpet, door)
}

pub(super) fn floor(skin: &Skin, x: f32, y: f32, sharp: f32) -> V3 {
    const TILE_M: f32 = 0.5;
    let (i, j) = (whole(x * (1.0 / TILE_M)).0, whole(y * (1.0 / TILE_M)).0);
    let turn = if i.wrapping_add(j) & 1 == 0 { 0.06 } else { -0.06 };
    let tone = (unit(hash2(i, j, skin.seed)) - 0.5) * 0.14;
    let weave = if i.wrapping_add(j) & 1 == 0 { smooth(x * 70.0, y * 22.0) } else { smooth(x * 22.0, y * 70.0) };
    let weave = (weave - 0.5) * detail(0.02, sharp) * 0.4;
    let seam = line(x, TILE_M, 0.008, sharp).max(line(y, TILE_M, 0.008, sharp));
    scale(skin.floor, (1.0 + (turn + tone) * detail(0.3, sharp) + weave) * (1.0 - 0.35 * seam))
}

pub(super) fn ceiling(x: f32, y: f32, sharp: f32) -> V3 {
    let seam = line(x, 0.6, 0.02, sharp).max(line(y, 0.6, 0.02, sharp));
    let speck = (smooth(x * 30.0, y * 30.0) - 0.5) * detail(0.04, sharp) * 0.1;
    scale([0.76, 0.76, 0.75], (1.0 + speck) * (1.0 - 0.28 * seam))
}

pub(super) fn wall(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    let (number, du) = bay(u, 3.6);
    let pick = choice(number, seed, 1);
    if pick < 0.28 {
        if let Some(door) = door(skin, du, z, sharp) {
            return door;
        }
    } else if pick < 0.55 && du.abs() < 1.5 && z > 0.85 && z < 2.15 {
        return glass(du, z, sharp);
    } else if pick > 0.8 {
        let board = panel(du, z - 1.45, [0.75, 0.45], sharp);
        if board > 0.0 {
            let rim = 1.0 - panel(du, z - 1.45, [0.72, 0.42], sharp);
            let writing = line(z, 0.14, 0.02, sharp) * f32::from(smooth(u * 9.0, z * 7.0) > 0.52) * 0.5;
            let white = mix([0.84, 0.85, 0.86], [0.15, 0.2, 0.5], writing);
            return Texel { albedo: mix(mix(skin.wall, white, board), [0.45, 0.46, 0.48], rim * board), glow: 0.0 };
        }
    }
    if z < 0.10 {
        return Texel { albedo: [0.16, 0.17, 0.18], glow: 0.0 };
    }
    let seam = line(u, 1.2, 0.012, sharp) * 0.35;
    let colour = scale(skin.wall, (0.97 + 0.06 * smooth(u, z)) * (1.0 - seam));
    Texel { albedo: soiled(colour, z, 0.10), glow: 0.0 }
}

pub(super) fn door(skin: &Skin, du: f32, z: f32, sharp: f32) -> Option<Texel> {
    if du.abs() > 0.55 || z > 2.12 {
        return None;
    }
    if du.abs() > 0.47 || z > 2.04 {
        return Some(Texel { albedo: [0.36, 0.37, 0.38], glow: 0.0 });
    }
    let grain = (smooth(du * 50.0, z * 3.0) - 0.5) * detail(0.02, sharp) * 0.16;
    let gap = 1.0 - 0.6 * band((du.abs() - 0.465).abs(), 0.012, sharp);
    let colour = scale(skin.accent, (1.0 + grain) * gap);
    let handle = panel(du - 0.34, z - 1.02, [0.07, 0.014], sharp).max(panel(du - 0.39, z - 1.0, [0.02, 0.09], sharp));
    let sign = panel(du, z - 1.55, [0.12, 0.06], sharp);
    Some(Texel { albedo: mix(mix(colour, [0.66, 0.66, 0.66], handle), [0.75, 0.77, 0.8], sign), glow: 0.0 })
}

pub(super) fn glass(du: f32, z: f32, sharp: f32) -> Texel {
    let frame = line(du + 1.5, 1.0, 0.05, sharp).max(band((z - 0.87).abs(), 0.05, sharp)).max(band((z - 2.13).abs(), 0.05, sharp));
    let streak = ((smooth((du + z) * 1.7, 3.0) - 0.45) * 2.5).clamp(0.0, 0.5);
    let pane = mix([0.24, 0.34, 0.38], [0.62, 0.70, 0.74], streak + 0.12 * z);
    Texel { albedo: mix(pane, [0.20, 0.21, 0.22], frame), glow: 0.08 * (1.0 - frame) }
}

/// Grey cabinets with drawers below and doors above.
pub(super) fn cabinet(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    const WIDTH_M: f32 = 0.8;
    let (number, du) = bay(u, WIDTH_M);
    let tone = 0.9 + 0.2 * choice(number, seed, 2);
    let base = mix([0.46, 0.47, 0.48], skin.accent, if choice(number, seed, 3) < 0.3 { 0.6 } else { 0.0 });
    let seams = if z < 1.2 { line(z, 0.4, 0.014, sharp) } else { band(du.abs(), 0.012, sharp).max(band((z - 1.2).abs(), 0.02, sharp)) };
    let seam = line(u, WIDTH_M, 0.016, sharp).max(seams).max(band((z - 2.0).abs(), 0.02, sharp));
    let mut colour = scale(base, tone * (1.0 - 0.55 * seam));
    let in_drawer = z - whole(z / 0.4).1 * 0.4;
    let handle =
        if z < 1.2 { panel(du, in_drawer - 0.28, [0.09, 0.014], sharp) } else { panel(du.abs() - 0.07, z - 1.6, [0.012, 0.08], sharp) };
    colour = mix(colour, [0.14, 0.14, 0.15], handle);
    if z < 0.07 {
        colour = [0.05, 0.05, 0.05];
    }
    Texel { albedo: colour, glow: 0.0 }
}
