//! People in free poses, in any clothes and proportions, with what they carry, sit on, lean against or lie under.
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: the angles (see `free`).

use super::{Subject, anybody, clothe, clothes::Clothes, free};
use crate::render::{
    decals::Surface,
    noise::Dice,
    parts::Pen,
    things::{
        AHEAD,
        oddments::{Scheme, Space, any, assemble, board, body, fallen},
    },
    vector::{V3, add, scale},
};

/// Clothes with more colours and builds than `anybody` has, and a height.
fn somebody(dice: &mut Dice) -> (Clothes, f32) {
    let (mut clothes, _) = anybody(dice);
    if dice.pick(2) == 0 {
        clothes.shirt.colour = any(dice);
        if dice.pick(2) == 0 {
            clothes.sleeves[0].colour = clothes.shirt.colour;
        }
    }
    if dice.pick(3) == 0 {
        clothes.trousers.colour = any(dice);
    }
    clothes.wide = dice.range(0.84, 1.30);
    (clothes, dice.range(0.80, 1.10))
}

/// On feet or knees: free in form 6, with something in the hands or beside in form 7.
pub(super) fn standing(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 340 + u32::from(subject.form));
    let (clothes, tall) = somebody(&mut dice);
    pen.contact([0.05, 0.0], [0.42, 0.40], 0.55);
    let is_loaded = subject.form == 7 && dice.pick(2) == 0;
    let pose = if is_loaded { free::with_load(&mut dice) } else { free::on_feet(&mut dice) };
    if subject.form == 7 {
        let scheme = Scheme::draw(&mut dice, any);
        if is_loaded {
            let hands = scale(add(pose.hands[0], pose.hands[1]), 0.5 * tall);
            let half: V3 = [dice.range(0.06, 0.16), dice.range(0.10, 0.24), dice.range(0.06, 0.2)];
            body(pen, &mut dice, [hands[0] + half[0] * 0.6, hands[1], hands[2] + 0.02], half, &scheme);
        } else {
            let middle = [dice.range(0.15, 0.35), dice.sign() * dice.range(0.25, 0.4)];
            let space = Space { middle, low: 0.0, half: [dice.range(0.06, 0.16), dice.range(0.06, 0.16)], tall: dice.range(0.1, 1.0) };
            assemble(pen, &mut dice, &space, &scheme);
        }
    }
    clothe(pen, &pose, &clothes, tall);
}

/// On anything that bears somebody.
pub(super) fn sitting(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 348);
    let (clothes, tall) = somebody(&mut dice);
    let pose = free::seated(&mut dice);
    let scheme = Scheme::draw(&mut dice, any);
    let (seat, half) = ((pose.pelvis[2] - 0.10) * tall, [dice.range(0.16, 0.26), dice.range(0.18, 0.50)]);
    let middle = [(pose.pelvis[0] - 0.02) * tall, 0.0];
    pen.contact([middle[0] + 0.1, 0.0], [0.5, half[1] * 1.5], 0.55);
    let thick = if dice.pick(2) == 0 { seat * 0.5 } else { dice.range(0.015, 0.06) };
    body(pen, &mut dice, [middle[0], middle[1], seat - thick], [half[0], half[1], thick], &scheme);
    let legs = seat - 2.0 * thick;
    if legs > 0.04 {
        let leg = scheme.material(&mut dice, [0.03, 0.03, legs * 0.5]);
        let radius = dice.range(0.014, 0.05);
        for (x, y) in [(0.8, 0.85), (0.8, -0.85), (-0.8, 0.85), (-0.8, -0.85)] {
            let at = [middle[0] + x * half[0], y * half[1]];
            pen.capsule([at[0], at[1], 0.01], [at[0], at[1], legs], radius, leg);
        }
    }
    if dice.pick(2) == 0 {
        let back = [0.02, half[1] * 0.9, dice.range(0.12, 0.3)];
        let material = scheme.material(&mut dice, back);
        pen.upright([middle[0] - half[0] - 0.03, 0.0, seat + back[2] + 0.05], back, AHEAD, material);
    }
    clothe(pen, &pose, &clothes, tall);
}

/// On the floor: free in form 8; against, under or beside something in form 9.
pub(super) fn down(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 350 + u32::from(subject.form));
    let (clothes, tall) = somebody(&mut dice);
    pen.contact([0.0, 0.0], [0.95, 0.50], 0.45);
    pen.decal([0.20, 0.0], [0.50, 0.34], AHEAD, Surface::Contact { strength: 0.45 }, false);
    if subject.form == 8 {
        let pose = free::lying(&mut dice);
        return clothe(pen, &pose, &clothes, tall);
    }
    let scheme = Scheme::draw(&mut dice, any);
    let pose = match dice.pick(3) {
        0 => {
            let (pose, edge) = free::propped(&mut dice);
            let half = [dice.range(0.10, 0.22), dice.range(0.22, 0.45)];
            let tall_m = pose.neck[2] * tall + dice.range(0.0, 0.3);
            let space = Space { middle: [edge * tall + half[0], dice.range(-0.1, 0.1)], low: 0.0, half, tall: tall_m };
            pen.contact(space.middle, half.map(|side| side * 1.5), 0.55);
            if dice.pick(2) == 0 {
                assemble(pen, &mut dice, &space, &scheme);
            } else {
                let size = [half[0], half[1], tall_m * 0.5];
                let material = scheme.material(&mut dice, size);
                pen.upright([space.middle[0], space.middle[1], size[2]], size, AHEAD, material);
            }
            pose
        }
        1 => {
            for _ in 0..1 + dice.pick(3) {
                let half = [dice.range(0.08, 0.22), dice.range(0.08, 0.22), dice.range(0.03, 0.14)];
                let place = [dice.range(-0.75, -0.15), dice.range(-0.25, 0.25)];
                let low = dice.range(0.12, 0.26);
                fallen(pen, &mut dice, place, low, half, &scheme);
            }
            if dice.pick(2) == 0 {
                let place = [dice.range(-0.6, -0.2), 0.0];
                board(pen, &mut dice, place, 0.16, &scheme);
            }
            free::lying(&mut dice)
        }
        _ => {
            let middle = [dice.range(-0.4, 0.5), dice.sign() * dice.range(0.45, 0.55)];
            let space = Space { middle, low: 0.0, half: [dice.range(0.10, 0.25), dice.range(0.06, 0.16)], tall: dice.range(0.1, 0.6) };
            assemble(pen, &mut dice, &space, &scheme);
            free::lying(&mut dice)
        }
    };
    clothe(pen, &pose, &clothes, tall);
}
