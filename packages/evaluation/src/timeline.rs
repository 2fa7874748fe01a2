//! Decisions as stretches of time. In -> out: decisions and the end of the run -> spans without gaps between them.
//!
//! A decision holds until the next one, at most until its `valid_until`: after that nobody vouches for it and the span is unknown.

use vedette_types::{Decision, Stamp, Verdict};

/// A stretch of time in which one decision held, or none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span<'a> {
    /// When it begins.
    pub(crate) start: Stamp,
    /// When it ends; never before `start`.
    pub(crate) end: Stamp,
    /// What held; `None` before the first decision and after one ran out.
    pub(crate) decision: Option<&'a Decision>,
}

impl Span<'_> {
    /// The verdict that held.
    pub(crate) fn verdict(&self) -> Verdict {
        self.decision.map_or(Verdict::Unknown, |decision| decision.verdict)
    }
}

/// The spans from `begin` to `end`. Decisions keep their order; where the clock went back a span is empty.
pub(crate) fn spans(decisions: &[Decision], begin: Stamp, end: Stamp) -> Vec<Span<'_>> {
    let mut spans = Vec::with_capacity(decisions.len() + 2);
    let first = decisions.first().map_or(end, |decision| decision.stamp);
    if begin < first {
        spans.push(Span { start: begin, end: first, decision: None });
    }
    for (index, decision) in decisions.iter().enumerate() {
        let start = decision.stamp;
        let next = decisions.get(index + 1).map_or(end, |next| next.stamp).max(start);
        let held = decision.valid_until.clamp(start, next);
        spans.push(Span { start, end: held, decision: Some(decision) });
        if held < next {
            spans.push(Span { start: held, end: next, decision: None });
        }
    }
    spans
}
