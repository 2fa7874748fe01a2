//! `vedette model verify`: a pair from its headers to an answer. The first thing that is wrong ends it with what to do.

use super::{short, training_word};
use crate::config::{Config, ConfigArguments};
use crate::{Ending, output::say};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};
use vedette_llama::{LlamaVlm, PairPaths, check_pair, shipped};
use vedette_reasoning::{Sampling, Vlm, VlmAnswer, VlmRequest, parse_answer};
use vedette_types::Finish;

/// Arguments of `vedette model verify`.
#[derive(Args, Clone, Debug)]
pub(crate) struct VerifyArguments {
    /// Where the files come from [default: provenance.json beside the model, where it is]
    #[arg(long, value_name = "FILE")]
    provenance: Option<PathBuf>,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

pub(crate) fn run(arguments: &VerifyArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let pair = vedette_llama::configured::pair(&config.llama)?;
    let mut report = serde_json::Map::new();
    let mut tell = |step: &str, told: String| {
        if !arguments.json {
            say!("{step:<11} {told}");
        }
        report.insert(step.to_owned(), told.into());
    };
    tell("files", format!("{} and {}", short(&pair.model), short(&pair.mmproj)));
    let facts = check_pair(&pair)?;
    tell("pair", format!("{}, {} parameters, {} px pictures", facts.architecture, facts.parameters, facts.image_side_px));
    tell("provenance", provenance(arguments.provenance.as_deref(), &pair)?);
    let (mut vlm, load_millis) = timed(|| LlamaVlm::load(&pair, &config.llama));
    let vlm = vlm.as_mut().map_err(|error| anyhow::anyhow!("{error}")).context("cannot load the model")?;
    let card = vlm.card().clone();
    tell("model", format!("{} ({}), loaded in {load_millis:.0} ms, sha256 {}", card.name, training_word(card.is_trained), card.sha256));
    let calibration = vlm.calibration().map_or_else(
        || "none: verdict probabilities are raw".to_owned(),
        |used| {
            format!("error {:.3} raw, {:.3} calibrated, {} answers of {}", used.before.ece, used.after.ece, used.samples, used.fitted_on)
        },
    );
    tell("calibration", calibration);
    let answer = self_test(&config, vlm)?;
    tell("self-test", format!("{} tokens within the schema in {:.0} ms, twice the same", answer.tokens, answer.timings.total_millis));
    if arguments.json {
        report.insert("is_trained".to_owned(), card.is_trained.into());
        report.insert("sha256".to_owned(), json!(card.sha256));
        say!("{}", serde_json::Value::Object(report));
    }
    Ok(Ending::Complete)
}

/// Compares the files with the provenance that was given, stands beside the model, or is built in.
pub(crate) fn provenance(given: Option<&Path>, pair: &PairPaths) -> Result<String> {
    let beside = pair.model.with_file_name("provenance.json");
    let file = given.map(Path::to_owned).or_else(|| beside.is_file().then_some(beside));
    let (from, provenance) = match file {
        Some(file) => {
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            (file.display().to_string(), shipped::Provenance::from_json(&text).with_context(|| file.display().to_string())?)
        }
        None => match shipped::provenance().filter(|built_in| pair.sha256().is_ok_and(|found| found == built_in.pair_sha256)) {
            Some(built_in) => ("built in".to_owned(), built_in),
            None => return Ok("not told".to_owned()),
        },
    };
    provenance.check(pair)?;
    Ok(format!("{}, hashes agree ({from})", provenance.name))
}

/// One answer to a picture of bars, within the schema, and the same again from the caches.
pub(crate) fn self_test(config: &Config, vlm: &mut LlamaVlm) -> Result<VlmAnswer> {
    let request = super::probe::request(config, vlm, 0)?;
    let request = VlmRequest { sampling: Sampling { temperature: 0.0, seed: 0, ..request.sampling }, ..request };
    let answer = vlm.answer(&request);
    if answer.finish != Finish::Stop {
        bail!("the self-test picture was not answered ({}): {}", answer.finish, answer.text);
    }
    parse_answer(&answer.text, &config.catalogue).context("the self-test's answer is not within the schema")?;
    let again = vlm.answer(&request);
    let substance = |answer: &VlmAnswer| (answer.text.clone(), answer.verdict_probabilities);
    ensure!(substance(&again) == substance(&answer), "the same picture was answered differently: `{}`, then `{}`", answer.text, again.text);
    Ok(answer)
}

#[expect(clippy::disallowed_methods, reason = "a measured time for a person")]
fn timed<T>(call: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let made = call();
    (made, start.elapsed().as_secs_f64() * 1e3)
}
