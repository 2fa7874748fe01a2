//! The one log that replay, recorder and learning share: what came in, what was asked, what was decided, with hashes.

use crate::hazard::words;
use crate::{Sha256, Stamp};
use serde::{Deserialize, Serialize};

/// What a journal entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalKind {
    /// A sensor reading came in.
    Input,
    /// An input could not be used; `detail` says why.
    Rejected,
    /// A camera frame was looked at and not sent to the model; `detail` says why.
    Gated,
    /// A camera frame was sent to the model.
    Request,
    /// The model answered.
    Completion,
    /// A decision was taken.
    Decision,
    /// The clock of a stream or of the run jumped back.
    ClockJump,
    /// The model runtime stepped down to less or up again; `detail` names the level and why.
    Level,
    /// The periodic tick was taken. Live only.
    Tick,
    /// What the node stands on from here; `detail` holds its parameters and, where it goes on from what it knew, its memory. Live only.
    State,
    /// What the model said, before anything was made of it; `detail` is a line of `completions.jsonl`. Live only.
    Answer,
}
words!(
    JournalKind,
    "journal kind",
    Input = "input",
    Rejected = "rejected",
    Gated = "gated",
    Request = "request",
    Completion = "completion",
    Decision = "decision",
    ClockJump = "clock_jump",
    Level = "level",
    Tick = "tick",
    State = "state",
    Answer = "answer",
);

/// One line of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// Event time.
    pub stamp: Stamp,
    /// What it is about.
    pub kind: JournalKind,
    /// The topic concerned, empty where none.
    pub topic: String,
    /// The stamp inside the data (header stamp), where it has one.
    pub source_stamp: Option<Stamp>,
    /// Hash of the content, where there is content.
    pub content_sha256: Option<Sha256>,
    /// Text; what it holds depends on the kind.
    pub detail: String,
}
