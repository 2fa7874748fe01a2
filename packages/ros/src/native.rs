//! The `native` backend: one DDS participant over RustDDS, with no ROS installed. In -> out: names, types, QoS and CDR bytes <-> topics.
//! It knows nothing of parameters, lifecycle or nodes beyond the table that tells other nodes which endpoints are whose
//! (`ros_discovery_info`, <https://design.ros2.org/articles/Node_to_Participant_mapping.html>).
//!
//! RustDDS is used directly and not through ros2-client: bytes go through unread, and the services of a node take the mapping they are told.

mod adapter;
mod qos;

use crate::mapping::{Identity, Sample};
use adapter::{Cdr, CdrAdapter};
use qos::policies;
use rustdds::mio1::{Interest, Registry, Token};
use rustdds::no_key::{DataWriter, SimpleDataReader};
use rustdds::{
    DomainParticipant, DomainParticipantBuilder, DomainParticipantStatusEvent, DomainParticipantStatusListener, GUID, RTPSEntity as _,
    SampleIdentity, SequenceNumber, StatusEvented as _, TopicKind, WriteOptionsBuilder,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use vedette_messages::RosMsg as _;
use vedette_messages::rmw_dds_common::{Gid, NodeEntitiesInfo, ParticipantEntitiesInfo};
use vedette_messages::topics::Qos;

/// Something that DDS did not do.
#[derive(Debug, thiserror::Error)]
pub enum DdsError {
    /// No participant, topic, reader or writer.
    #[error("cannot open {what} on DDS: {reason}")]
    Open {
        /// What was to be opened.
        what: String,
        /// What RustDDS said.
        reason: String,
    },
    /// A message was not sent.
    #[error("cannot send on {topic}: {reason}")]
    Send {
        /// DDS topic.
        topic: String,
        /// What RustDDS said.
        reason: String,
    },
}

/// Which network a participant is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// `ROS_DOMAIN_ID`
    pub domain: u16,
    /// Nothing leaves this machine: `ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST`, or `ROS_LOCALHOST_ONLY=1` of older versions.
    pub is_loopback_only: bool,
}

/// A domain id that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} must be {wanted}: got `{found}`")]
pub struct NetworkError {
    /// The variable.
    pub variable: &'static str,
    /// What it may be.
    pub wanted: &'static str,
    /// What it is.
    pub found: String,
}

impl Network {
    /// From environment variables; `read` gives the value of one.
    ///
    /// # Errors
    /// [`NetworkError`]: a robot that silently joins another domain, or the whole network, is worse than one that does not start.
    pub fn from_environment(read: impl Fn(&str) -> Option<String>) -> Result<Self, NetworkError> {
        let read = |name: &str| read(name).filter(|text| !text.is_empty());
        let domain = match read("ROS_DOMAIN_ID") {
            None => 0,
            // 232 is the last domain whose ports exist (RTPS 2.5, 9.6.2.1).
            Some(text) => text.trim().parse().ok().filter(|domain| *domain <= 232).ok_or(NetworkError {
                variable: "ROS_DOMAIN_ID",
                wanted: "a number from 0 to 232",
                found: text,
            })?,
        };
        let range = read("ROS_AUTOMATIC_DISCOVERY_RANGE");
        let is_loopback_only = match range.as_deref() {
            Some("LOCALHOST") => true,
            Some("SUBNET" | "SYSTEM_DEFAULT") => false,
            None => read("ROS_LOCALHOST_ONLY").as_deref() == Some("1"),
            Some(found) => {
                return Err(NetworkError {
                    variable: "ROS_AUTOMATIC_DISCOVERY_RANGE",
                    wanted: "LOCALHOST, SUBNET or SYSTEM_DEFAULT (OFF is not supported)",
                    found: found.to_owned(),
                });
            }
        };
        Ok(Self { domain, is_loopback_only })
    }
}

/// One DDS participant.
pub(crate) struct Participant {
    participant: DomainParticipant,
    publisher: rustdds::Publisher,
    subscriber: rustdds::Subscriber,
    status: DomainParticipantStatusListener,
    graph: Writer,
    entities: NodeEntitiesInfo,
    /// Topics of our own endpoints, to name them in warnings.
    topics: BTreeMap<[u8; 16], String>,
    /// Our writer, and a reader that it reaches.
    read_by: BTreeSet<([u8; 16], [u8; 16])>,
}

/// Sends bytes on one topic.
pub(crate) struct Writer {
    topic: String,
    writer: DataWriter<Cdr, CdrAdapter>,
}

/// Takes bytes from one topic.
pub(crate) struct Reader {
    reader: SimpleDataReader<Cdr, CdrAdapter>,
}

impl Participant {
    /// Joins `network` as the node `name` in `namespace`.
    pub(crate) fn join(network: Network, namespace: &str, name: &str) -> Result<Self, DdsError> {
        let what = || format!("domain {}", network.domain);
        let mut builder = DomainParticipantBuilder::new(network.domain);
        if network.is_loopback_only {
            builder = builder.with_only_networks([Ipv4Addr::LOCALHOST]);
        }
        let participant = builder.build().map_err(|error| open(what(), &error))?;
        let none = rustdds::QosPolicies::qos_none();
        let publisher = participant.create_publisher(&none).map_err(|error| open(what(), &error))?;
        let subscriber = participant.create_subscriber(&none).map_err(|error| open(what(), &error))?;
        let graph =
            write(&participant, &publisher, "ros_discovery_info", "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_", Qos::latched(1))?;
        let entities = NodeEntitiesInfo { node_namespace: namespace.to_owned(), node_name: name.to_owned(), ..NodeEntitiesInfo::default() };
        let status = participant.status_listener();
        Ok(Self { participant, publisher, subscriber, status, graph, entities, topics: BTreeMap::new(), read_by: BTreeSet::new() })
    }

    /// A writer of `topic`; both names are those of DDS.
    pub(crate) fn writer(&mut self, topic: &str, type_name: &str, qos: Qos) -> Result<Writer, DdsError> {
        let writer = write(&self.participant, &self.publisher, topic, type_name, qos)?;
        let guid = writer.writer.guid().to_bytes();
        self.topics.insert(guid, topic.to_owned());
        self.entities.writer_gid_seq.push(Gid { data: guid });
        Ok(writer)
    }

    /// A reader of `topic`.
    pub(crate) fn reader(&mut self, topic: &str, type_name: &str, qos: Qos) -> Result<Reader, DdsError> {
        let policies = policies(qos);
        let kind = TopicKind::NoKey;
        let dds = self.participant.create_topic(topic.to_owned(), type_name.to_owned(), &policies, kind).map_err(|e| open(topic, &e))?;
        let reader = self.subscriber.create_simple_datareader_no_key(&dds, Some(policies)).map_err(|error| open(topic, &error))?;
        let guid = reader.guid().to_bytes();
        self.topics.insert(guid, topic.to_owned());
        self.entities.reader_gid_seq.push(Gid { data: guid });
        Ok(Reader { reader })
    }

    /// Tells the other nodes which endpoints are ours.
    pub(crate) fn announce(&self) -> Result<(), DdsError> {
        let gid = Gid { data: self.participant.guid().to_bytes() };
        let info = ParticipantEntitiesInfo { gid, node_entities_info_seq: vec![self.entities.clone()] };
        let cdr = info.to_cdr().map_err(|error| DdsError::Send { topic: self.graph.topic.clone(), reason: error.to_string() })?;
        self.graph.send(&cdr, None)
    }

    /// Registers for news of the participant.
    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> std::io::Result<()> {
        registry.register(self.status.as_status_source_mio1(), token, Interest::READABLE)
    }

    /// Whether `writer` reaches a reader of the participant of the endpoint `other`, as far as discovery has told.
    pub(crate) fn is_read_by(&self, writer: &Writer, other: [u8; 16]) -> bool {
        let own = writer.writer.guid().to_bytes();
        // The first 12 bytes name the participant.
        let end = |last: u8| std::array::from_fn(|at| if at < 12 { other[at] } else { last });
        self.read_by.range((own, end(0))..=(own, end(u8::MAX))).next().is_some()
    }

    /// Follows who reads what; lines about endpoints that do not come together although topic and type agree.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        // News come in bursts while a graph forms; more than this wait for the next round.
        for _ in 0..1000 {
            let Some(event) = self.status.try_recv_status() else { break };
            let (guid, theirs, requested, offered) = match event {
                DomainParticipantStatusEvent::RemoteReaderQosIncompatible { local_writer, requested_qos, offered_qos, .. } => {
                    (local_writer, "subscriber", requested_qos, offered_qos)
                }
                DomainParticipantStatusEvent::RemoteWriterQosIncompatible { local_reader, requested_qos, offered_qos, .. } => {
                    (local_reader, "publisher", requested_qos, offered_qos)
                }
                DomainParticipantStatusEvent::RemoteReaderMatched { local_writer, remote_reader } => {
                    self.read_by.insert((local_writer.to_bytes(), remote_reader.to_bytes()));
                    continue;
                }
                DomainParticipantStatusEvent::ReaderLost { guid, .. } => {
                    self.read_by.retain(|(_, reader)| *reader != guid.to_bytes());
                    continue;
                }
                DomainParticipantStatusEvent::ParticipantLost { id, .. } => {
                    self.read_by.retain(|(_, reader)| !reader.starts_with(id.as_ref()));
                    continue;
                }
                _ => continue,
            };
            if let Some(topic) = self.topics.get(&guid.to_bytes()) {
                let policy = offered.compliance_failure_wrt(&requested).map_or_else(String::new, |policy| format!(" ({policy:?})"));
                lines.push(format!("a {theirs} on {topic} has incompatible QoS{policy}: no message will pass between us; change its QoS"));
            }
        }
        lines
    }
}

fn write(
    participant: &DomainParticipant,
    publisher: &rustdds::Publisher,
    topic: &str,
    type_name: &str,
    qos: Qos,
) -> Result<Writer, DdsError> {
    let policies = policies(qos);
    let kind = TopicKind::NoKey;
    let dds = participant.create_topic(topic.to_owned(), type_name.to_owned(), &policies, kind).map_err(|error| open(topic, &error))?;
    let writer = publisher.create_datawriter_no_key(&dds, Some(policies)).map_err(|error| open(topic, &error))?;
    Ok(Writer { topic: topic.to_owned(), writer })
}

fn open(what: impl Into<String>, error: &dyn std::fmt::Display) -> DdsError {
    DdsError::Open { what: what.into(), reason: error.to_string() }
}

impl Writer {
    /// Sends `cdr` (with its header), for answers with what it is related to.
    pub(crate) fn send(&self, cdr: &[u8], related: Option<Identity>) -> Result<(), DdsError> {
        let related = related.map(|identity| SampleIdentity {
            writer_guid: GUID::from_bytes(identity.writer),
            sequence_number: SequenceNumber::from(identity.sequence),
        });
        let options = WriteOptionsBuilder::new().source_timestamp(rustdds::Timestamp::now()).related_sample_identity_opt(related).build();
        self.writer
            .write_with_options(Cdr(cdr.to_vec()), options)
            .map(drop)
            .map_err(|error| DdsError::Send { topic: self.topic.clone(), reason: error.to_string() })
    }
}

impl Reader {
    /// Registers for new messages.
    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> std::io::Result<()> {
        registry.register(&mut self.reader, token, Interest::READABLE)
    }

    /// The next message with its CDR header; `Err` is one that DDS could not hand over.
    pub(crate) fn take(&self) -> Result<Option<(Vec<u8>, Sample)>, String> {
        self.reader.drain_read_notifications();
        let Some(change) = self.reader.try_take_one().map_err(|error| error.to_string())? else { return Ok(None) };
        let own = Identity { writer: change.writer_guid().to_bytes(), sequence: i64::from(change.sequence_number) };
        let related = change
            .related_sample_identity()
            .map(|identity| Identity { writer: identity.writer_guid.to_bytes(), sequence: i64::from(identity.sequence_number) });
        Ok(Some((change.into_value().0, Sample { own, related })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_which_network() {
        let network = |pairs: &[(&str, &str)]| {
            Network::from_environment(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(network(&[]), Ok(Network { domain: 0, is_loopback_only: false }));
        let local = network(&[("ROS_DOMAIN_ID", "42"), ("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")]);
        assert_eq!(local, Ok(Network { domain: 42, is_loopback_only: true }));
        assert_eq!(network(&[("ROS_LOCALHOST_ONLY", "1")]).map(|n| n.is_loopback_only), Ok(true));
        assert_eq!(
            network(&[("ROS_LOCALHOST_ONLY", "1"), ("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")]).map(|n| n.is_loopback_only),
            Ok(false)
        );
        for wrong in [("ROS_DOMAIN_ID", "233"), ("ROS_DOMAIN_ID", "x"), ("ROS_AUTOMATIC_DISCOVERY_RANGE", "localhost")] {
            assert!(network(&[wrong]).is_err_and(|error| error.to_string().starts_with(wrong.0)), "{wrong:?}");
        }
    }
}
