//! Who says what about one hazard kind.
//!
//! In -> out: everything known, a source, a kind -> whether the source speaks for the kind, against it, or not at all.
//! Deliberately absent: judgement. That a source says nothing is not that the danger is over.

use crate::Policy;
use crate::camera::Camera;
use crate::policy::{Channel, Knowledge};
use crate::verdict::{alarm_clause, seen_clause};
use vedette_types::{KindId, Stamp, StreamId, Verdict};

/// Something that can speak for or against a hazard kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Its topic.
    pub stream: StreamId,
    /// What it measures, for example a gas; `None` for a camera.
    pub channel: Option<String>,
}

/// A source that speaks for a hazard kind now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Who.
    pub source: Source,
    /// What it says: `gas co 82 ppm above 50 ppm on /gas`.
    pub clause: String,
}

/// What a source says about a hazard kind now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Testimony {
    /// It is there.
    For,
    /// It looked, and it is not there.
    Against,
    /// Nothing that counts: silent, expired, unsure, or never heard of.
    Silent,
}

impl Policy {
    /// Every source that speaks for `kind` now, in the order of the reasons of a decision.
    pub fn witnesses(&self, kind: &KindId) -> Vec<Witness> {
        let now = self.now.unwrap_or_default();
        let alarms = self.knowledge.channels.iter().filter_map(|((stream, channel), state)| {
            let alarm = state.alarm.as_ref().filter(|alarm| alarm.hazard.kind == *kind && now < alarm.hazard.valid_until)?;
            let source = Source { stream: stream.clone(), channel: Some(channel.clone()) };
            Some(Witness { source, clause: alarm_clause(stream, channel, alarm) })
        });
        let sightings = self.knowledge.cameras.iter().filter_map(|(stream, camera)| {
            let confidence = seen(camera, kind, now)?;
            Some(Witness { source: Source { stream: stream.clone(), channel: None }, clause: seen_clause(stream, kind, confidence) })
        });
        alarms.chain(sightings).collect()
    }

    /// What `source` says about `kind` now.
    pub fn testimony(&self, source: &Source, kind: &KindId) -> Testimony {
        let now = self.now.unwrap_or_default();
        let testimony = match &source.channel {
            Some(channel) => {
                let state = self.knowledge.channels.get(&(source.stream.clone(), channel.clone()));
                state.map(|state| by_channel(&self.knowledge, state, kind, now))
            }
            None => self.knowledge.cameras.get(&source.stream).map(|camera| by_camera(&self.knowledge, camera, kind, now)),
        };
        testimony.unwrap_or(Testimony::Silent)
    }
}

fn by_channel(knowledge: &Knowledge, channel: &Channel, kind: &KindId, now: Stamp) -> Testimony {
    let is_fresh = channel.heard.is_some_and(|heard| now.secs_since(heard) <= knowledge.sensor_timeout_secs);
    match &channel.alarm {
        Some(alarm) if alarm.hazard.kind == *kind && now < alarm.hazard.valid_until => Testimony::For,
        // An alarm that ran out was not taken back by a reading below the release.
        None if is_fresh => Testimony::Against,
        Some(_) | None => Testimony::Silent,
    }
}

fn by_camera(knowledge: &Knowledge, camera: &Camera, kind: &KindId, now: Stamp) -> Testimony {
    if seen(camera, kind, now).is_some() {
        return Testimony::For;
    }
    let has_image = camera.image_arrived.is_none_or(|arrived| now.secs_since(arrived) <= knowledge.image_timeout_secs);
    match &camera.judgement {
        Some(judgement) if judgement.verdict == Verdict::Unknown || now >= judgement.valid_until => Testimony::Silent,
        // To be confirmed, or no longer seen and not yet released.
        Some(_) if has_image && !camera.tracks.contains_key(kind) => Testimony::Against,
        Some(_) | None => Testimony::Silent,
    }
}

/// How surely a camera sees a confirmed `kind` now.
fn seen(camera: &Camera, kind: &KindId, now: Stamp) -> Option<f64> {
    let track = camera.tracks.get(kind).filter(|track| track.is_confirmed)?;
    track.hazards.iter().filter(|hazard| now < hazard.valid_until).map(|hazard| hazard.confidence.get()).reduce(f64::max)
}
