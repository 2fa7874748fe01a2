//! The demo: the same seed gives the same bytes whatever the threads, its recording replays to the same decisions, and the agent never sees
//! the truth. And the regression gate: a committed run whose decisions must not change unnoticed.

use crate::vedette::{json_lines, run, text, training_word};
use serde_json::Value;
use std::{fs, path::Path};
use tempfile::TempDir;
use vedette_evaluation::{RunData, describe_difference};

/// A patrol of six seconds.
fn patrol(out: &Path, more: &[&str]) -> Vec<u8> {
    run(&[&["demo", "--minutes", "0.1", "--seed", "7", "--out", text(out)], more].concat()).ok().shows(&[
        training_word(),
        "hazard",
        "found",
        "missed",
    ]);
    fs::read(out.join("decisions.jsonl")).unwrap()
}

/// Hash of every picture that was assessed, and the sequence of all messages: what the renderer and the sensors said.
fn pictures(out: &Path) -> Vec<String> {
    json_lines(out.join("completions.jsonl")).iter().map(|line| line["image_sha256"].to_string()).collect()
}

#[test]
fn same_seed_same_bytes_with_any_threads() {
    let folder = TempDir::new().unwrap();
    let out = |name: &str| folder.path().join(name);
    let first = patrol(&out("a"), &["--threads", "1"]);
    assert!(first == patrol(&out("b"), &["--threads", "4"]), "decisions depend on the renderer's threads");
    assert_eq!(pictures(&out("a")), pictures(&out("b")));
    // Every message, pictures not assessed included, is in the recording; its first line differs (command line, time).
    let recorded = |name: &str| -> Vec<(String, u64, Vec<u8>)> {
        let bytes = fs::read(out(name).join("run.mcap")).unwrap();
        let messages = mcap::MessageStream::new(&bytes).unwrap().map(Result::unwrap);
        messages.map(|message| (message.channel.topic.clone(), message.log_time, message.data.to_vec())).collect()
    };
    assert!(recorded("a") == recorded("b"), "a message differs");

    // The recording is a bag: replayed, it gives the same decisions.
    let replayed = out("c");
    run(&["replay", text(&out("a").join("run.mcap")), "--out", text(&replayed), "--no-rrd", "--no-report"]).ok();
    assert!(first == fs::read(replayed.join("decisions.jsonl")).unwrap(), "the recording replays to other decisions");
}

#[test]
fn the_agent_never_reads_the_truth() {
    let folder = TempDir::new().unwrap();
    let (right, wrong) = (folder.path().join("right"), folder.path().join("wrong"));
    let decisions = patrol(&right, &[]);
    assert!(decisions == patrol(&wrong, &["--wrong-truth"]));
    let truth = |out: &Path| fs::read(out.join("truth.jsonl")).unwrap();
    assert!(truth(&right) != truth(&wrong), "the wrong truth is the right one: this test shows nothing");
}

#[test]
fn wishes_that_cannot_be_met_are_refused() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("run");
    let demo = |more: &[&str]| run(&[&["demo", "--minutes", "0.05", "--out", text(&out)], more].concat());
    demo(&["--map", "castle"]).fails_with(&["castle", "warehouse", "home", "office"]);
    demo(&["--map", "/no/map.yaml"]).fails_with(&["/no/map.yaml"]);
    demo(&["--route", "scenic"]).fails_with(&["scenic", "patrol"]);
    demo(&["--seed", "9007199254740992"]).fails_with(&["seed", "9007199254740992"]);
    demo(&["--minutes=-1"]).fails_with(&["minutes"]);
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.txt"), "do not lose").unwrap();
    demo(&[]).fails_with(&["not empty", "--force"]);
    demo(&["--force"]).fails_with(&["thesis.txt"]);
    assert_eq!(fs::read_to_string(out.join("thesis.txt")).unwrap(), "do not lose");

    let map = folder.path().join("flat.yaml");
    fs::write(&map, "image: flat.pgm\nresolution: 0.0\norigin: [0, 0, 0]\noccupied_thresh: 0.65\nfree_thresh: 0.2\nnegate: 0\n").unwrap();
    demo(&["--map", text(&map)]).fails_with(&["flat.yaml", "resolution"]);
}

#[test]
fn a_patrol_without_hazards_has_none_and_no_sensor_alarm() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("run");
    run(&["demo", "--minutes", "0.05", "--hazard-count", "0", "--map", "office", "--out", text(&out)]).ok();
    let hazards = |name: &str| -> Vec<Value> {
        json_lines(out.join(name)).iter().flat_map(|line| line["hazards"].as_array().unwrap().clone()).collect()
    };
    assert!(!json_lines(out.join("truth.jsonl")).is_empty());
    assert_eq!(hazards("truth.jsonl"), Vec::<Value>::new());
    // What the model makes of the pictures is another matter; a threshold's alarm has no bearing, nor has what the model reads off a sensor.
    assert!(hazards("decisions.jsonl").iter().all(|hazard| hazard["bearing_rad"].is_number()));
}

/// `make regression` makes the folder again.
#[test]
fn the_committed_patrol_is_decided_as_before() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/regression/patrol");
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("run");
    let (bag, completions) = (committed.join("run.mcap"), committed.join("completions.jsonl"));
    let parameters = committed.join("parameters.yaml");
    let arguments = ["replay", text(&bag), "--completions", text(&completions), "--params", text(&parameters)];
    run(&[&arguments[..], &["--out", text(&out), "--no-rrd", "--no-report"]].concat()).ok();
    let (before, now) = (RunData::read(&committed).unwrap(), RunData::read(&out).unwrap());
    let differences = describe_difference(&before.decisions, &now.decisions);
    assert!(differences.is_empty(), "decisions changed (A is the committed run, B this one):\n{}", differences.join("\n"));
    assert_eq!(before.decisions, now.decisions);
    let responses: std::collections::BTreeSet<_> = now.decisions.iter().map(|decision| decision.response).collect();
    assert!(responses.len() >= 2, "the gate exercises too little: {responses:?}");
}
