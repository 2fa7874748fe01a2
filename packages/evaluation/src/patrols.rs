//! Many runs as one. In -> out: the figures of each run -> pooled figures: events found, time to alert, false alarms an hour, verdicts.
//!
//! Counts are added and rates made from the sums: a long run weighs more than a short one. Deliberately absent: pictures and model answers;
//! each run's own figures stay with the caller.

use crate::metrics::Confusion;
use crate::samples::{Estimate, bootstrap};
use crate::{Metrics, Outcome, Rate};
use serde::Serialize;
use std::collections::BTreeMap;
use vedette_types::KindId;

/// A count over a time as a rate, with the exact 95 % interval of a Poisson count (Garwood 1936).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HourlyRate {
    /// How often it happened.
    pub count: usize,
    /// Over how many hours.
    pub hours: f64,
    /// Per hour.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl HourlyRate {
    /// `None` without any time.
    pub fn of(count: usize, hours: f64) -> Option<Self> {
        if !(hours.is_finite() && hours > 0.0) {
            return None;
        }
        let (low, high) = poisson_interval(count);
        Some(Self { count, hours, value: count as f64 / hours, low: low / hours, high: high / hours })
    }
}

/// The means under which `count` or more, and `count` or fewer, have a chance of 2.5 %.
fn poisson_interval(count: usize) -> (f64, f64) {
    // Sum of the first terms in logarithms: e^-mean alone would be 0 from a mean of 745 on.
    let at_most = |count: usize, mean: f64| -> f64 {
        let mut log_term = -mean;
        (0..=count)
            .map(|k| {
                if k > 0 {
                    log_term += mean.ln() - (k as f64).ln();
                }
                log_term.exp()
            })
            .sum()
    };
    let solve = |is_below: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0, 10.0 + 3.0 * count as f64);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if is_below(middle) { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    };
    let low = if count == 0 { 0.0 } else { solve(&|mean| 1.0 - at_most(count - 1, mean) < 0.025) };
    (low, solve(&|mean| at_most(count, mean) > 0.025))
}

/// Events of one kind over all runs, or of all kinds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EventFigures {
    /// The kind; `None` for all together.
    pub kind: Option<KindId>,
    /// Events found.
    pub found: usize,
    /// Events missed.
    pub missed: usize,
    /// Events that could not be noticed from where the robot was.
    pub out_of_sight: usize,
    /// Found / (found + missed).
    pub recall: Option<Rate>,
    /// Median time from when it could be noticed to the alert, seconds.
    pub time_to_alert_p50_secs: Option<Estimate>,
    /// 95 %.
    pub time_to_alert_p95_secs: Option<Estimate>,
    /// False alarms.
    pub false_alarms: Option<HourlyRate>,
}

/// Many runs pooled.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PatrolFigures {
    /// How many runs.
    pub runs: usize,
    /// Robot time, hours.
    pub robot_hours: f64,
    /// Pictures that went to the model and that truth covers.
    pub assessed_frames: usize,
    /// All kinds together.
    pub overall: EventFigures,
    /// Each kind.
    pub kinds: Vec<EventFigures>,
    /// Verdicts on assessed pictures, by what was there.
    pub confusion: Confusion,
    /// Share of assessed pictures with the right verdict; unknown is never right.
    pub verdict_accuracy: Option<Rate>,
    /// Share of robot time with verdict unknown.
    pub unknown_share: Option<f64>,
}

#[derive(Default)]
struct Counts {
    found: usize,
    missed: usize,
    out_of_sight: usize,
    false_alarms: usize,
    times_secs: Vec<f64>,
}

/// The figures of all runs together.
pub fn pool_runs<'a>(runs: impl IntoIterator<Item = &'a Metrics>) -> PatrolFigures {
    let mut figures = PatrolFigures::default();
    let (mut unknown_secs, mut all) = (0.0, Counts::default());
    let mut kinds: BTreeMap<KindId, Counts> = BTreeMap::new();
    for run in runs {
        let secs = run.robot_secs.unwrap_or(0.0);
        figures.runs += 1;
        figures.robot_hours += secs / 3600.0;
        figures.assessed_frames += run.assessed_frames;
        figures.confusion += run.confusion;
        unknown_secs += run.unknown_share.unwrap_or(0.0) * secs;
        for event in &run.matching.events {
            for counts in [&mut all, kinds.entry(event.event.kind.clone()).or_default()] {
                *match event.outcome {
                    Outcome::Found => &mut counts.found,
                    Outcome::Missed => &mut counts.missed,
                    Outcome::OutOfSight => &mut counts.out_of_sight,
                } += 1;
                counts.times_secs.extend(event.time_to_alert_secs);
            }
        }
        for alarm in &run.matching.false_alarms {
            all.false_alarms += 1;
            kinds.entry(alarm.kind.clone()).or_default().false_alarms += 1;
        }
    }
    let hours = figures.robot_hours;
    figures.overall = event_figures(None, &all, hours);
    figures.kinds = kinds.into_iter().map(|(kind, counts)| event_figures(Some(kind), &counts, hours)).collect();
    figures.verdict_accuracy = figures.confusion.accuracy();
    figures.unknown_share = (hours > 0.0).then(|| (unknown_secs / 3600.0 / hours).clamp(0.0, 1.0));
    figures
}

fn event_figures(kind: Option<KindId>, counts: &Counts, hours: f64) -> EventFigures {
    let quantile = |q: f64| bootstrap::quantile(&counts.times_secs, q);
    EventFigures {
        kind,
        found: counts.found,
        missed: counts.missed,
        out_of_sight: counts.out_of_sight,
        recall: Rate::of(counts.found, counts.found + counts.missed),
        time_to_alert_p50_secs: quantile(0.5),
        time_to_alert_p95_secs: quantile(0.95),
        false_alarms: HourlyRate::of(counts.false_alarms, hours),
    }
}

#[cfg(test)]
mod tests {
    use super::poisson_interval;

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Garwood 1936, as tabulated in Pearson and Hartley.
        for (count, low, high) in [(0, 0.0, 3.689), (1, 0.0253, 5.572), (6, 2.202, 13.06), (50, 37.11, 65.92), (2000, 1913.3, 2089.6)] {
            let of = poisson_interval(count);
            assert!((of.0 - low).abs() < 0.002 * low.max(1.0) && (of.1 - high).abs() < 0.002 * high, "{count}: {of:?}");
        }
    }
}
