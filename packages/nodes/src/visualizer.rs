//! `vedette_visualizer`: shows. In -> out: every topic that goes in and comes out -> a live rerun recording: rotating files and, where an address
//! is given, a viewer. The drawing is that of replay ([`RrdWriter`]), the robot's pose is [`Fusion`]'s.
//!
//! It never waits for a disk or a viewer, and nobody waits for it: the newest picture wins, what is too much is left out and counted.
//! Deliberately absent: judgement, and anything that another node listens to.

mod memory;
mod params;

use crate::agent::cameras;
use crate::incoming::{Source, Sources, incoming};
use crate::program::{Program, next_tick};
use crate::refused::Refused;
use anyhow::Result;
use memory::Memory;
pub use params::VisualizerParams;
use std::time::Duration;
use vedette_fusion::{Fusion, FusionParams, Look};
use vedette_messages::diagnostic_msgs::{DiagnosticArray, DiagnosticStatus};
use vedette_messages::topics::{self, Topic};
use vedette_messages::{Rejection, RosMsg, from_ros, nav_msgs, vedette_msgs};
use vedette_params::ParamSet;
use vedette_ros::{Node, NodeEvent, Outcome, State, Subscription, Transition};
use vedette_types::{Reading, Sha256, Stamp};
use vedette_visualization::{Health, Live, LiveReport, RrdError, RrdWriter, WorldMap};

/// Everything that becomes a reading, but pictures; those are chosen by `fusion.camera_topics`.
const SENSORS: [Topic; 11] = [
    topics::CAMERA_INFO,
    topics::SCAN,
    topics::POINTS,
    topics::RANGE,
    topics::IMU,
    topics::ODOM,
    topics::TEMPERATURE,
    topics::BATTERY,
    topics::GAS,
    topics::TF,
    topics::TF_STATIC,
];

/// What is drawn beside readings.
const SHOWN: [(Shown, Topic); 5] = [
    (Shown::Assessment, topics::ASSESSMENT),
    (Shown::Decision, topics::DECISION),
    (Shown::Alerts, topics::ALERTS),
    (Shown::Diagnostics, topics::DIAGNOSTICS),
    (Shown::Map, topics::MAP),
];

/// Memory is looked at this often, seconds.
const MEMORY_SECS: f64 = 2.0;

/// How long the end of a recording may take.
const LAST_WRITES: Duration = Duration::from_secs(3);

/// A kind of message that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Assessment,
    Decision,
    Alerts,
    Diagnostics,
    Map,
}

/// The node.
pub struct VisualizerNode {
    node: Node,
    params: Params,
    sources: Sources,
    shown: Vec<(Subscription, Shown)>,
    run: Option<Run>,
    refused: Refused,
}

#[derive(Clone, Debug, Default)]
struct Params {
    visualizer: VisualizerParams,
    fusion: FusionParams,
}

impl Params {
    fn sets(&mut self) -> [&mut dyn ParamSet; 2] {
        [&mut self.visualizer, &mut self.fusion]
    }
}

/// A recording under way.
struct Run {
    writer: RrdWriter,
    live: Live,
    fusion: Fusion,
    memory: Memory,
    measured: Option<Stamp>,
    /// The faults that were said in the log.
    faults: Vec<Option<String>>,
}

impl VisualizerNode {
    /// Name of the node.
    pub const NAME: &'static str = "vedette_visualizer";

    /// The node with its topics; it draws once it is active.
    ///
    /// # Errors
    /// What could not be opened.
    pub fn open(program: &Program) -> Result<Self> {
        let mut params = Params::default();
        let mut node = program.open(Self::NAME, &mut params.sets())?;
        let mut sources = Sources::default();
        for topic in SENSORS {
            sources.listen(&mut node, topic.name, &topic)?;
        }
        for (name, topic) in cameras(&params.fusion.camera_topics) {
            sources.listen(&mut node, name, &topic)?;
        }
        let mut shown = Vec::new();
        for (kind, topic) in SHOWN {
            let (subscription, _) = node.subscribe(topic.name, topic.type_name, topic.qos)?;
            shown.push((subscription, kind));
        }
        node.fix_parameters("fusion.camera_topics", "chooses subscriptions; set it at the start");
        Ok(Self { node, params, sources, shown, run: None, refused: Refused::default() })
    }

    /// Its parameter groups with their defaults.
    pub fn parameters() -> Vec<Box<dyn ParamSet>> {
        let Params { visualizer, fusion } = Params::default();
        vec![Box::new(visualizer), Box::new(fusion)]
    }

    /// Runs until the process is to stop.
    ///
    /// # Errors
    /// When the node cannot wait for messages any more.
    pub fn run(mut self) -> Result<()> {
        let mut tick = next_tick(None, self.params.visualizer.picture_hz);
        loop {
            match self.node.next_event(&mut self.params.sets(), tick)? {
                NodeEvent::Message { subscription, cdr } => self.hear(subscription, &cdr),
                NodeEvent::TimeUp => {
                    tick = next_tick(Some(tick), self.params.visualizer.picture_hz);
                    self.tick();
                }
                NodeEvent::Transition(transition) => {
                    let outcome = self.change(transition);
                    self.node.end_transition(outcome);
                }
                NodeEvent::ClockJumpedBack { by_secs } => tracing::warn!("time went back by {by_secs:.3} s: the recording goes on"),
                NodeEvent::ParametersChanged(_) | NodeEvent::Woken | NodeEvent::Call(_) => {}
                NodeEvent::GoalAsked(_) | NodeEvent::GoalCancelled(_) | NodeEvent::GoalNews(_) => {}
                NodeEvent::Over => return Ok(()),
            }
        }
    }

    fn hear(&mut self, subscription: Subscription, cdr: &[u8]) {
        if self.node.state() != State::Active {
            return;
        }
        let Some(now) = self.node.now() else { return };
        let Some(run) = &mut self.run else { return };
        let (drawn, topic) = if let Some(source) = self.sources.get(subscription) {
            let read = incoming(source, cdr);
            (read.map(|(reading, hash)| run.reading(now, source, reading, hash)), source.stream.as_str().to_owned())
        } else if let Some((_, kind)) = self.shown.iter().find(|(known, _)| *known == subscription) {
            (run.show(now, *kind, cdr), format!("{kind:?}").to_lowercase())
        } else {
            return;
        };
        match drawn {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!("{error}"),
            Err(rejection) => self.refused.tell(&topic, &rejection),
        }
    }

    fn tick(&mut self) {
        if let (Some(now), Some(run)) = (self.node.now(), &mut self.run)
            && let Err(error) = run.tick(now)
        {
            tracing::error!("{error}");
        }
        let (level, message) = self.run.as_mut().map_or((DiagnosticStatus::STALE, "not drawing".to_owned()), Run::health);
        self.node.set_health(level, message);
    }

    fn change(&mut self, transition: Transition) -> Outcome {
        match transition {
            Transition::Configure => Outcome::Success,
            Transition::Activate => match self.begin() {
                Ok(run) => {
                    self.run = Some(run);
                    Outcome::Success
                }
                Err(error) => {
                    tracing::error!("{error:#}");
                    Outcome::Failure
                }
            },
            Transition::Deactivate | Transition::CleanUp | Transition::ShutDown => {
                self.end();
                Outcome::Success
            }
        }
    }

    fn begin(&mut self) -> Result<Run> {
        let options = self.params.visualizer.options();
        if options.folder.is_none() && options.viewer.is_none() {
            anyhow::bail!("there is nowhere to draw to: set visualizer.folder, visualizer.viewer or both");
        }
        let began_secs = self.node.now().unwrap_or_default().nanos().div_euclid(1_000_000_000);
        let name = format!("{}-{began_secs}", self.node.name().name());
        let (writer, live) = RrdWriter::live(&name, &options)?;
        // Every picture that is asked for is drawn; how often it is asked is ours.
        let fusion = Fusion::new(FusionParams { gate_enabled: false, ..self.params.fusion.clone() });
        let faults = live.reports().iter().map(|_| None).collect();
        Ok(Run { writer, live, fusion, memory: Memory::of_this_machine(), measured: None, faults })
    }

    fn end(&mut self) {
        let Some(run) = self.run.take() else { return };
        if let Err(error) = run.writer.finish() {
            tracing::error!("{error}");
        }
        if !run.live.finish(LAST_WRITES) {
            tracing::warn!("the end of the recording is lost: the disk or the viewer did not take it in time");
        }
    }
}

impl Run {
    fn reading(&mut self, now: Stamp, source: &Source, reading: Reading, hash: Sha256) -> Result<(), RrdError> {
        let drawn = self.writer.reading(now, &source.stream, &reading);
        // What fusion refuses (too many streams, broken transform trees) is the agent's to say.
        let _ = self.fusion.insert(now, &source.stream, reading, hash);
        drawn
    }

    fn show(&mut self, now: Stamp, kind: Shown, cdr: &[u8]) -> Result<Result<(), RrdError>, Rejection> {
        Ok(match kind {
            Shown::Assessment => self.writer.assessment(&from_ros::assessment(vedette_msgs::Assessment::from_cdr(cdr)?)?),
            Shown::Decision => self.writer.decision(&from_ros::decision(vedette_msgs::Decision::from_cdr(cdr)?)?),
            Shown::Alerts => self.writer.alerts(now, &from_ros::alerts(vedette_msgs::AlertArray::from_cdr(cdr)?)?),
            Shown::Diagnostics => {
                let message = DiagnosticArray::from_cdr(cdr)?;
                message.status.iter().try_for_each(|status| self.writer.health(now, &status.name, health(status.level), &status.message))
            }
            Shown::Map => {
                let map = from_ros::grid_map(&nav_msgs::OccupancyGrid::from_cdr(cdr)?)?;
                self.writer.map(&WorldMap::of(&map))
            }
        })
    }

    fn tick(&mut self, now: Stamp) -> Result<(), RrdError> {
        loop {
            match self.fusion.look(now) {
                Look::Ready { observation, .. } => self.writer.frame(now, &observation)?,
                Look::Nothing => break,
                Look::Skipped { .. } | Look::Undecodable { .. } | Look::Stale { .. } => {}
            }
        }
        if self.measured.is_none_or(|last| !(0.0..MEMORY_SECS).contains(&now.secs_since(last))) {
            self.measured = Some(now);
            for (process, bytes) in self.memory.resident() {
                self.writer.memory(now, &process, bytes)?;
            }
            if let Some(bytes) = self.memory.available() {
                self.writer.available_memory(now, bytes)?;
            }
        }
        self.writer.flush(now)
    }

    /// For `/diagnostics`; a fault is a line in the log as well when it begins.
    fn health(&mut self) -> (u8, String) {
        let reports = self.live.reports();
        for (report, said) in reports.iter().zip(&mut self.faults) {
            match &report.fault {
                Some(fault) if said.is_none() => tracing::warn!("{fault}; going on without it"),
                None if said.is_some() => tracing::info!("{}: it works again", report.to),
                _ => {}
            }
            said.clone_from(&report.fault);
        }
        (level(&reports), reports.iter().map(words).collect::<Vec<_>>().join("; "))
    }
}

fn level(reports: &[LiveReport]) -> u8 {
    if reports.iter().any(|report| report.fault.is_some()) { DiagnosticStatus::WARN } else { DiagnosticStatus::OK }
}

fn words(report: &LiveReport) -> String {
    match &report.fault {
        Some(fault) => format!("{fault}, {} chunks left out", report.dropped),
        None => format!("{}, {} messages, {} chunks left out", report.to, report.sent, report.dropped),
    }
}

/// As `/diagnostics` numbers it; a number that is none is an error.
fn health(level: u8) -> Health {
    Health::ALL.get(usize::from(level)).copied().unwrap_or(Health::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_warning_and_says_what_was_left_out() {
        let fine = LiveReport { to: "live-000001.rrd".into(), fault: None, sent: 7, dropped: 0 };
        let absent = LiveReport { fault: Some("no viewer at 127.0.0.1:1: refused".into()), dropped: 3, ..fine.clone() };
        assert_eq!(
            (level(std::slice::from_ref(&fine)), level(&[fine.clone(), absent.clone()])),
            (DiagnosticStatus::OK, DiagnosticStatus::WARN)
        );
        assert_eq!(words(&fine), "live-000001.rrd, 7 messages, 0 chunks left out");
        assert_eq!(words(&absent), "no viewer at 127.0.0.1:1: refused, 3 chunks left out");
        assert_eq!(
            (health(DiagnosticStatus::OK), health(DiagnosticStatus::STALE), health(200)),
            (Health::Ok, Health::Stale, Health::Error)
        );
    }
}
