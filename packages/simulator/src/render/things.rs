//! Every look as bodies, decals and plumes.
//!
//! In -> out: a `Thing` -> its parts, and the light it gives. Deliberately absent: where things stand and how they grow; that is the world.

mod fire;
mod smoke;
mod column;
mod gas;
mod spill;
mod blocked;
mod people;
mod red;
mod orange;
mod warm;
mod flat;
mod furniture;
mod stacks;
mod plants;
mod fixtures;
mod oddments;
mod invented;

pub(super) use fixtures::hang_lamps;

use super::{
    light::{Lamp, flicker},
    parts::Pen,
    vector::{V3, cross, scale},
    view::View,
};
use crate::{Look, Thing};

/// A thing with the numbers that its parts are made from.
struct Subject {
    seed: u64,
    /// Below `forms` of its look.
    form: u8,
    /// 0 to 1.
    stage: f32,
    /// Seconds, small enough for `f32`.
    time: f32,
}

/// How many forms a look has.
pub(crate) fn forms(look: Look) -> u8 {
    match look {
        Look::Fire | Look::BlockedPath | Look::PersonDown => 10,
        Look::Smoke | Look::LiquidSpill => 9,
        Look::GasLeak | Look::RedCloth | Look::LampInSteam | Look::BlueMat | Look::PersonStanding => 8,
        Look::OrangeCone | Look::BoxStack => 7,
        Look::PersonSitting | Look::Table | Look::Shadow => 6,
        Look::Plant => 5,
    }
}

/// Number of the first form of a look that dice invent; all from there on are for training.
pub(crate) const fn first_invented(look: Look) -> u8 {
    match look {
        Look::Fire | Look::PersonDown | Look::BlockedPath => 8,
        Look::Smoke | Look::LiquidSpill => 7,
        Look::GasLeak | Look::RedCloth | Look::OrangeCone | Look::LampInSteam | Look::BlueMat | Look::PersonStanding => 6,
        Look::PersonSitting | Look::BoxStack | Look::Table => 5,
        Look::Shadow | Look::Plant => 4,
    }
}

/// Stage as a number from 0 to 1, whatever was given.
fn stage_of(thing: &Thing) -> f32 {
    if thing.stage.is_finite() { thing.stage.clamp(0.0, 1.0) } else { 1.0 }
}

/// What shines by itself.
pub(super) fn glow(view: &View, thing: &Thing) -> Option<Lamp> {
    let stage = stage_of(thing);
    let form = thing.form % forms(thing.look);
    let [x, y] = view.place(thing.position_m);
    match thing.look {
        Look::Fire => {
            let (height, strength) = fire::glow(form, stage);
            let power = scale([2.3, 0.82, 0.18], (0.12 + 0.88 * stage) * flicker(phase(thing), thing.seed) * strength);
            Some(Lamp::new([x, y, height], power, 3.5 + 4.0 * stage, true))
        }
        Look::LampInSteam => warm::glow(thing.seed, form).map(|(height, power)| Lamp::new([x, y, height], power, 4.0, false)),
        _ => None,
    }
}

fn phase(thing: &Thing) -> f64 {
    if thing.phase_secs.is_finite() { thing.phase_secs.rem_euclid(600.0) } else { 0.0 }
}

pub(super) fn draw(pen: &mut Pen, thing: &Thing) {
    let subject = Subject { seed: thing.seed, form: thing.form % forms(thing.look), stage: stage_of(thing), time: phase(thing) as f32 };
    match thing.look {
        Look::Fire => fire::draw(pen, &subject),
        Look::Smoke => smoke::draw(pen, &subject),
        Look::GasLeak => gas::draw(pen, &subject),
        Look::LiquidSpill => spill::draw(pen, &subject),
        Look::PersonDown => people::down(pen, &subject),
        Look::BlockedPath => blocked::draw(pen, &subject),
        Look::RedCloth => red::draw(pen, &subject),
        Look::OrangeCone => orange::draw(pen, &subject),
        Look::LampInSteam => warm::draw(pen, &subject),
        Look::BlueMat => flat::mat(pen, &subject),
        Look::Shadow => flat::shadow(pen, &subject),
        Look::PersonStanding => people::standing(pen, &subject),
        Look::PersonSitting => people::sitting(pen, &subject),
        Look::BoxStack => stacks::draw(pen, &subject),
        Look::Table => furniture::table(pen, &subject),
        Look::Plant => plants::draw(pen, &subject),
    }
}

/// Straight ahead.
const AHEAD: [f32; 2] = [1.0, 0.0];
const UP: V3 = [0.0, 0.0, 1.0];

/// Cosine and sine of an angle in radians.
fn turned(angle: f32) -> [f32; 2] {
    [angle.cos(), angle.sin()]
}

/// Axes of a block turned by `yaw` and then leaned by `lean`, radians.
fn tumbled(yaw: f32, lean: f32) -> [V3; 3] {
    let (turn, rise) = (turned(yaw), turned(lean));
    let side = [-turn[1], turn[0], 0.0];
    let long = [turn[0] * rise[0], turn[1] * rise[0], rise[1]];
    [long, side, cross(long, side)]
}

/// A direction of length 1; up for none.
fn unit(direction: V3) -> V3 {
    super::vector::unit_or(direction, UP)
}
