//! About how large things are. In -> out: a look, a form and a stage -> a cylinder that holds most of what is drawn. For choosing places only: what
//! is labelled is measured in the picture. The figures were read from boxes of rendered things at 4 m.

use crate::scene::Look;

/// An upright cylinder on the floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) radius_m: f64,
    pub(super) height_m: f64,
}

/// Radius and height at stage 0, and what each grows by up to stage 1, metres.
type Growth = [[f64; 2]; 2];

pub(super) fn extent(look: Look, form: u8, stage: f64, ceiling_m: f64) -> Extent {
    let [start, growth] = if look.kind().is_some() { hazard(look, form) } else { [harmless(look, form), [0.0; 2]] };
    let [radius_m, height_m] = [0, 1].map(|axis| start[axis] + growth[axis] * stage);
    Extent { radius_m, height_m: height_m.min(ceiling_m - 0.1) }
}

fn hazard(look: Look, form: u8) -> Growth {
    match (look, form) {
        (Look::Fire, 0) => [[0.2, 0.4], [0.3, 1.4]],
        (Look::Fire, 1) => [[0.35, 0.2], [0.5, 0.6]],
        (Look::Fire, 2) => [[0.24, 1.0], [0.0, 0.5]],
        (Look::Fire, 3 | 4) => [[0.57, 0.9], [0.05, 0.7]],
        (Look::Fire, 5) => [[0.43, 2.0], [0.0, 0.2]],
        (Look::Fire, 6) => [[0.17, 0.5], [0.05, 1.3]],
        (Look::Fire, _) => [[0.28, 0.2], [0.25, 0.6]],
        (Look::Smoke, 1) => [[0.22, 0.7], [0.06, 1.2]],
        // A layer below the ceiling.
        (Look::Smoke, 2) => [[1.3, 9.0], [0.5, 0.0]],
        (Look::Smoke, 6) => [[0.5, 1.2], [0.45, 0.35]],
        (Look::Smoke, _) => [[0.45, 1.2], [0.6, 1.7]],
        (Look::GasLeak, 1) => [[0.35, 1.7], [0.7, 0.0]],
        (Look::GasLeak, 2 | 5) => [[0.85, 0.35], [0.5, 0.1]],
        (Look::GasLeak, _) => [[0.4, 0.75], [0.6, 0.0]],
        (Look::LiquidSpill, 3) => [[0.33, 0.3], [0.3, 0.0]],
        (Look::LiquidSpill, 4) => [[0.48, 0.55], [0.3, 0.0]],
        (Look::LiquidSpill, 5) => [[0.28, 0.05], [0.25, 0.0]],
        (Look::LiquidSpill, 6) => [[0.45, 1.0], [0.4, 0.0]],
        (Look::LiquidSpill, _) => [[0.22, 0.02], [0.55, 0.0]],
        (Look::PersonDown, 4) => [[0.45, 0.35], [0.0; 2]],
        (Look::PersonDown, 5) => [[0.65, 0.9], [0.0; 2]],
        (Look::PersonDown, _) => [[0.8, 0.3], [0.0; 2]],
        _ => [[0.9, 0.7], [0.0; 2]],
    }
}

fn harmless(look: Look, form: u8) -> [f64; 2] {
    match (look, form) {
        (Look::RedCloth, 3) => [0.63, 0.9],
        (Look::RedCloth, _) => [0.45, 1.6],
        (Look::OrangeCone, 2) => [0.25, 1.6],
        (Look::OrangeCone, _) => [0.3, 0.75],
        (Look::LampInSteam, 4) => [0.3, 0.6],
        (Look::LampInSteam, _) => [0.35, 1.5],
        (Look::BlueMat, 3) => [0.42, 0.02],
        (Look::BlueMat | Look::Shadow, _) => [0.7, 0.02],
        (Look::PersonStanding, 2 | 3) => [0.42, 1.2],
        (Look::PersonStanding, _) => [0.32, 1.75],
        (Look::PersonSitting, 2 | 4) => [0.65, 1.35],
        (Look::PersonSitting, _) => [0.42, 1.35],
        (Look::BoxStack, 2) => [0.6, 0.7],
        (Look::BoxStack, _) => [0.45, 1.2],
        (Look::Table, 1) => [0.45, 0.9],
        (Look::Table, _) => [0.65, 0.9],
        (Look::Plant, 1) => [0.45, 1.2],
        (Look::Plant, _) => [0.3, 1.0],
        _ => [0.5, 1.0],
    }
}
