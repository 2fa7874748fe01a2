//! Every stream that is not a camera picture: its recent readings, its order and its freshness.
//!
//! In -> out: readings with arrival times -> for any moment the reading of each channel nearest to it, and the health of each stream.
//! Deliberately absent: what the readings mean (`context`), pictures (`cameras`), the content of transforms (`transform_buffer`); of those
//! only the freshness is kept here.

use crate::freshness::{Moment, Order, Timeline};
use crate::params::{FusionParams, count, nanos};
use crate::ring::{Ring, RingLimits};
use std::collections::BTreeMap;
use vedette_types::{CameraIntrinsics, Reading, Stamp, StreamHealth, StreamId};

/// Bytes of a gas or frame name that tell channels apart.
const CHANNEL_BYTES: usize = 64;

/// A slow stream may miss one reading and be half a period late.
const SLOW_PERIODS: f64 = 2.5;

/// All streams but the cameras.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sensors {
    streams: BTreeMap<StreamId, Stream>,
    intrinsics: BTreeMap<StreamId, CameraIntrinsics>,
}

#[derive(Clone, Debug)]
struct Stream {
    kind: &'static str,
    /// Holds until the next one, and so cannot become stale: static transforms, camera calibrations.
    is_latched: bool,
    channels: BTreeMap<String, Channel>,
}

#[derive(Clone, Debug)]
struct Channel {
    line: Option<Timeline>,
    /// Event time of the last reading, or of the clock jump that made it void.
    seen: Stamp,
    ring: Ring<Reading>,
}

/// The reading of one channel that goes with a moment.
#[derive(Clone, Debug)]
pub(crate) struct Sample<'a> {
    pub(crate) stream: &'a StreamId,
    /// Gas name or sensor frame where the stream carries several, else empty.
    pub(crate) channel: &'a str,
    pub(crate) kind: &'static str,
    /// `None` when there is none within the stale horizon.
    pub(crate) reading: Option<&'a Reading>,
    /// Moment minus stamp of the reading, seconds; for a stale channel the age of its newest reading.
    pub(crate) age_secs: f64,
}

impl Sensors {
    /// Number of channels; what `max_streams` bounds.
    pub(crate) fn len(&self) -> usize {
        self.streams.values().map(|stream| stream.channels.len()).sum()
    }

    /// Whether a reading would need a channel that does not exist yet.
    pub(crate) fn is_new(&self, stream: &StreamId, reading: &Reading) -> bool {
        self.streams.get(stream).is_none_or(|stream| !stream.channels.contains_key(channel_of(reading)))
    }

    /// Takes a reading in. Of transforms only the time is kept.
    pub(crate) fn insert(&mut self, params: &FusionParams, arrived: Stamp, stream: &StreamId, reading: Reading) -> Order {
        let kind = reading.kind();
        let is_latched = match &reading {
            Reading::Transforms(transforms) => transforms.is_static,
            reading => matches!(reading, Reading::CameraInfo(_)),
        };
        let entry = self.streams.entry(stream.clone()).or_insert_with(|| Stream { kind, is_latched, channels: BTreeMap::new() });
        entry.is_latched &= is_latched;
        let name = channel_of(&reading);
        if !entry.channels.contains_key(name) {
            entry.channels.insert(name.to_owned(), Channel { line: None, seen: arrived, ring: Ring::new(ring_limits(params, kind)) });
        }
        let Some(channel) = entry.channels.get_mut(name) else { return Order::Next };
        channel.seen = arrived;
        // An empty or static set of transforms has no time of its own.
        let Some(stamp) = reading.stamp() else { return Order::Next };
        let order = Timeline::advance_or_begin(&mut channel.line, arrived, stamp, nanos(params.jump_back_secs));
        match order {
            Order::TooOld { .. } => return order,
            Order::Restarted { .. } => channel.ring.clear(),
            Order::Next | Order::Late { .. } => {}
        }
        match reading {
            Reading::Transforms(_) | Reading::Image(_) => {}
            Reading::CameraInfo(intrinsics) => {
                self.intrinsics.insert(stream.clone(), intrinsics);
            }
            reading => channel.ring.push(stamp, bytes_of(&reading), reading),
        }
        order
    }

    /// The event clock went back to `now`: readings are void. Streams stay known (and stale), and a calibration does not depend on time.
    pub(crate) fn forget(&mut self, now: Stamp) {
        for channel in self.streams.values_mut().flat_map(|stream| stream.channels.values_mut()) {
            channel.line = None;
            channel.seen = now;
            channel.ring.clear();
        }
    }

    /// Newest calibration of every stream that has one.
    pub(crate) fn intrinsics(&self) -> impl Iterator<Item = (&StreamId, &CameraIntrinsics)> {
        self.intrinsics.iter()
    }

    /// The readings nearest to `moment`, ordered by stream and channel. `now` is the same moment on the event clock.
    pub(crate) fn samples<'a>(&'a self, params: &'a FusionParams, moment: &'a Moment, now: Stamp) -> impl Iterator<Item = Sample<'a>> {
        let of_stream = move |(id, stream): (&'a StreamId, &'a Stream)| {
            stream.channels.iter().map(move |(name, channel)| {
                let (reading, age_secs) = channel.nearest(params, stream.kind, moment, now);
                Sample { stream: id, channel: name, kind: stream.kind, reading, age_secs }
            })
        };
        self.streams.iter().filter(|(_, stream)| !matches!(stream.kind, "tf" | "camera_info")).flat_map(of_stream)
    }

    /// Every odometry channel's readings around `moment` with that moment on the channel's own clock.
    pub(crate) fn around<'a>(&'a self, kind: &'a str, moment: &'a Moment) -> impl Iterator<Item = Neighbours<'a>> {
        self.streams.values().filter(move |stream| stream.kind == kind).flat_map(move |stream| {
            stream.channels.values().filter_map(move |channel| {
                let stamp = moment.on(channel.line.as_ref()?.clock());
                let (before, after) = channel.ring.around(stamp);
                Some(Neighbours { stamp, before: before.map(|found| found.1), after: after.map(|found| found.1) })
            })
        })
    }

    /// Health of every stream at `moment`; a stream is as fresh as its oldest channel. `now` is the same moment on the event clock.
    pub(crate) fn health<'a>(
        &'a self,
        params: &'a FusionParams,
        moment: &'a Moment,
        now: Stamp,
    ) -> impl Iterator<Item = StreamHealth> + 'a {
        self.streams.iter().map(move |(id, stream)| {
            let (mut age_secs, mut is_stale) = (0.0f64, false);
            for channel in stream.channels.values() {
                let age = channel.age_secs(moment, now);
                age_secs = age_secs.max(age);
                is_stale |= !stream.is_latched && (channel.line.is_none() || age > channel.horizon_secs(params, stream.kind));
            }
            StreamHealth { stream: id.clone(), kind: stream.kind, age_secs, is_stale }
        })
    }
}

/// Two readings around a stamp of their own clock.
pub(crate) struct Neighbours<'a> {
    pub(crate) stamp: Stamp,
    pub(crate) before: Option<&'a Reading>,
    pub(crate) after: Option<&'a Reading>,
}

impl Channel {
    fn nearest<'a>(&'a self, params: &FusionParams, kind: &str, moment: &Moment, now: Stamp) -> (Option<&'a Reading>, f64) {
        let horizon_nanos = nanos(self.horizon_secs(params, kind));
        let found = self.line.as_ref().and_then(|line| {
            let stamp = moment.on(line.clock());
            self.ring.nearest(stamp, horizon_nanos).map(|(found, reading)| (reading, stamp.secs_since(found)))
        });
        found.map_or_else(|| (None, self.age_secs(moment, now)), |(reading, age)| (Some(reading), age))
    }

    fn age_secs(&self, moment: &Moment, now: Stamp) -> f64 {
        self.line.map_or_else(|| now.secs_since(self.seen).max(0.0), |line| line.age_secs(moment))
    }

    /// What may change within a second is stale after `stale_horizon_secs`. A battery reports every ten seconds and is not stale in between.
    fn horizon_secs(&self, params: &FusionParams, kind: &str) -> f64 {
        match self.line.and_then(|line| line.shortest_gap_secs()).filter(|_| is_slow(kind)) {
            Some(period_secs) => params.stale_horizon_secs.max((SLOW_PERIODS * period_secs).min(params.slow_stale_horizon_secs)),
            None => params.stale_horizon_secs,
        }
    }
}

/// Quantities that change slowly and are published rarely.
fn is_slow(kind: &str) -> bool {
    matches!(kind, "gas" | "temperature" | "battery")
}

fn ring_limits(params: &FusionParams, kind: &str) -> RingLimits {
    // What counts as fresh must still be there.
    let horizon_secs =
        if is_slow(kind) { params.stale_horizon_secs.max(params.slow_stale_horizon_secs) } else { params.stale_horizon_secs };
    RingLimits {
        items: count(params.ring_capacity_items),
        nanos: nanos(params.ring_secs.max(horizon_secs)),
        bytes: count(params.ring_capacity_bytes),
    }
}

/// One topic may carry several gases, or several sensors of different frames.
fn channel_of(reading: &Reading) -> &str {
    let name = match reading {
        Reading::Gas(gas) => gas.gas.as_str(),
        Reading::Temperature(temperature) => temperature.frame.as_str(),
        Reading::Range(range) => range.frame.as_str(),
        Reading::Scan(scan) => scan.frame.as_str(),
        Reading::PointCloud(cloud) => cloud.frame.as_str(),
        Reading::Image(_)
        | Reading::CameraInfo(_)
        | Reading::Imu(_)
        | Reading::Odometry(_)
        | Reading::Transforms(_)
        | Reading::Battery(_) => "",
    };
    name.get(..name.floor_char_boundary(CHANNEL_BYTES)).unwrap_or_default()
}

fn bytes_of(reading: &Reading) -> usize {
    let heap = match reading {
        Reading::Scan(scan) => scan.ranges_m.capacity() * size_of::<f32>(),
        Reading::PointCloud(cloud) => cloud.points_m.capacity() * size_of::<[f32; 3]>(),
        Reading::Gas(gas) => gas.gas.capacity(),
        _ => 0,
    };
    heap + size_of::<Reading>()
}
