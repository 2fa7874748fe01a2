//! `vedette eval RUN...`: runs against the truth, and two runs against each other. In -> out: run folders -> tables or JSON. It judges nothing
//! anew: what was decided stands in the folder.

use super::EvalArguments;
use crate::Ending;
use crate::output::say;
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use vedette_evaluation::{MatchRules, Metrics, Rate, RunData, Truth, describe_difference, evaluate, metric_deltas};
use vedette_trajectory::files;

/// Evaluates.
pub(super) fn run(arguments: &EvalArguments) -> Result<Ending> {
    let mut evaluated = Vec::new();
    for folder in &arguments.runs {
        let run = RunData::read(folder)?;
        let truth = truth_of(folder, arguments.truth.as_deref())?;
        let metrics = evaluate(&run, truth.as_ref(), &MatchRules::default());
        evaluated.push((folder, run, metrics));
    }
    let (differences, deltas) = match evaluated.as_slice() {
        [(_, a, a_metrics), (_, b, b_metrics)] => (describe_difference(&a.decisions, &b.decisions), metric_deltas(a_metrics, b_metrics)),
        _ => (Vec::new(), Vec::new()),
    };
    if arguments.json {
        let runs: Vec<_> = evaluated.iter().map(|(folder, _, metrics)| json!({ "run": folder, "metrics": metrics })).collect();
        say!("{}", json!({ "runs": runs, "differences": differences, "deltas": deltas }));
        return Ok(Ending::Complete);
    }
    for (folder, run, metrics) in &evaluated {
        crate::output::write(format_args!("{}", table(folder, run, metrics)));
    }
    if evaluated.len() == 2 {
        if differences.is_empty() {
            say!("the decisions of both runs are the same");
        }
        differences.iter().for_each(|sentence| say!("{sentence}"));
    }
    Ok(Ending::Complete)
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
