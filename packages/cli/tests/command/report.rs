//! The report as a reader meets it: one file that needs nothing else, in a real browser on a phone's width and on a desk's.

use crate::{
    bag::{Drive, write_drive},
    checkers,
    vedette::{run, text, training_word},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// A patrol with truth and a map.
fn demo_report(folder: &TempDir) -> PathBuf {
    let out = folder.path().join("demo");
    run(&["demo", "--minutes", "0.15", "--seed", "3", "--out", text(&out), "--force"]).ok().shows(&[training_word()]);
    out.join("report.html")
}

/// A bag of which nobody knows what was there.
fn replay_report(folder: &TempDir) -> PathBuf {
    let (bag, out) = (folder.path().join("drive.mcap"), folder.path().join("replay"));
    write_drive(&bag, &Drive { secs: 6, width: 320, height: 240, is_raw: false });
    run(&["replay", text(&bag), "--out", text(&out), "--no-rrd"]).ok().shows(&[training_word()]);
    out.join("report.html")
}

/// What stands between `before` and the quote that follows, everywhere in `html`.
fn values<'a>(html: &'a str, before: &str) -> Vec<&'a str> {
    html.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

pub(crate) fn is_one_honest_file(report: &Path) {
    let html = fs::read_to_string(report).unwrap();
    assert!(html.len() < 2_000_000, "{}: {} bytes", report.display(), html.len());
    assert!(html.contains(training_word()), "{}: it does not say whether the model is trained", report.display());
    for word in ["<script", "<link", "<iframe", "@import", "url(", "srcset="] {
        assert!(!html.contains(word), "{}: it has `{word}`", report.display());
    }
    let pictures = values(&html, "src=\"");
    assert!(!pictures.is_empty(), "{}: no pictures", report.display());
    for (value, start) in pictures.into_iter().map(|value| (value, "data:")).chain(values(&html, "href=\"").into_iter().map(|v| (v, "#"))) {
        assert!(value.starts_with(start), "{}: it points at {}", report.display(), value.chars().take(80).collect::<String>());
    }
}

/// What the browser's check says; `None` without Python or a browser, which it has said on standard output.
fn browse(report: &Path, screenshots: &Path) -> Option<Output> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/checkers/check_report.py");
    let output = Command::new(checkers::python()?).arg(script).arg(report).arg(screenshots).output().unwrap();
    if output.status.code() == Some(77) {
        println!("skipped: no Chromium");
        return None;
    }
    Some(output)
}

pub(crate) fn is_whole_in_a_browser(report: &Path) {
    let name = report.parent().unwrap().file_name().unwrap();
    // Kept after the test: whoever changes the report looks at them.
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report").join(name);
    let Some(output) = browse(report, &screenshots) else { return };
    assert!(output.status.success(), "{}\nscreenshots: {}", String::from_utf8_lossy(&output.stderr), screenshots.display());
    for width in [390, 1400] {
        let picture = image::open(screenshots.join(format!("report-{width}.png"))).unwrap();
        assert_eq!(picture.width(), width);
        assert!(picture.height() > 900, "the page is {} px high at {width} px", picture.height());
    }
}

#[test]
fn the_report_of_a_demo_is_whole() {
    let folder = TempDir::new().unwrap();
    let report = demo_report(&folder);
    is_one_honest_file(&report);
    is_whole_in_a_browser(&report);
}

#[test]
fn the_report_of_a_bag_without_truth_is_whole() {
    let folder = TempDir::new().unwrap();
    let report = replay_report(&folder);
    is_one_honest_file(&report);
    is_whole_in_a_browser(&report);
}

/// The check itself must be able to fail, for each reason by name, and must let a wide table pass that its own box scrolls.
#[test]
fn the_browser_finds_what_is_wrong_with_a_page() {
    let folder = TempDir::new().unwrap();
    let wrong = [
        ("wide", "<div style='width: 600px'>wide</div>", "at 390 px: the page is"),
        ("cut", "<style>body { overflow-x: hidden }</style><p style='width: 600px'>cut</p>", "at 390 px: p \"cut\" reaches"),
        ("clipped", "<p style='width: 90px; overflow: hidden; white-space: nowrap'>longer than its box</p>", "its box clips p"),
        ("left", "<div style='overflow: hidden'><b style='margin-left: -9px'>x</b></div>", "clips b \"x\" above or at the left"),
        ("plot", "<svg width='50' height='20'><text y='15'>longer than its plot</text></svg>", "its plot clips text"),
        ("picture", "<img src='data:image/png;base64,AAAA'>", "a picture did not load"),
        ("folded", "<details><div style='width: 2000px'>in the fold</div></details>", "at 1400 px: the page is"),
        ("throws", "<script>throw new Error('thrown')</script>", "exception: Error: thrown"),
        ("console", "<script>console.error('printed')</script>", "console: printed"),
        ("request", "<link rel='stylesheet' href='http://report.invalid/style.css'>", "request: http://report.invalid/style.css"),
        ("neighbour", "<img src='neighbour.png'>", "neighbour.png"),
    ];
    let page = |name: &str, body: &str| {
        let path = folder.path().join(format!("{name}.html"));
        fs::write(&path, format!("<!DOCTYPE html><meta charset=\"utf-8\"><title>{name}</title><body>{body}")).unwrap();
        path
    };
    for (name, body, reason) in wrong {
        let Some(output) = browse(&page(name, body), folder.path()) else { return };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {stderr}");
        assert!(stderr.contains(reason), "{name}: `{reason}` is missing in:\n{stderr}");
    }
    let table = "<div style='overflow-x: auto'><table style='width: 2000px'><tr><td>wide<td>table</table></div><p>words</p>";
    let Some(output) = browse(&page("scrolled", table), folder.path()) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
