//! An action between two nodes of one backend, for every backend and both service mappings, in a network namespace with nothing but loopback: goal,
//! feedback, cancel, result, rejection, a server that goes. Where that is not allowed it says so and is skipped.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test against the clock of a real participant; it says what it skips"
)]

#[path = "conformance/case.rs"]
mod case;

use case::Case;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use vedette_messages::action::Assess;
use vedette_messages::topics::Qos;
use vedette_messages::vedette_msgs::{AssessFeedback, AssessGoal, AssessResult};
use vedette_messages::{RosMsg, action_msgs};
use vedette_ros::{ActionClient, ActionServer, GoalId, GoalState, GoalUpdate, Node, NodeEvent, Options, Outcome, RosArgs, Subscription};

#[test]
fn goals_go_from_node_to_node() {
    case::each("goals_go_from_node_to_node", inside);
}

fn open(name: &str, case: Case, stop: &Arc<AtomicBool>) -> Node {
    let words = ["--ros-args", "-r", "__ns:=/r1", "-p", &format!("node.service_mapping:={}", case.mapping_word())].map(str::to_owned);
    let (args, _) = RosArgs::split(words).expect("good");
    Node::open(&Options { name, args: &args, network: case.network(), stop: Arc::clone(stop) }, &mut []).expect("opens")
}

/// Pursues goals by their question: "count" tells three tokens and succeeds when it is to be given up, "wait" waits to be cancelled, anything else
/// is rejected.
fn serve(case: Case, stop: Arc<AtomicBool>) -> JoinHandle<()> {
    let work = move || {
        let mut node = open("server", case, &stop);
        let server: ActionServer<Assess> = node.action_server("assess").expect("offers");
        let other: ActionServer<Assess> = node.action_server("~/other").expect("offers");
        let mut counted = None;
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
                            counted = Some(id);
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
                    let (state, tokens) = if counted == Some(id) { (GoalState::Succeeded, 3) } else { (GoalState::Canceled, 0) };
                    assert!(node.end_goal(server, id, state, AssessResult { tokens, ..AssessResult::default() }));
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

fn inside(case: Case) {
    println!("{}", case.word());
    let (mine, theirs) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut node = open("asker", case, &mine);
    let client: ActionClient<Assess> = node.action_client("assess").expect("opens");
    let (status, full) = node.subscribe("assess/_action/status", action_msgs::GoalStatusArray::TYPE, Qos::GOAL_STATUS).expect("subscribes");
    assert_eq!(full, "/r1/assess/_action/status");
    let mut asker = Asker { node, client, status, states: Vec::new() };
    for _ in 0..20 {
        asker.hear(None);
    }
    assert!(!asker.node.has_action_server(client), "nobody is there");
    let server = serve(case, Arc::clone(&theirs));
    let end = Instant::now() + Duration::from_secs(20);
    while !asker.node.has_action_server(client) {
        assert!(Instant::now() < end, "the server is not found");
        asker.hear(None);
    }

    // Topic and services are apart: what they say comes in any order, and what comes after the end is no news any more.
    let goal = asker.ask("count");
    let mut words = asker.until(goal, "feedback 3");
    asker.node.cancel_goal(client, goal);
    words.extend(asker.until(goal, "succeeded"));
    words.retain(|word| word != "canceling true");
    words.sort();
    assert_eq!(words, ["accepted", "feedback 1", "feedback 2", "feedback 3", "succeeded Some(3)"]);
    let goal = asker.ask("nothing");
    assert_eq!(asker.until(goal, "rejected"), ["rejected"]);
    let goal = asker.ask("wait");
    assert_eq!(asker.until(goal, "accepted"), ["accepted"]);
    asker.node.cancel_goal(client, goal);
    let mut words = asker.until(goal, "canceled");
    words.retain(|word| word != "canceling true");
    assert_eq!(words, ["canceled Some(0)"]);
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
    // The topic keeps one message: an accepted goal that is pursued at once may be seen as that only.
    assert!([[1], [2]].iter().any(|state| first == state), "{:?}", asker.states);
    assert_eq!(end.as_slice(), [4, 5, 5, 2], "{:?}", asker.states);
}
