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
        (Look::Fire, 8) => [[0.25, 0.3], [0.35, 0.9]],
        (Look::Fire, 9) => [[0.40, 0.7], [0.1, 0.7]],
        (Look::Fire, _) => [[0.28, 0.2], [0.25, 0.6]],
        (Look::Smoke, 1) => [[0.22, 0.7], [0.06, 1.2]],
        // A layer below the ceiling.
        (Look::Smoke, 2 | 8) => [[1.3, 9.0], [0.5, 0.0]],
        (Look::Smoke, 6) => [[0.5, 1.2], [0.45, 0.35]],
        (Look::Smoke, _) => [[0.45, 1.2], [0.6, 1.7]],
        (Look::GasLeak, 1) => [[0.35, 1.7], [0.7, 0.0]],
        (Look::GasLeak, 2 | 5) => [[0.85, 0.35], [0.5, 0.1]],
        (Look::GasLeak, _) => [[0.4, 0.75], [0.6, 0.0]],
        (Look::LiquidSpill, 3) => [[0.33, 0.3], [0.3, 0.0]],
        (Look::LiquidSpill, 4) => [[0.48, 0.55], [0.3, 0.0]],
        (Look::LiquidSpill, 5) => [[0.28, 0.05], [0.25, 0.0]],
        (Look::LiquidSpill, 8) => [[0.4, 0.3], [0.45, 0.0]],
        (Look::LiquidSpill, 6) => [[0.45, 1.0], [0.4, 0.0]],
        (Look::LiquidSpill, _) => [[0.22, 0.02], [0.55, 0.0]],
        (Look::PersonDown, 4) => [[0.45, 0.35], [0.0; 2]],
        (Look::PersonDown, 9) => [[0.85, 0.5], [0.0; 2]],
        (Look::PersonDown, 5) => [[0.65, 0.9], [0.0; 2]],
        (Look::PersonDown, _) => [[0.8, 0.3], [0.0; 2]],
        _ => [[0.9, 0.7], [0.0; 2]],
    }
}

fn harmless(look: Look, form: u8) -> [f64; 2] {
    match (look, form) {
        (Look::RedCloth, 7) => [0.4, 1.2],
        (Look::RedCloth, 3) => [0.63, 0.9],
        (Look::RedCloth, _) => [0.45, 1.6],
        (Look::OrangeCone, 2) => [0.25, 1.6],
        (Look::OrangeCone, _) => [0.3, 0.75],
        (Look::LampInSteam, 4) => [0.3, 0.6],
        (Look::LampInSteam, 6) => [0.42, 0.9],
        (Look::LampInSteam, 7) => [0.42, 1.5],
        (Look::LampInSteam, _) => [0.35, 1.5],
        (Look::BlueMat, 3) => [0.42, 0.02],
        (Look::BlueMat | Look::Shadow, _) => [0.7, 0.02],
        (Look::PersonStanding, 6 | 7) => [0.42, 1.55],
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        render::{first_invented, render},
        scene::{Camera, Light, Scene, Style, Thing},
        scenes::layout,
    };
    use std::sync::Arc;

    /// Width and height, metres, of what is drawn of a thing 4 m away; at most, since its nearest part may be what is seen at the edges.
    fn drawn_m(look: Look, form: u8, seed: u64, reach_m: f64) -> [f64; 2] {
        let thing = Thing { id: 1, look, form, position_m: [4.0, 0.0], heading_rad: 2.6, stage: 1.0, phase_secs: 3.0, seed };
        let building = layout::open_field(Style::Office, [0.0; 2], 2.8);
        let lights = vec![Light { position_m: [2.0, 0.0, 2.7], power: [1.0; 3] }];
        let scene = Scene { building: Arc::new(building), things: vec![thing], lights, ambient: 0.5, appearance_seed: 1, backdrop: None };
        let camera = Camera { width: 160, height: 120, horizontal_fov_rad: 1.2, ..Camera::default() };
        let seen = render(&scene, &camera, 1).expect("a picture").visible;
        let [_, _, width, height] = seen.first().expect("something to see").box_px.map(f64::from);
        [width, height].map(|pixels| pixels * 2.0 * 0.6_f64.tan() / 160.0 * (4.0 - reach_m))
    }

    #[test]
    fn invented_forms_stay_within_their_extent() {
        // Clouds are wider than what is told of them.
        let looks = Look::ALL.into_iter().filter(|look| !matches!(look, Look::Fire | Look::Smoke | Look::GasLeak));
        for (look, form) in looks.flat_map(|look| (first_invented(look)..look.forms()).map(move |form| (look, form))) {
            let Extent { radius_m, height_m } = extent(look, form, 1.0, 2.8);
            let floor_m = 2.0 * radius_m * 0.35;
            let is_within = |seed: &u64| {
                let [width_m, high_m] = drawn_m(look, form, *seed, 0.8 * radius_m);
                width_m < 2.5 * radius_m + 0.05 && high_m < 1.25 * height_m + floor_m
            };
            let within = (0..30).filter(is_within).count();
            assert!(within >= 27, "{look:?} {form}: {within} of 30");
        }
    }
}
