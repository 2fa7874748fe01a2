//! Hazards for rviz. In -> out: a decision -> markers of the hazards that have a position, and the deletion of those that are gone. Stable
//! names and numbers; every marker has an end of its own.

use std::collections::BTreeSet;
use vedette_messages::builtin_interfaces::Duration;
use vedette_messages::geometry_msgs::{Point, Pose, Quaternion, Vector3};
use vedette_messages::std_msgs::{ColorRGBA, Header};
use vedette_messages::to_ros;
use vedette_messages::visualization_msgs::{Marker, MarkerArray};
use vedette_types::{Decision, Hazard, Severity, Stamp};

/// Side of a marker, metres.
const SIZE_M: f64 = 0.4;

/// What is shown.
#[derive(Debug, Default)]
pub(super) struct Markers(BTreeSet<(String, i32)>);

impl Markers {
    /// The messages for `decision`.
    pub(super) fn of(&mut self, decision: &Decision) -> MarkerArray {
        let mut shown = BTreeSet::new();
        let mut markers = Vec::new();
        for hazard in &decision.hazards {
            let Some((frame, position_m)) = &hazard.position_m else { continue };
            let namespace = format!("hazards/{}", hazard.kind);
            let number = (0..).find(|number| !shown.contains(&(namespace.clone(), *number))).unwrap_or_default();
            shown.insert((namespace.clone(), number));
            let header = to_ros::header(decision.stamp, frame);
            markers.push(marker(header, namespace, number, *position_m, hazard, decision.stamp));
        }
        for (namespace, number) in self.0.difference(&shown) {
            let header = Header { stamp: to_ros::time(decision.stamp), frame_id: "map".to_owned() };
            markers.push(Marker { header, ns: namespace.clone(), id: *number, action: Marker::DELETE, ..Marker::default() });
        }
        self.0 = shown;
        MarkerArray { markers }
    }
}

fn marker(header: Header, ns: String, id: i32, [x, y, z]: [f64; 3], hazard: &Hazard, now: Stamp) -> Marker {
    let (r, g) = match hazard.severity {
        Severity::Low => (1.0, 0.9),
        Severity::Medium => (1.0, 0.5),
        Severity::High => (1.0, 0.1),
    };
    // A lifetime of 0 would last for ever.
    let left_nanos = hazard.valid_until.nanos_since(now).max(1);
    let sec = i32::try_from(left_nanos / 1_000_000_000).unwrap_or(i32::MAX);
    let nanosec = u32::try_from(left_nanos % 1_000_000_000).unwrap_or_default();
    Marker {
        header,
        ns,
        id,
        r#type: Marker::SPHERE,
        action: Marker::ADD,
        pose: Pose { position: Point { x, y, z }, orientation: Quaternion { w: 1.0, ..Quaternion::default() } },
        scale: Vector3 { x: SIZE_M, y: SIZE_M, z: SIZE_M },
        color: ColorRGBA { r, g, b: 0.0, a: 0.8 },
        lifetime: Duration { sec, nanosec },
        text: hazard.kind.as_str().to_owned(),
        ..Marker::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::{FrameId, KindId, Probability, Response, Verdict};

    fn decision(kinds: &[&str]) -> Decision {
        let now = Stamp::from_ros(100, 0);
        let hazard = |kind: &&str| Hazard {
            kind: KindId::new(kind),
            severity: Severity::High,
            confidence: Probability::ONE,
            bearing_rad: None,
            range_m: None,
            position_m: Some((FrameId::new("map"), [1.0, 2.0, 0.0])),
            valid_until: now.plus_millis(2500),
        };
        let hazards = kinds.iter().map(hazard).collect();
        Decision {
            stamp: now,
            image_stamp: None,
            verdict: Verdict::Hazard,
            hazards,
            response: Response::Stop,
            reasons: vec![],
            valid_until: now,
        }
    }

    #[test]
    fn markers_are_stable_end_and_are_deleted_when_their_hazard_is_gone() {
        let mut markers = Markers::default();
        let first = markers.of(&decision(&["fire", "fire", "spill"])).markers;
        let names: Vec<_> = first.iter().map(|m| (m.ns.as_str(), m.id, m.action)).collect();
        assert_eq!(names, [("hazards/fire", 0, 0), ("hazards/fire", 1, 0), ("hazards/spill", 0, 0)]);
        assert!(first.iter().all(|m| (m.lifetime.sec, m.lifetime.nanosec) == (2, 500_000_000)));
        let second = markers.of(&decision(&["fire"])).markers;
        let names: Vec<_> = second.iter().map(|m| (m.ns.as_str(), m.id, m.action)).collect();
        assert_eq!(names, [("hazards/fire", 0, 0), ("hazards/fire", 1, Marker::DELETE), ("hazards/spill", 0, Marker::DELETE)]);
        assert!(markers.of(&decision(&["fire"])).markers.len() == 1);
    }
}
