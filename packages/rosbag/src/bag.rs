//! A bag as the user of this crate sees it: path -> topics, then messages one by one.

use crate::{
    BagError, Limits, RawMessage, Topic,
    codec::{Codec, CodecError, Compression, ZSTD_MAGIC},
    locate::{Located, locate},
    merge::{Merge, Source},
    metadata::Metadata,
    segment::{Entry, Loaded, Segment},
    storage::{Opened, Storage, Tail},
    topic::TopicList,
};
use std::path::{Path, PathBuf};
use vedette_types::Stamp;

/// A rosbag2 bag that is being read. Topics, counts and times are known after opening; messages come from [`Bag::next_message`].
pub struct Bag {
    paths: Vec<PathBuf>,
    topics: Vec<Topic>,
    message_count: Option<u64>,
    range: Option<(Stamp, Stamp)>,
    warnings: Vec<String>,
    merge: Merge,
    files: Files,
    codec: Codec,
    limits: Limits,
    messages_are_compressed: bool,
    /// Messages read of each topic.
    read: Vec<u64>,
    lost: u64,
    ended: bool,
}

/// The open files, as the merge sees them.
struct Files {
    storages: Vec<Storage>,
    wanted: Vec<bool>,
    /// Messages on topics that a file does not declare, per file.
    undeclared: Vec<u64>,
}

impl Bag {
    /// Opens a bag: a folder with or without `metadata.yaml`, or one `.mcap` or `.db3` file, compressed with zstd or lz4 or not.
    ///
    /// # Errors
    /// Where there is no bag, a listed file is missing, or a file is none of these formats. A damaged end is not an error: see
    /// [`Bag::warnings`].
    pub fn open(path: &Path) -> Result<Self, BagError> {
        Self::open_with(path, Limits::default())
    }

    /// As [`Bag::open`], with bounds other than the default ones.
    ///
    /// # Errors
    /// As [`Bag::open`].
    pub fn open_with(path: &Path, limits: Limits) -> Result<Self, BagError> {
        let Located { files: paths, metadata, mut warnings } = locate(path)?;
        let metadata = metadata.unwrap_or_default();
        let mut list = TopicList::default();
        let (mut segments, mut storages, mut locals) = (Vec::new(), Vec::new(), Vec::new());
        let (mut message_count, mut range): (Option<u64>, Option<(Stamp, Stamp)>) = (Some(0), None);
        for path in &paths {
            if paths.len() > 1 && std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
                warnings.push(format!("{}: left aside, it is empty: the recorder was killed before it wrote", path.display()));
                continue;
            }
            let opened: Opened<Storage> = Storage::open(path, limits)?;
            warnings.extend(opened.warnings);
            warnings.extend(opened.tail.map(|tail| tail_warning(path, &tail, opened.message_count, expected(&metadata, path))));
            message_count = message_count.zip(opened.message_count).map(|(a, b)| a.saturating_add(b));
            range = match (range, opened.range) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            };
            let file = storages.len() as u32;
            segments.extend(opened.segments.into_iter().map(|segment| Segment { file, ..segment }));
            locals.push(opened.topics.into_iter().map(|topic| list.add(topic)).collect::<Vec<_>>());
            storages.push(opened.storage);
        }
        // Topics without messages are in the metadata only; their count is what could be read: none.
        for topic in metadata.topics {
            list.add(Topic { message_count: Some(0), ..topic });
        }
        let (topics, moved) = list.sorted();
        for (storage, local) in storages.iter_mut().zip(locals) {
            storage.assign(local.into_iter().filter_map(|index| moved.get(index).copied()).collect());
        }
        let files = Files { wanted: vec![true; topics.len()], undeclared: vec![0; storages.len()], storages };
        Ok(Self {
            paths,
            read: vec![0; topics.len()],
            topics,
            message_count,
            range,
            warnings,
            merge: Merge::new(segments, limits.max_cached_bytes),
            files,
            codec: Codec::default(),
            limits,
            messages_are_compressed: metadata.messages_are_compressed,
            lost: 0,
            ended: false,
        })
    }

    /// All topics, sorted by name.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Messages of all topics that can be read, where known without reading them.
    pub fn message_count(&self) -> Option<u64> {
        self.message_count
    }

    /// Log times of the first and the last message of all topics; `None` for a bag without messages.
    pub fn time_range(&self) -> Option<(Stamp, Stamp)> {
        self.range
    }

    /// The files read, in recording order.
    pub fn files(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Reads only the topics that `keep` wants, from the first message on. Chunks without any of them are skipped where the index says so.
    pub fn select(&mut self, mut keep: impl FnMut(&Topic) -> bool) {
        self.files.wanted = self.topics.iter().map(&mut keep).collect();
        self.files.undeclared.fill(0);
        self.read.fill(0);
        (self.lost, self.ended) = (0, false);
        self.merge.restart();
    }

    /// The next message in log time; messages of equal log time come in file order, then in the order of their place in the file. `None` at
    /// the end.
    ///
    /// # Errors
    /// Where a chunk or a message is damaged or exceeds a limit. Only that is lost: the next call goes on behind it.
    pub fn next_message(&mut self) -> Result<Option<RawMessage>, BagError> {
        match self.read_message() {
            Ok(Some(message)) => {
                if let Some(count) = self.read.get_mut(message.topic) {
                    *count += 1;
                }
                Ok(Some(message))
            }
            Ok(None) => {
                self.finish();
                Ok(None)
            }
            Err(error) => {
                self.lost += 1;
                Err(error)
            }
        }
    }

    /// What is missing or odd, in words for the user. Grows while the bag is read; complete once [`Bag::next_message`] gave `None`.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn read_message(&mut self) -> Result<Option<RawMessage>, BagError> {
        let Some((file, entry, data)) = self.merge.next(&mut self.files)? else { return Ok(None) };
        let topic = entry.topic as usize;
        // No CDR message begins with the zstd magic: a bag whose metadata was lost still says that its messages are compressed.
        let is_cdr = self.topics.get(topic).is_some_and(|topic| topic.message_encoding == "cdr");
        let is_packed = data.starts_with(&ZSTD_MAGIC) && is_cdr;
        let data = if self.messages_are_compressed || is_packed { self.unpack(file, &entry, &data)? } else { data };
        Ok(Some(RawMessage { topic, log_time: entry.log_time, publish_time: entry.publish_time, data }))
    }

    fn unpack(&mut self, file: u32, entry: &Entry, packed: &[u8]) -> Result<Vec<u8>, BagError> {
        let mut data = Vec::new();
        let limit = self.limits.max_message_bytes;
        self.codec.decode(Compression::Zstd, packed, None, limit, &mut data).map_err(|error| {
            let path = self.files.storages.get(file as usize).map(|storage| storage.path.clone()).unwrap_or_default();
            let (what, offset) = ("compressed message", entry.at);
            match error {
                CodecError::TooLarge { .. } => BagError::TooLarge { path, what, offset, bytes: data.len() as u64, limit: limit as u64 },
                other => BagError::Damaged { path, what, offset, reason: other.to_string() },
            }
        })?;
        Ok(data)
    }

    /// Compares what was promised with what came.
    fn finish(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        for (storage, undeclared) in self.files.storages.iter().zip(&self.files.undeclared).filter(|(_, n)| **n > 0) {
            self.warnings.push(format!("{}: messages on undeclared topics were passed over: {undeclared}", storage.path.display()));
        }
        if self.lost > 0 {
            return;
        }
        for ((topic, read), _) in self.topics.iter().zip(&self.read).zip(&self.files.wanted).filter(|(_, wanted)| **wanted) {
            if let Some(promised) = topic.message_count.filter(|count| count != read) {
                self.warnings.push(format!("{}: the index promises {promised} messages, {read} were read", topic.name));
            }
        }
    }
}

impl Source for Files {
    fn may_hold(&self, segment: &Segment) -> bool {
        self.storages.get(segment.file as usize).is_some_and(|storage| storage.may_hold(segment, &self.wanted))
    }

    fn load(&mut self, segment: &Segment, loaded: &mut Loaded) -> Result<(), BagError> {
        let file = segment.file as usize;
        loaded.clear();
        if let (Some(storage), Some(undeclared)) = (self.storages.get_mut(file), self.undeclared.get_mut(file)) {
            *undeclared += storage.load(segment, &self.wanted, loaded)?;
        }
        Ok(())
    }

    fn payload(&mut self, segment: &Segment, loaded: &Loaded, entry: &Entry) -> Result<Vec<u8>, BagError> {
        let storage = self.storages.get(segment.file as usize);
        storage.map_or_else(|| Err(self.damaged(segment, "its file is gone")), |storage| storage.payload(segment, loaded, entry))
    }

    fn damaged(&self, segment: &Segment, reason: &str) -> BagError {
        let path = self.storages.get(segment.file as usize).map(|storage| storage.path.clone()).unwrap_or_default();
        BagError::Damaged { path, what: "chunk", offset: segment.offset, reason: reason.to_owned() }
    }
}

/// Messages that the metadata promises for a file.
fn expected(metadata: &Metadata, path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let of_file =
        |(listed, _): &&(String, u64)| Path::new(listed).file_name().and_then(|n| n.to_str()).is_some_and(|n| name.starts_with(n));
    let counted = metadata.file_counts.iter().find(of_file).map(|(_, count)| *count);
    counted.or_else(|| metadata.message_count.filter(|_| metadata.files.len() == 1))
}

fn tail_warning(path: &Path, tail: &Tail, readable: Option<u64>, expected: Option<u64>) -> String {
    let Tail { offset, bytes, recovered, reason } = tail;
    let path = path.display();
    let readable = readable.unwrap_or(0);
    let of = expected.map(|n| format!(" of {n}")).unwrap_or_default();
    let inside = if *recovered > 0 { format!(" ({recovered} messages of them were recovered)") } else { String::new() };
    if *bytes == 0 {
        return format!("{path}: {reason} after byte or row {offset}: {readable}{of} messages are readable");
    }
    format!("{path}: {reason}: {readable}{of} messages are readable, the last {bytes} bytes, from byte {offset} on, are not{inside}")
}
