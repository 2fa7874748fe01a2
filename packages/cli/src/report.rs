//! `report.html` of a run: collects poses, freshness, pictures and truth, and hands them to `vedette-evaluation`.

use crate::run_sink::RunSink;
use anyhow::{Context, Result};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use vedette_evaluation::{KeyFrame, MapImage, MatchRules, ReportInput, RunData, Truth, key_moments, report_html};
use vedette_fusion::decode;
use vedette_messages::from_ros::{kind_of, reading};
use vedette_rosbag::Bag;
use vedette_simulator::Building;
use vedette_trajectory::files;
use vedette_types::{ImageData, Reading, Stamp};

/// Most pixels of a picture that is shown.
const MAX_PIXELS: u64 = 9_000_000;

/// Writes `report.html` into the run folder `out`. `pictures` is the bag that has the camera's messages.
pub(crate) fn write(out: &Path, sink: &RunSink, truth: Option<&Truth>, map: Option<&Building>, pictures: &Path) -> Result<()> {
    let run = RunData::read(out)?;
    let rules = MatchRules::default();
    let path = truth.map(Truth::path).filter(|path| !path.is_empty()).unwrap_or_else(|| sink.path.clone());
    let input = ReportInput {
        title: run.name.clone(),
        frames: key_frames(pictures, &key_moments(&run, truth, &rules))?,
        run: &run,
        truth,
        rules,
        path,
        map: map.map(map_image),
        health: sink.health.clone(),
    };
    let file: PathBuf = out.join(files::REPORT);
    fs::write(&file, report_html(&input)).with_context(|| format!("cannot write {}", file.display()))
}

fn map_image(building: &Building) -> MapImage {
    MapImage {
        width: building.width,
        height: building.height,
        resolution_m: building.resolution_m,
        origin_m: building.origin_m,
        cells: building.is_solid.iter().map(|is_solid| if *is_solid { 100 } else { 0 }).collect(),
    }
}

/// The pictures with these header stamps.
fn key_frames(bag: &Path, moments: &[Stamp]) -> Result<Vec<KeyFrame>> {
    let wanted: BTreeSet<Stamp> = moments.iter().copied().collect();
    let mut frames: Vec<KeyFrame> = Vec::new();
    if wanted.is_empty() {
        return Ok(frames);
    }
    let mut bag = Bag::open(bag)?;
    let topics = bag.topics().to_vec();
    bag.select(|topic| kind_of(&topic.type_name) == Some("image"));
    loop {
        // A damaged place was reported when the bag was played.
        let Ok(message) = bag.next_message() else { continue };
        let Some(message) = message else { break };
        let Some(topic) = topics.get(message.topic) else { continue };
        let Ok(Reading::Image(frame)) = reading(&topic.type_name, &topic.name, &message.data) else { continue };
        if !wanted.contains(&frame.stamp) || frames.iter().any(|shown| shown.stamp == frame.stamp) {
            continue;
        }
        let Ok(pixels) = decode(&frame.data, MAX_PIXELS) else { continue };
        let jpeg = match &frame.data {
            ImageData::Jpeg(bytes) | ImageData::Png(bytes) => bytes.to_vec(),
            ImageData::Raw { .. } => vedette_visualization::jpeg(&pixels)?,
        };
        frames.push(KeyFrame { stamp: frame.stamp, jpeg, width_px: pixels.width(), height_px: pixels.height() });
    }
    Ok(frames)
}
