//! The contact sheet: every look at several distances, for judging by eye.
//!
//! In -> out: a seed -> one labelled picture. Deliberately absent: files; the command that asked writes it.

mod variety;

pub use variety::{form_sheet, invented_sheet, pattern_sheet};

use super::{
    font,
    noise::{Dice, hash},
    render,
};
use crate::{Building, Camera, Light, Look, Scene, Style, Thing};
use std::sync::Arc;
use vedette_types::RgbPixels;

const CELL_WIDTH: usize = 224;
const CELL_HEIGHT: usize = 168;
const LABEL_HEIGHT: usize = 16;
const COLUMNS: usize = 6;
const NEAR_M: f64 = 1.5;
const MIDDLE_M: f64 = 3.5;
const FAR_M: f64 = 7.0;
const STYLES: [Style; 3] = [Style::Warehouse, Style::Home, Style::Office];

/// One picture of the sheet.
#[derive(Clone, Copy)]
struct Cell {
    look: Look,
    form: u8,
    distance_m: f64,
    stage: f32,
    style: Style,
}

/// The six hazards near, middle and far, fire and smoke at three stages, all look-alikes near and middle, without sensor noise; 1344
/// pixels wide.
///
/// `None` never happens for a sheet of a fixed size; it is there because a picture without pixels has no `RgbPixels`.
pub fn contact_sheet(seed: u64) -> Option<RgbPixels> {
    let staged = cells().into_iter().enumerate().map(|(number, cell)| {
        let (scene, camera) = stage(cell, seed.wrapping_add(number as u64 * 0x9e37));
        (label(cell), scene, camera)
    });
    mounted(staged, COLUMNS)
}

/// Labelled pictures in rows of `columns`, all as large as the first.
fn mounted(staged: impl Iterator<Item = (String, Scene, Camera)>, columns: usize) -> Option<RgbPixels> {
    let staged: Vec<(String, Scene, Camera)> = staged.collect();
    let (cell_width, cell_height) = staged.first().map(|(_, _, camera)| (camera.width as usize, camera.height as usize))?;
    let rows = staged.len().div_ceil(columns);
    let (width, height) = (columns * cell_width, rows * (cell_height + LABEL_HEIGHT));
    let mut bytes = vec![22_u8; width * height * 3];
    for (number, (label, scene, camera)) in staged.iter().enumerate() {
        let left = number % columns * cell_width;
        let top = number / columns * (cell_height + LABEL_HEIGHT);
        let picture = render(scene, camera, 1).ok()?;
        for (row, line) in picture.pixels.rgb().chunks_exact(cell_width * 3).enumerate() {
            let start = ((top + LABEL_HEIGHT + row) * width + left) * 3;
            bytes[start..start + cell_width * 3].copy_from_slice(line);
        }
        for (x, y) in font::pixels(label) {
            if 2 * x + 6 > cell_width {
                continue;
            }
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let at = ((top + 3 + 2 * y + dy) * width + left + 4 + 2 * x + dx) * 3;
                bytes[at..at + 3].fill(230);
            }
        }
    }
    RgbPixels::new(width as u32, height as u32, bytes)
}

fn cells() -> Vec<Cell> {
    let (hazards, harmless): (Vec<Look>, Vec<Look>) = Look::ALL.into_iter().partition(|look| look.kind().is_some());
    let mut cells = Vec::new();
    for (row, distance_m) in [NEAR_M, MIDDLE_M, FAR_M].into_iter().enumerate() {
        for (column, look) in hazards.iter().enumerate() {
            cells.push(Cell { look: *look, form: 0, distance_m, stage: 1.0, style: STYLES[(row + column) % 3] });
        }
    }
    for look in [Look::Fire, Look::Smoke] {
        for (number, stage) in [0.2, 0.5, 1.0].into_iter().enumerate() {
            cells.push(Cell { look, form: 0, distance_m: 2.5, stage, style: STYLES[(number + 1) % 3] });
        }
    }
    for (number, look) in harmless.into_iter().enumerate() {
        for (place, distance_m) in [NEAR_M, MIDDLE_M].into_iter().enumerate() {
            cells.push(Cell { look, form: 0, distance_m, stage: 1.0, style: STYLES[(number + place) % 3] });
        }
    }
    // What is hardest to tell, once more from another side.
    for (look, style) in [
        (Look::PersonDown, Style::Home),
        (Look::PersonDown, Style::Office),
        (Look::LiquidSpill, Style::Office),
        (Look::GasLeak, Style::Home),
    ] {
        cells.push(Cell { look, form: 0, distance_m: 2.5, stage: 1.0, style });
    }
    cells
}

/// A name in words: `GasLeak` as `Gas Leak`.
fn words(name: &impl std::fmt::Debug) -> String {
    let mut words = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter);
    }
    words
}

fn label(cell: Cell) -> String {
    let words = words(&cell.look);
    let stage = if cell.stage < 1.0 { format!("  STAGE {:.1}", cell.stage) } else { String::new() };
    format!("{words}  {:.1} M{stage}", cell.distance_m)
}

/// A room of 9 m by 6 m with the camera at one end and the thing before it.
fn stage(cell: Cell, seed: u64) -> (Scene, Camera) {
    let mut dice = Dice::new(seed, 71);
    let building = room(cell.style);
    let ceiling_m = building.ceiling_m;
    let lamps = [[1.7, 1.5], [1.7, 4.5], [5.0, 1.5], [5.0, 4.5], [8.3, 1.5], [8.3, 4.5]];
    let lights = lamps.map(|[x, y]| Light { position_m: [x, y, ceiling_m - 0.1], power: [1.02, 0.99, 0.93] });
    let aside = f64::from(dice.range(-0.12, 0.12)) * cell.distance_m;
    let thing = Thing {
        id: 1,
        look: cell.look,
        form: cell.form,
        position_m: [0.9 + cell.distance_m, 3.0 + aside],
        heading_rad: match cell.look {
            // Across the view, as these are best told.
            Look::PersonDown => f64::from(dice.sign() * dice.range(1.0, 2.1)),
            Look::GasLeak => f64::from(dice.sign() * dice.range(1.2, 1.9)),
            Look::BlockedPath => f64::from(dice.range(-0.3, 0.3)),
            Look::RedCloth if cell.form == 0 => f64::from(dice.range(-0.3, 0.3)),
            _ => std::f64::consts::PI + f64::from(dice.range(-0.9, 0.9)),
        },
        stage: cell.stage,
        phase_secs: f64::from(dice.range(0.0, 60.0)),
        seed: u64::from(hash(seed as u32)),
    };
    let scene = Scene {
        building: Arc::new(building),
        things: vec![thing],
        lights: lights.to_vec(),
        ambient: 0.35,
        appearance_seed: u64::from(hash(seed as u32 ^ 5)),
        backdrop: None,
    };
    let camera = Camera {
        // As on the robot.
        position_m: [0.9, 3.0, 0.4],
        yaw_rad: f64::from(dice.range(-0.08, 0.08)),
        pitch_rad: 0.0,
        horizontal_fov_rad: 1.22,
        width: CELL_WIDTH as u32,
        height: CELL_HEIGHT as u32,
        exposure: 1.0,
        noise: 0.0,
        noise_seed: seed,
        ..Camera::default()
    };
    (scene, camera)
}

fn room(style: Style) -> Building {
    const CELLS_PER_M: usize = 10;
    let (width, height) = (10 * CELLS_PER_M, 6 * CELLS_PER_M);
    let (ceiling_m, shelf) = match style {
        Style::Warehouse => (4.5, 8),
        Style::Home => (2.5, 0),
        Style::Office | Style::Painted(_) => (2.7, 6),
    };
    let is_solid = (0..width * height).map(|index| {
        let (x, y) = (index % width, index / width);
        let is_shell = x < 2 || y < 2 || x >= width - 2 || y >= height - 2;
        // Shelves along the left wall with a step, so that there is a corner to see.
        is_shell || (y >= height - 2 - shelf && (30..90).contains(&x)) || (style == Style::Home && x > 70 && x < 74 && y > 44)
    });
    let is_solid = is_solid.collect();
    Building { resolution_m: 1.0 / CELLS_PER_M as f64, width, height, origin_m: [0.0, 0.0], is_solid, ceiling_m, style }
}
