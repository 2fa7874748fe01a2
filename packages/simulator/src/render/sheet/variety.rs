//! Sheets of what varies: every form of every look, and every pattern.
//!
//! In -> out: a seed -> one labelled picture, for judging by eye. Deliberately absent: a good choice of colours; what a person recognises
//! here should survive any.

use super::{Cell, mounted, stage, words};
use crate::{
    Building, Camera, LampForm, Look, Paint, Pattern, Scene, Style, Surface,
    render::{
        colours::lively,
        first_invented,
        noise::{Dice, hash},
    },
};
use std::sync::Arc;
use vedette_types::RgbPixels;

const FORM_COLUMNS: usize = 8;
const PATTERN_COLUMNS: usize = 7;

/// Every form of the looks that are hazards (`is_hazard`) or harmless, near and at 4 m, in painted rooms.
///
/// `None` never happens; it is there because a picture without pixels has no `RgbPixels`.
pub fn form_sheet(seed: u64, is_hazard: bool) -> Option<RgbPixels> {
    let looks = Look::ALL.into_iter().filter(|look| look.kind().is_some() == is_hazard);
    let cells = looks.flat_map(|look| (0..look.forms()).flat_map(move |form| [2.0, 4.0].map(|distance_m| (look, form, distance_m))));
    let staged = cells.enumerate().map(|(number, (look, form, distance_m))| {
        let seed = seed.wrapping_add(number as u64 * 0x9e37);
        let style = Style::Painted(paint(&mut Dice::new(seed, 72), None));
        let (scene, camera) = stage(Cell { look, form, distance_m, stage: 1.0, style }, seed);
        let camera = Camera { position_m: [0.9, 3.0, 0.9], pitch_rad: -0.2, width: 136, height: 102, ..camera };
        (format!("{} {form}", words(&look)), scene, camera)
    });
    mounted(staged, FORM_COLUMNS)
}

/// Every invented form, eight times with other dice, in painted rooms.
///
/// `None` never happens, as for `form_sheet`.
pub fn invented_sheet(seed: u64) -> Option<RgbPixels> {
    let forms = Look::ALL.into_iter().flat_map(|look| (first_invented(look)..look.forms()).map(move |form| (look, form)));
    let cells = forms.flat_map(|cell| (0..FORM_COLUMNS).map(move |_| cell));
    let staged = cells.enumerate().map(|(number, (look, form))| {
        let seed = seed.wrapping_add(number as u64 * 0x9e37);
        let style = Style::Painted(paint(&mut Dice::new(seed, 72), None));
        let (scene, camera) = stage(Cell { look, form, distance_m: 2.4, stage: 0.4 + 0.2 * (number % 4) as f32, style }, seed);
        let camera = Camera { position_m: [0.9, 3.0, 0.9], pitch_rad: -0.2, width: 176, height: 132, ..camera };
        (format!("{} {form}", words(&look)), scene, camera)
    });
    mounted(staged, FORM_COLUMNS)
}

/// Every pattern on floor and walls, with every form of lamp.
///
/// `None` never happens, as for `form_sheet`.
pub fn pattern_sheet(seed: u64) -> Option<RgbPixels> {
    let staged = Pattern::ALL.into_iter().enumerate().map(|(number, pattern)| {
        let seed = seed.wrapping_add(number as u64 * 0x9e37);
        let mut paint = paint(&mut Dice::new(seed, 73), Some(pattern));
        paint.lamp = LampForm::ALL[number % LampForm::ALL.len()];
        let cell = Cell { look: Look::Plant, form: 0, distance_m: 3.0, stage: 1.0, style: Style::Painted(paint) };
        let (mut scene, camera) = stage(cell, seed);
        scene.things.clear();
        raise(&mut scene);
        (
            format!("{} / {}", words(&pattern), words(&paint.lamp)),
            scene,
            Camera { position_m: [0.9, 3.0, 1.1], width: 224, height: 168, ..camera },
        )
    });
    mounted(staged, PATTERN_COLUMNS)
}

/// A higher ceiling, so that the lamps are in the picture.
fn raise(scene: &mut Scene) {
    let building = Building { ceiling_m: 3.2, ..(*scene.building).clone() };
    scene.building = Arc::new(building);
    for light in &mut scene.lights {
        light.position_m[2] = 3.1;
    }
}

/// A paint by dice; `pattern` on floor and walls where it is given.
fn paint(dice: &mut Dice, pattern: Option<Pattern>) -> Paint {
    let mut surface = |bright: f32| {
        let mut colour = || lively(hash(dice.pick(1 << 20) as u32)).map(|channel| channel * (1.0 - bright) + bright * 0.7);
        let colours = [colour(), colour(), colour()];
        let pattern = pattern.unwrap_or(Pattern::ALL[dice.pick(Pattern::ALL.len())]);
        Surface { pattern, colours, scale_m: dice.range(0.15, 0.6), contrast: dice.range(0.3, 0.9), gloss: dice.range(0.0, 0.8) }
    };
    let (floor, wall, shelf) = (surface(0.0), surface(0.4), surface(0.0));
    let ceiling = Surface { pattern: Pattern::Plain, ..surface(0.8) };
    let lamp = LampForm::ALL[dice.pick(LampForm::ALL.len())];
    Paint { floor, wall, ceiling, shelf, skirting: (dice.pick(2) == 0).then_some([0.6, 0.58, 0.55]), lamp }
}
