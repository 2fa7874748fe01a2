//! Figures worked out by hand, and that no input makes them NaN or contradict each other.

use crate::scene::{any_run, any_truth, at, completion, decision, one_event, run, there, truth};
use proptest::prelude::*;
use vedette_evaluation::{
    MatchRules, Metrics, Rate, RunData, TrueHazard, Truth, evaluate, expected_calibration_error, metric_deltas, roc_auc,
};
use vedette_types::Verdict;

fn figures(run: &RunData, truth: Option<&Truth>) -> Metrics {
    evaluate(run, truth, &MatchRules::default())
}

fn close(value: Option<f64>, expected: f64) {
    assert!(value.is_some_and(|value| (value - expected).abs() < 1e-9), "{value:?} is not {expected}");
}

#[test]
fn a_small_patrol() {
    // Fire from 4 s to 10 s, seen from the picture at 5.5 s on; one false smoke; unknown in between. One picture every second.
    let scene = one_event(20.0, "fire", 4.0, 10.0);
    let mut decisions = vec![decision(1.0, Verdict::Clear, &[]), decision(2.0, Verdict::Unknown, &[])];
    decisions.extend([3.0, 4.0, 5.0].map(|secs| decision(secs, Verdict::Clear, &[])));
    decisions.extend([6.0, 7.0, 8.0, 9.0, 10.0].map(|secs| decision(secs, Verdict::Hazard, &["fire"])));
    decisions.extend([
        decision(11.0, Verdict::Clear, &[]),
        decision(15.0, Verdict::Hazard, &["smoke"]),
        decision(16.0, Verdict::Clear, &[]),
    ]);
    let completions =
        vec![completion(3.5, 0.2, 100.0), completion(5.5, 0.9, 300.0), completion(9.5, 0.6, 200.0), completion(14.5, 0.7, 400.0)];
    let figures = figures(&RunData { completions, ..run(decisions) }, Some(&scene));
    assert_eq!(figures.robot_secs, Some(20.0));
    let all = &figures.overall;
    assert_eq!((all.present, all.found, all.missed, all.missed_visual, all.out_of_sight, all.false_alarms), (1, 1, 0, 0, 0, 1));
    close(all.precision.map(|rate| rate.value), 0.5);
    close(all.recall.map(|rate| rate.value), 1.0);
    close(all.f1, 2.0 / 3.0);
    close(all.time_to_alert_p50_secs, 2.0);
    close(figures.false_alarms_per_hour, 180.0);
    // Pictures at 0.5, 1.5, ... 10.5, 14.5, 15.5: fire in those of 4.5 to 9.5, named in those of 5.5 to 9.5.
    assert_eq!(figures.assessed_frames, 13);
    let [fire, smoke] = figures.kinds.as_slice() else { panic!("{:?}", figures.kinds) };
    let counts = |f: vedette_evaluation::FrameCounts| (f.true_positives, f.false_positives, f.false_negatives, f.true_negatives);
    assert_eq!(counts(fire.frames), (5, 0, 1, 7));
    assert_eq!(counts(smoke.frames), (0, 1, 0, 12));
    close(fire.frame_f1, 10.0 / 11.0);
    assert_eq!((smoke.recall, smoke.frame_recall), (None, None), "no smoke was there");
    let c = figures.confusion;
    let table = [[c.hazard_as_hazard, c.hazard_as_clear, c.hazard_as_unknown], [c.clear_as_hazard, c.clear_as_clear, c.clear_as_unknown]];
    assert_eq!(table, [[5, 1, 0], [1, 5, 1]]);
    close(figures.verdict_accuracy.map(|rate| rate.value), 10.0 / 13.0);
    // Unknown: before the first decision (0 to 1 s) and from 2 to 3 s.
    close(figures.unknown_share, 0.1);
    let spells: Vec<_> = figures.unknown_spells.iter().map(|spell| spell.reason.as_str()).collect();
    assert_eq!(spells, ["no decision yet", "no answer"]);
    // P(hazard) 0.9 and 0.6 with fire, 0.2 and 0.7 without: three of four pairs in order.
    close(figures.roc_auc, 0.75);
    close(figures.calibration_error, (0.2 + 0.1 + 0.4 + 0.7) / 4.0);
    let latency = figures.latency_millis.expect("four calls");
    assert_eq!((latency.p50, latency.p95, latency.max), (200.0, 400.0, 400.0));
}

#[test]
fn json_has_the_key_of_the_interface() {
    let text = serde_json::to_string(&figures(&run(vec![decision(1.0, Verdict::Clear, &[])]), None)).expect("JSON");
    assert!(text.contains(r#""roc_auc":null"#) && text.contains(r#""robot_secs":0.0"#), "{text}");
}

#[test]
fn nothing_is_none() {
    let empty = figures(&RunData::default(), None);
    assert_eq!(empty, Metrics::default());
    let silent = figures(&RunData::default(), Some(&one_event(10.0, "fire", 2.0, 4.0)));
    assert_eq!((silent.overall.missed, silent.unknown_share), (1, Some(1.0)), "a robot that says nothing misses, and nothing is known");
    assert_eq!((silent.latency_millis, silent.roc_auc, silent.verdict_accuracy), (None, None, None));
    let calm =
        figures(&run(vec![decision(1.0, Verdict::Clear, &[]), decision(5.0, Verdict::Clear, &[])]), Some(&truth(10.0, |_| Vec::new())));
    assert_eq!((calm.overall.recall, calm.overall.f1, calm.overall.false_alarms), (None, None, 0));
    close(calm.verdict_accuracy.map(|rate| rate.value), 1.0);
}

#[test]
fn unknown_is_never_right_and_never_clear() {
    let late = |secs: f64| vedette_types::Decision { valid_until: at(secs + 1.0), ..decision(secs, Verdict::Clear, &[]) };
    let figures = figures(&run(vec![late(0.0), late(4.0)]), Some(&truth(8.0, |_| Vec::new())));
    // From 1 to 4 s and from 5 to 8 s nobody vouches for the old verdict.
    close(figures.unknown_share, 6.0 / 8.0);
    assert!(figures.unknown_spells.iter().any(|spell| spell.reason == "the last decision ran out"));
}

#[test]
fn the_truth_of_another_time_scores_nothing() {
    let figures = figures(&run(vec![decision(1000.0, Verdict::Clear, &[])]), Some(&one_event(10.0, "fire", 2.0, 4.0)));
    assert!(!figures.has_truth && figures.overall.present == 0);
    assert!(figures.warnings[0].starts_with("the truth belongs to another time, nothing is scored"), "{:?}", figures.warnings);
}

#[test]
fn a_gas_leak_out_of_view_is_a_hazard_where_it_smells() {
    let leak = |ppm: f64| move |_: f64| vec![TrueHazard { ppm: Some(ppm), pixels: Some(0.0), ..there("gas_leak") }];
    let decisions = vec![decision(2.0, Verdict::Hazard, &["gas_leak"])];
    assert_eq!(figures(&run(decisions.clone()), Some(&truth(5.0, leak(60.0)))).confusion.hazard_as_hazard, 1);
    assert_eq!(figures(&run(decisions), Some(&truth(5.0, leak(40.0)))).confusion.clear_as_hazard, 1);
}

#[test]
fn each_gas_has_its_own_limit() {
    // 60 ppm are much for CO and nothing for LPG.
    let lpg =
        |ppm: f64| move |_: f64| vec![TrueHazard { ppm: Some(ppm), noticeable_ppm: Some(2000.0), pixels: Some(0.0), ..there("gas_leak") }];
    let decisions = vec![decision(2.0, Verdict::Hazard, &["gas_leak"])];
    assert_eq!(figures(&run(decisions.clone()), Some(&truth(5.0, lpg(60.0)))).confusion.clear_as_hazard, 1);
    assert_eq!(figures(&run(decisions), Some(&truth(5.0, lpg(2100.0)))).confusion.hazard_as_hazard, 1);
}

#[test]
fn wilson_intervals() {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (hits, total, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)] {
        let rate = Rate::of(hits, total).expect("counted");
        assert!((rate.low - low).abs() < 5e-5 && (rate.high - high).abs() < 5e-5, "{hits} of {total}: {rate:?}");
    }
    assert_eq!(Rate::of(0, 0), None);
}

#[test]
fn auc_and_calibration_of_short_lists() {
    let auc = |positive: &[f64], negative: &[f64]| {
        roc_auc(&positive.iter().map(|p| (*p, true)).chain(negative.iter().map(|n| (*n, false))).collect::<Vec<_>>())
    };
    assert_eq!(auc(&[0.9], &[0.1]), Some(1.0));
    assert_eq!(auc(&[0.1], &[0.9]), Some(0.0));
    assert_eq!(auc(&[0.5, 0.5], &[0.5]), Some(0.5));
    assert_eq!(auc(&[0.0], &[-0.0]), Some(0.5));
    assert_eq!(auc(&[0.8, 0.4], &[0.6, 0.2]), Some(0.75));
    assert_eq!(auc(&[0.8], &[]), None);
    assert_eq!(auc(&[f64::NAN], &[0.1]), None);
    assert_eq!(expected_calibration_error(&[]), None);
    let (error, bins) = expected_calibration_error(&[(0.95, true), (0.97, false), (1.0, true), (0.05, false)]).expect("four");
    assert_eq!(bins.len(), 2);
    // One bin of three: mean 0.97333, share 2/3; one of one: 0.05 against 0.
    assert!((error - (3.0 * (2.92 / 3.0 - 2.0 / 3.0) + 0.05) / 4.0).abs() < 1e-12, "{error}");
}

#[test]
fn a_frame_with_nothing_but_a_faint_hazard_counts_neither_way() {
    let small = TrueHazard { bbox_xywh: Some([0.0, 0.0, 30.0, 12.0]), ..there("fire") };
    let large = TrueHazard { bbox_xywh: Some([0.0, 0.0, 30.0, 40.0]), ..there("smoke") };
    let scene = truth(3.0, |secs| match secs {
        s if s < 1.0 => vec![small.clone()],
        s if s < 2.0 => vec![small.clone(), large.clone()],
        _ => Vec::new(),
    });
    // On the pictures of 0.5 s (faint), 1.5 s (faint fire, large smoke) and 2.5 s (nothing).
    let decisions = [1.0, 2.0, 3.0].map(|secs| decision(secs, Verdict::Hazard, &["fire"]));
    let figures = figures(&run(decisions.to_vec()), Some(&scene));
    assert_eq!(figures.confusion.accuracy().map(|rate| (rate.hits, rate.total)), Some((1, 2)));
    let counts = |kind: &str| figures.kinds.iter().find(|k| k.kind.as_ref().is_some_and(|k| k.as_str() == kind)).expect("counted").frames;
    assert_eq!((counts("fire").false_positives, counts("fire").true_positives, counts("fire").false_negatives), (1, 0, 0));
    assert_eq!(counts("smoke").false_negatives, 1);
}

proptest! {
    #[test]
    fn no_input_gives_nan_or_a_contradiction(run in any_run(), truth in any_truth(), with_truth in any::<bool>()) {
        let figures = figures(&run, with_truth.then_some(&truth));
        for delta in metric_deltas(&figures, &figures) {
            prop_assert!(delta.a.is_none_or(f64::is_finite), "{}: {:?}", delta.name, delta.a);
        }
        let all = &figures.overall;
        prop_assert_eq!(all.present, all.found + all.missed + all.out_of_sight);
        prop_assert_eq!(all.present, figures.kinds.iter().map(|kind| kind.present).sum::<usize>());
        prop_assert_eq!(all.false_alarms, figures.kinds.iter().map(|kind| kind.false_alarms).sum::<usize>());
        prop_assert!(figures.confusion.total() <= figures.assessed_frames);
        prop_assert!(figures.unknown_share.is_none_or(|share| (0.0..=1.0).contains(&share)));
        prop_assert!(figures.roc_auc.is_none_or(|auc| (0.0..=1.0).contains(&auc)));
        prop_assert!(figures.calibration_error.is_none_or(|error| (0.0..=1.0).contains(&error)));
        prop_assert!(all.f1.is_none_or(|f1| (0.0..=1.0).contains(&f1)));
        prop_assert!(figures.matching.events.iter().all(|event| event.time_to_alert_secs.is_none_or(|secs| secs >= 0.0)));
    }

    #[test]
    fn rates_enclose_their_value(hits in 0..5000_usize, total in 0..5000_usize) {
        if let Some(rate) = Rate::of(hits, total) {
            prop_assert!(0.0 <= rate.low && rate.low <= rate.value && rate.value <= rate.high && rate.high <= 1.0, "{:?}", rate);
        }
    }

    /// Turning all scores round turns the curve round; scores keep their rank under any rising function.
    #[test]
    fn auc_is_about_ranks(scored in proptest::collection::vec((0..20_u8, any::<bool>()), 0..40)) {
        let of = |f: &dyn Fn(f64) -> f64| roc_auc(&scored.iter().map(|(score, so)| (f(f64::from(*score)), *so)).collect::<Vec<_>>());
        prop_assert_eq!(of(&|x| x), of(&|x| x.powi(3) + 7.0));
        let (up, down) = (of(&|x| x), of(&|x| -x));
        prop_assert_eq!(up.is_some(), down.is_some());
        prop_assert!(up.zip(down).is_none_or(|(up, down)| (up + down - 1.0).abs() < 1e-12));
    }
}
