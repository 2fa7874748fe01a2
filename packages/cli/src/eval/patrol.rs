//! One simulated patrol through the whole agent, rendering only the pictures that it looks at. In -> out: a scenario -> decisions and truth,
//! the same as `demo` would have written.
//!
//! A picture that comes while an answer is on its way and is replaced before the answer arrives is never decoded: an empty one stands for it.
//! What truth needs of such pictures (how large a hazard is in them) is taken from a small rendering, and only where a hazard could be in
//! view. Deliberately absent: files.

use super::collected::{Collected, driver, ended};
use crate::{config::Config, judge::Judge, simulated::SimulatedTopic};
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use vedette_agent::{Answers, Driver, Event};
use vedette_evaluation::{RunData, Truth, TruthFrame};
use vedette_simulator::{CameraShot, Emission, HazardTruth, Scenario, SensorMessage, Visible, World, compressed_image, render, truth_line};
use vedette_types::{FrameId, ImageData, ImageFrame, Reading, RgbPixels, Sha256, Stamp};

/// Between two pictures of the simulated camera.
const CAMERA_PERIOD_NANOS: i64 = 100_000_000;
/// How much smaller the rendering for truth is: 20 pixels of 480 rows are 5 of 120.
const PROBE_DIVISOR: u32 = 4;
/// Beyond this a hazard is smaller than truth asks for, metres.
const PROBE_RANGE_M: f64 = 14.0;
/// Half the width of the widest hazard, metres.
const PROBE_HALF_WIDTH_M: f64 = 1.5;

/// What became of a patrol.
pub(super) struct PatrolRun {
    pub(super) run: RunData,
    pub(super) truth: Truth,
    /// Pictures that the camera took.
    pub(super) shots: usize,
    /// Pictures that were rendered for the agent.
    pub(super) rendered: usize,
}

/// Plays the patrol. With `is_lazy` false every picture is rendered: for the test that it makes no difference.
pub(super) fn play(judge: &mut Judge, config: &Config, scenario: Scenario, is_lazy: bool) -> Result<PatrolRun> {
    let topics = SimulatedTopic::all();
    let camera = topics.iter().find(|known| known.topic.name.ends_with("/compressed")).context("the simulated robot has no camera")?;
    let end = scenario.duration_secs;
    let mut world = World::new(scenario);
    let mut driver = driver(config, judge.vlm())?;
    let mut collected = Collected::default();
    let (mut frames, mut emissions) = (Vec::new(), Vec::new());
    let (mut shots, mut rendered) = (0, 0);
    while !world.is_finished() {
        world.step(&mut emissions);
        for emission in emissions.drain(..) {
            let event = match emission {
                Emission::Message(message) => SimulatedTopic::event(&topics, &message)?,
                Emission::Shot(shot) => {
                    shots += 1;
                    // The calibration of this moment has been fed before, so that what was due by now has arrived.
                    let is_last = world.elapsed_secs() + CAMERA_PERIOD_NANOS as f64 * 1e-9 >= end;
                    let is_needed = !is_lazy || is_last || will_be_looked_at(&driver, shot.stamp);
                    let (event, visible) = if is_needed {
                        rendered += 1;
                        let (message, visible) = picture(&shot)?;
                        (SimulatedTopic::event(&topics, &message)?, visible)
                    } else {
                        let reading = Reading::Image(unseen(shot.stamp));
                        let event =
                            Event::Reading { arrived: shot.stamp, stream: camera.stream.clone(), reading, sha256: Sha256::default() };
                        (Some(event), probe(&world, &shot)?)
                    };
                    frames.push(serde_json::from_str::<TruthFrame>(&truth_line(&world.truth(Some(&visible)))?)?);
                    event
                }
            };
            if let Some(event) = event {
                driver.feed(event, &mut collected).map_err(ended)?;
            }
        }
    }
    driver.finish(&mut collected).map_err(ended)?;
    let undecodable = driver.agent().fusion().counts().frames_undecodable;
    if undecodable > 0 {
        bail!("the agent looked at {undecodable} pictures that were not rendered; this is a bug");
    }
    Ok(PatrolRun { run: collected.run, truth: Truth::from_frames(frames), shots, rendered })
}

/// Whether the agent is free to look at a picture of `stamp` before the next one replaces it. At equal times an answer goes before a picture.
fn will_be_looked_at<A: Answers>(driver: &Driver<A>, stamp: Stamp) -> bool {
    driver.answer_due().is_none_or(|due| due <= stamp.plus_nanos(CAMERA_PERIOD_NANOS))
}

fn picture(shot: &CameraShot) -> Result<(SensorMessage, Vec<Visible>)> {
    // Patrols run side by side: each has one thread.
    let rendered = render(&shot.scene, &shot.camera, 1)?;
    Ok((compressed_image(shot.stamp, vedette_visualization::jpeg(&rendered.pixels)?), rendered.visible))
}

/// A picture that nobody will decode. Were it decoded after all, it would be counted as undecodable.
fn unseen(stamp: Stamp) -> ImageFrame {
    ImageFrame { stamp, frame: FrameId::new("camera_optical"), data: ImageData::Jpeg(Arc::new(Vec::new())) }
}

/// What is in a picture that is not rendered in full.
fn probe(world: &World, shot: &CameraShot) -> Result<Vec<Visible>> {
    let half_fov_rad = 0.5 * shot.camera.horizontal_fov_rad;
    let may_be_seen = |hazard: &HazardTruth| {
        let reach_rad = (PROBE_HALF_WIDTH_M / hazard.distance_m.max(0.1)).atan();
        hazard.is_active && hazard.distance_m < PROBE_RANGE_M && hazard.bearing_rad.abs() < half_fov_rad + reach_rad
    };
    if !world.truth(None).hazards.iter().any(may_be_seen) {
        return Ok(Vec::new());
    }
    let small = vedette_simulator::Camera {
        width: (shot.camera.width / PROBE_DIVISOR).max(1),
        height: (shot.camera.height / PROBE_DIVISOR).max(1),
        noise: 0.0,
        ..shot.camera
    };
    let scaled = |seen: Visible| Visible {
        box_px: seen.box_px.map(|side| side * PROBE_DIVISOR),
        pixels: seen.pixels * PROBE_DIVISOR * PROBE_DIVISOR,
        ..seen
    };
    Ok(render(&shot.scene, &small, 1)?.visible.into_iter().map(scaled).collect())
}

/// The picture that the camera of this patrol took at `stamp`, for looking at it again.
pub(super) fn picture_at(scenario: Scenario, stamp: Stamp) -> Result<RgbPixels> {
    let mut world = World::new(scenario);
    let mut emissions = Vec::new();
    while !world.is_finished() {
        world.step(&mut emissions);
        for emission in emissions.drain(..) {
            if let Emission::Shot(shot) = emission
                && shot.stamp >= stamp
            {
                return Ok(render(&shot.scene, &shot.camera, 1)?.pixels);
            }
        }
    }
    bail!("the patrol has no picture at {stamp}")
}
