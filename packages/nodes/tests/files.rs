//! Files of the repository that say what the nodes say: parameter files rendered from the declarations, the ament packages.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "says what it skips, and renders files anew when it is asked to")]

use std::path::{Path, PathBuf};
use std::process::Command;
use vedette_nodes::{NodeKind, all_parameters};
use vedette_params::ParamSet;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `VEDETTE_RENDER=1 cargo test -p vedette-nodes --test files` writes them anew.
#[test]
fn the_parameter_files_are_fresh() {
    for kind in [NodeKind::Guardian, NodeKind::Recorder] {
        let sets = all_parameters(kind);
        let sets: Vec<&dyn ParamSet> = sets.iter().map(|set| &**set as &dyn ParamSet).collect();
        let rendered = vedette_params::default_yaml(&sets, kind.name());
        let file = root().join(format!("params/{}.yaml", kind.name()));
        if std::env::var_os("VEDETTE_RENDER").is_some() {
            std::fs::write(&file, &rendered).expect("written");
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), rendered, "{} is stale", file.display());
    }
}

#[test]
fn the_robots_own_file_changes_nothing_until_it_is_edited() {
    let text = std::fs::read_to_string(root().join("params/robot.yaml")).expect("params/robot.yaml");
    let mut sets = all_parameters(NodeKind::Guardian);
    let mut sets: Vec<&mut dyn ParamSet> = sets.iter_mut().map(|set| &mut **set as &mut dyn ParamSet).collect();
    vedette_params::load(&mut sets, &text, "robot.yaml", "/vedette_guardian").expect("read");
}

#[test]
fn colcon_finds_both_packages() {
    let colcon = root().join("target/ros-checkers/bin/colcon");
    if !colcon.exists() {
        println!("skipped: {} is not there; run tests/ros/setup.sh", colcon.display());
        return;
    }
    let output = Command::new(colcon)
        .args(["--log-base", "/dev/null", "list", "--base-paths", "msgs", "launch"])
        .current_dir(root())
        .output()
        .expect("colcon starts");
    let mut lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(|line| line.replace('\t', " ")).collect();
    lines.sort();
    assert_eq!(
        lines,
        ["vedette launch (ros.ament_cmake)", "vedette_msgs msgs (ros.ament_cmake)"],
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
