//! The cameras: a mailbox of one frame each (newest wins), and what the change gate remembers of each.
//!
//! In -> out: frames as they arrive -> the next frame to look at.
//! Deliberately absent: decoding and judging. Nothing queues: a frame that nobody looked at is overwritten and counted.

use crate::freshness::{Moment, Order, StampClock, Timeline};
use crate::gate::Sight;
use crate::params::{FusionParams, nanos};
use serde::Serialize;
use std::collections::BTreeMap;
use vedette_types::{ImageFrame, Sha256, Stamp, StreamHealth, StreamId};

/// What happened to frames and readings since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Frames of the selected cameras.
    pub frames_received: u64,
    /// Frames that a newer one replaced before anybody looked, or that came after a newer one.
    pub frames_overwritten: u64,
    /// Frames that the gate held back.
    pub frames_skipped: u64,
    /// Frames that could not be decoded.
    pub frames_undecodable: u64,
    /// Frames that were too old when looked at.
    pub frames_stale: u64,
    /// Frames that were passed over because there was no model to look at them.
    pub frames_passed_over: u64,
    /// Frames that became observations.
    pub frames_ready: u64,
    /// Readings and frames that came after a newer one of their stream.
    pub readings_out_of_order: u64,
    /// Readings and frames that came too late to be of use.
    pub readings_too_old: u64,
    /// Readings that were refused: too many streams, or a transform that cannot be.
    pub readings_refused: u64,
    /// Times that the event clock or the clock of a stream went back.
    pub clock_jumps: u64,
}

/// A frame waiting to be looked at.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) arrived: Stamp,
    pub(crate) frame: ImageFrame,
    pub(crate) sha256: Sha256,
}

/// One camera.
#[derive(Clone, Debug)]
pub(crate) struct Camera {
    line: Option<Timeline>,
    /// Event time of the last frame, or of the clock jump that made it void.
    seen: Stamp,
    pending: Option<Pending>,
    /// The newest frame, also after it was looked at: what is shown when somebody asks. The payload is shared with whoever looks at it.
    newest: Option<Pending>,
    /// Stamp and event time of the last look.
    looked: Option<(Stamp, Stamp)>,
    /// The last observation handed out, until it is known to have been assessed.
    pub(crate) handed_out: Option<(Stamp, Sight)>,
    /// What the gate compares with.
    pub(crate) reference: Option<Sight>,
    /// Event time of the last look that led to an assessment.
    assessed: Option<Stamp>,
}

/// All cameras, by stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cameras {
    cameras: BTreeMap<StreamId, Camera>,
}

impl Cameras {
    pub(crate) fn len(&self) -> usize {
        self.cameras.len()
    }

    pub(crate) fn get_mut(&mut self, camera: &StreamId) -> Option<&mut Camera> {
        self.cameras.get_mut(camera)
    }

    pub(crate) fn contains(&self, camera: &StreamId) -> bool {
        self.cameras.contains_key(camera)
    }

    /// Whether frames of `stream` are to be looked at.
    pub(crate) fn selects(&self, params: &FusionParams, stream: &StreamId) -> bool {
        if self.cameras.contains_key(stream) {
            return true;
        }
        if !params.camera_topics.is_empty() {
            return params.camera_topics.iter().any(|topic| topic == stream.as_str());
        }
        let base = base_topic(stream.as_str());
        !speaks_of_depth(stream.as_str()) && !self.cameras.keys().any(|known| base_topic(known.as_str()) == base)
    }

    /// Puts a frame into the mailbox of its camera.
    pub(crate) fn insert(&mut self, params: &FusionParams, counts: &mut Counts, stream: &StreamId, pending: Pending) -> Order {
        let arrived = pending.arrived;
        let stamp = pending.frame.stamp;
        let camera = self.cameras.entry(stream.clone()).or_insert_with(|| Camera::new(arrived));
        camera.seen = arrived;
        counts.frames_received += 1;
        let order = Timeline::advance_or_begin(&mut camera.line, arrived, stamp, nanos(params.jump_back_secs));
        if let Order::Restarted { .. } = order {
            counts.frames_overwritten += u64::from(camera.pending.is_some());
            *camera = Camera { line: camera.line, ..Camera::new(arrived) };
        }
        let newest = camera.pending.as_ref().map(|waiting| waiting.frame.stamp).max(camera.looked.map(|looked| looked.0));
        match order {
            Order::TooOld { .. } => counts.frames_overwritten += 1,
            _ if newest.is_some_and(|newest| newest > stamp) => counts.frames_overwritten += 1,
            _ => {
                counts.frames_overwritten += u64::from(camera.pending.is_some());
                camera.newest = Some(pending.clone());
                camera.pending = Some(pending);
            }
        }
        order
    }

    /// The newest frame of `camera`, a topic with or without its transport, or of whichever camera has the newest; and the names of all cameras.
    pub(crate) fn newest(&self, camera: Option<&str>) -> Result<(&StreamId, StampClock, &Pending), Vec<&StreamId>> {
        let is_meant = |id: &StreamId| camera.is_none_or(|wanted| base_topic(id.as_str()) == base_topic(wanted));
        let frames =
            self.cameras.iter().filter(|(id, _)| is_meant(id)).filter_map(|(id, camera)| Some((id, camera, camera.newest.as_ref()?)));
        let (id, camera, pending) =
            frames.max_by_key(|(_, _, pending)| pending.arrived).ok_or_else(|| self.cameras.keys().collect::<Vec<_>>())?;
        let clock = camera.line.map_or(StampClock::new(pending.arrived, pending.frame.stamp), |line| *line.clock());
        Ok((id, clock, pending))
    }

    /// Takes the frame to look at: of the camera assessed longest ago (first of all one never assessed; then by name) among those that have a
    /// frame and whose gate period is over.
    pub(crate) fn take_next(&mut self, params: &FusionParams, now: Stamp) -> Option<(StreamId, StampClock, Pending)> {
        let period_nanos = if params.gate_enabled { params.gate_period_millis.saturating_mul(1_000_000) } else { 0 };
        let is_due = |camera: &Camera| match camera.looked {
            // Before the last look: the event clock went back.
            Some((_, looked)) => !(0..period_nanos).contains(&now.nanos_since(looked)),
            None => true,
        };
        let (id, camera) = self
            .cameras
            .iter_mut()
            .filter(|(_, camera)| camera.pending.is_some() && is_due(camera))
            .min_by_key(|(_, camera)| camera.assessed)?;
        let pending = camera.pending.take()?;
        camera.looked = Some((pending.frame.stamp, now));
        let clock = camera.line.map_or(StampClock::new(pending.arrived, pending.frame.stamp), |line| *line.clock());
        Some((id.clone(), clock, pending))
    }

    /// The observation with the image stamp `stamp` went to the model. False when it is not the last one handed out for `camera`.
    pub(crate) fn assessed(&mut self, camera: &StreamId, stamp: Stamp) -> bool {
        let Some(camera) = self.cameras.get_mut(camera) else { return false };
        match camera.handed_out.take_if(|handed_out| handed_out.0 == stamp) {
            Some((_, sight)) => {
                camera.assessed = Some(sight.looked);
                camera.reference = Some(sight);
                true
            }
            None => false,
        }
    }

    /// The event clock went back to `now`: frames and references are void, the cameras stay known (and stale).
    pub(crate) fn forget(&mut self, counts: &mut Counts, now: Stamp) {
        for camera in self.cameras.values_mut() {
            counts.frames_overwritten += u64::from(camera.pending.is_some());
            *camera = Camera::new(now);
        }
    }

    /// Health of every camera at `moment`. `now` is the same moment on the event clock.
    pub(crate) fn health<'a>(
        &'a self,
        params: &'a FusionParams,
        moment: &'a Moment,
        now: Stamp,
    ) -> impl Iterator<Item = StreamHealth> + 'a {
        self.cameras.iter().map(move |(id, camera)| {
            let age_secs = camera.line.map_or_else(|| now.secs_since(camera.seen).max(0.0), |line| line.age_secs(moment));
            let is_stale = camera.line.is_none() || age_secs > params.stale_horizon_secs;
            StreamHealth { stream: id.clone(), kind: "image", age_secs, is_stale }
        })
    }
}

impl Camera {
    const fn new(seen: Stamp) -> Self {
        Self { line: None, seen, pending: None, newest: None, looked: None, handed_out: None, reference: None, assessed: None }
    }
}

/// The topic of the camera whatever the transport: `/camera/image_raw/compressed` is `/camera/image_raw`.
pub(crate) fn base_topic(topic: &str) -> &str {
    topic.strip_suffix("/compressed").unwrap_or(topic)
}

/// Depth pictures hold distances. Shown as grey values they would tell a vision model nothing.
fn speaks_of_depth(topic: &str) -> bool {
    topic.split('/').any(|part| part.to_ascii_lowercase().contains("depth"))
}
