//! The picture of a scene with its labels. In -> out: a sample -> pixels, hazards, and whether they are plain. The rules are in `label`; this
//! file measures: boxes, pixels, how much of a hazard other things hide, and whether it stands out from what is behind it.

use super::{
    LabelledPicture, SceneSample,
    extent::extent,
    label::{self, Format, HarmlessThing, Sighting},
    layout,
    sight::Sight,
};
use crate::{
    footprint::Footprint,
    render::{Fluid, Owners, RenderError, Rendered, render, render_owned},
    scene::{Camera, Look, Scene, Thing, Visible},
};
use std::sync::Arc;
use vedette_types::RgbPixels;

/// Mean brightness of a picture in which things can be told, 0 to 255.
const DARKEST: f64 = 22.0;
const BRIGHTEST: f64 = 232.0;
/// What is drawn for comparison is smaller by this factor in both directions.
const SMALLER: u32 = 2;
/// A pixel of the smaller picture is told from what is behind it from this difference in any channel on, and by so many deviations of the
/// noise that is left there.
const TOLD_LEVELS: f32 = 10.0;
const TOLD_DEVIATIONS: f32 = 2.0;

impl SceneSample {
    /// The picture with its labels, drawn on up to `threads` threads: the same whatever their number.
    ///
    /// # Errors
    /// The picture's size is not one that can be rendered.
    pub fn picture(&self, threads: usize) -> Result<LabelledPicture, RenderError> {
        let (rendered, owners) = render_owned(&self.scene, &self.camera, threads, self.grid.map(|cells| cells as usize))?;
        let sightings = if self.condition.is_judgeable() { self.sightings(&rendered, &owners)? } else { Vec::new() };
        let harmless = if self.condition.is_judgeable() { self.harmless(&rendered, &owners) } else { Vec::new() };
        let Camera { width, height, horizontal_fov_rad, .. } = self.camera;
        let labels = label::labels(Format { width, height, horizontal_fov_rad }, sightings, &self.senses);
        let is_light_bad = self.condition.is_judgeable() && !(DARKEST..BRIGHTEST).contains(&brightness(&rendered.pixels));
        Ok(LabelledPicture {
            pixels: self.condition.apply(rendered.pixels, self.camera.noise_seed),
            hazards: labels.hazards,
            harmless,
            is_judgeable: self.condition.is_judgeable(),
            is_faint: labels.is_faint || is_light_bad,
            is_borderline: labels.is_borderline,
        })
    }

    fn sightings(&self, rendered: &Rendered, owners: &Owners) -> Result<Vec<Sighting>, RenderError> {
        let hazard = |seen: &Visible| self.scene.things.iter().find(|thing| thing.id == seen.id && thing.look.kind().is_some());
        if !rendered.visible.iter().any(|seen| hazard(seen).is_some()) {
            return Ok(Vec::new());
        }
        let without = self.without_hazards()?;
        let mut sightings = Vec::new();
        for seen in &rendered.visible {
            let Some(thing) = hazard(seen) else { continue };
            let telling = telling(thing, seen, owners);
            sightings.push(Sighting {
                look: thing.look,
                stage: thing.stage,
                box_px: seen.box_px,
                pixels: seen.pixels,
                telling_pixels: telling.pixels,
                telling_height_px: telling.height_px,
                told_pixels: self.told_pixels(&rendered.pixels, &without, seen.box_px),
                hidden_share: if self.may_be_hidden(thing) { self.hidden_share(thing, telling.pixels)? } else { 0.0 },
                distance_m: seen.distance_m,
                cells: owners.cells(thing.id).unwrap_or_default().to_vec(),
            });
        }
        Ok(sightings)
    }

    fn harmless(&self, rendered: &Rendered, owners: &Owners) -> Vec<HarmlessThing> {
        let of = |seen: &Visible| {
            let thing = self.scene.things.iter().find(|thing| thing.id == seen.id && thing.look.kind().is_none())?;
            Some(HarmlessThing { look: thing.look, cells: owners.cells(thing.id).unwrap_or_default().to_vec() })
        };
        rendered.visible.iter().filter_map(of).collect()
    }

    /// The camera of pictures for comparison.
    fn smaller_camera(&self) -> Camera {
        let (width, height) = (self.camera.width.div_ceil(SMALLER), self.camera.height.div_ceil(SMALLER));
        Camera { width, height, noise: 0.0, blur_px: self.camera.blur_px.map(|way| way / SMALLER as f32), ..self.camera }
    }

    fn without_hazards(&self) -> Result<RgbPixels, RenderError> {
        let things = self.scene.things.iter().filter(|thing| thing.look.kind().is_none()).cloned().collect();
        Ok(render(&Scene { things, ..self.scene.clone() }, &self.smaller_camera(), 1)?.pixels)
    }

    /// Pixels of the box that differ from the picture without hazards.
    fn told_pixels(&self, pixels: &RgbPixels, without: &RgbPixels, [left, top, width, height]: [u32; 4]) -> u32 {
        // The mean of four pixels has half their noise.
        let least = TOLD_LEVELS + TOLD_DEVIATIONS * 0.5 * 255.0 * self.camera.noise;
        let at = |picture: &RgbPixels, x: u32, y: u32, channel: u32| {
            let (x, y) = (x.min(picture.width() - 1), y.min(picture.height() - 1));
            picture.rgb().get(((y * picture.width() + x) * 3 + channel) as usize).copied().map_or(0.0, f32::from)
        };
        let is_told = |x: u32, y: u32| {
            (0..3).any(|channel| {
                let block = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| at(pixels, SMALLER * x + dx, SMALLER * y + dy, channel));
                (block.iter().sum::<f32>() / 4.0 - at(without, x, y, channel)).abs() > least
            })
        };
        let rows = top / SMALLER..(top + height).div_ceil(SMALLER);
        let count = rows.flat_map(|y| (left / SMALLER..(left + width).div_ceil(SMALLER)).map(move |x| (x, y)));
        SMALLER * SMALLER * count.filter(|(x, y)| is_told(*x, *y)).count() as u32
    }

    /// Whether anything could stand between the camera and part of a thing: asked before it is measured, because measuring costs a picture.
    fn may_be_hidden(&self, thing: &Thing) -> bool {
        let sight = Sight::of(&self.camera);
        let [x, y, _] = self.camera.position_m;
        let building = &self.scene.building;
        let size = extent(thing.look, thing.form, f64::from(thing.stage), building.ceiling_m);
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
    fn hidden_share(&self, thing: &Thing, telling_pixels: u32) -> Result<f64, RenderError> {
        let building = &self.scene.building;
        let [x, y, _] = self.camera.position_m;
        let field = layout::open_field(building.style, [x, y], building.ceiling_m);
        let scene = Scene { building: Arc::new(field), things: vec![thing.clone()], backdrop: None, ..self.scene.clone() };
        let camera = self.smaller_camera();
        let (alone, owners) = render_owned(&scene, &camera, 1, [0; 2])?;
        let whole = alone.visible.first().map_or(0, |seen| telling(thing, seen, &owners).pixels);
        let scale = f64::from(self.camera.width * self.camera.height) / f64::from(camera.width * camera.height);
        Ok((1.0 - f64::from(telling_pixels) / (f64::from(whole) * scale).max(1.0)).clamp(0.0, 1.0))
    }
}

/// What makes it a hazard: not the bin that burns or the drum that leaks.
fn telling(thing: &Thing, seen: &Visible, owners: &Owners) -> Fluid {
    match thing.look {
        Look::Fire | Look::Smoke | Look::GasLeak | Look::LiquidSpill => owners.fluid(thing.id),
        _ => Fluid { pixels: seen.pixels, height_px: seen.box_px[3] },
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
