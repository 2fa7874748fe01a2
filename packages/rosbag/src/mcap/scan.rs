//! One pass over an MCAP file without a usable index -> contents.
//!
//! Every chunk is decompressed once to learn its channels, times and counts, and is then forgotten. Messages outside of chunks are gathered
//! into runs that are read as one later. Where the file ends within a record, the readable part is used and the rest is named.

use super::{
    Contents,
    directory::Directory,
    reader::{Reader, stamp, visit_records},
    record::{ChunkHead, MAGIC, MESSAGE_HEAD_BYTES, MessageHead, RECORD_HEAD_BYTES, op},
};
use crate::{
    BagError,
    segment::{Loaded, Segment, SegmentKind},
    storage::Tail,
};
use std::collections::BTreeMap;
use vedette_types::Stamp;

/// Messages outside of chunks are read in runs of about this size.
const RUN_BYTES: u64 = 1 << 20;
/// The head of a chunk with a compression name of any length that occurs.
const CHUNK_HEAD_BYTES: u64 = RECORD_HEAD_BYTES + 40 + 32;

pub(super) fn scan(reader: &mut Reader) -> Result<Contents, BagError> {
    let mut scan = Scan::default();
    let mut buffer = Vec::new();
    let mut offset = MAGIC.len() as u64;
    let mut tail = None;
    while tail.is_none() {
        // A record that begins at the very end is a recorder that was killed between two records.
        let left = reader.file_bytes.saturating_sub(offset);
        reader.read_at(offset, RECORD_HEAD_BYTES + MESSAGE_HEAD_BYTES as u64, &mut buffer)?;
        let Some((opcode, length)) = record_head(&buffer) else {
            tail = Some(Tail { offset, bytes: left, recovered: 0, reason: "it was not closed" });
            break;
        };
        if matches!(opcode, op::FOOTER | op::DATA_END) {
            break;
        }
        let whole = RECORD_HEAD_BYTES.checked_add(length).filter(|bytes| *bytes <= left);
        let Some(bytes) = whole else {
            tail = Some(scan.cut_record(reader, opcode, offset, left)?);
            break;
        };
        match opcode {
            op::CHUNK => tail = scan.chunk(reader, offset, bytes)?,
            op::MESSAGE => scan.message(&buffer, offset, bytes),
            op::SCHEMA | op::CHANNEL if bytes <= reader.limits.max_chunk_bytes as u64 => {
                reader.read_at(offset, bytes, &mut buffer)?;
                scan.declare(opcode, buffer.get(RECORD_HEAD_BYTES as usize..).unwrap_or_default(), reader.limits.max_index_bytes);
            }
            0 => tail = Some(Tail { offset, bytes: left, recovered: 0, reason: "there is no record" }),
            _ => {}
        }
        offset += bytes;
    }
    scan.close_run();
    Ok(scan.contents(tail))
}

/// Earliest time of a chunk, and the channels with messages in it.
type ChunkContents = (Stamp, Box<[u16]>);

/// What the pass has found so far.
#[derive(Default)]
struct Scan {
    directory: Directory,
    counts: BTreeMap<u16, u64>,
    segments: Vec<Segment>,
    range: Option<(Stamp, Stamp)>,
    run: Option<Segment>,
    loaded: Loaded,
}

impl Scan {
    fn declare(&mut self, opcode: u8, body: &[u8], limit: usize) {
        // One that makes no sense leaves its channel undeclared; its messages are counted as such when they are read.
        self.directory.add(opcode, body, limit);
    }

    fn count(&mut self, channel: u16, time: Stamp) {
        let count = self.counts.entry(channel).or_default();
        *count = count.saturating_add(1);
        let (start, end) = self.range.unwrap_or((time, time));
        self.range = Some((start.min(time), end.max(time)));
    }

    fn push(&mut self, offset: u64, length: u64, start: Stamp, kind: SegmentKind, channels: Box<[u16]>) {
        self.close_run();
        let position = self.segments.len() as u32;
        self.segments.push(Segment { file: 0, position, start, offset, length, kind, channels });
    }

    fn close_run(&mut self) {
        if let Some(mut run) = self.run.take() {
            run.position = self.segments.len() as u32;
            self.segments.push(run);
        }
    }

    /// A message outside of a chunk; `head` holds the begin of its record.
    fn message(&mut self, head: &[u8], offset: u64, bytes: u64) {
        let body = head.get(RECORD_HEAD_BYTES as usize..).filter(|body| bytes >= RECORD_HEAD_BYTES + body.len() as u64);
        let Some(head) = body.and_then(MessageHead::parse) else { return };
        let time = stamp(head.log_time);
        self.count(head.channel_id, time);
        let end = offset + bytes;
        match &mut self.run {
            Some(run) if end - run.offset <= RUN_BYTES && run.offset + run.length == offset => {
                run.length = end - run.offset;
                run.start = run.start.min(time);
            }
            _ => {
                self.close_run();
                let (kind, channels) = (SegmentKind::Records, Box::default());
                self.run = Some(Segment { file: 0, position: 0, start: time, offset, length: bytes, kind, channels });
            }
        }
    }

    /// A whole chunk record. One that cannot be read is kept: its error is due when its messages would be.
    fn chunk(&mut self, reader: &mut Reader, offset: u64, bytes: u64) -> Result<Option<Tail>, BagError> {
        let mut head = Vec::new();
        reader.read_at(offset, bytes.min(CHUNK_HEAD_BYTES), &mut head)?;
        let Some((head, _)) = head.get(RECORD_HEAD_BYTES as usize..).and_then(ChunkHead::parse) else {
            let bytes = reader.file_bytes - offset;
            return Ok(Some(Tail { offset, bytes, recovered: 0, reason: "the chunk there makes no sense" }));
        };
        let kind = SegmentKind::Chunk { verified: true };
        let segment = Segment { file: 0, position: 0, start: stamp(head.start), offset, length: bytes, kind, channels: Box::default() };
        let unverified = SegmentKind::Chunk { verified: false };
        match self.visit(reader, &Segment { kind: unverified, ..segment }) {
            Ok(Some((start, channels))) => self.push(offset, bytes, start, kind, channels),
            Ok(None) => {}
            Err(error @ BagError::Io { .. }) => return Err(error),
            Err(_) => self.push(offset, bytes, stamp(head.start), unverified, Box::default()),
        }
        Ok(None)
    }

    /// The record that the end of the file cuts.
    fn cut_record(&mut self, reader: &mut Reader, opcode: u8, offset: u64, left: u64) -> Result<Tail, BagError> {
        let mut tail = Tail { offset, bytes: left, recovered: 0, reason: "it is truncated" };
        if opcode == op::CHUNK && left <= reader.limits.max_chunk_bytes as u64 {
            let kind = SegmentKind::CutChunk;
            let segment = Segment { file: 0, position: 0, start: Stamp::default(), offset, length: left, kind, channels: Box::default() };
            let before = self.counts.values().sum::<u64>();
            match self.visit(reader, &segment) {
                Ok(Some((start, channels))) => self.push(offset, left, start, kind, channels),
                Err(error @ BagError::Io { .. }) => return Err(error),
                Ok(None) | Err(_) => {}
            }
            tail.recovered = self.counts.values().sum::<u64>() - before;
        }
        Ok(tail)
    }

    /// Loads a chunk, takes over its declarations and counts; returns the earliest time and the channels with messages.
    fn visit(&mut self, reader: &mut Reader, segment: &Segment) -> Result<Option<ChunkContents>, BagError> {
        let mut loaded = std::mem::take(&mut self.loaded);
        let records = reader.load(segment, &mut loaded)?;
        let limit = reader.limits.max_index_bytes;
        // Two visits: a chunk with a cut record in its middle must not be counted by half.
        let read =
            visit_records(&loaded.bytes, records.clone(), |opcode, body, _| opcode != op::MESSAGE || body.len() >= MESSAGE_HEAD_BYTES);
        reader.check_complete(segment, read)?;
        let (mut start, mut channels): (Option<Stamp>, Vec<u16>) = (None, Vec::new());
        let whole = records.start..records.start + read.0;
        visit_records(&loaded.bytes, whole, |opcode, body, _| {
            match MessageHead::parse(body).filter(|_| opcode == op::MESSAGE) {
                Some(head) => {
                    let time = stamp(head.log_time);
                    self.count(head.channel_id, time);
                    start = Some(start.map_or(time, |start: Stamp| start.min(time)));
                    if let Err(place) = channels.binary_search(&head.channel_id) {
                        channels.insert(place, head.channel_id);
                    }
                }
                None => self.declare(opcode, body, limit),
            }
            true
        });
        self.loaded = loaded;
        Ok(start.map(|start| (start, channels.into())))
    }

    fn contents(mut self, tail: Option<Tail>) -> Contents {
        self.directory.counts = Some(self.counts);
        Contents { directory: self.directory, segments: self.segments, range: self.range, tail }
    }
}

fn record_head(bytes: &[u8]) -> Option<(u8, u64)> {
    let (opcode, rest) = bytes.split_first()?;
    rest.first_chunk().map(|length| (*opcode, u64::from_le_bytes(*length)))
}
