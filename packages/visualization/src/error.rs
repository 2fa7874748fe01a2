//! What can go wrong with a recording. In -> out: an encoder or disk error and its file -> a message that says what to do.

use std::io;
#[cfg(feature = "rrd")]
use std::path::Path;
use std::path::PathBuf;

/// Errors of writing a recording.
#[derive(Debug, thiserror::Error)]
pub enum RrdError {
    /// A write failed. The rows before it stay readable.
    #[error("cannot write the rerun recording, free space or go without it (--no-rrd): {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A row has no form in the file.
    #[error("cannot encode a row of the rerun recording, go without it (--no-rrd) and report it: {}: {detail}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        detail: String,
    },
    /// An earlier write failed.
    #[error("no more rows go to the rerun recording since a write to it failed, go without it (--no-rrd): {}", path.display())]
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// Where a viewer was to be is no address.
    #[error("the address of a viewer is host:port, for example 127.0.0.1:9876: got `{address}`")]
    Address {
        /// What was given.
        address: String,
    },
    /// A thread of a live recording could not be started.
    #[error("cannot start the thread {name} of the live recording: {source}")]
    Thread {
        /// Its name.
        name: String,
        /// Why.
        source: io::Error,
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
