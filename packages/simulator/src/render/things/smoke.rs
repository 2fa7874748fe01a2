//! Smoke, in nine forms: from where, how dense, how dark, which way.
//!
//! In -> out: a seed, a form, a stage and a time -> parts. Deliberately absent: flames (see `fire`).

use super::{AHEAD, Subject, UP, column::Column, invented, tumbled, turned};
use crate::render::{
    billows::Puff,
    colours::lively,
    decals::Surface,
    material::{Material, Pattern},
    noise::{Dice, fract, smooth},
    parts::{Cloud, Pen},
    vector::V3,
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    match subject.form {
        0 => billow(pen, subject),
        1 => wisps(pen, subject),
        2 => layer(pen, subject),
        3 => white(pen, subject),
        4 => black(pen, subject),
        5 => machine(pen, subject),
        7 => invented::smoke::column(pen, subject),
        8 => invented::smoke::layer(pen, subject),
        _ => drift(pen, subject),
    }
}

/// Billows from a bin or a heap, spreading below the ceiling.
fn billow(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 52);
    let grey = dice.range(0.15, 0.36);
    let shift = dice.range(0.0, 50.0);
    smouldering(pen, &mut dice);
    let top = (0.7 + 2.6 * stage).min(pen.ceiling_m - 0.35).max(0.4);
    let wide = 0.65 + 0.5 * stage;
    let mut puffs = Vec::with_capacity(24);
    for number in 0..12 {
        let age = fract(number as f32 / 12.0 + time * 0.10);
        let wander = 0.5 * age + 0.05;
        let lean = [smooth(age * 2.2 - time * 0.25, shift) - 0.5, smooth(age * 2.2 - time * 0.25, shift + 9.0) - 0.5];
        let side = if number % 2 == 0 { 0.16 } else { -0.16 } * age * wide;
        let centre = [lean[0] * wander * wide, lean[1] * wander * wide * 1.5 + side, 0.26 + age * (top - 0.26)];
        puffs.push(Puff { centre, radius: (0.16 + 0.42 * age) * wide, density: (15.0 - 8.0 * age) * (age * 6.0).min(1.0) });
    }
    // Below the ceiling it spreads.
    let spread = ((stage - 0.35) / 0.65).max(0.0);
    if spread > 0.0 && top > pen.ceiling_m - 0.9 {
        for number in 0..9 {
            let turn = turned(number as f32 * 0.698 + shift);
            let out = (0.35 + 1.35 * spread) * dice.range(0.7, 1.1);
            let z = pen.ceiling_m - dice.range(0.18, 0.38) - 0.04 * smooth(time * 0.4, number as f32);
            puffs.push(Puff { centre: [turn[0] * out, turn[1] * out, z], radius: 0.46 + 0.30 * spread, density: 5.0 * spread });
        }
    }
    let cloud = Cloud {
        albedo: [grey, grey * 0.985, grey * 0.97],
        glow: 0.0,
        flatness: 1.0,
        curl_m: 0.42,
        curls: 1.9,
        risen_m: time * 0.35,
        shift,
        thinning: [0.35, 1.5],
    };
    pen.cloud(&puffs, &cloud);
}

/// What the smoke comes from: a bin or a charred heap.
pub(super) fn smouldering(pen: &mut Pen, dice: &mut Dice) {
    pen.contact([0.0, 0.0], [0.34, 0.34], 0.65);
    if dice.pick(2) == 0 {
        let bin = Material::glossy([0.13, 0.14, 0.15], 0.4);
        pen.cone([0.0, 0.0, 0.0], UP, 0.32, 0.12, 0.16, bin);
        pen.ball([0.0, 0.0, 0.31], [0.13, 0.13, 0.05], Material::plain([0.02; 3]));
    } else {
        for number in 0..5 {
            let turn = turned(number as f32 * 1.26);
            let charred =
                Material::with([0.035, 0.032, 0.03], Pattern::Ember { heat: if number == 2 { 0.15 } else { 0.0 } }, number as f32 * 7.0);
            pen.ball([turn[0] * 0.11, turn[1] * 0.11, 0.05], [0.12, 0.10, dice.range(0.05, 0.11)], charred);
        }
    }
}

/// Grey with a little of brown or blue.
fn grey(dice: &mut Dice, low: f32, high: f32) -> V3 {
    let (value, warm) = (dice.range(low, high), dice.range(-0.05, 0.05));
    [value * (1.0 + warm), value, value * (1.0 - warm)]
}

pub(super) fn cloud(albedo: V3, time: f32, dice: &mut Dice) -> Cloud {
    Cloud {
        albedo,
        glow: 0.0,
        flatness: 1.0,
        curl_m: 0.42,
        curls: 1.9,
        risen_m: time * 0.35,
        shift: dice.range(0.0, 50.0),
        thinning: [0.35, 1.5],
    }
}

/// One or two thin threads from something small.
fn wisps(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 181);
    pen.contact([0.0, 0.0], [0.22, 0.22], 0.5);
    let charred = Material::with([0.03, 0.028, 0.026], Pattern::Ember { heat: 0.35 }, dice.range(0.0, 30.0));
    for number in 0..4 {
        let turn = turned(number as f32 * 1.6);
        pen.block([turn[0] * 0.07, turn[1] * 0.07, 0.03], [0.07, 0.04, 0.03], tumbled(number as f32, 0.2), charred);
    }
    if dice.pick(2) == 0 {
        pen.cone([0.0, 0.0, 0.0], UP, 0.12, 0.14, 0.17, Material::glossy(lively(dice.bits()), 0.3));
    }
    let albedo = grey(&mut dice, 0.45, 0.75);
    for thread in 0..1 + dice.pick(2) {
        let column = Column {
            from: [0.0, (thread as f32 - 0.5) * 0.08, 0.08],
            top_m: (0.7 + dice.range(0.9, 1.5) * stage).min(pen.ceiling_m - 0.2),
            thin_m: 0.035 + 0.02 * stage,
            wide_m: 0.10 + 0.12 * stage,
            lean: [dice.range(-0.2, 0.2), dice.range(-0.35, 0.35)],
            density: [34.0, 7.0],
            count: 18,
            speed: 0.07,
        };
        let puffs = column.puffs(&mut dice, time);
        pen.cloud(&puffs, &Cloud { curl_m: 0.10, curls: 4.5, ..cloud(albedo, time, &mut dice) });
    }
}

/// A layer below the ceiling that comes down as it grows, fed by a thin column.
fn layer(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 182);
    let albedo = grey(&mut dice, 0.12, 0.45);
    let thick = (0.25 + 0.95 * stage).min(pen.ceiling_m * 0.45);
    let wide = 1.0 + 1.3 * stage;
    let mut puffs = Vec::with_capacity(32);
    for number in 0..18 {
        let turn = turned(number as f32 * 2.4);
        let out = wide * (number as f32 / 17.0).sqrt();
        let z = pen.ceiling_m - thick * dice.range(0.15, 0.75) - 0.05 * smooth(time * 0.3, number as f32);
        puffs.push(Puff { centre: [turn[0] * out, turn[1] * out, z], radius: (0.55 + 0.45 * stage) * dice.range(0.8, 1.1), density: 3.4 });
    }
    smouldering(pen, &mut dice);
    let column = Column {
        from: [0.0, 0.0, 0.28],
        top_m: pen.ceiling_m - 0.3,
        thin_m: 0.10,
        wide_m: 0.32,
        lean: [dice.range(-0.2, 0.2), dice.range(-0.3, 0.3)],
        density: [9.0, 4.0],
        count: 9,
        speed: 0.1,
    };
    puffs.extend(column.puffs(&mut dice, time));
    pen.cloud(&puffs, &Cloud { flatness: 1.5, thinning: [0.45, 1.3], ..cloud(albedo, time, &mut dice) });
}

/// Dense white smoke that wells up and rolls outwards.
fn white(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 183);
    let albedo = grey(&mut dice, 0.62, 0.88);
    let tall = dice.range(0.1, 0.45);
    pen.contact([0.0, 0.0], [0.4, 0.4], 0.6);
    let can = Material::glossy(lively(dice.bits()), 0.4);
    pen.cone([0.0, 0.0, 0.0], UP, tall, 0.15, 0.15, can);
    pen.cone([0.0, 0.0, tall - 0.003], UP, 0.006, 0.13, 0.13, Material::plain([0.02; 3]));
    let column = Column {
        from: [0.0, 0.0, tall],
        top_m: (0.8 + 2.2 * stage).min(pen.ceiling_m - 0.3),
        thin_m: 0.14,
        wide_m: 0.35 + 0.45 * stage,
        lean: [dice.range(-0.3, 0.3), dice.range(-0.4, 0.4)],
        density: [18.0, 8.0],
        count: 13,
        speed: 0.09,
    };
    let mut puffs = column.puffs(&mut dice, time);
    for number in 0..8 {
        let turn = turned(number as f32 * 0.8 + dice.range(0.0, 0.4));
        let out = (0.2 + 0.75 * stage) * dice.range(0.7, 1.1);
        puffs.push(Puff { centre: [turn[0] * out, turn[1] * out, 0.22 + 0.1 * stage], radius: 0.25 + 0.25 * stage, density: 6.5 });
    }
    pen.cloud(&puffs, &Cloud { curls: dice.range(1.8, 2.8), ..cloud(albedo, time, &mut dice) });
}

/// Black smoke of rubber or oil.
fn black(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 184);
    let albedo = grey(&mut dice, 0.018, 0.06);
    pen.contact([0.0, 0.0], [0.6, 0.6], 0.65);
    if dice.pick(2) == 0 {
        // Tyres, as rings of rods.
        for number in 0..2 + dice.pick(2) {
            for part in 0..10 {
                let at = |n: usize| {
                    let [x, y] = turned(n as f32 * 0.628);
                    [x * 0.26 + 0.02 * number as f32, y * 0.26, 0.09 + 0.17 * number as f32]
                };
                pen.capsule(at(part), at(part + 1), 0.085, Material::plain([0.025, 0.025, 0.027]));
            }
        }
    } else {
        let steel =
            Material { gloss: 0.3, ..Material::with(lively(dice.bits()), Pattern::Bands { low: 0.5, high: 0.9, second: [0.03; 3] }, 0.0) };
        pen.cone([0.0, 0.0, 0.0], UP, 0.8, 0.28, 0.28, steel);
        pen.cone([0.0, 0.0, 0.795], UP, 0.01, 0.26, 0.26, Material::with([0.02; 3], Pattern::Ember { heat: 0.5 }, 3.0));
    }
    let column = Column {
        from: [0.0, 0.0, dice.range(0.35, 0.75)],
        top_m: (1.0 + 2.6 * stage).min(pen.ceiling_m - 0.25),
        thin_m: 0.20,
        wide_m: 0.45 + 0.40 * stage,
        lean: [dice.range(-0.4, 0.4), dice.range(-0.7, 0.7)],
        density: [20.0, 10.0],
        count: 14,
        speed: 0.13,
    };
    let mut puffs = column.puffs(&mut dice, time);
    for number in 0..(8.0 * stage) as usize {
        let turn = turned(number as f32 * 0.8);
        let z = pen.ceiling_m - dice.range(0.15, 0.45);
        puffs.push(Puff { centre: [turn[0] * 0.9, turn[1] * 0.9, z.min(column.top_m)], radius: 0.55, density: 6.0 * stage });
    }
    pen.cloud(&puffs, &Cloud { curls: dice.range(1.8, 2.8), thinning: [0.45, 1.5], ..cloud(albedo, time, &mut dice) });
}

/// From the seams of a machine or a control panel.
fn machine(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 185);
    let body = Material::glossy(
        [[0.16, 0.32, 0.22], [0.55, 0.55, 0.53], [0.20, 0.28, 0.42], [0.60, 0.42, 0.06], [0.14, 0.14, 0.15]][dice.pick(5)],
        0.4,
    );
    let half = [dice.range(0.22, 0.32), dice.range(0.30, 0.50), dice.range(0.30, 0.70)];
    pen.contact([0.0, 0.0], [half[0] * 1.8, half[1] * 1.6], 0.6);
    pen.upright([0.0, 0.0, half[2] + 0.04], half, AHEAD, body);
    for row in 0..4 {
        let z = half[2] * 1.85 - 0.06 * row as f32;
        pen.upright([half[0], -half[1] * 0.3, z], [0.008, half[1] * 0.45, 0.012], AHEAD, Material::plain([0.02; 3]));
    }
    pen.upright(
        [half[0], half[1] * 0.6, half[2] * 1.6],
        [0.012, half[1] * 0.22, half[2] * 0.14],
        AHEAD,
        Material::glossy([0.04, 0.10, 0.06], 0.6),
    );
    let red = Material::with([0.7, 0.05, 0.03], Pattern::Lamp, 0.0);
    pen.ball([half[0] + 0.01, half[1] * 0.6, half[2] * 1.28], [0.02, 0.025, 0.025], red);
    let albedo = grey(&mut dice, 0.16, 0.6);
    let side = dice.sign() * half[1];
    for from in [[half[0] * 0.9, -half[1] * 0.3, half[2] * 1.8], [0.0, side, half[2] * 2.0]] {
        let column = Column {
            from,
            top_m: (half[2] * 2.0 + 0.4 + 1.5 * stage).min(pen.ceiling_m - 0.2),
            thin_m: 0.08 + 0.05 * stage,
            wide_m: 0.22 + 0.30 * stage,
            lean: [dice.range(0.0, 0.3), dice.range(-0.3, 0.3)],
            density: [15.0, 5.0],
            count: 10,
            speed: 0.11,
        };
        let puffs = column.puffs(&mut dice, time);
        pen.cloud(&puffs, &Cloud { curl_m: 0.28, curls: 2.6, ..cloud(albedo, time, &mut dice) });
    }
}

/// Drawn sideways at the height of a person.
fn drift(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 186);
    let albedo = grey(&mut dice, 0.10, 0.55);
    pen.decal([0.0, 0.0], [0.4, 0.4], AHEAD, Surface::Patch { shift: dice.range(0.0, 50.0) }, false);
    smouldering(pen, &mut dice);
    let side = dice.sign();
    let column = Column {
        from: [0.0, 0.0, 0.25],
        top_m: dice.range(0.9, 1.5),
        thin_m: 0.16,
        wide_m: 0.34 + 0.30 * stage,
        lean: [dice.range(-0.3, 0.3), side * (0.6 + 1.5 * stage)],
        density: [13.0, 5.0],
        count: 16,
        speed: 0.1,
    };
    let puffs = column.puffs(&mut dice, time);
    pen.cloud(&puffs, &Cloud { flatness: 1.4, shift: dice.range(0.0, 50.0) - side * time * 0.4, ..cloud(albedo, time, &mut dice) });
}
