//! `vedette_recorder`: writes down. In -> out: every topic that goes in and comes out -> a run folder whose `run.mcap` is a rosbag2 bag, which
//! `vedette replay` and `ros2 bag` read. Each activation begins a folder of its own, and so does a clock that went back: a recording has one
//! time line. None is ever replaced. A disk that is full is told, and tried again.
//! Deliberately absent: judgement. What cannot be read is written down as it came.

mod parameters;

use crate::incoming::{Source, Sources, sha256};
use crate::program::{Program, is_past, next_tick, steady};
use anyhow::{Context, Result};
pub use parameters::RecorderParams;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_messages::from_ros::reading;
use vedette_messages::schema;
use vedette_messages::topics::{self, Durability, Reliability, Topic};
use vedette_params::ParamSet;
use vedette_ros::{Node, NodeEvent, Outcome, State, Subscription, Transition};
use vedette_trajectory::{Input, InputValue, Machine, Manifest, RunError, RunFolder};
use vedette_types::Stamp;

/// After a write that failed, a new recording is tried this often.
const RETRY: Duration = Duration::from_secs(10);

/// Messages that may wait: a recorder that is late must not lose what a sensor said once.
const DEPTH: u32 = 100;

/// What was sent before a recording ends is on its way this long at most.
const LAST_MESSAGE: Duration = Duration::from_millis(100);

/// A camera never ends: what comes later than this is after the end. `ros2 launch` waits five seconds before it asks again.
const LAST_MESSAGES: Duration = Duration::from_secs(1);

/// The node.
pub struct RecorderNode {
    node: Node,
    params: RecorderParams,
    sources: Sources,
    run: Option<Run>,
    /// Why there is no recording, and when the next is tried.
    failed: Option<(String, Option<Instant>)>,
}

/// A recording under way.
struct Run {
    folder: RunFolder,
    path: PathBuf,
    summary: Summary,
}

/// `summary.json` of a recording.
#[derive(Clone, Debug, Default, Serialize)]
struct Summary {
    messages: u64,
    bytes: u64,
    topics: BTreeMap<String, u64>,
    ended: String,
}

impl RecorderNode {
    /// Name of the node.
    pub const NAME: &'static str = "vedette_recorder";

    /// The node with its topics; it writes once it is active.
    ///
    /// # Errors
    /// What could not be opened.
    pub fn open(program: &Program) -> Result<Self> {
        let mut params = RecorderParams::default();
        let mut node = program.open(Self::NAME, &mut [&mut params])?;
        let mut sources = Sources::default();
        let is_wanted = |topic: &&Topic| params.raw_images || topic.name != topics::IMAGE_RAW.name;
        for topic in topics::INPUTS.iter().chain(topics::OUTPUTS).filter(is_wanted) {
            let mut patient = *topic;
            if patient.qos.reliability == Reliability::Reliable || topic.type_name != topics::IMAGE_RAW.type_name {
                patient.qos.depth = topic.qos.depth.max(DEPTH);
            }
            sources.listen(&mut node, topic.name, &patient)?;
        }
        node.fix_parameters("recorder.raw_images", "chooses subscriptions; set it at the start");
        Ok(Self { node, params, sources, run: None, failed: None })
    }

    /// Its parameter groups with their defaults.
    pub fn parameters() -> Vec<Box<dyn ParamSet>> {
        vec![Box::new(RecorderParams::default())]
    }

    /// Runs until the process is to stop.
    ///
    /// # Errors
    /// When the node cannot wait for messages any more.
    pub fn run(mut self) -> Result<()> {
        let mut tick = next_tick(None, 1.0);
        loop {
            match self.node.next_event(&mut [&mut self.params], tick)? {
                NodeEvent::Message { subscription, cdr } => self.hear(subscription, &cdr),
                NodeEvent::TimeUp => {
                    tick = next_tick(Some(tick), 1.0);
                    self.try_again(tick);
                    self.tell_health();
                }
                NodeEvent::Transition(transition) => {
                    let outcome = self.change(transition);
                    self.node.end_transition(outcome);
                }
                NodeEvent::ClockJumpedBack { by_secs } => {
                    tracing::warn!("time went back by {by_secs:.3} s: a new recording begins");
                    if self.run.is_some() {
                        self.end("time went back");
                        self.begin_or_tell();
                    }
                }
                NodeEvent::ParametersChanged(_) | NodeEvent::Woken | NodeEvent::Call(_) => {}
                NodeEvent::GoalAsked(_) | NodeEvent::GoalCancelled(_) | NodeEvent::GoalNews(_) => {}
                NodeEvent::Over => return Ok(()),
            }
        }
    }

    fn hear(&mut self, subscription: Subscription, cdr: &[u8]) {
        if self.node.state() == State::Active {
            self.write_down(subscription, cdr);
        }
    }

    fn write_down(&mut self, subscription: Subscription, cdr: &[u8]) {
        let (Some(source), Some(arrived)) = (self.sources.get(subscription), self.node.now()) else { return };
        let Some(run) = &mut self.run else { return };
        if let Err(error) = run.write(source, arrived, cdr) {
            tracing::error!("the recording ends here: {error:#}");
            // What reached the bound that it was given is not begun again.
            let is_bound = matches!(error.downcast_ref(), Some(RunError::Full { .. }));
            self.end(if is_bound { "its bound was reached" } else { "a write failed" });
            self.failed = Some((format!("{error:#}"), (!is_bound).then(later)));
        }
    }

    /// What was said before the recording ends is part of it: a recorder that is behind has messages waiting, and the last ones tell most.
    fn write_down_what_waits(&mut self) {
        let end = steady() + LAST_MESSAGES;
        while self.run.is_some() && !is_past(end) {
            match self.node.next_message(LAST_MESSAGE) {
                Ok(Some((subscription, cdr))) => self.write_down(subscription, &cdr),
                Ok(None) => return,
                Err(error) => return tracing::error!("messages that waited are not recorded: {error}"),
            }
        }
    }

    fn begin_or_tell(&mut self) {
        match self.begin() {
            Ok(run) => {
                tracing::info!("recording to {}", run.path.display());
                (self.run, self.failed) = (Some(run), None);
            }
            Err(error) => {
                // Once a failure, not once a try.
                if self.failed.is_none() {
                    tracing::error!("{error:#}");
                }
                self.failed = Some((format!("{error:#}"), Some(later())));
            }
        }
    }

    fn try_again(&mut self, now: Instant) {
        if self.node.state() == State::Active
            && self.run.is_none()
            && self.failed.as_ref().is_some_and(|(_, at)| at.is_some_and(|at| now >= at))
        {
            self.begin_or_tell();
        }
    }

    fn change(&mut self, transition: Transition) -> Outcome {
        match transition {
            Transition::Configure => Outcome::Success,
            Transition::Activate => match self.begin() {
                Ok(run) => {
                    tracing::info!("recording to {}", run.path.display());
                    self.run = Some(run);
                    Outcome::Success
                }
                Err(error) => {
                    tracing::error!("{error:#}");
                    Outcome::Failure
                }
            },
            Transition::Deactivate | Transition::CleanUp | Transition::ShutDown => {
                self.write_down_what_waits();
                self.failed = None;
                self.end("complete");
                Outcome::Success
            }
        }
    }

    fn begin(&mut self) -> Result<Run> {
        let stamp = self.node.now().unwrap_or_default();
        let path = unused(Path::new(&self.params.folder), stamp)?;
        let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
        let manifest = Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: option_env!("VEDETTE_COMMIT").map(str::to_owned),
            command: std::iter::once(Self::NAME.to_owned()).chain(words).collect(),
            created: stamp,
            parameters: serde_json::json!({ "recorder": self.params }),
            model: None,
            bag: None,
            machine: Machine::this(),
        };
        let folder = RunFolder::create_rotating(&path, &manifest, self.params.rotation()).inspect_err(|_| {
            // Made a moment ago, by us; on a full disk every try would leave one.
            drop(std::fs::remove_dir_all(&path));
        })?;
        Ok(Run { folder, path, summary: Summary::default() })
    }

    fn end(&mut self, ended: &str) {
        let Some(run) = self.run.take() else { return };
        let summary = Summary { ended: ended.to_owned(), ..run.summary };
        match run.folder.finish(&summary) {
            Ok(()) => tracing::info!("{} messages recorded in {}", summary.messages, run.path.display()),
            Err(error) => tracing::error!("the recording in {} was not closed: {error}", run.path.display()),
        }
    }

    fn tell_health(&mut self) {
        let (level, message) = match (&self.run, &self.failed) {
            (None, None) => (DiagnosticStatus::STALE, "not recording".to_owned()),
            (None, Some((reason, _))) => (DiagnosticStatus::ERROR, format!("not recording: {reason}")),
            (Some(run), _) => (DiagnosticStatus::OK, format!("{} messages in {}", run.summary.messages, run.path.display())),
        };
        self.node.set_health(level, message);
    }
}

/// When a new recording is tried.
fn later() -> Instant {
    next_tick(None, 1.0) + RETRY
}

impl Run {
    fn write(&mut self, source: &Source, arrived: Stamp, cdr: &[u8]) -> Result<()> {
        let topic = source.stream.as_str();
        let (type_hash, definition) = schema(source.type_name).map_or((None, ""), |(hash, text)| (Some(hash), text));
        let value = InputValue { definition, type_hash, qos: source.qos, cdr, repeats: repeats(source) };
        // Only for the journal's sake; what is no reading has no stamp.
        let source_stamp = reading(source.type_name, topic, cdr).ok().and_then(|reading| reading.stamp());
        let (type_name, size_bytes) = (source.type_name, cdr.len());
        let input = Input { arrived, topic, type_name, source_stamp, size_bytes, sha256: sha256(cdr), value: Some(value) };
        self.folder.input(&input).context("cannot write a message")?;
        self.summary.messages += 1;
        self.summary.bytes += cdr.len() as u64;
        *self.summary.topics.entry(topic.to_owned()).or_default() += 1;
        Ok(())
    }
}

/// What a late joiner would be told, or could not do without, stands at the beginning of every file: of fixed transforms those of all
/// publishers, of everything else the last. A journal is no state but a story.
fn repeats(source: &Source) -> usize {
    let is_latched = source.qos.durability == Durability::TransientLocal && source.type_name != topics::JOURNAL.type_name;
    if is_latched && source.type_name == topics::TF_STATIC.type_name {
        topics::TF_STATIC.qos.depth as usize
    } else {
        usize::from(is_latched || source.type_name == topics::CAMERA_INFO.type_name)
    }
}

/// `FOLDER/SECONDS`, with a number behind it where that is taken.
fn unused(folder: &Path, stamp: Stamp) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let name = stamp.nanos().div_euclid(1_000_000_000).to_string();
    for number in 0..10_000 {
        let path = folder.join(if number == 0 { name.clone() } else { format!("{name}-{number}") });
        match std::fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("cannot make the folder {}", path.display())),
        }
    }
    anyhow::bail!("{} has ten thousand recordings of this second; move them away", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_recording_is_replaced() {
        let folder = tempfile::tempdir().expect("folder");
        let stamp = Stamp::from_ros(7, 5);
        let names: Vec<_> = (0..3).map(|_| unused(folder.path(), stamp).expect("unused").file_name().map(ToOwned::to_owned)).collect();
        assert_eq!(names, ["7", "7-1", "7-2"].map(|name| Some(name.into())));
    }

    #[test]
    fn what_lasts_is_repeated_and_journals_are_not() {
        let of =
            |topic: &Topic| repeats(&Source { stream: vedette_types::StreamId::new("/x"), type_name: topic.type_name, qos: topic.qos });
        assert_eq!([&topics::TF_STATIC, &topics::HAZARD_STATE, &topics::CAMERA_INFO].map(of), [100, 1, 1]);
        assert_eq!([&topics::JOURNAL, &topics::GUARDIAN_JOURNAL, &topics::TF, &topics::GAS].map(of), [0; 4]);
    }

    #[test]
    fn every_recorded_topic_has_a_definition_and_its_hash() {
        for topic in topics::INPUTS.iter().chain(topics::OUTPUTS) {
            let (hash, definition) = schema(topic.type_name).expect(topic.type_name);
            assert!(hash.starts_with("RIHS01_") && !definition.is_empty(), "{}", topic.type_name);
        }
    }
}
