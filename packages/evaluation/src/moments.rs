//! Which moments of a run are worth a picture. In -> out: decisions, answers, truth -> at most eight stamps in time order.
//!
//! Taken in turn from: each missed hazard at its largest, each false alarm, the first alert of each kind, the longest unknown spell, the
//! picture the model was surest about. Where an assessed picture is near, its stamp is given, so that the report can show what the model
//! said of it.

use crate::{MatchRules, Outcome, RunData, Truth, evaluate};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use vedette_types::{Completion, KindId, Stamp};

/// Most pictures of a report.
pub const KEY_FRAMES_MAX: usize = 8;

/// How far an assessed picture may lie from the moment it stands for, seconds.
const NEAR_SECS: f64 = 0.5;

/// The moments to show; stamps of camera pictures wherever one is known.
pub fn key_moments(run: &RunData, truth: Option<&Truth>, rules: &MatchRules) -> Vec<Stamp> {
    let metrics = evaluate(run, truth, rules);
    let assessed: BTreeSet<Stamp> = run.completions.iter().map(|completion| completion.image_stamp).collect();
    let snap = |stamp: Stamp| near(&assessed, stamp).unwrap_or(stamp);
    let events = &metrics.matching.events;
    let misses = events.iter().filter(|event| event.outcome == Outcome::Missed).filter_map(|event| event.event.largest).map(snap);
    let alarms = metrics.matching.false_alarms.iter().filter_map(|alarm| alarm.image);
    let mut kinds: BTreeSet<&KindId> = BTreeSet::new();
    let alerts = run.decisions.iter().filter_map(|decision| {
        let is_first = decision.hazards.iter().filter(|hazard| kinds.insert(&hazard.kind)).count() > 0;
        is_first.then(|| decision.image_stamp.unwrap_or_else(|| snap(decision.stamp)))
    });
    let spells = metrics.unknown_spells.iter().take(1).map(|spell| snap(spell.middle()));
    let queues: [Vec<Stamp>; 5] = [
        misses.collect(),
        alarms.collect(),
        alerts.collect(),
        spells.collect(),
        surest_picture(&run.completions).into_iter().map(|completion| completion.image_stamp).collect(),
    ];
    let mut chosen = BTreeSet::new();
    let longest = queues.iter().map(Vec::len).max().unwrap_or(0);
    for turn in 0..longest {
        for stamp in queues.iter().filter_map(|queue| queue.get(turn)) {
            if chosen.len() < KEY_FRAMES_MAX {
                chosen.insert(*stamp);
            }
        }
    }
    chosen.into_iter().collect()
}

/// The answer with the highest P(hazard).
pub(crate) fn surest_picture(completions: &[Completion]) -> Option<&Completion> {
    let probability = |completion: &Completion| completion.verdict_probabilities.map(|p| p.hazard.get());
    let surest = completions.iter().filter(|completion| probability(completion).is_some());
    surest.max_by(|a, b| probability(a).partial_cmp(&probability(b)).unwrap_or(Ordering::Equal))
}

/// The element nearest to `stamp`, at most [`NEAR_SECS`] away.
fn near(stamps: &BTreeSet<Stamp>, stamp: Stamp) -> Option<Stamp> {
    let (before, after) = (stamps.range(..=stamp).next_back(), stamps.range(stamp..).next());
    let nearest = before.into_iter().chain(after).min_by_key(|other| other.nanos_since(stamp).unsigned_abs());
    nearest.copied().filter(|other| other.secs_since(stamp).abs() <= NEAR_SECS)
}
