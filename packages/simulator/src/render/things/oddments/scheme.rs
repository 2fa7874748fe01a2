//! What an assembly is made of: two or three colours and a finish, so that its bodies belong together.
//!
//! In -> out: dice and a choice of colours -> materials. Deliberately absent: anything that shines.

use crate::render::{
    colours::{from_hue, lively},
    material::{Material, Pattern},
    noise::Dice,
    vector::{V3, scale},
};

/// A choice of colours.
pub(in crate::render::things) type Colours = fn(&mut Dice) -> V3;

/// Any colour: as things mostly are, saturated, or grey.
pub(in crate::render::things) fn any(dice: &mut Dice) -> V3 {
    match dice.pick(5) {
        0 | 1 => lively(dice.bits()),
        2 | 3 => from_hue(dice.range(0.0, 1.0), dice.range(0.4, 0.98), dice.range(0.10, 0.85)),
        _ => [dice.range(0.02, 0.80); 3],
    }
}

/// From crimson to orange.
pub(in crate::render::things) fn red(dice: &mut Dice) -> V3 {
    from_hue(dice.range(-0.04, 0.08), dice.range(0.75, 0.98), dice.range(0.20, 0.70))
}

/// From orange to yellow.
pub(in crate::render::things) fn orange(dice: &mut Dice) -> V3 {
    from_hue(dice.range(0.035, 0.15), dice.range(0.85, 0.99), dice.range(0.45, 0.90))
}

/// Card, wood, leather.
pub(in crate::render::things) fn brown(dice: &mut Dice) -> V3 {
    from_hue(dice.range(0.05, 0.12), dice.range(0.30, 0.75), dice.range(0.12, 0.65))
}

/// Painted or bare metal.
pub(in crate::render::things) fn metal(dice: &mut Dice) -> V3 {
    if dice.pick(2) == 0 { [dice.range(0.08, 0.75); 3] } else { any(dice) }
}

/// Colours and finish of one assembly.
pub(in crate::render::things) struct Scheme {
    colours: [V3; 3],
    finish: usize,
    gloss: f32,
}

impl Scheme {
    pub(in crate::render::things) fn draw(dice: &mut Dice, colours: Colours) -> Self {
        let first = colours(dice);
        let second = if dice.pick(3) == 0 { scale(first, dice.range(0.5, 1.4)) } else { colours(dice) };
        let third = if dice.pick(2) == 0 { second } else { colours(dice) };
        Self { colours: [first, second, third], finish: dice.pick(8), gloss: dice.range(0.0, 0.7) }
    }

    fn colour(&self, dice: &mut Dice) -> V3 {
        let tone = dice.range(0.8, 1.2);
        scale(self.colours[[0, 0, 1, 2][dice.pick(4)]], tone).map(|channel| channel.clamp(0.01, 0.9))
    }

    /// For a body with these half sides.
    pub(in crate::render::things) fn material(&self, dice: &mut Dice, half: V3) -> Material {
        let (colour, shift) = (self.colour(dice), dice.range(0.0, 40.0));
        let second = self.colours[dice.pick(3)];
        let low = half[2] * dice.range(-0.7, 0.5);
        match if dice.pick(4) == 0 { dice.pick(8) } else { self.finish } {
            0 => Material::plain(colour),
            1 => Material::glossy(colour, self.gloss),
            2 => Material::with(colour, Pattern::Wood, shift),
            3 => Material::with(colour, Pattern::Board, shift),
            4 => Material::with(colour, Pattern::Cloth, shift),
            5 => Material::with(colour, Pattern::Carton { half }, shift),
            6 => Material::with(colour, Pattern::Stripes { per_m: dice.range(2.0, 14.0), second }, shift),
            _ => {
                let bands = Pattern::Bands { low, high: low + half[2] * dice.range(0.15, 0.7), second };
                Material { gloss: self.gloss, ..Material::with(colour, bands, 0.0) }
            }
        }
    }
}
