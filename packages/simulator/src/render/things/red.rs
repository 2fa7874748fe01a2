//! Red and orange things that are no fire: cloth, a flag, a door, a sofa, a poster.
//!
//! In -> out: a seed, a form and a time -> bodies. Deliberately absent: anything that glows.

use super::{AHEAD, Subject, UP, invented};
use crate::render::{
    colours::from_hue,
    material::{Material, Pattern},
    noise::{Dice, smooth},
    parts::Pen,
    vector::{V3, scale},
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 140 + u32::from(subject.form));
    match subject.form {
        0 => cloth(pen, subject),
        1 => flag(pen, &mut dice, subject.time),
        2 => door(pen, &mut dice),
        3 => sofa(pen, &mut dice),
        4 => poster(pen, &mut dice),
        6 => invented::cloth::sheets(pen, &mut dice, subject.time),
        7 => invented::cloth::reds(pen, &mut dice),
        _ => curtain(pen, &mut dice, subject.time),
    }
}

/// From dark red to orange.
fn red(dice: &mut Dice) -> V3 {
    from_hue(dice.range(-0.02, 0.07), dice.range(0.82, 0.97), dice.range(0.30, 0.62))
}

/// A flag on a pole.
fn flag(pen: &mut Pen, dice: &mut Dice, time: f32) {
    let colour = red(dice);
    let second = if dice.pick(2) == 0 { [0.75, 0.74, 0.70] } else { from_hue(0.12, 0.9, 0.7) };
    let tall = dice.range(1.5, 1.9);
    let steel = Material::glossy([0.5, 0.5, 0.52], 0.6);
    pen.contact([0.0, 0.0], [0.3, 0.3], 0.55);
    pen.cone([0.0, 0.0, 0.0], UP, 0.05, 0.20, 0.16, Material::plain([0.08; 3]));
    pen.capsule([0.0, 0.0, 0.05], [0.0, 0.0, tall], 0.014, steel);
    pen.ball([0.0, 0.0, tall], [0.03; 3], steel);
    let (shift, high) = (dice.range(0.0, 50.0), dice.range(0.40, 0.60));
    for strip in 0..10 {
        let way = strip as f32 / 9.0;
        let at = |way: f32| [0.10 * (smooth(way * 3.0 - time * 0.8, shift) - 0.5) * way, 0.02 + 0.75 * way, tall - 0.05 - 0.18 * way * way];
        let (a, b) = (at(way), at(way + 0.11));
        let tone = 0.8 + 0.5 * smooth(way * 3.0 - time * 0.8, shift);
        let stripe = if strip / 3 == 1 { second } else { colour };
        let middle = [(a[0] + b[0]) * 0.5, (a[1] + b[1]) * 0.5, a[2] - high * 0.5];
        let turn = super::unit([b[1] - a[1], a[0] - b[0], 0.0]);
        pen.upright(middle, [0.006, 0.045, high * 0.5], [turn[0], turn[1]], Material::plain(scale(stripe, tone)));
    }
}

/// A door leaf in its frame.
fn door(pen: &mut Pen, dice: &mut Dice) {
    let paint = Material::glossy(red(dice), 0.25);
    let frame = Material::plain([0.55, 0.54, 0.52]);
    let (half, tall) = (dice.range(0.40, 0.48), dice.range(1.9, 2.1));
    pen.contact([0.0, 0.0], [0.28, 0.75], 0.5);
    pen.upright([0.0, 0.0, tall * 0.5], [0.025, half, tall * 0.5], AHEAD, paint);
    for side in [-1.0, 1.0] {
        pen.upright([0.0, side * (half + 0.04), tall * 0.5 + 0.03], [0.06, 0.04, tall * 0.5 + 0.03], AHEAD, frame);
    }
    pen.upright([0.0, 0.0, tall + 0.03], [0.06, half + 0.08, 0.04], AHEAD, frame);
    let inset = Material { colour: scale(paint.colour, 0.75), ..paint };
    for z in [0.28, 0.72] {
        pen.upright([0.022, 0.0, tall * z], [0.01, half * 0.65, tall * 0.16], AHEAD, inset);
    }
    pen.capsule([0.05, half * 0.75, 1.0], [0.05, half * 0.5, 1.0], 0.014, Material::glossy([0.6, 0.58, 0.5], 0.9));
}

/// A sofa or an armchair.
fn sofa(pen: &mut Pen, dice: &mut Dice) {
    let cloth = Material::with(red(dice), Pattern::Cloth, dice.range(0.0, 50.0));
    let dark = Material { colour: scale(cloth.colour, 0.72), ..cloth };
    let half = if dice.pick(2) == 0 { 0.32 } else { dice.range(0.55, 0.75) };
    pen.contact([0.0, 0.0], [0.65, half * 1.7], 0.65);
    pen.upright([0.03, 0.0, 0.20], [0.33, half, 0.13], AHEAD, dark);
    let seats = if half > 0.5 { 2 } else { 1 };
    for seat in 0..seats {
        let y = if seats == 1 { 0.0 } else { (seat as f32 - 0.5) * half };
        pen.upright([0.06, y, 0.38], [0.30, half / seats as f32 - 0.01, 0.06], AHEAD, cloth);
    }
    pen.upright([-0.33, 0.0, 0.48], [0.10, half + 0.1, 0.40], AHEAD, cloth);
    for side in [-1.0, 1.0] {
        pen.upright([0.02, side * (half + 0.09), 0.31], [0.33, 0.08, 0.25], AHEAD, dark);
    }
}

/// A board with a red and orange picture.
fn poster(pen: &mut Pen, dice: &mut Dice) {
    let ground = red(dice);
    let wood = Material::with([0.35, 0.24, 0.13], Pattern::Wood, 3.0);
    pen.contact([0.0, 0.0], [0.35, 0.5], 0.5);
    pen.upright([0.0, 0.0, 0.95], [0.012, 0.40, 0.55], AHEAD, Material::plain(ground));
    for side in [-1.0, 1.0] {
        pen.capsule([0.05, side * 0.32, 0.0], [-0.02, side * 0.30, 1.52], 0.018, wood);
    }
    pen.capsule([-0.35, 0.0, 0.0], [-0.02, 0.0, 1.45], 0.018, wood);
    pen.upright([0.016, 0.0, 0.42], [0.008, 0.40, 0.025], AHEAD, wood);
    // A sun, and lines of writing.
    let sun = from_hue(dice.range(0.08, 0.14), 0.9, 0.75);
    pen.cone([0.012, dice.range(-0.12, 0.12), 1.12], [1.0, 0.0, 0.0], 0.006, 0.20, 0.20, Material::plain(sun));
    for line in 0..3 {
        let half = dice.range(0.15, 0.30);
        pen.upright([0.014, half - 0.32, 0.72 - 0.08 * line as f32], [0.004, half, 0.016], AHEAD, Material::plain([0.8, 0.78, 0.72]));
    }
}

/// A curtain from a rail, drawn to one side.
fn curtain(pen: &mut Pen, dice: &mut Dice, time: f32) {
    let colour = red(dice);
    let shift = dice.range(0.0, 50.0);
    let top = dice.range(1.8, 2.1);
    let steel = Material::glossy([0.35, 0.33, 0.30], 0.6);
    pen.contact([0.0, 0.0], [0.3, 0.9], 0.5);
    for side in [-1.0, 1.0] {
        pen.capsule([0.0, side * 0.75, 0.0], [0.0, side * 0.75, top], 0.016, steel);
    }
    pen.capsule([0.0, -0.75, top], [0.0, 0.75, top], 0.016, steel);
    let count = 10 + dice.pick(4);
    let gather = dice.range(0.6, 1.0);
    for fold in 0..count {
        let y = -0.68 + 1.36 * gather * fold as f32 / (count - 1) as f32;
        let depth = if fold % 2 == 0 { 0.03 } else { -0.02 };
        let sway = 0.02 * (smooth(time * 0.4 + fold as f32 * 0.5, shift) - 0.5);
        let tone = if fold % 2 == 0 { 1.1 } else { 0.7 };
        pen.capsule([depth + sway, y, 0.10], [depth, y, top - 0.04], 0.055, Material::with(scale(colour, tone), Pattern::Cloth, shift));
    }
}

/// Red cloth over the bar of a stand.
fn cloth(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 41);
    let reds: [V3; 3] = [[0.50, 0.025, 0.03], [0.42, 0.015, 0.05], [0.55, 0.05, 0.02]];
    let red = reds[dice.pick(3)];
    let metal = Material::glossy([0.30, 0.31, 0.32], 0.5);
    let top = dice.range(1.15, 1.35);
    let half = 0.42;
    pen.contact([0.0, 0.0], [0.36, 0.62], 0.5);
    for side in [-1.0, 1.0] {
        pen.capsule([0.0, side * (half + 0.05), 0.03], [0.0, side * (half + 0.05), top], 0.018, metal);
        pen.capsule([-0.2, side * (half + 0.05), 0.03], [0.2, side * (half + 0.05), 0.03], 0.018, metal);
    }
    pen.capsule([0.0, -half - 0.05, top], [0.0, half + 0.05, top], 0.018, metal);
    let shift = dice.range(0.0, 40.0);
    let folds = 11;
    for fold in 0..folds {
        let y = (fold as f32 / (folds - 1) as f32 * 2.0 - 1.0) * half;
        let sway = 0.03 * (smooth(subject.time * 0.5 + fold as f32 * 0.4, shift) - 0.5);
        let depth = if fold % 2 == 0 { 0.025 } else { -0.015 };
        let hem = 0.36 + 0.08 * smooth(fold as f32 * 0.6, shift);
        let material = Material::with(scale(red, if fold % 2 == 0 { 1.1 } else { 0.72 }), Pattern::Cloth, shift);
        pen.lump([depth + sway, y, hem - 0.03], [depth, y, top + 0.06], [0.0, 1.0, 0.0], 0.062, 0.03, material);
        pen.capsule([depth + sway, y, hem], [depth, y, top - 0.01], 0.042, material);
    }
}
