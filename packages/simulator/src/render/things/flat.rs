//! Dry things flat on the floor and shadows: no puddles.
//!
//! In -> out: a seed and a form -> decals. Deliberately absent: anything that mirrors.

use super::{AHEAD, Subject, invented, turned};
use crate::{
    Pattern, Surface as Painted,
    render::{
        colours::{from_hue, lively},
        decals::Surface,
        flats::{Flat, Outline},
        noise::Dice,
        parts::Pen,
        vector::{V3, scale},
    },
};
use std::f32::consts::PI;

pub(super) fn mat(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 245 + u32::from(subject.form));
    match subject.form {
        0 => blue_mat(pen, subject),
        1 => rug(pen, &mut dice),
        2 => marking(pen, &mut dice),
        3 => cover(pen, &mut dice),
        4 => tiles(pen, &mut dice),
        6 => invented::flat::patches(pen, &mut dice, false),
        7 => invented::flat::patches(pen, &mut dice, true),
        _ => sheets(pen, &mut dice),
    }
}

fn lay(pen: &mut Pen, half: [f32; 2], yaw: [f32; 2], flat: Flat) {
    pen.decal([0.0, 0.0], half, yaw, Surface::Flat(Box::new(flat)), true);
}

/// A rug of any pattern and colours; long, broad or round.
fn rug(pen: &mut Pen, dice: &mut Dice) {
    let patterns = [
        Pattern::Stripes,
        Pattern::Checker,
        Pattern::Plaid,
        Pattern::Diamonds,
        Pattern::Weave,
        Pattern::Chevron,
        Pattern::Dots,
        Pattern::Carpet,
    ];
    let surface = Painted {
        pattern: patterns[dice.pick(patterns.len())],
        colours: [lively(dice.bits()), lively(dice.bits()), lively(dice.bits())],
        scale_m: dice.range(0.10, 0.30),
        contrast: dice.range(0.3, 0.9),
        gloss: 0.0,
    };
    let half = [dice.range(0.45, 0.80), dice.range(0.40, 0.65)];
    let border = lively(dice.bits());
    let shift = dice.range(0.0, 50.0);
    pen.contact([0.0, 0.0], [half[0] * 1.3, half[1] * 1.4], 0.10);
    if dice.pick(4) == 0 {
        lay(pen, [half[1] * 1.2; 2], AHEAD, Flat::new(Outline::Round, &surface, border, shift));
    } else {
        lay(pen, half, turned(dice.range(-0.2, 0.2)), Flat::new(Outline::Rug, &surface, border, shift));
    }
}

/// Paint on the floor.
fn marking(pen: &mut Pen, dice: &mut Dice) {
    let colours: [V3; 4] = [[0.68, 0.50, 0.05], [0.75, 0.75, 0.72], [0.08, 0.22, 0.55], [0.55, 0.07, 0.05]];
    let surface = Painted::plain(colours[dice.pick(4)]);
    let outline = if dice.pick(2) == 0 { Outline::Hatched } else { Outline::Arrow };
    let half = if outline == Outline::Arrow { [0.65, 0.35] } else { [dice.range(0.4, 0.6), dice.range(0.5, 0.8)] };
    lay(pen, half, turned(dice.range(0.0, 2.0 * PI)), Flat::new(outline, &surface, [0.0; 3], dice.range(0.0, 50.0)));
}

/// A manhole or drain cover.
fn cover(pen: &mut Pen, dice: &mut Dice) {
    let iron: [V3; 3] = [[0.10, 0.10, 0.105], [0.20, 0.19, 0.18], [0.17, 0.11, 0.07]];
    let radius = dice.range(0.30, 0.45);
    let surface = Painted {
        pattern: Pattern::Speckle,
        colours: [iron[dice.pick(3)], [0.3, 0.3, 0.3], [0.05; 3]],
        scale_m: 0.2,
        contrast: 0.3,
        gloss: 0.0,
    };
    lay(pen, [radius; 2], AHEAD, Flat::new(Outline::Cover, &surface, [0.05; 3], dice.range(0.0, 50.0)));
}

/// A patch of smooth, dry tiles.
fn tiles(pen: &mut Pen, dice: &mut Dice) {
    let colour = scale(lively(dice.bits()), 0.8).map(|channel| channel + 0.05);
    let half = [dice.range(0.45, 0.70), dice.range(0.45, 0.75)];
    lay(pen, half, AHEAD, Flat::new(Outline::Tiles, &Painted::plain(colour), scale(colour, 0.35), dice.range(0.0, 50.0)));
}

/// Sheets of card or paper.
fn sheets(pen: &mut Pen, dice: &mut Dice) {
    let card: [V3; 4] = [[0.47, 0.33, 0.19], [0.74, 0.73, 0.70], from_hue(0.58, 0.5, 0.6), [0.30, 0.31, 0.30]];
    let colour = card[dice.pick(4)];
    for number in 0..1 + dice.pick(3) {
        let half = [dice.range(0.25, 0.50), dice.range(0.20, 0.40)];
        let centre = [number as f32 * 0.3 - 0.2, dice.range(-0.25, 0.25)];
        pen.contact(centre, [half[0] * 1.3, half[1] * 1.3], 0.10);
        let flat = Flat::new(Outline::Sheet, &Painted::plain(scale(colour, dice.range(0.8, 1.1))), [0.1; 3], 1.0);
        pen.decal(centre, half, turned(dice.range(0.0, PI)), Surface::Flat(Box::new(flat)), true);
    }
}

pub(super) fn shadow(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 251 + u32::from(subject.form));
    let shade = |outline, shift| Flat::new(outline, &Painted::plain([0.0; 3]), [0.0; 3], shift);
    let shift = dice.range(0.0, 50.0);
    let yaw = turned(dice.range(0.0, 2.0 * PI));
    match subject.form {
        0 => patch(pen, subject),
        1 => lay(pen, [dice.range(0.6, 0.9), dice.range(0.5, 0.7)], yaw, shade(Outline::Bars, shift)),
        2 => lay(pen, [dice.range(0.8, 1.1), dice.range(0.22, 0.40)], yaw, shade(Outline::Long, shift)),
        4 => invented::flat::shade(pen, &mut dice, Outline::Blotches),
        5 => invented::flat::shade(pen, &mut dice, Outline::Bands),
        _ => lay(pen, [dice.range(0.7, 0.95), dice.range(0.6, 0.8)], yaw, shade(Outline::Dapple, shift)),
    }
}

fn blue_mat(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 43);
    let blues: [V3; 3] = [[0.03, 0.12, 0.46], [0.05, 0.20, 0.52], [0.03, 0.08, 0.33]];
    let half = [dice.range(0.38, 0.50), dice.range(0.60, 0.80)];
    pen.contact([0.0, 0.0], [half[0] * 1.5, half[1] * 1.5], 0.12);
    pen.decal([0.0, 0.0], half, AHEAD, Surface::Mat { colour: blues[dice.pick(3)] }, true);
}

fn patch(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 44);
    let half = [dice.range(0.50, 0.70), dice.range(0.55, 0.85)];
    pen.decal([0.0, 0.0], half, AHEAD, Surface::Patch { shift: dice.range(0.0, 50.0) }, true);
}
