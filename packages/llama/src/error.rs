//! Why a model did not load. Failures of a single answer are answers ([`Finish::Error`](vedette_types::Finish)).

use crate::calibration::CalibrationError;
use crate::check::{CheckError, Role};
use crate::plan::PlanError;
use std::path::PathBuf;

/// A model that did not load.
#[derive(Debug, thiserror::Error)]
pub enum LlamaError {
    /// The files were refused before llama.cpp saw them.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// It does not fit into the memory it may take.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The budget is no amount of memory.
    #[error("parameter `llama.budget`: `{found}` is no amount of memory; write `auto`, `none`, or for example 5GiB")]
    Budget {
        /// What stands there.
        found: String,
    },
    /// A parameter does not go with the model.
    #[error("parameter `{name}` = {value}: {problem}")]
    Parameter {
        /// Full name.
        name: &'static str,
        /// Value given.
        value: i64,
        /// What is wrong with it.
        problem: String,
    },
    /// llama.cpp could not be started.
    #[error("llama.cpp did not start: {detail}")]
    Backend {
        /// What it said.
        detail: String,
    },
    /// No thread for the vision tower.
    #[error("no thread could be started for the vision tower: {source}; raise the limit of processes (ulimit -u)")]
    Thread {
        /// Why.
        source: std::io::Error,
    },
    /// A smaller model that cannot take over.
    #[error(
        "{} has another chat template than the model it would stand in for, and prompts are rendered for one; \
         give a smaller model of the same family in ladder.model, or none", path.display()
    )]
    OtherTemplate {
        /// The smaller text model.
        path: PathBuf,
    },
    /// A calibration that cannot be used with this model.
    #[error("calibration {}: {source}", path.display())]
    Calibration {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: CalibrationError,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// llama.cpp refused a file that had passed the check.
    #[error("llama.cpp did not load the {role} {}: {log}", path.display())]
    Load {
        /// Which of the two files.
        role: Role,
        /// The file.
        path: PathBuf,
        /// The last lines of its log.
        log: String,
    },
    /// No room for the context.
    #[error("llama.cpp made no context of {n_ctx} tokens: {log}; lower llama.n_ctx or llama.n_ubatch")]
    Context {
        /// Size asked for.
        n_ctx: u32,
        /// The last lines of its log.
        log: String,
    },
    /// The vocabulary cannot be used for constrained answers.
    #[error("the vocabulary cannot be used for constrained answers: {detail}; convert the model again")]
    Vocabulary {
        /// What llguidance said.
        detail: String,
    },
}
