//! The `r2r` backend: the installed ROS 2, whatever its middleware (`RMW_IMPLEMENTATION`). In -> out: names, types, QoS and CDR bytes <-> topics,
//! requests and answers of services, those of actions among them.
//!
//! Of r2r it takes raw topics and typed services. Everything that r2r would do beside that (parameters, clock, time, log lines, the states of an
//! action's goals) it is never asked to: the node does it, as on the other backend. What a type looks like to C comes from r2r's build, so only types of the packages that
//! were sourced then can be opened.
//!
//! Traps: r2r has one context a process, made from the process's own arguments and environment; its queues hold ten messages and keep the
//! oldest, so they are emptied after every spin into ours, which keep the newest.

mod clients;
mod qos;
mod services;
mod spinner;
mod topics;
mod types;

use crate::backend::DdsError;
use crate::mapping::{Identity, Sample};
use crate::names::NodeName;
use crate::native::Guid;
use crate::network::Network;
use ::r2r::Context;
use clients::Asking;
use rustdds::mio1::Waker;
use services::Answers;
use spinner::{Inbox, Spinner};
use std::collections::BTreeMap;
use std::sync::Arc;
use topics::{Publish, Topic};
use vedette_messages::topics::Qos;

/// One node of rcl, on a thread of its own.
pub(crate) struct Participant {
    spinner: Spinner,
    /// Clients by their name.
    clients: BTreeMap<Guid, Arc<Asking>>,
}

/// Sends bytes on one topic, answers of one service, or requests to one.
pub(crate) struct Writer {
    name: String,
    way: Way,
}

enum Way {
    Topic(Publish),
    Answers(Arc<dyn Answers>),
    Requests(Arc<Asking>),
}

/// What arrived on one topic, at one service, or of one.
pub(crate) struct Reader {
    inbox: Arc<Inbox>,
    /// Of a client.
    own: Guid,
}

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
        Ok(Self { spinner: Spinner::start(node, name.name(), Arc::clone(waker))?, clients: BTreeMap::new() })
    }

    pub(crate) fn writer(&self, full: &str, type_name: &str, qos: Qos) -> Result<Writer, DdsError> {
        let topic = Topic::new(full, type_name, qos);
        let publish = self.spinner.open(full, move |node, _| topic.publish(node))?;
        Ok(Writer { name: full.to_owned(), way: Way::Topic(publish) })
    }

    pub(crate) fn reader(&self, full: &str, type_name: &str, qos: Qos) -> Result<Reader, DdsError> {
        let topic = Topic::new(full, type_name, qos);
        let inbox = self.spinner.open(full, move |node, taps| {
            let (tap, inbox) = topic.listen(node)?;
            taps.push(tap);
            Ok(inbox)
        })?;
        self.spinner.strangers().listen(full, type_name);
        Ok(Reader { inbox, own: Guid::default() })
    }

    pub(crate) fn server(&self, full: &str, type_name: &str, qos: Qos) -> Result<(Reader, Writer), DdsError> {
        let (name, type_name) = (full.to_owned(), type_name.to_owned());
        self.spinner.open(full, move |node, taps| {
            let (tap, inbox, answers) = (types::service(&type_name)?.offer)(node, &name, qos)?;
            taps.push(tap);
            Ok((Reader { inbox, own: Guid::default() }, Writer { name, way: Way::Answers(answers) }))
        })
    }

    pub(crate) fn client(&mut self, full: &str, type_name: &str, qos: Qos) -> Result<(Reader, Writer), DdsError> {
        let (name, type_name) = (full.to_owned(), type_name.to_owned());
        let (inbox, asking) = self.spinner.open(full, move |node, taps| {
            let (tap, inbox, asking) = (types::service(&type_name)?.ask)(node, &name, qos)?;
            taps.push(tap);
            Ok((inbox, asking))
        })?;
        self.clients.insert(asking.own(), Arc::clone(&asking));
        let own = asking.own();
        Ok((Reader { inbox, own }, Writer { name: full.to_owned(), way: Way::Requests(asking) }))
    }

    /// Whether the client `own` has a server, as far as was seen in the last half second.
    pub(crate) fn has_server(&self, own: Guid) -> bool {
        self.clients.get(&own).is_some_and(|asking| asking.has_server())
    }

    /// In words, each publisher on a topic of ours whose type we cannot take; and how many there ever were.
    pub(crate) fn strangers(&self) -> (Vec<String>, u64) {
        self.spinner.strangers().told()
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
            Way::Topic(publish) => publish(cdr),
            Way::Answers(answers) => answers.answer(related.map(|identity| identity.sequence), cdr),
            Way::Requests(asking) => asking.ask(cdr).map(drop),
        };
        sent.map_err(|reason| self.unsent(reason))
    }

    /// Asks; the number of the request.
    pub(crate) fn ask(&self, cdr: &[u8]) -> Result<i64, DdsError> {
        match &self.way {
            Way::Requests(asking) => asking.ask(cdr).map_err(|reason| self.unsent(reason)),
            Way::Topic(_) | Way::Answers(_) => Err(self.unsent("only clients number what they send".to_owned())),
        }
    }

    fn unsent(&self, reason: String) -> DdsError {
        DdsError::Send { topic: self.name.clone(), reason }
    }

    pub(crate) fn guid(&self) -> Guid {
        match &self.way {
            Way::Requests(asking) => asking.own(),
            Way::Topic(_) | Way::Answers(_) => Guid::default(),
        }
    }
}

impl Reader {
    pub(crate) const fn guid(&self) -> Guid {
        self.own
    }

    pub(crate) fn has_arrived(&self) -> bool {
        !self.inbox.is_empty()
    }

    pub(crate) fn take(&self) -> Option<(Vec<u8>, Sample)> {
        self.inbox.take()
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
