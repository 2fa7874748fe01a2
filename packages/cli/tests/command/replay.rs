//! Replay: exactness, the run folder, and what independent readers make of it.

use crate::{
    bag::{Drive, write_drive},
    checkers,
    vedette::{command, json_lines, run, text, training_word},
};
use std::{
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tempfile::TempDir;

fn drive(folder: &TempDir) -> std::path::PathBuf {
    let path = folder.path().join("drive.mcap");
    write_drive(&path, &Drive { secs: 6, width: 320, height: 240, is_raw: false });
    path
}

fn decisions(run_folder: &Path) -> Vec<u8> {
    fs::read(run_folder.join("decisions.jsonl")).unwrap()
}

#[test]
fn replay_is_exact() {
    let folder = TempDir::new().unwrap();
    let bag = drive(&folder);
    let out = |name: &str| folder.path().join(name);
    run(&["replay", text(&bag), "--out", text(&out("a"))]).ok().shows(&[training_word()]);
    let first = decisions(&out("a"));
    assert!(first.iter().filter(|byte| **byte == b'\n').count() >= 10, "too few decisions to mean anything");

    // Again, while both cores are kept busy.
    let is_over = Arc::new(AtomicBool::new(false));
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let burners: Vec<_> = (0..cores)
        .map(|_| {
            let is_over = Arc::clone(&is_over);
            std::thread::Builder::new()
                .spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        std::hint::spin_loop();
                    }
                })
                .unwrap()
        })
        .collect();
    run(&["replay", text(&bag), "--out", text(&out("b")), "--no-rrd"]).ok();
    is_over.store(true, Ordering::Relaxed);
    burners.into_iter().for_each(|burner| burner.join().unwrap());
    assert!(first == decisions(&out("b")), "decisions differ under load");

    // From the record, without the model.
    let completions = out("a").join("completions.jsonl");
    run(&["replay", text(&bag), "--out", text(&out("c")), "--completions", text(&completions)]).ok();
    assert!(first == decisions(&out("c")), "decisions differ from recorded completions");
    assert_eq!(fs::read(&completions).unwrap(), fs::read(out("c").join("completions.jsonl")).unwrap());
}

#[test]
fn a_record_of_other_parameters_is_refused() {
    let folder = TempDir::new().unwrap();
    let bag = drive(&folder);
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    run(&["replay", text(&bag), "--out", text(&a), "--no-rrd"]).ok();
    let completions = a.join("completions.jsonl");
    run(&["replay", text(&bag), "--out", text(&b), "--completions", text(&completions), "-p", "reasoning.question=Is it warm?"])
        .fails_with(&["another prompt", "use the bag and the parameters of the recorded run"]);
}

#[test]
fn the_run_folder_holds_what_the_interfaces_promise() {
    let folder = TempDir::new().unwrap();
    let bag = drive(&folder);
    let out = folder.path().join("run");
    run(&["replay", text(&bag), "--out", text(&out)]).ok().shows(&[training_word(), "frames", "180 received"]);

    let words = |value: &serde_json::Value, allowed: &[&str]| allowed.contains(&value.as_str().unwrap());
    let decisions = json_lines(out.join("decisions.jsonl"));
    for line in &decisions {
        assert!(line["stamp_nanos"].is_i64() && line["hazards"].is_array() && line["reasons"].is_array(), "{line}");
        assert!(words(&line["verdict"], &["hazard", "clear", "unknown"]), "{line}");
        assert!(words(&line["response"], &["continue", "limit", "slow_down", "stop"]), "{line}");
    }
    // The gas threshold works without any model.
    let gas = |line: &&serde_json::Value| line["hazards"].as_array().unwrap().iter().any(|hazard| hazard["kind"] == "gas_leak");
    let alarm = decisions.iter().find(gas).expect("no gas alarm");
    assert_eq!((&alarm["verdict"], &alarm["response"]), (&"hazard".into(), &"stop".into()));

    let completions = json_lines(out.join("completions.jsonl"));
    assert!(completions.len() >= 8);
    for line in &completions {
        for key in
            ["stamp_nanos", "prompt_sha256", "image_sha256", "model_sha256", "text", "tokens", "finish", "arrived_nanos", "total_millis"]
        {
            assert!(!line[key].is_null(), "{key} missing in {line}");
        }
        assert_eq!(line["arrived_nanos"].as_i64().unwrap() - requested_nanos(line, &completions), 500_000_000);
    }
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["model"]["is_trained"], vedette_llama::shipped::is_there());
    assert_eq!(manifest["parameters"]["agent"]["vlm_latency_millis"], 500);
    let summary: serde_json::Value = serde_json::from_slice(&fs::read(out.join("summary.json")).unwrap()).unwrap();
    assert_eq!(summary["ended"], "complete");
    assert!(fs::metadata(out.join("run.rrd")).unwrap().len() > 10_000);
}

/// A request is made when the one before is answered, or when its image arrives.
fn requested_nanos(line: &serde_json::Value, all: &[serde_json::Value]) -> i64 {
    let stamp = line["stamp_nanos"].as_i64().unwrap();
    let before =
        all.iter().map(|other| other["arrived_nanos"].as_i64().unwrap()).filter(|at| *at < line["arrived_nanos"].as_i64().unwrap());
    before.max().map_or(stamp, |at| at.max(stamp))
}

#[test]
fn independent_readers_open_the_run_folder() {
    let Some(python) = checkers::python() else { return };
    let folder = TempDir::new().unwrap();
    let bag = drive(&folder);
    let out = folder.path().join("run");
    run(&["replay", text(&bag), "--out", text(&out)]).ok();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/checkers/check_run.py");
    let output = Command::new(&python).arg(script).arg(&out).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    println!("{stdout}");
    // The viewer's own program sees the map of the bag, the robot on it, and the gas alarm.
    let output = Command::new(python.with_file_name("rerun")).args(["rrd", "stats"]).arg(out.join("run.rrd")).output().unwrap();
    let stats = String::from_utf8_lossy(&output.stdout);
    for entity in ["/world/map", "/robot", "/trail", "/alerts/log", "/latency/camera/image_raw/compressed/answer_millis", "/decision/log"] {
        assert!(stats.contains(entity), "{entity} is not in run.rrd: {stats}");
    }
}

#[test]
fn real_bag_of_a_burning_house() {
    let bag = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bags/house_fire");
    if !bag.exists() {
        println!("skipped: the house_fire development bag is not beside the repository");
        return;
    }
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("run");
    run(&["replay", text(&bag), "--out", text(&out), "--no-rrd"]).ok().shows(&["450 received", "0 undecodable", "900 messages"]);
}

#[test]
fn interrupting_leaves_a_whole_run_folder() {
    let folder = TempDir::new().unwrap();
    let bag = folder.path().join("long.mcap");
    write_drive(&bag, &Drive { secs: 60, width: 320, height: 240, is_raw: false });
    let out = folder.path().join("run");
    let mut child = command().args(["replay", text(&bag), "--out", text(&out)]).stderr(std::process::Stdio::null()).spawn().unwrap();
    // Not a wait for time but for a fact: the first answers are in the folder.
    let is_under_way = || fs::read_to_string(out.join("completions.jsonl")).is_ok_and(|text| text.lines().count() >= 2);
    while !is_under_way() {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before it could be interrupted");
        std::thread::yield_now();
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let summary: serde_json::Value = serde_json::from_slice(&fs::read(out.join("summary.json")).unwrap()).unwrap();
    assert!(summary["ended"].as_str().unwrap().starts_with("interrupted"), "{summary}");
    assert!(!json_lines(out.join("decisions.jsonl")).is_empty());
    let recording = fs::read(out.join("run.mcap")).unwrap();
    assert!(mcap::Summary::read(&recording).unwrap().is_some(), "run.mcap has no summary: it was not closed");
}

#[test]
fn bags_of_an_independent_writer_are_replayed() {
    let Some(bags) = checkers::bags() else { return };
    let expected: serde_json::Value = serde_json::from_slice(&fs::read(bags.join("expected.json")).unwrap()).unwrap();
    let folder = TempDir::new().unwrap();
    for bag in expected["bags"].as_array().unwrap() {
        let name = bag["name"].as_str().unwrap();
        let out = folder.path().join(name);
        let ran = run(&["replay", text(&bags.join(bag["path"].as_str().unwrap())), "--out", text(&out), "--json"]);
        let of_type = |kind: &str| bag["topics"].as_array().unwrap().iter().filter(move |topic| topic["type"] == kind).collect::<Vec<_>>();
        let images = [of_type("sensor_msgs/msg/Image"), of_type("sensor_msgs/msg/CompressedImage")].concat();
        if images.is_empty() {
            ran.fails_with(&["no images", bag["topics"][0]["name"].as_str().unwrap()]);
            continue;
        }
        let summary: serde_json::Value = serde_json::from_str(&ran.ok().stdout).unwrap();
        assert_eq!(summary["messages"], bag["message_count"], "{name}");
        let rejected: Vec<_> = summary["streams"].as_array().unwrap().iter().filter(|stream| stream["rejected"] != 0).collect();
        assert!(rejected.is_empty(), "{name}: {rejected:?}");
        let cameras: std::collections::BTreeSet<String> =
            json_lines(out.join("completions.jsonl")).iter().map(|line| line["camera"].as_str().unwrap().to_owned()).collect();
        assert!(!cameras.is_empty(), "{name}: no camera was assessed");
        println!("{name}: {} messages, {} of {} cameras assessed", summary["messages"], cameras.len(), images.len());
    }
}
