//! Liquids of any tint and outline, bare or with something that they came from.
//!
//! In -> out: a seed and a stage -> parts. Deliberately absent: anything matt; a spill is known by its gloss.

use crate::render::{
    colours::from_hue,
    noise::Dice,
    parts::Pen,
    things::{
        Subject,
        oddments::{Scheme, Space, any, assemble, fallen},
        spill::{Liquid, Pool, pour},
        turned,
    },
};
use std::f32::consts::PI;

/// From clear water over oil to paint.
fn liquid(dice: &mut Dice) -> Liquid {
    match dice.pick(5) {
        0 | 1 => Liquid {
            tint: from_hue(dice.range(0.3, 0.7), dice.range(0.0, 0.4), dice.range(0.05, 0.2)),
            cloudy: dice.range(0.05, 0.4),
            film: 0.0,
        },
        2 => {
            let dark = dice.range(0.008, 0.05);
            Liquid { tint: [dark, dark * 0.9, dark * 0.75], cloudy: dice.range(0.75, 0.96), film: dice.range(-0.4, 0.8).max(0.0) }
        }
        3 => Liquid {
            tint: from_hue(dice.range(0.0, 1.0), dice.range(0.0, 0.2), dice.range(0.5, 0.85)),
            cloudy: dice.range(0.8, 0.97),
            film: 0.0,
        },
        _ => Liquid {
            tint: from_hue(dice.range(0.0, 1.0), dice.range(0.4, 0.97), dice.range(0.08, 0.6)),
            cloudy: dice.range(0.5, 0.92),
            film: 0.0,
        },
    }
}

/// An outline: one body of liquid, bulges, tongues, and drops around it.
fn outline(dice: &mut Dice) -> Vec<[f32; 3]> {
    let mut blobs = vec![[dice.range(-0.2, 0.2), dice.range(-0.2, 0.2), dice.range(0.45, 0.78)]];
    for number in 0..2 + dice.pick(6) {
        let turn = turned(number as f32 * 2.4 + dice.range(-0.6, 0.6));
        let out = dice.range(0.25, 0.65);
        blobs.push([turn[0] * out, turn[1] * out, dice.range(0.22, 0.5)]);
    }
    for number in 0..dice.pick(8) {
        let turn = turned(number as f32 * 2.4 + dice.range(-0.6, 0.6));
        let out = dice.range(0.65, 1.05);
        blobs.push([turn[0] * out, turn[1] * out, dice.range(0.08, 0.22)]);
    }
    blobs
}

fn pool(dice: &mut Dice, centre: [f32; 2], radius: f32) -> Pool {
    let long = dice.range(0.55, 1.0);
    Pool { centre, half: [radius, radius * long], turn: turned(dice.range(0.0, PI)), blobs: outline(dice), shift: dice.range(0.0, 50.0) }
}

/// On the bare floor, in one piece or with splashes beside it.
pub(in crate::render::things) fn bare(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 321);
    let liquid = liquid(&mut dice);
    let radius = 0.24 + dice.range(0.40, 0.62) * subject.stage;
    for _ in 0..dice.pick(4) {
        let turn = turned(dice.range(-PI, PI));
        let out = radius * dice.range(0.7, 1.1);
        let splash = pool(&mut dice, [turn[0] * out, turn[1] * out], radius * 0.3);
        pour(pen, liquid, splash);
    }
    let main = pool(&mut dice, [0.0; 2], radius);
    pour(pen, liquid, main);
}

/// From under or beside an assembly, or with what fell into it.
pub(in crate::render::things) fn with_source(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 322);
    let liquid = liquid(&mut dice);
    let radius = 0.24 + dice.range(0.40, 0.58) * subject.stage;
    let main = pool(&mut dice, [0.1, 0.0], radius);
    pour(pen, liquid, main);
    let scheme = Scheme::draw(&mut dice, any);
    if dice.pick(2) == 0 {
        let half = [dice.range(0.10, 0.24), dice.range(0.12, 0.32)];
        let space = Space { middle: [-radius * 0.7 - half[0], dice.range(-0.2, 0.2)], low: 0.0, half, tall: dice.range(0.15, 0.9) };
        assemble(pen, &mut dice, &space, &scheme);
    } else {
        for _ in 0..1 + dice.pick(4) {
            let half = [dice.range(0.06, 0.20), dice.range(0.03, 0.12), dice.range(0.02, 0.10)];
            let place = [-radius * dice.range(0.4, 0.95), dice.range(-0.6, 0.6) * radius];
            pen.contact(place, [half[0] * 1.6; 2], 0.4);
            fallen(pen, &mut dice, place, 0.0, half, &scheme);
        }
    }
}
