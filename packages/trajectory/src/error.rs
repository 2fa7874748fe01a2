//! What can go wrong with a run folder. In -> out: an I/O or format error and the file it happened to -> a message that says what to do.
//! Deliberately absent: recovery; the files themselves see to it that what was written stays readable.

use std::io;
use std::path::{Path, PathBuf};

/// Errors of writing or reading a run folder.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder could not be made or listed.
    #[error("cannot make the run folder, name another one or change its permissions: {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds files that no run wrote; they are not touched.
    #[error("the folder holds something that is not part of a run, name a new or empty one: {}", entry.display())]
    NotARun {
        /// The first such entry.
        entry: PathBuf,
    },
    /// The bag that is replayed lies in the folder that would be replaced.
    #[error("the run folder holds the bag to be replayed and would replace it, name another one: {}", bag.display())]
    HoldsBag {
        /// The bag.
        bag: PathBuf,
    },
    /// A write failed. What was written before it stays readable.
    #[error("cannot write, what was written before stays readable; {}: {}: {source}", advice(source), path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An earlier write to the file failed; a file with a gap would look whole, so it takes nothing more.
    #[error("no more records go to this file since a write to it failed, start a new run: {}", path.display())]
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// The files together reached the size that they may have.
    #[error("the recording has reached its bound; raise it, or allow that the oldest file is deleted: {} has {bytes} bytes", folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
        /// The bound.
        bytes: u64,
    },
    /// A file could not be read.
    #[error("cannot read, check the path: {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is not what it should be.
    #[error("not a line that this version writes, remove or mend it: {}:{line}: {detail}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// What is wrong with it.
        detail: String,
    },
    /// A record has no form in the file.
    #[error("cannot encode a record: {what}: {detail}")]
    Encode {
        /// Which record.
        what: String,
        /// Why.
        detail: String,
    },
}

impl RunError {
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn folder(path: &Path, source: io::Error) -> Self {
        Self::Folder { path: path.to_owned(), source }
    }
}

/// What to do about a failed write.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free space on that disk and start again",
        io::ErrorKind::FileTooLarge => "write to a disk that takes larger files",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "change its permissions or write elsewhere",
        _ => "check the disk",
    }
}
