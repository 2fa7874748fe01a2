//! `vedette assess IMAGE...`: one picture, one assessment.

use crate::output::say;
use crate::{
    Ending,
    config::{Config, ConfigArguments},
    model, source,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use vedette_fusion::{Fusion, FusionParams, Look};
use vedette_llama::LlamaVlm;
use vedette_reasoning::{ChatTemplate, Reasoner, Vlm, VlmAnswer};
use vedette_types::{Assessment, FrameId, ImageData, ImageFrame, Observation, Reading, Stamp, StreamId};

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
    let mut vlm = model::load(&config.llama)?;
    let card = vlm.card().clone();
    let template = ChatTemplate::new(&card.chat_template)?;
    let reasoner = Reasoner::new(config.reasoning.clone(), config.catalogue.clone(), template)?;
    if !arguments.json {
        say!("model {} ({})", card.name, model::training_word(card.is_trained));
    }
    let mut results = Vec::new();
    let mut ending = Ending::Complete;
    for path in &arguments.images {
        match assess(path, arguments.question.as_deref(), &config.fusion, &reasoner, &mut vlm) {
            Ok((assessment, answer)) => {
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

fn assess(
    path: &Path,
    question: Option<&str>,
    fusion: &FusionParams,
    reasoner: &Reasoner,
    vlm: &mut LlamaVlm,
) -> Result<(Assessment, VlmAnswer)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let observation = observe(bytes, fusion).with_context(|| format!("cannot use {}", path.display()))?;
    let (request, pending) = reasoner.request(&observation, question)?;
    let answer = vlm.answer(&request);
    let completion = answer.clone().into_completion(&request, vlm.card(), observation.arrived);
    Ok((reasoner.assess(&pending, &completion), answer))
}

/// A picture as an observation without any sensor beside it, through the same stage as on a robot.
fn observe(bytes: Vec<u8>, params: &FusionParams) -> Result<Observation> {
    let sha256 = source::hash(&bytes);
    let data = match bytes.as_slice() {
        [0xff, 0xd8, 0xff, ..] => ImageData::Jpeg(Arc::new(bytes)),
        [0x89, b'P', b'N', b'G', ..] => ImageData::Png(Arc::new(bytes)),
        [] => bail!("the file is empty"),
        _ => bail!("neither a JPEG nor a PNG file; convert it to one of them"),
    };
    let (stamp, stream) = (Stamp::default(), StreamId::new("image"));
    let mut fusion = Fusion::new(params.clone());
    let frame = ImageFrame { stamp, frame: FrameId::new("camera"), data };
    fusion.insert(stamp, &stream, Reading::Image(frame), sha256);
    match fusion.look(stamp) {
        Look::Ready { observation, .. } => Ok(*observation),
        Look::Undecodable { fault, .. } => bail!("{fault}"),
        other => bail!("the picture was not taken up: {other:?}"),
    }
}

fn line(path: &Path, assessment: &Assessment, answer: &VlmAnswer) -> String {
    let mut line = format!("{}: {} ({:.2})", path.display(), assessment.verdict, assessment.confidence.get());
    for hazard in &assessment.hazards {
        let bearing_deg = hazard.bearing_rad.unwrap_or_default().to_degrees();
        line +=
            &format!("; {}, {}, {bearing_deg:+.0} deg, about {:.1} m", hazard.kind, hazard.severity, hazard.range_m.unwrap_or_default());
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
