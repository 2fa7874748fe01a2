//! A bounded store of the recent past of one channel, sorted by stamp.
//!
//! In -> out: (stamp, bytes, value) in any order -> the value nearest to a stamp, or those around it.
//! Deliberately absent: knowing what the values are, or where their clock stands.

use std::collections::VecDeque;
use vedette_types::Stamp;

/// Bounds of a [`Ring`]; each of them holds after every push.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RingLimits {
    pub(crate) items: usize,
    /// Span from oldest to newest.
    pub(crate) nanos: i64,
    /// Sum over the items; a single item may exceed it.
    pub(crate) bytes: usize,
}

#[derive(Clone, Debug)]
struct Item<T> {
    stamp: Stamp,
    bytes: usize,
    value: T,
}

/// A value with its stamp.
pub(crate) type Found<'a, T> = Option<(Stamp, &'a T)>;

/// Recent values, sorted by stamp; one value a stamp.
#[derive(Clone, Debug)]
pub(crate) struct Ring<T> {
    items: VecDeque<Item<T>>,
    bytes: usize,
    limits: RingLimits,
}

impl<T> Ring<T> {
    pub(crate) const fn new(limits: RingLimits) -> Self {
        Self { items: VecDeque::new(), bytes: 0, limits }
    }

    /// Sorts `value` in; a value of the same stamp is replaced. The oldest go where a bound is exceeded, and only the newest is safe.
    pub(crate) fn push(&mut self, stamp: Stamp, bytes: usize, value: T) {
        let place = match self.items.back() {
            Some(newest) if newest.stamp >= stamp => self.items.partition_point(|item| item.stamp < stamp),
            _ => self.items.len(),
        };
        self.bytes = self.bytes.saturating_add(bytes);
        let item = Item { stamp, bytes, value };
        match self.items.get_mut(place) {
            Some(old) if old.stamp == stamp => {
                self.bytes = self.bytes.saturating_sub(old.bytes);
                *old = item;
            }
            _ => self.items.insert(place, item),
        }
        while self.items.len() > 1 && self.exceeds_a_bound() {
            if let Some(oldest) = self.items.pop_front() {
                self.bytes = self.bytes.saturating_sub(oldest.bytes);
            }
        }
    }

    fn exceeds_a_bound(&self) -> bool {
        let span = match (self.items.front(), self.items.back()) {
            (Some(oldest), Some(newest)) => newest.stamp.nanos_since(oldest.stamp),
            _ => 0,
        };
        self.items.len() > self.limits.items || self.bytes > self.limits.bytes || span > self.limits.nanos
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.bytes = 0;
    }

    /// The last value not after `stamp` and the first one after it.
    pub(crate) fn around(&self, stamp: Stamp) -> (Found<'_, T>, Found<'_, T>) {
        let after = self.items.partition_point(|item| item.stamp <= stamp);
        let get = |index: usize| self.items.get(index).map(|item| (item.stamp, &item.value));
        (after.checked_sub(1).and_then(get), get(after))
    }

    /// The value nearest to `stamp` within `max_interval_nanos`; of two equally near ones the older.
    pub(crate) fn nearest(&self, stamp: Stamp, max_interval_nanos: i64) -> Found<'_, T> {
        let distance = |found: &(Stamp, &T)| found.0.nanos_since(stamp).unsigned_abs();
        let (before, after) = self.around(stamp);
        let nearest = match (before, after) {
            (Some(before), Some(after)) => Some(if distance(&after) < distance(&before) { after } else { before }),
            (before, after) => before.or(after),
        };
        nearest.filter(|found| distance(found) <= max_interval_nanos.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::{Ring, RingLimits};
    use proptest::prelude::*;
    use vedette_types::Stamp;

    fn ring(limits: RingLimits, stamps: &[i64]) -> Ring<i64> {
        let mut ring = Ring::new(limits);
        for nanos in stamps {
            ring.push(Stamp::from_nanos(*nanos), 10, *nanos);
        }
        ring
    }

    const WIDE: RingLimits = RingLimits { items: 100, nanos: 1000, bytes: 10_000 };

    fn check_nearest(stamps: &[i64], at: i64, max_interval: i64, expected: Option<i64>) {
        let ring = ring(WIDE, stamps);
        assert_eq!(ring.nearest(Stamp::from_nanos(at), max_interval).map(|found| *found.1), expected, "{stamps:?} at {at}");
    }

    #[test]
    fn the_nearest_within_the_interval_is_found() {
        check_nearest(&[], 5, 100, None);
        check_nearest(&[10], 5, 100, Some(10));
        check_nearest(&[10], 5, 4, None);
        check_nearest(&[10], 5, 5, Some(10));
        check_nearest(&[10, 20], 14, 100, Some(10));
        check_nearest(&[10, 20], 15, 100, Some(10));
        check_nearest(&[10, 20], 16, 100, Some(20));
        check_nearest(&[20, 10, 30], 12, 100, Some(10));
        check_nearest(&[10, 20], 300, 100, None);
    }

    #[test]
    fn one_value_larger_than_the_byte_bound_is_still_there() {
        let ring = ring(RingLimits { bytes: 5, ..WIDE }, &[1, 2, 3]);
        assert_eq!(ring.items.len(), 1);
        assert_eq!(ring.nearest(Stamp::from_nanos(3), 0).map(|found| *found.1), Some(3));
    }

    proptest! {
        #[test]
        fn every_bound_holds_after_every_push(
            pushes in prop::collection::vec((-500i64..500, 0usize..40), 1..200),
            items in 1usize..20, nanos in 0i64..300, bytes in 1usize..200,
        ) {
            let mut ring = Ring::new(RingLimits { items, nanos, bytes });
            for (stamp, size) in pushes {
                ring.push(Stamp::from_nanos(stamp), size, ());
                let stamps: Vec<_> = ring.items.iter().map(|item| item.stamp).collect();
                prop_assert!(stamps.is_sorted_by(|a, b| a < b));
                prop_assert!(stamps.len() <= items);
                prop_assert_eq!(ring.bytes, ring.items.iter().map(|item| item.bytes).sum::<usize>());
                prop_assert!(ring.bytes <= bytes || stamps.len() == 1);
                prop_assert!(stamps[stamps.len() - 1].nanos_since(stamps[0]) <= nanos);
            }
        }

        #[test]
        fn nearest_agrees_with_a_search_through_everything(stamps in prop::collection::vec(-200i64..200, 0..40), at in -300i64..300, max in 0i64..100) {
            let found = ring(WIDE, &stamps).nearest(Stamp::from_nanos(at), max).map(|found| (found.0.nanos() - at).abs());
            let expected = stamps.iter().map(|stamp| (stamp - at).abs()).min().filter(|distance| *distance <= max);
            prop_assert_eq!(found, expected);
        }
    }
}
