//! A node against a bare RustDDS participant that calls it as rmw_fastrtps does, in a network namespace with nothing but loopback. The test
//! starts itself again inside the namespace; where that is not allowed it says so and is skipped.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test against the clock of a real participant; it says what it skips"
)]

use rustdds::no_key::{DataReaderCdr, DataWriterCdr};
use rustdds::policy::{Durability, History, Reliability};
use rustdds::{
    DomainParticipant, DomainParticipantBuilder, Duration as DdsDuration, QosPolicies, QosPolicyBuilder, RTPSEntity as _, SampleIdentity,
    SequenceNumber, TopicKind, WriteOptionsBuilder,
};
use serde::{Serialize, de::DeserializeOwned};
use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use vedette_messages::lifecycle_msgs::{ChangeStateRequest, ChangeStateResponse, GetStateRequest, GetStateResponse, Transition};
use vedette_messages::rcl_interfaces::{SetParametersRequest, SetParametersResponse};
use vedette_messages::service::SetBool;
use vedette_messages::std_srvs::{SetBoolRequest, SetBoolResponse};
use vedette_messages::type_description_interfaces::{GetTypeDescriptionRequest, GetTypeDescriptionResponse};
use vedette_messages::{RosMsg, sensor_msgs, topics};
use vedette_params::ParamSet;
use vedette_ros::{Network, Node, NodeEvent, Options, Outcome, RosArgs, Service, State};

const DOMAIN: u16 = 9;
const INSIDE: &str = "VEDETTE_TEST_NAMESPACE";

vedette_params::params! {
    /// For this test.
    struct Sample: "sample" {
        /// A number.
        level: f64 = 1.0, range 0.0..=2.0;
    }
}

#[test]
fn a_node_is_called_over_dds() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let program = std::env::current_exe().expect("this test has a path");
    let set_up = "ip link set lo up && ip link set lo multicast on && ip route add 239.0.0.0/8 dev lo && exec \"$@\"";
    for unshare in ["-n", "-Urn"] {
        let is_allowed = Command::new("unshare").args([unshare, "true"]).output().is_ok_and(|output| output.status.success());
        if !is_allowed {
            continue;
        }
        let mut command = Command::new("unshare");
        command.args([unshare, "sh", "-c", set_up, "sh"]).arg(&program).args(["a_node_is_called_over_dds", "--exact", "--nocapture"]);
        let output = command.env(INSIDE, "1").output().expect("unshare starts");
        println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "failed inside the namespace: see above");
        return;
    }
    println!("skipped: network namespaces are not allowed here");
}

struct Client {
    participant: DomainParticipant,
    publisher: rustdds::Publisher,
    subscriber: rustdds::Subscriber,
}

fn qos() -> QosPolicies {
    let reliability = Reliability::Reliable { max_blocking_time: DdsDuration::from_millis(100) };
    QosPolicyBuilder::new().reliability(reliability).durability(Durability::Volatile).history(History::KeepLast { depth: 10 }).build()
}

impl Client {
    fn new() -> Self {
        let participant = DomainParticipantBuilder::new(DOMAIN).with_only_networks([Ipv4Addr::LOCALHOST]).build().expect("participant");
        let publisher = participant.create_publisher(&qos()).expect("publisher");
        let subscriber = participant.create_subscriber(&qos()).expect("subscriber");
        Self { participant, publisher, subscriber }
    }

    /// Calls `service` with the identity beside the data: our reader's GUID and an unknown number, as rmw_fastrtps writes it.
    fn call<Req: Serialize + Clone, Resp: DeserializeOwned + 'static>(&self, service: &str, type_name: &str, request: &Req) -> Resp {
        let topic = |name: String, half: &str| {
            let type_name = format!("{type_name}_{half}_");
            self.participant.create_topic(name, type_name, &qos(), TopicKind::NoKey).expect("topic")
        };
        let (asks, replies) = (topic(format!("rq{service}Request"), "Request"), topic(format!("rr{service}Reply"), "Response"));
        let mut reader: DataReaderCdr<Resp> = self.subscriber.create_datareader_no_key_cdr(&replies, Some(qos())).expect("reader");
        let writer: DataWriterCdr<Req> = self.publisher.create_datawriter_no_key_cdr(&asks, Some(qos())).expect("writer");
        // Both sides must know each other, or the request is lost; a change of state must not be asked for twice.
        thread::sleep(Duration::from_secs(1));
        for _ in 0..20 {
            let related = SampleIdentity { writer_guid: reader.guid(), sequence_number: SequenceNumber::UNKNOWN };
            let options = WriteOptionsBuilder::new().related_sample_identity(related).build();
            let sent = writer.write_with_options(request.clone(), options).map_err(|_| "not sent").expect("sent");
            let end = Instant::now() + Duration::from_secs(2);
            while Instant::now() < end {
                if let Ok(Some(sample)) = reader.take_next_sample() {
                    let found = sample.sample_info().related_sample_identity().expect("an answer says to what");
                    // Every client of a service hears every answer.
                    if (found.writer_guid, found.sequence_number) == (reader.guid(), sent.sequence_number) {
                        return sample.into_value();
                    }
                }
                thread::sleep(Duration::from_millis(2));
            }
        }
        panic!("no answer from {service}");
    }
}

/// A node that does nothing but succeed, counts pictures, and answers its second call of `~/enable` before its first.
fn serve(stop: Arc<AtomicBool>) -> (usize, Vec<Duration>) {
    let (args, _) = RosArgs::split(["--ros-args", "-r", "__ns:=/r1", "-p", "sample.level:=1.5"].map(str::to_owned)).expect("good");
    let mut sample = Sample::default();
    let network = Network { domain: DOMAIN, is_loopback_only: true };
    let mut node = Node::open(&Options { name: "sample", args: &args, network, stop }, &mut [&mut sample]).expect("opens");
    assert_eq!(sample.level, 1.5);
    let (_, full) = node.subscribe(topics::IMAGE_RAW.name, topics::IMAGE_RAW.type_name, topics::IMAGE_RAW.qos).expect("subscribes");
    assert_eq!(full, "/r1/camera/image_raw");
    let enable: Service<SetBool> = node.service("~/enable").expect("offers");
    let other: Service<SetBool> = node.service("~/other").expect("offers");
    let mut waiting = Vec::new();
    let (mut changes, mut delays) = (0, Vec::new());
    loop {
        let mut sets: [&mut dyn ParamSet; 1] = [&mut sample];
        match node.next_event(&mut sets, Instant::now() + Duration::from_secs(1)).expect("waits") {
            NodeEvent::Transition(_) => node.end_transition(Outcome::Success),
            NodeEvent::ParametersChanged(_) => changes += 1,
            NodeEvent::Call(call) => {
                assert!(other.request(&call).is_none(), "a call of one service is none of another");
                waiting.push(call);
                if waiting.len() == 2 {
                    while let Some(call) = waiting.pop() {
                        let data = enable.request(&call).expect("a call of this service").data;
                        node.answer(enable, call, &SetBoolResponse { success: data, message: format!("{} left", waiting.len()) });
                    }
                }
            }
            NodeEvent::Message { cdr, .. } => {
                let image = sensor_msgs::Image::from_cdr(&cdr).expect("an image");
                let sent =
                    u64::try_from(image.header.stamp.sec).unwrap_or_default() * 1_000_000_000 + u64::from(image.header.stamp.nanosec);
                delays.push(Duration::from_nanos(nanos().saturating_sub(sent)));
            }
            NodeEvent::Over => {
                assert_eq!(node.state(), State::Finalized);
                return (changes, delays);
            }
            _ => {}
        }
    }
}

fn nanos() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or_default()
}

fn inside() {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let node = thread::Builder::new().spawn(move || serve(flag)).expect("thread");
    let client = Client::new();

    let state: GetStateResponse = client.call("/r1/sample/get_state", "lifecycle_msgs::srv::dds_::GetState", &GetStateRequest::default());
    assert_eq!(state.current_state.label, "active");
    let value = |level: f64| vedette_messages::rcl_interfaces::ParameterValue { r#type: 3, double_value: level, ..Default::default() };
    let parameter = |level| vedette_messages::rcl_interfaces::Parameter { name: "sample.level".to_owned(), value: value(level) };
    let request = SetParametersRequest { parameters: vec![parameter(9.0), parameter(0.5)] };
    let set: SetParametersResponse = client.call("/r1/sample/set_parameters", "rcl_interfaces::srv::dds_::SetParameters", &request);
    assert_eq!(set.results.iter().map(|result| result.successful).collect::<Vec<_>>(), [false, true]);
    let change = |label: &str| ChangeStateRequest { transition: Transition { id: 0, label: label.to_owned() } };
    let type_name = "lifecycle_msgs::srv::dds_::ChangeState";
    let answer: ChangeStateResponse = client.call("/r1/sample/change_state", type_name, &change("deactivate"));
    assert!(answer.success);
    let answer: ChangeStateResponse = client.call("/r1/sample/change_state", type_name, &change("deactivate"));
    assert!(!answer.success, "not open when inactive");
    late_reader();
    owned_service(&client);
    type_description(&client);

    let delays = pictures(&client);
    stop.store(true, Ordering::Relaxed);
    let (changes, mut received) = node.join().expect("the node ends");
    assert_eq!(changes, 1);
    received.sort();
    assert!(received.len() > delays / 2, "{} of {delays} pictures arrived", received.len());
    let at = |share: usize| received.get(received.len() * share / 100).copied().unwrap_or_default();
    println!("pictures 640x480 rgb8 at 30 Hz: {} of {delays} arrived, p50 {:?}, p99 {:?}", received.len(), at(50), at(99));
}

/// A client whose reader the node knows only after the request: discovery is in no order, and `ros2` asks at once.
fn late_reader() {
    let client = Client::new();
    let topic = |name: &str, half: &str| {
        let type_name = format!("lifecycle_msgs::srv::dds_::GetState_{half}_");
        client.participant.create_topic(name.to_owned(), type_name, &qos(), TopicKind::NoKey).expect("topic")
    };
    let (asks, replies) = (topic("rq/r1/sample/get_stateRequest", "Request"), topic("rr/r1/sample/get_stateReply", "Response"));
    let writer: DataWriterCdr<GetStateRequest> = client.publisher.create_datawriter_no_key_cdr(&asks, Some(qos())).expect("writer");
    thread::sleep(Duration::from_secs(1));
    let related = SampleIdentity { writer_guid: writer.guid(), sequence_number: SequenceNumber::UNKNOWN };
    let options = WriteOptionsBuilder::new().related_sample_identity(related).build();
    writer.write_with_options(GetStateRequest::default(), options).map_err(|_| "not sent").expect("sent");
    thread::sleep(Duration::from_millis(200));
    let mut reader: DataReaderCdr<GetStateResponse> =
        client.subscriber.create_datareader_no_key_cdr(&replies, Some(qos())).expect("reader");
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end {
        if let Ok(Some(sample)) = reader.take_next_sample() {
            return assert_eq!(sample.into_value().current_state.label, "inactive");
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("the answer was sent before anybody read it");
}

/// Two callers of a service of the owner; each gets its own answer, whatever their order.
fn owned_service(client: &Client) {
    let call = |data| -> SetBoolResponse { client.call("/r1/sample/enable", "std_srvs::srv::dds_::SetBool", &SetBoolRequest { data }) };
    let (first, second) = thread::scope(|scope| {
        let first = scope.spawn(|| call(true));
        thread::sleep(Duration::from_millis(500));
        let second = call(false);
        (first.join().expect("answered"), second)
    });
    assert_eq!((first.success, second.success), (true, false));
    assert!([&first, &second].into_iter().all(|answer| answer.message.ends_with(" left")), "{first:?} {second:?}");
}

/// What a type is made of; a hash that is another's is refused.
fn type_description(client: &Client) {
    let ask = |type_hash: &str| -> GetTypeDescriptionResponse {
        let (type_name, type_hash) = (sensor_msgs::Image::TYPE.to_owned(), type_hash.to_owned());
        let request = GetTypeDescriptionRequest { type_name, type_hash, include_type_sources: true };
        client.call("/r1/sample/get_type_description", "type_description_interfaces::srv::dds_::GetTypeDescription", &request)
    };
    let found = ask(sensor_msgs::Image::RIHS01);
    assert!(found.successful, "{}", found.failure_reason);
    let names: Vec<_> = found.type_description.type_description.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["header", "height", "width", "encoding", "is_bigendian", "step", "data"]);
    assert_eq!((found.type_description.referenced_type_descriptions.len(), found.type_sources.len()), (2, 3));
    let refused = ask("RIHS01_00");
    assert!(!refused.successful && refused.failure_reason.contains(sensor_msgs::Image::RIHS01), "{}", refused.failure_reason);
}

/// Three seconds of a camera; gives back how many were sent.
fn pictures(client: &Client) -> usize {
    let qos = QosPolicyBuilder::new().reliability(Reliability::BestEffort).history(History::KeepLast { depth: 1 }).build();
    let (name, type_name) = ("rt/r1/camera/image_raw".to_owned(), "sensor_msgs::msg::dds_::Image_".to_owned());
    let topic = client.participant.create_topic(name, type_name, &qos, TopicKind::NoKey).expect("topic");
    let writer: DataWriterCdr<sensor_msgs::Image> = client.publisher.create_datawriter_no_key_cdr(&topic, Some(qos)).expect("writer");
    // Discovery of the new writer; what is sent before it is matched is lost by right.
    thread::sleep(Duration::from_secs(2));
    let mut image = sensor_msgs::Image { height: 480, width: 640, encoding: "rgb8".to_owned(), step: 1920, ..Default::default() };
    image.data = vec![7; 640 * 480 * 3];
    for _ in 0..90 {
        let now = nanos();
        image.header.stamp.sec = i32::try_from(now / 1_000_000_000).unwrap_or_default();
        image.header.stamp.nanosec = u32::try_from(now % 1_000_000_000).unwrap_or_default();
        writer.write(image.clone(), None).expect("sent");
        thread::sleep(Duration::from_millis(33));
    }
    90
}
