//! When the call under way has to end: at its deadline, or because it was cancelled from another thread.
//!
//! In -> out: deadline, cancel -> `is_due`, asked from inside computations, and a bell that wakes whoever waits for the picture. Calls are
//! numbered, so that a cancel meets the call it was meant for, also before that one has begun. Deliberately absent: what is computed.

use crate::halt::{Halt, now};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// No deadline, no call.
const NEVER: u64 = u64::MAX;

/// The alarm of one model.
pub(crate) struct Alarm {
    start: Instant,
    nanos_after_start: AtomicU64,
    /// Number of the call under way, [`NEVER`] between calls.
    call: AtomicU64,
    /// Calls up to this number are cancelled.
    cancelled: AtomicU64,
    next: AtomicU64,
    /// Tokens of the answer of the call under way.
    tokens: AtomicU32,
    bell: SyncSender<()>,
}

/// The waiting side of an alarm's bell.
pub(crate) struct Bell(Receiver<()>);

impl Alarm {
    pub(crate) fn new() -> (Arc<Self>, Bell) {
        // One ring that waits is enough: who wakes looks at everything.
        let (bell, ears) = sync_channel(1);
        let start = now();
        let [nanos_after_start, call] = [NEVER; 2].map(AtomicU64::new);
        let alarm =
            Self { start, nanos_after_start, call, cancelled: AtomicU64::new(0), next: AtomicU64::new(1), tokens: AtomicU32::new(0), bell };
        (Arc::new(alarm), Bell(ears))
    }

    /// A number for a call that will begin.
    pub(crate) fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// Call `number` begins and has this many milliseconds; `None` is no limit.
    pub(crate) fn begin(&self, number: u64, millis: Option<u64>) {
        let limit = millis.map_or(NEVER, |millis| {
            let now = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(NEVER);
            now.saturating_add(millis.saturating_mul(1_000_000)).min(NEVER - 1)
        });
        self.nanos_after_start.store(limit, Ordering::SeqCst);
        self.tokens.store(0, Ordering::SeqCst);
        self.call.store(number, Ordering::SeqCst);
    }

    /// The call under way has so many tokens of its answer, for whoever watches.
    pub(crate) fn count(&self, tokens: u32) {
        self.tokens.store(tokens, Ordering::Relaxed);
    }

    /// Tokens of the answer of call `number`; 0 where it has not begun.
    pub(crate) fn tokens(&self, number: u64) -> u32 {
        if self.call.load(Ordering::SeqCst) == number { self.tokens.load(Ordering::Relaxed) } else { 0 }
    }

    /// The call has ended.
    pub(crate) fn end(&self) {
        self.nanos_after_start.store(NEVER, Ordering::SeqCst);
        self.call.store(NEVER, Ordering::SeqCst);
    }

    /// Ends call `number`, under way or yet to begin, and those before it.
    pub(crate) fn cancel(&self, number: u64) {
        self.cancelled.fetch_max(number.min(NEVER - 1), Ordering::SeqCst);
        self.ring();
    }

    /// Wakes whoever waits at the bell.
    pub(crate) fn ring(&self) {
        // Full: a ring waits already.
        let _ = self.bell.try_send(());
    }

    fn is_cancelled(&self) -> bool {
        self.call.load(Ordering::Relaxed) <= self.cancelled.load(Ordering::Relaxed)
    }

    /// Time left; `None` without a deadline.
    fn left(&self) -> Option<Duration> {
        let limit = self.nanos_after_start.load(Ordering::Relaxed);
        (limit != NEVER).then(|| Duration::from_nanos(limit).saturating_sub(self.start.elapsed()))
    }

    /// Whether the call under way has to end.
    pub(crate) fn is_due(&self) -> bool {
        self.is_cancelled() || self.left() == Some(Duration::ZERO)
    }

    /// Why the call under way has to end, if it has to.
    pub(crate) fn check(&self) -> Result<(), Halt> {
        if self.is_cancelled() {
            Err(Halt::Cancelled)
        } else if self.is_due() {
            Err(Halt::Deadline)
        } else {
            Ok(())
        }
    }
}

impl Bell {
    /// Waits for a ring or for the deadline of the call under way.
    pub(crate) fn wait(&self, alarm: &Alarm) {
        // Whoever calls looks at everything again, so it does not matter which of them it was; the alarm holds the other end.
        let _ = match alarm.left() {
            None => self.0.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(left) => self.0.recv_timeout(left),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancel_meets_its_call_and_no_later_one() {
        let (alarm, bell) = Alarm::new();
        let [first, second, third] = [alarm.number(), alarm.number(), alarm.number()];
        alarm.begin(first, None);
        assert!(alarm.check().is_ok());
        alarm.cancel(second);
        assert!(matches!(alarm.check(), Err(Halt::Cancelled)), "an earlier one is overtaken");
        bell.wait(&alarm); // returns: it has rung
        alarm.end();
        assert!(!alarm.is_due());
        alarm.begin(second, None);
        assert!(matches!(alarm.check(), Err(Halt::Cancelled)), "cancelled before it began");
        alarm.end();
        alarm.begin(third, Some(u64::MAX));
        assert!(alarm.check().is_ok(), "deadlines do not overflow");
        alarm.begin(third, Some(0));
        assert!(matches!(alarm.check(), Err(Halt::Deadline)));
        bell.wait(&alarm); // returns: the deadline has passed
    }
}
