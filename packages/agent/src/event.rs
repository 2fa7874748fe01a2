//! What can wake the agent, and what it can do.

use vedette_reasoning::VlmRequest;
use vedette_types::{Assessment, Completion, Decision, JournalEntry, Level, Observation, Reading, Sha256, Stamp, StreamId};

/// Everything that can wake the agent. Each carries its event time; events are fed in non-decreasing order of it.
#[derive(Clone, Debug)]
pub enum Event {
    /// A sensor reading that passed the border check.
    Reading {
        /// When it arrived.
        arrived: Stamp,
        /// The topic it came from.
        stream: StreamId,
        /// The reading.
        reading: Reading,
        /// Hash of the payload as it arrived.
        sha256: Sha256,
    },
    /// A message that did not pass the border check.
    Rejected {
        /// When it arrived.
        arrived: Stamp,
        /// The topic it came from.
        stream: StreamId,
        /// What was wrong with it.
        fault: String,
    },
    /// The periodic tick.
    Tick {
        /// Event time.
        stamp: Stamp,
    },
    /// The model runtime stepped down to less or up again. Live only, and recorded like any event: the machine itself is never looked at here.
    Level {
        /// When.
        stamp: Stamp,
        /// To where.
        level: Level,
        /// Why.
        reason: String,
    },
    /// The model's answer arrived.
    Completion(Box<Completion>),
}

impl Event {
    /// Event time.
    pub fn stamp(&self) -> Stamp {
        match self {
            Self::Reading { arrived, .. } | Self::Rejected { arrived, .. } => *arrived,
            Self::Tick { stamp } | Self::Level { stamp, .. } => *stamp,
            Self::Completion(completion) => completion.arrived,
        }
    }
}

/// Everything the agent does, in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// A frame goes to the model. The driver must answer with exactly one [`Event::Completion`].
    Request {
        /// When.
        stamp: Stamp,
        /// The question.
        request: Box<VlmRequest>,
        /// What it is about.
        observation: Box<Observation>,
    },
    /// An assessment was made.
    Assessed(Box<Assessment>),
    /// A decision was taken.
    Decided(Box<Decision>),
    /// A line for the journal.
    Journal(JournalEntry),
}
