//! A managed node. In -> out: what other nodes send, calls of its services, time -> [`NodeEvent`]s for its owner, one after the other.
//! Parameters, lifecycle queries, bond, `/clock`, `/rosout`, `/parameter_events` and `/diagnostics` it serves itself.
//! Deliberately absent: threads. The owner's loop is the node's only one; what works beside it wakes it ([`Wake`]).

mod action_client;
mod action_server;
mod client;
mod endpoints;
mod health;
mod service;
mod services;

use crate::args::{ArgsError, RosArgs};
use crate::backend::{DdsError, Participant};
use crate::bond::Bond;
use crate::clock::NodeClock;
use crate::lifecycle::{Lifecycle, Outcome, State, Step, Transition, state_msg};
use crate::mapping::{Mapping, ReturnAddress};
use crate::names::{NameError, NodeName};
use crate::network::Network;
use crate::parameters::{Groups, NodeParams, SimTimeParam};
use crate::rosout::Lines;
use action_client::AskedAction;
pub use action_client::{ActionClient, GoalNews, GoalUpdate};
use action_server::OfferedAction;
pub use action_server::{ActionServer, CancelledGoal, GoalCall};
use endpoints::{Early, Endpoint, Role, Taken};
pub use endpoints::{Publisher, Subscription};
use rustdds::mio1::{Events, Poll, Token, Waker};
pub use service::{Call, Service};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vedette_messages::builtin_interfaces::Time;
use vedette_messages::diagnostic_msgs::{DiagnosticArray, DiagnosticStatus};
use vedette_messages::lifecycle_msgs::{Transition as TransitionMsg, TransitionEvent};
use vedette_messages::rcl_interfaces::{Log, Parameter, ParameterEvent};
use vedette_messages::{bond as bond_msgs, std_msgs, topics};
use vedette_params::ParamSet;
use vedette_types::Stamp;

const WAKER: Token = Token(0);
const STATUS: Token = Token(1);
/// Endpoint `i` has token `i + FIRST_ENDPOINT`.
const FIRST_ENDPOINT: usize = 2;

/// Heartbeats, log lines and the wish to stop are looked after this often.
const HOUSEKEEPING: Duration = Duration::from_millis(50);
/// At its end a node waits no longer than this until everybody has what it said last.
const LAST_WORDS: Duration = Duration::from_millis(500);
const DIAGNOSTICS_PERIOD: Duration = Duration::from_secs(1);

/// Why there is no node, or no more.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// DDS failed.
    #[error(transparent)]
    Dds(#[from] DdsError),
    /// A name that is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A wrong argument.
    #[error(transparent)]
    Args(#[from] ArgsError),
    /// A wrong parameter.
    #[error("{0}")]
    Parameter(String),
    /// The operating system failed.
    #[error("cannot wait for messages: {0}")]
    Io(#[from] std::io::Error),
}

/// What a node is made from.
pub struct Options<'a> {
    /// Its name unless the command line gives another.
    pub name: &'a str,
    /// The command line.
    pub args: &'a RosArgs,
    /// Where it is.
    pub network: Network,
    /// Ends the node when it becomes true.
    pub stop: Arc<AtomicBool>,
}

/// What wakes a node's owner.
#[derive(Debug)]
pub enum NodeEvent {
    /// A message.
    Message {
        /// Of which subscription.
        subscription: Subscription,
        /// CDR with its header, unread.
        cdr: Vec<u8>,
    },
    /// A service of the owner is asked; see [`Service::request`] and [`Node::answer`].
    Call(Call),
    /// A goal of an action of the owner is asked for; see [`ActionServer::goal`], [`Node::accept_goal`] and [`Node::reject_goal`].
    GoalAsked(GoalCall),
    /// A goal of the owner is to be given up; see [`ActionServer::cancelled`] and [`Node::end_goal`].
    GoalCancelled(CancelledGoal),
    /// Something became known of a goal that the owner asked for; see [`ActionClient::read`].
    GoalNews(GoalNews),
    /// The owner's part of a transition is due; it must call [`Node::end_transition`].
    Transition(Transition),
    /// Parameters changed; the values are in the owner's groups already.
    ParametersChanged(Vec<String>),
    /// Time went back.
    ClockJumpedBack {
        /// By how much.
        by_secs: f64,
    },
    /// A [`Wake`] was used.
    Woken,
    /// The time that was waited for.
    TimeUp,
    /// The node was to stop and has shut down.
    Over,
}

/// Wakes a node from another thread.
#[derive(Clone, Debug)]
pub struct Wake {
    waker: Arc<Waker>,
    /// A backend uses the same waker: there is one to a `Poll`.
    is_used: Arc<AtomicBool>,
}

impl Wake {
    /// Makes [`Node::next_event`] return [`NodeEvent::Woken`].
    pub fn wake(&self) {
        self.is_used.store(true, Ordering::Release);
        // It fails only when the node is gone.
        let _ = self.waker.wake();
    }
}

/// One node.
pub struct Node {
    name: NodeName,
    args: RosArgs,
    participant: Participant,
    poll: Poll,
    wake: Wake,
    endpoints: Vec<Endpoint>,
    actions: Vec<OfferedAction>,
    asked_actions: Vec<AskedAction>,
    /// Publishers of another type that were told of.
    strangers: u64,
    is_announced: bool,
    is_woken: bool,
    /// The endpoint whose turn it is.
    turn: usize,
    sim_time: SimTimeParam,
    own: NodeParams,
    fixed: Vec<(&'static str, &'static str)>,
    mapping: Mapping,
    clock: NodeClock,
    has_clock_reader: bool,
    lifecycle: Lifecycle,
    /// Whom the transition under way is to be reported to.
    caller: Option<(ReturnAddress, usize)>,
    automatic: VecDeque<Transition>,
    bond: Option<Bond>,
    lines: Lines,
    health: DiagnosticStatus,
    tasks: BTreeMap<&'static str, DiagnosticStatus>,
    events: VecDeque<NodeEvent>,
    early: VecDeque<Early>,
    stop: Arc<AtomicBool>,
    started: Instant,
    kept_house: Option<Instant>,
    diagnosed: Option<Instant>,
    out: Outputs,
}

/// What every node sends.
struct Outputs {
    rosout: Option<Publisher<Log>>,
    parameter_events: Publisher<ParameterEvent>,
    transition_events: Publisher<TransitionEvent>,
    diagnostics: Publisher<DiagnosticArray>,
    bond: Publisher<bond_msgs::Status>,
}

impl Node {
    /// Opens a node, takes the command line's parameters into `sets`, and offers its services.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn open(options: &Options<'_>, sets: &mut [&mut dyn ParamSet]) -> Result<Self, NodeError> {
        let args = options.args.clone();
        let name = args.node_name(options.name)?;
        let (mut sim_time, mut own) = (SimTimeParam::default(), NodeParams::default());
        {
            let mut all: Vec<&mut dyn ParamSet> = vec![&mut sim_time, &mut own];
            all.extend(sets.iter_mut().map(|set| &mut **set as &mut dyn ParamSet));
            Groups::new(&mut all, &[]).take_arguments(&args, &name, |file| std::fs::read_to_string(file)).map_err(NodeError::Parameter)?;
        }
        let poll = Poll::new()?;
        let wake = Wake { waker: Arc::new(Waker::new(poll.registry(), WAKER)?), is_used: Arc::default() };
        let mut participant = Participant::join(options.network, &name, &wake.waker)?;
        participant.register(poll.registry(), STATUS)?;
        let out = Outputs::open(&mut participant, &name, &args)?;
        let mapping = participant.mapping(Mapping::parse(&own.service_mapping));
        let automatic = if own.autostart { VecDeque::from([Transition::Configure, Transition::Activate]) } else { VecDeque::new() };
        let lines = Lines::of(&name.full());
        let health =
            DiagnosticStatus { level: DiagnosticStatus::OK, name: format!("{}: node", name.name()), ..DiagnosticStatus::default() };
        let mut node = Self {
            name,
            args,
            participant,
            poll,
            wake,
            endpoints: Vec::new(),
            actions: Vec::new(),
            asked_actions: Vec::new(),
            strangers: 0,
            is_announced: false,
            is_woken: false,
            turn: 0,
            sim_time,
            own,
            fixed: vec![("node.", "is fixed while the node runs; set it at the start")],
            mapping,
            clock: NodeClock::default(),
            has_clock_reader: false,
            lifecycle: Lifecycle::default(),
            caller: None,
            automatic,
            bond: None,
            lines,
            health,
            tasks: BTreeMap::new(),
            events: VecDeque::new(),
            early: VecDeque::new(),
            stop: Arc::clone(&options.stop),
            started: instant(),
            kept_house: None,
            diagnosed: None,
            out,
        };
        node.offer_services()?;
        node.follow_clock()?;
        node.participant.announce()?;
        let all = node.with_groups(sets, |groups| groups.all());
        node.tell_parameters(ParameterEvent { new_parameters: all, ..ParameterEvent::default() });
        Ok(node)
    }

    /// What it is called.
    pub fn name(&self) -> &NodeName {
        &self.name
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.lifecycle.state()
    }

    /// The node's time; `None` while simulated time has not begun.
    pub fn now(&mut self) -> Option<Stamp> {
        let (now, back) = self.clock.now(system_time());
        if let Some(by_secs) = back {
            self.events.push_back(NodeEvent::ClockJumpedBack { by_secs });
        }
        now
    }

    /// For threads that work beside the node.
    pub fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// Parameters whose names begin with `prefix` cannot be changed from now on; the reason completes "parameter `x` ...".
    pub fn fix_parameters(&mut self, prefix: &'static str, reason: &'static str) {
        self.free_parameters(prefix);
        self.fixed.push((prefix, reason));
    }

    /// They can again.
    pub fn free_parameters(&mut self, prefix: &'static str) {
        self.fixed.retain(|(known, _)| *known != prefix);
    }

    /// The next event, [`NodeEvent::TimeUp`] at `until`. Messages wait in DDS meanwhile, as many as the depth of their QoS.
    ///
    /// # Errors
    /// [`NodeError::Io`].
    pub fn next_event(&mut self, sets: &mut [&mut dyn ParamSet], until: Instant) -> Result<NodeEvent, NodeError> {
        loop {
            self.keep_house()?;
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            self.begin_automatic();
            if !self.events.is_empty() || self.take_one(sets)? {
                continue;
            }
            if std::mem::take(&mut self.is_woken) {
                return Ok(NodeEvent::Woken);
            }
            let left = until.saturating_duration_since(instant());
            if left.is_zero() {
                return Ok(NodeEvent::TimeUp);
            }
            self.wait_for_arrivals(left.min(HOUSEKEEPING))?;
        }
    }

    /// The next message of a subscription that is there or arrives within `patience`; whatever else arrives waits for [`Node::next_event`].
    /// For an owner whose end is due and who must not lose what was said before it.
    ///
    /// # Errors
    /// [`NodeError::Io`].
    pub fn next_message(&mut self, patience: Duration) -> Result<Option<(Subscription, Vec<u8>)>, NodeError> {
        let until = instant() + patience;
        loop {
            match self.take_ready(|role| matches!(role, Role::Topic)) {
                Taken::Sample(index, cdr, _) => return Ok(Some((Subscription(index), cdr))),
                Taken::Failed => continue,
                Taken::Nothing => {}
            }
            let left = until.saturating_duration_since(instant());
            if left.is_zero() {
                return Ok(None);
            }
            self.wait_for_arrivals(left)?;
        }
    }

    /// Sleeps until something arrives, `longest` at most, and marks what has.
    fn wait_for_arrivals(&mut self, longest: Duration) -> Result<(), NodeError> {
        let mut arrived = Events::with_capacity(64);
        match self.poll.poll(&mut arrived, Some(longest)) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => return Ok(()),
            result => result?,
        }
        for event in &arrived {
            match event.token() {
                WAKER => {
                    self.is_woken |= self.wake.is_used.swap(false, Ordering::Acquire);
                    self.endpoints.iter_mut().for_each(|endpoint| endpoint.is_ready |= endpoint.reader.has_arrived());
                }
                STATUS => {}
                Token(number) => {
                    if let Some(endpoint) = number.checked_sub(FIRST_ENDPOINT).and_then(|index| self.endpoints.get_mut(index)) {
                        endpoint.is_ready = true;
                    }
                }
            }
        }
        Ok(())
    }

    /// Ends the owner's part of the transition under way.
    pub fn end_transition(&mut self, outcome: Outcome) {
        let steps = self.lifecycle.end(outcome);
        self.tell_steps(&steps);
        if outcome != Outcome::Success {
            // What was planned after it makes no sense any more.
            self.automatic.clear();
        }
        match (self.lifecycle.state(), self.bond.is_some()) {
            (State::Active, false) => self.bond = Some(Bond::new(self.name.name(), self.instance_id())),
            (State::Active, true) => {}
            (_, _) => {
                let now = self.steady_nanos();
                if let Some(bond) = &mut self.bond {
                    bond.end(now);
                }
            }
        }
        if let Some((address, index)) = self.caller.take() {
            self.answer_change_state(address, index, outcome == Outcome::Success);
        }
    }

    /// A transition begins by itself: at the start, or because the process is to stop.
    fn begin_automatic(&mut self) {
        if self.stop.load(Ordering::Relaxed) {
            self.automatic.clear();
            if self.lifecycle.state() == State::Finalized {
                self.send_lines();
                if !self.participant.leave(LAST_WORDS, instant) {
                    tracing::warn!("not everybody has heard the last words within {LAST_WORDS:?}");
                }
                self.events.push_back(NodeEvent::Over);
                return;
            }
            self.automatic.push_back(Transition::ShutDown);
        }
        // A stop that was asked for while a transition is under way waits for its end.
        if self.lifecycle.state().id() <= State::Finalized.id()
            && let Some(transition) = self.automatic.pop_front()
        {
            self.begin(transition);
        }
    }

    fn begin(&mut self, transition: Transition) {
        if let Some(step) = self.lifecycle.begin(transition) {
            self.tell_steps(&[step]);
            self.events.push_back(NodeEvent::Transition(transition));
        }
    }

    fn tell_steps(&self, steps: &[Step]) {
        let timestamp = u64::try_from(system_time().nanos()).unwrap_or_default();
        for step in steps {
            let transition = TransitionMsg { id: step.id, label: step.label.to_owned() };
            let event = TransitionEvent { timestamp, transition, start_state: state_msg(step.from), goal_state: state_msg(step.to) };
            self.out.transition_events.publish_or_log(&event);
            tracing::info!("{}: {} -> {}", step.label, step.from.label(), step.to.label());
        }
    }

    fn tell_parameters(&mut self, event: ParameterEvent) {
        let stamp = self.ros_time();
        self.out.parameter_events.publish_or_log(&ParameterEvent { stamp, node: self.name.full(), ..event });
    }

    fn changed(&mut self, changed: Vec<Parameter>) -> Result<(), NodeError> {
        if changed.is_empty() {
            return Ok(());
        }
        let names = changed.iter().map(|parameter| parameter.name.clone()).collect();
        self.follow_clock()?;
        self.tell_parameters(ParameterEvent { changed_parameters: changed, ..ParameterEvent::default() });
        self.events.push_back(NodeEvent::ParametersChanged(names));
        Ok(())
    }

    fn keep_house(&mut self) -> Result<(), NodeError> {
        let now = instant();
        if self.kept_house.is_some_and(|last| now - last < HOUSEKEEPING) {
            return Ok(());
        }
        self.kept_house = Some(now);
        if !self.is_announced {
            self.participant.announce()?;
            self.is_announced = true;
        }
        self.participant.check()?;
        for line in self.participant.complaints() {
            tracing::warn!("{line}");
        }
        self.tell_strangers();
        self.keep_goals();
        self.follow_servers();
        self.keep_bond();
        self.send_lines();
        self.keep_health(now);
        Ok(())
    }

    fn keep_bond(&mut self) {
        let (now, stamp) = (self.steady_nanos(), self.ros_time());
        let Some(bond) = &mut self.bond else { return };
        let (status, is_broken) = bond.tick(now);
        if is_broken {
            tracing::warn!("the lifecycle manager fell silent; going on without it");
        }
        if bond.is_over(now) {
            self.bond = None;
        }
        if let Some(status) = status {
            let header = std_msgs::Header { stamp, ..std_msgs::Header::default() };
            self.out.bond.publish_or_log(&bond_msgs::Status { header, ..status });
        }
    }

    fn send_lines(&mut self) {
        let dropped = self.lines.dropped();
        let stamp = self.ros_time();
        while let Some(line) = self.lines.next() {
            if let Some(rosout) = &self.out.rosout {
                // A line about a line that was not sent would never end.
                let _ = rosout.publish(&Log { stamp: stamp.clone(), ..line });
            }
        }
        if dropped > 0 {
            tracing::warn!("{dropped} log lines did not reach /rosout: too many at once");
        }
    }

    fn steady_nanos(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    /// For headers: the node's time, the zero time before it has one.
    fn ros_time(&mut self) -> Time {
        let nanos = self.clock.now(system_time()).0.unwrap_or_default().nanos();
        let sec = i32::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(i32::MAX);
        Time { sec, nanosec: u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or_default() }
    }

    /// Unique among processes and starts.
    fn instance_id(&self) -> String {
        format!("{}-{}-{}", self.name.name(), std::process::id(), system_time().nanos())
    }

    fn with_groups<R>(&mut self, sets: &mut [&mut dyn ParamSet], use_them: impl FnOnce(&mut Groups<'_, '_>) -> R) -> R {
        let mut all: Vec<&mut dyn ParamSet> = vec![&mut self.sim_time, &mut self.own];
        all.extend(sets.iter_mut().map(|set| &mut **set as &mut dyn ParamSet));
        use_them(&mut Groups::new(&mut all, &self.fixed))
    }
}

impl Outputs {
    fn open(participant: &mut Participant, name: &NodeName, args: &RosArgs) -> Result<Self, NodeError> {
        let rosout = if args.is_rosout_off { None } else { Some(endpoints::publisher(participant, name, args, &topics::ROSOUT)?) };
        Ok(Self {
            rosout,
            parameter_events: endpoints::publisher(participant, name, args, &topics::PARAMETER_EVENTS)?,
            transition_events: endpoints::publisher(participant, name, args, &topics::TRANSITION_EVENT)?,
            diagnostics: endpoints::publisher(participant, name, args, &topics::DIAGNOSTICS)?,
            bond: endpoints::publisher(participant, name, args, &topics::BOND)?,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the border: waiting for messages is measured on the steady clock")]
fn instant() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the border: this is where a node's time comes from")]
fn system_time() -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Stamp::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
