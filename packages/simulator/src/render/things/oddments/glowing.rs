//! Assemblies that shine by themselves: bars, grids, discs, panels, coils, bulbs, in a case, a frame or on a stand.
//!
//! In -> out: a space, a shine and dice -> bodies. Deliberately absent: flames, and the light on the room (the lamp of the thing).

use super::{Scheme, Space, UP, any, assemble, dark, metal, plate};
use crate::render::{
    colours::from_hue,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, mix, scale},
};

/// Two colours between which its parts are, and how strongly they shine.
pub(in crate::render::things) struct Shine {
    colours: [V3; 2],
    strength: f32,
}

impl Shine {
    /// From deep red over orange to warm white; any colour where `is_any`.
    pub(in crate::render::things) fn draw(dice: &mut Dice, is_any: bool) -> Self {
        let hue = if is_any { dice.range(0.0, 1.0) } else { dice.range(-0.01, 0.13) };
        // Strong colours mostly: what is pale and bright comes out white, as the lamps of buildings do.
        let saturation = if dice.pick(4) == 0 { dice.range(0.35, 0.8) } else { dice.range(0.8, 0.99) };
        let value = dice.range(0.45, 1.0);
        let first = from_hue(hue, saturation, value);
        let second = from_hue(hue + dice.range(-0.04, 0.06), (saturation * dice.range(0.5, 1.05)).min(1.0), value);
        let second = if dice.pick(2) == 0 { first } else { second };
        Self { colours: [first, second], strength: dice.range(0.6, 2.6) }
    }

    /// Power of its lamp.
    pub(in crate::render::things) fn power(&self) -> V3 {
        scale(self.colours[0], 0.13 * self.strength)
    }

    /// A part `way` from one colour to the other.
    fn part(&self, way: f32) -> Material {
        Material::with(mix(self.colours[0], self.colours[1], way), Pattern::Glow { strength: self.strength }, 0.0)
    }
}

/// Fills a space with something that shines.
pub(in crate::render::things) fn glowing(pen: &mut Pen, dice: &mut Dice, space: &Space, shine: &Shine) {
    let colours = if dice.pick(2) == 0 { metal } else { any };
    let scheme = Scheme::draw(dice, colours);
    match dice.pick(7) {
        0..=2 => case(pen, dice, space, shine, &scheme),
        3 => posts(pen, dice, space, shine),
        4 => stand(pen, dice, space, shine, &scheme),
        5 => solids(pen, dice, space, shine, &scheme),
        _ => {
            assemble(pen, dice, space, &scheme);
            let face = Space { middle: [space.middle[0] + space.half[0], space.middle[1]], low: space.low + space.tall * 0.3, ..*space };
            front(pen, dice, &Space { half: [0.02, space.half[1] * 0.6], tall: space.tall * 0.4, ..face }, shine);
        }
    }
}

/// Parts in a case, with or without a grille before them.
fn case(pen: &mut Pen, dice: &mut Dice, space: &Space, shine: &Shine, scheme: &Scheme) {
    let half = [space.half[0] * dice.range(0.3, 0.9), space.half[1], space.tall * 0.47];
    pen.contact(space.middle, [half[0] * 2.0, half[1] * 1.5], 0.55);
    let back = space.at(0.0, 0.0, 0.53);
    plate(pen, back, half, scheme.material(dice, half));
    for side in [-0.75, 0.75] {
        plate(pen, space.at(0.0, side, 0.03), [half[0] * 1.3, 0.02, space.tall * 0.03], dark(dice));
    }
    let x = back[0] + half[0];
    let inset = [dice.range(0.55, 0.95), dice.range(0.45, 0.92)];
    let hollow = if dice.pick(2) == 0 { Material::glossy([dice.range(0.3, 0.6); 3], 0.7) } else { dark(dice) };
    plate(pen, [x, back[1], back[2]], [0.004, half[1] * inset[0], half[2] * inset[1]], hollow);
    let face = Space {
        middle: [x + 0.015, space.middle[1]],
        low: back[2] - half[2] * inset[1],
        half: [0.02, half[1] * inset[0] * 0.92],
        tall: 2.0 * half[2] * inset[1],
    };
    front(pen, dice, &face, shine);
    let (bars, is_level) = (dice.pick(7), dice.pick(2) == 0);
    let wire = dark(dice);
    for bar in 0..bars {
        let way = (bar as f32 + 0.5) / bars as f32;
        let (a, b) = if is_level { ([-1.0, way], [1.0, way]) } else { ([way * 2.0 - 1.0, 0.0], [way * 2.0 - 1.0, 1.0]) };
        pen.capsule(face.at(2.2, a[0], a[1]), face.at(2.2, b[0], b[1]), 0.005, wire);
    }
}

/// What shines on a face: the space is flat, along x only as deep as the parts.
fn front(pen: &mut Pen, dice: &mut Dice, face: &Space, shine: &Shine) {
    match dice.pick(7) {
        0 | 1 => {
            let is_level = dice.pick(2) == 0;
            let count = 1 + dice.pick(7);
            bars(pen, dice, face, shine, is_level, count);
        }
        2 => {
            let count = [2 + dice.pick(3), 2 + dice.pick(4)];
            bars(pen, dice, face, shine, true, count[0]);
            bars(pen, dice, face, shine, false, count[1]);
        }
        3 => {
            let count = 1 + dice.pick(5);
            let radius = (face.half[1] / count as f32).min(face.tall * 0.5) * dice.range(0.5, 0.95);
            for number in 0..count {
                let way = (number as f32 + 0.5) / count as f32;
                pen.cone(face.at(0.0, way * 2.0 - 1.0, 0.5), [1.0, 0.0, 0.0], 0.015, radius, radius, shine.part(way));
            }
        }
        4 => {
            let (columns, rows) = (1 + dice.pick(3), 1 + dice.pick(4));
            for number in 0..columns * rows {
                let (y, z) = ((number % columns) as f32 + 0.5, (number / columns) as f32 + 0.5);
                let half = [0.006, face.half[1] / columns as f32 * 0.9, face.tall * 0.5 / rows as f32 * 0.9];
                plate(pen, face.at(0.0, y / columns as f32 * 2.0 - 1.0, z / rows as f32), half, shine.part(z / rows as f32));
            }
        }
        5 => ring(pen, dice, face, shine),
        _ => {
            let count = 5 + dice.pick(7);
            let at = |number: usize| face.at(0.0, if number.is_multiple_of(2) { -0.95 } else { 0.95 }, number as f32 / count as f32);
            let thick = dice.range(0.008, 0.022);
            for number in 0..count {
                pen.capsule(at(number), at(number + 1), thick, shine.part(number as f32 / count as f32));
            }
        }
    }
}

/// Equal bars, level or upright, all over a face.
fn bars(pen: &mut Pen, dice: &mut Dice, face: &Space, shine: &Shine, is_level: bool, count: usize) {
    let room = if is_level { face.tall } else { 2.0 * face.half[1] } / count as f32;
    let thick = (room * dice.range(0.06, 0.4)).clamp(0.006, 0.09);
    for number in 0..count {
        let way = (number as f32 + 0.5) / count as f32;
        let side = way * 2.0 - 1.0;
        let (a, b) =
            if is_level { (face.at(0.0, -1.0, way), face.at(0.0, 1.0, way)) } else { (face.at(0.0, side, 0.0), face.at(0.0, side, 1.0)) };
        pen.capsule(a, b, thick, shine.part(way));
    }
}

/// A round tube, as chords.
fn ring(pen: &mut Pen, dice: &mut Dice, face: &Space, shine: &Shine) {
    let count = 10;
    let (round, thick) = (dice.range(0.6, 0.95), dice.range(0.008, 0.03));
    let size = face.half[1].min(face.tall * 0.5) * round;
    let middle = face.at(0.0, 0.0, 0.5);
    let at = |number: usize| {
        let [y, z] = super::turned(number as f32 * std::f32::consts::TAU / count as f32);
        [middle[0], middle[1] + y * size, middle[2] + z * size]
    };
    for number in 0..count {
        pen.capsule(at(number), at(number + 1), thick, shine.part(number as f32 / count as f32));
    }
}

/// Parts between two posts, or bulbs on a string from one to the other.
fn posts(pen: &mut Pen, dice: &mut Dice, space: &Space, shine: &Shine) {
    let post = dark(dice);
    pen.contact(space.middle, space.half.map(|half| half * 1.3), 0.4);
    for side in [-1.0, 1.0] {
        pen.capsule(space.at(0.0, side, 0.0), space.at(0.0, side, 1.0), 0.018, post);
        pen.capsule(space.at(-0.8, side, 0.02), space.at(0.8, side, 0.02), 0.018, post);
    }
    if dice.pick(2) == 0 {
        let low = dice.range(0.2, 0.6);
        let face =
            Space { low: space.low + space.tall * low, tall: space.tall * (0.97 - low), half: [0.02, space.half[1] * 0.92], ..*space };
        return front(pen, dice, &face, shine);
    }
    let (count, sag) = (4 + dice.pick(7), dice.range(0.05, 0.5));
    let radius = dice.range(0.02, 0.07);
    for number in 0..count {
        let way = (number as f32 + 0.5) / count as f32 * 2.0 - 1.0;
        pen.ball(
            space.at(0.0, way, 0.95 - sag * (1.0 - way * way)),
            [radius, radius, radius * dice.range(0.8, 1.6)],
            shine.part((way + 1.0) * 0.5),
        );
    }
}

/// Heads on a pole.
fn stand(pen: &mut Pen, dice: &mut Dice, space: &Space, shine: &Shine, scheme: &Scheme) {
    let stem = scheme.material(dice, [0.05; 3]);
    let round = 0.6 * space.half[1];
    pen.contact(space.middle, [round * 1.4; 2], 0.5);
    pen.cone(space.at(0.0, 0.0, 0.0), UP, 0.03, round * 0.8, round * 0.6, stem);
    pen.capsule(space.at(0.0, 0.0, 0.02), space.at(0.0, 0.0, 0.85), 0.015, stem);
    let count = 1 + dice.pick(4);
    for number in 0..count {
        let way = if count == 1 { 0.0 } else { number as f32 / (count - 1) as f32 * 2.0 - 1.0 };
        let at = space.at(0.0, way * 0.6, 0.85 - 0.25 * dice.range(0.0, 1.0) * way.abs());
        let size = round * dice.range(0.4, 0.9) / if count > 2 { 1.6 } else { 1.0 };
        pen.capsule(space.at(0.0, 0.0, 0.6), at, 0.01, stem);
        match dice.pick(3) {
            0 => pen.ball(at, [size, size, size * dice.range(0.6, 1.3)], shine.part(0.5 + 0.5 * way)),
            1 => pen.cone(at, UP, size * dice.range(0.6, 1.6), size, size * dice.range(0.3, 1.0), shine.part(0.5 + 0.5 * way)),
            _ => pen.cone(at, [1.0, 0.0, dice.range(-0.6, 0.2)], size * 0.7, size * 0.5, size, shine.part(0.5 + 0.5 * way)),
        }
    }
}

/// Bodies that shine all through, on the floor or on something.
fn solids(pen: &mut Pen, dice: &mut Dice, space: &Space, shine: &Shine, scheme: &Scheme) {
    let high = if dice.pick(2) == 0 { 0.0 } else { dice.range(0.3, 0.7) };
    pen.contact(space.middle, space.half.map(|half| half * 1.4), 0.4);
    if high > 0.0 {
        let half = [space.half[0] * 0.9, space.half[1] * 0.9, space.tall * high * 0.5];
        plate(pen, space.at(0.0, 0.0, high * 0.5), half, scheme.material(dice, half));
    }
    for _ in 0..1 + dice.pick(4) {
        let half = [
            space.half[0] * dice.range(0.2, 0.5),
            space.half[1] * dice.range(0.15, 0.45),
            space.tall * (1.0 - high) * dice.range(0.2, 0.5),
        ];
        let foot = space.at(dice.range(-0.3, 0.3), dice.range(-0.6, 0.6), high);
        let (centre, part) = ([foot[0], foot[1], foot[2] + half[2]], shine.part(dice.range(0.0, 1.0)));
        match dice.pick(4) {
            0 => pen.ball(centre, half, part),
            1 => pen.cone(foot, UP, 2.0 * half[2], half[1], half[1] * dice.range(0.3, 1.0), part),
            2 => pen.capsule([foot[0], foot[1], foot[2] + half[1]], [foot[0], foot[1], foot[2] + half[1] + half[2]], half[1], part),
            _ => plate(pen, centre, half, part),
        }
        plate(pen, [foot[0], foot[1], foot[2] + 0.012], [half[0], half[1], 0.012], dark(dice));
    }
}
