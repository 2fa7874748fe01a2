//! Messages that were refused, told at a limited rate. In -> out: topic and fault -> a log line at the 1st, 2nd, 4th, 8th ... time of a topic,
//! with the count. A broken driver at 200 Hz must not fill the log, and must not go unseen.

use std::collections::BTreeMap;

/// Counts by topic.
#[derive(Debug, Default)]
pub struct Refused(BTreeMap<String, u64>);

impl Refused {
    /// One more was refused on `topic`.
    pub fn tell(&mut self, topic: &str, fault: &dyn std::fmt::Display) {
        let count = self.0.entry(topic.to_owned()).or_default();
        *count += 1;
        if count.is_power_of_two() {
            tracing::warn!("message {count} refused on {topic}: {fault}");
        }
    }

    /// All topics together.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}
