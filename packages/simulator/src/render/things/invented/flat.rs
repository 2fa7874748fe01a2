//! Dry patches and shadows of random make.
//!
//! In -> out: dice -> decals. Deliberately absent: gloss, which is what tells a spill from these.

use crate::{
    Pattern, Surface as Painted,
    render::{
        decals::Surface,
        flats::{Flat, Outline},
        noise::Dice,
        parts::Pen,
        things::{AHEAD, oddments::any, turned},
    },
};
use std::f32::consts::PI;

/// Patterns of the training family.
const PATTERNS: [Pattern; 12] = [
    Pattern::Plain,
    Pattern::Speckle,
    Pattern::Tiles,
    Pattern::Planks,
    Pattern::Checker,
    Pattern::Stripes,
    Pattern::Carpet,
    Pattern::Stain,
    Pattern::Gradient,
    Pattern::Mosaic,
    Pattern::Plaid,
    Pattern::Scuffed,
];

fn flat(dice: &mut Dice, outline: Outline) -> Flat {
    let surface = Painted {
        pattern: PATTERNS[dice.pick(PATTERNS.len())],
        colours: [any(dice), any(dice), any(dice)],
        scale_m: dice.range(0.06, 0.5),
        contrast: dice.range(0.1, 1.0),
        gloss: 0.0,
    };
    Flat::new(outline, &surface, any(dice), dice.range(0.0, 50.0))
}

fn lay(pen: &mut Pen, centre: [f32; 2], half: [f32; 2], yaw: f32, flat: Flat) {
    pen.decal(centre, half, turned(yaw), Surface::Flat(Box::new(flat)), true);
}

/// One to six pieces of any outline and colour; `is_cut` where they are cut anyhow or bear marks.
pub(in crate::render::things) fn patches(pen: &mut Pen, dice: &mut Dice, is_cut: bool) {
    let even = [Outline::Rug, Outline::Round, Outline::Sheet, Outline::Sheet];
    let cut = [Outline::Cut, Outline::Cut, Outline::Letters, Outline::Letters];
    let outline = if is_cut { cut } else { even }[dice.pick(4)];
    let count = 1 + if dice.pick(2) == 0 { 0 } else { dice.pick(6) };
    let size = if count > 1 { [0.10, 0.34] } else { [0.28, 0.68] };
    let is_aligned = dice.pick(2) == 0;
    let turn = dice.range(0.0, PI);
    for number in 0..count {
        let half = [dice.range(size[0], size[1]), dice.range(size[0], size[1])];
        let out = if count > 1 { 0.36 * (number as f32 / (count - 1) as f32).sqrt() } else { 0.0 };
        let around = turned(number as f32 * 2.4);
        let centre = [around[0] * out, around[1] * out];
        if outline != Outline::Letters {
            pen.contact(centre, half.map(|side| side * 1.25), 0.08);
        }
        let yaw = if is_aligned { turn } else { dice.range(0.0, PI) };
        let flat = flat(dice, outline);
        lay(pen, centre, half, yaw, flat);
    }
}

/// Blotches or bands of shade, one or several over each other.
pub(in crate::render::things) fn shade(pen: &mut Pen, dice: &mut Dice, outline: Outline) {
    for _ in 0..1 + dice.pick(2) {
        let half = [dice.range(0.4, 0.9), dice.range(0.35, 0.75)];
        let flat = Flat::new(outline, &Painted::plain([0.0; 3]), [0.0; 3], dice.range(0.0, 50.0));
        lay(pen, [0.0; 2], half, dice.range(0.0, PI), flat);
    }
    if dice.pick(3) == 0 {
        pen.decal([0.0; 2], [dice.range(0.3, 0.6), dice.range(0.3, 0.6)], AHEAD, Surface::Patch { shift: dice.range(0.0, 50.0) }, true);
    }
}
