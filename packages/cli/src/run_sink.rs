//! Everything that comes out of a run goes through here: to the run folder, to the rerun recording, into the summary.

use crate::summary::Summary;
use anyhow::{Context, Result};
use std::path::Path;
use vedette_agent::{Effect, Sink};
use vedette_evaluation::{HealthSample, PathPoint};
use vedette_messages::Rejection;
use vedette_simulator::{Building, Truth};
use vedette_trajectory::{Input, Manifest, RunFolder};
use vedette_types::{Completion, Decision, FrameId, GridMap, Odometry, Reading, StreamId};
use vedette_visualization::{RrdWriter, WorldMap};

/// The outputs of one run.
pub(crate) struct RunSink {
    folder: Option<RunFolder>,
    recording: Option<RrdWriter>,
    pub(crate) summary: Summary,
    /// Where odometry saw the robot, for the report.
    pub(crate) path: Vec<PathPoint>,
    /// Freshness of the streams at each request, for the report.
    pub(crate) health: Vec<HealthSample>,
}

/// Poses are kept this far apart.
const PATH_PERIOD_NANOS: i64 = 200_000_000;

impl RunSink {
    /// Opens the run folder `out` and, where `recording_fov_rad` is given, `run.rrd` in it. The field of view is for cameras without CameraInfo.
    pub(crate) fn create(out: &Path, manifest: &Manifest, recording_fov_rad: Option<f64>, summary: Summary) -> Result<Self> {
        let folder = RunFolder::create(out, manifest)?;
        let path = out.join("run.rrd");
        let begin = |fov_rad| RrdWriter::create(&path, &summary.bag).map(|recording| recording.with_default_horizontal_fov_rad(fov_rad));
        let recording = recording_fov_rad.map(begin).transpose().with_context(|| format!("cannot begin {}", path.display()))?;
        Ok(Self { folder: Some(folder), recording, summary, path: Vec::new(), health: Vec::new() })
    }

    /// One message of the bag, used or not.
    pub(crate) fn input(&mut self, input: &Input<'_>, reading: Option<(&StreamId, &Reading)>) -> Result<()> {
        self.count(input.topic);
        self.folder()?.input(input)?;
        if let Some((_, Reading::Odometry(odometry))) = reading {
            self.take_pose(odometry);
        }
        if let (Some(recording), Some((stream, reading))) = (&mut self.recording, reading) {
            recording.reading(input.arrived, stream, reading)?;
        }
        Ok(())
    }

    /// One message that is no input.
    pub(crate) fn count(&mut self, topic: &str) {
        self.summary.messages += 1;
        if let Some(stream) = self.summary.streams.iter_mut().find(|stream| stream.topic == topic) {
            stream.messages += 1;
        }
    }

    /// A decision that may not be the one that was taken.
    pub(crate) fn doubtful_decision(&mut self, decision: &Decision) -> Result<()> {
        self.summary.count_decision(decision);
        self.folder()?.doubtful_decision(decision)?;
        Ok(self.recording.as_mut().map_or(Ok(()), |recording| recording.decision(decision))?)
    }

    /// The floor plan, for the recording.
    pub(crate) fn show_map(&mut self, building: &Building) -> Result<()> {
        let map = WorldMap {
            frame: FrameId::new("map"),
            resolution_m: building.resolution_m,
            origin_m: building.origin_m,
            width: building.width,
            height: building.height,
            is_solid: &building.is_solid,
            ceiling_m: building.ceiling_m,
        };
        Ok(self.recording.as_mut().map_or(Ok(()), |recording| recording.map(&map))?)
    }

    /// A map that the bag holds, for the recording. One that is none is a warning.
    pub(crate) fn draw_map(&mut self, topic: &str, map: Result<GridMap, Rejection>) -> Result<()> {
        match (map, &mut self.recording) {
            (Ok(map), Some(recording)) => recording.map(&WorldMap::of(&map))?,
            (Ok(_), None) => {}
            (Err(rejection), _) => self.summary.warnings.push(format!("the map on {topic} is not drawn: {rejection}")),
        }
        Ok(())
    }

    /// What was really there, for the recording.
    pub(crate) fn show_truth(&mut self, truth: &Truth) -> Result<()> {
        let hazards: Vec<_> = truth.hazards.iter().map(|hazard| (hazard.kind.as_str(), hazard.position_m, hazard.is_active)).collect();
        let frame = FrameId::new("map");
        Ok(self.recording.as_mut().map_or(Ok(()), |recording| recording.truth(truth.stamp, &frame, &hazards))?)
    }

    fn take_pose(&mut self, odometry: &Odometry) {
        if self.path.last().is_some_and(|last| odometry.stamp.nanos_since(last.stamp) < PATH_PERIOD_NANOS) {
            return;
        }
        let pose = &odometry.frame_from_child;
        let (x_m, y_m, yaw_rad) = (pose.translation.x, pose.translation.y, pose.rotation.euler_angles().2);
        self.path.push(PathPoint { stamp: odometry.stamp, x_m, y_m, yaw_rad });
    }

    fn folder(&mut self) -> Result<&mut RunFolder> {
        self.folder.as_mut().context("the run folder is closed")
    }

    /// Closes all files; the summary must be complete by then.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.summary.finish();
        // Both are closed whatever becomes of the other.
        let table = self.summary.table("(this folder)");
        let recorded = self.recording.take().map_or(Ok(()), |mut recording| {
            recording.summary(&format!("```\n{table}```\n"))?;
            recording.finish()
        });
        if let Some(folder) = self.folder.take() {
            folder.finish(&self.summary)?;
        }
        Ok(recorded?)
    }
}

impl Sink for RunSink {
    type Error = anyhow::Error;

    fn effect(&mut self, effect: &Effect) -> Result<()> {
        match effect {
            Effect::Request { stamp, observation, .. } => {
                // What is said once is not stale when it is old: its age would flatten every other curve.
                let lasting = observation.health.iter().filter(|health| !health.stream.as_str().ends_with("tf_static"));
                self.health.extend(lasting.map(|health| HealthSample {
                    stamp: *stamp,
                    stream: health.stream.clone(),
                    age_secs: health.age_secs,
                    is_stale: health.is_stale,
                }));
                if let Some(recording) = &mut self.recording {
                    recording.observation(*stamp, observation)?;
                }
            }
            Effect::Assessed(assessment) => {
                self.summary.count_assessment(assessment);
                self.folder()?.assessment(assessment)?;
                if let Some(recording) = &mut self.recording {
                    recording.assessment(assessment)?;
                }
            }
            Effect::Decided(decision) => {
                self.summary.count_decision(decision);
                self.folder()?.decision(decision)?;
                if let Some(recording) = &mut self.recording {
                    recording.decision(decision)?;
                }
            }
            Effect::Journal(entry) => {
                self.summary.count_journal(entry);
                self.folder()?.journal(entry)?;
            }
        }
        Ok(())
    }

    fn completion(&mut self, completion: &Completion) -> Result<()> {
        self.summary.count_completion(completion);
        self.folder()?.completion(completion)?;
        if let Some(recording) = &mut self.recording {
            recording.completion(completion)?;
        }
        Ok(())
    }
}
