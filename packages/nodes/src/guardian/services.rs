//! What a guardian is asked. In -> out: a call -> what the operator wants; the outcome -> the answer.

use anyhow::Result;
use vedette_messages::service::{AcknowledgeAlert, SetBool};
use vedette_messages::std_srvs::SetBoolResponse;
use vedette_messages::vedette_msgs::AcknowledgeAlertResponse;
use vedette_ros::{Call, Node, Service};

/// The services.
pub(super) struct Services {
    acknowledge: Service<AcknowledgeAlert>,
    enable: Service<SetBool>,
}

/// What an operator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To have seen an alert.
    Acknowledge { id: String, by: String },
    /// The outputs for Nav2 on or off.
    Enable(bool),
}

impl Services {
    pub(super) fn open(node: &mut Node) -> Result<Self> {
        Ok(Self { acknowledge: node.service("~/acknowledge_alert")?, enable: node.service("~/enable")? })
    }

    pub(super) fn wish(&self, call: &Call) -> Option<Wish> {
        let acknowledge = self.acknowledge.request(call).map(|asked| Wish::Acknowledge { id: asked.id.clone(), by: asked.by.clone() });
        acknowledge.or_else(|| self.enable.request(call).map(|asked| Wish::Enable(asked.data)))
    }

    /// The answer: what was done, or why it was not.
    pub(super) fn answer(&self, node: &Node, call: Call, outcome: Result<String, String>) {
        let success = outcome.is_ok();
        let message = outcome.unwrap_or_else(|reason| reason);
        if self.acknowledge.request(&call).is_some() {
            node.answer(self.acknowledge, call, &AcknowledgeAlertResponse { success, message });
        } else {
            node.answer(self.enable, call, &SetBoolResponse { success, message });
        }
    }
}
