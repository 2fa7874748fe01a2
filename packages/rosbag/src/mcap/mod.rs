//! One MCAP file as segments.
//!
//! In -> out: an open file -> its topics, its segments (from the index where that is sound, else from one pass over the file), and the
//! messages of a segment. The index gives the place and time range of every chunk; without it (a recorder that was killed) the file is
//! scanned once on opening, which decompresses each chunk but keeps none of it.

mod directory;
mod reader;
mod record;
mod scan;
mod summary;

use crate::{
    BagError, Limits, Topic,
    segment::{Entry, Loaded, Segment},
    storage::Opened,
};
use directory::Directory;
use reader::{Reader, visit_messages};
use std::{fs::File, path::Path};

/// Stands for a channel that no record declares.
const UNKNOWN: u32 = u32::MAX;

/// An MCAP file that is being read.
pub(crate) struct McapFile {
    reader: Reader,
    /// Channel id of each local topic.
    channels: Vec<u16>,
    /// Position in the bag's topics for every channel id.
    topic_of: Vec<u32>,
}

impl McapFile {
    /// Opens `file`; `path` is how the user knows it.
    pub(crate) fn open(file: File, path: &Path, limits: Limits) -> Result<Opened<Self>, BagError> {
        let mut reader = Reader::new(file, path, limits)?;
        let mut warnings = Vec::new();
        let summary = match summary::read(&mut reader)? {
            summary::Found::Sound(summary) => Some(summary),
            summary::Found::None => None,
            summary::Found::Unusable(reason) => {
                warnings.push(format!("{}: the index is not usable ({reason}); the whole file was scanned instead", path.display()));
                None
            }
        };
        let Contents { directory, segments, range, tail } = match summary {
            Some(contents) => contents,
            None => scan::scan(&mut reader)?,
        };
        let (channels, topics): (Vec<u16>, Vec<Topic>) = directory.topics().unzip();
        let message_count = directory.message_count();
        Ok(Opened { storage: Self { reader, channels, topic_of: Vec::new() }, topics, segments, range, message_count, warnings, tail })
    }

    /// Says which topic of the bag each local topic is.
    pub(crate) fn assign(&mut self, topics: &[u32]) {
        for (channel, topic) in self.channels.iter().zip(topics) {
            let channel = usize::from(*channel);
            if self.topic_of.len() <= channel {
                self.topic_of.resize(channel + 1, UNKNOWN);
            }
            if let Some(slot) = self.topic_of.get_mut(channel) {
                *slot = *topic;
            }
        }
    }

    /// Whether a segment may hold a message of a wanted topic.
    pub(crate) fn may_hold(&self, segment: &Segment, wanted: &[bool]) -> bool {
        let is_wanted = |channel: &u16| wants(wanted, topic_of(&self.topic_of, *channel)).unwrap_or(true);
        segment.channels.is_empty() || segment.channels.iter().any(is_wanted)
    }

    /// Loads the wanted messages of `segment`. Returns how many were on channels that the file does not declare.
    pub(crate) fn load(&mut self, segment: &Segment, wanted: &[bool], loaded: &mut Loaded) -> Result<u64, BagError> {
        let records = self.reader.load(segment, loaded)?;
        let Loaded { bytes, entries } = loaded;
        let mut undeclared = 0;
        let read = visit_messages(bytes, records, |head, at, length| match wants(wanted, topic_of(&self.topic_of, head.channel_id)) {
            Some(true) => entries.push(Entry {
                log_time: reader::stamp(head.log_time),
                publish_time: reader::stamp(head.publish_time),
                at: at as u64,
                length: u32::try_from(length).unwrap_or(u32::MAX),
                topic: topic_of(&self.topic_of, head.channel_id),
            }),
            Some(false) => {}
            None => undeclared += 1,
        });
        self.reader.check_complete(segment, read)?;
        Ok(undeclared)
    }

    /// The payload of a message of a loaded segment: one copy.
    pub(crate) fn payload(&self, segment: &Segment, loaded: &Loaded, entry: &Entry) -> Result<Vec<u8>, BagError> {
        let at = entry.at as usize;
        let slice = loaded.bytes.get(at..at.saturating_add(entry.length as usize));
        let slice = slice.ok_or_else(|| self.reader.damaged("message", segment.offset, "it ends outside of its chunk"))?;
        self.reader.check_size("message", segment.offset, slice.len() as u64, self.reader.limits.max_message_bytes)?;
        Ok(slice.to_vec())
    }
}

/// What a file holds, however it was found out.
struct Contents {
    directory: Directory,
    segments: Vec<Segment>,
    range: Option<(vedette_types::Stamp, vedette_types::Stamp)>,
    tail: Option<crate::storage::Tail>,
}

fn topic_of(topics: &[u32], channel: u16) -> u32 {
    topics.get(usize::from(channel)).copied().unwrap_or(UNKNOWN)
}

/// Whether the topic is wanted; `None` where it is unknown.
fn wants(wanted: &[bool], topic: u32) -> Option<bool> {
    wanted.get(topic as usize).copied()
}
