//! People: a skeleton of joints in a pose, clothed in capsules and ellipsoids.
//!
//! In -> out: a seed -> pose, build and clothes. Deliberately absent: faces and movement.

use super::{AHEAD, Subject, furniture};
use crate::render::{
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, add, mix, scale, sub, unit_or},
};

/// Joints in metres; pairs are left, right.
struct Pose {
    head: V3,
    neck: V3,
    pelvis: V3,
    shoulders: [V3; 2],
    elbows: [V3; 2],
    hands: [V3; 2],
    hips: [V3; 2],
    knees: [V3; 2],
    ankles: [V3; 2],
    /// Where the toes point, from the ankle.
    toes: V3,
    /// Where the face looks.
    face: V3,
}

struct Clothes {
    shirt: Material,
    trousers: Material,
    shoes: Material,
    skin: Material,
    hair: Material,
}

fn clothes(dice: &mut Dice) -> Clothes {
    const SHIRTS: [V3; 6] =
        [[0.12, 0.25, 0.52], [0.52, 0.12, 0.12], [0.70, 0.68, 0.62], [0.14, 0.40, 0.24], [0.60, 0.42, 0.08], [0.36, 0.20, 0.42]];
    const TROUSERS: [V3; 4] = [[0.07, 0.09, 0.16], [0.15, 0.14, 0.13], [0.30, 0.25, 0.18], [0.10, 0.16, 0.28]];
    let skin = mix([0.70, 0.47, 0.34], [0.24, 0.13, 0.08], dice.range(0.0, 1.0));
    let hair = [[0.04, 0.03, 0.02], [0.16, 0.09, 0.04], [0.36, 0.26, 0.12], [0.35, 0.34, 0.33]][dice.pick(4)];
    let cloth = |colour, shift| Material::with(colour, Pattern::Cloth, shift);
    Clothes {
        shirt: cloth(SHIRTS[dice.pick(6)], dice.range(0.0, 50.0)),
        trousers: cloth(TROUSERS[dice.pick(4)], dice.range(0.0, 50.0)),
        shoes: Material::glossy([0.05, 0.045, 0.04], 0.3),
        skin: Material::plain(skin),
        hair: Material::plain(hair),
    }
}

fn clothe(pen: &mut Pen, pose: &Pose, clothes: &Clothes, tall: f32) {
    let at = |joint: V3| scale(joint, tall);
    let across = sub(pose.shoulders[0], pose.shoulders[1]);
    let chest_top = add(pose.neck, scale(sub(pose.neck, pose.pelvis), 0.08));
    let waist = mix(pose.pelvis, pose.neck, -0.08);
    pen.lump(at(waist), at(chest_top), across, 0.185 * tall, 0.125 * tall, clothes.shirt);
    let low = mix(pose.pelvis, pose.neck, 0.30);
    let deep = add(pose.pelvis, scale(sub(pose.pelvis, pose.neck), 0.24));
    pen.lump(at(deep), at(low), across, 0.160 * tall, 0.122 * tall, clothes.trousers);
    pen.capsule(at(pose.shoulders[0]), at(pose.shoulders[1]), 0.072 * tall, clothes.shirt);
    for side in 0..2 {
        pen.capsule(at(pose.shoulders[side]), at(pose.elbows[side]), 0.054 * tall, clothes.shirt);
        let cuff = mix(pose.elbows[side], pose.hands[side], 0.75);
        pen.capsule(at(pose.elbows[side]), at(cuff), 0.045 * tall, clothes.shirt);
        pen.capsule(at(cuff), at(pose.hands[side]), 0.038 * tall, clothes.skin);
        pen.capsule(at(pose.hips[side]), at(pose.knees[side]), 0.080 * tall, clothes.trousers);
        pen.capsule(at(pose.knees[side]), at(pose.ankles[side]), 0.060 * tall, clothes.trousers);
        pen.capsule(at(pose.ankles[side]), at(add(pose.ankles[side], scale(pose.toes, 0.16))), 0.05 * tall, clothes.shoes);
    }
    pen.capsule(at(pose.neck), at(pose.head), 0.052 * tall, clothes.skin);
    let up = unit_or(sub(pose.head, pose.neck), [0.0, 0.0, 1.0]);
    let (chin, crown) = (sub(pose.head, scale(up, 0.125)), add(pose.head, scale(up, 0.125)));
    pen.lump(at(chin), at(crown), across, 0.085 * tall, 0.10 * tall, clothes.skin);
    let back = add(scale(pose.face, -0.025), scale(up, 0.03));
    pen.lump(
        at(add(mix(chin, crown, 0.25), back)),
        at(add(add(crown, back), scale(up, 0.005))),
        across,
        0.095 * tall,
        0.105 * tall,
        clothes.hair,
    );
}

pub(super) fn standing(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 21);
    let clothes = clothes(&mut dice);
    let tall = dice.range(0.94, 1.06);
    let bend = dice.range(0.0, 0.28);
    let pose = Pose {
        head: [0.02, 0.0, 1.62],
        neck: [0.0, 0.0, 1.42],
        pelvis: [0.0, 0.0, 0.95],
        shoulders: [[0.0, 0.17, 1.39], [0.0, -0.17, 1.39]],
        elbows: [[-0.02, 0.25, 1.12], [0.04, -0.25, 1.13]],
        hands: [[0.08, 0.25, 0.86], [0.10 + bend, -0.22, 0.90 + bend]],
        hips: [[0.0, 0.09, 0.92], [0.0, -0.09, 0.92]],
        knees: [[0.02, 0.11, 0.50], [0.02, -0.11, 0.50]],
        ankles: [[0.0, 0.12, 0.08], [0.0, -0.12, 0.08]],
        toes: [1.0, 0.0, -0.15],
        face: [1.0, 0.0, 0.0],
    };
    pen.contact([0.05, 0.0], [0.34, 0.40], 0.55);
    clothe(pen, &pose, &clothes, tall);
}

pub(super) fn sitting(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 22);
    let clothes = clothes(&mut dice);
    let pose = Pose {
        head: [0.04, 0.0, 1.22],
        neck: [-0.02, 0.0, 1.02],
        pelvis: [-0.06, 0.0, 0.56],
        shoulders: [[-0.02, 0.17, 0.99], [-0.02, -0.17, 0.99]],
        elbows: [[0.02, 0.25, 0.73], [0.02, -0.25, 0.73]],
        hands: [[0.28, 0.13, 0.64], [0.30, -0.13, 0.64]],
        hips: [[-0.02, 0.09, 0.53], [-0.02, -0.09, 0.53]],
        knees: [[0.40, 0.11, 0.52], [0.40, -0.11, 0.52]],
        ankles: [[0.40, 0.12, 0.08], [0.42, -0.12, 0.08]],
        toes: [1.0, 0.0, -0.15],
        face: [1.0, 0.0, 0.0],
    };
    furniture::chair(pen, &mut dice);
    clothe(pen, &pose, &clothes, 1.0);
}

/// Somebody who lies: on the back, on the side, or face down.
pub(super) fn down(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 23);
    let clothes = clothes(&mut dice);
    let pose = match dice.pick(3) {
        0 => on_the_back(&mut dice),
        1 => on_the_side(),
        _ => face_down(&mut dice),
    };
    pen.contact([0.0, 0.0], [1.05, 0.48], 0.45);
    pen.decal([0.25, 0.0], [0.50, 0.34], AHEAD, super::super::decals::Surface::Contact { strength: 0.45 }, false);
    clothe(pen, &pose, &clothes, 1.0);
}

fn on_the_back(dice: &mut Dice) -> Pose {
    let bent = dice.range(0.05, 0.34);
    Pose {
        head: [0.78, 0.03, 0.11],
        neck: [0.56, 0.0, 0.13],
        pelvis: [0.05, 0.0, 0.12],
        shoulders: [[0.51, 0.18, 0.12], [0.51, -0.18, 0.12]],
        elbows: [[0.34, 0.42, 0.06], [0.62, -0.44, 0.06]],
        hands: [[0.12, 0.58, 0.05], [0.86, -0.56, 0.05]],
        hips: [[0.02, 0.09, 0.11], [0.02, -0.09, 0.11]],
        knees: [[-0.40, 0.20, 0.11], [-0.34, -0.16, 0.10 + bent]],
        ankles: [[-0.82, 0.30, 0.08], [-0.66, -0.20, 0.08]],
        toes: [-0.2, 0.35, 0.7],
        face: [0.0, 0.0, 1.0],
    }
}

fn on_the_side() -> Pose {
    Pose {
        head: [0.72, -0.06, 0.12],
        neck: [0.52, 0.0, 0.17],
        pelvis: [0.02, 0.04, 0.17],
        shoulders: [[0.47, 0.0, 0.33], [0.48, -0.04, 0.09]],
        elbows: [[0.34, -0.22, 0.28], [0.52, -0.32, 0.06]],
        hands: [[0.42, -0.42, 0.10], [0.78, -0.44, 0.05]],
        hips: [[-0.02, 0.03, 0.23], [-0.02, 0.03, 0.10]],
        knees: [[-0.24, -0.34, 0.20], [-0.40, -0.16, 0.09]],
        ankles: [[-0.58, -0.14, 0.12], [-0.80, 0.0, 0.07]],
        toes: [-0.3, -0.9, 0.0],
        face: [0.2, -1.0, 0.0],
    }
}

fn face_down(dice: &mut Dice) -> Pose {
    let out = dice.range(0.30, 0.48);
    Pose {
        head: [0.76, 0.05, 0.11],
        neck: [0.55, 0.0, 0.13],
        pelvis: [0.03, 0.0, 0.13],
        shoulders: [[0.50, 0.18, 0.12], [0.50, -0.18, 0.12]],
        elbows: [[0.74, out, 0.06], [0.26, -0.36, 0.07]],
        hands: [[1.00, 0.30, 0.05], [0.02, -0.42, 0.05]],
        hips: [[0.0, 0.09, 0.11], [0.0, -0.09, 0.11]],
        knees: [[-0.42, 0.14, 0.08], [-0.26, -0.36, 0.09]],
        ankles: [[-0.84, 0.18, 0.08], [-0.64, -0.26, 0.08]],
        toes: [-0.9, 0.1, -0.3],
        face: [0.0, 0.0, -1.0],
    }
}
