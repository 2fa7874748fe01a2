//! Heaps and rows of anything, about 2 m across the way (along y).
//!
//! In -> out: dice -> bodies. Deliberately absent: gaps that a robot could pass.

use crate::render::{
    noise::Dice,
    parts::Pen,
    things::oddments::{Scheme, any, board, body, brown, fallen},
};

fn scheme(dice: &mut Dice) -> Scheme {
    let colours = if dice.pick(3) == 0 { brown } else { any };
    Scheme::draw(dice, colours)
}

/// Fallen bodies on one another, with boards among them.
pub(in crate::render::things) fn heap(pen: &mut Pen, dice: &mut Dice) {
    let schemes = [scheme(dice), scheme(dice)];
    let count = 9 + dice.pick(5);
    let large = dice.range(0.85, 1.25);
    for number in 0..count {
        let way = (number as f32 + 0.5) / count as f32 * 2.0 - 1.0;
        let half = [dice.range(0.14, 0.32) * large, dice.range(0.10, 0.24) * large, dice.range(0.07, 0.20) * large];
        let low = if number % 3 == 1 { dice.range(0.15, 0.40) } else { 0.0 };
        let place = [dice.range(-0.25, 0.25), way * 0.85];
        fallen(pen, dice, place, low, half, &schemes[number % 2]);
    }
    for number in 0..dice.pick(4) {
        let (place, low) = ([dice.range(-0.3, 0.3), dice.range(-0.3, 0.3)], dice.range(0.0, 0.25));
        board(pen, dice, place, low, &schemes[number % 2]);
    }
}

/// Bodies in a row from side to side, most upright, some overturned, one or two boards across.
pub(in crate::render::things) fn row(pen: &mut Pen, dice: &mut Dice) {
    let schemes = [scheme(dice), scheme(dice)];
    let count = 4 + dice.pick(4);
    let wide = 0.95 / count as f32;
    for number in 0..count {
        let y = ((number as f32 + 0.5) / count as f32 * 2.0 - 1.0) * 0.95;
        let scheme = &schemes[dice.pick(2)];
        let half = [dice.range(0.15, 0.32), wide * dice.range(0.75, 1.05), dice.range(0.14, 0.40)];
        let x = dice.range(-0.2, 0.2);
        if dice.pick(2) == 0 {
            fallen(pen, dice, [x, y], 0.0, half, scheme);
        } else {
            body(pen, dice, [x, y, half[2]], half, scheme);
        }
        if dice.pick(3) == 0 {
            let upper = [half[0] * 0.7, half[1] * 0.8, dice.range(0.05, 0.14)];
            fallen(pen, dice, [x, y], 2.0 * half[2], upper, scheme);
        }
    }
    for number in 0..1 + dice.pick(3) {
        let (place, low) = ([dice.range(-0.35, 0.35), dice.range(-0.3, 0.3)], dice.range(0.0, 0.35));
        board(pen, dice, place, low, &schemes[number % 2]);
    }
}
