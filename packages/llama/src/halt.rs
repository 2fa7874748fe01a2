//! Why a call ended early, and how long its steps took.

use crate::context::DecodeFault;
use std::time::Instant;

/// Why a call ended early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The deadline passed. What was computed before is sound.
    Deadline,
    /// The request was not begun: the KV cache is as it was.
    Refused(String),
    /// A computation failed: the KV cache may hold anything.
    Fault(String),
}

impl From<DecodeFault> for Halt {
    fn from(fault: DecodeFault) -> Self {
        match fault {
            DecodeFault::Deadline => Self::Deadline,
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

/// Time since its start.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the border: measured times are reported and never decide")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn millis(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
}
