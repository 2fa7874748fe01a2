//! Forms that dice invent: for each look one or two whose measures are all continuous, so that a network that learns from them learns what a
//! look is and not the few shapes that it has. They are for training.
//!
//! In -> out: a thing of one of the last forms of its look -> parts. Deliberately absent: named objects; these have their own forms.

pub(super) mod fire;
pub(super) mod smoke;
pub(super) mod gas;
pub(super) mod spill;
pub(super) mod blocked;
pub(super) mod bright;
pub(super) mod cloth;
pub(super) mod goods;
pub(super) mod flat;

#[cfg(test)]
mod tests {
    use crate::{
        Building, Camera, Light, Look, Scene, Style, Thing,
        render::{Rendered, first_invented, forms, render},
    };
    use std::sync::Arc;

    fn picture(look: Look, form: u8, seed: u64) -> Rendered {
        let is_solid = (0..1600).map(|cell| [cell % 40, cell / 40].iter().any(|place| [0, 39].contains(place))).collect();
        let building =
            Building { resolution_m: 0.25, width: 40, height: 40, origin_m: [-5.0; 2], is_solid, ceiling_m: 2.6, style: Style::Office };
        let thing = Thing { id: 9, look, form, position_m: [2.5, 0.0], heading_rad: 2.4, stage: 0.8, phase_secs: 7.0, seed };
        let lights = vec![Light { position_m: [1.5, 0.0, 2.5], power: [1.0; 3] }];
        let scene = Scene { building: Arc::new(building), things: vec![thing], lights, ambient: 0.4, appearance_seed: 2, backdrop: None };
        let camera = Camera { pitch_rad: -0.15, width: 96, height: 72, ..Camera::default() };
        render(&scene, &camera, 1).expect("a picture")
    }

    #[test]
    fn each_invented_form_is_seen_and_is_another_with_every_seed() {
        for (look, form) in Look::ALL.into_iter().flat_map(|look| (first_invented(look)..forms(look)).map(move |form| (look, form))) {
            let pictures: Vec<Rendered> = (0..50).map(|seed| picture(look, form, seed)).collect();
            let pixels: Vec<u32> = pictures.iter().map(|picture| picture.visible.first().map_or(0, |seen| seen.pixels)).collect();
            assert!(pixels.iter().all(|pixels| *pixels > 20), "{look:?} {form}: {pixels:?} pixels");
            for (seed, picture) in pictures.iter().enumerate() {
                let is_known = pictures.iter().take(seed).any(|other| other.pixels.rgb() == picture.pixels.rgb());
                assert!(!is_known, "{look:?} {form} with seed {seed} was there before");
            }
        }
    }
}
