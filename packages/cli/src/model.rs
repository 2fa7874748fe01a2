//! The model: `vedette model ...`, and loading the pair that the parameters name, or the one that comes with the program.

mod calibrate;
mod inspect;
pub(crate) mod install;
pub(crate) mod probe;
mod quantize;
mod synth;
pub(crate) mod verify;

use crate::Ending;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths, shipped};

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
    }
}

/// Loads the configured pair.
pub(crate) fn load(params: &LlamaParams) -> Result<LlamaVlm> {
    let mut vlm = LlamaVlm::load(&pair(params)?, &with_folders(params)?).context("cannot load the model")?;
    if params.self_test {
        vlm.self_test(Some(&cache_folder()?.join("self-test")))?;
    }
    Ok(vlm)
}

/// The parameters with the user's own folders where none are named.
fn with_folders(params: &LlamaParams) -> Result<LlamaParams> {
    let mut params = params.clone();
    if params.prefix_folder.is_empty() {
        params.prefix_folder = cache_folder()?.join("prefix").display().to_string();
    }
    Ok(params)
}

/// The configured pair. Without one, the pair that comes with the program, as files in the user's cache folder: the trained one that is built
/// in, else the generated untrained one, which keeps the whole path real and knows nothing, as every table says.
pub(crate) fn pair(params: &LlamaParams) -> Result<PairPaths> {
    match (params.model.as_str(), params.mmproj.as_str()) {
        ("", "") => {
            let folder = cache_folder()?.join("models");
            shipped::write_default_pair(&folder).with_context(|| format!("cannot write the built-in model to {}", folder.display()))
        }
        (install::INSTALLED, "") => install::current(),
        (model, mmproj) if !model.is_empty() && !mmproj.is_empty() => {
            Ok(PairPaths { model: PathBuf::from(model), mmproj: PathBuf::from(mmproj) })
        }
        ("", _) => bail!("a vision tower without a text model: give --model (llama.model) as well"),
        _ => bail!("a text model without its vision tower: give --mmproj (llama.mmproj) as well; both files come with the model"),
    }
}

/// `$XDG_CACHE_HOME/vedette` or `~/.cache/vedette`, else a folder below the system's temporary one.
#[expect(clippy::disallowed_methods, reason = "the XDG base directories are environment variables")]
pub(crate) fn cache_folder() -> Result<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")));
    let folder = base.unwrap_or_else(std::env::temp_dir).join("vedette");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// `trained`, or `UNTRAINED` where the weights never saw data.
pub(crate) fn training_word(is_trained: bool) -> &'static str {
    if is_trained { "trained" } else { "UNTRAINED: generated weights that never saw data; its verdicts mean nothing" }
}

/// The file name of a path, for tables.
pub(crate) fn short(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
