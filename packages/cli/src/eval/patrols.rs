//! `vedette eval --patrols N`: simulated patrols through the whole agent, pooled. In -> out: seeds -> events found, time to alert, false alarms
//! an hour. It writes no run folder; `vedette demo` with the same map, seed and length shows one of them.

use super::{
    EvalArguments,
    outcome::{self, Failure},
    patrol::{PatrolRun, picture_at, play},
    pool::{self, Done},
};
use crate::{Ending, config::Config, judge::Judge, model, output::say};
use anyhow::{Context, Result};
use serde_json::json;
use std::fmt::Write as _;
use vedette_evaluation::{EventFigures, HourlyRate, MatchRules, Metrics, Outcome, PatrolFigures, Rate, evaluate, pool_runs};
use vedette_simulator::{Map, Plan, Scenario};

/// One patrol's plan.
struct Planned {
    map: &'static str,
    seed: u64,
}

/// Runs all patrols.
pub(super) fn run(arguments: &EvalArguments, count: usize) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let maps: Vec<(&'static str, Map)> = Map::BUNDLED.into_iter().map(|name| Ok((name, Map::bundled(name)?))).collect::<Result<_>>()?;
    let planned = |number: usize| -> Result<(Planned, Scenario)> {
        let (name, map) = maps.get(number % maps.len().max(1)).context("no maps")?;
        let seed = arguments.seed.saturating_add(number as u64);
        let plan = Plan { seed, minutes: arguments.minutes, hazard_count: arguments.hazard_count, ..Plan::default() };
        let scenario = Scenario::from_plan(map, &plan)?;
        let dressed = match arguments.family {
            Some(family) => scenario.dressed(family),
            None => scenario,
        };
        Ok((Planned { map: name, seed }, dressed))
    };
    let work = |judge: &mut Judge, number: usize| -> Result<(Metrics, [usize; 2])> {
        let (_, scenario) = planned(number)?;
        let PatrolRun { run, truth, shots, rendered } = play(judge, &config, scenario, !arguments.render_all)?;
        Ok((evaluate(&run, Some(&truth), &MatchRules::default()), [shots, rendered]))
    };
    let Done { card, results, was_interrupted } = pool::each(&config, usize::from(arguments.threads), count, "patrols", work)?;
    let figures = pool_runs(results.iter().map(|(_, (metrics, _))| metrics));
    let [shots, rendered] = [0, 1].map(|i: usize| results.iter().map(|(_, (_, pictures))| pictures[i]).sum::<usize>());
    let patrols: Vec<serde_json::Value> = results
        .iter()
        .map(|(number, (metrics, _))| {
            let (plan, _) = planned(*number)?;
            Ok(json!({ "map": plan.map, "seed": plan.seed, "events": metrics.matching.events, "false_alarms": metrics.matching.false_alarms }))
        })
        .collect::<Result<_>>()?;
    let appearance = arguments.family.map_or_else(String::new, |family| format!(" of the {family} family"));
    let hazards = arguments.hazard_count.map_or_else(String::new, |count| format!(" with {count} hazards each"));
    let what = format!("{} patrols{appearance} of {} minutes{hazards}, seeds from {}", results.len(), arguments.minutes, arguments.seed);
    let mut object = outcome::head(&what, &card, &config.changed()?, was_interrupted);
    outcome::extend(&mut object, &json!({ "pictures": shots, "pictures_rendered": rendered }))?;
    outcome::extend(&mut object, &figures)?;
    object["patrols"] = json!(patrols);
    if let Some(folder) = &arguments.out {
        let of_patrol = |(number, (metrics, _)): &(usize, (Metrics, [usize; 2]))| failures(*number, metrics).into_iter().enumerate();
        let mut failures: Vec<_> = results.iter().flat_map(of_patrol).collect();
        // One of each patrol before a second of any: the sheet shows only some.
        failures.sort_by_key(|(place, _)| *place);
        let failures = failures.into_iter().map(|(_, failure)| failure);
        let picture = |(number, stamp)| picture_at(planned(number)?.1, stamp);
        outcome::write_figures(folder, &object)?;
        outcome::write_sheet(folder, failures, picture)?;
    }
    if arguments.json {
        say!("{object}");
    } else {
        say!("{what}, model {} ({})", card.name, model::training_word(card.is_trained));
        crate::output::write(format_args!("{}", table(&figures)));
        say!("{rendered} of {shots} pictures were rendered");
    }
    Ok(if was_interrupted { Ending::Interrupted } else { Ending::Complete })
}

/// Missed events at their largest, and false alarms.
fn failures(number: usize, metrics: &Metrics) -> Vec<Failure<(usize, vedette_types::Stamp)>> {
    let since = |stamp: vedette_types::Stamp| metrics.begin.map_or(0.0, |begin| stamp.secs_since(begin));
    let failure = |word: &str, kind: &vedette_types::KindId, stamp| Failure {
        picture: (number, stamp),
        lines: vec![format!("patrol {number} at {:.1} s", since(stamp)), format!("{word}: {kind}")],
    };
    let missed = metrics.matching.events.iter().filter(|event| event.outcome == Outcome::Missed);
    let missed = missed.filter_map(|event| Some(failure("missed", &event.event.kind, event.event.largest?)));
    let alarms = metrics.matching.false_alarms.iter().filter_map(|alarm| Some(failure("false alarm", &alarm.kind, alarm.image?)));
    missed.chain(alarms).collect()
}

fn table(figures: &PatrolFigures) -> String {
    let rate = |rate: Option<Rate>| rate.map_or_else(dash, |rate| format!("{:.3} {:.2}-{:.2}", rate.value, rate.low, rate.high));
    let hourly = |rate: Option<HourlyRate>| {
        rate.map_or_else(dash, |rate| format!("{} = {:.2}/h {:.2}-{:.2}", rate.count, rate.value, rate.low, rate.high))
    };
    let secs = |secs: Option<vedette_evaluation::Estimate>| {
        secs.map_or_else(dash, |secs| format!("{:.1} s {:.1}-{:.1}", secs.value, secs.low, secs.high))
    };
    let mut text = format!(
        "{:<14}{:>7}{:>8}{:>14}  {:<18}{:<18}{:<18}{}\n",
        "hazard", "found", "missed", "out of reach", "recall", "alert after", "95 % of them", "false alarms"
    );
    let mut line = |of: &EventFigures| {
        let name = of.kind.as_ref().map_or("all", |kind| kind.as_str());
        let (p50, p95) = (secs(of.time_to_alert_p50_secs), secs(of.time_to_alert_p95_secs));
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{name:<14}{:>7}{:>8}{:>14}  {:<18}{p50:<18}{p95:<18}{}",
            of.found,
            of.missed,
            of.out_of_sight,
            rate(of.recall),
            hourly(of.false_alarms)
        );
    };
    figures.kinds.iter().chain([&figures.overall]).for_each(&mut line);
    let _ = writeln!(text, "verdict accuracy   {} of {} assessed pictures", rate(figures.verdict_accuracy), figures.assessed_frames);
    let unknown = figures.unknown_share.map_or_else(dash, |share| format!("{:.1} %", 100.0 * share));
    let _ = writeln!(text, "unknown            {unknown} of {:.2} h", figures.robot_hours);
    text
}

fn dash() -> String {
    "-".to_owned()
}
