//! `vedette eval`: what a model or a run is worth, against the truth. One of: runs, a folder of labelled pictures.

mod images;
mod outcome;
mod pool;
mod runs;

use crate::{Ending, config::ConfigArguments};
use anyhow::Result;
use clap::{ArgGroup, Args};
use std::path::PathBuf;

/// Arguments of `vedette eval`.
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["runs", "images"])))]
pub(crate) struct EvalArguments {
    /// Run folders; two are compared with each other as well
    #[arg(value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Labelled pictures: one sub-folder a label, `normal` for no hazard, else the name of a kind
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// What was really there, JSON lines [default: RUN/truth.jsonl where it is]
    #[arg(long, value_name = "FILE", requires = "runs")]
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
    match &arguments.images {
        Some(folder) => images::run(arguments, folder),
        None => runs::run(arguments),
    }
}
