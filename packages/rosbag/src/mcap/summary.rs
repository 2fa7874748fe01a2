//! The index at the end of an MCAP file -> contents, if it can be trusted.
//!
//! It is used only when its checksum holds and it covers the whole file: every chunk counted, every channel declared, every chunk inside
//! of the file. Otherwise the file is scanned; a wrong index must not hide messages.

use super::{
    Contents,
    directory::Directory,
    reader::{Reader, stamp},
    record::{ChunkIndex, Fields, Footer, MAGIC, RECORD_HEAD_BYTES, Statistics, op},
};
use crate::{
    BagError,
    segment::{Segment, SegmentKind},
};

/// Footer record and end magic.
const END_BYTES: u64 = RECORD_HEAD_BYTES + 20 + MAGIC.len() as u64;

/// What stands at the end of the file.
pub(super) enum Found {
    Sound(Contents),
    /// The file was not closed, or written without an index.
    None,
    Unusable(&'static str),
}

pub(super) fn read(reader: &mut Reader) -> Result<Found, BagError> {
    let Some(end_offset) = reader.file_bytes.checked_sub(END_BYTES) else { return Ok(Found::None) };
    let mut end = Vec::new();
    reader.read_at(end_offset, END_BYTES, &mut end)?;
    let (footer, magic) = end.split_at_checked(end.len().saturating_sub(MAGIC.len())).unwrap_or_default();
    let footer = match Fields(footer).record() {
        Some((op::FOOTER, body)) if magic == MAGIC => Footer::parse(body),
        _ => None,
    };
    let Some(footer) = footer.filter(|footer| footer.summary_start != 0) else { return Ok(Found::None) };
    let length = match end_offset.checked_sub(footer.summary_start) {
        Some(length) if length <= reader.limits.max_index_bytes as u64 => length,
        Some(_) => return Ok(Found::Unusable("it is larger than Limits::max_index_bytes")),
        None => return Ok(Found::Unusable("it begins after its end")),
    };
    let mut index = Vec::new();
    reader.read_at(footer.summary_start, length, &mut index)?;
    if footer.summary_crc != 0 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&index);
        // The checksum covers the footer up to itself.
        hasher.update(end.get(..RECORD_HEAD_BYTES as usize + 16).unwrap_or_default());
        if hasher.finalize() != footer.summary_crc {
            return Ok(Found::Unusable("its checksum does not match"));
        }
    }
    Ok(parse(&index, footer.summary_start, reader.limits.max_index_bytes))
}

fn parse(index: &[u8], data_end: u64, limit: usize) -> Found {
    let (mut directory, mut statistics, mut chunks) = (Directory::default(), None, Vec::new());
    let mut fields = Fields(index);
    while let Some((opcode, body)) = fields.record() {
        let sound = match opcode {
            op::STATISTICS => Statistics::parse(body).map(|found| statistics = Some(found)).is_some(),
            op::CHUNK_INDEX => ChunkIndex::parse(body).map(|chunk| chunks.push(chunk)).is_some(),
            _ => directory.add(opcode, body, limit),
        };
        if !sound {
            return Found::Unusable("a record of it makes no sense");
        }
    }
    if !fields.0.is_empty() {
        return Found::Unusable("its last record is cut");
    }
    let Some(statistics) = statistics else { return Found::Unusable("it has no statistics to check it with") };
    chunks.sort_by_key(|chunk| chunk.offset);
    chunks.dedup_by_key(|chunk| chunk.offset);
    if let Some(reason) = doubt(&directory, &statistics, &chunks, data_end) {
        return Found::Unusable(reason);
    }
    let filled = || chunks.iter().filter(|chunk| chunk.start != 0 || chunk.end != 0);
    let range = filled().map(|chunk| chunk.start).min().zip(filled().map(|chunk| chunk.end).max());
    let range = range.filter(|_| statistics.message_count > 0).map(|(start, end)| (stamp(start), stamp(end.max(start))));
    directory.counts = Some(statistics.counts);
    let segments = (0..).zip(chunks).map(|(position, chunk)| Segment {
        file: 0,
        position,
        start: stamp(chunk.start),
        offset: chunk.offset,
        length: chunk.length,
        kind: SegmentKind::Chunk { verified: false },
        channels: chunk.channels.into(),
    });
    Found::Sound(Contents { segments: segments.collect(), directory, range, tail: None })
}

/// Why the index does not cover the file, if it does not.
fn doubt(directory: &Directory, statistics: &Statistics, chunks: &[ChunkIndex], data_end: u64) -> Option<&'static str> {
    if statistics.chunk_count as usize != chunks.len() {
        return Some("it does not list every chunk");
    }
    if chunks.is_empty() && statistics.message_count > 0 {
        return Some("the messages are not in chunks");
    }
    if statistics.counts.values().fold(0, |sum: u64, n| sum.saturating_add(*n)) != statistics.message_count {
        return Some("its counts contradict each other");
    }
    let mut used = statistics.counts.keys().chain(chunks.iter().flat_map(|chunk| &chunk.channels));
    if !used.all(|channel| directory.declares(*channel)) {
        return Some("it does not declare every channel");
    }
    let inside = |chunk: &ChunkIndex| chunk.offset.checked_add(chunk.length).is_some_and(|end| end <= data_end);
    if !chunks.iter().all(inside) {
        return Some("a chunk lies outside of the file");
    }
    None
}
