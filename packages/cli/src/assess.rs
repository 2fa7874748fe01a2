//! `vedette assess IMAGE...`: one picture, one assessment.

use crate::output::say;
use crate::{
    Ending,
    config::{Config, ConfigArguments},
    judge::{Judge, Judged, observe},
    model,
};
use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use vedette_fusion::FusionParams;
use vedette_reasoning::VlmAnswer;
use vedette_types::Assessment;

/// Arguments of `vedette assess`.
#[derive(Args, Clone, Debug)]
pub(crate) struct AssessArguments {
    /// Pictures, JPEG or PNG
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// A question to answer besides
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Assesses each picture; one that cannot be read is reported and the others go on.
pub(crate) fn run(arguments: &AssessArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let mut judge = Judge::load(&config)?;
    let card = judge.card().clone();
    if !arguments.json {
        say!("model {} ({})", card.name, model::training_word(card.is_trained));
    }
    let mut results = Vec::new();
    let mut ending = Ending::Complete;
    for path in &arguments.images {
        match assess(path, arguments.question.as_deref(), &config.fusion, &mut judge) {
            Ok(Judged { assessment, answer }) => {
                if !arguments.json {
                    say!("{}", line(path, &assessment, &answer));
                }
                results.push(object(path, &assessment, &answer));
            }
            Err(error) => {
                ending = Ending::Partial;
                let told = crate::told_once(&error);
                eprintln!("vedette: {told}");
                results.push(json!({ "image": path.display().to_string(), "error": told }));
            }
        }
    }
    if arguments.json {
        let model = json!({ "name": card.name, "sha256": card.sha256, "is_trained": card.is_trained });
        say!("{}", json!({ "model": model, "assessments": results }));
    }
    Ok(ending)
}

fn assess(path: &Path, question: Option<&str>, fusion: &FusionParams, judge: &mut Judge) -> Result<Judged> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let observation = observe(bytes, fusion).with_context(|| format!("cannot use {}", path.display()))?;
    judge.ask(&observation, question)
}

fn line(path: &Path, assessment: &Assessment, answer: &VlmAnswer) -> String {
    let mut line = format!("{}: {} ({:.2})", path.display(), assessment.verdict, assessment.confidence.get());
    for hazard in &assessment.hazards {
        line += &format!("; {}, {}", hazard.kind, hazard.severity);
        line +=
            &hazard.bearing_rad.map_or_else(|| ", direction unknown".to_owned(), |bearing| format!(", {:+.0} deg", bearing.to_degrees()));
        line += &hazard.range_m.map_or_else(String::new, |range_m| format!(", about {range_m:.1} m"));
    }
    if let Some(text) = &assessment.answer {
        line += &format!("; answer: {text}");
    }
    if let Some(fault) = &assessment.fault {
        line += &format!("; {fault}");
    }
    line + &format!(" [{:.0} ms, {} tokens]", answer.timings.total_millis, answer.tokens)
}

fn object(path: &Path, assessment: &Assessment, answer: &VlmAnswer) -> serde_json::Value {
    let hazards: Vec<_> = assessment
        .hazards
        .iter()
        .map(|hazard| {
            json!({
                "kind": hazard.kind,
                "severity": hazard.severity,
                "confidence": hazard.confidence,
                "bearing_rad": hazard.bearing_rad,
                "range_m": hazard.range_m,
            })
        })
        .collect();
    json!({
        "image": path.display().to_string(),
        "verdict": assessment.verdict,
        "confidence": assessment.confidence,
        "verdict_probabilities": answer.verdict_probabilities,
        "hazards": hazards,
        "answer": assessment.answer,
        "fault": assessment.fault,
        "finish": answer.finish,
        "tokens": answer.tokens,
        "encode_millis": answer.timings.encode_millis,
        "prefill_millis": answer.timings.prefill_millis,
        "decode_millis": answer.timings.decode_millis,
        "total_millis": answer.timings.total_millis,
    })
}
