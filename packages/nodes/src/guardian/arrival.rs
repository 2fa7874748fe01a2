//! Assessments of another process. In -> out: an assessment in the agent's time -> the same in the guardian's, with its end.

use vedette_types::{Assessment, Stamp};

/// An assessment in this node's time: it arrives now, and counts no longer than the agent said it counts from its own arrival.
pub(super) fn arrived_here(mut assessment: Assessment, now: Stamp) -> Assessment {
    let arrived = assessment.arrived;
    let end = |valid_until: Stamp| valid_until.min(now.plus_nanos(valid_until.nanos_since(arrived).max(0)));
    for hazard in &mut assessment.hazards {
        hazard.valid_until = end(hazard.valid_until);
    }
    (assessment.valid_until, assessment.arrived) = (end(assessment.valid_until), now);
    assessment
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::{Probability, Sha256, StreamId, Verdict};

    #[test]
    fn an_assessment_from_another_clock_still_ends() {
        let at = |sec| Stamp::from_ros(sec, 0);
        let sample = |arrived, valid_until| Assessment {
            image_stamp: at(arrived),
            camera: StreamId::new("/camera"),
            arrived: at(arrived),
            verdict: Verdict::Clear,
            confidence: Probability::ONE,
            hazards: vec![],
            answer: None,
            fault: None,
            model_sha256: Sha256::default(),
            valid_until: at(valid_until),
        };
        assert_eq!(arrived_here(sample(100, 105), at(101)).valid_until, at(105), "the same clock");
        assert_eq!(arrived_here(sample(900, 905), at(100)).valid_until, at(105), "a clock ahead");
        assert_eq!(arrived_here(sample(10, 15), at(100)).valid_until, at(15), "a clock behind: it is over");
    }
}
