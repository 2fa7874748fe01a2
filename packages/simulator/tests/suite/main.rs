//! Worlds from outside: maps from files, patrols of many seeds, and what leaves by the two doors.

#![expect(clippy::expect_used, reason = "test code outside of a test function")]

mod determinism;
mod maps;
mod patrols;
mod scenes;
mod sensors;

use std::path::Path;
use vedette_simulator::{Emission, Map, Plan, Scenario, SensorMessage, World};

/// A world on a bundled map.
fn world(map: &str, seed: u64, minutes: f64) -> World {
    let map = Map::bundled(map).expect("a map");
    World::new(Scenario::generate(&map, seed, minutes).expect("a scenario"))
}

/// Runs for `secs`; the messages, without camera shots.
fn messages(world: &mut World, secs: f64) -> Vec<SensorMessage> {
    let mut emissions = Vec::new();
    for _ in 0..=(secs / (World::STEP_NANOS as f64 * 1e-9)).round() as usize {
        world.step(&mut emissions);
    }
    let message = |emission| match emission {
        Emission::Message(message) => Some(message),
        Emission::Shot(_) => None,
    };
    emissions.into_iter().filter_map(message).collect()
}

/// Writes a map of `rows` (`#` wall, `.` free, top row first) with cells of 0.1 m and its lower left corner at (-1, -2), and the given route.
fn write_map(folder: &Path, rows: &[&str], route: &str) -> std::path::PathBuf {
    let grey: Vec<u8> = rows.iter().flat_map(|row| row.bytes()).map(|cell| if cell == b'#' { 0 } else { 254 }).collect();
    let mut pgm = format!("P5\n{} {}\n255\n", rows[0].len(), rows.len()).into_bytes();
    pgm.extend(grey);
    std::fs::write(folder.join("plan.pgm"), pgm).expect("written");
    let yaml = format!(
        "image: plan.pgm\nresolution: 0.1\norigin: [-1.0, -2.0, 0.0]\nnegate: 0\noccupied_thresh: 0.65\nfree_thresh: 0.196\n\
         vedette:\n  routes:\n    patrol: {route}\n"
    );
    let path = folder.join("plan.yaml");
    std::fs::write(&path, yaml).expect("written");
    path
}

/// A scenario in which nothing happens.
fn quiet(map: &Map) -> Scenario {
    let plan = Plan { hazard_count: Some(0), ..Plan::default() };
    let mut scenario = Scenario::from_plan(map, &plan).expect("a scenario");
    scenario.things.clear();
    scenario
}
