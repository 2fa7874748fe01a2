//! The page of judged samples: figures with intervals, controls side by side, confusion, reliability, the worst failures as pictures. In ->
//! out: figures and pictures -> one HTML page, self-contained like the report of a run.
//!
//! Deliberately absent: choosing the worst (the caller has the pictures), and any figure that is not in the figures.

mod confusion;

use super::{base64, card, document};
use crate::format::{count, percent, words};
use crate::metrics::Rate;
use crate::samples::{Estimate, KindFigures, SampleFigures};
use maud::{Markup, html};

/// Everything the page is made from.
#[derive(Clone, Debug, Default)]
pub struct SamplePage {
    /// The heading.
    pub title: String,
    /// Name of the model.
    pub model: String,
    /// False for generated weights.
    pub is_trained: bool,
    /// The figures.
    pub figures: SampleFigures,
    /// The same samples with something taken away: name and figures.
    pub controls: Vec<(String, SampleFigures)>,
    /// The worst failures, worst first.
    pub worst: Vec<FailurePicture>,
    /// What else is to be known of the figures, names and values: command, seed, model hash, files that could not be used.
    pub origin: Vec<(String, String)>,
}

/// A failure with its picture.
#[derive(Clone, Debug, Default)]
pub struct FailurePicture {
    /// Which sample.
    pub id: String,
    /// The picture, JPEG or PNG.
    pub jpeg: Vec<u8>,
    /// What was there, in words.
    pub there: String,
    /// What was said, in words.
    pub said: String,
}

/// The page.
pub fn samples_html(page: &SamplePage) -> String {
    let sections =
        [kinds(page), controls(page), failures(page), confusion::verdicts(page), confusion::reliability(page), groups(page), origin(page)];
    let body = html! {
        (header(page))
        main { @for section in sections { (section) } }
    };
    document(&page.title, &body)
}

fn header(page: &SamplePage) -> Markup {
    let figures = &page.figures;
    let tile = |figure: String, words: &str| html! { div class="tile" { b { (figure) } span { (words) } } };
    html! {
        header {
            p class="brand" { "Vedette · evaluation" }
            h1 { (page.title) }
            @if !page.is_trained { p class="badge" { "UNTRAINED model" } }
            div class="story" { p { (sentence(page)) } }
            div class="tiles" {
                (tile(figures.verdict_accuracy.map_or_else(dash, |rate| percent(rate.value)), "verdicts right"))
                (tile(figures.overall.f1.map_or_else(dash, |f1| format!("{:.2}", f1.value)), "F1 of all hazards"))
                (tile(figures.exact.map_or_else(dash, |rate| percent(rate.value)), "answers exact"))
                (tile(figures.calibration_error.map_or_else(dash, |error| format!("{:.3}", error.value)), "calibration error"))
            }
        }
    }
}

fn sentence(page: &SamplePage) -> String {
    let figures = &page.figures;
    let accuracy =
        figures.verdict_accuracy.map_or_else(String::new, |rate| format!(" and gave {} of {} the right verdict", rate.hits, rate.total));
    let hazards = &figures.overall;
    let found = if hazards.present == 0 {
        String::new()
    } else {
        let made_up = match hazards.made_up {
            0 => "none was made up".to_owned(),
            1 => "1 was made up".to_owned(),
            more => format!("{more} were made up"),
        };
        format!(" It named {} of {}; {made_up}.", hazards.found, count(hazards.present, "hazard"))
    };
    format!("The model {} judged {}{accuracy}.{found}", page.model, count(figures.samples, "picture"))
}

fn kinds(page: &SamplePage) -> Markup {
    let figures = &page.figures;
    let line = |kind: &KindFigures| {
        html! {
            tr {
                th scope="row" { (kind.kind.as_ref().map_or_else(|| "all".to_owned(), |kind| words(kind.as_str()))) }
                td { (kind.present) } td { (kind.found) } td { (kind.missed) } td { (kind.made_up) }
                td { (rate(kind.precision)) } td { (rate(kind.recall)) } td { (estimate(kind.f1)) }
                td { (rate(kind.bearing)) } td { (rate(kind.range)) } td { (rate(kind.severity)) }
                td { (estimate(kind.roc_auc)) } td { (rate(kind.recall_unseen)) }
            }
        }
    };
    let head = [
        "kind",
        "there",
        "named",
        "missed",
        "made up",
        "precision",
        "recall",
        "F1",
        "bearing",
        "range",
        "severity",
        "ROC AUC",
        "recall, sensor only",
    ];
    let content = html! {
        div class="scroll" tabindex="0" role="region" aria-label="Figures per kind" {
            table class="grid" {
                thead { tr { @for name in head { th scope="col" { (name) } } } }
                tbody { @for kind in figures.kinds.iter().chain([&figures.overall]) { (line(kind)) } }
            }
        }
        (key_figures(figures))
        p class="note" { "Behind each figure its 95\u{a0}% interval: Wilson's for shares, bootstrap for the others." }
    };
    card("kinds", "Figures per kind", &content)
}

fn key_figures(figures: &SampleFigures) -> Markup {
    let millis = |value: Option<Estimate>| value.map_or_else(dash, |m| format!("{:.1}\u{a0}ms ({:.1} to {:.1})", m.value, m.low, m.high));
    let rows = [
        ("verdicts right", rate(figures.verdict_accuracy)),
        ("answers exact: kinds, severity, bearing, range", rate(figures.exact)),
        ("the same where there is a hazard", rate(figures.exact_with_hazard)),
        ("ROC AUC, mean of kinds", figures.roc_auc.zip(figures.roc_auc_interval).map_or_else(dash, |(v, [l, h])| span(v, l, h))),
        ("calibration error of the verdict", estimate(figures.calibration_error)),
        ("calibration error of P(hazard)", estimate(figures.hazard_calibration_error)),
        ("tokens of an answer, mean", figures.tokens_mean.map_or_else(dash, |tokens| format!("{:.1}", tokens.value))),
        ("time of a call, median (measured)", millis(figures.total_p50_millis)),
        ("time of a call, 95\u{a0}% (measured)", millis(figures.total_p95_millis)),
    ];
    html! {
        table class="pairs" { tbody { @for (name, value) in rows { tr { th scope="row" { (name) } td { b { (value) } } } } } }
        @for (fault, times) in &figures.faults { p class="note" { (count(*times, "answer")) " of no use: " (fault) } }
    }
}

fn controls(page: &SamplePage) -> Markup {
    if page.controls.is_empty() {
        return html! {};
    }
    let columns: Vec<(&str, &SampleFigures)> =
        std::iter::once(("as it is", &page.figures)).chain(page.controls.iter().map(|(name, figures)| (name.as_str(), figures))).collect();
    let of_kind = |figures: &SampleFigures, kind: &KindFigures| {
        estimate(figures.kinds.iter().find(|other| other.kind == kind.kind).and_then(|kind| kind.f1))
    };
    let content = html! {
        p class="note" { "The same pictures and the same truth, with something taken away. A kind that can only be seen must fall to what naming it always would score." }
        div class="scroll" tabindex="0" role="region" aria-label="Controls" {
            table class="grid" {
                thead { tr { th scope="col" { "figure" } @for (name, _) in &columns { th scope="col" { (name) } } th scope="col" { "named always" } } }
                tbody {
                    tr { th scope="row" { "verdicts right" } @for (_, f) in &columns { td { (rate(f.verdict_accuracy)) } } td {} }
                    tr { th scope="row" { "answers exact" } @for (_, f) in &columns { td { (rate(f.exact)) } } td {} }
                    @for kind in page.figures.kinds.iter().filter(|kind| kind.present > 0) {
                        tr {
                            th scope="row" { "F1 " (kind.kind.as_ref().map_or_else(dash, |kind| words(kind.as_str()))) }
                            @for (_, f) in &columns { td { (of_kind(f, kind)) } }
                            td { (kind.prior_f1.map_or_else(dash, |f1| format!("{f1:.2}"))) }
                        }
                    }
                    tr { th scope="row" { "bearing" } @for (_, f) in &columns { td { (rate(f.overall.bearing)) } } td {} }
                    tr { th scope="row" { "recall, sensor only" } @for (_, f) in &columns { td { (rate(f.overall.recall_unseen)) } } td {} }
                    tr { th scope="row" { "ROC AUC of P(hazard)" } @for (_, f) in &columns { td { (estimate(f.overall.roc_auc)) } } td {} }
                }
            }
        }
    };
    card("controls", "Controls", &content)
}

fn failures(page: &SamplePage) -> Markup {
    let content = html! {
        @if page.worst.is_empty() { p class="fine" { "Nothing was wrong." } }
        div class="frames" {
            @for failure in &page.worst {
                figure class="frame" {
                    img alt=(format!("picture {}", failure.id)) src=(base64::data_url(&failure.jpeg)) loading="lazy";
                    figcaption {
                        p { b { (failure.id) } }
                        dl { dt { "there" } dd { (failure.there) } dt { "model" } dd { (failure.said) } }
                    }
                }
            }
        }
    };
    card("failures", "Worst failures", &content)
}

fn groups(page: &SamplePage) -> Markup {
    if page.figures.groups.is_empty() {
        return html! {};
    }
    let content = html! {
        div class="scroll" tabindex="0" role="region" aria-label="Groups" {
            table class="grid" {
                thead { tr { @for name in ["group", "pictures", "verdicts right", "recall", "exact"] { th scope="col" { (name) } } } }
                tbody {
                    @for group in &page.figures.groups {
                        tr {
                            th scope="row" { (group.tag) }
                            td { (group.samples) } td { (rate(group.verdict_accuracy)) } td { (rate(group.recall)) } td { (rate(group.exact)) }
                        }
                    }
                }
            }
        }
    };
    card("groups", "Groups", &content)
}

fn origin(page: &SamplePage) -> Markup {
    let content = html! {
        table class="pairs" { tbody { @for (name, value) in &page.origin { tr { th scope="row" { (name) } td { (value) } } } } }
    };
    card("origin", "Where this comes from", &content)
}

fn rate(rate: Option<Rate>) -> String {
    rate.map_or_else(dash, |rate| span(rate.value, rate.low, rate.high))
}

fn estimate(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(dash, |estimate| span(estimate.value, estimate.low, estimate.high))
}

fn span(value: f64, low: f64, high: f64) -> String {
    format!("{value:.3} ({low:.2}–{high:.2})")
}

fn dash() -> String {
    "–".to_owned()
}
