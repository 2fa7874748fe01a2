//! Furniture and goods: boxes, table, chair, plant.
//!
//! In -> out: a seed -> bodies. Deliberately absent: anything that moves.

use super::{AHEAD, Subject, UP, turned};
use crate::render::{
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, scale},
};

const CARDBOARD: [V3; 3] = [[0.47, 0.32, 0.18], [0.41, 0.28, 0.16], [0.54, 0.39, 0.24]];

/// A carton with these half sides.
pub(super) fn carton(dice: &mut Dice, half: V3) -> Material {
    Material::with(CARDBOARD[dice.pick(3)], Pattern::Carton { half }, dice.range(0.0, 40.0))
}

pub(super) fn box_stack(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 31);
    let count = 2 + dice.pick(3);
    let (mut z, mut wide) = (0.0, dice.range(0.28, 0.36));
    pen.contact([0.0, 0.0], [0.60, 0.60], 0.6);
    for _ in 0..count {
        let half = [wide, wide * dice.range(0.85, 1.0), dice.range(0.14, 0.22)];
        let material = carton(&mut dice, half);
        let place = [dice.range(-0.015, 0.015), dice.range(-0.015, 0.015), z + half[2]];
        pen.upright(place, half, turned(dice.range(-0.06, 0.06)), material);
        z += 2.0 * half[2];
        wide *= dice.range(0.86, 1.0);
    }
}

pub(super) fn table(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 32);
    let tops: [V3; 3] = [[0.50, 0.34, 0.19], [0.66, 0.65, 0.62], [0.33, 0.20, 0.11]];
    let top = Material::with(tops[dice.pick(3)], Pattern::Wood, dice.range(0.0, 40.0));
    let leg = if dice.pick(2) == 0 { Material::glossy([0.20, 0.21, 0.22], 0.4) } else { top };
    let (x, y, z) = (dice.range(0.34, 0.42), dice.range(0.58, 0.72), dice.range(0.70, 0.75));
    pen.contact([0.0, 0.0], [x * 1.5, y * 1.4], 0.45);
    pen.upright([0.0, 0.0, z], [x, y, 0.022], AHEAD, top);
    pen.upright([0.0, 0.0, z - 0.07], [x - 0.05, y - 0.05, 0.05], AHEAD, leg);
    for (sx, sy) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        pen.upright([sx * (x - 0.06), sy * (y - 0.06), z * 0.5 - 0.02], [0.028, 0.028, z * 0.5 - 0.02], AHEAD, leg);
    }
    // Something stands on most tables.
    match dice.pick(3) {
        0 => {
            let screen = Material::glossy([0.03, 0.035, 0.04], 0.5);
            pen.upright([-0.08, 0.0, z + 0.26], [0.015, 0.26, 0.16], AHEAD, screen);
            pen.upright([-0.08, 0.0, z + 0.06], [0.02, 0.03, 0.06], AHEAD, screen);
        }
        1 => {
            pen.cone([0.05, 0.2, z + 0.02], UP, 0.10, 0.038, 0.042, Material::glossy([0.62, 0.60, 0.56], 0.4));
            let half = [0.11, 0.15, 0.02];
            pen.upright([0.0, -0.15, z + 0.04], half, turned(0.3), Material::plain([0.20, 0.34, 0.42]));
        }
        _ => {}
    }
}

/// A chair facing ahead, its seat at 0.45 m.
pub(super) fn chair(pen: &mut Pen, dice: &mut Dice) {
    let seats: [V3; 3] = [[0.09, 0.10, 0.12], [0.36, 0.23, 0.12], [0.12, 0.18, 0.30]];
    let seat = Material::plain(seats[dice.pick(3)]);
    let leg = Material::glossy([0.26, 0.27, 0.28], 0.4);
    pen.contact([0.05, 0.0], [0.50, 0.42], 0.55);
    pen.upright([-0.02, 0.0, 0.43], [0.22, 0.22, 0.025], AHEAD, seat);
    pen.upright([-0.26, 0.0, 0.72], [0.022, 0.21, 0.19], AHEAD, seat);
    for side in [-1.0, 1.0] {
        pen.capsule([0.17, side * 0.19, 0.02], [0.17, side * 0.19, 0.43], 0.016, leg);
        pen.capsule([-0.22, side * 0.19, 0.02], [-0.25, side * 0.19, 0.85], 0.016, leg);
    }
}

pub(super) fn plant(pen: &mut Pen, subject: &Subject) {
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
