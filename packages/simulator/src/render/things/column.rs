//! A column of smoke that rises, widens and leans.
//!
//! In -> out: its measures and a time -> puffs. Deliberately absent: colour.

use crate::render::{
    billows::Puff,
    noise::{Dice, fract, smooth},
    vector::V3,
};

/// A column of puffs from `from` that rises to `top_m`, `thin_m` wide at its foot and `wide_m` at its top.
pub(super) struct Column {
    pub(super) from: V3,
    pub(super) top_m: f32,
    pub(super) thin_m: f32,
    pub(super) wide_m: f32,
    /// How far it leans at its top, metres.
    pub(super) lean: [f32; 2],
    pub(super) density: [f32; 2],
    pub(super) count: usize,
    /// Turns of the whole way a second.
    pub(super) speed: f32,
}

impl Column {
    /// Its puffs at a time, seconds.
    pub(super) fn puffs(&self, dice: &mut Dice, time: f32) -> Vec<Puff> {
        let shift = dice.range(0.0, 50.0);
        let puffs = (0..self.count).map(|number| {
            let age = fract(number as f32 / self.count as f32 + time * self.speed);
            let sway = |salt: f32| (smooth(age * 2.4 - time * 0.3, shift + salt) - 0.5) * (0.1 + age) * self.wide_m * 1.2;
            let centre = [
                self.from[0] + self.lean[0] * age + sway(0.0),
                self.from[1] + self.lean[1] * age + sway(9.0),
                self.from[2] + age * (self.top_m - self.from[2]),
            ];
            let density = self.density[0] + (self.density[1] - self.density[0]) * age;
            Puff {
                centre,
                radius: self.thin_m + (self.wide_m - self.thin_m) * age,
                density: density * (age * 8.0).min(1.0) * ((1.0 - age) * 6.0).min(1.0),
            }
        });
        puffs.collect()
    }
}
