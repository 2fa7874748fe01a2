//! Spilled liquid, in nine forms: its outline, its colour and what it came from.
//!
//! In -> out: a seed, a form and a stage -> parts. Deliberately absent: flow; the stage says how wide it is.

use super::{AHEAD, Subject, UP, invented, tumbled, turned};
use crate::render::{
    colours::lively,
    decals::Surface,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, add, scale},
};
use std::f32::consts::PI;

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    match subject.form {
        0 => puddle(pen, subject),
        1 => trail(pen, subject),
        2 => splashes(pen, subject),
        3 => with_bucket(pen, subject),
        4 => with_drum(pen, subject),
        5 => with_bottle(pen, subject),
        7 => invented::spill::bare(pen, subject),
        8 => invented::spill::with_source(pen, subject),
        _ => under_machine(pen, subject),
    }
}

/// What was spilled.
#[derive(Clone, Copy)]
pub(super) struct Liquid {
    pub(super) tint: V3,
    pub(super) cloudy: f32,
    /// Colours of a thin film of oil, 0 to 1.
    pub(super) film: f32,
}

const WATER: Liquid = Liquid { tint: [0.10, 0.14, 0.16], cloudy: 0.15, film: 0.0 };
const OIL: Liquid = Liquid { tint: [0.014, 0.012, 0.010], cloudy: 0.90, film: 0.6 };
const MILK: Liquid = Liquid { tint: [0.80, 0.79, 0.75], cloudy: 0.96, film: 0.0 };

fn liquid(dice: &mut Dice) -> Liquid {
    let coloured = |tint| Liquid { tint, cloudy: 0.78, film: 0.0 };
    match dice.pick(9) {
        0 | 1 => WATER,
        2 => OIL,
        3 => Liquid { film: 0.0, ..OIL },
        4 => MILK,
        5 => coloured([0.16, 0.06, 0.015]),
        6 => coloured([0.08, 0.36, 0.05]),
        7 => coloured([0.03, 0.12, 0.42]),
        _ => coloured([[0.42, 0.03, 0.03], [0.55, 0.25, 0.02], [0.50, 0.42, 0.03]][dice.pick(3)]),
    }
}

/// Where liquid lies: blobs in units of `half`, 1 is the edge.
pub(super) struct Pool {
    pub(super) centre: [f32; 2],
    pub(super) half: [f32; 2],
    /// Cosine and sine of its turn.
    pub(super) turn: [f32; 2],
    pub(super) blobs: Vec<[f32; 3]>,
    pub(super) shift: f32,
}

pub(super) fn pour(pen: &mut Pen, liquid: Liquid, pool: Pool) {
    let Liquid { tint, cloudy, film } = liquid;
    let Pool { centre, half, turn, blobs, shift } = pool;
    pen.decal(centre, half, turn, Surface::Puddle { tint, cloudy, film, shift, blobs }, true);
}

/// One broad blob with bulges.
fn broad(dice: &mut Dice, bulges: usize) -> Vec<[f32; 3]> {
    let mut blobs = vec![[0.0, 0.0, 0.75]];
    for number in 0..bulges {
        let turn = turned((number as f32 + dice.range(-0.3, 0.3)) * 2.0 * PI / bulges as f32);
        let out = dice.range(0.30, 0.58);
        blobs.push([turn[0] * out, turn[1] * out, dice.range(0.30, 0.50)]);
    }
    blobs
}

/// A long trail.
fn trail(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 161);
    let liquid = liquid(&mut dice);
    let count = 7;
    let bend = dice.range(-0.35, 0.35);
    let mut blobs = Vec::new();
    for number in 0..count {
        let way = number as f32 / (count - 1) as f32 * 1.6 - 0.8;
        blobs.push([way, bend * (way * way * 2.0 - 0.5) + dice.range(-0.1, 0.1), dice.range(0.24, 0.40)]);
    }
    blobs.push([dice.range(-0.7, 0.7), dice.range(-0.2, 0.2), 0.5]);
    let length = 0.25 + dice.range(0.7, 1.0) * subject.stage;
    // Blobs are round in units of the decal: a long decal draws them out.
    let pool =
        Pool { centre: [0.0; 2], half: [length, length * 0.55], turn: turned(dice.range(0.0, PI)), blobs, shift: dice.range(0.0, 50.0) };
    pour(pen, liquid, pool);
}

/// A burst: one blob and drops all around.
fn splashes(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 162);
    let liquid = liquid(&mut dice);
    let mut blobs = vec![[0.0, 0.0, dice.range(0.42, 0.58)]];
    for number in 0..16 {
        let turn = turned(number as f32 * 2.4 + dice.range(-0.3, 0.3));
        let out = dice.range(0.45, 1.05);
        blobs.push([turn[0] * out, turn[1] * out, dice.range(0.09, 0.24) * (1.3 - 0.6 * out)]);
    }
    let radius = 0.25 + 0.60 * subject.stage;
    let pool = Pool {
        centre: [0.0; 2],
        half: [radius, radius * dice.range(0.7, 1.0)],
        turn: turned(dice.range(0.0, PI)),
        blobs,
        shift: dice.range(0.0, 50.0),
    };
    pour(pen, liquid, pool);
}

fn with_bucket(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 163);
    let liquid = liquid(&mut dice);
    let radius = 0.18 + 0.50 * subject.stage;
    let blobs = broad(&mut dice, 6);
    let pool = Pool { centre: [0.1, 0.0], half: [radius * 1.2, radius], turn: AHEAD, blobs, shift: dice.range(0.0, 50.0) };
    pour(pen, liquid, pool);
    let plastic = Material::glossy(lively(dice.bits()), 0.4);
    let inside = Material::plain(scale(plastic.colour, 0.2));
    let (x, side) = (-radius * 0.85 - 0.18, dice.range(-0.5, 0.5));
    if dice.pick(3) > 0 {
        // Fallen, its opening towards the liquid.
        let up = [1.0, side * 0.5, 0.04];
        pen.contact([x + 0.05, side * 0.2], [0.28, 0.24], 0.5);
        pen.cone([x - 0.12, 0.0, 0.135], up, 0.30, 0.105, 0.145, plastic);
        let mouth = add([x - 0.12, 0.0, 0.135], scale(super::unit(up), 0.296));
        pen.cone(mouth, up, 0.008, 0.128, 0.128, inside);
        pen.capsule(add(mouth, [0.0, 0.15, 0.0]), add(mouth, [0.06, 0.0, -0.12]), 0.008, Material::plain([0.5; 3]));
    } else {
        pen.contact([x, side * 0.3], [0.26, 0.26], 0.55);
        pen.cone([x, side * 0.3, 0.0], UP, 0.30, 0.11, 0.15, plastic);
        pen.cone([x, side * 0.3, 0.296], UP, 0.006, 0.135, 0.135, inside);
        // A mop leans across it.
        let wood = Material::with([0.45, 0.30, 0.15], Pattern::Wood, 2.0);
        pen.capsule([x + 0.35, side * 0.3 + 0.35, 0.05], [x - 0.1, side * 0.3 - 0.1, 1.0], 0.014, wood);
        pen.ball([x + 0.37, side * 0.3 + 0.37, 0.05], [0.14, 0.10, 0.05], Material::with([0.55, 0.54, 0.50], Pattern::Cloth, 4.0));
    }
}

fn with_drum(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 164);
    let liquid = if dice.pick(2) == 0 { OIL } else { liquid(&mut dice) };
    let radius = 0.20 + 0.58 * subject.stage;
    let blobs = broad(&mut dice, 5);
    let pool = Pool {
        centre: [0.15, 0.0],
        half: [radius * 1.1, radius * 1.1],
        turn: turned(dice.range(0.0, PI)),
        blobs,
        shift: dice.range(0.0, 50.0),
    };
    pour(pen, liquid, pool);
    let colour = lively(dice.bits());
    let low = dice.range(0.25, 0.45);
    let steel = Material { gloss: 0.5, ..Material::with(colour, Pattern::Bands { low, high: low + 0.15, second: [0.65, 0.6, 0.5] }, 0.0) };
    let ring = Material::glossy(scale(colour, 0.8), 0.5);
    let size = dice.range(0.75, 1.0);
    let (wide, tall) = (0.285 * size, 0.85 * size);
    if dice.pick(3) == 0 {
        let foot = [-radius * 0.8 - wide, dice.range(-0.2, 0.2), 0.0];
        pen.contact([foot[0], foot[1]], [wide * 1.7, wide * 1.7], 0.6);
        pen.cone(foot, UP, tall, wide, wide, steel);
        for share in [0.33, 0.67, 0.98] {
            pen.cone([foot[0], foot[1], tall * share], UP, 0.02, wide * 1.04, wide * 1.04, ring);
        }
    } else {
        let yaw = dice.range(-1.1, 1.1);
        let axis = turned(yaw);
        let up = [axis[0], axis[1], 0.0];
        let foot = [-radius * 0.55 - axis[0] * tall, -axis[1] * tall * 0.5 - 0.1, wide];
        pen.decal(
            [foot[0] + axis[0] * tall * 0.5, foot[1] + axis[1] * tall * 0.5],
            [tall * 0.75, wide * 1.6],
            axis,
            Surface::Contact { strength: 0.6 },
            false,
        );
        pen.cone(foot, up, tall, wide, wide, steel);
        for share in [0.0, 0.33, 0.67, 0.98] {
            pen.cone(add(foot, scale(up, tall * share)), up, 0.02, wide * 1.04, wide * 1.04, ring);
        }
        pen.cone(add(foot, scale(up, tall)), up, 0.025, 0.05 * size, 0.05 * size, Material::plain([0.03; 3]));
    }
}

/// Fallen bottles, some of them broken, or a canister.
fn with_bottle(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 165);
    let liquid = liquid(&mut dice);
    let radius = 0.15 + 0.45 * subject.stage;
    let blobs = broad(&mut dice, 7);
    let pool =
        Pool { centre: [0.0; 2], half: [radius * 1.2, radius], turn: turned(dice.range(0.0, PI)), blobs, shift: dice.range(0.0, 50.0) };
    pour(pen, liquid, pool);
    let glass = Material::glossy([[0.05, 0.22, 0.08], [0.20, 0.10, 0.03], [0.45, 0.52, 0.55], [0.62, 0.63, 0.64]][dice.pick(4)], 0.9);
    if dice.pick(3) == 0 {
        let plastic = Material::glossy(lively(dice.bits()), 0.3);
        let at = [-radius * 0.8, dice.range(-0.1, 0.1), 0.09];
        pen.contact([at[0], at[1]], [0.26, 0.24], 0.5);
        pen.block(at, [0.17, 0.13, 0.085], tumbled(dice.range(-0.6, 0.6), 0.0), plastic);
        pen.capsule([at[0] + 0.17, at[1] + 0.06, 0.10], [at[0] + 0.22, at[1] + 0.06, 0.10], 0.03, Material::plain([0.5, 0.05, 0.04]));
    } else {
        for number in 0..1 + dice.pick(2) {
            let turn = turned(dice.range(-0.8, 0.8) + number as f32);
            let at = [-radius * dice.range(0.3, 0.9), (number as f32 - 0.5) * 0.3, 0.045];
            let end = |far: f32| [at[0] + turn[0] * far, at[1] + turn[1] * far, 0.045];
            pen.capsule(at, end(0.16), 0.043, glass);
            pen.capsule(end(0.16), end(0.29), 0.016, glass);
            pen.capsule(end(0.02), end(0.12), 0.045, Material::plain([0.70, 0.66, 0.52]));
        }
    }
    for number in 0..dice.pick(6) {
        let turn = turned(number as f32 * 1.7 + dice.range(0.0, 1.0));
        let out = radius * dice.range(0.2, 1.0);
        let half = [dice.range(0.02, 0.05), dice.range(0.015, 0.03), 0.004];
        pen.block([turn[0] * out, turn[1] * out, 0.012], half, tumbled(dice.range(0.0, PI), dice.range(-0.3, 0.3)), glass);
    }
}

/// From under a cabinet or a machine, or from a pipe that drips.
fn under_machine(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 166);
    let liquid = if dice.pick(2) == 0 { WATER } else { liquid(&mut dice) };
    let radius = 0.25 + 0.60 * subject.stage;
    let mut blobs = broad(&mut dice, 6);
    blobs.push([-0.7, 0.0, 0.55]);
    let pool = Pool { centre: [0.1, 0.0], half: [radius * 1.05, radius * 1.2], turn: AHEAD, blobs, shift: dice.range(0.0, 50.0) };
    pour(pen, liquid, pool);
    let body = Material::glossy([[0.70, 0.70, 0.69], [0.40, 0.42, 0.43], [0.14, 0.30, 0.22], [0.12, 0.12, 0.13]][dice.pick(4)], 0.4);
    let half = [0.28, dice.range(0.26, 0.34), dice.range(0.40, 0.80)];
    let x = -radius * 0.45 - half[0];
    pen.contact([x, 0.0], [half[0] * 1.7, half[1] * 1.7], 0.6);
    pen.upright([x, 0.0, half[2] + 0.04], half, AHEAD, body);
    if half[2] < 0.55 {
        // A washing machine.
        pen.cone([x + half[0], 0.0, half[2]], [1.0, 0.0, 0.0], 0.02, half[1] * 0.62, half[1] * 0.60, Material::plain([0.35, 0.36, 0.37]));
        pen.cone(
            [x + half[0] + 0.018, 0.0, half[2]],
            [1.0, 0.0, 0.0],
            0.012,
            half[1] * 0.48,
            half[1] * 0.45,
            Material::glossy([0.03, 0.04, 0.05], 0.9),
        );
    } else {
        pen.upright([x + half[0], 0.0, half[2] * 1.25], [0.008, half[1] * 0.94, 0.008], AHEAD, Material::plain([0.10; 3]));
        pen.capsule(
            [x + half[0] + 0.03, half[1] * 0.75, half[2] * 1.35],
            [x + half[0] + 0.03, half[1] * 0.75, half[2] * 1.7],
            0.012,
            Material::glossy([0.5; 3], 0.8),
        );
    }
}

/// A puddle, sometimes with its bucket or drum.
fn puddle(pen: &mut Pen, subject: &Subject) {
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
    let surface = Surface::Puddle { tint, cloudy, film: 0.0, shift: dice.range(0.0, 50.0), blobs };
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
