//! Assessments as another process reads them. In -> out: message -> [`Assessment`] or a [`Rejection`]. What is not understood is
//! taken for the cautious thing (unknown verdict, high severity); numbers that must be finite are checked as for sensors.

use super::finite;
use crate::rejection::quoted;
use crate::{Rejection, builtin_interfaces, vedette_msgs};
use vedette_types::{Assessment, FrameId, Hazard, KindId, Probability, Severity, Sha256, Stamp, StreamId, Verdict};

/// More hazards than any picture has; a message with more is broken.
const MAX_HAZARDS: u32 = 256;

/// An assessment.
///
/// # Errors
/// [`Rejection`] naming the field.
pub fn assessment(message: vedette_msgs::Assessment) -> Result<Assessment, Rejection> {
    let hazards = hazards(&message.hazards)?;
    let text = |text: String| (!text.is_empty()).then_some(text);
    Ok(Assessment {
        image_stamp: stamp(&message.header.stamp),
        camera: StreamId::new(&named("camera", &message.camera)?),
        arrived: stamp(&message.arrived),
        verdict: match message.verdict {
            vedette_msgs::Assessment::VERDICT_CLEAR => Verdict::Clear,
            vedette_msgs::Assessment::VERDICT_HAZARD => Verdict::Hazard,
            _ => Verdict::Unknown,
        },
        confidence: probability("confidence", message.confidence)?,
        hazards,
        answer: text(message.answer),
        fault: text(message.fault),
        model_sha256: Sha256(message.model_sha256),
        valid_until: stamp(&message.valid_until),
    })
}

/// The hazards of a message, of which there may be no more than any picture has.
pub(super) fn hazards(messages: &[vedette_msgs::Hazard]) -> Result<Vec<Hazard>, Rejection> {
    let count = u32::try_from(messages.len()).unwrap_or(u32::MAX);
    if count > MAX_HAZARDS {
        return Err(Rejection::OutOfRange { what: "number of hazards", wanted: "at most 256", value: f64::from(count) });
    }
    messages.iter().map(hazard).collect()
}

fn hazard(message: &vedette_msgs::Hazard) -> Result<Hazard, Rejection> {
    let known = |value: f64| (!value.is_nan()).then_some(value);
    let point = &message.position.point;
    let frame = &message.position.header.frame_id;
    let position_m = if frame.is_empty() {
        None
    } else {
        let position = [finite("position.x", point.x)?, finite("position.y", point.y)?, finite("position.z", point.z)?];
        Some((FrameId::new(&named("position frame", frame)?), position))
    };
    Ok(Hazard {
        kind: KindId::new(&named("hazard kind", &message.kind)?),
        severity: severity(message.severity),
        confidence: probability("hazard confidence", message.confidence)?,
        bearing_rad: known(message.bearing_rad).map(|value| finite("bearing_rad", value)).transpose()?,
        range_m: known(message.range_m).map(|value| finite("range_m", value)).transpose()?,
        position_m,
        valid_until: stamp(&message.valid_until),
    })
}

/// Nobody said how bad it is: to be treated like the worst.
pub(super) const fn severity(severity: u8) -> Severity {
    match severity {
        vedette_msgs::Hazard::SEVERITY_LOW => Severity::Low,
        vedette_msgs::Hazard::SEVERITY_MEDIUM => Severity::Medium,
        _ => Severity::High,
    }
}

pub(super) fn stamp(time: &builtin_interfaces::Time) -> Stamp {
    Stamp::from_ros(time.sec, time.nanosec)
}

fn probability(what: &'static str, value: f64) -> Result<Probability, Rejection> {
    Probability::new(value).map_err(|_| Rejection::OutOfRange { what, wanted: "from 0 to 1", value })
}

pub(super) fn named(what: &'static str, text: &str) -> Result<String, Rejection> {
    let is_good = !text.is_empty() && text.len() <= 256 && !text.chars().any(char::is_control);
    if is_good {
        Ok(text.to_owned())
    } else {
        Err(Rejection::BadName { what, wanted: "1 to 256 bytes without control characters", text: quoted(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_ros;

    fn sample() -> Assessment {
        let hazard = Hazard {
            kind: KindId::new("fire"),
            severity: Severity::Medium,
            confidence: Probability::saturating(0.75),
            bearing_rad: Some(0.25),
            range_m: None,
            position_m: Some((FrameId::new("map"), [1.0, 2.0, 0.5])),
            valid_until: Stamp::from_ros(9, 0),
        };
        Assessment {
            image_stamp: Stamp::from_ros(5, 1),
            camera: StreamId::new("/camera/image_raw"),
            arrived: Stamp::from_ros(6, 0),
            verdict: Verdict::Hazard,
            confidence: Probability::saturating(0.9),
            hazards: vec![hazard],
            answer: None,
            fault: None,
            model_sha256: Sha256([3; 32]),
            valid_until: Stamp::from_ros(10, 0),
        }
    }

    #[test]
    fn what_the_agent_says_arrives() {
        assert_eq!(assessment(to_ros::assessment(&sample())), Ok(sample()));
    }

    #[test]
    fn what_is_not_understood_is_the_cautious_thing() {
        let mut message = to_ros::assessment(&sample());
        message.verdict = 77;
        message.hazards.iter_mut().for_each(|hazard| hazard.severity = 0);
        let found = assessment(message).expect("readable");
        assert_eq!((found.verdict, found.hazards.first().map(|hazard| hazard.severity)), (Verdict::Unknown, Some(Severity::High)));
    }

    #[test]
    fn broken_numbers_and_names_are_refused() {
        let refused = |change: &dyn Fn(&mut vedette_msgs::Assessment)| {
            let mut message = to_ros::assessment(&sample());
            change(&mut message);
            assessment(message).is_err()
        };
        assert!(refused(&|m| m.confidence = f64::NAN));
        assert!(refused(&|m| m.confidence = 1.5));
        assert!(refused(&|m| m.camera = "a\nb".to_owned()));
        assert!(refused(&|m| m.hazards = vec![vedette_msgs::Hazard::default(); 300]));
        assert!(refused(&|m| m.hazards.iter_mut().for_each(|h| h.range_m = f64::INFINITY)));
        assert!(refused(&|m| m.hazards.iter_mut().for_each(|h| h.position.point.x = f64::NAN)));
        assert!(refused(&|m| m.hazards.iter_mut().for_each(|h| h.kind = String::new())));
    }
}
