//! Rotating files. In -> out: messages -> `live-000001.rrd`, `live-000002.rrd`, ... in a folder; the oldest are removed. Each file begins with
//! all that holds, so that any of them can be opened alone. A full disk ends a file, not the recording: it is tried again.

use super::queue::{Batch, Queue};
use super::report::Report;
use crate::RrdError;
use crate::sink::{FileSink, Sink as _};
use re_log_types::LogMsg;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long after a failure the next file is tried.
const RETRY: Duration = Duration::from_secs(2);

/// The folder.
pub(crate) struct Files {
    folder: PathBuf,
    max_bytes: u64,
    max_files: usize,
    open: Option<OpenFile>,
    /// No file is begun before.
    retry_at: Option<Instant>,
}

struct OpenFile {
    path: PathBuf,
    sink: FileSink,
    /// After the head.
    bytes: u64,
}

impl Files {
    /// Makes the folder.
    pub(crate) fn open(folder: &Path, max_bytes: u64, max_files: usize) -> Result<Self, RrdError> {
        fs::create_dir_all(folder).map_err(|source| RrdError::Write { path: folder.to_owned(), source })?;
        Ok(Self { folder: folder.to_owned(), max_bytes, max_files: max_files.max(1), open: None, retry_at: None })
    }

    /// Writes what comes until the queue is closed.
    pub(crate) async fn run(mut self, queue: Arc<Queue>, report: Arc<Report>) {
        report.to(self.folder.display().to_string());
        queue.restart();
        while let Some(batch) = queue.next().await {
            let written = match batch {
                Batch::Head(head) => self.write(&head, &report).map(|_| ()),
                // A file begins with the head; rows before it has come have no place.
                Batch::One(message) if self.open.is_some() => self.write(&[message], &report).and_then(|bytes| self.count(bytes, &queue)),
                Batch::One(_) => {
                    if self.retry_at.is_none_or(|at| at <= Instant::now()) {
                        queue.restart();
                    }
                    Ok(())
                }
            };
            if let Err(error) = written {
                report.fault(error.to_string());
                self.retry_at = Some(Instant::now() + RETRY);
                // On a full disk each attempt would otherwise take the place of a file with something in it.
                if let Some(broken) = self.open.take().filter(|file| file.bytes == 0) {
                    let _ = fs::remove_file(broken.path);
                }
            }
        }
        if let Some(Err(error)) = self.open.map(|mut file| file.sink.finish()) {
            report.fault(error.to_string());
        }
    }

    /// Writes messages; the bytes they took.
    fn write(&mut self, messages: &[LogMsg], report: &Report) -> Result<u64, RrdError> {
        let file = match &mut self.open {
            Some(file) => file,
            None => {
                let path = self.next_path()?;
                report.to(path.display().to_string());
                self.open.insert(OpenFile::begin(&path)?)
            }
        };
        let mut bytes = 0;
        for message in messages {
            bytes += file.sink.write(message)?;
        }
        report.sent(messages.len());
        Ok(bytes)
    }

    /// Counts what came after the head, and closes a file that is full. The head is not counted: where it alone is more than a file may hold,
    /// files would be begun without end.
    fn count(&mut self, bytes: u64, queue: &Queue) -> Result<(), RrdError> {
        if let Some(file) = &mut self.open {
            file.bytes += bytes;
        }
        match self.open.take_if(|file| file.bytes >= self.max_bytes) {
            None => Ok(()),
            Some(mut file) => {
                queue.restart();
                file.sink.finish()
            }
        }
    }

    /// A name that no file has, after the oldest files were removed.
    fn next_path(&self) -> Result<PathBuf, RrdError> {
        let error = |source| RrdError::Write { path: self.folder.clone(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(error)? {
            let path = entry.map_err(error)?.path();
            if let Some(number) = number(&path) {
                files.push((number, path));
            }
        }
        files.sort();
        let next = files.last().map_or(1, |(number, _)| number.saturating_add(1));
        let surplus = (files.len() + 1).saturating_sub(self.max_files);
        for (_, path) in files.into_iter().take(surplus) {
            fs::remove_file(&path).map_err(|source| RrdError::Write { path, source })?;
        }
        Ok(self.folder.join(format!("live-{next:06}.rrd")))
    }
}

impl OpenFile {
    fn begin(path: &Path) -> Result<Self, RrdError> {
        let file = File::create_new(path).map_err(|source| RrdError::Write { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), sink: FileSink::begin(path, Box::new(BufWriter::new(file)))?, bytes: 0 })
    }
}

/// The number in `live-000001.rrd`; nothing else in the folder is ours.
fn number(path: &Path) -> Option<u64> {
    let digits = path.file_name()?.to_str()?.strip_prefix("live-")?.strip_suffix(".rrd")?;
    if digits.len() < 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}
