//! What people sit on, lean against or lie under.
//!
//! In -> out: dice -> bodies. Deliberately absent: chairs (see `furniture`).

use super::super::{AHEAD, UP, furniture, tumbled, turned};
use crate::render::{
    colours::lively,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::scale,
};

pub(super) fn stool(pen: &mut Pen, dice: &mut Dice) {
    let seat = Material::plain(lively(dice.bits()));
    let leg = Material::glossy([0.26, 0.27, 0.28], 0.5);
    pen.contact([0.0, 0.0], [0.42, 0.42], 0.55);
    pen.cone([-0.04, 0.0, 0.41], UP, 0.04, 0.18, 0.18, seat);
    for number in 0..4 {
        let [x, y] = turned(0.785 + 1.571 * number as f32);
        pen.capsule([0.20 * x - 0.04, 0.20 * y, 0.0], [0.12 * x - 0.04, 0.12 * y, 0.41], 0.014, leg);
    }
}

pub(super) fn bench(pen: &mut Pen, dice: &mut Dice) {
    let wood =
        Material::with([[0.42, 0.27, 0.14], [0.30, 0.32, 0.30], [0.56, 0.46, 0.32]][dice.pick(3)], Pattern::Wood, dice.range(0.0, 40.0));
    pen.contact([0.0, 0.0], [0.45, 1.0], 0.55);
    for slat in 0..3 {
        pen.upright([-0.16 + 0.13 * slat as f32, 0.0, 0.42], [0.055, 0.75, 0.018], AHEAD, wood);
    }
    if dice.pick(2) == 0 {
        for z in [0.62, 0.76] {
            pen.upright([-0.27, 0.0, z], [0.015, 0.75, 0.05], AHEAD, wood);
        }
    }
    for side in [-0.62, 0.62] {
        pen.upright([-0.04, side, 0.20], [0.20, 0.03, 0.20], AHEAD, Material::glossy([0.10, 0.10, 0.11], 0.3));
        pen.upright([-0.27, side, 0.40], [0.02, 0.03, 0.40], AHEAD, Material::glossy([0.10, 0.10, 0.11], 0.3));
    }
}

/// What somebody slumped against.
pub(super) fn support(pen: &mut Pen, dice: &mut Dice) {
    let half = [dice.range(0.14, 0.24), dice.range(0.28, 0.50), dice.range(0.28, 0.60)];
    let x = -0.40 - half[0];
    pen.contact([x, 0.0], [half[0] * 1.9, half[1] * 1.6], 0.55);
    let material = match dice.pick(3) {
        0 => furniture::carton(dice, half),
        1 => Material::glossy(lively(dice.bits()), 0.3),
        _ => Material::with([0.42, 0.28, 0.16], Pattern::Board, dice.range(0.0, 40.0)),
    };
    pen.upright([x, 0.0, half[2]], half, turned(dice.range(-0.12, 0.12)), material);
}

/// What somebody lies under in part: a table, a plank, or boxes on the legs.
pub(super) fn cover(pen: &mut Pen, dice: &mut Dice) {
    match dice.pick(3) {
        0 => {
            let wood = Material::with([[0.50, 0.34, 0.19], [0.66, 0.65, 0.62], [0.26, 0.17, 0.10]][dice.pick(3)], Pattern::Wood, 3.0);
            let x = dice.sign() * 0.55;
            pen.upright([x, 0.0, 0.70], [0.38, 0.60, 0.022], AHEAD, wood);
            for (dx, dy) in [(0.33, 0.54), (0.33, -0.54), (-0.33, 0.54), (-0.33, -0.54)] {
                pen.upright([x + dx, dy, 0.34], [0.026, 0.026, 0.34], AHEAD, wood);
            }
        }
        1 => {
            let steel = Material::glossy(lively(dice.bits()), 0.3);
            let lean = dice.range(0.10, 0.22);
            let axes = tumbled(1.57, lean);
            for x in [-0.62, -0.28] {
                pen.block([x, 0.0, 0.34], [0.75, 0.03, 0.03], axes, steel);
            }
            for along in [-0.6, -0.2, 0.2, 0.6] {
                pen.block(
                    [-0.45, along, 0.34 + along * lean],
                    [0.02, 0.20, 0.11],
                    axes,
                    Material { colour: scale(steel.colour, 0.8), ..steel },
                );
            }
        }
        _ => {
            for number in 0..3 {
                let half = [dice.range(0.14, 0.20), dice.range(0.14, 0.22), dice.range(0.10, 0.16)];
                let material = furniture::carton(dice, half);
                let centre = [-0.35 - 0.22 * number as f32, dice.range(-0.25, 0.25), 0.24 + dice.range(0.0, 0.10)];
                pen.block(centre, half, tumbled(dice.range(0.0, 3.0), dice.range(-0.4, 0.4)), material);
            }
        }
    }
}
