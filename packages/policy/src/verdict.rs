//! From everything known to one verdict.
//!
//! In -> out: cameras, sensor channels, a time -> [`Judged`]: verdict, response, hazards, reasons.
//! The verdict is `Hazard` when any confirmed hazard or alarm counts now, else `Unknown` when anything at all is missing, else `Clear`.
//! Deliberately absent: state. The same knowledge at the same time gives the same answer.

use crate::camera::Camera;
use crate::policy::{Alarm, Channel, Knowledge};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use vedette_params::HazardCatalogue;
use vedette_types::{Hazard, KindId, Response, Severity, Stamp, StreamId, Verdict};

/// The judgement at one moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) response: Response,
    /// Strongest first.
    pub(crate) hazards: Vec<Hazard>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) valid_until: Stamp,
}

/// One clause of the why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reason {
    /// What tells this clause from others; without measured values, so that a new value is not a new reason.
    key: String,
    pub(crate) text: String,
}

impl Judged {
    /// Whether the two say the same apart from measured values and times.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let key = |judged: &Self| judged.reasons.iter().map(|reason| reason.key.clone()).collect::<Vec<_>>();
        let is_same_answer = self.verdict == other.verdict && self.response == other.response && self.hazards.len() == other.hazards.len();
        is_same_answer && key(self) == key(other)
    }
}

/// What the robot does about a hazard seen by the model: the response of its kind, at most `limit` where the severity is low.
/// A kind that the catalogue lacks is answered with a stop.
pub fn response_to(hazard: &Hazard, catalogue: &HazardCatalogue) -> Response {
    let response = catalogue.get(&hazard.kind).map_or(Response::Stop, |kind| kind.response);
    if hazard.severity == Severity::Low { response.min(Response::Limit) } else { response }
}

/// Collects while walking through what is known, in a fixed order: alarms, hazards seen, what is missing.
struct Findings {
    now: Stamp,
    hazards: Vec<(Response, Hazard)>,
    present: Vec<Reason>,
    missing: Vec<Reason>,
}

impl Findings {
    fn miss(&mut self, text: String) {
        self.missing.push(Reason { key: text.clone(), text });
    }
}

pub(crate) fn judge(knowledge: &Knowledge, now: Stamp) -> Judged {
    let mut findings = Findings { now, hazards: Vec::new(), present: Vec::new(), missing: Vec::new() };
    if knowledge.has_jumped {
        findings.miss("clock jumped, starting over".to_owned());
    }
    for ((stream, channel), state) in &knowledge.channels {
        judge_channel(knowledge, stream, channel, state, &mut findings);
    }
    for kind in &knowledge.required_kinds {
        if !knowledge.channels.values().any(|channel| channel.kind == *kind) {
            findings.miss(format!("no {kind} stream yet"));
        }
    }
    if knowledge.cameras.is_empty() {
        findings.miss("no assessment yet".to_owned());
    }
    for (name, camera) in &knowledge.cameras {
        judge_camera(knowledge, name, camera, &mut findings);
    }
    conclude(knowledge, findings)
}

fn judge_channel(knowledge: &Knowledge, stream: &StreamId, name: &str, channel: &Channel, findings: &mut Findings) {
    let now = findings.now;
    let active = channel.alarm.as_ref().filter(|alarm| now < alarm.hazard.valid_until);
    if let Some(alarm) = active {
        findings.hazards.push((alarm.response, alarm.hazard.clone()));
        findings.present.push(Reason { key: format!("alarm {name} on {stream}"), text: alarm_clause(stream, name, alarm) });
    }
    let is_fresh = channel.heard.is_some_and(|heard| now.secs_since(heard) <= knowledge.sensor_timeout_secs);
    // An alarm that ran out without a reading below the release is not over: nobody measured that it is.
    if !is_fresh || (channel.alarm.is_some() && active.is_none()) {
        findings.miss(format!("no {name} reading on {stream}"));
    }
}

/// `gas co 82 ppm above 50 ppm on /gas`
pub(crate) fn alarm_clause(stream: &StreamId, channel: &str, alarm: &Alarm) -> String {
    format!("{channel} {} on {stream}", alarm.clause)
}

/// `fire seen by /camera/image_raw at 0.93`
pub(crate) fn seen_clause(camera: &StreamId, kind: &KindId, confidence: f64) -> String {
    format!("{kind} seen by {camera} at {confidence:.2}")
}

fn judge_camera(knowledge: &Knowledge, name: &StreamId, camera: &Camera, findings: &mut Findings) {
    let now = findings.now;
    for (kind, track) in &camera.tracks {
        let valid: Vec<&Hazard> = track.hazards.iter().filter(|hazard| now < hazard.valid_until).collect();
        let best = valid.iter().map(|hazard| hazard.confidence.get()).fold(0.0, f64::max);
        if !track.is_confirmed {
            findings.miss(format!("{kind} seen by {name}, to be confirmed"));
        } else if valid.is_empty() {
            findings.miss(format!("{kind} no longer seen by {name}, to be released"));
        } else {
            for hazard in valid {
                findings.hazards.push((response_to(hazard, &knowledge.catalogue), hazard.clone()));
            }
            findings.present.push(Reason { key: format!("{kind} seen by {name}"), text: seen_clause(name, kind, best) });
        }
    }
    match &camera.judgement {
        None => findings.miss(format!("no assessment of {name} yet")),
        Some(judgement) if now >= judgement.valid_until => findings.miss(format!("assessment of {name} expired")),
        Some(judgement) if judgement.verdict == Verdict::Unknown => findings.miss(format!("{name} unknown: {}", judgement.fault)),
        Some(_) => {}
    }
    if camera.image_arrived.is_some_and(|arrived| now.secs_since(arrived) > knowledge.image_timeout_secs) {
        findings.miss(format!("no image from {name}"));
    }
}

fn conclude(knowledge: &Knowledge, findings: Findings) -> Judged {
    let Findings { now, mut hazards, present, missing } = findings;
    let caution = if missing.is_empty() { Response::Continue } else { knowledge.unknown_response };
    let strongest = hazards.iter().map(|(response, _)| *response).max();
    let response = strongest.map_or(caution, |strongest| strongest.max(caution));
    let judgements = || knowledge.cameras.iter().filter_map(|(name, camera)| Some((name, camera.judgement.as_ref()?)));
    let mut reasons = present;
    let (verdict, valid_until) = if strongest.is_some() {
        // The last hazard's end, not the first's: a stop must not shrink to mere caution while a reason for it counts.
        (Verdict::Hazard, hazards.iter().map(|(_, hazard)| hazard.valid_until).max())
    } else if missing.is_empty() {
        reasons.extend(judgements().map(|(name, judgement)| {
            let key = format!("clear by {name}");
            Reason { text: format!("{key} at {:.2}", judgement.confidence.get()), key }
        }));
        (Verdict::Clear, judgements().map(|(_, judgement)| judgement.valid_until).min())
    } else {
        (Verdict::Unknown, None)
    };
    reasons.extend(missing);
    // A total order, so that equal hazards do not swap places from run to run.
    hazards.sort_by(|(left_response, left), (right_response, right)| {
        let strength = |response: Response, hazard: &Hazard| (Reverse(response), Reverse(hazard.severity));
        strength(*left_response, left)
            .cmp(&strength(*right_response, right))
            .then(right.confidence.get().total_cmp(&left.confidence.get()))
            .then_with(|| left.kind.cmp(&right.kind))
    });
    let hazards = hazards.into_iter().map(|(_, hazard)| hazard).collect();
    // What is unknown has no end of its own; it needs none, since after the end of any decision the state is unknown again.
    let valid_until = valid_until.unwrap_or_else(|| now.plus_secs(knowledge.unknown_valid_secs));
    Judged { verdict, response, hazards, reasons, valid_until }
}
