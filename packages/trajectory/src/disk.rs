//! Files that stay readable when a write fails. In -> out: lines or whole documents -> a file that ends at the last whole line or is
//! whole or absent.
//!
//! Deliberately absent: retries, and a sync per line (a killed process loses nothing; a power cut may lose the last seconds).

use crate::RunError;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where bytes of a run go: a file, or in tests one on a disk that fills up.
pub(crate) trait Disk: Write + Send {
    /// Cuts the file to `length` bytes; the next write continues there.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
    /// Waits until the bytes are on the medium.
    fn sync(&mut self) -> io::Result<()>;
}

impl Disk for File {
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(|_| ())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// Opens new files for writing.
pub(crate) type Opener = dyn Fn(&Path) -> io::Result<Box<dyn Disk>> + Send + Sync;

/// Opens `path`, which must not exist: what was there has been removed, and a link put there since must not be followed.
pub(crate) fn open_new(path: &Path) -> io::Result<Box<dyn Disk>> {
    Ok(Box::new(File::options().write(true).create_new(true).open(path)?))
}

/// A file of lines. Each line goes out in one write; a torn one is cut away.
pub(crate) struct LineFile {
    path: PathBuf,
    disk: Box<dyn Disk>,
    whole_bytes: u64,
    is_closed: bool,
}

impl LineFile {
    pub(crate) fn create(path: PathBuf, open: &Opener) -> Result<Self, RunError> {
        let disk = open(&path).map_err(|source| RunError::write(&path, source))?;
        Ok(Self { path, disk, whole_bytes: 0, is_closed: false })
    }

    /// Appends `line` and a line break. After the first failure every call fails: a file with a gap would look whole.
    pub(crate) fn append(&mut self, mut line: String) -> Result<(), RunError> {
        if self.is_closed {
            return Err(RunError::Closed { path: self.path.clone() });
        }
        line.push('\n');
        match self.disk.write_all(line.as_bytes()) {
            Ok(()) => {
                self.whole_bytes += line.len() as u64;
                Ok(())
            }
            Err(source) => {
                self.is_closed = true;
                // Where even this fails the torn line stays; readers drop it.
                drop(self.disk.truncate(self.whole_bytes));
                Err(RunError::write(&self.path, source))
            }
        }
    }

    pub(crate) fn sync(&mut self) -> Result<(), RunError> {
        self.disk.sync().map_err(|source| RunError::write(&self.path, source))
    }
}

/// Name of the file that a document is written to before it takes its own name.
pub(crate) fn part_name(name: &str) -> String {
    format!("{name}.part")
}

/// Writes a whole document: after a failure `folder/name` is what it was before, or absent.
pub(crate) fn write_document(folder: &Path, name: &str, content: &[u8], open: &Opener) -> Result<(), RunError> {
    let path = folder.join(name);
    let part = folder.join(part_name(name));
    let write = || -> io::Result<()> {
        remove_if_there(&part)?;
        let mut disk = open(&part)?;
        disk.write_all(content)?;
        disk.sync()?;
        fs::rename(&part, &path)
    };
    write().map_err(|source| {
        drop(fs::remove_file(&part));
        RunError::write(&path, source)
    })
}

/// Removes a file; that there is none is fine.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
