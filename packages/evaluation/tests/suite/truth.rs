//! Truth files: both writers, odd ones, and what a line says about visibility.

use crate::scene::{at, there};
use std::io::Write as _;
use std::path::Path;
use vedette_evaluation::{EvaluationError, MatchRules, TrueHazard, Truth, match_events};

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("scratch file");
    file.write_all(text.as_bytes()).expect("scratch file");
    file
}

#[test]
fn both_forms_are_read() {
    let text = concat!(
        r#"{"stamp_nanos": 200, "hazards": [{"kind": "fire", "bbox_xywh": [176, 84, 24, 33]}]}"#,
        "\n\n",
        r#"{"stamp_nanos":100,"robot":{"x_m":1.0,"y_m":-2.0,"yaw_rad":0.5},"weather":"fine","hazards":[{"id":3,"kind":"gas_leak","#,
        r#""position_m":[1.5,2.5],"stage":0.5,"is_active":true,"distance_m":3.0,"bearing_rad":0.25,"in_field_of_view":false,"pixels":0,"#,
        r#""ppm":120.0,"colour":"pale"}]}"#,
        "\n",
        r#"{"stamp_nanos":300}"#,
    );
    let truth = Truth::read(file(text).path()).expect("truth");
    let [first, second, third] = truth.frames() else { panic!("{:?}", truth.frames()) };
    assert_eq!([first, second, third].map(|frame| frame.stamp.nanos()), [100, 200, 300], "in time order");
    assert_eq!(first.hazards[0].id.as_deref(), Some("3"));
    assert_eq!((first.hazards[0].ppm, first.hazards[0].is_in_view()), (Some(120.0), Some(false)));
    assert_eq!((second.hazards[0].bbox_xywh, second.hazards[0].is_in_view()), (Some([176.0, 84.0, 24.0, 33.0]), Some(true)));
    assert!(third.hazards.is_empty());
    let path = truth.path();
    assert_eq!((path.len(), path[0].x_m, path[0].y_m, path[0].yaw_rad), (1, 1.0, -2.0, 0.5));
}

#[test]
fn a_bad_line_is_named() {
    let good = r#"{"stamp_nanos":1,"hazards":[]}"#;
    for (bad, word) in [
        ("{\"stamp_nanos\":1.5}", "expected i64"),
        ("{\"hazards\":[]}", "stamp_nanos"),
        ("{\"stamp_nanos\":1,\"hazards\":[{}]}", "kind"),
        ("{\"stamp_nanos\":1,\"hazards\":[{\"kind\":\"fire\",\"bbox_xywh\":[1,2,3]}]}", "length 3"),
        ("{\"stamp_nanos\":1,\"hazards\":[{\"kind\":\"fire\",\"ppm\":1e999}]}", "number"),
        ("nonsense", "expected"),
    ] {
        let error = Truth::read(file(&format!("{good}\n\n{bad}\n{good}\n")).path()).expect_err(bad).to_string();
        assert!(error.contains(":3: ") && error.contains(word) && error.starts_with("not a line of truth"), "{error}");
    }
    let torn = Truth::read(file(&format!("{good}\n{{\"stamp_nanos\":2,\"haz")).path());
    assert!(matches!(torn, Err(EvaluationError::Line { line: 2, .. })), "half of the truth is not the truth");
    assert!(matches!(Truth::read(Path::new("/nonexistent/truth.jsonl")), Err(EvaluationError::Read { .. })));
}

#[test]
fn an_empty_file_is_no_truth() {
    assert_eq!(Truth::read(file("").path()).expect("empty").interval(), None);
}

#[test]
fn what_a_line_says_about_visibility() {
    let bare = || there("fire");
    let cases: [(&str, TrueHazard, Option<bool>); 8] = [
        ("only a kind: not said", bare(), None),
        ("a box", TrueHazard { bbox_xywh: Some([0.0, 0.0, 5.0, 5.0]), ..bare() }, Some(true)),
        ("a box without area", TrueHazard { bbox_xywh: Some([0.0, 0.0, 0.0, 5.0]), ..bare() }, Some(false)),
        ("a box hidden by something", TrueHazard { bbox_xywh: Some([0.0, 0.0, 5.0, 5.0]), pixels: Some(0.0), ..bare() }, Some(false)),
        ("pixels", TrueHazard { pixels: Some(3.0), ..bare() }, Some(true)),
        ("in front, not rendered", TrueHazard { in_field_of_view: Some(true), distance_m: Some(2.0), ..bare() }, Some(true)),
        ("rendered and not found", TrueHazard { in_field_of_view: Some(true), pixels: Some(0.0), ..bare() }, Some(false)),
        ("known where, not said to be seen", TrueHazard { position_m: Some([1.0, 2.0]), ..bare() }, Some(false)),
    ];
    for (what, hazard, expected) in cases {
        assert_eq!(hazard.is_in_view(), expected, "{what}");
    }
}

#[test]
fn the_nearest_frame_within_tolerance_is_found() {
    let truth = crate::scene::truth(1.0, |_| Vec::new());
    let found = |secs: f64, tolerance: f64| truth.frame_at(at(secs), tolerance).map(|frame| crate::scene::secs(frame.stamp));
    assert_eq!(found(0.44, 0.1), Some(0.4));
    assert_eq!(found(0.46, 0.1), Some(0.5));
    assert_eq!(found(-5.0, 0.1), None);
    assert_eq!(found(1.05, 0.1), Some(1.0));
    assert_eq!(found(1.2, 0.1), None);
    assert_eq!(Truth::default().frame_at(at(0.0), 1e9), None);
}

/// The development data set, where it lies beside the repository: 450 frames of one burning house.
#[test]
fn the_real_truth_is_one_fire() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bags/house_fire/truth.jsonl");
    if !path.exists() {
        println!("skipped: the house_fire development data is not beside the repository");
        return;
    }
    let truth = Truth::read(&path).expect("truth");
    assert_eq!(truth.frames().len(), 450);
    let (first, last) = truth.interval().expect("frames");
    let matching = match_events(&[], &truth, &MatchRules::default(), last);
    let [fire] = matching.events.as_slice() else { panic!("{:?}", matching.events) };
    assert_eq!((fire.event.kind.as_str(), fire.event.first, fire.event.last), ("fire", first, last));
    assert_eq!((fire.event.noticeable, fire.event.largest_height_px), (Some(first), Some(60.0)));
}
