//! Fires without a name: any number of flames of any size, on the bare floor or on and around something.
//!
//! In -> out: a seed, a stage and a time -> parts. Deliberately absent: what burns for certain (see `things::fire`).

use crate::render::{
    colours::from_hue,
    flames::Blaze,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    things::{
        Subject,
        fire::{fumes, scorched},
        oddments::{Scheme, Space, any, assemble, fallen},
        turned,
    },
    vector::add,
};
use std::f32::consts::PI;

/// From red to nearly white, from squat to thin.
fn tongue(height_m: f32, half_width_m: f32, dice: &mut Dice) -> Blaze {
    let green = dice.range(0.75, 1.2);
    Blaze { height_m, half_width_m, heat: dice.range(-0.22, 0.20), tint: [1.0, green, dice.range(0.4, 1.9)] }
}

fn coal(dice: &mut Dice) -> Material {
    let ash = dice.range(0.015, 0.08);
    let (heat, shift) = (dice.range(0.2, 1.5), dice.range(0.0, 40.0));
    Material::with([ash, ash * 0.95, ash * 0.9], Pattern::Coal { heat }, shift)
}

fn smoke_above(pen: &mut Pen, dice: &mut Dice, subject: &Subject, high_m: f32, wide_m: f32) {
    if dice.pick(4) > 0 {
        fumes(pen, dice, subject, [0.0, 0.0, high_m], wide_m);
    }
}

/// On the bare floor, with or without what is left of the fuel.
pub(in crate::render::things) fn on_the_floor(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 301);
    let wide = 0.10 + dice.range(0.15, 0.55) * stage;
    if dice.pick(3) > 0 {
        let mark = [wide * dice.range(1.0, 2.2), wide * dice.range(1.0, 2.2)];
        scorched(pen, &mut dice, mark);
    }
    for _ in 0..dice.pick(8) {
        let half = [dice.range(0.03, 0.8) * wide, dice.range(0.02, 0.09), dice.range(0.015, 0.07)];
        let place = [dice.range(-0.8, 0.8) * wide, dice.range(-0.8, 0.8) * wide];
        let (lean, turn) = (dice.range(-0.3, 0.3), dice.range(0.0, PI));
        pen.block([place[0], place[1], half[2] + half[0] * lean.abs()], half, super::super::tumbled(turn, lean), coal(&mut dice));
    }
    let count = 1 + dice.pick(6);
    let tall = 0.15 + dice.range(0.35, 1.2) * stage;
    let way = turned(dice.range(0.0, PI));
    for number in 0..count {
        let out = if count == 1 { 0.0 } else { (number as f32 + 0.5) / count as f32 * 2.0 - 1.0 } * wide;
        let off = dice.range(-0.3, 0.3) * wide;
        let blaze = tongue(tall * dice.range(0.4, 1.1), (wide * dice.range(0.35, 1.1)).max(0.07), &mut dice);
        pen.blaze([way[0] * out + off, way[1] * out - off, 0.0], &blaze, time, seed ^ (number << 8) as u64);
    }
    smoke_above(pen, &mut dice, subject, tall * 0.8, wide * 0.8 + 0.1);
}

/// On and around an assembly, parts of which have burnt to coal.
pub(in crate::render::things) fn on_something(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 302);
    let (half, tall) = ([dice.range(0.12, 0.32), dice.range(0.12, 0.42)], dice.range(0.15, 0.9));
    let scheme = Scheme::draw(&mut dice, any);
    if dice.pick(2) == 0 {
        scorched(pen, &mut dice, [half[0] * 2.2, half[1] * 2.2]);
    }
    if dice.pick(3) == 0 {
        for _ in 0..3 + dice.pick(4) {
            let place = [dice.range(-0.8, 0.8) * half[0], dice.range(-0.8, 0.8) * half[1]];
            let size = [dice.range(0.08, 0.24), dice.range(0.05, 0.2), dice.range(0.03, 0.16)];
            let low = dice.range(0.0, 0.3) * tall;
            fallen(pen, &mut dice, place, low, size, &scheme);
        }
    } else {
        assemble(pen, &mut dice, &Space::on_floor(half, tall), &scheme);
    }
    for _ in 0..1 + dice.pick(4) {
        let at = [dice.range(-0.5, 0.9) * half[0], dice.range(-0.8, 0.8) * half[1], dice.range(0.1, 0.95) * tall];
        let radius = dice.range(0.05, 0.16);
        pen.ball(at, [radius, radius * dice.range(0.6, 1.5), radius * dice.range(0.4, 1.0)], coal(&mut dice));
    }
    let count = 1 + dice.pick(2 + (3.0 * stage) as usize);
    for number in 0..count {
        let at = [0.0, dice.range(-0.8, 0.8) * half[1], dice.range(0.0, 0.85) * tall];
        let blaze = tongue((0.26 + 0.8 * stage) * dice.range(0.7, 1.2), 0.13 + dice.range(0.08, 0.28) * stage, &mut dice);
        pen.blaze(add(at, pen.before(half[0] + 0.05)), &blaze, time, seed ^ (number << 8) as u64);
    }
    // Sparks that rise.
    let spark = Material::with(from_hue(dice.range(0.03, 0.09), 0.9, 1.0), Pattern::Glow { strength: 4.0 }, 0.0);
    for _ in 0..dice.pick(5) {
        let at = [dice.range(-0.3, 0.3), dice.range(-0.4, 0.4), tall + dice.range(0.0, 0.6) * stage];
        pen.ball(at, [0.008; 3], spark);
    }
    smoke_above(pen, &mut dice, subject, tall + 0.4 * stage, 0.2 + half[1]);
}
