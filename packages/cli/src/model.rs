//! The model: `vedette model ...`, and loading the pair that the parameters name, or the one that comes with the program.

mod calibrate;
mod inspect;
pub(crate) mod install;
pub(crate) mod probe;
mod quantize;
mod record;
mod synth;
pub(crate) mod verify;

use crate::Ending;
use anyhow::Result;
use clap::{Args, Subcommand};
use std::path::Path;

/// Arguments of `vedette model`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ModelArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Show what a GGUF file says of itself
    Inspect(inspect::InspectArguments),
    /// Write a pair with random weights in the shape of a real model, for memory plans and timings
    Synth(synth::SynthArguments),
    /// Check a pair from its headers to an answer: fit for each other, hashes, loading, a test picture
    Verify(verify::VerifyArguments),
    /// Make a text model smaller, in fewer bits a weight
    Quantize(quantize::QuantizeArguments),
    /// Copy a pair into the models folder, checked, and make it current; the one before is kept
    Install(install::InstallArguments),
    /// Make the pair before the current one current again
    Rollback(install::RollbackArguments),
    /// Fit what turns raw verdict probabilities into calibrated ones, from labelled answers
    Calibrate(calibrate::CalibrateArguments),
    /// Write the figures of `vedette eval` into the provenance of the pair that they are of
    Record(record::RecordArguments),
}

pub(crate) fn run(arguments: &ModelArguments) -> Result<Ending> {
    match &arguments.command {
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Synth(arguments) => synth::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Quantize(arguments) => quantize::run(arguments),
        Command::Install(arguments) => install::install(arguments),
        Command::Rollback(arguments) => install::roll_back(arguments),
        Command::Calibrate(arguments) => calibrate::run(arguments),
        Command::Record(arguments) => record::run(arguments),
    }
}

/// `trained`, or `UNTRAINED` where the weights never saw data.
pub(crate) fn training_word(is_trained: bool) -> &'static str {
    if is_trained { "trained" } else { "UNTRAINED: generated weights that never saw data; its verdicts mean nothing" }
}

/// The file name of a path, for tables.
pub(crate) fn short(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
