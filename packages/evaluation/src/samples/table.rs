//! Figures as a table for a terminal. In -> out: figures -> lines of text. Deliberately absent: HTML (`report`), JSON (serde).

use super::{Estimate, SampleFigures};
use crate::metrics::Rate;
use std::fmt::Write as _;
use vedette_types::Verdict;

/// `figures` for people: per kind, verdicts, probabilities, groups, times. Intervals are 95 %.
pub fn figures_table(figures: &SampleFigures) -> String {
    let mut text = String::new();
    kinds(&mut text, figures);
    verdicts(&mut text, figures);
    let rows = [
        ("verdict accuracy", rate(figures.verdict_accuracy)),
        ("exact answers", rate(figures.exact)),
        ("  with a hazard", rate(figures.exact_with_hazard)),
        ("bearing right", rate(figures.overall.bearing)),
        ("range right", rate(figures.overall.range)),
        ("severity right", rate(figures.overall.severity)),
        ("calibration error", estimate(figures.calibration_error)),
        ("  of P(hazard)", estimate(figures.hazard_calibration_error)),
        ("roc_auc of kinds", figures.roc_auc.zip(figures.roc_auc_interval).map_or_else(dash, |(v, [l, h])| span(v, l, h))),
        ("  of P(hazard)", estimate(figures.overall.roc_auc)),
        ("tokens, mean", figures.tokens_mean.map_or_else(dash, |tokens| format!("{:.1}", tokens.value))),
        ("time of a call", times(figures)),
    ];
    for (name, value) in rows {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{name:<19}{value}");
    }
    for (fault, count) in &figures.faults {
        let _ = writeln!(text, "{:<19}{count} times: {fault}", "no answer");
    }
    groups(&mut text, figures);
    text
}

/// `figures` beside those of the same samples with something taken away. A kind that can only be seen must fall to the last column: what
/// naming it in every sample would score.
pub fn controls_table(figures: &SampleFigures, controls: &[(&str, SampleFigures)]) -> String {
    let columns = || std::iter::once(("as it is", figures)).chain(controls.iter().map(|(name, figures)| (*name, figures)));
    let mut text = String::new();
    let mut line = |name: &str, cell: &dyn Fn(&SampleFigures) -> String, last: String| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{name:<24}");
        columns().for_each(|(_, figures)| {
            let _ = write!(text, "{:<19}", cell(figures));
        });
        let _ = writeln!(text, "{last}");
    };
    line("verdict accuracy", &|f| rate(f.verdict_accuracy), String::new());
    line("exact answers", &|f| rate(f.exact), String::new());
    for kind in figures.kinds.iter().filter(|kind| kind.present > 0) {
        let name = kind.kind.as_ref().map_or("all", |kind| kind.as_str());
        let of = |figures: &SampleFigures| figures.kinds.iter().find(|other| other.kind == kind.kind).and_then(|kind| kind.f1);
        line(&format!("F1 {name}"), &|f| estimate(of(f)), kind.prior_f1.map_or_else(dash, |f1| format!("{f1:.3}")));
    }
    line("bearing right", &|f| rate(f.overall.bearing), String::new());
    line("recall, sensor only", &|f| rate(f.overall.recall_unseen), String::new());
    line("roc_auc of P(hazard)", &|f| estimate(f.overall.roc_auc), String::new());
    let head = columns().map(|(name, _)| format!("{name:<19}")).collect::<String>();
    format!("{:<24}{head}named always\n{text}", "control")
}

fn kinds(text: &mut String, figures: &SampleFigures) {
    let head = ["precision", "recall", "F1", "bearing", "range", "severity", "roc_auc"];
    let _ = write!(text, "{:<14}{:>8}{:>7}{:>8}{:>8}  ", "hazard", "present", "found", "missed", "made up");
    head.iter().for_each(|name| {
        let _ = write!(text, "{name:<18}");
    });
    let _ = writeln!(text);
    for kind in figures.kinds.iter().chain([&figures.overall]) {
        let name = kind.kind.as_ref().map_or("all", |kind| kind.as_str());
        let _ = write!(text, "{name:<14}{:>8}{:>7}{:>8}{:>8}  ", kind.present, kind.found, kind.missed, kind.made_up);
        let cells = [rate(kind.precision), rate(kind.recall), estimate(kind.f1), rate(kind.bearing), rate(kind.range), rate(kind.severity)];
        cells.into_iter().chain([estimate(kind.roc_auc)]).for_each(|cell| {
            let _ = write!(text, "{cell:<18}");
        });
        let _ = writeln!(text);
        if let Some(unseen) = kind.recall_unseen.filter(|_| kind.kind.is_some()) {
            let _ = writeln!(text, "  {name} known only from another sensor: recall {}", rate(Some(unseen)));
        }
    }
}

fn verdicts(text: &mut String, figures: &SampleFigures) {
    let _ = writeln!(text, "{:<19}{:>10}{:>10}{:>10}", "verdict", "hazard", "clear", "unknown");
    for (verdict, row) in Verdict::ALL.iter().zip(&figures.verdict_confusion) {
        let [hazard, clear, unknown] = row;
        let _ = writeln!(text, "  there: {:<10}{hazard:>10}{clear:>10}{unknown:>10}", verdict.word());
    }
}

fn groups(text: &mut String, figures: &SampleFigures) {
    if figures.groups.is_empty() {
        return;
    }
    let _ = writeln!(text, "{:<24}{:>8}  {:<18}{:<18}{:<18}", "group", "samples", "verdict", "recall", "exact");
    for group in &figures.groups {
        let (verdict, recall, exact) = (rate(group.verdict_accuracy), rate(group.recall), rate(group.exact));
        let _ = writeln!(text, "{:<24}{:>8}  {verdict:<18}{recall:<18}{exact:<18}", group.tag, group.samples);
    }
}

fn times(figures: &SampleFigures) -> String {
    let millis = |value: Option<Estimate>| value.map_or_else(dash, |millis| format!("{:.1} ms", millis.value));
    format!("p50 {}, p95 {}", millis(figures.total_p50_millis), millis(figures.total_p95_millis))
}

fn rate(rate: Option<Rate>) -> String {
    rate.map_or_else(dash, |rate| span(rate.value, rate.low, rate.high))
}

fn estimate(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(dash, |estimate| span(estimate.value, estimate.low, estimate.high))
}

/// `0.96 (0.95-0.97)`; three digits where two would say one or nothing.
fn span(value: f64, low: f64, high: f64) -> String {
    format!("{value:.3} {low:.2}-{high:.2}")
}

fn dash() -> String {
    "-".to_owned()
}
