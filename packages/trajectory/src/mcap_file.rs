//! `run.mcap`: records in chunks that a reader can use even when the file was never finished. In -> out: CDR messages with their channel ->
//! an MCAP file of the profile `ros2`.
//!
//! A chunk ends at 256 KiB or when it spans a second of event time, so a killed run misses at most its last second. After the first failed
//! write the file is cut to its last whole chunk and closed without index. Deliberately absent: several files per run (`recording`).

use crate::RunError;
use crate::channel::Channel;
use crate::disk::Disk;
use mcap::records::MessageHeader;
use mcap::{Compression, McapError, WriteOptions, Writer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vedette_types::Stamp;

/// Uncompressed size at which a chunk ends: small enough to lose, large enough for zstd.
const CHUNK_BYTES: usize = 256 << 10;

/// Event time at which a chunk ends.
const CHUNK_NANOS: u64 = 1_000_000_000;

/// End of an MCAP file without summary section (specification of MCAP, records DataEnd 0x0f and Footer 0x02 with zero offsets and checksums,
/// then the magic): what turns a cut file into a well-formed one.
const PLAIN_END: &[u8] = b"\x0f\x04\0\0\0\0\0\0\0\0\0\0\0\x02\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x89MCAP0\r\n";

/// What `metadata.yaml` says about one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TopicCount {
    pub(crate) channel: Arc<Channel<'static>>,
    pub(crate) messages: u64,
}

/// Which messages are in the file for certain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) topics: Vec<TopicCount>,
    pub(crate) first_nanos: Option<u64>,
    pub(crate) last_nanos: Option<u64>,
}

/// The file while it is being written.
pub(crate) struct McapFile {
    path: PathBuf,
    /// `None` once a write failed or the file was closed.
    writer: Option<Writer<Counted>>,
    written_bytes: Arc<AtomicU64>,
    whole_bytes: u64,
    channel_ids: BTreeMap<(Cow<'static, str>, Cow<'static, str>), usize>,
    mcap_ids: Vec<u16>,
    contents: Contents,
    /// What `contents` was when the last chunk was complete.
    certain: Contents,
    chunk_bytes: usize,
    chunk_start_nanos: Option<u64>,
    messages: u32,
}

impl McapFile {
    /// Starts the file with the manifest as its first attachment.
    pub(crate) fn create(path: PathBuf, disk: Box<dyn Disk>, manifest: &str, created: Stamp) -> Result<Self, RunError> {
        let written_bytes = Arc::new(AtomicU64::new(0));
        let sink = Counted { disk: BufWriter::new(disk), written_bytes: Arc::clone(&written_bytes) };
        // Without seeking a chunk is built in memory and goes out in one piece.
        let options = WriteOptions::new()
            .profile("ros2")
            .library(concat!("vedette ", env!("CARGO_PKG_VERSION")))
            .compression(Some(Compression::Zstd))
            .compression_level(1)
            .compression_threads(0)
            .chunk_size(None)
            .disable_seeking(true);
        let writer = options.create(sink).map_err(|error| failed(&path, error))?;
        let mut file = Self {
            path,
            writer: Some(writer),
            written_bytes,
            whole_bytes: 0,
            channel_ids: BTreeMap::new(),
            mcap_ids: Vec::new(),
            contents: Contents::default(),
            certain: Contents::default(),
            chunk_bytes: 0,
            chunk_start_nanos: None,
            messages: 0,
        };
        let time = log_time(created);
        file.attempt(|writer| {
            writer.attach(&mcap::Attachment {
                log_time: time,
                create_time: time,
                name: "manifest.json".into(),
                media_type: "application/json".into(),
                data: Cow::Borrowed(manifest.as_bytes()),
            })?;
            writer.flush()
        })?;
        file.chunk_is_whole();
        Ok(file)
    }

    /// Appends one message.
    pub(crate) fn write(&mut self, channel: &Channel<'_>, stamp: Stamp, published: Stamp, cdr: &[u8]) -> Result<(), RunError> {
        let time = log_time(stamp);
        let span_nanos = self.chunk_start_nanos.map_or(0, |start| time.saturating_sub(start));
        if self.chunk_bytes > 0 && (self.chunk_bytes + cdr.len() > CHUNK_BYTES || span_nanos >= CHUNK_NANOS) {
            self.attempt(Writer::flush)?;
            self.chunk_is_whole();
        }
        let (index, channel_id) = self.channel_id(channel)?;
        let header = MessageHeader { channel_id, sequence: self.messages, log_time: time, publish_time: log_time(published) };
        self.attempt(|writer| writer.write_to_known_channel(&header, cdr))?;
        self.messages = self.messages.wrapping_add(1);
        self.chunk_bytes += cdr.len() + 31;
        self.chunk_start_nanos.get_or_insert(time);
        let contents = &mut self.contents;
        contents.first_nanos = Some(contents.first_nanos.map_or(time, |first| first.min(time)));
        contents.last_nanos = Some(contents.last_nanos.map_or(time, |last| last.max(time)));
        if let Some(topic) = contents.topics.get_mut(index) {
            topic.messages += 1;
        }
        Ok(())
    }

    /// Finishes the file with its index and waits until it is on the medium. A second call does nothing.
    pub(crate) fn close(&mut self) -> Result<(), RunError> {
        if self.writer.is_none() {
            return Ok(());
        }
        self.attempt(|writer| writer.finish().map(|_| ()))?;
        self.chunk_is_whole();
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let (mut disk, _) = writer.into_inner().disk.into_parts();
        disk.sync().map_err(|source| RunError::write(&self.path, source))
    }

    /// Its size so far, without the chunk that is open.
    pub(crate) fn bytes(&self) -> u64 {
        self.written_bytes.load(Ordering::Relaxed)
    }

    /// Which messages are in the file for certain.
    pub(crate) fn certain_contents(&self) -> &Contents {
        &self.certain
    }

    fn channel_id(&mut self, channel: &Channel<'_>) -> Result<(usize, u16), RunError> {
        let key = (Cow::Borrowed(channel.topic.as_ref()), Cow::Borrowed(channel.type_name.as_ref()));
        if let Some(index) = self.channel_ids.get(&key).copied()
            && let Some(id) = self.mcap_ids.get(index)
        {
            return Ok((index, *id));
        }
        let id = self.attempt(|writer| {
            let schema = writer.add_schema(&channel.type_name, "ros2msg", channel.definition.as_bytes())?;
            writer.add_channel(schema, &channel.topic, "cdr", &channel.metadata())
        })?;
        let channel = Arc::new(channel.to_owned());
        let index = self.mcap_ids.len();
        self.chunk_bytes += channel.definition.len();
        self.channel_ids.insert((channel.topic.clone(), channel.type_name.clone()), index);
        self.mcap_ids.push(id);
        self.contents.topics.push(TopicCount { channel, messages: 0 });
        Ok((index, id))
    }

    fn attempt<T>(&mut self, act: impl FnOnce(&mut Writer<Counted>) -> Result<T, McapError>) -> Result<T, RunError> {
        let Some(writer) = &mut self.writer else {
            return Err(RunError::Closed { path: self.path.clone() });
        };
        act(writer).map_err(|error| {
            self.salvage();
            failed(&self.path, error)
        })
    }

    fn chunk_is_whole(&mut self) {
        self.whole_bytes = self.written_bytes.load(Ordering::Relaxed);
        self.certain.clone_from(&self.contents);
        self.chunk_bytes = 0;
        self.chunk_start_nanos = None;
    }

    /// Cuts the file to its last whole chunk and ends it. Nothing is left to try where that fails too: the prefix stays readable.
    fn salvage(&mut self) {
        let Some(writer) = self.writer.take() else { return };
        // Not dropped: that would flush what is to be cut away.
        let (mut disk, _) = writer.into_inner().disk.into_parts();
        if disk.truncate(self.whole_bytes).is_ok() && disk.write_all(PLAIN_END).is_err() {
            drop(disk.truncate(self.whole_bytes));
        }
    }
}

impl Drop for McapFile {
    fn drop(&mut self) {
        // A run that ends early, by an error elsewhere, leaves a finished file all the same.
        drop(self.close());
    }
}

/// MCAP times are unsigned; a stamp before the epoch (simulated time running back) counts as the epoch.
fn log_time(stamp: Stamp) -> u64 {
    u64::try_from(stamp.nanos()).unwrap_or(0)
}

fn failed(path: &std::path::Path, error: McapError) -> RunError {
    match error {
        McapError::Io(source) => RunError::write(path, source),
        other => RunError::Encode { what: path.display().to_string(), detail: other.to_string() },
    }
}

/// Counts what passes through; knows its position and cannot seek.
struct Counted {
    disk: BufWriter<Box<dyn Disk>>,
    written_bytes: Arc<AtomicU64>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.disk.write(bytes)?;
        self.written_bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.flush()
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::Current(0) => Ok(self.written_bytes.load(Ordering::Relaxed)),
            _ => Err(io::Error::new(io::ErrorKind::Unsupported, "run.mcap is written front to back")),
        }
    }
}
