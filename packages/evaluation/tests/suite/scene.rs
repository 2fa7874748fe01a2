//! Short hands for small scenes. Times are seconds since `START`.

use proptest::prelude::*;
use vedette_evaluation::{RunData, TrueHazard, Truth, TruthFrame};
use vedette_types::{
    Completion, Decision, Finish, Hazard, KindId, Probability, Response, Severity, Sha256, Stamp, StreamId, Timings, Verdict,
    VerdictProbabilities,
};

pub(crate) const START: Stamp = Stamp::from_nanos(1_700_000_000_000_000_000);

pub(crate) fn at(secs: f64) -> Stamp {
    START.plus_secs(secs)
}

pub(crate) fn secs(stamp: Stamp) -> f64 {
    (stamp.secs_since(START) * 1e6).round() / 1e6
}

/// A decision at `secs` on the picture 0.5 s before, valid for an hour, that names `kinds`.
pub(crate) fn decision(secs: f64, verdict: Verdict, kinds: &[&str]) -> Decision {
    Decision {
        stamp: at(secs),
        image_stamp: Some(at(secs - 0.5)),
        verdict,
        hazards: kinds.iter().map(|kind| hazard(kind, None, secs)).collect(),
        response: match verdict {
            Verdict::Hazard => Response::Stop,
            Verdict::Clear => Response::Continue,
            Verdict::Unknown => Response::SlowDown,
        },
        reasons: match verdict {
            Verdict::Hazard => kinds.iter().map(|kind| format!("{kind} ahead")).collect(),
            Verdict::Clear => Vec::new(),
            Verdict::Unknown => vec!["no answer".to_owned()],
        },
        valid_until: at(secs + 3600.0),
    }
}

pub(crate) fn hazard(kind: &str, bearing_rad: Option<f64>, secs: f64) -> Hazard {
    Hazard {
        kind: KindId::new(kind),
        severity: Severity::High,
        confidence: Probability::saturating(0.9),
        bearing_rad,
        range_m: None,
        position_m: None,
        valid_until: at(secs + 10.0),
    }
}

pub(crate) fn run(decisions: Vec<Decision>) -> RunData {
    RunData { name: "scene".into(), decisions, ..RunData::default() }
}

/// The answer to the picture at `secs`, which took 0.4 s and `millis` as measured.
pub(crate) fn completion(secs: f64, p_hazard: f64, millis: f64) -> Completion {
    let [hazard, clear, unknown] = [p_hazard, 1.0 - p_hazard, 0.0].map(Probability::saturating);
    Completion {
        image_stamp: at(secs),
        camera: StreamId::new("/camera/image_raw"),
        prompt_sha256: Sha256([1; 32]),
        image_sha256: Sha256([2; 32]),
        model_sha256: Sha256([3; 32]),
        adapter: None,
        is_model_trained: true,
        text: r#"{"verdict":"hazard","hazards":[{"kind":"fire","severity":"high","bearing":"left","range":"near"}]}"#.into(),
        tokens: 20,
        finish: Finish::Stop,
        verdict_probabilities: Some(VerdictProbabilities { hazard, clear, unknown }),
        arrived: at(secs + 0.4),
        timings: Timings { total_millis: millis, ..Timings::default() },
    }
}

/// A bare hazard: only its kind.
pub(crate) fn there(kind: &str) -> TrueHazard {
    serde_json::from_value(serde_json::json!({ "kind": kind })).expect("a kind is enough")
}

/// Truth at 10 Hz from 0 to `end_secs`, where `hazards` says what is there.
pub(crate) fn truth(end_secs: f64, hazards: impl Fn(f64) -> Vec<TrueHazard>) -> Truth {
    let frames = (0..=(end_secs * 10.0).round() as u32).map(|index| {
        let secs = f64::from(index) / 10.0;
        TruthFrame { stamp: at(secs), hazards: hazards(secs), robot: None }
    });
    Truth::from_frames(frames.collect())
}

/// Truth with one kind there from `from` to `to` seconds, both included.
pub(crate) fn one_event(end_secs: f64, kind: &str, from: f64, to: f64) -> Truth {
    truth(end_secs, |secs| if (from..=to).contains(&secs) { vec![there(kind)] } else { Vec::new() })
}

const KINDS: [&str; 3] = ["fire", "gas_leak", "<b>"];

/// Any decisions, also with stamps that go back and validity that ends before it begins.
pub(crate) fn any_decisions() -> impl Strategy<Value = Vec<Decision>> {
    let bearing = prop_oneof![Just(None), (-1.0..1.0_f64).prop_map(Some), Just(Some(f64::NAN))];
    let named = (0..KINDS.len(), bearing, -20.0..20.0_f64).prop_map(|(kind, bearing, secs)| hazard(KINDS[kind], bearing, secs));
    let one = (any_secs(), proptest::option::of(any_secs()), 0..3_usize, proptest::collection::vec(named, 0..3), 0..4_usize, any_secs());
    let one = one.prop_map(|(secs, image, verdict, hazards, response, until)| Decision {
        stamp: at(secs),
        image_stamp: image.map(at),
        verdict: Verdict::ALL[verdict],
        hazards,
        response: Response::ALL[response],
        reasons: vec![format!("reason {verdict}")],
        valid_until: at(until),
    });
    proptest::collection::vec(one, 0..12)
}

/// Mostly small times, so that things meet; now and then an absurd one.
fn any_secs() -> impl Strategy<Value = f64> {
    prop_oneof![20 => (0..200_u32).prop_map(|tenths| f64::from(tenths) / 10.0), 1 => any::<f64>()]
}

pub(crate) fn any_completions() -> impl Strategy<Value = Vec<Completion>> {
    let one = (any_secs(), any::<f64>(), any::<f64>(), ".{0,20}")
        .prop_map(|(secs, p, millis, text)| Completion { text, ..completion(secs, p, millis) });
    proptest::collection::vec(one, 0..12)
}

pub(crate) fn any_truth() -> impl Strategy<Value = Truth> {
    let number = || proptest::option::of(prop_oneof![4 => -100.0..100.0_f64, 1 => any::<f64>()]);
    let hazard =
        (0..KINDS.len(), proptest::option::of("[ab]"), proptest::option::of(any::<[f64; 4]>()), [number(), number(), number(), number()]);
    let hazard = (hazard, proptest::option::of(any::<[f64; 2]>()), proptest::option::of(any::<bool>())).prop_map(
        |((kind, id, bbox_xywh, [distance_m, bearing_rad, pixels, ppm]), position_m, is_active)| TrueHazard {
            id,
            bbox_xywh,
            position_m,
            distance_m,
            bearing_rad,
            pixels,
            is_active,
            ppm,
            ..there(KINDS[kind])
        },
    );
    let frame = (any_secs(), proptest::collection::vec(hazard, 0..3));
    let frame = frame.prop_map(|(secs, hazards)| TruthFrame { stamp: at(secs), hazards, robot: None });
    proptest::collection::vec(frame, 0..20).prop_map(Truth::from_frames)
}

/// Any run, without summary and manifest.
pub(crate) fn any_run() -> impl Strategy<Value = RunData> {
    (any_decisions(), any_completions()).prop_map(|(decisions, completions)| RunData { completions, ..run(decisions) })
}
