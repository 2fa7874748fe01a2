//! The hazard catalogue: the bundled one, and what is refused in one's own.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;
use vedette_params::{BUNDLED_HAZARDS_YAML, HazardCatalogue};
use vedette_types::{KindId, Response, Severity};

#[test]
fn the_bundled_catalogue_has_six_kinds() {
    let catalogue = HazardCatalogue::bundled().expect("the bundled catalogue is valid");
    let names: Vec<&str> = catalogue.kinds().iter().map(|kind| kind.id.as_str()).collect();
    assert_eq!(names, ["fire", "smoke", "gas_leak", "liquid_spill", "person_down", "blocked_path"]);
    let fire = catalogue.get(&KindId::new("fire")).expect("fire is a kind");
    assert_eq!((fire.severity, fire.response, fire.valid_secs), (Severity::High, Response::Stop, 10.0));
    assert_eq!(catalogue.get(&KindId::new("flood")), None);
}

#[test]
fn a_laboratory_adds_its_own_kind() {
    let own = "  laser_on:\n    {description: \"Warning light of a laser, on.\", severity: low, valid_secs: 3, response: limit}\n";
    let catalogue = HazardCatalogue::from_yaml(&format!("{BUNDLED_HAZARDS_YAML}{own}"), "own.yaml").expect("valid");
    let last = catalogue.kinds().last().expect("not empty");
    assert_eq!((last.id.as_str(), last.valid_secs, last.response), ("laser_on", 3.0, Response::Limit));
}

fn refused(text: &str) -> String {
    HazardCatalogue::from_yaml(text, "own.yaml").expect_err(text).to_string()
}

#[test]
fn refusals_name_kind_field_and_line() {
    let with = |name: &str, fields: &str| refused(&format!("hazards:\n  {name}: {{{fields}}}\n"));
    let text = "is one line of 1 to 200 characters without control characters, angle brackets and braces, in own.yaml:2: got";
    let good = "description: Dust., severity: low, valid_secs: 3, response: limit";
    for (fields, expect) in [
        (good.replace("Dust.", "''"), format!("hazard kind `dust`: `description` {text} \"\"")),
        (good.replace("Dust.", "\"a\\nb\""), format!("hazard kind `dust`: `description` {text} \"a\\nb\"")),
        (good.replace("Dust.", "'<__media__>'"), format!("hazard kind `dust`: `description` {text} \"<__media__>\"")),
        (good.replace("Dust.", "'{{ x }}'"), format!("hazard kind `dust`: `description` {text} \"{{{{ x }}}}\"")),
        (good.replace("Dust.", "\"a\\u202eb\""), format!("hazard kind `dust`: `description` {text} \"a\\U0000202eb\"")),
        (good.replace("Dust.", "7"), format!("hazard kind `dust`: `description` {text} 7")),
        (good.replace("description: Dust., ", ""), format!("hazard kind `dust`: `description` {text} nothing")),
        (
            good.replace("low", "awful"),
            "hazard kind `dust`: `severity` is one of low, medium, high, in own.yaml:2: got \"awful\"".to_owned(),
        ),
        (
            good.replace('3', "0"),
            "hazard kind `dust`: `valid_secs` is a number of seconds within 0.1..=3600, in own.yaml:2: got 0".to_owned(),
        ),
        (
            good.replace('3', ".nan"),
            "hazard kind `dust`: `valid_secs` is a number of seconds within 0.1..=3600, in own.yaml:2: got .nan".to_owned(),
        ),
        (
            good.replace("limit", "run"),
            "hazard kind `dust`: `response` is one of continue, limit, slow_down, stop, in own.yaml:2: got \"run\"".to_owned(),
        ),
        (
            format!("{good}, colour: red"),
            "hazard kind `dust`: `colour` is not a field; there are description, severity, valid_secs, response, in own.yaml:2: got it"
                .to_owned(),
        ),
    ] {
        assert_eq!(with("dust", &fields), expect);
    }
    for name in ["Dust", "dust_", "_dust", "dust__x", "du st", "düst", "1dust", "<dust>", &"d".repeat(33)] {
        let message = with(&format!("{name:?}"), good);
        assert!(message.starts_with("a hazard kind's name is") && message.ends_with(&format!("in own.yaml:2: got `{name}`")), "{message}");
    }
}

#[test]
fn a_wrong_layout_says_what_is_expected() {
    let expected = "expected `hazards:` and below it 1 to 32 kinds by name, in own.yaml";
    for (text, expect) in [
        (String::new(), format!("{expected}: no names at the top")),
        ("kinds: {}".to_owned(), format!("{expected}: `kinds` in line 1")),
        ("hazards:".to_owned(), format!("{expected}: no kinds below `hazards`")),
        ("hazards: {}".to_owned(), format!("{expected}: no kinds")),
        ("hazards: {fire: 1}".to_owned(), format!("{expected}:1: `fire` has no fields description, severity, valid_secs, response")),
        (format!("hazards:\n{}", (0..33).map(|i| format!("  k{i}: {{}}\n")).collect::<String>()), format!("{expected}: 33 kinds")),
    ] {
        assert_eq!(refused(&text), expect);
    }
    let message = refused("hazards:\n  fire: {}\n  fire: {}\n");
    assert!(message.starts_with("not readable as YAML, in own.yaml: "), "{message}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), name in "[ -~]{0,40}", fields in "[ -~\\n]{0,80}", description in any::<String>()) {
        let description = quoted(&description);
        for text in [
            text,
            format!("hazards:\n  {name}: {{{fields}}}\n"),
            format!("hazards:\n  {name}: {{description: {description}, severity: low, valid_secs: 1, response: stop}}\n"),
        ] {
            let Ok(catalogue) = HazardCatalogue::from_yaml(&text, "own.yaml") else { continue };
            let again = HazardCatalogue::from_yaml(&catalogue.to_yaml(), "again");
            prop_assert_eq!(again, Ok(catalogue.clone()));
            for kind in catalogue.kinds() {
                let has_forbidden = kind.description.contains(['<', '>', '{', '}', '\n', '\r', '\u{1b}', '\u{2028}']);
                prop_assert!(!has_forbidden);
                prop_assert!((0.1..=3600.0).contains(&kind.valid_secs));
                prop_assert!(kind.id.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            }
        }
    }
}

/// A YAML double-quoted scalar.
fn quoted(text: &str) -> String {
    vedette_params::Value::Text(text.to_owned()).to_string()
}
