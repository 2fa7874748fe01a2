//! Plots over the time of the run. In -> out: answers and freshness -> probabilities of the verdicts, measured latency, age of each stream.

use super::axis::{Axis, Mark, Series, plot};
use super::{Page, card};
use maud::{Markup, html};
use std::collections::BTreeMap;
use vedette_types::{Completion, StreamId, Verdict};

/// Most streams in the freshness plot; those that were oldest at any time.
const STREAMS_MAX: usize = 6;

/// The sections.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let content = [probabilities(page), latency(page), freshness(page)];
    html! { @for one in content { (one) } }
}

fn probabilities(page: &Page<'_>) -> Markup {
    let completions = &page.input.run.completions;
    let of = |verdict: Verdict| Series {
        name: verdict.word().to_owned(),
        class: verdict.word().to_owned(),
        mark: Mark::Line,
        points: completions
            .iter()
            .filter_map(|c| Some((page.since_start(c.image_stamp), c.verdict_probabilities?.of(verdict).get())))
            .collect(),
    };
    let mut series: Vec<Series> = Verdict::ALL.iter().map(|verdict| of(*verdict)).collect();
    if series.iter().all(|one| one.points.is_empty()) {
        return card("probabilities", "Verdict probabilities", &html! { p class="note" { "The model gave none." } });
    }
    let manifest = page.input.run.manifest.as_ref();
    let threshold = manifest.and_then(|manifest| manifest.get("parameters")?.get("policy")?.get("min_confidence")?.as_f64());
    if let (Some(threshold), Some(secs)) = (threshold, page.metrics.robot_secs) {
        let points = vec![(0.0, threshold), (secs, threshold)];
        series.push(Series {
            name: "needed to count (policy.min_confidence)".to_owned(),
            class: "limit".to_owned(),
            mark: Mark::Line,
            points,
        });
    }
    let content =
        plot("Probabilities of the three verdicts over time", &page.time, &Axis::to_at_least(1.0, ""), &series, &hazard_bands(page));
    card("probabilities", "Verdict probabilities", &content)
}

/// When a hazard could be perceived, seconds since the run's start.
fn hazard_bands(page: &Page<'_>) -> Vec<(f64, f64)> {
    let mut bands: Vec<(f64, f64)> = Vec::new();
    let mut is_going_on = false;
    for frame in page.truth().iter().flat_map(|truth| truth.frames()) {
        let is_there = frame.has_hazard(&page.input.rules);
        let at = page.since_start(frame.stamp);
        match bands.last_mut().filter(|_| is_going_on) {
            Some((_, to)) => *to = at,
            None if is_there => bands.push((at, at)),
            None => {}
        }
        is_going_on = is_there;
    }
    bands
}

fn latency(page: &Page<'_>) -> Markup {
    let millis = |completion: &Completion| completion.timings.total_millis;
    let completions = &page.input.run.completions;
    let Some(figures) = page.metrics.latency_millis else {
        return card("latency", "Latency of the model", &html! { p class="note" { "The model was never asked." } });
    };
    let points = completions.iter().map(|completion| (page.since_start(completion.image_stamp), millis(completion))).collect();
    let series = [Series { name: "answer".to_owned(), class: "s0".to_owned(), mark: Mark::Dots, points }];
    let [p50, p95, max] = [figures.p50, figures.p95, figures.max].map(|millis| format!("{millis:.0}\u{a0}ms"));
    let note = format!("Measured on the machine named below: median {p50}, 95\u{a0}% {p95}, longest {max}.");
    let content = html! {
        p class="note" { (note) }
        (plot("Measured time of each call", &page.time, &Axis::to_at_least(figures.max, "ms"), &series, &[]))
    };
    card("latency", "Latency of the model", &content)
}

fn freshness(page: &Page<'_>) -> Markup {
    let mut streams: BTreeMap<&StreamId, Vec<(f64, f64)>> = BTreeMap::new();
    for sample in &page.input.health {
        streams.entry(&sample.stream).or_default().push((page.since_start(sample.stamp), sample.age_secs));
    }
    if streams.is_empty() {
        return html! {};
    }
    let oldest = |points: &[(f64, f64)]| points.iter().map(|(_, age)| *age).filter(|age| age.is_finite()).fold(0.0, f64::max);
    let total = streams.len();
    let mut streams: Vec<_> = streams.into_iter().collect();
    streams.sort_by(|a, b| oldest(&b.1).total_cmp(&oldest(&a.1)).then(a.0.cmp(b.0)));
    streams.truncate(STREAMS_MAX);
    let top = streams.first().map_or(0.0, |(_, points)| oldest(points));
    let stale = page.input.health.iter().filter(|sample| sample.is_stale).count();
    let to_series = |(index, (stream, points)): (usize, (&StreamId, Vec<_>))| Series {
        name: stream.to_string(),
        class: format!("s{index}"),
        mark: Mark::Line,
        points,
    };
    let series: Vec<Series> = streams.into_iter().enumerate().map(to_series).collect();
    let content = html! {
        p class="note" {
            "Age of the newest reading of each stream when a picture was looked at; "
            "stale in " (stale) " of " (page.input.health.len()) " cases."
            @if total > STREAMS_MAX { " Shown are the " (STREAMS_MAX) " of " (total) " streams that were oldest." }
        }
        (plot("Age of the newest reading of each stream", &page.time, &Axis::to_at_least(top, "s"), &series, &[]))
    };
    card("freshness", "Freshness of the streams", &content)
}
