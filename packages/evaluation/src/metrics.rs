//! The figures of a run. In -> out: a run, its truth where there is one, rules -> counts and rates, each `None` where nothing was counted.
//!
//! Counted three ways: events (was each hazard found), assessed frames (was each look right) and time (how long was it unknown). Never NaN.

use crate::calibration::{CalibrationBin, expected_calibration_error, roc_auc};
use crate::format::instant;
use crate::timeline::spans;
use crate::{MatchRules, Matching, Outcome, RunData, Truth, match_events};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vedette_types::{Completion, Decision, KindId, Stamp, Verdict};

/// The 97.5 % point of the normal distribution: two-sided 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// How often it was so.
    pub hits: usize,
    /// How often it could have been.
    pub total: usize,
    /// `hits / total`.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Rate {
    /// The share with its score interval (Wilson 1927); `None` when nothing was counted. `hits` beyond `total` count as `total`.
    pub fn of(hits: usize, total: usize) -> Option<Self> {
        if total == 0 {
            return None;
        }
        let hits = hits.min(total);
        let (n, p) = (total as f64, hits as f64 / total as f64);
        let middle = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        // Rounding must not push an end past the value it encloses.
        let (low, high) = (((middle - half) / scale).clamp(0.0, p), ((middle + half) / scale).clamp(p, 1.0));
        Some(Self { hits, total, value: p, low, high })
    }
}

/// Assessed frames of one kind: was it named, was it there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FrameCounts {
    /// Named and there.
    pub true_positives: usize,
    /// Named and not there.
    pub false_positives: usize,
    /// There and not named.
    pub false_negatives: usize,
    /// Neither.
    pub true_negatives: usize,
}

impl FrameCounts {
    /// Of the frames where it was named, the share where it was there.
    pub fn precision(&self) -> Option<Rate> {
        Rate::of(self.true_positives, self.true_positives + self.false_positives)
    }

    /// Of the frames where it was there, the share where it was named.
    pub fn recall(&self) -> Option<Rate> {
        Rate::of(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// Harmonic mean of both.
    pub fn f1(&self) -> Option<f64> {
        f1(self.true_positives, self.false_positives, self.false_negatives)
    }
}

/// Everything counted of one kind, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KindMetrics {
    /// The kind; `None` for all together.
    pub kind: Option<KindId>,
    /// Events there were.
    pub present: usize,
    /// Events found.
    pub found: usize,
    /// Events missed.
    pub missed: usize,
    /// Missed events that a camera saw.
    pub missed_visual: usize,
    /// Events that could not be noticed from where the robot was; neither found nor missed.
    pub out_of_sight: usize,
    /// False alarms.
    pub false_alarms: usize,
    /// Found / (found + false alarms).
    pub precision: Option<Rate>,
    /// Found / (found + missed).
    pub recall: Option<Rate>,
    /// Harmonic mean of both.
    pub f1: Option<f64>,
    /// Median over the found events.
    pub time_to_alert_p50_secs: Option<f64>,
    /// Longest over the found events.
    pub time_to_alert_max_secs: Option<f64>,
    /// Assessed frames that truth covers.
    pub frames: FrameCounts,
    /// Per frame.
    pub frame_precision: Option<Rate>,
    /// Per frame.
    pub frame_recall: Option<Rate>,
    /// Per frame.
    pub frame_f1: Option<f64>,
}

/// Verdicts on assessed frames, by what was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// A hazard was there, and the verdict said so.
    pub hazard_as_hazard: usize,
    /// A hazard was there, and the verdict was clear.
    pub hazard_as_clear: usize,
    /// A hazard was there, and the verdict was unknown.
    pub hazard_as_unknown: usize,
    /// Nothing was there, and the verdict was hazard.
    pub clear_as_hazard: usize,
    /// Nothing was there, and the verdict said so.
    pub clear_as_clear: usize,
    /// Nothing was there, and the verdict was unknown.
    pub clear_as_unknown: usize,
}

impl std::ops::AddAssign for Confusion {
    fn add_assign(&mut self, other: Self) {
        self.hazard_as_hazard += other.hazard_as_hazard;
        self.hazard_as_clear += other.hazard_as_clear;
        self.hazard_as_unknown += other.hazard_as_unknown;
        self.clear_as_hazard += other.clear_as_hazard;
        self.clear_as_clear += other.clear_as_clear;
        self.clear_as_unknown += other.clear_as_unknown;
    }
}

impl Confusion {
    fn count(&mut self, is_hazard: bool, verdict: Verdict) {
        *match (is_hazard, verdict) {
            (true, Verdict::Hazard) => &mut self.hazard_as_hazard,
            (true, Verdict::Clear) => &mut self.hazard_as_clear,
            (true, Verdict::Unknown) => &mut self.hazard_as_unknown,
            (false, Verdict::Hazard) => &mut self.clear_as_hazard,
            (false, Verdict::Clear) => &mut self.clear_as_clear,
            (false, Verdict::Unknown) => &mut self.clear_as_unknown,
        } += 1;
    }

    /// All frames counted.
    pub fn total(&self) -> usize {
        let hazard = self.hazard_as_hazard + self.hazard_as_clear + self.hazard_as_unknown;
        hazard + self.clear_as_hazard + self.clear_as_clear + self.clear_as_unknown
    }

    /// Share of frames with the right verdict; unknown is never right.
    pub fn accuracy(&self) -> Option<Rate> {
        Rate::of(self.hazard_as_hazard + self.clear_as_clear, self.total())
    }
}

/// Measured milliseconds of the model's calls, nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LatencyMillis {
    /// Median.
    pub p50: f64,
    /// 95 %.
    pub p95: f64,
    /// Longest.
    pub max: f64,
}

/// A stretch of time without a known verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnknownSpell {
    /// When it begins.
    #[serde(rename = "first_nanos")]
    pub first: Stamp,
    /// When it ends.
    #[serde(rename = "last_nanos")]
    pub last: Stamp,
    /// Why: the reasons that held longest in it.
    pub reason: String,
}

impl UnknownSpell {
    /// Half-way through it.
    pub fn middle(&self) -> Stamp {
        self.first.plus_nanos(self.last.nanos_since(self.first) / 2)
    }
}

/// All figures of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// When the run, and truth where it goes further, begins.
    #[serde(rename = "begin_nanos")]
    pub begin: Option<Stamp>,
    /// When it ends.
    #[serde(rename = "end_nanos")]
    pub end: Option<Stamp>,
    /// Robot time in between, seconds.
    pub robot_secs: Option<f64>,
    /// False for a run without truth, or with the truth of another time: then nothing below that needs truth is there.
    pub has_truth: bool,
    /// Decisions taken.
    pub decisions: usize,
    /// The model's answers.
    pub completions: usize,
    /// Assessed frames that truth covers.
    pub assessed_frames: usize,
    /// Share of robot time with verdict unknown.
    pub unknown_share: Option<f64>,
    /// Spells of it, longest first.
    pub unknown_spells: Vec<UnknownSpell>,
    /// Measured times of the model's calls.
    pub latency_millis: Option<LatencyMillis>,
    /// All kinds together.
    pub overall: KindMetrics,
    /// Each kind that was there or named, by name.
    pub kinds: Vec<KindMetrics>,
    /// False alarms per hour of robot time.
    pub false_alarms_per_hour: Option<f64>,
    /// Verdicts by what was there. A frame in which every hazard is too small to be asked for counts neither way.
    pub confusion: Confusion,
    /// Share of assessed frames with the right verdict.
    pub verdict_accuracy: Option<Rate>,
    /// Area under the ROC curve of the model's P(hazard).
    pub roc_auc: Option<f64>,
    /// Expected calibration error of the model's P(hazard), ten bins.
    pub calibration_error: Option<f64>,
    /// The bins.
    pub calibration: Vec<CalibrationBin>,
    /// Which events were found, which alarms were false.
    #[serde(flatten)]
    pub matching: Matching,
    /// What stands in the way of these figures.
    pub warnings: Vec<String>,
}

/// The figures of `run`, with `truth` where there is one.
pub fn evaluate(run: &RunData, truth: Option<&Truth>, rules: &MatchRules) -> Metrics {
    let mut metrics = Metrics {
        decisions: run.decisions.len(),
        completions: run.completions.len(),
        latency_millis: latency(&run.completions),
        warnings: run.warnings.clone(),
        ..Metrics::default()
    };
    let run_interval = run.interval();
    let truth_interval = truth.and_then(Truth::interval);
    let truth = truth.filter(|_| match (run_interval, truth_interval) {
        (Some((begin, end)), Some((first, last))) if last < begin || end < first => {
            let [begin, end, first, last] = [begin, end, first, last].map(instant);
            metrics.warnings.push(format!(
                "the truth belongs to another time, nothing is scored; the run goes from {begin} to {end}, the truth from {first} to {last}"
            ));
            false
        }
        (_, covers) => covers.is_some(),
    });
    let hull = [run_interval, truth.and_then(Truth::interval)].into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some((begin, end)) = hull else { return metrics };
    (metrics.begin, metrics.end) = (Some(begin), Some(end));
    metrics.robot_secs = Some(end.secs_since(begin));
    count_unknown(&mut metrics, &run.decisions, begin, end);
    if let Some(truth) = truth {
        metrics.has_truth = true;
        metrics.matching = match_events(&run.decisions, truth, rules, end);
        score_frames(&mut metrics, run, truth, rules);
        score_events(&mut metrics);
    }
    metrics
}

/// What is known of one assessed frame: the kinds named, the kinds there, and those too small to be asked for.
struct AssessedFrame<'a> {
    verdict: Verdict,
    named: BTreeSet<&'a KindId>,
    there: BTreeSet<&'a KindId>,
    faint: BTreeSet<&'a KindId>,
}

impl AssessedFrame<'_> {
    /// Nothing there but what is too small to be asked for: neither verdict would be wrong.
    fn is_open(&self) -> bool {
        self.there.is_empty() && !self.faint.is_empty()
    }
}

fn score_frames(metrics: &mut Metrics, run: &RunData, truth: &Truth, rules: &MatchRules) {
    let frames: Vec<AssessedFrame<'_>> = run.decisions.iter().filter_map(|decision| assessed(decision, truth, rules)).collect();
    metrics.assessed_frames = frames.len();
    for frame in frames.iter().filter(|frame| !frame.is_open()) {
        metrics.confusion.count(!frame.there.is_empty(), frame.verdict);
    }
    metrics.verdict_accuracy = metrics.confusion.accuracy();
    let events = metrics.matching.events.iter().map(|outcome| &outcome.event.kind);
    let named = run.decisions.iter().flat_map(|decision| decision.hazards.iter().map(|hazard| &hazard.kind));
    let kinds: BTreeSet<KindId> = events.chain(named).cloned().collect();
    metrics.kinds = kinds
        .into_iter()
        .map(|kind| KindMetrics { frames: count_frames(&frames, &kind), kind: Some(kind), ..Default::default() })
        .collect();
    for frame in metrics.kinds.iter().map(|kind| kind.frames) {
        let sum = &mut metrics.overall.frames;
        sum.true_positives += frame.true_positives;
        sum.false_positives += frame.false_positives;
        sum.false_negatives += frame.false_negatives;
        sum.true_negatives += frame.true_negatives;
    }
    let scored: Vec<(f64, bool)> = run
        .completions
        .iter()
        .filter_map(|completion| {
            let probability = completion.verdict_probabilities?.hazard.get();
            let frame = truth.frame_at(completion.image_stamp, rules.frame_tolerance_secs)?;
            let is_asked_for = frame.hazards.iter().any(|hazard| hazard.is_noticeable(rules));
            (is_asked_for || !frame.has_hazard(rules)).then_some((probability, is_asked_for))
        })
        .collect();
    metrics.roc_auc = roc_auc(&scored);
    if let Some((error, bins)) = expected_calibration_error(&scored) {
        (metrics.calibration_error, metrics.calibration) = (Some(error), bins);
    }
}

fn assessed<'a>(decision: &'a Decision, truth: &'a Truth, rules: &MatchRules) -> Option<AssessedFrame<'a>> {
    let frame = truth.frame_at(decision.image_stamp?, rules.frame_tolerance_secs)?;
    let perceivable = || frame.hazards.iter().filter(|hazard| hazard.is_perceivable(rules));
    let there: BTreeSet<&KindId> = perceivable().filter(|hazard| hazard.is_noticeable(rules)).map(|hazard| &hazard.kind).collect();
    Some(AssessedFrame {
        verdict: decision.verdict,
        named: decision.hazards.iter().map(|hazard| &hazard.kind).collect(),
        faint: perceivable().map(|hazard| &hazard.kind).filter(|kind| !there.contains(kind)).collect(),
        there,
    })
}

fn count_frames(frames: &[AssessedFrame<'_>], kind: &KindId) -> FrameCounts {
    let mut counts = FrameCounts::default();
    for frame in frames.iter().filter(|frame| !frame.faint.contains(kind)) {
        *match (frame.named.contains(kind), frame.there.contains(kind)) {
            (true, true) => &mut counts.true_positives,
            (true, false) => &mut counts.false_positives,
            (false, true) => &mut counts.false_negatives,
            (false, false) => &mut counts.true_negatives,
        } += 1;
    }
    counts
}

fn score_events(metrics: &mut Metrics) {
    let Metrics { overall, kinds, matching, .. } = metrics;
    for counted in kinds.iter_mut().chain([overall]) {
        let kind = counted.kind.clone();
        let is_of = |other: &KindId| kind.as_ref().is_none_or(|kind| kind == other);
        let events = || matching.events.iter().filter(|outcome| is_of(&outcome.event.kind));
        let count = |outcome: Outcome| events().filter(|event| event.outcome == outcome).count();
        counted.present = events().count();
        counted.found = count(Outcome::Found);
        counted.missed = count(Outcome::Missed);
        counted.missed_visual = events().filter(|event| event.outcome == Outcome::Missed && event.event.is_visual()).count();
        counted.out_of_sight = count(Outcome::OutOfSight);
        counted.false_alarms = matching.false_alarms.iter().filter(|alarm| is_of(&alarm.kind)).count();
        counted.precision = Rate::of(counted.found, counted.found + counted.false_alarms);
        counted.recall = Rate::of(counted.found, counted.found + counted.missed);
        counted.f1 = f1(counted.found, counted.false_alarms, counted.missed);
        let mut times: Vec<f64> = events().filter_map(|event| event.time_to_alert_secs).collect();
        times.sort_by(f64::total_cmp);
        counted.time_to_alert_p50_secs = quantile(&times, 0.5);
        counted.time_to_alert_max_secs = times.last().copied();
        counted.frame_precision = counted.frames.precision();
        counted.frame_recall = counted.frames.recall();
        counted.frame_f1 = counted.frames.f1();
    }
    metrics.false_alarms_per_hour =
        metrics.robot_secs.filter(|secs| *secs > 0.0).map(|secs| metrics.overall.false_alarms as f64 * 3600.0 / secs);
}

fn count_unknown(metrics: &mut Metrics, decisions: &[Decision], begin: Stamp, end: Stamp) {
    // In nanoseconds: the sum of all spells is then exactly the whole. Wide, because stamps may lie anywhere and go back.
    let mut unknown_nanos = 0_i128;
    let mut spells: Vec<UnknownSpell> = Vec::new();
    let mut going_on: Option<SpellReasons> = None;
    for span in spans(decisions, begin, end) {
        if span.verdict() != Verdict::Unknown {
            // A decision that holds for no time interrupts nothing.
            going_on = going_on.filter(|_| span.start == span.end);
            continue;
        }
        let nanos = i128::from(span.end.nanos_since(span.start));
        unknown_nanos += nanos;
        let reason = match span.decision {
            Some(decision) => decision.reasons.join("; "),
            None if span.start == begin => "no decision yet".to_owned(),
            None => "the last decision ran out".to_owned(),
        };
        let reasons = going_on.get_or_insert_with(|| {
            spells.push(UnknownSpell { first: span.start, last: span.end, reason: String::new() });
            SpellReasons::new()
        });
        *reasons.entry(reason).or_default() += nanos;
        if let Some(spell) = spells.last_mut() {
            spell.last = spell.last.max(span.end);
            spell.reason = longest(reasons);
        }
    }
    spells.retain(|spell| spell.first < spell.last);
    spells.sort_by_key(|spell| (spell.first.nanos_since(spell.last), spell.first));
    let total_nanos = end.nanos_since(begin);
    metrics.unknown_share = (total_nanos > 0).then(|| (unknown_nanos as f64 / total_nanos as f64).clamp(0.0, 1.0));
    metrics.unknown_spells = spells;
}

/// How long each reason held, nanoseconds.
type SpellReasons = BTreeMap<String, i128>;

/// The reason that held longest, the first by name of several.
fn longest(reasons: &SpellReasons) -> String {
    let longest = reasons.iter().min_by_key(|(reason, nanos)| (-**nanos, *reason));
    longest.map(|(reason, _)| reason.clone()).unwrap_or_default()
}

fn latency(completions: &[Completion]) -> Option<LatencyMillis> {
    let mut millis: Vec<f64> =
        completions.iter().map(|completion| completion.timings.total_millis).filter(|millis| millis.is_finite()).collect();
    millis.sort_by(f64::total_cmp);
    Some(LatencyMillis { p50: quantile(&millis, 0.5)?, p95: quantile(&millis, 0.95)?, max: *millis.last()? })
}

fn f1(true_positives: usize, false_positives: usize, false_negatives: usize) -> Option<f64> {
    let total = 2 * true_positives + false_positives + false_negatives;
    (total > 0).then(|| 2.0 * true_positives as f64 / total as f64)
}

/// Nearest-rank quantile of sorted values.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}
