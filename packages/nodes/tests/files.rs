//! Files of the repository that say what the nodes say: parameter files rendered from the declarations, the ament packages.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "says what it skips, and renders files anew when it is asked to")]

use std::path::{Path, PathBuf};
use std::process::Command;
use vedette_messages::action_msgs::{CancelGoalRequest, CancelGoalResponse};
use vedette_messages::type_description_interfaces::TypeSource;
use vedette_messages::{RosMsg as _, topics};
use vedette_nodes::{NodeKind, all_parameters};
use vedette_params::ParamSet;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `VEDETTE_RENDER=1 cargo test -p vedette-nodes --test files` writes them anew.
#[test]
fn the_parameter_files_are_fresh() {
    for kind in [NodeKind::Guardian, NodeKind::Recorder, NodeKind::Visualizer] {
        let sets = all_parameters(kind);
        let sets: Vec<&dyn ParamSet> = sets.iter().map(|set| &**set as &dyn ParamSet).collect();
        // In any namespace: a section with the bare name is one for the node at the root only.
        let rendered = vedette_params::default_yaml(&sets, &format!("/**/{}", kind.name()));
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

/// The launch files give every node the same file, in a namespace or not.
#[test]
fn every_node_takes_every_parameter_file() {
    for &kind in NodeKind::ALL {
        for file in ["robot.yaml", "gemma3_4b_orin_nano.yaml", "nav2/vedette_nav2.yaml", &format!("{}.yaml", kind.name())] {
            let text = std::fs::read_to_string(root().join("params").join(file)).expect(file);
            let text = text.replace("# /**:\n#   ros", "/**:\n  ros").replace("\n#     ", "\n    ");
            for node in [format!("/{}", kind.name()), format!("/robot1/{}", kind.name())] {
                let mut sets = all_parameters(kind);
                let mut sets: Vec<&mut dyn ParamSet> = sets.iter_mut().map(|set| &mut **set as &mut dyn ParamSet).collect();
                let for_others = vedette_params::load_shared(&mut sets, &text, file, &node);
                assert!(for_others.is_ok(), "{node}: {for_others:?}");
                assert!(
                    !file.starts_with(kind.name()) || for_others == Ok(Vec::new()),
                    "{node} is left out of its own file: {for_others:?}"
                );
            }
        }
    }
}

#[test]
fn the_parameters_beside_nav2_are_the_guardians() {
    let text = std::fs::read_to_string(root().join("params/nav2/vedette_nav2.yaml")).expect("params/nav2/vedette_nav2.yaml");
    let mut sets = all_parameters(NodeKind::Guardian);
    let mut sets: Vec<&mut dyn ParamSet> = sets.iter_mut().map(|set| &mut **set as &mut dyn ParamSet).collect();
    vedette_params::load(&mut sets, &text, "vedette_nav2.yaml", "/vedette_guardian").expect("read");
    // Topics are named twice, in a file for foreign nodes: a name that is changed here must change there.
    let overlay = std::fs::read_to_string(root().join("params/nav2/nav2_overlay.yaml")).expect("params/nav2/nav2_overlay.yaml");
    for topic in [topics::SPEED_LIMIT, topics::KEEPOUT_INFO, topics::SPEED_INFO, topics::POLYGONS] {
        assert!(overlay.contains(&format!("\"{}\"", topic.name)), "{}", topic.name);
    }
}

#[test]
fn rviz_shows_what_the_nodes_publish() {
    let text = std::fs::read_to_string(root().join("launch/rviz/vedette.rviz")).expect("launch/rviz/vedette.rviz");
    for topic in [topics::MARKERS, topics::ANNOTATED_IMAGE, topics::MAP, topics::KEEPOUT_MASK, topics::SPEED_MASK, topics::SCAN] {
        assert!(text.contains(&format!("Value: {},", topic.name)), "{}", topic.name);
    }
    assert!(text.contains("rviz_default_plugins/TF"));
}

#[test]
fn launch_files_are_short_described_and_installed() {
    let installed = std::fs::read_to_string(root().join("launch/CMakeLists.txt")).expect("launch/CMakeLists.txt");
    let mut count = 0;
    for entry in std::fs::read_dir(root().join("launch")).expect("launch/") {
        let path = entry.expect("entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if !name.ends_with(".launch.py") {
            continue;
        }
        count += 1;
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.lines().count() < 60, "{name} is a list of nodes and holds no logic");
        assert!(installed.contains(&name), "{name} is not installed");
        assert!(text.contains("description="), "{name} describes its arguments");
        for word in ["    if ", "    while ", "OpaqueFunction", "os.environ"] {
            assert!(!text.contains(word), "{name} holds logic: {word}");
        }
        let checked = Command::new("python3").args(["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())"]).arg(&path).status();
        assert!(checked.is_ok_and(|status| status.success()), "{name} is no Python");
    }
    assert_eq!(count, 4);
    for &kind in NodeKind::ALL {
        assert!(installed.contains(kind.name()), "{} is not installed", kind.name());
    }
    launch_files_run();
}

/// Under the real `launch` where ROS 2 is sourced.
fn launch_files_run() {
    let has_ros = Command::new("ros2").args(["launch", "--help"]).output().is_ok_and(|output| output.status.success());
    if !has_ros {
        println!("unrun: the launch files; there is no ros2 here");
        return;
    }
    for name in ["vedette", "replay", "nav2_overlay", "rviz"] {
        let path = root().join(format!("launch/{name}.launch.py"));
        let described = Command::new("ros2").args(["launch", "--show-args"]).arg(path).status();
        assert!(described.is_ok_and(|status| status.success()), "{name}: see above");
    }
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

/// What the script answers where it cannot run.
const SKIPPED: i32 = 77;

#[test]
fn msgs_are_built_by_the_generators_of_ros() {
    let folder = tempfile::tempdir().expect("folder");
    let standard = folder.path().join("standard");
    let stems = |kind: &str| {
        let entries = std::fs::read_dir(root().join("msgs").join(kind)).expect("a folder of msgs");
        entries.map(|entry| entry.expect("entry").path().file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned()).collect()
    };
    let messages: Vec<String> = stems("msg");
    let actions: Vec<String> = stems("action");
    let mut types: Vec<String> = messages.iter().map(|name| format!("vedette_msgs/msg/{name}")).collect();
    for part in ["SendGoal_Request", "GetResult_Response", "FeedbackMessage"] {
        types.extend(actions.iter().map(|name| format!("vedette_msgs/action/{name}_{part}")));
    }
    // Every action speaks of these.
    types.extend(["action_msgs/msg/GoalStatusArray", "action_msgs/srv/CancelGoal_Response"].map(str::to_owned));
    for type_name in types {
        // What the programs were generated from is what the script is given.
        let description = vedette_messages::describe(&type_name, "").expect("each type in msgs/ is generated");
        let is_given = |source: &&TypeSource| !source.type_name.starts_with("vedette_msgs/") && source.type_name.contains("/msg/");
        for source in vedette_messages::sources(&description).iter().filter(is_given) {
            let file = standard.join(&source.type_name).with_extension("msg");
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(file, &source.raw_file_contents).expect("written");
        }
    }
    let half = |definition: &'static str| definition.split("====").next().unwrap_or_default();
    let cancel = [half(CancelGoalRequest::DEFINITION), half(CancelGoalResponse::DEFINITION)].join("---\n");
    std::fs::create_dir_all(standard.join("action_msgs/srv")).expect("made");
    std::fs::write(standard.join("action_msgs/srv/CancelGoal.srv"), cancel).expect("written");
    let script = root().join("tests/ros/build_msgs.sh");
    let output = Command::new(script).arg(&standard).arg(folder.path().join("work")).output().expect("tests/ros/build_msgs.sh starts");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}{}", String::from_utf8_lossy(&output.stderr));
    if output.status.code() != Some(SKIPPED) {
        assert!(output.status.success() && text.contains("interfaces of vedette_msgs built by rosidl"), "see above");
    }
}
