//! Two runs held against each other. In -> out: decisions of A and B -> sentences that say when they differ, how and why; figures of A and
//! B -> their changes. No sentence means: the same decisions, as `decisions.jsonl` keeps them.
//!
//! Times are seconds since the first decision of either. Deliberately absent: which of the two is right (that takes truth).

use crate::Metrics;
use crate::timeline::{Span, spans};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vedette_trajectory::rounded;
use vedette_types::{Decision, KindId, Response, Severity, Stamp, Verdict};

/// How `a` and `b` differ, one sentence each, in time order; empty exactly when they are the same, rounded as in `decisions.jsonl`.
pub fn describe_difference(a: &[Decision], b: &[Decision]) -> Vec<String> {
    let [a, b] = [a, b].map(|decisions| decisions.iter().map(rounded).collect::<Vec<_>>());
    if a == b {
        return Vec::new();
    }
    let stamps: BTreeSet<Stamp> = a.iter().chain(&b).map(|decision| decision.stamp).collect();
    let (Some(&begin), Some(&end)) = (stamps.first(), stamps.last()) else { return Vec::new() };
    let mut found = what_holds(&a, &b, begin, end);
    let described: Vec<(Stamp, Stamp)> = found.iter().map(|difference| (difference.first, difference.last)).collect();
    let is_described = |stamp: Stamp| described.iter().any(|(first, last)| (*first..=*last).contains(&stamp));
    found.extend(what_is_said(&a, &b, begin, &is_described));
    found.sort_by_key(|difference| difference.first);
    if found.is_empty() {
        found.extend(first_difference(&a, &b, begin));
    }
    found.into_iter().map(|difference| difference.sentence).collect()
}

/// One difference, placed in time.
struct Difference {
    first: Stamp,
    last: Stamp,
    sentence: String,
}

/// What a decision comes to: what the robot does and what it believes.
type Core<'a> = Option<(Verdict, Response, BTreeSet<(&'a KindId, Severity)>)>;

fn core(decision: Option<&Decision>) -> Core<'_> {
    decision.map(|d| (d.verdict, d.response, d.hazards.iter().map(|hazard| (&hazard.kind, hazard.severity)).collect()))
}

/// Stretches of time in which verdict, response or hazards differ.
fn what_holds(a: &[Decision], b: &[Decision], begin: Stamp, end: Stamp) -> Vec<Difference> {
    let [a, b] = [a, b].map(|decisions| spans(decisions, begin, end));
    let borders: BTreeSet<Stamp> = a.iter().chain(&b).flat_map(|span| [span.start, span.end]).collect();
    let borders: Vec<Stamp> = borders.into_iter().collect();
    let (mut at_a, mut at_b) = (Cursor::new(&a), Cursor::new(&b));
    let mut stretches: Vec<(Stamp, Stamp, Option<&Decision>, Option<&Decision>)> = Vec::new();
    for (index, &start) in borders.iter().enumerate() {
        let stop = borders.get(index + 1).copied().unwrap_or(start);
        let (now_a, now_b) = (at_a.at(start), at_b.at(start));
        if core(now_a) == core(now_b) {
            continue;
        }
        match stretches.last_mut() {
            Some((_, last, old_a, old_b)) if *last == start && core(*old_a) == core(now_a) && core(*old_b) == core(now_b) => *last = stop,
            _ => stretches.push((start, stop, now_a, now_b)),
        }
    }
    let to_difference = |(first, last, a, b)| {
        let sentence = format!("{} A {}, B {}", when(first, last, begin), says(a), says(b));
        Difference { first, last, sentence }
    };
    stretches.into_iter().map(to_difference).collect()
}

/// Walks along spans; asked for ever later times.
struct Cursor<'a, 'd> {
    spans: &'a [Span<'d>],
    index: usize,
}

impl<'a, 'd> Cursor<'a, 'd> {
    fn new(spans: &'a [Span<'d>]) -> Self {
        Self { spans, index: 0 }
    }

    /// The decision that holds at `stamp`: that of the last span that has begun.
    fn at(&mut self, stamp: Stamp) -> Option<&'d Decision> {
        while self.spans.get(self.index + 1).is_some_and(|next| next.start <= stamp) {
            self.index += 1;
        }
        self.spans.get(self.index).filter(|span| span.start <= stamp).and_then(|span| span.decision)
    }
}

/// Decisions that come to the same in other words, and decisions that only one of the two took, outside what is described already.
fn what_is_said(a: &[Decision], b: &[Decision], begin: Stamp, is_described: &dyn Fn(Stamp) -> bool) -> Vec<Difference> {
    let [by_time_a, by_time_b] = [a, b].map(by_time);
    let keys: BTreeSet<_> = by_time_a.keys().chain(by_time_b.keys()).copied().collect();
    let mut found: Vec<(Vec<&str>, Stamp, Stamp, usize, String)> = Vec::new();
    for key in keys.into_iter().filter(|(stamp, _)| !is_described(*stamp)) {
        let (of_a, of_b) = (by_time_a.get(&key).copied(), by_time_b.get(&key).copied());
        let differing = match (of_a, of_b) {
            (Some(a), Some(b)) => differing_parts(a, b),
            (Some(_), None) => vec!["only A"],
            _ => vec!["only B"],
        };
        if differing.is_empty() {
            continue;
        }
        match found.last_mut() {
            Some((parts, _, last, count, _)) if *parts == differing => (*last, *count) = (key.0, *count + 1),
            _ => found.push((differing, key.0, key.0, 1, details(of_a, of_b))),
        }
    }
    let to_difference = |(parts, first, last, count, details): (Vec<&str>, _, _, usize, String)| {
        let times = if count == 1 { String::new() } else { format!(" {count} times, first:") };
        let what = parts.join(", ");
        let sentence = match parts.as_slice() {
            ["only A" | "only B"] => format!("{} {what} takes a decision{times} {details}", when(first, last, begin)),
            _ => format!("{} both come to the same with other {what}{times} {details}", when(first, last, begin)),
        };
        Difference { first, last, sentence }
    };
    found.into_iter().map(to_difference).collect()
}

/// Decisions by stamp, several at one stamp numbered in their order.
fn by_time(decisions: &[Decision]) -> BTreeMap<(Stamp, usize), &Decision> {
    let mut seen: BTreeMap<Stamp, usize> = BTreeMap::new();
    let number = |decision: &Decision| {
        let count = seen.entry(decision.stamp).or_default();
        *count += 1;
        *count
    };
    let numbers: Vec<usize> = decisions.iter().map(number).collect();
    decisions.iter().zip(numbers).map(|(decision, number)| ((decision.stamp, number), decision)).collect()
}

/// Names of the parts in which two decisions differ.
fn differing_parts(a: &Decision, b: &Decision) -> Vec<&'static str> {
    let parts = [
        ("verdict", a.verdict != b.verdict),
        ("response", a.response != b.response),
        ("hazard figures", a.hazards != b.hazards),
        ("reasons", a.reasons != b.reasons),
        ("image", a.image_stamp != b.image_stamp),
        ("end of validity", a.valid_until != b.valid_until),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

fn details(a: Option<&Decision>, b: Option<&Decision>) -> String {
    match (a, b) {
        (Some(a), Some(b)) => {
            let figures = |decision: &Decision| {
                let of = |hazard: &vedette_types::Hazard| {
                    let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
                    let (confidence, kind) = (hazard.confidence.get(), &hazard.kind);
                    format!("{kind} {confidence} at {} rad, {} m", optional(hazard.bearing_rad), optional(hazard.range_m))
                };
                decision.hazards.iter().map(of).collect::<Vec<_>>().join(", ")
            };
            let valid = |decision: &Decision| format!("valid for {} s", decision.valid_until.secs_since(decision.stamp));
            let [of_a, of_b] = [a, b].map(|decision| match () {
                () if a.verdict != b.verdict || a.response != b.response => says(Some(decision)),
                () if a.reasons != b.reasons => because(decision),
                () if a.hazards != b.hazards => figures(decision),
                () if a.image_stamp != b.image_stamp => {
                    decision.image_stamp.map_or_else(|| "no image".to_owned(), |stamp| format!("the image of {stamp}"))
                }
                () => valid(decision),
            });
            format!("(A {of_a}; B {of_b})")
        }
        (only, other) => format!("({})", says(only.or(other))),
    }
}

/// Where the lists first part: for decisions that hold for no time or stand in another order.
fn first_difference(a: &[Decision], b: &[Decision], begin: Stamp) -> Option<Difference> {
    let index = (0..a.len().max(b.len())).find(|&index| a.get(index) != b.get(index))?;
    let (of_a, of_b) = (a.get(index), b.get(index));
    let first = of_a.or(of_b)?.stamp;
    let sentence = format!("decision {} differs, at {} A {}, B {}", index + 1, seconds(first, begin), says(of_a), says(of_b));
    Some(Difference { first, last: first, sentence })
}

fn when(first: Stamp, last: Stamp, begin: Stamp) -> String {
    if first == last {
        format!("at {}", seconds(first, begin))
    } else {
        format!("from {} to {}", seconds(first, begin), seconds(last, begin))
    }
}

/// Seconds since `begin`, to the millisecond, without trailing zeros.
fn seconds(stamp: Stamp, begin: Stamp) -> String {
    format!("{} s", (stamp.secs_since(begin) * 1e3).round() / 1e3 + 0.0)
}

fn says(decision: Option<&Decision>) -> String {
    let Some(decision) = decision else { return "has no valid decision".to_owned() };
    let mut kinds: Vec<String> = decision.hazards.iter().map(|hazard| format!("{} {}", hazard.severity, hazard.kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let named = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
    format!("says {} ({}{named}) {}", decision.response, decision.verdict, because(decision))
}

fn because(decision: &Decision) -> String {
    if decision.reasons.is_empty() { "without a reason".to_owned() } else { format!("because {}", decision.reasons.join("; ")) }
}

/// One figure of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delta {
    /// The figure, its unit at the end.
    pub name: &'static str,
    /// In run A, where it was counted.
    pub a: Option<f64>,
    /// In run B.
    pub b: Option<f64>,
    /// Whether more is better; `None` where it is neither.
    pub is_more_better: Option<bool>,
}

impl Delta {
    /// B minus A, where both are known.
    pub fn change(&self) -> Option<f64> {
        Some(self.b? - self.a?)
    }

    /// Whether B is better than A; `None` where that cannot be said, and for no change.
    pub fn is_better(&self) -> Option<bool> {
        let change = self.change().filter(|change| *change != 0.0)?;
        Some((change > 0.0) == self.is_more_better?)
    }
}

/// The figures of both runs side by side, in the order of a report.
pub fn metric_deltas(a: &Metrics, b: &Metrics) -> Vec<Delta> {
    let delta = |name, is_more_better, of: &dyn Fn(&Metrics) -> Option<f64>| Delta { name, a: of(a), b: of(b), is_more_better };
    let counted = |metrics: &Metrics, count: usize| metrics.has_truth.then_some(count as f64);
    vec![
        delta("robot_secs", None, &|m| m.robot_secs),
        delta("decisions", None, &|m| Some(m.decisions as f64)),
        delta("vlm_calls", None, &|m| Some(m.completions as f64)),
        delta("hazards_present", None, &|m| counted(m, m.overall.present)),
        delta("hazards_found", Some(true), &|m| counted(m, m.overall.found)),
        delta("hazards_missed", Some(false), &|m| counted(m, m.overall.missed)),
        delta("false_alarms", Some(false), &|m| counted(m, m.overall.false_alarms)),
        delta("false_alarms_per_hour", Some(false), &|m| m.false_alarms_per_hour),
        delta("precision", Some(true), &|m| m.overall.precision.map(|rate| rate.value)),
        delta("recall", Some(true), &|m| m.overall.recall.map(|rate| rate.value)),
        delta("f1", Some(true), &|m| m.overall.f1),
        delta("time_to_alert_p50_secs", Some(false), &|m| m.overall.time_to_alert_p50_secs),
        delta("frame_precision", Some(true), &|m| m.overall.frame_precision.map(|rate| rate.value)),
        delta("frame_recall", Some(true), &|m| m.overall.frame_recall.map(|rate| rate.value)),
        delta("verdict_accuracy", Some(true), &|m| m.verdict_accuracy.map(|rate| rate.value)),
        delta("roc_auc", Some(true), &|m| m.roc_auc),
        delta("calibration_error", Some(false), &|m| m.calibration_error),
        delta("unknown_share", Some(false), &|m| m.unknown_share),
        delta("vlm_p50_millis", Some(false), &|m| m.latency_millis.map(|latency| latency.p50)),
        delta("vlm_p95_millis", Some(false), &|m| m.latency_millis.map(|latency| latency.p95)),
    ]
}
