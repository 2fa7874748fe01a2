//! One run on the virtual clock, whatever its messages come from: agent, driver and outputs put together, fed message by message, closed.

use crate::{
    config::Config,
    model, process,
    run_sink::RunSink,
    source::{self, Incoming},
    summary::{ModelSummary, Summary},
};
use anyhow::{Context, Result};
use std::{
    path::Path,
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use vedette_agent::{Agent, AnswerError, Answers, DriveError, Driver, Event};
use vedette_fusion::Fusion;
use vedette_policy::Policy;
use vedette_reasoning::{ChatTemplate, ModelCard, Reasoner};
use vedette_rosbag::{RawMessage, Topic};
use vedette_trajectory::{BagEntry, Input, InputValue, Machine, Manifest, ModelEntry};
use vedette_types::{Stamp, StreamId};

/// A run under way.
pub(crate) struct Session<A> {
    driver: Driver<A>,
    pub(crate) sink: RunSink,
    started: Instant,
    span: Option<(Stamp, Stamp)>,
}

/// What a session needs besides its messages.
pub(crate) struct Setup<'a, A> {
    pub(crate) config: &'a Config,
    pub(crate) out: &'a Path,
    pub(crate) manifest: &'a Manifest,
    pub(crate) summary: Summary,
    pub(crate) with_recording: bool,
    pub(crate) answers: A,
    pub(crate) template: ChatTemplate,
}

/// What a driven step may end with.
pub(crate) enum Step {
    /// Go on.
    Done,
    /// The recorded run was cut short at this request.
    RecordEnds(AnswerError),
}

impl<A: Answers> Session<A> {
    pub(crate) fn begin(setup: Setup<'_, A>) -> Result<Self> {
        let config = setup.config;
        let agent = agent(config, setup.template)?;
        let fov_rad = setup.with_recording.then_some(config.reasoning.default_horizontal_fov_rad);
        let sink = RunSink::create(setup.out, setup.manifest, fov_rad, setup.summary)?;
        #[expect(clippy::disallowed_methods, reason = "the measured duration of the run; no decision depends on it")]
        let started = Instant::now();
        Ok(Self { driver: Driver::new(agent, setup.answers, &config.agent), sink, started, span: None })
    }

    /// One message: across the border, into the records, to the agent. `value` is given where no bag keeps the message.
    pub(crate) fn take(&mut self, topic: &Topic, stream: &StreamId, message: &RawMessage, value: Option<InputValue<'_>>) -> Result<Step> {
        let arrived = message.log_time;
        self.span = Some(self.span.map_or((arrived, arrived), |(first, last)| (first.min(arrived), last.max(arrived))));
        let Incoming { event, bytes, sha256, source_stamp } = source::incoming(topic, stream, message);
        let reading = match &event {
            Event::Reading { stream, reading, .. } => Some((stream, reading)),
            _ => None,
        };
        let input = Input { arrived, topic: &topic.name, type_name: &topic.type_name, source_stamp, size_bytes: bytes, sha256, value };
        self.sink.input(&input, reading)?;
        step(self.driver.feed(event, &mut self.sink))
    }

    /// After the last message: answers under way arrive.
    pub(crate) fn drain(&mut self) -> Result<Step> {
        step(self.driver.finish(&mut self.sink))
    }

    /// Seconds of the run so far and model calls, for progress.
    pub(crate) fn state(&self) -> String {
        format!("{:.1} s, {} assessed", self.secs(), self.sink.summary.vlm_calls)
    }

    fn secs(&self) -> f64 {
        self.span.map_or(0.0, |(first, last)| last.secs_since(first))
    }

    /// Closes everything. `ended` says how it ended.
    pub(crate) fn finish(mut self, ended: String, warnings: impl IntoIterator<Item = String>) -> Result<RunSink> {
        self.sink.summary.frames = self.driver.agent().fusion().counts();
        close(self.sink, self.started, self.span, ended, warnings)
    }
}

/// Closes the outputs of a run that began at `started` and whose messages span `span`.
pub(crate) fn close(
    mut sink: RunSink,
    started: Instant,
    span: Option<(Stamp, Stamp)>,
    ended: String,
    warnings: impl IntoIterator<Item = String>,
) -> Result<RunSink> {
    let summary = &mut sink.summary;
    summary.measured_wall_secs = started.elapsed().as_secs_f64();
    summary.measured_cpu_secs = process::cpu_secs();
    summary.measured_peak_rss_bytes = process::peak_rss_bytes();
    summary.ended = ended;
    summary.warnings.extend(warnings);
    summary.virtual_secs = span.map_or(0.0, |(first, last)| last.secs_since(first));
    sink.finish()?;
    Ok(sink)
}

fn step(result: Result<(), DriveError<anyhow::Error>>) -> Result<Step> {
    match result {
        Ok(()) => Ok(Step::Done),
        Err(DriveError::Answer(error @ AnswerError::NotRecorded { .. })) => Ok(Step::RecordEnds(error)),
        Err(DriveError::Answer(error)) => Err(error.into()),
        Err(DriveError::Agent(error)) => Err(error.into()),
        Err(DriveError::Sink(error)) => Err(error),
    }
}

/// The stages put together.
pub(crate) fn agent(config: &Config, template: ChatTemplate) -> Result<Agent> {
    let reasoner = Reasoner::new(config.reasoning.clone(), config.catalogue.clone(), template)?;
    let policy = Policy::new(config.policy.clone(), &config.catalogue)?;
    Ok(Agent::new(Fusion::new(config.fusion.clone()), reasoner, policy))
}

/// What a run is made from.
pub(crate) fn manifest(config: &Config, model: Option<ModelEntry>, bag: Option<BagEntry>) -> Result<Manifest> {
    #[expect(clippy::disallowed_methods, reason = "when the run was made; no decision depends on it")]
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).context("the system clock is before 1970")?;
    Ok(Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: option_env!("VEDETTE_COMMIT").map(str::to_owned),
        // The program's own path says nothing about the run.
        command: std::iter::once("vedette".to_owned()).chain(std::env::args().skip(1)).collect(),
        created: Stamp::from_nanos(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX)),
        parameters: config.to_json(),
        model,
        bag,
        machine: Machine::this(),
    })
}

/// The model's entry in a manifest.
pub(crate) fn model_entry(card: &ModelCard) -> ModelEntry {
    ModelEntry { name: card.name.clone(), sha256: card.sha256, adapter: card.adapter, is_trained: card.is_trained }
}

/// The model's line of a summary.
pub(crate) fn model_summary(model: Option<&ModelEntry>) -> ModelSummary {
    model.map_or_else(ModelSummary::default, |entry| ModelSummary {
        name: entry.name.clone(),
        sha256: entry.sha256.to_string(),
        is_trained: Some(entry.is_trained),
    })
}

/// The last part of a path, with links and dots resolved.
pub(crate) fn resolved_name(path: &Path) -> String {
    path.canonicalize().map_or_else(|_| model::short(path), |path| model::short(&path))
}
