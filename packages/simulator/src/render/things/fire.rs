//! Fire, in ten forms: what burns, how wide and how high.
//!
//! In -> out: a seed, a form, a stage and a time -> parts. Deliberately absent: spreading; the stage says how far it is.

use super::{AHEAD, Subject, UP, furniture::carton, invented, tumbled, turned};
use crate::render::{
    billows::Puff,
    colours::lively,
    decals::Surface,
    flames::Blaze,
    material::{Material, Pattern},
    noise::{Dice, fract, smooth},
    parts::{Cloud, Pen},
    vector::{V3, add, mix, scale},
};
use std::f32::consts::PI;

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    match subject.form {
        0 => campfire(pen, subject),
        1 => line(pen, subject),
        2 => bin(pen, subject),
        3 => boxes(pen, subject),
        4 => armchair(pen, subject),
        5 => cabinet(pen, subject),
        6 => flare(pen, subject),
        8 => invented::fire::on_the_floor(pen, subject),
        9 => invented::fire::on_something(pen, subject),
        _ => embers(pen, subject),
    }
}

/// How high its light is, metres, and its power against that of a campfire.
pub(super) fn glow(form: u8, stage: f32) -> (f32, f32) {
    match form {
        0 => (0.2 + 0.5 * stage, 1.0),
        1 => (0.25, 0.8),
        2 => (0.9 + 0.3 * stage, 0.8),
        3 | 4 => (0.5 + 0.4 * stage, 1.0),
        5 => (1.2, 0.8),
        6 => (0.7 + 0.5 * stage, 0.7),
        8 | 9 => (0.3 + 0.5 * stage, 0.9),
        _ => (0.25, 0.45),
    }
}

/// Logs and what burns on them.
fn campfire(pen: &mut Pen, subject: &Subject) {
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

/// Smoke above what burns, from `top`, as wide as `wide_m`.
pub(super) fn fumes(pen: &mut Pen, dice: &mut Dice, subject: &Subject, top: V3, wide_m: f32) {
    let Subject { stage, time, .. } = *subject;
    let grey = [0.05, 0.10, 0.16, 0.30][dice.pick(4)];
    let thick = dice.range(0.5, 2.4);
    let puffs = (0..7).map(|number| {
        let age = fract(number as f32 / 7.0 + time * 0.22);
        let sway = (smooth(age * 1.7 - time * 0.4, number as f32 * 0.3) - 0.5) * 0.6 * age;
        let z = (top[2] + age * (0.7 + 0.9 * stage)).min(pen.ceiling_m - 0.1);
        let density = (1.0 - age) * thick * age.min(0.25) * 4.0;
        Puff { centre: [top[0], top[1] + sway, z], radius: wide_m * (0.45 + 0.8 * age), density }
    });
    let puffs: Vec<Puff> = puffs.collect();
    let cloud = Cloud {
        albedo: [grey, grey * 0.97, grey * 0.94],
        glow: 0.0,
        flatness: 1.0,
        curl_m: 0.25,
        curls: 2.4,
        risen_m: time * 0.9,
        shift: dice.range(0.0, 50.0),
        thinning: [0.1, 1.2],
    };
    pen.cloud(&puffs, &cloud);
}

/// Hotter and paler, or cooler and redder, by dice.
fn blaze(height_m: f32, half_width_m: f32, dice: &mut Dice) -> Blaze {
    let green = dice.range(0.85, 1.15);
    Blaze { height_m, half_width_m, heat: dice.range(-0.16, 0.14), tint: [1.0, green, dice.range(0.7, 1.5)] }
}

pub(super) fn scorched(pen: &mut Pen, dice: &mut Dice, half: [f32; 2]) {
    pen.decal([0.0, 0.0], half, AHEAD, Surface::Patch { shift: dice.range(0.0, 50.0) }, false);
}

/// Burning liquid or cable: a low line of flames.
fn line(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 151);
    let reach = 0.35 + dice.range(0.45, 0.75) * stage;
    scorched(pen, &mut dice, [0.35, reach * 1.35]);
    let count = 5;
    let bend = dice.range(-0.25, 0.25);
    for number in 0..count {
        let way = number as f32 / (count - 1) as f32 * 2.0 - 1.0;
        let height = (0.16 + 0.30 * stage) * dice.range(0.6, 1.25);
        let blaze = blaze(height, reach / count as f32 * dice.range(1.2, 1.5), &mut dice);
        pen.blaze([bend * (way * way - 0.4) * reach, way * reach, 0.0], &blaze, time, seed ^ (number << 8) as u64);
    }
    fumes(pen, &mut dice, subject, [0.0, 0.0, 0.5], 0.4 * reach + 0.1);
}

/// A bin, a drum or a crate with flames out of its top.
fn bin(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 152);
    let (radius, tall) = (dice.range(0.17, 0.28), dice.range(0.42, 0.80));
    let soot = Pattern::Bands { low: tall * dice.range(0.62, 0.85), high: tall * 1.1, second: [0.02, 0.018, 0.016] };
    let body = Material { gloss: 0.3, ..Material::with(lively(dice.bits()), soot, 0.0) };
    pen.contact([0.0, 0.0], [radius * 1.9, radius * 1.9], 0.6);
    if dice.pick(3) == 0 {
        pen.upright([0.0, 0.0, tall * 0.5], [radius, radius, tall * 0.5], AHEAD, Material { pattern: Pattern::Plain, ..body });
    } else {
        pen.cone([0.0, 0.0, 0.0], UP, tall, radius * dice.range(0.8, 1.0), radius, body);
    }
    let ember = Material::with([0.03, 0.025, 0.02], Pattern::Coal { heat: 1.0 }, dice.range(0.0, 30.0));
    pen.ball([0.0, 0.0, tall - 0.02], [radius * 0.9, radius * 0.9, 0.06], ember);
    let blaze = blaze(0.25 + dice.range(0.6, 0.9) * stage, radius * (0.8 + 0.35 * stage), &mut dice);
    pen.blaze(add(pen.before(radius), [0.0, 0.0, tall - 0.06]), &blaze, time, seed);
    fumes(pen, &mut dice, subject, [0.0, 0.0, tall + 0.4 + 0.5 * stage], radius * 1.3);
}

/// Cartons that burn.
fn boxes(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 153);
    scorched(pen, &mut dice, [0.75, 0.85]);
    let count = 3 + dice.pick(3);
    let mut tops = Vec::new();
    for number in 0..count {
        let half = [dice.range(0.15, 0.26), dice.range(0.15, 0.26), dice.range(0.12, 0.22)];
        let side = (number as f32 / (count - 1) as f32 * 2.0 - 1.0) * 0.42;
        let z = if number % 2 == 1 { 0.32 + half[2] } else { half[2] };
        let paper = carton(&mut dice, half);
        let material = if dice.pick(2) == 0 {
            Material::with(scale(paper.colour, 0.15), Pattern::Coal { heat: 0.9 }, dice.range(0.0, 30.0))
        } else {
            Material { colour: scale(paper.colour, dice.range(0.35, 0.8)), ..paper }
        };
        let centre = [dice.range(-0.2, 0.2), side, z];
        pen.block(centre, half, tumbled(dice.range(0.0, 3.0), dice.range(-0.2, 0.2)), material);
        tops.push(add(centre, [0.0, 0.0, half[2] - 0.15]));
    }
    for (number, top) in tops.into_iter().enumerate().filter(|(number, _)| number % 2 == 1 || stage > 0.4) {
        let blaze = blaze((0.25 + 0.75 * stage) * dice.range(0.6, 1.1), 0.14 + 0.18 * stage, &mut dice);
        pen.blaze(add(add(top, pen.before(0.25)), [0.0, 0.0, -0.05]), &blaze, time, seed ^ (number << 8) as u64);
    }
    fumes(pen, &mut dice, subject, [0.0, 0.0, 0.6 + 0.6 * stage], 0.45);
}

/// An armchair or a sofa.
fn armchair(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 154);
    let half_width = if dice.pick(2) == 0 { 0.30 } else { dice.range(0.55, 0.75) };
    let cloth = Material::with(lively(dice.bits()), Pattern::Cloth, dice.range(0.0, 50.0));
    let burnt = Material::with(scale(cloth.colour, 0.12), Pattern::Coal { heat: 0.8 }, dice.range(0.0, 30.0));
    pen.contact([0.0, 0.0], [0.65, half_width * 1.7], 0.65);
    pen.upright([0.05, 0.0, 0.25], [0.33, half_width, 0.17], AHEAD, cloth);
    pen.upright([-0.33, 0.0, 0.52], [0.10, half_width + 0.08, 0.40], AHEAD, if stage > 0.5 { burnt } else { cloth });
    for side in [-1.0, 1.0] {
        pen.upright([0.02, side * (half_width + 0.09), 0.33], [0.34, 0.09, 0.25], AHEAD, cloth);
    }
    let place = dice.range(-0.4, 0.4) * half_width;
    pen.ball([0.0, place, 0.42], [0.26, 0.26, 0.05], burnt);
    let count = if half_width > 0.5 && stage > 0.4 { 3 } else { 2 };
    for number in 0..count {
        let y = if number == 0 { place } else { dice.range(-0.8, 0.8) * half_width };
        let blaze = blaze((0.25 + 0.85 * stage) * dice.range(0.7, 1.1), 0.15 + 0.20 * stage, &mut dice);
        let x = if number == 0 { 0.0 } else { -0.3 };
        pen.blaze(add(pen.before(0.3), [x, y, if number == 0 { 0.36 } else { 0.62 }]), &blaze, time, seed ^ (number << 8) as u64);
    }
    fumes(pen, &mut dice, subject, [-0.1, place, 0.9 + 0.6 * stage], 0.4);
}

/// An electrical cabinet whose door stands open.
fn cabinet(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 155);
    let metals: [V3; 4] = [[0.52, 0.53, 0.52], [0.60, 0.58, 0.48], [0.30, 0.34, 0.38], [0.22, 0.30, 0.26]];
    let metal = Material::glossy(metals[dice.pick(4)], 0.3);
    let half = [dice.range(0.14, 0.22), dice.range(0.26, 0.40), dice.range(0.60, 0.95)];
    let black = Material::with([0.025, 0.023, 0.022], Pattern::Coal { heat: 0.7 }, dice.range(0.0, 30.0));
    pen.contact([0.0, 0.0], [half[0] * 2.2, half[1] * 1.8], 0.6);
    pen.upright([0.0, 0.0, half[2]], half, AHEAD, metal);
    pen.upright([half[0], 0.0, half[2] * 1.08], [0.012, half[1] * 0.86, half[2] * 0.78], AHEAD, black);
    // Fuses in rows.
    for row in 0..4 {
        let z = half[2] * (0.6 + 0.32 * row as f32);
        let bright = Material::plain(if row == 1 { [0.45, 0.12, 0.03] } else { [0.30, 0.30, 0.29] });
        pen.upright([half[0] + 0.02, 0.0, z], [0.012, half[1] * 0.6, 0.025], AHEAD, bright);
    }
    let side = dice.sign();
    let swing = turned(side * dice.range(0.5, 1.2));
    let hinge = [half[0] + half[1] * 0.86 * swing[0].abs(), side * (half[1] + half[1] * 0.86 * swing[1].abs() * 0.5), half[2] * 1.08];
    pen.upright(hinge, [half[1] * 0.86, 0.012, half[2] * 0.78], swing, metal);
    pen.upright(
        [0.0, 0.0, half[2] * 1.75],
        [half[0] * 1.02, half[1] * 1.02, half[2] * 0.26],
        AHEAD,
        Material::plain(scale(metal.colour, 0.22)),
    );
    let high = half[2] * dice.range(0.9, 1.4);
    for (number, z) in [high, high * 0.55].into_iter().enumerate().take(if stage > 0.5 { 2 } else { 1 }) {
        let blaze = blaze((0.3 + 0.8 * stage) * dice.range(0.8, 1.1), half[1] * (0.45 + 0.4 * stage), &mut dice);
        pen.blaze(add([half[0], 0.0, z], pen.before(0.15)), &blaze, time, seed ^ (number << 8) as u64);
    }
    fumes(pen, &mut dice, subject, [half[0] * 0.5, 0.0, half[2] * 2.0 + 0.1], 0.32);
}

/// A tall, narrow flame from a broken pipe or a stake.
fn flare(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 156);
    let tall = dice.range(0.08, 0.55);
    let is_pipe = dice.pick(2) == 0;
    pen.contact([0.0, 0.0], [0.22, 0.22], 0.6);
    if is_pipe {
        let steel = Material::glossy(lively(dice.bits()), 0.4);
        pen.capsule([0.0, 0.0, 0.0], [0.0, 0.0, tall], 0.045, steel);
        pen.cone([0.0, 0.0, tall * 0.5], UP, 0.04, 0.09, 0.09, steel);
        pen.capsule([-0.5, 0.0, 0.05], [0.0, 0.0, 0.05], 0.045, steel);
    } else {
        let ember = Material::with([0.04, 0.03, 0.025], Pattern::Coal { heat: 0.9 }, dice.range(0.0, 30.0));
        for number in 0..3 {
            let lean = turned(number as f32 * 2.1 + dice.range(0.0, 1.0));
            pen.capsule([lean[0] * 0.12, lean[1] * 0.12, 0.0], [-lean[0] * 0.02, -lean[1] * 0.02, tall + 0.25], 0.03, ember);
        }
    }
    let mut tongue = blaze(0.4 + dice.range(1.0, 1.5) * stage, 0.09 + dice.range(0.06, 0.14) * stage, &mut dice);
    if is_pipe {
        tongue.tint[2] *= 2.0;
    }
    pen.blaze(add(pen.before(0.06), [0.0, 0.0, tall - 0.04]), &tongue, time, seed);
    fumes(pen, &mut dice, subject, [0.0, 0.0, tall + 0.9 * tongue.height_m], 0.18);
}

/// A glowing heap with small flames.
fn embers(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 157);
    let wide = 0.20 + 0.30 * stage;
    scorched(pen, &mut dice, [wide * 2.0, wide * 2.2]);
    for number in 0..16 {
        let turn = turned(number as f32 * 2.4);
        let out = wide * (number as f32 / 15.0).sqrt();
        let up = 0.22 * (1.0 - out / wide.max(0.1)) * (0.5 + stage);
        let ash = mix([0.03, 0.028, 0.026], [0.20, 0.19, 0.18], if number > 11 { 1.0 } else { 0.0 });
        let heat = if number > 11 { 0.3 } else { dice.range(1.0, 1.6) };
        let coal = Material::with(ash, Pattern::Coal { heat }, dice.range(0.0, 40.0));
        let half = [dice.range(0.05, 0.11), dice.range(0.04, 0.08), dice.range(0.03, 0.06)];
        let lean = tumbled(dice.range(0.0, PI), dice.range(-0.5, 0.5));
        pen.block([turn[0] * out, turn[1] * out, 0.04 + up], half, lean, coal);
    }
    for number in 0..3 {
        let turn = turned(number as f32 * 2.1 + dice.range(0.0, 1.0));
        let blaze = blaze((0.14 + 0.24 * stage) * dice.range(0.7, 1.3), wide * dice.range(0.3, 0.5), &mut dice);
        let at = [turn[0] * wide * 0.5, turn[1] * wide * 0.5, 0.04];
        pen.blaze(add(at, pen.before(0.05)), &blaze, time, seed ^ (number << 8) as u64);
    }
    fumes(pen, &mut dice, subject, [0.0, 0.0, 0.35], wide * 0.7);
}
