//! Things that shine and do not burn: heaters, signs, lanterns, strings of lamps and others without a name.
//!
//! In -> out: a seed and a form -> parts, and the light they give. Deliberately absent: flames; edges are sharp and nothing flickers.

use crate::render::{
    noise::Dice,
    parts::Pen,
    things::{
        Subject,
        oddments::{Shine, Space, glowing},
        warm::steam,
    },
    vector::V3,
};

/// How its light is, from the first numbers of the dice that draw it.
fn shine(dice: &mut Dice, form: u8) -> (Shine, f32) {
    // Form 7 has other tones too.
    let is_any = form > 6 && dice.pick(3) == 0;
    (Shine::draw(dice, is_any), dice.range(0.45, 1.45))
}

fn dice_of(seed: u64, form: u8) -> Dice {
    Dice::new(seed, 330 + u32::from(form))
}

/// Height and power of its lamp.
pub(in crate::render::things) fn glow(seed: u64, form: u8) -> (f32, V3) {
    let (shine, tall) = shine(&mut dice_of(seed, form), form);
    (0.6 * tall, shine.power())
}

/// Low and broad in form 6, tall in form 7.
pub(in crate::render::things) fn draw(pen: &mut Pen, subject: &Subject) {
    let mut dice = dice_of(subject.seed, subject.form);
    let (shine, tall) = shine(&mut dice, subject.form);
    let tall = if subject.form == 6 { tall.min(0.85) } else { tall };
    let space = Space::on_floor([dice.range(0.08, 0.18), dice.range(0.20, 0.42)], tall);
    glowing(pen, &mut dice, &space, &shine);
    if dice.pick(5) == 0 {
        let (at, strength) = ([0.0, dice.range(-0.2, 0.2), tall], dice.range(0.5, 0.9));
        steam(pen, &mut dice, subject.time, at, strength);
    }
}
