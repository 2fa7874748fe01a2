//! `vedette_guardian`: decides, and keeps deciding when everything else is dead. In -> out: raw gas, temperature and range readings, the
//! agent's assessments, time -> decisions, hazards, markers, and where asked for a speed limit for Nav2.
//! Deliberately absent: pictures and the model. Without an agent the thresholds still alert, and everything else is unknown.

mod markers;
mod speed_limit;

use crate::incoming::{Sources, incoming, sha256};
use crate::journal::Journal;
use crate::program::{Program, next_tick};
use crate::refused::Refused;
use anyhow::Result;
use markers::Markers;
pub use speed_limit::Nav2Params;
use speed_limit::SpeedLimiter;
use vedette_agent::Heard;
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_messages::topics::{self, Topic};
use vedette_messages::{RosMsg, from_ros, nav2_msgs, std_msgs, to_ros, vedette_msgs, visualization_msgs};
use vedette_params::{HazardCatalogue, ParamSet};
use vedette_policy::{Policy, PolicyParams};
use vedette_ros::{Node, NodeEvent, Outcome, Publisher, State, Subscription, Transition};
use vedette_types::{Decision, JournalKind, Stamp, Verdict};

vedette_params::params! {
    /// The guardian's own time.
    pub struct GuardianParams: "guardian" {
        /// Rate of the tick on which expiry is noticed.
        tick_hz: f64 = 20.0, range 1.0..=1000.0, unit "Hz";
        /// A decision that stands is published again this often, so that late joiners know it.
        repeat_secs: f64 = 1.0, range 0.05..=60.0, unit "s";
    }
}

/// What the policy knows is written into the journal this often, so that replay can begin, and after a loss go on, in the middle.
const STATE_PERIOD_SECS: f64 = 10.0;

/// The raw sensors with thresholds.
const SENSORS: [Topic; 3] = [topics::GAS, topics::TEMPERATURE, topics::RANGE];

/// Sensors that are listened to only where `policy.required_streams` names them.
const REQUIRED: [(&str, Topic); 5] =
    [("scan", topics::SCAN), ("points", topics::POINTS), ("imu", topics::IMU), ("odom", topics::ODOM), ("battery", topics::BATTERY)];

/// The node.
pub struct GuardianNode {
    node: Node,
    params: Params,
    catalogue: HazardCatalogue,
    sources: Sources,
    /// With the topic's full name.
    assessments: (Subscription, String),
    journal: Journal,
    out: Outputs,
    policy: Option<Policy>,
    limiter: SpeedLimiter,
    markers: Markers,
    refused: Refused,
    last: Option<Decision>,
    /// When the last decision was last published.
    said: Option<Stamp>,
    /// When the journal was last told what the policy knows.
    stated: Option<Stamp>,
}

#[derive(Clone, Debug, Default)]
struct Params {
    guardian: GuardianParams,
    policy: PolicyParams,
    nav2: Nav2Params,
}

impl Params {
    fn sets(&mut self) -> [&mut dyn ParamSet; 3] {
        [&mut self.guardian, &mut self.policy, &mut self.nav2]
    }
}

struct Outputs {
    decision: Publisher<vedette_msgs::Decision>,
    hazards: Publisher<vedette_msgs::HazardArray>,
    hazard_state: Publisher<vedette_msgs::HazardArray>,
    markers: Publisher<visualization_msgs::MarkerArray>,
    speed_limit: Publisher<nav2_msgs::SpeedLimit>,
}

impl GuardianNode {
    /// Name of the node.
    pub const NAME: &'static str = "vedette_guardian";

    /// The node with its topics; it decides once it is active.
    ///
    /// # Errors
    /// What could not be opened or read.
    pub fn open(program: &Program) -> Result<Self> {
        let catalogue = crate::hazards_file::load(program.hazards.as_deref())?;
        let mut params = Params::default();
        let mut node = program.open(Self::NAME, &mut params.sets())?;
        let mut sources = Sources::default();
        for topic in SENSORS {
            sources.listen(&mut node, topic.name, &topic)?;
        }
        for (_, topic) in REQUIRED.iter().filter(|(kind, _)| params.policy.required_streams.iter().any(|wanted| wanted == kind)) {
            sources.listen(&mut node, topic.name, topic)?;
        }
        let assessment = topics::ASSESSMENT;
        let assessments = node.subscribe(assessment.name, assessment.type_name, assessment.qos)?;
        let journal = Journal::open(&mut node, &topics::GUARDIAN_JOURNAL)?;
        let out = Outputs {
            decision: node.publisher(&topics::DECISION)?,
            hazards: node.publisher(&topics::HAZARDS)?,
            hazard_state: node.publisher(&topics::HAZARD_STATE)?,
            markers: node.publisher(&topics::MARKERS)?,
            speed_limit: node.publisher(&topics::SPEED_LIMIT)?,
        };
        let limiter = SpeedLimiter::new(params.nav2.clone());
        Ok(Self {
            node,
            params,
            catalogue,
            sources,
            assessments,
            journal,
            out,
            policy: None,
            limiter,
            markers: Markers::default(),
            refused: Refused::default(),
            last: None,
            said: None,
            stated: None,
        })
    }

    /// Its parameter groups with their defaults.
    pub fn parameters() -> Vec<Box<dyn ParamSet>> {
        let Params { guardian, policy, nav2 } = Params::default();
        vec![Box::new(guardian), Box::new(policy), Box::new(nav2)]
    }

    /// Runs until the process is to stop.
    ///
    /// # Errors
    /// When the node cannot wait for messages any more.
    pub fn run(mut self) -> Result<()> {
        let mut tick = next_tick(None, self.params.guardian.tick_hz);
        loop {
            match self.node.next_event(&mut self.params.sets(), tick)? {
                NodeEvent::Message { subscription, cdr } => self.hear(subscription, &cdr),
                NodeEvent::TimeUp => {
                    tick = next_tick(Some(tick), self.params.guardian.tick_hz);
                    self.tick();
                }
                NodeEvent::Transition(transition) => self.change(transition),
                NodeEvent::ParametersChanged(names) => self.take_parameters(&names),
                NodeEvent::ClockJumpedBack { by_secs } => {
                    tracing::warn!("time went back by {by_secs:.3} s: everything before is forgotten");
                    self.decide_now(Heard::ClockJump);
                    self.stated = None;
                }
                NodeEvent::Woken => {}
                NodeEvent::Over => return Ok(()),
            }
        }
    }

    fn is_active(&self) -> bool {
        self.node.state() == State::Active
    }

    fn hear(&mut self, subscription: Subscription, cdr: &[u8]) {
        if !self.is_active() {
            return;
        }
        if subscription == self.assessments.0 {
            return self.hear_assessment(cdr);
        }
        let Some(source) = self.sources.get(subscription) else { return };
        match incoming(source, cdr) {
            Ok((reading, hash)) => {
                let (stream, Some(now)) = (source.stream.clone(), self.node.now()) else { return };
                let (topic, source_stamp) = (stream.clone(), reading.stamp());
                self.decide(now, Heard::Reading(stream, reading));
                self.journal.input(now, topic.as_str(), source_stamp, hash);
            }
            Err(rejection) => self.refused.tell(source.stream.as_str(), &rejection),
        }
    }

    fn hear_assessment(&mut self, cdr: &[u8]) {
        let read = vedette_msgs::Assessment::from_cdr(cdr).map_err(Into::into).and_then(from_ros::assessment);
        match read {
            Ok(assessment) => {
                let Some(now) = self.node.now() else { return };
                let image_stamp = assessment.image_stamp;
                self.decide(now, Heard::Assessment(Box::new(assessment)));
                self.journal.input(now, &self.assessments.1, Some(image_stamp), sha256(cdr));
            }
            Err(rejection) => self.refused.tell(&self.assessments.1, &rejection),
        }
    }

    fn tick(&mut self) {
        if !self.is_active() {
            return;
        }
        if let Some(now) = self.node.now() {
            self.decide(now, Heard::Tick);
            self.repeat(now);
            if self.stated.is_none_or(|stated| !(0.0..STATE_PERIOD_SECS).contains(&now.secs_since(stated))) {
                self.state(now, true);
            }
        }
        self.tell_health();
    }

    /// What stands is said again: the decision as it was taken, and a speed limit that holds.
    fn repeat(&mut self, now: Stamp) {
        let age_secs = self.said.map(|said| now.secs_since(said));
        if let Some(last) = &self.last
            && age_secs.is_none_or(|age| age < 0.0 || age >= self.params.guardian.repeat_secs)
        {
            self.out.decision.publish_or_log(&to_ros::decision(last));
            self.said = Some(now);
        }
        if let Some(limit) = self.limiter.tick(now) {
            self.out.speed_limit.publish_or_log(&limit);
        }
    }

    fn tell_health(&mut self) {
        let (level, message) = match &self.last {
            None => (DiagnosticStatus::STALE, "no decision yet".to_owned()),
            Some(decision) => {
                let level = if decision.verdict == Verdict::Unknown { DiagnosticStatus::WARN } else { DiagnosticStatus::OK };
                (level, format!("{}, {}; {} messages refused", decision.verdict, decision.response, self.refused.total()))
            }
        };
        self.node.set_health(level, message);
    }

    /// As [`Self::decide`]. Nothing is decided before time has begun.
    fn decide_now(&mut self, heard: Heard) {
        if let Some(now) = self.node.now() {
            self.decide(now, heard);
        }
    }

    /// Tells the policy and publishes what it decided; then the journal, which must not hold an alarm up. Messages the caller writes down.
    fn decide(&mut self, now: Stamp, heard: Heard) {
        let Some(policy) = self.policy.as_mut() else { return };
        let kind = match heard {
            Heard::Tick => Some(JournalKind::Tick),
            Heard::ClockJump => Some(JournalKind::ClockJump),
            Heard::Reading(..) | Heard::Assessment(_) => None,
        };
        if let Some(decision) = heard.tell(policy, now) {
            self.publish(decision, now);
        }
        if let Some(kind) = kind {
            self.journal.mark(now, kind, String::new());
        }
    }

    /// Writes down what the policy stands on: its parameters, and what it knows where it goes on.
    fn state(&mut self, now: Stamp, goes_on: bool) {
        let memory = self.policy.as_ref().filter(|_| goes_on).map(Policy::memory);
        self.journal.state(now, &[&self.params.policy], Self::NAME, &self.catalogue, memory);
        self.stated = Some(now);
    }

    fn publish(&mut self, decision: Decision, now: Stamp) {
        let message = to_ros::decision(&decision);
        let header = std_msgs::Header { stamp: message.stamp.clone(), frame_id: String::new() };
        let hazards = vedette_msgs::HazardArray { header, hazards: message.hazards.clone() };
        self.out.decision.publish_or_log(&message);
        self.out.hazards.publish_or_log(&hazards);
        self.out.hazard_state.publish_or_log(&hazards);
        self.out.markers.publish_or_log(&self.markers.of(&decision));
        if let Some(limit) = self.limiter.decide(decision.response, now) {
            self.out.speed_limit.publish_or_log(&limit);
        }
        if self.last.as_ref().is_none_or(|last| last.response != decision.response || last.verdict != decision.verdict) {
            tracing::info!("{}, {}: {}", decision.verdict, decision.response, decision.reasons.join("; "));
        }
        (self.last, self.said) = (Some(decision), Some(now));
    }

    fn change(&mut self, transition: Transition) {
        let outcome = match transition {
            Transition::Configure => self.build(),
            Transition::Activate => self.build(),
            Transition::Deactivate => {
                self.leave();
                Outcome::Success
            }
            Transition::CleanUp | Transition::ShutDown => {
                self.leave();
                self.policy = None;
                Outcome::Success
            }
        };
        self.node.end_transition(outcome);
        if transition == Transition::Activate {
            // Unknown is said from the first moment on.
            self.decide_now(Heard::Tick);
        }
    }

    fn build(&mut self) -> Outcome {
        match Policy::new(self.params.policy.clone(), &self.catalogue) {
            Ok(policy) => {
                self.policy = Some(policy);
                let now = self.node.now().unwrap_or_default();
                self.state(now, false);
                Outcome::Success
            }
            Err(error) => {
                tracing::error!("{error}");
                Outcome::Failure
            }
        }
    }

    /// The safe action before the outputs shut: unknown is said, a limit of ours is taken back (Nav2 knows no end of one).
    fn leave(&mut self) {
        if self.last.is_none() {
            return;
        }
        // A policy that has heard nothing: unknown, with the response that was chosen for it.
        self.build();
        self.decide_now(Heard::Tick);
        if let Some(limit) = self.node.now().and_then(|now| self.limiter.release(now)) {
            self.out.speed_limit.publish_or_log(&limit);
        }
        self.last = None;
    }

    /// New thresholds mean a new policy, which knows nothing until it hears again, and says so.
    fn take_parameters(&mut self, names: &[String]) {
        if names.iter().any(|name| name.starts_with("nav2.")) {
            if let Some(limit) = self.node.now().and_then(|now| self.limiter.release(now)) {
                self.out.speed_limit.publish_or_log(&limit);
            }
            self.limiter = SpeedLimiter::new(self.params.nav2.clone());
            if let Some((response, now)) = self.last.as_ref().map(|last| last.response).zip(self.node.now())
                && let Some(limit) = self.limiter.decide(response, now)
            {
                self.out.speed_limit.publish_or_log(&limit);
            }
        }
        if self.policy.is_some()
            && names.iter().any(|name| name.starts_with("policy."))
            && self.build() == Outcome::Success
            && self.is_active()
        {
            self.decide_now(Heard::ClockJump);
        }
    }
}
