//! Goods that stand neatly: boxes, crates, a pallet, a rack, barrels.
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: anything that fell (see `blocked`).

use super::{AHEAD, Subject, UP, furniture::carton, invented, turned};
use crate::render::{
    colours::lively,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::scale,
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 130 + u32::from(subject.form));
    match subject.form {
        0 => boxes(pen, subject),
        1 => crates(pen, &mut dice),
        2 => pallet(pen, &mut dice),
        3 => rack(pen, &mut dice),
        5 => invented::goods::stacks(pen, &mut dice),
        6 => invented::goods::shelf(pen, &mut dice),
        _ => barrels(pen, &mut dice),
    }
}

/// Cartons, one on the other.
fn boxes(pen: &mut Pen, subject: &Subject) {
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

/// Plastic crates in one or two stacks.
fn crates(pen: &mut Pen, dice: &mut Dice) {
    let colour = lively(dice.bits());
    pen.contact([0.0, 0.0], [0.55, 0.75], 0.6);
    let columns = 1 + dice.pick(2);
    for column in 0..columns {
        let y = (column as f32 - 0.5 * (columns - 1) as f32) * 0.64;
        for level in 0..2 + dice.pick(3) {
            let tone = scale(colour, dice.range(0.85, 1.1));
            let plastic = Material::glossy(if dice.pick(4) == 0 { lively(dice.bits()) } else { tone }, 0.25);
            let z = 0.14 + 0.29 * level as f32;
            pen.upright([0.0, y, z], [0.20, 0.29, 0.135], AHEAD, plastic);
            pen.upright([0.0, y, z + 0.125], [0.215, 0.305, 0.018], AHEAD, Material { colour: scale(plastic.colour, 0.8), ..plastic });
            pen.upright([0.203, y, z + 0.05], [0.002, 0.08, 0.022], AHEAD, Material::plain([0.03; 3]));
        }
    }
}

/// A pallet with a neat load on it.
fn pallet(pen: &mut Pen, dice: &mut Dice) {
    let wood = Material::with([0.46, 0.33, 0.19], Pattern::Wood, dice.range(0.0, 40.0));
    pen.contact([0.0, 0.0], [0.70, 0.80], 0.6);
    for board in 0..5 {
        pen.upright([-0.36 + 0.18 * board as f32, 0.0, 0.125], [0.065, 0.50, 0.011], AHEAD, wood);
    }
    for y in [-0.44, 0.0, 0.44] {
        pen.upright([0.0, y, 0.06], [0.40, 0.05, 0.055], AHEAD, Material { colour: scale(wood.colour, 0.75), ..wood });
    }
    let (levels, is_sacks) = (2 + dice.pick(2), dice.pick(3) == 0);
    let sack = lively(dice.bits());
    for level in 0..levels {
        for (x, y) in [(-0.19, -0.24), (-0.19, 0.24), (0.19, -0.24), (0.19, 0.24)] {
            if is_sacks {
                let z = 0.20 + 0.13 * level as f32;
                pen.ball(
                    [x, y, z],
                    [0.20, 0.25, 0.09],
                    Material::with(scale(sack, dice.range(0.85, 1.1)), Pattern::Cloth, dice.range(0.0, 40.0)),
                );
            } else {
                let half = [0.185, 0.235, 0.15];
                let material = carton(dice, half);
                pen.upright([x, y, 0.29 + 0.302 * level as f32], half, AHEAD, material);
            }
        }
    }
}

/// A free-standing rack with things on its boards.
fn rack(pen: &mut Pen, dice: &mut Dice) {
    let steel = Material::glossy(lively(dice.bits()), 0.4);
    let board = Material::with([[0.45, 0.32, 0.18], [0.48, 0.49, 0.50]][dice.pick(2)], Pattern::Wood, dice.range(0.0, 40.0));
    let (half, levels) = (dice.range(0.38, 0.55), 3 + dice.pick(2));
    let tall = 0.42 * levels as f32;
    pen.contact([0.0, 0.0], [0.42, half * 1.5], 0.6);
    for (x, y) in [(0.19, half), (0.19, -half), (-0.19, half), (-0.19, -half)] {
        pen.upright([x, y, tall * 0.5], [0.016, 0.016, tall * 0.5], AHEAD, steel);
    }
    for level in 0..levels {
        let z = 0.08 + 0.42 * level as f32;
        pen.upright([0.0, 0.0, z], [0.20, half, 0.014], AHEAD, board);
        for place in 0..3 {
            let y = (place as f32 - 1.0) * half * 0.62;
            let tall = dice.range(0.08, 0.15);
            match dice.pick(4) {
                0 => pen.cone([0.0, y, z + 0.014], UP, tall * 1.6, 0.09, 0.09, Material::glossy(lively(dice.bits()), 0.5)),
                1 => {}
                _ => pen.upright([0.0, y, z + 0.014 + tall], [0.15, half * 0.26, tall], AHEAD, Material::plain(lively(dice.bits()))),
            }
        }
    }
}

/// Barrels that stand side by side.
fn barrels(pen: &mut Pen, dice: &mut Dice) {
    let colour = lively(dice.bits());
    for number in 0..2 + dice.pick(2) {
        let turn = turned(number as f32 * 2.09);
        let [x, y] = [turn[0] * 0.32, turn[1] * 0.34];
        let steel = Material::glossy(scale(colour, dice.range(0.85, 1.1)), 0.5);
        pen.contact([x, y], [0.42, 0.42], 0.6);
        pen.cone([x, y, 0.0], UP, 0.80, 0.265, 0.265, steel);
        for z in [0.02, 0.27, 0.53, 0.785] {
            pen.cone([x, y, z], UP, 0.02, 0.276, 0.276, Material { colour: scale(steel.colour, 0.75), ..steel });
        }
    }
}
