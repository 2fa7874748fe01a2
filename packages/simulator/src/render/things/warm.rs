//! Warm light and steam that are no fire and no smoke: lamps, kettles, a humidifier, a heater, a lit window.
//!
//! In -> out: a seed, a form and a time -> parts. Deliberately absent: heat.

use super::{AHEAD, Subject, UP, invented, turned};
use crate::render::{
    billows::Puff,
    colours::{from_hue, lively},
    material::{Material, Pattern},
    noise::{Dice, fract, smooth},
    parts::{Cloud, Pen},
    vector::{V3, scale},
};

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 240 + u32::from(subject.form));
    match subject.form {
        0 => lamp_in_steam(pen, subject),
        1 => kettle(pen, &mut dice, subject.time),
        2 => humidifier(pen, &mut dice, subject.time),
        3 => floor_lamp(pen, &mut dice),
        4 => heater(pen, &mut dice),
        6 | 7 => invented::bright::draw(pen, subject),
        _ => lit_window(pen, &mut dice),
    }
}

/// Where its light is and how strong: height in metres, colour.
pub(super) fn glow(seed: u64, form: u8) -> Option<(f32, V3)> {
    match form {
        0 => Some((1.25, [0.30, 0.27, 0.20])),
        3 => Some((1.2, [0.34, 0.24, 0.12])),
        4 => Some((0.35, [0.34, 0.13, 0.03])),
        5 => Some((1.1, [0.26, 0.15, 0.06])),
        6 | 7 => Some(invented::bright::glow(seed, form)),
        _ => None,
    }
}

/// White steam from `from`, thin and gone within a metre.
pub(super) fn steam(pen: &mut Pen, dice: &mut Dice, time: f32, from: V3, strength: f32) {
    let puffs = (0..9).map(|number| {
        let age = fract(number as f32 / 9.0 + time * 0.13);
        let sway = 0.22 * (smooth(age * 2.0 - time * 0.3, number as f32 * 0.2 + dice.range(0.0, 0.4)) - 0.5) * age;
        Puff {
            centre: [from[0] + 0.05 * age, from[1] + sway, from[2] + (0.4 + 0.4 * strength) * age],
            radius: 0.04 + 0.15 * age,
            density: 22.0 * strength * (1.0 - age) * (0.3 + age.min(0.3)),
        }
    });
    let puffs: Vec<Puff> = puffs.collect();
    let cloud = Cloud {
        albedo: [0.92, 0.93, 0.95],
        glow: 0.10,
        flatness: 1.0,
        curl_m: 0.09,
        curls: 5.0,
        risen_m: time * 0.32,
        shift: dice.range(0.0, 50.0),
        thinning: [0.35, 1.3],
    };
    pen.cloud(&puffs, &cloud);
}

/// A kettle or a pot on a stove or a crate.
fn kettle(pen: &mut Pen, dice: &mut Dice, time: f32) {
    let stand = Material::glossy([[0.72, 0.72, 0.70], [0.40, 0.28, 0.16], [0.12, 0.12, 0.13], [0.30, 0.36, 0.42]][dice.pick(4)], 0.3);
    let high = dice.range(0.60, 0.85);
    pen.contact([0.0, 0.0], [0.46, 0.50], 0.6);
    pen.upright([0.0, 0.0, high * 0.5], [0.27, 0.30, high * 0.5], AHEAD, stand);
    pen.upright([0.0, 0.0, high], [0.28, 0.31, 0.015], AHEAD, Material::plain([0.05; 3]));
    let metal = Material::glossy(lively(dice.bits()), 0.8);
    if dice.pick(2) == 0 {
        pen.cone([0.0, 0.05, high + 0.015], UP, 0.16, 0.10, 0.07, metal);
        pen.ball([0.0, 0.05, high + 0.175], [0.07, 0.07, 0.03], metal);
        pen.ball([0.0, 0.05, high + 0.21], [0.016; 3], Material::plain([0.04; 3]));
        pen.capsule([0.0, 0.13, high + 0.07], [0.0, 0.21, high + 0.16], 0.018, metal);
        steam(pen, dice, time, [0.0, 0.22, high + 0.18], 0.9);
    } else {
        pen.cone([0.0, 0.0, high + 0.015], UP, 0.17, 0.14, 0.14, metal);
        pen.cone([0.0, 0.0, high + 0.183], UP, 0.004, 0.13, 0.13, Material::plain([0.35, 0.30, 0.22]));
        for side in [-1.0, 1.0] {
            pen.capsule([0.0, side * 0.14, high + 0.14], [0.0, side * 0.19, high + 0.14], 0.015, Material::plain([0.05; 3]));
        }
        steam(pen, dice, time, [0.0, 0.0, high + 0.19], 1.0);
    }
}

/// A humidifier on the floor or a stool.
fn humidifier(pen: &mut Pen, dice: &mut Dice, time: f32) {
    let plastic = Material::glossy(scale(lively(dice.bits()), 0.4).map(|channel| channel + 0.45), 0.4);
    let low = if dice.pick(2) == 0 { 0.0 } else { 0.42 };
    pen.contact([0.0, 0.0], [0.32, 0.32], 0.55);
    if low > 0.0 {
        let wood = Material::with([0.42, 0.28, 0.15], Pattern::Wood, 3.0);
        pen.cone([0.0, 0.0, low - 0.03], UP, 0.03, 0.18, 0.18, wood);
        for number in 0..3 {
            let turn = turned(number as f32 * 2.09);
            pen.capsule([turn[0] * 0.17, turn[1] * 0.17, 0.0], [turn[0] * 0.12, turn[1] * 0.12, low - 0.02], 0.016, wood);
        }
    }
    pen.cone([0.0, 0.0, low], UP, 0.12, 0.14, 0.15, Material { colour: scale(plastic.colour, 0.6), ..plastic });
    pen.cone([0.0, 0.0, low + 0.12], UP, 0.18, 0.15, 0.07, plastic);
    pen.cone([0.0, 0.0, low + 0.30], UP, 0.04, 0.035, 0.03, Material::plain([0.2; 3]));
    pen.ball([0.14, 0.0, low + 0.06], [0.015, 0.03, 0.015], Material::with([0.2, 0.5, 0.9], Pattern::Lamp, 0.0));
    steam(pen, dice, time, [0.0, 0.0, low + 0.33], 1.1);
}

/// A standing lamp with a warm shade.
fn floor_lamp(pen: &mut Pen, dice: &mut Dice) {
    let pole = Material::glossy(lively(dice.bits()), 0.5);
    let light = from_hue(dice.range(0.07, 0.13), dice.range(0.25, 0.6), 0.9);
    let shade = Material::with(light, Pattern::Lamp, 0.0);
    let tall = dice.range(1.05, 1.5);
    pen.contact([0.0, 0.0], [0.28, 0.28], 0.5);
    pen.cone([0.0, 0.0, 0.0], UP, 0.03, 0.15, 0.13, pole);
    match dice.pick(3) {
        0 => {
            pen.capsule([0.0, 0.0, 0.03], [0.0, 0.0, tall], 0.014, pole);
            pen.cone([0.0, 0.0, tall - 0.05], UP, 0.28, 0.20, 0.13, shade);
        }
        1 => {
            pen.capsule([0.0, 0.0, 0.03], [0.0, 0.0, tall], 0.014, pole);
            pen.ball([0.0, 0.0, tall + 0.1], [0.15; 3], shade);
        }
        _ => {
            // Paper, from the floor up.
            pen.cone([0.0, 0.0, 0.05], UP, tall * 0.8, 0.14, 0.14, shade);
            for ring in 0..5 {
                pen.cone([0.0, 0.0, 0.05 + tall * 0.2 * ring as f32], UP, 0.012, 0.145, 0.145, Material::plain([0.10, 0.08, 0.06]));
            }
        }
    }
}

/// An electric heater with glowing rods.
fn heater(pen: &mut Pen, dice: &mut Dice) {
    let metal = Material::glossy([[0.10, 0.10, 0.11], [0.60, 0.60, 0.58], [0.42, 0.40, 0.36], [0.35, 0.06, 0.05]][dice.pick(4)], 0.4);
    let glow = Material::with(from_hue(dice.range(0.03, 0.065), 0.93, 0.55), Pattern::Lamp, 0.0);
    let (half, tall) = (dice.range(0.24, 0.36), dice.range(0.40, 0.60));
    pen.contact([0.0, 0.0], [0.34, half * 1.7], 0.55);
    pen.upright([-0.03, 0.0, tall * 0.5 + 0.05], [0.06, half, tall * 0.5], AHEAD, metal);
    pen.upright([0.03, 0.0, tall * 0.5 + 0.05], [0.004, half * 0.9, tall * 0.42], AHEAD, Material::glossy([0.45, 0.43, 0.40], 0.7));
    for rod in 0..3 {
        let z = 0.05 + tall * (0.26 + 0.24 * rod as f32);
        pen.capsule([0.055, -half * 0.8, z], [0.055, half * 0.8, z], 0.014, glow);
    }
    for wire in 0..9 {
        let y = half * (wire as f32 / 4.5 - 0.9);
        pen.capsule([0.085, y, 0.09], [0.085, y, tall], 0.004, metal);
    }
    for side in [-1.0, 1.0] {
        pen.upright([0.0, side * half * 0.8, 0.025], [0.14, 0.02, 0.025], AHEAD, metal);
    }
}

/// A window frame or a sign with an evening sky in it.
fn lit_window(pen: &mut Pen, dice: &mut Dice) {
    let frame = Material::plain([[0.72, 0.71, 0.68], [0.20, 0.13, 0.08], [0.16, 0.17, 0.18]][dice.pick(3)]);
    let (half, low, high) = (dice.range(0.40, 0.60), dice.range(0.55, 0.75), dice.range(1.5, 1.9));
    let middle = (low + high) * 0.5;
    pen.contact([0.0, 0.0], [0.25, half * 1.5], 0.5);
    pen.upright([-0.03, 0.0, low * 0.5], [0.07, half + 0.04, low * 0.5], AHEAD, Material::plain([0.5, 0.49, 0.47]));
    let hue = dice.range(0.04, 0.10);
    for band in 0..6 {
        let share = band as f32 / 5.0;
        let sky = from_hue(hue + 0.05 * share, 0.85 - 0.5 * share, 0.34 - 0.05 * share);
        let step = (high - low) / 6.0;
        pen.upright(
            [0.0, 0.0, low + step * (band as f32 + 0.5)],
            [0.012, half, step * 0.5],
            AHEAD,
            Material::with(sky, Pattern::Lamp, 0.0),
        );
    }
    for y in [-half, 0.0, half] {
        pen.upright([0.015, y, middle], [0.025, 0.03, (high - low) * 0.5 + 0.03], AHEAD, frame);
    }
    for z in [low, middle, high] {
        pen.upright([0.015, 0.0, z], [0.025, half + 0.03, 0.03], AHEAD, frame);
    }
}

/// A standard lamp beside a small table whose kettle steams in its light.
fn lamp_in_steam(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 42);
    let wood = Material::with([0.40, 0.26, 0.14], Pattern::Wood, 3.0);
    let metal = Material::glossy([0.46, 0.46, 0.47], 0.9);
    let brass = Material::glossy([0.34, 0.25, 0.10], 0.6);
    pen.contact([0.0, 0.0], [0.42, 0.50], 0.5);
    pen.cone([0.0, 0.10, 0.50], UP, 0.03, 0.24, 0.24, wood);
    pen.cone([0.0, 0.10, 0.0], UP, 0.50, 0.05, 0.03, wood);
    pen.cone([0.0, 0.10, 0.0], UP, 0.03, 0.17, 0.15, wood);
    // The kettle: body, lid, spout, handle.
    pen.cone([0.0, 0.10, 0.53], UP, 0.15, 0.095, 0.065, metal);
    pen.ball([0.0, 0.10, 0.68], [0.065, 0.065, 0.025], metal);
    pen.ball([0.0, 0.10, 0.71], [0.016, 0.016, 0.016], Material::plain([0.04, 0.04, 0.04]));
    pen.capsule([0.0, 0.17, 0.59], [0.0, 0.245, 0.69], 0.018, metal);
    pen.capsule([0.0, 0.01, 0.66], [0.0, -0.02, 0.58], 0.012, Material::plain([0.05, 0.05, 0.05]));
    // The lamp: stand, shade, bulb light below it.
    pen.cone([0.0, -0.22, 0.0], UP, 0.03, 0.13, 0.12, brass);
    pen.capsule([0.0, -0.22, 0.03], [0.0, -0.22, 1.20], 0.014, brass);
    let shade = Material::with([0.95, 0.78, 0.46], Pattern::Lamp, 0.0);
    pen.cone([0.0, -0.22, 1.12], UP, 0.26, 0.19, 0.11, shade);
    let rise = 0.32;
    let puffs: Vec<Puff> = (0..9)
        .map(|number| {
            let age = fract(number as f32 / 9.0 + subject.time * 0.13);
            let sway = 0.22 * (smooth(age * 2.0 - subject.time * 0.3, number as f32 * 0.2 + dice.range(0.0, 0.4)) - 0.5) * age;
            Puff {
                centre: [0.05 * age, 0.25 - 0.18 * age + sway, 0.70 + 0.85 * age],
                radius: 0.05 + 0.20 * age,
                density: 30.0 * (1.0 - age) * (0.3 + age.min(0.3)),
            }
        })
        .collect();
    let cloud = Cloud {
        albedo: [0.92, 0.93, 0.95],
        glow: 0.10,
        flatness: 1.0,
        curl_m: 0.09,
        curls: 5.0,
        risen_m: subject.time * rise,
        shift: dice.range(0.0, 50.0),
        thinning: [0.35, 1.3],
    };
    pen.cloud(&puffs, &cloud);
}
