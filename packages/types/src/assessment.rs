//! The model's verdict on one observation.

use crate::hazard::words;
use crate::{Hazard, Probability, Sha256, Stamp, StreamId};
use serde::{Deserialize, Serialize};

/// Tri-state verdict. `Unknown` is its own answer and never means `Clear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At least one hazard.
    Hazard,
    /// Looked, and nothing was found.
    Clear,
    /// Could not tell: timeout, parse error, stale frame, overload, low confidence.
    Unknown,
}
words!(Verdict, "verdict", Hazard = "hazard", Clear = "clear", Unknown = "unknown");

/// Probabilities that the model gave the three verdicts at the verdict token; they sum to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictProbabilities {
    /// P(hazard).
    pub hazard: Probability,
    /// P(clear).
    pub clear: Probability,
    /// P(unknown).
    pub unknown: Probability,
}

impl VerdictProbabilities {
    /// The probability of one verdict.
    pub fn of(&self, verdict: Verdict) -> Probability {
        match verdict {
            Verdict::Hazard => self.hazard,
            Verdict::Clear => self.clear,
            Verdict::Unknown => self.unknown,
        }
    }
}

/// Verdict on one observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Stamp of the image that was judged.
    pub image_stamp: Stamp,
    /// Camera it came from.
    pub camera: StreamId,
    /// When the answer arrived (event time).
    pub arrived: Stamp,
    /// The verdict.
    pub verdict: Verdict,
    /// Probability of `verdict` at the verdict token, 0 where there was no answer.
    pub confidence: Probability,
    /// Hazards named by the model.
    pub hazards: Vec<Hazard>,
    /// The model's free answer, when a question was asked.
    pub answer: Option<String>,
    /// Why the verdict is `Unknown` where the model did not say so itself: `deadline`, `unparsable answer: ...`.
    pub fault: Option<String>,
    /// Model that answered.
    pub model_sha256: Sha256,
    /// When this assessment stops counting.
    pub valid_until: Stamp,
}
