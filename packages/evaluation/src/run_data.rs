//! A run folder read back. In -> out: `decisions.jsonl`, `completions.jsonl`, `summary.json`, `manifest.json` -> values.
//!
//! Only the decisions have to be there: a run that was cut off has no summary, and one without a model has no completions. A last line that
//! a killed process left half written is dropped and named in `warnings`. Deliberately absent: `run.mcap`.

use crate::EvaluationError;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use vedette_trajectory::{files, parse_decision_line, read_completions};
use vedette_types::{Completion, Decision, Sha256, Stamp};

/// Longest line that is read, bytes: the bound keeps a wrong file out of memory.
const LINE_MAX_BYTES: u64 = 16 << 20;

/// What one run left behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunData {
    /// The folder's name, for titles.
    pub name: String,
    /// The decisions in file order.
    pub decisions: Vec<Decision>,
    /// The model's answers in file order.
    pub completions: Vec<Completion>,
    /// `summary.json`, where the run came to its end.
    pub summary: Option<Value>,
    /// `manifest.json`, where there is one.
    pub manifest: Option<Value>,
    /// What was dropped or absent.
    pub warnings: Vec<String>,
}

impl RunData {
    /// Reads the run in `folder`.
    ///
    /// # Errors
    /// [`EvaluationError`] when there are no decisions, or a file is not what its name says.
    pub fn read(folder: &Path) -> Result<Self, EvaluationError> {
        let mut warnings = Vec::new();
        let mut warn_torn = |file: &str, line: usize| warnings.push(format!("{file}: half-written last line {line} dropped"));
        let decisions_path = folder.join(files::DECISIONS);
        let lines = read_lines(&decisions_path, "decisions", parse_decision_line)?;
        if let Some(line) = lines.torn_line {
            warn_torn(files::DECISIONS, line);
        }
        let completions_path = folder.join(files::COMPLETIONS);
        let completions = if completions_path.exists() { read_completions(&completions_path)? } else { Default::default() };
        if let Some(line) = completions.torn_line {
            warn_torn(files::COMPLETIONS, line);
        }
        let [summary, manifest] = [files::SUMMARY, files::MANIFEST].map(|file| document(&folder.join(file)));
        let run = Self {
            name: folder.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned()),
            decisions: lines.records,
            completions: completions.completions,
            summary: summary?,
            manifest: manifest?,
            warnings,
        };
        Ok(run)
    }

    /// Whether the model had been trained, where the run says so. One answer of an untrained model is enough for `false`.
    pub fn is_trained(&self) -> Option<bool> {
        if self.completions.iter().any(|completion| !completion.is_model_trained) {
            return Some(false);
        }
        let recorded = self.model().and_then(|model| model.get("is_trained")?.as_bool());
        // Answers that no model gave (a missing record) carry an empty hash and say nothing.
        let is_answered = self.completions.iter().any(|completion| completion.model_sha256 != Sha256::default());
        recorded.or(is_answered.then_some(true))
    }

    /// The model's own name.
    pub fn model_name(&self) -> Option<&str> {
        self.model().and_then(|model| model.get("name")?.as_str()).filter(|name| !name.is_empty())
    }

    /// First and last stamp of decisions and answers; `None` for a run without any.
    pub fn interval(&self) -> Option<(Stamp, Stamp)> {
        let decisions = self.decisions.iter().map(|decision| decision.stamp);
        let completions = self.completions.iter().flat_map(|completion| [completion.image_stamp, completion.arrived]);
        decisions.chain(completions).fold(None, |hull, stamp| match hull {
            None => Some((stamp, stamp)),
            Some((first, last)) => Some((stamp.min(first), stamp.max(last))),
        })
    }

    fn model(&self) -> Option<&Value> {
        let of = |document: &'_ Option<Value>| document.as_ref().and_then(|document| document.get("model")).is_some_and(Value::is_object);
        let document = if of(&self.summary) { &self.summary } else { &self.manifest };
        document.as_ref()?.get("model")
    }
}

/// The records of a JSON lines file.
pub(crate) struct Lines<T> {
    pub(crate) records: Vec<T>,
    /// Number of the half-written last line that was dropped.
    pub(crate) torn_line: Option<usize>,
}

/// Reads a JSON lines file; empty lines are skipped.
pub(crate) fn read_lines<T>(
    path: &Path,
    what: &'static str,
    parse: impl Fn(&str) -> Result<T, serde_json::Error>,
) -> Result<Lines<T>, EvaluationError> {
    let file = File::open(path).map_err(|source| EvaluationError::read(path, source))?;
    let mut reader = BufReader::new(file);
    let mut lines = Lines { records: Vec::new(), torn_line: None };
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let read = reader.by_ref().take(LINE_MAX_BYTES).read_until(b'\n', &mut bytes);
        let length = read.map_err(|source| EvaluationError::read(path, source))?;
        if length == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let is_torn = bytes.last() != Some(&b'\n') && (length as u64) < LINE_MAX_BYTES;
        let fault = |detail: String| EvaluationError::Line { what, path: path.to_owned(), line, detail };
        let parsed = std::str::from_utf8(&bytes).map_err(|error| error.to_string());
        match parsed.and_then(|text| parse(text).map_err(|error| error.to_string())) {
            Ok(record) => lines.records.push(record),
            Err(_) if is_torn => lines.torn_line = Some(line),
            Err(detail) => return Err(fault(detail)),
        }
    }
    Ok(lines)
}

/// A JSON document; `None` where the file is absent.
fn document(path: &Path) -> Result<Option<Value>, EvaluationError> {
    match fs::read(path) {
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(EvaluationError::read(path, source)),
        Ok(bytes) => {
            let parsed = serde_json::from_slice(&bytes);
            parsed.map(Some).map_err(|error| EvaluationError::Document { path: path.to_owned(), detail: error.to_string() })
        }
    }
}
