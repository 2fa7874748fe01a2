//! What `Policy::new` refuses.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use vedette_params::{BUNDLED_HAZARDS_YAML, HazardCatalogue, ParamSet};
use vedette_policy::{AlertParams, Policy, PolicyParams};
use vedette_types::{Response, Severity};

fn refusal(params: PolicyParams, catalogue: &str) -> String {
    let catalogue = HazardCatalogue::from_yaml(catalogue, "own.yaml").expect("a good catalogue");
    Policy::new(params, &catalogue).map_or_else(|error| error.to_string(), |_| "ok".to_owned())
}

#[test]
fn contradictions_are_refused_by_name() {
    let default = PolicyParams::default;
    for (params, expect) in [
        (default(), "ok"),
        (PolicyParams { trigger_count: 0, ..default() }, "parameter `policy.trigger_count` must be within 1..=100: got 0"),
        (PolicyParams { min_confidence: f64::NAN, ..default() }, "parameter `policy.min_confidence` must be finite: got .nan"),
        (
            PolicyParams { unknown_response: "wait".into(), ..default() },
            "parameter `policy.unknown_response` must be one of continue, limit, slow_down, stop: got `wait`",
        ),
        (
            PolicyParams { gas_trigger_ppm: vec![50.0], ..default() },
            "parameter `policy.gas_trigger_ppm` must have one figure for each of the 4 policy.gas_names: got 1",
        ),
        (
            PolicyParams { gas_release_ppm: vec![], ..default() },
            "parameter `policy.gas_release_ppm` must have one figure for each of the 4 policy.gas_names: got 0",
        ),
        (
            PolicyParams { gas_names: vec!["co".into(), "CO".into(), "lpg".into(), "*".into()], ..default() },
            "parameter `policy.gas_names` must be different names without blanks around them: got `CO`",
        ),
        (
            PolicyParams { gas_release_ppm: vec![35.0, 4000.0, 2000.0, 800.0], ..default() },
            "parameter `policy.gas_release_ppm` must be below policy.gas_trigger_ppm, 2000: got 2000",
        ),
        (
            PolicyParams { temperature_release_celsius: 60.0, ..default() },
            "parameter `policy.temperature_release_celsius` must be below policy.temperature_trigger_celsius, 57: got 60",
        ),
        (
            PolicyParams { range_release_m: 0.2, ..default() },
            "parameter `policy.range_trigger_m` must be below policy.range_release_m, 0.2: got 0.3",
        ),
        (
            PolicyParams { temperature_kind: "heat".into(), ..default() },
            "parameter `policy.temperature_kind` must be one of the hazard catalogue: fire, smoke, gas_leak, liquid_spill, person_down, blocked_path: got heat",
        ),
        (PolicyParams { temperature_kind: "smoke".into(), ..default() }, "ok"),
    ] {
        assert_eq!(refusal(params, BUNDLED_HAZARDS_YAML), expect);
    }
}

#[test]
fn a_catalogue_may_lack_the_kinds_of_the_sensors() {
    let own = "hazards:\n  laser_on: {description: Laser., severity: low, valid_secs: 3, response: limit}\n";
    assert_eq!(refusal(PolicyParams::default(), own), "ok");
    let params = PolicyParams { range_kind: "laser_on".into(), ..PolicyParams::default() };
    assert_eq!(refusal(params, own), "ok");
}

#[test]
fn the_words_allowed_are_the_words_of_the_types() {
    let words: Vec<&str> = Response::ALL.iter().map(|response| response.word()).collect();
    for descriptor in PolicyParams::DESCRIPTORS.iter().filter(|descriptor| descriptor.name.ends_with("_response")) {
        assert_eq!(descriptor.one_of, words, "{}", descriptor.name);
    }
    assert!(Severity::Low < Severity::High && Response::Continue < Response::Stop);
    assert_eq!(PolicyParams::default().check(), Ok(()));
}

#[test]
fn the_readme_table_is_fresh() {
    let table = vedette_params::markdown_table(&[&PolicyParams::default(), &AlertParams::default()]);
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&table), "put this into README.md:\n{table}");
}
