//! `vedette_agent`: looks. In -> out: pictures and sensor streams -> assessments, detections, annotated pictures, the journal. The flow is the
//! one that replay runs ([`vedette_agent::Agent`]); the model works on a thread of its own, on the newest frame, and as much of it as the machine
//! can bear.
//! Deliberately absent: decisions. The guardian takes them; what the agent's own policy thinks stays in its journal.

mod assess;
mod calls;
mod detections;
mod health;
mod model;
mod parameters;
mod stage;

use crate::incoming::{Sources, incoming, sha256};
use crate::journal::Journal;
use crate::program::{Program, is_past, next_tick};
use crate::refused::Refused;
use anyhow::Result;
use assess::Questions;
use calls::Services;
use detections::{detections, detections_3d};
use parameters::Parameters;
use stage::{DISABLED, Said, Shown, Stage};
use std::sync::Arc;
use std::time::Instant;
use vedette_agent::Event;
use vedette_messages::topics::{self, Topic};
use vedette_messages::{sensor_msgs, to_ros, vedette_msgs, vision_msgs};
use vedette_params::{HazardCatalogue, ParamSet};
use vedette_ros::{GoalState, Node, NodeEvent, Outcome, Publisher, State, Subscription, Transition};
use vedette_trajectory::completion_line;
use vedette_types::{Assessment, Completion, JournalKind, Stamp};

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
    services: Services,
    questions: Questions,
    stage: Option<Stage>,
    /// `~/enable` said so last; it holds through every state.
    is_enabled: bool,
    /// Where steady time is counted from.
    started: Instant,
    refused: Refused,
}

struct Outputs {
    assessment: Publisher<vedette_msgs::Assessment>,
    detections: Publisher<vision_msgs::Detection2DArray>,
    detections_3d: Publisher<vision_msgs::Detection3DArray>,
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
        let out = Outputs {
            assessment: node.publisher(&topics::ASSESSMENT)?,
            detections: node.publisher(&topics::DETECTIONS)?,
            detections_3d: node.publisher(&topics::DETECTIONS_3D)?,
            annotated: node.publisher(&topics::ANNOTATED_IMAGE)?,
        };
        node.fix_parameters("fusion.camera_topics", "chooses subscriptions; set it at the start");
        let services = Services::offer(&mut node)?;
        let questions = Questions::offer(&mut node)?;
        #[expect(clippy::disallowed_methods, reason = "the border: how long the machine is under pressure is counted by the steady clock")]
        let started = Instant::now();
        let refused = Refused::default();
        Ok(Self { node, params, catalogue, sources, journal, out, services, questions, stage: None, is_enabled: true, started, refused })
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
            // Before the next message: a flood of them holds up neither ticks nor deadlines.
            if is_past(tick) {
                tick = next_tick(Some(tick), self.params.agent.tick_hz);
                self.tick();
            }
            self.take_answer();
            self.end_self_test();
            self.follow_question();
            let until = self.due().map_or(tick, |due| due.min(tick));
            match self.node.next_event(&mut self.params.sets(), until)? {
                NodeEvent::Message { subscription, cdr } => self.hear(subscription, &cdr),
                NodeEvent::TimeUp | NodeEvent::Woken => {}
                NodeEvent::Call(call) => self.serve(call),
                NodeEvent::GoalAsked(call) => self.take_goal(call),
                NodeEvent::GoalCancelled(goal) => self.cancel_goal(goal),
                NodeEvent::GoalNews(_) => {}
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

    /// When the question that is with the model will have no answer any more. Without a time nothing can be answered.
    fn due(&mut self) -> Option<Instant> {
        self.node.now()?;
        self.stage.as_ref()?.model.due()
    }

    fn tick(&mut self) {
        if let Some(stamp) = self.node.now().filter(|_| self.node.state() == State::Active) {
            self.say_owed(stamp);
            self.journal.mark(stamp, JournalKind::Tick, String::new());
            self.step(Event::Tick { stamp });
        }
        self.watch();
        self.tell_health();
    }

    /// Looks at the machine. A step is carried out in every state, and in the journal when the outputs are open.
    fn watch(&mut self) {
        let steady = Stamp::from_nanos(i64::try_from(self.started.elapsed().as_nanos()).unwrap_or(i64::MAX));
        let (state, now) = (self.node.state(), self.node.now());
        let Some(stage) = &mut self.stage else { return };
        if stage.watch(steady).is_some()
            && state == State::Active
            && let Some(now) = now
        {
            let said = stage.tell_level(now);
            self.say(said);
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
        // Every input that is used stands in the journal, in the order of use, so that a recording can be held against it.
        self.say_owed(arrived);
        self.journal.input(arrived, stream.as_str(), source_stamp, hash);
        self.step(event);
    }

    fn step(&mut self, event: Event) {
        if self.node.state() != State::Active {
            return;
        }
        if let Some(stage) = &mut self.stage {
            let said = stage.step(event);
            self.say(said);
        }
    }

    fn say_owed(&mut self, now: Stamp) {
        let said = self.stage.as_mut().map_or_else(Vec::new, |stage| stage.owed(now));
        self.say(said);
    }

    fn say(&mut self, said: Vec<Said>) {
        for one in said {
            match one {
                Said::Journal(entry) => self.journal.write(&entry),
                Said::Answered(completion) => self.write_answer(&completion),
                Said::Assessed(assessment, shown) => {
                    self.out.assessment.publish_or_log(&to_ros::assessment(&assessment));
                    let Some(shown) = shown else { continue };
                    if let Some(array) = detections(&assessment, &shown) {
                        self.out.detections.publish_or_log(&array);
                    }
                    if let Some(array) = detections_3d(&assessment, &shown) {
                        self.out.detections_3d.publish_or_log(&array);
                    }
                    show(&self.out.annotated, &shown, &assessment);
                }
            }
        }
    }

    /// What the model said, before anything is made of it.
    fn write_answer(&mut self, completion: &Completion) {
        match completion_line(completion) {
            Ok(line) => self.journal.mark(completion.arrived, JournalKind::Answer, line),
            Err(error) => tracing::error!("the journal lacks an answer: {error}"),
        }
    }

    fn take_answer(&mut self) {
        let (state, now) = (self.node.state(), self.node.now());
        if let (Some(stage), Some(now), State::Active) = (&mut self.stage, now, state) {
            let said = stage.take_answer(now);
            self.say(said);
        }
    }

    /// From now on something is asked, or nothing is and all is unknown.
    fn enable(&mut self, is_enabled: bool) {
        if std::mem::replace(&mut self.is_enabled, is_enabled) == is_enabled {
            return;
        }
        tracing::info!("{}", if is_enabled { "enabled" } else { DISABLED });
        if !is_enabled {
            self.end_question(DISABLED, GoalState::Aborted);
        }
        let (state, now) = (self.node.state(), self.node.now());
        if let Some(stage) = &mut self.stage {
            let said = stage.enable(is_enabled, now.unwrap_or_default());
            if state == State::Active {
                self.say(said);
            }
        }
    }

    fn change(&mut self, transition: Transition) -> Outcome {
        self.end_question("the agent is not active any more", GoalState::Aborted);
        match transition {
            Transition::Configure => self.build(),
            // Nothing of before counts: readings that were missed while the outputs were shut would look like silence.
            Transition::Activate => self.renew(),
            Transition::Deactivate => {
                if let Some(stage) = &mut self.stage {
                    stage.model.forget();
                }
                Outcome::Success
            }
            Transition::CleanUp | Transition::ShutDown => {
                self.stage = None;
                self.node.free_parameters("llama.");
                self.node.free_parameters("ladder.");
                Outcome::Success
            }
        }
    }

    /// Loads the model and puts the stages together.
    fn build(&mut self) -> Outcome {
        let wake = self.node.wake();
        match Stage::build(&self.params, &self.catalogue, self.is_enabled, Arc::new(move || wake.wake())) {
            Ok(stage) => {
                if !stage.model.card().is_trained {
                    tracing::warn!("the model is untrained: its verdicts mean nothing and are taken for unknown");
                }
                self.stage = Some(stage);
                self.write_state();
                self.node.fix_parameters("llama.", "is read when the node is configured; clean it up first");
                self.node.fix_parameters("ladder.", "is read when the node is configured; clean it up first");
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
        match stage.renew(&self.params, &self.catalogue) {
            Ok(()) => {
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
}

/// The camera topics: the named ones, or both forms of the default one, of which fusion takes what it hears first.
pub(crate) fn cameras(named: &[String]) -> Vec<(&str, Topic)> {
    if named.is_empty() {
        return vec![(topics::IMAGE_RAW.name, topics::IMAGE_RAW), (topics::IMAGE_COMPRESSED.name, topics::IMAGE_COMPRESSED)];
    }
    let of = |name: &'_ String| if name.ends_with("/compressed") { topics::IMAGE_COMPRESSED } else { topics::IMAGE_RAW };
    named.iter().map(|name| (name.as_str(), of(name))).collect()
}

/// The picture that was judged, with the verdict drawn into it, small enough for default receive buffers.
fn show(annotated: &Publisher<sensor_msgs::CompressedImage>, shown: &Shown, assessment: &Assessment) {
    let small = vedette_visualization::shrunk(&shown.pixels);
    let picture = vedette_visualization::annotate(&small, assessment, shown.horizontal_fov_rad);
    match vedette_visualization::jpeg(&picture) {
        Ok(data) => {
            let header = to_ros::header(shown.stamp, &shown.frame);
            annotated.publish_or_log(&sensor_msgs::CompressedImage { header, format: "jpeg".to_owned(), data });
        }
        Err(error) => tracing::warn!("no annotated picture: {error}"),
    }
}
