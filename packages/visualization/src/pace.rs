//! How often a stream is drawn. In -> out: key and event time -> whether it is due. A file of a long run stays small, and writing it cheap.

use std::collections::BTreeMap;
use vedette_types::Stamp;

/// Remembers when each key was drawn last.
#[derive(Debug)]
pub(crate) struct Pace<K> {
    last: BTreeMap<K, Stamp>,
}

impl<K: Ord> Pace<K> {
    pub(crate) fn new() -> Self {
        Self { last: BTreeMap::new() }
    }

    /// Whether `key` may be drawn at `stamp`, at most `rate_hz` times a second. A clock that went back starts anew.
    pub(crate) fn is_due(&mut self, key: K, stamp: Stamp, rate_hz: f64) -> bool {
        match self.last.get_mut(&key) {
            None => {
                self.last.insert(key, stamp);
                true
            }
            Some(last) => {
                let waited_secs = stamp.secs_since(*last);
                // Half a period of 100 Hz of slack: a 10 Hz stream with jitter must not be drawn at 5 Hz.
                let is_due = waited_secs < 0.0 || waited_secs + 0.005 >= 1.0 / rate_hz;
                if is_due {
                    *last = stamp;
                }
                is_due
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_stream_is_thinned_and_a_slow_one_is_not() {
        let drawn = |hz: i64, rate_hz| {
            let mut pace = Pace::new();
            (0..hz * 10).filter(|k| pace.is_due((), Stamp::from_nanos(k * 1_000_000_000 / hz), rate_hz)).count()
        };
        assert_eq!(drawn(30, 10.0), 100);
        assert_eq!(drawn(10, 10.0), 100);
        assert_eq!(drawn(4, 10.0), 40);
    }

    #[test]
    fn a_clock_that_goes_back_does_not_silence_a_stream() {
        let mut pace = Pace::new();
        assert!(pace.is_due("a", Stamp::from_nanos(i64::MAX), 1.0));
        assert!(pace.is_due("b", Stamp::from_nanos(i64::MAX), 1.0));
        assert!(pace.is_due("a", Stamp::from_nanos(i64::MIN), 1.0));
        assert!(!pace.is_due("a", Stamp::from_nanos(i64::MIN), 1.0));
    }
}
