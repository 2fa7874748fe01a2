//! Smoke of any tone and density, with or without something that it comes from.
//!
//! In -> out: a seed, a stage and a time -> parts. Deliberately absent: steam, which is thin and white (see `warm`).

use crate::render::{
    billows::Puff,
    noise::{Dice, smooth},
    parts::{Cloud, Pen},
    things::{
        Subject,
        column::Column,
        oddments::{Scheme, Space, any, assemble},
        smoke::{cloud, smouldering},
        turned,
    },
    vector::V3,
};

/// From black to white, dark ones oftener.
fn tone(dice: &mut Dice) -> V3 {
    let share = dice.range(0.0, 1.0);
    let (value, warm) = (0.015 + 0.84 * share * share, dice.range(-0.10, 0.12));
    [value * (1.0 + warm), value, value * (1.0 - warm)]
}

/// Draws what it comes from, if anything; how high that is.
fn source(pen: &mut Pen, dice: &mut Dice) -> f32 {
    match dice.pick(4) {
        0 => 0.03,
        1 => {
            smouldering(pen, dice);
            0.25
        }
        _ => {
            let space = Space::on_floor([dice.range(0.08, 0.22), dice.range(0.10, 0.30)], dice.range(0.10, 0.7));
            let scheme = Scheme::draw(dice, any);
            assemble(pen, dice, &space, &scheme);
            space.tall * dice.range(0.6, 1.0)
        }
    }
}

/// One to three columns, upright or blown aside.
pub(in crate::render::things) fn column(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 311);
    let albedo = tone(&mut dice);
    let low = source(pen, &mut dice);
    // What is white is dense, else it would be steam.
    let thick = if albedo[1] > 0.4 { dice.range(14.0, 22.0) } else { dice.range(9.0, 22.0) };
    let wide = 0.16 + dice.range(0.25, 0.75) * stage;
    let blown = dice.range(0.0, 1.0) * dice.range(0.0, 1.3) * stage;
    let columns = 1 + dice.pick(3);
    for number in 0..columns {
        let column = Column {
            from: [dice.range(-0.1, 0.1), (number as f32 - 0.5 * (columns - 1) as f32) * 0.18, low],
            top_m: (low + 0.45 + dice.range(0.9, 2.2) * stage).min(pen.ceiling_m - 0.2),
            thin_m: wide * dice.range(0.12, 0.45),
            wide_m: wide * dice.range(0.6, 1.1),
            lean: [dice.range(-0.3, 0.3), dice.range(-0.25, 0.25) + blown],
            density: [thick * dice.range(0.8, 1.2), thick * dice.range(0.3, 0.6)],
            count: 8 + dice.pick(if columns == 1 { 12 } else { 5 }),
            speed: dice.range(0.06, 0.14),
        };
        let puffs = column.puffs(&mut dice, time);
        let curl_m = (0.9 * wide).clamp(0.08, 0.45);
        let curls = (0.8 / curl_m).clamp(1.6, 5.0);
        pen.cloud(&puffs, &Cloud { curl_m, curls, thinning: [dice.range(0.25, 0.5), 1.5], ..cloud(albedo, time, &mut dice) });
    }
}

/// A layer below the ceiling of any thickness, with or without a column that feeds it.
pub(in crate::render::things) fn layer(pen: &mut Pen, subject: &Subject) {
    let Subject { seed, stage, time, .. } = *subject;
    let mut dice = Dice::new(seed, 312);
    let albedo = tone(&mut dice);
    let thick = (0.35 + dice.range(0.5, 1.2) * stage).min(pen.ceiling_m * 0.5);
    let wide = 0.8 + dice.range(0.8, 1.6) * stage;
    let density = dice.range(3.2, 6.0);
    let count = 10 + dice.pick(9);
    let puffs = (0..count).map(|number| {
        let turn = turned(number as f32 * 2.4);
        let out = wide * (number as f32 / (count - 1) as f32).sqrt();
        let z = pen.ceiling_m - thick * dice.range(0.1, 0.8) - 0.05 * smooth(time * 0.3, number as f32);
        Puff { centre: [turn[0] * out, turn[1] * out, z], radius: (0.5 + 0.45 * stage) * dice.range(0.7, 1.2), density }
    });
    let mut puffs: Vec<Puff> = puffs.collect();
    if dice.pick(6) > 0 {
        let low = source(pen, &mut dice);
        let column = Column {
            from: [0.0, 0.0, low],
            top_m: pen.ceiling_m - 0.3,
            thin_m: dice.range(0.10, 0.22),
            wide_m: dice.range(0.25, 0.5),
            lean: [dice.range(-0.3, 0.3), dice.range(-0.4, 0.4)],
            density: [dice.range(9.0, 16.0), dice.range(5.0, 9.0)],
            count: 14,
            speed: 0.1,
        };
        puffs.extend(column.puffs(&mut dice, time));
    }
    pen.cloud(&puffs, &Cloud { flatness: dice.range(1.1, 1.9), thinning: [0.45, 1.3], ..cloud(albedo, time, &mut dice) });
}
