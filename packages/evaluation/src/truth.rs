//! What was really there. In -> out: a file with one JSON object a camera frame -> frames in time order.
//!
//! Two writers, one form: annotated recordings give `stamp_nanos` and `hazards` with `kind` and `bbox_xywh`; the simulator adds `id`,
//! `position_m`, `distance_m`, `bearing_rad`, `stage`, `in_field_of_view`, `pixels`, `is_active`, `ppm`, `noticeable_ppm`,
//! `rise_celsius` and the robot's pose. Everything but stamp and kind may be absent, unknown keys are skipped. Deliberately absent: any judgement of what could be
//! noticed by a run as a whole (that is `events`).

use crate::report::PathPoint;
use crate::run_data::read_lines;
use crate::{EvaluationError, MatchRules};
use serde::Deserialize;
use std::path::Path;
use vedette_types::{KindId, Stamp};

/// Alarms of sensors may be set well below the limits from which on missing a hazard counts.
const TRACE_SHARE: f64 = 0.1;

/// One hazard at one moment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TrueHazard {
    /// What it is.
    pub kind: KindId,
    /// The same for the same hazard in all frames, where the writer tells hazards apart.
    #[serde(default, deserialize_with = "number_or_text")]
    pub id: Option<String>,
    /// Left, top, width and height in the picture, pixels.
    #[serde(default)]
    pub bbox_xywh: Option<[f64; 4]>,
    /// Where it is on the map, metres.
    #[serde(default)]
    pub position_m: Option<[f64; 2]>,
    /// From the robot, metres.
    #[serde(default)]
    pub distance_m: Option<f64>,
    /// From the camera's axis, radians, left positive.
    #[serde(default)]
    pub bearing_rad: Option<f64>,
    /// How far it has grown, 0 to 1.
    #[serde(default)]
    pub stage: Option<f64>,
    /// Whether it is in front of the camera with no wall between; for lines without picture.
    #[serde(default)]
    pub in_field_of_view: Option<bool>,
    /// How many of its pixels the camera sees.
    #[serde(default)]
    pub pixels: Option<f64>,
    /// False before it begins and after it ended; absent means true.
    #[serde(default)]
    pub is_active: Option<bool>,
    /// Concentration that it causes at the robot, parts per million.
    #[serde(default)]
    pub ppm: Option<f64>,
    /// From which concentration on that gas should be noticed, parts per million; absent takes the rules' figure.
    #[serde(default)]
    pub noticeable_ppm: Option<f64>,
    /// Warming that it causes at the robot, degrees Celsius.
    #[serde(default)]
    pub rise_celsius: Option<f64>,
}

/// The robot's true pose on the map.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct RobotTruth {
    /// Metres.
    pub x_m: f64,
    /// Metres.
    pub y_m: f64,
    /// Radians, counter-clockwise.
    #[serde(default)]
    pub yaw_rad: f64,
}

/// One line: everything there was at one camera frame.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TruthFrame {
    /// Stamp of the camera frame.
    #[serde(rename = "stamp_nanos")]
    pub stamp: Stamp,
    /// The hazards there were.
    #[serde(default)]
    pub hazards: Vec<TrueHazard>,
    /// Where the robot was.
    #[serde(default)]
    pub robot: Option<RobotTruth>,
}

/// What was really there during a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// In time order.
    frames: Vec<TruthFrame>,
}

impl TrueHazard {
    /// Whether it is going on.
    pub fn is_active(&self) -> bool {
        self.is_active != Some(false)
    }

    /// Whether the camera sees any of it. `None` when the line says nothing about it: only a kind, as in a hand-written truth. A line that
    /// knows where the hazard is, and names neither box nor pixels, says that it is out of view.
    pub fn is_in_view(&self) -> Option<bool> {
        let says_more = self.position_m.is_some() || self.distance_m.is_some() || self.bearing_rad.is_some() || self.stage.is_some();
        match (self.bbox_xywh, self.pixels) {
            (Some([_, _, width, height]), pixels) => Some(width > 0.0 && height > 0.0 && pixels.is_none_or(|pixels| pixels > 0.0)),
            (None, Some(pixels)) => Some(pixels > 0.0),
            (None, None) if self.in_field_of_view.is_some() => self.in_field_of_view,
            (None, None) if says_more || self.is_active.is_some() || self.ppm.is_some() => Some(false),
            (None, None) => None,
        }
    }

    /// Active, and in view or strong enough for a gas or heat sensor: an honest observer at this moment can know of it.
    pub fn is_perceivable(&self, rules: &MatchRules) -> bool {
        self.is_active() && (self.is_in_view().unwrap_or(true) || self.is_sensed(rules))
    }

    /// Perceivable well enough that missing it from now on counts: a box of some height, enough gas or heat.
    pub(crate) fn is_noticeable(&self, rules: &MatchRules) -> bool {
        let is_big = self.bbox_xywh.is_none_or(|[_, _, _, height]| height >= rules.min_box_height_px);
        self.is_active() && ((self.is_in_view().unwrap_or(true) && is_big) || self.is_sensed(rules))
    }

    fn is_sensed(&self, rules: &MatchRules) -> bool {
        self.reaches(1.0, rules)
    }

    /// A sensor at the robot may tell of it, if not yet so that missing it counts; true where the line says nothing of gas or heat.
    pub(crate) fn leaves_trace(&self, rules: &MatchRules) -> bool {
        (self.ppm.is_none() && self.rise_celsius.is_none()) || self.reaches(TRACE_SHARE, rules)
    }

    /// This share of the heat or gas from which on it should be noticed.
    fn reaches(&self, share: f64, rules: &MatchRules) -> bool {
        let is_warm = self.rise_celsius.is_some_and(|rise| rise >= share * rules.noticeable_rise_celsius);
        is_warm || self.ppm.is_some_and(|ppm| ppm >= share * self.noticeable_ppm.unwrap_or(rules.noticeable_ppm))
    }
}

impl TruthFrame {
    /// Whether there is any hazard that can be known of in this frame.
    pub fn has_hazard(&self, rules: &MatchRules) -> bool {
        self.hazards.iter().any(|hazard| hazard.is_perceivable(rules))
    }
}

impl Truth {
    /// Truth from frames in any order.
    pub fn from_frames(mut frames: Vec<TruthFrame>) -> Self {
        frames.sort_by_key(|frame| frame.stamp);
        Self { frames }
    }

    /// Reads a truth file.
    ///
    /// # Errors
    /// [`EvaluationError::Read`], or [`EvaluationError::Line`] with the number of the first line that is not a frame. A half-written last
    /// line is one of them: truth that is cut short would turn hazards into false alarms.
    pub fn read(path: &Path) -> Result<Self, EvaluationError> {
        let lines = read_lines(path, "truth", |text| serde_json::from_str::<TruthFrame>(text))?;
        match lines.torn_line {
            Some(line) => Err(EvaluationError::Line { what: "truth", path: path.to_owned(), line, detail: "half-written".to_owned() }),
            None => Ok(Self::from_frames(lines.records)),
        }
    }

    /// The frames in time order.
    pub fn frames(&self) -> &[TruthFrame] {
        &self.frames
    }

    /// First and last stamp; `None` for a truth without frames.
    pub fn interval(&self) -> Option<(Stamp, Stamp)> {
        Some((self.frames.first()?.stamp, self.frames.last()?.stamp))
    }

    /// The frame nearest to `stamp`, at most `tolerance_secs` away.
    pub fn frame_at(&self, stamp: Stamp, tolerance_secs: f64) -> Option<&TruthFrame> {
        let after = self.frames.partition_point(|frame| frame.stamp < stamp);
        let candidates = self.frames.get(after.saturating_sub(1)..).unwrap_or_default().iter().take(2);
        let distance = |frame: &&TruthFrame| frame.stamp.nanos_since(stamp).unsigned_abs();
        candidates.min_by_key(distance).filter(|frame| frame.stamp.secs_since(stamp).abs() <= tolerance_secs)
    }

    /// The frames from `first` to `last`, both included.
    pub fn frames_between(&self, first: Stamp, last: Stamp) -> &[TruthFrame] {
        let begin = self.frames.partition_point(|frame| frame.stamp < first);
        let end = self.frames.partition_point(|frame| frame.stamp <= last);
        self.frames.get(begin..end).unwrap_or_default()
    }

    /// The robot's true path, for the map of the report.
    pub fn path(&self) -> Vec<PathPoint> {
        let points = self.frames.iter().filter_map(|frame| Some((frame.stamp, frame.robot?)));
        points.map(|(stamp, robot)| PathPoint { stamp, x_m: robot.x_m, y_m: robot.y_m, yaw_rad: robot.yaw_rad }).collect()
    }
}

fn number_or_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(i64),
        Text(String),
    }
    let id = Option::<Id>::deserialize(deserializer)?;
    Ok(id.map(|id| match id {
        Id::Number(number) => number.to_string(),
        Id::Text(text) => text,
    }))
}
