//! Scripts of events with the decision each one leads to.
//!
//! One line is `<seconds> <event> => <verdict> <response> | <reason> | <reason>`, or `=> -` where no decision is due.
//! Events: `clear|unknown [camera] <confidence>`, `hazard [camera] <confidence> <kind>[/severity] ..`, `image [camera]`, `gas <name> <ppm>`,
//! `temperature <celsius>`, `range <m>`, `scan`, `tick`, `jump`. An assessment's image is 0.5 s older and counts for 5 s from there on.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;
use vedette_params::{HazardCatalogue, ParamSet, set_from_text};
use vedette_policy::{Policy, PolicyParams};
use vedette_types::{
    Assessment, Decision, FrameId, Gas, Hazard, ImageData, ImageFrame, KindId, Probability, Range, Reading, Scan, Severity, Sha256, Stamp,
    StreamId, Temperature, Verdict,
};

pub(crate) fn stamp(secs: f64) -> Stamp {
    Stamp::from_nanos(0).plus_secs(secs)
}

/// A policy with parameters `name=value`, separated by blanks.
pub(crate) fn policy(overrides: &str) -> Policy {
    let mut params = PolicyParams::default();
    for text in overrides.split_whitespace() {
        set_from_text(&mut [&mut params as &mut dyn ParamSet], &format!("policy.{text}")).expect("a good override");
    }
    Policy::new(params, &HazardCatalogue::bundled().expect("bundled")).expect("good parameters")
}

pub(crate) fn hazard(kind: &str, severity: Severity, confidence: f64, valid_until: Stamp) -> Hazard {
    Hazard {
        kind: KindId::new(kind),
        severity,
        confidence: Probability::saturating(confidence),
        bearing_rad: Some(0.1),
        range_m: Some(3.5),
        position_m: None,
        valid_until,
    }
}

pub(crate) fn assessment(arrived: Stamp, camera: &str, verdict: Verdict, confidence: f64, hazards: Vec<Hazard>) -> Assessment {
    let image_stamp = arrived.plus_millis(-500);
    Assessment {
        image_stamp,
        camera: StreamId::new(camera),
        arrived,
        verdict,
        confidence: Probability::saturating(confidence),
        hazards,
        answer: None,
        fault: None,
        model_sha256: Sha256::default(),
        valid_until: image_stamp.plus_secs(5.0),
    }
}

pub(crate) fn gas(name: &str, ppm: f64) -> Reading {
    Reading::Gas(Gas { stamp: Stamp::default(), frame: FrameId::new("base_link"), gas: name.to_owned(), ppm })
}

pub(crate) fn temperature(celsius: f64) -> Reading {
    Reading::Temperature(Temperature { stamp: Stamp::default(), frame: FrameId::new("base_link"), celsius })
}

/// A sensor that sees from 5 cm to 4 m.
pub(crate) fn range(range_m: f32) -> Reading {
    let frame = FrameId::new("base_link");
    Reading::Range(Range { stamp: Stamp::default(), frame, field_of_view_rad: 0.3, min_m: 0.05, max_m: 4.0, range_m })
}

pub(crate) fn scan() -> Reading {
    let (stamp, frame) = (Stamp::default(), FrameId::new("laser"));
    Reading::Scan(Scan {
        stamp,
        frame,
        angle_min_rad: 0.0,
        angle_increment_rad: 0.1,
        range_min_m: 0.1,
        range_max_m: 9.0,
        ranges_m: vec![1.0],
    })
}

pub(crate) fn image() -> Reading {
    let (stamp, frame) = (Stamp::default(), FrameId::new("camera_optical"));
    Reading::Image(ImageFrame { stamp, frame, data: ImageData::Jpeg(Arc::new(vec![0xff, 0xd8])) })
}

/// Plays one event; the decision it leads to.
pub(crate) fn play(policy: &mut Policy, now: Stamp, words: &[&str]) -> Option<Decision> {
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let (camera, rest) = match words.get(1) {
        Some(word) if word.starts_with('/') => (*word, words.get(2..).unwrap_or_default()),
        _ => ("/camera", words.get(1..).unwrap_or_default()),
    };
    match (words.first().copied().expect("an event"), rest) {
        ("clear", [confidence]) => Some(policy.assessment(&assessment(now, camera, Verdict::Clear, number(confidence), Vec::new()))),
        ("unknown", [confidence]) => Some(policy.assessment(&assessment(now, camera, Verdict::Unknown, number(confidence), Vec::new()))),
        ("hazard", [confidence, kinds @ ..]) => {
            let confidence = number(confidence);
            let parse = |word: &&str| {
                let (kind, severity) = word.split_once('/').unwrap_or((word, "high"));
                hazard(kind, severity.parse().expect("a severity"), confidence, now.plus_secs(9.5))
            };
            let hazards = kinds.iter().map(parse).collect();
            Some(policy.assessment(&assessment(now, camera, Verdict::Hazard, confidence, hazards)))
        }
        ("image", []) => policy.reading(now, &StreamId::new(camera), &image()),
        ("gas", [name, ppm]) => policy.reading(now, &StreamId::new("/gas"), &gas(name, number(ppm))),
        ("temperature", [celsius]) => policy.reading(now, &StreamId::new("/temperature"), &temperature(number(celsius))),
        ("range", [m]) => policy.reading(now, &StreamId::new("/range"), &range(number(m) as f32)),
        ("scan", []) => policy.reading(now, &StreamId::new("/scan"), &scan()),
        ("tick", []) => policy.tick(now),
        ("jump", []) => Some(policy.clock_jumped(now)),
        other => unreachable!("not an event: {other:?}"),
    }
}

pub(crate) fn shown(decision: Option<&Decision>) -> String {
    let Some(decision) = decision else { return "-".to_owned() };
    let head = format!("{} {}", decision.verdict, decision.response);
    std::iter::once(head).chain(decision.reasons.iter().cloned()).collect::<Vec<_>>().join(" | ")
}

/// Plays `script` on a policy with `overrides`; returns it with what was decided in place of what is written behind the arrows.
fn replayed(overrides: &str, script: &str) -> String {
    let mut policy = policy(overrides);
    let mut out = Vec::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let event = line.split("=>").next().unwrap_or_default().trim();
        let words: Vec<&str> = event.split_whitespace().collect();
        let (secs, words) = words.split_first().expect("a time");
        let decision = play(&mut policy, stamp(secs.parse().expect("seconds")), words);
        if let Some(decision) = &decision {
            assert_eq!(decision, policy.current(), "{line}");
        }
        out.push(format!("{event} => {}", shown(decision.as_ref())));
    }
    out.join("\n")
}

#[track_caller]
pub(crate) fn check(overrides: &str, script: &str) {
    let expect: Vec<&str> = script.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let found = replayed(overrides, script);
    assert!(found == expect.join("\n"), "decided:\n{found}");
}
