//! Decisions against events. In -> out: decisions, truth, rules -> which events were found and when, and which alarms were false.
//!
//! A decision claims what it names, from its stamp until the next decision. A claim with a bearing came from a camera: it stands for an
//! event only if that event was in view, in that direction where truth knows it, around the picture the claim was made on. A claim without
//! bearing came from another sensor, or from a model that read it: it stands for an event that was in view or left a trace at the robot.
//! Deliberately absent: figures (that is `metrics`).

use crate::events::hazard_events;
use crate::timeline::spans;
use crate::{HazardEvent, Truth};
use serde::Serialize;
use std::collections::BTreeMap;
use vedette_types::{Decision, Hazard, KindId, Response, Stamp};

/// How decisions and truth are held against each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MatchRules {
    /// Sightings of a kind without id that are less than this apart are one event, seconds.
    pub join_gap_secs: f64,
    /// A decision this long after an event's end still finds it, seconds: the answer takes its time.
    pub grace_secs: f64,
    /// How far off in time a claim may be without being false, seconds.
    pub tolerance_secs: f64,
    /// How far a truth frame may lie from the picture it is used for, seconds.
    pub frame_tolerance_secs: f64,
    /// From this box height on missing a hazard counts, pixels.
    pub min_box_height_px: f64,
    /// From this concentration at the robot on missing a gas leak counts, where truth names no limit of its own for the gas, parts per million
    /// (CO: OSHA's 8 hour limit).
    pub noticeable_ppm: f64,
    /// From this warming at the robot on missing a fire counts, degrees Celsius: from 21 degrees to the 57 of ordinary heat detectors.
    pub noticeable_rise_celsius: f64,
    /// How far off in direction a claim may be without being false, radians: more than half of one of the five bearing sectors.
    pub bearing_tolerance_rad: f64,
}

impl Default for MatchRules {
    fn default() -> Self {
        Self {
            join_gap_secs: 2.0,
            grace_secs: 2.0,
            tolerance_secs: 1.0,
            frame_tolerance_secs: 0.1,
            min_box_height_px: 20.0,
            noticeable_ppm: 50.0,
            noticeable_rise_celsius: 36.0,
            bearing_tolerance_rad: 0.35,
        }
    }
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A decision named it in time.
    Found,
    /// It could be noticed, and no decision named it in time.
    Missed,
    /// It was never in view and no sensor was near enough: not counted either way.
    OutOfSight,
}

/// One event and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventOutcome {
    /// The event.
    #[serde(flatten)]
    pub event: HazardEvent,
    /// What became of it.
    pub outcome: Outcome,
    /// When it was first named.
    #[serde(rename = "alerted_nanos")]
    pub alerted: Option<Stamp>,
    /// The picture behind the first decision that named it.
    #[serde(rename = "alert_image_nanos")]
    pub alert_image: Option<Stamp>,
    /// What that decision asked of the robot.
    pub alert_response: Option<Response>,
    /// From when it could be noticed to when it was first named, seconds; 0 when it was named before.
    pub time_to_alert_secs: Option<f64>,
}

/// A stretch of decisions that name a kind where no such hazard was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FalseAlarm {
    /// What was named.
    pub kind: KindId,
    /// Stamp of the first of the decisions.
    #[serde(rename = "first_nanos")]
    pub first: Stamp,
    /// Until when the last of them held.
    #[serde(rename = "last_nanos")]
    pub last: Stamp,
    /// How many decisions.
    pub decisions: usize,
    /// The picture behind the first one that has one.
    #[serde(rename = "image_nanos")]
    pub image: Option<Stamp>,
    /// The direction that was named first, radians, left positive.
    pub bearing_rad: Option<f64>,
    /// A hazard of that kind was there at the time, but not where the claim says, or not in view.
    pub is_elsewhere: bool,
}

/// Events found, missed and made up.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Matching {
    /// All events, by first stamp.
    pub events: Vec<EventOutcome>,
    /// All false alarms, by first stamp.
    pub false_alarms: Vec<FalseAlarm>,
}

/// One hazard named by one decision.
struct Claim<'a> {
    hazard: &'a Hazard,
    /// The picture it was made on, else when it was made. A claim that is carried over unchanged from the decision before keeps it.
    looked_at: Stamp,
    start: Stamp,
    end: Stamp,
}

/// Matches `decisions` (in the order they were taken, the last one holding at most until `run_end`) with `truth`.
pub fn match_events(decisions: &[Decision], truth: &Truth, rules: &MatchRules, run_end: Stamp) -> Matching {
    let to_outcome = |event| EventOutcome {
        event,
        outcome: Outcome::Missed,
        alerted: None,
        alert_image: None,
        alert_response: None,
        time_to_alert_secs: None,
    };
    let mut events: Vec<EventOutcome> = hazard_events(truth, rules).into_iter().map(to_outcome).collect();
    let mut false_alarms = Vec::new();
    // The false alarm of each kind that is going on, as an index into `false_alarms`.
    let mut open: BTreeMap<&KindId, usize> = BTreeMap::new();
    let mut before: Vec<Claim<'_>> = Vec::new();
    let begin = decisions.first().map_or(run_end, |decision| decision.stamp);
    for span in spans(decisions, begin, run_end) {
        let Some(decision) = span.decision else { continue };
        let claims = claims_of(decision, span.start, span.end, &before);
        for claim in &claims {
            events
                .iter_mut()
                .filter(|outcome| finds(claim, &outcome.event, truth, rules))
                .for_each(|outcome| alert(outcome, claim, decision));
        }
        let made_up = made_up_kinds(&claims, &events, truth, rules);
        open.retain(|kind, _| made_up.iter().any(|(claim, _)| claim.hazard.kind == **kind));
        for (claim, is_elsewhere) in made_up {
            let index = *open.entry(&claim.hazard.kind).or_insert_with(|| {
                false_alarms.push(FalseAlarm {
                    kind: claim.hazard.kind.clone(),
                    first: span.start,
                    last: span.end,
                    decisions: 0,
                    image: None,
                    bearing_rad: claim.hazard.bearing_rad,
                    is_elsewhere,
                });
                false_alarms.len() - 1
            });
            if let Some(alarm) = false_alarms.get_mut(index) {
                alarm.last = alarm.last.max(span.end);
                alarm.decisions += 1;
                alarm.image = alarm.image.or(decision.image_stamp);
            }
        }
        before = claims;
    }
    for outcome in &mut events {
        outcome.outcome = match (outcome.alerted, outcome.event.noticeable) {
            (Some(_), _) => Outcome::Found,
            (None, Some(_)) => Outcome::Missed,
            (None, None) => Outcome::OutOfSight,
        };
    }
    Matching { events, false_alarms }
}

fn claims_of<'a>(decision: &'a Decision, start: Stamp, end: Stamp, before: &[Claim<'a>]) -> Vec<Claim<'a>> {
    let is_carried =
        |old: &Hazard, new: &Hazard| old.kind == new.kind && old.bearing_rad == new.bearing_rad && old.valid_until == new.valid_until;
    let claim = |hazard: &'a Hazard| {
        let carried = before.iter().find(|old| is_carried(old.hazard, hazard)).map(|old| old.looked_at);
        Claim { hazard, looked_at: carried.or(decision.image_stamp).unwrap_or(decision.stamp), start, end }
    };
    decision.hazards.iter().map(claim).collect()
}

/// Whether `claim`, while it holds, names `event`.
fn finds(claim: &Claim<'_>, event: &HazardEvent, truth: &Truth, rules: &MatchRules) -> bool {
    let is_in_time = claim.start <= event.last.plus_secs(rules.grace_secs) && claim.end >= event.first;
    claim.hazard.kind == event.kind && is_in_time && is_where_claimed(claim, event, truth, rules)
}

/// Whether `event` was in view, in the claimed direction, around the picture the claim was made on; of a claim without direction, whether it was in
/// view or left a trace at the robot while the claim held or shortly before. True where that cannot be told.
fn is_where_claimed(claim: &Claim<'_>, event: &HazardEvent, truth: &Truth, rules: &MatchRules) -> bool {
    let tolerance = rules.tolerance_secs;
    let [from, to] = match claim.hazard.bearing_rad {
        Some(_) => [claim.looked_at.plus_secs(-tolerance), claim.looked_at.plus_secs(tolerance)],
        None => [claim.looked_at.plus_secs(-tolerance.max(rules.grace_secs)), claim.end],
    };
    let frames = truth.frames_between(from, to);
    frames.is_empty()
        || frames.iter().any(|frame| {
            let mut sightings = frame.hazards.iter().filter(|hazard| event.is_of(hazard, frame.stamp) && hazard.is_active());
            sightings.any(|hazard| {
                let is_in_view = hazard.is_in_view() != Some(false);
                let Some(claimed_rad) = claim.hazard.bearing_rad else { return is_in_view || hazard.leaves_trace(rules) };
                let is_there = |truth_rad: f64| (truth_rad - claimed_rad).abs() <= rules.bearing_tolerance_rad;
                is_in_view && hazard.bearing_rad.is_none_or(is_there)
            })
        })
}

fn alert(outcome: &mut EventOutcome, claim: &Claim<'_>, decision: &Decision) {
    if outcome.alerted.is_some() {
        return;
    }
    let alerted = claim.start.max(outcome.event.first);
    let noticeable = outcome.event.noticeable.unwrap_or(outcome.event.first);
    outcome.alerted = Some(alerted);
    outcome.alert_image = decision.image_stamp;
    outcome.alert_response = Some(decision.response);
    outcome.time_to_alert_secs = Some(alerted.secs_since(noticeable).max(0.0));
}

/// One claim of each kind of which no claim of the decision is true, with whether such a hazard was elsewhere.
fn made_up_kinds<'b, 'a>(
    claims: &'b [Claim<'a>],
    events: &[EventOutcome],
    truth: &Truth,
    rules: &MatchRules,
) -> Vec<(&'b Claim<'a>, bool)> {
    let late = rules.tolerance_secs.max(rules.grace_secs);
    let is_active_at =
        |event: &HazardEvent, stamp: Stamp| event.first.plus_secs(-rules.tolerance_secs) <= stamp && stamp <= event.last.plus_secs(late);
    let mut kinds: Vec<(&Claim<'_>, bool, bool)> = Vec::new();
    for claim in claims {
        let is_active = |event: &HazardEvent| is_active_at(event, claim.start) || is_active_at(event, claim.looked_at);
        let of_kind = || events.iter().map(|outcome| &outcome.event).filter(|event| event.kind == claim.hazard.kind && is_active(event));
        let is_true = of_kind().any(|event| is_where_claimed(claim, event, truth, rules));
        let is_elsewhere = of_kind().next().is_some();
        match kinds.iter_mut().find(|(other, ..)| other.hazard.kind == claim.hazard.kind) {
            Some((_, known, _)) => *known |= is_true,
            None => kinds.push((claim, is_true, is_elsewhere)),
        }
    }
    kinds.into_iter().filter(|(_, is_true, _)| !is_true).map(|(claim, _, is_elsewhere)| (claim, is_elsewhere)).collect()
}
