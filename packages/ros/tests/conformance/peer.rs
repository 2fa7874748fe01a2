//! A bare RustDDS participant that talks to a node as other nodes do: it shares no code with any backend beyond RustDDS itself, and frames
//! requests as rmw_fastrtps or as rmw_cyclonedds does.

use crate::DOMAIN;
use rustdds::no_key::{DataReaderCdr, DataWriterCdr};
use rustdds::policy::{Durability, History, Reliability};
use rustdds::{
    DomainParticipant, DomainParticipantBuilder, Duration as DdsDuration, QosPolicies, QosPolicyBuilder, RTPSEntity as _, SampleIdentity,
    SequenceNumber, Topic, TopicKind, WriteOptionsBuilder,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use vedette_ros::Mapping;

/// The participant.
pub(crate) struct Peer {
    participant: DomainParticipant,
    publisher: rustdds::Publisher,
    subscriber: rustdds::Subscriber,
    mapping: Mapping,
    count: AtomicI64,
}

/// What rmw_cyclonedds puts before a request and its answer.
#[derive(Clone, Serialize, Deserialize)]
struct Framed<M> {
    client: u64,
    number: i64,
    body: M,
}

/// As services have it.
pub(crate) fn reliable() -> QosPolicies {
    let reliability = Reliability::Reliable { max_blocking_time: DdsDuration::from_millis(100) };
    QosPolicyBuilder::new().reliability(reliability).durability(Durability::Volatile).history(History::KeepLast { depth: 10 }).build()
}

/// As late joiners ask for what was said before.
pub(crate) fn latched() -> QosPolicies {
    let reliability = Reliability::Reliable { max_blocking_time: DdsDuration::from_millis(100) };
    QosPolicyBuilder::new()
        .reliability(reliability)
        .durability(Durability::TransientLocal)
        .history(History::KeepLast { depth: 100 })
        .build()
}

/// As cameras send.
pub(crate) fn best_effort() -> QosPolicies {
    QosPolicyBuilder::new().reliability(Reliability::BestEffort).history(History::KeepLast { depth: 1 }).build()
}

impl Peer {
    pub(crate) fn new(mapping: Mapping) -> Self {
        let participant = DomainParticipantBuilder::new(DOMAIN).with_only_networks([Ipv4Addr::LOCALHOST]).build().expect("participant");
        let publisher = participant.create_publisher(&reliable()).expect("publisher");
        let subscriber = participant.create_subscriber(&reliable()).expect("subscriber");
        Self { participant, publisher, subscriber, mapping, count: AtomicI64::new(0) }
    }

    fn topic(&self, name: &str, type_name: &str, qos: &QosPolicies) -> Topic {
        self.participant.create_topic(name.to_owned(), type_name.to_owned(), qos, TopicKind::NoKey).expect("topic")
    }

    /// A writer of the topic `name`, all names as on DDS.
    pub(crate) fn writer<M: Serialize>(&self, name: &str, type_name: &str, qos: QosPolicies) -> DataWriterCdr<M> {
        let topic = self.topic(name, type_name, &qos);
        self.publisher.create_datawriter_no_key_cdr(&topic, Some(qos)).expect("writer")
    }

    /// A reader of the topic `name`, all names as on DDS.
    pub(crate) fn reader<M: DeserializeOwned + 'static>(&self, name: &str, type_name: &str, qos: QosPolicies) -> DataReaderCdr<M> {
        let topic = self.topic(name, type_name, &qos);
        self.subscriber.create_datareader_no_key_cdr(&topic, Some(qos)).expect("reader")
    }

    /// Calls `service` and waits for the answer.
    pub(crate) fn call<Req: Serialize + Clone, Resp: DeserializeOwned + 'static>(
        &self,
        service: &str,
        type_name: &str,
        request: &Req,
    ) -> Resp {
        match self.mapping {
            Mapping::FastDds => self.call_enhanced(service, type_name, request),
            Mapping::Cyclone => self.call_framed(service, type_name, request),
        }
    }

    /// Asks `service` as rmw_fastrtps does and begins to read answers a fifth of a second later.
    pub(crate) fn call_before_reading<Req: Serialize + Clone, Resp: DeserializeOwned + 'static>(
        &self,
        service: &str,
        type_name: &str,
        request: &Req,
    ) -> Option<Resp> {
        let writer = self.writer::<Req>(&format!("rq{service}Request"), &format!("{type_name}_Request_"), reliable());
        thread::sleep(Duration::from_secs(1));
        let related = SampleIdentity { writer_guid: writer.guid(), sequence_number: SequenceNumber::UNKNOWN };
        let options = WriteOptionsBuilder::new().related_sample_identity(related).build();
        writer.write_with_options(request.clone(), options).map_err(|_| "not sent").expect("sent");
        thread::sleep(Duration::from_millis(200));
        let mut reader = self.reader::<Resp>(&format!("rr{service}Reply"), &format!("{type_name}_Response_"), reliable());
        wait(Duration::from_secs(5), || Some(reader.take_next_sample().ok()??.into_value()))
    }

    /// With the identity beside the data: our reader's GUID and an unknown number, as rmw_fastrtps writes it.
    fn call_enhanced<Req: Serialize + Clone, Resp: DeserializeOwned + 'static>(
        &self,
        service: &str,
        type_name: &str,
        request: &Req,
    ) -> Resp {
        let (mut reader, writer) = self.ends::<Req, Resp>(service, type_name);
        for _ in 0..TRIES {
            let related = SampleIdentity { writer_guid: reader.guid(), sequence_number: SequenceNumber::UNKNOWN };
            let options = WriteOptionsBuilder::new().related_sample_identity(related).build();
            let sent = writer.write_with_options(request.clone(), options).map_err(|_| "not sent").expect("sent");
            let found = wait(PATIENCE, || {
                let sample = reader.take_next_sample().ok()??;
                let found = sample.sample_info().related_sample_identity().expect("an answer says to what");
                // Every client of a service hears every answer.
                let is_ours = (found.writer_guid, found.sequence_number) == (reader.guid(), sent.sequence_number);
                is_ours.then(|| sample.into_value())
            });
            if let Some(answer) = found {
                return answer;
            }
        }
        panic!("no answer from {service}");
    }

    /// With the identity before the data.
    fn call_framed<Req: Serialize + Clone, Resp: DeserializeOwned + 'static>(&self, service: &str, type_name: &str, request: &Req) -> Resp {
        let (mut reader, writer) = self.ends::<Framed<Req>, Framed<Resp>>(service, type_name);
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let client = 0x0102_0304_0506_0700 + u64::from(std::process::id());
        for _ in 0..TRIES {
            writer.write(Framed { client, number, body: request.clone() }, None).map_err(|_| "not sent").expect("sent");
            let found = wait(PATIENCE, || {
                let answer = reader.take_next_sample().ok()??.into_value();
                ((answer.client, answer.number) == (client, number)).then_some(answer.body)
            });
            if let Some(answer) = found {
                return answer;
            }
        }
        panic!("no answer from {service}");
    }

    fn ends<Req: Serialize, Resp: DeserializeOwned + 'static>(
        &self,
        service: &str,
        type_name: &str,
    ) -> (DataReaderCdr<Resp>, DataWriterCdr<Req>) {
        let reader = self.reader(&format!("rr{service}Reply"), &format!("{type_name}_Response_"), reliable());
        let writer = self.writer(&format!("rq{service}Request"), &format!("{type_name}_Request_"), reliable());
        // Both sides must know each other, or the first answer is lost; a change of state must not be asked for twice.
        thread::sleep(Duration::from_secs(1));
        (reader, writer)
    }
}

const TRIES: usize = 20;
const PATIENCE: Duration = Duration::from_secs(2);

/// What `look` finds within `longest`.
pub(crate) fn wait<T>(longest: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + longest;
    loop {
        let found = look();
        if found.is_some() || Instant::now() >= end {
            return found;
        }
        thread::sleep(Duration::from_millis(2));
    }
}
