//! What a topic costs: 640x640 rgb8 pictures between two processes at 30 and 300 Hz, through our nodes and through bare RustDDS in the same
//! run; where `VEDETTE_GUARDIAN` names the program, how long a gas alarm takes over DDS; and where `VEDETTE_AGENT` does, what the agent's memory is beside
//! such a camera, and how often it still assesses.
//!
//! `make bench-ros`, on an idle machine. It starts itself again inside a network namespace with nothing but loopback, and once more as the
//! sender. A program and no timed test: it prints one line of JSON a case and judges nothing.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures on the clocks of real processes"
)]

use rustdds::no_key::{DataReaderCdr, DataWriterCdr};
use rustdds::policy::{History, Reliability};
use rustdds::{
    DomainParticipant, DomainParticipantBuilder, Duration as DdsDuration, QosPolicies, QosPolicyBuilder, Topic as DdsTopic, TopicKind,
};
use std::net::Ipv4Addr;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vedette_messages::builtin_interfaces::Time;
use vedette_messages::{RosMsg, sensor_msgs::Image, topics, vedette_msgs};
use vedette_ros::{Backend, Network, Node, NodeEvent, Options, Outcome, Publisher, RosArgs};

const DOMAIN: u16 = 11;
const NETWORK: Network = Network { domain: DOMAIN, is_loopback_only: true, backend: Backend::Native };
/// Set inside the namespace; for the sender it says how and how often: `ours 30`.
const ROLE: &str = "VEDETTE_BENCH_ROLE";
const SECS: u64 = 15;
/// Discovery; what is sent before endpoints are matched is lost by right.
const DISCOVERY: Duration = Duration::from_secs(3);
const ALARMS: usize = 500;

fn main() {
    match std::env::var(ROLE).ok() {
        None => enter_namespace(),
        Some(role) if role == "receiver" => receive_all(),
        Some(role) => send(&role),
    }
}

fn itself(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.env(ROLE, role);
    command
}

fn enter_namespace() {
    let set_up = "ip link set lo up && ip link set lo multicast on && ip route add 239.0.0.0/8 dev lo && exec \"$@\"";
    for unshare in ["-n", "-Urn"] {
        if Command::new("unshare").args([unshare, "true"]).output().is_ok_and(|output| output.status.success()) {
            let program = std::env::current_exe().expect("this program has a path");
            let mut command = Command::new("unshare");
            let status = command.args([unshare, "sh", "-c", set_up, "sh"]).arg(program).env(ROLE, "receiver").status();
            assert!(status.expect("unshare starts").success(), "failed inside the namespace");
            return;
        }
    }
    println!("skipped: network namespaces are not allowed here");
}

fn receive_all() {
    for hz in [30, 300] {
        for how in ["rustdds", "ours"] {
            let sender = itself(&format!("{how} {hz}")).spawn().expect("the sender starts");
            let delays = if how == "ours" { receive(sender) } else { receive_bare(sender) };
            report(how, hz, SECS * hz, delays);
        }
    }
    if let Ok(guardian) = std::env::var("VEDETTE_GUARDIAN") {
        alarms(&guardian);
    }
    if let Ok(agent) = std::env::var("VEDETTE_AGENT") {
        for (with_model, hz) in [(true, 30), (true, 300), (false, 30), (false, 300)] {
            beside_camera(&agent, with_model, hz);
        }
    }
}

fn report(how: &str, hz: u64, sent: u64, mut delays: Vec<Duration>) {
    delays.sort();
    let (p50, p99) = (at(&delays, 50), at(&delays, 99));
    let share = delays.len() as f64 / sent as f64;
    println!(
        "{{\"case\": \"image 640x640 rgb8\", \"through\": \"{how}\", \"hz\": {hz}, \"sent\": {sent}, \"delivered\": {share:.4}, \"p50_millis\": {p50:.3}, \"p99_millis\": {p99:.3}}}"
    );
}

/// Percentile in milliseconds.
fn at(sorted: &[Duration], percent: usize) -> f64 {
    sorted.get(sorted.len() * percent / 100).map_or(f64::NAN, |delay| delay.as_secs_f64() * 1e3)
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn age(stamp: &Time) -> Duration {
    now().saturating_sub(Duration::new(u64::try_from(stamp.sec).unwrap_or_default(), stamp.nanosec))
}

fn stamp() -> Time {
    let now = now();
    Time { sec: i32::try_from(now.as_secs()).unwrap_or_default(), nanosec: now.subsec_nanos() }
}

fn open(name: &str) -> Node {
    let (args, _) = RosArgs::split(Vec::new()).expect("no arguments");
    Node::open(&Options { name, args: &args, network: NETWORK, stop: Arc::new(AtomicBool::new(false)) }, &mut []).expect("a node")
}

/// Lets a node work until `until`; gives back the messages it heard.
fn turn(node: &mut Node, until: Instant, mut hear: impl FnMut(Vec<u8>)) {
    loop {
        match node.next_event(&mut [], until).expect("waits") {
            NodeEvent::TimeUp => return,
            NodeEvent::Transition(_) => node.end_transition(Outcome::Success),
            NodeEvent::Message { cdr, .. } => hear(cdr),
            _ => {}
        }
    }
}

fn receive(mut sender: Child) -> Vec<Duration> {
    let mut node = open("receiver");
    node.subscribe(topics::IMAGE_RAW.name, topics::IMAGE_RAW.type_name, topics::IMAGE_RAW.qos).expect("subscribes");
    let mut delays = Vec::new();
    while sender.try_wait().expect("the sender").is_none() {
        // The stamp stands at the beginning; decoding the picture is not the transport's time.
        turn(&mut node, Instant::now() + Duration::from_millis(100), |cdr| delays.push(cdr_age(&cdr)));
    }
    delays
}

/// Header stamp of a CDR message that begins with one.
fn cdr_age(cdr: &[u8]) -> Duration {
    let word = |from: usize| cdr.get(from..from + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
    age(&Time { sec: i32::try_from(word(4)).unwrap_or_default(), nanosec: word(8) })
}

fn bare() -> (DomainParticipant, DdsTopic, QosPolicies) {
    let qos = QosPolicyBuilder::new().reliability(Reliability::BestEffort).history(History::KeepLast { depth: 1 }).build();
    let participant = DomainParticipantBuilder::new(DOMAIN).with_only_networks([Ipv4Addr::LOCALHOST]).build().expect("participant");
    let name = "rt/bare/image_raw".to_owned();
    let topic = participant.create_topic(name, "sensor_msgs::msg::dds_::Image_".to_owned(), &qos, TopicKind::NoKey).expect("topic");
    (participant, topic, qos)
}

fn receive_bare(mut sender: Child) -> Vec<Duration> {
    let (participant, topic, qos) = bare();
    let subscriber = participant.create_subscriber(&qos).expect("subscriber");
    let mut reader: DataReaderCdr<Image> = subscriber.create_datareader_no_key_cdr(&topic, Some(qos)).expect("reader");
    let mut delays = Vec::new();
    while sender.try_wait().expect("the sender").is_none() {
        match reader.take_next_sample() {
            Ok(Some(sample)) => delays.push(age(&sample.value().header.stamp)),
            _ => thread::sleep(Duration::from_micros(100)),
        }
    }
    delays
}

fn send(role: &str) {
    let (how, hz) = role.split_once(' ').expect("`ours 30`");
    let hz: u64 = hz.parse().expect("a rate");
    let mut image = Image { height: 640, width: 640, encoding: "rgb8".to_owned(), step: 1920, ..Image::default() };
    image.data = vec![7; 640 * 640 * 3];
    let period = Duration::from_secs(1) / u32::try_from(hz).unwrap_or(30);
    let mut pace = |publish: &mut dyn FnMut(Image, Instant)| {
        let start = Instant::now();
        for k in 0..SECS * hz {
            image.header.stamp = stamp();
            publish(image.clone(), start + period * u32::try_from(k + 1).unwrap_or(u32::MAX));
        }
        thread::sleep(Duration::from_millis(500));
    };
    if how == "ours" {
        let mut node = open("sender");
        let publisher: Publisher<Image> = node.publisher(&topics::IMAGE_RAW).expect("publisher");
        turn(&mut node, Instant::now() + DISCOVERY, |_| {});
        pace(&mut |image, next| {
            publisher.publish(&image).expect("sent");
            turn(&mut node, next, |_| {});
        });
    } else {
        let (participant, topic, qos) = bare();
        let publisher = participant.create_publisher(&qos).expect("publisher");
        let writer: DataWriterCdr<Image> = publisher.create_datawriter_no_key_cdr(&topic, Some(qos)).expect("writer");
        thread::sleep(DISCOVERY);
        pace(&mut |image, next| {
            writer.write(image, None).expect("sent");
            thread::sleep(next.saturating_duration_since(Instant::now()));
        });
    }
}

/// A program of ours in the domain of this benchmark.
fn program(path: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new(path);
    command.args(arguments);
    command.env("ROS_DOMAIN_ID", DOMAIN.to_string()).env("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST");
    command.spawn().expect("the program starts")
}

/// What leads the agent to its last rung, `reflex_only`, before the camera begins: no machine has so much memory.
const NO_MODEL: [&str; 9] = [
    "--ros-args",
    "-p",
    "ladder.down_after_secs:=0.0",
    "-p",
    "ladder.period_secs:=0.2",
    "-p",
    "ladder.calm_available_bytes:=1000000000000",
    "-p",
    "ladder.low_available_bytes:=900000000000",
];

/// Memory of the agent while a camera sends pictures, and how many assessments come meanwhile.
fn beside_camera(agent: &str, with_model: bool, hz: u64) {
    let mut agent = program(agent, if with_model { &[] } else { &NO_MODEL });
    let mut node = open("listener");
    let topic = topics::ASSESSMENT;
    node.subscribe(topic.name, topic.type_name, topic.qos).expect("subscribes");
    // The agent first loads and tests its model.
    turn(&mut node, Instant::now() + DISCOVERY, |_| {});
    let before = memory_mb(&agent, "VmRSS");
    let mut sender = itself(&format!("ours {hz}")).spawn().expect("the sender starts");
    let (mut assessments, mut resident) = (0_u64, Vec::new());
    while sender.try_wait().expect("the sender").is_none() {
        turn(&mut node, Instant::now() + Duration::from_millis(250), |_| assessments += 1);
        resident.push(memory_mb(&agent, "VmRSS"));
    }
    let anonymous = memory_mb(&agent, "RssAnon");
    drop(agent.kill().and_then(|()| agent.wait()));
    let most = resident.iter().copied().fold(f64::NAN, f64::max);
    let last = resident.last().copied().unwrap_or(f64::NAN);
    println!(
        "{{\"case\": \"agent beside a camera\", \"with_model\": {with_model}, \"hz\": {hz}, \"assessments\": {assessments}, \"before_mb\": {before:.1}, \"most_mb\": {most:.1}, \"last_mb\": {last:.1}, \"anonymous_mb\": {anonymous:.1}}}"
    );
}

/// What Linux says of the memory of a program: one of the sizes in its `status`.
fn memory_mb(child: &Child, what: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok()).map_or(f64::NAN, |kib| kib * 1024.0 / 1e6)
}

/// Time from a gas reading above its threshold to the decision to stop, as a bare participant sees it.
fn alarms(guardian: &str) {
    let mut child = program(guardian, &[]);
    let participant = DomainParticipantBuilder::new(DOMAIN).with_only_networks([Ipv4Addr::LOCALHOST]).build().expect("participant");
    let reliable = Reliability::Reliable { max_blocking_time: DdsDuration::from_millis(100) };
    let qos = QosPolicyBuilder::new().reliability(reliable).history(History::KeepLast { depth: 10 }).build();
    let topic = |name: &str, kind: &str| {
        let (name, kind) = (format!("rt/{name}"), format!("vedette_msgs::msg::dds_::{kind}_"));
        participant.create_topic(name, kind, &qos, TopicKind::NoKey).expect("topic")
    };
    let (gas, decision) = (topic(topics::GAS.name, "GasReading"), topic(topics::DECISION.name, "Decision"));
    let (publisher, subscriber) =
        (participant.create_publisher(&qos).expect("publisher"), participant.create_subscriber(&qos).expect("subscriber"));
    let writer: DataWriterCdr<vedette_msgs::GasReading> = publisher.create_datawriter_no_key_cdr(&gas, Some(qos.clone())).expect("writer");
    let mut reader: DataReaderCdr<vedette_msgs::Decision> =
        subscriber.create_datareader_no_key_cdr(&decision, Some(qos.clone())).expect("reader");
    thread::sleep(DISCOVERY);
    let mut say = |ppm: f64, is_wanted: &dyn Fn(u8) -> bool| {
        let mut reading = vedette_msgs::GasReading { gas: "co".to_owned(), ppm, ..Default::default() };
        reading.header.stamp = stamp();
        let start = Instant::now();
        writer.write(reading, None).expect("sent");
        while start.elapsed() < Duration::from_secs(2) {
            match reader.take_next_sample() {
                Ok(Some(sample)) if is_wanted(sample.value().response) => return Some(start.elapsed()),
                Ok(Some(_)) => {}
                _ => thread::sleep(Duration::from_micros(50)),
            }
        }
        None
    };
    let stop = vedette_msgs::Decision::RESPONSE_STOP;
    let mut delays = Vec::new();
    for _ in 0..ALARMS {
        delays.extend(say(80.0, &|response| response == stop));
        say(10.0, &|response| response != stop);
    }
    drop(child.kill().and_then(|()| child.wait()));
    delays.sort();
    let (count, p50, p99) = (delays.len(), at(&delays, 50), at(&delays, 99));
    println!(
        "{{\"case\": \"gas alarm over DDS\", \"alarms\": {ALARMS}, \"answered\": {count}, \"p50_millis\": {p50:.3}, \"p99_millis\": {p99:.3}}}"
    );
    debug_assert_eq!(vedette_msgs::Decision::TYPE, topics::DECISION.type_name);
}
