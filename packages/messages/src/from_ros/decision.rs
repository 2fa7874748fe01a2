//! Decisions and alerts as another process reads them. In -> out: message -> [`Decision`], [`Alert`]s or a [`Rejection`]. What is not
//! understood is taken for the cautious thing: unknown verdict, stop, high severity, an alert that is active.

use super::assessment::{hazards, named, severity, stamp};
use crate::{Rejection, vedette_msgs};
use vedette_types::{Acknowledgement, Alert, Decision, KindId, Response, Verdict};

/// More alerts, and more reasons of one thing, than a person reads.
const MAX_LINES: u32 = 1024;

/// A decision.
///
/// # Errors
/// [`Rejection`] naming the field.
pub fn decision(message: vedette_msgs::Decision) -> Result<Decision, Rejection> {
    few("number of reasons", message.reasons.len())?;
    Ok(Decision {
        stamp: stamp(&message.stamp),
        image_stamp: message.has_image_stamp.then(|| stamp(&message.image_stamp)),
        verdict: match message.verdict {
            vedette_msgs::Decision::VERDICT_CLEAR => Verdict::Clear,
            vedette_msgs::Decision::VERDICT_HAZARD => Verdict::Hazard,
            _ => Verdict::Unknown,
        },
        hazards: hazards(&message.hazards)?,
        response: match message.response {
            vedette_msgs::Decision::RESPONSE_CONTINUE => Response::Continue,
            vedette_msgs::Decision::RESPONSE_LIMIT => Response::Limit,
            vedette_msgs::Decision::RESPONSE_SLOW_DOWN => Response::SlowDown,
            _ => Response::Stop,
        },
        reasons: message.reasons,
        valid_until: stamp(&message.valid_until),
    })
}

/// The alerts that are listed.
///
/// # Errors
/// [`Rejection`] naming the field.
pub fn alerts(message: vedette_msgs::AlertArray) -> Result<Vec<Alert>, Rejection> {
    few("number of alerts", message.alerts.len())?;
    message.alerts.into_iter().map(alert).collect()
}

fn alert(message: vedette_msgs::Alert) -> Result<Alert, Rejection> {
    few("number of reasons", message.reasons.len())?;
    let seen = || Acknowledgement { by: message.acknowledged_by.clone(), at: stamp(&message.acknowledged) };
    Ok(Alert {
        id: named("alert id", &message.id)?,
        kind: KindId::new(&named("hazard kind", &message.kind)?),
        severity: severity(message.severity),
        raised: stamp(&message.raised),
        cleared: message.is_cleared.then(|| stamp(&message.cleared)),
        acknowledged: message.is_acknowledged.then(seen),
        text: message.text,
        reasons: message.reasons,
    })
}

fn few(what: &'static str, count: usize) -> Result<(), Rejection> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count > MAX_LINES {
        return Err(Rejection::OutOfRange { what, wanted: "at most 1024", value: f64::from(count) });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_ros;
    use vedette_types::{Severity, Stamp};

    fn decided() -> Decision {
        Decision {
            stamp: Stamp::from_ros(7, 1),
            image_stamp: Some(Stamp::from_ros(6, 0)),
            verdict: Verdict::Hazard,
            hazards: Vec::new(),
            response: Response::Limit,
            reasons: vec!["co above 50 ppm".to_owned()],
            valid_until: Stamp::from_ros(12, 0),
        }
    }

    #[test]
    fn what_the_guardian_says_arrives() {
        for (response, verdict, image_stamp) in [
            (Response::Continue, Verdict::Clear, None),
            (Response::Limit, Verdict::Hazard, Some(Stamp::from_ros(6, 0))),
            (Response::SlowDown, Verdict::Unknown, None),
            (Response::Stop, Verdict::Hazard, None),
        ] {
            let said = Decision { response, verdict, image_stamp, ..decided() };
            assert_eq!(decision(to_ros::decision(&said)), Ok(said));
        }
        let seen = Acknowledgement { by: "ann".into(), at: Stamp::from_ros(8, 0) };
        let active = Alert {
            id: "fire-7".into(),
            kind: KindId::new("fire"),
            severity: Severity::Medium,
            raised: Stamp::from_ros(7, 0),
            cleared: None,
            acknowledged: None,
            text: "fire (medium)".into(),
            reasons: vec!["fire seen by /camera at 0.90".into()],
        };
        let ended = Alert { cleared: Some(Stamp::from_ros(9, 0)), acknowledged: Some(seen), ..active.clone() };
        let message = to_ros::alerts(Stamp::from_ros(9, 0), [&active, &ended].into_iter());
        assert_eq!(alerts(message), Ok(vec![active, ended]));
    }

    #[test]
    fn what_is_not_understood_is_the_cautious_thing() {
        let message = vedette_msgs::Decision { verdict: 9, response: 9, ..to_ros::decision(&decided()) };
        let read = decision(message).expect("readable");
        assert_eq!((read.verdict, read.response), (Verdict::Unknown, Response::Stop));
        let zero = decision(vedette_msgs::Decision::default()).expect("readable");
        assert_eq!((zero.verdict, zero.response), (Verdict::Unknown, Response::Stop));
    }

    #[test]
    fn floods_and_names_that_are_none_are_refused() {
        let flood = vedette_msgs::Decision { reasons: vec![String::new(); 2000], ..vedette_msgs::Decision::default() };
        assert!(decision(flood).is_err());
        let hazards = vec![vedette_msgs::Hazard::default(); 300];
        assert!(decision(vedette_msgs::Decision { hazards, ..vedette_msgs::Decision::default() }).is_err());
        let nameless = vedette_msgs::AlertArray { alerts: vec![vedette_msgs::Alert::default()], ..vedette_msgs::AlertArray::default() };
        assert!(alerts(nameless).is_err());
    }
}
