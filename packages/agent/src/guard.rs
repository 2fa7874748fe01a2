//! What a guardian is told, and what it stands on. In -> out: one event at its time -> the policy's answer; parameters, hazard kinds and
//! memory <-> the text of a journal's state line. The live guardian and the replay of its journal run these same lines.

use serde::{Deserialize, Serialize};
use vedette_policy::{Memory, Policy};
use vedette_types::{Assessment, Decision, Reading, Stamp, StreamId};

/// A state line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a state that this version writes: {problem}")]
pub struct StateError {
    /// What is wrong with it.
    pub problem: String,
}

/// What a guardian can be told.
#[derive(Clone, Debug)]
pub enum Heard {
    /// A sensor reading.
    Reading(StreamId, Reading),
    /// An assessment, in the agent's time.
    Assessment(Box<Assessment>),
    /// Time passed.
    Tick,
    /// Time went back, or the policy began anew.
    ClockJump,
}

impl Heard {
    /// Tells the policy, at `now` of the guardian's clock.
    pub fn tell(self, policy: &mut Policy, now: Stamp) -> Option<Decision> {
        match self {
            Self::Reading(stream, reading) => policy.reading(now, &stream, &reading),
            Self::Assessment(assessment) => Some(policy.assessment(&arrived_here(*assessment, now))),
            Self::Tick => policy.tick(now),
            Self::ClockJump => Some(policy.clock_jumped(now)),
        }
    }
}

/// An assessment in this node's time: it arrives now, and counts no longer than the agent said it counts from its own arrival.
fn arrived_here(mut assessment: Assessment, now: Stamp) -> Assessment {
    let arrived = assessment.arrived;
    let end = |valid_until: Stamp| valid_until.min(now.plus_nanos(valid_until.nanos_since(arrived).max(0)));
    for hazard in &mut assessment.hazards {
        hazard.valid_until = end(hazard.valid_until);
    }
    (assessment.valid_until, assessment.arrived) = (end(assessment.valid_until), now);
    assessment
}

/// What a live node stands on: the text of a state line in its journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NodeState {
    /// Parameters of the stages, as a ROS 2 parameter file.
    pub parameters: String,
    /// The hazard kinds, as a hazard file.
    pub hazards: String,
    /// What the guardian's policy knows; absent where it begins anew.
    pub memory: Option<Memory>,
}

impl NodeState {
    /// The text.
    ///
    /// # Errors
    /// [`StateError`], which no value of today's types causes.
    pub fn to_text(&self) -> Result<String, StateError> {
        serde_json::to_string(self).map_err(|error| StateError { problem: error.to_string() })
    }

    /// The state of a text.
    ///
    /// # Errors
    /// [`StateError`] for a text of another version.
    pub fn from_text(text: &str) -> Result<Self, StateError> {
        serde_json::from_str(text).map_err(|error| StateError { problem: error.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_params::HazardCatalogue;
    use vedette_policy::PolicyParams;
    use vedette_types::{FrameId, Gas, Hazard, KindId, Probability, Severity, Sha256, Verdict};

    fn at(sec: i32) -> Stamp {
        Stamp::from_ros(sec, 0)
    }

    fn assessment(arrived: Stamp, valid_until: Stamp) -> Assessment {
        Assessment {
            image_stamp: arrived,
            camera: StreamId::new("/camera"),
            arrived,
            verdict: Verdict::Clear,
            confidence: Probability::ONE,
            hazards: vec![],
            answer: None,
            fault: None,
            model_sha256: Sha256::default(),
            valid_until,
        }
    }

    #[test]
    fn an_assessment_from_another_clock_still_ends() {
        let sample = |arrived, valid_until| assessment(at(arrived), at(valid_until));
        assert_eq!(arrived_here(sample(100, 105), at(101)).valid_until, at(105), "the same clock");
        assert_eq!(arrived_here(sample(900, 905), at(100)).valid_until, at(105), "a clock ahead");
        assert_eq!(arrived_here(sample(10, 15), at(100)).valid_until, at(15), "a clock behind: it is over");
    }

    /// A script that leaves alarms, tracks, confirmations and a jump behind.
    fn script() -> Vec<Heard> {
        let gas = |ppm| {
            let gas = Gas { stamp: at(0), frame: FrameId::new("nose"), gas: "co".to_owned(), ppm };
            Heard::Reading(StreamId::new("/gas"), Reading::Gas(gas))
        };
        let fire = Hazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            confidence: Probability::saturating(0.1 + 0.2),
            bearing_rad: Some(0.1),
            range_m: None,
            position_m: Some((FrameId::new("map"), [0.1, 0.2, 0.3])),
            valid_until: at(30),
        };
        let mut burning = assessment(at(3), at(20));
        (burning.verdict, burning.hazards) = (Verdict::Hazard, vec![fire]);
        vec![
            Heard::Tick,
            gas(80.0),
            Heard::Assessment(Box::new(burning)),
            gas(40.0),
            Heard::Assessment(Box::new(assessment(at(6), at(12)))),
            gas(20.0),
            Heard::Tick,
            Heard::ClockJump,
            Heard::Assessment(Box::new(assessment(at(9), at(14)))),
            gas(60.0),
            Heard::Tick,
        ]
    }

    #[test]
    fn a_policy_that_goes_on_from_a_state_line_decides_the_same() {
        let catalogue = HazardCatalogue::bundled().expect("bundled");
        let new = || Policy::new(PolicyParams { trigger_count: 2, ..PolicyParams::default() }, &catalogue).expect("good parameters");
        let at_step = |index: usize| at(i32::try_from(index).expect("few") + 1);
        let events = script();
        for cut in 0..events.len() {
            let (mut whole, mut resumed) = (new(), new());
            for (index, event) in events.iter().enumerate() {
                if index == cut {
                    let state = NodeState { parameters: String::new(), hazards: String::new(), memory: Some(whole.memory()) };
                    let text = state.to_text().expect("text");
                    resumed.recall(NodeState::from_text(&text).expect("our own text").memory.expect("there"));
                }
                let expected = event.clone().tell(&mut whole, at_step(index));
                if index >= cut {
                    assert_eq!(event.clone().tell(&mut resumed, at_step(index)), expected, "cut at {cut}, step {index}");
                }
            }
        }
    }
}
