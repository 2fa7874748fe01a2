//! Why a call ended early, and how long its steps took.

use crate::context::DecodeFault;
use std::time::Instant;

/// Why a call ended early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The deadline passed. What was computed before is sound.
    Deadline,
    /// Another thread ended the call. What was computed before is sound.
    Cancelled,
    /// The request was not begun: the KV cache is as it was.
    Refused(String),
    /// A computation failed: the KV cache may hold anything.
    Fault(String),
}

impl From<DecodeFault> for Halt {
    fn from(fault: DecodeFault) -> Self {
        match fault {
            DecodeFault::Deadline => Self::Deadline,
            DecodeFault::Cancelled => Self::Cancelled,
            DecodeFault::Failed { .. } => Self::Fault(fault.to_string()),
        }
    }
}

/// A fault with the words of any error.
#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
pub(crate) fn fault(error: impl ToString) -> Halt {
    Halt::Fault(error.to_string())
}

/// A refusal with the words of any error.
#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
pub(crate) fn refused(error: impl ToString) -> Halt {
    Halt::Refused(error.to_string())
}

/// Now, by the wall clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the border: deadlines are wall-clock time, and measured times are reported and never decide"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Time since its start.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(now())
    }

    pub(crate) fn millis(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
}
