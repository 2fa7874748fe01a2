//! `vedette model record`: what a pair was found to be worth, into its provenance. In -> out: folders of `vedette eval --out` -> the provenance with
//! the figures in them. It judges nothing, and takes figures of no other pair.

use crate::{Ending, output::say};
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vedette_llama::shipped::{Judgement, Provenance};

/// Figures of the whole, by their place in `figures.json`.
const FIGURES: [(&str, &str); 8] = [
    ("verdict_accuracy", "/verdict_accuracy/value"),
    ("exact", "/exact/value"),
    ("bearing", "/overall/bearing/value"),
    ("range", "/overall/range/value"),
    ("calibration_error", "/calibration_error/value"),
    ("recall", "/overall/recall/value"),
    ("time_to_alert_p50_secs", "/overall/time_to_alert_p50_secs/value"),
    ("false_alarms_per_hour", "/overall/false_alarms/value"),
];

/// Arguments of `vedette model record`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RecordArguments {
    /// Folders that `vedette eval --out` wrote
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// The provenance of the pair; figures that were recorded before are replaced
    #[arg(long, value_name = "FILE")]
    provenance: PathBuf,
}

/// Records.
pub(crate) fn run(arguments: &RecordArguments) -> Result<Ending> {
    let path = &arguments.provenance;
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut provenance = Provenance::from_json(&text).with_context(|| path.display().to_string())?;
    let pair = provenance.pair_sha256.to_string();
    provenance.judged = arguments.folders.iter().map(|folder| judgement(folder, &pair)).collect::<Result<_>>()?;
    provenance.write(path)?;
    for judgement in &provenance.judged {
        say!("{}: {} figures", judgement.what, judgement.figures.len());
    }
    Ok(Ending::Complete)
}

fn judgement(folder: &Path, pair: &str) -> Result<Judgement> {
    let path = folder.join("figures.json");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}: name a folder of `vedette eval --out`", path.display()))?;
    let object: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let word = |pointer| object.pointer(pointer).and_then(Value::as_str);
    let (what, judged) = (word("/what").unwrap_or_default(), word("/model/sha256").unwrap_or_default());
    ensure!(judged == pair, "{} has figures of the pair {judged}, the provenance is that of {pair}", path.display());
    ensure!(object["was_interrupted"] != true, "{} was interrupted: run `vedette eval` again", path.display());
    let figures = figures(&object);
    ensure!(!what.is_empty() && !figures.is_empty(), "{} has none of the figures that are recorded", path.display());
    // Folders from before it was written have none.
    let parameters = object["parameters"].as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Judgement { what: what.to_owned(), parameters, figures })
}

fn figures(object: &Value) -> BTreeMap<String, f64> {
    let number = |of: &Value, pointer: &str| of.pointer(pointer).and_then(Value::as_f64).map(|number| (number * 1e4).round() / 1e4);
    let whole = FIGURES.iter().filter_map(|(name, pointer)| Some(((*name).to_owned(), number(object, pointer)?)));
    let kinds = object["kinds"].as_array().map(Vec::as_slice).unwrap_or_default();
    // Scenes have an F1 of each kind, patrols a share of its events.
    let of_kind = |kind: &Value| {
        let name = kind["kind"].as_str()?;
        let (what, value) = number(kind, "/f1/value").map(|f1| ("f1", f1)).or_else(|| Some(("recall", number(kind, "/recall/value")?)))?;
        Some((format!("{what}_{name}"), value))
    };
    whole.chain(kinds.iter().filter_map(of_kind)).collect()
}
