//! The agent's own services. In -> out: calls of `~/enable` -> on or off; calls of `~/self_test` -> one test of the model for all that wait, and
//! its outcome. Deliberately absent: what on and off mean for the flow.

use super::AgentNode;
use super::health::ladder_level;
use super::model::Model;
use super::stage::DISABLED;
use anyhow::Result;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use vedette_messages::diagnostic_msgs::{DiagnosticStatus, SelfTestResponse};
use vedette_messages::service::{SelfTest, SetBool};
use vedette_messages::std_srvs::SetBoolResponse;
use vedette_reasoning::ModelCard;
use vedette_ros::{Call, Node, Service};

/// Most callers that wait for one test; the next one is told to come back.
const MOST_CALLERS: usize = 16;

type Outcome = Result<Arc<ModelCard>, String>;

/// The services and who waits.
pub(super) struct Services {
    enable: Service<SetBool>,
    self_test: Service<SelfTest>,
    waiting: Vec<Call>,
    outcome: Option<Receiver<Outcome>>,
}

impl Services {
    pub(super) fn offer(node: &mut Node) -> Result<Self> {
        let (enable, self_test) = (node.service("~/enable")?, node.service("~/self_test")?);
        Ok(Self { enable, self_test, waiting: Vec::new(), outcome: None })
    }
}

impl AgentNode {
    pub(super) fn serve(&mut self, call: Call) {
        let Services { enable, self_test, .. } = self.services;
        if let Some(request) = enable.request(&call) {
            let is_enabled = request.data;
            self.enable(is_enabled);
            let message =
                if is_enabled { "enabled".to_owned() } else { format!("{DISABLED}: every assessment is unknown until it is enabled") };
            self.node.answer(enable, call, &SetBoolResponse { success: true, message });
        } else if self.services.waiting.len() >= MOST_CALLERS {
            self.node.answer(self_test, call, &self.tested(&Err("too many callers wait for the self-test; call again".to_owned())));
        } else {
            self.services.waiting.push(call);
            let model = self.stage.as_ref().map(|stage| &stage.model);
            if self.services.outcome.is_none() {
                self.services.outcome = model.map(Model::test);
            }
        }
    }

    /// Answers those who wait for a self-test, once it is over.
    pub(super) fn end_self_test(&mut self) {
        if self.services.waiting.is_empty() {
            return;
        }
        let outcome = match self.services.outcome.as_ref().map(Receiver::try_recv) {
            Some(Err(TryRecvError::Empty)) => return,
            Some(Ok(outcome)) => outcome,
            Some(Err(TryRecvError::Disconnected)) => Err("the model was dropped meanwhile; call again".to_owned()),
            None => Err("no model: the node is not configured".to_owned()),
        };
        self.services.outcome = None;
        let response = self.tested(&outcome);
        for call in std::mem::take(&mut self.services.waiting) {
            self.node.answer(self.services.self_test, call, &response);
        }
    }

    fn tested(&self, outcome: &Outcome) -> SelfTestResponse {
        let (level, message, id) = match outcome {
            Ok(card) => (DiagnosticStatus::OK, format!("{} passed", card.name), card.sha256.to_string()),
            Err(fault) => (DiagnosticStatus::ERROR, fault.clone(), self.node.name().full()),
        };
        let status = |task: &str, level: u8, message: String| {
            let name = format!("{}: {task}", self.node.name().name());
            DiagnosticStatus { level, name, message, ..DiagnosticStatus::default() }
        };
        let ladder = self.stage.as_ref().map(|stage| status("ladder", ladder_level(stage), stage.ladder()));
        let status = std::iter::once(status("self-test", level, message)).chain(ladder).collect();
        SelfTestResponse { id, passed: u8::from(outcome.is_ok()), status }
    }
}
