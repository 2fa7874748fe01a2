//! The guardian's side of inspections. In -> out: decision, alerts, places -> what the inspector has to know; its wishes -> Nav2's action server;
//! what that says -> the inspector; how it stands -> `/diagnostics`.
//! Deliberately absent: when to drive and when not.

use super::GuardianNode;
use super::inspection::{InspectionParams, Inspector, Scene, Target, Wish, goal};
use crate::program::steady;
use std::cmp::Reverse;
use std::time::Instant;
use vedette_messages::action::NavigateToPose;
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_policy::response_to;
use vedette_ros::{ActionClient, GoalNews, Node, NodeError};
use vedette_types::{Decision, Response, Stamp, Verdict};

/// Nav2's action, relative to the node's namespace.
const NAVIGATE_TO_POSE: &str = "navigate_to_pose";

/// The inspector and its way to Nav2.
pub(super) struct Inspection {
    client: Option<ActionClient<NavigateToPose>>,
    inspector: Inspector,
    started: Instant,
}

impl Inspection {
    pub(super) fn new(params: &InspectionParams) -> Self {
        Self { client: None, inspector: Inspector::new(params.clone()), started: steady() }
    }

    /// Looks for Nav2, once that is of use.
    pub(super) fn connect(&mut self, node: &mut Node) -> Result<(), NodeError> {
        if self.client.is_none() && self.inspector.is_enabled() {
            match node.action_client(NAVIGATE_TO_POSE) {
                Ok(client) => self.client = Some(client),
                // A guardian without a way to look closer is still a guardian.
                Err(NodeError::Dds(error)) => tracing::error!("inspection.enabled has no effect: {error}"),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub(super) fn set_params(&mut self, params: &InspectionParams) {
        self.inspector.set_params(params.clone());
    }

    fn now_secs(&self) -> f64 {
        (steady() - self.started).as_secs_f64()
    }
}

impl GuardianNode {
    /// Begins, watches or ends a drive to a hazard.
    pub(super) fn inspect(&mut self, now: Stamp) {
        let Some(client) = self.inspection.client else { return };
        let (now_secs, has_server) = (self.inspection.now_secs(), self.node.has_action_server(client));
        let scene = self.scene(now, has_server);
        match self.inspection.inspector.step(now_secs, &scene) {
            None => {}
            Some(Wish::Cancel(goal)) => self.node.cancel_goal(client, goal),
            Some(Wish::Abandon(goal)) => self.node.abandon_goal(client, goal),
            Some(Wish::Drive { alert, at_m, yaw_rad }) => {
                let [x, y] = at_m;
                tracing::info!("inspection: alert {alert}: asks Nav2 for ({x:.1}, {y:.1})");
                match self.node.send_goal(client, goal(now, &self.params.placing.map_frame, at_m, yaw_rad)) {
                    Ok(goal) => self.inspection.inspector.begun(now_secs, alert, goal),
                    Err(error) => self.inspection.inspector.failed(now_secs, alert, &error.to_string()),
                }
            }
        }
        self.tell_inspection();
    }

    /// Nav2 says something.
    pub(super) fn hear_nav2(&mut self, news: &GoalNews) {
        let now_secs = self.inspection.now_secs();
        if let Some((goal, update)) = self.inspection.client.and_then(|client| client.read(news)) {
            self.inspection.inspector.hear(now_secs, goal, &update);
        }
    }

    /// The outputs shut: a goal under way is given up.
    pub(super) fn end_inspection(&mut self) {
        let Some(client) = self.inspection.client else { return };
        if let Some(goal) = self.inspection.inspector.leave("the guardian is not active any more") {
            self.node.abandon_goal(client, goal);
        }
        self.tell_inspection();
    }

    fn tell_inspection(&mut self) {
        let (is_well, text, values) = self.inspection.inspector.report();
        self.node.set_task("inspection", if is_well { DiagnosticStatus::OK } else { DiagnosticStatus::WARN }, text, values);
    }

    fn scene(&self, now: Stamp, has_server: bool) -> Scene {
        let active: Vec<_> = self.alerts.listed().filter(|alert| alert.is_active()).collect();
        let decision = self.last.as_ref();
        let mut targets: Vec<_> = active
            .iter()
            .flat_map(|alert| decision.into_iter().flat_map(|decision| &decision.hazards).map(move |hazard| (alert, hazard)))
            .filter(|(alert, hazard)| hazard.kind == alert.kind && now < hazard.valid_until)
            .filter(|(_, hazard)| response_to(hazard, &self.catalogue) < Response::Stop)
            .filter_map(|(alert, hazard)| Some((hazard.severity, Target { alert: alert.id.clone(), at_m: self.nav2.place(hazard).ok()? })))
            .collect();
        targets.sort_by_key(|(severity, _)| Reverse(*severity));
        Scene {
            refusal: self.no_drive(decision),
            targets: targets.into_iter().map(|(_, target)| target).collect(),
            active: active.into_iter().map(|alert| alert.id.clone()).collect(),
            robot_m: self.nav2.robot(now),
            has_server,
        }
    }

    /// Why the robot must not drive for a closer look, if it must not.
    fn no_drive(&self, decision: Option<&Decision>) -> Option<String> {
        let refusal = match decision {
            _ if !self.nav2.is_on() => "an operator turned the Nav2 outputs off",
            None => "there is no decision",
            Some(decision) if decision.verdict == Verdict::Unknown => "it is unknown what there is",
            Some(decision) if decision.response >= Response::Stop => "a stop stands",
            Some(_) => return None,
        };
        Some(refusal.to_owned())
    }
}
