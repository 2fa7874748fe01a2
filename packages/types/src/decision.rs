//! What the policy decided and why.

use crate::hazard::words;
use crate::{Hazard, Stamp, Verdict};
use serde::{Deserialize, Serialize};

/// A word that is not one of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{name}`: one of {}", known.join(", "))]
pub struct UnknownName {
    /// What was being named.
    pub what: &'static str,
    /// The word found.
    pub name: String,
    /// The words there are.
    pub known: &'static [&'static str],
}

/// Robot response, weakest to strongest (the words of the Nav2 collision monitor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Go on.
    Continue,
    /// Limit the speed to an absolute value.
    Limit,
    /// Slow down to a fraction.
    SlowDown,
    /// Stop.
    Stop,
}
words!(Response, "response", Continue = "continue", Limit = "limit", SlowDown = "slow_down", Stop = "stop");

/// The system's judgement at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When it was taken (event time, never the wall clock).
    pub stamp: Stamp,
    /// The stamp of the image behind it, where an assessment and not a tick or threshold caused it.
    pub image_stamp: Option<Stamp>,
    /// Overall verdict.
    pub verdict: Verdict,
    /// Hazards that count now, strongest first.
    pub hazards: Vec<Hazard>,
    /// What the robot should do.
    pub response: Response,
    /// Why, one short clause each, in a fixed order: deterministic, no measured times.
    pub reasons: Vec<String>,
    /// When this decision stops counting unless renewed.
    pub valid_until: Stamp,
}
