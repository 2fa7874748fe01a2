//! Live recordings, held against the viewer's own program: rotating files, and a viewer that is absent, comes late and goes away. Where the
//! program is missing the tests say so and check what can be checked without it.
#![cfg(feature = "rrd")]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that says what it skips and waits for processes with a deadline"
)]

#[path = "../../../tests/tests/suite/checkers.rs"]
mod checkers;

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vedette_types::{
    Decision, FrameId, GridMap, Isometry3, Reading, Response, Stamp, StampedTransform, StreamId, Temperature, Transforms, Verdict,
};
use vedette_visualization::{Health, Live, LiveOptions, RrdWriter, WorldMap};

/// What a robot says once: its map, and where the camera is.
fn say_once(writer: &mut RrdWriter) {
    let map = GridMap {
        stamp: Stamp::default(),
        frame: FrameId::new("map"),
        resolution_m: 0.5,
        origin_m: [0.0, 0.0],
        width: 3,
        height: 2,
        is_solid: vec![true, true, true, true, false, true],
    };
    writer.map(&WorldMap::of(&map)).expect("drawn");
    let (parent, child) = (FrameId::new("base_link"), FrameId::new("camera"));
    let edge = StampedTransform { stamp: Stamp::default(), parent, child, parent_from_child: Isometry3::translation(0.1, 0.0, 0.4) };
    let reading = Reading::Transforms(Transforms { is_static: true, edges: vec![edge] });
    writer.reading(Stamp::default(), &StreamId::new("/tf_static"), &reading).expect("drawn");
}

/// A tenth of a second of a robot's time.
fn tenth(writer: &mut RrdWriter, number: i64) {
    let now = Stamp::from_nanos(1_700_000_000_000_000_000).plus_millis(100 * number);
    let reading = Reading::Temperature(Temperature { stamp: now, frame: FrameId::new("nose"), celsius: 20.0 + (number % 7) as f64 });
    writer.reading(now, &StreamId::new("/temperature"), &reading).expect("drawn");
    let decision = Decision {
        stamp: now,
        image_stamp: None,
        verdict: Verdict::Unknown,
        hazards: Vec::new(),
        response: Response::SlowDown,
        reasons: vec!["nothing was heard".into()],
        valid_until: now,
    };
    writer.decision(&decision).expect("drawn");
    let health = if number % 100 < 50 { Health::Ok } else { Health::Stale };
    writer.health(now, "vedette_agent: node", health, "7 assessed").expect("drawn");
    writer.memory(now, "vedette_agent", 40 << 20).expect("drawn");
    writer.flush(now).expect("drawn");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    files
}

fn rerun() -> Option<PathBuf> {
    Some(checkers::python()?.with_file_name("rerun"))
}

/// Entities of a file, by the viewer's own program.
fn entities(rerun: &Path, file: &Path) -> String {
    let ask = |word: &str| {
        let output = Command::new(rerun).args(["rrd", word]).arg(file).output().expect("rerun starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "rerun rrd {word} {}: {text}", file.display());
        text
    };
    let verified = ask("verify");
    assert!(verified.contains("1 file verified without error"), "{}: {verified}", file.display());
    ask("stats")
}

/// Waits until `is_so`, drawing meanwhile.
fn until(what: &str, live: &Live, writer: &mut RrdWriter, number: &mut i64, is_so: impl Fn(&Live) -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so(live) {
        assert!(Instant::now() < end, "{what}: {:?}", live.reports());
        tenth(writer, *number);
        *number += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn files_rotate_stay_bounded_and_each_opens_alone() {
    let folder = TempDir::new().expect("folder");
    let options =
        LiveOptions { folder: Some(folder.path().to_owned()), file_max_bytes: 100_000, files: 3, viewer: None, queue_max_bytes: 64 << 20 };
    fs::write(folder.path().join("live-mine.rrd"), "not ours").expect("written");
    let mut last = Vec::new();
    for round in 0..2 {
        let (mut writer, live) = RrdWriter::live("test", &options).expect("opened");
        say_once(&mut writer);
        (0..4_000).for_each(|number| tenth(&mut writer, number));
        writer.finish().expect("finished");
        let reports = live.reports();
        assert!(live.finish(Duration::from_secs(60)), "{reports:?}");
        assert_eq!((reports.len(), reports[0].dropped), (1, 0), "{reports:?}");
        let mut found = files(folder.path());
        assert_eq!(found.pop().expect("files").file_name(), Some("live-mine.rrd".as_ref()), "what is not ours stays");
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.first() > last.last(), "round {round}: {found:?} after {last:?}");
        assert!(found.iter().all(|file| fs::metadata(file).expect("file").len() < 300_000), "with its index");
        last = found;
    }
    let Some(rerun) = rerun() else { return };
    for file in &last {
        let stats = entities(&rerun, file);
        for entity in ["/world/map", "/transforms/camera", "/sensors/temperature/celsius", "/memory/vedette_agent", "/decision/log"] {
            assert!(stats.contains(entity), "{entity} is not in {}: {stats}", file.display());
        }
    }
}

#[test]
fn a_disk_that_fails_is_said_and_tried_again() {
    let folder = TempDir::new().expect("folder");
    let inner = folder.path().join("inner");
    let options = LiveOptions { folder: Some(inner.clone()), file_max_bytes: 20_000, files: 3, viewer: None, queue_max_bytes: 1 << 20 };
    let (mut writer, live) = RrdWriter::live("test", &options).expect("opened");
    let mut number = 0;
    until("a file", &live, &mut writer, &mut number, |live| live.reports()[0].sent > 0);
    fs::remove_dir_all(&inner).expect("removed");
    until("the fault", &live, &mut writer, &mut number, |live| live.reports()[0].fault.is_some());
    let fault = live.reports()[0].fault.clone().expect("a fault");
    assert!(fault.contains("cannot write the rerun recording") && fault.contains("inner"), "{fault}");
    fs::create_dir(&inner).expect("made");
    until("the next file", &live, &mut writer, &mut number, |live| live.reports()[0].fault.is_none());
    assert!(live.finish(Duration::from_secs(60)));
    assert!(!files(&inner).is_empty());
    let error = RrdWriter::live("test", &LiveOptions { folder: Some("/proc/nowhere".into()), ..options }).err().expect("no folder");
    assert!(error.to_string().contains("/proc/nowhere"), "{error}");
}

/// The viewer's program without a window: it takes what is sent and writes it down.
struct Viewer(Child);

impl Viewer {
    fn start(rerun: &Path, port: u16, file: &Path) -> Self {
        let arguments = ["--bind", "127.0.0.1", "--port", &port.to_string(), "--save"];
        let mut command = Command::new(rerun);
        // A group of its own: the program is a script that starts another.
        command.args(arguments).arg(file).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        Self(command.spawn().expect("rerun starts"))
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

#[test]
fn a_viewer_that_is_absent_is_said_and_one_that_comes_late_is_told_what_holds() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let options = LiveOptions { folder: None, file_max_bytes: 1, files: 1, viewer: Some(address.clone()), queue_max_bytes: 100_000 };
    let (mut writer, live) = RrdWriter::live("test", &options).expect("opened");
    say_once(&mut writer);
    let mut number = 0;
    until("the fault", &live, &mut writer, &mut number, |live| live.reports()[0].fault.is_some() && live.reports()[0].dropped > 0);
    let fault = live.reports()[0].fault.clone().expect("a fault");
    assert!(fault.starts_with(&format!("no viewer at {address}: ")), "{fault}");

    let Some(rerun) = rerun() else { return };
    let folder = TempDir::new().expect("folder");
    for round in 0..2 {
        let file = folder.path().join(format!("{round}.rrd"));
        let viewer = Viewer::start(&rerun, port, &file);
        let before = live.reports()[0].sent;
        let has_come = |live: &Live| {
            let report = &live.reports()[0];
            report.fault.is_none() && report.sent > before + 100
        };
        until("the viewer", &live, &mut writer, &mut number, has_come);
        until("its file", &live, &mut writer, &mut number, |_| fs::metadata(&file).is_ok_and(|file| file.len() > 50_000));
        drop(viewer);
        until("its end", &live, &mut writer, &mut number, |live| live.reports()[0].fault.is_some());
        // The program was killed, so its file has no end; what is in it counts.
        let output = Command::new(&rerun).args(["rrd", "stats"]).arg(&file).output().expect("rerun starts");
        let stats = String::from_utf8_lossy(&output.stdout);
        for entity in ["/world/map", "/transforms/camera", "/sensors/temperature/celsius", "/viewport"] {
            assert!(stats.contains(entity), "round {round}: {entity} did not arrive: {stats}");
        }
    }
    let begun = Instant::now();
    live.finish(Duration::from_secs(3));
    assert!(begun.elapsed() < Duration::from_secs(5), "an absent viewer does not hold up the end");
}
