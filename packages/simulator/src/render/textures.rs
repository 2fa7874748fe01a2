//! What floors, walls and ceilings look like, computed from map coordinates.
//!
//! In -> out: a point on a surface and the size of a pixel there (metres) -> its colour, and how much it shines by itself. Lines thinner than
//! a pixel fade instead of flickering. Deliberately absent: stored pictures, and light (see `light`).

mod home;
mod office;
mod painted;
mod patterns;
mod warehouse;

pub(super) use patterns::Coat;

use super::{
    grid::Grid,
    noise::{hash, hash2, smooth, unit, whole},
    vector::{V3, mix, scale},
    walls::{Build, Face},
};
use crate::Style;
use painted::Coats;

/// Colour of a point before light.
#[derive(Clone, Copy)]
pub(super) struct Texel {
    pub(super) albedo: V3,
    /// Light of its own, in units of `albedo`; windows have it.
    pub(super) glow: f32,
}

/// A style with the choices that `appearance_seed` makes.
pub(super) struct Skin<'a> {
    pub(super) style: Style,
    pub(super) ceiling_m: f32,
    pub(super) grid: Option<&'a Grid<'a>>,
    seed: u32,
    wall: V3,
    floor: V3,
    accent: V3,
    coats: Coats,
    /// Moves every pattern.
    shift: [f32; 2],
}

/// A place on a wall: along it, and up.
#[derive(Clone, Copy)]
struct Spot {
    /// Map coordinate along the wall, metres.
    u: f32,
    /// Above the floor, metres.
    z: f32,
    /// Pixels per metre here.
    sharp: f32,
    /// Of the wall's plane.
    seed: u32,
}

impl<'a> Skin<'a> {
    pub(super) fn new(style: Style, seed: u64, ceiling_m: f32, grid: Option<&'a Grid<'a>>) -> Self {
        let seed = hash((seed as u32) ^ hash((seed >> 32) as u32));
        let pick = |count: u32, salt: u32| (hash(seed ^ salt) >> 8) % count;
        let (wall, floor, accent) = match style {
            Style::Warehouse => warehouse::palette(pick(3, 1)),
            Style::Home => home::palette(pick(4, 1), pick(3, 2)),
            Style::Office => office::palette(pick(3, 1), pick(3, 2)),
            Style::Painted(paint) => ([0.7; 3], [0.4; 3], painted::accent(&paint, pick(1 << 16, 6))),
        };
        let shift = [unit(hash(seed ^ 3)) * 100.0, unit(hash(seed ^ 4)) * 100.0];
        Self { style, ceiling_m, grid, seed, wall, floor, accent, coats: Coats::new(style, seed), shift }
    }

    /// No painted surface is quite even: how bright it is about (`x`, `y`), against its mean. It changes so slowly that it is computed with
    /// the light; the other styles have their own.
    pub(super) fn evenness(&self, x: f32, y: f32) -> f32 {
        if self.is_painted() { 0.95 + 0.10 * smooth(x * 0.8 + self.shift[0], y * 0.8) } else { 1.0 }
    }

    pub(super) fn is_painted(&self) -> bool {
        matches!(self.style, Style::Painted(_))
    }

    /// How much the floor mirrors, 0 to 1.
    pub(super) fn floor_gloss(&self) -> f32 {
        self.coats.floor.gloss
    }

    pub(super) fn floor(&self, x: f32, y: f32, sharp: f32) -> Texel {
        let albedo = match self.style {
            Style::Warehouse => warehouse::floor(self, x, y, sharp),
            Style::Home => home::floor(self, x, y, sharp),
            Style::Office => office::floor(self, x, y, sharp),
            Style::Painted(_) => self.coats.floor.albedo(x, y, sharp),
        };
        Texel { albedo, glow: 0.0 }
    }

    pub(super) fn ceiling(&self, x: f32, y: f32, sharp: f32) -> Texel {
        let albedo = match self.style {
            Style::Warehouse => warehouse::ceiling(x, y, sharp),
            Style::Home => scale([0.80, 0.79, 0.76], 0.97 + 0.06 * smooth(x * 1.3, y * 1.3)),
            Style::Office => office::ceiling(x, y, sharp),
            Style::Painted(_) => self.coats.ceiling.albedo(x, y, sharp),
        };
        Texel { albedo, glow: 0.0 }
    }

    pub(super) fn wall(&self, face: &Face, u: f32, z: f32, sharp: f32) -> Texel {
        let spot = Spot { u, z, sharp, seed: face.seed ^ self.seed };
        match (self.style, face.build) {
            (Style::Warehouse, Build::Shelf) => warehouse::rack(self, spot),
            (Style::Warehouse, Build::End) => warehouse::rack_end(self, spot),
            (Style::Warehouse, _) => warehouse::wall(self, spot),
            (Style::Home, Build::Shelf | Build::End) => home::cupboard(self, spot),
            (Style::Home, build) => home::wall(self, spot, build == Build::Outer),
            (Style::Office, Build::Shelf | Build::End) => office::cabinet(self, spot),
            (Style::Office, _) => office::wall(self, spot),
            (Style::Painted(_), Build::Shelf | Build::End) => painted::shelf(self, spot),
            (Style::Painted(_), build) => painted::wall(self, spot, build == Build::Outer),
        }
    }
}

/// Share of a pixel covered by lines `width` wide, one every `period`, the first at 0; metres, `sharp` in pixels per metre.
#[inline]
fn line(x: f32, period: f32, width: f32, sharp: f32) -> f32 {
    // Periods are constants: this is a multiplication.
    let place = x - whole(x * (1.0 / period)).1 * period;
    band(place.min(period - place), width, sharp)
}

/// Share of a pixel covered by a band `width` wide whose middle is `distance` away.
#[inline]
fn band(distance: f32, width: f32, sharp: f32) -> f32 {
    let steep = sharp.min(10.0 / width);
    ((width * 0.5 - distance) * steep + 0.5).clamp(0.0, 1.0) * (width * steep).min(1.0)
}

/// Fine detail fades where a pixel is larger than its `size`.
#[inline]
fn detail(size: f32, sharp: f32) -> f32 {
    (size * sharp - 0.5).clamp(0.0, 1.0)
}

/// 1 inside a rectangle around the middle, with soft edges.
#[inline]
fn panel(dx: f32, dz: f32, half: [f32; 2], sharp: f32) -> f32 {
    let steep = sharp.min(250.0);
    let inside = |distance: f32, half: f32| ((half - distance.abs()) * steep + 0.5).clamp(0.0, 1.0);
    inside(dx, half[0]) * inside(dz, half[1])
}

/// A part of a long wall: its number, and the place in it from its middle, metres.
#[inline]
fn bay(u: f32, length: f32) -> (i32, f32) {
    let (number, start) = whole(u * (1.0 / length));
    (number, u - (start + 0.5) * length)
}

/// A choice for a bay, 0 to 1.
#[inline]
fn choice(bay: i32, seed: u32, salt: i32) -> f32 {
    unit(hash2(bay, salt, seed))
}

/// The lower part of a wall a little darker where dirt gathers.
#[inline]
fn soiled(colour: V3, z: f32, share: f32) -> V3 {
    mix(colour, scale(colour, 1.0 - share), (1.0 - z * 2.5).clamp(0.0, 1.0))
}
