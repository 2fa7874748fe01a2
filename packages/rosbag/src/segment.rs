//! The unit of reading: a piece of one file that is loaded and sorted as one.

use vedette_types::Stamp;

/// Place and earliest time of a piece of a file. A bag holds one of these per chunk, so it is kept small.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// Position of the file in the bag; decides ties first.
    pub(crate) file: u32,
    /// Position in the file; decides ties next.
    pub(crate) position: u32,
    /// No message of the segment is earlier.
    pub(crate) start: Stamp,
    /// First byte of the record, or first row id.
    pub(crate) offset: u64,
    /// Bytes from `offset` on, or the last row id.
    pub(crate) length: u64,
    /// What stands there.
    pub(crate) kind: SegmentKind,
    /// The MCAP channels with messages in it; empty when not known.
    pub(crate) channels: Box<[u16]>,
}

/// What a segment is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentKind {
    /// A whole MCAP chunk record. `verified`: an earlier pass has checked its checksum.
    Chunk {
        /// The checksum needs no second look.
        verified: bool,
    },
    /// An MCAP chunk that the end of the file cuts: what can be decompressed of it.
    CutChunk,
    /// MCAP records outside of chunks.
    Records,
    /// sqlite3 rows.
    Rows,
}

impl Segment {
    /// Order in which segments must be looked at.
    pub(crate) fn key(&self) -> (Stamp, u32, u32) {
        (self.start, self.file, self.position)
    }
}

/// A loaded segment. Kept and reused, so that a large buffer is mapped once and not once a chunk.
#[derive(Default)]
pub(crate) struct Loaded {
    /// Uncompressed records; empty for sqlite3, which reads a payload when it is due.
    pub(crate) bytes: Vec<u8>,
    /// Messages in log-time order; file order where equal.
    pub(crate) entries: Vec<Entry>,
}

/// One message of a loaded segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When it was recorded.
    pub(crate) log_time: Stamp,
    /// When it was published.
    pub(crate) publish_time: Stamp,
    /// Where the payload begins in `bytes`, or its row id.
    pub(crate) at: u64,
    /// Bytes of payload; 0 for sqlite3.
    pub(crate) length: u32,
    /// Position in the bag's list of topics.
    pub(crate) topic: u32,
}

impl Loaded {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
    }

    /// Bytes of memory held.
    pub(crate) fn held_bytes(&self) -> usize {
        self.bytes.capacity() + self.entries.capacity() * size_of::<Entry>()
    }

    /// Puts the messages into log-time order; the sort is stable, so that ties keep the order of the file.
    pub(crate) fn sort(&mut self) {
        if !self.entries.is_sorted_by_key(|entry| entry.log_time) {
            self.entries.sort_by_key(|entry| entry.log_time);
        }
    }
}
