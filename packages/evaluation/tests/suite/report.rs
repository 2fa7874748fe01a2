//! The page: its words, that it is well formed and self-contained, that hostile text stays text, that it stays small.

use crate::scene::{any_run, any_truth, at, completion, decision, run, there, truth};
use proptest::prelude::*;
use serde_json::json;
use vedette_evaluation::{
    HealthSample, KeyFrame, MapImage, MatchRules, PathPoint, ReportInput, RobotTruth, RunData, TrueHazard, Truth, TruthFrame, report_html,
};
use vedette_types::{KindId, StreamId, Verdict};

fn input<'a>(run: &'a RunData, truth: Option<&'a Truth>) -> ReportInput<'a> {
    let (path, map, frames, health) = (truth.map(Truth::path).unwrap_or_default(), None, Vec::new(), Vec::new());
    ReportInput { title: run.name.clone(), run, truth, rules: MatchRules::default(), path, map, frames, health }
}

/// A fire that is found, a spill that is missed, a false smoke, gas out of reach; untrained model, one rejected stream.
fn patrol() -> (RunData, Truth) {
    let sized = |kind: &str, id: &str, place: [f64; 2]| TrueHazard {
        id: Some(id.into()),
        bbox_xywh: Some([10.0, 20.0, 30.0, 40.0]),
        position_m: Some(place),
        distance_m: Some(2.0),
        ..there(kind)
    };
    let frames = (0..=200).map(|index| {
        let secs = f64::from(index) / 10.0;
        let mut hazards = vec![TrueHazard { id: Some("3".into()), position_m: Some([9.0, 9.0]), ppm: Some(1.0), ..there("gas_leak") }];
        if (4.0..=8.0).contains(&secs) {
            hazards.push(sized("fire", "1", [3.0, 1.0]));
        }
        if (12.0..=15.0).contains(&secs) {
            hazards.push(sized("liquid_spill", "2", [6.0, 2.0]));
        }
        TruthFrame { stamp: at(secs), hazards, robot: Some(RobotTruth { x_m: secs / 2.0, y_m: 1.5, yaw_rad: 0.0 }) }
    });
    let decisions = vec![
        decision(0.5, Verdict::Unknown, &[]),
        decision(2.0, Verdict::Clear, &[]),
        decision(5.5, Verdict::Hazard, &["fire"]),
        decision(9.0, Verdict::Clear, &[]),
        decision(17.0, Verdict::Hazard, &["smoke"]),
        decision(18.0, Verdict::Clear, &[]),
    ];
    let completions =
        vec![completion(0.0, 0.2, 180.0), completion(5.0, 0.9, 200.0), completion(13.0, 0.1, 240.0), completion(16.5, 0.8, 190.0)];
    let summary = json!({
        "ended": "complete",
        "model": { "name": "vedette-tiny-untrained", "is_trained": false },
        "streams": [{ "topic": "/points", "messages": 9, "rejected": 3, "first_fault": "too short" }],
        "faults": { "deadline": 2 },
    });
    let manifest = json!({
        "version": "0.1.0",
        "commit": "abc123",
        "command": ["vedette", "demo"],
        "created_nanos": 1_700_000_000_000_000_000_i64,
        "parameters": { "policy": { "min_confidence": 0.5 }, "hazards": ["fire"] },
        "model": { "name": "vedette-tiny-untrained", "sha256": "00ff", "is_trained": false },
        "machine": { "cpu": "Some CPU", "cores": 2, "memory_bytes": 8_589_934_592_i64, "arch": "x86_64" },
    });
    let run = RunData { name: "patrol".into(), completions, summary: Some(summary), manifest: Some(manifest), ..run(decisions) };
    (run, Truth::from_frames(frames.collect()))
}

fn full_input<'a>(run: &'a RunData, truth: &'a Truth) -> ReportInput<'a> {
    let frame = |secs: f64| KeyFrame { stamp: at(secs), jpeg: vec![0xff, 0xd8, 0xff, 0xd9], width_px: 64, height_px: 48 };
    let mut cells = vec![0; 20 * 20];
    cells[..20].fill(100);
    cells[399] = -1;
    let health = [0.0, 5.0, 10.0].map(|secs| HealthSample {
        stamp: at(secs),
        stream: StreamId::new("/scan"),
        age_secs: 0.2,
        is_stale: secs == 10.0,
    });
    ReportInput {
        map: Some(MapImage { width: 20, height: 20, resolution_m: 0.5, origin_m: [0.0, 0.0], cells }),
        frames: vec![frame(5.0), frame(13.0), frame(16.5)],
        health: health.to_vec(),
        ..input(run, Some(truth))
    }
}

/// The letters of the page, one line a block, without style sheet and pictures.
fn text_of(page: &str) -> String {
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, letters) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if matches!(name, "p" | "h1" | "h2" | "h3" | "li" | "tr" | "div" | "section" | "figure" | "dd" | "summary" | "details" | "svg") {
            text.push('\n');
        } else if matches!(name, "td" | "th" | "b" | "dt") && !tag.starts_with('/') {
            text.push(' ');
        }
        text.push_str(letters);
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every tag is closed, in order; the tags of the page, with their attributes.
fn tags_of(page: &str) -> Vec<String> {
    let body =
        page.split_once("</style>").map(|(head, body)| head.split_once("<style>").expect("style").0.to_owned() + body).expect("style");
    let (mut open, mut tags) = (Vec::new(), Vec::new());
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("every tag ends");
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().expect("a name").to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_ref(), Some(&name), "closed what was not open");
        } else if !matches!(name.as_str(), "!DOCTYPE" | "meta" | "img") {
            open.push(name);
        }
        tags.push(tag.to_owned());
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    tags
}

fn check_page(page: &str) {
    let tags = tags_of(page);
    for word in ["NaN", "inf%", "-inf"] {
        let around = page.find(word).map(|at| page.chars().skip(at.saturating_sub(200)).take(260).collect::<String>());
        assert!(around.is_none(), "a figure that is none: {around:?}");
    }
    for tag in &tags {
        assert!(!tag.starts_with("script") && !tag.starts_with("link") && !tag.starts_with("iframe"), "{tag}");
        if let Some((_, source)) = tag.split_once("src=\"") {
            assert!(source.starts_with("data:image/"), "{tag}");
        }
        if let Some((_, target)) = tag.split_once("href=\"") {
            assert!(target.starts_with('#'), "{tag}");
        }
    }
    assert!(!page.contains("url(") && !page.contains("@import"));
}

#[test]
fn the_words_of_a_small_run() {
    let (run, truth) = patrol();
    let page = report_html(&full_input(&run, &truth));
    check_page(&page);
    insta::assert_snapshot!(text_of(&page));
}

#[test]
fn the_words_without_truth_and_without_anything() {
    let (run, _) = patrol();
    let text = text_of(&report_html(&input(&run, None)));
    for expected in [
        "UNTRAINED model",
        "What was really there is not known, so nothing is scored; the decisions named fire (1 time) and smoke (1 time).",
        "Without truth for this time, missed hazards and false alarms cannot be told.",
        "No pose and no position is known in this run, so there is no map.",
        "No picture was kept.",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    let page = report_html(&input(&RunData::default(), None));
    check_page(&page);
    let text = text_of(&page);
    for expected in ["the run has no summary: it did not come to its end", "The model was never asked.", "The run has no manifest."] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn a_run_where_nothing_went_wrong_says_so() {
    let summary = json!({ "ended": "complete", "model": { "name": "tuned", "is_trained": true } });
    let run = RunData { summary: Some(summary), ..run(vec![decision(0.5, Verdict::Clear, &[]), decision(8.0, Verdict::Clear, &[])]) };
    let text = text_of(&report_html(&input(&run, Some(&truth(8.0, |_| Vec::new())))));
    for expected in ["Nothing was missed, no alarm was false, no input was refused.", "There was no hazard that could be noticed."] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("UNTRAINED"), "{text}");
}

#[test]
fn hostile_text_stays_text() {
    let evil = "<script>alert(1)</script>\" onload=\"x";
    let (mut run, _) = patrol();
    run.name = evil.into();
    run.warnings = vec![evil.into()];
    run.decisions[4].hazards[0].kind = KindId::new(evil);
    run.decisions[0].reasons = vec![evil.into()];
    run.completions[1].text = json!({ "verdict": evil, "hazards": [{ "kind": evil, "bearing": "left" }] }).to_string();
    run.summary = Some(json!({
        "ended": evil,
        "model": { "name": evil, "is_trained": false },
        "streams": [{ "topic": evil, "messages": 9, "rejected": 3, "first_fault": evil }],
        "faults": { evil: 2 },
        "warnings": [evil],
    }));
    run.manifest = Some(json!({ "commit": evil, "command": [evil], "parameters": { evil: evil }, "machine": { "cpu": evil } }));
    let truth = truth(20.0, |_| {
        vec![TrueHazard { id: Some(evil.into()), bbox_xywh: Some([1.0, 1.0, 9.0, 30.0]), position_m: Some([1.0, 1.0]), ..there(evil) }]
    });
    let health = vec![HealthSample { stamp: at(1.0), stream: StreamId::new(evil), age_secs: 0.1, is_stale: false }];
    let page = report_html(&ReportInput { health, ..full_input(&run, &truth) });
    check_page(&page);
    assert!(!page.contains("<script") && !page.contains("\" onload=\""));
    assert!(page.matches("&lt;script&gt;").count() > 15, "it is shown, not dropped");
}

#[test]
fn an_hour_of_flicker_stays_small() {
    let verdicts = [Verdict::Hazard, Verdict::Clear, Verdict::Unknown];
    let decisions =
        (0..36_000_usize).map(|i| decision(i as f64 * 0.1, verdicts[i % 3], if i % 3 == 0 { &["smoke"] } else { &[] })).collect();
    let completions = (0..36_000).map(|i| completion(f64::from(i) * 0.1, 0.5, 100.0)).collect();
    let run = RunData { completions, ..run(decisions) };
    let frames = (0..36_000).map(|i| TruthFrame {
        stamp: at(f64::from(i) * 0.1),
        hazards: if i / 7 % 2 == 0 { vec![there("fire")] } else { Vec::new() },
        robot: Some(RobotTruth { x_m: f64::from(i % 100), y_m: f64::from(i / 100), yaw_rad: 0.0 }),
    });
    let truth = Truth::from_frames(frames.collect());
    let map = MapImage {
        width: 4000,
        height: 3000,
        resolution_m: 0.05,
        origin_m: [0.0, 0.0],
        cells: (0..12_000_000).map(|i| if i % 7 < 3 { 100 } else { 0 }).collect(),
    };
    let page = report_html(&ReportInput { map: Some(map), ..input(&run, Some(&truth)) });
    check_page(&page);
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
}

#[test]
fn odd_maps_paths_and_pictures_are_survived() {
    let (run, truth) = patrol();
    for (width, height, resolution_m, origin) in
        [(0, 0, 0.05, 0.0), (3, 3, 0.0, 0.0), (3, 3, f64::NAN, 0.0), (3, 3, 0.05, f64::INFINITY), (usize::MAX, 1, 1.0, 0.0)]
    {
        let map = MapImage { width, height, resolution_m, origin_m: [origin, 0.0], cells: vec![0, 100, -1] };
        let point = |x_m: f64| PathPoint { stamp: at(1.0), x_m, y_m: 0.0, yaw_rad: f64::NAN };
        let path = vec![point(f64::NAN), point(1.0), point(f64::INFINITY), point(1e300)];
        let frames = vec![KeyFrame { stamp: at(5.0), jpeg: Vec::new(), width_px: 0, height_px: 0 }; 20];
        let health = vec![HealthSample { stamp: at(1.0), stream: StreamId::new("/x"), age_secs: f64::NAN, is_stale: true }];
        let page = report_html(&ReportInput { map: Some(map), path, frames, health, ..input(&run, Some(&truth)) });
        check_page(&page);
        assert_eq!(page.matches("<figure class=\"frame\"").count(), 8);
    }
}

/// The development data set, where it lies beside the repository: real truth under a run that says nothing.
#[test]
fn a_report_on_the_real_truth() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bags/house_fire/truth.jsonl");
    if !path.exists() {
        println!("skipped: the house_fire development data is not beside the repository");
        return;
    }
    let truth = Truth::read(&path).expect("truth");
    let run = run(vec![decision(0.5, Verdict::Unknown, &[])]);
    let page = report_html(&input(&run, Some(&truth)));
    check_page(&page);
    let text = text_of(&page);
    assert!(text.contains("The only hazard that could be noticed, fire, was missed, in view of the camera."), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_run_makes_a_whole_page(run in any_run(), truth in any_truth()) {
        check_page(&report_html(&input(&run, Some(&truth))));
    }
}
