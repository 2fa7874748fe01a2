//! The figures as tables. In -> out: metrics -> key figures with their 95 % intervals, figures per kind, verdicts by what was there.

use super::{Page, card};
use crate::format::{percent, secs, words};
use crate::{KindMetrics, Metrics, Rate};
use maud::{Markup, html};

/// Columns of the table per kind, after the kind.
const COLUMNS: [&str; 12] =
    ["there", "found", "missed", "out of reach", "false alarms", "precision", "recall", "F1", "time to alert", "precision", "recall", "F1"];

/// The section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let metrics = &page.metrics;
    let content = html! {
        table class="pairs" {
            tbody {
                @for (name, value, note) in rows(page) {
                    tr { th scope="row" { (name) } td { b { (value) } @if !note.is_empty() { " " span class="muted" { (note) } } } }
                }
            }
        }
        @if metrics.has_truth {
            @if !metrics.kinds.is_empty() { (per_kind(page)) }
            @if metrics.assessed_frames > 0 { (confusion(metrics)) }
        }
    };
    card("figures", "Key figures", &content)
}

/// Name, value, note.
type Row = (&'static str, String, String);

fn rows(page: &Page<'_>) -> Vec<Row> {
    let metrics = &page.metrics;
    let overall = &metrics.overall;
    let plain = |name, value: Option<String>| (name, value.unwrap_or_else(dash), String::new());
    let mut rows: Vec<Row> =
        vec![plain("robot time", metrics.robot_secs.map(secs)), plain("decisions", Some(metrics.decisions.to_string()))];
    if metrics.has_truth {
        rows.extend([
            rate_row("hazards found (recall)", overall.recall),
            rate_row("alarms that were true (precision)", overall.precision),
            plain("F1 of events", overall.f1.map(ratio)),
            plain("time to alert, median", overall.time_to_alert_p50_secs.map(secs)),
            plain("time to alert, longest", overall.time_to_alert_max_secs.map(secs)),
            plain("false alarms per hour", metrics.false_alarms_per_hour.map(|rate| format!("{rate:.1}"))),
            rate_row("verdicts right, per assessed picture", metrics.verdict_accuracy),
            plain("ROC AUC of P(hazard)", metrics.roc_auc.map(ratio)),
            plain("calibration error of P(hazard)", metrics.calibration_error.map(ratio)),
        ]);
    }
    let millis = |name, value: Option<f64>| (name, value.map_or_else(dash, |value| format!("{value:.0}\u{a0}ms")), String::new());
    rows.extend([
        plain("time unknown", metrics.unknown_share.map(percent)),
        (
            "answers of the model",
            metrics.completions.to_string(),
            if page.input.run.is_trained() == Some(false) { "UNTRAINED".to_owned() } else { String::new() },
        ),
        millis("latency, median (measured)", metrics.latency_millis.map(|latency| latency.p50)),
        millis("latency, 95 % (measured)", metrics.latency_millis.map(|latency| latency.p95)),
    ]);
    rows
}

fn rate_row(name: &'static str, rate: Option<Rate>) -> Row {
    let note =
        rate.map(|rate| format!("{} of {}; 95\u{a0}% interval {} to {}", rate.hits, rate.total, percent(rate.low), percent(rate.high)));
    (name, rate.map_or_else(dash, |rate| percent(rate.value)), note.unwrap_or_default())
}

fn per_kind(page: &Page<'_>) -> Markup {
    let rate = |rate: Option<Rate>| rate.map_or_else(dash, |rate| percent(rate.value));
    let line = |counted: &KindMetrics, name: Markup| {
        html! {
            tr {
                th scope="row" { (name) }
                td { (counted.present) }
                td { (counted.found) }
                td class=(bad_if_any(counted.missed)) { (counted.missed) }
                td { (counted.out_of_sight) }
                td class=(bad_if_any(counted.false_alarms)) { (counted.false_alarms) }
                td { (rate(counted.precision)) } td { (rate(counted.recall)) } td { (counted.f1.map_or_else(dash, ratio)) }
                td { (counted.time_to_alert_p50_secs.map_or_else(dash, secs)) }
                td { (rate(counted.frame_precision)) }
                td { (rate(counted.frame_recall)) }
                td { (counted.frame_f1.map_or_else(dash, ratio)) }
            }
        }
    };
    html! {
        h3 { "Per kind" }
        div class="scroll" tabindex="0" role="region" aria-label="Figures per kind" {
            table class="grid" {
                thead {
                    tr {
                        th rowspan="2" scope="col" { "kind" }
                        th colspan="9" scope="colgroup" { "hazards" }
                        th colspan="3" scope="colgroup" { "assessed pictures" }
                    }
                    tr { @for name in COLUMNS { th scope="col" { (name) } } }
                }
                tbody {
                    @for counted in &page.metrics.kinds {
                        @if let Some(kind) = &counted.kind {
                            (line(counted, html! { span class=(format!("dot {}", page.kind_class(kind))) {} (words(kind.as_str())) }))
                        }
                    }
                    @if page.metrics.kinds.len() > 1 { (line(&page.metrics.overall, html! { "all" })) }
                }
            }
        }
        p class="note" { "Out of reach: never in view, and neither its gas nor its heat at the robot; neither found nor missed." }
    }
}

fn confusion(metrics: &Metrics) -> Markup {
    let confusion = &metrics.confusion;
    html! {
        h3 { "Verdicts on assessed pictures" }
        div class="scroll" tabindex="0" role="region" aria-label="Verdicts on assessed pictures" {
            table class="grid wrap" {
                thead { tr { @for name in ["in the picture", "said hazard", "said clear", "said unknown"] { th scope="col" { (name) } } } }
                tbody {
                    tr {
                        th scope="row" { "a hazard" }
                        td class=(good_if_any(confusion.hazard_as_hazard)) { (confusion.hazard_as_hazard) }
                        td class=(bad_if_any(confusion.hazard_as_clear)) { (confusion.hazard_as_clear) }
                        td { (confusion.hazard_as_unknown) }
                    }
                    tr {
                        th scope="row" { "no hazard" }
                        td class=(bad_if_any(confusion.clear_as_hazard)) { (confusion.clear_as_hazard) }
                        td class=(good_if_any(confusion.clear_as_clear)) { (confusion.clear_as_clear) }
                        td { (confusion.clear_as_unknown) }
                    }
                }
            }
        }
    }
}

fn bad_if_any(number: usize) -> &'static str {
    if number > 0 { "bad" } else { "" }
}

fn good_if_any(number: usize) -> &'static str {
    if number > 0 { "good" } else { "" }
}

fn ratio(value: f64) -> String {
    format!("{value:.2}")
}

fn dash() -> String {
    "–".to_owned()
}
