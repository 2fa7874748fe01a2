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
