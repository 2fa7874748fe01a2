//! The `r2r` backend: the installed ROS 2, whatever its middleware (`RMW_IMPLEMENTATION`). In -> out: names, types, QoS and CDR bytes <-> topics,
//! requests and answers of services.
//!
//! Of r2r it takes raw topics and typed services. Everything that r2r would do beside that (parameters, clock, time, log lines) it is never
//! asked to: the node does it, as on the other backend. What a type looks like to C comes from r2r's build, so only types of the packages that
//! were sourced then can be opened.
//!
//! Traps: r2r has one context a process, made from the process's own arguments and environment; its queues hold ten messages and keep the
//! oldest, so they are emptied after every spin into ours, which keep the newest.

mod qos;
mod services;
mod spinner;

use crate::backend::DdsError;
use crate::mapping::{Identity, Sample};
use crate::names::NodeName;
use crate::network::Network;
use ::r2r::{Context, PublisherUntyped};
use qos::profile;
use rustdds::mio1::Waker;
use services::Answers;
use spinner::{Inbox, Spinner, Topic};
use std::sync::{Arc, Mutex, PoisonError};
use vedette_messages::topics::Qos;

/// One node of rcl, on a thread of its own.
pub(crate) struct Participant {
    spinner: Spinner,
}

/// Sends bytes on one topic, or answers of one service.
pub(crate) struct Writer {
    name: String,
    way: Way,
}

enum Way {
    /// rcl may publish from any thread, but says nothing of two at once.
    Topic(Mutex<PublisherUntyped>),
    Answers(Arc<dyn Answers>),
}

/// What arrived on one topic, or at one service.
pub(crate) struct Reader(Arc<Inbox>);

impl Participant {
    /// Joins the network of the environment, which must be `network`, as the node `name`.
    pub(crate) fn join(network: Network, name: &NodeName, waker: &Arc<Waker>) -> Result<Self, DdsError> {
        let what = || format!("node {}", name.full());
        refuse_other(network).map_err(|reason| DdsError::Open { what: what(), reason })?;
        // r2r panics where rcl refuses the process's arguments or finds no middleware.
        let context = std::panic::catch_unwind(Context::create)
            .map_err(|_| DdsError::Open { what: what(), reason: "rcl_init failed; is a ROS 2 sourced, with its middleware?".to_owned() })?
            .map_err(|error| DdsError::Open { what: what(), reason: error.to_string() })?;
        let node = ::r2r::Node::create(context, name.name(), name.namespace());
        let node = node.map_err(|error| DdsError::Open { what: what(), reason: error.to_string() })?;
        Ok(Self { spinner: Spinner::start(node, name.name(), Arc::clone(waker))? })
    }

    pub(crate) fn writer(&self, full: &str, type_name: &str, qos: Qos) -> Result<Writer, DdsError> {
        let (name, type_name) = (full.to_owned(), type_name.to_owned());
        let publisher =
            self.spinner.open(full, move |node, _| node.create_publisher_untyped(&name, &type_name, profile(qos)).map_err(said))?;
        Ok(Writer { name: full.to_owned(), way: Way::Topic(Mutex::new(publisher)) })
    }

    pub(crate) fn reader(&self, full: &str, type_name: &str, qos: Qos) -> Result<Reader, DdsError> {
        let (name, type_name) = (full.to_owned(), type_name.to_owned());
        self.spinner.open(full, move |node, taps| {
            let stream = node.subscribe_raw(&name, &type_name, profile(qos)).map_err(said)?;
            let inbox = Inbox::new(qos.depth);
            taps.push(Box::new(Topic::new(name, qos, stream, Arc::clone(&inbox))));
            Ok(Reader(inbox))
        })
    }

    pub(crate) fn server(&self, full: &str, type_name: &str, qos: Qos) -> Result<(Reader, Writer), DdsError> {
        let (name, type_name) = (full.to_owned(), type_name.to_owned());
        self.spinner.open(full, move |node, taps| {
            let (tap, inbox, answers) = services::offer(&type_name, node, &name, qos)?;
            taps.push(tap);
            Ok((Reader(inbox), Writer { name, way: Way::Answers(answers) }))
        })
    }

    pub(crate) fn announce(&self) -> Result<(), DdsError> {
        self.spinner.begin()
    }

    pub(crate) fn check(&self) -> Result<(), DdsError> {
        self.spinner.check()
    }

    pub(crate) fn complaints(&self) -> Vec<String> {
        self.spinner.complaints()
    }
}

impl Writer {
    pub(crate) fn send(&self, cdr: &[u8], related: Option<Identity>) -> Result<(), DdsError> {
        let sent = match &self.way {
            Way::Topic(publisher) => publisher.lock().unwrap_or_else(PoisonError::into_inner).publish_raw(cdr).map_err(said),
            Way::Answers(answers) => answers.answer(related.map(|identity| identity.sequence), cdr),
        };
        sent.map_err(|reason| DdsError::Send { topic: self.name.clone(), reason })
    }
}

impl Reader {
    pub(crate) fn has_arrived(&self) -> bool {
        !self.0.is_empty()
    }

    pub(crate) fn take(&self) -> Option<(Vec<u8>, Sample)> {
        self.0.take()
    }
}

/// Domain and range are read from the environment by rcl itself: a node that was told others would silently be elsewhere.
fn refuse_other(network: Network) -> Result<(), String> {
    #[expect(clippy::disallowed_methods, reason = "rcl reads the same variables")]
    let theirs = Network::from_environment(|name| std::env::var(name).ok()).map_err(|error| error.to_string())?;
    if (theirs.domain, theirs.is_loopback_only) == (network.domain, network.is_loopback_only) {
        return Ok(());
    }
    Err(format!(
        "the environment puts rcl in domain {} ({}), the node is to be in domain {} ({}); set ROS_DOMAIN_ID and ROS_AUTOMATIC_DISCOVERY_RANGE",
        theirs.domain,
        range(theirs),
        network.domain,
        range(network)
    ))
}

fn range(network: Network) -> &'static str {
    if network.is_loopback_only { "this machine only" } else { "the network" }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn said(error: ::r2r::Error) -> String {
    error.to_string()
}
