//! What should never arrive and will.

use crate::script::{assessment, gas, hazard, policy, range, shown, stamp, temperature};
use vedette_types::{Response, Severity, Stamp, StreamId, Verdict};

#[test]
fn contradictory_answers_are_unknown() {
    let fire = || vec![hazard("fire", Severity::High, 0.9, stamp(9.0))];
    for (verdict, hazards, expect) in [
        (Verdict::Hazard, Vec::new(), "unknown slow_down | /camera unknown: no hazard that is sure enough"),
        (Verdict::Clear, fire(), "unknown slow_down | /camera unknown: contradicts itself"),
        (Verdict::Unknown, fire(), "unknown slow_down | /camera unknown: not decidable from the image"),
        (
            Verdict::Hazard,
            vec![hazard("fire", Severity::High, 0.1, stamp(9.0))],
            "unknown slow_down | /camera unknown: no hazard that is sure enough",
        ),
        (Verdict::Hazard, fire(), "hazard stop | fire seen by /camera at 0.90"),
    ] {
        let decision = policy("").assessment(&assessment(stamp(1.0), "/camera", verdict, 0.9, hazards));
        assert_eq!(shown(Some(&decision)), expect);
    }
}

#[test]
fn late_and_endless_answers_are_bounded() {
    let mut late = assessment(stamp(1.0), "/camera", Verdict::Clear, 0.9, Vec::new());
    late.valid_until = stamp(0.9);
    assert_eq!(shown(Some(&policy("").assessment(&late))), "unknown slow_down | assessment of /camera expired");

    let fire = hazard("fire", Severity::High, 0.9, Stamp::from_nanos(i64::MAX));
    let mut endless = assessment(stamp(1.0), "/camera", Verdict::Hazard, 0.9, vec![fire]);
    endless.valid_until = Stamp::from_nanos(i64::MAX);
    let mut policy = policy("");
    assert_eq!(policy.assessment(&endless).valid_until, stamp(61.0));
    let decision = policy.tick(stamp(61.0)).expect("the hazard ran out");
    assert_eq!((decision.verdict, decision.hazards.len()), (Verdict::Unknown, 0));
}

#[test]
fn a_fault_is_quoted_on_one_short_line() {
    let mut unparsable = assessment(stamp(1.0), "/camera", Verdict::Unknown, 0.0, Vec::new());
    unparsable.fault = Some(format!("unparsable answer: \n\u{1b}[2J{}", "x".repeat(1000)));
    let reasons = policy("").assessment(&unparsable).reasons;
    assert_eq!(reasons.len(), 1);
    let reason = reasons.first().expect("one");
    assert!(reason.starts_with("/camera unknown: unparsable answer:   [2Jxxx") && reason.len() < 120, "{reason}");
}

#[test]
fn impossible_measurements_are_no_sign_of_life() {
    let stream = StreamId::new("/odd");
    for reading in [gas("co", f64::NAN), gas("co", f64::NEG_INFINITY), temperature(f64::NAN), range(f32::NAN)] {
        let mut policy = policy("");
        policy.assessment(&assessment(stamp(1.0), "/camera", Verdict::Clear, 0.9, Vec::new()));
        let decision = policy.reading(stamp(1.1), &stream, &reading).expect("a stream without measurements is unknown");
        assert_eq!(decision.verdict, Verdict::Unknown, "{reading:?}");
    }
    for reading in [gas("co", f64::INFINITY), temperature(f64::INFINITY), range(f32::NEG_INFINITY), range(-1.0)] {
        let decision = policy("").reading(stamp(1.1), &stream, &reading).expect("an alarm");
        assert_eq!((decision.verdict, decision.response), (Verdict::Hazard, Response::Stop), "{reading:?}");
    }
}

#[test]
fn a_range_alarm_knows_its_distance_and_others_do_not() {
    let stream = StreamId::new("/odd");
    let distance_m = |reading| policy("").reading(stamp(1.0), &stream, &reading).and_then(|decision| decision.hazards.first()?.range_m);
    assert_eq!(distance_m(range(0.25)), Some(0.25));
    assert_eq!(distance_m(range(f32::NEG_INFINITY)), None);
    assert_eq!(distance_m(gas("co", 90.0)), None);
}

#[test]
fn ever_new_gas_names_stay_in_bounds_and_their_alarms_stay() {
    let mut policy = policy("");
    let stream = StreamId::new("/gas");
    policy.assessment(&assessment(stamp(1.0), "/camera", Verdict::Clear, 0.9, Vec::new()));
    for index in 0..1000 {
        let ppm = if index == 600 { 5000.0 } else { 1.0 };
        policy.reading(stamp(1.1), &stream, &gas(&format!("gas{index}"), ppm));
    }
    let decision = policy.reading(stamp(1.2), &StreamId::new("/co"), &gas("co", 90.0));
    let expect = "hazard stop | other gas 90 ppm above 50 ppm on /co | other gas 5000 ppm above 1000 ppm on /gas";
    assert_eq!(shown(decision.as_ref()), expect);
    let decision = policy.tick(stamp(5.0)).expect("silence");
    assert!(decision.reasons.len() < 300 && decision.response == Response::Stop, "{}", decision.reasons.len());
    let long = policy.reading(stamp(5.1), &StreamId::new("/new"), &gas(&"\n".repeat(10_000), 9999.0));
    assert!(long.is_none_or(|decision| decision.reasons.iter().all(|reason| reason.len() < 200 && !reason.contains('\n'))));
}
