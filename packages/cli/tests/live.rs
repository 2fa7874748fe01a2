//! `vedette sim` and `vedette up` live: held against an independent DDS in a network namespace (`tests/ros/check_sim.py`), and what their
//! command lines refuse. Where namespaces or the Python are missing, the script says so and the test is skipped.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "says what it skips, which CI refuses")]

use std::path::Path;
use std::process::Command;

/// What the script answers where it cannot run.
const SKIPPED: i32 = 77;

#[test]
fn an_independent_dds_sees_the_simulated_robot() {
    let binaries = Path::new(env!("CARGO_BIN_EXE_vedette")).parent().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ros/run.sh");
    let output = Command::new(script).arg(binaries).arg("check_sim.py").output().expect("tests/ros/run.sh starts");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}{}", String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(SKIPPED) && std::env::var_os("CI").is_none() {
        return;
    }
    assert!(output.status.success(), "a live check failed: see above");
}

#[test]
fn wrong_arguments_end_with_the_reason() {
    let run = |line: &str, code: i32, words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vedette")).args(line.split_whitespace()).output().expect("starts");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{line}: {text}");
        for word in words {
            assert!(text.contains(word), "`{word}` is missing for `{line}` in:\n{text}");
        }
    };
    run("sim --rate 2", 1, &["--rate 2 needs --clock", "system's time"]);
    run("sim --clock --rate 0", 2, &["0.05 to 20 are possible: got 0"]);
    run("sim --clock --rate NaN", 2, &["0.05 to 20 are possible: got NaN"]);
    run("sim --map nowhere", 1, &["cannot use map nowhere", "warehouse"]);
    run("sim --minutes 0", 1, &["minutes must be above 0"]);
    run("sim --ros-args -p use_sim_time", 1, &["a parameter is `[node:]name:=value`"]);
    run("sim --ros-args -r __node:=a-b", 1, &["node name `/a-b` must be"]);
    run("up camera", 2, &["camera", "agent, guardian, recorder"]);
    run("up guardian --map home", 2, &["--sim"]);
    run("up --sim --map nowhere", 1, &["cannot use map nowhere"]);
    run("up guardian --ros-args -x", 1, &["unknown ROS argument `-x`"]);
}
