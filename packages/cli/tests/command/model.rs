//! `vedette model`: a look at a pair, its verification, a calibration that is then used.

use crate::vedette::{run, text, training_word};
use std::{collections::BTreeMap, fs, path::PathBuf};
use tempfile::TempDir;
use vedette_evaluation::{JudgedSample, SampleAnswer, SampleTruth, sample_line};
use vedette_llama::{PairPaths, shipped::Provenance, write_untrained_pair};
use vedette_types::{Sha256, Verdict};

fn pair(folder: &TempDir) -> PairPaths {
    write_untrained_pair(folder.path()).unwrap()
}

#[test]
fn inspect_shows_header_sides_and_card() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let words = ["gemma3", "q8_0", "attention.sliding_window", "512", "vedette.training", "untrained", "vision.patch_size", "apache-2.0"];
    run(&["model", "inspect", text(&pair.model), text(&pair.mmproj)]).ok().shows(&words);
    let printed = run(&["model", "inspect", text(&pair.mmproj), "--json"]).ok().stdout;
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json[0]["architecture"], "clip");
    assert_eq!(json[0]["sides"]["vision.image_size"], 224);
    let page = folder.path().join("page.gguf");
    fs::write(&page, "<html>").unwrap();
    run(&["model", "inspect", text(&page)]).fails_with(&["page.gguf", "not a GGUF file"]);
}

#[test]
fn verify_goes_from_the_headers_to_an_answer() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let model = ["--model", text(&pair.model), "--mmproj", text(&pair.mmproj)];
    let verify = |more: &[&str]| run(&[&["model", "verify"], &model[..], more].concat());
    verify(&[]).ok().shows(&["UNTRAINED", "provenance  not told", "within the schema", "twice the same", "raw"]);
    // Swapped files, and files that are not the recorded ones.
    run(&["model", "verify", "--model", text(&pair.mmproj), "--mmproj", text(&pair.model)]).fails_with(&["swapped"]);
    let provenance = folder.path().join("provenance.json");
    let record = vedette_llama::shipped::Provenance::of(&pair, "tiny", serde_json::Value::Null).unwrap();
    fs::write(&provenance, record.to_json().unwrap()).unwrap();
    let printed = verify(&["--json"]).ok().stdout;
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert!(json["provenance"].as_str().unwrap().contains("hashes agree"), "{json}");
    assert_eq!(json["is_trained"], false);
    let other = record.to_json().unwrap().replace(&record.mmproj.sha256.to_string(), &"0".repeat(64));
    fs::write(&provenance, other).unwrap();
    verify(&[]).fails_with(&["mmproj-", "0000000000", "provenance"]);
}

#[test]
fn the_pair_that_comes_with_the_program_verifies() {
    run(&["model", "verify"]).ok().shows(&[training_word(), "within the schema"]);
}

#[test]
fn a_fitted_calibration_is_used() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let model = ["--model", text(&pair.model), "--mmproj", text(&pair.mmproj)];
    // Sure of itself at 0.98 and right three times in four.
    let line = |i: usize| {
        let (sure, right) = if i.is_multiple_of(2) { ("[0.98, 0.01, 0.01]", "hazard") } else { ("[0.01, 0.98, 0.01]", "clear") };
        let verdict = if i % 8 < 6 { right } else { "unknown" };
        format!("{{\"probabilities\": {sure}, \"verdict\": \"{verdict}\"}}\n")
    };
    let answers = folder.path().join("answers.jsonl");
    fs::write(&answers, (0..400).map(line).collect::<String>()).unwrap();
    let out: PathBuf = folder.path().join("calibration.json");
    let calibrate = |from: &str| run(&[&["model", "calibrate", "--from", from, "--out", text(&out)], &model[..]].concat());
    calibrate(text(&answers)).ok().shows(&["400 answers", "0.2300", "calibration error"]);
    let setting = format!("llama.calibration={}", out.display());
    let verified = run(&[&["model", "verify", "-p", &setting], &model[..]].concat());
    verified.ok().shows(&["calibration error 0.230 raw", "400 answers of answers.jsonl"]);
    fs::write(&answers, "{\"probabilities\": [0.98, 0.01, 0.01], \"verdict\": \"hazard\"}\n{\"verdict\": 1}\n").unwrap();
    calibrate(text(&answers)).fails_with(&["answers.jsonl line 2"]);
    let sample = |i: usize| {
        let labelled: vedette_llama::calibration::Labelled = serde_json::from_str(&line(i)).unwrap();
        let sample = JudgedSample {
            id: i.to_string(),
            truth: SampleTruth::new(labelled.verdict, Vec::new()),
            answer: SampleAnswer { verdict: Verdict::Clear, hazards: Vec::new(), fault: None, tokens: 9, total_millis: 1.0 },
            probabilities: (i != 7).then_some(labelled.probabilities),
            first_kinds: std::collections::BTreeMap::new(),
            tags: Vec::new(),
        };
        sample_line(&sample).unwrap() + "\n"
    };
    fs::write(&answers, (0..401).map(sample).collect::<String>()).unwrap();
    calibrate(text(&answers)).ok().shows(&["400 answers"]);
    fs::write(&answers, "").unwrap();
    calibrate(text(&answers)).fails_with(&["0 labelled answers", "50"]);
}

#[test]
fn figures_are_recorded_of_the_pair_that_they_are_of_and_of_no_other() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let (papers, out) = (folder.path().join("provenance.json"), folder.path().join("out"));
    let of = |paths: &PairPaths| Provenance::of(paths, "tiny", serde_json::Value::Null).unwrap();
    fs::write(&papers, of(&pair).to_json().unwrap()).unwrap();
    let record = || run(&["model", "record", text(&out), "--provenance", text(&papers)]);
    record().fails_with(&["figures.json", "vedette eval --out"]);
    let with = ["--model", text(&pair.model), "--mmproj", text(&pair.mmproj), "-p", "policy.min_confidence=0.8", "--out", text(&out)];
    run(&[&["eval", "--scenes", "3"], with.as_slice()].concat()).ok();
    record().ok();
    let recorded = Provenance::from_json(&fs::read_to_string(&papers).unwrap()).unwrap();
    let [judgement] = recorded.judged.as_slice() else { panic!("{:?}", recorded.judged) };
    assert!(judgement.what.starts_with("3 scenes of the validation family"), "{}", judgement.what);
    assert!((0.0..=1.0).contains(&judgement.figures["verdict_accuracy"]), "{:?}", judgement.figures);
    assert_eq!(judgement.parameters, BTreeMap::from([("policy.min_confidence".to_owned(), 0.8.into())]));
    // Files that say nothing change nothing.
    let (whole, papers_before) = (fs::read_to_string(out.join("figures.json")).unwrap(), fs::read_to_string(&papers).unwrap());
    let nothing = format!(r#"{{"what":"nothing","model":{{"sha256":"{}"}}}}"#, recorded.pair_sha256);
    for (text, said) in [(&whole[..whole.len() / 2], "EOF"), ("", "EOF"), (nothing.as_str(), "none of the figures"), ("{}", "of the pair")]
    {
        fs::write(out.join("figures.json"), text).unwrap();
        record().fails_with(&["figures.json", said]);
    }
    assert_eq!(fs::read_to_string(&papers).unwrap(), papers_before);
    fs::write(out.join("figures.json"), whole).unwrap();
    // A provenance of other files.
    let mut other = recorded;
    other.pair_sha256 = Sha256::default();
    fs::write(&papers, other.to_json().unwrap()).unwrap();
    record().fails_with(&["figures of the pair", &Sha256::default().to_string()]);
}
