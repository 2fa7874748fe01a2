//! Fire, smoke, leaking gas, spilled liquid, a blocked way. Who lies on the floor is in `people`.
//!
//! In -> out: a seed, a stage and a time -> parts. Deliberately absent: how they grow over time; the stage says how far they are.

use super::{AHEAD, Subject, UP, furniture::carton, turned};
use crate::render::{
    billows::Puff,
    decals::Surface,
    material::{Material, Pattern},
    noise::{Dice, fract, smooth},
    parts::{Cloud, Pen},
    vector::{V3, add, cross, scale},
};
use std::f32::consts::PI;

pub(super) fn fire(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 51);
    let height = 0.28 + 1.22 * stage;
    let half_width = 0.15 + 0.35 * stage;
    pen.decal([0.0, 0.0], [half_width * 1.7, half_width * 1.7], AHEAD, Surface::Contact { strength: 0.72 }, false);
    let logs = 4 + dice.pick(3);
    for _ in 0..logs {
        let turn = turned(dice.range(0.0, PI));
        let reach = half_width * dice.range(0.55, 0.95);
        let (x, y) = (dice.range(-0.3, 0.3) * half_width, dice.range(-0.3, 0.3) * half_width);
        let z = dice.range(0.04, 0.06 + 0.08 * stage);
        let ember = Material::with([0.035, 0.030, 0.028], Pattern::Ember { heat: dice.range(0.5, 1.0) }, dice.range(0.0, 30.0));
        let half = [reach, dice.range(0.025, 0.045), dice.range(0.025, 0.045)];
        pen.block([x, y, z], half, [[turn[0], turn[1], 0.0], [-turn[1], turn[0], 0.0], UP], ember);
    }
    pen.flames([0.0, 0.0, 0.0], height, half_width, time, seed);
    let rise = 0.9;
    let puffs: Vec<Puff> = (0..7)
        .map(|number| {
            let age = fract(number as f32 / 7.0 + time * 0.22);
            let sway = (smooth(age * 1.7 - time * 0.4, number as f32 * 0.3) - 0.5) * 0.5 * age;
            let centre = [0.0, sway, (height * 0.75 + age * (0.7 + 0.9 * stage)).min(pen.ceiling_m - 0.1)];
            Puff { centre, radius: half_width * (0.45 + 0.75 * age), density: (1.0 - age) * 2.6 * age.min(0.25) * 4.0 }
        })
        .collect();
    let cloud = Cloud {
        albedo: [0.13, 0.12, 0.115],
        glow: 0.0,
        flatness: 1.0,
        curl_m: 0.25,
        curls: 2.4,
        risen_m: time * rise,
        shift: dice.range(0.0, 50.0),
        thinning: [0.1, 1.2],
    };
    pen.cloud(&puffs, &cloud);
}

pub(super) fn smoke(pen: &mut Pen, subject: &Subject) {
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
fn smouldering(pen: &mut Pen, dice: &mut Dice) {
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

/// A bottle or a broken pipe with a pale jet ahead of it and a cloud along the floor.
pub(super) fn gas_leak(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 53);
    let is_bottle = dice.pick(3) > 0;
    let nozzle = if is_bottle { bottle(pen, &mut dice) } else { pipe(pen) };
    let reach = 0.5 + 1.0 * stage;
    let gas = Cloud {
        albedo: [0.70, 0.86, 0.58],
        glow: 0.10,
        flatness: 1.9,
        curl_m: 0.16,
        curls: 3.2,
        risen_m: time * 0.10,
        shift: dice.range(0.0, 50.0) - time * 0.3,
        thinning: [0.12, 1.25],
    };
    let mut low = Vec::with_capacity(10);
    for number in 0..10 {
        let turn = turned(number as f32 * 2.4 + dice.range(0.0, 0.5));
        let out = (0.15 + 0.75 * stage) * (number as f32 / 9.0).sqrt();
        let drift = 0.08 * (smooth(time * 0.5, number as f32 * 3.0) - 0.5);
        let centre = [nozzle[0] + 0.55 * reach + turn[0] * out, nozzle[1] + turn[1] * out + drift, 0.10 + 0.05 * stage];
        low.push(Puff { centre, radius: 0.30 + 0.32 * stage, density: 1.9 });
    }
    pen.cloud(&low, &gas);
    // The jet is straight and thin where it leaves, and falls.
    let jet = (0..14).map(|number| {
        let way = number as f32 / 13.0;
        let beat = 0.8 + 0.4 * smooth(way * 6.0 - time * 7.0, 2.0);
        let centre = [nozzle[0] + 0.03 + way * reach * 0.8, nozzle[1], nozzle[2] - nozzle[2] * 0.7 * way * way];
        Puff { centre, radius: 0.05 + 0.17 * way, density: 16.0 * beat * (1.05 - way) }
    });
    let jet: Vec<Puff> = jet.collect();
    pen.cloud(&jet, &Cloud { albedo: [0.80, 0.92, 0.72], flatness: 1.0, curl_m: 0.07, curls: 7.0, thinning: [0.4, 1.2], ..gas });
}

/// A gas bottle that stands; where its valve is.
fn bottle(pen: &mut Pen, dice: &mut Dice) -> V3 {
    let colours: [V3; 3] = [[0.42, 0.05, 0.04], [0.10, 0.22, 0.36], [0.44, 0.45, 0.44]];
    let colour = colours[dice.pick(3)];
    let body = Material { gloss: 0.5, ..Material::with(colour, Pattern::Bands { low: 0.12, high: 0.20, second: [0.75, 0.66, 0.08] }, 0.0) };
    let brass = Material::glossy([0.45, 0.33, 0.10], 0.7);
    let radius = 0.135;
    pen.contact([0.0, 0.0], [0.30, 0.30], 0.6);
    pen.capsule([0.0, 0.0, radius + 0.01], [0.0, 0.0, 0.62], radius, body);
    pen.cone([0.0, 0.0, 0.0], UP, 0.05, radius, radius, Material::plain(scale(colour, 0.5)));
    pen.cone([0.0, 0.0, 0.74], UP, 0.07, 0.035, 0.03, brass);
    pen.capsule([-0.02, 0.0, 0.83], [0.06, 0.0, 0.83], 0.024, brass);
    pen.capsule([0.0, -0.05, 0.88], [0.0, 0.05, 0.88], 0.016, Material::plain([0.5, 0.05, 0.04]));
    [0.07, 0.0, 0.83]
}

/// A pipe along the floor on two feet, cracked at a flange.
fn pipe(pen: &mut Pen) -> V3 {
    let yellow = Material::glossy([0.62, 0.44, 0.04], 0.4);
    let steel = Material::glossy([0.26, 0.27, 0.28], 0.5);
    pen.contact([-0.05, 0.0], [0.24, 0.95], 0.5);
    pen.capsule([0.0, -0.80, 0.42], [0.0, 0.80, 0.42], 0.07, yellow);
    for side in [-1.0, 1.0] {
        pen.upright([0.0, side * 0.55, 0.18], [0.03, 0.03, 0.18], AHEAD, steel);
        pen.cone([0.0, side * 0.045 - 0.0175, 0.42], [0.0, 1.0, 0.0], 0.035, 0.115, 0.115, steel);
    }
    pen.capsule([0.0, 0.30, 0.48], [0.0, 0.30, 0.62], 0.02, steel);
    pen.cone([0.0, 0.30, 0.62], UP, 0.02, 0.09, 0.09, Material::plain([0.55, 0.05, 0.04]));
    [0.07, 0.0, 0.42]
}

pub(super) fn liquid_spill(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, .. } = *subject;
    let mut dice = Dice::new(seed, 54);
    let liquids: [(V3, f32); 4] =
        [([0.10, 0.14, 0.16], 0.15), ([0.014, 0.012, 0.010], 0.90), ([0.05, 0.20, 0.03], 0.70), ([0.11, 0.050, 0.012], 0.75)];
    let (tint, cloudy) = liquids[dice.pick(4)];
    let radius = 0.16 + 0.59 * stage;
    let count = 6;
    let mut blobs = vec![[0.0, 0.0, 0.72]];
    for number in 0..count {
        let turn = turned(number as f32 * 1.05 + dice.range(0.0, 0.7));
        let out = dice.range(0.32, 0.60);
        blobs.push([turn[0] * out, turn[1] * out, dice.range(0.30, 0.52)]);
    }
    // A few drops apart.
    for _ in 0..3 {
        let turn = turned(dice.range(0.0, 2.0 * PI));
        blobs.push([turn[0] * 1.05, turn[1] * 1.05, dice.range(0.10, 0.16)]);
    }
    let half = [radius * 1.12, radius * dice.range(0.85, 1.12)];
    let surface = Surface::Puddle { tint, cloudy, shift: dice.range(0.0, 50.0), blobs };
    pen.decal([0.0, 0.0], half, turned(dice.range(0.0, 3.0)), surface, true);
    match dice.pick(5) {
        0 | 1 => fallen_bucket(pen, &mut dice, radius),
        2 => drum(pen, radius),
        _ => {}
    }
}

fn fallen_bucket(pen: &mut Pen, dice: &mut Dice, radius: f32) {
    let colours: [V3; 3] = [[0.10, 0.22, 0.50], [0.45, 0.44, 0.42], [0.52, 0.10, 0.06]];
    let colour = colours[dice.pick(3)];
    let from = [-radius * 0.85 - 0.30, 0.15, 0.13];
    pen.contact([from[0] + 0.12, from[1]], [0.30, 0.24], 0.5);
    pen.cone(from, [1.0, -0.2, 0.04], 0.30, 0.105, 0.14, Material::glossy(colour, 0.4));
    pen.cone(add(from, [0.297, -0.0594, 0.012]), [1.0, -0.2, 0.04], 0.006, 0.125, 0.125, Material::plain(scale(colour, 0.18)));
}

fn drum(pen: &mut Pen, radius: f32) {
    let foot = [-radius * 0.9 - 0.28, -0.1, 0.0];
    let steel = Material {
        gloss: 0.5,
        ..Material::with([0.08, 0.18, 0.40], Pattern::Bands { low: 0.40, high: 0.52, second: [0.70, 0.60, 0.08] }, 0.0)
    };
    pen.contact([foot[0], foot[1]], [0.48, 0.48], 0.6);
    pen.cone(foot, UP, 0.85, 0.285, 0.285, steel);
    for z in [0.28, 0.57, 0.835] {
        pen.cone([foot[0], foot[1], z], UP, 0.02, 0.297, 0.297, Material::glossy([0.07, 0.14, 0.32], 0.5));
    }
}

/// Boxes, planks and a toppled shelf, about 2 m across the way (along y).
pub(super) fn blocked_path(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 55);
    pen.contact([0.0, 0.0], [0.75, 1.35], 0.6);
    if dice.pick(2) == 0 {
        toppled_shelf(pen, &mut dice);
    }
    let boxes = 6 + dice.pick(3);
    for number in 0..boxes {
        let half = [dice.range(0.14, 0.26), dice.range(0.16, 0.28), dice.range(0.12, 0.22)];
        let place = (number as f32 + 0.5) / boxes as f32 * 2.0 - 1.0;
        let is_upper = number % 3 == 1;
        let z = if is_upper { dice.range(0.42, 0.56) } else { half[2] + dice.range(0.02, 0.08) };
        let centre = [dice.range(-0.22, 0.22), place * 0.95, z];
        let axes = tumbled(dice.range(0.0, 3.1), dice.range(-0.5, 0.5) * if is_upper { 1.3 } else { 0.5 });
        let material = carton(&mut dice, half);
        pen.block(centre, half, axes, material);
    }
    for _ in 0..3 {
        let wood = Material::with([0.46, 0.31, 0.16], Pattern::Wood, dice.range(0.0, 40.0));
        let lean = dice.range(0.15, 0.45) * dice.sign();
        let turn = turned(1.57 + dice.range(-0.5, 0.5));
        let rise = turned(lean);
        let long = [turn[0] * rise[0], turn[1] * rise[0], rise[1]];
        let side = [-turn[1], turn[0], 0.0];
        let half = [dice.range(0.75, 1.05), 0.065, 0.018];
        let z = half[0] * rise[1].abs() + 0.03 + dice.range(0.0, 0.12);
        pen.block([dice.range(-0.35, 0.1), dice.range(-0.4, 0.4), z], half, [long, side, cross(long, side)], wood);
    }
}

/// Axes of a block turned by `yaw` and then leaned by `lean`, radians.
fn tumbled(yaw: f32, lean: f32) -> [V3; 3] {
    let (turn, rise) = (turned(yaw), turned(lean));
    let side = [-turn[1], turn[0], 0.0];
    let long = [turn[0] * rise[0], turn[1] * rise[0], rise[1]];
    [long, side, cross(long, side)]
}

/// A steel shelf on its side: uprights lie along the way, boards stand on edge.
fn toppled_shelf(pen: &mut Pen, dice: &mut Dice) {
    let steel = Material::glossy([0.10, 0.17, 0.36], 0.4);
    let board = Material::with([0.40, 0.40, 0.39], Pattern::Plain, 0.0);
    let lean = turned(dice.range(0.12, 0.25));
    let long = [0.0, lean[0], lean[1]];
    let up = [0.0, -lean[1], lean[0]];
    let at = |x: f32, along: f32, high: f32| add([x, 0.0, 0.32], add(scale(long, along), scale(up, high)));
    for x in [-0.22, 0.22] {
        for high in [-0.18, 0.42] {
            pen.block(at(x, 0.0, high), [0.025, 0.98, 0.025], [[1.0, 0.0, 0.0], long, up], steel);
        }
    }
    for along in [-0.92, -0.32, 0.30, 0.92] {
        pen.block(at(0.0, along, 0.12), [0.22, 0.018, 0.30], [[1.0, 0.0, 0.0], long, up], board);
    }
}
