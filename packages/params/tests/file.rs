//! ROS 2 parameter files, overrides and renderings: what is read, what is refused and in which words.

#![expect(clippy::expect_used, clippy::result_large_err, reason = "a test stops at the first surprise, and its speed is no matter")]

use proptest::prelude::*;
use vedette_params::{
    Descriptor, ParamError, ParamSet, Value, current_yaml, default_yaml, load, load_shared, markdown_table, set_from_text,
};

vedette_params::params! {
    /// Time alignment.
    struct FusionParams: "fusion" {
        /// Largest distance between the image stamp and a matched reading.
        max_interval_secs: f64 = 0.1, range 0.0..=5.0, unit "s";
        /// Whether unchanged frames are skipped.
        gate_enabled: bool = true;
        /// Topics of the cameras; empty takes every image topic.
        camera_topics: Vec<String> = [];
    }
}

vedette_params::params! {
    /// Caution.
    struct PolicyParams: "policy", validate = release_is_below_trigger {
        /// What an unknown verdict leads to.
        unknown_response: String = "slow_down", one_of ["slow_down", "stop"];
        /// Alarm above this.
        trigger: Vec<f64> = [50.0, 1000.0], range 0.0..=1_000_000.0, unit "ppm";
        /// Release | below this.
        release: Vec<f64> = [35.0, 800.0], range 0.0..=1_000_000.0, unit "ppm";
        /// Assessments in a row.
        count: i64 = 1, range 1..=100;
    }
}

fn release_is_below_trigger(params: &PolicyParams) -> Result<(), ParamError> {
    match params.trigger.iter().zip(&params.release).find(|(trigger, release)| release >= trigger) {
        Some((trigger, release)) => Err(ParamError::inconsistent("policy.release", format!("must be below {trigger}"), release)),
        None => Ok(()),
    }
}

type Both = (FusionParams, PolicyParams);

fn read(text: &str, node_name: &str) -> Result<Both, (ParamError, Both)> {
    let mut both = Both::default();
    match load(&mut [&mut both.0, &mut both.1], text, "agent.yaml", node_name) {
        Ok(()) => Ok(both),
        Err(error) => Err((error, both)),
    }
}

fn interval(text: &str, node_name: &str) -> f64 {
    read(text, node_name).expect("readable").0.max_interval_secs
}

/// The error's words; nothing may have changed.
fn refused(text: &str) -> String {
    let (error, both) = read(text, "vedette_agent").expect_err(text);
    assert_eq!(both, Both::default(), "a refused file changed something: {text}");
    error.to_string()
}

#[test]
fn nested_and_dotted_names_are_the_same() {
    let nested = "/**:\n  ros__parameters:\n    fusion:\n      max_interval_secs: 2\n      camera_topics: [/left, '/right']\n";
    let dotted =
        "vedette_agent:\n  ros__parameters:\n    fusion.max_interval_secs: 2.0\n    fusion.camera_topics:\n    - /left\n    - /right\n";
    assert_eq!(read(nested, "vedette_agent"), read(dotted, "vedette_agent"));
    let (fusion, _) = read(nested, "vedette_agent").expect("readable");
    assert_eq!((fusion.max_interval_secs, fusion.camera_topics.len()), (2.0, 2));
}

#[test]
fn values_keep_their_meaning() {
    let text = "/**:\n  ros__parameters:\n    use_sim_time: true\n    qos_overrides: {/scan: {subscription: {depth: 5}}}\n    fusion: {gate_enabled: off}\n    policy: {trigger: [60, 2e3], unknown_response: stop, count: 0x10}\n";
    let (fusion, policy) = read(text, "vedette_agent").expect("readable");
    assert_eq!((fusion.gate_enabled, policy.trigger, policy.count), (false, vec![60.0, 2000.0], 16));
    assert_eq!(policy.unknown_response, "stop");
}

#[test]
fn the_most_specific_section_wins() {
    let section = |name: &str, secs: f64| format!("{name}:\n  ros__parameters:\n    fusion.max_interval_secs: {secs}\n");
    let text = section("/robot1/vedette_agent", 3.0) + &section("/**", 1.0) + &section("/**/vedette_agent", 2.0);
    assert_eq!(interval(&text, "/robot1/vedette_agent"), 3.0);
    assert_eq!(interval(&text, "vedette_agent"), 3.0);
    assert_eq!(interval(&text, "/robot2/vedette_agent"), 2.0);
    assert_eq!(interval(&text, "/robot2/other"), 1.0);
    assert_eq!(interval(&section("/*/vedette_agent", 4.0), "/robot2/vedette_agent"), 4.0);
    let nested = "robot1:\n  vedette_agent:\n    ros__parameters:\n      fusion.max_interval_secs: 0.5\n";
    assert_eq!(interval(nested, "/robot1/vedette_agent"), 0.5);
}

#[test]
fn sections_of_other_nodes_are_not_read() {
    let text =
        "controller_server:\n  ros__parameters:\n    anything: [1, {a: b}]\nvedette_agent:\n  ros__parameters:\n    policy.count: 3\n";
    assert_eq!(read(text, "vedette_agent").expect("readable").1.count, 3);
}

#[test]
fn an_empty_file_changes_nothing() {
    for text in ["", "# nothing\n", "---\n", "/**:\n  ros__parameters:\n", "/**:\n  ros__parameters: {}\n"] {
        assert_eq!(read(text, "vedette_agent").map_err(|(error, _)| error), Ok(Both::default()), "{text:?}");
    }
}

#[test]
fn refusals_name_the_parameter_the_range_and_the_line() {
    let in_section = |line: &str| refused(&format!("/**:\n  ros__parameters:\n    {line}\n"));
    for (line, expect) in [
        ("fusion.max_interval_secs: 9", "parameter `fusion.max_interval_secs` must be within 0..=5 s, in agent.yaml:3: got 9.0"),
        ("fusion: {max_interval_secs: .nan}", "parameter `fusion.max_interval_secs` must be finite, in agent.yaml:3: got .nan"),
        ("fusion.max_interval_secs: -.inf", "parameter `fusion.max_interval_secs` must be finite, in agent.yaml:3: got -.inf"),
        ("fusion.max_interval_secs: 1e999", "parameter `fusion.max_interval_secs` must be finite, in agent.yaml:3: got .inf"),
        (
            "fusion.max_interval_secs: fast",
            "parameter `fusion.max_interval_secs` must be of type double, in agent.yaml:3: got string \"fast\"",
        ),
        ("fusion.gate_enabled: 1", "parameter `fusion.gate_enabled` must be of type bool, in agent.yaml:3: got integer 1"),
        (
            "fusion.gate_enabled:",
            "parameter `fusion.gate_enabled` must be of type bool, in agent.yaml:3: got nothing (write '' for an empty text, [] for an empty list)",
        ),
        ("policy.count: 1.0", "parameter `policy.count` must be of type integer, in agent.yaml:3: got double 1.0"),
        (
            "policy.count: 9223372036854775808",
            "parameter `policy.count` must be of type integer, in agent.yaml:3: got a whole number beyond 64 bits",
        ),
        ("policy.count: 101", "parameter `policy.count` must be within 1..=100, in agent.yaml:3: got 101"),
        (
            "policy.trigger: [1, x]",
            "parameter `policy.trigger` must be of type double array, in agent.yaml:3: got a list of mixed types (put texts in quotes)",
        ),
        ("policy.trigger: [[1]]", "parameter `policy.trigger` must be of type double array, in agent.yaml:3: got a list with a list in it"),
        ("policy.trigger: 3.0", "parameter `policy.trigger` must be of type double array, in agent.yaml:3: got double 3.0"),
        ("policy.release: [60.0]", "parameter `policy.release` must be below 50, in agent.yaml: got 60"),
        ("policy.unknown_response: go", "parameter `policy.unknown_response` must be one of slow_down, stop, in agent.yaml:3: got `go`"),
        ("policy.cuont: 2", "unknown parameter `policy.cuont`, in agent.yaml:3; did you mean `policy.count`?"),
        ("policy: 2", "unknown parameter `policy`, in agent.yaml:3; known: fusion.*, policy.*"),
        ("polciy.count: 2", "unknown parameter `polciy.count`, in agent.yaml:3; did you mean `policy.count`?"),
        (
            "fusion.zzzzzz: 2",
            "unknown parameter `fusion.zzzzzz`, in agent.yaml:3; known: fusion.max_interval_secs, fusion.gate_enabled, fusion.camera_topics",
        ),
        ("policy.count.deep: 2", "unknown parameter `policy.count.deep`, in agent.yaml:3; known: fusion.*, policy.*"),
    ] {
        assert_eq!(in_section(line), expect);
    }
    let twice = refused("/**:\n  ros__parameters:\n    policy.count: 1\n    policy:\n      count: 2\n");
    assert_eq!(twice, "parameter `policy.count` is set twice; remove one, in agent.yaml:5");
}

#[test]
fn a_wrong_layout_says_what_is_expected() {
    let expected = "expected `/**:` or `vedette_agent:`, below it `ros__parameters:`, below that the parameters, in agent.yaml";
    for (text, expect) in [
        ("fusion:\n  max_interval_secs: 1\n", format!("{expected}:2: no `ros__parameters` below `fusion/max_interval_secs`")),
        ("\nros__parameters:\n  policy.count: 1\n", format!("{expected}:2: `ros__parameters` stands at the top, without a node")),
        ("/**:\n  ros__parameters: 5\n", format!("{expected}:2: `ros__parameters` holds no names")),
        ("/**:\n", format!("{expected}:1: no `ros__parameters` below `/**`")),
        ("[1, 2]\n", format!("{expected}: no names at the top")),
        ("just text\n", format!("{expected}: no names at the top")),
        (
            "/a/vedette_agent:\n  ros__parameters: {}\n/b/vedette_agent:\n  ros__parameters: {}\n",
            format!("{expected}:4: `/b/vedette_agent` and `/a/vedette_agent` both fit; give the node's name with its namespace"),
        ),
        (
            "other:\n  ros__parameters: {}\n/x/third:\n  ros__parameters: {}\n",
            "no section for node `vedette_agent`; add `vedette_agent:` or `/**:`, in agent.yaml: found `other`, `/x/third`".to_owned(),
        ),
    ] {
        assert_eq!(refused(text), expect);
    }
    for text in [
        "/**: [\n",
        "a: b: c\n",
        "/**:\n\tros__parameters: {}\n",
        "/**:\n  ros__parameters:\n    policy.count: 1\n    policy.count: 2\n",
        "a: 1\n---\nb: 2\n",
    ] {
        let message = refused(text);
        assert!(message.starts_with("not readable as YAML, in agent.yaml: "), "{text:?}: {message}");
    }
}

#[test]
fn a_file_for_a_whole_robot_leaves_the_others_theirs() {
    let shared = |text: &str| {
        let mut both = Both::default();
        let result = load_shared(&mut [&mut both.0, &mut both.1], text, "robot.yaml", "/r1/vedette_agent");
        result.map(|others| (both.1.count, others.iter().map(ToString::to_string).collect::<Vec<_>>())).map_err(|error| error.to_string())
    };
    let (count, others) = shared("/**:\n  ros__parameters:\n    recorder.folder: x\n    policy.count: 7\n").expect("taken");
    assert_eq!((count, others), (7, vec!["unknown parameter `recorder.folder`, in robot.yaml:3; known: fusion.*, policy.*".to_owned()]));
    let (count, others) = shared("vedette_agent:\n  ros__parameters:\n    policy.count: 7\n").expect("taken");
    assert_eq!((count, others.len()), (1, 1), "a bare name is a node at the root, as in rcl: {others:?}");
    assert_eq!(shared("/**/vedette_agent:\n  ros__parameters:\n    policy.count: 7\n"), Ok((7, Vec::new())));
    // What is meant for this node only must be right, and what is wrong is wrong for all.
    assert!(shared("/r1/vedette_agent:\n  ros__parameters:\n    recorder.folder: x\n").is_err_and(|error| error.starts_with("unknown")));
    assert!(shared("/**:\n  ros__parameters:\n    policy.count: 0\n").is_err_and(|error| error.contains("must be within")));
}

#[test]
fn nesting_and_aliases_are_bounded() {
    for text in ["[".repeat(100_000), "a:\n ".repeat(100_000), format!("a: &a {}\n", "[*a,".repeat(5_000)), "{a: ".repeat(300)] {
        assert!(refused(&text).starts_with("not readable as YAML"));
    }
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        laughs += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    refused(&laughs);
}

#[test]
fn overrides_are_yaml_scalars() {
    let mut both = Both::default();
    let mut set =
        |text: &str| set_from_text(&mut [&mut both.0, &mut both.1], text).map_or_else(|error| error.to_string(), |()| "ok".to_owned());
    assert_eq!(set("fusion.max_interval_secs=0.2"), "ok");
    assert_eq!(set(" fusion.camera_topics = [/left, \"/a=b\"]"), "ok");
    assert_eq!(set("policy.unknown_response=stop"), "ok");
    assert_eq!(set("fusion.gate_enabled=false"), "ok");
    assert_eq!(set("use_sim_time=true"), "ok");
    for (text, expect) in [
        (
            "fusion.max_interval_secs",
            "a parameter override is `name=value`, as in `fusion.max_interval_secs=0.2`: got `fusion.max_interval_secs`",
        ),
        ("=1", "a parameter override is `name=value`, as in `fusion.max_interval_secs=0.2`: got `=1`"),
        ("policy.count=0", "parameter `policy.count` must be within 1..=100, in the override `policy.count=0`: got 0"),
        (
            "policy.count=",
            "parameter `policy.count` must be of type integer, in the override `policy.count=`: got nothing (write '' for an empty text, [] for an empty list)",
        ),
        (
            "policy.unknown_response=5",
            "parameter `policy.unknown_response` must be of type string, in the override `policy.unknown_response=5`: got integer 5",
        ),
        ("policy.release=[60]", "parameter `policy.release` must be below 50, in the override `policy.release=[60]`: got 60"),
        ("count=2", "unknown parameter `count`, in the override `count=2`; known: fusion.*, policy.*"),
    ] {
        assert_eq!(set(text), expect);
    }
    assert_eq!((both.0.max_interval_secs, both.0.gate_enabled, both.1.count), (0.2, false, 1));
    assert_eq!(both.0.camera_topics, ["/left", "/a=b"]);
}

#[test]
fn the_default_file_explains_itself_and_reads_back() {
    let (fusion, policy) = Both::default();
    let text = default_yaml(&[&fusion, &policy], "/**");
    assert!(text.starts_with("/**:\n  ros__parameters:\n    # Time alignment.\n    fusion:\n      # Largest distance between the image stamp and a matched reading. [0 to 5 s]\n      max_interval_secs: 0.1\n"), "{text}");
    assert!(
        text.contains("      # What an unknown verdict leads to. [slow_down, stop]\n      unknown_response: \"slow_down\"\n"),
        "{text}"
    );
    assert_eq!(read(&text, "vedette_agent").map_err(|(error, _)| error), Ok(Both::default()));
}

#[test]
fn the_table_is_markdown() {
    let (fusion, policy) = Both::default();
    let table = markdown_table(&[&fusion, &policy]);
    assert!(table.contains("\n| `fusion.max_interval_secs` | double | `0.1` | 0 to 5 s | Largest distance between the image stamp and a matched reading. |\n"), "{table}");
    assert!(table.contains("Release \\| below this."), "{table}");
    assert_eq!(table.lines().count(), 2 + FusionParams::DESCRIPTORS.len() + PolicyParams::DESCRIPTORS.len());
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Integer),
        (-9i64..200).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        (-1.0..7.0).prop_map(Value::Float),
        any::<String>().prop_map(Value::Text),
        prop::collection::vec(-9.0..2e6, 0..4).prop_map(Value::Floats),
        prop::collection::vec(any::<f64>(), 0..4).prop_map(Value::Floats),
        prop::collection::vec(any::<i64>(), 0..4).prop_map(Value::Integers),
        prop::collection::vec(any::<String>(), 0..4).prop_map(Value::Texts),
    ]
}

fn any_name() -> impl Strategy<Value = &'static str> {
    let names = FusionParams::DESCRIPTORS.iter().chain(PolicyParams::DESCRIPTORS).map(|d: &Descriptor| d.full_name);
    prop::sample::select(names.collect::<Vec<_>>())
}

/// Lines that look like parameter files, and lines that do not.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        (0usize..8, any_name(), any_value()).prop_map(|(indent, name, value)| format!("{:indent$}{name}: {value}", "")),
        (0usize..8, "[a-z_/*]{0,12}|ros__parameters").prop_map(|(indent, key)| format!("{:indent$}{key}:", "")),
        "[-\\[\\]{}&*!|>'\"%@`#,:? a-z0-9.]{0,20}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(lines in prop::collection::vec(any_line(), 0..8), text in any::<String>()) {
        for text in [lines.join("\n"), format!("/**:\n  ros__parameters:\n{}", lines.join("\n")), text] {
            let (Ok(both) | Err((_, both))) = read(&text, "vedette_agent");
            prop_assert_eq!(both.0.check().and(both.1.check()), Ok(()));
            let mut both = Both::default();
            let _ = set_from_text(&mut [&mut both.0, &mut both.1], &text);
            prop_assert_eq!(both.0.check().and(both.1.check()), Ok(()));
        }
    }

    #[test]
    fn what_is_out_of_range_never_gets_in(name in any_name(), value in any_value()) {
        let before = Both::default();
        let mut both = before.clone();
        let result = set_from_text(&mut [&mut both.0, &mut both.1], &format!("{name}={value}"));
        prop_assert_eq!(both.0.check().and(both.1.check()), Ok(()));
        if result.is_err() {
            prop_assert_eq!(&both, &before);
        } else {
            // What was accepted is there, and survives being written and read.
            let stored = both.0.get(name).or_else(|| both.1.get(name)).expect("declared");
            prop_assert_eq!(value.into_kind(stored.kind()), Ok(stored));
            let text = current_yaml(&[&both.0, &both.1], "/**");
            prop_assert_eq!(read(&text, "vedette_agent").map_err(|(error, _)| error), Ok(both));
        }
    }
}
