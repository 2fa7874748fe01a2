//! What a run was worth. In -> out: the files of a run folder and, apart from them, what was really there -> matched events, figures, the
//! difference between two runs in sentences, and `report.html`.
//!
//! Reads files, never writes one. Deliberately absent: bags and pictures (the caller hands in JPEG bytes, poses and a map), clocks, and any
//! say in what the robot does: the decisions are taken when truth is first looked at.

mod run_data;
mod truth;

mod events;
mod timeline;
mod matching;
mod calibration;
mod metrics;
mod windows;

mod fold;
mod samples;
mod patrols;

mod compare;
mod moments;
mod report;

mod error;
mod format;

pub use calibration::{CalibrationBin, expected_calibration_error, roc_auc};
pub use compare::{Delta, describe_difference, metric_deltas};
pub use error::EvaluationError;
pub use events::HazardEvent;
pub use fold::Fold;
pub use matching::{EventOutcome, FalseAlarm, MatchRules, Matching, Outcome, match_events};
pub use metrics::{Confusion, FrameCounts, KindMetrics, LatencyMillis, Metrics, Rate, UnknownSpell, evaluate};
pub use moments::{KEY_FRAMES_MAX, key_moments};
pub use patrols::{EventFigures, HourlyRate, PatrolFigures, pool_runs};
pub use report::{FailurePicture, HealthSample, KeyFrame, MapImage, PathPoint, ReportInput, SamplePage, report_html, samples_html};
pub use run_data::RunData;
pub use samples::{
    Estimate, GroupFigures, JudgedSample, KindConfusion, KindFigures, Pairing, SampleAnswer, SampleFigures, SampleHazard, SampleTruth,
    controls_table, evaluate_samples, figures_table, kind_score, pair, read_samples, sample_line,
};
pub use truth::{RobotTruth, TrueHazard, Truth, TruthFrame};
pub use windows::{SHORTEST_WINDOW_SECS, Window, WindowCounts, WindowFigures, cut_windows, window_figures, windows_table};
