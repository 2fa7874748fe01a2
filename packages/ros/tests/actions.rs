//! An action between two nodes, with both service mappings, in a network namespace with nothing but loopback: goal, feedback, cancel, result,
//! rejection, a server that goes, a publisher of another type. The test starts itself again inside the namespace; where that is not allowed it
//! says so and is skipped.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test against the clock of a real participant; it says what it skips"
)]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use vedette_messages::action::Assess;
use vedette_messages::topics::{self, Qos};
use vedette_messages::vedette_msgs::{AssessFeedback, AssessGoal, AssessResult};
use vedette_messages::{RosMsg, action_msgs, std_msgs};
use vedette_ros::{
    ActionClient, ActionServer, GoalId, GoalState, GoalUpdate, Network, Node, NodeEvent, Options, Outcome, RosArgs, Subscription,
};

const INSIDE: &str = "VEDETTE_TEST_NAMESPACE";

#[test]
fn goals_go_from_node_to_node() {
    if std::env::var_os(INSIDE).is_some() {
        for (domain, mapping) in [(21, "fastdds"), (22, "cyclone")] {
            inside(domain, mapping);
        }
        return;
    }
    let program = std::env::current_exe().expect("this test has a path");
    let set_up = "ip link set lo up && ip link set lo multicast on && ip route add 239.0.0.0/8 dev lo && exec \"$@\"";
    for unshare in ["-n", "-Urn"] {
        if !Command::new("unshare").args([unshare, "true"]).output().is_ok_and(|output| output.status.success()) {
            continue;
        }
        let mut command = Command::new("unshare");
        command.args([unshare, "sh", "-c", set_up, "sh"]).arg(&program).args(["goals_go_from_node_to_node", "--exact", "--nocapture"]);
        let output = command.env(INSIDE, "1").output().expect("unshare starts");
        println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "failed inside the namespace: see above");
        return;
    }
    println!("skipped: network namespaces are not allowed here");
}

fn open(name: &str, domain: u16, mapping: &str, stop: &Arc<AtomicBool>) -> Node {
    let words = ["--ros-args", "-r", "__ns:=/r1", "-p", &format!("node.service_mapping:={mapping}")].map(str::to_owned);
    let (args, _) = RosArgs::split(words).expect("good");
    let network = Network { domain, is_loopback_only: true };
    Node::open(&Options { name, args: &args, network, stop: Arc::clone(stop) }, &mut []).expect("opens")
}

/// Pursues goals by their question: "count" tells three tokens and succeeds, "wait" waits to be cancelled, anything else is rejected.
fn serve(domain: u16, mapping: &'static str, stop: Arc<AtomicBool>) -> JoinHandle<()> {
    let work = move || {
        let mut node = open("server", domain, mapping, &stop);
        let server: ActionServer<Assess> = node.action_server("assess").expect("offers");
        let other: ActionServer<Assess> = node.action_server("~/other").expect("offers");
        loop {
            match node.next_event(&mut [], Instant::now() + Duration::from_secs(1)).expect("waits") {
                NodeEvent::Transition(_) => node.end_transition(Outcome::Success),
                NodeEvent::GoalAsked(call) => {
                    assert!(other.goal(&call).is_none(), "a goal of one action is none of another");
                    let question = server.goal(&call).expect("a goal").question.clone();
                    match question.as_str() {
                        "count" => {
                            let id = node.accept_goal(server, call).expect("accepted");
                            assert!(!node.end_goal(server, id, GoalState::Succeeded, AssessResult::default()), "it has not begun");
                            node.execute_goal(server, id);
                            for tokens in 1..=3 {
                                node.tell_feedback(server, id, AssessFeedback { tokens, ..AssessFeedback::default() });
                            }
                            let result = AssessResult { tokens: 3, ..AssessResult::default() };
                            assert!(node.end_goal(server, id, GoalState::Succeeded, result));
                        }
                        "wait" => {
                            let id = node.accept_goal(server, call).expect("accepted");
                            node.execute_goal(server, id);
                        }
                        _ => node.reject_goal(call, "it is neither count nor wait"),
                    }
                }
                NodeEvent::GoalCancelled(cancelled) => {
                    let id = server.cancelled(cancelled).expect("of this action");
                    assert!(node.end_goal(server, id, GoalState::Canceled, AssessResult::default()));
                }
                NodeEvent::Over => return,
                _ => {}
            }
        }
    };
    Builder::new().spawn(work).expect("thread")
}

/// What a client heard of a goal, in words.
fn word(update: &GoalUpdate<'_, Assess>) -> String {
    match update {
        GoalUpdate::Accepted => "accepted".to_owned(),
        GoalUpdate::Rejected => "rejected".to_owned(),
        GoalUpdate::Feedback(feedback) => format!("feedback {}", feedback.tokens),
        GoalUpdate::Canceling(is_granted) => format!("canceling {is_granted}"),
        GoalUpdate::Ended(state, result) => format!("{} {:?}", state.word(), result.map(|result| result.tokens)),
        GoalUpdate::Lost => "lost".to_owned(),
    }
}

struct Asker {
    node: Node,
    client: ActionClient<Assess>,
    status: Subscription,
    /// States of goals on the status topic, as they came.
    states: Vec<Vec<i8>>,
}

impl Asker {
    /// One event; what became known of `goal`.
    fn hear(&mut self, goal: Option<GoalId>) -> Option<String> {
        match self.node.next_event(&mut [], Instant::now() + Duration::from_millis(50)).expect("waits") {
            NodeEvent::Transition(_) => self.node.end_transition(Outcome::Success),
            NodeEvent::GoalNews(news) => {
                let (id, update) = self.client.read(&news).expect("of this action");
                assert_eq!(Some(id), goal, "no news of other goals");
                return Some(word(&update));
            }
            NodeEvent::Message { subscription, cdr } if subscription == self.status => {
                let array = action_msgs::GoalStatusArray::from_cdr(&cdr).expect("a status");
                self.states.push(array.status_list.iter().map(|status| status.status).collect());
            }
            _ => {}
        }
        None
    }

    /// Everything until the word that `last` begins with.
    fn until(&mut self, goal: GoalId, last: &str) -> Vec<String> {
        let end = Instant::now() + Duration::from_secs(20);
        let mut words = Vec::new();
        while Instant::now() < end {
            if let Some(word) = self.hear(Some(goal)) {
                words.push(word);
                if words.last().is_some_and(|word| word.starts_with(last)) {
                    return words;
                }
            }
        }
        panic!("no {last} after {words:?}");
    }

    fn ask(&mut self, question: &str) -> GoalId {
        let goal = AssessGoal { question: question.to_owned(), ..AssessGoal::default() };
        self.node.send_goal(self.client, goal).expect("sent")
    }
}

fn inside(domain: u16, mapping: &'static str) {
    let (mine, theirs) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut node = open("asker", domain, mapping, &mine);
    let client: ActionClient<Assess> = node.action_client("assess").expect("opens");
    let (status, full) = node.subscribe("assess/_action/status", action_msgs::GoalStatusArray::TYPE, Qos::GOAL_STATUS).expect("subscribes");
    assert_eq!(full, "/r1/assess/_action/status");
    let mut asker = Asker { node, client, status, states: Vec::new() };
    for _ in 0..20 {
        asker.hear(None);
    }
    assert!(!asker.node.has_action_server(client), "nobody is there");
    let server = serve(domain, mapping, Arc::clone(&theirs));
    let end = Instant::now() + Duration::from_secs(20);
    while !asker.node.has_action_server(client) {
        assert!(Instant::now() < end, "the server is not found");
        asker.hear(None);
    }

    let goal = asker.ask("count");
    assert_eq!(asker.until(goal, "succeeded"), ["accepted", "feedback 1", "feedback 2", "feedback 3", "succeeded Some(3)"]);
    let goal = asker.ask("nothing");
    assert_eq!(asker.until(goal, "rejected"), ["rejected"]);
    let goal = asker.ask("wait");
    assert_eq!(asker.until(goal, "accepted"), ["accepted"]);
    asker.node.cancel_goal(client, goal);
    let mut words = asker.until(goal, "canceled");
    if words.len() < 2 {
        // Two services: their answers come in any order.
        words.extend(asker.until(goal, "canceling"));
    }
    words.sort();
    assert_eq!(words, ["canceled Some(0)", "canceling true"]);
    let goal = asker.ask("wait");
    assert_eq!(asker.until(goal, "accepted"), ["accepted"]);
    asker.node.abandon_goal(client, goal);
    let last = asker.ask("wait");
    assert_eq!(asker.until(last, "accepted"), ["accepted"], "nothing more of one that is abandoned");
    theirs.store(true, Ordering::Relaxed);
    assert_eq!(asker.until(last, "lost"), ["lost"], "its server went");
    server.join().expect("the server ends");
    assert!(!asker.node.has_action_server(client));
    let (first, end) = (asker.states.first().expect("states"), asker.states.last().expect("states"));
    assert_eq!((first.as_slice(), end.as_slice()), ([1].as_slice(), [4, 5, 5, 2].as_slice()), "{:?}", asker.states);
    stranger(asker, domain, mapping, &mine);
}

/// A publisher of another type on a topic that is listened to is told of.
fn stranger(mut asker: Asker, domain: u16, mapping: &'static str, stop: &Arc<AtomicBool>) {
    asker.node.subscribe("chatter", topics::IMU.type_name, Qos::reliable(5)).expect("subscribes");
    let mut other = open("other", domain, mapping, stop);
    let chatter = topics::Topic { name: "chatter", type_name: std_msgs::String::TYPE, qos: Qos::reliable(5) };
    let _publisher = other.publisher::<std_msgs::String>(&chatter).expect("publishes");
    let diagnostics = topics::DIAGNOSTICS;
    let (heard, _) = other.subscribe(diagnostics.name, diagnostics.type_name, diagnostics.qos).expect("subscribes");
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        asker.hear(None);
        let NodeEvent::Message { subscription, cdr } = other.next_event(&mut [], Instant::now()).expect("waits") else { continue };
        assert_eq!(subscription, heard);
        let array = vedette_messages::diagnostic_msgs::DiagnosticArray::from_cdr(&cdr).expect("diagnostics");
        if let Some(status) = array.status.iter().find(|status| status.name == "asker: topics") {
            assert_eq!(status.message, "std_msgs/msg/String is sent on /r1/chatter and sensor_msgs/msg/Imu is wanted");
            return;
        }
    }
    panic!("a publisher of another type was not told of");
}
