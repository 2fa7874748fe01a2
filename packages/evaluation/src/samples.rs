//! Judged samples: one picture, one answer, and what was really there. In -> out: plain values and the JSON lines they are kept as
//! (`samples.jsonl`). Figures over many of them are in `figures`.
//!
//! Deliberately absent: how an answer came about, and runs over time (those are decisions and events: `matching`).

pub(crate) mod bootstrap;
mod figures;
mod pairing;
mod table;
mod weighted;

pub use bootstrap::Estimate;
pub use figures::{GroupFigures, KindConfusion, KindFigures, SampleFigures, evaluate_samples, kind_score};
pub use pairing::{Pairing, pair};
pub use table::{controls_table, figures_table};

use crate::EvaluationError;
use crate::run_data::read_lines;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use vedette_types::{BearingSector, KindId, Probability, RangeBand, Severity, Verdict, VerdictProbabilities};

/// One hazard, as it was there or as it was named. What is not known is `None` and is not scored: a folder of photographs knows kinds only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleHazard {
    /// What it is.
    pub kind: KindId,
    /// How bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Where in the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearing: Option<BearingSector>,
    /// How far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<RangeBand>,
    /// Of a truth: whether the picture shows it. False for what only another sensor tells (gas without a plume, heat behind a door): no
    /// bearing and no range is then what is right, and counts for exact answers only.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub is_seen: bool,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_yes(value: &bool) -> bool {
    *value
}

impl SampleHazard {
    /// A hazard of which only the kind is known.
    pub fn of_kind(kind: KindId) -> Self {
        Self { kind, severity: None, bearing: None, range: None, is_seen: true }
    }

    fn is_fully_known(&self) -> bool {
        self.severity.is_some() && (!self.is_seen || self.bearing.is_some() && self.range.is_some())
    }
}

/// What was really there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleTruth {
    /// The right verdict: `unknown` for a picture that cannot be judged and sensors that say nothing.
    pub verdict: Verdict,
    /// The hazards, worst first.
    pub hazards: Vec<SampleHazard>,
    /// Whether `hazards` are all there are. A photograph labelled `fire` may show smoke as well: naming a kind that its label leaves open
    /// is neither right nor wrong.
    pub is_complete: bool,
}

impl SampleTruth {
    /// A truth of which nothing was left out. Hazards of one kind in one sector are one, the first: an answer cannot tell them apart
    /// (`vedette-reasoning` drops the second when it reads one).
    pub fn new(verdict: Verdict, hazards: Vec<SampleHazard>) -> Self {
        let mut kept: Vec<SampleHazard> = Vec::with_capacity(hazards.len());
        for hazard in hazards {
            if !kept.iter().any(|other| other.kind == hazard.kind && other.bearing == hazard.bearing) {
                kept.push(hazard);
            }
        }
        Self { verdict, hazards: kept, is_complete: true }
    }
}

impl SampleTruth {
    /// What a label says: nothing but this kind is known, or, without one, that there is no hazard.
    pub fn of_label(kind: Option<KindId>) -> Self {
        let is_complete = kind.is_none();
        let verdict = if is_complete { Verdict::Clear } else { Verdict::Hazard };
        Self { verdict, hazards: kind.into_iter().map(SampleHazard::of_kind).collect(), is_complete }
    }

    /// Whether a hazard of this kind was there; `None` where the label leaves it open.
    fn has(&self, kind: &KindId) -> Option<bool> {
        let is_there = self.hazards.iter().any(|hazard| hazard.kind == *kind);
        (is_there || self.is_complete).then_some(is_there)
    }
}

/// What the model said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleAnswer {
    /// The verdict that the agent takes from it; `unknown` where there is a fault.
    pub verdict: Verdict,
    /// The hazards that it names.
    pub hazards: Vec<SampleHazard>,
    /// Why the answer is of no use: a deadline, text that cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Tokens generated.
    pub tokens: u32,
    /// Measured time of the whole call.
    pub total_millis: f64,
}

/// One picture judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "SampleLine", into = "SampleLine")]
pub struct JudgedSample {
    /// Names it: a file, or family and seed of a scene.
    pub id: String,
    /// What was there.
    pub truth: SampleTruth,
    /// What was said.
    pub answer: SampleAnswer,
    /// What the model gave the three verdicts, where it got that far.
    pub probabilities: Option<VerdictProbabilities>,
    /// What it would give each kind as the first hazard of its answer, were the verdict `hazard`; empty where it was not asked.
    pub first_kinds: BTreeMap<KindId, Probability>,
    /// Groups it belongs to, for figures of each: `near`, `dark`, `two hazards`.
    pub tags: Vec<String>,
}

impl JudgedSample {
    /// Whether the verdict is right.
    pub fn is_verdict_right(&self) -> bool {
        self.truth.verdict == self.answer.verdict
    }

    /// Whether verdict, kinds, severities, sectors and range bands are all right, in any order; `None` where truth does not know them all.
    pub fn is_exact(&self) -> Option<bool> {
        if !self.truth.is_complete || !self.truth.hazards.iter().all(SampleHazard::is_fully_known) {
            return None;
        }
        let facts = |hazards: &[SampleHazard]| {
            let of = |h: &SampleHazard| (h.kind.clone(), h.severity, h.bearing, h.range);
            let mut facts: Vec<_> = hazards.iter().map(of).collect();
            facts.sort();
            facts
        };
        Some(self.is_verdict_right() && facts(&self.truth.hazards) == facts(&self.answer.hazards))
    }

    /// How wrong it is, for lists of the worst: 2 and more for a wrong verdict, more the surer it was; 1 for each hazard made up or missed
    /// under a right verdict (at most below 2), less for a wrong fact about a right hazard; 0 when nothing is wrong.
    pub fn badness(&self) -> f64 {
        if !self.is_verdict_right() {
            return 2.0 + self.probabilities.map_or(0.5, |p| p.of(self.answer.verdict).get());
        }
        let pairing = pair(&self.truth.hazards, &self.answer.hazards);
        let wrong_kinds = pairing.missed.len() + if self.truth.is_complete { pairing.made_up.len() } else { 0 };
        let wrong_facts: usize = pairing.found.iter().map(|(there, named)| wrong_facts(there, named)).sum();
        let (kinds, facts) = (wrong_kinds as f64, wrong_facts as f64);
        // Each part stays below what the part before it starts with.
        (kinds / (kinds + 1.0)).max(0.0) + if wrong_kinds > 0 { 1.0 } else { 0.0 } + 0.5 * facts / (facts + 4.0)
    }
}

fn wrong_facts(there: &SampleHazard, named: &SampleHazard) -> usize {
    let is_wrong = |known: bool, is_same: bool| usize::from(known && !is_same);
    is_wrong(there.severity.is_some(), there.severity == named.severity)
        + is_wrong(there.bearing.is_some() || !there.is_seen, there.bearing == named.bearing)
        + is_wrong(there.range.is_some() || !there.is_seen, there.range == named.range)
}

/// How a sample stands in its file. `verdict` and `hazards` are the truth; `verdict` and `probabilities` are what a calibration is fitted to
/// (`vedette model calibrate`).
#[derive(Serialize, Deserialize)]
struct SampleLine {
    id: String,
    verdict: Verdict,
    hazards: Vec<SampleHazard>,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    is_complete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probabilities: Option<VerdictProbabilities>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    first_kinds: BTreeMap<KindId, Probability>,
    answer: SampleAnswer,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

impl From<SampleLine> for JudgedSample {
    fn from(line: SampleLine) -> Self {
        let truth = SampleTruth { verdict: line.verdict, hazards: line.hazards, is_complete: line.is_complete };
        Self { id: line.id, truth, answer: line.answer, probabilities: line.probabilities, first_kinds: line.first_kinds, tags: line.tags }
    }
}

impl From<JudgedSample> for SampleLine {
    fn from(sample: JudgedSample) -> Self {
        let SampleTruth { verdict, hazards, is_complete } = sample.truth;
        Self {
            id: sample.id,
            verdict,
            hazards,
            is_complete,
            probabilities: sample.probabilities,
            first_kinds: sample.first_kinds,
            answer: sample.answer,
            tags: sample.tags,
        }
    }
}

/// A sample as one line of `samples.jsonl`, without the line feed.
///
/// # Errors
/// None is known: every value is finite, or written as null.
pub fn sample_line(sample: &JudgedSample) -> Result<String, serde_json::Error> {
    serde_json::to_string(sample)
}

/// Reads a `samples.jsonl`.
///
/// # Errors
/// [`EvaluationError::Read`], or [`EvaluationError::Line`] with the number of the first line that is no sample, a half-written one included:
/// figures over a part would pass for figures over all.
pub fn read_samples(path: &Path) -> Result<Vec<JudgedSample>, EvaluationError> {
    let lines = read_lines(path, "samples", |text| serde_json::from_str::<JudgedSample>(text))?;
    match lines.torn_line {
        Some(line) => Err(EvaluationError::Line { what: "samples", path: path.to_owned(), line, detail: "half-written".to_owned() }),
        None => Ok(lines.records),
    }
}
