//! Bad input: what was wrong, where, and what to do; nothing panics; what can be used is used.

use crate::{
    bag::{BagFile, Drive, START_NANOS, compressed, header, jpeg, odometry, raw, write_drive},
    vedette::{command, json_lines, run, text},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use vedette_messages::sensor_msgs;

const FRAME_NANOS: i64 = 100_000_000;

/// A bag of ten good frames and whatever `more` writes.
fn bag_with(folder: &TempDir, more: impl FnOnce(&mut BagFile)) -> PathBuf {
    let path = folder.path().join("odd.mcap");
    let mut bag = BagFile::create(&path, false);
    for k in 0..10 {
        let nanos = START_NANOS + i64::from(k) * FRAME_NANOS;
        bag.write("/camera/image_raw/compressed", nanos, &compressed(nanos, jpeg(160, 120, k)));
    }
    more(&mut bag);
    bag.finish();
    path
}

/// Replays what `more` adds to a good bag; the run must succeed and its table have `words`.
fn check(more: impl FnOnce(&mut BagFile), words: &[&str]) {
    let folder = TempDir::new().unwrap();
    let bag = bag_with(&folder, more);
    run(&["replay", text(&bag), "--out", text(&folder.path().join("run")), "--no-rrd"]).ok().shows(words);
}

#[test]
fn unusable_messages_are_counted_and_the_run_goes_on() {
    let at = START_NANOS + 1_000_000_000;
    let image = |encoding: &str, width, height, bytes| raw(at, width, height, encoding, vec![0; bytes]);
    check(|bag| bag.write("/b/image_raw", at, &image("yuv444p", 4, 4, 64)), &["rejected", "/b/image_raw: 1 of 1", "yuv444p", "rgb8"]);
    check(|bag| bag.write("/b/image_raw", at, &image("rgb8", 0, 0, 0)), &["rejected", "/b/image_raw: 1 of 1"]);
    check(|bag| bag.write("/b/image_raw", at, &image("rgb8", 64, 64, 100)), &["rejected", "/b/image_raw: 1 of 1"]);
    let cut = jpeg(160, 120, 3)[..900].to_vec();
    check(|bag| bag.write("/camera/image_raw/compressed", at, &compressed(at, cut)), &["rejected", "compressed: 1 of 11", "JPEG"]);
    check(|bag| bag.write("/odom", at, &odometry(at, f64::NAN)), &["rejected", "/odom: 1 of 1", "NaN"]);
    let cdr = |bytes: &'static [u8]| move |bag: &mut BagFile| bag.write_raw("/scan", "sensor_msgs/msg/LaserScan", "", at, bytes);
    check(cdr(&[0, 1, 0, 0, 1, 2, 3]), &["rejected", "/scan: 1 of 1"]);
    check(cdr(&[]), &["rejected", "/scan: 1 of 1"]);
}

#[test]
fn a_jpeg_that_is_broken_inside_is_skipped_and_counted() {
    // Its head and tail are right, so that only decoding finds out.
    let mut broken = jpeg(160, 120, 0);
    let end = broken.len() - 2;
    broken[300..end].fill(0xff);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("broken.mcap");
    let mut bag = BagFile::create(&path, false);
    bag.write("/camera/image_raw/compressed", START_NANOS, &compressed(START_NANOS, broken));
    for k in 1..10 {
        let nanos = START_NANOS + i64::from(k) * FRAME_NANOS;
        bag.write("/camera/image_raw/compressed", nanos, &compressed(nanos, jpeg(160, 120, k)));
    }
    bag.finish();
    run(&["replay", text(&path), "--out", text(&folder.path().join("run")), "--no-rrd"])
        .ok()
        .shows(&["1 undecodable", "compressed: 1 of 10"]);
}

#[test]
fn stamps_going_back_are_noticed() {
    // The camera's clock starts again ten seconds earlier, several frames in a row.
    let back = |bag: &mut BagFile| {
        for k in 10..20 {
            let log = START_NANOS + i64::from(k) * FRAME_NANOS;
            bag.write("/camera/image_raw/compressed", log, &compressed(log - 10_000_000_000, jpeg(160, 120, k)));
        }
    };
    let folder = TempDir::new().unwrap();
    let bag = bag_with(&folder, back);
    let out = folder.path().join("run");
    run(&["replay", text(&bag), "--out", text(&out), "--no-rrd"]).ok().shows(&["clock", "stamps went back"]);
    assert!(json_lines(out.join("decisions.jsonl")).iter().all(|line| line["verdict"] != "clear" || !line["image_stamp_nanos"].is_null()));
}

#[test]
fn a_truncated_bag_gives_its_readable_part() {
    let folder = TempDir::new().unwrap();
    let whole = folder.path().join("whole.mcap");
    write_drive(&whole, &Drive { secs: 4, width: 160, height: 120, is_raw: true });
    let bytes = fs::read(&whole).unwrap();
    let cut = folder.path().join("cut.mcap");
    fs::write(&cut, &bytes[..bytes.len() * 2 / 3]).unwrap();
    run(&["replay", text(&cut), "--out", text(&folder.path().join("run")), "--no-rrd"]).ok().shows(&["warning", "cut.mcap", "truncated"]);
}

#[test]
fn a_bag_without_images_names_its_topics() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("blind.mcap");
    let mut bag = BagFile::create(&path, false);
    bag.write("/odom", START_NANOS, &odometry(START_NANOS, 0.0));
    bag.finish();
    run(&["replay", text(&path), "--out", text(&folder.path().join("run"))]).fails_with(&["no images", "/odom", "nav_msgs/msg/Odometry"]);
}

#[test]
fn what_is_no_bag_says_so() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notes.mcap");
    fs::write(&file, "not a bag").unwrap();
    run(&["replay", text(&file)]).fails_with(&["notes.mcap"]);
    run(&["replay", "/no/such/bag"]).fails_with(&["/no/such/bag"]);
    run(&["replay", text(folder.path()), "--topic", "/x"]).fails_with(&["notes.mcap"]);
    let bag = bag_with(&folder, |_| {});
    run(&["replay", text(&bag), "--topic", "/elsewhere"]).fails_with(&["no topic /elsewhere", "/camera/image_raw/compressed"]);
}

#[test]
fn a_missing_or_wrong_model_names_the_culprit() {
    let folder = TempDir::new().unwrap();
    let bag = bag_with(&folder, |_| {});
    let out = folder.path().join("run");
    let wrong = folder.path().join("wrong.gguf");
    fs::write(&wrong, b"GGUF\x03\0\0\0").unwrap();
    let replay = |model: &str, mmproj: &str| run(&["replay", text(&bag), "--out", text(&out), "--model", model, "--mmproj", mmproj]);
    replay("/no/model.gguf", "/no/mmproj.gguf").fails_with(&["/no/model.gguf"]);
    replay(text(&wrong), text(&wrong)).fails_with(&["wrong.gguf"]);
    run(&["replay", text(&bag), "--model", text(&wrong)]).fails_with(&["--mmproj"]);
    assert!(!out.exists(), "a run folder was begun before the model was known to load");
}

#[test]
fn parameters_out_of_range_or_unknown_name_file_and_range() {
    let folder = TempDir::new().unwrap();
    let bag = bag_with(&folder, |_| {});
    let file = folder.path().join("robot.yaml");
    let check = |yaml: &str, words: &[&str]| {
        fs::write(&file, yaml).unwrap();
        run(&["replay", text(&bag), "--params", text(&file)]).fails_with(&[words, &["robot.yaml"]].concat());
    };
    let node = |body: &str| format!("vedette_agent:\n  ros__parameters:\n    {body}\n");
    check(&node("agent.tick_hz: 0.0"), &["agent.tick_hz", "1", "1000", "Hz"]);
    check(&node("fusion: {max_intervall_secs: 0.1}"), &["fusion.max_intervall_secs", "fusion.max_interval_secs"]);
    check(&node("reasoning.temperature: warm"), &["reasoning.temperature"]);
    check("fusion:\n  - 1\n", &["ros__parameters"]);
    run(&["replay", text(&bag), "-p", "agent.tick_hz=5000"]).fails_with(&["agent.tick_hz", "1000"]);
    run(&["replay", text(&bag), "-p", "reasoning.assessment_valid_secs=1.0"]).fails_with(&["gate_max_age_secs"]);
}

#[test]
fn pictures_that_cannot_be_used_are_named_and_the_others_assessed() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let good = write("good.jpg", &jpeg(64, 48, 1));
    let cut = write("cut.jpg", &jpeg(64, 48, 1)[..200]);
    let (empty, words) = (write("empty.png", b""), write("words.txt", b"hello"));
    let ran = run(&["assess", text(&good), text(&cut), text(&empty), text(&words), "/no/picture.jpg", "--json"]);
    assert_eq!(ran.code, Some(1));
    for name in ["cut.jpg", "empty.png", "words.txt", "/no/picture.jpg"] {
        assert!(ran.stderr.contains(name), "{name} is not named in {}", ran.stderr);
    }
    let result: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let assessments = result["assessments"].as_array().unwrap();
    assert_eq!(assessments.len(), 5);
    assert!(["hazard", "clear", "unknown"].contains(&assessments[0]["verdict"].as_str().unwrap()));
    assert!(assessments[1..].iter().all(|entry| entry["error"].is_string() && entry["verdict"].is_null()));
}

#[test]
fn a_full_disk_leaves_what_was_written_readable() {
    let folder = TempDir::new().unwrap();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounted = std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=96k", "tmpfs", text(&small)]).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("skipped: mounting a small tmpfs needs root");
        return;
    }
    let bag = folder.path().join("drive.mcap");
    write_drive(&bag, &Drive { secs: 20, width: 160, height: 120, is_raw: false });
    let out = small.join("run");
    let output = command().args(["replay", text(&bag), "--out", text(&out), "--no-rrd"]).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = ["decisions.jsonl", "completions.jsonl"].map(|name| json_lines(out.join(name)).len());
    let recording = fs::read(out.join("run.mcap"));
    let unmounted = std::process::Command::new("umount").arg(&small).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("free") && !stderr.contains("panicked"), "{stderr}");
    assert!(lines.iter().all(|count| *count > 0), "{lines:?}");
    let messages = mcap::MessageStream::new_with_options(&recording.unwrap(), mcap::read::Options::IgnoreEndMagic.into())
        .map(|stream| stream.take_while(Result::is_ok).count());
    assert!(messages.is_ok_and(|count| count > 0), "nothing of run.mcap can be read");
}

#[test]
fn a_namespaced_camera_and_its_header_are_taken_by_type() {
    let info = |nanos| sensor_msgs::CameraInfo {
        header: header(nanos, "front_optical"),
        width: 160,
        height: 120,
        k: [150.0, 0.0, 80.0, 0.0, 150.0, 60.0, 0.0, 0.0, 1.0],
        ..Default::default()
    };
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("named.mcap");
    let mut bag = BagFile::create(&path, false);
    for k in 0..10 {
        let nanos = START_NANOS + i64::from(k) * FRAME_NANOS;
        bag.write("/robot1/front/camera_info", nanos, &info(nanos));
        bag.write("/robot1/front/image_raw", nanos, &raw(nanos, 160, 120, "bgr8", crate::bag::pixels(160, 120, k)));
        bag.write("/robot1/rear/image_raw/compressed", nanos, &compressed(nanos, jpeg(160, 120, k + 7)));
    }
    bag.finish();
    let out = folder.path().join("run");
    run(&["replay", text(&path), "--out", text(&out), "--no-rrd"]).ok().shows(&["20 received"]);
    let cameras: std::collections::BTreeSet<String> =
        json_lines(out.join("completions.jsonl")).iter().map(|line| line["camera"].as_str().unwrap().to_owned()).collect();
    assert_eq!(cameras.len(), 2, "{cameras:?}");
    assert!(Path::new(&out).join("metadata.yaml").exists());
}

#[cfg(not(feature = "ros"))]
#[test]
fn a_build_without_ros_says_how_to_get_one_with_it() {
    run(&["sim", "--clock"]).fails_with(&["built without ROS 2", "`sim --clock`", "make ros"]);
    run(&["up", "--sim", "agent", "--ros-args", "-p", "a:=1"]).fails_with(&["`up --sim agent --ros-args -p a:=1`", "make ros"]);
}
