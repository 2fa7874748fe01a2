//! The head of the report: title, what happened in three sentences, four figures. In -> out: figures -> sentences made from them, and only
//! from them: an untrained model is called that, and missed visual hazards are counted.

use super::Page;
use crate::format::{count, list, percent, secs, words};
use crate::{KindMetrics, Metrics, Outcome, RunData};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Heading, sentences and tiles.
pub(super) fn header(page: &Page<'_>) -> Markup {
    let metrics = &page.metrics;
    html! {
        header {
            p class="brand" { "Vedette · run report" }
            h1 { (page.input.title) }
            @if page.input.run.is_trained() == Some(false) { p class="badge" { "UNTRAINED model" } }
            div class="story" { @for sentence in sentences(page.input.run, metrics) { p { (sentence) } } }
            div class="tiles" {
                @if metrics.has_truth {
                    @let overall = &metrics.overall;
                    (tile(&format!("{} / {}", overall.found, overall.found + overall.missed), "hazards found", grade(overall.missed == 0)))
                    (tile(&overall.missed_visual.to_string(), "visual hazards missed", grade(overall.missed_visual == 0)))
                    (tile(&overall.false_alarms.to_string(), "false alarms", grade(overall.false_alarms == 0)))
                } @else {
                    (tile(&metrics.decisions.to_string(), "decisions", ""))
                    (tile(&metrics.completions.to_string(), "answers of the model", ""))
                }
                (tile(&metrics.unknown_share.map_or_else(|| "–".to_owned(), percent), "of the time unknown", ""))
            }
        }
    }
}

fn tile(figure: &str, words: &str, grade: &str) -> Markup {
    html! { div class=(format!("tile {grade}")) { b { (figure) } span { (words) } } }
}

fn grade(is_good: bool) -> &'static str {
    if is_good { "good" } else { "bad" }
}

/// What happened, in three sentences.
pub(super) fn sentences(run: &RunData, metrics: &Metrics) -> [String; 3] {
    [what_ran(run, metrics), what_was_found(run, metrics), how_it_went(metrics)]
}

fn what_ran(run: &RunData, metrics: &Metrics) -> String {
    let duration = metrics.robot_secs.map_or_else(|| "No time passed".to_owned(), |time| format!("The robot was out for {}", secs(time)));
    let model = match run.model_name() {
        Some(name) => format!("the model {name}"),
        None => "a model that is not recorded".to_owned(),
    };
    let training = match run.is_trained() {
        Some(false) => ", which is UNTRAINED: what it says about pictures is noise",
        Some(true) => "",
        None => ", of which it is not recorded whether it was trained",
    };
    let calls = count(metrics.completions, "picture");
    format!("{duration}, and {calls} went to {model}{training}.")
}

fn what_was_found(run: &RunData, metrics: &Metrics) -> String {
    if !metrics.has_truth {
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        for hazard in run.decisions.iter().flat_map(|decision| &decision.hazards) {
            *named.entry(hazard.kind.as_str()).or_default() += 1;
        }
        let named: Vec<String> = named.into_iter().map(|(kind, times)| format!("{} ({})", words(kind), count(times, "time"))).collect();
        let named =
            if named.is_empty() { "the decisions named no hazard".to_owned() } else { format!("the decisions named {}", list(&named)) };
        return format!("What was really there is not known, so nothing is scored; {named}.");
    }
    let overall = &metrics.overall;
    let hidden = match overall.out_of_sight {
        0 => String::new(),
        1 => "; 1 more was never within reach of a sensor".to_owned(),
        more => format!("; {more} more were never within reach of a sensor"),
    };
    let due = overall.found + overall.missed;
    if due == 0 {
        return format!("There was no hazard that could be noticed{hidden}.");
    }
    if due == 1 && overall.missed == 1 {
        let seen = if overall.missed_visual == 1 { ", in view of the camera" } else { "" };
        return format!("The only hazard that could be noticed, {}, was missed{seen}{hidden}.", kinds(metrics, |kind| kind.missed));
    }
    if due == 1 {
        return format!("The only hazard that could be noticed, {}, was found{hidden}.", kinds(metrics, |kind| kind.found));
    }
    let found = match overall.found {
        0 => "none was found".to_owned(),
        found => format!("{found} {} found ({})", was(found), kinds(metrics, |kind| kind.found)),
    };
    let missed = match overall.missed {
        0 => "none was missed".to_owned(),
        missed => format!("{missed} {} missed ({})", was(missed), kinds(metrics, |kind| kind.missed)),
    };
    let visual = match overall.missed_visual {
        0 => String::new(),
        1 if overall.missed == 1 => ", in view of the camera".to_owned(),
        all if all == overall.missed => format!(", all {all} in view of the camera"),
        some => format!(", {some} of them in view of the camera"),
    };
    format!("Of {} that could be noticed, {found} and {missed}{visual}{hidden}.", count(due, "hazard"))
}

fn was(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}

/// `fire, 2 x smoke` of the kinds of which `of` counts any.
fn kinds(metrics: &Metrics, of: impl Fn(&KindMetrics) -> usize) -> String {
    let name = |counted: &KindMetrics| {
        let kind = words(counted.kind.as_ref()?.as_str());
        match of(counted) {
            0 => None,
            1 => Some(kind),
            more => Some(format!("{more} × {kind}")),
        }
    };
    list(&metrics.kinds.iter().filter_map(name).collect::<Vec<_>>())
}

fn how_it_went(metrics: &Metrics) -> String {
    let mut clauses = Vec::new();
    if metrics.has_truth {
        let rate =
            metrics.false_alarms_per_hour.filter(|rate| *rate > 0.0).map_or_else(String::new, |rate| format!(" ({rate:.0} an hour)"));
        let alarms = metrics.overall.false_alarms;
        clauses.push(if alarms == 0 {
            "no alarm was false".to_owned()
        } else {
            format!("{} {} false{rate}", count(alarms, "alarm"), was(alarms))
        });
    }
    if let Some(share) = metrics.unknown_share {
        clauses.push(format!("the verdict was unknown for {} of the time", percent(share)));
    }
    let times: Vec<f64> =
        metrics.matching.events.iter().filter(|event| event.outcome == Outcome::Found).filter_map(|e| e.time_to_alert_secs).collect();
    if let (Some(median), false) = (metrics.overall.time_to_alert_p50_secs, times.is_empty()) {
        clauses.push(format!("an alert came {} after the hazard could be noticed (median)", secs(median)));
    }
    clauses.push(match metrics.latency_millis {
        Some(latency) => format!("the model answered in {:.0}\u{a0}ms (median) to {:.0}\u{a0}ms (95\u{a0}%)", latency.p50, latency.p95),
        None => "the model was never asked".to_owned(),
    });
    let text = list(&clauses);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default() + "."
}
