//! The map: floor plan, path, hazards found and missed, false alarms. In -> out: grid, poses, events -> an SVG in metres with letters over
//! it.
//!
//! Letters and signs are HTML placed in percent, so that they have the same size on a phone and on a desk.

use super::{MapImage, Page, PathPoint, card, kind_letters};
use crate::Outcome;
use crate::format::words;
use maud::{Markup, html};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use vedette_types::Stamp;

/// Largest side of the drawn grid, cells; larger maps are drawn coarser, walls winning.
const CELLS_MAX: usize = 400;

/// Most points of the path that are drawn.
const PATH_MAX: usize = 2000;

/// Most false alarms that are marked.
const ALARMS_MAX: usize = 20;

/// Class, sign in the legend, meaning.
const SIGNS: [(&str, &str, &str); 5] = [
    ("found", "✓", "found"),
    ("missed", "✕", "missed"),
    ("unreached", "–", "out of reach"),
    ("named", "?", "named, truth not known"),
    ("alarm", "!", "false alarm: the robot was here"),
];

/// The drawn part of the world, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    left: f64,
    bottom: f64,
    width: f64,
    height: f64,
}

impl Frame {
    /// Around all `points`; `None` without a finite one.
    fn around(points: impl Iterator<Item = [f64; 2]>, margin_m: f64) -> Option<Self> {
        let finite = points.filter(|point| point.iter().all(|value| value.is_finite() && value.abs() < 1e7));
        let hull = finite.fold(None, |hull: Option<[f64; 4]>, [x, y]| {
            let [left, bottom, right, top] = hull.unwrap_or([x, y, x, y]);
            Some([left.min(x), bottom.min(y), right.max(x), top.max(y)])
        });
        let [left, bottom, right, top] = hull?;
        let (width, height) = (right - left + 2.0 * margin_m, top - bottom + 2.0 * margin_m);
        // A corridor seen from above would be a line: no side is shorter than a third of the other.
        let (wide, high) = (width.max(height / 3.0), height.max(width / 3.0));
        Some(Self {
            left: left - margin_m - (wide - width) / 2.0,
            bottom: bottom - margin_m - (high - height) / 2.0,
            width: wide,
            height: high,
        })
    }

    /// Metres from the upper left corner, y down.
    fn on_page(&self, [x, y]: [f64; 2]) -> (f64, f64) {
        (x - self.left, self.bottom + self.height - y)
    }

    fn style(&self, point: [f64; 2]) -> String {
        let (x, y) = self.on_page(point);
        // A sign near the border stays whole: half of the widest and of the highest is kept free.
        let percent = |part: f64, whole: f64| Some(part / whole * 100.0).filter(|share| share.is_finite()).unwrap_or(50.0);
        let (left, top) = (percent(x, self.width), percent(y, self.height));
        format!("left:clamp(22px,{left:.2}%,100% - 22px);top:clamp(14px,{top:.2}%,100% - 14px)")
    }
}

/// A sign on the map.
struct Sign {
    at: [f64; 2],
    class: String,
    letters: String,
    title: String,
}

/// The section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let path: Vec<&PathPoint> = page.input.path.iter().filter(|point| point.x_m.is_finite() && point.y_m.is_finite()).collect();
    let signs = signs(page, &path);
    let map = page.input.map.as_ref().filter(|map| is_sound(map));
    let corners = map.into_iter().flat_map(corners);
    let points = path.iter().map(|point| [point.x_m, point.y_m]).chain(signs.iter().map(|sign| sign.at)).chain(corners);
    let Some(frame) = Frame::around(points, if map.is_some() { 0.2 } else { 1.0 }) else {
        return card("map", "Map", &html! { p class="note" { "No pose and no position is known in this run, so there is no map." } });
    };
    let view = format!("0 0 {:.3} {:.3}", frame.width, frame.height);
    let ratio = frame.width / frame.height;
    let style = format!("aspect-ratio:{ratio:.4};max-width:{:.0}px", (ratio * 640.0).min(1100.0));
    let end = path.last().filter(|_| path.len() > 1).map(|last| (last, "end"));
    let outcomes: BTreeSet<&str> = signs.iter().filter_map(|sign| sign.class.split(' ').next()).collect();
    let content = html! {
        div class="map" role="img" aria-label="Map with the robot's path and the hazards" style=(style) {
            svg viewBox=(view) preserveAspectRatio="none" aria-hidden="true" {
                @if let Some(map) = map { (floor_plan(map, &frame)) }
                @if path.len() > 1 { path class="path" d=(trace(&path, &frame)) {} }
            }
            @for (point, word) in path.first().map(|first| (first, "start")).into_iter().chain(end) {
                span class="stop" style=(frame.style([point.x_m, point.y_m])) { (word) }
            }
            @for sign in &signs {
                span class=(format!("sign {}", sign.class)) style=(frame.style(sign.at)) title=(sign.title) { (sign.letters) }
            }
        }
        p class="legend" {
            @for (class, sign, words) in SIGNS {
                @if outcomes.contains(class) { span { i class=(format!("sign {class}")) { (sign) } (words) } }
            }
            @for (letters, name) in letters(page) { span { b { (letters) } " " (name) } }
            @if path.is_empty() { span { "the path is not known" } }
            @if page.input.map.is_some() && map.is_none() { span { "the floor plan does not fit its own size and is not drawn" } }
            span { (format!("{:.0} m × {:.0} m", frame.width, frame.height)) }
        }
    };
    card("map", "Map", &content)
}

/// Whether the grid is what its head says; anything else is not drawn.
fn is_sound(map: &MapImage) -> bool {
    let is_placed = map.origin_m.iter().all(|value| value.is_finite()) && map.resolution_m.is_finite() && map.resolution_m > 0.0;
    is_placed && map.width.checked_mul(map.height) == Some(map.cells.len())
}

fn corners(map: &MapImage) -> [[f64; 2]; 2] {
    let [x, y] = map.origin_m;
    [[x, y], [x + map.width as f64 * map.resolution_m, y + map.height as f64 * map.resolution_m]]
}

fn signs(page: &Page<'_>, path: &[&PathPoint]) -> Vec<Sign> {
    let mut signs = Vec::new();
    for outcome in &page.metrics.matching.events {
        let (class, word) = match outcome.outcome {
            Outcome::Found => ("found", "found"),
            Outcome::Missed => ("missed", "missed"),
            Outcome::OutOfSight => ("unreached", "out of reach"),
        };
        let Some(at) = outcome.event.position_m.filter(|at| at.iter().all(|value| value.is_finite())) else { continue };
        let title = format!(
            "{} {word}, from {} to {}",
            words(outcome.event.kind.as_str()),
            page.at(outcome.event.first),
            page.at(outcome.event.last)
        );
        signs.push(Sign { at, class: class.to_owned(), letters: kind_letters(&outcome.event.kind), title });
    }
    if !page.metrics.has_truth {
        let mut seen = BTreeSet::new();
        for hazard in page.input.run.decisions.iter().flat_map(|decision| &decision.hazards) {
            let Some((_, [x, y, _])) = &hazard.position_m else { continue };
            // One sign a square metre: every look gives a slightly different place.
            if x.is_finite() && y.is_finite() && seen.insert((&hazard.kind, x.round() as i64, y.round() as i64)) && seen.len() <= ALARMS_MAX
            {
                let title = format!("{} named", words(hazard.kind.as_str()));
                signs.push(Sign { at: [*x, *y], class: "named".to_owned(), letters: kind_letters(&hazard.kind), title });
            }
        }
    }
    // Last, so that the small signs lie on the large ones.
    let alarms = page.metrics.matching.false_alarms.iter().take(ALARMS_MAX);
    for alarm in alarms {
        if let Some(at) = place_at(path, alarm.first) {
            let title = format!("false alarm: {} at {}", words(alarm.kind.as_str()), page.at(alarm.first));
            signs.push(Sign { at, class: "alarm".to_owned(), letters: "!".to_owned(), title });
        }
    }
    signs
}

/// The letters that are on the map, with the kinds they stand for.
fn letters(page: &Page<'_>) -> Vec<(String, String)> {
    let with_place =
        page.metrics.matching.events.iter().filter(|outcome| outcome.event.position_m.is_some()).map(|outcome| &outcome.event.kind);
    let named = page.input.run.decisions.iter().filter(|_| !page.metrics.has_truth).flat_map(|decision| &decision.hazards);
    let kinds: BTreeSet<_> = with_place.chain(named.filter(|hazard| hazard.position_m.is_some()).map(|hazard| &hazard.kind)).collect();
    kinds.into_iter().map(|kind| (kind_letters(kind), words(kind.as_str()))).collect()
}

/// Where the robot was at `stamp`: the nearest point of the path, at most a second away.
fn place_at(path: &[&PathPoint], stamp: Stamp) -> Option<[f64; 2]> {
    let nearest = path.iter().min_by_key(|point| point.stamp.nanos_since(stamp).unsigned_abs())?;
    (nearest.stamp.secs_since(stamp).abs() <= 1.0).then_some([nearest.x_m, nearest.y_m])
}

fn trace(path: &[&PathPoint], frame: &Frame) -> String {
    let step = path.len().div_ceil(PATH_MAX).max(1);
    let last = path.last().filter(|_| !(path.len() - 1).is_multiple_of(step));
    let mut d = String::new();
    for point in path.iter().step_by(step).chain(last) {
        let (x, y) = frame.on_page([point.x_m, point.y_m]);
        // Writing into a String cannot fail.
        let _ = write!(d, "{}{x:.2} {y:.2}", if d.is_empty() { 'M' } else { 'L' });
    }
    d
}

/// Known floor and walls as two shapes made of runs of cells.
fn floor_plan(map: &MapImage, frame: &Frame) -> Markup {
    let step = map.width.max(map.height).div_ceil(CELLS_MAX).max(1);
    let (columns, rows) = (map.width.div_ceil(step), map.height.div_ceil(step));
    let side = map.resolution_m * step as f64;
    let worst = |column: usize, row: usize| {
        let in_block = |from: usize, end: usize| from * step..((from + 1) * step).min(end);
        let cells = in_block(row, map.height).flat_map(|y| in_block(column, map.width).map(move |x| y * map.width + x));
        cells.filter_map(|index| map.cells.get(index)).copied().max().unwrap_or(-1)
    };
    let (mut floor, mut walls) = (String::new(), String::new());
    for row in 0..rows {
        let line: Vec<i8> = (0..columns).map(|column| worst(column, row)).collect();
        let mut column = 0;
        for run in line.chunk_by(|a, b| is_wall(*a) == is_wall(*b) && (*a < 0) == (*b < 0)) {
            let cell = run.first().copied().unwrap_or(-1);
            let (x, y) = frame.on_page([map.origin_m[0] + column as f64 * side, map.origin_m[1] + (row + 1) as f64 * side]);
            column += run.len();
            if cell >= 0 {
                let shape = if is_wall(cell) { &mut walls } else { &mut floor };
                let _ = write!(shape, "M{x:.2} {y:.2}h{w:.2}v{side:.2}h-{w:.2}z", w = run.len() as f64 * side);
            }
        }
    }
    html! { path class="floor" d=(floor) {} path class="wall" d=(walls) {} }
}

/// The usual occupied threshold of Nav2 maps (65 %).
fn is_wall(cell: i8) -> bool {
    cell >= 65
}
