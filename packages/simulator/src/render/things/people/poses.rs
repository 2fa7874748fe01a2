//! Poses of people: joints in metres for somebody 1.75 m tall.
//!
//! In -> out: nothing, or dice for what may bend more or less -> a pose. Deliberately absent: limits of joints; each pose was made by hand.

use crate::render::{noise::Dice, vector::V3};

/// Joints in metres; pairs are left, right.
pub(super) struct Pose {
    pub(super) head: V3,
    pub(super) neck: V3,
    pub(super) pelvis: V3,
    pub(super) shoulders: [V3; 2],
    pub(super) elbows: [V3; 2],
    pub(super) hands: [V3; 2],
    pub(super) hips: [V3; 2],
    pub(super) knees: [V3; 2],
    pub(super) ankles: [V3; 2],
    /// Where the toes point, from the ankle.
    pub(super) toes: V3,
    /// Where the face looks.
    pub(super) face: V3,
}

impl Pose {
    /// The same pose with left and right exchanged.
    pub(super) fn mirrored(self) -> Self {
        let flip = |[x, y, z]: V3| [x, -y, z];
        let swap = |[left, right]: [V3; 2]| [flip(right), flip(left)];
        Self {
            head: flip(self.head),
            neck: flip(self.neck),
            pelvis: flip(self.pelvis),
            shoulders: swap(self.shoulders),
            elbows: swap(self.elbows),
            hands: swap(self.hands),
            hips: swap(self.hips),
            knees: swap(self.knees),
            ankles: swap(self.ankles),
            toes: flip(self.toes),
            face: flip(self.face),
        }
    }
}

pub(super) fn on_the_back(dice: &mut Dice) -> Pose {
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

pub(super) fn on_the_side() -> Pose {
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

pub(super) fn face_down(dice: &mut Dice) -> Pose {
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

/// On the side, knees drawn up to the chest.
pub(super) fn curled_up(dice: &mut Dice) -> Pose {
    let tight = dice.range(0.0, 0.14);
    Pose {
        head: [0.46 - tight, -0.22, 0.12],
        neck: [0.36, -0.04, 0.16],
        pelvis: [-0.14, 0.08, 0.17],
        shoulders: [[0.30, 0.0, 0.32], [0.33, -0.04, 0.09]],
        elbows: [[0.16, -0.24, 0.26], [0.22, -0.34, 0.06]],
        hands: [[0.36, -0.36, 0.16], [0.42 - tight, -0.42, 0.06]],
        hips: [[-0.16, 0.05, 0.24], [-0.16, 0.05, 0.10]],
        knees: [[0.10 - tight, -0.36, 0.22], [0.02, -0.40, 0.09]],
        ankles: [[-0.30, -0.30, 0.18], [-0.36, -0.24, 0.07]],
        toes: [-0.5, -0.8, 0.0],
        face: [-0.2, -1.0, -0.2],
    }
}

/// On the floor with the back against something at x = -0.4, the head fallen forward or aside.
pub(super) fn slumped(dice: &mut Dice) -> Pose {
    let aside = dice.range(0.04, 0.22);
    let bent = dice.range(0.0, 0.25);
    Pose {
        head: [-0.10, aside * 1.6, 0.66],
        neck: [-0.24, aside, 0.54],
        pelvis: [-0.12, 0.0, 0.13],
        shoulders: [[-0.24, aside + 0.17, 0.49], [-0.24, aside - 0.17, 0.52]],
        elbows: [[-0.16, aside + 0.30, 0.26], [-0.14, aside - 0.30, 0.28]],
        hands: [[0.02, 0.36, 0.05], [0.08, -0.30, 0.06]],
        hips: [[-0.08, 0.09, 0.12], [-0.08, -0.09, 0.12]],
        knees: [[0.36, 0.18, 0.11 + bent], [0.38, -0.16, 0.11]],
        ankles: [[0.76 - bent, 0.24, 0.08], [0.80, -0.26, 0.08]],
        toes: [0.3, 0.2, 0.9],
        face: [0.6, 0.3, -0.7],
    }
}

/// On the back, arms and legs spread.
pub(super) fn spread(dice: &mut Dice) -> Pose {
    let up = dice.range(-0.25, 0.35);
    Pose {
        head: [0.76, 0.05, 0.11],
        neck: [0.54, 0.0, 0.13],
        pelvis: [0.03, 0.0, 0.12],
        shoulders: [[0.49, 0.18, 0.12], [0.49, -0.18, 0.12]],
        elbows: [[0.52 + up * 0.5, 0.46, 0.06], [0.50 - up * 0.4, -0.46, 0.06]],
        hands: [[0.58 + up, 0.70, 0.05], [0.48 - up, -0.70, 0.05]],
        hips: [[0.0, 0.09, 0.11], [0.0, -0.09, 0.11]],
        knees: [[-0.38, 0.26, 0.10], [-0.36, -0.28, 0.10]],
        ankles: [[-0.76, 0.42, 0.08], [-0.74, -0.46, 0.08]],
        toes: [-0.2, 0.0, 0.9],
        face: [0.0, 0.0, 1.0],
    }
}

/// Upright on both feet, arms hanging; others start from it.
pub(super) fn upright() -> Pose {
    Pose {
        head: [0.02, 0.0, 1.62],
        neck: [0.0, 0.0, 1.42],
        pelvis: [0.0, 0.0, 0.95],
        shoulders: [[0.0, 0.17, 1.39], [0.0, -0.17, 1.39]],
        elbows: [[-0.02, 0.25, 1.12], [-0.02, -0.25, 1.12]],
        hands: [[0.06, 0.26, 0.86], [0.06, -0.26, 0.86]],
        hips: [[0.0, 0.09, 0.92], [0.0, -0.09, 0.92]],
        knees: [[0.02, 0.11, 0.50], [0.02, -0.11, 0.50]],
        ankles: [[0.0, 0.12, 0.08], [0.0, -0.12, 0.08]],
        toes: [1.0, 0.0, -0.15],
        face: [1.0, 0.0, 0.0],
    }
}

pub(super) fn walking(dice: &mut Dice) -> Pose {
    let step = dice.range(0.6, 1.0);
    Pose {
        head: [0.07, 0.0, 1.60],
        neck: [0.03, 0.0, 1.40],
        elbows: [[-0.14 * step, 0.25, 1.13], [0.12 * step, -0.25, 1.13]],
        hands: [[-0.12 * step, 0.25, 0.88], [0.34 * step, -0.21, 1.0]],
        knees: [[0.24 * step, 0.11, 0.52], [-0.08 * step, -0.11, 0.50]],
        ankles: [[0.34 * step, 0.11, 0.10], [-0.38 * step, -0.11, 0.15]],
        ..upright()
    }
}

/// Bent over, hands near the floor.
pub(super) fn bending(dice: &mut Dice) -> Pose {
    let low = dice.range(0.25, 0.55);
    Pose {
        head: [0.62, 0.0, 0.98],
        neck: [0.44, 0.0, 1.06],
        pelvis: [-0.10, 0.0, 0.93],
        shoulders: [[0.38, 0.17, 1.05], [0.38, -0.17, 1.05]],
        elbows: [[0.44, 0.22, 0.76], [0.46, -0.22, 0.78]],
        hands: [[0.50, 0.14, low], [0.52, -0.14, low + 0.05]],
        hips: [[-0.08, 0.09, 0.90], [-0.08, -0.09, 0.90]],
        knees: [[0.06, 0.12, 0.49], [0.04, -0.12, 0.49]],
        face: [0.5, 0.0, -0.8],
        ..upright()
    }
}

/// On one knee, at work on something.
pub(super) fn kneeling(dice: &mut Dice) -> Pose {
    let reach = dice.range(0.30, 0.48);
    Pose {
        head: [0.22, 0.0, 1.13],
        neck: [0.14, 0.0, 0.94],
        pelvis: [-0.02, 0.0, 0.50],
        shoulders: [[0.12, 0.17, 0.91], [0.12, -0.17, 0.91]],
        elbows: [[0.22, 0.25, 0.66], [0.22, -0.25, 0.66]],
        hands: [[reach, 0.14, 0.56], [reach, -0.12, 0.48]],
        hips: [[0.0, 0.09, 0.48], [0.0, -0.09, 0.48]],
        knees: [[0.40, 0.14, 0.48], [0.10, -0.13, 0.08]],
        ankles: [[0.38, 0.15, 0.08], [-0.34, -0.13, 0.08]],
        toes: [0.9, 0.0, -0.2],
        face: [0.8, 0.0, -0.6],
    }
}

/// Arms raised: reaching up, or waving.
pub(super) fn reaching(dice: &mut Dice) -> Pose {
    let wave = dice.range(0.0, 0.25);
    Pose {
        elbows: [[0.08, 0.28 + wave, 1.55], [0.10, -0.28, 1.52]],
        hands: [[0.12, 0.24 + wave * 1.6, 1.84], [0.20, -0.20, 1.78]],
        ..upright()
    }
}

/// Both hands before the chest, as around a box.
pub(super) fn carrying() -> Pose {
    Pose { elbows: [[0.04, 0.27, 1.10], [0.04, -0.27, 1.10]], hands: [[0.30, 0.20, 1.04], [0.30, -0.20, 1.04]], ..upright() }
}

/// On a seat 0.45 m high.
pub(super) fn seated(dice: &mut Dice) -> Pose {
    let lean = dice.range(0.0, 0.16);
    Pose {
        head: [0.04 + lean, 0.0, 1.22 - 0.3 * lean],
        neck: [-0.02 + lean * 0.8, 0.0, 1.02 - 0.2 * lean],
        pelvis: [-0.06, 0.0, 0.56],
        shoulders: [[-0.02 + lean * 0.8, 0.17, 0.99 - 0.2 * lean], [-0.02 + lean * 0.8, -0.17, 0.99 - 0.2 * lean]],
        elbows: [[0.04 + lean, 0.25, 0.73], [0.04 + lean, -0.25, 0.73]],
        hands: [[0.28 + lean, 0.13, 0.64], [0.30 + lean, -0.13, 0.66]],
        hips: [[-0.02, 0.09, 0.53], [-0.02, -0.09, 0.53]],
        knees: [[0.40, 0.11 + lean, 0.52], [0.40, -0.11 - lean * 0.6, 0.52]],
        ankles: [[0.40 + dice.range(-0.15, 0.12), 0.12 + lean, 0.08], [0.42, -0.12, 0.08]],
        toes: [1.0, 0.0, -0.15],
        face: [1.0, 0.0, -0.3 * lean],
    }
}
