//! Assemblies of a few bodies as dice fall: what stands, hangs and lies about somewhere and has no name.
//!
//! In -> out: a space to fill, colours to take and dice -> at most 16 bodies that look ahead (along x). Deliberately absent: what such an
//! assembly means; the forms that use it decide that (see `invented`).

mod scheme;
mod builds;
mod glowing;

pub(super) use glowing::{Shine, glowing};
pub(super) use scheme::{Scheme, any, brown, metal, orange, red};

use super::{AHEAD, UP, tumbled, turned};
use crate::render::{
    material::Material,
    noise::Dice,
    parts::Pen,
    vector::{V3, scale},
};
use std::f32::consts::PI;

/// An upright box that an assembly fills: hardly anything of it reaches out.
#[derive(Clone, Copy)]
pub(super) struct Space {
    pub(super) middle: [f32; 2],
    /// Height of its lower side, metres.
    pub(super) low: f32,
    pub(super) half: [f32; 2],
    pub(super) tall: f32,
}

impl Space {
    /// On the floor around the middle of the thing.
    pub(super) fn on_floor(half: [f32; 2], tall: f32) -> Self {
        Self { middle: [0.0; 2], low: 0.0, half, tall }
    }

    /// A place in it: -1 to 1 along x and y, 0 to 1 upwards.
    fn at(&self, x: f32, y: f32, z: f32) -> V3 {
        [self.middle[0] + x * self.half[0], self.middle[1] + y * self.half[1], self.low + z * self.tall]
    }
}

/// Fills a space with one of the builds. On the floor it casts its contact shadow.
pub(super) fn assemble(pen: &mut Pen, dice: &mut Dice, space: &Space, scheme: &Scheme) {
    if space.low < 0.05 {
        pen.contact(space.middle, space.half.map(|half| half * 1.3), 0.45);
    }
    match dice.pick(9) {
        0 | 1 => builds::stack(pen, dice, space, scheme),
        2 => builds::row(pen, dice, space, scheme),
        3 => builds::cabinet(pen, dice, space, scheme),
        4 => builds::frame(pen, dice, space, scheme),
        5 => builds::pole(pen, dice, space, scheme),
        6 => builds::clump(pen, dice, space, scheme),
        7 => builds::mirrored(pen, dice, space, scheme),
        _ => builds::vessel(pen, dice, space, scheme),
    }
}

/// One upright body of any shape within half sides.
pub(super) fn body(pen: &mut Pen, dice: &mut Dice, centre: V3, half: V3, scheme: &Scheme) {
    let material = scheme.material(dice, half);
    let foot = [centre[0], centre[1], centre[2] - half[2]];
    let round = half[0].min(half[1]);
    match dice.pick(9) {
        0 => pen.cone(foot, UP, 2.0 * half[2], round, round * dice.range(0.2, 1.0), material),
        1 => pen.cone(foot, UP, 2.0 * half[2], round * dice.range(0.5, 1.0), round, material),
        2 => pen.ball(centre, half, material),
        3 => {
            let radius = round.min(half[2]);
            let reach = [0.0, 0.0, half[2] - radius];
            pen.capsule([0, 1, 2].map(|c| centre[c] - reach[c]), [0, 1, 2].map(|c| centre[c] + reach[c]), radius, material);
        }
        _ => pen.upright(centre, half, turned(dice.range(-0.25, 0.25)), material),
    }
}

/// One body that has fallen: lies, leans or stands on an edge; its lowest point is near `low`.
pub(super) fn fallen(pen: &mut Pen, dice: &mut Dice, place: [f32; 2], low: f32, half: V3, scheme: &Scheme) {
    let (yaw, lean) = (dice.range(-PI, PI), dice.range(-0.6, 0.6));
    let axes = tumbled(yaw, lean);
    let material = scheme.material(dice, half);
    let rise = half[0] * axes[0][2].abs() + half[2] * axes[2][2].abs();
    let centre = [place[0], place[1], low + rise];
    match dice.pick(8) {
        0 => {
            let radius = half[1].max(half[2]).min(0.28);
            let foot = [0, 1, 2].map(|c| [place[0], place[1], low + radius][c] - [axes[0][0], axes[0][1], 0.0][c] * half[0]);
            pen.cone(foot, [axes[0][0], axes[0][1], 0.0], 2.0 * half[0], radius, radius * dice.range(0.6, 1.0), material);
        }
        1 => {
            let (a, b) = (scale(axes[0], half[0]), scale(axes[0], -half[0]));
            pen.lump([0, 1, 2].map(|c| centre[c] + a[c]), [0, 1, 2].map(|c| centre[c] + b[c]), axes[1], half[1], half[2], material);
        }
        _ => pen.block(centre, half, axes, material),
    }
}

/// A board or a pole across the way (along y), one end higher than the other.
pub(super) fn board(pen: &mut Pen, dice: &mut Dice, place: [f32; 2], low: f32, scheme: &Scheme) {
    let (turn, rise) = (turned(0.5 * PI + dice.range(-0.6, 0.6)), turned(dice.range(-0.4, 0.4)));
    let long = [turn[0] * rise[0], turn[1] * rise[0], rise[1]];
    let side = [-turn[1], turn[0], 0.0];
    let half = [dice.range(0.55, 1.0), dice.range(0.03, 0.15), dice.range(0.012, 0.05)];
    let centre = [place[0], place[1], low + half[0] * rise[1].abs() + half[2]];
    let material = scheme.material(dice, half);
    if dice.pick(3) == 0 {
        let end = scale(long, half[0]);
        pen.capsule([0, 1, 2].map(|c| centre[c] - end[c]), [0, 1, 2].map(|c| centre[c] + end[c]), half[1].min(0.07), material);
    } else {
        pen.block(centre, half, [long, side, crate::render::vector::cross(long, side)], material);
    }
}

/// Dark and thin: feet, posts, wires.
fn dark(dice: &mut Dice) -> Material {
    Material::glossy([dice.range(0.02, 0.30); 3], dice.range(0.0, 0.6))
}

fn plate(pen: &mut Pen, centre: V3, half: V3, material: Material) {
    pen.upright(centre, half, AHEAD, material);
}
