//! `vedette eval RUN...`: runs against the truth, and two runs against each other. In -> out: run folders -> tables or JSON. It judges nothing
//! anew: what was decided stands in the folder.

use super::EvalArguments;
use crate::Ending;
use crate::output::say;
use anyhow::{Context, Result};
use serde_json::json;
use std::path::Path;
use vedette_evaluation::{
    MatchRules, Metrics, Rate, RunData, SHORTEST_WINDOW_SECS, Truth, WindowFigures, cut_windows, describe_difference, evaluate,
    metric_deltas, window_figures, windows_table,
};
use vedette_trajectory::files;

/// Evaluates.
pub(super) fn run(arguments: &EvalArguments) -> Result<Ending> {
    let mut evaluated = Vec::new();
    for folder in &arguments.runs {
        let run = RunData::read(folder)?;
        let truth = truth_of(folder, arguments.truth.as_deref())?;
        let metrics = evaluate(&run, truth.as_ref(), &MatchRules::default());
        let windows = arguments.windows.map(|secs| windows(&run, truth.as_ref(), &metrics, secs)).transpose()?;
        evaluated.push(Evaluated { folder, run, metrics, windows });
    }
    let (differences, deltas) = match evaluated.as_slice() {
        [a, b] => (describe_difference(&a.run.decisions, &b.run.decisions), metric_deltas(&a.metrics, &b.metrics)),
        _ => (Vec::new(), Vec::new()),
    };
    if arguments.json {
        let object = |of: &Evaluated<'_>| json!({ "run": of.folder, "metrics": of.metrics, "windows": of.windows });
        let runs: Vec<_> = evaluated.iter().map(object).collect();
        say!("{}", json!({ "runs": runs, "differences": differences, "deltas": deltas }));
        return Ok(Ending::Complete);
    }
    for of in &evaluated {
        crate::output::write(format_args!("{}", table(of.folder, &of.run, &of.metrics)));
        if let Some(windows) = &of.windows {
            crate::output::write(format_args!("{}", windows_table(windows)));
        }
    }
    if evaluated.len() == 2 {
        if differences.is_empty() {
            say!("the decisions of both runs are the same");
        }
        differences.iter().for_each(|sentence| say!("{sentence}"));
    }
    Ok(Ending::Complete)
}

/// One run with its figures.
struct Evaluated<'a> {
    folder: &'a Path,
    run: RunData,
    metrics: Metrics,
    windows: Option<WindowFigures>,
}

/// The windows over the time that truth covers, else over the run's.
fn windows(run: &RunData, truth: Option<&Truth>, metrics: &Metrics, secs: f64) -> Result<WindowFigures> {
    let truth = truth.filter(|_| metrics.has_truth);
    let span = truth.and_then(Truth::interval).or_else(|| run.interval()).context("the run has no decision to cut into windows")?;
    let cut = cut_windows(&run.decisions, truth, &MatchRules::default(), span, secs);
    Ok(window_figures(&cut.with_context(|| format!("--windows needs a length from {SHORTEST_WINDOW_SECS} s on, got {secs}"))?, secs))
}

fn truth_of(folder: &Path, given: Option<&Path>) -> Result<Option<Truth>> {
    let beside = folder.join(files::TRUTH);
    let file = given.map(Path::to_path_buf).or_else(|| beside.exists().then_some(beside));
    Ok(file.map(|file| Truth::read(&file)).transpose()?)
}

fn table(folder: &Path, run: &RunData, metrics: &Metrics) -> String {
    let rate = |rate: &Rate| format!("{:.2} ({:.2} to {:.2})", rate.value, rate.low, rate.high);
    let share = |share: &Option<Rate>| share.as_ref().map_or_else(|| "-".to_owned(), rate);
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    let model = match (run.model_name(), run.is_trained()) {
        (Some(name), Some(false)) => format!("{name} (UNTRAINED)"),
        (Some(name), _) => name.to_owned(),
        (None, _) => "no model named".to_owned(),
    };
    let mut lines = vec![format!("{}: {} decisions, {} answers of {model}", folder.display(), metrics.decisions, metrics.completions)];
    if metrics.has_truth {
        lines.push(format!(
            "{:<14}{:>8}{:>7}{:>8}{:>7}  {:<28}{:<28}{}",
            "hazard", "present", "found", "missed", "false", "precision", "recall", "F1"
        ));
        for kind in metrics.kinds.iter().chain([&metrics.overall]) {
            let name = kind.kind.as_ref().map_or_else(|| "all".to_owned(), ToString::to_string);
            lines.push(format!(
                "{name:<14}{:>8}{:>7}{:>8}{:>7}  {:<28}{:<28}{}",
                kind.present,
                kind.found,
                kind.missed,
                kind.false_alarms,
                share(&kind.precision),
                share(&kind.recall),
                number(kind.f1)
            ));
        }
        lines.push(format!("verdict accuracy {}", share(&metrics.verdict_accuracy)));
        lines.push(format!("false alarms per hour {}", number(metrics.false_alarms_per_hour)));
        lines.push(format!("roc_auc {}, calibration error {}", number(metrics.roc_auc), number(metrics.calibration_error)));
    } else {
        lines.push("no truth: give --truth FILE for figures about hazards".to_owned());
    }
    lines.push(format!("unknown {} of the time", metrics.unknown_share.map_or_else(|| "-".to_owned(), |s| format!("{:.0} %", 100.0 * s))));
    lines.extend(metrics.warnings.iter().map(|warning| format!("warning: {warning}")));
    lines.join("\n") + "\n"
}
