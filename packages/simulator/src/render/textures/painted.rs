//! Painted walls and shelves. In -> out: a place on a wall and a paint -> its colour. Deliberately absent: the patterns themselves.

use super::{Skin, Spot, Texel, band, patterns, soiled};
use crate::{
    Paint,
    render::{vector::scale, walls::Build},
};

pub(super) fn wall(skin: &Skin, paint: &Paint, build: Build, spot: Spot) -> Texel {
    let Spot { u, z, sharp, .. } = spot;
    let surface = if matches!(build, Build::Shelf | Build::End) { &paint.shelf } else { &paint.wall };
    if let Some(colour) = paint.skirting
        && z < 0.11
    {
        return Texel { albedo: scale(colour, 1.0 - 0.4 * band((z - 0.105).abs(), 0.012, sharp)), glow: 0.0 };
    }
    Texel { albedo: soiled(patterns::albedo(surface, u + skin.shift[0], z, sharp), z, 0.12), glow: 0.0 }
}
