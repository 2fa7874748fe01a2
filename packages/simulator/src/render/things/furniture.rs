//! Furniture: tables, desks, a cabinet, a chair; cartons.
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: anything that moves.

use super::{AHEAD, Subject, UP, invented, turned};
use crate::render::{
    colours::lively,
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

pub(super) fn table(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 120 + u32::from(subject.form));
    match subject.form {
        0 => plain_table(pen, subject),
        1 => round_table(pen, &mut dice),
        2 => desk(pen, &mut dice),
        3 => low_table(pen, &mut dice),
        5 => invented::goods::table(pen, &mut dice),
        _ => sideboard(pen, &mut dice),
    }
}

fn plain_table(pen: &mut Pen, subject: &Subject) {
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

fn wood(dice: &mut Dice) -> Material {
    let woods: [V3; 5] = [[0.50, 0.34, 0.19], [0.66, 0.65, 0.62], [0.26, 0.16, 0.09], [0.58, 0.46, 0.30], [0.10, 0.10, 0.11]];
    Material::with(woods[dice.pick(5)], Pattern::Board, dice.range(0.0, 40.0))
}

/// On one foot, something on it.
fn round_table(pen: &mut Pen, dice: &mut Dice) {
    let (top, radius, tall) = (wood(dice), dice.range(0.38, 0.55), dice.range(0.68, 1.0));
    let leg = Material::glossy([0.22, 0.22, 0.23], 0.5);
    pen.contact([0.0, 0.0], [radius * 1.3, radius * 1.3], 0.45);
    pen.cone([0.0, 0.0, tall - 0.035], UP, 0.035, radius, radius, top);
    pen.capsule([0.0, 0.0, 0.03], [0.0, 0.0, tall - 0.03], 0.035, leg);
    pen.cone([0.0, 0.0, 0.0], UP, 0.03, radius * 0.6, radius * 0.5, leg);
    for number in 0..dice.pick(4) {
        let turn = turned(number as f32 * 2.1);
        let at = [turn[0] * radius * 0.5, turn[1] * radius * 0.5, tall];
        pen.cone(at, UP, dice.range(0.06, 0.22), 0.04, 0.035, Material::glossy(lively(dice.bits()), 0.5));
    }
}

/// With drawers, a screen and a lamp or books.
fn desk(pen: &mut Pen, dice: &mut Dice) {
    let (top, half) = (wood(dice), dice.range(0.58, 0.75));
    let body = if dice.pick(2) == 0 { top } else { Material::glossy([0.55, 0.56, 0.57], 0.3) };
    pen.contact([0.0, 0.0], [0.55, half * 1.35], 0.5);
    pen.upright([0.0, 0.0, 0.73], [0.36, half, 0.02], AHEAD, top);
    let side = dice.sign();
    pen.upright([0.0, side * (half - 0.22), 0.36], [0.33, 0.20, 0.35], AHEAD, body);
    for drawer in 0..3 {
        pen.upright(
            [0.335, side * (half - 0.22), 0.16 + 0.21 * drawer as f32],
            [0.006, 0.18, 0.09],
            AHEAD,
            Material { colour: scale(body.colour, 0.85), ..body },
        );
        pen.capsule(
            [0.35, side * (half - 0.28), 0.20 + 0.21 * drawer as f32],
            [0.35, side * (half - 0.16), 0.20 + 0.21 * drawer as f32],
            0.01,
            Material::plain([0.1; 3]),
        );
    }
    pen.upright([0.0, -side * (half - 0.03), 0.36], [0.33, 0.02, 0.35], AHEAD, body);
    let dark = Material::glossy([0.03, 0.035, 0.04], 0.5);
    let screens = 1 + dice.pick(2);
    for screen in 0..screens {
        let y = (screen as f32 - 0.5 * (screens - 1) as f32) * 0.55;
        pen.upright([-0.12, y, 1.02], [0.014, 0.25, 0.15], AHEAD, dark);
        pen.upright([-0.12, y, 0.82], [0.02, 0.03, 0.07], AHEAD, dark);
        let picture = Material::with(scale(lively(dice.bits()), 0.25), Pattern::Lamp, 0.0);
        if dice.pick(2) == 0 {
            pen.upright([-0.103, y, 1.02], [0.003, 0.235, 0.135], AHEAD, picture);
        }
    }
    pen.upright([0.15, 0.0, 0.76], [0.07, 0.20, 0.01], AHEAD, Material::plain([0.12; 3]));
}

/// Knee-high, with a board below.
fn low_table(pen: &mut Pen, dice: &mut Dice) {
    let (top, x, y) = (wood(dice), dice.range(0.26, 0.38), dice.range(0.45, 0.65));
    pen.contact([0.0, 0.0], [x * 1.5, y * 1.4], 0.55);
    pen.upright([0.0, 0.0, 0.42], [x, y, 0.025], AHEAD, top);
    pen.upright([0.0, 0.0, 0.15], [x - 0.04, y - 0.04, 0.012], AHEAD, top);
    for (sx, sy) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        pen.upright([sx * (x - 0.04), sy * (y - 0.04), 0.20], [0.03, 0.03, 0.20], AHEAD, top);
    }
    for number in 0..dice.pick(4) {
        let half = [0.11, 0.15, 0.018];
        let place = [dice.range(-0.05, 0.05), dice.range(-0.15, 0.15), 0.463 + 0.036 * number as f32];
        pen.upright(place, half, turned(dice.range(-0.4, 0.4)), Material::plain(lively(dice.bits())));
    }
}

/// A cabinet with doors.
fn sideboard(pen: &mut Pen, dice: &mut Dice) {
    let body = if dice.pick(2) == 0 { wood(dice) } else { Material::glossy(lively(dice.bits()), 0.3) };
    let half = [0.22, dice.range(0.35, 0.65), dice.range(0.32, 0.55)];
    pen.contact([0.0, 0.0], [half[0] * 1.9, half[1] * 1.5], 0.6);
    pen.upright([0.0, 0.0, half[2] + 0.05], half, AHEAD, body);
    pen.upright([-0.01, 0.0, 0.03], [half[0] - 0.03, half[1] - 0.03, 0.03], AHEAD, Material::plain([0.03; 3]));
    let door = Material { colour: scale(body.colour, 0.82), ..body };
    for side in [-0.5, 0.5] {
        pen.upright([half[0], side * half[1], half[2] + 0.05], [0.008, half[1] * 0.47, half[2] * 0.90], AHEAD, door);
        pen.ball([half[0] + 0.02, side * half[1] * 0.25, half[2] + 0.05], [0.016; 3], Material::glossy([0.5, 0.48, 0.42], 0.8));
    }
    if dice.pick(2) == 0 {
        pen.cone([0.0, dice.range(-0.2, 0.2), 2.0 * half[2] + 0.05], UP, 0.22, 0.06, 0.08, Material::glossy(lively(dice.bits()), 0.5));
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
