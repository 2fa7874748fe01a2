//! `vedette eval`: what a model or a run is worth, against the truth. In -> out: one of runs, a folder of labelled pictures, rendered scenes,
//! simulated patrols -> tables, JSON, a folder with the details. It decides nothing that a robot acts on.

mod collected;
mod images;
mod outcome;
mod pans;
mod patrol;
mod patrols;
mod pool;
mod runs;
mod scenes;

use crate::{Ending, config::ConfigArguments};
use anyhow::Result;
use clap::{ArgGroup, Args};
use std::path::PathBuf;
use vedette_evaluation::Fold;
use vedette_simulator::Family;

/// Arguments of `vedette eval`.
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["runs", "images", "scenes", "patrols", "pans"])))]
pub(crate) struct EvalArguments {
    /// Run folders; two are compared with each other as well
    #[arg(value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Labelled pictures: one sub-folder a label, `normal` for no hazard, else the name of a kind
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// Rendered labelled scenes with the agent's prompt, sensor text included
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    scenes: Option<u32>,
    /// Appearance of scenes and patrols, train, validation or test [default: validation for scenes, the maps' own for patrols]
    #[arg(long, conflicts_with_all = ["runs", "images", "pans"])]
    family: Option<Family>,
    /// Share of the scenes that look as most places do to a robot on its way: next to nothing about, walls near, or a long view
    #[arg(long, default_value_t = 0.0, value_parser = crate::config::share, conflicts_with_all = ["runs", "images", "patrols", "pans"])]
    roaming: f64,
    /// Scenes as a robot with nothing but a camera knows them: no sensor text, no hazard that only another sensor tells
    #[arg(long, conflicts_with_all = ["runs", "images", "patrols", "pans"])]
    camera_alone: bool,
    /// Every figure of the scenes again with the image blanked, the images exchanged, and the sensor text blanked
    // Not `requires`: that is not asked for beside what excludes it.
    #[arg(long, conflicts_with_all = ["runs", "images", "patrols", "pans"])]
    controls: bool,
    /// Simulated patrols through the whole agent, one after the other on the bundled maps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    patrols: Option<u32>,
    /// Photographs over which the camera pans slowly, judged in windows: labelled sub-folders, or only pictures without hazard
    #[arg(long, value_name = "DIR")]
    pans: Option<PathBuf>,
    /// Only the part of the pictures that `vedette learn pretrain --hold-out` held out, for example 0/5
    #[arg(long, value_name = "I/N", conflicts_with_all = ["runs", "scenes", "patrols"])]
    held_out: Option<Fold>,
    /// Length of the windows that a run or a pan is cut into, seconds [default: 1 for pans, none for runs]
    #[arg(long, value_name = "SECS", conflicts_with_all = ["images", "scenes", "patrols"])]
    windows: Option<f64>,
    /// Length of a patrol
    #[arg(long, default_value_t = 3.0, conflicts_with_all = ["runs", "images", "scenes", "pans"])]
    minutes: f64,
    /// Hazards of each patrol [default: five a minute]; look-alikes are there in any case
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["runs", "images", "scenes", "pans"])]
    hazard_count: Option<usize>,
    /// Seed of the first scene or patrol; the next one has the next seed
    #[arg(long, default_value_t = 1, conflicts_with_all = ["runs", "images", "pans"])]
    seed: u64,
    /// Render also the pictures that the agent does not look at: for the test that it makes no difference
    #[arg(long, hide = true)]
    render_all: bool,
    /// What was really there, JSON lines [default: RUN/truth.jsonl where it is]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["images", "scenes", "patrols", "pans"])]
    truth: Option<PathBuf>,
    /// Threads, each with a model of its own; the figures do not depend on it
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
    /// Write samples.jsonl, figures.json, report.html and the worst failures as worst.png into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "runs")]
    out: Option<PathBuf>,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Evaluates.
pub(crate) fn run(arguments: &EvalArguments) -> Result<Ending> {
    if let Some(folder) = &arguments.images {
        images::run(arguments, folder)
    } else if let Some(folder) = &arguments.pans {
        pans::run(arguments, folder)
    } else if let Some(count) = arguments.scenes {
        scenes::run(arguments, count as usize)
    } else if let Some(count) = arguments.patrols {
        patrols::run(arguments, count as usize)
    } else {
        runs::run(arguments)
    }
}
