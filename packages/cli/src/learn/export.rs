//! `vedette learn export`: the averaged weights of a run as GGUF files with a card, and beside them `provenance.json`.

use super::origin;
use crate::Ending;
use crate::output::say;
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use vedette_learning::{Point, Recipe, Trainer, Validation, curves_file, export};
use vedette_llama::gguf::TensorType;
use vedette_llama::shipped::Provenance;
use vedette_llama::tiny::TinyCard;

/// Type of the matrices.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Matrices {
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
    let workshop = super::workshop(&arguments.from, &recipe, vedette_learning::Photographs::default(), beginning)?;
    anyhow::ensure!(workshop.folder.is_dir(), "there is no run in {}", arguments.from.display());
    let trainer = Trainer::new(&recipe, &workshop, &mut |_| {})?;
    let weights = trainer.mixed(arguments.beginning_share as f32)?;
    let validation = if is_mixed { Some(trainer.judge(&weights)?) } else { points(&arguments.from)?.pop().map(|point| point.validation) };
    let card = TinyCard {
        name: recipe.name.clone(),
        description: "Vedette's small vision-language model: hazards in a mobile robot's camera, answers as JSON".to_owned(),
        license: "apache-2.0".to_owned(),
        is_trained: true,
        data_sha256: Some(recipe.sha256()),
        commit: arguments.commit.clone(),
        metrics: validation.map_or_else(Vec::new, |validation| metrics(&validation)),
    };
    let matrices = match arguments.matrices {
        Matrices::F16 => TensorType::F16,
        Matrices::Q8 => TensorType::Q8_0,
    };
    let paths = export(&arguments.out, &weights, card, matrices)?;
    let provenance = Provenance::of(&paths, &recipe.name, training(arguments, &recipe, validation)?)?;
    let file = arguments.out.join("provenance.json");
    provenance.write(&file)?;
    say!("{}\n{}\n{}", paths.model.display(), paths.mmproj.display(), file.display());
    Ok(Ending::Complete)
}

/// How the weights came about: with the same processor, the command makes the same files again.
fn training(arguments: &ExportArguments, recipe: &Recipe, validation: Option<Validation>) -> Result<serde_json::Value> {
    let origin = origin::read(&arguments.from)?;
    let points = points(&arguments.from)?;
    let last = points.last();
    let share = arguments.beginning_share;
    let command =
        if share > 0.0 { format!("{} && vedette learn export --beginning-share {share}", origin.command) } else { origin.command };
    Ok(json!({
        "command": command,
        "commit": arguments.commit,
        "seed": recipe.seed,
        "recipe_sha256": recipe.sha256(),
        "recipe": recipe,
        "photographs": origin.photographs,
        "photographs_sha256": origin.photographs_sha256,
        "examples": last.map(|point| point.examples),
        "minutes": last.map(|point| (point.secs / 60.0).round()),
        "beginning_share": share,
        "validation": validation,
    }))
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
