//! The ways in which an assembly is put together.
//!
//! In -> out: a space, a scheme and dice -> bodies. Deliberately absent: contact shadows, and anything that has fallen.

use super::{Scheme, Space, UP, body, dark, plate};
use crate::render::{
    material::Material,
    noise::Dice,
    parts::Pen,
    vector::{V3, scale},
};

/// Bodies one on the other.
pub(super) fn stack(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let mut shares = [0.0; 6];
    let count = 2 + dice.pick(5);
    shares.iter_mut().take(count).for_each(|share| *share = dice.range(0.3, 1.6));
    let total: f32 = shares.iter().sum();
    let mut up = 0.0;
    for share in shares.into_iter().take(count) {
        let high = share / total;
        let wide = [dice.range(0.45, 1.0), dice.range(0.45, 1.0)];
        let off = [0, 1].map(|axis| dice.range(-1.0, 1.0) * (1.0 - wide[axis]) * 0.4);
        let half = [space.half[0] * wide[0], space.half[1] * wide[1], space.tall * high * 0.5];
        body(pen, dice, space.at(off[0], off[1], up + high * 0.5), half, scheme);
        up += high;
    }
}

/// Equal parts side by side or one above the other, with what holds them.
pub(super) fn row(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let count = 3 + dice.pick(7);
    let is_upright = dice.pick(2) == 0;
    let kind = dice.pick(4);
    let thin = dice.range(0.4, 0.9) / count as f32;
    let material = scheme.material(dice, [0.1; 3]);
    let other = scheme.material(dice, [0.1; 3]);
    let lean = dice.range(-0.25, 0.25) * f32::from(dice.pick(2) as u8);
    for number in 0..count {
        let way = (number as f32 + 0.5) / count as f32;
        let material = if number % 2 == 1 && kind > 1 { other } else { material };
        let (side, rise) = if is_upright { (way * 2.0 - 1.0, 0.5) } else { (0.0, way) };
        let centre = space.at(0.0, side, rise);
        let half = if is_upright {
            [space.half[0] * 0.25, space.half[1] * thin, space.tall * 0.48]
        } else {
            [space.half[0] * 0.25, space.half[1] * 0.95, space.tall * thin * 0.5]
        };
        match kind {
            0 => {
                let radius = half[1].min(half[2]);
                let reach = if is_upright { [lean * 0.2, 0.0, half[2] - radius] } else { [0.0, half[1] - radius, lean * space.tall * 0.3] };
                pen.capsule([0, 1, 2].map(|c| centre[c] - reach[c]), [0, 1, 2].map(|c| centre[c] + reach[c]), radius, material);
            }
            1 => pen.ball(centre, [half[0], half[1].max(half[2] * 0.4), half[2]], material),
            _ => plate(pen, centre, half, material),
        }
    }
    let post = if dice.pick(2) == 0 { dark(dice) } else { other };
    match dice.pick(3) {
        0 => plate(pen, space.at(-0.6, 0.0, 0.5), [0.012, space.half[1], space.tall * 0.5], post),
        1 => {
            for side in [-1.0, 1.0] {
                pen.capsule(space.at(0.0, side, 0.0), space.at(0.0, side, 1.0), 0.018, post);
            }
        }
        _ => {
            for up in [0.06, 0.94] {
                pen.capsule(space.at(0.0, -1.0, up), space.at(0.0, 1.0, up), 0.02, post);
            }
        }
    }
}

/// A box with fronts of panels.
pub(super) fn cabinet(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let half = [space.half[0] * 0.9, space.half[1], space.tall * 0.48];
    let case = scheme.material(dice, half);
    plate(pen, space.at(-0.1, 0.0, 0.52), half, case);
    plate(pen, space.at(-0.1, 0.0, 0.02), [half[0] * 0.85, half[1] * 0.9, space.tall * 0.02], dark(dice));
    let (columns, rows) = (1 + dice.pick(3), 1 + dice.pick(3));
    let gap = dice.range(0.03, 0.16);
    let knob = dice.pick(3);
    for column in 0..columns {
        for row in 0..rows {
            let (y, z) = ((column as f32 + 0.5) / columns as f32 * 2.0 - 1.0, (row as f32 + 0.5) / rows as f32);
            let face = [0.008, half[1] / columns as f32 * (1.0 - gap), half[2] / rows as f32 * (1.0 - gap)];
            let front = if dice.pick(3) == 0 {
                scheme.material(dice, face)
            } else {
                Material { colour: scale(case.colour, dice.range(0.6, 1.3)), ..case }
            };
            plate(pen, space.at(0.8, y, 0.04 + 0.96 * z), face, front);
            if knob == 0 && columns * rows < 5 {
                pen.ball(space.at(0.88, y + 0.3 / columns as f32, 0.04 + 0.96 * z), [0.018; 3], dark(dice));
            }
        }
    }
}

/// Legs and a top, with things on it or hanging below.
pub(super) fn frame(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let high = dice.range(0.45, 0.95);
    let leg = if dice.pick(2) == 0 { dark(dice) } else { scheme.material(dice, [0.03; 3]) };
    let top = [space.half[0], space.half[1], dice.range(0.01, 0.04)];
    plate(pen, space.at(0.0, 0.0, high), top, scheme.material(dice, top));
    let thick = dice.range(0.012, 0.035);
    for (x, y) in [(0.9, 0.92), (-0.9, 0.92), (0.9, -0.92), (-0.9, -0.92)] {
        pen.capsule(space.at(x, y, 0.0), space.at(x, y, high), thick, leg);
    }
    for _ in 0..1 + dice.pick(5) {
        let is_above = dice.pick(2) == 0;
        let (low, up) = if is_above { (high, 1.0) } else { (high * dice.range(0.1, 0.6), high) };
        let size = [space.half[0] * dice.range(0.15, 0.4), space.half[1] * dice.range(0.1, 0.35), space.tall * (up - low) * 0.5];
        let centre = space.at(dice.range(-0.5, 0.5), dice.range(-0.6, 0.6), (low + up) * 0.5);
        body(pen, dice, centre, size.map(|side| side.max(0.015)), scheme);
    }
}

/// A pole with arms and heads.
pub(super) fn pole(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let stem = if dice.pick(2) == 0 { dark(dice) } else { scheme.material(dice, [0.05, 0.05, space.tall * 0.5]) };
    let round = space.half[0].min(space.half[1]);
    pen.cone(space.at(0.0, 0.0, 0.0), UP, 0.03 + 0.05 * space.tall, round * dice.range(0.4, 0.9), round * dice.range(0.1, 0.6), stem);
    pen.capsule(space.at(0.0, 0.0, 0.02), space.at(0.0, 0.0, 0.9), dice.range(0.018, 0.05), stem);
    for _ in 0..1 + dice.pick(5) {
        let (y, z) = (dice.range(-0.6, 0.6), dice.range(0.35, 0.92));
        let head: V3 = [round * dice.range(0.15, 0.5), round * dice.range(0.15, 0.5), space.tall * dice.range(0.03, 0.14)];
        pen.capsule(space.at(0.0, 0.0, z - 0.05), space.at(0.0, y, z), 0.012, stem);
        body(pen, dice, space.at(0.0, y, z), head, scheme);
    }
}

/// Bodies that stand close together.
pub(super) fn clump(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    for _ in 0..3 + dice.pick(6) {
        let half = [space.half[0] * dice.range(0.2, 0.55), space.half[1] * dice.range(0.2, 0.55), space.tall * dice.range(0.12, 0.5)];
        let place = space.at(dice.range(-0.5, 0.5), dice.range(-0.6, 0.6), 0.0);
        body(pen, dice, [place[0], place[1], place[2] + half[2]], half, scheme);
    }
}

/// Bodies that are there twice, left and right, and a middle one.
pub(super) fn mirrored(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let half = [space.half[0] * dice.range(0.3, 0.9), space.half[1] * dice.range(0.2, 0.7), space.tall * dice.range(0.2, 0.5)];
    let low = dice.range(0.0, 0.4) * (space.tall - 2.0 * half[2]);
    let foot = space.at(0.0, 0.0, 0.0);
    body(pen, dice, [foot[0], foot[1], foot[2] + low + half[2]], half, scheme);
    for _ in 0..1 + dice.pick(4) {
        let half = [space.half[0] * dice.range(0.1, 0.5), space.half[1] * dice.range(0.06, 0.3), space.tall * dice.range(0.06, 0.5)];
        let (x, y, z) = (dice.range(-0.5, 0.6), dice.range(0.3, 0.75), dice.range(0.0, 1.0) * (1.0 - 2.0 * half[2] / space.tall));
        let material = scheme.material(dice, half);
        let is_round = dice.pick(3) == 0;
        for side in [-y, y] {
            let foot = space.at(x, side, z);
            if is_round {
                pen.cone(foot, UP, 2.0 * half[2], half[0].min(half[1]), half[0].min(half[1]), material);
            } else {
                plate(pen, [foot[0], foot[1], foot[2] + half[2]], half, material);
            }
        }
    }
}

/// A tank or a boiler, standing or lying, with rings, feet and stubs.
pub(super) fn vessel(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    let is_lying = dice.pick(2) == 0 && space.half[1] > 0.2;
    let wall = scheme.material(dice, [space.half[0], space.half[1], space.tall * 0.5]);
    let ring = Material { colour: scale(wall.colour, 0.7), ..wall };
    let radius = if is_lying { space.half[0].min(space.tall * 0.42) } else { space.half[0].min(space.half[1]) };
    if is_lying {
        let reach = (space.half[1] - radius).max(0.02) / space.half[1];
        let up = 1.0 - radius / space.tall;
        pen.capsule(space.at(0.0, -reach, up), space.at(0.0, reach, up), radius, wall);
        for side in [-0.6, 0.6] {
            plate(pen, space.at(0.0, side * reach, up * 0.5), [radius * 0.8, 0.03, up * space.tall * 0.5], dark(dice));
            pen.cone(space.at(0.0, side * reach * 0.6, up), [0.0, 1.0, 0.0], 0.03, radius * 1.03, radius * 1.03, ring);
        }
    } else {
        pen.cone(space.at(0.0, 0.0, 0.0), UP, space.tall * 0.85, radius, radius * dice.range(0.85, 1.0), wall);
        pen.ball(space.at(0.0, 0.0, 0.85), [radius, radius, space.tall * 0.12], wall);
        for _ in 0..dice.pick(4) {
            pen.cone(space.at(0.0, 0.0, dice.range(0.1, 0.8)), UP, 0.025, radius * 1.04, radius * 1.04, ring);
        }
    }
    for _ in 0..dice.pick(4) {
        let (y, z) = (dice.range(-0.5, 0.5), dice.range(0.3, 0.8));
        pen.capsule(space.at(0.0, y, z), space.at(0.95, y, z), dice.range(0.012, 0.03), dark(dice));
    }
}
