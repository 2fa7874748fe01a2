//! Verdicts against truth over time. In -> out: events, frames, decisions -> one lane a kind (there, and named), one for the verdict, one
//! for the response.

use super::axis::{WIDTH, bars};
use super::{Page, card};
use crate::format::words;
use crate::timeline::spans;
use maud::{Markup, html};
use vedette_types::{KindId, Response, Stamp, Verdict};

/// From this many stretches on a lane is drawn in columns, the gravest state of a column winning.
const STRETCHES_MAX: usize = 1500;

/// Stretches of one state: its style class, and from when to when as shares of the run.
type State = (&'static str, Vec<(f64, f64)>);

/// The section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    if page.metrics.begin.is_none() {
        return card("timeline", "Timeline", &html! { p class="note" { "Nothing happened in this run." } });
    }
    let content = html! {
        div class="lanes" {
            @for kind in page.metrics.kinds.iter().filter_map(|counted| counted.kind.as_ref()) {
                div class="lane" {
                    span class="name" { span class=(format!("dot {}", page.kind_class(kind))) {} (words(kind.as_str())) }
                    div class=(format!("tracks {}", page.kind_class(kind))) {
                        (track(&there(page, kind), "there"))
                        (track(&named(page, kind), "named"))
                    }
                }
            }
            div class="lane" { span class="name" { "verdict" } div class="tracks" { (track(&verdicts(page), "state")) } }
            div class="lane" { span class="name" { "response" } div class="tracks" { (track(&responses(page), "state")) } }
            div class="lane axis" { span class="name" {} (page.time.labels_below()) }
        }
        (legend(page))
    };
    card("timeline", "Timeline", &content)
}

fn legend(page: &Page<'_>) -> Markup {
    html! {
        @if !page.metrics.kinds.is_empty() {
            p class="legend" {
                span { i class="key there" {} "there" } span { i class="key there faint" {} "there, not to be perceived" }
                span { i class="key named" {} "named" } span { i class="key wrong" {} "named falsely" }
            }
        }
        p class="legend" { b { "verdict" } @for verdict in Verdict::ALL { span { i class=(verdict.word()) {} (verdict.word()) } } }
        p class="legend" {
            b { "response" }
            @for response in Response::ALL { span { i class=(response.word()) {} (words(response.word())) } }
        }
    }
}

fn track(states: &[State], class: &str) -> Markup {
    html! {
        svg class=(format!("track {class}")) viewBox=(format!("0 0 {WIDTH} 1")) preserveAspectRatio="none" aria-hidden="true" {
            @for (state, stretches) in states { @if !stretches.is_empty() { path class=(state) d=(bars(stretches.iter().copied(), 1.0)) {} } }
        }
    }
}

fn share(page: &Page<'_>, stamp: Stamp) -> f64 {
    page.time.share(page.since_start(stamp))
}

/// When a kind was there, and when it was in view or smelt.
fn there(page: &Page<'_>, kind: &KindId) -> Vec<State> {
    let Some(truth) = page.truth() else { return Vec::new() };
    let rules = &page.input.rules;
    let events = page.metrics.matching.events.iter().filter(|outcome| outcome.event.kind == *kind);
    let active: Vec<_> = events.map(|outcome| (share(page, outcome.event.first), share(page, outcome.event.last))).collect();
    let mut seen: Vec<(f64, f64)> = Vec::new();
    let mut is_going_on = false;
    for frame in truth.frames() {
        let is_seen = frame.hazards.iter().any(|hazard| hazard.kind == *kind && hazard.is_perceivable(rules));
        let at = share(page, frame.stamp);
        match seen.last_mut().filter(|_| is_going_on) {
            Some((_, to)) => *to = at,
            None if is_seen => seen.push((at, at)),
            None => {}
        }
        is_going_on = is_seen;
    }
    vec![("faint", active), ("full", seen)]
}

/// When decisions named a kind, and when they did so falsely.
fn named(page: &Page<'_>, kind: &KindId) -> Vec<State> {
    let named = decision_stretches(page, |decision| {
        decision.is_some_and(|d| d.hazards.iter().any(|hazard| hazard.kind == *kind)).then_some("full")
    });
    let alarms = page.metrics.matching.false_alarms.iter().filter(|alarm| alarm.kind == *kind);
    let wrong = alarms.map(|alarm| (share(page, alarm.first), share(page, alarm.last))).collect();
    let mut states = columns(&named, &["full"]);
    states.push(("wrong", wrong));
    states
}

fn verdicts(page: &Page<'_>) -> Vec<State> {
    let verdict = |decision: Option<&vedette_types::Decision>| Some(decision.map_or(Verdict::Unknown, |decision| decision.verdict).word());
    columns(&decision_stretches(page, verdict), &["clear", "unknown", "hazard"])
}

fn responses(page: &Page<'_>) -> Vec<State> {
    let response = |decision: Option<&vedette_types::Decision>| decision.map(|decision| decision.response.word());
    columns(&decision_stretches(page, response), &["continue", "limit", "slow_down", "stop"])
}

/// Stretches of time of one state; neighbours of the same state are one.
fn decision_stretches(
    page: &Page<'_>,
    state: impl Fn(Option<&vedette_types::Decision>) -> Option<&'static str>,
) -> Vec<(&'static str, f64, f64)> {
    let (Some(begin), Some(end)) = (page.metrics.begin, page.metrics.end) else { return Vec::new() };
    let mut stretches: Vec<(&'static str, f64, f64)> = Vec::new();
    let mut last = None;
    for span in spans(&page.input.run.decisions, begin, end) {
        let now = state(span.decision);
        if let Some(word) = now {
            let (from, to) = (share(page, span.start), share(page, span.end));
            match stretches.last_mut().filter(|_| last == now) {
                Some((_, _, until)) => *until = until.max(to),
                None => stretches.push((word, from, to)),
            }
        }
        last = now;
    }
    stretches
}

/// The stretches sorted by state, in the order of `states` (the last one is painted over the others). Many are reduced to columns.
fn columns(stretches: &[(&'static str, f64, f64)], states: &[&'static str]) -> Vec<State> {
    let of = |state: &'static str| stretches.iter().filter(move |(word, ..)| *word == state);
    let reduce = |state: &'static str| -> State {
        if stretches.len() <= STRETCHES_MAX {
            return (state, of(state).map(|(_, from, to)| (*from, *to)).collect());
        }
        let mut is_in = vec![false; STRETCHES_MAX];
        for (_, from, to) in of(state) {
            let column = |share: f64| (share * STRETCHES_MAX as f64) as usize;
            let first = column(*from).min(STRETCHES_MAX - 1);
            let last = column(*to).clamp(first, STRETCHES_MAX - 1);
            is_in.iter_mut().take(last + 1).skip(first).for_each(|is_in| *is_in = true);
        }
        let mut merged = Vec::new();
        let mut at = 0;
        for run in is_in.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                merged.push((at as f64 / STRETCHES_MAX as f64, (at + run.len()) as f64 / STRETCHES_MAX as f64));
            }
            at += run.len();
        }
        (state, merged)
    };
    states.iter().map(|state| reduce(state)).collect()
}
