//! Red cloths and assemblies, orange and yellow ones with bands: no fire.
//!
//! In -> out: a seed and a form -> bodies. Deliberately absent: anything that glows.

use crate::render::{
    material::{Material, Pattern},
    noise::{Dice, smooth},
    parts::Pen,
    things::{
        AHEAD, UP,
        oddments::{Scheme, Space, any, assemble, body, metal, orange, red},
        turned,
    },
    vector::scale,
};

/// Sheets of random outline: on a bar, as a screen that stands in zigzag, or thrown over something.
pub(in crate::render::things) fn sheets(pen: &mut Pen, dice: &mut Dice, time: f32) {
    let colours = [red(dice), if dice.pick(3) == 0 { any(dice) } else { red(dice) }];
    let shift = dice.range(0.0, 50.0);
    let (half, top) = (dice.range(0.2, 0.48), dice.range(0.6, 1.75));
    pen.contact([0.0, 0.0], [0.28, half * 1.5], 0.5);
    match dice.pick(3) {
        0 => {
            let folds = 3 + dice.pick(4);
            for fold in 0..folds {
                let y = ((fold as f32 + 0.5) / folds as f32 * 2.0 - 1.0) * half;
                let turn = turned(dice.range(0.2, 0.6) * if fold % 2 == 0 { 1.0 } else { -1.0 });
                let high = top * dice.range(0.85, 1.0);
                let paint = Material::with(scale(colours[usize::from(dice.pick(3) == 0)], dice.range(0.85, 1.15)), Pattern::Cloth, shift);
                pen.upright([0.0, y, high * 0.5], [0.012, half / folds as f32 * 1.1, high * 0.5], turn, paint);
            }
        }
        1 => {
            let scheme = Scheme::draw(dice, red);
            let high = top.min(1.0);
            body(pen, dice, [0.0, 0.0, high * 0.4], [0.18, half * 0.7, high * 0.4], &scheme);
            for _ in 0..3 + dice.pick(5) {
                let (y, wide) = (dice.range(-0.7, 0.7) * half, dice.range(0.10, 0.22));
                let cloth = Material::with(scale(colours[0], dice.range(0.7, 1.15)), Pattern::Cloth, shift);
                pen.lump(
                    [dice.range(-0.05, 0.15), y, dice.range(0.05, 0.4) * high],
                    [0.0, y * 0.6, high * 0.95],
                    [0.0, 1.0, 0.0],
                    wide,
                    0.09,
                    cloth,
                );
            }
        }
        _ => {
            let steel = Material::glossy(metal(dice), 0.4);
            pen.capsule([0.0, -half - 0.04, top], [0.0, half + 0.04, top], 0.014, steel);
            for side in [-1.0, 1.0] {
                pen.capsule([0.0, side * (half + 0.04), 0.0], [0.0, side * (half + 0.04), top], 0.016, steel);
            }
            let (strips, ragged, slant) = (6 + dice.pick(6), dice.range(0.0, 0.5), dice.range(-0.3, 0.3));
            let hem = dice.range(0.05, 0.5);
            for strip in 0..strips {
                let way = (strip as f32 + 0.5) / strips as f32 * 2.0 - 1.0;
                let low = (hem + slant * way + ragged * (smooth(way * 3.0 + shift, shift) - 0.5)).clamp(0.02, 0.8) * top;
                let x = 0.05 * (smooth(way * 4.0 - time * 0.4, shift) - 0.5);
                let tone = scale(colours[usize::from(smooth(way * 2.0, shift + 7.0) > 0.6)], 0.75 + 0.5 * smooth(way * 6.0 + shift, 3.0));
                let paint = Material::with(tone, Pattern::Cloth, shift);
                pen.upright([x, way * half, (low + top) * 0.5], [0.008, half / strips as f32 * 1.05, (top - low) * 0.5], AHEAD, paint);
            }
        }
    }
}

/// Anything in reds and oranges.
pub(in crate::render::things) fn reds(pen: &mut Pen, dice: &mut Dice) {
    let scheme = Scheme::draw(dice, red);
    let space = Space::on_floor([dice.range(0.15, 0.36), dice.range(0.18, 0.42)], dice.range(0.3, 1.6));
    assemble(pen, dice, &space, &scheme);
}

/// Anything in orange and yellow, most of it with bands.
pub(in crate::render::things) fn oranges(pen: &mut Pen, dice: &mut Dice) {
    if dice.pick(3) == 0 {
        let scheme = Scheme::draw(dice, orange);
        let space = Space::on_floor([dice.range(0.14, 0.26), dice.range(0.17, 0.28)], dice.range(0.4, 1.1));
        return assemble(pen, dice, &space, &scheme);
    }
    let second = if dice.pick(2) == 0 { [dice.range(0.4, 0.8); 3] } else { [dice.range(0.02, 0.1); 3] };
    let count = 1 + dice.pick(3);
    pen.contact([0.0, 0.0], [0.3, 0.3], 0.5);
    for number in 0..count {
        let place = [dice.range(-0.08, 0.08), (number as f32 - 0.5 * (count - 1) as f32) * 0.22];
        let (wide, tall) = (dice.range(0.09, 0.22) / if count > 1 { 1.5 } else { 1.0 }, dice.range(0.3, 1.0));
        let low = dice.range(0.2, 0.6);
        let bands = Pattern::Bands { low: tall * low, high: tall * (low + dice.range(0.08, 0.3)), second };
        let stripes = Pattern::Stripes { per_m: dice.range(3.0, 12.0), second };
        let paint =
            Material { gloss: dice.range(0.0, 0.4), ..Material::with(orange(dice), if dice.pick(3) == 0 { stripes } else { bands }, 0.0) };
        pen.upright([place[0], place[1], 0.015], [wide * 1.2, wide * 1.2, 0.015], AHEAD, Material::plain(second));
        match dice.pick(3) {
            0 => pen.upright([place[0], place[1], tall * 0.5 + 0.03], [wide * 0.3, wide, tall * 0.5], AHEAD, paint),
            _ => pen.cone([place[0], place[1], 0.03], UP, tall, wide, wide * dice.range(0.25, 1.0), paint),
        }
        if dice.pick(3) == 0 {
            pen.cone([place[0], place[1], tall * 0.6], UP, 0.05, wide * 0.9, wide * 0.85, Material::plain(second));
        }
    }
}
