//! Key pictures with what was there and what was said. In -> out: pictures, truth, answers, decisions -> figures with boxes and a caption.
//!
//! Truth boxes are solid. Dashed is the fifth of the picture that the model named, also where the policy did not act on it.

use super::{KeyFrame, Page, base64, card};
use crate::format::{list, percent, words};
use crate::moments::{KEY_FRAMES_MAX, surest_picture};
use crate::{Outcome, TrueHazard};
use maud::{Markup, html};
use serde::Deserialize;
use vedette_types::{BearingSector, Completion, Decision, KindId, Stamp};

/// How far a picture may lie from what it is said to show, seconds.
const NEAR_SECS: f64 = 0.55;

/// The section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let content = html! {
        @if page.input.frames.is_empty() { p class="note" { "No picture was kept." } }
        @else {
            div class="frames" {
                @for (index, frame) in page.input.frames.iter().take(KEY_FRAMES_MAX).enumerate() { (figure(page, index, frame)) }
            }
            p class="legend" {
                @if page.metrics.has_truth { span { i class="key box" {} "was there" } }
                span { i class="key sector" {} "where the model saw it" }
            }
        }
    };
    card("frames", "Key pictures", &content)
}

/// Index of the picture nearest to `stamp`, where one is near enough to show the same.
pub(super) fn nearest(page: &Page<'_>, stamp: Stamp) -> Option<usize> {
    let frames = page.input.frames.iter().take(KEY_FRAMES_MAX).enumerate();
    let nearest = frames.min_by_key(|(_, frame)| frame.stamp.nanos_since(stamp).unsigned_abs());
    nearest.filter(|(_, frame)| is_near(frame.stamp, stamp)).map(|(index, _)| index)
}

fn is_near(a: Stamp, b: Stamp) -> bool {
    a.secs_since(b).abs() <= NEAR_SECS
}

fn figure(page: &Page<'_>, index: usize, frame: &KeyFrame) -> Markup {
    let (width, height) = (f64::from(frame.width_px.max(1)), f64::from(frame.height_px.max(1)));
    let there = page.truth().and_then(|truth| truth.frame_at(frame.stamp, page.input.rules.frame_tolerance_secs));
    let hazards: Vec<&TrueHazard> =
        there.iter().flat_map(|there| &there.hazards).filter(|hazard| hazard.is_perceivable(&page.input.rules)).collect();
    let completion = page.input.run.completions.iter().find(|completion| completion.image_stamp == frame.stamp);
    let decision = page.input.run.decisions.iter().find(|decision| decision.image_stamp == Some(frame.stamp));
    let said = completion.map(|completion| Said::of(&completion.text));
    let sectors: Vec<_> =
        said.iter().flat_map(|said| &said.hazards).filter_map(|named| Some((named.kind.as_ref()?, named.sector()?))).collect();
    let boxes: Vec<_> = hazards
        .iter()
        .filter_map(|hazard| Some((&hazard.kind, hazard.bbox_xywh.filter(|bbox| bbox.iter().all(|v| v.is_finite()))?)))
        .collect();
    html! {
        figure class="frame" id=(format!("frame-{index}")) {
            div class="picture" style=(format!("aspect-ratio:{width}/{height}")) {
                img alt=(format!("camera picture at {}", page.at(frame.stamp))) src=(base64::data_url(&frame.jpeg)) loading="lazy";
                svg viewBox=(format!("0 0 {width} {height}")) preserveAspectRatio="none" aria-hidden="true" {
                    @for (_, sector) in &sectors {
                        @let left = *sector as usize as f64 * width / 5.0;
                        rect class="sector" x=(px(left)) y="0" width=(px(width / 5.0)) height=(height) {}
                    }
                    @for (kind, [x, y, w, h]) in &boxes {
                        @let class = format!("box {}", page.kind_class(kind));
                        rect class=(class) x=(px(*x)) y=(px(*y)) width=(px(w.max(0.0))) height=(px(h.max(0.0))) {}
                    }
                }
            }
            figcaption {
                p {
                    b { (page.at(frame.stamp)) }
                    @for (class, tag) in tags(page, frame.stamp) { " " span class=(format!("tag {class}")) { (tag) } }
                }
                dl {
                    @if page.metrics.has_truth { dt { "there" } dd { (there_words(&hazards, there.is_some())) } }
                    dt { "model" } dd { (model_words(completion, said.as_ref())) }
                    dt { "decided" } dd { (decided_words(decision)) }
                }
            }
        }
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// Why the picture is shown.
fn tags(page: &Page<'_>, stamp: Stamp) -> Vec<(&'static str, String)> {
    let mut tags = Vec::new();
    for outcome in &page.metrics.matching.events {
        let kind = words(outcome.event.kind.as_str());
        match outcome.outcome {
            Outcome::Missed if outcome.event.largest.is_some_and(|largest| is_near(largest, stamp)) => {
                tags.push(("missed", format!("missed: {kind}")));
            }
            Outcome::Found if outcome.alert_image == Some(stamp) => tags.push(("found", format!("found: {kind}"))),
            _ => {}
        }
    }
    for alarm in page.metrics.matching.false_alarms.iter().filter(|alarm| alarm.image == Some(stamp)) {
        tags.push(("alarm", format!("false alarm: {}", words(alarm.kind.as_str()))));
    }
    if page.metrics.unknown_spells.first().is_some_and(|spell| is_near(spell.middle(), stamp)) {
        tags.push(("unknown", "longest unknown spell".to_owned()));
    }
    let surest = surest_picture(&page.input.run.completions);
    if surest.is_some_and(|completion| completion.image_stamp == stamp) {
        tags.push(("unknown", "highest P(hazard)".to_owned()));
    }
    tags.dedup();
    tags
}

/// What is in the picture, and what another sensor could know of at that moment.
fn there_words(hazards: &[&TrueHazard], is_known: bool) -> String {
    if !is_known {
        return "not known".to_owned();
    }
    let (hidden, seen): (Vec<&TrueHazard>, Vec<&TrueHazard>) = hazards.iter().partition(|hazard| hazard.is_in_view() == Some(false));
    match (seen.is_empty(), hidden.is_empty()) {
        (true, true) => "no hazard".to_owned(),
        (false, true) => kinds_words(&seen),
        (true, false) => format!("nothing in view; {} known only from gas or heat", kinds_words(&hidden)),
        (false, false) => format!("{}; not in view, known from gas or heat: {}", kinds_words(&seen), kinds_words(&hidden)),
    }
}

fn kinds_words(hazards: &[&TrueHazard]) -> String {
    let mut kinds: Vec<(&KindId, usize)> = Vec::new();
    for hazard in hazards {
        match kinds.iter_mut().find(|(kind, _)| *kind == &hazard.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((&hazard.kind, 1)),
        }
    }
    let name =
        |(kind, count): (&KindId, usize)| if count == 1 { words(kind.as_str()) } else { format!("{count} × {}", words(kind.as_str())) };
    list(&kinds.into_iter().map(name).collect::<Vec<_>>())
}

fn model_words(completion: Option<&Completion>, said: Option<&Said>) -> String {
    let (Some(completion), Some(said)) = (completion, said) else { return "did not see this picture".to_owned() };
    let probability = completion.verdict_probabilities.map(|p| format!("; P(hazard) {}", percent(p.hazard.get()))).unwrap_or_default();
    let Some(verdict) = &said.verdict else { return format!("no usable answer ({}){probability}", completion.finish) };
    let named: Vec<String> = said.hazards.iter().map(Named::words).collect();
    let named = if named.is_empty() { String::new() } else { format!(": {}", list(&named)) };
    format!("{verdict}{named}{probability}")
}

fn decided_words(decision: Option<&Decision>) -> String {
    let Some(decision) = decision else { return "nothing on this picture".to_owned() };
    format!("{}, {}; {}", decision.verdict, words(decision.response.word()), decision.reasons.join("; "))
}

/// The model's own words, as far as they can be read; what is not JSON says nothing.
#[derive(Debug, Default, Deserialize)]
struct Said {
    verdict: Option<String>,
    #[serde(default)]
    hazards: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    kind: Option<String>,
    bearing: Option<String>,
    range: Option<String>,
}

impl Said {
    fn of(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl Named {
    fn sector(&self) -> Option<BearingSector> {
        self.bearing.as_ref()?.parse().ok()
    }

    fn words(&self) -> String {
        let parts = [&self.kind, &self.bearing, &self.range];
        parts.into_iter().flatten().map(|word| words(word)).collect::<Vec<_>>().join(" ")
    }
}
