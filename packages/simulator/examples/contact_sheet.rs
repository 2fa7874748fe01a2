//! Writes the contact sheet: every hazard and look-alike at several distances.
//!
//! In -> out: `cargo run -p vedette-simulator --example contact_sheet -- FILE.png [SEED]` -> the file. Deliberately absent: judging; look at it.

use std::process::ExitCode;
use vedette_simulator::contact_sheet;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("name the file to write: contact_sheet FILE.png [SEED]");
        return ExitCode::FAILURE;
    };
    let seed = match arguments.next().map(|text| text.parse()).transpose() {
        Ok(seed) => seed.unwrap_or(1),
        Err(error) => {
            eprintln!("the seed must be a whole number: {error}");
            return ExitCode::FAILURE;
        }
    };
    let Some(sheet) = contact_sheet(seed) else {
        eprintln!("the sheet could not be rendered");
        return ExitCode::FAILURE;
    };
    match image::save_buffer(&path, sheet.rgb(), sheet.width(), sheet.height(), image::ExtendedColorType::Rgb8) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write {path}: {error}");
            ExitCode::FAILURE
        }
    }
}
