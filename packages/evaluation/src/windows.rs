//! Runs cut into windows of equal length. In -> out: decisions and truth -> for each kind, the share of windows with it that were alerted
//! and of windows without it that were.
//!
//! A window is *alerted* for a kind when a decision taken within it names the kind: silence that rests on an earlier decision is not an
//! alert. A kind is in a window when truth could notice it in one of the window's frames; windows in which it was only faint count neither
//! way. Deliberately absent: which event an alert belongs to, and where it points; that is `matching`.

use crate::{MatchRules, Rate, Truth};
use serde::Serialize;
use std::collections::BTreeSet;
use vedette_types::{Decision, KindId, Stamp, Verdict};

/// Windows are not cut shorter than this, seconds: a run of days would become millions of them.
pub const SHORTEST_WINDOW_SECS: f64 = 0.01;
const WINDOWS_MAX: usize = 10_000_000;

/// Windows of one kind, or of any.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WindowCounts {
    /// The kind; `None` for any.
    pub kind: Option<KindId>,
    /// Of the windows with it, the share that was alerted.
    pub alerted: Option<Rate>,
    /// Of the windows without it, the share that was alerted all the same.
    pub falsely_alerted: Option<Rate>,
}

/// A run in windows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WindowFigures {
    /// Length of a window.
    pub window_secs: f64,
    /// How many whole windows fit; a rest shorter than half a window is left out.
    pub windows: usize,
    /// Windows in which no decision was known: neither hazard nor clear.
    pub unknown: usize,
    /// Any kind together.
    pub any: WindowCounts,
    /// Each kind that was there or named.
    pub kinds: Vec<WindowCounts>,
}

/// What happened in one window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// Kinds that could be noticed.
    pub there: BTreeSet<KindId>,
    /// Kinds that were there but could hardly be noticed.
    pub faint: BTreeSet<KindId>,
    /// Kinds named by decisions taken in it.
    pub named: BTreeSet<KindId>,
    /// Whether a decision taken in it was hazard or clear.
    pub is_known: bool,
}

/// The windows from `begin` to `end`. The last one is whole: it takes in a rest of up to half a window, as of 15.01 seconds. `None` for a
/// window length that is no length.
pub fn cut_windows(
    decisions: &[Decision],
    truth: Option<&Truth>,
    rules: &MatchRules,
    (begin, end): (Stamp, Stamp),
    window_secs: f64,
) -> Option<Vec<Window>> {
    if !(window_secs.is_finite() && window_secs >= SHORTEST_WINDOW_SECS) {
        return None;
    }
    let whole = (end.secs_since(begin) / window_secs).round();
    let count = (whole.max(1.0) as usize).min(WINDOWS_MAX);
    let mut windows = vec![Window::default(); count];
    let place = |stamp: Stamp| {
        let secs = stamp.secs_since(begin);
        (secs >= 0.0 && stamp <= end).then(|| ((secs / window_secs) as usize).min(count - 1))
    };
    for frame in truth.iter().flat_map(|truth| truth.frames()) {
        let Some(window) = place(frame.stamp).and_then(|place| windows.get_mut(place)) else { continue };
        for hazard in frame.hazards.iter().filter(|hazard| hazard.is_perceivable(rules)) {
            let kinds = if hazard.is_noticeable(rules) { &mut window.there } else { &mut window.faint };
            kinds.insert(hazard.kind.clone());
        }
    }
    for decision in decisions {
        let Some(window) = place(decision.stamp).and_then(|place| windows.get_mut(place)) else { continue };
        window.named.extend(decision.hazards.iter().map(|hazard| hazard.kind.clone()));
        window.is_known |= decision.verdict != Verdict::Unknown;
    }
    Some(windows)
}

/// The figures of windows, of one run or of many.
pub fn window_figures(windows: &[Window], window_secs: f64) -> WindowFigures {
    let kinds: BTreeSet<&KindId> = windows.iter().flat_map(|window| window.there.iter().chain(&window.named)).collect();
    let count = |kind: Option<&KindId>| {
        let holds = |kinds: &BTreeSet<KindId>| kind.map_or(!kinds.is_empty(), |kind| kinds.contains(kind));
        let (with, without): (Vec<&Window>, Vec<&Window>) = windows.iter().partition(|window| holds(&window.there));
        let without: Vec<&Window> = without.into_iter().filter(|window| !holds(&window.faint)).collect();
        let alerted = |windows: &[&Window]| Rate::of(windows.iter().filter(|window| holds(&window.named)).count(), windows.len());
        WindowCounts { kind: kind.cloned(), alerted: alerted(&with), falsely_alerted: alerted(&without) }
    };
    WindowFigures {
        window_secs,
        windows: windows.len(),
        unknown: windows.iter().filter(|window| !window.is_known).count(),
        any: count(None),
        kinds: kinds.into_iter().map(|kind| count(Some(kind))).collect(),
    }
}

/// Windows as a table for a terminal.
pub fn windows_table(figures: &WindowFigures) -> String {
    let rate = |rate: Option<Rate>| {
        rate.map_or_else(
            || "-".to_owned(),
            |rate| format!("{} of {} = {:.3} {:.2}-{:.2}", rate.hits, rate.total, rate.value, rate.low, rate.high),
        )
    };
    let mut lines = vec![
        format!("{} windows of {} s, {} of them unknown", figures.windows, figures.window_secs, figures.unknown),
        format!("{:<14}{:<34}{}", "hazard", "with it: alerted", "without it: alerted"),
    ];
    for counts in figures.kinds.iter().chain([&figures.any]) {
        let name = counts.kind.as_ref().map_or("any", |kind| kind.as_str());
        lines.push(format!("{name:<14}{:<34}{}", rate(counts.alerted), rate(counts.falsely_alerted)));
    }
    lines.join("\n") + "\n"
}
