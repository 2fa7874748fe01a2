//! `vedette learn`: trains the small model, exports it, holds the export against the network it came from.

mod export;
mod origin;
mod parity;
mod pretrain;
mod remake;

use crate::Ending;
use anyhow::{Context, Result};
use clap::Subcommand;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vedette_evaluation::Fold;
use vedette_fusion::FusionParams;
use vedette_learning::{Maker, Photographs, Recipe, Tokenizer, Workshop};
use vedette_llama::tiny::{CHAT_TEMPLATE, tiny_vocabulary};
use vedette_llama::{PairPaths, shipped};
use vedette_params::HazardCatalogue;
use vedette_reasoning::{ChatTemplate, Reasoner, ReasoningParams};

/// What `vedette learn` does.
#[derive(Subcommand)]
pub(crate) enum LearnCommand {
    /// Train the small vision-language model from nothing, or go on where a run was stopped
    Pretrain(pretrain::PretrainArguments),
    /// Make the shipped pair again: all the runs that it comes from, one after the other
    Remake(remake::RemakeArguments),
    /// Write a run's averaged weights as a pair of GGUF files
    Export(export::ExportArguments),
    /// Hold an exported pair, run by llama.cpp, against the network it came from
    Parity(parity::ParityArguments),
}

/// Runs a sub-command.
pub(crate) fn run(command: &LearnCommand) -> Result<Ending> {
    match command {
        LearnCommand::Pretrain(arguments) => pretrain::run(arguments),
        LearnCommand::Remake(arguments) => remake::run(arguments),
        LearnCommand::Export(arguments) => export::run(arguments),
        LearnCommand::Parity(arguments) => parity::run(arguments),
    }
}

/// The recipe as it stands in a run's folder.
fn recipe_file(folder: &Path) -> PathBuf {
    folder.join("recipe.json")
}

fn read_recipe(file: &Path) -> Result<Recipe> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read the recipe {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not a recipe", file.display()))
}

/// What a run of `recipe` in `folder` works with: the agent's own prompt, and the photographs where there are any.
fn workshop(folder: &Path, recipe: &Recipe, photographs: Arc<Photographs>, beginning: Option<PairPaths>) -> Result<Workshop> {
    let reasoner = Reasoner::new(ReasoningParams::default(), HazardCatalogue::bundled()?, ChatTemplate::new(CHAT_TEMPLATE)?)?;
    let tokenizer = Tokenizer::new(&tiny_vocabulary());
    let maker = Maker::new(reasoner, FusionParams::default(), tokenizer, recipe.shape.vision.patches_to_a_side())?;
    Ok(Workshop { folder: folder.to_owned(), maker: Arc::new(maker), photographs, beginning })
}

/// The pair that the recipe begins with: the one that is named, else the built-in one, written into the run's `folder`.
fn beginning(model: Option<&PathBuf>, mmproj: Option<&PathBuf>, folder: &Path, recipe: &Recipe) -> Result<Option<PairPaths>> {
    if let (Some(model), Some(mmproj)) = (model, mmproj) {
        return Ok(Some(PairPaths { model: model.clone(), mmproj: mmproj.clone() }));
    }
    let is_wanted = recipe.begins_with.is_some() && shipped::is_there();
    Ok(is_wanted.then(|| shipped::write_default_pair(&folder.join("beginning"))).transpose()?)
}

/// The photographs of a folder, without the fold that is held out. A missing folder is told and means none.
fn photographs(folder: Option<&Path>, fold: Option<Fold>) -> Result<Photographs> {
    match folder {
        None => Ok(Photographs::default()),
        Some(folder) if !folder.is_dir() => {
            eprintln!("vedette: no photographs in {}, training without them", folder.display());
            Ok(Photographs::default())
        }
        Some(folder) => Ok(Photographs::read(folder, fold)?),
    }
}
