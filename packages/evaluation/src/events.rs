//! Hazard events. In -> out: truth frames -> one event a hazard, with its first and last stamp and when it could first be noticed.
//!
//! Hazards with an `id` are told apart by it; without one, sightings of a kind that are less than the join gap apart are one event.

use crate::{MatchRules, TrueHazard, Truth};
use serde::Serialize;
use std::collections::BTreeMap;
use vedette_types::{KindId, Stamp};

/// One hazard from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HazardEvent {
    /// What it is.
    pub kind: KindId,
    /// Its name in the truth file, where it has one.
    pub id: Option<String>,
    /// First stamp at which it was going on.
    #[serde(rename = "first_nanos")]
    pub first: Stamp,
    /// Last stamp at which it was going on.
    #[serde(rename = "last_nanos")]
    pub last: Stamp,
    /// From when on missing it counts; `None` when it was never in view and neither its gas nor its heat reached the robot.
    #[serde(rename = "noticeable_nanos")]
    pub noticeable: Option<Stamp>,
    /// When a camera first saw any of it; `None` for what only another sensor could find.
    #[serde(rename = "first_in_view_nanos")]
    pub first_in_view: Option<Stamp>,
    /// The stamp at which it was largest in the picture (else nearest, else its first in view), for a picture of it.
    #[serde(rename = "largest_nanos")]
    pub largest: Option<Stamp>,
    /// Height of its box then, pixels.
    pub largest_height_px: Option<f64>,
    /// Shortest distance to the robot, metres.
    pub nearest_m: Option<f64>,
    /// Where it was last, on the map, metres.
    pub position_m: Option<[f64; 2]>,
}

impl HazardEvent {
    /// Whether a camera saw it at any time.
    pub fn is_visual(&self) -> bool {
        self.first_in_view.is_some()
    }

    /// Whether a hazard of a truth frame at `stamp` is a sighting of this event.
    pub(crate) fn is_of(&self, hazard: &TrueHazard, stamp: Stamp) -> bool {
        let is_same = self.kind == hazard.kind && self.id == hazard.id;
        is_same && (self.id.is_some() || (self.first <= stamp && stamp <= self.last))
    }

    fn begin(hazard: &TrueHazard, stamp: Stamp) -> Self {
        Self {
            kind: hazard.kind.clone(),
            id: hazard.id.clone(),
            first: stamp,
            last: stamp,
            noticeable: None,
            first_in_view: None,
            largest: None,
            largest_height_px: None,
            nearest_m: None,
            position_m: None,
        }
    }

    fn add(&mut self, hazard: &TrueHazard, stamp: Stamp, rules: &MatchRules) {
        self.last = stamp;
        if self.noticeable.is_none() && hazard.is_noticeable(rules) {
            self.noticeable = Some(stamp);
        }
        if hazard.is_in_view() != Some(false) {
            self.first_in_view = self.first_in_view.or(Some(stamp));
            let height = hazard.bbox_xywh.map(|[_, _, _, height]| height);
            if self.largest.is_none() || height > self.largest_height_px {
                (self.largest, self.largest_height_px) = (Some(stamp), height);
            }
        }
        if let Some(distance_m) = hazard.distance_m
            && self.nearest_m.is_none_or(|nearest_m| distance_m < nearest_m)
        {
            self.nearest_m = Some(distance_m);
        }
        self.position_m = hazard.position_m.or(self.position_m);
    }
}

/// The events of `truth`, ordered by first stamp, then kind, then id.
pub(crate) fn hazard_events(truth: &Truth, rules: &MatchRules) -> Vec<HazardEvent> {
    let mut events: Vec<HazardEvent> = Vec::new();
    // The event each hazard continues.
    let mut current: BTreeMap<(KindId, Option<String>), usize> = BTreeMap::new();
    for frame in truth.frames() {
        for hazard in frame.hazards.iter().filter(|hazard| hazard.is_active()) {
            let key = (hazard.kind.clone(), hazard.id.clone());
            let open = current.get(&key).copied().filter(|&index| {
                let is_near = |event: &HazardEvent| frame.stamp.secs_since(event.last) < rules.join_gap_secs;
                hazard.id.is_some() || events.get(index).is_some_and(is_near)
            });
            let index = open.unwrap_or_else(|| {
                events.push(HazardEvent::begin(hazard, frame.stamp));
                events.len() - 1
            });
            current.insert(key, index);
            if let Some(event) = events.get_mut(index) {
                event.add(hazard, frame.stamp, rules);
            }
        }
    }
    for event in &mut events {
        // Seen, but always small: it counts from when it was first seen.
        event.noticeable = event.noticeable.or(event.first_in_view);
    }
    events.sort_by(|a, b| (a.first, &a.kind, &a.id).cmp(&(b.first, &b.kind, &b.id)));
    events
}
