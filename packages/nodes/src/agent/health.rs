//! What `/diagnostics` says of the agent: its work, and where the ladder stands with the machine's figures. In -> out: the stage -> the node's
//! health and that of its task `ladder`.

use super::AgentNode;
use super::stage::{DISABLED, Stage};
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_types::Level;

impl AgentNode {
    pub(super) fn tell_health(&mut self) {
        let Some(stage) = &self.stage else {
            self.node.set_health(DiagnosticStatus::STALE, "not configured".to_owned());
            return;
        };
        let counts = format!("{} assessed, {} messages refused", stage.assessed(), self.refused.total());
        let (level, message) = match (self.is_enabled, stage.model.card().is_trained) {
            (false, _) => (DiagnosticStatus::WARN, format!("{DISABLED}; {counts}")),
            (true, false) => (DiagnosticStatus::WARN, format!("untrained model; {counts}")),
            (true, true) => (DiagnosticStatus::OK, counts),
        };
        let machine = stage.model.machine();
        let figure = |value: Option<f64>| value.map_or_else(|| "not known".to_owned(), |value| format!("{value:.1}"));
        let values = vec![
            ("level", stage.model.level().to_string()),
            ("available_bytes", machine.available_bytes.map_or_else(|| "not known".to_owned(), |bytes| bytes.to_string())),
            ("stall_percent", figure(machine.stall_percent)),
            ("celsius", figure(machine.celsius)),
        ];
        let (ladder_level, ladder) = (ladder_level(stage), stage.ladder());
        self.node.set_health(level, message);
        self.node.set_task("ladder", ladder_level, ladder, values);
    }
}

/// What `/diagnostics` calls the level that the ladder stands on.
pub(super) fn ladder_level(stage: &Stage) -> u8 {
    match stage.model.level() {
        Level::Full => DiagnosticStatus::OK,
        Level::SmallContext | Level::SmallModel => DiagnosticStatus::WARN,
        Level::ReflexOnly => DiagnosticStatus::ERROR,
    }
}
