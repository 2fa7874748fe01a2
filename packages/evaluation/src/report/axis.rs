//! Axes and plots that keep their letters readable at any width. In -> out: ranges and series -> HTML around a stretched SVG.
//!
//! The SVG holds only lines and areas and is stretched to its box (`preserveAspectRatio="none"`, strokes keep their width); all letters are
//! HTML placed in percent. An SVG that scales as a whole would be unreadable on a phone.

use maud::{Markup, html};
use std::fmt::Write as _;

/// Width of every stretched SVG in its own units.
pub(super) const WIDTH: f64 = 1000.0;

/// Height of a plot in its own units.
const HEIGHT: f64 = 100.0;

/// Most points of one series that are drawn: more than a desk screen has columns is only weight.
pub(super) const POINTS_MAX: usize = 1200;

/// A linear axis from 0 (or `min`) with round ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    min: f64,
    max: f64,
    /// Value and label.
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Seconds from 0 to `secs`.
    pub(super) fn seconds(secs: f64) -> Self {
        let max = if secs.is_finite() && secs > 0.0 { secs } else { 1.0 };
        const STEPS: [f64; 9] = [60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14_400.0];
        let step = if max <= 240.0 {
            round_step(max, 5.0)
        } else {
            STEPS.into_iter().find(|step| max / step <= 6.0).unwrap_or_else(|| round_step(max, 5.0))
        };
        let label = |value: f64| match () {
            () if max <= 240.0 => format!("{value} s"),
            () if max <= 7200.0 => format!("{:.0} min", value / 60.0),
            () => format!("{:.1} h", value / 3600.0),
        };
        Self { min: 0.0, max, ticks: ticks(0.0, max, step).into_iter().map(|value| (value, label(value))).collect() }
    }

    /// From 0 to a round figure at or above `max`.
    pub(super) fn to_at_least(max: f64, unit: &str) -> Self {
        let max = if max.is_finite() && max > 0.0 { max } else { 1.0 };
        let step = round_step(max, 4.0);
        let top = (max / step).ceil() * step;
        Self { min: 0.0, max: top, ticks: ticks(0.0, top, step).into_iter().map(|value| (value, format!("{value} {unit}"))).collect() }
    }

    /// Where `value` lies, 0 to 1; beyond the ends it stays at the end.
    pub(super) fn share(&self, value: f64) -> f64 {
        let share = (value - self.min) / (self.max - self.min);
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// The labels under a time axis.
    pub(super) fn labels_below(&self) -> Markup {
        html! {
            div class="xaxis" aria-hidden="true" {
                @for (value, label) in &self.ticks {
                    @let share = self.share(*value);
                    // A label at the very end would stick out of its box.
                    @if share <= 0.97 || self.ticks.len() < 3 { span style=(format!("left:{:.2}%", share * 100.0)) { (label) } }
                }
            }
        }
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides `range` into at most about `count` parts.
fn round_step(range: f64, count: f64) -> f64 {
    let raw = range / count;
    let power = 10.0_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= raw * 0.999);
    step.filter(|step| step.is_finite() && *step > 0.0).unwrap_or(range.max(f64::MIN_POSITIVE))
}

fn ticks(min: f64, max: f64, step: f64) -> Vec<f64> {
    let count = ((max - min) / step + 1e-9).floor().clamp(0.0, 20.0) as usize;
    // Twelve digits, so that 3 * 0.1 is written 0.3.
    (0..=count)
        .map(|index| ((min + index as f64 * step) * 1e12).round() / 1e12)
        .map(|value| if value.is_finite() { value } else { max })
        .collect()
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Joined points.
    Line,
    /// Single points.
    Dots,
}

/// One series of a plot.
pub(super) struct Series {
    /// Name in the legend; empty for what the legend names already.
    pub(super) name: String,
    /// Style class: `s0`, `hazard`, ...
    pub(super) class: String,
    /// How it is drawn.
    pub(super) mark: Mark,
    /// Points, x in the order of time. Points that are not finite interrupt the line.
    pub(super) points: Vec<(f64, f64)>,
}

/// A plot with its axes and legend. `bands` are stretches of x that are shaded.
pub(super) fn plot(label: &str, x: &Axis, y: &Axis, series: &[Series], bands: &[(f64, f64)]) -> Markup {
    html! {
        figure class="plot" {
            div class="area" role="img" aria-label=(label) {
                svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" aria-hidden="true" {
                    @let shaded = bands.iter().map(|(from, to)| (x.share(*from), x.share(*to)));
                    @if !bands.is_empty() { path class="band" d=(bars(shaded, HEIGHT)) {} }
                    path class="grid" d=(grid(y)) {}
                    @for one in series {
                        path class=(format!("{} {}", if one.mark == Mark::Line { "line" } else { "dots" }, one.class)) d=(trace(one, x, y)) {}
                    }
                }
                @for (value, text) in &y.ticks { span class="ytick" style=(format!("bottom:{:.2}%", y.share(*value) * 100.0)) { (text) } }
            }
            (x.labels_below())
            @if series.len() > 1 || !bands.is_empty() {
                figcaption class="legend" {
                    @for one in series.iter().filter(|one| !one.name.is_empty()) { span { i class=(one.class) {} (one.name) } }
                    @if !bands.is_empty() { span { i class="band" {} "a hazard could be perceived" } }
                }
            }
        }
    }
}

fn grid(y: &Axis) -> String {
    let mut d = String::new();
    for (value, _) in &y.ticks {
        // Writing into a String cannot fail.
        let _ = write!(d, "M0 {:.2}h{WIDTH}", (1.0 - y.share(*value)) * HEIGHT);
    }
    d
}

fn trace(series: &Series, x: &Axis, y: &Axis) -> String {
    let mut d = String::new();
    let mut is_joined = false;
    for (at, value) in thinned(&series.points) {
        if !at.is_finite() || !value.is_finite() {
            is_joined = false;
            continue;
        }
        let (px, py) = (x.share(at) * WIDTH, (1.0 - y.share(value)) * HEIGHT);
        let _ = match series.mark {
            Mark::Line => write!(d, "{}{px:.1} {py:.2}", if is_joined { 'L' } else { 'M' }),
            // A line of no length with round ends is a dot that stays round however the box is stretched.
            Mark::Dots => write!(d, "M{px:.1} {py:.2}h0"),
        };
        is_joined = true;
    }
    d
}

/// One moment of a stacked plot: where it begins and ends on the x axis, and the parts from the bottom up.
pub(super) struct Column<const N: usize> {
    /// From and to.
    pub(super) x: (f64, f64),
    /// Parts of the whole, which is 1.
    pub(super) parts: [f64; N],
}

/// A plot of parts of a whole over x, one above the other; `strip` are stretches of x that are marked above it.
pub(super) fn stacked<const N: usize>(
    label: &str,
    x: &Axis,
    columns: &[Column<N>],
    layers: [&'static str; N],
    strip: (&str, &[(f64, f64)]),
) -> Markup {
    let y = Axis::to_at_least(1.0, "");
    let (strip_name, stretches) = strip;
    html! {
        figure class="plot" {
            @if !stretches.is_empty() {
                @let shares = stretches.iter().map(|(from, to)| (x.share(*from), x.share(*to)));
                svg class="track strip" viewBox=(format!("0 0 {WIDTH} 1")) preserveAspectRatio="none" aria-hidden="true" {
                    path class="full" d=(bars(shares, 1.0)) {}
                }
            }
            div class="area" role="img" aria-label=(label) {
                svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" aria-hidden="true" {
                    @for (number, class) in layers.iter().enumerate() { path class=(format!("stack {class}")) d=(layer(columns, x, number)) {} }
                    path class="grid" d=(grid(&y)) {}
                }
                @for (value, text) in &y.ticks { span class="ytick" style=(format!("bottom:{:.2}%", y.share(*value) * 100.0)) { (text) } }
            }
            (x.labels_below())
            figcaption class="legend" {
                @for class in layers.iter().rev() { span { i class=(class) {} (class) } }
                @if !stretches.is_empty() { span { i class="strip" {} (strip_name) } }
            }
        }
    }
}

/// One layer as boxes, from the sum of the parts below it to the sum with its own.
fn layer<const N: usize>(columns: &[Column<N>], x: &Axis, number: usize) -> String {
    let mut d = String::new();
    for column in columns {
        let (below, part) = (column.parts.iter().take(number).sum::<f64>(), column.parts.get(number).copied().unwrap_or(0.0));
        let (left, right) = (x.share(column.x.0) * WIDTH, x.share(column.x.1) * WIDTH);
        if !(below.is_finite() && part.is_finite() && part > 0.0) {
            continue;
        }
        let top = (1.0 - below - part).max(0.0) * HEIGHT;
        let (width, height) = ((right - left).max(1.0), part * HEIGHT);
        let _ = write!(d, "M{left:.1} {top:.1}h{width:.1}v{height:.1}h-{width:.1}z");
    }
    d
}

/// At most [`POINTS_MAX`] points: lowest and highest of each bucket, so that no peak is lost.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= POINTS_MAX {
        return points.to_vec();
    }
    let bucket = points.len().div_ceil(POINTS_MAX / 2);
    let ends = |bucket: &[(f64, f64)]| {
        let lowest = bucket.iter().enumerate().min_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let highest = bucket.iter().enumerate().max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let mut ends: Vec<_> = lowest.into_iter().chain(highest).collect();
        ends.sort_by_key(|(index, _)| *index);
        ends.dedup_by_key(|(index, _)| *index);
        ends.into_iter().map(|(_, point)| *point).collect::<Vec<_>>()
    };
    points.chunks(bucket).flat_map(ends).collect()
}

/// Path data of bars from x share to x share over the whole `height`; each is wide enough to be seen.
pub(super) fn bars(stretches: impl Iterator<Item = (f64, f64)>, height: f64) -> String {
    const NARROWEST: f64 = 2.0;
    let mut d = String::new();
    for (from, to) in stretches {
        let left = (from * WIDTH).min(WIDTH - NARROWEST);
        let width = ((to - from) * WIDTH).max(NARROWEST);
        let _ = write!(d, "M{left:.1} 0h{width:.1}v{height}h-{width:.1}z");
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let labels = |axis: &Axis| axis.ticks.iter().map(|(_, label)| label.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(labels(&Axis::seconds(15.5)), "0 s 5 s 10 s 15 s");
        assert_eq!(labels(&Axis::seconds(0.7)), "0 s 0.2 s 0.4 s 0.6000000000000001 s".replace("0.6000000000000001", "0.6"));
        assert_eq!(labels(&Axis::seconds(600.0)), "0 min 2 min 4 min 6 min 8 min 10 min");
        assert_eq!(labels(&Axis::to_at_least(239.0, "ms")), "0 ms 100 ms 200 ms 300 ms");
        assert_eq!(labels(&Axis::to_at_least(1.0, "")), "0  0.5  1 ");
    }

    #[test]
    fn peaks_survive_thinning() {
        let mut points: Vec<(f64, f64)> = (0..50_000).map(|i| (f64::from(i), 1.0)).collect();
        points[31_234].1 = 99.0;
        let thin = thinned(&points);
        assert!(thin.len() <= POINTS_MAX && thin.contains(&(31_234.0, 99.0)));
    }

    proptest! {
        #[test]
        fn any_range_has_few_finite_ticks(max in any::<f64>(), value in any::<f64>()) {
            for axis in [Axis::seconds(max), Axis::to_at_least(max, "ms")] {
                prop_assert!((1..=21).contains(&axis.ticks.len()));
                prop_assert!((0.0..=1.0).contains(&axis.share(value)));
            }
        }
    }
}
