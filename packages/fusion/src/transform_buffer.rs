//! The transform tree over time, after tf2 (`tf2::BufferCore`).
//!
//! In -> out: edges `parent_from_child` with stamps, static ones without -> `target_from_source` at any moment of the last
//! `tf_buffer_secs`, interpolated between samples.
//! Deliberately absent: extrapolation (a transform is held for `max_interval_secs` beyond its samples, no longer), and tf2's waiting for
//! transforms that may still come.
//!
//! Differences from tf2: a frame has one parent at a time and loses its past when it gets another; an edge that would close a cycle is
//! refused at insertion, tf2 finds it at look-up; samples closer than 5 ms are thinned out, so that the number of samples is bounded by the
//! time kept and not by the rate of the publisher.

use crate::freshness::{Moment, Order, Timeline};
use crate::params::{FusionParams, count, nanos};
use crate::transform_fault::TransformFault;
use std::collections::{BTreeMap, VecDeque};
use vedette_types::{FrameId, Isometry3, Stamp, StampedTransform};

/// Between three consecutive samples lie at least 5 ms: a robot does not move noticeably in that time, and 15 s stay below 6000 samples.
const THINNING_NANOS: i64 = 5_000_000;

/// Frames that an error names; the rest is a number.
const FRAMES_NAMED: usize = 12;

/// Bounds of a [`TransformBuffer`].
#[derive(Clone, Copy, Debug)]
pub struct TransformLimits {
    /// Time span kept of each dynamic edge, nanoseconds.
    pub buffer_nanos: i64,
    /// How far a transform is held beyond its samples, nanoseconds.
    pub hold_nanos: i64,
    /// A stamp that far behind its edge's newest is not merely out of order, nanoseconds.
    pub jump_back_nanos: i64,
    /// Most edges.
    pub frames: usize,
}

impl From<&FusionParams> for TransformLimits {
    fn from(params: &FusionParams) -> Self {
        Self {
            buffer_nanos: nanos(params.tf_buffer_secs),
            hold_nanos: nanos(params.max_interval_secs),
            jump_back_nanos: nanos(params.jump_back_secs),
            frames: count(params.tf_max_frames),
        }
    }
}

/// All edges, by child frame.
#[derive(Clone, Debug)]
pub struct TransformBuffer {
    edges: BTreeMap<FrameId, Edge>,
    limits: TransformLimits,
}

#[derive(Clone, Debug)]
struct Edge {
    parent: FrameId,
    past: Past,
}

#[derive(Clone, Debug)]
enum Past {
    Static(Isometry3),
    Dynamic { line: Option<Timeline>, samples: VecDeque<(Stamp, Isometry3)> },
}

impl TransformBuffer {
    /// An empty tree.
    pub const fn new(limits: TransformLimits) -> Self {
        Self { edges: BTreeMap::new(), limits }
    }

    /// Takes one edge.
    ///
    /// # Errors
    /// [`TransformFault::Cycle`], `Nameless` or `TooManyFrames`; the tree is unchanged then.
    pub fn insert(&mut self, arrived: Stamp, edge: &StampedTransform, is_static: bool) -> Result<(), TransformFault> {
        self.insert_ordered(arrived, edge, is_static).map(|_| ())
    }

    pub(crate) fn insert_ordered(&mut self, arrived: Stamp, edge: &StampedTransform, is_static: bool) -> Result<Order, TransformFault> {
        let is_known = self.edges.get(&edge.child).is_some_and(|known| known.parent == edge.parent);
        if !is_known {
            self.check_new(edge)?;
        }
        if is_static {
            self.edges.insert(edge.child.clone(), Edge { parent: edge.parent.clone(), past: Past::Static(edge.parent_from_child) });
            return Ok(Order::Next);
        }
        let known = self.edges.entry(edge.child.clone()).or_insert_with(|| Edge { parent: edge.parent.clone(), past: Past::empty() });
        if !is_known || matches!(known.past, Past::Static(_)) {
            *known = Edge { parent: edge.parent.clone(), past: Past::empty() };
        }
        Ok(known.past.push(arrived, edge.stamp, edge.parent_from_child, &self.limits))
    }

    fn check_new(&self, edge: &StampedTransform) -> Result<(), TransformFault> {
        let (parent, child) = (edge.parent.clone(), edge.child.clone());
        if parent.as_str().is_empty() || child.as_str().is_empty() {
            return Err(TransformFault::Nameless { parent, child });
        }
        if self.ancestors(&parent).any(|ancestor| *ancestor == child) {
            return Err(TransformFault::Cycle { parent, child });
        }
        if self.edges.len() >= self.limits.frames && !self.edges.contains_key(&child) {
            return Err(TransformFault::TooManyFrames { child, limit: self.limits.frames });
        }
        Ok(())
    }

    /// Forgets every dynamic sample, since the clock went back. Static edges and the shape of the tree stay.
    pub fn forget_dynamic(&mut self) {
        for edge in self.edges.values_mut() {
            if let Past::Dynamic { .. } = edge.past {
                edge.past = Past::empty();
            }
        }
    }

    /// `frame` and the frames above it. Ends: insertion refuses cycles.
    fn ancestors<'a>(&'a self, frame: &'a FrameId) -> impl Iterator<Item = &'a FrameId> {
        std::iter::successors(Some(frame), |below| self.edges.get(*below).map(|edge| &edge.parent))
    }

    /// Whether `frame` is in the tree.
    pub fn knows(&self, frame: &FrameId) -> bool {
        self.edges.contains_key(frame) || self.edges.values().any(|edge| edge.parent == *frame)
    }

    /// Takes coordinates in `source` to coordinates in `target` at `moment`.
    ///
    /// # Errors
    /// [`TransformFault::UnknownFrame`], `Disconnected`, `Extrapolation` or `Forgotten`.
    pub fn look_up(&self, target: &FrameId, source: &FrameId, moment: &Moment) -> Result<Isometry3, TransformFault> {
        if target == source {
            return Ok(Isometry3::identity());
        }
        let above_target: Vec<&FrameId> = self.ancestors(target).collect();
        let Some(meeting) = self.ancestors(source).find(|ancestor| above_target.contains(ancestor)) else {
            return Err(self.why_not(target, source));
        };
        let meeting_from_source = self.climb(source, meeting, moment)?;
        let meeting_from_target = self.climb(target, meeting, moment)?;
        Ok(meeting_from_target.inv_mul(&meeting_from_source))
    }

    /// `top_from_frame`, where `top` is above `frame` or is it.
    fn climb(&self, frame: &FrameId, top: &FrameId, moment: &Moment) -> Result<Isometry3, TransformFault> {
        let mut result = Isometry3::identity();
        for below in self.ancestors(frame).take_while(|ancestor| *ancestor != top) {
            let Some(edge) = self.edges.get(below) else { break };
            result = edge.at(below, moment, self.limits.hold_nanos)? * result;
        }
        Ok(result)
    }

    fn why_not(&self, target: &FrameId, source: &FrameId) -> TransformFault {
        let unknown = [source, target].into_iter().find(|frame| !self.knows(frame)).cloned();
        let (target, source_frame) = (target.clone(), source.clone());
        if let Some(unknown) = unknown {
            return TransformFault::UnknownFrame { known: self.known_frames(), target, source_frame, unknown };
        }
        let root = |frame: &FrameId| self.ancestors(frame).last().unwrap_or(frame).clone();
        TransformFault::Disconnected { target_root: root(&target), source_root: root(&source_frame), target, source_frame }
    }

    fn known_frames(&self) -> String {
        let mut frames: Vec<&FrameId> = self.edges.iter().flat_map(|(child, edge)| [child, &edge.parent]).collect();
        frames.sort_unstable();
        frames.dedup();
        if frames.is_empty() {
            return "none".to_owned();
        }
        let named: Vec<String> = frames.iter().take(FRAMES_NAMED).map(|frame| frame.as_str().chars().take(64).collect()).collect();
        match frames.len().saturating_sub(FRAMES_NAMED) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

impl Past {
    const fn empty() -> Self {
        Self::Dynamic { line: None, samples: VecDeque::new() }
    }

    fn push(&mut self, arrived: Stamp, stamp: Stamp, pose: Isometry3, limits: &TransformLimits) -> Order {
        let Self::Dynamic { line, samples } = self else { return Order::Next };
        let order = Timeline::advance_or_begin(line, arrived, stamp, limits.jump_back_nanos);
        match order {
            Order::Next => {
                if let Some((newest, last)) = samples.back_mut().filter(|newest| newest.0 == stamp) {
                    (*newest, *last) = (stamp, pose);
                } else {
                    // The newest sample always counts; the one before it goes when it is too near to the one before that.
                    let before = samples.len().checked_sub(2).and_then(|index| samples.get(index));
                    if let (Some(before), Some(last)) = (before, samples.back())
                        && last.0.nanos_since(before.0) < THINNING_NANOS
                    {
                        samples.pop_back();
                    }
                    samples.push_back((stamp, pose));
                }
            }
            Order::Late { .. } => {
                let place = samples.partition_point(|sample| sample.0 < stamp);
                let is_near = |index: usize| samples.get(index).is_some_and(|s| s.0.nanos_since(stamp).abs() < THINNING_NANOS);
                if !is_near(place) && !place.checked_sub(1).is_some_and(is_near) {
                    samples.insert(place, (stamp, pose));
                }
            }
            Order::TooOld { .. } => {}
            Order::Restarted { .. } => {
                samples.clear();
                samples.push_back((stamp, pose));
            }
        }
        let newest = samples.back().map_or(stamp, |sample| sample.0);
        // One sample older than the span stays, so that the whole span can be interpolated.
        while samples.get(1).is_some_and(|second| newest.nanos_since(second.0) >= limits.buffer_nanos) {
            samples.pop_front();
        }
        order
    }
}

impl Edge {
    fn at(&self, child: &FrameId, moment: &Moment, hold_nanos: i64) -> Result<Isometry3, TransformFault> {
        let (line, samples) = match &self.past {
            Past::Static(pose) => return Ok(*pose),
            Past::Dynamic { line, samples } => (line, samples),
        };
        let (Some(line), Some(oldest), Some(newest)) = (line, samples.front(), samples.back()) else {
            return Err(TransformFault::Forgotten { parent: self.parent.clone(), child: child.clone() });
        };
        let stamp = moment.on(line.clock());
        let after = samples.partition_point(|sample| sample.0 < stamp);
        let (before, after) = (after.checked_sub(1).and_then(|index| samples.get(index)), samples.get(after));
        let (nearest, by_nanos) = match (before, after) {
            (Some(before), Some(after)) => {
                let span = after.0.nanos_since(before.0) as f64;
                return Ok(interpolate(&before.1, &after.1, stamp.nanos_since(before.0) as f64 / span));
            }
            (Some(last), None) => (last, stamp.nanos_since(last.0)),
            (None, Some(first)) => (first, first.0.nanos_since(stamp)),
            (None, None) => return Err(TransformFault::Forgotten { parent: self.parent.clone(), child: child.clone() }),
        };
        if by_nanos <= hold_nanos {
            return Ok(nearest.1);
        }
        Err(TransformFault::Extrapolation {
            parent: self.parent.clone(),
            child: child.clone(),
            stamp,
            oldest: oldest.0,
            newest: newest.0,
            by_secs: by_nanos as f64 * 1e-9,
        })
    }
}

/// The pose at `fraction` (0 to 1) of the way from `a` to `b`: positions on the straight line, rotations on the shorter arc.
pub fn interpolate(a: &Isometry3, b: &Isometry3, fraction: f64) -> Isometry3 {
    // `None` where the arc is not unique (half a turn): the nearer end is as good as any.
    a.try_lerp_slerp(b, fraction, 1e-12).unwrap_or(if fraction < 0.5 { *a } else { *b })
}

#[cfg(test)]
mod tests {
    use super::{Past, TransformBuffer, TransformLimits};
    use crate::FusionParams;
    use proptest::prelude::*;
    use vedette_types::{FrameId, Isometry3, Stamp, StampedTransform};

    fn sample_stamps(buffer: &TransformBuffer) -> Vec<Stamp> {
        let samples = buffer.edges.values().map(|edge| match &edge.past {
            Past::Static(_) => Vec::new(),
            Past::Dynamic { samples, .. } => samples.iter().map(|sample| sample.0).collect(),
        });
        samples.flatten().collect()
    }

    proptest! {
        #[test]
        fn samples_stay_sorted_and_bounded_at_any_rate_and_order(steps in prop::collection::vec((-3_000_000i64..30_000_000, 1u32..2000), 1..40)) {
            let mut buffer = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
            let mut stamp = Stamp::from_nanos(0);
            for (step, repeats) in steps {
                for _ in 0..repeats {
                    stamp = stamp.plus_nanos(step);
                    let (parent, child) = (FrameId::new("odom"), FrameId::new("base_link"));
                    let edge = StampedTransform { stamp, parent, child, parent_from_child: Isometry3::identity() };
                    prop_assert!(buffer.insert(stamp, &edge, false).is_ok());
                }
                let stamps = sample_stamps(&buffer);
                prop_assert!(stamps.is_sorted_by(|a, b| a < b));
                prop_assert!(stamps.len() <= 6005, "{}", stamps.len());
            }
        }
    }
}
