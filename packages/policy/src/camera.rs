//! One camera: its last judgement, and which hazard kinds it has confirmed.
//!
//! In -> out: an assessment -> debounced hazard kinds; a time -> what of it still counts (see [`crate::verdict`]).
//! Deliberately absent: ticks. Debounce counts assessments, so that a slow model and a fast tick do not change what is confirmed, and an
//! unknown assessment counts as none: it neither confirms nor releases.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vedette_types::{Assessment, Hazard, KindId, Probability, Stamp, Verdict};

/// Longest fault text that is repeated in a reason, characters.
const MAX_FAULT_CHARS: usize = 80;

/// How assessments are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Debounce {
    pub(crate) trigger_count: i64,
    pub(crate) release_count: i64,
    pub(crate) min_confidence: f64,
    pub(crate) max_valid_secs: f64,
}

/// What is known from one camera.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Camera {
    /// When its last image arrived; `None` when images are not shown to the policy.
    pub(crate) image_arrived: Option<Stamp>,
    /// The last assessment.
    pub(crate) judgement: Option<Judgement>,
    /// Hazard kinds seen and not yet released.
    pub(crate) tracks: BTreeMap<KindId, Track>,
}

/// What an assessment comes down to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Judgement {
    /// Unknown also where the model was not sure enough or contradicted itself.
    pub(crate) verdict: Verdict,
    pub(crate) confidence: Probability,
    /// Why it is unknown.
    pub(crate) fault: String,
    pub(crate) valid_until: Stamp,
}

/// One hazard kind of one camera.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Track {
    seen_count: i64,
    absent_count: i64,
    pub(crate) is_confirmed: bool,
    /// As last seen.
    pub(crate) hazards: Vec<Hazard>,
}

impl Camera {
    pub(crate) fn assess(&mut self, assessment: &Assessment, debounce: &Debounce) {
        let limit = assessment.arrived.plus_secs(debounce.max_valid_secs);
        let is_sure = |confidence: Probability| confidence.get() >= debounce.min_confidence;
        let mut sure_hazards = assessment.hazards.clone();
        sure_hazards.retain(|hazard| is_sure(hazard.confidence));
        for hazard in &mut sure_hazards {
            hazard.valid_until = hazard.valid_until.min(limit);
        }
        let fault = fault(assessment, is_sure(assessment.confidence), sure_hazards.is_empty());
        let verdict = if fault.is_some() { Verdict::Unknown } else { assessment.verdict };
        if verdict != Verdict::Unknown {
            self.count(&assessment.hazards, sure_hazards, debounce);
        }
        let valid_until = assessment.valid_until.min(limit);
        self.judgement = Some(Judgement { verdict, confidence: assessment.confidence, fault: fault.unwrap_or_default(), valid_until });
    }

    /// A kind that was named without enough confidence is neither seen nor absent.
    fn count(&mut self, named: &[Hazard], sure: Vec<Hazard>, debounce: &Debounce) {
        self.tracks.retain(|kind, track| {
            if named.iter().any(|hazard| hazard.kind == *kind) {
                return true;
            }
            track.absent_count += 1;
            track.seen_count = 0;
            track.is_confirmed && track.absent_count < debounce.release_count
        });
        let mut seen_now: BTreeMap<KindId, Vec<Hazard>> = BTreeMap::new();
        for hazard in sure {
            seen_now.entry(hazard.kind.clone()).or_default().push(hazard);
        }
        for (kind, hazards) in seen_now {
            let track = self.tracks.entry(kind).or_default();
            track.seen_count = track.seen_count.saturating_add(1);
            track.absent_count = 0;
            track.is_confirmed |= track.seen_count >= debounce.trigger_count;
            track.hazards = hazards;
        }
    }
}

/// Why an assessment says nothing; `None` when it does say something.
fn fault(assessment: &Assessment, is_sure: bool, has_no_sure_hazard: bool) -> Option<String> {
    let percent = |confidence: Probability| (confidence.get() * 100.0).round() / 100.0;
    match assessment.verdict {
        Verdict::Unknown => Some(assessment.fault.as_deref().map_or_else(|| "not decidable from the image".to_owned(), shown)),
        _ if assessment.valid_until <= assessment.arrived => Some("came too late".to_owned()),
        _ if !is_sure => Some(format!("only sure at {}", percent(assessment.confidence))),
        Verdict::Hazard if has_no_sure_hazard => Some("no hazard that is sure enough".to_owned()),
        Verdict::Clear if !assessment.hazards.is_empty() => Some("contradicts itself".to_owned()),
        Verdict::Hazard | Verdict::Clear => None,
    }
}

/// A fault may quote the model: one line, cut.
fn shown(fault: &str) -> String {
    fault.chars().take(MAX_FAULT_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
