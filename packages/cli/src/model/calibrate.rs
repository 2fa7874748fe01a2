//! `vedette model calibrate`: labelled answers -> a calibration file for one model.

use crate::config::{Config, ConfigArguments};
use crate::{Ending, output::say};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
};
use vedette_evaluation::JudgedSample;
use vedette_llama::calibration::{Labelled, fit};

/// Arguments of `vedette model calibrate`.
#[derive(Args, Clone, Debug)]
pub(crate) struct CalibrateArguments {
    /// The samples.jsonl of an evaluation, or JSON lines of {"probabilities": {"hazard": P, "clear": P, "unknown": P}, "verdict": WORD}. The
    /// probabilities must be raw: evaluate with -p llama.calibration=none
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
    let pair = vedette_llama::configured::pair(&config.llama)?;
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

/// One line of either kind.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Labelled(Labelled),
    Judged(Box<JudgedSample>),
}

/// Answers that never came to a verdict say nothing about probabilities and are left out.
fn read(path: &Path) -> Result<Vec<Labelled>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut samples = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(Line::Labelled(labelled)) => samples.push(labelled),
            Ok(Line::Judged(sample)) => {
                samples.extend(sample.probabilities.map(|probabilities| Labelled { probabilities, verdict: sample.truth.verdict }));
            }
            Err(_) => bail!("{} line {}: neither a labelled answer nor a sample of an evaluation", path.display(), index + 1),
        }
    }
    Ok(samples)
}
