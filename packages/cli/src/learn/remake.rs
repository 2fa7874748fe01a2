//! `vedette learn remake`: the runs that a pair comes from, one after the other, each on from the pair that the one before it left here.
//!
//! In -> out: a lineage and photographs -> a folder for each run, `01` and on, its pair in `pair`. What is finished is left alone, what was stopped goes on.

use super::export::{self, Matrices, Wanted};
use super::origin;
use super::pretrain::{self, Clock};
use crate::Ending;
use crate::interrupt::Interrupt;
use crate::output::say;
use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vedette_evaluation::Fold;
use vedette_learning::{Lineage, PastRun, Recipe};
use vedette_llama::PairPaths;
use vedette_llama::shipped::Provenance;

/// Arguments of `vedette learn remake`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RemakeArguments {
    /// Folder of the runs; what was stopped goes on
    #[arg(long, value_name = "DIR", default_value = "out/remake")]
    out: PathBuf,
    /// Runs as JSON [default: those of the shipped pair]
    #[arg(long, value_name = "FILE")]
    lineage: Option<PathBuf>,
    /// Print the runs and do nothing
    #[arg(long)]
    print_lineage: bool,
    /// Photographs: sub-folders `fire` and `normal`
    #[arg(long, value_name = "DIR")]
    photographs: Option<PathBuf>,
    /// Hold out this part of the photographs, for example 0/5
    #[arg(long, value_name = "I/N")]
    hold_out: Option<Fold>,
    /// Revision of the code, for the cards
    #[arg(long, value_name = "TEXT")]
    commit: Option<String>,
    /// Stop at the first checkpoint after this time
    #[arg(long, value_name = "MINUTES")]
    minutes: Option<f64>,
}

/// Remakes.
pub(crate) fn run(arguments: &RemakeArguments) -> Result<Ending> {
    let lineage = match &arguments.lineage {
        Some(file) => {
            let text = fs::read_to_string(file).with_context(|| format!("cannot read the lineage {}", file.display()))?;
            Lineage::from_json(&text).with_context(|| format!("{} cannot be followed", file.display()))?
        }
        None => Lineage::shipped()?,
    };
    if arguments.print_lineage {
        say!("{}", serde_json::to_string_pretty(&lineage)?);
        return Ok(Ending::Complete);
    }
    let photographs = Arc::new(super::photographs(arguments.photographs.as_deref(), arguments.hold_out)?);
    let interrupt = Interrupt::install()?;
    let clock = Clock::start(arguments.minutes);
    let is_over = || interrupt.is_requested() || clock.is_over();
    let mut has_trained = false;
    let mut before: Option<PairPaths> = None;
    for (index, run) in lineage.runs.iter().enumerate() {
        let folder = arguments.out.join(format!("{:02}", index + 1));
        let pair = folder.join("pair");
        let begins_with = before.as_ref().map(|pair| Ok::<_, anyhow::Error>(pair.sha256()?.to_string())).transpose()?;
        // The pair of another processor, or of other photographs, differs from the one that was shipped then.
        let recipe = Recipe { begins_with, ..run.recipe.clone() };
        origin::expect_same(&folder, &photographs)?;
        if let Some(paths) = finished(&pair, &recipe, run) {
            say!("run {} of {}: finished before", index + 1, lineage.runs.len());
            before = Some(paths);
            continue;
        }
        if has_trained && is_over() {
            return Ok(pretrain::stopped(&interrupt));
        }
        has_trained = true;
        say!("run {} of {}: {} minutes when it was run first", index + 1, lineage.runs.len(), run.minutes);
        let workshop = super::workshop(&folder, &recipe, Arc::clone(&photographs), before.take())?;
        if !pretrain::train(&recipe, &workshop, "vedette learn remake", arguments.hold_out, &is_over)? {
            return Ok(pretrain::stopped(&interrupt));
        }
        let (beginning_share, commit) = (run.beginning_share, arguments.commit.as_deref());
        let command = origin::read(&folder)?.command;
        before = Some(export::write(&recipe, &workshop, &Wanted { beginning_share, matrices: Matrices::Q8, commit, command }, &pair)?);
    }
    if let Some(paths) = before {
        say!("{}\n{}", paths.model.display(), paths.mmproj.display());
    }
    Ok(Ending::Complete)
}

/// The pair in `folder`, where the recipe was followed to its end before: its provenance is written last.
fn finished(folder: &Path, recipe: &Recipe, run: &PastRun) -> Option<PairPaths> {
    let provenance = Provenance::from_json(&fs::read_to_string(export::provenance_file(folder)).ok()?).ok()?;
    let paths = PairPaths { model: folder.join(&provenance.model.file), mmproj: folder.join(&provenance.mmproj.file) };
    let is_this_one =
        provenance.training["recipe_sha256"] == recipe.sha256() && provenance.training["beginning_share"] == run.beginning_share;
    (is_this_one && provenance.check(&paths).is_ok()).then_some(paths)
}
