//! Look-alikes: what a careless eye takes for fire, smoke or a puddle.
//!
//! In -> out: a seed -> parts. Deliberately absent: people and furniture, which have their own files.

use super::{AHEAD, Subject, UP};
use crate::render::{
    billows::Puff,
    decals::Surface,
    material::{Material, Pattern},
    noise::{Dice, fract, smooth},
    parts::{Cloud, Pen},
    vector::{V3, scale},
};

/// Red cloth over the bar of a stand.
pub(super) fn red_cloth(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 41);
    let reds: [V3; 3] = [[0.50, 0.025, 0.03], [0.42, 0.015, 0.05], [0.55, 0.05, 0.02]];
    let red = reds[dice.pick(3)];
    let metal = Material::glossy([0.30, 0.31, 0.32], 0.5);
    let top = dice.range(1.15, 1.35);
    let half = 0.42;
    pen.contact([0.0, 0.0], [0.36, 0.62], 0.5);
    for side in [-1.0, 1.0] {
        pen.capsule([0.0, side * (half + 0.05), 0.03], [0.0, side * (half + 0.05), top], 0.018, metal);
        pen.capsule([-0.2, side * (half + 0.05), 0.03], [0.2, side * (half + 0.05), 0.03], 0.018, metal);
    }
    pen.capsule([0.0, -half - 0.05, top], [0.0, half + 0.05, top], 0.018, metal);
    let shift = dice.range(0.0, 40.0);
    let folds = 11;
    for fold in 0..folds {
        let y = (fold as f32 / (folds - 1) as f32 * 2.0 - 1.0) * half;
        let sway = 0.03 * (smooth(subject.time * 0.5 + fold as f32 * 0.4, shift) - 0.5);
        let depth = if fold % 2 == 0 { 0.025 } else { -0.015 };
        let hem = 0.36 + 0.08 * smooth(fold as f32 * 0.6, shift);
        let material = Material::with(scale(red, if fold % 2 == 0 { 1.1 } else { 0.72 }), Pattern::Cloth, shift);
        pen.lump([depth + sway, y, hem - 0.03], [depth, y, top + 0.06], [0.0, 1.0, 0.0], 0.062, 0.03, material);
        pen.capsule([depth + sway, y, hem], [depth, y, top - 0.01], 0.042, material);
    }
}

/// A traffic cone, 0.72 m.
pub(super) fn orange_cone(pen: &mut Pen) {
    let orange = [0.85, 0.17, 0.015];
    let white = Pattern::Bands { low: 0.30, high: 0.45, second: [0.82, 0.82, 0.80] };
    pen.contact([0.0, 0.0], [0.36, 0.36], 0.6);
    pen.upright([0.0, 0.0, 0.02], [0.20, 0.20, 0.02], AHEAD, Material::plain([0.10, 0.09, 0.09]));
    pen.cone([0.0, 0.0, 0.04], UP, 0.68, 0.145, 0.028, Material { gloss: 0.15, ..Material::with(orange, white, 0.0) });
}

/// A standard lamp beside a small table whose kettle steams in its light.
pub(super) fn lamp_in_steam(pen: &mut Pen, subject: &Subject) {
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

pub(super) fn blue_mat(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 43);
    let blues: [V3; 3] = [[0.03, 0.12, 0.46], [0.05, 0.20, 0.52], [0.03, 0.08, 0.33]];
    let half = [dice.range(0.38, 0.50), dice.range(0.60, 0.80)];
    pen.contact([0.0, 0.0], [half[0] * 1.5, half[1] * 1.5], 0.12);
    pen.decal([0.0, 0.0], half, AHEAD, Surface::Mat { colour: blues[dice.pick(3)] }, true);
}

pub(super) fn shadow(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 44);
    let half = [dice.range(0.50, 0.70), dice.range(0.55, 0.85)];
    pen.decal([0.0, 0.0], half, AHEAD, Surface::Patch { shift: dice.range(0.0, 50.0) }, true);
}
