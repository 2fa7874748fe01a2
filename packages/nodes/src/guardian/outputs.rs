//! What a guardian always says. In -> out: decisions, alerts -> messages on its topics.

use super::markers::Markers;
use anyhow::Result;
use vedette_messages::topics;
use vedette_messages::{std_msgs, to_ros, vedette_msgs, visualization_msgs};
use vedette_policy::Alerts;
use vedette_ros::{Node, Publisher};
use vedette_types::{Decision, Stamp};

/// The topics of every guardian, whatever Nav2 is told.
pub(super) struct Outputs {
    decision: Publisher<vedette_msgs::Decision>,
    hazards: Publisher<vedette_msgs::HazardArray>,
    hazard_state: Publisher<vedette_msgs::HazardArray>,
    alerts: Publisher<vedette_msgs::AlertArray>,
    markers: Publisher<visualization_msgs::MarkerArray>,
    shown: Markers,
}

impl Outputs {
    pub(super) fn open(node: &mut Node) -> Result<Self> {
        Ok(Self {
            decision: node.publisher(&topics::DECISION)?,
            hazards: node.publisher(&topics::HAZARDS)?,
            hazard_state: node.publisher(&topics::HAZARD_STATE)?,
            alerts: node.publisher(&topics::ALERTS)?,
            markers: node.publisher(&topics::MARKERS)?,
            shown: Markers::default(),
        })
    }

    /// A decision with all that goes with it.
    pub(super) fn decide(&mut self, decision: &Decision) {
        let message = to_ros::decision(decision);
        let header = std_msgs::Header { stamp: message.stamp.clone(), frame_id: String::new() };
        let hazards = vedette_msgs::HazardArray { header, hazards: message.hazards.clone() };
        self.decision.publish_or_log(&message);
        self.hazards.publish_or_log(&hazards);
        self.hazard_state.publish_or_log(&hazards);
        self.markers.publish_or_log(&self.shown.of(decision));
    }

    /// The decision that stands, for late joiners.
    pub(super) fn repeat(&self, decision: &Decision) {
        self.decision.publish_or_log(&to_ros::decision(decision));
    }

    pub(super) fn list(&self, now: Stamp, alerts: &Alerts) {
        self.alerts.publish_or_log(&to_ros::alerts(now, alerts.listed()));
    }
}
