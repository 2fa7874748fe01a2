//! The nodes as processes of their own, held against an independent DDS in a network namespace: the scripts of `tests/ros`. Where namespaces
//! or the Python are missing, a script says so and its test is skipped.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test may panic; it says what it skips, which CI refuses"
)]

use std::path::Path;
use std::process::{Command, Output};

/// What the script answers where it cannot run.
const SKIPPED: i32 = 77;

fn check(name: &str) {
    let output = script(name);
    if output.status.code() == Some(SKIPPED) && std::env::var_os("CI").is_none() {
        return;
    }
    assert!(output.status.success(), "a live check failed: see above");
}

/// What the script `name` ended with; what it said is printed.
fn script(name: &str) -> Output {
    let binaries = Path::new(env!("CARGO_BIN_EXE_vedette_guardian")).parent().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ros/run.sh");
    let output = Command::new(script).arg(binaries).arg(name).output().expect("tests/ros/run.sh starts");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn an_independent_dds_sees_well_behaved_nodes() {
    check("check_live.py");
}

#[test]
fn the_agent_says_what_it_sees_and_how_much_of_it_works() {
    check("check_agent.py");
}

#[test]
fn operators_and_nav2_are_told_what_holds_and_no_more() {
    check("check_guardian.py");
}

#[test]
fn the_agent_answers_questions_about_what_it_sees() {
    check("check_actions.py");
}

#[test]
fn the_guardian_sends_nav2_to_look_and_calls_it_back() {
    check("check_inspection.py");
}

#[test]
fn a_recording_replays_to_the_decisions_that_were_published() {
    check("check_recording.py");
}

#[test]
fn bad_messages_are_counted_told_and_dropped() {
    check("check_odd_input.py");
}

/// Where a ROS 2 with `vedette_msgs`, and what the script needs of it, is sourced; CI has none.
fn check_with_ros(name: &str) {
    let output = script(name);
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.code() != Some(SKIPPED) {
        assert!(output.status.success() && text.contains("all checks with "), "see above");
    }
}

#[test]
fn the_tools_of_a_real_ros_take_the_nodes_for_their_own() {
    check_with_ros("check_real_ros.py");
}

#[test]
fn a_node_of_rclcpp_talks_with_the_nodes() {
    check_with_ros("check_rclcpp.py");
}

#[test]
fn the_real_rosbag2_reads_and_plays_our_bags_and_its_own_replay() {
    check_with_ros("check_rosbag2.py");
}

#[test]
fn the_lifecycle_manager_of_nav2_leads_the_nodes_and_brings_them_back() {
    check_with_ros("check_lifecycle_manager.py");
}

#[test]
fn wrong_arguments_and_environments_end_with_the_reason() {
    let run = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vedette_guardian"));
        let output = command.args(arguments).env(variable.0, variable.1).output().expect("starts");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let none = ("ROS_LOCALHOST_ONLY", "1");
    let text = run(&["--fast"], none);
    assert_eq!(text, "vedette_guardian: usage: vedette_guardian [--hazards FILE] [--ros-args ...]; unknown argument `--fast`\n");
    assert!(run(&["--ros-args", "-p", "policy.trigger_count"], none).contains("a parameter is `[node:]name:=value`"));
    assert!(run(&["--ros-args", "-p", "policy.triger_count:=2"], none).contains("did you mean `policy.trigger_count`?"));
    assert!(run(&["--ros-args", "--params-file", "/nowhere.yaml"], none).contains("cannot read parameter file /nowhere.yaml"));
    assert!(run(&["--ros-args", "-r", "__node:=a-b"], none).contains("node name `/a-b` must be"));
    assert!(run(&[], ("ROS_DOMAIN_ID", "300")).contains("ROS_DOMAIN_ID must be a number from 0 to 232: got `300`"));
}
