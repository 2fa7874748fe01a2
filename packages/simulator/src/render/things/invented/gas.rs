//! Leaks from vessels and pipes without a name. The sign of a leak is that of the other forms: a straight pale jet and a cloud on the floor.
//!
//! In -> out: a seed and dice -> bodies, and where gas leaves. Deliberately absent: the gas itself (see `gas::release`).

use crate::render::{
    colours::from_hue,
    material::Material,
    noise::Dice,
    parts::Pen,
    things::{
        AHEAD, UP,
        gas::Nozzle,
        oddments::{Scheme, Space, any, assemble, metal},
        turned,
    },
    vector::{V3, add, scale},
};

/// Pale: nearly white, with some yellow, green or blue.
pub(in crate::render::things) fn tint(dice: &mut Dice) -> V3 {
    from_hue(dice.range(0.14, 0.58), dice.range(0.02, 0.32), dice.range(0.82, 0.92))
}

fn steel(dice: &mut Dice) -> Material {
    Material::glossy(metal(dice), dice.range(0.2, 0.8))
}

/// A hand wheel or a lever at a place.
fn valve(pen: &mut Pen, dice: &mut Dice, at: V3) {
    let handle = Material::glossy(if dice.pick(2) == 0 { [0.5, 0.05, 0.04] } else { any(dice) }, 0.3);
    let high = dice.range(0.04, 0.14);
    pen.capsule(at, add(at, [0.0, 0.0, high]), 0.018, steel(dice));
    if dice.pick(2) == 0 {
        pen.cone(add(at, [0.0, 0.0, high]), UP, 0.02, 0.09, 0.09, handle);
    } else {
        let long = dice.sign() * dice.range(0.06, 0.14);
        pen.capsule(add(at, [0.0, 0.0, high]), add(at, [0.0, long, high]), 0.015, handle);
    }
}

/// One to four bottles, cylinders or balls, joined; the jet comes from a stub on one of them.
pub(in crate::render::things) fn vessels(pen: &mut Pen, dice: &mut Dice) -> Nozzle {
    let count = 1 + dice.pick(4);
    let (radius, tall) = (dice.range(0.07, if count > 2 { 0.13 } else { 0.26 }), dice.range(0.35, 1.3));
    let wall = steel(dice);
    let reach = radius * 2.15;
    pen.contact([0.0, 0.0], [radius * 2.0, reach * count as f32 * 0.7 + radius], 0.6);
    let leaking = dice.pick(count);
    let mut at = [0.0; 3];
    for number in 0..count {
        let y = (number as f32 - 0.5 * (count - 1) as f32) * reach;
        let high = tall * if dice.pick(3) == 0 { dice.range(0.75, 1.0) } else { 1.0 };
        let own = Material { colour: if dice.pick(4) == 0 { any(dice) } else { wall.colour }, ..wall };
        match dice.pick(3) {
            0 => {
                pen.cone([0.0, y, 0.0], UP, high * 0.85, radius, radius, own);
                pen.ball([0.0, y, high * 0.85], [radius, radius, high * 0.1], own);
            }
            1 => pen.capsule([0.0, y, radius * 0.8], [0.0, y, (high - radius).max(radius)], radius, own),
            _ => {
                pen.cone([0.0, y, 0.0], UP, high * 0.8, radius * 0.9, radius, own);
                pen.cone([0.0, y, high * 0.8], UP, high * 0.15, radius, radius * 0.3, own);
            }
        }
        let top = [0.0, y, high * 0.95];
        valve(pen, dice, top);
        if number == leaking {
            let z = if dice.pick(2) == 0 { high } else { dice.range(0.25, 0.9) * high };
            at = [radius * if z < high * 0.8 { 1.05 } else { 0.4 }, y, z];
            pen.capsule([0.0, y, z], add(at, [0.03, 0.0, 0.0]), 0.022, Material::glossy([0.45, 0.33, 0.10], 0.7));
        }
    }
    Nozzle {
        at: add(at, [0.05, 0.0, 0.0]),
        towards: turned(dice.range(-0.9, 0.9)),
        rise: dice.range(-0.15, 0.4),
        length: dice.range(0.8, 1.3),
    }
}

/// Pipes along y on posts or against a plate, with flanges; one of these leaks.
pub(in crate::render::things) fn pipes(pen: &mut Pen, dice: &mut Dice) -> Nozzle {
    let count = 1 + dice.pick(3);
    let reach = dice.range(0.3, 0.65);
    let (paint, collar, post) = (steel(dice), steel(dice), steel(dice));
    let mut z = dice.range(0.12, 0.5);
    let leaking = dice.pick(count);
    let mut at = [0.0; 3];
    pen.contact([0.0, 0.0], [0.24, reach * 1.3], 0.5);
    for number in 0..count {
        let radius = dice.range(0.02, 0.09);
        let pipe = Material { colour: if dice.pick(3) == 0 { any(dice) } else { paint.colour }, ..paint };
        pen.capsule([0.0, -reach, z], [0.0, reach, z], radius, pipe);
        let y = dice.range(-0.5, 0.5) * reach;
        if number == leaking {
            for side in [-0.03, 0.01] {
                pen.cone([0.0, y + side, z], [0.0, 1.0, 0.0], 0.025, radius * 1.7, radius * 1.7, collar);
            }
            at = [radius, y, z];
        } else {
            valve(pen, dice, [0.0, y, z + radius]);
        }
        z += dice.range(0.14, 0.4);
    }
    for side in [-0.8, 0.8] {
        let (x, half) = (-0.05, z * 0.5);
        pen.upright([x, side * reach, half], [dice.range(0.015, 0.04), 0.03, half], AHEAD, post);
    }
    if dice.pick(3) == 0 {
        let scheme = Scheme::draw(dice, metal);
        let space = Space { middle: [-0.2, 0.0], low: 0.0, half: [0.12, reach * 0.6], tall: z * dice.range(0.5, 1.1) };
        assemble(pen, dice, &space, &scheme);
    }
    let side = dice.sign();
    let at = add(at, scale([1.0, 0.0, 0.0], 0.02));
    Nozzle { at, towards: turned(side * dice.range(0.0, 1.2)), rise: dice.range(-0.15, 0.4), length: dice.range(0.8, 1.3) }
}
