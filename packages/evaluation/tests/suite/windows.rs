//! Runs in windows of equal length, counted by hand.

use crate::scene::{any_decisions, any_truth, at, decision, one_event, there, truth};
use proptest::prelude::*;
use vedette_evaluation::{MatchRules, Rate, TrueHazard, Truth, WindowFigures, cut_windows, window_figures};
use vedette_types::{Decision, Verdict};

fn figures(decisions: &[Decision], truth: Option<&Truth>, end_secs: f64, window_secs: f64) -> WindowFigures {
    let windows = cut_windows(decisions, truth, &MatchRules::default(), (at(0.0), at(end_secs)), window_secs).expect("a length");
    window_figures(&windows, window_secs)
}

fn counted(rate: Option<Rate>) -> (usize, usize) {
    rate.map_or((0, 0), |rate| (rate.hits, rate.total))
}

#[test]
fn a_window_is_alerted_by_a_decision_taken_in_it() {
    let fire = one_event(10.0, "fire", 2.0, 5.95);
    let decisions = [
        decision(0.5, Verdict::Clear, &[]),
        decision(2.4, Verdict::Hazard, &["fire"]),
        decision(2.6, Verdict::Hazard, &["fire", "smoke"]),
        // Nothing is decided in window 3: that the last decision still holds is no alert.
        decision(4.0, Verdict::Hazard, &["fire"]),
        decision(5.0, Verdict::Unknown, &[]),
        decision(8.2, Verdict::Hazard, &["fire"]),
        decision(12.0, Verdict::Hazard, &["fire"]),
    ];
    let figures = figures(&decisions, Some(&fire), 10.0, 1.0);
    assert_eq!((figures.windows, figures.unknown), (10, 6));
    let [of_fire, of_smoke] = figures.kinds.as_slice() else { panic!("{:?}", figures.kinds) };
    assert_eq!((counted(of_fire.alerted), counted(of_fire.falsely_alerted)), ((2, 4), (1, 6)));
    assert_eq!((counted(of_smoke.alerted), counted(of_smoke.falsely_alerted)), ((0, 0), (1, 10)));
    assert_eq!((counted(figures.any.alerted), counted(figures.any.falsely_alerted)), ((2, 4), (1, 6)));
}

#[test]
fn fifteen_seconds_at_thirty_hertz_are_fifteen_windows() {
    let windows = |end_secs: f64, window_secs: f64| figures(&[], None, end_secs, window_secs).windows;
    assert_eq!((windows(14.98, 1.0), windows(15.01, 1.0), windows(2.9, 1.0), windows(0.0, 1.0)), (15, 15, 3, 1));
    assert_eq!(windows(10.0, 2.5), 4);
    // The rest belongs to the last window.
    let late = [decision(15.005, Verdict::Hazard, &["fire"])];
    assert_eq!(counted(figures(&late, Some(&one_event(15.01, "fire", 14.5, 15.01)), 15.01, 1.0).any.alerted), (1, 1));
}

#[test]
fn what_is_only_faint_counts_neither_way() {
    let small =
        |secs: f64| if secs < 1.0 { vec![TrueHazard { bbox_xywh: Some([0.0, 0.0, 9.0, 12.0]), ..there("fire") }] } else { Vec::new() };
    let faint = truth(1.95, small);
    let decisions = [decision(0.5, Verdict::Hazard, &["fire"]), decision(1.5, Verdict::Hazard, &["fire"])];
    let figures = figures(&decisions, Some(&faint), 1.95, 1.0);
    assert_eq!((counted(figures.any.alerted), counted(figures.any.falsely_alerted)), ((0, 0), (1, 1)));
}

#[test]
fn no_length_no_windows() {
    for secs in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-9] {
        assert_eq!(cut_windows(&[], None, &MatchRules::default(), (at(0.0), at(1.0)), secs), None, "{secs}");
    }
}

proptest! {
    #[test]
    fn windows_add_up(decisions in any_decisions(), truth in any_truth(), end_secs in 0.0_f64..30.0, window_secs in 0.1_f64..5.0) {
        let figures = figures(&decisions, Some(&truth), end_secs, window_secs);
        for counts in figures.kinds.iter().chain([&figures.any]) {
            prop_assert!(counted(counts.alerted).1 + counted(counts.falsely_alerted).1 <= figures.windows);
        }
        prop_assert!(figures.unknown <= figures.windows);
    }
}
