//! Our own values as messages. In -> out: [`Assessment`], [`Decision`], [`Alert`], [`JournalEntry`] -> structs of `vedette_msgs`. An absent value
//! becomes what the .msg files say for it (NaN, an empty text, a `has_` flag). Total: nothing here can fail.

use crate::{builtin_interfaces::Time, geometry_msgs, std_msgs::Header, vedette_msgs};
use vedette_types::{Alert, Assessment, Decision, FrameId, Hazard, JournalEntry, JournalKind, Response, Severity, Stamp, Verdict};

const NANOS_PER_SEC: i64 = 1_000_000_000;

/// `stamp` as a ROS time. Before the epoch the seconds are negative and the nanoseconds still count upwards; beyond what 32 bits hold (the
/// year 2038) it saturates.
pub fn time(stamp: Stamp) -> Time {
    let secs = stamp.nanos().div_euclid(NANOS_PER_SEC);
    let nanos = stamp.nanos().rem_euclid(NANOS_PER_SEC);
    match (i32::try_from(secs), u32::try_from(nanos)) {
        (Ok(sec), Ok(nanosec)) => Time { sec, nanosec },
        _ if secs < 0 => Time { sec: i32::MIN, nanosec: 0 },
        _ => Time { sec: i32::MAX, nanosec: 999_999_999 },
    }
}

/// A header.
pub fn header(stamp: Stamp, frame: &FrameId) -> Header {
    Header { stamp: time(stamp), frame_id: frame.as_str().to_owned() }
}

/// The message for `assessment`.
pub fn assessment(assessment: &Assessment) -> vedette_msgs::Assessment {
    vedette_msgs::Assessment {
        header: Header { stamp: time(assessment.image_stamp), frame_id: String::new() },
        camera: assessment.camera.as_str().to_owned(),
        arrived: time(assessment.arrived),
        verdict: match assessment.verdict {
            Verdict::Unknown => vedette_msgs::Assessment::VERDICT_UNKNOWN,
            Verdict::Clear => vedette_msgs::Assessment::VERDICT_CLEAR,
            Verdict::Hazard => vedette_msgs::Assessment::VERDICT_HAZARD,
        },
        confidence: assessment.confidence.get(),
        hazards: assessment.hazards.iter().map(|h| hazard(h, assessment.image_stamp)).collect(),
        answer: assessment.answer.clone().unwrap_or_default(),
        fault: assessment.fault.clone().unwrap_or_default(),
        model_sha256: assessment.model_sha256.0,
        valid_until: time(assessment.valid_until),
    }
}

/// The message for `decision`.
pub fn decision(decision: &Decision) -> vedette_msgs::Decision {
    let hazard_stamp = decision.image_stamp.unwrap_or(decision.stamp);
    vedette_msgs::Decision {
        stamp: time(decision.stamp),
        has_image_stamp: decision.image_stamp.is_some(),
        image_stamp: decision.image_stamp.map(time).unwrap_or_default(),
        verdict: match decision.verdict {
            Verdict::Unknown => vedette_msgs::Decision::VERDICT_UNKNOWN,
            Verdict::Clear => vedette_msgs::Decision::VERDICT_CLEAR,
            Verdict::Hazard => vedette_msgs::Decision::VERDICT_HAZARD,
        },
        hazards: decision.hazards.iter().map(|h| hazard(h, hazard_stamp)).collect(),
        response: match decision.response {
            Response::Continue => vedette_msgs::Decision::RESPONSE_CONTINUE,
            Response::Limit => vedette_msgs::Decision::RESPONSE_LIMIT,
            Response::SlowDown => vedette_msgs::Decision::RESPONSE_SLOW_DOWN,
            Response::Stop => vedette_msgs::Decision::RESPONSE_STOP,
        },
        reasons: decision.reasons.clone(),
        valid_until: time(decision.valid_until),
    }
}

/// The message for `hazard`, found at `stamp` (which becomes the stamp of its position).
pub fn hazard(hazard: &Hazard, stamp: Stamp) -> vedette_msgs::Hazard {
    let (frame_id, [x, y, z]) = match &hazard.position_m {
        Some((frame, position_m)) => (frame.as_str().to_owned(), *position_m),
        None => (String::new(), [f64::NAN; 3]),
    };
    vedette_msgs::Hazard {
        kind: hazard.kind.as_str().to_owned(),
        severity: severity(hazard.severity),
        confidence: hazard.confidence.get(),
        bearing_rad: hazard.bearing_rad.unwrap_or(f64::NAN),
        range_m: hazard.range_m.unwrap_or(f64::NAN),
        position: geometry_msgs::PointStamped { header: Header { stamp: time(stamp), frame_id }, point: geometry_msgs::Point { x, y, z } },
        valid_until: time(hazard.valid_until),
    }
}

const fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Low => vedette_msgs::Hazard::SEVERITY_LOW,
        Severity::Medium => vedette_msgs::Hazard::SEVERITY_MEDIUM,
        Severity::High => vedette_msgs::Hazard::SEVERITY_HIGH,
    }
}

/// The message for the alerts that are listed since `stamp`.
pub fn alerts<'a>(stamp: Stamp, alerts: impl Iterator<Item = &'a Alert>) -> vedette_msgs::AlertArray {
    vedette_msgs::AlertArray { header: Header { stamp: time(stamp), frame_id: String::new() }, alerts: alerts.map(alert).collect() }
}

fn alert(alert: &Alert) -> vedette_msgs::Alert {
    let (acknowledged, acknowledged_by) = match &alert.acknowledged {
        Some(seen) => (time(seen.at), seen.by.clone()),
        None => (Time::default(), String::new()),
    };
    vedette_msgs::Alert {
        id: alert.id.clone(),
        kind: alert.kind.as_str().to_owned(),
        severity: severity(alert.severity),
        raised: time(alert.raised),
        is_cleared: alert.cleared.is_some(),
        cleared: alert.cleared.map(time).unwrap_or_default(),
        is_acknowledged: alert.acknowledged.is_some(),
        acknowledged,
        acknowledged_by,
        text: alert.text.clone(),
        reasons: alert.reasons.clone(),
    }
}

/// The message for one journal entry.
pub fn journal_event(entry: &JournalEntry) -> vedette_msgs::JournalEvent {
    vedette_msgs::JournalEvent {
        number: 0,
        stamp: time(entry.stamp),
        kind: match entry.kind {
            JournalKind::Input => vedette_msgs::JournalEvent::KIND_INPUT,
            JournalKind::Rejected => vedette_msgs::JournalEvent::KIND_REJECTED,
            JournalKind::Gated => vedette_msgs::JournalEvent::KIND_GATED,
            JournalKind::Request => vedette_msgs::JournalEvent::KIND_REQUEST,
            JournalKind::Completion => vedette_msgs::JournalEvent::KIND_COMPLETION,
            JournalKind::Decision => vedette_msgs::JournalEvent::KIND_DECISION,
            JournalKind::ClockJump => vedette_msgs::JournalEvent::KIND_CLOCK_JUMP,
            JournalKind::Level => vedette_msgs::JournalEvent::KIND_LEVEL,
            JournalKind::Tick => vedette_msgs::JournalEvent::KIND_TICK,
            JournalKind::State => vedette_msgs::JournalEvent::KIND_STATE,
            JournalKind::Answer => vedette_msgs::JournalEvent::KIND_ANSWER,
        },
        topic: entry.topic.clone(),
        has_source_stamp: entry.source_stamp.is_some(),
        source_stamp: entry.source_stamp.map(time).unwrap_or_default(),
        has_content: entry.content_sha256.is_some(),
        content_sha256: entry.content_sha256.unwrap_or_default().0,
        detail: entry.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RosMsg as _;
    use proptest::prelude::*;
    use vedette_types::{Acknowledgement, KindId, Probability, Sha256, StreamId};

    fn fire() -> Hazard {
        Hazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            confidence: Probability::saturating(0.75),
            bearing_rad: Some(0.25),
            range_m: Some(3.5),
            position_m: Some((FrameId::new("map"), [1.0, 2.0, 3.0])),
            valid_until: Stamp::from_ros(1_700_000_003, 0),
        }
    }

    proptest! {
        #[test]
        fn a_time_says_the_same_instant(nanos in -2_000_000_000_000_000_000_i64..2_000_000_000_000_000_000) {
            let stamp = Stamp::from_nanos(nanos);
            let time = time(stamp);
            prop_assert!(time.nanosec < 1_000_000_000);
            prop_assert_eq!(Stamp::from_ros(time.sec, time.nanosec), stamp);
        }
    }

    #[test]
    fn times_saturate_and_are_negative_before_the_epoch() {
        assert_eq!(time(Stamp::from_nanos(-1)), Time { sec: -1, nanosec: 999_999_999 });
        assert_eq!(time(Stamp::from_nanos(i64::MAX)), Time { sec: i32::MAX, nanosec: 999_999_999 });
        assert_eq!(time(Stamp::from_nanos(i64::MIN)), Time { sec: i32::MIN, nanosec: 0 });
    }

    #[test]
    fn a_zeroed_message_is_unknown_and_lets_nothing_go_on() {
        assert_eq!(vedette_msgs::Assessment::default().verdict, vedette_msgs::Assessment::VERDICT_UNKNOWN);
        assert_eq!(vedette_msgs::Decision::default().verdict, vedette_msgs::Decision::VERDICT_UNKNOWN);
        assert_eq!(vedette_msgs::Decision::default().response, vedette_msgs::Decision::RESPONSE_UNKNOWN);
    }

    #[test]
    fn a_decision_becomes_the_bytes_an_independent_tool_wrote() {
        let message = decision(&Decision {
            stamp: Stamp::from_nanos(-1),
            image_stamp: Some(Stamp::from_ros(1_700_000_000, 33_366_700)),
            verdict: Verdict::Hazard,
            hazards: vec![fire(), fire()],
            response: Response::Stop,
            reasons: vec!["fire 0.75".into(), String::new(), "co 35 ppm".into()],
            valid_until: Stamp::from_ros(1_700_000_003, 0),
        });
        assert_eq!(message.to_cdr().as_deref(), Ok(&include_bytes!("../tests/golden/decision.le.cdr")[..]));
    }

    #[test]
    fn what_is_absent_is_said_to_be_absent() {
        let unplaced = hazard(&Hazard { bearing_rad: None, range_m: None, position_m: None, ..fire() }, Stamp::from_ros(7, 0));
        assert!(unplaced.bearing_rad.is_nan() && unplaced.range_m.is_nan() && unplaced.position.point.x.is_nan());
        assert_eq!((unplaced.position.header.frame_id.as_str(), unplaced.position.header.stamp.sec), ("", 7));
        let entry = JournalEntry {
            stamp: Stamp::from_ros(5, 0),
            kind: JournalKind::ClockJump,
            topic: "/scan".into(),
            source_stamp: None,
            content_sha256: None,
            detail: "back by 3 s".into(),
        };
        let event = journal_event(&entry);
        assert_eq!((event.kind, event.has_source_stamp, event.has_content), (vedette_msgs::JournalEvent::KIND_CLOCK_JUMP, false, false));
        let hash = Sha256([9; 32]);
        let event = journal_event(&JournalEntry { source_stamp: Some(Stamp::from_ros(4, 0)), content_sha256: Some(hash), ..entry });
        assert_eq!((event.has_source_stamp, event.source_stamp.sec, event.has_content, event.content_sha256), (true, 4, true, hash.0));
    }

    #[test]
    fn an_alert_says_where_it_is_in_its_life() {
        let raised = Alert {
            id: "fire-7".into(),
            kind: KindId::new("fire"),
            severity: Severity::Medium,
            raised: Stamp::from_ros(7, 0),
            cleared: None,
            acknowledged: None,
            text: "fire (medium)".into(),
            reasons: vec!["fire seen by /camera at 0.90".into()],
        };
        let seen = Acknowledgement { by: "ann".into(), at: Stamp::from_ros(8, 0) };
        let ended = Alert { cleared: Some(Stamp::from_ros(9, 0)), acknowledged: Some(seen), ..raised.clone() };
        let message = alerts(Stamp::from_ros(9, 0), [&raised, &ended].into_iter());
        let [first, second] = message.alerts.as_slice() else { unreachable!("two alerts") };
        assert_eq!((message.header.stamp.sec, first.severity, first.raised.sec), (9, vedette_msgs::Hazard::SEVERITY_MEDIUM, 7));
        assert_eq!((first.is_cleared, first.is_acknowledged, first.acknowledged_by.as_str()), (false, false, ""));
        assert_eq!((second.is_cleared, second.cleared.sec, second.is_acknowledged), (true, 9, true));
        assert_eq!((second.acknowledged.sec, second.acknowledged_by.as_str(), second.reasons.len()), (8, "ann", 1));
        assert!(!vedette_msgs::Alert::default().is_cleared, "a zeroed alert is active");
    }

    #[test]
    fn an_assessment_keeps_verdict_and_fault() {
        let message = assessment(&Assessment {
            image_stamp: Stamp::from_ros(1, 0),
            camera: StreamId::new("/camera/image_raw"),
            arrived: Stamp::from_ros(2, 0),
            verdict: Verdict::Unknown,
            confidence: Probability::ZERO,
            hazards: vec![],
            answer: None,
            fault: Some("deadline".into()),
            model_sha256: Sha256([1; 32]),
            valid_until: Stamp::from_ros(3, 0),
        });
        assert_eq!((message.header.stamp.sec, message.arrived.sec, message.valid_until.sec), (1, 2, 3));
        assert_eq!((message.camera.as_str(), message.verdict, message.confidence), ("/camera/image_raw", 0, 0.0));
        assert_eq!((message.answer.as_str(), message.fault.as_str(), message.model_sha256), ("", "deadline", [1; 32]));
    }
}
