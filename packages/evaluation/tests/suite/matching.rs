//! Decisions against events, worked out by hand.

use crate::scene::{at, decision, hazard, one_event, secs, there, truth};
use vedette_evaluation::{MatchRules, Matching, Outcome, TrueHazard, Truth, match_events};
use vedette_types::{Decision, Verdict};

fn matched(decisions: &[Decision], truth: &Truth) -> Matching {
    let end = truth.interval().into_iter().map(|(_, last)| last).chain(decisions.iter().map(|d| d.stamp)).max().unwrap_or(at(0.0));
    match_events(decisions, truth, &MatchRules::default(), end)
}

/// `kind outcome first-last noticeable alert` of each event, then `kind first-last xN` of each false alarm.
fn told(matching: &Matching) -> Vec<String> {
    let events = matching.events.iter().map(|outcome| {
        let event = &outcome.event;
        let noticeable = event.noticeable.map_or("-".to_owned(), |stamp| secs(stamp).to_string());
        let alert =
            outcome.time_to_alert_secs.map_or("-".to_owned(), |time| format!("{}+{time:.1}", secs(outcome.alerted.expect("alerted"))));
        format!("{} {:?} {}..{} from {noticeable} alert {alert}", event.kind, outcome.outcome, secs(event.first), secs(event.last))
    });
    let alarms = matching.false_alarms.iter().map(|alarm| {
        let place = if alarm.is_elsewhere { " elsewhere" } else { "" };
        format!("false {} {}..{} x{}{place}", alarm.kind, secs(alarm.first), secs(alarm.last), alarm.decisions)
    });
    events.chain(alarms).collect()
}

fn check(decisions: &[Decision], truth: &Truth, expect: &[&str]) {
    assert_eq!(told(&matched(decisions, truth)), expect);
}

fn named(secs: f64, kinds: &[&str]) -> Decision {
    decision(secs, Verdict::Hazard, kinds)
}

fn clear(secs: f64) -> Decision {
    decision(secs, Verdict::Clear, &[])
}

#[test]
fn found_missed_and_false() {
    let fire = one_event(20.0, "fire", 5.0, 10.0);
    check(&[clear(1.0), named(6.5, &["fire"]), clear(11.0)], &fire, &["fire Found 5..10 from 5 alert 6.5+1.5"]);
    check(&[clear(1.0)], &fire, &["fire Missed 5..10 from 5 alert -"]);
    check(&[], &fire, &["fire Missed 5..10 from 5 alert -"]);
    let expect = ["fire Missed 5..10 from 5 alert -", "false smoke 6.5..11 x1"];
    check(&[named(6.5, &["smoke"]), clear(11.0)], &fire, &expect);
}

#[test]
fn the_answer_may_come_after_the_end_but_not_long_after() {
    let fire = one_event(30.0, "fire", 5.0, 10.0);
    check(&[named(12.0, &["fire"]), clear(13.0)], &fire, &["fire Found 5..10 from 5 alert 12+7.0"]);
    let late = ["fire Missed 5..10 from 5 alert -", "false fire 13.1..14 x1"];
    check(&[named(13.1, &["fire"]), clear(14.0)], &fire, &late);
    check(&[named(4.2, &["fire"])], &fire, &["fire Found 5..10 from 5 alert 5+0.0"]);
}

#[test]
fn a_decision_holds_until_the_next_one_or_its_own_end() {
    let gas = one_event(30.0, "gas_leak", 10.0, 12.0);
    let expect = ["gas_leak Found 10..12 from 10 alert 10+0.0", "false gas_leak 5..20 x1"];
    check(&[named(5.0, &["gas_leak"]), clear(20.0)], &gas, &expect);
    let mut short = named(5.0, &["gas_leak"]);
    short.valid_until = at(7.0);
    let expect = ["gas_leak Missed 10..12 from 10 alert -", "false gas_leak 5..7 x1"];
    check(&[short, clear(20.0)], &gas, &expect);
}

#[test]
fn a_false_alarm_is_a_run_of_decisions() {
    let nothing = truth(20.0, |_| Vec::new());
    let decisions =
        [named(1.0, &["smoke"]), named(2.0, &["smoke", "fire"]), named(3.0, &["fire", "fire"]), clear(4.0), named(5.0, &["fire"])];
    check(&decisions, &nothing, &["false smoke 1..3 x2", "false fire 2..4 x2", "false fire 5..20 x1"]);
}

#[test]
fn sightings_without_id_are_joined_across_short_gaps_only() {
    let gaps = truth(20.0, |t| if t <= 3.0 || (4.9..=6.0).contains(&t) || t >= 8.0 { vec![there("fire")] } else { Vec::new() });
    check(&[], &gaps, &["fire Missed 0..6 from 0 alert -", "fire Missed 8..20 from 8 alert -"]);
    let by_id = truth(20.0, |t| {
        let of = |id: &str| TrueHazard { id: Some(id.into()), ..there("fire") };
        if t <= 3.0 {
            vec![of("1"), of("2")]
        } else if t >= 10.0 {
            vec![of("2")]
        } else {
            Vec::new()
        }
    });
    check(&[], &by_id, &["fire Missed 0..3 from 0 alert -", "fire Missed 0..20 from 0 alert -"]);
}

#[test]
fn time_to_alert_counts_from_when_it_can_be_noticed() {
    let growing = |ppm: Option<f64>| {
        move |t: f64| {
            let bbox = (t >= 2.0).then_some([10.0, 10.0, 8.0, if t >= 6.0 { 20.0 } else { 19.0 }]);
            vec![TrueHazard {
                id: Some("1".into()),
                distance_m: Some(5.0),
                bbox_xywh: bbox,
                ppm: ppm.filter(|_| t >= 4.0),
                ..there("fire")
            }]
        }
    };
    let decisions = [named(8.0, &["fire"])];
    check(&decisions, &truth(10.0, growing(None)), &["fire Found 0..10 from 6 alert 8+2.0"]);
    check(&decisions, &truth(10.0, growing(Some(50.0))), &["fire Found 0..10 from 4 alert 8+4.0"]);
    check(&decisions, &truth(10.0, growing(Some(49.0))), &["fire Found 0..10 from 6 alert 8+2.0"]);
    check(&decisions, &truth(5.0, growing(None)), &["fire Missed 0..5 from 2 alert -", "false fire 8..8 x1"]);
}

#[test]
fn what_no_sensor_could_know_is_neither_found_nor_missed() {
    let hidden =
        |ppm: Option<f64>| truth(10.0, move |_| vec![TrueHazard { distance_m: Some(9.0), pixels: Some(0.0), ppm, ..there("gas_leak") }]);
    check(&[], &hidden(Some(6.0)), &["gas_leak OutOfSight 0..10 from - alert -"]);
    // A sensor may alarm below the limits of truth, or know more than truth says: then it was found.
    for ppm in [Some(6.0), None] {
        check(&[named(3.0, &["gas_leak"])], &hidden(ppm), &["gas_leak Found 0..10 from - alert 3+3.0"]);
    }
    // Not by a guess while a leak is far away.
    check(
        &[named(3.0, &["gas_leak"])],
        &hidden(Some(4.9)),
        &["gas_leak OutOfSight 0..10 from - alert -", "false gas_leak 3..10 x1 elsewhere"],
    );
    let over = truth(10.0, |t| vec![TrueHazard { is_active: Some(t < 5.0), ..there("fire") }]);
    assert_eq!(matched(&[], &over).events[0].outcome, Outcome::OutOfSight, "a line with is_active and nothing else says where, not seen");
}

fn seen(kind: &str, bearing_rad: f64, is_in_view: bool) -> TrueHazard {
    let bbox_xywh = is_in_view.then_some([10.0, 10.0, 30.0, 30.0]);
    TrueHazard { id: Some("1".into()), bearing_rad: Some(bearing_rad), distance_m: Some(3.0), bbox_xywh, ..there(kind) }
}

#[test]
fn a_claim_of_a_camera_must_point_at_it() {
    let fire = truth(10.0, |_| vec![seen("fire", 0.4, true)]);
    let claim = |bearing: Option<f64>| Decision { hazards: vec![hazard("fire", bearing, 2.0)], ..named(2.0, &[]) };
    let found = ["fire Found 0..10 from 0 alert 2+2.0"];
    check(&[claim(Some(0.4 + 0.34))], &fire, &found);
    check(&[claim(None)], &fire, &found);
    check(&[claim(Some(0.04))], &fire, &["fire Missed 0..10 from 0 alert -", "false fire 2..10 x1 elsewhere"]);
    let behind = truth(10.0, |_| vec![seen("fire", 0.4, false)]);
    check(&[claim(Some(0.4))], &behind, &["fire OutOfSight 0..10 from - alert -", "false fire 2..10 x1 elsewhere"]);
}

#[test]
fn a_claim_that_is_carried_over_is_judged_by_its_own_picture() {
    // The robot turns away from the fire at 3 s; the decisions go on naming what was seen at 1.5 s.
    let fire = truth(10.0, |t| vec![seen("fire", if t < 3.0 { 0.0 } else { 2.5 }, t < 3.0)]);
    let carried = |secs: f64| Decision { hazards: vec![hazard("fire", Some(0.0), 2.0)], ..named(secs, &[]) };
    check(&[carried(2.0), carried(5.0), carried(8.0), clear(9.0)], &fire, &["fire Found 0..10 from 0 alert 2+2.0"]);
    let anew = Decision { hazards: vec![hazard("fire", Some(0.0), 8.0)], ..named(8.0, &[]) };
    let expect = ["fire Found 0..10 from 0 alert 2+2.0", "false fire 8..9 x1 elsewhere"];
    check(&[carried(2.0), carried(5.0), anew, clear(9.0)], &fire, &expect);
}

#[test]
fn the_alert_remembers_picture_and_response() {
    let matching = matched(&[named(6.5, &["fire"]), named(7.0, &["fire"])], &one_event(20.0, "fire", 5.0, 10.0));
    let fire = &matching.events[0];
    assert_eq!((fire.alert_image, fire.alert_response.map(vedette_types::Response::word)), (Some(at(6.0)), Some("stop")));
}
