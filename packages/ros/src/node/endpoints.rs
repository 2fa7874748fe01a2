//! Topics of a node. In -> out: topic constants and names as they are remapped -> publishers and subscriptions; bytes that arrived -> the
//! node's own use of them, or an event for its owner.

use super::{FIRST_ENDPOINT, Node, NodeError, NodeEvent, instant};
use crate::args::RosArgs;
use crate::backend::{DdsError, Participant, Reader, Writer};
use crate::mapping::Sample;
use crate::names::{NameError, NodeName};
use crate::node::action_client::Told;
use crate::node::action_server::Asked;
use crate::node::service::Offered;
use crate::node::services::Standard;
use rustdds::mio1::Token;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use vedette_messages::topics::{self, Qos, Topic};
use vedette_messages::{RosMsg, bond as bond_msgs, rosgraph_msgs};
use vedette_params::ParamSet;
use vedette_types::Stamp;

/// A request waits no longer for the reader of its answer. Long enough for discovery on a busy machine; after it an answer is sent all the same.
const LONGEST_HOLD: Duration = Duration::from_secs(1);

/// More requests than this do not wait.
const MOST_EARLY: usize = 64;

/// Which subscription a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subscription(pub(super) usize);

/// Something that is read.
pub(super) struct Endpoint {
    pub(super) reader: Reader,
    pub(super) role: Role,
    /// DDS said that something arrived, and it is not all taken.
    pub(super) is_ready: bool,
}

pub(super) enum Role {
    Topic,
    Clock,
    Bond,
    Standard(Standard, Arc<Writer>),
    Offered(Box<Offered>),
    /// Of an action of the owner.
    Action(usize, Asked),
    /// Of an action that the owner asks for.
    AskedAction(usize, Told),
}

/// A request that came before the reader of its answer.
pub(super) struct Early {
    endpoint: usize,
    cdr: Vec<u8>,
    sample: Sample,
    arrived: Instant,
}

/// What [`Node::take_ready`] found.
pub(super) enum Taken {
    Nothing,
    /// A message that DDS could not hand over.
    Failed,
    /// Of this endpoint.
    Sample(usize, Vec<u8>, Sample),
}

/// Sends messages of one type.
pub struct Publisher<M> {
    writer: Arc<Writer>,
    name: String,
    failures: Arc<AtomicU64>,
    message: PhantomData<fn(M)>,
}

impl<M> Clone for Publisher<M> {
    fn clone(&self) -> Self {
        Self { writer: Arc::clone(&self.writer), name: self.name.clone(), failures: Arc::clone(&self.failures), message: PhantomData }
    }
}

impl<M> Publisher<M> {
    /// The full name, as remapped.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends bytes that are such a message, with their CDR header.
    ///
    /// # Errors
    /// [`DdsError::Send`].
    pub fn publish_cdr(&self, cdr: &[u8]) -> Result<(), DdsError> {
        self.writer.send(cdr, None)
    }

    /// Sends bytes as [`Publisher::publish_cdr`] does; a failure is logged at its 1st, 2nd, 4th, 8th ... time, so that a lost network does not
    /// fill the log.
    pub fn publish_cdr_or_log(&self, cdr: &[u8]) {
        self.log_failure(self.publish_cdr(cdr));
    }

    fn log_failure(&self, sent: Result<(), DdsError>) {
        if let Err(error) = sent {
            let count = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
            if count.is_power_of_two() {
                tracing::error!("{error} (time {count})");
            }
        }
    }
}

impl<M: RosMsg> Publisher<M> {
    /// Sends one message.
    ///
    /// # Errors
    /// [`DdsError::Send`].
    pub fn publish(&self, message: &M) -> Result<(), DdsError> {
        let cdr = message.to_cdr().map_err(|error| DdsError::Send { topic: self.name.clone(), reason: error.to_string() })?;
        self.publish_cdr(&cdr)
    }

    /// Sends one message; a failure is logged as [`Publisher::publish_cdr_or_log`] does.
    pub fn publish_or_log(&self, message: &M) {
        self.log_failure(self.publish(message));
    }
}

pub(super) fn publisher<M: RosMsg>(
    participant: &mut Participant,
    node: &NodeName,
    args: &RosArgs,
    topic: &Topic,
) -> Result<Publisher<M>, NodeError> {
    if M::TYPE != topic.type_name {
        let reason = format!("it carries {} and not {}", topic.type_name, M::TYPE);
        return Err(DdsError::Open { what: topic.name.to_owned(), reason }.into());
    }
    raw_publisher(participant, node, args, topic)
}

/// The type of the messages is the caller's promise.
fn raw_publisher<M>(participant: &mut Participant, node: &NodeName, args: &RosArgs, topic: &Topic) -> Result<Publisher<M>, NodeError> {
    let name = full_name(participant, node, args, What::Topic, topic.name)?;
    let writer = participant.writer(&name, topic.type_name, topic.qos)?;
    Ok(Publisher { writer, name, failures: Arc::default(), message: PhantomData })
}

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Topic,
    Service,
    Action,
}

/// The full name that the rules of the command line make of `name`.
fn full_name(participant: &Participant, node: &NodeName, args: &RosArgs, what: What, name: &str) -> Result<String, NameError> {
    let (word, is_service) = match what {
        What::Topic => ("topic", false),
        What::Service => ("service", true),
        What::Action => ("action", true),
    };
    let full = node.resolve(word, name, &args.remaps, is_service)?;
    if participant.remaps_again() && node.resolve(word, &full, &args.remaps, is_service)? != full {
        let fault = "is renamed by one rule and again by another, and this backend follows both; write one rule to the last name";
        return Err(NameError { what: word, name: full, fault });
    }
    Ok(full)
}

impl Node {
    pub(super) fn full_name(&self, what: What, name: &str) -> Result<String, NameError> {
        full_name(&self.participant, &self.name, &self.args, what, name)
    }

    /// A publisher on `topic`, which must carry `M`.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn publisher<M: RosMsg>(&mut self, topic: &Topic) -> Result<Publisher<M>, NodeError> {
        self.is_announced = false;
        publisher(&mut self.participant, &self.name, &self.args, topic)
    }

    /// A publisher of bytes on `topic`, for messages that are encoded already.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn raw_publisher(&mut self, topic: &Topic) -> Result<Publisher<()>, NodeError> {
        self.is_announced = false;
        raw_publisher(&mut self.participant, &self.name, &self.args, topic)
    }

    /// A subscription on the topic `name` of type `type_name`, and its full name as remapped.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn subscribe(&mut self, name: &str, type_name: &str, qos: Qos) -> Result<(Subscription, String), NodeError> {
        let full = self.full_name(What::Topic, name)?;
        let number = self.listen(&full, type_name, qos, Role::Topic)?;
        Ok((Subscription(number), full))
    }

    pub(super) fn listen(&mut self, full: &str, type_name: &str, qos: Qos, role: Role) -> Result<usize, NodeError> {
        let reader = self.participant.reader(full, type_name, qos)?;
        self.add(reader, role)
    }

    pub(super) fn add(&mut self, mut reader: Reader, role: Role) -> Result<usize, NodeError> {
        let number = self.endpoints.len();
        reader.register(self.poll.registry(), Token(number + FIRST_ENDPOINT))?;
        // What arrived before it was registered woke nobody.
        self.endpoints.push(Endpoint { reader, role, is_ready: true });
        self.is_announced = false;
        Ok(number)
    }

    /// Follows `/clock` where `use_sim_time` says so.
    pub(super) fn follow_clock(&mut self) -> Result<(), NodeError> {
        if self.sim_time.use_sim_time && !self.has_clock_reader {
            let full = self.full_name(What::Topic, topics::CLOCK.name)?;
            self.listen(&full, topics::CLOCK.type_name, topics::CLOCK.qos, Role::Clock)?;
            self.has_clock_reader = true;
        }
        self.clock.simulate(self.sim_time.use_sim_time);
        Ok(())
    }

    /// Takes one message of the first endpoint that has one; true when there was one. Services and the clock come first in the list.
    pub(super) fn take_one(&mut self, sets: &mut [&mut dyn ParamSet]) -> Result<bool, NodeError> {
        if let Some(early) = self.ripe() {
            self.take_in(early.endpoint, early.cdr, early.sample, sets)?;
            return Ok(true);
        }
        match self.take_ready(|_| true) {
            Taken::Nothing => return Ok(false),
            Taken::Failed => {}
            Taken::Sample(index, cdr, sample) => {
                if self.early.len() < MOST_EARLY && self.is_early(index, sample) {
                    self.early.push_back(Early { endpoint: index, cdr, sample, arrived: instant() });
                } else {
                    self.take_in(index, cdr, sample, sets)?;
                }
            }
        }
        Ok(true)
    }

    /// The next that waits at an endpoint of a role that is asked for.
    pub(super) fn take_ready(&mut self, is_wanted: impl Fn(&Role) -> bool) -> Taken {
        for index in 0..self.endpoints.len() {
            // Turn by turn, so that a fast topic does not starve the others.
            let index = (index + self.turn) % self.endpoints.len();
            let Some(endpoint) = self.endpoints.get_mut(index).filter(|endpoint| endpoint.is_ready && is_wanted(&endpoint.role)) else {
                continue;
            };
            match endpoint.reader.take() {
                Ok(None) => endpoint.is_ready = false,
                Ok(Some((cdr, sample))) => {
                    self.turn = index + 1;
                    return Taken::Sample(index, cdr, sample);
                }
                Err(reason) => {
                    self.turn = index + 1;
                    tracing::warn!("a message was not handed over by DDS: {reason}");
                    return Taken::Failed;
                }
            }
        }
        Taken::Nothing
    }

    /// Discovery tells us of a client's two endpoints one after the other, and an answer that is sent before its reader is known goes to nobody:
    /// the client would wait for ever. rmw_fastrtps waits for the reader too, for 100 ms, but holds its thread up.
    fn is_early(&self, index: usize, sample: Sample) -> bool {
        let answers = match self.endpoints.get(index).map(|endpoint| &endpoint.role) {
            Some(Role::Standard(_, writer)) => Some(writer),
            Some(Role::Offered(offered)) => Some(offered.writer()),
            Some(&Role::Action(number, asked)) => self.answers_of(number, asked),
            _ => None,
        };
        answers.is_some_and(|writer| !self.participant.is_read_by(writer, sample.own.writer))
    }

    /// The first early request whose time has come: its client reads the answers now, or never will.
    fn ripe(&mut self) -> Option<Early> {
        let is_ripe = |early: &Early| early.arrived.elapsed() >= LONGEST_HOLD || !self.is_early(early.endpoint, early.sample);
        let index = self.early.iter().position(is_ripe)?;
        self.early.remove(index)
    }

    fn take_in(&mut self, index: usize, cdr: Vec<u8>, sample: Sample, sets: &mut [&mut dyn ParamSet]) -> Result<(), NodeError> {
        let Some(endpoint) = self.endpoints.get(index) else { return Ok(()) };
        match &endpoint.role {
            Role::Topic => self.events.push_back(NodeEvent::Message { subscription: Subscription(index), cdr }),
            Role::Clock => self.hear_clock(&cdr),
            Role::Bond => self.hear_bond(&cdr),
            Role::Standard(service, _) => {
                let service = *service;
                self.serve(service, index, &cdr, sample, sets)?;
            }
            Role::Offered(offered) => match offered.call(index, self.mapping, &cdr, sample) {
                Ok(call) => self.events.push_back(NodeEvent::Call(call)),
                Err(error) => tracing::warn!("a call got no answer: {error}"),
            },
            &Role::Action(number, asked) => self.serve_action(number, asked, &cdr, sample),
            &Role::AskedAction(number, told) => self.hear_action(number, told, &cdr, sample),
        }
        Ok(())
    }

    fn hear_clock(&mut self, cdr: &[u8]) {
        match rosgraph_msgs::Clock::from_cdr(cdr) {
            Ok(message) => {
                if let Some(by_secs) = self.clock.hear(Stamp::from_ros(message.clock.sec, message.clock.nanosec)) {
                    self.events.push_back(NodeEvent::ClockJumpedBack { by_secs });
                }
            }
            Err(error) => tracing::warn!("a message of /clock was dropped: {error}"),
        }
    }

    fn hear_bond(&mut self, cdr: &[u8]) {
        let now = self.steady_nanos();
        match (bond_msgs::Status::from_cdr(cdr), &mut self.bond) {
            (Ok(status), Some(bond)) => bond.hear(&status, now),
            (Ok(_), None) => {}
            (Err(error), _) => tracing::warn!("a message of /bond was dropped: {error}"),
        }
    }
}
