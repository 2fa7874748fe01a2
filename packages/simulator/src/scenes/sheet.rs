//! A sheet of scenes with their labels, for judging by eye. In -> out: a family, a seed and a number of columns and rows -> one picture. No files;
//! the command that asked writes it.

use super::{Family, LabelledPicture, SceneOptions, SceneSample};
use crate::render::font;
use vedette_types::RgbPixels;

const WIDTH: usize = 256;
const HEIGHT: usize = 192;
const LINE: usize = 14;
/// Below each picture: one line for each of up to three hazards, one for the place.
const STRIP: usize = 4 * LINE;
/// Boxes in the order of the hazards.
const COLOURS: [[u8; 3]; 3] = [[255, 70, 60], [255, 210, 40], [80, 200, 255]];
const INK: [u8; 3] = [225, 225, 225];
/// More would be a sheet that nobody looks through.
const MOST_CELLS: usize = 400;

/// `columns` x `rows` scenes of `family`, from `seed` on, as [`SceneSample::draw`] gives them, with boxes and labels; `roaming` is
/// [`SceneOptions::roaming`].
///
/// `None` when there is nothing to draw, or more than 400 scenes.
pub fn scene_sheet(family: Family, seed: u64, columns: usize, rows: usize, roaming: f64) -> Option<RgbPixels> {
    let options = SceneOptions { width_px: WIDTH as u32, height_px: HEIGHT as u32, roaming, ..SceneOptions::default() };
    let count = columns.checked_mul(rows).filter(|count| *count <= MOST_CELLS)?;
    let mut sheet = Sheet::new(columns * WIDTH, rows * (HEIGHT + STRIP));
    for number in 0..count {
        let (sample, picture) = SceneSample::draw(family, seed.wrapping_add(number as u64), &options, 1).ok()?;
        let corner = [number % columns * WIDTH, number / columns * (HEIGHT + STRIP)];
        sheet.picture(corner, &picture.pixels);
        sheet.labels(corner, &sample, &picture);
    }
    RgbPixels::new(sheet.width as u32, sheet.height as u32, sheet.bytes)
}

struct Sheet {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Sheet {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![18; width * height * 3] }
    }

    fn dot(&mut self, [x, y]: [usize; 2], colour: [u8; 3]) {
        if x < self.width {
            let at = (y * self.width + x) * 3;
            if let Some(pixel) = self.bytes.get_mut(at..at + 3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    fn picture(&mut self, [left, top]: [usize; 2], pixels: &RgbPixels) {
        for (row, line) in pixels.rgb().chunks_exact(3 * WIDTH).enumerate() {
            let start = ((top + row) * self.width + left) * 3;
            if let Some(place) = self.bytes.get_mut(start..start + line.len()) {
                place.copy_from_slice(line);
            }
        }
    }

    fn labels(&mut self, [left, top]: [usize; 2], sample: &SceneSample, picture: &LabelledPicture) {
        for (number, hazard) in picture.hazards.iter().enumerate() {
            let colour = COLOURS[number % COLOURS.len()];
            let place = match &hazard.seen {
                Some(seen) => {
                    let [x, y, width, height] = seen.box_px.map(|side| side as usize);
                    self.frame([left + x, top + y, width, height], colour);
                    format!("{} {:.1}", seen.bearing, seen.range_m)
                }
                None => "BY SENSOR".to_owned(),
            };
            let text = format!("{} {} {place}", hazard.kind, hazard.severity);
            self.text([left + 3, top + HEIGHT + 3 + number * LINE], &text, colour);
        }
        let doubt = if picture.is_faint { " FAINT" } else { "" };
        let edge = if picture.is_borderline { " BORDERLINE" } else { "" };
        let text = format!("{} {:?}{doubt}{edge}", picture.verdict(), sample.layout);
        self.text([left + 3, top + HEIGHT + 3 + 3 * LINE], &text, INK);
    }

    fn frame(&mut self, [x, y, width, height]: [usize; 4], colour: [u8; 3]) {
        for step in 0..width {
            self.dot([x + step, y], colour);
            self.dot([x + step, y + height - 1], colour);
        }
        for step in 0..height {
            self.dot([x, y + step], colour);
            self.dot([x + width - 1, y + step], colour);
        }
    }

    fn text(&mut self, [left, top]: [usize; 2], text: &str, colour: [u8; 3]) {
        let text = text.replace('_', " ");
        let room = WIDTH / (2 * font::ADVANCE) - 1;
        let text: String = text.chars().take(room).collect();
        for (x, y) in font::pixels(&text) {
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                self.dot([left + 2 * x + dx, top + 2 * y + dy], colour);
            }
        }
    }
}
