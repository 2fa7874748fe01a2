//! The picture of a scene with its labels. In -> out: a sample -> pixels, hazards, and whether they are plain. The rules are in `label`; this
//! file measures: boxes, pixels, and how much of a hazard other things hide.

use super::{
    LabelledPicture, SceneSample,
    extent::extent,
    label::{self, Format, Sighting},
    layout,
    sight::Sight,
};
use crate::{
    footprint::Footprint,
    render::{RenderError, render},
    scene::{Camera, Scene, Thing, Visible},
};
use std::sync::Arc;
use vedette_types::RgbPixels;

/// Mean brightness of a picture in which things can be told, 0 to 255.
const DARKEST: f64 = 22.0;
const BRIGHTEST: f64 = 232.0;
/// The picture without anything in the way is drawn at a share of the size.
const SOLO_SHARE: u32 = 2;

impl SceneSample {
    /// The picture with its labels, drawn on up to `threads` threads: the same whatever their number.
    ///
    /// # Errors
    /// The picture's size is not one that can be rendered.
    pub fn picture(&self, threads: usize) -> Result<LabelledPicture, RenderError> {
        let rendered = render(&self.scene, &self.camera, threads)?;
        let mut sightings = Vec::new();
        if self.condition.is_judgeable() {
            for seen in &rendered.visible {
                let thing = self.scene.things.iter().find(|thing| thing.id == seen.id && thing.look.kind().is_some());
                if let Some(thing) = thing {
                    sightings.push(self.sighting(thing, seen)?);
                }
            }
        }
        let Camera { width, height, horizontal_fov_rad, .. } = self.camera;
        let labels = label::labels(Format { width, height, horizontal_fov_rad }, sightings, &self.senses);
        let is_light_bad = self.condition.is_judgeable() && !(DARKEST..BRIGHTEST).contains(&brightness(&rendered.pixels));
        Ok(LabelledPicture {
            pixels: self.condition.apply(rendered.pixels, self.camera.noise_seed),
            hazards: labels.hazards,
            is_judgeable: self.condition.is_judgeable(),
            is_faint: labels.is_faint || is_light_bad,
            is_borderline: labels.is_borderline,
        })
    }

    fn sighting(&self, thing: &Thing, seen: &Visible) -> Result<Sighting, RenderError> {
        let hidden_share = if self.may_be_hidden(thing) { self.hidden_share(thing, seen)? } else { 0.0 };
        Ok(Sighting {
            look: thing.look,
            stage: thing.stage,
            box_px: seen.box_px,
            pixels: seen.pixels,
            hidden_share,
            distance_m: seen.distance_m,
            cells: Vec::new(),
        })
    }

    /// Whether anything could stand between the camera and part of a thing: asked before it is measured, because measuring costs a picture.
    fn may_be_hidden(&self, thing: &Thing) -> bool {
        let sight = Sight::of(&self.camera);
        let [x, y, _] = self.camera.position_m;
        let building = &self.scene.building;
        let size = extent(thing.look, f64::from(thing.stage), building.ceiling_m);
        let distance_m = sight.distance_m(thing.position_m);
        let away = [0, 1].map(|axis| (thing.position_m[axis] - [x, y][axis]) / distance_m.max(1e-6));
        // The two ends of it across the line of sight, somewhat beyond what is expected.
        let half_m = 1.3 * size.radius_m;
        let is_open = |side: f64| {
            building.is_line_free([x, y], [thing.position_m[0] - side * away[1] * half_m, thing.position_m[1] + side * away[0] * half_m])
        };
        let is_beside = |other: &Thing| {
            let reach_m = Footprint::of(other).map_or(0.5, |body| body.radius_m()) + 0.3;
            let offset = [0, 1].map(|axis| other.position_m[axis] - [x, y][axis]);
            let (along_m, across_m) = (offset[0] * away[0] + offset[1] * away[1], offset[1] * away[0] - offset[0] * away[1]);
            along_m > distance_m + reach_m || across_m.abs() > half_m * (along_m / distance_m.max(0.1)).min(1.0) + reach_m
        };
        let others_are_beside = self.scene.things.iter().filter(|other| other.id != thing.id).all(is_beside);
        !(others_are_beside && [-1.0, 0.0, 1.0].into_iter().all(is_open))
    }

    /// Draws the thing alone, far from walls and smaller, and compares.
    fn hidden_share(&self, thing: &Thing, seen: &Visible) -> Result<f64, RenderError> {
        let building = &self.scene.building;
        let [x, y, _] = self.camera.position_m;
        let field = layout::open_field(building.style, [x, y], building.ceiling_m);
        let scene = Scene { building: Arc::new(field), things: vec![thing.clone()], ..self.scene.clone() };
        let (width, height) = (self.camera.width.div_ceil(SOLO_SHARE), self.camera.height.div_ceil(SOLO_SHARE));
        let alone = render(&scene, &Camera { width, height, noise: 0.0, ..self.camera }, 1)?;
        let whole = alone.visible.iter().find(|visible| visible.id == thing.id).map_or(0, |visible| visible.pixels);
        let scale = f64::from(self.camera.width * self.camera.height) / f64::from(width * height);
        Ok((1.0 - f64::from(seen.pixels) / (f64::from(whole) * scale).max(1.0)).clamp(0.0, 1.0))
    }
}

/// Mean of all channels, of every 13th pixel: a prime, so that no column is preferred.
fn brightness(pixels: &RgbPixels) -> f64 {
    let (mut sum, mut count) = (0_u64, 0_u64);
    for pixel in pixels.rgb().chunks_exact(3).step_by(13) {
        sum += pixel.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        count += 3;
    }
    sum as f64 / count.max(1) as f64
}
