//! Plants in pots.
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: trees that fell (see `blocked`).

use super::{AHEAD, Subject, UP, invented, turned};
use crate::render::{
    colours::{from_hue, lively},
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, scale},
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 135 + u32::from(subject.form));
    match subject.form {
        0 => leafy(pen, subject),
        1 => palm(pen, &mut dice),
        2 => cactus(pen, &mut dice),
        4 => invented::goods::plant(pen, &mut dice),
        _ => bush(pen, &mut dice),
    }
}

/// Large leaves around one stem.
fn leafy(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 33);
    let pots: [V3; 3] = [[0.50, 0.24, 0.13], [0.62, 0.61, 0.58], [0.12, 0.13, 0.14]];
    let pot = Material::glossy(pots[dice.pick(3)], 0.2);
    let green = [[0.09, 0.26, 0.07], [0.13, 0.32, 0.08], [0.07, 0.22, 0.11]][dice.pick(3)];
    let tall = dice.range(0.75, 1.15);
    pen.contact([0.0, 0.0], [0.36, 0.36], 0.6);
    pen.cone([0.0, 0.0, 0.0], UP, 0.30, 0.12, 0.17, pot);
    pen.cone([0.0, 0.0, 0.27], UP, 0.035, 0.185, 0.185, pot);
    pen.capsule([0.0, 0.0, 0.3], [0.0, 0.0, tall * 0.75], 0.018, Material::plain([0.20, 0.16, 0.07]));
    let start = dice.range(0.0, 6.0);
    for number in 0..14 {
        // Leaves turn by the golden angle.
        let turn = turned(start + number as f32 * 2.4);
        let up = number as f32 / 13.0;
        let out = (0.34 - 0.20 * up) * dice.range(0.85, 1.15);
        let low = 0.34 + up * (tall - 0.45);
        let from = [turn[0] * 0.02, turn[1] * 0.02, low];
        let to = [turn[0] * out, turn[1] * out, low + 0.16 + 0.20 * up];
        let leaf = Material::with(scale(green, dice.range(0.75, 1.35)), Pattern::Leaf, 0.0);
        pen.lump(from, to, [-turn[1], turn[0], 0.0], 0.075, 0.016, leaf);
    }
}

fn green(dice: &mut Dice) -> V3 {
    from_hue(dice.range(0.24, 0.38), dice.range(0.6, 0.85), dice.range(0.16, 0.36))
}

/// Long, drooping leaves on a stem.
fn palm(pen: &mut Pen, dice: &mut Dice) {
    let (green, tall) = (green(dice), dice.range(0.7, 1.2));
    pen.contact([0.0, 0.0], [0.42, 0.42], 0.6);
    pen.cone([0.0, 0.0, 0.0], UP, 0.32, 0.15, 0.20, Material::glossy(lively(dice.bits()), 0.3));
    pen.capsule([0.0, 0.0, 0.3], [0.02, 0.02, tall], 0.03, Material::with([0.24, 0.17, 0.09], Pattern::Wood, 3.0));
    let count = 9 + dice.pick(4);
    for number in 0..count {
        let turn = turned(number as f32 * 2.4);
        let (out, rise) = (dice.range(0.35, 0.55), dice.range(0.05, 0.30));
        let leaf = Material::with(scale(green, dice.range(0.75, 1.3)), Pattern::Leaf, 0.0);
        let middle = [turn[0] * out * 0.5, turn[1] * out * 0.5, tall + rise];
        let side = [-turn[1], turn[0], 0.0];
        pen.lump([0.0, 0.0, tall - 0.02], middle, side, 0.035, 0.012, leaf);
        pen.lump(
            [middle[0] * 0.85, middle[1] * 0.85, middle[2] + 0.01],
            [turn[0] * out, turn[1] * out, tall + rise - 0.22],
            side,
            0.04,
            0.012,
            leaf,
        );
    }
}

/// A cactus with arms.
fn cactus(pen: &mut Pen, dice: &mut Dice) {
    let body = Material::with(green(dice), Pattern::Cloth, dice.range(0.0, 40.0));
    let tall = dice.range(0.6, 1.0);
    pen.contact([0.0, 0.0], [0.34, 0.34], 0.6);
    pen.cone([0.0, 0.0, 0.0], UP, 0.24, 0.12, 0.16, Material::glossy(lively(dice.bits()), 0.2));
    pen.capsule([0.0, 0.0, 0.25], [0.0, 0.0, tall], 0.085, body);
    for number in 0..dice.pick(4) {
        let turn = turned(number as f32 * 2.2 + dice.range(0.0, 1.0));
        let low = 0.35 + 0.4 * (tall - 0.4) * dice.range(0.3, 1.2);
        let elbow = [turn[0] * 0.22, turn[1] * 0.22, low + 0.03];
        pen.capsule([0.0, 0.0, low], elbow, 0.05, body);
        pen.capsule(elbow, [elbow[0], elbow[1], low + dice.range(0.15, 0.30)], 0.048, body);
    }
}

/// A round bush, sometimes with flowers, in a box or a pot.
fn bush(pen: &mut Pen, dice: &mut Dice) {
    let green = green(dice);
    let pot = Material::glossy(lively(dice.bits()), 0.2);
    let radius = dice.range(0.22, 0.34);
    pen.contact([0.0, 0.0], [0.45, 0.45], 0.6);
    if dice.pick(2) == 0 {
        pen.upright([0.0, 0.0, 0.16], [0.19, 0.19, 0.16], AHEAD, pot);
    } else {
        pen.cone([0.0, 0.0, 0.0], UP, 0.30, 0.14, 0.20, pot);
    }
    let flower = (dice.pick(2) == 0).then(|| Material::plain(from_hue(dice.range(0.0, 1.0), dice.range(0.3, 0.9), 0.75)));
    let middle = 0.30 + radius * 0.9;
    for number in 0..22 {
        // Even on a ball: heights evenly, bearings by the golden angle.
        let up = 1.0 - (number as f32 + 0.5) / 11.0;
        let out = (1.0 - up * up).max(0.0).sqrt();
        let turn = turned(number as f32 * 2.4);
        let at = [turn[0] * out * radius, turn[1] * out * radius, middle + up * radius * 0.9];
        let size = radius * dice.range(0.38, 0.55);
        let leaf = Material::with(scale(green, dice.range(0.65, 1.35)), Pattern::Cloth, dice.range(0.0, 40.0));
        pen.ball([at[0] * 0.72, at[1] * 0.72, middle + (at[2] - middle) * 0.72], [size, size, size * 0.8], leaf);
        if let Some(flower) = flower.filter(|_| number % 2 == 0 && up > -0.3) {
            pen.ball([at[0] * 1.08, at[1] * 1.08, middle + (at[2] - middle) * 1.08], [0.035; 3], flower);
        }
    }
}
