//! The `native` backend: one DDS participant over RustDDS, with no ROS installed. In -> out: names, types, QoS and CDR bytes <-> topics.
//! It knows nothing of parameters, lifecycle or nodes beyond the table that tells other nodes which endpoints are whose
//! (`ros_discovery_info`, <https://design.ros2.org/articles/Node_to_Participant_mapping.html>).
//!
//! RustDDS is used directly and not through ros2-client: bytes go through unread, and the services of a node take the mapping they are told.

mod adapter;
mod peers;
mod qos;
mod threads;

use crate::backend::DdsError;
use crate::mapping::{Identity, Sample};
use crate::network::Network;
use adapter::{Cdr, CdrAdapter};
pub(crate) use peers::Guid;
use peers::Peers;
use qos::{policies, writer_policies};
use rustdds::mio1::{Interest, Registry, Token};
use rustdds::no_key::{DataWriter, SimpleDataReader};
use rustdds::{
    DomainParticipant, DomainParticipantBuilder, DomainParticipantStatusEvent, DomainParticipantStatusListener, GUID, RTPSEntity as _,
    SampleIdentity, SequenceNumber, StatusEvented as _, TopicKind, WriteOptionsBuilder,
};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use threads::Threads;
use vedette_messages::RosMsg as _;
use vedette_messages::rmw_dds_common::{Gid, NodeEntitiesInfo, ParticipantEntitiesInfo};
use vedette_messages::topics::Qos;

/// Between joining and the first endpoint, so that who is there has heard of the participant before: RustDDS sends what it says of endpoints without
/// a time, and a Fast DDS (2.14) that misses the beginning of it from two participants at once sorts by that time, finds the late part out of place
/// and drops it for good, though it acknowledges it. Then its nodes never see those endpoints.
const INTRODUCTION: Duration = Duration::from_millis(300);

/// One DDS participant.
pub(crate) struct Participant {
    participant: DomainParticipant,
    threads: Threads,
    publisher: rustdds::Publisher,
    subscriber: rustdds::Subscriber,
    status: DomainParticipantStatusListener,
    graph: Writer,
    entities: NodeEntitiesInfo,
    /// Topics of our own endpoints, to name them in warnings.
    topics: BTreeMap<Guid, String>,
    peers: Peers,
    /// All that were made, to wait for what they sent last.
    writers: Vec<Weak<Writer>>,
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
        let (participant, mut threads) = Threads::of(|| builder.build());
        let participant = participant.map_err(|error| open(what(), &error))?;
        std::thread::sleep(INTRODUCTION);
        threads.settle();
        let none = rustdds::QosPolicies::qos_none();
        let publisher = participant.create_publisher(&none).map_err(|error| open(what(), &error))?;
        let subscriber = participant.create_subscriber(&none).map_err(|error| open(what(), &error))?;
        let graph =
            write(&participant, &publisher, "ros_discovery_info", "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_", Qos::latched(1))?;
        let entities = NodeEntitiesInfo { node_namespace: namespace.to_owned(), node_name: name.to_owned(), ..NodeEntitiesInfo::default() };
        let status = participant.status_listener();
        Ok(Self {
            participant,
            threads,
            publisher,
            subscriber,
            status,
            graph,
            entities,
            topics: BTreeMap::new(),
            peers: Peers::default(),
            writers: Vec::new(),
        })
    }

    /// A writer of `topic`; both names are those of DDS.
    pub(crate) fn writer(&mut self, topic: &str, type_name: &str, qos: Qos) -> Result<Arc<Writer>, DdsError> {
        let writer = Arc::new(write(&self.participant, &self.publisher, topic, type_name, qos)?);
        let guid = writer.guid();
        self.writers.push(Arc::downgrade(&writer));
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
        self.peers.listen(topic, type_name);
        self.entities.reader_gid_seq.push(Gid { data: guid });
        Ok(Reader { reader })
    }

    /// Tells the other nodes which endpoints are ours.
    pub(crate) fn announce(&self) -> Result<(), DdsError> {
        self.tell(vec![self.entities.clone()])
    }

    /// Tells the other nodes which nodes there are on this participant.
    fn tell(&self, nodes: Vec<NodeEntitiesInfo>) -> Result<(), DdsError> {
        let gid = Gid { data: self.participant.guid().to_bytes() };
        let info = ParticipantEntitiesInfo { gid, node_entities_info_seq: nodes };
        let cdr = info.to_cdr().map_err(|error| DdsError::Send { topic: self.graph.topic.clone(), reason: error.to_string() })?;
        self.graph.send(&cdr, None)
    }

    /// An error where nothing can be sent or heard any more.
    pub(crate) fn check(&self) -> Result<(), DdsError> {
        if self.threads.are_running() {
            return Ok(());
        }
        let reason = "RustDDS ended, as it does when the process was stopped for a while or the machine slept".to_owned();
        Err(DdsError::Lost { reason })
    }

    /// Registers for news of the participant.
    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> std::io::Result<()> {
        registry.register(self.status.as_status_source_mio1(), token, Interest::READABLE)
    }

    /// Whether the endpoint `own` reaches a reader of the participant of the endpoint `other`, as far as discovery has told.
    pub(crate) fn is_read_by(&self, own: Guid, other: Guid) -> bool {
        self.peers.has_of(own, other)
    }

    /// Follows who is there; lines about endpoints that do not come together although topic and type agree.
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
                other => {
                    self.peers.follow(&other);
                    continue;
                }
            };
            if let Some(topic) = self.topics.get(&guid.to_bytes()) {
                let policy = offered.compliance_failure_wrt(&requested).map_or_else(String::new, |policy| format!(" ({policy:?})"));
                lines.push(format!("a {theirs} on {topic} has incompatible QoS{policy}: no message will pass between us; change its QoS"));
            }
        }
        lines
    }
}

impl Participant {
    /// Whether somebody is at the other end of our endpoint.
    pub(crate) fn has_peer(&self, own: Guid) -> bool {
        self.peers.has(own)
    }

    /// In words, each publisher on a topic of ours whose type we cannot take; and how many there ever were.
    pub(crate) fn strangers(&self) -> (Vec<String>, u64) {
        self.peers.strangers().told()
    }

    /// The node is over: it leaves the lists of the others, and waits until everybody has what was sent, all in all no longer than `longest`; false
    /// where somebody has not. Fast DDS does not understand how RustDDS says that a participant goes, and would list the node until its lease ends.
    pub(crate) fn leave(&self, longest: Duration, now: impl Fn() -> Instant) -> bool {
        let end = now() + longest;
        let is_heard = |writer: &Writer| writer.is_heard(end.saturating_duration_since(now()));
        let is_told = self.tell(Vec::new()).inspect_err(|error| tracing::warn!("{error}")).is_ok();
        self.writers.iter().filter_map(Weak::upgrade).all(|writer| is_heard(&writer)) && (!is_told || is_heard(&self.graph))
    }

    /// Whether the endpoint `other`, which was at the other end of our `own`, is gone.
    pub(crate) fn is_gone(&self, own: Guid, other: Guid) -> bool {
        self.peers.is_gone(own, other)
    }
}

fn write(
    participant: &DomainParticipant,
    publisher: &rustdds::Publisher,
    topic: &str,
    type_name: &str,
    qos: Qos,
) -> Result<Writer, DdsError> {
    let kind = TopicKind::NoKey;
    let dds =
        participant.create_topic(topic.to_owned(), type_name.to_owned(), &policies(qos), kind).map_err(|error| open(topic, &error))?;
    let writer = publisher.create_datawriter_no_key(&dds, Some(writer_policies(qos))).map_err(|error| open(topic, &error))?;
    Ok(Writer { topic: topic.to_owned(), writer })
}

fn open(what: impl Into<String>, error: &dyn std::fmt::Display) -> DdsError {
    DdsError::Open { what: what.into(), reason: error.to_string() }
}

impl Writer {
    /// Its name on DDS.
    pub(crate) fn guid(&self) -> Guid {
        self.writer.guid().to_bytes()
    }

    /// Sends `cdr` (with its header), for answers with what it is related to.
    pub(crate) fn send(&self, cdr: &[u8], related: Option<Identity>) -> Result<(), DdsError> {
        self.send_numbered(cdr, related).map(drop)
    }

    /// As [`Self::send`]; the number that DDS gave the message. A request says whose it is by a relation without a number.
    pub(crate) fn send_numbered(&self, cdr: &[u8], related: Option<Identity>) -> Result<i64, DdsError> {
        let related = related.map(|identity| SampleIdentity {
            writer_guid: GUID::from_bytes(identity.writer),
            sequence_number: SequenceNumber::from(identity.sequence),
        });
        let options = WriteOptionsBuilder::new().source_timestamp(rustdds::Timestamp::now()).related_sample_identity_opt(related).build();
        self.writer
            .write_with_options(Cdr(cdr.to_vec()), options)
            .map(|identity| i64::from(identity.sequence_number))
            .map_err(|error| DdsError::Send { topic: self.topic.clone(), reason: error.to_string() })
    }

    /// Whether everything that was sent has arrived at everybody, within `longest`.
    pub(crate) fn is_heard(&self, longest: Duration) -> bool {
        self.writer.wait_for_acknowledgments(longest).unwrap_or(false)
    }
}

impl Reader {
    /// Its name on DDS.
    pub(crate) fn guid(&self) -> Guid {
        self.reader.guid().to_bytes()
    }

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
