//! Clocks and order of streams. Header stamps and event times may come from different clocks; here they meet.
//!
//! In -> out: (arrival, stamp) of every reading of a stream -> whether it is in order, which clock its stamps follow, how old its newest
//! reading is at any [`Moment`].
//! Deliberately absent: synchronising clocks. All alignment is by header stamp; an offset is used only where two clocks evidently differ.
//!
//! # Two clocks
//! `offset = arrival - stamp` is latency plus the difference of the two clocks. Its minimum over time is the best estimate of the part that
//! does not vary. A minimum between 0 and `max_latency_secs` is taken as real latency: stamps and events share a clock, and the latency
//! counts as age. Anything else (hours, or a stamp from the future) is another clock, and is subtracted. Two streams are on one clock when
//! their offsets differ by at most `max_latency_secs`; then their stamps are compared as they are.
//!
//! The minimum may rise by one thousandth of the elapsed time, which follows the drift of any crystal, and never jumps up: a plain minimum
//! over a window would forget within that window that a camera whose stamp stands still was ever fresh, and call it fresh again.

use crate::params::nanos;
use vedette_types::Stamp;

/// Rejected readings in a row after which the clock of a stream is believed to have gone back.
const RESTART_AFTER: u8 = 3;

/// The clock that stamps a stream, seen from the event clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StampClock {
    offset_nanos: i64,
    updated: Stamp,
}

impl StampClock {
    /// The clock of a stream whose first reading was stamped `stamp` and arrived at `arrived`.
    pub const fn new(arrived: Stamp, stamp: Stamp) -> Self {
        Self { offset_nanos: arrived.nanos_since(stamp), updated: arrived }
    }

    fn update(&mut self, arrived: Stamp, stamp: Stamp) {
        let elapsed = arrived.nanos_since(self.updated).max(0);
        self.offset_nanos = arrived.nanos_since(stamp).min(self.offset_nanos.saturating_add(elapsed / 1000));
        self.updated = arrived.max(self.updated);
    }
}

/// A point in time on the clock it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    stamp: Stamp,
    clock: Option<StampClock>,
    max_latency_nanos: i64,
}

impl Moment {
    /// A point on the event clock.
    pub fn event(now: Stamp, max_latency_secs: f64) -> Self {
        Self { stamp: now, clock: None, max_latency_nanos: nanos(max_latency_secs) }
    }

    /// A header stamp of a stream.
    pub fn header(stamp: Stamp, clock: StampClock, max_latency_secs: f64) -> Self {
        Self { stamp, clock: Some(clock), max_latency_nanos: nanos(max_latency_secs) }
    }

    /// This moment as `clock` would stamp it.
    pub fn on(&self, clock: &StampClock) -> Stamp {
        let (shift, is_one_clock) = match self.clock {
            None => (clock.offset_nanos.saturating_neg(), (0..=self.max_latency_nanos).contains(&clock.offset_nanos)),
            Some(own) => {
                let shift = own.offset_nanos.saturating_sub(clock.offset_nanos);
                (shift, shift.unsigned_abs() <= self.max_latency_nanos.unsigned_abs())
            }
        };
        if is_one_clock { self.stamp } else { self.stamp.plus_nanos(shift) }
    }
}

/// How a reading stands to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The newest so far.
    Next,
    /// Older than the newest, near enough to be sorted in.
    Late { by_nanos: i64 },
    /// Too old to be of use.
    TooOld { by_nanos: i64 },
    /// The clock of the stream went back; what was known of it is void.
    Restarted { by_nanos: i64 },
}

/// The order and the clock of one stream, channel or transform edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline {
    clock: StampClock,
    newest: Stamp,
    shortest_gap_nanos: Option<i64>,
    too_old_in_a_row: u8,
}

impl Timeline {
    pub(crate) const fn begin(arrived: Stamp, stamp: Stamp) -> Self {
        Self { clock: StampClock::new(arrived, stamp), newest: stamp, shortest_gap_nanos: None, too_old_in_a_row: 0 }
    }

    /// Takes note of one reading.
    pub(crate) fn advance(&mut self, arrived: Stamp, stamp: Stamp, jump_back_nanos: i64) -> Order {
        let by_nanos = self.newest.nanos_since(stamp);
        if by_nanos > jump_back_nanos {
            self.too_old_in_a_row = self.too_old_in_a_row.saturating_add(1);
            if self.too_old_in_a_row < RESTART_AFTER {
                return Order::TooOld { by_nanos };
            }
            *self = Self::begin(arrived, stamp);
            return Order::Restarted { by_nanos };
        }
        self.too_old_in_a_row = 0;
        self.clock.update(arrived, stamp);
        if by_nanos > 0 {
            return Order::Late { by_nanos };
        }
        if by_nanos < 0 {
            let gap = by_nanos.saturating_neg();
            self.shortest_gap_nanos = Some(self.shortest_gap_nanos.map_or(gap, |shortest| shortest.min(gap)));
        }
        self.newest = stamp;
        Order::Next
    }

    /// `advance` on a time line that may not have begun.
    pub(crate) fn advance_or_begin(line: &mut Option<Self>, arrived: Stamp, stamp: Stamp, jump_back_nanos: i64) -> Order {
        match line {
            Some(line) => line.advance(arrived, stamp, jump_back_nanos),
            None => {
                *line = Some(Self::begin(arrived, stamp));
                Order::Next
            }
        }
    }

    pub(crate) const fn clock(&self) -> &StampClock {
        &self.clock
    }

    /// Age of the newest reading at `moment`, seconds, not below 0.
    pub(crate) fn age_secs(&self, moment: &Moment) -> f64 {
        moment.on(&self.clock).secs_since(self.newest).max(0.0)
    }

    /// Shortest distance of two stamps in order, seconds.
    pub(crate) fn shortest_gap_secs(&self) -> Option<f64> {
        self.shortest_gap_nanos.map(|gap| gap as f64 * 1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Order, StampClock, Timeline};
    use proptest::prelude::*;
    use vedette_types::Stamp;

    const SECOND: i64 = 1_000_000_000;
    const HOUR: i64 = 3600 * SECOND;

    fn at(secs: f64) -> Stamp {
        Stamp::from_nanos(HOUR * 100).plus_secs(secs)
    }

    /// Age at `now` of a stream that was stamped `offset_secs` off the event clock from 0 to 10 s at 10 Hz.
    fn check_age(offset_secs: f64, now_secs: f64, expected: f64) {
        let mut line = Timeline::begin(at(0.0), at(-offset_secs));
        for i in 0..=100 {
            let arrived = f64::from(i) * 0.1;
            line.advance(at(arrived), at(arrived - offset_secs), SECOND);
        }
        let age = line.age_secs(&Moment::event(at(now_secs), 10.0));
        assert!((age - expected).abs() < 0.02, "offset {offset_secs} s at {now_secs} s: {age}");
    }

    #[test]
    fn latency_is_age_and_another_clock_is_not() {
        check_age(0.0, 10.0, 0.0);
        check_age(0.0, 12.0, 2.0);
        check_age(1.5, 10.0, 1.5);
        check_age(3600.0, 10.0, 0.0);
        check_age(3600.0, 13.0, 3.0);
        check_age(-3600.0, 13.0, 3.0);
        check_age(-0.5, 13.0, 3.0);
    }

    #[test]
    fn a_stamp_that_stands_still_never_becomes_fresh_again() {
        let mut line = Timeline::begin(at(0.0), at(0.0));
        for i in 1..=600 {
            line.advance(at(f64::from(i)), at(0.0), SECOND);
        }
        assert!(line.age_secs(&Moment::event(at(600.0), 10.0)) > 590.0);
    }

    #[test]
    fn a_slow_clock_of_hours_apart_stays_fresh() {
        // Stamps lose 50 ppm against arrivals, for ten hours.
        let mut line = Timeline::begin(at(0.0), at(-3600.0));
        for i in 1..=36_000 {
            let arrived = f64::from(i);
            line.advance(at(arrived), at(arrived * (1.0 - 50e-6) - 3600.0), SECOND);
        }
        assert!(line.age_secs(&Moment::event(at(36_000.0), 10.0)) < 0.1);
    }

    #[test]
    fn streams_of_one_clock_compare_their_stamps_as_they_are() {
        let camera = StampClock::new(at(0.2), at(-7200.0));
        let scan = StampClock::new(at(0.0), at(-7200.0));
        let other = StampClock::new(at(0.0), at(0.0));
        let moment = Moment::header(at(-7200.0), camera, 10.0);
        assert_eq!(moment.on(&scan), at(-7200.0));
        assert_eq!(moment.on(&other), at(0.2));
    }

    #[test]
    fn late_old_and_restarted_are_told_apart() {
        let mut line = Timeline::begin(at(0.0), at(10.0));
        let order: Vec<_> = [10.1, 9.9, 10.1, 3.0, 10.2, 3.0, 3.1, 3.2, 3.3]
            .iter()
            .map(|secs| match line.advance(at(0.0), at(*secs), SECOND) {
                Order::Next => "next",
                Order::Late { .. } => "late",
                Order::TooOld { .. } => "too old",
                Order::Restarted { .. } => "restarted",
            })
            .collect();
        assert_eq!(order, ["next", "late", "next", "too old", "next", "too old", "too old", "restarted", "next"]);
    }

    proptest! {
        #[test]
        fn any_sequence_of_times_is_survived(times in prop::collection::vec((any::<i64>(), any::<i64>()), 1..50), now in any::<i64>()) {
            let mut line = None;
            for (arrived, stamp) in times {
                Timeline::advance_or_begin(&mut line, Stamp::from_nanos(arrived), Stamp::from_nanos(stamp), SECOND);
            }
            let age = line.map(|line| line.age_secs(&Moment::event(Stamp::from_nanos(now), 10.0)));
            prop_assert!(age.is_some_and(|age| age >= 0.0));
        }
    }
}
