//! What time it is. In -> out: the system's time or messages of `/clock` -> the node's time, and when it went back.
//! Deliberately absent: reading the system's clock (the caller hands it in).

use vedette_types::Stamp;

/// Messages of a clock may overtake each other by this much.
const JITTER_NANOS: i64 = 100_000_000;

/// The clock of one node.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeClock {
    is_simulated: bool,
    last: Option<Stamp>,
}

impl NodeClock {
    /// Follows `/clock`, or the system.
    pub fn simulate(&mut self, is_simulated: bool) {
        if self.is_simulated != is_simulated {
            *self = Self { is_simulated, last: None };
        }
    }

    /// Whether it follows `/clock`.
    pub fn is_simulated(&self) -> bool {
        self.is_simulated
    }

    /// A message of `/clock`. Seconds that time went back by, where it did.
    pub fn hear(&mut self, stamp: Stamp) -> Option<f64> {
        self.is_simulated.then(|| self.advance(stamp)).flatten()
    }

    /// The time now: `system` unless simulated; before the first message of `/clock` there is none. With it, seconds that time went back by.
    pub fn now(&mut self, system: Stamp) -> (Option<Stamp>, Option<f64>) {
        if self.is_simulated {
            return (self.last, None);
        }
        let back = self.advance(system);
        (self.last, back)
    }

    fn advance(&mut self, stamp: Stamp) -> Option<f64> {
        let back_nanos = self.last.map_or(0, |last| last.nanos_since(stamp));
        if back_nanos > JITTER_NANOS {
            self.last = Some(stamp);
            return Some(back_nanos as f64 * 1e-9);
        }
        self.last = Some(self.last.map_or(stamp, |last| last.max(stamp)));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simulated_time_waits_for_the_clock_and_sees_it_go_back() {
        let at = |sec| Stamp::from_ros(sec, 0);
        let mut clock = NodeClock::default();
        assert_eq!(clock.now(at(100)), (Some(at(100)), None));
        assert_eq!(clock.hear(at(5)), None, "not simulated");
        clock.simulate(true);
        assert_eq!(clock.now(at(101)), (None, None));
        assert_eq!(clock.hear(at(5)), None);
        assert_eq!(clock.hear(at(5).plus_millis(-50)), None, "jitter");
        assert_eq!(clock.now(at(102)), (Some(at(5)), None));
        assert_eq!(clock.hear(at(3)), Some(2.0));
        assert_eq!(clock.now(at(102)), (Some(at(3)), None));
        clock.simulate(false);
        assert_eq!(clock.now(at(103)), (Some(at(103)), None));
        assert_eq!(clock.now(at(100)), (Some(at(100)), Some(3.0)));
    }
}
