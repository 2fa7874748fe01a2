//! What blocks the way, in ten forms, about 2 m across it (along y).
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: falling.

use super::{AHEAD, Subject, UP, furniture::carton, invented, tumbled, turned};
use crate::render::{
    colours::lively,
    decals::Surface,
    flats::{Flat, Outline},
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, add, cross, scale},
};
use std::f32::consts::PI;

pub(super) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 190 + u32::from(subject.form));
    if subject.form > 0 {
        pen.contact([0.0, 0.0], [0.70, 1.25], 0.45);
    }
    match subject.form {
        0 => heap(pen, subject),
        1 => lumber(pen, &mut dice),
        2 => shelf(pen, &mut dice),
        3 => furniture_heap(pen, &mut dice),
        4 => rubble(pen, &mut dice),
        5 => tree(pen, &mut dice),
        6 => pallets(pen, &mut dice),
        8 => invented::blocked::heap(pen, &mut dice),
        9 => invented::blocked::row(pen, &mut dice),
        _ => barrels(pen, &mut dice),
    }
}

/// Boxes, planks and, by dice, a toppled shelf.
fn heap(pen: &mut Pen, subject: &Subject) {
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

/// A bar from near the floor, leaning by up to `lean`, its middle at `middle`.
fn bar(dice: &mut Dice, lean: f32) -> [V3; 3] {
    let (turn, rise) = (turned(0.5 * PI + dice.range(-0.6, 0.6)), turned(dice.range(-lean, lean)));
    let long = [turn[0] * rise[0], turn[1] * rise[0], rise[1]];
    let side = [-turn[1], turn[0], 0.0];
    [long, side, cross(long, side)]
}

/// Planks and beams, crosswise.
fn lumber(pen: &mut Pen, dice: &mut Dice) {
    let woods: [V3; 4] = [[0.50, 0.35, 0.18], [0.36, 0.24, 0.13], [0.62, 0.50, 0.32], [0.30, 0.29, 0.27]];
    let wood = woods[dice.pick(4)];
    for number in 0..11 {
        let axes = bar(dice, 0.30);
        let half = [dice.range(0.65, 1.05), dice.range(0.05, 0.11), dice.range(0.015, 0.045)];
        let z = half[0] * axes[0][2].abs() + half[2] + number as f32 * 0.025;
        let material = Material::with(scale(wood, dice.range(0.7, 1.25)), Pattern::Wood, dice.range(0.0, 40.0));
        pen.block([dice.range(-0.35, 0.35), dice.range(-0.35, 0.35), z], half, axes, material);
    }
}

/// A shelf that fell over, with what was on it.
fn shelf(pen: &mut Pen, dice: &mut Dice) {
    let frame =
        if dice.pick(2) == 0 { Material::with([0.45, 0.30, 0.16], Pattern::Wood, 5.0) } else { Material::glossy(lively(dice.bits()), 0.4) };
    let lean = turned(dice.range(-0.12, 0.18));
    let (long, up) = ([0.0, lean[0], lean[1]], [0.0, -lean[1], lean[0]]);
    let half = dice.range(0.8, 1.05);
    let at = |x: f32, along: f32, high: f32| add([x, 0.0, 0.26], add(scale(long, along), scale(up, high)));
    let axes = [[1.0, 0.0, 0.0], long, up];
    for high in [-0.20, 0.34] {
        pen.block(at(0.0, 0.0, high), [0.22, half, 0.018], axes, frame);
    }
    for number in 0..5 {
        let along = half * (number as f32 * 0.5 - 1.0) * 0.98;
        pen.block(at(0.0, along, 0.07), [0.22, 0.016, 0.27], axes, frame);
    }
    // Books, cans and boxes before and on it.
    for number in 0..14 {
        let colour = lively(dice.bits());
        let side = dice.sign();
        let centre = [side * dice.range(0.25, 0.65), dice.range(-0.95, 0.95), 0.0];
        if number % 3 == 0 {
            let radius = dice.range(0.04, 0.08);
            let turn = turned(dice.range(0.0, PI));
            pen.cone([centre[0], centre[1], radius], [turn[0], turn[1], 0.0], 0.18, radius, radius, Material::glossy(colour, 0.5));
        } else {
            let half = [dice.range(0.07, 0.16), dice.range(0.05, 0.12), dice.range(0.02, 0.10)];
            pen.block(
                add(centre, [0.0, 0.0, half[2] + 0.01]),
                half,
                tumbled(dice.range(0.0, PI), dice.range(-0.25, 0.25)),
                Material::plain(colour),
            );
        }
    }
}

/// A chair in any position: `axes` are its ahead, left and up, `seat` the middle of its seat.
fn overturned_chair(pen: &mut Pen, seat: V3, axes: [V3; 3], cloth: Material, leg: Material) {
    let at = |x: f32, y: f32, z: f32| add(seat, add(scale(axes[0], x), add(scale(axes[1], y), scale(axes[2], z))));
    pen.block(at(0.0, 0.0, 0.0), [0.21, 0.21, 0.025], axes, cloth);
    pen.block(at(-0.21, 0.0, 0.28), [0.02, 0.20, 0.18], axes, cloth);
    for (x, y) in [(0.18, 0.18), (0.18, -0.18), (-0.19, 0.18), (-0.19, -0.18)] {
        pen.capsule(at(x, y, 0.0), at(x * 1.1, y * 1.1, -0.42), 0.017, leg);
    }
}

/// Chairs and a table, overturned and piled up.
fn furniture_heap(pen: &mut Pen, dice: &mut Dice) {
    let wood =
        Material::with([[0.42, 0.27, 0.14], [0.62, 0.60, 0.56], [0.22, 0.14, 0.08]][dice.pick(3)], Pattern::Wood, dice.range(0.0, 40.0));
    let leg = if dice.pick(2) == 0 { wood } else { Material::glossy([0.26, 0.27, 0.28], 0.5) };
    // The table lies on its edge.
    let lean = turned(dice.range(1.2, 1.45));
    let top = [[lean[0], 0.0, lean[1]], [0.0, 1.0, 0.0], [-lean[1], 0.0, lean[0]]];
    let middle = [0.1, dice.range(-0.3, 0.3), 0.40];
    pen.block(middle, [0.38, 0.62, 0.022], top, wood);
    for (x, y) in [(0.32, 0.55), (0.32, -0.55), (-0.32, 0.55), (-0.32, -0.55)] {
        let from = add(middle, add(scale(top[0], x), [0.0, y, 0.0]));
        pen.capsule(from, add(from, scale(top[2], 0.66)), 0.025, leg);
    }
    let count = 3 + dice.pick(2);
    for number in 0..count {
        let cloth = Material::plain(lively(dice.bits()));
        let yaw = turned(dice.range(0.0, 2.0 * PI));
        let roll = turned(dice.range(1.2, 2.6) * dice.sign());
        let ahead = [yaw[0], yaw[1], 0.0];
        let side = [-yaw[1] * roll[0], yaw[0] * roll[0], roll[1]];
        let way = (number as f32 + 0.5) / count as f32 * 2.0 - 1.0;
        let z = if number % 2 == 0 { 0.26 } else { 0.55 };
        overturned_chair(pen, [dice.range(-0.35, 0.35), way * 0.85, z], [ahead, side, cross(ahead, side)], cloth, leg);
    }
}

/// Bricks, lumps of plaster and dust.
fn rubble(pen: &mut Pen, dice: &mut Dice) {
    let brick = [[0.36, 0.13, 0.08], [0.42, 0.38, 0.34], [0.50, 0.30, 0.18], [0.30, 0.30, 0.31]][dice.pick(4)];
    let pale = scale(brick, 0.8).map(|channel| channel * 0.5 + 0.16);
    pen.decal([0.0, 0.0], [0.75, 1.15], AHEAD, Surface::Flat(Box::new(Flat::plain(Outline::Dust, pale))), false);
    for number in 0..34 {
        let way = dice.range(-1.0, 1.0);
        let up = 0.42 * (1.0 - way * way) * dice.range(0.0, 1.0);
        let is_lump = number % 5 == 0;
        let half = if is_lump {
            [dice.range(0.10, 0.22), dice.range(0.08, 0.18), dice.range(0.05, 0.11)]
        } else {
            [0.12 * dice.range(0.5, 1.0), 0.057, 0.036]
        };
        let colour = if is_lump { [0.46, 0.45, 0.43] } else { scale(brick, dice.range(0.65, 1.3)) };
        let out = (0.5 - up) * dice.range(-1.0, 1.0);
        pen.block([out, way * 0.95, half[2] + up], half, tumbled(dice.range(0.0, PI), dice.range(-0.7, 0.7)), Material::plain(colour));
    }
    if dice.pick(2) == 0 {
        for _ in 0..3 {
            let end = [dice.range(-0.3, 0.3), dice.range(-0.9, 0.9), dice.range(0.5, 0.8)];
            pen.capsule([dice.range(-0.2, 0.2), dice.range(-0.5, 0.5), 0.1], end, 0.012, Material::plain([0.20, 0.12, 0.08]));
        }
    }
}

/// A fallen tree or a large branch.
fn tree(pen: &mut Pen, dice: &mut Dice) {
    let bark =
        Material::with([[0.16, 0.11, 0.07], [0.26, 0.21, 0.16], [0.42, 0.40, 0.36]][dice.pick(3)], Pattern::Wood, dice.range(0.0, 40.0));
    let green = [[0.08, 0.24, 0.06], [0.16, 0.30, 0.06], [0.34, 0.24, 0.05], [0.06, 0.18, 0.09]][dice.pick(4)];
    let side = dice.sign();
    let at = |way: f32| -> V3 { [0.12 * way, side * (way * 2.0 - 1.0), 0.12 + 0.14 * way] };
    for part in 0..4 {
        let way = part as f32 / 4.0;
        pen.capsule(at(way), at(way + 0.25), 0.11 - 0.07 * way, bark);
    }
    pen.cone(add(at(0.0), [0.0, -side * 0.12, -0.02]), [0.0, side, 0.0], 0.14, 0.14, 0.11, Material::plain([0.52, 0.40, 0.24]));
    let leaves = if dice.pick(4) == 0 { 0 } else { 5 };
    for branch in 0..9 {
        let way = 0.35 + 0.65 * branch as f32 / 8.0;
        let turn = turned(branch as f32 * 2.4 + dice.range(0.0, 0.6));
        let long = dice.range(0.35, 0.65) * (1.25 - 0.5 * way);
        let from = at(way);
        let out = [turn[0] * long, side * 0.45 * long, (turn[1].abs() * 0.9 - 0.1) * long];
        let tip = add(from, out);
        let tip = [tip[0], tip[1], tip[2].max(0.05)];
        pen.capsule(from, tip, 0.022, bark);
        for leaf in 0..leaves {
            let share = 0.4 + 0.15 * leaf as f32;
            let base: V3 = [0, 1, 2].map(|c| from[c] + (tip[c] - from[c]) * share);
            let angle = turned(leaf as f32 * 2.4 + branch as f32);
            let end = add(base, [angle[0] * 0.17, side * 0.08, angle[1] * 0.13]);
            let colour = scale(green, dice.range(0.7, 1.5));
            pen.lump(base, end, [angle[1], 0.0, -angle[0]], 0.065, 0.022, Material::with(colour, Pattern::Leaf, 0.0));
        }
    }
}

/// Pallets that slid from their stack.
fn pallets(pen: &mut Pen, dice: &mut Dice) {
    let wood = [[0.48, 0.35, 0.20], [0.38, 0.33, 0.27], [0.10, 0.18, 0.42]][dice.pick(3)];
    let count = 3;
    for number in 0..count {
        let way = number as f32 - 1.0;
        let lean = if number == 1 { dice.range(0.5, 0.9) } else { dice.range(0.05, 0.35) } * dice.sign();
        let axes = tumbled(dice.range(-0.5, 0.5), lean);
        let middle = [dice.range(-0.1, 0.1), way * 0.66, 0.10 + 0.52 * lean.abs().sin() + 0.04 * number as f32];
        let at = |x: f32, y: f32, z: f32| add(middle, add(scale(axes[0], x), add(scale(axes[1], y), scale(axes[2], z))));
        let tone = Material::with(scale(wood, dice.range(0.8, 1.2)), Pattern::Wood, dice.range(0.0, 40.0));
        for board in 0..5 {
            pen.block(at(-0.5 + 0.25 * board as f32, 0.0, 0.055), [0.055, 0.40, 0.011], axes, tone);
        }
        for y in [-0.35, 0.0, 0.35] {
            pen.block(at(0.0, y, 0.0), [0.55, 0.045, 0.045], axes, Material { colour: scale(tone.colour, 0.75), ..tone });
        }
    }
    for _ in 0..2 {
        let half = [dice.range(0.14, 0.22), dice.range(0.14, 0.22), dice.range(0.12, 0.18)];
        let material = carton(dice, half);
        pen.block([dice.range(0.2, 0.5), dice.range(-0.8, 0.8), half[2] + 0.02], half, tumbled(dice.range(0.0, PI), 0.2), material);
    }
}

/// Barrels or pipes that rolled across the way.
fn barrels(pen: &mut Pen, dice: &mut Dice) {
    if dice.pick(2) == 0 {
        let colour = lively(dice.bits());
        for number in 0..4 {
            let steel = Material::glossy(if number == 2 { lively(dice.bits()) } else { scale(colour, dice.range(0.8, 1.2)) }, 0.5);
            let ring = Material::glossy(scale(steel.colour, 0.75), 0.5);
            let (radius, tall) = (0.27, 0.82);
            let yaw = turned(dice.range(0.0, PI));
            let is_up = number == 3;
            let z = if is_up { 0.70 } else { radius };
            let up = if number == 1 { UP } else { [yaw[0], yaw[1], dice.range(-0.05, 0.15)] };
            let way = [-0.72, 0.78, 0.10, 0.05][number];
            let foot = if number == 1 { [0.05, way, 0.0] } else { [-0.4 * yaw[0], way - 0.4 * yaw[1], z] };
            pen.cone(foot, up, tall, radius, radius, steel);
            for share in [0.0, 0.33, 0.67, 0.98] {
                pen.cone(add(foot, scale(super::unit(up), tall * share)), up, 0.02, radius * 1.04, radius * 1.04, ring);
            }
        }
    } else {
        let pipe = Material::glossy([[0.45, 0.46, 0.47], [0.50, 0.22, 0.05], [0.12, 0.12, 0.13], [0.62, 0.60, 0.55]][dice.pick(4)], 0.5);
        for number in 0..9 {
            let axes = bar(dice, 0.22);
            let (radius, half) = (dice.range(0.05, 0.10), dice.range(0.75, 1.05));
            let z = half * axes[0][2].abs() + radius + 0.05 * number as f32;
            let middle = [dice.range(-0.3, 0.3), dice.range(-0.3, 0.3), z];
            let (a, b) = (add(middle, scale(axes[0], -half)), scale(axes[0], 1.0));
            pen.cone(a, b, 2.0 * half, radius, radius, pipe);
            pen.cone(add(a, scale(b, 2.0 * half)), b, 0.004, radius * 0.8, radius * 0.8, Material::plain([0.02; 3]));
            pen.cone(add(a, scale(b, -0.004)), b, 0.004, radius * 0.8, radius * 0.8, Material::plain([0.02; 3]));
        }
    }
}
