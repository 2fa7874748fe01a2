//! Painted walls with what hangs on them, and shelves.
//!
//! In -> out: a place on a wall and a skin with coats -> its colour. What hangs where follows from the wall's own seed. Deliberately absent:
//! the patterns themselves (see `patterns`).

use super::{Skin, Spot, Texel, band, bay, choice, home, line, office, panel, patterns::Coat, soiled};
use crate::{
    Paint, Style, Surface,
    render::{
        colours::lively,
        noise::{hash, hash2, smooth, unit},
        vector::{V3, mix, scale},
    },
};

/// All coats of a building.
pub(super) struct Coats {
    pub(super) floor: Coat,
    pub(super) wall: Coat,
    pub(super) ceiling: Coat,
    shelf: Coat,
    skirting: Option<V3>,
    /// Length of wall for one thing on it, metres.
    bay_m: f32,
    /// Share of bays with something on them.
    furnished: f32,
    /// Height up to which the wall has its second colour, metres; mostly none.
    dado_m: f32,
}

impl Coats {
    pub(super) fn new(style: Style, seed: u32) -> Self {
        const BARE: Surface = Surface::plain([0.5; 3]);
        let (surfaces, skirting) = match style {
            Style::Painted(paint) => ([paint.floor, paint.wall, paint.ceiling, paint.shelf], paint.skirting),
            _ => ([BARE; 4], None),
        };
        let [floor, wall, ceiling, shelf] = [0, 1, 2, 3].map(|number| Coat::new(&surfaces[number], hash(seed ^ (21 + number as u32))));
        let part = |salt: u32| unit(hash(seed ^ salt));
        Self {
            floor,
            wall,
            ceiling,
            shelf,
            skirting: skirting.map(|colour| colour.map(|channel| if channel.is_finite() { channel.clamp(0.0, 1.0) } else { 0.5 })),
            bay_m: 1.8 + 2.4 * part(31),
            furnished: 0.15 + 0.65 * part(32),
            dado_m: if part(33) < 0.2 { 0.8 + 0.7 * part(34) } else { 0.0 },
        }
    }
}

/// Colour of doors, frames and sills.
pub(super) fn accent(paint: &Paint, pick: u32) -> V3 {
    match pick % 4 {
        0 => [0.78, 0.77, 0.74],
        1 => scale([0.42, 0.27, 0.15], 0.6 + 0.8 * unit(hash(pick))),
        2 => paint.skirting.unwrap_or([0.30, 0.31, 0.33]).map(|channel| if channel.is_finite() { channel.clamp(0.0, 1.0) } else { 0.3 }),
        _ => lively(hash(pick ^ 9)),
    }
}

pub(super) fn wall(skin: &Skin, spot: Spot, is_outer: bool) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    let coats = &skin.coats;
    let (number, du) = bay(u, coats.bay_m);
    let pick = choice(number, seed, 1);
    if pick < coats.furnished
        && let Some(texel) = hanging(skin, spot, (number, du), is_outer)
    {
        return texel;
    }
    if let Some(colour) = coats.skirting
        && z < 0.11
    {
        return Texel { albedo: scale(colour, 1.0 - 0.4 * band((z - 0.105).abs(), 0.012, sharp)), glow: 0.0 };
    }
    let mut colour = coats.wall.albedo(u, z, sharp);
    if z < coats.dado_m {
        colour = mix(colour, coats.wall.second, 0.7);
        colour = mix(colour, coats.wall.joint, band(coats.dado_m - z, 0.05, sharp));
    }
    Texel { albedo: soiled(colour, z, 0.12), glow: 0.0 }
}

/// What a bay shows at this place, where it shows anything there.
fn hanging(skin: &Skin, spot: Spot, (number, du): (i32, f32), is_outer: bool) -> Option<Texel> {
    let Spot { z, sharp, seed, .. } = spot;
    let paint = || lively(hash2(number, 5, seed));
    let flat = |albedo: V3| Some(Texel { albedo, glow: 0.0 });
    match (hash2(number, 2, seed) >> 7) % 9 {
        0 => office::door(skin, du, z, sharp),
        1 if is_outer => home::window(skin, du, z, sharp),
        1 | 2 if (z - 1.5).abs() < 0.45 && du.abs() < 0.6 => {
            flat(home::picture(skin.coats.wall.albedo(spot.u, z, sharp), number, du, spot))
        }
        3 if du.abs() < 0.9 && z > 0.85 && z < 2.15 => Some(office::glass(du * 1.6, z, sharp)),
        // A poster or a board.
        4 if panel(du, z - 1.5, [0.40, 0.55], sharp) > 0.5 => {
            let writing = line(z, 0.16, 0.05, sharp) * f32::from(smooth(du * 9.0 + number as f32, z * 6.0) > 0.45);
            flat(mix(
                if panel(du, z - 1.62, [0.3, 0.22], sharp) > 0.5 { paint() } else { [0.78, 0.77, 0.72] },
                [0.1, 0.1, 0.12],
                writing * 0.7,
            ))
        }
        // A radiator.
        5 if panel(du, z - 0.45, [0.55, 0.28], sharp) > 0.5 => flat(scale([0.72, 0.72, 0.70], 1.0 - 0.35 * line(du, 0.07, 0.025, sharp))),
        // A pipe from floor to ceiling.
        6 if du.abs() < 0.05 => flat(scale(paint(), 1.1 - (du * 14.0).powi(2))),
        // A grille below the ceiling.
        7 if panel(du, z - skin.ceiling_m + 0.4, [0.3, 0.16], sharp) > 0.5 => {
            flat(scale([0.5, 0.5, 0.5], 1.0 - 0.6 * line(z, 0.05, 0.02, sharp)))
        }
        // A switch and a small sign.
        8 => {
            let small = panel(du, z - 1.05, [0.045, 0.045], sharp).max(panel(du - 0.4, z - 1.6, [0.11, 0.08], sharp));
            (small > 0.5).then_some(Texel { albedo: if z > 1.3 { paint() } else { [0.8, 0.8, 0.78] }, glow: 0.0 })
        }
        _ => None,
    }
}

/// A shelf, a cupboard, lockers, books, or bare.
pub(super) fn shelf(skin: &Skin, spot: Spot) -> Texel {
    let Spot { u, z, sharp, seed } = spot;
    let coat = &skin.coats.shelf;
    let own = coat.albedo(u, z, sharp);
    let albedo = match (skin.seed >> 5) % 5 {
        0 => goods(coat, spot, [0.55, 0.75], 0.62),
        1 => goods(coat, spot, [0.38, 1.1], 0.12),
        2 => {
            let (number, du) = bay(u, 0.5);
            let seam = line(u, 0.5, 0.014, sharp).max(line(z, 1.05, 0.016, sharp));
            let side = if number & 1 == 0 { 0.17 } else { -0.17 };
            let knob = panel(du - side, z - 1.25, [0.014, 0.06], sharp).max(panel(du - side, z - 0.8, [0.014, 0.06], sharp));
            mix(scale(own, (0.9 + 0.2 * choice(number, seed, 2)) * (1.0 - 0.6 * seam)), coat.joint, knob)
        }
        3 => {
            let (number, du) = bay(u, 0.4);
            let door = if hash2(number, 8, seed) & 3 == 0 { coat.second } else { own };
            let slots = line(z, 0.05, 0.02, sharp) * panel(du, z - 1.6, [0.1, 0.12], sharp);
            scale(door, 1.0 - 0.55 * line(u, 0.4, 0.014, sharp).max(slots))
        }
        _ => own,
    };
    Texel { albedo: soiled(albedo, z, 0.2), glow: 0.0 }
}

/// Boards `high_m` apart with things of many colours on them, about `wide_m` each.
fn goods(coat: &Coat, spot: Spot, [high_m, upright_m]: [f32; 2], wide_m: f32) -> V3 {
    let Spot { u, z, sharp, seed } = spot;
    let (level, dz) = bay(z, high_m);
    let up = dz + 0.5 * high_m;
    let frame = line(u, upright_m * 2.0, 0.05, sharp).max(band(up.min(high_m - up), 0.05, sharp));
    let (number, du) = bay(u + 0.3 * level as f32, wide_m);
    let pick = hash2(number, level, seed);
    let part = |shift: u32| (pick >> shift & 0xff) as f32 * (1.0 / 255.0);
    let (tall, half) = (high_m * (0.45 + 0.45 * part(8)), wide_m * (0.34 + 0.15 * part(16)));
    let behind = scale(coat.ground, 0.12 + 0.1 * up);
    let is_there = pick & 7 != 0 && up < tall && du.abs() < half;
    let fade = (wide_m * sharp * 0.5 - 0.5).clamp(0.0, 1.0);
    let thing = if is_there { scale(lively(pick), 0.8 + 0.2 * part(24)) } else { behind };
    let label = panel(du, up - tall * 0.5, [half * 0.5, tall * 0.15], sharp) * f32::from(pick & 32 == 0 && is_there);
    let thing = mix(thing, [0.75, 0.75, 0.72], label);
    mix(mix(mix(coat.second, behind, 0.5), thing, fade.max(0.35)), coat.ground, frame)
}
