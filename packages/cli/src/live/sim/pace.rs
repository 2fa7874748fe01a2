//! How fast the world goes. In -> out: time by the steady clock since some start, a rate -> how many steps are due, and when to look again.
//! It reads no clock.

use std::time::Duration;
use vedette_simulator::World;

/// Who is late by more does not catch up: what was missed would go out at once, and reliable writers that have much on its way wait for their
/// readers, so that the world would fall behind for good.
const MAX_LAG: Duration = Duration::from_millis(100);
/// Between two looks messages are taken, however late the world is.
const MIN_WAIT: Duration = Duration::from_millis(1);

/// The pace of one world.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    step: Duration,
    due: Duration,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// Steps of [`World::STEP_NANOS`].
    pub(super) steps: u32,
    /// Whether time was given up.
    pub(super) is_behind: bool,
}

impl Pace {
    /// `rate` simulated seconds a second, above 0.
    pub(super) fn new(rate: f64) -> Self {
        Self { step: Duration::from_nanos(World::STEP_NANOS.unsigned_abs()).div_f64(rate), due: Duration::ZERO }
    }

    /// The world begins, or goes on, at `now`.
    pub(super) fn begin(&mut self, now: Duration) {
        self.due = now;
    }

    /// Takes the steps that are due at `now`.
    pub(super) fn take(&mut self, now: Duration) -> Due {
        let is_behind = now.saturating_sub(self.due) > MAX_LAG;
        if is_behind {
            self.due = now;
        }
        let mut steps = 0;
        while self.due <= now {
            self.due += self.step;
            steps += 1;
        }
        Due { steps, is_behind }
    }

    /// When to look again.
    pub(super) fn wake(&self, now: Duration) -> Duration {
        self.due.max(now + MIN_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, Pace};
    use std::time::Duration;

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn steps_keep_to_the_rate_and_small_delays_are_made_good() {
        for (rate, expected) in [(1.0, 200), (0.5, 100), (4.0, 800)] {
            let mut pace = Pace::new(rate);
            pace.begin(millis(70));
            let mut now = millis(70);
            let mut steps = 0;
            for wait_millis in [3, 1, 40, 0, 90, 17].into_iter().cycle() {
                if now >= millis(1070) {
                    break;
                }
                let due = pace.take(now);
                assert!(!due.is_behind, "{now:?}");
                steps += due.steps;
                now = pace.wake(now).max(now + millis(wait_millis)).min(millis(1070));
            }
            // One second, the first step at its beginning.
            steps += pace.take(now).steps;
            assert_eq!(steps, expected + 1, "at rate {rate}");
        }
    }

    #[test]
    fn a_long_sleep_is_not_made_good() {
        let mut pace = Pace::new(1.0);
        pace.begin(millis(0));
        assert_eq!(pace.take(millis(100)), Due { steps: 21, is_behind: false });
        assert_eq!(pace.take(millis(9_000)), Due { steps: 1, is_behind: true });
        assert_eq!(pace.take(millis(9_010)), Due { steps: 2, is_behind: false });
        assert_eq!(pace.wake(millis(9_010)), millis(9_015));
        assert_eq!(pace.wake(millis(9_100)), millis(9_101), "messages are taken in between");
    }
}
