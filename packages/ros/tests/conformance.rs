//! One suite for every backend: a node against a bare RustDDS participant that talks to it as other nodes do, in a network namespace with nothing
//! but loopback. The test starts itself again inside the namespace, once a case; what cannot run here is said in a line.
//!
//! The r2r backend takes part where it is built in (`--features r2r`, a sourced ROS 2 with `vedette_msgs`), with the middleware that
//! `RMW_IMPLEMENTATION` names.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test against the clock of a real participant; it says what it skips"
)]

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/peer.rs"]
mod peer;

use case::{Case, DOMAIN};
use peer::{Peer, best_effort, latched, wait};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use vedette_messages::lifecycle_msgs::{ChangeStateRequest, ChangeStateResponse, GetStateRequest, GetStateResponse, Transition};
use vedette_messages::rcl_interfaces::{Log, Parameter, ParameterValue, SetParametersRequest, SetParametersResponse};
use vedette_messages::service::SetBool;
use vedette_messages::std_srvs::{SetBoolRequest, SetBoolResponse};
use vedette_messages::topics::{Qos, Topic};
use vedette_messages::type_description_interfaces::{GetTypeDescriptionRequest, GetTypeDescriptionResponse};
use vedette_messages::{RosMsg, rosgraph_msgs, sensor_msgs, std_msgs, topics};
use vedette_params::ParamSet;
use vedette_ros::{Backend, Mapping, Node, NodeEvent, Options, Outcome, RosArgs, RosoutLayer, Service, State, filter};

/// What the node says for late joiners as well.
const SAID: Topic = Topic { name: "~/said", type_name: std_msgs::String::TYPE, qos: Qos::latched(100) };

vedette_params::params! {
    /// For this test.
    struct Sample: "sample" {
        /// A number.
        level: f64 = 1.0, range 0.0..=2.0;
    }
}

#[test]
fn every_backend_makes_the_same_node() {
    case::each("every_backend_makes_the_same_node", inside);
}

/// A node that does nothing but succeed, counts pictures, says what wakes it, and answers its second call of `~/enable` before its first.
fn serve(case: Case, stop: Arc<AtomicBool>) -> (usize, Vec<Duration>) {
    let mapping = format!("node.service_mapping:={}", case.mapping_word());
    let words = ["--ros-args", "-r", "__ns:=/r1", "-r", "orders:=first_orders", "-p", "sample.level:=1.5", "-p", &mapping];
    let (args, _) = RosArgs::split(words.map(str::to_owned)).expect("good");
    let mut sample = Sample::default();
    let mut node = Node::open(&Options { name: "sample", args: &args, network: case.network(), stop }, &mut [&mut sample]).expect("opens");
    assert_eq!(sample.level, 1.5);
    let (_, full) = node.subscribe(topics::IMAGE_RAW.name, topics::IMAGE_RAW.type_name, topics::IMAGE_RAW.qos).expect("subscribes");
    assert_eq!(full, "/r1/camera/image_raw");
    let (_, full) = node.subscribe("orders", std_msgs::String::TYPE, Qos::reliable(10)).expect("subscribes");
    assert_eq!(full, "/r1/first_orders");
    let said = node.publisher::<std_msgs::String>(&SAID).expect("publishes");
    let say = |text: &str| said.publish_or_log(&std_msgs::String { data: text.to_owned() });
    say("open");
    let wake = node.wake();
    let enable: Service<SetBool> = node.service("~/enable").expect("offers");
    let other: Service<SetBool> = node.service("~/other").expect("offers");
    let mut waiting = Vec::new();
    let (mut changes, mut delays) = (0, Vec::new());
    loop {
        let mut sets: [&mut dyn ParamSet; 1] = [&mut sample];
        match node.next_event(&mut sets, Instant::now() + Duration::from_secs(1)).expect("waits") {
            NodeEvent::Transition(_) => node.end_transition(Outcome::Success),
            NodeEvent::ParametersChanged(_) => changes += 1,
            NodeEvent::ClockJumpedBack { by_secs } => {
                say(&format!("back {by_secs:.0}"));
                let wake = wake.clone();
                thread::Builder::new().spawn(move || wake.wake()).expect("thread");
            }
            NodeEvent::Woken => say("woken"),
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

fn inside(case: Case) {
    println!("{}", case.word());
    tracing_subscriber::registry().with(EnvFilter::new(filter(None))).with(RosoutLayer).init();
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let node = thread::Builder::new().spawn(move || serve(case, flag)).expect("thread");
    let client = Peer::new(case.mapping);

    let state: GetStateResponse = client.call("/r1/sample/get_state", "lifecycle_msgs::srv::dds_::GetState", &GetStateRequest::default());
    assert_eq!(state.current_state.label, "active");
    let level = |double_value: f64| ParameterValue { r#type: 3, double_value, ..ParameterValue::default() };
    assert_eq!(set_parameters(&client, "sample.level", vec![level(9.0), level(0.5)]), [false, true]);
    let change = |label: &str| ChangeStateRequest { transition: Transition { id: 0, label: label.to_owned() } };
    let type_name = "lifecycle_msgs::srv::dds_::ChangeState";
    let answer: ChangeStateResponse = client.call("/r1/sample/change_state", type_name, &change("deactivate"));
    assert!(answer.success);
    let answer: ChangeStateResponse = client.call("/r1/sample/change_state", type_name, &change("deactivate"));
    assert!(!answer.success, "not open when inactive");
    if case.backend == Backend::Native && case.mapping == Mapping::FastDds {
        late_reader();
    }
    owned_service(&client);
    type_description(&client);
    clock(&client);
    wrong_qos(&client);
    if case.backend != Backend::Native {
        // RustDDS does not notice it every time.
        wrong_type(&client);
    }

    let delays = pictures(&client);
    stop.store(true, Ordering::Relaxed);
    let (changes, mut received) = node.join().expect("the node ends");
    assert_eq!(changes, 2);
    received.sort();
    assert!(received.len() > delays / 2, "{} of {delays} pictures arrived", received.len());
    let at = |share: usize| received.get(received.len() * share / 100).copied().unwrap_or_default();
    println!("pictures 640x480 rgb8 at 30 Hz: {} of {delays} arrived, p50 {:?}, p99 {:?}", received.len(), at(50), at(99));
}

fn set_parameters(client: &Peer, name: &str, values: Vec<ParameterValue>) -> Vec<bool> {
    let parameters = values.into_iter().map(|value| Parameter { name: name.to_owned(), value }).collect();
    let request = SetParametersRequest { parameters };
    let set: SetParametersResponse = client.call("/r1/sample/set_parameters", "rcl_interfaces::srv::dds_::SetParameters", &request);
    set.results.iter().map(|result| result.successful).collect()
}

/// A client whose reader the node knows only after the request: discovery is in no order, and `ros2` asks at once.
fn late_reader() {
    let client = Peer::new(Mapping::FastDds);
    let answer: Option<GetStateResponse> =
        client.call_before_reading("/r1/sample/get_state", "lifecycle_msgs::srv::dds_::GetState", &GetStateRequest::default());
    let answer = answer.expect("the answer was sent before anybody read it");
    assert_eq!(answer.current_state.label, "inactive");
}

/// A late joiner hears what the node said before; time that goes back wakes the node, and so does its own thread.
fn clock(client: &Peer) {
    let mut said = client.reader::<std_msgs::String>("rt/r1/sample/said", "std_msgs::msg::dds_::String_", latched());
    let mut next = || wait(Duration::from_secs(10), || said.take_next_sample().ok()?.map(|sample| sample.into_value().data));
    assert_eq!(next().as_deref(), Some("open"));
    let simulated = ParameterValue { r#type: 1, bool_value: true, ..ParameterValue::default() };
    assert_eq!(set_parameters(client, "use_sim_time", vec![simulated]), [true]);
    let clock = client.writer::<rosgraph_msgs::Clock>("rt/clock", "rosgraph_msgs::msg::dds_::Clock_", best_effort());
    thread::sleep(Duration::from_secs(2));
    for sec in [100, 101, 42] {
        let mut message = rosgraph_msgs::Clock::default();
        message.clock.sec = sec;
        clock.write(message, None).expect("sent");
        thread::sleep(Duration::from_millis(200));
    }
    assert_eq!((next().as_deref(), next().as_deref()), (Some("back 59"), Some("woken")));
}

/// The line on `/rosout` that contains `words`.
fn told(client: &Peer, words: &str) -> String {
    let mut rosout = client.reader::<Log>("rt/rosout", "rcl_interfaces::msg::dds_::Log_", latched());
    let line = wait(Duration::from_secs(20), || {
        let line = rosout.take_next_sample().ok()??.into_value();
        line.msg.contains(words).then_some(line.msg)
    });
    line.expect("a line on /rosout")
}

/// A publisher that the node will never hear is told of on `/rosout`.
fn wrong_qos(client: &Peer) {
    let _orders = client.writer::<std_msgs::String>("rt/r1/first_orders", "std_msgs::msg::dds_::String_", best_effort());
    let line = told(client, "incompatible QoS");
    assert!(line.contains("/r1/first_orders") && line.contains("Reliability"), "{line}");
}

/// So is one of another type.
fn wrong_type(client: &Peer) {
    let _orders = client.writer::<sensor_msgs::Image>("rt/r1/first_orders", "sensor_msgs::msg::dds_::Image_", best_effort());
    let line = told(client, "their type is another");
    assert!(line.contains("sensor_msgs/msg/Image is sent on /r1/first_orders and std_msgs/msg/String is wanted"), "{line}");
}

/// Two callers of a service of the owner; each gets its own answer, whatever their order.
fn owned_service(client: &Peer) {
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
fn type_description(client: &Peer) {
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
fn pictures(client: &Peer) -> usize {
    let writer = client.writer::<sensor_msgs::Image>("rt/r1/camera/image_raw", "sensor_msgs::msg::dds_::Image_", best_effort());
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
