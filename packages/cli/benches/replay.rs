//! Replay without the model, as a user runs it: the release binary on a 60 s drive at 640x480 and 30 Hz (and scan, IMU, odometry, tf, gas),
//! with recorded completions. Prints medians of several runs: speed against real time, processor share of one core at real time, memory.
//!
//! Not a criterion bench: what is wanted are figures of whole processes (processor time, peak memory), which `summary.json` has.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark reports and may panic")]

#[path = "../tests/command/bag.rs"]
mod bag;

use bag::{Drive, write_drive};
use std::{path::Path, process::Command};

const RUNS: usize = 5;

fn main() {
    let folder = tempfile::TempDir::new().unwrap();
    let cache = folder.path().join("cache");
    std::fs::create_dir(&cache).unwrap();
    let vedette = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vedette")).args(arguments).env("XDG_CACHE_HOME", &cache).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    for (name, is_raw) in [("JPEG", false), ("raw rgb8", true)] {
        let bag = folder.path().join("drive.mcap");
        write_drive(&bag, &Drive { secs: 60, width: 640, height: 480, is_raw });
        let (first, again) = (folder.path().join("first"), folder.path().join("again"));
        vedette(&["replay", text(&bag), "--out", text(&first), "--no-rrd"]);
        let completions = first.join("completions.jsonl");
        for (what, extra) in [("", None), (" without run.rrd", Some("--no-rrd"))] {
            let mut figures: Vec<[f64; 3]> = (0..RUNS)
                .map(|_| {
                    let mut arguments = vec!["replay", text(&bag), "--out", text(&again), "--completions", text(&completions), "--json"];
                    arguments.extend(extra);
                    let summary: serde_json::Value = serde_json::from_slice(&vedette(&arguments)).unwrap();
                    let figure = |key: &str| summary[key].as_f64().unwrap();
                    let secs = figure("virtual_secs");
                    let share = 100.0 * figure("measured_cpu_secs") / secs;
                    [secs / figure("measured_wall_secs"), share, figure("measured_peak_rss_bytes") * 1e-6]
                })
                .collect();
            let mut median = |index: usize| {
                figures.sort_by(|a, b| a[index].total_cmp(&b[index]));
                figures[RUNS / 2][index]
            };
            println!(
                "{name} 640x480 30 Hz{what}: {:.0} times real time, {:.2} % of one core at real time, {:.0} MB peak (median of {RUNS})",
                median(0),
                median(1),
                median(2)
            );
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
