//! Writes a sheet of labelled pictures as a PNG of 256 colours (a third of the bytes): every hazard and look-alike at several distances
//! (`looks`, the default), every form of the hazards (`hazards`) or of what is harmless (`harmless`), every invented form eight times
//! (`invented`), every pattern (`patterns`), or labelled scenes of a family (`train`, `validation`, `test`).
//!
//! In -> out: `cargo run -p vedette-simulator --example contact_sheet -- FILE.png [SEED] [SHEET] [COLUMNS ROWS]` -> the file. Deliberately
//! absent: judging; look at it.

use std::{error::Error, fs::File, io::BufWriter, process::ExitCode};
use vedette_simulator::{Family, contact_sheet, form_sheet, invented_sheet, pattern_sheet, scene_sheet};
use vedette_types::RgbPixels;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((path, rest)) = arguments.split_first() else {
        eprintln!(
            "name the file to write: contact_sheet FILE.png [SEED] [looks|hazards|harmless|invented|patterns|train|validation|test] [COLUMNS ROWS]"
        );
        return ExitCode::FAILURE;
    };
    match sheet(rest).and_then(|sheet| write(path, &sheet)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("no sheet in {path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn sheet(arguments: &[String]) -> Result<RgbPixels, Box<dyn Error>> {
    let argument = |number: usize, usual: &'static str| arguments.get(number).map_or(usual, String::as_str);
    let seed = argument(0, "1").parse()?;
    let sheet = match argument(1, "looks") {
        "looks" => contact_sheet(seed),
        "hazards" => form_sheet(seed, true),
        "harmless" => form_sheet(seed, false),
        "invented" => invented_sheet(seed),
        "patterns" => pattern_sheet(seed),
        other => {
            let known = "no such sheet, take looks, hazards, harmless, invented, patterns, train, validation or test";
            let family: Family = other.parse().map_err(|_| format!("{known}: {other}"))?;
            scene_sheet(family, seed, argument(2, "6").parse()?, argument(3, "5").parse()?, argument(4, "0").parse()?)
        }
    };
    sheet.ok_or_else(|| "the sheet has no pixels, or more than 400 scenes".into())
}

fn write(path: &str, sheet: &RgbPixels) -> Result<(), Box<dyn Error>> {
    let palette = palette(sheet.rgb());
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), sheet.width(), sheet.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let indices = dithered(sheet.rgb(), sheet.width() as usize, &palette);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    Ok(writer.finish()?)
}

/// Indices of colours, with part of each pixel's error handed on (Floyd and Steinberg, 1976); all of it would cost twice the bytes.
fn dithered(rgb: &[u8], width: usize, palette: &[[u8; 3]]) -> Vec<u8> {
    let mut nearest = vec![None; 1 << 18];
    let mut errors = vec![[0_i32; 3]; rgb.len() / 3 + width + 2];
    let mut indices = Vec::with_capacity(rgb.len() / 3);
    for (place, pixel) in rgb.chunks_exact(3).enumerate() {
        let wanted = [0, 1, 2].map(|c| (i32::from(pixel[c]) + errors[place][c] / 16).clamp(0, 255) as u8);
        let index = *nearest[cell(wanted, 6)].get_or_insert_with(|| closest(palette, wanted));
        indices.push(index);
        for channel in 0..3 {
            let error = i32::from(wanted[channel]) - i32::from(palette[usize::from(index)][channel]);
            for (further, share) in [(1, 5), (width - 1, 2), (width, 4), (width + 1, 1)] {
                errors[place + further][channel] += error * share;
            }
        }
    }
    indices
}

/// Number of a colour when only the upper `bits` of each channel count.
fn cell(colour: [u8; 3], bits: u32) -> usize {
    colour.iter().fold(0, |sum, channel| (sum << bits) | usize::from(*channel >> (8 - bits)))
}

fn closest(palette: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let distance = |other: &[u8; 3]| (0..3).map(|c| u32::from(other[c].abs_diff(colour[c])).pow(2)).sum::<u32>();
    (0..=255).zip(palette).min_by_key(|(_, other)| distance(other)).map_or(0, |(index, _)| index)
}

/// 256 colours by median cut (Heckbert, 1982), on the colours that occur.
fn palette(rgb: &[u8]) -> Vec<[u8; 3]> {
    let mut counts = vec![0_u32; 1 << 18];
    for pixel in rgb.chunks_exact(3) {
        counts[cell([pixel[0], pixel[1], pixel[2]], 6)] += 1;
    }
    let colour_of = |cell: usize| [12, 6, 0].map(|shift| ((cell >> shift & 63) * 255 / 63) as u8);
    // Rare colours count for more than their pixels, else all flames would share a few.
    let all = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(cell, count)| (colour_of(cell), f64::from(*count).sqrt()));
    let mut boxes: Vec<Vec<([u8; 3], f64)>> = vec![all.collect()];
    while boxes.len() < 256 {
        let spread = |part: &[([u8; 3], f64)], axis: usize| {
            let low = part.iter().map(|(colour, _)| colour[axis]).min().unwrap_or(0);
            part.iter().map(|(colour, _)| colour[axis]).max().unwrap_or(0) - low
        };
        let score = |part: &[([u8; 3], f64)]| {
            let widest = (0..3).map(|axis| spread(part, axis)).max().unwrap_or(0);
            f64::from(widest) * part.iter().map(|(_, weight)| weight).sum::<f64>()
        };
        let worst = boxes.iter().enumerate().max_by(|a, b| score(a.1).total_cmp(&score(b.1))).map(|(number, _)| number);
        let Some(mut part) = worst.map(|number| boxes.swap_remove(number)).filter(|part| part.len() > 1) else { break };
        let axis = (0..3).max_by_key(|axis| spread(&part, *axis)).unwrap_or(0);
        part.sort_by_key(|(colour, _)| (colour[axis], *colour));
        let half = part.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
        let mut sum = 0.0;
        let middle = part.iter().position(|(_, weight)| {
            sum += weight;
            sum > half
        });
        let rest = part.split_off(middle.unwrap_or(1).clamp(1, part.len() - 1));
        boxes.extend([part, rest]);
    }
    let mean = |part: &Vec<([u8; 3], f64)>| {
        let total: f64 = part.iter().map(|(_, weight)| weight).sum();
        [0, 1, 2].map(|axis| (part.iter().map(|(colour, weight)| f64::from(colour[axis]) * weight).sum::<f64>() / total) as u8)
    };
    boxes.iter().map(mean).collect()
}
