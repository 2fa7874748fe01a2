//! What an evaluation of samples came to, and where it goes. In -> out: judged samples -> a table or JSON on standard output; into a folder
//! `samples.jsonl` (one for each control), `figures.json`, `report.html` and `worst.png`. It judges nothing.

use super::EvalArguments;
use crate::{Ending, model, scenes::png};
use crate::{config::Config, output::say};
use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path};
use vedette_evaluation::{
    FailurePicture, JudgedSample, SampleFigures, SampleHazard, SamplePage, controls_table, evaluate_samples, figures_table, sample_line,
    samples_html,
};
use vedette_reasoning::ModelCard;
use vedette_types::{BearingSector, RangeBand, RgbPixels, Severity, Verdict};
use vedette_visualization::{SheetCell, contact_sheet, jpeg};

/// The contact sheet.
const WORST: &str = "worst.png";
/// Failures that are shown.
const WORST_SHOWN: usize = 24;

/// Judged samples and what is to be said of them.
pub(super) struct Outcome {
    pub(super) card: ModelCard,
    /// What was judged, in words.
    pub(super) what: String,
    /// What was changed of the agent's parameters.
    pub(super) parameters: BTreeMap<String, Value>,
    pub(super) was_interrupted: bool,
    pub(super) samples: Vec<JudgedSample>,
    /// The same samples with something taken away: a name that can be part of a file's, and what was said.
    pub(super) controls: Vec<(&'static str, Vec<JudgedSample>)>,
    /// Files that could not be used, and why.
    pub(super) errors: Vec<(String, String)>,
    /// What else belongs to the figures: seed, family.
    pub(super) origin: Vec<(String, String)>,
}

impl Outcome {
    pub(super) fn new(card: ModelCard, what: String, config: &Config, was_interrupted: bool) -> Result<Self> {
        Ok(Self {
            card,
            what,
            parameters: config.changed()?,
            was_interrupted,
            samples: Vec::new(),
            controls: Vec::new(),
            errors: Vec::new(),
            origin: Vec::new(),
        })
    }
}

/// Shows the outcome and writes the folder. `picture_of` makes the picture of a sample again, for the failures.
pub(super) fn finish(arguments: &EvalArguments, outcome: &Outcome, picture_of: impl Fn(usize) -> Result<RgbPixels>) -> Result<Ending> {
    let figures = evaluate_samples(&outcome.samples);
    let controls: Vec<(&str, SampleFigures)> = outcome.controls.iter().map(|(name, samples)| (*name, evaluate_samples(samples))).collect();
    for (file, told) in &outcome.errors {
        eprintln!("vedette: {file}: {told}");
    }
    let object = object(outcome, &figures, &controls)?;
    if let Some(folder) = &arguments.out {
        write_folder(folder, outcome, &figures, &controls, &object, &picture_of)?;
    }
    if arguments.json {
        say!("{object}");
    } else {
        say!("{}, model {} ({})", outcome.what, outcome.card.name, model::training_word(outcome.card.is_trained));
        crate::output::write(format_args!("{}", figures_table(&figures)));
        if !controls.is_empty() {
            crate::output::write(format_args!("{}", controls_table(&figures, &controls)));
        }
        if !outcome.errors.is_empty() {
            say!("{} files could not be used, see above", outcome.errors.len());
        }
        if let Some(folder) = &arguments.out {
            say!("{}", folder.join("report.html").display());
        }
    }
    Ok(match () {
        () if outcome.was_interrupted => Ending::Interrupted,
        () if !outcome.errors.is_empty() => Ending::Partial,
        () => Ending::Complete,
    })
}

fn object(outcome: &Outcome, figures: &SampleFigures, controls: &[(&str, SampleFigures)]) -> Result<Value> {
    let errors: Vec<Value> = outcome.errors.iter().map(|(file, told)| json!({ "file": file, "error": told })).collect();
    let controls: serde_json::Map<String, Value> =
        controls.iter().map(|(name, figures)| Ok(((*name).to_owned(), serde_json::to_value(figures)?))).collect::<Result<_>>()?;
    let mut object = head(&outcome.what, &outcome.card, &outcome.parameters, outcome.was_interrupted);
    object["errors"] = json!(errors);
    extend(&mut object, figures)?;
    object["controls"] = Value::Object(controls);
    Ok(object)
}

/// What every `figures.json` begins with: what was judged, of which model, and how.
pub(super) fn head(what: &str, card: &ModelCard, parameters: &BTreeMap<String, Value>, was_interrupted: bool) -> Value {
    json!({
        "what": what,
        "model": { "name": card.name, "sha256": card.sha256, "is_trained": card.is_trained },
        "parameters": parameters,
        "was_interrupted": was_interrupted,
    })
}

/// Adds the members of `figures` to an object.
pub(super) fn extend(object: &mut Value, figures: &impl Serialize) -> Result<()> {
    if let (Value::Object(object), Value::Object(figures)) = (object, serde_json::to_value(figures)?) {
        object.extend(figures);
    }
    Ok(())
}

/// Something that went wrong in front of a camera: what names the picture, and the words below it.
pub(super) struct Failure<P> {
    pub(super) picture: P,
    pub(super) lines: Vec<String>,
}

/// Writes `figures.json`.
pub(super) fn write_figures(folder: &Path, object: &Value) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    write(folder, "figures.json", format!("{object:#}\n").as_bytes())
}

/// Writes `worst.png` of the first failures, where there are any; one of an earlier evaluation goes.
pub(super) fn write_sheet<P>(
    folder: &Path,
    failures: impl Iterator<Item = Failure<P>>,
    picture: impl Fn(P) -> Result<RgbPixels>,
) -> Result<()> {
    let cell = |failure: Failure<P>| Ok(SheetCell { pixels: picture(failure.picture)?, lines: failure.lines });
    let cells: Vec<SheetCell> = failures.take(WORST_SHOWN).map(cell).collect::<Result<_>>()?;
    write_cells(folder, &cells)
}

fn write_cells(folder: &Path, cells: &[SheetCell]) -> Result<()> {
    match contact_sheet(cells) {
        Some(sheet) => write(folder, WORST, &png(&sheet)?),
        None => match fs::remove_file(folder.join(WORST)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(|| format!("cannot remove an old {WORST}")),
            _ => Ok(()),
        },
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let file = folder.join(name);
    fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))
}

fn write_folder(
    folder: &Path,
    outcome: &Outcome,
    figures: &SampleFigures,
    controls: &[(&str, SampleFigures)],
    object: &Value,
    picture_of: &impl Fn(usize) -> Result<RgbPixels>,
) -> Result<()> {
    write_figures(folder, object)?;
    write(folder, "samples.jsonl", lines(&outcome.samples)?.as_bytes())?;
    for (name, samples) in &outcome.controls {
        write(folder, &format!("samples-{name}.jsonl"), lines(samples)?.as_bytes())?;
    }
    let (mut cells, mut worst) = (Vec::new(), Vec::new());
    for index in worst_of(&outcome.samples) {
        let Some(sample) = outcome.samples.get(index) else { continue };
        let (pixels, there, said) = (picture_of(index)?, there_words(sample), said_words(sample));
        let cell = SheetCell { pixels, lines: vec![sample.id.clone(), format!("there: {there}"), format!("said: {said}")] };
        worst.push(FailurePicture { id: sample.id.clone(), jpeg: jpeg(&vedette_visualization::shrunk(&cell.pixels))?, there, said });
        cells.push(cell);
    }
    write_cells(folder, &cells)?;
    let page = SamplePage {
        title: outcome.what.clone(),
        model: outcome.card.name.clone(),
        is_trained: outcome.card.is_trained,
        figures: figures.clone(),
        controls: controls.iter().map(|(name, figures)| ((*name).to_owned(), figures.clone())).collect(),
        worst,
        origin: origin(outcome),
    };
    write(folder, "report.html", samples_html(&page).as_bytes())
}

fn origin(outcome: &Outcome) -> Vec<(String, String)> {
    let command: Vec<String> = std::iter::once("vedette".to_owned()).chain(std::env::args().skip(1)).collect();
    let mut rows = vec![
        ("command".to_owned(), command.join(" ")),
        ("program".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("model".to_owned(), format!("{} ({})", outcome.card.name, model::training_word(outcome.card.is_trained))),
        ("model hash".to_owned(), outcome.card.sha256.to_string()),
    ];
    rows.extend(outcome.origin.iter().cloned());
    rows.extend(outcome.errors.iter().map(|(file, told)| (format!("not used: {file}"), told.clone())));
    rows
}

fn lines(samples: &[JudgedSample]) -> Result<String> {
    samples.iter().map(|sample| Ok(sample_line(sample)? + "\n")).collect()
}

/// The worst first, of those that are wrong at all.
fn worst_of(samples: &[JudgedSample]) -> Vec<usize> {
    let mut ranked: Vec<(usize, f64)> =
        samples.iter().map(JudgedSample::badness).enumerate().filter(|(_, badness)| *badness > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().take(WORST_SHOWN).map(|(index, _)| index).collect()
}

fn there_words(sample: &JudgedSample) -> String {
    hazard_words(sample.truth.verdict, &sample.truth.hazards)
}

fn said_words(sample: &JudgedSample) -> String {
    let answer = &sample.answer;
    let probability = sample.probabilities.map_or_else(String::new, |p| format!(" ({:.2})", p.of(answer.verdict).get()));
    match &answer.fault {
        Some(fault) => format!("no answer: {fault}"),
        None => hazard_words(answer.verdict, &answer.hazards) + &probability,
    }
}

fn hazard_words(verdict: Verdict, hazards: &[SampleHazard]) -> String {
    let of = |hazard: &SampleHazard| {
        let words = [hazard.severity.map(Severity::word), hazard.bearing.map(BearingSector::word), hazard.range.map(RangeBand::word)];
        let known = words.into_iter().flatten().map(|word| format!(" {word}"));
        format!("{}{}{}", hazard.kind, known.collect::<String>(), if hazard.is_seen { "" } else { " (unseen)" })
    };
    if hazards.is_empty() { verdict.word().to_owned() } else { hazards.iter().map(of).collect::<Vec<_>>().join(", ") }
}
