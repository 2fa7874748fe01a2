//! What an operator is told, from its beginning to its end.

use crate::{KindId, Severity, Stamp};

/// A notice for an operator: one hazard kind, from the moment it is raised until it is cleared and, where it matters, acknowledged
/// (the life of an alarm in ISA-18.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Stays the same as long as the alert is listed; never used again.
    pub id: String,
    /// What is dangerous.
    pub kind: KindId,
    /// The worst that was seen since it was raised.
    pub severity: Severity,
    /// When it was raised.
    pub raised: Stamp,
    /// When it ended; `None` while it is active.
    pub cleared: Option<Stamp>,
    /// Which operator has seen it, and when.
    pub acknowledged: Option<Acknowledgement>,
    /// One line for a person.
    pub text: String,
    /// Why, one clause for each source that speaks or last spoke for it.
    pub reasons: Vec<String>,
}

impl Alert {
    /// Whether the danger is there, or not known to be over.
    pub const fn is_active(&self) -> bool {
        self.cleared.is_none()
    }
}

/// An operator has seen an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Who.
    pub by: String,
    /// When.
    pub at: Stamp,
}
