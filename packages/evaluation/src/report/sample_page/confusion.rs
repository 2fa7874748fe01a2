//! What was taken for what, and how far probabilities can be taken at their word. In -> out: figures -> two tables of counts, a plot with its
//! table. Deliberately absent: judgement of what is good enough.

use super::super::axis::{Axis, Mark, Series, plot};
use super::super::card;
use super::SamplePage;
use crate::calibration::CalibrationBin;
use crate::format::{percent, words};
use maud::{Markup, html};
use vedette_types::Verdict;

/// Verdicts and kinds.
pub(super) fn verdicts(page: &SamplePage) -> Markup {
    let confusion = &page.figures.kind_confusion;
    let kinds: Vec<String> = confusion.kinds.iter().map(|kind| words(kind.as_str())).chain(["nothing".to_owned()]).collect();
    let verdicts: Vec<String> = Verdict::ALL.iter().map(|verdict| verdict.word().to_owned()).collect();
    let content = html! {
        h3 { "Verdicts" }
        (matrix(&verdicts, &page.figures.verdict_confusion))
        h3 { "Hazards" }
        (matrix(&kinds, &confusion.counts))
        p class="note" { "Rows: what was there. Columns: what was said." }
    };
    card("confusion", "What was taken for what", &content)
}

fn matrix<R: AsRef<[usize]>>(names: &[String], counts: &[R]) -> Markup {
    let class = |row: usize, column: usize, count: usize| match (row == column, count) {
        (_, 0) => "muted",
        (true, _) => "good",
        (false, _) => "bad",
    };
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Confusion" {
            table class="grid" {
                thead { tr { th scope="col" { "there" } @for name in names { th scope="col" { (name) } } } }
                tbody {
                    @for (row, (name, line)) in names.iter().zip(counts).enumerate() {
                        tr {
                            th scope="row" { (name) }
                            @for (column, count) in line.as_ref().iter().enumerate() { td class=(class(row, column, *count)) { (count) } }
                        }
                    }
                }
            }
        }
    }
}

/// How far probabilities can be taken at their word.
pub(super) fn reliability(page: &SamplePage) -> Markup {
    let series = |name: &str, class: &str, mark: Mark, bins: &[CalibrationBin]| Series {
        name: name.to_owned(),
        class: class.to_owned(),
        mark,
        points: bins.iter().map(|bin| (bin.mean_probability, bin.share)).collect(),
    };
    let figures = &page.figures;
    if figures.calibration.is_empty() {
        return card("reliability", "Reliability", &html! { p class="note" { "The model gave no probabilities." } });
    }
    let ideal = Series {
        name: "as good as its word".to_owned(),
        class: "limit".to_owned(),
        mark: Mark::Line,
        points: vec![(0.0, 0.0), (1.0, 1.0)],
    };
    let all = [
        ideal,
        series("answered verdict", "s0", Mark::Line, &figures.calibration),
        series("P(hazard)", "s1", Mark::Line, &figures.hazard_calibration),
        series("", "s0", Mark::Dots, &figures.calibration),
        series("", "s1", Mark::Dots, &figures.hazard_calibration),
    ];
    let axis = Axis::to_at_least(1.0, "");
    let content = html! {
        (plot("Share that was so over the probability given", &axis, &axis, &all, &[]))
        div class="scroll" tabindex="0" role="region" aria-label="Reliability" {
            table class="grid" {
                thead { tr { @for name in ["answered verdict: probability", "was right", "answers"] { th scope="col" { (name) } } } }
                tbody {
                    @for bin in &figures.calibration {
                        tr { th scope="row" { (format!("{:.2}", bin.mean_probability)) } td { (percent(bin.share)) } td { (bin.count) } }
                    }
                }
            }
        }
    };
    card("reliability", "Reliability", &content)
}
