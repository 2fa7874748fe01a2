//! `vedette_guardian`: decides, and keeps deciding when everything else is dead. In -> out: raw gas, temperature and range readings, the
//! agent's assessments, operators, time -> decisions, hazards, alerts, markers, and where asked for what Nav2 is told.
//! Deliberately absent: pictures and the model. Without an agent the thresholds still alert, and everything else is unknown.

mod closer_look;
mod inspection;
mod markers;
mod nav2;
mod outputs;
mod placing;
mod services;

use crate::incoming::{Sources, incoming, sha256};
use crate::journal::Journal;
use crate::program::{Program, next_tick};
use crate::refused::Refused;
use anyhow::Result;
use closer_look::Inspection;
use inspection::InspectionParams;
use nav2::Nav2;
pub use nav2::Nav2Params;
use outputs::Outputs;
use placing::PlacingParams;
use services::{Services, Wish};
use vedette_agent::Heard;
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_messages::topics::{self, Topic};
use vedette_messages::{RosMsg, from_ros, vedette_msgs};
use vedette_params::{HazardCatalogue, ParamSet};
use vedette_policy::{AlertParams, Alerts, Policy, PolicyParams};
use vedette_ros::{Call, Node, NodeEvent, Outcome, State, Subscription, Transition};
use vedette_types::{Decision, JournalKind, Reading, Stamp, Verdict};

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
    services: Services,
    out: Outputs,
    nav2: Nav2,
    inspection: Inspection,
    policy: Option<Policy>,
    alerts: Alerts,
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
    alerts: AlertParams,
    placing: PlacingParams,
    nav2: Nav2Params,
    inspection: InspectionParams,
}

impl Params {
    fn sets(&mut self) -> [&mut dyn ParamSet; 6] {
        [&mut self.guardian, &mut self.policy, &mut self.alerts, &mut self.placing, &mut self.nav2, &mut self.inspection]
    }
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
        let mut nav2 = Nav2::open(&mut node, &params.nav2, &params.placing)?;
        nav2.follow(params.inspection.enabled);
        nav2.listen(&mut node, &mut sources)?;
        let mut inspection = Inspection::new(&params.inspection);
        inspection.connect(&mut node)?;
        Ok(Self {
            out: Outputs::open(&mut node)?,
            services: Services::open(&mut node)?,
            journal: Journal::open(&mut node, &topics::GUARDIAN_JOURNAL)?,
            node,
            alerts: Alerts::new(params.alerts.clone()),
            params,
            catalogue,
            sources,
            assessments,
            nav2,
            inspection,
            policy: None,
            refused: Refused::default(),
            last: None,
            said: None,
            stated: None,
        })
    }

    /// Its parameter groups with their defaults.
    pub fn parameters() -> Vec<Box<dyn ParamSet>> {
        let Params { guardian, policy, alerts, placing, nav2, inspection } = Params::default();
        vec![Box::new(guardian), Box::new(policy), Box::new(alerts), Box::new(placing), Box::new(nav2), Box::new(inspection)]
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
                NodeEvent::ParametersChanged(names) => self.take_parameters(&names)?,
                NodeEvent::ClockJumpedBack { by_secs } => {
                    tracing::warn!("time went back by {by_secs:.3} s: everything before is forgotten");
                    self.nav2.forget();
                    self.decide_now(Heard::ClockJump);
                    self.stated = None;
                }
                NodeEvent::Call(call) => self.serve(call),
                NodeEvent::GoalNews(news) => self.hear_nav2(&news),
                NodeEvent::Woken | NodeEvent::GoalAsked(_) | NodeEvent::GoalCancelled(_) => {}
                NodeEvent::Over => return Ok(()),
            }
        }
    }

    fn is_active(&self) -> bool {
        self.node.state() == State::Active
    }

    fn hear(&mut self, subscription: Subscription, cdr: &[u8]) {
        if subscription == self.assessments.0 {
            return self.hear_assessment(cdr);
        }
        if self.nav2.is_map(subscription) {
            if let Err(fault) = self.nav2.hear_map(cdr) {
                self.refused.tell(topics::MAP.name, &fault);
            }
            return;
        }
        if self.nav2.is_limit(subscription) {
            let now = self.node.now();
            if let Err(fault) = self.nav2.hear_limit(now, cdr) {
                self.refused.tell(topics::SPEED_LIMIT.name, &fault);
            }
            return;
        }
        let Some(source) = self.sources.get(subscription) else { return };
        match incoming(source, cdr) {
            // Fixed transforms are said once: a guardian that is inactive, or whose time has not begun, has to remember them.
            Ok((Reading::Transforms(heard), _)) => {
                let now = self.node.now();
                if now.is_none() && !heard.is_static {
                    return;
                }
                if let Err(fault) = self.nav2.hear_transforms(now.unwrap_or_default(), &heard) {
                    self.refused.tell(source.stream.as_str(), &fault);
                }
            }
            Ok((reading, hash)) if self.is_active() => {
                let (stream, Some(now)) = (source.stream.clone(), self.node.now()) else { return };
                let (topic, source_stamp) = (stream.clone(), reading.stamp());
                self.decide(now, Heard::Reading(stream, reading));
                self.journal.input(now, topic.as_str(), source_stamp, hash);
            }
            Err(rejection) if self.is_active() => self.refused.tell(source.stream.as_str(), &rejection),
            Ok(_) | Err(_) => {}
        }
    }

    fn hear_assessment(&mut self, cdr: &[u8]) {
        if !self.is_active() {
            return;
        }
        let read = vedette_msgs::Assessment::from_cdr(cdr).map_err(Into::into).and_then(from_ros::assessment);
        match read {
            Ok(assessment) => {
                let Some(now) = self.node.now() else { return };
                let image_stamp = assessment.image_stamp;
                self.nav2.note(now, &assessment);
                self.decide(now, Heard::Assessment(Box::new(assessment)));
                self.journal.input(now, &self.assessments.1, Some(image_stamp), sha256(cdr));
            }
            Err(rejection) => self.refused.tell(&self.assessments.1, &rejection),
        }
    }

    /// An operator asks for something.
    fn serve(&mut self, call: Call) {
        let Some(wish) = self.services.wish(&call) else { return };
        let now = self.node.now();
        let outcome = match wish {
            Wish::Enable(is_on) => Ok(self.nav2.enable(is_on, now, self.last.as_ref())),
            Wish::Acknowledge { id, by } => match now.filter(|_| self.is_active()) {
                None => Err("the guardian is not active: activate it first".to_owned()),
                Some(now) => self.alerts.acknowledge(now, &id, &by).map_err(|error| error.to_string()).map(|()| {
                    self.follow_alerts(now);
                    self.out.list(now, &self.alerts);
                    String::new()
                }),
            },
        };
        match &outcome {
            Ok(done) => tracing::info!("an operator was answered: {done}"),
            Err(reason) => tracing::warn!("an operator was refused: {reason}"),
        }
        self.services.answer(&self.node, call, outcome);
    }

    fn tick(&mut self) {
        if !self.is_active() {
            return;
        }
        if let Some(now) = self.node.now() {
            self.decide(now, Heard::Tick);
            self.repeat(now);
            self.follow_alerts(now);
            self.nav2.tick(now, self.last.as_ref(), &self.catalogue);
            self.inspect(now);
            if self.stated.is_none_or(|stated| !(0.0..STATE_PERIOD_SECS).contains(&now.secs_since(stated))) {
                self.state(now, true);
            }
        }
        self.tell_health();
    }

    /// The decision that stands is said again as it was taken.
    fn repeat(&mut self, now: Stamp) {
        let age_secs = self.said.map(|said| now.secs_since(said));
        if let Some(last) = &self.last
            && age_secs.is_none_or(|age| age < 0.0 || age >= self.params.guardian.repeat_secs)
        {
            self.out.repeat(last);
            self.said = Some(now);
        }
    }

    fn follow_alerts(&mut self, now: Stamp) {
        if let Some(policy) = &self.policy
            && self.alerts.update(now, policy)
        {
            self.out.list(now, &self.alerts);
        }
    }

    fn tell_health(&mut self) {
        let (level, message) = match &self.last {
            None => (DiagnosticStatus::STALE, "no decision yet".to_owned()),
            Some(decision) => {
                let complaint = self.nav2.complaint();
                let is_well = decision.verdict != Verdict::Unknown && complaint.is_none();
                let level = if is_well { DiagnosticStatus::OK } else { DiagnosticStatus::WARN };
                let said = format!("{}, {}; {} messages refused", decision.verdict, decision.response, self.refused.total());
                (level, std::iter::once(said).chain(complaint).collect::<Vec<_>>().join("; "))
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
        self.out.decide(&decision);
        self.follow_alerts(now);
        self.nav2.decide(now, &decision, &self.catalogue);
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
            // Unknown is said from the first moment on, and the list of alerts replaces that of an earlier life.
            self.decide_now(Heard::Tick);
            if let Some(now) = self.node.now() {
                self.out.list(now, &self.alerts);
            }
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

    /// The safe action before the outputs shut: unknown is said, what Nav2 was told is taken back (it knows no end of a limit or a mask).
    fn leave(&mut self) {
        self.end_inspection();
        if self.last.is_none() {
            return;
        }
        // A policy that has heard nothing: unknown, with the response that was chosen for it.
        self.build();
        self.decide_now(Heard::Tick);
        if let Some(now) = self.node.now() {
            self.nav2.leave(now);
        }
        self.last = None;
    }

    /// New thresholds mean a new policy, which knows nothing until it hears again, and says so.
    fn take_parameters(&mut self, names: &[String]) -> Result<()> {
        let is_changed = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));
        if is_changed("alerts.") {
            self.alerts.set_params(self.params.alerts.clone());
        }
        if is_changed("inspection.") {
            self.inspection.set_params(&self.params.inspection);
            self.inspection.connect(&mut self.node)?;
            self.nav2.follow(self.params.inspection.enabled);
            self.nav2.listen(&mut self.node, &mut self.sources)?;
        }
        if is_changed("nav2.") || is_changed("placing.") {
            let now = self.node.now();
            self.nav2.set_params(&self.params.nav2, &self.params.placing, now, self.last.as_ref());
            self.nav2.listen(&mut self.node, &mut self.sources)?;
        }
        if self.policy.is_some() && is_changed("policy.") && self.build() == Outcome::Success && self.is_active() {
            self.decide_now(Heard::ClockJump);
        }
        Ok(())
    }
}
