//! The alert log. In -> out: the alerts that are listed -> a line for each step of their lives; where nobody lists alerts, decisions -> a line
//! when a hazard kind begins to count, gets worse, and when it counts no more.
//!
//! Deliberately absent: deciding when an alert begins and ends.

use crate::overlay::{hazard_text, severity_rgb};
use re_sdk_types::components::TextLogLevel;
use std::collections::BTreeMap;
use vedette_types::{Alert, Decision, KindId, Severity};

/// Colour of what is over.
const OVER_RGB: [u8; 3] = [130, 140, 150];

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) level: &'static str,
    pub(crate) rgb: [u8; 3],
}

/// What was told last.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    /// By kind, of decisions.
    counted: BTreeMap<KindId, Severity>,
    /// By id; `None` where nobody lists alerts.
    listed: Option<BTreeMap<String, Alert>>,
}

impl Alerts {
    /// The lines for the alerts that are listed now.
    pub(crate) fn listed(&mut self, alerts: &[Alert]) -> Vec<Line> {
        let before = self.listed.take().unwrap_or_default();
        let lines = alerts.iter().filter_map(|alert| step(before.get(&alert.id), alert)).collect();
        self.listed = Some(alerts.iter().map(|alert| (alert.id.clone(), alert.clone())).collect());
        lines
    }

    /// The lines for `decision`; none where alerts are listed.
    pub(crate) fn of(&mut self, decision: &Decision) -> Vec<Line> {
        if self.listed.is_some() {
            return Vec::new();
        }
        let mut worst = BTreeMap::new();
        for hazard in &decision.hazards {
            let entry = worst.entry(hazard.kind.clone()).or_insert(hazard);
            if hazard.severity > entry.severity {
                *entry = hazard;
            }
        }
        let mut lines = Vec::new();
        for (kind, hazard) in &worst {
            let word = match self.counted.get(kind) {
                None => "raised",
                Some(before) if hazard.severity > *before => "worse",
                Some(_) => continue,
            };
            lines.push(Line::of(format!("{word}: {}", hazard_text(hazard)), hazard.severity));
        }
        for kind in self.counted.keys().filter(|kind| !worst.contains_key(*kind)) {
            // Not "clear": nothing of this kind counts, which silence brings about as well.
            lines.push(Line::over(format!("over: {kind} ({})", decision.verdict)));
        }
        self.counted = worst.into_iter().map(|(kind, hazard)| (kind, hazard.severity)).collect();
        lines
    }
}

impl Line {
    fn of(text: String, severity: Severity) -> Self {
        let level = if severity == Severity::High { TextLogLevel::CRITICAL } else { TextLogLevel::WARN };
        Self { text, level, rgb: severity_rgb(severity) }
    }

    fn over(text: String) -> Self {
        Self { text, level: TextLogLevel::INFO, rgb: OVER_RGB }
    }
}

/// What became of an alert since `before`.
fn step(before: Option<&Alert>, now: &Alert) -> Option<Line> {
    let was_active = before.is_none_or(Alert::is_active);
    let is_seen = now.acknowledged.as_ref().filter(|_| before.is_none_or(|before| before.acknowledged.is_none()));
    let why = now.reasons.join("; ");
    match before {
        _ if was_active && !now.is_active() => Some(Line::over(format!("cleared: {} [{}]", now.text, now.id))),
        _ if is_seen.is_some() => {
            let by = is_seen.map(|seen| seen.by.as_str()).unwrap_or_default();
            Some(Line::over(format!("acknowledged by {by}: {} [{}]", now.text, now.id)))
        }
        None => Some(Line::of(format!("raised: {} [{}]: {why}", now.text, now.id), now.severity)),
        Some(_) if !was_active && now.is_active() => {
            Some(Line::of(format!("raised again: {} [{}]: {why}", now.text, now.id), now.severity))
        }
        Some(before) if now.severity > before.severity => Some(Line::of(format!("worse: {} [{}]: {why}", now.text, now.id), now.severity)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::{Acknowledgement, Hazard, Probability, Response, Stamp, Verdict};

    fn said(alerts: &mut Alerts, hazards: &[(&str, Severity)]) -> Vec<String> {
        let hazard = |(kind, severity): &(&str, Severity)| Hazard {
            kind: KindId::new(kind),
            severity: *severity,
            confidence: Probability::saturating(0.9),
            bearing_rad: None,
            range_m: None,
            position_m: None,
            valid_until: Stamp::default(),
        };
        let decision = Decision {
            stamp: Stamp::default(),
            image_stamp: None,
            verdict: Verdict::Unknown,
            hazards: hazards.iter().map(hazard).collect(),
            response: Response::Stop,
            reasons: Vec::new(),
            valid_until: Stamp::default(),
        };
        alerts.of(&decision).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn an_alert_is_told_when_it_begins_gets_worse_and_is_over() {
        let mut alerts = Alerts::default();
        let nothing: [&str; 0] = [];
        assert_eq!(said(&mut alerts, &[]), nothing);
        assert_eq!(said(&mut alerts, &[("fire", Severity::Low), ("fire", Severity::Medium)]), ["raised: fire medium 0.90"]);
        assert_eq!(said(&mut alerts, &[("fire", Severity::Low)]), nothing, "still there");
        assert_eq!(
            said(&mut alerts, &[("fire", Severity::High), ("smoke", Severity::Low)]),
            ["worse: fire high 0.90", "raised: smoke low 0.90"]
        );
        assert_eq!(said(&mut alerts, &[("smoke", Severity::Low)]), ["over: fire (unknown)"]);
        assert_eq!(said(&mut alerts, &[]), ["over: smoke (unknown)"]);
    }

    #[test]
    fn each_step_in_the_life_of_a_listed_alert_is_told_once() {
        let mut alerts = Alerts::default();
        let raised = Alert {
            id: "fire-1".into(),
            kind: KindId::new("fire"),
            severity: Severity::Low,
            raised: Stamp::default(),
            cleared: None,
            acknowledged: None,
            text: "fire (low)".into(),
            reasons: vec!["seen".into()],
        };
        let worse = Alert { severity: Severity::High, ..raised.clone() };
        let seen = Alert { acknowledged: Some(Acknowledgement { by: "ann".into(), at: Stamp::default() }), ..worse.clone() };
        let cleared = Alert { cleared: Some(Stamp::default()), ..seen.clone() };
        let mut told = Vec::new();
        for alert in [&raised, &raised, &worse, &worse, &seen, &seen, &cleared, &cleared, &worse] {
            told.extend(alerts.listed(std::slice::from_ref(alert)).into_iter().map(|line| line.text));
        }
        let wanted = [
            "raised: fire (low) [fire-1]: seen",
            "worse: fire (low) [fire-1]: seen",
            "acknowledged by ann: fire (low) [fire-1]",
            "cleared: fire (low) [fire-1]",
            "raised again: fire (low) [fire-1]: seen",
        ];
        assert_eq!(told, wanted);
        let nothing: [&str; 0] = [];
        assert_eq!(said(&mut alerts, &[("smoke", Severity::High)]), nothing, "who lists alerts is believed, not the decisions");
    }
}
