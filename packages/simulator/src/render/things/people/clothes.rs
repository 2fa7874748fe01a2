//! Clothes, skin and hair.
//!
//! In -> out: dice -> what somebody wears. Deliberately absent: bodies (see `people`).

use crate::render::{
    colours::{from_hue, lively},
    material::{Material, Pattern},
    noise::Dice,
    vector::{V3, mix, scale},
};

/// What is on the legs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Legs {
    Trousers,
    Shorts,
    /// A skirt or the lower half of a dress.
    Skirt,
}

/// What is on the head.
#[derive(Clone, Copy)]
pub(super) enum Hat {
    None,
    Helmet(Material),
    Cap(Material),
}

pub(super) struct Clothes {
    pub(super) shirt: Material,
    /// Upper arms and forearms.
    pub(super) sleeves: [Material; 2],
    pub(super) trousers: Material,
    pub(super) legs: Legs,
    pub(super) shoes: Material,
    pub(super) skin: Material,
    pub(super) hair: Material,
    pub(super) has_long_hair: bool,
    pub(super) vest: Option<Material>,
    pub(super) hat: Hat,
    /// Width of the body against the usual.
    pub(super) wide: f32,
}

fn cloth(colour: V3, shift: f32) -> Material {
    Material::with(colour, Pattern::Cloth, shift)
}

/// The few clothes of form 0.
pub(super) fn plain(dice: &mut Dice) -> Clothes {
    const SHIRTS: [V3; 6] =
        [[0.12, 0.25, 0.52], [0.52, 0.12, 0.12], [0.70, 0.68, 0.62], [0.14, 0.40, 0.24], [0.60, 0.42, 0.08], [0.36, 0.20, 0.42]];
    const TROUSERS: [V3; 4] = [[0.07, 0.09, 0.16], [0.15, 0.14, 0.13], [0.30, 0.25, 0.18], [0.10, 0.16, 0.28]];
    let skin = mix([0.70, 0.47, 0.34], [0.24, 0.13, 0.08], dice.range(0.0, 1.0));
    let hair = [[0.04, 0.03, 0.02], [0.16, 0.09, 0.04], [0.36, 0.26, 0.12], [0.35, 0.34, 0.33]][dice.pick(4)];
    let shirt = cloth(SHIRTS[dice.pick(6)], dice.range(0.0, 50.0));
    Clothes {
        shirt,
        sleeves: [shirt; 2],
        trousers: cloth(TROUSERS[dice.pick(4)], dice.range(0.0, 50.0)),
        legs: Legs::Trousers,
        shoes: Material::glossy([0.05, 0.045, 0.04], 0.3),
        skin: Material::plain(skin),
        hair: Material::plain(hair),
        has_long_hair: false,
        vest: None,
        hat: Hat::None,
        wide: 1.0,
    }
}

/// Anything people wear at work, at home and outside.
pub(super) fn varied(dice: &mut Dice) -> Clothes {
    let skin = Material::plain(mix([0.74, 0.52, 0.40], [0.12, 0.065, 0.04], dice.range(0.0, 1.0)));
    let hairs: [V3; 7] = [
        [0.03, 0.025, 0.02],
        [0.10, 0.06, 0.03],
        [0.20, 0.11, 0.05],
        [0.45, 0.33, 0.15],
        [0.40, 0.39, 0.38],
        [0.30, 0.09, 0.03],
        [0.62, 0.60, 0.57],
    ];
    let hair = Material::plain(hairs[dice.pick(7)]);
    let shift = dice.range(0.0, 50.0);
    let shirt = match dice.pick(5) {
        // Stripes across the body.
        0 => Material::with(lively(dice.bits()), Pattern::Bands { low: -0.2, high: 0.15, second: lively(dice.bits()) }, shift),
        _ => cloth(lively(dice.bits()), shift),
    };
    let trousers = match dice.pick(3) {
        0 => from_hue(0.61, 0.6, dice.range(0.05, 0.35)),
        1 => [dice.range(0.02, 0.35); 3],
        _ => scale(lively(dice.bits()), 0.8),
    };
    let sleeve = cloth(shirt.colour, shift);
    let sleeves = match dice.pick(5) {
        0 => [skin; 2],
        1 | 2 => [sleeve, skin],
        _ => [sleeve; 2],
    };
    let legs = match dice.pick(7) {
        0 => Legs::Shorts,
        1 | 2 => Legs::Skirt,
        _ => Legs::Trousers,
    };
    let vests: [V3; 3] = [from_hue(0.20, 0.85, 0.85), from_hue(0.06, 0.95, 0.85), from_hue(0.13, 0.9, 0.85)];
    let vest = (legs != Legs::Skirt && dice.pick(4) == 0)
        .then(|| Material::with(vests[dice.pick(3)], Pattern::Bands { low: -0.42, high: -0.18, second: [0.72, 0.73, 0.74] }, shift));
    let hat_colour = [[0.80, 0.62, 0.05], [0.78, 0.78, 0.76], [0.70, 0.25, 0.03], [0.06, 0.20, 0.50]][dice.pick(4)];
    let hat = match dice.pick(7) {
        0 => Hat::Helmet(Material::glossy(hat_colour, 0.5)),
        1 => Hat::Cap(cloth(lively(dice.bits()), shift)),
        _ => Hat::None,
    };
    let shoes = Material::glossy(if dice.pick(3) == 0 { lively(dice.bits()) } else { [0.05, 0.045, 0.04] }, 0.3);
    Clothes {
        shirt,
        sleeves,
        trousers: cloth(trousers, shift + 9.0),
        legs,
        shoes,
        skin,
        hair,
        has_long_hair: dice.pick(3) == 0,
        vest,
        hat,
        wide: dice.range(0.92, 1.18),
    }
}
