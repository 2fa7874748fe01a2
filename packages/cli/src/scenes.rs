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
    /// Share of the scenes that look as most places do to a robot on its way: next to nothing about and walls near, or a long view [default: 0]
    #[arg(long, value_parser = crate::config::share)]
    roaming: Option<f64>,
    /// Scenes side by side [default: 6]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=20))]
    columns: Option<u8>,
    /// Rows of scenes [default: 5]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=20))]
    rows: Option<u8>,
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

impl Shown {
    fn is_of_scenes(self) -> bool {
        matches!(self, Self::Train | Self::Validation | Self::Test)
    }
}

/// Runs the sub-command.
pub(crate) fn run(arguments: &ScenesArguments) -> Result<Ending> {
    let ScenesCommand::Sheet(arguments) = &arguments.command;
    let SheetArguments { show, seed, roaming, columns, rows, .. } = *arguments;
    anyhow::ensure!(
        show.is_of_scenes() || (roaming.is_none() && columns.is_none() && rows.is_none()),
        "--roaming, --columns and --rows belong to the scenes of a family: --show train, validation or test"
    );
    let scenes =
        |family| scene_sheet(family, seed, usize::from(columns.unwrap_or(6)), usize::from(rows.unwrap_or(5)), roaming.unwrap_or_default());
    let sheet = match show {
        Shown::Looks => contact_sheet(seed),
        Shown::Hazards => form_sheet(seed, true),
        Shown::Harmless => form_sheet(seed, false),
        Shown::Patterns => pattern_sheet(seed),
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
