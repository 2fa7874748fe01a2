//! What is really there, apart from what sensors say. In -> out: a world -> one line of `truth.jsonl` for each camera shot. It is for
//! measuring only: nothing that runs on the robot may read it.

use crate::{
    robot::FloorPose,
    scene::{Look, Visible},
};
use serde::{Deserialize, Serialize};
use vedette_types::{KindId, Severity, Stamp};

/// Everything there is at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// When.
    #[serde(rename = "stamp_nanos")]
    pub stamp: Stamp,
    /// Where the robot really is, map frame.
    pub robot: FloorPose,
    /// Dangers that have begun and are not over for more than 5 s.
    pub hazards: Vec<HazardTruth>,
}

/// One danger at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HazardTruth {
    /// The same in every line.
    pub id: u32,
    /// What it is.
    pub kind: KindId,
    /// Its middle, metres, map frame.
    pub position_m: [f64; 2],
    /// How far it has grown, 0 to 1.
    pub stage: f64,
    /// How bad that is, by [`crate::severity_of`].
    pub severity: Severity,
    /// Whether it is there; false for a few seconds after its end.
    pub is_active: bool,
    /// From the camera along the floor, metres.
    pub distance_m: f64,
    /// From the camera's axis, radians, left positive.
    pub bearing_rad: f64,
    /// Whether its middle is within the horizontal field of view, nearer than 12 m, with no wall between. Never for an invisible leak.
    pub in_field_of_view: bool,
    /// Left, top, width, height of its visible pixels, when it was rendered and is in the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox_xywh: Option<[u32; 4]>,
    /// Its visible pixels, when the picture was rendered: 0 when none is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<u32>,
    /// Concentration that a gas leak causes at the robot, ppm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ppm: Option<f64>,
    /// From which concentration on that gas should be noticed, ppm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticeable_ppm: Option<f64>,
    /// Warming that a fire causes at the robot, degrees Celsius.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise_celsius: Option<f64>,
}

impl Truth {
    /// Adds what the renderer found in the picture of this moment; what it did not find has 0 pixels.
    pub fn add_visible(&mut self, visible: &[Visible]) {
        for hazard in &mut self.hazards {
            let seen = visible.iter().find(|seen| seen.id == hazard.id && seen.pixels > 0);
            hazard.bbox_xywh = seen.map(|seen| seen.box_px);
            hazard.pixels = Some(seen.map_or(0, |seen| seen.pixels));
        }
    }
}

/// `truth` as one line of `truth.jsonl`, without the line feed.
///
/// # Errors
/// None is known: every value is finite.
pub fn truth_line(truth: &Truth) -> Result<String, serde_json::Error> {
    serde_json::to_string(truth)
}

/// Another kind, always the same one for each: never the right one.
pub(crate) fn wrong_kind(kind: &KindId) -> KindId {
    let kinds: Vec<KindId> = Look::ALL.iter().filter_map(|look| look.kind()).collect();
    let next = kinds.iter().position(|known| known == kind).map_or(0, |at| at + 1);
    kinds.get(next % kinds.len().max(1)).cloned().unwrap_or_else(|| kind.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth() -> Truth {
        let hazard = |id: u32, kind: &str| HazardTruth {
            id,
            kind: KindId::new(kind),
            position_m: [1.5, -2.0],
            stage: 0.5,
            severity: Severity::High,
            is_active: true,
            distance_m: 3.0,
            bearing_rad: 0.25,
            in_field_of_view: true,
            bbox_xywh: None,
            pixels: None,
            ppm: (kind == "gas_leak").then_some(120.0),
            noticeable_ppm: (kind == "gas_leak").then_some(50.0),
            rise_celsius: None,
        };
        let robot = FloorPose { x_m: 1.0, y_m: 2.0, yaw_rad: 0.5 };
        Truth { stamp: Stamp::from_ros(1_700_000_000, 0), robot, hazards: vec![hazard(1, "fire"), hazard(2, "gas_leak")] }
    }

    #[test]
    fn a_line_holds_what_is_known_and_reads_back() {
        let mut truth = truth();
        truth.add_visible(&[Visible { id: 1, box_px: [10, 20, 30, 40], pixels: 700, distance_m: 3.0 }]);
        let line = truth_line(&truth).expect("a line");
        assert!(line.starts_with(
            r#"{"stamp_nanos":1700000000000000000,"robot":{"x_m":1.0,"y_m":2.0,"yaw_rad":0.5},"hazards":[{"id":1,"kind":"fire""#
        ));
        assert!(line.contains(r#""bbox_xywh":[10,20,30,40],"pixels":700"#) && line.contains(r#""pixels":0,"ppm":120.0"#), "{line}");
        assert_eq!(serde_json::from_str::<Truth>(&line).expect("the same"), truth);
    }

    #[test]
    fn a_wrong_kind_is_never_the_right_one() {
        for kind in Look::ALL.iter().filter_map(|look| look.kind()) {
            assert_ne!(wrong_kind(&kind), kind);
        }
    }
}
