//! Run folders: whole, cut off, and with files that are not theirs.

use crate::scene::{completion, decision};
use std::fs;
use vedette_evaluation::{EvaluationError, RunData};
use vedette_trajectory::{completion_line, decision_line};
use vedette_types::Verdict;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("scratch folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("scratch file");
    }
    folder
}

#[test]
fn a_whole_run_and_one_that_was_killed() {
    let line = decision_line(&decision(1.0, Verdict::Hazard, &["fire"]));
    let answer = completion_line(&completion(0.5, 0.5, 100.0)).expect("line");
    let model = r#"{"model":{"name":"tiny","is_trained":false}}"#;
    let whole = folder(&[
        ("decisions.jsonl", &format!("{line}\n{line}\n")),
        ("completions.jsonl", &format!("{answer}\n")),
        ("summary.json", model),
        ("manifest.json", "{}"),
    ]);
    let run = RunData::read(whole.path()).expect("run");
    assert_eq!((run.decisions.len(), run.completions.len(), run.warnings.len()), (2, 1, 0));
    assert_eq!((run.model_name(), run.is_trained()), (Some("tiny"), Some(false)));
    assert_eq!(run.name, whole.path().file_name().expect("name").to_string_lossy());

    let mut doubtful = RunData { summary: None, manifest: None, ..run };
    assert_eq!(doubtful.is_trained(), Some(true), "as its answers say");
    doubtful.completions[0].is_model_trained = false;
    doubtful.manifest = Some(serde_json::json!({ "model": { "is_trained": true } }));
    assert_eq!(doubtful.is_trained(), Some(false), "one answer of an untrained model is enough");

    let killed = folder(&[("decisions.jsonl", &format!("{line}\n{}", &line[..40])), ("manifest.json", model)]);
    let run = RunData::read(killed.path()).expect("run");
    assert_eq!((run.decisions.len(), run.summary.is_none(), run.is_trained()), (1, true, Some(false)));
    assert_eq!(run.warnings, ["decisions.jsonl: half-written last line 2 dropped"]);
}

#[test]
fn what_is_wrong_is_named() {
    let error = |files: &[(&str, &str)]| RunData::read(folder(files).path()).expect_err("not a run");
    assert!(matches!(error(&[]), EvaluationError::Read { .. }));
    let line = decision_line(&decision(1.0, Verdict::Clear, &[]));
    let broken = error(&[("decisions.jsonl", &format!("{line}\n{{\"stamp_nanos\":1}}\n{line}\n"))]).to_string();
    assert!(broken.contains("decisions.jsonl:2:"), "{broken}");
    assert!(matches!(error(&[("decisions.jsonl", "\u{fffd}\n")]), EvaluationError::Line { line: 1, .. }));
    assert!(matches!(error(&[("decisions.jsonl", ""), ("summary.json", "{")]), EvaluationError::Document { .. }));
    assert!(matches!(error(&[("decisions.jsonl", ""), ("completions.jsonl", "x\n")]), EvaluationError::Run(_)));
}

#[test]
fn odd_documents_say_nothing_about_the_model() {
    for odd in ["[]", "{}", r#"{"model":null}"#, r#"{"model":{"name":"","is_trained":"yes"}}"#, "3"] {
        let run = RunData::read(folder(&[("decisions.jsonl", ""), ("summary.json", odd)]).path()).expect("run");
        assert_eq!((run.model_name(), run.is_trained(), run.interval()), (None, None, None), "{odd}");
    }
}
