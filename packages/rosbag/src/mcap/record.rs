//! The MCAP records that are read here, from bytes to fields (format: <https://mcap.dev/spec>).
//!
//! Own parsers rather than those of crate `mcap`: its strings reserve the length they declare (up to 4 GiB) before looking at the input,
//! and its indexed reader neither checks the checksum of a chunk nor bounds the chunks it holds.

use std::collections::BTreeMap;

/// First and last eight bytes of a file.
pub(super) const MAGIC: [u8; 8] = [0x89, b'M', b'C', b'A', b'P', b'0', b'\r', b'\n'];
/// Opcode and length before every record.
pub(super) const RECORD_HEAD_BYTES: u64 = 9;
/// Fields of a message record before its payload.
pub(super) const MESSAGE_HEAD_BYTES: usize = 22;

/// Opcodes of the records that matter here.
pub(super) mod op {
    pub(in crate::mcap) const FOOTER: u8 = 0x02;
    pub(in crate::mcap) const SCHEMA: u8 = 0x03;
    pub(in crate::mcap) const CHANNEL: u8 = 0x04;
    pub(in crate::mcap) const MESSAGE: u8 = 0x05;
    pub(in crate::mcap) const CHUNK: u8 = 0x06;
    pub(in crate::mcap) const CHUNK_INDEX: u8 = 0x08;
    pub(in crate::mcap) const STATISTICS: u8 = 0x0b;
    pub(in crate::mcap) const DATA_END: u8 = 0x0f;
}

/// Reads fields from the front of a slice; every read is checked.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn prefixed(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()? as usize;
        self.bytes(length)
    }

    /// A string; bytes that are not UTF-8 are replaced, a foreign name must not cost a bag.
    fn string(&mut self) -> Option<String> {
        self.prefixed().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Opcode and body of the next record.
    pub(super) fn record(&mut self) -> Option<(u8, &'a [u8])> {
        let mut ahead = *self;
        let [opcode] = ahead.array()?;
        let length = usize::try_from(ahead.u64()?).ok()?;
        let body = ahead.bytes(length)?;
        *self = ahead;
        Some((opcode, body))
    }
}

pub(super) struct Footer {
    pub(super) summary_start: u64,
    pub(super) summary_crc: u32,
}

impl Footer {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let summary_start = fields.u64()?;
        fields.u64()?;
        Some(Self { summary_start, summary_crc: fields.u32()? })
    }
}

pub(super) struct Schema {
    pub(super) id: u16,
    pub(super) name: String,
    pub(super) encoding: String,
    pub(super) text: String,
}

impl Schema {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        Some(Self { id: fields.u16()?, name: fields.string()?, encoding: fields.string()?, text: fields.string()? })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    pub(super) id: u16,
    pub(super) schema_id: u16,
    pub(super) topic: String,
    pub(super) message_encoding: String,
    pub(super) metadata: BTreeMap<String, String>,
}

impl Channel {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let (id, schema_id, topic, message_encoding) = (fields.u16()?, fields.u16()?, fields.string()?, fields.string()?);
        let mut pairs = Fields(fields.prefixed()?);
        let mut metadata = BTreeMap::new();
        while !pairs.0.is_empty() {
            metadata.insert(pairs.string()?, pairs.string()?);
        }
        Some(Self { id, schema_id, topic, message_encoding, metadata })
    }
}

/// A message record before its payload.
pub(super) struct MessageHead {
    pub(super) channel_id: u16,
    pub(super) log_time: u64,
    pub(super) publish_time: u64,
}

impl MessageHead {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let channel_id = fields.u16()?;
        fields.u32()?;
        Some(Self { channel_id, log_time: fields.u64()?, publish_time: fields.u64()? })
    }
}

/// A chunk record before its compressed records.
pub(super) struct ChunkHead {
    pub(super) start: u64,
    pub(super) uncompressed_bytes: u64,
    pub(super) crc: u32,
    pub(super) compression: String,
    pub(super) compressed_bytes: u64,
}

impl ChunkHead {
    /// The head, and how many bytes it takes.
    pub(super) fn parse(body: &[u8]) -> Option<(Self, usize)> {
        let mut fields = Fields(body);
        let start = fields.u64()?;
        // Last log time.
        fields.u64()?;
        let head = Self {
            start,
            uncompressed_bytes: fields.u64()?,
            crc: fields.u32()?,
            compression: fields.string()?,
            compressed_bytes: fields.u64()?,
        };
        Some((head, body.len() - fields.0.len()))
    }
}

pub(super) struct ChunkIndex {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) channels: Vec<u16>,
}

impl ChunkIndex {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let (start, end, offset, length) = (fields.u64()?, fields.u64()?, fields.u64()?, fields.u64()?);
        let mut pairs = Fields(fields.prefixed()?);
        let mut channels = Vec::new();
        while !pairs.0.is_empty() {
            channels.push(pairs.u16()?);
            pairs.u64()?;
        }
        Some(Self { start, end, offset, length, channels })
    }
}

#[derive(Default)]
pub(super) struct Statistics {
    pub(super) message_count: u64,
    pub(super) chunk_count: u32,
    pub(super) counts: BTreeMap<u16, u64>,
}

impl Statistics {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let message_count = fields.u64()?;
        // Schemas, channels, attachments, metadata.
        fields.bytes(2 + 4 + 4 + 4)?;
        let chunk_count = fields.u32()?;
        // First and last log time.
        fields.bytes(8 + 8)?;
        let mut pairs = Fields(fields.prefixed()?);
        let mut counts = BTreeMap::new();
        while !pairs.0.is_empty() {
            counts.insert(pairs.u16()?, pairs.u64()?);
        }
        Some(Self { message_count, chunk_count, counts })
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, ChunkHead, ChunkIndex, Fields, Schema, Statistics};

    #[test]
    fn hostile_lengths_are_refused_without_allocating() {
        let huge = [0xff; 64];
        assert!(Schema::parse(&huge).is_none());
        assert!(Channel::parse(&huge).is_none());
        assert!(ChunkHead::parse(&huge).is_none());
        assert!(ChunkIndex::parse(&huge).is_none());
        assert!(Statistics::parse(&huge).is_none());
        assert!(Fields(&huge).record().is_none());
    }

    #[test]
    fn a_schema_is_read() {
        let body = b"\x07\x00\x01\0\0\0T\x07\0\0\0ros2msg\x03\0\0\0a b";
        let schema = Schema::parse(body).unwrap();
        assert_eq!((schema.id, &*schema.name, &*schema.encoding, &*schema.text), (7, "T", "ros2msg", "a b"));
        assert!((0..body.len()).all(|cut| Schema::parse(&body[..cut]).is_none()));
    }
}
