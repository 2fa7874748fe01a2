//! `vedette learn export`: the averaged weights of a run as GGUF files with a card, and beside them `provenance.json`.

use super::origin::{self, Origin};
use crate::Ending;
use crate::output::say;
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vedette_learning::{Point, Recipe, Trainer, Validation, Workshop, curves_file, export};
use vedette_llama::PairPaths;
use vedette_llama::gguf::TensorType;
use vedette_llama::shipped::Provenance;
use vedette_llama::tiny::TinyCard;

/// Type of the matrices.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Matrices {
    /// Half precision.
    F16,
    /// Eight bits, a scale for each 32.
    Q8,
}

/// Arguments of `vedette learn export`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExportArguments {
    /// Folder of the run
    #[arg(long, value_name = "DIR", default_value = "out/pretrain")]
    from: PathBuf,
    /// Where the files go
    #[arg(long, value_name = "DIR", default_value = "out/model")]
    out: PathBuf,
    /// Type of the matrices
    #[arg(long, value_enum, default_value_t = Matrices::Q8)]
    matrices: Matrices,
    /// Revision of the code, for the card
    #[arg(long, value_name = "TEXT")]
    commit: Option<String>,
    /// Move the weights by this share, 0 to 1, towards those that the run began with
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = crate::config::share)]
    beginning_share: f64,
    /// Text model of the pair that the run began with [default: the built-in one]
    #[arg(long, value_name = "GGUF", requires = "mmproj")]
    model: Option<PathBuf>,
    /// Its vision tower
    #[arg(long, value_name = "GGUF", requires = "model")]
    mmproj: Option<PathBuf>,
}

/// Exports.
pub(crate) fn run(arguments: &ExportArguments) -> Result<Ending> {
    let recipe = super::read_recipe(&super::recipe_file(&arguments.from))?;
    let is_mixed = arguments.beginning_share > 0.0;
    anyhow::ensure!(
        is_mixed || arguments.model.is_none(),
        "--model and --mmproj name what the run began with: they need --beginning-share above 0"
    );
    let beginning = || super::beginning(arguments.model.as_ref(), arguments.mmproj.as_ref(), &arguments.from, &recipe);
    let beginning = if is_mixed { beginning()? } else { None };
    let workshop = super::workshop(&arguments.from, &recipe, Arc::default(), beginning)?;
    let share = arguments.beginning_share;
    let command = origin::read(&arguments.from)?.command;
    let command = if is_mixed { format!("{command} && vedette learn export --beginning-share {share}") } else { command };
    let wanted = Wanted { beginning_share: share, matrices: arguments.matrices, commit: arguments.commit.as_deref(), command };
    let paths = write(&recipe, &workshop, &wanted, &arguments.out)?;
    say!("{}\n{}\n{}", paths.model.display(), paths.mmproj.display(), provenance_file(&arguments.out).display());
    Ok(Ending::Complete)
}

/// Which of a run's weights are written, how, and what is said of them.
pub(super) struct Wanted<'a> {
    /// How far they are moved towards those that the run began with.
    pub(super) beginning_share: f64,
    pub(super) matrices: Matrices,
    /// Revision of the code.
    pub(super) commit: Option<&'a str>,
    /// What makes them again.
    pub(super) command: String,
}

/// The record beside a pair.
pub(super) fn provenance_file(folder: &Path) -> PathBuf {
    folder.join("provenance.json")
}

/// Writes the pair of the run in the workshop's folder into `out`, its provenance last.
pub(super) fn write(recipe: &Recipe, workshop: &Workshop, wanted: &Wanted<'_>, out: &Path) -> Result<PairPaths> {
    let trainer = Trainer::new(recipe, workshop, &mut |_| {})?;
    let weights = trainer.mixed(wanted.beginning_share as f32)?;
    let points = points(&workshop.folder)?;
    let is_mixed = wanted.beginning_share > 0.0;
    let validation = if is_mixed { Some(trainer.judge(&weights)?) } else { points.last().map(|point| point.validation) };
    let card = TinyCard {
        name: recipe.name.clone(),
        description: "Vedette's small vision-language model: hazards in a mobile robot's camera, answers as JSON".to_owned(),
        license: "apache-2.0".to_owned(),
        is_trained: true,
        data_sha256: Some(recipe.sha256()),
        commit: wanted.commit.map(str::to_owned),
        metrics: validation.map_or_else(Vec::new, |validation| metrics(&validation)),
    };
    let matrices = match wanted.matrices {
        Matrices::F16 => TensorType::F16,
        Matrices::Q8 => TensorType::Q8_0,
    };
    let paths = export(out, &weights, card, matrices)?;
    let training = training(recipe, &origin::read(&workshop.folder)?, wanted, points.last(), validation);
    Provenance::of(&paths, &recipe.name, training)?.write(&provenance_file(out))?;
    Ok(paths)
}

/// How the weights came about: with the same processor, the command makes the same files again.
fn training(
    recipe: &Recipe,
    origin: &Origin,
    wanted: &Wanted<'_>,
    last: Option<&Point>,
    validation: Option<Validation>,
) -> serde_json::Value {
    json!({
        "command": wanted.command,
        "commit": wanted.commit,
        "seed": recipe.seed,
        "recipe_sha256": recipe.sha256(),
        "recipe": recipe,
        "photographs": origin.photographs,
        "photographs_sha256": origin.photographs_sha256,
        "examples": last.map(|point| point.examples),
        "minutes": last.map(|point| (point.secs / 60.0).round()),
        "beginning_share": wanted.beginning_share,
        "validation": validation,
    })
}

fn points(folder: &Path) -> Result<Vec<Point>> {
    let file = curves_file(folder);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

fn metrics(validation: &Validation) -> Vec<(String, f32)> {
    let figures = [("verdict", validation.verdict), ("exact", validation.exact), ("first_kind", validation.kind)];
    figures.map(|(name, value)| (format!("validation.{name}"), value as f32)).to_vec()
}
