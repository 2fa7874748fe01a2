//! `vedette model calibrate`: labelled answers -> a calibration file for one model.

use super::pair;
use crate::config::{Config, ConfigArguments};
use crate::{Ending, output::say};
use anyhow::{Context, Result};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
};
use vedette_llama::calibration::{Labelled, fit};

/// Arguments of `vedette model calibrate`.
#[derive(Args, Clone, Debug)]
pub(crate) struct CalibrateArguments {
    /// JSON lines, one labelled answer each: {"probabilities": {"hazard": P, "clear": P, "unknown": P}, "verdict": WORD}. The probabilities must
    /// be raw: answered with -p llama.calibration=none
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The file to write; give it back as llama.calibration
    #[arg(long, value_name = "FILE", default_value = "calibration.json")]
    out: PathBuf,
    /// What the answers are, for the file [default: the name of the file they come from]
    #[arg(long, value_name = "TEXT")]
    fitted_on: Option<String>,
    /// The calibration as JSON on standard output as well
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

pub(crate) fn run(arguments: &CalibrateArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let pair = pair(&config.llama)?;
    let samples = read(&arguments.from)?;
    let model = pair.sha256().with_context(|| format!("cannot read {}", pair.model.display()))?;
    let fitted_on = arguments.fitted_on.clone().unwrap_or_else(|| super::short(&arguments.from));
    let fitted = fit(&samples, model, &fitted_on)?;
    let text = fitted.to_json()?;
    fs::write(&arguments.out, &text).with_context(|| format!("cannot write {}", arguments.out.display()))?;
    if arguments.json {
        crate::output::write(format_args!("{text}"));
        return Ok(Ending::Complete);
    }
    let (before, after) = (&fitted.before, &fitted.after);
    say!("{:<22}{:>10}{:>12}", format!("{} answers", fitted.samples), "raw", "calibrated");
    say!("{:<22}{:>10.4}{:>12.4}", "calibration error", before.ece, after.ece);
    say!("{:<22}{:>10.4}{:>12.4}", "log loss", before.log_loss, after.log_loss);
    say!("calibrated figures are of answers that the fit had not seen (five folds)");
    say!("{} written, for the model {model}", arguments.out.display());
    Ok(Ending::Complete)
}

fn read(path: &Path) -> Result<Vec<Labelled>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| serde_json::from_str(line).with_context(|| format!("{} line {}", path.display(), index + 1))).collect()
}
