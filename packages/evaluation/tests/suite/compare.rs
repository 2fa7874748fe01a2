//! Differences read like sentences, and no difference goes unsaid.

use crate::scene::{any_decisions, at, decision, hazard, one_event, run};
use proptest::prelude::*;
use vedette_evaluation::{MatchRules, describe_difference, evaluate, metric_deltas};
use vedette_trajectory::decision_line;
use vedette_types::{Decision, Probability, Response, Verdict};

fn patrol() -> Vec<Decision> {
    let mut decisions: Vec<Decision> = (0..10).map(|secs| decision(f64::from(secs), Verdict::Clear, &[])).collect();
    for secs in [4, 5, 6] {
        decisions[secs] = decision(secs as f64, Verdict::Hazard, &["fire"]);
    }
    decisions
}

fn check(change: impl Fn(&mut Vec<Decision>), expect: &[&str]) {
    let (a, mut b) = (patrol(), patrol());
    change(&mut b);
    assert_eq!(describe_difference(&a, &b), expect);
}

#[test]
fn the_same_has_no_difference() {
    check(|_| {}, &[]);
    // The file keeps four decimals.
    check(|b| b[4].hazards[0].confidence = Probability::saturating(0.900_01), &[]);
    assert_eq!(describe_difference(&[], &[]), Vec::<String>::new());
}

#[test]
fn another_response_is_told_with_both_reasons() {
    check(
        |b| {
            for decision in &mut b[4..6] {
                decision.response = Response::SlowDown;
                decision.reasons = vec!["smoke ahead".into(), "near".into()];
            }
        },
        &["from 4 s to 6 s A says stop (hazard: high fire) because fire ahead, \
           B says slow_down (hazard: high fire) because smoke ahead; near"],
    );
}

#[test]
fn a_missing_decision_is_told() {
    check(
        |b| {
            b.remove(4);
        },
        &["from 4 s to 5 s A says stop (hazard: high fire) because fire ahead, B says continue (clear) without a reason"],
    );
    check(|b| b.truncate(9), &["at 9 s only A takes a decision (says continue (clear) without a reason)"]);
    check(
        Vec::clear,
        &[
            "from 0 s to 4 s A says continue (clear) without a reason, B has no valid decision",
            "from 4 s to 7 s A says stop (hazard: high fire) because fire ahead, B has no valid decision",
            "from 7 s to 9 s A says continue (clear) without a reason, B has no valid decision",
        ],
    );
}

#[test]
fn other_words_for_the_same_are_told() {
    check(
        |b| b[4..7].iter_mut().for_each(|decision| decision.reasons = vec!["it burns".into()]),
        &["from 4 s to 6 s both come to the same with other reasons 3 times, first: (A because fire ahead; B because it burns)"],
    );
    check(
        |b| b[5].hazards[0].bearing_rad = Some(0.25),
        &["at 5 s both come to the same with other hazard figures (A fire 0.9 at - rad, - m; B fire 0.9 at 0.25 rad, - m)"],
    );
    check(
        |b| b[5].valid_until = at(6.5),
        &["at 5 s both come to the same with other end of validity (A valid for 3600 s; B valid for 1.5 s)"],
    );
    check(
        |b| b[3].image_stamp = None,
        &["at 3 s both come to the same with other image (A the image of 1700000002.500000000; B no image)"],
    );
}

#[test]
fn a_decision_that_ran_out_says_nothing() {
    check(
        |b| b[5].valid_until = at(5.25),
        &[
            "at 5 s both come to the same with other end of validity (A valid for 3600 s; B valid for 0.25 s)",
            "from 5.25 s to 6 s A says stop (hazard: high fire) because fire ahead, B has no valid decision",
        ],
    );
}

#[test]
fn deltas_know_what_is_better() {
    let truth = one_event(20.0, "fire", 4.0, 8.0);
    let of = |decisions| evaluate(&run(decisions), Some(&truth), &MatchRules::default());
    let deltas = metric_deltas(&of(vec![decision(5.0, Verdict::Unknown, &[])]), &of(patrol()));
    let find = |name: &str| deltas.iter().find(|delta| delta.name == name).expect(name);
    assert_eq!(
        (find("recall").a, find("recall").b, find("recall").change(), find("recall").is_better()),
        (Some(0.0), Some(1.0), Some(1.0), Some(true))
    );
    assert_eq!(find("unknown_share").is_better(), Some(true));
    assert_eq!((find("decisions").change(), find("decisions").is_better()), (Some(9.0), None));
    assert_eq!((find("roc_auc").change(), find("roc_auc").is_better()), (None, None));
    assert_eq!((find("false_alarms").change(), find("false_alarms").is_better()), (Some(0.0), None));
}

#[test]
fn long_runs_are_compared_in_no_time_and_few_words() {
    let many = |kind: &'static str| {
        (0..20_000).map(move |i| Decision { hazards: vec![hazard(kind, None, 0.0)], ..decision(f64::from(i) * 0.1, Verdict::Hazard, &[]) })
    };
    let (a, b): (Vec<_>, Vec<_>) = (many("fire").collect(), many("smoke").collect());
    assert_eq!(describe_difference(&a, &b).len(), 1);
}

proptest! {
    /// The regression gate: silence means the same file, byte for byte.
    #[test]
    fn silence_means_the_same_lines(a in any_decisions(), b in any_decisions()) {
        let lines = |decisions: &[Decision]| decisions.iter().map(decision_line).collect::<Vec<_>>();
        prop_assert_eq!(describe_difference(&a, &b).is_empty(), lines(&a) == lines(&b));
        prop_assert_eq!(describe_difference(&a, &a), Vec::<String>::new());
    }

    #[test]
    fn one_changed_decision_is_never_missed(a in any_decisions(), index in any::<prop::sample::Index>(), part in 0..6_u8) {
        prop_assume!(!a.is_empty());
        let mut b = a.clone();
        let changed = &mut b[index.index(a.len())];
        match part {
            0 => changed.stamp = changed.stamp.plus_millis(1),
            1 => changed.image_stamp = changed.image_stamp.map_or(Some(at(1.0)), |_| None),
            2 => changed.hazards.push(hazard("new", None, 0.0)),
            3 => changed.reasons.push("another".into()),
            4 => changed.valid_until = changed.valid_until.plus_millis(if changed.valid_until > at(0.0) { -1 } else { 1 }),
            _ => changed.response = if changed.response == Response::Stop { Response::Limit } else { Response::Stop },
        }
        prop_assume!(a != b);
        let sentences = describe_difference(&a, &b);
        let is_same = a.iter().map(decision_line).eq(b.iter().map(decision_line));
        prop_assert!(is_same || !sentences.is_empty());
        prop_assert!(sentences.iter().all(|sentence| !sentence.contains('\n')));
    }
}
