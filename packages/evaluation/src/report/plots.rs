//! Plots over the time of the run. In -> out: answers and freshness -> probabilities of the verdicts, measured latency, when each stream was
//! stale. Deliberately absent: values of the sensors; those are in `run.rrd`.

use super::axis::{Axis, Column, Mark, POINTS_MAX, Series, WIDTH, bars, plot, stacked};
use super::{HealthSample, Page, card};
use crate::format::{list, secs};
use crate::metrics::quantile;
use maud::{Markup, html};
use std::collections::BTreeMap;
use vedette_types::{Completion, Probability, StreamId, Verdict};

/// Most streams in the freshness plot.
const STREAMS_MAX: usize = 10;
/// Streams that were never older are only named, seconds.
const PUNCTUAL_SECS: f64 = 0.1;

/// The sections.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let content = [probabilities(page), latency(page), freshness(page)];
    html! { @for one in content { (one) } }
}

/// An answer that nothing followed stands for this long, seconds.
const STANDS_SECS: f64 = 5.0;

fn probabilities(page: &Page<'_>) -> Markup {
    let completions = page.input.run.completions.iter();
    let mut answers: Vec<(f64, [f64; 3])> = completions
        .filter_map(|c| {
            Some((page.since_start(c.image_stamp), c.verdict_probabilities.map(|p| [p.hazard, p.unknown, p.clear].map(Probability::get))?))
        })
        .collect();
    if answers.is_empty() {
        return card("probabilities", "What the model thought", &html! { p class="note" { "The model gave no probabilities." } });
    }
    answers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let manifest = page.input.run.manifest.as_ref();
    let threshold = manifest.and_then(|manifest| manifest.get("parameters")?.get("policy")?.get("min_confidence")?.as_f64());
    let note = threshold.map(|threshold| format!("A verdict counts from {threshold} on (policy.min_confidence).")).unwrap_or_default();
    let layers = [Verdict::Hazard, Verdict::Unknown, Verdict::Clear].map(Verdict::word);
    let label = "Probabilities of the three verdicts over time, hazard at the bottom";
    let content = html! {
        p class="note" { "Probabilities of the three verdicts, each from its picture to the next one. " (note) }
        (stacked(label, &page.time, &columns(&answers), layers, ("a hazard could be noticed", &hazard_bands(page))))
    };
    card("probabilities", "What the model thought", &content)
}

/// Answers as columns; of very many the one of each stretch that thought most of a hazard, so that no alarm is lost.
fn columns(answers: &[(f64, [f64; 3])]) -> Vec<Column<3>> {
    let most = |bucket: &[(f64, [f64; 3])]| bucket.iter().copied().max_by(|a, b| a.1[0].total_cmp(&b.1[0]));
    let bucket = answers.len().div_ceil(POINTS_MAX).max(1);
    let starts = answers.chunks(bucket).filter_map(|chunk| Some((chunk.first()?.0, most(chunk)?.1)));
    let starts: Vec<(f64, [f64; 3])> = starts.collect();
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([f64::INFINITY]);
    let stands = |at: f64| at + STANDS_SECS.max(bucket as f64);
    starts.iter().zip(ends).map(|((at, parts), next)| Column { x: (*at, next.min(stands(*at))), parts: *parts }).collect()
}

/// When a hazard could be noticed, seconds since the run's start.
fn hazard_bands(page: &Page<'_>) -> Vec<(f64, f64)> {
    let mut bands: Vec<(f64, f64)> = Vec::new();
    let mut is_going_on = false;
    for frame in page.truth().iter().flat_map(|truth| truth.frames()) {
        let is_there = frame.hazards.iter().any(|hazard| hazard.is_noticeable(&page.input.rules));
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

/// One lane a stream: when its newest reading was too old, and how old it was.
fn freshness(page: &Page<'_>) -> Markup {
    let mut streams: BTreeMap<&StreamId, Vec<&HealthSample>> = BTreeMap::new();
    for sample in &page.input.health {
        streams.entry(&sample.stream).or_default().push(sample);
    }
    if streams.is_empty() {
        return html! {};
    }
    let all = streams.into_iter().map(|(stream, samples)| lane(page, stream, &samples));
    let (punctual, mut lanes): (Vec<Lane>, Vec<Lane>) = all.partition(|lane| lane.stale == 0 && lane.oldest_secs <= PUNCTUAL_SECS);
    let punctual: Vec<String> = punctual.into_iter().map(|lane| lane.name).collect();
    let total = lanes.len();
    lanes.sort_by(|a, b| b.stale.cmp(&a.stale).then(b.oldest_secs.total_cmp(&a.oldest_secs)).then(a.name.cmp(&b.name)));
    lanes.truncate(STREAMS_MAX);
    let content = html! {
        p class="note" {
            "How old the newest reading of each stream was when a picture went to the model. "
            @if total > STREAMS_MAX { "Shown are the " (STREAMS_MAX) " of " (total) " streams that were stale most or oldest. " }
            @if !punctual.is_empty() { "Never older than " (secs(PUNCTUAL_SECS)) ": " (list(&punctual)) "." }
        }
        @if !lanes.is_empty() { (freshness_lanes(page, &lanes)) }
    };
    card("freshness", "Freshness of the streams", &content)
}

fn freshness_lanes(page: &Page<'_>, lanes: &[Lane]) -> Markup {
    html! {
        div class="lanes" {
            @for lane in lanes {
                div class="lane" {
                    span class="name" { (lane.name) }
                    svg class="track" viewBox=(format!("0 0 {WIDTH} 1")) preserveAspectRatio="none" aria-hidden="true" {
                        @for (class, stretches) in [("fresh", &lane.when_fresh), ("stale", &lane.when_stale)] {
                            @if !stretches.is_empty() { path class=(class) d=(bars(stretches.iter().copied(), 1.0)) {} }
                        }
                    }
                    span class="facts" {
                        "median " (secs(lane.median_secs)) ", oldest " (secs(lane.oldest_secs))
                        @if lane.stale > 0 { "; stale in " (lane.stale) " of " (lane.samples) }
                    }
                }
            }
            div class="lane axis" { span class="name" {} (page.time.labels_below()) }
        }
        p class="legend" { span { i class="key fresh" {} "fresh" } span { i class="key stale" {} "stale: told to the model as missing" } }
    }
}

/// One stream over the run.
struct Lane {
    name: String,
    samples: usize,
    stale: usize,
    median_secs: f64,
    oldest_secs: f64,
    /// As shares of the run.
    when_fresh: Vec<(f64, f64)>,
    when_stale: Vec<(f64, f64)>,
}

fn lane(page: &Page<'_>, stream: &StreamId, samples: &[&HealthSample]) -> Lane {
    let mut ages: Vec<f64> = samples.iter().map(|sample| sample.age_secs).filter(|age| age.is_finite()).collect();
    ages.sort_by(f64::total_cmp);
    let mut ordered = samples.to_vec();
    ordered.sort_by_key(|sample| sample.stamp);
    let share = |sample: &HealthSample| page.time.share(page.since_start(sample.stamp));
    let (mut when_fresh, mut when_stale) = (Vec::new(), Vec::new());
    // Samples of one state are one stretch, up to the first of the next.
    let runs: Vec<&[&HealthSample]> = ordered.chunk_by(|a, b| a.is_stale == b.is_stale).collect();
    for (number, run) in runs.iter().enumerate() {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let end = runs.get(number + 1).and_then(|next| next.first()).unwrap_or(last);
        if first.is_stale { &mut when_stale } else { &mut when_fresh }.push((share(first), share(end)));
    }
    Lane {
        name: stream.to_string(),
        samples: samples.len(),
        stale: samples.iter().filter(|sample| sample.is_stale).count(),
        median_secs: quantile(&ages, 0.5).unwrap_or(0.0),
        oldest_secs: ages.last().copied().unwrap_or(0.0),
        when_fresh,
        when_stale,
    }
}
