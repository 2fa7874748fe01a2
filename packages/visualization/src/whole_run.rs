//! Tests: whole recordings, with ordinary and odd inputs, and on a disk that fills up. In -> out: events -> the frames of the `.rrd` file.
//!
//! That the viewer takes the file is tested elsewhere, with `rerun rrd verify`.

use crate::recording::{Moment, Recording, entity};
use crate::{RrdError, RrdWriter};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use vedette_types::{
    Assessment, Battery, CameraIntrinsics, Completion, Decision, Finish, FrameId, Gas, Hazard, ImageData, ImageFrame, Imu, Isometry3,
    KindId, Observation, Odometry, PixelEncoding, PointCloud, Probability, Range, Reading, Response, RgbPixels, RobotPose, Scan, Severity,
    Sha256, Stamp, StampedTransform, StreamId, Temperature, Timings, Transforms, Verdict, VerdictProbabilities,
};

/// What a writer wrote, readable while it lives; at most `room_bytes`.
#[derive(Clone)]
struct Tape {
    bytes: Arc<Mutex<Vec<u8>>>,
    room_bytes: usize,
}

impl Tape {
    fn new(room_bytes: usize) -> Self {
        Self { bytes: Arc::default(), room_bytes }
    }

    fn writer(&self) -> Result<RrdWriter, RrdError> {
        RrdWriter::start(Path::new("test.rrd"), "test", Box::new(self.clone()))
    }

    /// Kinds of the messages in the file (0 end, 1 store info, 2 chunk, 3 blueprint activation), and whether the last one is whole.
    fn messages(&self) -> (Vec<u64>, bool) {
        let bytes = self.bytes.lock().expect("unpoisoned").clone();
        let mut rest = bytes.get(12..).unwrap_or_default();
        let mut kinds = Vec::new();
        while let Some((header, body)) = rest.split_first_chunk::<16>() {
            let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| header[at + i]));
            let length = usize::try_from(number(8)).expect("small");
            if length > body.len() {
                return (kinds, false);
            }
            kinds.push(number(0));
            if number(0) == 0 {
                return (kinds, true);
            }
            rest = &body[length..];
        }
        (kinds, rest.is_empty())
    }
}

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut tape = self.bytes.lock().expect("unpoisoned");
        let count = bytes.len().min(self.room_bytes - tape.len());
        if count == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        tape.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hazard(bearing_rad: Option<f64>, position_m: Option<(FrameId, [f64; 3])>) -> Hazard {
    Hazard {
        kind: KindId::new("fire"),
        severity: Severity::High,
        confidence: Probability::saturating(0.8),
        bearing_rad,
        range_m: Some(f64::NAN),
        position_m,
        valid_until: Stamp::default(),
    }
}

fn assessment(stamp: Stamp, hazards: Vec<Hazard>) -> Assessment {
    Assessment {
        image_stamp: stamp,
        camera: StreamId::new("/camera/image_raw"),
        arrived: stamp.plus_millis(300),
        verdict: Verdict::Hazard,
        confidence: Probability::saturating(0.8),
        hazards,
        answer: Some("yes".into()),
        fault: None,
        model_sha256: Sha256::default(),
        valid_until: stamp,
    }
}

fn decision(stamp: Stamp, reasons: Vec<String>) -> Decision {
    Decision {
        stamp,
        image_stamp: Some(stamp),
        verdict: Verdict::Unknown,
        hazards: Vec::new(),
        response: Response::SlowDown,
        reasons,
        valid_until: stamp,
    }
}

fn observation(stamp: Stamp, data: ImageData, x_m: f64) -> Observation {
    let frame = FrameId::new("camera_optical");
    Observation {
        stamp,
        arrived: stamp,
        camera: StreamId::new("/camera/image_raw"),
        image: ImageFrame { stamp, frame: frame.clone(), data },
        image_sha256: Sha256::default(),
        pixels: RgbPixels::new(4, 2, vec![9; 24]).expect("a picture"),
        intrinsics: Some(CameraIntrinsics { stamp, frame, width: 4, height: 2, fx: 3.0, fy: 3.0, cx: 2.0, cy: 1.0 }),
        base_from_camera: None,
        robot_pose: Some(RobotPose { frame: FrameId::new("odom"), frame_from_base: Isometry3::translation(x_m, 0.0, 0.0) }),
        context: Vec::new(),
        context_text: String::new(),
        health: Vec::new(),
        change: Probability::ONE,
    }
}

fn raw() -> ImageData {
    let data = Arc::new(vec![9; 24]);
    ImageData::Raw { width: 4, height: 2, step: 12, encoding: PixelEncoding::Rgb8, is_bigendian: false, data }
}

fn readings(stamp: Stamp, frame: &FrameId, number: f64) -> Vec<Reading> {
    let frame = frame.clone();
    let edge = |child: &str| StampedTransform {
        stamp,
        parent: frame.clone(),
        child: FrameId::new(child),
        parent_from_child: Isometry3::translation(number, 0.0, 0.0),
    };
    vec![
        Reading::Scan(Scan {
            stamp,
            frame: frame.clone(),
            angle_min_rad: 0.0,
            angle_increment_rad: number,
            range_min_m: 0.0,
            range_max_m: f32::INFINITY,
            ranges_m: vec![1.0, f32::NAN, number as f32],
        }),
        Reading::PointCloud(PointCloud { stamp, frame: frame.clone(), points_m: vec![[number as f32; 3]; 3] }),
        Reading::Imu(Imu {
            stamp,
            frame: frame.clone(),
            roll_pitch_yaw_rad: None,
            angular_velocity_radps: [number; 3],
            linear_acceleration_mps2: [number; 3],
        }),
        Reading::Odometry(Odometry {
            stamp,
            frame: frame.clone(),
            child: FrameId::new("base_link"),
            frame_from_child: Isometry3::translation(number, 0.0, 0.0),
            speed_mps: number,
            yaw_rate_radps: number,
        }),
        Reading::Transforms(Transforms { is_static: false, edges: vec![edge("base_link"), edge(""), edge(frame.as_str()), edge("tf#/x")] }),
        Reading::Transforms(Transforms {
            is_static: true,
            edges: vec![StampedTransform { parent_from_child: Isometry3::identity(), ..edge("camera") }],
        }),
        Reading::Temperature(Temperature { stamp, frame: frame.clone(), celsius: number }),
        Reading::Range(Range { stamp, frame: frame.clone(), field_of_view_rad: 0.1, min_m: 0.0, max_m: 9.0, range_m: number as f32 }),
        Reading::Battery(Battery { stamp, volts: None, charge: Some(number) }),
        Reading::Gas(Gas { stamp, frame, gas: "co".into(), ppm: number }),
    ]
}

fn completion(stamp: Stamp) -> Completion {
    let third = Probability::saturating(1.0 / 3.0);
    Completion {
        image_stamp: stamp,
        camera: StreamId::new("/camera/image_raw"),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        model_sha256: Sha256::default(),
        adapter: None,
        is_model_trained: true,
        text: String::new(),
        tokens: 0,
        finish: Finish::Stop,
        verdict_probabilities: Some(VerdictProbabilities { hazard: third, clear: third, unknown: third }),
        arrived: stamp,
        timings: Timings::default(),
    }
}

/// Ten seconds of a run: all sensors at 20 Hz, two assessments a second.
fn ten_seconds(writer: &mut RrdWriter, first: Stamp) -> Result<(), RrdError> {
    for tick in 0..200 {
        let now = first.plus_millis(tick * 50);
        for (index, reading) in readings(now, &FrameId::new("odom"), 0.01 * tick as f64).iter().enumerate() {
            writer.reading(now, &StreamId::new(&format!("/sensor_{index}")), reading)?;
        }
        if tick % 10 == 0 {
            writer.observation(now, &observation(now, raw(), tick as f64))?;
            writer.completion(&completion(now))?;
            writer.assessment(&assessment(now, vec![hazard(Some(0.2), Some((FrameId::new("odom"), [1.0, 2.0, 0.0])))]))?;
        }
        writer.decision(&decision(now, vec!["no reason".into()]))?;
    }
    Ok(())
}

#[test]
fn a_run_is_a_well_formed_file_of_few_chunks() {
    let tape = Tape::new(usize::MAX);
    let mut writer = tape.writer().expect("room");
    for part in 0..6 {
        ten_seconds(&mut writer, Stamp::from_nanos(1_700_000_000_000_000_000).plus_secs(10.0 * f64::from(part))).expect("room");
    }
    writer.summary("# Run\n\nfine").expect("room");
    writer.finish().expect("room");
    let (kinds, is_whole) = tape.messages();
    assert!(is_whole && kinds.last() == Some(&0) && kinds[0] == 1);
    // About 40 entities that go out every half minute, when there are 256 rows or a mebibyte; one chunk a row would be some 20 000.
    assert!((60..300).contains(&kinds.len()), "{} messages", kinds.len());
}

#[test]
fn a_layout_is_written_where_there_is_something_new_to_show_and_activated_when_whole() {
    let tape = Tape::new(usize::MAX);
    let mut writer = tape.writer().expect("room");
    ten_seconds(&mut writer, Stamp::default()).expect("room");
    let count = |kind: u64| tape.messages().0.iter().filter(|other| **other == kind).count();
    assert_eq!((count(1), count(3)), (1, 0), "nothing to show yet");
    for part in 3..12 {
        ten_seconds(&mut writer, Stamp::default().plus_secs(10.0 * f64::from(part))).expect("room");
    }
    assert_eq!((count(1), count(3)), (2, 1), "the same streams need no second layout");
    writer
        .reading(Stamp::default().plus_secs(130.0), &StreamId::new("/late"), &readings(Stamp::default(), &FrameId::new("x"), 1.0)[6])
        .expect("room");
    writer.finish().expect("room");
    let (kinds, _) = tape.messages();
    assert_eq!((count(1), count(3)), (2, 2));
    assert_eq!(kinds.iter().rposition(|kind| *kind != 0), kinds.iter().rposition(|kind| *kind == 3), "{kinds:?}");
}

#[test]
fn a_map_and_the_truth_are_drawn_and_a_broken_map_is_left_out() {
    let tape = Tape::new(usize::MAX);
    let mut writer = tape.writer().expect("room");
    let cells = [true, false, true, true];
    let map = crate::WorldMap {
        frame: FrameId::new("map"),
        resolution_m: 0.5,
        origin_m: [-1.0, 2.0],
        width: 2,
        height: 2,
        is_solid: &cells,
        ceiling_m: 3.0,
    };
    let messages = || tape.messages().0.len();
    let before = messages();
    for broken in [
        crate::WorldMap { width: 3, ..map.clone() },
        crate::WorldMap { width: usize::MAX, ..map.clone() },
        crate::WorldMap { resolution_m: f64::NAN, ..map.clone() },
        crate::WorldMap { resolution_m: 0.0, ..map.clone() },
        crate::WorldMap { frame: FrameId::new(""), ..map.clone() },
    ] {
        writer.map(&broken).expect("room");
    }
    assert_eq!(messages(), before);
    writer.map(&map).expect("room");
    assert_eq!(messages(), before + 1);
    let hazards = [("fire", [1.0, 2.0], true), ("smoke", [f64::NAN, 0.0], true), ("spill", [0.0, 0.0], false)];
    for hazards in [&hazards[..], &[]] {
        writer.truth(Stamp::default(), &map.frame, hazards).expect("room");
    }
    writer.finish().expect("room");
    assert!(tape.messages().1 && messages() > before + 20);
}

#[test]
fn odd_inputs_are_left_out_and_never_stop_a_recording() {
    let tape = Tape::new(usize::MAX);
    let mut writer = tape.writer().expect("room").with_default_horizontal_fov_rad(f64::NAN);
    let junk = Arc::new(b"not a picture".to_vec());
    for stamp in [i64::MIN, -1, 0, i64::MAX, 5].map(Stamp::from_nanos) {
        for data in [raw(), ImageData::Jpeg(Arc::clone(&junk)), ImageData::Png(Arc::default())] {
            let mut odd = observation(stamp, data, f64::NAN);
            odd.intrinsics = None;
            writer.observation(stamp, &odd).expect("room");
        }
        let places =
            [None, Some((FrameId::new(""), [0.0; 3])), Some((FrameId::new("map"), [f64::NAN; 3])), Some((FrameId::new("map"), [1e300; 3]))];
        for place in places {
            writer.assessment(&assessment(stamp, vec![hazard(Some(f64::NAN), place); 3])).expect("room");
        }
        writer.assessment(&assessment(stamp, Vec::new())).expect("room");
        for reasons in [Vec::new(), vec![String::new()], vec!["ä".repeat(100_000)], vec!["\0\u{1b}[2J".into(); 500]] {
            writer.decision(&decision(stamp, reasons)).expect("room");
        }
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -0.0] {
            for frame in ["", "tf#/", "odom"].map(FrameId::new) {
                for topic in ["", "/", "__properties", "//a//b/", "ä b\n"] {
                    for reading in readings(stamp, &frame, number) {
                        writer.reading(stamp, &StreamId::new(topic), &reading).expect("room");
                    }
                }
            }
        }
    }
    writer.finish().expect("room");
    let (kinds, is_whole) = tape.messages();
    assert!(is_whole && kinds.len() > 20);
}

#[test]
fn a_new_name_in_every_message_does_not_fill_the_memory() {
    let tape = Tape::new(usize::MAX);
    let mut recording = Recording::start(Path::new("test.rrd"), "test", Box::new(tape.clone())).expect("room");
    let moment = Moment { event: Stamp::default(), image: Stamp::default() };
    for index in 0..5_000 {
        recording.scalar(&entity("sensors", &format!("/gas_{index}"), ""), moment, 1.0).expect("room");
    }
    recording.finish().expect("room");
    let chunks = tape.messages().0.len();
    // The layout has some 40 more.
    assert!((2_000..2_100).contains(&chunks), "{chunks}");
}

#[test]
fn a_full_disk_is_said_once_and_leaves_whole_messages() {
    let tape = Tape::new(usize::MAX);
    let mut writer = tape.writer().expect("room");
    for part in 0..4 {
        ten_seconds(&mut writer, Stamp::default().plus_secs(10.0 * f64::from(part))).expect("room");
    }
    writer.finish().expect("room");
    let size_bytes = tape.bytes.lock().expect("unpoisoned").len();
    // Row ids are random, so sizes differ by some bytes from run to run.
    for room_bytes in (0..size_bytes / 10 * 9).step_by(size_bytes / 50) {
        let tape = Tape::new(room_bytes);
        let Ok(mut writer) = tape.writer() else { continue };
        let failed = (0..4).try_for_each(|part| ten_seconds(&mut writer, Stamp::default().plus_secs(10.0 * f64::from(part))));
        if let Err(error) = &failed {
            assert!(error.to_string().contains("free space or go without it (--no-rrd)"), "{error}");
            let again = writer.decision(&decision(Stamp::default(), Vec::new()));
            assert!(matches!(again, Err(RrdError::Closed { .. })));
        }
        let finished = writer.finish();
        assert!(failed.is_err() || finished.is_err(), "{room_bytes} of {size_bytes} bytes cannot be enough");
        assert!(tape.bytes.lock().expect("unpoisoned").len() <= room_bytes);
    }
}

#[test]
fn a_recording_that_is_dropped_is_complete() {
    let tape = Tape::new(usize::MAX);
    let mut writer = tape.writer().expect("room");
    writer.decision(&decision(Stamp::default(), Vec::new())).expect("room");
    drop(writer);
    let (kinds, is_whole) = tape.messages();
    assert!(is_whole && kinds.last() == Some(&0), "{kinds:?}");
    let error = RrdWriter::create(Path::new("/nonexistent/run.rrd"), "x").err().expect("no folder").to_string();
    assert!(error.contains("/nonexistent/run.rrd"), "{error}");
}
