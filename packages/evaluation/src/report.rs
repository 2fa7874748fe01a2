//! The report of one run. In -> out: a run, its truth where there is one, poses, a map, pictures, freshness -> one HTML page.
//!
//! The page needs nothing else: styles, plots and pictures are in it, and no script. It is read on a phone (390 px) and on a desk, by day
//! and by night; wide things scroll in their own box. All text is escaped by `maud`. Failures come first. Deliberately absent: bags and
//! decoding.

mod base64;
mod axis;
mod story;
mod failures;
mod figures;
mod map;
mod lanes;
mod frames;
mod plots;
mod origin;
mod sample_page;

pub use sample_page::{FailurePicture, SamplePage, samples_html};

use crate::{MatchRules, Metrics, RunData, Truth, evaluate};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use vedette_types::{KindId, Stamp, StreamId};

const STYLE: &str = include_str!("report/style.css");

/// Everything a report is made from, by value: the crate reads no bag.
#[derive(Clone, Debug)]
pub struct ReportInput<'a> {
    /// The heading; the run's name is a good one.
    pub title: String,
    /// The run.
    pub run: &'a RunData,
    /// What was really there, where it is known.
    pub truth: Option<&'a Truth>,
    /// How both are held against each other.
    pub rules: MatchRules,
    /// Where the robot was: [`Truth::path`], else from odometry; empty when unknown. In the frame of the map and of the truth's positions.
    pub path: Vec<PathPoint>,
    /// The floor plan.
    pub map: Option<MapImage>,
    /// Pictures of [`key_moments`](crate::key_moments); only the first eight are shown.
    pub frames: Vec<KeyFrame>,
    /// Freshness of the streams; empty when it was not recorded.
    pub health: Vec<HealthSample>,
}

/// Where the robot was at one time, in the map's frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathPoint {
    /// When.
    pub stamp: Stamp,
    /// Metres.
    pub x_m: f64,
    /// Metres.
    pub y_m: f64,
    /// Radians, counter-clockwise.
    pub yaw_rad: f64,
}

/// An occupancy grid, as in `nav_msgs/OccupancyGrid`.
#[derive(Clone, Debug, PartialEq)]
pub struct MapImage {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Side of a cell, metres.
    pub resolution_m: f64,
    /// Map coordinates of the lower left corner, metres.
    pub origin_m: [f64; 2],
    /// Row by row from the lowest y, 0 free to 100 occupied, -1 unknown. A grid with more or fewer cells than `width * height` is not drawn.
    pub cells: Vec<i8>,
}

/// One picture of the camera.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFrame {
    /// Its stamp.
    pub stamp: Stamp,
    /// The picture as the camera sent it, or made smaller: JPEG or PNG.
    pub jpeg: Vec<u8>,
    /// Width of the picture that truth boxes belong to, pixels.
    pub width_px: u32,
    /// Height of it.
    pub height_px: u32,
}

/// How old the newest reading of one stream was at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthSample {
    /// When.
    pub stamp: Stamp,
    /// The stream.
    pub stream: StreamId,
    /// Age of its newest reading, seconds.
    pub age_secs: f64,
    /// Older than the stale horizon.
    pub is_stale: bool,
}

/// What the sections share.
struct Page<'a> {
    input: &'a ReportInput<'a>,
    metrics: Metrics,
    /// The run's time axis.
    time: axis::Axis,
}

impl Page<'_> {
    /// Seconds since the run's start.
    fn since_start(&self, stamp: Stamp) -> f64 {
        self.metrics.begin.map_or(0.0, |begin| stamp.secs_since(begin))
    }

    /// `12.4 s` since the run's start.
    fn at(&self, stamp: Stamp) -> String {
        crate::format::secs(self.since_start(stamp))
    }

    /// The truth, unless it belongs to another time than the run.
    fn truth(&self) -> Option<&Truth> {
        self.input.truth.filter(|_| self.metrics.has_truth)
    }

    /// Position of a kind among the kinds of the run, which decides its colour.
    fn kind_class(&self, kind: &KindId) -> String {
        const KNOWN: [&str; 6] = ["fire", "smoke", "gas_leak", "liquid_spill", "person_down", "blocked_path"];
        let known = KNOWN.iter().position(|known| *known == kind.as_str());
        let others = || self.metrics.kinds.iter().filter(|other| other.kind.as_ref().is_some_and(|other| !KNOWN.contains(&other.as_str())));
        let other = || others().position(|other| other.kind.as_ref() == Some(kind)).unwrap_or(0);
        format!("k{}", known.unwrap_or_else(|| KNOWN.len() + other() % 4))
    }
}

/// Up to two letters that stand for a kind on the map: `gas_leak` -> `GL`.
fn kind_letters(kind: &KindId) -> String {
    kind.as_str().split(['_', ' ']).filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

/// The page.
pub fn report_html(input: &ReportInput<'_>) -> String {
    let metrics = evaluate(input.run, input.truth, &input.rules);
    let time = axis::Axis::seconds(metrics.robot_secs.unwrap_or(0.0));
    let page = Page { input, metrics, time };
    let sections = [
        failures::section(&page),
        figures::section(&page),
        map::section(&page),
        lanes::section(&page),
        frames::section(&page),
        plots::section(&page),
        origin::section(&page),
    ];
    let body = html! {
        (story::header(&page))
        main { @for section in sections { (section) } }
    };
    document(&input.title, &body)
}

/// A whole page around `body`.
fn document(title: &str, body: &Markup) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Vedette report" }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    document.into_string()
}

/// A section with its heading.
fn card(id: &str, heading: &str, content: &Markup) -> Markup {
    html! { section id=(id) { h2 { (heading) } (content) } }
}
