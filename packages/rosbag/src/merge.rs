//! Many segments -> one sequence in log-time order, in bounded memory.
//!
//! Segments wait in the order of their earliest time. One is loaded as soon as its first message may be due, so an orderly recording has one
//! or two in memory; a file whose messages are out of order, or splits that overlap, have as many as overlap in time. Beyond the allowed
//! bytes, the loaded segment whose next message is furthest away is dropped and loaded again when it is due: slower, never wrong, never
//! more memory. Ties go by file, then by place in the file.

use crate::{
    BagError,
    segment::{Entry, Loaded, Segment},
};
use std::{cmp::Reverse, collections::BinaryHeap};
use vedette_types::Stamp;

/// Where segments are loaded from.
pub(crate) trait Source {
    /// Whether the segment may hold a wanted message.
    fn may_hold(&self, segment: &Segment) -> bool;
    /// Fills `loaded` with the wanted messages, in file order.
    fn load(&mut self, segment: &Segment, loaded: &mut Loaded) -> Result<(), BagError>;
    /// The bytes of one message.
    fn payload(&mut self, segment: &Segment, loaded: &Loaded, entry: &Entry) -> Result<Vec<u8>, BagError>;
    /// An error that names the segment.
    fn damaged(&self, segment: &Segment, reason: &str) -> BagError;
}

/// Time of the next message, file, position of the segment in it, place in `open`.
type Due = Reverse<(Stamp, u32, u32, usize)>;

/// A reading position over all segments.
pub(crate) struct Merge {
    segments: Vec<Segment>,
    next_segment: usize,
    due: BinaryHeap<Due>,
    open: Vec<Option<Open>>,
    spare: Vec<Loaded>,
    last_time: Option<Stamp>,
    max_cached_bytes: usize,
    /// How often a segment had to be loaded once more.
    pub(crate) reloads: u64,
}

struct Open {
    segment: Segment,
    next_entry: usize,
    next_time: Stamp,
    loaded: Option<Loaded>,
}

impl Merge {
    pub(crate) fn new(mut segments: Vec<Segment>, max_cached_bytes: usize) -> Self {
        segments.sort_by_key(Segment::key);
        let (due, open, spare) = (BinaryHeap::new(), Vec::new(), Vec::new());
        Self { segments, next_segment: 0, due, open, spare, last_time: None, max_cached_bytes, reloads: 0 }
    }

    /// Back to the first message.
    pub(crate) fn restart(&mut self) {
        (self.next_segment, self.last_time, self.reloads) = (0, None, 0);
        self.due.clear();
        self.open.clear();
    }

    /// The next message with the number of its file. After an error the reading position is behind what was damaged.
    pub(crate) fn next(&mut self, source: &mut impl Source) -> Result<Option<(u32, Entry, Vec<u8>)>, BagError> {
        loop {
            let due = self.due.peek().map(|Reverse((time, file, position, _))| (*time, *file, *position));
            let waiting = self.segments.get(self.next_segment).filter(|segment| due.is_none_or(|due| segment.key() < due));
            if let Some(segment) = waiting {
                let wanted = source.may_hold(segment);
                self.next_segment += 1;
                if wanted {
                    self.open(self.next_segment - 1, source)?;
                }
                continue;
            }
            let Some(Reverse((_, _, _, slot))) = self.due.pop() else { return Ok(None) };
            let Some(open) = self.open.get_mut(slot).and_then(Option::take) else { continue };
            return self.take(open, slot, source).map(Some);
        }
    }

    /// Loads a segment for the first time.
    fn open(&mut self, index: usize, source: &mut impl Source) -> Result<(), BagError> {
        let Some(segment) = self.segments.get(index).cloned() else { return Ok(()) };
        let loaded = self.load(&segment, source)?;
        let Some(first) = loaded.entries.first() else {
            self.keep(loaded);
            return Ok(());
        };
        if self.last_time.is_some_and(|last| first.log_time < last) {
            return Err(source.damaged(&segment, "it begins earlier than the index says; `mcap recover` writes a right index"));
        }
        let slot = self.open.iter().position(Option::is_none).unwrap_or(self.open.len());
        let next_time = first.log_time;
        self.put(slot, Open { segment, next_entry: 0, next_time, loaded: Some(loaded) });
        self.trim();
        Ok(())
    }

    /// Takes the next message out of an open segment.
    fn take(&mut self, mut open: Open, slot: usize, source: &mut impl Source) -> Result<(u32, Entry, Vec<u8>), BagError> {
        let was_dropped = open.loaded.is_none();
        let loaded = match open.loaded.take() {
            Some(loaded) => loaded,
            None => self.load(&open.segment, source)?,
        };
        let Some(entry) = loaded.entries.get(open.next_entry).copied() else {
            return Err(source.damaged(&open.segment, "it changed while it was read"));
        };
        let payload = source.payload(&open.segment, &loaded, &entry);
        let file = open.segment.file;
        open.next_entry += 1;
        match loaded.entries.get(open.next_entry).map(|next| next.log_time) {
            Some(next_time) => self.put(slot, Open { next_time, loaded: Some(loaded), ..open }),
            None => self.keep(loaded),
        }
        if was_dropped {
            self.reloads += 1;
            self.trim();
        }
        self.last_time = Some(entry.log_time);
        payload.map(|payload| (file, entry, payload))
    }

    fn load(&mut self, segment: &Segment, source: &mut impl Source) -> Result<Loaded, BagError> {
        let mut loaded = self.spare.pop().unwrap_or_default();
        source.load(segment, &mut loaded)?;
        loaded.sort();
        Ok(loaded)
    }

    fn put(&mut self, slot: usize, open: Open) {
        self.due.push(Reverse((open.next_time, open.segment.file, open.segment.position, slot)));
        match self.open.get_mut(slot) {
            Some(place) => *place = Some(open),
            None => self.open.push(Some(open)),
        }
    }

    /// Keeps the memory of a finished segment for the next one.
    fn keep(&mut self, loaded: Loaded) {
        if self.spare.is_empty() && loaded.held_bytes() <= self.max_cached_bytes / 4 {
            self.spare.push(loaded);
        }
    }

    /// Drops what is due last until the rest fits.
    fn trim(&mut self) {
        let first = self.due.peek().map(|Reverse((_, _, _, slot))| *slot);
        let mut held: usize = self.open.iter().flatten().filter_map(|open| open.loaded.as_ref()).map(Loaded::held_bytes).sum();
        while held > self.max_cached_bytes {
            let droppable = |slot: usize, open: &Open| Some(slot) != first && open.loaded.is_some();
            let candidates = self.open.iter_mut().enumerate().filter_map(|(slot, open)| open.as_mut().map(|open| (slot, open)));
            let last = candidates.filter(|(slot, open)| droppable(*slot, open)).max_by_key(|(_, open)| open.next_time);
            let Some(loaded) = last.and_then(|(_, open)| open.loaded.take()) else { return };
            held = held.saturating_sub(loaded.held_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Merge, Source};
    use crate::{
        BagError,
        segment::{Entry, Loaded, Segment, SegmentKind},
    };
    use proptest::prelude::*;
    use vedette_types::Stamp;

    /// Messages of every segment: their times. Payload is (segment, place in it).
    struct Times {
        segments: Vec<Vec<i64>>,
    }

    impl Source for Times {
        fn may_hold(&self, segment: &Segment) -> bool {
            segment.length > 0
        }

        fn load(&mut self, segment: &Segment, loaded: &mut Loaded) -> Result<(), BagError> {
            let times = &self.segments[segment.offset as usize];
            let entry = |(at, time): (usize, &i64)| {
                let time = Stamp::from_nanos(*time);
                Entry { log_time: time, publish_time: time, at: at as u64, length: 0, topic: 0 }
            };
            loaded.clear();
            loaded.entries.extend(times.iter().enumerate().map(entry));
            Ok(())
        }

        fn payload(&mut self, segment: &Segment, _: &Loaded, entry: &Entry) -> Result<Vec<u8>, BagError> {
            Ok(vec![segment.offset as u8, entry.at as u8])
        }

        fn damaged(&self, _: &Segment, reason: &str) -> BagError {
            BagError::Damaged { path: "x".into(), what: "chunk", offset: 0, reason: reason.into() }
        }
    }

    fn segments(times: &[Vec<i64>], files: &[u32]) -> Vec<Segment> {
        let segment = |(offset, times): (usize, &Vec<i64>)| Segment {
            file: files[offset % files.len()],
            position: offset as u32,
            start: Stamp::from_nanos(times.iter().copied().min().unwrap_or(0)),
            offset: offset as u64,
            length: times.len() as u64,
            kind: SegmentKind::Rows,
            channels: Box::default(),
        };
        times.iter().enumerate().map(segment).collect()
    }

    proptest! {
        #[test]
        fn order_is_total_and_independent_of_memory(
            times in prop::collection::vec(prop::collection::vec(0_i64..40, 0..12), 0..12),
            budget in 0_usize..2000,
        ) {
            let files = [0, 1, 0];
            let list = segments(&times, &files);
            let mut expected: Vec<(i64, u32, usize, usize)> = times.iter().enumerate()
                .flat_map(|(s, times)| times.iter().enumerate().map(move |(at, time)| (*time, files[s % 3], s, at)))
                .collect();
            expected.sort_unstable();
            let mut source = Times { segments: times };
            let mut merge = Merge::new(list, budget);
            for round in 0..2 {
                let mut got = Vec::new();
                while let Some((file, entry, payload)) = merge.next(&mut source).unwrap() {
                    got.push((entry.log_time.nanos(), file, usize::from(payload[0]), usize::from(payload[1])));
                }
                prop_assert_eq!(&got, &expected, "round {}", round);
                merge.restart();
            }
        }
    }

    #[test]
    fn overlapping_segments_beyond_the_budget_are_loaded_again() {
        let times: Vec<Vec<i64>> = (0..8).map(|s| (0..100).map(|i| i * 8 + s).collect()).collect();
        let list = segments(&times, &[0]);
        let mut source = Times { segments: times };
        let mut merge = Merge::new(list, 2 * 100 * size_of::<Entry>());
        let mut count = 0;
        while merge.next(&mut source).unwrap().is_some() {
            count += 1;
            let loaded = merge.open.iter().flatten().filter(|open| open.loaded.is_some()).count();
            assert!(loaded <= 3, "{loaded} segments in memory");
        }
        assert_eq!(count, 800);
        assert!(merge.reloads > 0);
    }

    #[test]
    fn a_segment_that_begins_too_early_is_an_error_and_reading_goes_on() {
        let times = vec![vec![5, 6], vec![1, 7], vec![8]];
        let mut list = segments(&times, &[0]);
        list[1].start = Stamp::from_nanos(6);
        let mut merge = Merge::new(list, 1 << 20);
        let mut source = Times { segments: times };
        let mut seen = Vec::new();
        let mut errors = 0;
        loop {
            match merge.next(&mut source) {
                Ok(Some((_, entry, _))) => seen.push(entry.log_time.nanos()),
                Ok(None) => break,
                Err(_) => errors += 1,
            }
        }
        assert_eq!((seen, errors), (vec![5, 6, 8], 1));
    }
}
