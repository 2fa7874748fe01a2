//! Bytes of one MCAP file: records at an offset, chunks decompressed and checked, messages in a run of records.

use super::record::{ChunkHead, Fields, MESSAGE_HEAD_BYTES, MessageHead, RECORD_HEAD_BYTES, op};
use crate::{
    BagError, Limits,
    codec::{Codec, CodecError, Compression},
    segment::{Loaded, Segment, SegmentKind},
};
use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};
use vedette_types::Stamp;

/// An MCAP file and the memory that reading it needs.
pub(super) struct Reader {
    pub(super) path: PathBuf,
    pub(super) limits: Limits,
    pub(super) file_bytes: u64,
    file: File,
    codec: Codec,
    packed: Vec<u8>,
}

impl Reader {
    pub(super) fn new(file: File, path: &Path, limits: Limits) -> Result<Self, BagError> {
        let length = |source| BagError::Io { path: path.to_owned(), action: "look at", source };
        let file_bytes = file.metadata().map_err(length)?.len();
        Ok(Self { path: path.to_owned(), limits, file_bytes, file, codec: Codec::default(), packed: Vec::new() })
    }

    /// Fills `buffer` with `length` bytes from `offset` on, or fewer at the end of the file. The caller has checked `length`.
    pub(super) fn read_at(&mut self, offset: u64, length: u64, buffer: &mut Vec<u8>) -> Result<(), BagError> {
        let length = length.min(self.file_bytes.saturating_sub(offset)) as usize;
        // Without `clear`: a reused buffer is not zeroed again.
        buffer.resize(length, 0);
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(buffer));
        read.map_err(|source| BagError::Io { path: self.path.clone(), action: "read", source })
    }

    /// Brings the records of `segment` into `loaded.bytes`, decompressed and checked; returns where they stand in it.
    pub(super) fn load(&mut self, segment: &Segment, loaded: &mut Loaded) -> Result<Range<usize>, BagError> {
        loaded.entries.clear();
        self.check_size("record", segment.offset, segment.length, self.limits.max_chunk_bytes)?;
        match segment.kind {
            SegmentKind::Chunk { verified } => self.load_chunk(segment, verified, loaded),
            SegmentKind::CutChunk => self.load_cut_chunk(segment, loaded),
            SegmentKind::Records | SegmentKind::Rows => {
                self.read_at(segment.offset, segment.length, &mut loaded.bytes)?;
                Ok(0..loaded.bytes.len())
            }
        }
    }

    fn load_chunk(&mut self, segment: &Segment, verified: bool, loaded: &mut Loaded) -> Result<Range<usize>, BagError> {
        let offset = segment.offset;
        let mut packed = std::mem::take(&mut self.packed);
        self.read_at(offset, segment.length, &mut packed)?;
        let (head, records) = parse_chunk(&packed).map_err(|reason| self.damaged("chunk", offset, reason))?;
        let declared = self.check_size("uncompressed chunk", offset, head.uncompressed_bytes, self.limits.max_chunk_bytes)?;
        let compression = self.compression(&head.compression)?;
        let records = match compression {
            None => {
                // The file's bytes are the records: hand the buffer over instead of copying it.
                std::mem::swap(&mut packed, &mut loaded.bytes);
                records
            }
            Some(compression) => {
                loaded.bytes.clear();
                let input = packed.get(records).unwrap_or_default();
                let result = self.codec.decode(compression, input, Some(declared), declared, &mut loaded.bytes);
                result.map_err(|error| self.damaged("chunk", offset, &decoded(&error, declared)))?;
                0..loaded.bytes.len()
            }
        };
        self.packed = packed;
        let plain = loaded.bytes.get(records.clone()).unwrap_or_default();
        if plain.len() != declared {
            let reason = format!("it holds {} bytes instead of {declared}", plain.len());
            return Err(self.damaged("chunk", offset, &reason));
        }
        if !verified && head.crc != 0 {
            let computed = crc32fast::hash(plain);
            if computed != head.crc {
                return Err(BagError::Checksum { path: self.path.clone(), what: "chunk", offset, stored: head.crc, computed });
            }
        }
        Ok(records)
    }

    /// What can be had of a chunk that the end of the file cuts. Its sizes and checksum say nothing about the part that is there, and may
    /// never have been filled in (the writer of crate `mcap` does that when it closes the chunk).
    fn load_cut_chunk(&mut self, segment: &Segment, loaded: &mut Loaded) -> Result<Range<usize>, BagError> {
        let mut packed = std::mem::take(&mut self.packed);
        self.read_at(segment.offset, segment.length, &mut packed)?;
        let body = packed.get(RECORD_HEAD_BYTES as usize..).unwrap_or_default();
        let (head, head_bytes) = ChunkHead::parse(body).ok_or_else(|| self.damaged("chunk", segment.offset, "it has no head"))?;
        let input = body.get(head_bytes..).unwrap_or_default();
        loaded.bytes.clear();
        match self.compression(&head.compression)? {
            None => loaded.bytes.extend_from_slice(input),
            // That it fails at the end is what makes it a cut chunk.
            Some(compression) => drop(self.codec.decode(compression, input, None, self.limits.max_chunk_bytes, &mut loaded.bytes)),
        }
        self.packed = packed;
        Ok(0..loaded.bytes.len())
    }

    fn compression(&self, name: &str) -> Result<Option<Compression>, BagError> {
        match name {
            "" => Ok(None),
            "zstd" => Ok(Some(Compression::Zstd)),
            "lz4" => Ok(Some(Compression::Lz4)),
            _ => Err(BagError::Compression { path: self.path.clone(), name: name.chars().take(32).collect() }),
        }
    }

    /// After a visit that read up to `read.0` of `read.1` bytes: only a cut chunk may end within a record.
    pub(super) fn check_complete(&self, segment: &Segment, read: (usize, usize)) -> Result<(), BagError> {
        if read.0 == read.1 || segment.kind == SegmentKind::CutChunk {
            return Ok(());
        }
        Err(self.damaged("chunk", segment.offset, &format!("the record at {} of its {} bytes is cut", read.0, read.1)))
    }

    pub(super) fn check_size(&self, what: &'static str, offset: u64, bytes: u64, limit: usize) -> Result<usize, BagError> {
        match usize::try_from(bytes) {
            Ok(size) if size <= limit => Ok(size),
            _ => Err(BagError::TooLarge { path: self.path.clone(), what, offset, bytes, limit: limit as u64 }),
        }
    }

    pub(super) fn damaged(&self, what: &'static str, offset: u64, reason: &str) -> BagError {
        BagError::Damaged { path: self.path.clone(), what, offset, reason: reason.to_owned() }
    }
}

/// Head of a chunk record, and where its compressed records stand in `record`.
pub(super) fn parse_chunk(record: &[u8]) -> Result<(ChunkHead, Range<usize>), &'static str> {
    let (opcode, body) = Fields(record).record().ok_or("the record is cut")?;
    if opcode != op::CHUNK {
        return Err("there is no chunk");
    }
    let (head, head_bytes) = ChunkHead::parse(body).ok_or("its head is cut")?;
    let start = RECORD_HEAD_BYTES as usize + head_bytes;
    let end = usize::try_from(head.compressed_bytes).ok().and_then(|n| start.checked_add(n));
    let end = end.filter(|end| *end <= RECORD_HEAD_BYTES as usize + body.len()).ok_or("its records end outside of it")?;
    Ok((head, start..end))
}

/// Calls `visit(head, start of the payload, its length)` for every message record in `bytes[records]`. Returns up to where the records are
/// whole, and how many bytes there are.
pub(super) fn visit_messages(bytes: &[u8], records: Range<usize>, mut visit: impl FnMut(&MessageHead, usize, usize)) -> (usize, usize) {
    visit_records(bytes, records, |opcode, body, at| {
        if opcode != op::MESSAGE {
            return true;
        }
        let Some(head) = MessageHead::parse(body) else { return false };
        visit(&head, at + MESSAGE_HEAD_BYTES, body.len() - MESSAGE_HEAD_BYTES);
        true
    })
}

/// Calls `visit(opcode, body, start of the body)` for every record, until it returns false.
pub(super) fn visit_records(bytes: &[u8], records: Range<usize>, mut visit: impl FnMut(u8, &[u8], usize) -> bool) -> (usize, usize) {
    let all = bytes.get(records.clone()).unwrap_or_default();
    let mut fields = Fields(all);
    loop {
        let done = all.len() - fields.0.len();
        let Some((opcode, body)) = fields.record() else { return (done, all.len()) };
        if !visit(opcode, body, records.start + done + RECORD_HEAD_BYTES as usize) {
            return (done, all.len());
        }
    }
}

/// MCAP counts nanoseconds in 64 bits without sign; the last half of that (from the year 2262 on) becomes the latest stamp.
pub(super) fn stamp(nanos: u64) -> Stamp {
    Stamp::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
}

fn decoded(error: &CodecError, declared: usize) -> String {
    match error {
        CodecError::TooLarge { .. } => format!("it decompresses to more than the declared {declared} bytes"),
        other => other.to_string(),
    }
}
