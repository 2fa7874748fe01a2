//! One file of a bag, whatever its format: told apart by its first bytes, unpacked where the whole file is compressed, and read as segments.

use crate::{
    BagError, Limits, Topic,
    codec::{Compression, LZ4_MAGIC, ZSTD_MAGIC},
    mcap::McapFile,
    segment::{Entry, Loaded, Segment},
    sqlite::SqliteFile,
    unpack::{Unpacked, unpack},
};
use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};
use tempfile::TempPath;
use vedette_types::Stamp;

/// What opening a file finds out.
pub(crate) struct Opened<S> {
    pub(crate) storage: S,
    /// As the file declares them; messages name them by position.
    pub(crate) topics: Vec<Topic>,
    /// In file order.
    pub(crate) segments: Vec<Segment>,
    /// First and last log time.
    pub(crate) range: Option<(Stamp, Stamp)>,
    pub(crate) message_count: Option<u64>,
    pub(crate) warnings: Vec<String>,
    /// What cannot be read at the end.
    pub(crate) tail: Option<Tail>,
}

/// The unreadable end of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tail {
    /// Where it begins: a byte, or the row id before it.
    pub(crate) offset: u64,
    /// How long it is.
    pub(crate) bytes: u64,
    /// Messages that were recovered from within it.
    pub(crate) recovered: u64,
    /// `it is truncated`.
    pub(crate) reason: &'static str,
}

/// A file of a bag that is being read.
pub(crate) struct Storage {
    /// As the user knows it.
    pub(crate) path: PathBuf,
    file: Format,
    // The unpacked copy goes when the bag is dropped.
    _unpacked: Option<TempPath>,
}

enum Format {
    Mcap(McapFile),
    Sqlite(SqliteFile),
}

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Magic {
    Mcap,
    Sqlite,
    Packed(Compression),
}

impl Storage {
    /// Opens `path`.
    pub(crate) fn open(path: &Path, limits: Limits) -> Result<Opened<Self>, BagError> {
        match magic(path, path)? {
            Magic::Packed(compression) => {
                let Unpacked { file, warning } = unpack(path, compression, limits)?;
                match magic(&file, path)? {
                    Magic::Packed(_) => {
                        Err(BagError::NotABag { path: path.to_owned(), start: "a second compression inside of the first".into() })
                    }
                    inner => {
                        let at = file.to_path_buf();
                        let mut opened = Self::open_plain(inner, &at, path, Some(file), limits)?;
                        opened.warnings.extend(warning);
                        Ok(opened)
                    }
                }
            }
            plain => Self::open_plain(plain, path, path, None, limits),
        }
    }

    fn open_plain(magic: Magic, at: &Path, path: &Path, unpacked: Option<TempPath>, limits: Limits) -> Result<Opened<Self>, BagError> {
        let wrap = |file| Self { path: path.to_owned(), file, _unpacked: unpacked };
        match magic {
            Magic::Sqlite => Ok(SqliteFile::open(at, path, limits)?.map(|file| wrap(Format::Sqlite(file)))),
            Magic::Mcap | Magic::Packed(_) => {
                let file = File::open(at).map_err(|source| BagError::Io { path: path.to_owned(), action: "open", source })?;
                Ok(McapFile::open(file, path, limits)?.map(|file| wrap(Format::Mcap(file))))
            }
        }
    }

    /// Says which topic of the bag each topic of the file is.
    pub(crate) fn assign(&mut self, topics: Vec<u32>) {
        match &mut self.file {
            Format::Mcap(file) => file.assign(&topics),
            Format::Sqlite(file) => file.assign(topics),
        }
    }

    /// Whether a segment may hold a message of a wanted topic.
    pub(crate) fn may_hold(&self, segment: &Segment, wanted: &[bool]) -> bool {
        match &self.file {
            Format::Mcap(file) => file.may_hold(segment, wanted),
            Format::Sqlite(_) => true,
        }
    }

    /// Loads the wanted messages of a segment. Returns how many were on topics that the file does not declare.
    pub(crate) fn load(&mut self, segment: &Segment, wanted: &[bool], loaded: &mut Loaded) -> Result<u64, BagError> {
        match &mut self.file {
            Format::Mcap(file) => file.load(segment, wanted, loaded),
            Format::Sqlite(file) => file.load(segment, wanted, loaded),
        }
    }

    /// The payload of a message of a loaded segment.
    pub(crate) fn payload(&self, segment: &Segment, loaded: &Loaded, entry: &Entry) -> Result<Vec<u8>, BagError> {
        match &self.file {
            Format::Mcap(file) => file.payload(segment, loaded, entry),
            Format::Sqlite(file) => file.payload(entry),
        }
    }
}

impl<S> Opened<S> {
    fn map<T>(self, wrap: impl FnOnce(S) -> T) -> Opened<T> {
        let Self { storage, topics, segments, range, message_count, warnings, tail } = self;
        Opened { storage: wrap(storage), topics, segments, range, message_count, warnings, tail }
    }
}

/// The format of `at`, which the user knows as `path`. Names are not asked: recorders and users choose them freely.
fn magic(at: &Path, path: &Path) -> Result<Magic, BagError> {
    let mut start = Vec::new();
    let read = File::open(at).and_then(|file| file.take(16).read_to_end(&mut start));
    read.map_err(|source| BagError::Io { path: path.to_owned(), action: "open", source })?;
    if start.starts_with(b"\x89MCAP0\r\n") {
        Ok(Magic::Mcap)
    } else if start.starts_with(b"SQLite format 3\0") {
        Ok(Magic::Sqlite)
    } else if start.starts_with(&ZSTD_MAGIC) {
        Ok(Magic::Packed(Compression::Zstd))
    } else if start.starts_with(&LZ4_MAGIC) {
        Ok(Magic::Packed(Compression::Lz4))
    } else if start.starts_with(b"#ROSBAG V") {
        Err(BagError::Ros1 { path: path.to_owned() })
    } else {
        Err(not_a_bag(path, &start))
    }
}

fn not_a_bag(path: &Path, start: &[u8]) -> BagError {
    let hex = start.iter().map(|byte| format!("{byte:02x}")).collect();
    BagError::NotABag { path: path.to_owned(), start: if start.is_empty() { "nothing, it is empty".to_owned() } else { hex } }
}
