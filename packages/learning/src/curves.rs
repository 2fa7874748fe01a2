//! The curves of a run as one HTML page. In -> out: the points of `curves.jsonl` -> a self-contained page with a plot for each figure.

use crate::trainer::Point;
use maud::{DOCTYPE, PreEscaped, html};
use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const MARGIN: f64 = 44.0;

/// The page. An empty run gives a page that says so.
pub fn page(name: &str, points: &[Point]) -> String {
    type Figure = (&'static str, fn(&Point) -> f64);
    let figures: [Figure; 6] = [
        ("share of right verdicts (validation family)", |point| point.validation.verdict),
        ("share of answers right to the last word", |point| point.validation.exact),
        ("share of right first kinds", |point| point.validation.kind),
        ("mean average precision of patches", |point| point.validation.patch_precision),
        ("loss of the words (validation)", |point| point.validation.text_loss),
        ("training loss", |point| point.loss),
    ];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Training of " (name) }
                style { "body{font:16px system-ui,sans-serif;max-width:44rem;margin:1rem auto;padding:0 1rem}svg{width:100%;height:auto}h2{font-size:1rem}" }
            }
            body {
                h1 { "Training of " (name) }
                @match points.last() {
                    None => p { "No validation yet." },
                    Some(last) => p { (last.examples) " examples in " (format!("{:.0}", last.secs / 60.0)) " minutes; stage " (last.stage) ", step " (last.step) "." },
                }
                @for (title, figure) in figures {
                    h2 { (title) }
                    (PreEscaped(plot(points, figure)))
                }
            }
        }
    }
    .into_string()
}

fn plot(points: &[Point], figure: fn(&Point) -> f64) -> String {
    let values: Vec<(f64, f64)> =
        points.iter().map(|point| (point.examples as f64, figure(point))).filter(|(_, value)| value.is_finite()).collect();
    let most_examples = values.iter().fold(1.0_f64, |most, (examples, _)| most.max(*examples));
    let highest = values.iter().fold(1e-9_f64, |most, (_, value)| most.max(*value));
    let top = if highest <= 1.0 { 1.0 } else { highest };
    let x = |examples: f64| MARGIN + examples / most_examples * (WIDTH - MARGIN - 10.0);
    let y = |value: f64| HEIGHT - 24.0 - value / top * (HEIGHT - 36.0);
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">");
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (height, value) = (y(share * top), share * top);
        // Writing to a string does not fail.
        let _ = write!(
            svg,
            "<path d=\"M{MARGIN} {height:.1}H{WIDTH}\" stroke=\"#ddd\"/><text x=\"2\" y=\"{:.1}\" font-size=\"11\">{value:.2}</text>",
            height + 4.0
        );
    }
    let line: Vec<String> = values.iter().map(|(examples, value)| format!("{:.1},{:.1}", x(*examples), y(*value))).collect();
    let _ = write!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#06c\" stroke-width=\"2\"/>", line.join(" "));
    let _ = write!(
        svg,
        "<text x=\"{:.0}\" y=\"{HEIGHT}\" font-size=\"11\" text-anchor=\"end\">{most_examples:.0} examples</text></svg>",
        WIDTH - 4.0
    );
    svg
}
