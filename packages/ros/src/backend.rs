//! What a node needs of whatever carries its bytes, and nothing more. In -> out: full names and types of ROS 2, QoS, CDR bytes <-> other nodes.
//! Above it stands everything that makes a node (names, parameters, lifecycle, clock, bond, logs), once for all backends; below it one module a
//! backend: `native`, and with the feature of that name `r2r`.
//!
//! A service is what rmw_fastrtps makes of it on DDS: a request whose sample says beside the data who asks, an answer that says to what. `native`
//! sends just that, or the form of rmw_cyclonedds, as `node.service_mapping` says; `r2r` leaves the form on the wire to its middleware and
//! numbers the requests for us.
//! Deliberately absent: a trait for others to implement. The backends are a closed set.

use crate::mapping::{Identity, Mapping, Sample};
use crate::names::{NodeName, dds_service, dds_topic, dds_type};
use crate::native::{self, Guid};
use crate::network::{Backend, Network};
use rustdds::mio1::{Registry, Token, Waker};
use std::sync::Arc;
use std::time::{Duration, Instant};
use vedette_messages::topics::Qos;

/// Something that the backend did not do.
#[derive(Debug, thiserror::Error)]
pub enum DdsError {
    /// No participant, topic, reader or writer.
    #[error("cannot open {what} on DDS: {reason}")]
    Open {
        /// What was to be opened.
        what: String,
        /// What the backend said.
        reason: String,
    },
    /// A message was not sent.
    #[error("cannot send on {topic}: {reason}")]
    Send {
        /// Its topic.
        topic: String,
        /// What the backend said.
        reason: String,
    },
    /// The backend is gone, and with it everything that the node had opened.
    #[error("the connection to other nodes is lost: {reason}; start the node again")]
    Lost {
        /// What is known of it.
        reason: String,
    },
}

/// A node's place in the graph.
pub(crate) enum Participant {
    Native(Box<native::Participant>),
    #[cfg(feature = "r2r")]
    R2r(crate::r2r::Participant),
}

/// Sends bytes on one topic, or answers of one service.
pub(crate) enum Writer {
    Native(Arc<native::Writer>),
    #[cfg(feature = "r2r")]
    R2r(crate::r2r::Writer),
}

/// Takes bytes from one topic, or requests of one service.
pub(crate) enum Reader {
    Native(Box<native::Reader>),
    #[cfg(feature = "r2r")]
    R2r(crate::r2r::Reader),
}

impl Participant {
    /// Joins `network` as the node `name`. `waker` is for a backend whose readers cannot be registered; see [`Reader::has_arrived`].
    pub(crate) fn join(network: Network, name: &NodeName, waker: &Arc<Waker>) -> Result<Self, DdsError> {
        #[cfg(not(feature = "r2r"))]
        let _ = waker;
        match network.backend {
            Backend::Native => Ok(Self::Native(Box::new(native::Participant::join(network, name.namespace(), name.name())?))),
            #[cfg(feature = "r2r")]
            Backend::R2r => crate::r2r::Participant::join(network, name, waker).map(Self::R2r),
        }
    }

    /// How requests look that its readers give: as `set` where that is its own affair.
    pub(crate) fn mapping(&self, set: Mapping) -> Mapping {
        match self {
            Self::Native(_) => set,
            #[cfg(feature = "r2r")]
            Self::R2r(_) => Mapping::FastDds,
        }
    }

    /// Whether it applies the command line's remapping rules to names that are remapped already.
    pub(crate) fn remaps_again(&self) -> bool {
        match self {
            Self::Native(_) => false,
            #[cfg(feature = "r2r")]
            Self::R2r(_) => true,
        }
    }

    /// A writer of the topic `full`.
    pub(crate) fn writer(&mut self, full: &str, type_name: &str, qos: Qos) -> Result<Arc<Writer>, DdsError> {
        let writer = match self {
            Self::Native(native) => native.writer(&dds_topic(full), &dds_type(type_name), qos).map(Writer::Native),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.writer(full, type_name, qos).map(Writer::R2r),
        };
        writer.map(Arc::new)
    }

    /// A reader of the topic `full`.
    pub(crate) fn reader(&mut self, full: &str, type_name: &str, qos: Qos) -> Result<Reader, DdsError> {
        match self {
            Self::Native(native) => {
                native.reader(&dds_topic(full), &dds_type(type_name), qos).map(|reader| Reader::Native(Box::new(reader)))
            }
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.reader(full, type_name, qos).map(Reader::R2r),
        }
    }

    /// The answering side of the service `full`: its requests, and where their answers go.
    pub(crate) fn server(&mut self, full: &str, type_name: &str, qos: Qos) -> Result<(Reader, Arc<Writer>), DdsError> {
        match self {
            Self::Native(native) => {
                let (request, reply) = dds_service(full);
                let reader = native.reader(&request, &dds_type(&format!("{type_name}_Request")), qos)?;
                let writer = native.writer(&reply, &dds_type(&format!("{type_name}_Response")), qos)?;
                Ok((Reader::Native(Box::new(reader)), Arc::new(Writer::Native(writer))))
            }
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => {
                let (reader, writer) = r2r.server(full, type_name, qos)?;
                Ok((Reader::R2r(reader), Arc::new(Writer::R2r(writer))))
            }
        }
    }

    /// The asking side of the service `full`: its answers, and where requests go. The services of an action are services like others.
    pub(crate) fn client(&mut self, full: &str, type_name: &str, qos: Qos) -> Result<(Reader, Arc<Writer>), DdsError> {
        match self {
            Self::Native(native) => {
                let (request, reply) = dds_service(full);
                let reader = native.reader(&reply, &dds_type(&format!("{type_name}_Response")), qos)?;
                let writer = native.writer(&request, &dds_type(&format!("{type_name}_Request")), qos)?;
                Ok((Reader::Native(Box::new(reader)), Arc::new(Writer::Native(writer))))
            }
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => {
                let (reader, writer) = r2r.client(full, type_name, qos)?;
                Ok((Reader::R2r(reader), Arc::new(Writer::R2r(writer))))
            }
        }
    }

    /// Tells the other nodes which endpoints are ours; messages may come from now on.
    pub(crate) fn announce(&self) -> Result<(), DdsError> {
        match self {
            Self::Native(native) => native.announce(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.announce(),
        }
    }

    /// An error where the backend can do nothing more.
    pub(crate) fn check(&self) -> Result<(), DdsError> {
        match self {
            Self::Native(native) => native.check(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.check(),
        }
    }

    /// Registers for news of the participant.
    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> std::io::Result<()> {
        match self {
            Self::Native(native) => native.register(registry, token),
            #[cfg(feature = "r2r")]
            Self::R2r(_) => Ok(()),
        }
    }

    /// Follows who is there; lines about endpoints that do not come together although topic and type agree.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        match self {
            Self::Native(native) => native.complaints(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.complaints(),
        }
    }

    /// Whether answers of `writer` reach the node of the endpoint `other`, as far as is known; a middleware below `r2r` looks to that itself.
    pub(crate) fn is_read_by(&self, writer: &Writer, other: Guid) -> bool {
        match self {
            Self::Native(native) => native.is_read_by(writer.guid(), other),
            #[cfg(feature = "r2r")]
            Self::R2r(_) => true,
        }
    }

    /// Whether somebody is at the other end of our endpoint, which is one of a client where the backend is not `native`.
    pub(crate) fn has_peer(&self, own: Guid) -> bool {
        match self {
            Self::Native(native) => native.has_peer(own),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.has_server(own),
        }
    }

    /// Whether the endpoint `other`, which was at the other end of our `own`, is gone.
    pub(crate) fn is_gone(&self, own: Guid, other: Guid) -> bool {
        match self {
            Self::Native(native) => native.is_gone(own, other),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => !r2r.has_server(own),
        }
    }

    /// In words, each publisher on a topic of ours whose type we cannot take; and how many there ever were, as far as the backend tells.
    pub(crate) fn strangers(&self) -> (Vec<String>, u64) {
        match self {
            Self::Native(native) => native.strangers(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.strangers(),
        }
    }

    /// The node is over: leaves the lists of the others and waits until everybody has what was sent, all in all no longer than `longest`; false where
    /// somebody has not. A middleware below `r2r` is left to send what it has.
    pub(crate) fn leave(&self, longest: Duration, now: impl Fn() -> Instant) -> bool {
        match self {
            Self::Native(native) => native.leave(longest, now),
            #[cfg(feature = "r2r")]
            Self::R2r(_) => true,
        }
    }
}

impl Writer {
    /// Sends `cdr` (with its header), for answers with what it is related to.
    pub(crate) fn send(&self, cdr: &[u8], related: Option<Identity>) -> Result<(), DdsError> {
        match self {
            Self::Native(native) => native.send(cdr, related),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.send(cdr, related),
        }
    }

    /// As [`Self::send`]; the number that the message was given.
    pub(crate) fn send_numbered(&self, cdr: &[u8], related: Option<Identity>) -> Result<i64, DdsError> {
        match self {
            Self::Native(native) => native.send_numbered(cdr, related),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.ask(cdr),
        }
    }

    /// Its name on DDS; one that the backend made up for a client of a service, nothing for all else, where DDS is not its affair.
    pub(crate) fn guid(&self) -> Guid {
        match self {
            Self::Native(native) => native.guid(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.guid(),
        }
    }
}

impl Reader {
    /// Registers for new messages, where it can be.
    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> std::io::Result<()> {
        match self {
            Self::Native(native) => native.register(registry, token),
            #[cfg(feature = "r2r")]
            Self::R2r(_) => Ok(()),
        }
    }

    /// Its name on DDS; one that the backend made up for a client of a service, nothing for all else, where DDS is not its affair.
    pub(crate) fn guid(&self) -> Guid {
        match self {
            Self::Native(native) => native.guid(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.guid(),
        }
    }

    /// Whether a message waits of which only the waker told.
    pub(crate) fn has_arrived(&self) -> bool {
        match self {
            Self::Native(_) => false,
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => r2r.has_arrived(),
        }
    }

    /// The next message with its CDR header; `Err` is one that could not be handed over.
    pub(crate) fn take(&self) -> Result<Option<(Vec<u8>, Sample)>, String> {
        match self {
            Self::Native(native) => native.take(),
            #[cfg(feature = "r2r")]
            Self::R2r(r2r) => Ok(r2r.take()),
        }
    }
}
