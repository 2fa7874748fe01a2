//! Leaking gas, in eight forms: a pale, low jet and a cloud along the floor, from whatever leaks.
//!
//! In -> out: a seed, a form, a stage and a time -> parts. Deliberately absent: gas that cannot be seen.

use super::{AHEAD, Subject, UP, invented, turned};
use crate::render::{
    billows::Puff,
    colours::lively,
    decals::Surface,
    material::{Material, Pattern},
    noise::{Dice, smooth},
    parts::{Cloud, Pen},
    vector::{V3, add, scale},
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, form } = *subject;
    let mut dice = Dice::new(seed, 170 + u32::from(form));
    let nozzles = match form {
        0 => return bottle_or_pipe(pen, subject),
        1 => vec![riser(pen, &mut dice)],
        2 => vec![hose(pen, &mut dice)],
        3 => stove(pen, &mut dice),
        4 => vec![tank(pen, &mut dice)],
        6 => vec![invented::gas::vessels(pen, &mut dice)],
        7 => vec![invented::gas::pipes(pen, &mut dice)],
        _ => vec![fallen_bottle(pen, &mut dice)],
    };
    // Pale green, white, yellowish, bluish.
    let tints: [V3; 5] = [[0.70, 0.86, 0.58], [0.86, 0.89, 0.88], [0.88, 0.86, 0.52], [0.74, 0.84, 0.92], [0.80, 0.92, 0.74]];
    let tint = if form > 5 { invented::gas::tint(&mut dice) } else { tints[dice.pick(5)] };
    for nozzle in nozzles {
        release(pen, &mut dice, &nozzle, tint, stage, time);
    }
}

/// Where gas leaves, and which way; `towards` has length 1 along the floor.
pub(super) struct Nozzle {
    pub(super) at: V3,
    pub(super) towards: [f32; 2],
    /// Rise of the jet for each metre.
    pub(super) rise: f32,
    /// Its length against the usual.
    pub(super) length: f32,
}

/// A straight, thin jet that falls, and a cloud along the floor where it lands.
fn release(pen: &mut Pen, dice: &mut Dice, nozzle: &Nozzle, tint: V3, stage: f32, time: f32) {
    let reach = (0.5 + 1.0 * stage) * nozzle.length;
    let [tx, ty] = nozzle.towards;
    let gas = Cloud {
        albedo: tint,
        glow: 0.10,
        flatness: 1.9,
        curl_m: 0.16,
        curls: dice.range(2.6, 4.0),
        risen_m: time * 0.10,
        shift: dice.range(0.0, 50.0) - time * 0.3,
        thinning: [0.12, 1.25],
    };
    let low = (0..10).map(|number| {
        let turn = turned(number as f32 * 2.4 + dice.range(0.0, 0.5));
        let out = (0.15 + 0.75 * stage) * (number as f32 / 9.0).sqrt();
        let drift = 0.08 * (smooth(time * 0.5, number as f32 * 3.0) - 0.5);
        let centre = [
            nozzle.at[0] + 0.55 * reach * tx + turn[0] * out,
            nozzle.at[1] + 0.55 * reach * ty + turn[1] * out + drift,
            0.10 + 0.05 * stage,
        ];
        Puff { centre, radius: 0.30 + 0.32 * stage, density: 1.9 }
    });
    let low: Vec<Puff> = low.collect();
    pen.cloud(&low, &gas);
    let jet = (0..14).map(|number| {
        let way = number as f32 / 13.0;
        let beat = 0.8 + 0.4 * smooth(way * 6.0 - time * 7.0, 2.0);
        let fall = nozzle.rise * way * reach * 0.8 - (nozzle.at[2] + nozzle.rise * reach * 0.8) * 0.7 * way * way;
        let out = 0.03 + way * reach * 0.8;
        Puff {
            centre: [nozzle.at[0] + tx * out, nozzle.at[1] + ty * out, nozzle.at[2] + fall],
            radius: 0.05 + 0.17 * way,
            density: 17.0 * beat * (1.05 - way),
        }
    });
    let jet: Vec<Puff> = jet.collect();
    let paler = tint.map(|channel| channel + (1.0 - channel) * 0.4);
    pen.cloud(&jet, &Cloud { albedo: paler, flatness: 1.0, curl_m: 0.07, curls: 7.0, thinning: [0.4, 1.2], ..gas });
}

/// Pipes from floor to head height on a plate, with a valve; cracked at a flange.
fn riser(pen: &mut Pen, dice: &mut Dice) -> Nozzle {
    let paint = Material::glossy([[0.62, 0.44, 0.04], [0.40, 0.41, 0.42], [0.50, 0.08, 0.05], [0.10, 0.28, 0.14]][dice.pick(4)], 0.4);
    let steel = Material::glossy([0.26, 0.27, 0.28], 0.5);
    let tall = dice.range(1.3, 2.0);
    let high = dice.range(0.45, 0.95);
    pen.contact([-0.05, 0.0], [0.25, 0.55], 0.55);
    pen.upright([-0.12, 0.0, tall * 0.5], [0.02, 0.36, tall * 0.5], AHEAD, Material::plain([0.30, 0.31, 0.32]));
    for (number, side) in [-0.20, 0.0, 0.20].into_iter().enumerate() {
        let radius = if number == 1 { 0.055 } else { 0.03 };
        pen.capsule([0.0, side, 0.0], [0.0, side, tall], radius, if number == 1 { paint } else { steel });
    }
    pen.cone([0.0, 0.0, high - 0.02], UP, 0.04, 0.10, 0.10, steel);
    pen.cone([0.0, 0.0, high + 0.03], UP, 0.03, 0.10, 0.10, steel);
    pen.capsule([0.0, 0.0, high + 0.25], [0.14, 0.0, high + 0.25], 0.022, steel);
    pen.cone([0.14, 0.0, high + 0.25], [1.0, 0.0, 0.0], 0.02, 0.10, 0.10, Material::plain([0.55, 0.05, 0.04]));
    let side = dice.sign();
    Nozzle { at: [0.08, 0.05 * side, high], towards: turned(side * dice.range(0.5, 1.3)), rise: dice.range(-0.1, 0.35), length: 1.0 }
}

/// A hose along the floor whose end has come off.
fn hose(pen: &mut Pen, dice: &mut Dice) -> Nozzle {
    let rubber = Material::glossy(
        [[0.55, 0.16, 0.02], [0.03, 0.03, 0.035], [0.50, 0.05, 0.04], [0.08, 0.30, 0.10], [0.60, 0.50, 0.05]][dice.pick(5)],
        0.3,
    );
    let (shift, wide) = (dice.range(0.0, 50.0), dice.range(0.5, 0.9));
    let count = 14;
    let at = |number: usize| -> V3 {
        let way = number as f32 / count as f32;
        let sway = (smooth(way * 4.0 + shift, shift) - 0.5) * wide;
        let lift = if number + 2 > count { 0.09 } else { 0.0 };
        [-1.1 + 1.1 * way, sway * (1.0 - way * way), 0.03 + lift]
    };
    pen.decal([-0.5, 0.0], [0.75, 0.35], AHEAD, Surface::Contact { strength: 0.25 }, false);
    for number in 0..count {
        pen.capsule(at(number), at(number + 1), 0.03, rubber);
    }
    let brass = Material::glossy([0.45, 0.33, 0.10], 0.7);
    pen.capsule(at(count), add(at(count), [0.08, 0.0, 0.01]), 0.038, brass);
    // What it came from: a small valve on a foot.
    pen.cone([-1.15, 0.0, 0.0], UP, 0.30, 0.05, 0.05, brass);
    pen.cone([-1.15, 0.0, 0.30], UP, 0.03, 0.10, 0.10, Material::plain([0.10, 0.2, 0.5]));
    Nozzle { at: [0.1, 0.0, 0.12], towards: turned(dice.range(-0.35, 0.35)), rise: dice.range(0.0, 0.4), length: dice.range(0.9, 1.3) }
}

/// A stove with its burners on and no flame, or with a torn line behind.
fn stove(pen: &mut Pen, dice: &mut Dice) -> Vec<Nozzle> {
    let enamel = Material::glossy([[0.74, 0.74, 0.72], [0.10, 0.10, 0.11], [0.42, 0.43, 0.44], [0.46, 0.10, 0.08]][dice.pick(4)], 0.5);
    let iron = Material::plain([0.03, 0.03, 0.032]);
    pen.contact([0.0, 0.0], [0.50, 0.50], 0.6);
    pen.upright([0.0, 0.0, 0.43], [0.29, 0.29, 0.41], AHEAD, enamel);
    pen.upright([0.0, 0.0, 0.852], [0.30, 0.30, 0.012], AHEAD, iron);
    pen.upright([0.292, 0.0, 0.38], [0.006, 0.22, 0.17], AHEAD, Material::glossy([0.02, 0.02, 0.025], 0.8));
    pen.capsule([0.32, -0.2, 0.62], [0.32, 0.2, 0.62], 0.014, Material::glossy([0.5, 0.5, 0.5], 0.8));
    for number in 0..4 {
        let y = -0.2 + 0.133 * number as f32;
        pen.cone([0.29, y, 0.74], [1.0, 0.0, 0.0], 0.03, 0.024, 0.02, iron);
        let (x, y) = (if number < 2 { -0.13 } else { 0.13 }, if number % 2 == 0 { -0.13 } else { 0.13 });
        pen.cone([x, y, 0.862], UP, 0.02, 0.075, 0.06, Material::plain([0.10, 0.10, 0.10]));
    }
    if dice.pick(2) == 0 {
        let side = dice.sign();
        pen.capsule([-0.25, side * 0.28, 0.10], [-0.1, side * 0.38, 0.06], 0.02, Material::glossy([0.62, 0.44, 0.04], 0.4));
        vec![Nozzle { at: [-0.05, side * 0.40, 0.10], towards: turned(side * dice.range(0.7, 1.4)), rise: 0.1, length: 1.0 }]
    } else {
        let jet = |y: f32, angle: f32| Nozzle { at: [0.13, y, 0.90], towards: turned(angle), rise: 0.9, length: 0.55 };
        vec![jet(0.13, 0.6), jet(-0.13, -0.5)]
    }
}

/// A tank that lies on two saddles, leaking at its end.
fn tank(pen: &mut Pen, dice: &mut Dice) -> Nozzle {
    let colour = [[0.72, 0.72, 0.70], [0.45, 0.46, 0.47], [0.20, 0.32, 0.20], [0.62, 0.52, 0.08]][dice.pick(4)];
    let bands = Pattern::Bands { low: -0.06, high: 0.06, second: [0.55, 0.07, 0.05] };
    let steel = Material { gloss: 0.5, ..Material::with(colour, bands, 0.0) };
    let (radius, half) = (dice.range(0.20, 0.28), dice.range(0.35, 0.55));
    pen.contact([0.0, 0.0], [radius * 1.7, half * 2.0], 0.6);
    pen.capsule([0.0, -half, radius + 0.12], [0.0, half, radius + 0.12], radius, steel);
    for side in [-0.6, 0.6] {
        pen.upright([0.0, side * half, 0.09], [radius * 0.8, 0.04, 0.09], AHEAD, Material::plain([0.12, 0.12, 0.13]));
    }
    let brass = Material::glossy([0.45, 0.33, 0.10], 0.7);
    let side = dice.sign();
    let end = side * (half + radius);
    pen.capsule([0.0, end, radius + 0.14], [0.0, end + side * 0.09, radius + 0.14], 0.03, brass);
    pen.cone([0.0, end + side * 0.05, radius + 0.16], UP, 0.05, 0.06, 0.06, Material::plain([0.5, 0.05, 0.04]));
    Nozzle {
        at: [0.0, end + side * 0.1, radius + 0.14],
        towards: turned(side * (std::f32::consts::FRAC_PI_2 + dice.range(-0.4, 0.4))),
        rise: dice.range(0.0, 0.3),
        length: 1.0,
    }
}

/// A gas bottle that fell over.
fn fallen_bottle(pen: &mut Pen, dice: &mut Dice) -> Nozzle {
    let colour = lively(dice.bits());
    let band = Pattern::Bands { low: 0.18, high: 0.28, second: [0.75, 0.70, 0.30] };
    let body = Material { gloss: 0.5, ..Material::with(colour, band, 0.0) };
    let (radius, long) = (dice.range(0.11, 0.15), dice.range(0.55, 0.95));
    let brass = Material::glossy([0.45, 0.33, 0.10], 0.7);
    pen.contact([-long * 0.5, 0.0], [long * 0.85, 0.30], 0.6);
    pen.capsule([-long, 0.0, radius], [-radius, 0.0, radius], radius, body);
    pen.cone([-long - radius * 0.8, 0.0, radius], [1.0, 0.0, 0.0], 0.06, radius * 0.9, radius * 0.9, Material::plain(scale(colour, 0.5)));
    pen.cone([-0.02, 0.0, radius], [1.0, 0.0, 0.0], 0.08, 0.04, 0.03, brass);
    pen.capsule([0.06, -0.05, radius], [0.06, 0.05, radius], 0.02, brass);
    Nozzle { at: [0.1, 0.0, radius], towards: turned(dice.range(-0.2, 0.2)), rise: dice.range(0.0, 0.25), length: dice.range(1.0, 1.3) }
}

/// A bottle or a broken pipe with a pale jet ahead of it and a cloud along the floor.
fn bottle_or_pipe(pen: &mut Pen, subject: &Subject) {
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
