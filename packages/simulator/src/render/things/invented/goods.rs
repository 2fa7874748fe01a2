//! Stacks, shelves, tables and plants of random build.
//!
//! In -> out: dice -> bodies. Deliberately absent: anything that has fallen (see `blocked`).

use crate::render::{
    colours::from_hue,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    things::{
        AHEAD, UP,
        oddments::{Scheme, Space, any, assemble, body, brown},
        turned,
    },
    vector::scale,
};

fn scheme(dice: &mut Dice) -> Scheme {
    let colours = if dice.pick(2) == 0 { brown } else { any };
    Scheme::draw(dice, colours)
}

/// One to three columns of upright bodies.
pub(in crate::render::things) fn stacks(pen: &mut Pen, dice: &mut Dice) {
    let scheme = scheme(dice);
    let columns = 1 + dice.pick(3);
    let wide = 0.42 / columns as f32 * dice.range(0.7, 1.0);
    pen.contact([0.0, 0.0], [0.5, 0.65], 0.6);
    for column in 0..columns {
        let y = (column as f32 - 0.5 * (columns - 1) as f32) * wide * 2.1;
        let mut z = 0.0;
        for _ in 0..1 + dice.pick(4) {
            let half = [dice.range(0.14, 0.34), wide * dice.range(0.75, 1.0), dice.range(0.06, 0.20)];
            let at = [dice.range(-0.03, 0.03), y, z + half[2]];
            if dice.pick(5) == 0 {
                body(pen, dice, at, half, &scheme);
            } else {
                let material = scheme.material(dice, half);
                pen.upright(at, half, turned(dice.range(-0.08, 0.08)), material);
            }
            z += 2.0 * half[2];
        }
    }
}

/// Boards between uprights, with goods on them.
pub(in crate::render::things) fn shelf(pen: &mut Pen, dice: &mut Dice) {
    let (frame, goods) = (scheme(dice), scheme(dice));
    let (deep, half, tall) = (dice.range(0.12, 0.26), dice.range(0.25, 0.48), dice.range(0.5, 1.6));
    let boards = 2 + dice.pick(4);
    let side_half = [deep, dice.range(0.01, 0.03), tall * 0.5];
    let wood = frame.material(dice, side_half);
    pen.contact([0.0, 0.0], [deep * 1.7, half * 1.4], 0.6);
    if dice.pick(2) == 0 {
        pen.upright([-deep, 0.0, tall * 0.5], [0.008, half, tall * 0.5], AHEAD, wood);
    }
    for side in [-half, half] {
        pen.upright([0.0, side, tall * 0.5], side_half, AHEAD, wood);
    }
    let gap = tall / boards as f32;
    for number in 0..boards {
        let z = gap * (number as f32 + 0.12);
        pen.upright([0.0, 0.0, z], [deep, half, 0.012], AHEAD, wood);
        for place in 0..dice.pick(4) {
            let size = [deep * dice.range(0.3, 0.9), half * dice.range(0.10, 0.24), gap * dice.range(0.12, 0.40)];
            let y = (place as f32 - 1.0) * half * 0.6;
            body(pen, dice, [0.0, y, z + 0.012 + size[2]], size, &goods);
        }
    }
}

/// A top of any shape on legs, a foot or panels, with things on it.
pub(in crate::render::things) fn table(pen: &mut Pen, dice: &mut Dice) {
    let scheme = scheme(dice);
    let (x, y, z) = (dice.range(0.20, 0.42), dice.range(0.25, 0.62), dice.range(0.30, 1.0));
    let thick = dice.range(0.01, 0.05);
    let top = scheme.material(dice, [x, y, thick]);
    let leg = scheme.material(dice, [0.03, 0.03, z * 0.5]);
    let is_round = dice.pick(3) == 0;
    pen.contact([0.0, 0.0], [x * 1.5, y * 1.4], 0.5);
    if is_round {
        pen.cone([0.0, 0.0, z - thick], UP, 2.0 * thick, x, x, top);
    } else {
        pen.upright([0.0, 0.0, z], [x, y, thick], AHEAD, top);
    }
    let reach = [x * 0.85, if is_round { x * 0.6 } else { y * 0.88 }];
    let (radius, splay) = (dice.range(0.012, 0.04), dice.range(0.7, 1.1));
    match dice.pick(3) {
        0 => {
            pen.capsule([0.0, 0.0, 0.02], [0.0, 0.0, z], radius * 1.6, leg);
            pen.cone([0.0, 0.0, 0.0], UP, 0.03, reach[0] * 0.8, reach[0] * 0.5, leg);
        }
        1 => {
            for side in [-1.0, 1.0] {
                pen.upright([0.0, side * reach[1], z * 0.5], [reach[0], radius, z * 0.5], AHEAD, leg);
            }
        }
        _ => {
            for (sx, sy) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                let (a, b) = ([sx * reach[0], sy * reach[1]], [sx * reach[0] * splay, sy * reach[1] * splay]);
                pen.capsule([b[0], b[1], 0.01], [a[0], a[1], z], radius, leg);
            }
        }
    }
    for _ in 0..dice.pick(5) {
        let half = [dice.range(0.03, 0.14), dice.range(0.03, 0.16), dice.range(0.01, 0.14)];
        let at = [dice.range(-0.5, 0.5) * reach[0], dice.range(-0.6, 0.6) * reach[1], z + thick + half[2]];
        body(pen, dice, at, half, &scheme);
    }
    if dice.pick(3) == 0 {
        let space = Space { middle: [0.0, 0.0], low: z + thick, half: [x * 0.5, reach[1] * 0.6], tall: dice.range(0.12, 0.4) };
        assemble(pen, dice, &space, &scheme);
    }
}

/// Stems that branch anyhow, with leaves of one kind and any colour, in any vessel.
pub(in crate::render::things) fn plant(pen: &mut Pen, dice: &mut Dice) {
    let scheme = Scheme::draw(dice, any);
    let (radius, pot) = (dice.range(0.09, 0.20), dice.range(0.10, 0.36));
    pen.contact([0.0, 0.0], [radius * 1.6, radius * 1.6], 0.5);
    let half = [radius, radius, pot * 0.5];
    let clay = scheme.material(dice, half);
    if dice.pick(3) == 0 {
        pen.upright([0.0, 0.0, pot * 0.5], half, AHEAD, clay);
    } else {
        pen.cone([0.0, 0.0, 0.0], UP, pot, radius * dice.range(0.6, 1.0), radius, clay);
    }
    let hue = if dice.pick(3) == 0 { dice.range(0.0, 1.0) } else { dice.range(0.18, 0.42) };
    let green = from_hue(hue, dice.range(0.4, 0.9), dice.range(0.12, 0.5));
    let bark = Material::with(brown(dice), Pattern::Wood, 3.0);
    let (long, wide, thick) = (dice.range(0.10, 0.30), dice.range(0.025, 0.10), dice.range(0.008, 0.05));
    let (droop, tall) = (dice.range(-0.25, 0.2), dice.range(0.3, 1.1));
    let stems = 1 + dice.pick(4);
    for stem in 0..stems {
        let turn = turned(stem as f32 * 2.4 + dice.range(0.0, 1.0));
        let out = dice.range(0.02, 0.22);
        let tip = [turn[0] * out, turn[1] * out, pot + tall * dice.range(0.6, 1.0)];
        let foot = [turn[0] * 0.02, turn[1] * 0.02, pot * 0.8];
        pen.capsule(foot, tip, dice.range(0.006, 0.02), bark);
        for leaf in 0..3 + dice.pick(10 / stems + 1) {
            let share = dice.range(0.3, 1.0);
            let from = [0, 1, 2].map(|c| foot[c] + (tip[c] - foot[c]) * share);
            let around = turned(leaf as f32 * 2.4 + stem as f32);
            let to = [from[0] + around[0] * long, from[1] + around[1] * long, from[2] + droop * dice.range(0.3, 1.0)];
            let shade = Material::with(scale(green, dice.range(0.7, 1.4)), Pattern::Leaf, 0.0);
            pen.lump(from, to, [-around[1], around[0], 0.0], wide, thick, shade);
        }
        if dice.pick(3) == 0 {
            pen.ball(tip, [dice.range(0.02, 0.06); 3], Material::plain(any(dice)));
        }
    }
}
