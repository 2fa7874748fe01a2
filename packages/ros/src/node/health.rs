//! What `/diagnostics` says of a node. In -> out: its health and that of its tasks -> one array a second, and one at once where a task changed.
//! Deliberately absent: any judgement of health.

use super::{DIAGNOSTICS_PERIOD, Node};
use std::time::Instant;
use vedette_messages::diagnostic_msgs::{DiagnosticArray, DiagnosticStatus, KeyValue};
use vedette_messages::std_msgs;

impl Node {
    /// What `/diagnostics` says of this node, once a second.
    pub fn set_health(&mut self, level: u8, message: String) {
        (self.health.level, self.health.message) = (level, message);
    }

    /// What `/diagnostics` says of the task `task` of this node, once a second; another level or message is said at once, so that a state that
    /// lasts less than a second is seen.
    pub fn set_task(&mut self, task: &'static str, level: u8, message: String, values: Vec<(&'static str, String)>) {
        let values = values.into_iter().map(|(key, value)| KeyValue { key: key.to_owned(), value }).collect();
        let name = format!("{}: {task}", self.name.name());
        let status = DiagnosticStatus { level, name, message, values, ..DiagnosticStatus::default() };
        let is_same = |before: &DiagnosticStatus| (before.level, &before.message) == (status.level, &status.message);
        if !self.tasks.get(task).is_some_and(is_same) {
            self.send_diagnostics(vec![status.clone()]);
        }
        self.tasks.insert(task, status);
    }

    /// Publishers whose messages will never come because they are of another type: told at the 1st, 2nd, 4th, 8th ... of them, and in `/diagnostics`
    /// while they are there.
    pub(super) fn tell_strangers(&mut self) {
        let (strangers, met) = self.participant.strangers();
        if met > self.strangers {
            if met.checked_ilog2() > self.strangers.checked_ilog2() {
                tracing::warn!("{met} publishers are not heard, their type is another: {}", strangers.join("; "));
            }
            self.strangers = met;
        }
        if !strangers.is_empty() {
            self.set_task("topics", DiagnosticStatus::WARN, strangers.join("; "), vec![("met", met.to_string())]);
        } else if met > 0 {
            self.set_task("topics", DiagnosticStatus::OK, "every publisher is heard".to_owned(), vec![("met", met.to_string())]);
        }
    }

    pub(super) fn keep_health(&mut self, now: Instant) {
        if self.diagnosed.is_none_or(|last| now - last >= DIAGNOSTICS_PERIOD) {
            self.diagnosed = Some(now);
            let status = std::iter::once(&self.health).chain(self.tasks.values()).cloned().collect();
            self.send_diagnostics(status);
        }
    }

    fn send_diagnostics(&mut self, status: Vec<DiagnosticStatus>) {
        let header = std_msgs::Header { stamp: self.ros_time(), ..std_msgs::Header::default() };
        self.out.diagnostics.publish_or_log(&DiagnosticArray { header, status });
    }
}
