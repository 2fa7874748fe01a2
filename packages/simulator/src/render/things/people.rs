//! People: a skeleton of joints in a pose, clothed in capsules and ellipsoids.
//!
//! In -> out: a seed and a form -> pose, build and clothes. Deliberately absent: faces and movement.

mod clothes;
mod poses;
mod props;
mod free;
mod anyhow;

use super::{AHEAD, Subject, furniture};
use crate::render::{
    colours::lively,
    decals::Surface,
    material::{Material, Pattern},
    noise::Dice,
    parts::Pen,
    vector::{V3, add, length, mix, scale, sub, unit_or},
};
use clothes::{Clothes, Hat, Legs};
use poses::Pose;

fn clothe(pen: &mut Pen, pose: &Pose, clothes: &Clothes, tall: f32) {
    let at = |joint: V3| scale(joint, tall);
    let across = sub(pose.shoulders[0], pose.shoulders[1]);
    let chest_top = add(pose.neck, scale(sub(pose.neck, pose.pelvis), 0.08));
    let waist = mix(pose.pelvis, pose.neck, -0.08);
    let wide = tall * clothes.wide;
    pen.lump(at(waist), at(chest_top), across, 0.185 * wide, 0.125 * wide, clothes.shirt);
    let low = mix(pose.pelvis, pose.neck, 0.30);
    let deep = add(pose.pelvis, scale(sub(pose.pelvis, pose.neck), 0.24));
    pen.lump(at(deep), at(low), across, 0.160 * wide, 0.122 * wide, clothes.trousers);
    pen.capsule(at(pose.shoulders[0]), at(pose.shoulders[1]), 0.072 * tall, clothes.shirt);
    let [thigh, shin] = match clothes.legs {
        Legs::Trousers => [clothes.trousers; 2],
        Legs::Shorts => [clothes.trousers, clothes.skin],
        Legs::Skirt => [clothes.skin; 2],
    };
    for side in 0..2 {
        pen.capsule(at(pose.shoulders[side]), at(pose.elbows[side]), 0.054 * tall, clothes.sleeves[0]);
        let cuff = mix(pose.elbows[side], pose.hands[side], 0.75);
        pen.capsule(at(pose.elbows[side]), at(cuff), 0.045 * tall, clothes.sleeves[1]);
        pen.capsule(at(cuff), at(pose.hands[side]), 0.038 * tall, clothes.skin);
        pen.capsule(at(pose.hips[side]), at(pose.knees[side]), 0.080 * tall, thigh);
        pen.capsule(at(pose.knees[side]), at(pose.ankles[side]), 0.060 * tall, shin);
        pen.capsule(at(pose.ankles[side]), at(add(pose.ankles[side], scale(pose.toes, 0.16))), 0.05 * tall, clothes.shoes);
    }
    head(pen, pose, clothes, tall);
    if let Some(vest) = clothes.vest {
        let (low, high) = (mix(pose.pelvis, pose.neck, 0.0), mix(pose.pelvis, pose.neck, 1.06));
        pen.lump(at(low), at(high), across, 0.198 * wide, 0.140 * wide, vest);
    }
    if clothes.legs == Legs::Skirt {
        skirt(pen, pose, clothes, tall);
    }
}

/// Hangs like a bell from somebody upright, else lies over the thighs.
fn skirt(pen: &mut Pen, pose: &Pose, clothes: &Clothes, tall: f32) {
    let at = |joint: V3| scale(joint, tall);
    let knees = scale(add(pose.knees[0], pose.knees[1]), 0.5);
    let hem = mix(pose.pelvis, knees, 0.85);
    let up = sub(pose.pelvis, hem);
    if up[2] > 0.3 {
        let spread = 0.5 * length(sub(pose.knees[0], pose.knees[1])) + 0.11;
        pen.cone(at(hem), up, length(up) * tall, spread.min(0.30) * tall, 0.145 * tall * clothes.wide, clothes.trousers);
        return;
    }
    let end = |side: usize| mix(pose.hips[side], pose.knees[side], 0.72);
    for side in 0..2 {
        pen.capsule(at(pose.hips[side]), at(end(side)), 0.098 * tall, clothes.trousers);
    }
    let middle = scale(add(end(0), end(1)), 0.5);
    pen.lump(at(pose.pelvis), at(middle), sub(end(0), end(1)), 0.16 * tall, 0.085 * tall, clothes.trousers);
}

fn head(pen: &mut Pen, pose: &Pose, clothes: &Clothes, tall: f32) {
    let at = |joint: V3| scale(joint, tall);
    let across = sub(pose.shoulders[0], pose.shoulders[1]);
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
    if clothes.has_long_hair {
        let nape = add(pose.head, scale(pose.face, -0.075));
        pen.capsule(at(add(nape, scale(up, 0.03))), at(sub(nape, scale(up, 0.20))), 0.06 * tall, clothes.hair);
    }
    match clothes.hat {
        Hat::None => {}
        Hat::Helmet(shell) => {
            let low = add(pose.head, add(scale(up, 0.045), scale(pose.face, -0.01)));
            pen.lump(at(sub(low, scale(up, 0.02))), at(add(low, scale(up, 0.13))), across, 0.118 * tall, 0.135 * tall, shell);
            pen.cone(at(low), up, 0.015, 0.145 * tall, 0.135 * tall, shell);
        }
        Hat::Cap(cloth) => {
            let low = add(pose.head, scale(up, 0.05));
            pen.lump(at(low), at(add(low, scale(up, 0.10))), across, 0.105 * tall, 0.118 * tall, cloth);
            let brim = add(low, scale(pose.face, 0.11));
            pen.lump(at(add(low, scale(up, 0.02))), at(add(brim, scale(up, 0.015))), across, 0.07 * tall, 0.012, cloth);
        }
    }
}

/// Clothes and height of anybody.
fn anybody(dice: &mut Dice) -> (Clothes, f32) {
    let clothes = clothes::varied(dice);
    (clothes, dice.range(0.90, 1.08))
}

pub(super) fn standing(pen: &mut Pen, subject: &Subject) {
    match subject.form {
        0 => return idle(pen, subject),
        6.. => return anyhow::standing(pen, subject),
        _ => {}
    }
    let mut dice = Dice::new(subject.seed, 220 + u32::from(subject.form));
    let (clothes, tall) = anybody(&mut dice);
    let pose = match subject.form {
        1 => poses::walking(&mut dice),
        2 => poses::bending(&mut dice),
        3 => poses::kneeling(&mut dice),
        4 => poses::reaching(&mut dice),
        _ => poses::carrying(),
    };
    let pose = if dice.pick(2) == 0 { pose.mirrored() } else { pose };
    pen.contact([0.1, 0.0], [0.42, 0.40], 0.55);
    if subject.form == 5 {
        let half = [0.17, 0.19, dice.range(0.12, 0.20)];
        let material = furniture::carton(&mut dice, half);
        pen.upright([0.36 * tall, 0.0, 1.04 * tall + 0.05], half, AHEAD, material);
    }
    if subject.form == 3 && dice.pick(2) == 0 {
        pen.upright([0.55, 0.0, 0.12], [0.12, 0.20, 0.12], AHEAD, Material::glossy(lively(dice.bits()), 0.3));
    }
    clothe(pen, &pose, &clothes, tall);
}

fn idle(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 21);
    let clothes = clothes::plain(&mut dice);
    let tall = dice.range(0.94, 1.06);
    let bend = dice.range(0.0, 0.28);
    let pose = Pose {
        elbows: [[-0.02, 0.25, 1.12], [0.04, -0.25, 1.13]],
        hands: [[0.08, 0.25, 0.86], [0.10 + bend, -0.22, 0.90 + bend]],
        ..poses::upright()
    };
    pen.contact([0.05, 0.0], [0.34, 0.40], 0.55);
    clothe(pen, &pose, &clothes, tall);
}

pub(super) fn sitting(pen: &mut Pen, subject: &Subject) {
    match subject.form {
        0 => return on_a_chair(pen, subject),
        5.. => return anyhow::sitting(pen, subject),
        _ => {}
    }
    let mut dice = Dice::new(subject.seed, 228 + u32::from(subject.form));
    let (clothes, tall) = anybody(&mut dice);
    let pose = poses::seated(&mut dice);
    match subject.form {
        1 => props::stool(pen, &mut dice),
        2 => props::bench(pen, &mut dice),
        3 => {
            let half = [0.24, 0.28, 0.225 * tall];
            pen.contact([0.0, 0.0], [0.48, 0.48], 0.6);
            let material = if dice.pick(2) == 0 { furniture::carton(&mut dice, half) } else { Material::glossy(lively(dice.bits()), 0.2) };
            pen.upright([-0.08, 0.0, half[2]], half, AHEAD, material);
        }
        _ => {
            furniture::chair(pen, &mut dice);
            let top = Material::with([[0.50, 0.34, 0.19], [0.66, 0.65, 0.62], [0.24, 0.15, 0.09]][dice.pick(3)], Pattern::Wood, 7.0);
            pen.upright([0.62, 0.0, 0.71], [0.28, 0.50, 0.02], AHEAD, top);
            for (x, y) in [(0.85, 0.44), (0.85, -0.44), (0.40, 0.44), (0.40, -0.44)] {
                pen.upright([x, y, 0.345], [0.022, 0.022, 0.345], AHEAD, top);
            }
        }
    }
    clothe(pen, &pose, &clothes, tall);
}

fn on_a_chair(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 22);
    let clothes = clothes::plain(&mut dice);
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

/// Somebody who lies or has slumped.
pub(super) fn down(pen: &mut Pen, subject: &Subject) {
    match subject.form {
        0 => return lying(pen, subject),
        8.. => return anyhow::down(pen, subject),
        _ => {}
    }
    let mut dice = Dice::new(subject.seed, 200 + u32::from(subject.form));
    let (clothes, tall) = anybody(&mut dice);
    let pose = match subject.form {
        1 => poses::on_the_back(&mut dice),
        2 => poses::on_the_side(),
        3 => poses::face_down(&mut dice),
        4 => poses::curled_up(&mut dice),
        5 => poses::slumped(&mut dice),
        6 => poses::spread(&mut dice),
        _ => [poses::on_the_back, poses::face_down][dice.pick(2)](&mut dice),
    };
    let pose = if dice.pick(2) == 0 { pose.mirrored() } else { pose };
    let reach = if matches!(subject.form, 4 | 5) { [0.70, 0.50] } else { [1.05, 0.52] };
    pen.contact([0.0, 0.0], reach, 0.45);
    pen.decal([0.20, 0.0], [0.50, 0.34], AHEAD, Surface::Contact { strength: 0.45 }, false);
    match subject.form {
        5 => props::support(pen, &mut dice),
        7 => props::cover(pen, &mut dice),
        _ => {}
    }
    clothe(pen, &pose, &clothes, tall);
}

fn lying(pen: &mut Pen, subject: &Subject) {
    let mut dice = Dice::new(subject.seed, 23);
    let clothes = clothes::plain(&mut dice);
    let pose = match dice.pick(3) {
        0 => poses::on_the_back(&mut dice),
        1 => poses::on_the_side(),
        _ => poses::face_down(&mut dice),
    };
    pen.contact([0.0, 0.0], [1.05, 0.48], 0.45);
    pen.decal([0.25, 0.0], [0.50, 0.34], AHEAD, Surface::Contact { strength: 0.45 }, false);
    clothe(pen, &pose, &clothes, 1.0);
}
