//! `vedette learn pretrain`: runs a recipe in a folder until it is finished, interrupted, or out of time.

use super::origin;
use crate::Ending;
use crate::interrupt::Interrupt;
use crate::output::say;
use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use vedette_evaluation::Fold;
use vedette_learning::{Point, Recipe, Told, Trainer, Workshop, curves_file, curves_page};

/// Arguments of `vedette learn pretrain`.
#[derive(Args, Clone, Debug)]
pub(crate) struct PretrainArguments {
    /// Folder of the run: checkpoints, curves; a run that was stopped goes on
    #[arg(long, value_name = "DIR", default_value = "out/pretrain")]
    out: PathBuf,
    /// Recipe as JSON [default: the shipped model's]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Print the default recipe and do nothing
    #[arg(long)]
    print_recipe: bool,
    /// Photographs: sub-folders `fire` and `normal`
    #[arg(long, value_name = "DIR")]
    photographs: Option<PathBuf>,
    /// Hold out this part of the photographs, for example 0/5
    #[arg(long, value_name = "I/N")]
    hold_out: Option<Fold>,
    /// Text model of the pair that the recipe begins with [default: the built-in one]
    #[arg(long, value_name = "FILE", requires = "mmproj")]
    model: Option<PathBuf>,
    /// Its vision tower
    #[arg(long, value_name = "FILE", requires = "model")]
    mmproj: Option<PathBuf>,
    /// Stop at the first checkpoint after this time
    #[arg(long, value_name = "MINUTES")]
    minutes: Option<f64>,
}

/// Trains.
pub(crate) fn run(arguments: &PretrainArguments) -> Result<Ending> {
    let recipe = match &arguments.recipe {
        Some(file) => super::read_recipe(file)?,
        None => Recipe::shipped(),
    };
    if arguments.print_recipe {
        say!("{}", serde_json::to_string_pretty(&recipe)?);
        return Ok(Ending::Complete);
    }
    let photographs = Arc::new(super::photographs(arguments.photographs.as_deref(), arguments.hold_out)?);
    origin::expect_same(&arguments.out, &photographs)?;
    let beginning = super::beginning(arguments.model.as_ref(), arguments.mmproj.as_ref(), &arguments.out, &recipe)?;
    let workshop = super::workshop(&arguments.out, &recipe, photographs, beginning)?;
    let command = if arguments.recipe.is_some() { "vedette learn pretrain --recipe recipe.json" } else { "vedette learn pretrain" };
    let interrupt = Interrupt::install()?;
    let clock = Clock::start(arguments.minutes);
    if train(&recipe, &workshop, command, arguments.hold_out, &|| interrupt.is_requested() || clock.is_over())? {
        say!("finished; export it with: vedette learn export --from {}", arguments.out.display());
        return Ok(Ending::Complete);
    }
    Ok(stopped(&interrupt))
}

/// Trains until the recipe's end or until `is_over` says so at a checkpoint; gives back whether the recipe is finished. What the run is started with
/// is written first, but not over that of a run that cannot go on so.
pub(super) fn train(
    recipe: &Recipe,
    workshop: &Workshop,
    command: &str,
    hold_out: Option<Fold>,
    is_over: &dyn Fn() -> bool,
) -> Result<bool> {
    let (folder, photographs) = (&workshop.folder, &workshop.photographs);
    let mut tell = |told: Told| show(folder, recipe, told);
    let mut trainer = Trainer::new(recipe, workshop, &mut tell)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = super::recipe_file(folder);
    fs::write(&file, serde_json::to_string_pretty(recipe)?).with_context(|| format!("cannot write {}", file.display()))?;
    origin::write(folder, command, photographs, hold_out)?;
    say!("{}: {} photographs, recipe {}", recipe.name, photographs.len(), recipe.sha256());
    Ok(trainer.run(is_over, &mut tell)?)
}

/// How a command ends whose run is not finished.
pub(super) fn stopped(interrupt: &Interrupt) -> Ending {
    say!("stopped at a checkpoint; the same command goes on from it");
    if interrupt.is_requested() { Ending::Interrupted } else { Ending::Complete }
}

/// When a run's time is over.
pub(super) struct Clock {
    start: Instant,
    limit: Option<Duration>,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "a limit on wall-clock time; it decides when to stop, never what is learned")]
    pub(super) fn start(minutes: Option<f64>) -> Self {
        let limit = minutes.map(|minutes| Duration::try_from_secs_f64(minutes * 60.0).unwrap_or(Duration::MAX));
        Self { start: Instant::now(), limit }
    }

    pub(super) fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.start.elapsed() >= limit)
    }
}

fn show(folder: &Path, recipe: &Recipe, told: Told) {
    match told {
        Told::Note(note) => eprintln!("vedette: {note}"),
        Told::Advanced { stage, step, steps, loss, rate } => {
            let batch = recipe.stages.iter().find(|known| known.name == stage).map_or(1, |stage| stage.batch);
            let left_minutes = (steps - step) as f64 * batch as f64 / rate.max(1e-9) / 60.0;
            eprintln!("{stage} {step}/{steps}: loss {loss:.4}, {rate:.1} examples/s, {left_minutes:.0} min of this stage left");
        }
        Told::Point(point) => {
            let figures = point.validation;
            say!(
                "{} {}: verdict {:.3}, exact {:.3}, first kind {:.3}, patches {:.3}, loss {:.4} (training {:.4}), {:.0} min",
                point.stage,
                point.step,
                figures.verdict,
                figures.exact,
                figures.kind,
                figures.patch_precision,
                figures.text_loss,
                point.loss,
                point.secs / 60.0
            );
            // The page is a convenience: a full disk shows at the checkpoint.
            let text = fs::read_to_string(curves_file(folder)).unwrap_or_default();
            let points: Vec<Point> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            let _ = fs::write(folder.join("curves.html"), curves_page(&recipe.name, &points));
        }
    }
}
