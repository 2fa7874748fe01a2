//! Figures over judged samples. In -> out: samples -> shares with Wilson's 95 % interval, everything else with a bootstrap interval.
//!
//! Hazards are counted one by one (see `pairing`), verdicts, exact answers and probabilities sample by sample. Where nothing was counted a
//! figure is `None`. Deliberately absent: what an answer leads to on a robot; that is `metrics`, over decisions and time.

use super::bootstrap::{Estimate, estimate};
use super::pairing::pair;
use super::weighted::{Binned, Ordered, Ranked, weight};
use super::{JudgedSample, SampleHazard};
use crate::calibration::{CalibrationBin, expected_calibration_error};
use crate::metrics::Rate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vedette_types::{KindId, Verdict};

/// Hazards of one kind, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KindFigures {
    /// The kind; `None` for all together.
    pub kind: Option<KindId>,
    /// Hazards there were.
    pub present: usize,
    /// There and named.
    pub found: usize,
    /// There and not named.
    pub missed: usize,
    /// Named and not there.
    pub made_up: usize,
    /// Found / (found + made up).
    pub precision: Option<Rate>,
    /// Found / present.
    pub recall: Option<Rate>,
    /// The same of those that only another sensor tells.
    pub recall_unseen: Option<Rate>,
    /// Harmonic mean of precision and recall.
    pub f1: Option<Estimate>,
    /// What naming the kind once in every sample would score: where a model that cannot see ends.
    pub prior_f1: Option<f64>,
    /// Of the found ones that the picture shows, the share in the right sector.
    pub bearing: Option<Rate>,
    /// The same for the range band.
    pub range: Option<Rate>,
    /// Of all found ones, the share with the right severity.
    pub severity: Option<Rate>,
    /// Area under the ROC curve of [`kind_score`]; for all together that of P(hazard).
    pub roc_auc: Option<Estimate>,
}

/// Samples that share a tag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupFigures {
    /// The tag.
    pub tag: String,
    /// How many.
    pub samples: usize,
    /// Share with the right verdict.
    pub verdict_accuracy: Option<Rate>,
    /// Found / present.
    pub recall: Option<Rate>,
    /// Share with an exact answer.
    pub exact: Option<Rate>,
}

/// What kinds were taken for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KindConfusion {
    /// Rows and columns but the last.
    pub kinds: Vec<KindId>,
    /// `counts[there][named]`; the last row is nothing there, the last column nothing named.
    pub counts: Vec<Vec<usize>>,
}

/// All figures over some samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SampleFigures {
    /// How many.
    pub samples: usize,
    /// Answers of no use, by reason.
    pub faults: BTreeMap<String, usize>,
    /// Share with the right verdict; for a picture that cannot be judged `unknown` is right.
    pub verdict_accuracy: Option<Rate>,
    /// `verdict_confusion[there][answered]`, both in the order hazard, clear, unknown.
    pub verdict_confusion: [[usize; 3]; 3],
    /// All kinds together.
    pub overall: KindFigures,
    /// Each kind that was there or named, by name.
    pub kinds: Vec<KindFigures>,
    /// What kinds were taken for.
    pub kind_confusion: KindConfusion,
    /// Share of samples with verdict, kinds, severities, sectors and range bands all right, where truth knows them
    /// for all.
    pub exact: Option<Rate>,
    /// The same of samples with a hazard.
    pub exact_with_hazard: Option<Rate>,
    /// Expected calibration error of the answered verdict's probability, ten bins.
    pub calibration_error: Option<Estimate>,
    /// Its bins.
    pub calibration: Vec<CalibrationBin>,
    /// The same of P(hazard).
    pub hazard_calibration_error: Option<Estimate>,
    /// Its bins.
    pub hazard_calibration: Vec<CalibrationBin>,
    /// Mean of the kinds' ROC AUC, of kinds that have one: with photographs of one label it is that label's.
    pub roc_auc: Option<f64>,
    /// Its 95 % interval.
    pub roc_auc_interval: Option<[f64; 2]>,
    /// Mean length of an answer, tokens.
    pub tokens_mean: Option<Estimate>,
    /// Measured time of a call, median, milliseconds.
    pub total_p50_millis: Option<Estimate>,
    /// 95 %.
    pub total_p95_millis: Option<Estimate>,
    /// Each tag, by name.
    pub groups: Vec<GroupFigures>,
}

/// How much an answer speaks for `kind`: P(hazard) where it names the kind, else P(hazard) times what the kind would get as the first one
/// named. Where the model was not asked for that, P(hazard) of an answer that names nothing, and 0 of one that names other kinds.
pub fn kind_score(sample: &JudgedSample, kind: &KindId) -> Option<f64> {
    let probability = sample.probabilities?.hazard.get();
    let named = &sample.answer.hazards;
    if named.iter().any(|hazard| hazard.kind == *kind) {
        return Some(probability);
    }
    if !sample.first_kinds.is_empty() {
        return Some(probability * sample.first_kinds.get(kind).map_or(0.0, |first| first.get()));
    }
    Some(if named.is_empty() { probability } else { 0.0 })
}

/// The figures of `samples`.
pub fn evaluate_samples(samples: &[JudgedSample]) -> SampleFigures {
    let tallies: Vec<Tally<'_>> = samples.iter().map(Tally::of).collect();
    let names = |hazards: &[SampleHazard]| hazards.iter().map(|hazard| hazard.kind.clone()).collect::<Vec<_>>();
    let kinds: BTreeSet<KindId> = samples.iter().flat_map(|s| [names(&s.truth.hazards), names(&s.answer.hazards)].concat()).collect();
    let mut figures = SampleFigures { samples: samples.len(), ..SampleFigures::default() };
    for sample in samples {
        let cell = figures.verdict_confusion.get_mut(sample.truth.verdict as usize);
        if let Some(count) = cell.and_then(|row| row.get_mut(sample.answer.verdict as usize)) {
            *count += 1;
        }
        if let Some(fault) = &sample.answer.fault {
            *figures.faults.entry(fault.clone()).or_default() += 1;
        }
    }
    figures.verdict_accuracy = verdict_accuracy(samples.iter());
    figures.exact = exact(samples.iter());
    figures.exact_with_hazard = exact(samples.iter().filter(|sample| sample.truth.verdict == Verdict::Hazard));
    figures.kinds = kinds.iter().map(|kind| kind_figures(samples, &tallies, Some(kind))).collect();
    figures.overall = kind_figures(samples, &tallies, None);
    figures.kind_confusion = kind_confusion(&tallies, kinds.into_iter().collect());
    score_probabilities(&mut figures, samples);
    let numbers = |of: &dyn Fn(&JudgedSample) -> f64| Ordered::new(samples.iter().enumerate().map(|(i, sample)| (i, of(sample))));
    let (tokens, millis) = (numbers(&|s| f64::from(s.answer.tokens)), numbers(&|s| s.answer.total_millis));
    figures.tokens_mean = estimate(samples.len(), |weights| tokens.mean(weights));
    figures.total_p50_millis = estimate(samples.len(), |weights| millis.quantile(weights, 0.5));
    figures.total_p95_millis = estimate(samples.len(), |weights| millis.quantile(weights, 0.95));
    let tags: BTreeSet<&String> = samples.iter().flat_map(|sample| &sample.tags).collect();
    figures.groups = tags.into_iter().map(|tag| group(samples, &tallies, tag)).collect();
    figures
}

/// One sample's hazards, paired.
struct Tally<'a> {
    /// (there, named).
    found: Vec<(&'a SampleHazard, &'a SampleHazard)>,
    missed: Vec<&'a SampleHazard>,
    made_up: Vec<&'a SampleHazard>,
    taken_for: Vec<(&'a SampleHazard, &'a SampleHazard)>,
}

impl<'a> Tally<'a> {
    fn of(sample: &'a JudgedSample) -> Self {
        let mut pairing = pair(&sample.truth.hazards, &sample.answer.hazards);
        if !sample.truth.is_complete {
            (pairing.made_up, pairing.taken_for) = (Vec::new(), Vec::new());
        }
        Self { found: pairing.found, missed: pairing.missed, made_up: pairing.made_up, taken_for: pairing.taken_for }
    }

    /// (found, missed, made up) of a kind, or of all.
    fn counts(&self, kind: Option<&KindId>) -> [usize; 3] {
        let is_of = |hazard: &SampleHazard| kind.is_none_or(|kind| *kind == hazard.kind);
        let count = |hazards: &[&SampleHazard]| hazards.iter().filter(|hazard| is_of(hazard)).count();
        [self.found.iter().filter(|(there, _)| is_of(there)).count(), count(&self.missed), count(&self.made_up)]
    }
}

fn kind_figures(samples: &[JudgedSample], tallies: &[Tally<'_>], kind: Option<&KindId>) -> KindFigures {
    let counts: Vec<[usize; 3]> = tallies.iter().map(|tally| tally.counts(kind)).collect();
    let [found, missed, made_up] = [0, 1, 2].map(|part: usize| counts.iter().map(|counts| counts[part]).sum());
    let is_of = |hazard: &SampleHazard| kind.is_none_or(|kind| *kind == hazard.kind);
    let pairs = || tallies.iter().flat_map(|tally| &tally.found).filter(|(there, _)| is_of(there));
    let unseen_missed = tallies.iter().flat_map(|tally| &tally.missed).filter(|hazard| is_of(hazard) && !hazard.is_seen).count();
    let unseen_found = pairs().filter(|(there, _)| !there.is_seen).count();
    let right = |is_known: &dyn Fn(&SampleHazard) -> bool, is_same: &dyn Fn(&SampleHazard, &SampleHazard) -> bool| {
        let known: Vec<_> = pairs().filter(|(there, _)| is_known(there)).collect();
        Rate::of(known.iter().filter(|(there, named)| is_same(there, named)).count(), known.len())
    };
    let f1 = estimate(samples.len(), |weights| {
        let sum = |part: usize| counts.iter().enumerate().map(|(i, counts)| weight(weights, i) * counts[part] as f64).sum::<f64>();
        let (hits, errors) = (2.0 * sum(0), sum(1) + sum(2));
        (hits + errors > 0.0).then(|| hits / (hits + errors))
    });
    let with = counts.iter().filter(|[found, missed, _]| found + missed > 0).count();
    let prior = 2 * with + (samples.len() - with) + (found + missed - with);
    KindFigures {
        kind: kind.cloned(),
        present: found + missed,
        found,
        missed,
        made_up,
        precision: Rate::of(found, found + made_up),
        recall: Rate::of(found, found + missed),
        recall_unseen: Rate::of(unseen_found, unseen_found + unseen_missed),
        f1,
        prior_f1: kind.filter(|_| with > 0).map(|_| 2.0 * with as f64 / prior as f64),
        bearing: right(&|there| there.is_seen && there.bearing.is_some(), &|there, named| there.bearing == named.bearing),
        range: right(&|there| there.is_seen && there.range.is_some(), &|there, named| there.range == named.range),
        severity: right(&|there| there.severity.is_some(), &|there, named| there.severity == named.severity),
        roc_auc: roc_auc(samples, kind),
    }
}

/// What can be judged, ranked by how much its answer speaks for a hazard or a kind.
fn ranked(samples: &[JudgedSample], kind: Option<&KindId>) -> Ranked {
    let judged = samples.iter().enumerate().filter(|(_, sample)| sample.truth.verdict != Verdict::Unknown);
    Ranked::new(judged.filter_map(|(i, sample)| match kind {
        Some(kind) => Some((i, kind_score(sample, kind)?, sample.truth.has(kind)?)),
        None => Some((i, sample.probabilities?.hazard.get(), sample.truth.verdict == Verdict::Hazard)),
    }))
}

fn roc_auc(samples: &[JudgedSample], kind: Option<&KindId>) -> Option<Estimate> {
    let ranked = ranked(samples, kind);
    estimate(samples.len(), |weights| ranked.auc(weights))
}

fn score_probabilities(figures: &mut SampleFigures, samples: &[JudgedSample]) {
    let of = |scored: &dyn Fn(&JudgedSample) -> Option<(f64, bool)>| {
        Binned::new(samples.iter().enumerate().filter_map(|(i, sample)| scored(sample).map(|(p, is_so)| (i, p, is_so))))
    };
    let answered = of(&|sample| Some((sample.probabilities?.of(sample.answer.verdict).get(), sample.is_verdict_right())));
    let hazard = of(&|sample| Some((sample.probabilities?.hazard.get(), sample.truth.verdict == Verdict::Hazard)));
    let bins = |binned: &Binned| expected_calibration_error(&binned.pairs()).map(|(_, bins)| bins).unwrap_or_default();
    (figures.calibration, figures.hazard_calibration) = (bins(&answered), bins(&hazard));
    figures.calibration_error = estimate(samples.len(), |weights| answered.error(weights));
    figures.hazard_calibration_error = estimate(samples.len(), |weights| hazard.error(weights));
    let all: Vec<Ranked> = figures.kinds.iter().map(|kind| ranked(samples, kind.kind.as_ref())).collect();
    let mean = estimate(samples.len(), |weights| {
        let areas: Vec<f64> = all.iter().filter_map(|ranked| ranked.auc(weights)).collect();
        (!areas.is_empty()).then(|| areas.iter().sum::<f64>() / areas.len() as f64)
    });
    figures.roc_auc = mean.map(|mean| mean.value);
    figures.roc_auc_interval = mean.map(|mean| [mean.low, mean.high]);
}

fn kind_confusion(tallies: &[Tally<'_>], kinds: Vec<KindId>) -> KindConfusion {
    let none = kinds.len();
    let place = |hazard: &SampleHazard| kinds.iter().position(|kind| *kind == hazard.kind).unwrap_or(none);
    let mut counts = vec![vec![0; none + 1]; none + 1];
    let mut count = |there: usize, named: usize| {
        if let Some(cell) = counts.get_mut(there).and_then(|row: &mut Vec<usize>| row.get_mut(named)) {
            *cell += 1;
        }
    };
    for tally in tallies {
        for (there, named) in tally.found.iter().chain(&tally.taken_for) {
            count(place(there), place(named));
        }
        let is_left = |hazard: &&&SampleHazard| {
            !tally.taken_for.iter().any(|(there, named)| std::ptr::eq(*there, **hazard) || std::ptr::eq(*named, **hazard))
        };
        tally.missed.iter().filter(is_left).for_each(|hazard| count(place(hazard), none));
        tally.made_up.iter().filter(is_left).for_each(|hazard| count(none, place(hazard)));
    }
    KindConfusion { kinds, counts }
}

fn group(samples: &[JudgedSample], tallies: &[Tally<'_>], tag: &str) -> GroupFigures {
    let members: Vec<_> = samples.iter().zip(tallies).filter(|(sample, _)| sample.tags.iter().any(|other| other == tag)).collect();
    let of = || members.iter().map(|(sample, _)| *sample);
    let (found, missed) = members.iter().fold((0, 0), |(found, missed), (_, tally)| {
        let [more_found, more_missed, _] = tally.counts(None);
        (found + more_found, missed + more_missed)
    });
    GroupFigures {
        tag: tag.to_owned(),
        samples: members.len(),
        verdict_accuracy: verdict_accuracy(of()),
        recall: Rate::of(found, found + missed),
        exact: exact(of()),
    }
}

fn verdict_accuracy<'a>(samples: impl Iterator<Item = &'a JudgedSample> + Clone) -> Option<Rate> {
    Rate::of(samples.clone().filter(|sample| sample.is_verdict_right()).count(), samples.count())
}

fn exact<'a>(samples: impl Iterator<Item = &'a JudgedSample>) -> Option<Rate> {
    // Where some cannot be exact, a share of the others (those with nothing to be exact about) would only mislead.
    let known: Option<Vec<bool>> = samples.map(JudgedSample::is_exact).collect();
    known.and_then(|known| Rate::of(known.iter().filter(|is_exact| **is_exact).count(), known.len()))
}
