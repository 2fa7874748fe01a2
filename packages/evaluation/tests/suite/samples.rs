//! Judged samples: pairing, figures worked out by hand, the file they are kept in.

use proptest::prelude::*;
use std::{collections::BTreeMap, fs};
use vedette_evaluation::{
    Estimate, JudgedSample, Rate, SampleAnswer, SampleFigures, SampleHazard, SampleTruth, evaluate_samples, figures_table, kind_score,
    pair, read_samples, sample_line,
};
use vedette_types::{BearingSector, KindId, Probability, RangeBand, Severity, Verdict, VerdictProbabilities};

/// `fire high left near`; a `-` is not known, a leading `~` is not seen.
fn hazard(words: &str) -> SampleHazard {
    let words: Vec<&str> = words.split(' ').collect();
    SampleHazard {
        kind: KindId::new(words[0].trim_start_matches('~')),
        severity: words.get(1).and_then(|word| word.parse::<Severity>().ok()),
        bearing: words.get(2).and_then(|word| word.parse::<BearingSector>().ok()),
        range: words.get(3).and_then(|word| word.parse::<RangeBand>().ok()),
        is_seen: !words[0].starts_with('~'),
    }
}

fn hazards(list: &str) -> Vec<SampleHazard> {
    list.split(", ").filter(|words| !words.is_empty()).map(hazard).collect()
}

/// Verdict from the hazards: none is clear, `?` is unknown.
fn verdict_and_hazards(list: &str) -> (Verdict, Vec<SampleHazard>) {
    match list {
        "?" => (Verdict::Unknown, Vec::new()),
        "" => (Verdict::Clear, Vec::new()),
        list => (Verdict::Hazard, hazards(list)),
    }
}

fn sample(there: &str, named: &str, p_hazard: f64) -> JudgedSample {
    let ((truth, there), (verdict, named)) = (verdict_and_hazards(there), verdict_and_hazards(named));
    let rest = Probability::saturating(0.9 * (1.0 - p_hazard));
    JudgedSample {
        id: String::new(),
        truth: SampleTruth::new(truth, there),
        answer: SampleAnswer { verdict, hazards: named, fault: None, tokens: 10, total_millis: 20.0 },
        probabilities: Some(VerdictProbabilities {
            hazard: Probability::saturating(p_hazard),
            clear: if verdict == Verdict::Unknown { Probability::saturating(0.1 * (1.0 - p_hazard)) } else { rest },
            unknown: if verdict == Verdict::Unknown { rest } else { Probability::saturating(0.1 * (1.0 - p_hazard)) },
        }),
        first_kinds: BTreeMap::new(),
        tags: Vec::new(),
    }
}

fn counted(rate: Option<Rate>) -> (usize, usize) {
    rate.map_or((0, 0), |rate| (rate.hits, rate.total))
}

fn near(estimate: Option<Estimate>, value: f64) -> bool {
    estimate.is_some_and(|e| (e.value - value).abs() < 1e-12 && e.low <= e.value && e.value <= e.high)
}

#[test]
fn several_of_a_kind_are_paired_by_sector_whatever_their_order() {
    let check = |there: &str, named: &str, expected: &str| {
        for (there, named) in [(hazards(there), hazards(named)), (hazards(there).into_iter().rev().collect(), hazards(named))] {
            let pairing = pair(&there, &named);
            let bearing = |hazard: &SampleHazard| hazard.bearing.map_or("-", BearingSector::word).to_owned();
            let mut words: Vec<String> = pairing.found.iter().map(|(a, b)| format!("{}:{}", bearing(a), bearing(b))).collect();
            words.sort();
            let count = format!("missed {} made up {} taken {}", pairing.missed.len(), pairing.made_up.len(), pairing.taken_for.len());
            words.push(count);
            assert_eq!(words.join(" "), expected);
        }
    };
    check("fire high left near", "fire high right near", "left:right missed 0 made up 0 taken 0");
    check(
        "fire high far_left near, fire high right near",
        "fire high ahead far, fire high far_left far",
        "far_left:far_left right:ahead missed 0 made up 0 taken 0",
    );
    check("fire high far_left near, fire high right near", "fire high far_right near", "right:far_right missed 1 made up 0 taken 0");
    check("fire high left near", "smoke high left near", "missed 1 made up 1 taken 1");
    check("fire high left near", "fire, fire high left near", "left:left missed 0 made up 1 taken 0");
    check("", "smoke high left near", "missed 0 made up 1 taken 0");
}

/// Ten pictures with every kind of mistake.
fn ten() -> Vec<JudgedSample> {
    vec![
        sample("fire high left near", "fire high left near", 0.95),
        sample("fire high left near", "fire high right near", 0.95),
        sample("fire medium ahead far", "smoke medium ahead far", 0.85),
        sample("fire high left near", "", 0.35),
        sample("", "", 0.05),
        sample("", "", 0.05),
        sample("", "fire low ahead far", 0.75),
        sample("?", "?", 0.15),
        sample("~gas_leak high ahead near", "gas_leak high ahead near", 0.95),
        sample("~gas_leak high ahead near", "?", 0.25),
    ]
}

#[test]
fn figures_are_as_worked_out_by_hand() {
    let figures = evaluate_samples(&ten());
    // Rows: hazard, clear, unknown there; columns: the same answered.
    assert_eq!(figures.verdict_confusion, [[4, 1, 1], [1, 2, 0], [0, 0, 1]]);
    assert_eq!(counted(figures.verdict_accuracy), (7, 10));
    let of = |name: &str| figures.kinds.iter().find(|kind| kind.kind.as_ref().is_some_and(|kind| kind.as_str() == name)).unwrap();
    let fire = of("fire");
    assert_eq!((fire.present, fire.found, fire.missed, fire.made_up), (4, 2, 2, 1));
    assert_eq!((counted(fire.precision), counted(fire.recall)), ((2, 3), (2, 4)));
    assert!(near(fire.f1, 4.0 / 7.0), "{:?}", fire.f1);
    // Fire in 4 of 10: naming it always is right 4 times and wrong 6.
    assert!(fire.prior_f1.is_some_and(|f1| (f1 - 8.0 / 14.0).abs() < 1e-12));
    assert_eq!((counted(fire.bearing), counted(fire.range), counted(fire.severity)), ((1, 2), (2, 2), (2, 2)));
    let smoke = of("smoke");
    assert_eq!((smoke.present, smoke.made_up, smoke.recall, smoke.prior_f1), (0, 1, None, None));
    let gas = of("gas_leak");
    assert_eq!((counted(gas.recall), counted(gas.recall_unseen)), ((1, 2), (1, 2)));
    // Its bearing is a convention: nothing to be right about.
    assert_eq!((gas.bearing, counted(gas.severity)), (None, (1, 1)));
    assert_eq!((figures.overall.present, figures.overall.found, figures.overall.made_up), (6, 3, 2));
    assert_eq!(counted(figures.exact), (5, 10));
    assert_eq!(counted(figures.exact_with_hazard), (2, 6));
    // there: fire, gas, smoke, nothing; named: the same.
    assert_eq!(figures.kind_confusion.counts, [[2, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]]);
}

#[test]
fn probabilities_are_scored_as_worked_out_by_hand() {
    let figures = evaluate_samples(&ten());
    // Hazards: .95 .95 .85 .35 .95 .25; clear: .05 .05 .75. 18 pairs, lost: .35 and .25 against .75.
    assert!(near(figures.overall.roc_auc, 16.0 / 18.0), "{:?}", figures.overall.roc_auc);
    // Fire .95 .95 0 (named smoke) .35 against clear .05 .05 .75 and gas 0 (named gas), .25: 20 pairs.
    // .95 and .95 win 5 each; 0 ties with the gas's 0; .35 beats .05 .05 0 .25.
    let fire = figures.kinds.iter().find(|kind| kind.kind == Some(KindId::new("fire"))).unwrap();
    assert!(near(fire.roc_auc, (5.0 + 5.0 + 0.5 + 4.0) / 20.0), "{:?}", fire.roc_auc);
    // P(answered) and right: .95 y, .95 y, .85 y, .585 n, .855 y, .855 y, .75 n, .765 y, .95 y, .675 n.
    // Bins: [.5,.6) .585-0; [.6,.7) .675-0; [.7,.8) 1.515-1; [.8,.9) 2.56-3; [.9,1] 2.85-3.
    let expected = (0.585 + 0.675 + 0.515 + 0.44 + 0.15) / 10.0;
    assert!(figures.calibration_error.is_some_and(|error| (error.value - expected).abs() < 1e-9), "{:?}", figures.calibration_error);
    assert_eq!(figures.calibration.iter().map(|bin| bin.count).sum::<usize>(), 10);
    assert!(near(figures.tokens_mean, 10.0) && near(figures.total_p95_millis, 20.0));
    // Gas: .95 and .25; others with a gas answer: none, so fire and clear keep their P(hazard) where they name nothing else.
    let gas = figures.kinds.iter().find(|kind| kind.kind == Some(KindId::new("gas_leak"))).unwrap();
    // Negatives: 0 0 0 .35 .05 .05 0: .95 wins 7, .25 wins 6.
    assert!(near(gas.roc_auc, 13.0 / 14.0), "{:?}", gas.roc_auc);
    assert!(figures.roc_auc.is_some_and(|mean| (mean - (14.5 / 20.0 + 13.0 / 14.0) / 2.0).abs() < 1e-12), "smoke was never there");
}

#[test]
fn nothing_counted_is_none() {
    let figures = evaluate_samples(&[]);
    assert_eq!(
        figures,
        SampleFigures { overall: figures.overall.clone(), kind_confusion: figures.kind_confusion.clone(), ..Default::default() }
    );
    assert_eq!((figures.verdict_accuracy, figures.exact, figures.roc_auc, figures.overall.f1), (None, None, None, None));
    // Photographs know kinds only: nothing can be exact, nothing is in a sector.
    let figures = evaluate_samples(&[sample("fire", "fire high left near", 0.9), sample("", "", 0.1)]);
    assert_eq!((figures.exact, figures.overall.bearing, figures.overall.severity), (None, None, None));
    assert_eq!((figures.roc_auc, counted(figures.overall.recall)), (Some(1.0), (1, 1)));
}

#[test]
fn what_is_out_of_the_picture_is_right_without_a_place() {
    let exact = |named: &str| sample("~gas_leak high", named, 0.9).is_exact();
    assert_eq!([exact("gas_leak high"), exact("gas_leak high ahead near"), exact("gas_leak low")], [Some(true), Some(false), Some(false)]);
    assert_eq!(sample("~gas_leak high", "gas_leak high", 0.9).badness(), 0.0);
    assert!(sample("~gas_leak high", "gas_leak high ahead near", 0.9).badness() > 0.0);
}

#[test]
fn a_label_leaves_other_kinds_open() {
    let photo = |kind: Option<&str>, named: &str| JudgedSample {
        truth: SampleTruth::of_label(kind.map(KindId::new)),
        ..sample("", named, if named.is_empty() { 0.1 } else { 0.9 })
    };
    let samples = [
        photo(Some("fire"), "smoke high left near, fire high left near"),
        photo(Some("fire"), "smoke"),
        photo(None, "smoke"),
        photo(None, ""),
    ];
    let figures = evaluate_samples(&samples);
    let [fire, smoke] = figures.kinds.as_slice() else { panic!("{:?}", figures.kinds) };
    assert_eq!((counted(fire.recall), counted(fire.precision)), ((1, 2), (1, 1)));
    assert_eq!((smoke.made_up, smoke.roc_auc), (1, None), "smoke in a photograph of a fire is neither right nor wrong");
    assert_eq!((samples[0].badness(), figures.exact), (0.0, None));
    let line = sample_line(&samples[0]).unwrap();
    assert_eq!(serde_json::from_str::<JudgedSample>(&line).unwrap(), samples[0]);
}

#[test]
fn a_kind_that_is_not_named_is_ranked_by_what_it_would_have_got() {
    let fire = KindId::new("fire");
    let with_kinds = |named: &str, p_hazard: f64, p_fire: f64| JudgedSample {
        first_kinds: [(fire.clone(), Probability::saturating(p_fire)), (KindId::new("smoke"), Probability::saturating(1.0 - p_fire))]
            .into(),
        ..sample("", named, p_hazard)
    };
    let near = |score: Option<f64>, expected: f64| assert!(score.is_some_and(|score| (score - expected).abs() < 1e-12), "{score:?}");
    near(kind_score(&with_kinds("smoke, fire", 0.9, 0.2), &fire), 0.9);
    near(kind_score(&with_kinds("smoke", 0.9, 0.2), &fire), 0.18);
    near(kind_score(&with_kinds("", 0.4, 0.5), &fire), 0.2);
    near(kind_score(&with_kinds("", 0.4, 0.5), &KindId::new("person_down")), 0.0);
    let line = sample_line(&with_kinds("", 0.4, 0.5)).unwrap();
    assert_eq!(serde_json::from_str::<JudgedSample>(&line).unwrap(), with_kinds("", 0.4, 0.5));
}

#[test]
fn what_an_answer_cannot_tell_apart_is_one() {
    let twice = sample("fire high left near, fire medium left far", "fire high left near", 0.9);
    assert_eq!((twice.truth.hazards.len(), twice.is_exact()), (1, Some(true)));
}

#[test]
fn the_worst_come_first() {
    let bad = |there: &str, named: &str, p: f64| sample(there, named, p).badness();
    let right = bad("fire high left near", "fire high left near", 0.9);
    let range = bad("fire high left near", "fire high left far", 0.9);
    let all_facts = bad("fire high left near", "fire low right far", 0.9);
    let kind = bad("fire high left near", "smoke high left near", 0.9);
    let unsure = bad("", "fire high left near", 0.5);
    let sure = bad("", "fire high left near", 0.99);
    assert_eq!(right, 0.0);
    assert!(
        right < range && range < all_facts && all_facts < kind && kind < unsure && unsure < sure,
        "{range} {all_facts} {kind} {unsure}"
    );
}

#[test]
fn groups_are_counted_by_tag() {
    let tagged = |tag: &str, there: &str, named: &str| JudgedSample { tags: vec![tag.to_owned()], ..sample(there, named, 0.9) };
    let figures = evaluate_samples(&[tagged("far", "fire", "fire"), tagged("far", "fire", ""), tagged("near", "", "")]);
    let [far, near] = figures.groups.as_slice() else { panic!("{:?}", figures.groups) };
    assert_eq!((far.tag.as_str(), far.samples, counted(far.recall), counted(far.verdict_accuracy)), ("far", 2, (1, 2), (1, 2)));
    assert_eq!((near.tag.as_str(), counted(near.recall), counted(near.exact), far.exact), ("near", (0, 0), (1, 1), None));
}

#[test]
fn samples_come_back_from_their_file_and_torn_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("samples.jsonl");
    let mut samples = ten();
    samples[3].answer.fault = Some("deadline".to_owned());
    samples[4].probabilities = None;
    samples[5].tags = vec!["dark".to_owned()];
    let lines: Vec<String> = samples.iter().map(|sample| sample_line(sample).unwrap()).collect();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    assert_eq!(read_samples(&path).unwrap(), samples);
    // What a calibration reads: the truth by its plain name, probabilities by verdict.
    let first: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((first["verdict"].as_str(), first["probabilities"]["hazard"].as_f64()), (Some("hazard"), Some(0.95)));
    fs::write(&path, &lines.join("\n")[..lines[0].len() + 20]).unwrap();
    let error = read_samples(&path).unwrap_err().to_string();
    assert!(error.contains("samples.jsonl:2") && error.contains("half-written"), "{error}");
}

#[test]
fn the_table_has_every_kind_and_no_nan() {
    let table = figures_table(&evaluate_samples(&ten()));
    for word in ["fire", "smoke", "gas_leak", "all", "verdict accuracy", "exact answers", "roc_auc", "known only from another sensor"] {
        assert!(table.contains(word), "{word} is missing in\n{table}");
    }
    assert!(!table.contains("NaN") && !figures_table(&evaluate_samples(&[])).contains("NaN"));
}

fn any_list() -> impl Strategy<Value = String> {
    let hazard =
        ("fire|smoke|gas_leak", "low|high", "left|ahead|far_right", "near|far").prop_map(|(a, b, c, d)| format!("{a} {b} {c} {d}"));
    prop_oneof![Just("?".to_owned()), Just(String::new()), prop::collection::vec(hazard, 1..4).prop_map(|list| list.join(", "))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn counts_add_up(lists in prop::collection::vec((any_list(), any_list(), 0.0_f64..=1.0), 0..12)) {
        let samples: Vec<JudgedSample> = lists.iter().map(|(there, named, p)| sample(there, named, *p)).collect();
        let figures = evaluate_samples(&samples);
        prop_assert_eq!(figures.verdict_confusion.iter().flatten().sum::<usize>(), samples.len());
        let there: usize = samples.iter().map(|sample| sample.truth.hazards.len()).sum();
        let named: usize = samples.iter().map(|sample| sample.answer.hazards.len()).sum();
        prop_assert_eq!((figures.overall.present, figures.overall.found + figures.overall.made_up), (there, named));
        let cells = &figures.kind_confusion.counts;
        let none = figures.kind_confusion.kinds.len();
        prop_assert_eq!(cells.iter().take(none).flatten().sum::<usize>(), there);
        prop_assert_eq!(cells.iter().flat_map(|row| row.iter().take(none)).sum::<usize>(), named);
        prop_assert!(!serde_json::to_string(&figures).unwrap().contains("NaN"));
        for sample in &samples {
            prop_assert!((0.0..=3.0).contains(&sample.badness()));
            prop_assert!(sample.is_exact() != Some(true) || sample.badness() == 0.0);
        }
    }
}
