//! What was published live against what replay finds. In -> out: hashes of both, in any order -> how many agree.

use crate::summary::Agreement;
use std::collections::BTreeMap;
use vedette_types::{Sha256, Stamp};

/// Messages waiting for their like. Few where live and replay agree.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    live: BTreeMap<Sha256, Stamp>,
    ours: BTreeMap<Sha256, Stamp>,
    same: u64,
    last: Option<Sha256>,
    span: Option<(Stamp, Stamp)>,
}

impl Pairs {
    /// A message that was published at `stamp`. A node says again what stands; that is no message of its own.
    pub(super) fn live(&mut self, hash: Sha256, stamp: Stamp) {
        if self.last.replace(hash) == Some(hash) {
            return;
        }
        self.span = Some(self.span.map_or((stamp, stamp), |(first, last)| (first.min(stamp), last.max(stamp))));
        if self.ours.remove(&hash).is_some() {
            self.same += 1;
        } else {
            self.live.insert(hash, stamp);
        }
    }

    /// A message that replay came to.
    pub(super) fn ours(&mut self, hash: Sha256, stamp: Stamp) {
        if self.live.remove(&hash).is_some() {
            self.same += 1;
        } else {
            self.ours.insert(hash, stamp);
        }
    }

    /// The count. What was published outside the time that the journal tells of (`told`), and what was found outside the time that was
    /// recorded, is nobody's fault.
    pub(super) fn agreement(&self, told: Option<(Stamp, Stamp)>) -> Agreement {
        let is_due = |stamp: &&Stamp| told.is_some_and(|(first, last)| first <= **stamp && **stamp <= last);
        let is_recorded = |stamp: &&Stamp| self.span.is_some_and(|(first, last)| first <= **stamp && **stamp <= last);
        let count = |number: usize| number as u64;
        Agreement {
            same: self.same,
            only_live: count(self.live.values().filter(is_due).count()),
            only_here: count(self.ours.values().filter(is_recorded).count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_in_any_order_and_repetition_counts_once() {
        let at = Stamp::from_nanos;
        let hash = |byte| Sha256([byte; 32]);
        let mut pairs = Pairs::default();
        pairs.live(hash(9), at(1));
        pairs.live(hash(1), at(10));
        pairs.live(hash(1), at(10));
        pairs.ours(hash(0), at(4));
        pairs.ours(hash(1), at(10));
        pairs.ours(hash(2), at(20));
        pairs.live(hash(2), at(20));
        pairs.ours(hash(3), at(15));
        pairs.live(hash(4), at(30));
        pairs.live(hash(6), at(36));
        pairs.ours(hash(5), at(40));
        let Agreement { same, only_live, only_here } = pairs.agreement(Some((at(5), at(35))));
        // 9 came before the beginning, 6 after the journal's end, 5 after the end of the recording; 0 and 3 lie within it.
        assert_eq!((same, only_live, only_here), (2, 1, 2));
    }
}
