//! Poses from joint angles, any within reason: upright on feet or knees, seated, lying, leaning against something.
//!
//! In -> out: dice -> a pose whose lowest joint touches the floor. Deliberately absent: balance; who leans far does so for a moment.

use super::poses::Pose;
use crate::render::{
    noise::Dice,
    things::turned,
    vector::{V3, add, cross, mix, scale, sub, unit_or},
};
use std::f32::consts::PI;

const UP: V3 = [0.0, 0.0, 1.0];
const AHEAD: V3 = [1.0, 0.0, 0.0];
/// Lengths of somebody 1.75 m tall, metres.
const SPINE_M: f32 = 0.47;
const NECK_M: f32 = 0.20;
const UPPER_ARM_M: f32 = 0.28;
const FOREARM_M: f32 = 0.27;
const THIGH_M: f32 = 0.43;
const SHIN_M: f32 = 0.43;

/// A direction that swings from `down` towards `ahead` by an angle, and out to a side.
fn swung(down: V3, ahead: V3, out: V3, angle: f32, spread: f32) -> V3 {
    let level = add(scale(down, angle.cos()), scale(ahead, angle.sin()));
    unit_or(add(level, scale(out, spread)), down)
}

/// Angles of one arm: how far it swings forward, out, and how far the elbow bends.
type Arm = [f32; 3];
/// Angles of one leg: thigh forward, out, and how far the knee bends.
type Leg = [f32; 3];

fn arms(dice: &mut Dice) -> [Arm; 2] {
    let mut arm = |swing: [f32; 2], bend: [f32; 2]| [dice.range(swing[0], swing[1]), dice.range(-0.1, 0.5), dice.range(bend[0], bend[1])];
    let hanging = [arm([-0.3, 0.4], [0.0, 0.5]), arm([-0.3, 0.4], [0.0, 0.5])];
    let working = [arm([0.3, 1.4], [0.1, 1.3]), arm([0.3, 1.4], [0.1, 1.3])];
    let raised = [arm([1.5, 3.0], [0.0, 0.8]), arm([1.5, 3.0], [0.0, 0.8])];
    let folded = [arm([0.1, 0.5], [1.5, 2.3]), arm([0.1, 0.5], [1.5, 2.3])];
    match dice.pick(6) {
        0 | 1 => hanging,
        2 => working,
        3 => raised,
        4 => folded,
        _ => [hanging[0], [raised, working][dice.pick(2)][1]],
    }
}

/// Upper body over a pelvis at the origin; `lean` forward, `tilt` aside, `twist` of the shoulders.
fn upper(lean: f32, tilt: f32, twist: f32, nod: f32, arms: [Arm; 2]) -> Pose {
    let axis = unit_or([lean.sin(), tilt, lean.cos()], UP);
    let ahead = unit_or(sub(AHEAD, scale(axis, axis[0])), UP);
    let side = cross(axis, ahead);
    let facing = unit_or(add(scale(ahead, twist.cos()), scale(side, twist.sin())), AHEAD);
    let across = cross(axis, facing);
    let neck = scale(axis, SPINE_M);
    let up = unit_or(add(scale(axis, nod.cos()), scale(facing, nod.sin())), UP);
    let shoulders = [1.0, -1.0].map(|sign: f32| add(sub(neck, scale(axis, 0.03)), scale(across, 0.17 * sign)));
    let mut pose = Pose {
        head: add(neck, scale(up, NECK_M)),
        neck,
        pelvis: [0.0; 3],
        shoulders,
        elbows: shoulders,
        hands: shoulders,
        hips: [[0.0, 0.09, -0.03], [0.0, -0.09, -0.03]],
        knees: [[0.0; 3]; 2],
        ankles: [[0.0; 3]; 2],
        toes: [1.0, 0.0, -0.15],
        face: unit_or(add(scale(facing, nod.cos()), scale(axis, -nod.sin())), AHEAD),
    };
    for (number, sign) in [1.0, -1.0].into_iter().enumerate() {
        let [swing, spread, bend] = arms[number];
        let (down, out) = (scale(axis, -1.0), scale(across, sign));
        pose.elbows[number] = add(shoulders[number], scale(swung(down, facing, out, swing, spread), UPPER_ARM_M));
        let fore = swung(down, facing, out, swing + bend, spread * 0.4 - 0.3 * bend.min(1.0));
        pose.hands[number] = add(pose.elbows[number], scale(fore, FOREARM_M));
    }
    pose
}

/// Adds legs and puts the lowest joint on the floor, the feet about the origin.
fn grounded(mut pose: Pose, legs: [Leg; 2], clearance: f32) -> Pose {
    for (number, sign) in [1.0, -1.0].into_iter().enumerate() {
        let [swing, spread, bend] = legs[number];
        let (down, out) = ([0.0, 0.0, -1.0], [0.0, sign, 0.0]);
        pose.knees[number] = add(pose.hips[number], scale(swung(down, AHEAD, out, swing, spread), THIGH_M));
        pose.ankles[number] = add(pose.knees[number], scale(swung(down, AHEAD, out, swing - bend, spread * 0.3), SHIN_M));
    }
    let feet = [pose.knees[0], pose.knees[1], pose.ankles[0], pose.ankles[1]];
    let lowest = feet.iter().map(|joint| joint[2]).fold(f32::MAX, f32::min);
    let middle = (pose.ankles[0][0] + pose.ankles[1][0]) * 0.25 + pose.pelvis[0] * 0.5;
    moved(&pose, [-middle, 0.0, clearance - lowest])
}

/// The same pose elsewhere; nothing below the floor.
fn moved(pose: &Pose, by: V3) -> Pose {
    let shift = |joint: V3| {
        let [x, y, z] = add(joint, by);
        [x, y, z.max(0.05)]
    };
    Pose {
        head: shift(pose.head),
        neck: shift(pose.neck),
        pelvis: shift(pose.pelvis),
        shoulders: pose.shoulders.map(shift),
        elbows: pose.elbows.map(shift),
        hands: pose.hands.map(shift),
        hips: pose.hips.map(shift),
        knees: pose.knees.map(shift),
        ankles: pose.ankles.map(shift),
        toes: pose.toes,
        face: pose.face,
    }
}

/// On feet or knees: standing, walking, bent, squatting, kneeling.
pub(super) fn on_feet(dice: &mut Dice) -> Pose {
    let arms = arms(dice);
    let way = dice.pick(7);
    let lean = match way {
        2 => dice.range(0.4, 1.35),
        3 => dice.range(0.1, 0.7),
        _ => dice.range(-0.08, 0.4),
    };
    let mut leg = |swing: [f32; 2], bend: [f32; 2]| [dice.range(swing[0], swing[1]), dice.range(0.0, 0.22), dice.range(bend[0], bend[1])];
    let legs = match way {
        0 => [leg([-0.1, 0.15], [0.0, 0.2]), leg([-0.1, 0.15], [0.0, 0.2])],
        1 => [leg([0.15, 0.65], [0.0, 0.3]), leg([-0.5, -0.1], [0.1, 0.7])],
        2 => [leg([0.0, 0.5], [0.0, 0.6]), leg([0.0, 0.5], [0.0, 0.6])],
        3 => [leg([1.2, 1.9], [1.7, 2.4]), leg([1.2, 1.9], [1.7, 2.4])],
        4 => [leg([-0.15, 0.2], [1.45, 1.6]), leg([-0.15, 0.2], [1.45, 1.6])],
        5 => [leg([1.2, 1.5], [1.2, 1.6]), leg([-0.1, 0.1], [1.45, 1.6])],
        _ => [leg([-0.2, 0.3], [0.0, 0.4]), leg([-0.2, 0.3], [0.0, 0.4])],
    };
    let pose = upper(lean, dice.range(-0.15, 0.15), dice.range(-0.5, 0.5), dice.range(-0.25, 0.5), arms);
    grounded(pose, legs, 0.08)
}

/// Upright with both hands before the chest or the belly.
pub(super) fn with_load(dice: &mut Dice) -> Pose {
    let (swing, bend) = (dice.range(0.1, 0.7), dice.range(0.7, 1.5));
    let mut leg = || [dice.range(-0.3, 0.4), dice.range(0.0, 0.15), dice.range(0.0, 0.4)];
    let legs = [leg(), leg()];
    let pose = upper(dice.range(-0.1, 0.4), 0.0, dice.range(-0.2, 0.2), dice.range(-0.1, 0.3), [[swing, 0.15, bend]; 2]);
    grounded(pose, legs, 0.08)
}

/// On a seat; its top is 0.1 m below the pelvis.
pub(super) fn seated(dice: &mut Dice) -> Pose {
    let arms = arms(dice);
    let mut leg = || {
        let swing = dice.range(1.2, 1.65);
        [swing, dice.range(0.0, 0.5), swing + dice.range(-0.6, 0.4)]
    };
    let legs = [leg(), leg()];
    let pose = upper(dice.range(-0.25, 0.6), dice.range(-0.2, 0.2), dice.range(-0.5, 0.5), dice.range(-0.2, 0.6), arms);
    let clearance = 0.08 + if dice.pick(4) == 0 { dice.range(0.0, 0.2) } else { 0.0 };
    grounded(pose, legs, clearance)
}

/// From `from` by about `long_m` in a level direction, to a height.
fn laid(from: V3, towards: V3, long_m: f32, height_m: f32) -> V3 {
    let rise = (height_m - from[2]).clamp(-long_m, long_m);
    let level = (long_m * long_m - rise * rise).max(0.0025).sqrt();
    [from[0] + towards[0] * level, from[1] + towards[1] * level, from[2] + rise]
}

/// Between two level directions by an angle.
fn level(a: V3, b: V3, angle: f32) -> V3 {
    add(scale(a, angle.cos()), scale(b, angle.sin()))
}

/// Arms and legs of somebody on the floor; `roll` is 0 on the back, half a turn face down.
fn strewn(mut pose: Pose, dice: &mut Dice, along: V3, roll: f32) -> Pose {
    let side = [-along[1], along[0], 0.0];
    let back = scale(along, -1.0);
    let is_on_side = roll.sin().abs() > 0.6;
    for (number, sign) in [1.0, -1.0].into_iter().enumerate() {
        let outness: f32 = sign * roll.cos() - 1.2 * roll.sin();
        let out = scale(side, outness.signum());
        let (reach, bend) = (dice.range(0.15, 2.7), dice.range(-1.7, 1.7));
        pose.elbows[number] = laid(pose.shoulders[number], level(back, out, reach), UPPER_ARM_M, dice.range(0.05, 0.12));
        pose.hands[number] = laid(pose.elbows[number], level(back, out, reach + bend), FOREARM_M, dice.range(0.04, 0.08));
        let thigh = if is_on_side { dice.range(0.0, 1.4) } else { dice.range(-0.1, 0.75) };
        let is_raised = roll.cos() > 0.5 && dice.pick(4) == 0;
        let knee = if is_raised { dice.range(0.2, 0.40) } else { 0.09 + 0.6 * (pose.hips[number][2] - 0.1).max(0.0) };
        pose.knees[number] = laid(pose.hips[number], level(back, out, thigh), THIGH_M, knee);
        let fold = if is_on_side { dice.range(0.0, 2.1) } else { dice.range(-0.3, 1.1) };
        pose.ankles[number] = laid(pose.knees[number], level(back, out, thigh - fold), SHIN_M, 0.07);
    }
    let face = add(scale(UP, roll.cos()), scale(side, -roll.sin()));
    Pose { face, toes: add(scale(face, 0.7), scale(back, 0.5)), ..pose }
}

/// Anyhow on the floor: on the back, the front or a side, the spine bent a little.
pub(super) fn lying(dice: &mut Dice) -> Pose {
    let roll = dice.range(-PI, PI);
    trunk(dice, roll, 0.0)
}

/// On the floor with the upper body against something; the pose, and where that begins ahead.
pub(super) fn propped(dice: &mut Dice) -> (Pose, f32) {
    let (roll, rise) = (dice.range(-0.7, 0.7), dice.range(0.2, 1.0));
    let pose = trunk(dice, roll, rise);
    let edge = pose.neck[0] + 0.10;
    (pose, edge)
}

/// The trunk along x with its head ahead, raised by an angle, with limbs strewn.
fn trunk(dice: &mut Dice, roll: f32, rise: f32) -> Pose {
    let [cos, sin] = turned(if rise > 0.0 { 0.0 } else { dice.range(-0.3, 0.3) });
    let along = [cos, sin, 0.0];
    let side = [-sin, cos, 0.0];
    let low = 0.125 + 0.045 * roll.sin().abs();
    let pelvis = [-0.05, 0.0, low];
    let slope = turned(rise);
    let axis = [along[0] * slope[0], along[1] * slope[0], slope[1]];
    let neck = add(pelvis, scale(axis, SPINE_M + 0.04));
    let across = add(scale(side, roll.cos()), scale(UP, roll.sin()));
    let floor = |[x, y, z]: V3| [x, y, z.max(0.07)];
    let shoulders = [0.17, -0.17].map(|wide| floor(add(sub(neck, scale(axis, 0.04)), scale(across, wide))));
    let hips = [0.085, -0.085].map(|wide| floor(add(sub(pelvis, scale(along, 0.03)), scale(across, wide))));
    let nod = level(along, side, dice.range(-0.5, 0.5));
    let head = if rise > 0.0 {
        // It has sunk forward or aside.
        add(neck, [dice.range(-0.10, 0.06), dice.range(-0.13, 0.13), 0.13])
    } else {
        add(mix(neck, [neck[0], neck[1], 0.11], 0.8), scale(nod, NECK_M))
    };
    let pose =
        Pose { head, neck, pelvis, shoulders, elbows: shoulders, hands: shoulders, hips, knees: hips, ankles: hips, toes: UP, face: UP };
    strewn(pose, dice, along, roll)
}
