//! Many runs as one, counted by hand.

use crate::scene::{decision, one_event, run};
use vedette_evaluation::{HourlyRate, MatchRules, Metrics, evaluate, pool_runs};
use vedette_types::{KindId, Verdict};

/// A minute with fire from 10 s to 20 s: alerted at `alert_secs`, and smoke named for nothing as often as said.
fn minute(alert_secs: Option<f64>, false_smoke: usize) -> Metrics {
    let scene = one_event(60.0, "fire", 10.0, 20.0);
    let mut decisions = vec![decision(0.0, Verdict::Clear, &[])];
    decisions.extend(
        alert_secs.into_iter().flat_map(|secs| [decision(secs, Verdict::Hazard, &["fire"]), decision(secs + 1.0, Verdict::Clear, &[])]),
    );
    for k in 0..false_smoke {
        let secs = 30.0 + 4.0 * k as f64;
        decisions.extend([decision(secs, Verdict::Hazard, &["smoke"]), decision(secs + 1.0, Verdict::Clear, &[])]);
    }
    evaluate(&run(decisions), Some(&scene), &MatchRules::default())
}

#[test]
fn counts_are_added_before_rates_are_made() {
    let runs = [minute(Some(11.0), 0), minute(Some(13.0), 2), minute(Some(12.0), 0), minute(None, 1)];
    let figures = pool_runs(&runs);
    assert_eq!((figures.runs, figures.overall.found, figures.overall.missed), (4, 3, 1));
    assert!((figures.robot_hours - 4.0 / 60.0).abs() < 1e-12);
    assert_eq!(figures.overall.recall.map(|rate| (rate.hits, rate.total)), Some((3, 4)));
    let median = figures.overall.time_to_alert_p50_secs.expect("three alerts");
    assert!((median.value - 2.0).abs() < 1e-9 && median.low <= 2.0 && 2.0 <= median.high, "{median:?}");
    let alarms = figures.overall.false_alarms.expect("four minutes");
    assert_eq!(alarms.count, 3);
    assert!((alarms.value - 45.0).abs() < 1e-9 && (alarms.low, alarms.high) != (45.0, 45.0), "{alarms:?}");
    let smoke = figures.kinds.iter().find(|kind| kind.kind == Some(KindId::new("smoke"))).expect("named");
    assert_eq!((smoke.found, smoke.recall, smoke.false_alarms.map(|rate| rate.count)), (0, None, Some(3)));
    assert_eq!(figures.confusion.total(), runs.iter().map(|run| run.confusion.total()).sum::<usize>());
}

#[test]
fn no_runs_no_figures() {
    let figures = pool_runs(&[]);
    assert_eq!((figures.runs, figures.overall.recall, figures.overall.false_alarms, figures.unknown_share), (0, None, None, None));
    assert_eq!(HourlyRate::of(3, 0.0), None);
}
