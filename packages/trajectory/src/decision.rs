//! One line of `decisions.jsonl`. In -> out: a `Decision` -> its line, the same bytes on every machine -> the decision again.
//!
//! Numbers are rounded to four decimals; what is unknown or not finite is `null`. Deliberately absent: measured times, paths, random ids.

use serde::Deserialize;
use serde_json::{Value, json};
use vedette_types::{Decision, FrameId, Hazard, KindId, Probability, Response, Severity, Stamp, Verdict};

/// The line of a decision, without line break. Keys in a fixed order: `stamp_nanos`, `image_stamp_nanos`, `verdict`, `hazards`, `response`,
/// `reasons`, `valid_until_nanos`.
pub fn decision_line(decision: &Decision) -> String {
    json!({
        "stamp_nanos": decision.stamp.nanos(),
        "image_stamp_nanos": decision.image_stamp.map(Stamp::nanos),
        "verdict": decision.verdict.word(),
        "hazards": decision.hazards.iter().map(hazard_value).collect::<Vec<_>>(),
        "response": decision.response.word(),
        "reasons": decision.reasons,
        "valid_until_nanos": decision.valid_until.nanos(),
    })
    .to_string()
}

/// The line of a decision that may not be the one that was taken, because something it depends on is not known: `in_doubt` at its end.
pub fn doubtful_line(decision: &Decision) -> String {
    let mut line = decision_line(decision);
    line.pop();
    line + ",\"in_doubt\":true}"
}

/// The decision of a line.
///
/// # Errors
/// What is missing or has the wrong form, from `serde_json`. Unknown keys are skipped, so that older readers take newer lines.
pub fn parse_decision_line(line: &str) -> Result<Decision, serde_json::Error> {
    serde_json::from_str::<DecisionLine>(line).map(DecisionLine::into_decision)
}

/// The decision as it comes back from its line: numbers rounded, what is not finite unknown.
#[must_use]
pub fn rounded(decision: &Decision) -> Decision {
    let mut decision = decision.clone();
    for hazard in &mut decision.hazards {
        hazard.confidence = hazard.confidence.rounded();
        hazard.bearing_rad = hazard.bearing_rad.and_then(four_decimals);
        hazard.range_m = hazard.range_m.and_then(four_decimals);
        hazard.position_m = hazard.position_m.take().and_then(|(frame, at)| Some((frame, position(at)?)));
    }
    decision
}

fn hazard_value(hazard: &Hazard) -> Value {
    let place = hazard.position_m.as_ref().and_then(|(frame, at)| Some((frame, position(*at)?)));
    json!({
        "kind": hazard.kind.as_str(),
        "severity": hazard.severity.word(),
        "confidence": hazard.confidence.rounded().get(),
        "bearing_rad": hazard.bearing_rad.and_then(four_decimals),
        "range_m": hazard.range_m.and_then(four_decimals),
        "position": place.map(|(frame, [x, y, z])| json!({ "frame": frame.as_str(), "x_m": x, "y_m": y, "z_m": z })),
        "valid_until_nanos": hazard.valid_until.nanos(),
    })
}

fn position([x, y, z]: [f64; 3]) -> Option<[f64; 3]> {
    Some([four_decimals(x)?, four_decimals(y)?, four_decimals(z)?])
}

/// `value` rounded to four decimals, never `-0`; `None` when it is not finite.
fn four_decimals(value: f64) -> Option<f64> {
    if !value.is_finite() {
        return None;
    }
    let rounded = if value.abs() < MOST_ROUNDED { (value * 1e4).round() / 1e4 } else { value };
    Some(rounded + 0.0)
}

/// From here on numbers stay as they are. A double n / 1e4 is off by up to n 2^-53 in units of 1e-4, its product with 1e4 by as much again: below n = 2^51 both
/// together stay under a half, so that a rounded number is rounded to itself.
const MOST_ROUNDED: f64 = (1_u64 << 51) as f64 / 1e4;

#[derive(Deserialize)]
struct DecisionLine {
    stamp_nanos: Stamp,
    image_stamp_nanos: Option<Stamp>,
    verdict: Verdict,
    hazards: Vec<HazardLine>,
    response: Response,
    reasons: Vec<String>,
    valid_until_nanos: Stamp,
}

#[derive(Deserialize)]
struct HazardLine {
    kind: KindId,
    severity: Severity,
    confidence: Probability,
    bearing_rad: Option<f64>,
    range_m: Option<f64>,
    position: Option<PositionLine>,
    valid_until_nanos: Stamp,
}

#[derive(Deserialize)]
struct PositionLine {
    frame: FrameId,
    x_m: f64,
    y_m: f64,
    z_m: f64,
}

impl DecisionLine {
    fn into_decision(self) -> Decision {
        Decision {
            stamp: self.stamp_nanos,
            image_stamp: self.image_stamp_nanos,
            verdict: self.verdict,
            hazards: self.hazards.into_iter().map(HazardLine::into_hazard).collect(),
            response: self.response,
            reasons: self.reasons,
            valid_until: self.valid_until_nanos,
        }
    }
}

impl HazardLine {
    fn into_hazard(self) -> Hazard {
        Hazard {
            kind: self.kind,
            severity: self.severity,
            confidence: self.confidence,
            bearing_rad: self.bearing_rad,
            range_m: self.range_m,
            position_m: self.position.map(|p| (p.frame, [p.x_m, p.y_m, p.z_m])),
            valid_until: self.valid_until_nanos,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hazard(bearing_rad: Option<f64>, position_m: Option<(FrameId, [f64; 3])>) -> Hazard {
        Hazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            confidence: Probability::saturating(0.912_345),
            bearing_rad,
            range_m: Some(3.5),
            position_m,
            valid_until: Stamp::from_nanos(7),
        }
    }

    fn decision(hazards: Vec<Hazard>) -> Decision {
        Decision {
            stamp: Stamp::from_nanos(1_700_000_000_033_366_700),
            image_stamp: None,
            verdict: Verdict::Hazard,
            hazards,
            response: Response::SlowDown,
            reasons: vec!["fire \"ahead\"\nno line break".into()],
            valid_until: Stamp::from_nanos(8),
        }
    }

    #[test]
    fn the_line_has_these_bytes() {
        let at = Some((FrameId::new("map"), [1.0, -0.000_04, 2.000_06]));
        assert_eq!(
            decision_line(&decision(vec![hazard(Some(f64::NAN), at)])),
            concat!(
                r#"{"stamp_nanos":1700000000033366700,"image_stamp_nanos":null,"verdict":"hazard","hazards":[{"kind":"fire","severity":"high","#,
                r#""confidence":0.9123,"bearing_rad":null,"range_m":3.5,"position":{"frame":"map","x_m":1.0,"y_m":0.0,"z_m":2.0001},"#,
                r#""valid_until_nanos":7}],"response":"slow_down","reasons":["fire \"ahead\"\nno line break"],"valid_until_nanos":8}"#
            )
        );
    }

    #[test]
    fn a_number_that_was_rounded_is_rounded_to_itself() {
        let near = |value: f64| (0..200).map(move |k| value * (1.0 - f64::from(k) * 1.0e-6));
        for value in [1.0, 1.0e6, MOST_ROUNDED, 287_134_368_299.764_47, 9.0e11, f64::MAX].into_iter().flat_map(near) {
            let once = four_decimals(value);
            assert_eq!(once.and_then(four_decimals), once, "{value}");
        }
    }

    #[test]
    fn doubt_stands_in_the_line_and_changes_nothing_else() {
        let decision = decision(vec![hazard(None, None)]);
        let line = doubtful_line(&decision);
        assert!(line.ends_with(",\"valid_until_nanos\":8,\"in_doubt\":true}"), "{line}");
        assert_eq!(parse_decision_line(&line).expect("our own line"), rounded(&decision));
    }

    #[test]
    fn a_position_with_one_unknown_coordinate_is_unknown() {
        let at = Some((FrameId::new("map"), [1.0, f64::INFINITY, 2.0]));
        assert!(decision_line(&decision(vec![hazard(None, at)])).contains(r#""position":null"#));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = parse_decision_line(r#"{"stamp_nanos":1,"image_stamp_nanos":null}"#).expect_err("no verdict").to_string();
        assert!(error.contains("verdict"), "{error}");
        assert!(parse_decision_line(r#"{"stamp_nanos":1,"verdict":"fine"}"#).is_err());
    }

    fn any_hazard() -> impl Strategy<Value = Hazard> {
        let place = (".{0,8}", any::<[f64; 3]>()).prop_map(|(frame, at)| (FrameId::new(&frame), at));
        let optional = || proptest::option::of(any::<f64>());
        (".{0,12}", 0..3_usize, any::<f64>(), optional(), optional(), proptest::option::of(place), any::<i64>()).prop_map(
            |(kind, severity, confidence, bearing_rad, range_m, position_m, until)| Hazard {
                kind: KindId::new(&kind),
                severity: Severity::ALL[severity],
                confidence: Probability::saturating(confidence),
                bearing_rad,
                range_m,
                position_m,
                valid_until: Stamp::from_nanos(until),
            },
        )
    }

    proptest! {
        #[test]
        fn decision_lines_round_trip(
            (stamp, image, until) in any::<(i64, Option<i64>, i64)>(),
            hazards in proptest::collection::vec(any_hazard(), 0..4),
            (verdict, response) in (0..3_usize, 0..4_usize),
            reasons in proptest::collection::vec(any::<String>(), 0..4),
        ) {
            let decision = Decision {
                stamp: Stamp::from_nanos(stamp),
                image_stamp: image.map(Stamp::from_nanos),
                verdict: Verdict::ALL[verdict],
                hazards,
                response: Response::ALL[response],
                reasons,
                valid_until: Stamp::from_nanos(until),
            };
            let line = decision_line(&decision);
            prop_assert!(!line.contains(['\n', '\r']));
            let back = parse_decision_line(&line).expect("our own line");
            prop_assert_eq!(&back, &rounded(&decision));
            prop_assert_eq!(decision_line(&back), line);
        }
    }
}
