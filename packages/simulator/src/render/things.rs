//! Every look as bodies, decals and plumes.
//!
//! In -> out: a `Thing` -> its parts, and the light it gives. Deliberately absent: where things stand and how they grow; that is the world.

mod fixtures;
mod furniture;
mod harmless;
mod hazards;
mod people;

pub(super) use fixtures::hang_lamps;

use super::{
    light::{Lamp, flicker},
    parts::Pen,
    vector::scale,
    view::View,
};
use crate::{Look, Thing};

/// A thing with the numbers that its parts are made from.
struct Subject {
    seed: u64,
    /// Below `forms` of its look.
    #[expect(dead_code, reason = "every form is drawn as form 0 so far")]
    form: u8,
    /// 0 to 1.
    stage: f32,
    /// Seconds, small enough for `f32`.
    time: f32,
}

/// How many forms a look has.
pub(crate) fn forms(look: Look) -> u8 {
    match look {
        Look::Fire | Look::PersonDown => 8,
        Look::Smoke | Look::LiquidSpill | Look::BlockedPath => 7,
        Look::GasLeak | Look::PersonStanding => 6,
        Look::RedCloth | Look::OrangeCone | Look::LampInSteam | Look::BlueMat | Look::PersonSitting | Look::BoxStack => 5,
        Look::Shadow | Look::Table | Look::Plant => 4,
    }
}

/// Stage as a number from 0 to 1, whatever was given.
fn stage_of(thing: &Thing) -> f32 {
    if thing.stage.is_finite() { thing.stage.clamp(0.0, 1.0) } else { 1.0 }
}

/// What shines by itself.
pub(super) fn glow(view: &View, thing: &Thing) -> Option<Lamp> {
    let stage = stage_of(thing);
    let [x, y] = view.place(thing.position_m);
    match thing.look {
        Look::Fire => {
            let power = scale([2.3, 0.82, 0.18], (0.12 + 0.88 * stage) * flicker(phase(thing), thing.seed));
            Some(Lamp::new([x, y, 0.2 + 0.5 * stage], power, 3.5 + 4.0 * stage, true))
        }
        Look::LampInSteam => Some(Lamp::new([x, y, 1.25], [0.30, 0.27, 0.20], 4.0, false)),
        _ => None,
    }
}

fn phase(thing: &Thing) -> f64 {
    if thing.phase_secs.is_finite() { thing.phase_secs.rem_euclid(600.0) } else { 0.0 }
}

pub(super) fn draw(pen: &mut Pen, thing: &Thing) {
    let subject = Subject { seed: thing.seed, form: thing.form % forms(thing.look), stage: stage_of(thing), time: phase(thing) as f32 };
    match thing.look {
        Look::Fire => hazards::fire(pen, &subject),
        Look::Smoke => hazards::smoke(pen, &subject),
        Look::GasLeak => hazards::gas_leak(pen, &subject),
        Look::LiquidSpill => hazards::liquid_spill(pen, &subject),
        Look::PersonDown => people::down(pen, &subject),
        Look::BlockedPath => hazards::blocked_path(pen, &subject),
        Look::RedCloth => harmless::red_cloth(pen, &subject),
        Look::OrangeCone => harmless::orange_cone(pen),
        Look::LampInSteam => harmless::lamp_in_steam(pen, &subject),
        Look::BlueMat => harmless::blue_mat(pen, &subject),
        Look::Shadow => harmless::shadow(pen, &subject),
        Look::PersonStanding => people::standing(pen, &subject),
        Look::PersonSitting => people::sitting(pen, &subject),
        Look::BoxStack => furniture::box_stack(pen, &subject),
        Look::Table => furniture::table(pen, &subject),
        Look::Plant => furniture::plant(pen, &subject),
    }
}

/// Straight ahead.
const AHEAD: [f32; 2] = [1.0, 0.0];
const UP: super::vector::V3 = [0.0, 0.0, 1.0];

/// Cosine and sine of an angle in radians.
fn turned(angle: f32) -> [f32; 2] {
    [angle.cos(), angle.sin()]
}
