//! Orange and yellow things that are no fire: cones, a barrel, a vest, a bin, a warning stand.
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: what they warn of.

use super::{AHEAD, Subject, UP, invented};
use crate::render::{
    colours::from_hue,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, scale},
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 145 + u32::from(subject.form));
    match subject.form {
        0 => cone(pen),
        1 => barrel(pen, &mut dice),
        2 => vest(pen, &mut dice),
        3 => bin(pen, &mut dice),
        4 => stand(pen, &mut dice),
        6 => invented::cloth::oranges(pen, &mut dice),
        _ => cones(pen, &mut dice),
    }
}

const WHITE: V3 = [0.80, 0.80, 0.78];

/// From orange to yellow.
fn orange(dice: &mut Dice) -> V3 {
    from_hue(dice.range(0.045, 0.13), dice.range(0.88, 0.98), dice.range(0.60, 0.88))
}

/// A barrel of roadworks with white bands.
fn barrel(pen: &mut Pen, dice: &mut Dice) {
    let colour = orange(dice);
    let tall = dice.range(0.80, 1.0);
    pen.contact([0.0, 0.0], [0.42, 0.42], 0.6);
    pen.cone([0.0, 0.0, 0.0], UP, 0.06, 0.30, 0.29, Material::plain([0.05; 3]));
    for part in 0..4 {
        let (low, radius) = (0.06 + part as f32 * tall * 0.24, 0.25 - 0.02 * part as f32);
        let band = Pattern::Bands { low: tall * 0.12, high: tall, second: if part < 3 { WHITE } else { colour } };
        pen.cone([0.0, 0.0, low], UP, tall * 0.24, radius, radius - 0.012, Material { gloss: 0.2, ..Material::with(colour, band, 0.0) });
    }
    pen.capsule([0.0, -0.06, tall + 0.06], [0.0, 0.06, tall + 0.06], 0.02, Material::plain(scale(colour, 0.7)));
}

/// A vest or jacket on a coat stand.
fn vest(pen: &mut Pen, dice: &mut Dice) {
    let colour = orange(dice);
    let steel = Material::glossy([0.20, 0.20, 0.21], 0.5);
    let top = dice.range(1.35, 1.6);
    pen.contact([0.0, 0.0], [0.32, 0.32], 0.55);
    for number in 0..3 {
        let turn = super::turned(number as f32 * 2.09);
        pen.capsule([turn[0] * 0.25, turn[1] * 0.25, 0.02], [0.0, 0.0, 0.18], 0.016, steel);
    }
    pen.capsule([0.0, 0.0, 0.15], [0.0, 0.0, top + 0.15], 0.018, steel);
    pen.capsule([0.0, -0.20, top - 0.04], [0.0, 0.0, top + 0.02], 0.02, steel);
    pen.capsule([0.0, 0.20, top - 0.04], [0.0, 0.0, top + 0.02], 0.02, steel);
    let bands = Pattern::Bands { low: -0.35, high: -0.12, second: WHITE };
    let cloth = Material::with(colour, bands, 0.0);
    pen.lump([0.0, 0.0, top - 0.72], [0.0, 0.0, top + 0.06], [0.0, 1.0, 0.0], 0.25, 0.10, cloth);
    for side in [-1.0, 1.0] {
        pen.capsule(
            [0.02, side * 0.17, top - 0.06],
            [0.04, side * 0.12, top - 0.60],
            0.065,
            Material::with(scale(colour, 0.9), Pattern::Cloth, 3.0),
        );
        pen.capsule([0.075, side * 0.10, top - 0.10], [0.10, side * 0.08, top - 0.50], 0.022, Material::plain(WHITE));
    }
}

/// A bin with a lid.
fn bin(pen: &mut Pen, dice: &mut Dice) {
    let plastic = Material::glossy(orange(dice), 0.3);
    let dark = Material::plain([0.04, 0.04, 0.045]);
    if dice.pick(2) == 0 {
        // On wheels.
        pen.contact([0.0, 0.0], [0.46, 0.46], 0.6);
        pen.upright([0.0, 0.0, 0.50], [0.24, 0.24, 0.44], AHEAD, plastic);
        pen.upright([-0.02, 0.0, 0.98], [0.28, 0.26, 0.03], AHEAD, Material { colour: scale(plastic.colour, 0.75), ..plastic });
        pen.capsule([-0.30, -0.18, 0.92], [-0.30, 0.18, 0.92], 0.018, dark);
        for side in [-1.0, 1.0] {
            pen.cone([-0.2, side * 0.22, 0.10], [0.0, side, 0.0], 0.05, 0.10, 0.10, dark);
        }
    } else {
        pen.contact([0.0, 0.0], [0.36, 0.36], 0.6);
        pen.cone([0.0, 0.0, 0.0], UP, 0.58, 0.15, 0.19, plastic);
        pen.ball([0.0, 0.0, 0.58], [0.20, 0.20, 0.10], Material { colour: scale(plastic.colour, 0.8), ..plastic });
        pen.upright([0.17, 0.0, 0.60], [0.02, 0.07, 0.04], AHEAD, dark);
    }
}

/// A folding stand that warns of something.
fn stand(pen: &mut Pen, dice: &mut Dice) {
    let plastic = Material::glossy(from_hue(dice.range(0.10, 0.16), 0.95, 0.85), 0.3);
    let lean = super::turned(0.24);
    pen.contact([0.0, 0.0], [0.30, 0.34], 0.5);
    for side in [-1.0, 1.0] {
        let axes = [[lean[0], 0.0, lean[1] * side], [0.0, 1.0, 0.0], [-lean[1] * side, 0.0, lean[0]]];
        pen.block([side * 0.085, 0.0, 0.34], [0.012, 0.15, 0.34], axes, plastic);
        let at = |up: f32| [side * (0.112 + 0.24 * (0.34 - up)), 0.0, up];
        pen.block(at(0.48), [0.004, 0.075, 0.065], axes, Material::plain([0.04; 3]));
        pen.block(at(0.27), [0.004, 0.11, 0.015], axes, Material::plain([0.04; 3]));
        pen.block(at(0.21), [0.004, 0.08, 0.015], axes, Material::plain([0.45, 0.04, 0.03]));
    }
}

/// Two or three small cones.
fn cones(pen: &mut Pen, dice: &mut Dice) {
    let colour = orange(dice);
    for number in 0..2 + dice.pick(2) {
        let [x, y] = [dice.range(-0.15, 0.15), (number as f32 - 1.0) * 0.42];
        let tall = dice.range(0.34, 0.52);
        let bands = Pattern::Bands { low: tall * 0.45, high: tall * 0.68, second: WHITE };
        pen.contact([x, y], [0.22, 0.22], 0.5);
        pen.upright([x, y, 0.012], [0.14, 0.14, 0.012], AHEAD, Material::plain(scale(colour, 0.8)));
        pen.cone([x, y, 0.024], UP, tall, 0.10, 0.018, Material { gloss: 0.15, ..Material::with(colour, bands, 0.0) });
    }
}

/// A traffic cone, 0.72 m.
fn cone(pen: &mut Pen) {
    let orange = [0.85, 0.17, 0.015];
    let white = Pattern::Bands { low: 0.30, high: 0.45, second: [0.82, 0.82, 0.80] };
    pen.contact([0.0, 0.0], [0.36, 0.36], 0.6);
    pen.upright([0.0, 0.0, 0.02], [0.20, 0.20, 0.02], AHEAD, Material::plain([0.10, 0.09, 0.09]));
    pen.cone([0.0, 0.0, 0.04], UP, 0.68, 0.145, 0.028, Material { gloss: 0.15, ..Material::with(orange, white, 0.0) });
}
