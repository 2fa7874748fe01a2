//! What went wrong, first of all. In -> out: figures and summary -> missed hazards, false alarms, unknown spells, rejected inputs, each
//! with when and where. Long lists are cut with the number of what is left out.

use super::{Page, card, frames};
use crate::format::{count, percent, secs, words};
use crate::{EventOutcome, FalseAlarm, Outcome, UnknownSpell};
use maud::{Markup, html};
use serde_json::Value;
use vedette_types::Stamp;

/// Most entries of one list.
const LIST_MAX: usize = 12;

/// Shorter spells of unknown are ordinary waiting, seconds.
const SPELL_MIN_SECS: f64 = 1.0;

/// The section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let metrics = &page.metrics;
    let missed: Vec<_> = metrics.matching.events.iter().filter(|event| event.outcome == Outcome::Missed).collect();
    let alarms: Vec<_> = metrics.matching.false_alarms.iter().collect();
    let spells: Vec<_> = metrics.unknown_spells.iter().filter(|spell| spell.last.secs_since(spell.first) >= SPELL_MIN_SECS).collect();
    let other = other_faults(page);
    let is_empty = missed.is_empty() && alarms.is_empty() && spells.is_empty() && other.is_empty();
    let content = html! {
        @if !metrics.has_truth {
            p class="note" { "Without truth for this time, missed hazards and false alarms cannot be told." }
        }
        @if is_empty && metrics.has_truth { p class="fine" { "Nothing was missed, no alarm was false, no input was refused." } }
        @if is_empty && !metrics.has_truth { p class="fine" { "No unknown spell and no refused input." } }
        (group("Missed hazards", &missed, |event| missed_entry(page, event)))
        (group("False alarms", &alarms, |alarm| alarm_entry(page, alarm)))
        (group("Unknown spells", &spells, |spell| spell_entry(page, spell)))
        (group("Inputs and run", &other, |text| html! { (text) }))
    };
    card("failures", "What went wrong", &content)
}

fn group<T>(heading: &str, entries: &[T], entry: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !entries.is_empty() {
            h3 { (heading) " " span class="count" { (entries.len()) } }
            ul class="failures" {
                @for one in entries.iter().take(LIST_MAX) { li { (entry(one)) } }
                @if entries.len() > LIST_MAX { li class="more" { "and " (entries.len() - LIST_MAX) " more" } }
            }
        }
    }
}

fn missed_entry(page: &Page<'_>, missed: &EventOutcome) -> Markup {
    let event = &missed.event;
    let mut facts = Vec::new();
    if let (Some(stamp), Some(height)) = (event.largest, event.largest_height_px) {
        facts.push(format!("largest at {}: {height:.0}\u{a0}px high", page.at(stamp)));
    } else if !event.is_visual() {
        facts.push("never in view".to_owned());
    }
    if let Some(distance) = event.nearest_m {
        facts.push(format!("{distance:.1}\u{a0}m away at its nearest"));
    }
    if let Some([x, y]) = event.position_m {
        facts.push(format!("at x\u{a0}{x:.1}\u{a0}m, y\u{a0}{y:.1}\u{a0}m"));
    }
    html! {
        b class=(page.kind_class(&event.kind)) { (words(event.kind.as_str())) }
        @if let Some(id) = &event.id { " (" (id) ")" }
        " from " (page.at(event.first)) " to " (page.at(event.last))
        @if !facts.is_empty() { "; " (facts.join(", ")) }
        (picture_link(page, event.largest))
    }
}

fn alarm_entry(page: &Page<'_>, alarm: &FalseAlarm) -> Markup {
    html! {
        b class=(page.kind_class(&alarm.kind)) { (words(alarm.kind.as_str())) }
        " named from " (page.at(alarm.first)) " to " (page.at(alarm.last)) " (" (count(alarm.decisions, "decision")) "); "
        @if alarm.is_elsewhere { "such a hazard was there, but elsewhere or out of view" } @else { "nothing like it was there" }
        (picture_link(page, alarm.image))
    }
}

fn spell_entry(page: &Page<'_>, spell: &UnknownSpell) -> Markup {
    let duration = spell.last.secs_since(spell.first);
    html! {
        b { (secs(duration)) } " from " (page.at(spell.first)) " to " (page.at(spell.last))
        @if let Some(total) = page.metrics.robot_secs.filter(|total| *total > 0.0) { " (" (percent(duration / total)) " of the run)" }
        "; mostly: " @if spell.reason.is_empty() { "no reason given" } @else { (spell.reason) }
    }
}

/// A link to the picture that is nearest to `stamp`, where one is shown.
fn picture_link(page: &Page<'_>, stamp: Option<Stamp>) -> Markup {
    let nearest = stamp.and_then(|stamp| frames::nearest(page, stamp));
    html! { @if let Some(index) = nearest { " " a href=(format!("#frame-{index}")) { "picture" } } }
}

/// Rejected messages, lost frames, faults and warnings of the summary.
fn other_faults(page: &Page<'_>) -> Vec<String> {
    let mut faults: Vec<String> = page.metrics.warnings.clone();
    let Some(summary) = &page.input.run.summary else {
        faults.push("the run has no summary: it did not come to its end".to_owned());
        return faults;
    };
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64).unwrap_or(0);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let ended = text(summary, "ended");
    if !ended.is_empty() && ended != "complete" {
        faults.push(format!("the run ended early: {ended}"));
    }
    let streams = summary.get("streams").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for stream in streams.iter().filter(|stream| number(stream, "rejected") > 0) {
        let (topic, rejected, messages) = (text(stream, "topic"), number(stream, "rejected"), number(stream, "messages"));
        faults.push(format!("{topic}: {rejected} of {messages} messages rejected, first: {}", text(stream, "first_fault")));
    }
    if let Some(frames) = summary.get("frames") {
        for (key, words) in
            [("frames_undecodable", "could not be decoded"), ("frames_stale", "came too late"), ("readings_refused", "were refused")]
        {
            let what = if key == "readings_refused" { "reading" } else { "picture" };
            match number(frames, key) {
                0 => {}
                lost => faults.push(format!("{} {words}", count(lost as usize, what))),
            }
        }
    }
    match number(summary, "clock_jumps") {
        0 => {}
        jumps => faults.push(format!("stamps went back {}", count(jumps as usize, "time"))),
    }
    for (fault, times) in summary.get("faults").and_then(Value::as_object).into_iter().flatten() {
        faults.push(format!("no usable answer {}: {fault}", count(times.as_u64().unwrap_or(0) as usize, "time")));
    }
    for warning in summary.get("warnings").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        faults.push(warning.to_owned());
    }
    faults
}
