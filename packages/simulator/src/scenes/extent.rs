//! About how large things are. In -> out: a look and a stage -> a cylinder that holds most of what is drawn. For choosing places only: what is
//! labelled is measured in the picture.

use crate::scene::Look;

/// An upright cylinder on the floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) radius_m: f64,
    pub(super) height_m: f64,
}

pub(super) fn extent(look: Look, stage: f64, ceiling_m: f64) -> Extent {
    let [radius_m, height_m] = match look {
        Look::Fire => [0.2 + 0.35 * stage, 0.28 + 1.2 * stage],
        Look::Smoke => [0.4 + 0.4 * stage, 0.7 + 2.4 * stage],
        Look::GasLeak => [0.4 + 0.5 * stage, 0.75],
        Look::LiquidSpill => [0.16 + 0.55 * stage, 0.02],
        Look::PersonDown => [0.8, 0.28],
        Look::BlockedPath => [0.8, 0.5],
        Look::RedCloth => [0.45, 1.5],
        Look::OrangeCone => [0.2, 0.6],
        Look::LampInSteam => [0.3, 1.4],
        Look::BlueMat => [0.7, 0.02],
        Look::Shadow => [0.7, 0.01],
        Look::PersonStanding => [0.3, 1.7],
        Look::PersonSitting => [0.45, 1.25],
        Look::BoxStack => [0.5, 1.0],
        Look::Table => [0.75, 0.8],
        Look::Plant => [0.3, 1.1],
    };
    Extent { radius_m, height_m: height_m.min(ceiling_m - 0.1) }
}
