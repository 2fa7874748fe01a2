//! What can go wrong with a recording. In -> out: an encoder or disk error and its file -> a message that says what to do.

use std::io;
#[cfg(feature = "rrd")]
use std::path::Path;
use std::path::PathBuf;

/// Errors of writing a recording.
#[derive(Debug, thiserror::Error)]
pub enum RrdError {
    /// A write failed. The rows before it stay readable.
    #[error("cannot write the rerun recording, free space or run with --no-rrd: {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A row has no form in the file.
    #[error("cannot encode a row of the rerun recording, run with --no-rrd and report it: {}: {detail}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        detail: String,
    },
    /// An earlier write failed.
    #[error("no more rows go to the rerun recording since a write to it failed, run with --no-rrd: {}", path.display())]
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// A picture that the JPEG encoder does not take.
    #[error("cannot encode a picture of {width} x {height} pixels as JPEG: {detail}")]
    Picture {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// What the encoder said.
        detail: String,
    },
}

#[cfg(feature = "rrd")]
impl RrdError {
    pub(crate) fn encode(path: &Path, error: &dyn std::fmt::Display) -> Self {
        Self::Encode { path: path.to_owned(), detail: error.to_string() }
    }
}
