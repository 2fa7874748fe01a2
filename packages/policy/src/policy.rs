//! The policy: events in, decisions out.
//!
//! In -> out: readings, assessments, ticks and clock jumps, in order of time -> a [`Decision`] for every assessment, and for everything else
//! whenever something changed.
//! Deliberately absent: publishing. Whoever receives a decision and hears nothing more treats it as unknown after its `valid_until`.

use crate::PolicyParams;
use crate::camera::{Camera, Debounce};
use crate::threshold::{Rules, Sample, parse_response};
use crate::verdict::{Judged, judge};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use vedette_params::{HazardCatalogue, ParamError, ParamSet};
use vedette_types::{Assessment, Decision, Hazard, Probability, Reading, Response, Stamp, StreamId};

/// Events of several sources may overtake each other by this much; what goes back further is a clock that jumped.
const JITTER_NANOS: i64 = 100_000_000;

/// Sensor channels told apart. Gas names come out of messages, so without a bound a broken driver could fill the memory.
const MAX_CHANNELS: usize = 256;

/// The channel that takes what is beyond [`MAX_CHANNELS`].
const OTHER_CHANNEL: &str = "other gas";

/// Takes assessments and raw readings to decisions.
#[derive(Clone, Debug)]
pub struct Policy {
    rules: Rules,
    debounce: Debounce,
    alarm_valid_secs: f64,
    pub(crate) knowledge: Knowledge,
    /// The latest time of any event.
    pub(crate) now: Option<Stamp>,
    pub(crate) judged: Judged,
    pub(crate) decision: Decision,
    /// Whether `decision` was handed out.
    pub(crate) has_decided: bool,
}

/// Everything that a verdict depends on apart from the time.
#[derive(Clone, Debug)]
pub(crate) struct Knowledge {
    pub(crate) catalogue: HazardCatalogue,
    pub(crate) unknown_response: Response,
    pub(crate) unknown_valid_secs: f64,
    pub(crate) image_timeout_secs: f64,
    pub(crate) sensor_timeout_secs: f64,
    pub(crate) required_kinds: Vec<String>,
    /// Every camera heard of since the start: one that falls silent, or is forgotten by a clock jump, is unknown and not gone.
    pub(crate) cameras: BTreeMap<StreamId, Camera>,
    /// Every watched channel, by stream and by what it measures; the same holds.
    pub(crate) channels: BTreeMap<(StreamId, String), Channel>,
    /// True from a clock jump to the next assessment.
    pub(crate) has_jumped: bool,
}

/// One quantity measured by one stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Channel {
    /// The word for the kind of reading: `gas`, `scan`.
    pub(crate) kind: Cow<'static, str>,
    /// When it last measured something.
    pub(crate) heard: Option<Stamp>,
    /// Present from the trigger to the release.
    pub(crate) alarm: Option<Alarm>,
}

/// A threshold that is crossed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Alarm {
    pub(crate) response: Response,
    pub(crate) hazard: Hazard,
    /// `82 ppm above 50 ppm`
    pub(crate) clause: String,
}

impl Policy {
    /// A policy that knows nothing yet, and says so.
    ///
    /// # Errors
    /// [`ParamError`] naming the parameter that is out of range, contradicts another one, or names a kind that the catalogue lacks.
    pub fn new(params: PolicyParams, catalogue: &HazardCatalogue) -> Result<Self, ParamError> {
        params.check()?;
        let rules = Rules::new(&params, catalogue)?;
        let knowledge = Knowledge {
            catalogue: catalogue.clone(),
            unknown_response: parse_response("policy.unknown_response", &params.unknown_response)?,
            unknown_valid_secs: params.unknown_valid_secs,
            image_timeout_secs: params.image_timeout_secs,
            sensor_timeout_secs: params.sensor_timeout_secs,
            required_kinds: params.required_streams,
            cameras: BTreeMap::new(),
            channels: BTreeMap::new(),
            has_jumped: false,
        };
        let start = Stamp::default();
        let judged = judge(&knowledge, start);
        Ok(Self {
            rules,
            debounce: Debounce {
                trigger_count: params.trigger_count,
                release_count: params.release_count,
                min_confidence: params.min_confidence,
                max_valid_secs: params.max_valid_secs,
            },
            alarm_valid_secs: params.alarm_valid_secs,
            decision: decision(&judged, start, None),
            knowledge,
            now: None,
            judged,
            has_decided: false,
        })
    }

    /// Takes a raw reading. A threshold that is crossed, or a stream that comes back, changes the decision at once, without waiting for a
    /// tick; `None` when the decision stays. Readings of all cameras in use belong here too: their silence is noticed.
    pub fn reading(&mut self, arrived: Stamp, stream: &StreamId, reading: &Reading) -> Option<Decision> {
        let has_jumped = self.advance(arrived);
        let now = self.now.unwrap_or(arrived);
        let kind = reading.kind();
        if matches!(reading, Reading::Image(_)) {
            self.knowledge.cameras.entry(stream.clone()).or_default().image_arrived = Some(now);
        } else if matches!(reading, Reading::Gas(_) | Reading::Temperature(_) | Reading::Range(_)) {
            self.measure(now, stream, reading);
        } else if self.knowledge.required_kinds.iter().any(|required| required == kind) {
            let channel = Channel { kind: kind.into(), heard: Some(now), alarm: None };
            self.knowledge.channels.insert((stream.clone(), kind.to_owned()), channel);
        } else if !has_jumped {
            return None;
        }
        self.decide_if_changed(now)
    }

    /// Takes what the model said. Always yields a decision, also when nothing changed: every assessment is on the record.
    pub fn assessment(&mut self, assessment: &Assessment) -> Decision {
        self.advance(assessment.arrived);
        let now = self.now.unwrap_or(assessment.arrived);
        self.knowledge.has_jumped = false;
        self.knowledge.cameras.entry(assessment.camera.clone()).or_default().assess(assessment, &self.debounce);
        self.decide(now, Some(assessment.image_stamp))
    }

    /// Lets time pass; `Some` when a judgement ran out or a stream fell silent, and the first time.
    pub fn tick(&mut self, now: Stamp) -> Option<Decision> {
        self.advance(now);
        self.decide_if_changed(self.now.unwrap_or(now))
    }

    /// The clock went back, or to a time that has nothing to do with the one before. What was known is unknown; which cameras and
    /// sensors there are is remembered, so that each of them has to be heard again before anything is clear.
    pub fn clock_jumped(&mut self, now: Stamp) -> Decision {
        self.forget(now);
        self.decide(now, None)
    }

    /// The decision that stands. Before the first event it is unknown, with a stamp of zero.
    pub fn current(&self) -> &Decision {
        &self.decision
    }

    /// Moves the time on; true when it went back and everything was forgotten.
    fn advance(&mut self, stamp: Stamp) -> bool {
        let Some(now) = self.now else {
            self.now = Some(stamp);
            return false;
        };
        if now.nanos_since(stamp) > JITTER_NANOS {
            self.forget(stamp);
            return true;
        }
        self.now = Some(now.max(stamp));
        false
    }

    fn forget(&mut self, now: Stamp) {
        self.now = Some(now);
        self.knowledge.has_jumped = true;
        self.knowledge.cameras.values_mut().for_each(|camera| *camera = Camera::default());
        for channel in self.knowledge.channels.values_mut() {
            (channel.heard, channel.alarm) = (None, None);
        }
    }

    fn measure(&mut self, now: Stamp, stream: &StreamId, reading: &Reading) {
        let Some(Sample { channel: name, value, rule }) = self.rules.sample(reading) else { return };
        let mut key = (stream.clone(), name);
        let is_shared = self.knowledge.channels.len() >= MAX_CHANNELS && !self.knowledge.channels.contains_key(&key);
        if is_shared {
            OTHER_CHANNEL.clone_into(&mut key.1);
        }
        let kind = reading.kind();
        let channel = self.knowledge.channels.entry(key).or_insert(Channel { kind: kind.into(), heard: None, alarm: None });
        let Some(value) = value else { return };
        channel.heard = Some(now);
        let was_alarm = channel.alarm.is_some();
        let Some(rule) = rule else { return };
        if rule.is_alarm(was_alarm, value) {
            let hazard = Hazard {
                kind: rule.meaning.kind.clone(),
                severity: rule.meaning.severity,
                confidence: Probability::ONE,
                bearing_rad: None,
                range_m: (kind == "range" && value.is_finite()).then_some(value),
                position_m: None,
                valid_until: now.plus_secs(self.alarm_valid_secs),
            };
            channel.alarm = Some(Alarm { response: rule.meaning.response, hazard, clause: rule.clause(value) });
        } else if !is_shared {
            // On the shared channel a low reading of one gas says nothing about another.
            channel.alarm = None;
        }
    }

    fn decide_if_changed(&mut self, now: Stamp) -> Option<Decision> {
        let judged = judge(&self.knowledge, now);
        if self.has_decided && judged.says_the_same(&self.judged) && !self.is_renewal_due(&judged, now) {
            return None;
        }
        Some(self.record(judged, now, None))
    }

    /// An alarm that lasts is said again half-way to the end of what was last said about it.
    fn is_renewal_due(&self, judged: &Judged, now: Stamp) -> bool {
        let first_end = |hazards: &[Hazard]| hazards.iter().map(|hazard| hazard.valid_until).min();
        let (Some(said), Some(known)) = (first_end(&self.decision.hazards), first_end(&judged.hazards)) else { return false };
        known > said && now.nanos_since(self.decision.stamp) >= said.nanos_since(self.decision.stamp) / 2
    }

    fn decide(&mut self, now: Stamp, image_stamp: Option<Stamp>) -> Decision {
        self.record(judge(&self.knowledge, now), now, image_stamp)
    }

    fn record(&mut self, judged: Judged, now: Stamp, image_stamp: Option<Stamp>) -> Decision {
        self.decision = decision(&judged, now, image_stamp);
        self.judged = judged;
        self.has_decided = true;
        self.decision.clone()
    }
}

fn decision(judged: &Judged, stamp: Stamp, image_stamp: Option<Stamp>) -> Decision {
    Decision {
        stamp,
        image_stamp,
        verdict: judged.verdict,
        hazards: judged.hazards.clone(),
        response: judged.response,
        reasons: judged.reasons.iter().map(|reason| reason.text.clone()).collect(),
        valid_until: judged.valid_until,
    }
}
