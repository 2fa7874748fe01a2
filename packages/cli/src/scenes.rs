//! `vedette scenes sheet FILE.png`: pictures of the simulator's labelled scenes, to be judged by eye. In -> out: what to show and a seed -> one
//! PNG. It judges nothing: `vedette eval --scenes` does.

use crate::{Ending, output::say};
use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use std::{fs, path::PathBuf};
use vedette_simulator::{Family, contact_sheet, form_sheet, pattern_sheet, scene_sheet};
use vedette_types::RgbPixels;

/// Arguments of `vedette scenes`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ScenesArguments {
    #[command(subcommand)]
    command: ScenesCommand,
}

#[derive(Subcommand, Clone, Debug)]
enum ScenesCommand {
    /// Write a sheet of pictures as a PNG
    Sheet(SheetArguments),
}

#[derive(Args, Clone, Debug)]
struct SheetArguments {
    /// The file to write
    #[arg(value_name = "FILE.png")]
    file: PathBuf,
    /// What to show
    #[arg(long, value_enum, default_value_t = Shown::Looks)]
    show: Shown,
    /// Decides appearance, and which scenes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Share of the scenes that look as most places do to a robot on its way: next to nothing about, walls near
    #[arg(long, default_value_t = 0.0, value_parser = crate::config::share)]
    roaming: f64,
    /// Scenes side by side
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=20))]
    columns: u8,
    /// Rows of scenes
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=20))]
    rows: u8,
}

/// Which sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// Every hazard and look-alike at several distances
    Looks,
    /// Every form of the hazards
    Hazards,
    /// Every form of what is harmless
    Harmless,
    /// Every pattern of floors and walls
    Patterns,
    /// Labelled scenes of the family that models learn from
    Train,
    /// Labelled scenes of the family that choices are made on
    Validation,
    /// Labelled scenes of the family that is reported
    Test,
}

/// Runs the sub-command.
pub(crate) fn run(arguments: &ScenesArguments) -> Result<Ending> {
    let ScenesCommand::Sheet(arguments) = &arguments.command;
    let scenes =
        |family| scene_sheet(family, arguments.seed, usize::from(arguments.columns), usize::from(arguments.rows), arguments.roaming);
    let sheet = match arguments.show {
        Shown::Looks => contact_sheet(arguments.seed),
        Shown::Hazards => form_sheet(arguments.seed, true),
        Shown::Harmless => form_sheet(arguments.seed, false),
        Shown::Patterns => pattern_sheet(arguments.seed),
        Shown::Train => scenes(Family::Train),
        Shown::Validation => scenes(Family::Validation),
        Shown::Test => scenes(Family::Test),
    };
    let sheet = sheet.context("the sheet has no pictures; ask for fewer columns and rows")?;
    fs::write(&arguments.file, png(&sheet)?).with_context(|| format!("cannot write {}", arguments.file.display()))?;
    say!("{}: {} x {} px", arguments.file.display(), sheet.width(), sheet.height());
    Ok(Ending::Complete)
}

/// The pixels as a PNG file.
pub(crate) fn png(pixels: &RgbPixels) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(pixels.rgb(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8)?;
    Ok(bytes)
}
