//! What can go wrong with what is evaluated. In -> out: an I/O or format error and the file it happened to -> a message that says what to
//! do.

use std::io;
use std::path::{Path, PathBuf};

/// Errors of reading a run folder or a truth file.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// A file could not be read.
    #[error("cannot read, check the path: {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is not what it should be.
    #[error("not a line of {what}, mend or remove it: {}:{line}: {detail}", path.display())]
    Line {
        /// What the file should hold.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// What is wrong with it.
        detail: String,
    },
    /// A document is not JSON.
    #[error("not a JSON document, write the run again: {}: {detail}", path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The completions of the run could not be read.
    #[error(transparent)]
    Run(#[from] vedette_trajectory::RunError),
}

impl EvaluationError {
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }
}
