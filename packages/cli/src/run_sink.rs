//! Everything that comes out of a run goes through here: to the run folder, to the rerun recording, into the summary.

use crate::summary::Summary;
use anyhow::{Context, Result};
use std::path::Path;
use vedette_agent::{Effect, Sink};
use vedette_trajectory::{Input, Manifest, RunFolder};
use vedette_types::{Completion, Reading, StreamId};
use vedette_visualization::RrdWriter;

/// The outputs of one run.
pub(crate) struct RunSink {
    folder: RunFolder,
    recording: Option<RrdWriter>,
    pub(crate) summary: Summary,
}

impl RunSink {
    /// Opens the run folder `out` and, where `recording_fov_rad` is given, `run.rrd` in it. The field of view is for cameras without CameraInfo.
    pub(crate) fn create(out: &Path, manifest: &Manifest, recording_fov_rad: Option<f64>, summary: Summary) -> Result<Self> {
        let folder = RunFolder::create(out, manifest)?;
        let path = out.join("run.rrd");
        let begin = |fov_rad| RrdWriter::create(&path, &summary.bag).map(|recording| recording.with_default_horizontal_fov_rad(fov_rad));
        let recording = recording_fov_rad.map(begin).transpose().with_context(|| format!("cannot begin {}", path.display()))?;
        Ok(Self { folder, recording, summary })
    }

    /// One message of the bag, used or not.
    pub(crate) fn input(&mut self, input: &Input<'_>, reading: Option<(&StreamId, &Reading)>) -> Result<()> {
        self.summary.messages += 1;
        if let Some(stream) = self.summary.streams.iter_mut().find(|stream| stream.topic == input.topic) {
            stream.messages += 1;
        }
        self.folder.input(input)?;
        if let (Some(recording), Some((stream, reading))) = (&mut self.recording, reading) {
            recording.reading(input.arrived, stream, reading)?;
        }
        Ok(())
    }

    /// Closes all files; the summary must be complete by then.
    pub(crate) fn finish(mut self) -> Result<Summary> {
        self.summary.finish();
        // Both are closed whatever becomes of the other.
        let recorded = self.recording.take().map_or(Ok(()), |mut recording| {
            recording.summary(&format!("```\n{}```\n", self.summary.table("(this folder)")))?;
            recording.finish()
        });
        self.folder.finish(&self.summary)?;
        recorded?;
        Ok(self.summary)
    }
}

impl Sink for RunSink {
    type Error = anyhow::Error;

    fn effect(&mut self, effect: &Effect) -> Result<()> {
        match effect {
            Effect::Request { stamp, observation, .. } => {
                if let Some(recording) = &mut self.recording {
                    recording.observation(*stamp, observation)?;
                }
            }
            Effect::Assessed(assessment) => {
                self.summary.count_assessment(assessment);
                self.folder.assessment(assessment)?;
                if let Some(recording) = &mut self.recording {
                    recording.assessment(assessment)?;
                }
            }
            Effect::Decided(decision) => {
                self.summary.count_decision(decision);
                self.folder.decision(decision)?;
                if let Some(recording) = &mut self.recording {
                    recording.decision(decision)?;
                }
            }
            Effect::Journal(entry) => {
                self.summary.count_journal(entry);
                self.folder.journal(entry)?;
            }
        }
        Ok(())
    }

    fn completion(&mut self, completion: &Completion) -> Result<()> {
        self.summary.count_completion(completion);
        self.folder.completion(completion)?;
        if let Some(recording) = &mut self.recording {
            recording.completion(completion)?;
        }
        Ok(())
    }
}
