//! `vedette_agent`: looks. In -> out: pictures and sensor streams -> assessments, annotated pictures, the journal. The flow is the one that
//! replay runs ([`vedette_agent::Agent`]); the model works on a thread of its own, on the newest frame.
//! Deliberately absent: decisions. The guardian takes them; what the agent's own policy thinks stays in its journal.

mod parameters;
mod worker;

use crate::incoming::{Sources, incoming, sha256};
use crate::journal::Journal;
use crate::program::{Program, next_tick};
use crate::refused::Refused;
use anyhow::Result;
use parameters::Parameters;
use vedette_agent::{Agent, Effect, Event};
use vedette_fusion::Fusion;
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_messages::topics::{self, Topic};
use vedette_messages::{sensor_msgs, to_ros, vedette_msgs};
use vedette_params::{HazardCatalogue, ParamSet};
use vedette_policy::Policy;
use vedette_reasoning::{ChatTemplate, Reasoner};
use vedette_ros::{Node, NodeEvent, Outcome, Publisher, State, Subscription, Transition};
use vedette_trajectory::completion_line;
use vedette_types::{Assessment, FrameId, JournalKind, RgbPixels, Stamp, StreamId};
use worker::Worker;

/// Everything but pictures; those are chosen by `fusion.camera_topics`.
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

/// The node.
pub struct AgentNode {
    node: Node,
    params: Parameters,
    catalogue: HazardCatalogue,
    sources: Sources,
    journal: Journal,
    out: Outputs,
    stage: Option<Stage>,
    refused: Refused,
}

/// What is built between configure and cleanup.
struct Stage {
    agent: Agent,
    worker: Worker,
    /// The picture that is with the model.
    shown: Option<(StreamId, Stamp, RgbPixels)>,
    assessed: u64,
}

struct Outputs {
    assessment: Publisher<vedette_msgs::Assessment>,
    annotated: Publisher<sensor_msgs::CompressedImage>,
}

impl AgentNode {
    /// Name of the node.
    pub const NAME: &'static str = "vedette_agent";

    /// The node with its topics; it looks once it is active.
    ///
    /// # Errors
    /// What could not be opened or read.
    pub fn open(program: &Program) -> Result<Self> {
        let catalogue = crate::hazards_file::load(program.hazards.as_deref())?;
        let mut params = Parameters::default();
        let mut node = program.open(Self::NAME, &mut params.sets())?;
        let mut sources = Sources::default();
        for topic in SENSORS {
            sources.listen(&mut node, topic.name, &topic)?;
        }
        for (name, topic) in cameras(&params.fusion.camera_topics) {
            sources.listen(&mut node, name, &topic)?;
        }
        let journal = Journal::open(&mut node, &topics::JOURNAL)?;
        let out = Outputs { assessment: node.publisher(&topics::ASSESSMENT)?, annotated: node.publisher(&topics::ANNOTATED_IMAGE)? };
        node.fix_parameters("fusion.camera_topics", "chooses subscriptions; set it at the start");
        Ok(Self { node, params, catalogue, sources, journal, out, stage: None, refused: Refused::default() })
    }

    /// Its parameter groups with their defaults.
    pub fn parameters() -> Vec<Box<dyn ParamSet>> {
        Parameters::default().boxed()
    }

    /// Runs until the process is to stop.
    ///
    /// # Errors
    /// When the node cannot wait for messages any more.
    pub fn run(mut self) -> Result<()> {
        let mut tick = next_tick(None, self.params.agent.tick_hz);
        loop {
            match self.node.next_event(&mut self.params.sets(), tick)? {
                NodeEvent::Message { subscription, cdr } => self.hear(subscription, &cdr),
                NodeEvent::TimeUp => {
                    tick = next_tick(Some(tick), self.params.agent.tick_hz);
                    if let Some(stamp) = self.node.now().filter(|_| self.node.state() == State::Active) {
                        self.journal.mark(stamp, JournalKind::Tick, String::new());
                        self.step(Event::Tick { stamp });
                    }
                    self.tell_health();
                }
                NodeEvent::Woken => self.take_answer(),
                NodeEvent::Transition(transition) => {
                    let outcome = self.change(transition);
                    self.node.end_transition(outcome);
                }
                NodeEvent::ParametersChanged(names) => self.take_parameters(&names),
                // Fusion and policy notice it by the time of the next event.
                NodeEvent::ClockJumpedBack { by_secs } => {
                    tracing::warn!("time went back by {by_secs:.3} s: everything before is forgotten");
                }
                NodeEvent::Over => return Ok(()),
            }
        }
    }

    fn hear(&mut self, subscription: Subscription, cdr: &[u8]) {
        if self.node.state() != State::Active {
            return;
        }
        let (Some(source), Some(arrived)) = (self.sources.get(subscription), self.node.now()) else { return };
        let stream = source.stream.clone();
        let (event, source_stamp, hash) = match incoming(source, cdr) {
            Ok((reading, sha256)) => {
                let stamp = reading.stamp();
                (Event::Reading { arrived, stream: stream.clone(), reading, sha256 }, stamp, sha256)
            }
            Err(rejection) => {
                self.refused.tell(stream.as_str(), &rejection);
                (Event::Rejected { arrived, stream: stream.clone(), fault: rejection.to_string() }, None, sha256(cdr))
            }
        };
        // Every input that is used stands in the journal, so that a recording can be held against it.
        self.journal.input(arrived, stream.as_str(), source_stamp, hash);
        self.step(event);
    }

    fn step(&mut self, event: Event) {
        if self.node.state() != State::Active {
            return;
        }
        let Some(stage) = &mut self.stage else { return };
        let effects = match stage.agent.step(event) {
            Ok(effects) => effects,
            Err(error) => return tracing::error!("{error}"),
        };
        for effect in effects {
            match effect {
                Effect::Journal(entry) => self.journal.write(&entry),
                Effect::Request { request, .. } => {
                    stage.shown = Some((request.camera.clone(), request.image_stamp, request.pixels.clone()));
                    stage.worker.ask(*request);
                }
                Effect::Assessed(assessment) => {
                    stage.assessed += 1;
                    self.out.assessment.publish_or_log(&to_ros::assessment(&assessment));
                    let is_shown = |(camera, stamp, _): &(StreamId, Stamp, RgbPixels)| {
                        *camera == assessment.camera && *stamp == assessment.image_stamp
                    };
                    if let Some((_, _, pixels)) = stage.shown.take_if(|shown| is_shown(shown)) {
                        show(&self.out.annotated, &pixels, &assessment, self.params.reasoning.default_horizontal_fov_rad);
                    }
                }
                Effect::Decided(_) => {}
            }
        }
    }

    fn take_answer(&mut self) {
        let Some(stage) = &mut self.stage else { return };
        let (Some(answered), Some(now)) = (stage.worker.answered(), self.node.now()) else { return };
        let completion = answered.answer.into_completion(&answered.request, stage.worker.card(), now);
        if self.node.state() == State::Active {
            match completion_line(&completion) {
                Ok(line) => self.journal.mark(now, JournalKind::Answer, line),
                Err(error) => tracing::error!("the journal lacks an answer: {error}"),
            }
        }
        self.step(Event::Completion(Box::new(completion)));
    }

    fn change(&mut self, transition: Transition) -> Outcome {
        match transition {
            Transition::Configure => self.build(),
            // Nothing of before counts: readings that were missed while the outputs were shut would look like silence.
            Transition::Activate => self.renew(),
            Transition::Deactivate => Outcome::Success,
            Transition::CleanUp | Transition::ShutDown => {
                self.stage = None;
                self.node.free_parameters("llama.");
                Outcome::Success
            }
        }
    }

    /// Loads the model and puts the stages together.
    fn build(&mut self) -> Outcome {
        let built = Worker::start(&self.params.llama, self.node.wake()).and_then(|worker| {
            let template = ChatTemplate::new(&worker.card().chat_template)?;
            Ok(Stage { agent: agent(&self.params, &self.catalogue, template)?, worker, shown: None, assessed: 0 })
        });
        match built {
            Ok(stage) => {
                if !stage.worker.card().is_trained {
                    tracing::warn!("the model is untrained: its verdicts mean nothing and are taken for unknown");
                }
                self.stage = Some(stage);
                self.write_state();
                self.node.fix_parameters("llama.", "is read when the node is configured; clean it up first");
                Outcome::Success
            }
            Err(error) => {
                tracing::error!("{error:#}");
                Outcome::Failure
            }
        }
    }

    /// The stages anew with the present parameters; the model stays loaded. An answer under way is dropped with its question.
    fn renew(&mut self) -> Outcome {
        let Some(stage) = &mut self.stage else { return Outcome::Error };
        let renewed = ChatTemplate::new(&stage.worker.card().chat_template).map_err(Into::into);
        match renewed.and_then(|template| agent(&self.params, &self.catalogue, template)) {
            Ok(agent) => {
                stage.agent = agent;
                stage.worker.forget();
                self.write_state();
                Outcome::Success
            }
            Err(error) => {
                tracing::error!("{error:#}");
                Outcome::Failure
            }
        }
    }

    /// What the stages, which begin anew, stand on.
    fn write_state(&mut self) {
        let now = self.node.now().unwrap_or_default();
        let sets = self.params.sets();
        let sets: Vec<&dyn ParamSet> = sets.into_iter().map(|set| &*set).collect();
        self.journal.state(now, &sets, Self::NAME, &self.catalogue, None);
    }

    fn take_parameters(&mut self, names: &[String]) {
        let is_ours = |name: &String| ["agent.", "fusion.", "reasoning.", "policy."].iter().any(|prefix| name.starts_with(prefix));
        if self.stage.is_some() && names.iter().any(is_ours) {
            self.renew();
        }
    }

    fn tell_health(&mut self) {
        let (level, message) = match &self.stage {
            None => (DiagnosticStatus::STALE, "not configured".to_owned()),
            Some(stage) if !stage.worker.card().is_trained => {
                (DiagnosticStatus::WARN, format!("untrained model; {} assessed, {} messages refused", stage.assessed, self.refused.total()))
            }
            Some(stage) => (DiagnosticStatus::OK, format!("{} assessed, {} messages refused", stage.assessed, self.refused.total())),
        };
        self.node.set_health(level, message);
    }
}

fn agent(params: &Parameters, catalogue: &HazardCatalogue, template: ChatTemplate) -> Result<Agent> {
    let reasoner = Reasoner::new(params.reasoning.clone(), catalogue.clone(), template)?;
    let policy = Policy::new(params.policy.clone(), catalogue)?;
    Ok(Agent::new(Fusion::new(params.fusion.clone()), reasoner, policy))
}

/// The camera topics: the named ones, or both forms of the default one, of which fusion takes what it hears first.
fn cameras(named: &[String]) -> Vec<(&str, Topic)> {
    if named.is_empty() {
        return vec![(topics::IMAGE_RAW.name, topics::IMAGE_RAW), (topics::IMAGE_COMPRESSED.name, topics::IMAGE_COMPRESSED)];
    }
    let of = |name: &'_ String| if name.ends_with("/compressed") { topics::IMAGE_COMPRESSED } else { topics::IMAGE_RAW };
    named.iter().map(|name| (name.as_str(), of(name))).collect()
}

/// The picture that was judged, with the verdict drawn into it, small enough for default receive buffers.
fn show(annotated: &Publisher<sensor_msgs::CompressedImage>, pixels: &RgbPixels, assessment: &Assessment, fov_rad: f64) {
    let picture = vedette_visualization::annotate(&vedette_visualization::shrunk(pixels), assessment, fov_rad);
    match vedette_visualization::jpeg(&picture) {
        Ok(data) => {
            let header = to_ros::header(assessment.image_stamp, &FrameId::new(""));
            annotated.publish_or_log(&sensor_msgs::CompressedImage { header, format: "jpeg".to_owned(), data });
        }
        Err(error) => tracing::warn!("no annotated picture: {error}"),
    }
}
