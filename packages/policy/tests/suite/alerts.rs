//! The life of alerts, as scripts, and what must hold of them after any sequence of events.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use crate::properties::{self, Event, any_events};
use crate::script::{self, hazard, policy, stamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vedette_policy::{AcknowledgeError, AlertParams, Alerts, Source, Testimony};
use vedette_types::{Alert, KindId, Severity, Stamp, StreamId, Verdict};

fn shown(alerts: &Alerts) -> String {
    let show = |alert: &Alert| {
        let by = alert.acknowledged.as_ref().map_or_else(String::new, |seen| format!(" seen by {}", seen.by));
        format!("{} {} {}{by}", alert.kind, alert.severity, if alert.is_active() { "active" } else { "ended" })
    };
    let all: Vec<String> = alerts.listed().map(show).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

/// Lines as in `script`, with the listed alerts behind the arrow; `ack KIND NAME` is an operator.
#[track_caller]
fn check(text: &str) {
    let (mut policy, mut alerts) = (policy("sensor_timeout_secs=3"), Alerts::new(AlertParams::default()));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut found = Vec::new();
    for line in &lines {
        let event = line.split("=>").next().unwrap_or_default().trim();
        let words: Vec<&str> = event.split_whitespace().collect();
        let (secs, words) = words.split_first().expect("a time");
        let now = stamp(secs.parse().expect("seconds"));
        if let ["ack", kind, by] = words {
            let id = alerts.listed().find(|alert| alert.kind.as_str() == *kind).expect("listed").id.clone();
            alerts.acknowledge(now, &id, by).expect("acknowledged");
        } else {
            script::play(&mut policy, now, words);
        }
        alerts.update(now, &policy);
        found.push(format!("{event} => {}", shown(&alerts)));
    }
    assert!(found == lines, "found:\n{}", found.join("\n"));
}

#[test]
fn an_alert_is_raised_at_once_and_waits_for_its_operator() {
    check(
        "0 gas co 80 => gas_leak high active
         1 gas co 20 => gas_leak high active
         3 gas co 20 => gas_leak high active
         5.9 gas co 20 => gas_leak high active
         6 gas co 20 => gas_leak high ended
         900 gas co 20 => gas_leak high ended
         901 ack gas_leak ann => -",
    );
    check(
        "0 gas co 80 => gas_leak high active
         1 ack gas_leak ann => gas_leak high active seen by ann
         2 gas co 20 => gas_leak high active seen by ann
         4 gas co 20 => gas_leak high active seen by ann
         7 gas co 20 => gas_leak high ended seen by ann
         11.9 tick => gas_leak high ended seen by ann
         12 tick => -",
    );
}

#[test]
fn silence_ends_no_alert() {
    check(
        "0 gas co 80 => gas_leak high active
         4 tick => gas_leak high active
         100 tick => gas_leak high active
         101 gas co 20 => gas_leak high active
         103 gas co 20 => gas_leak high active
         107 tick => gas_leak high active
         108 gas co 20 => gas_leak high active
         110.9 gas co 20 => gas_leak high active
         113 gas co 20 => gas_leak high ended",
    );
    // An unsure camera and one that is to be heard again after a jump say nothing either; another camera cannot speak for it.
    check(
        "0 hazard 0.9 fire => fire high active
         1 clear 0.9 => fire high active
         2 unknown 0.9 => fire high active
         12 unknown 0.9 => fire high active
         13 clear /other 0.9 => fire high active
         20 clear /other 0.9 => fire high active
         21 clear 0.9 => fire high active
         25 clear 0.9 => fire high active
         26 jump => fire high active
         40 tick => fire high active
         41 clear 0.9 => fire high active
         45 clear 0.9 => fire high active
         46 clear 0.9 => fire high ended",
    );
}

#[test]
fn what_comes_back_or_gets_worse_is_to_be_seen_anew() {
    check(
        "0 hazard 0.9 smoke/medium => smoke medium active
         1 ack smoke ann => smoke medium active seen by ann
         2 hazard 0.9 smoke/high => smoke high active
         3 ack smoke bob => smoke high active seen by bob
         4 clear 0.9 => smoke high active seen by bob
         5 clear 0.9 => smoke high active seen by bob
         10 clear 0.9 => smoke high ended seen by bob
         11 hazard 0.9 smoke/low => smoke high active
         12 hazard 0.9 fire => smoke high active, fire high active",
    );
    // Below the latched severity nobody is waited for.
    check(
        "0 hazard 0.9 liquid_spill/medium => liquid_spill medium active
         1 clear 0.9 => liquid_spill medium active
         2 clear 0.9 => liquid_spill medium active
         6 clear 0.9 => liquid_spill medium active
         7 clear 0.9 => liquid_spill medium ended
         12 tick => -",
    );
}

#[test]
fn an_acknowledgement_names_an_alert_and_a_person() {
    let (mut policy, mut alerts) = (policy(""), Alerts::new(AlertParams::default()));
    script::play(&mut policy, stamp(1.0), &["gas", "co", "80"]);
    assert!(alerts.update(stamp(1.0), &policy) && !alerts.update(stamp(1.0), &policy));
    let listed = alerts.listed().next().expect("raised").clone();
    assert_eq!((listed.id.as_str(), listed.text.as_str()), ("gas_leak-1000000000", "gas_leak (high)"));
    assert_eq!(listed.reasons, ["gas co 80 ppm above 50 ppm on /gas"]);
    // A new value is nothing new; a new source is.
    script::play(&mut policy, stamp(1.5), &["gas", "co", "90"]);
    assert!(!alerts.update(stamp(1.5), &policy));
    script::play(&mut policy, stamp(1.6), &["gas", "methane", "9000"]);
    assert!(alerts.update(stamp(1.6), &policy));
    let reasons = alerts.listed().next().map(|alert| alert.reasons.clone()).expect("listed");
    assert_eq!(reasons, ["gas co 90 ppm above 50 ppm on /gas", "gas methane 9000 ppm above 5000 ppm on /gas"]);
    let unknown = alerts.acknowledge(stamp(2.0), "fire-7\n", "ann").map_err(|error| error.to_string());
    assert_eq!(unknown, Err("no alert `fire-7` is listed; there are: gas_leak-1000000000".to_owned()));
    assert_eq!(alerts.acknowledge(stamp(2.0), &listed.id, " \n"), Err(AcknowledgeError::Nameless));
    assert_eq!(alerts.acknowledge(stamp(2.0), &listed.id, " ann\u{7}"), Ok(()));
    let seen = alerts.listed().next().and_then(|alert| alert.acknowledged.clone()).expect("seen");
    assert_eq!((seen.by.as_str(), seen.at), ("ann", stamp(2.0)));
    let again = AcknowledgeError::Already { id: listed.id.clone(), by: "ann".to_owned() };
    assert_eq!(alerts.acknowledge(stamp(3.0), &listed.id, "bob"), Err(again));
}

#[test]
fn the_list_is_bounded_whatever_kinds_arrive() {
    let (mut policy, mut alerts) = (policy(""), Alerts::new(AlertParams::default()));
    let hazards = (0..200).map(|number| hazard(&format!("kind_{number}"), Severity::High, 0.9, stamp(9.0))).collect();
    policy.assessment(&script::assessment(stamp(1.0), "/camera", Verdict::Hazard, 0.9, hazards));
    alerts.update(stamp(1.0), &policy);
    assert_eq!((alerts.listed().count(), alerts.refused()), (64, 136));
}

#[test]
fn who_was_never_heard_is_silent() {
    let source = Source { stream: StreamId::new("/gas"), channel: Some("co".to_owned()) };
    assert_eq!(policy("").testimony(&source, &KindId::new("gas_leak")), Testimony::Silent);
    assert_eq!(policy("").testimony(&Source { channel: None, ..source }, &KindId::new("fire")), Testimony::Silent);
}

proptest! {
    #[test]
    fn an_alert_ends_late_and_on_evidence_only(events in any_events(), clear_secs in 0.0..4.0f64) {
        let (mut policy, mut alerts) = (policy(""), Alerts::new(AlertParams { clear_secs, ..AlertParams::default() }));
        let mut now = stamp(1000.0);
        // Of each kind: when it was last present, and whether anything but time has passed since.
        let mut present: BTreeMap<KindId, (Stamp, bool)> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for (secs, event) in events {
            now = now.plus_secs(secs);
            // Where time goes back, what was before is counted from there on.
            present.values_mut().for_each(|(last, _)| *last = now.min(*last));
            properties::play(&mut policy, now, &event);
            let before: Vec<Alert> = alerts.listed().cloned().collect();
            alerts.update(now, &policy);
            let listed: Vec<Alert> = alerts.listed().cloned().collect();
            let is_evidence = matches!(event, Event::Reading(..) | Event::Assessment(..));
            present.values_mut().for_each(|(_, heard)| *heard |= is_evidence);
            for hazard in &policy.current().hazards {
                present.insert(hazard.kind.clone(), (now, false));
                prop_assert!(listed.iter().any(|alert| alert.kind == hazard.kind && alert.is_active() && !alert.reasons.is_empty()));
            }
            for old in &before {
                let new = listed.iter().find(|alert| alert.id == old.id);
                prop_assert!(new.is_some() || (!old.is_active() && old.severity < Severity::High), "{old:?} is lost");
                if old.is_active() && new.is_some_and(|new| !new.is_active()) {
                    let (last, heard) = present[&old.kind];
                    prop_assert!(heard && now.secs_since(last) >= clear_secs, "{old:?} ended too early");
                }
            }
            let fresh = listed.iter().filter(|alert| !before.iter().any(|old| old.id == alert.id));
            for alert in fresh {
                prop_assert!(ids.insert(alert.id.clone()) || alert.raised <= now, "{} is used again", alert.id);
            }
        }
    }
}
