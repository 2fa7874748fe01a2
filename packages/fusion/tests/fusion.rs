//! Streams in, observations out: mailboxes, the gate over time, alignment, clocks, bounds.

mod rig;

use proptest::prelude::*;
use rig::{
    CAMERA, Rig, at, battery, broken_picture, camera_info, edge, gas, grey_picture, imu, odometry, picture, points, range, scan,
    temperature, transforms,
};
use vedette_fusion::{FusionParams, Insert, InsertFault, Look, Opened};
use vedette_types::{Reading, Sha256, StreamId};

fn opened(look: Look) -> Option<Opened> {
    match look {
        Look::Ready { opened, .. } => Some(opened),
        _ => None,
    }
}

#[test]
fn the_newest_frame_wins_and_the_others_are_counted() {
    let mut rig = Rig::new();
    for i in 0..5 {
        assert_eq!(rig.put(CAMERA, grey_picture(f64::from(i) * 0.03, 9)), Insert::Accepted);
    }
    // Older than the one that waits: gone.
    assert!(matches!(rig.put_at(0.13, CAMERA, grey_picture(0.05, 9)), Insert::OutOfOrder { .. }));
    assert_eq!(rig.observe(0.13).stamp, at(0.12));
    assert_eq!(rig.look(0.5), Look::Nothing);
    // Older than the one looked at: gone too.
    assert!(matches!(rig.put_at(0.5, CAMERA, grey_picture(0.11, 9)), Insert::OutOfOrder { .. }));
    assert_eq!(rig.look(0.9), Look::Nothing);
    let counts = rig.fusion.counts();
    assert_eq!((counts.frames_received, counts.frames_overwritten, counts.frames_ready), (7, 6, 1));
}

#[test]
fn cameras_take_turns_and_a_closed_gate_hides_nobody() {
    let mut rig = Rig::new();
    let feed = |rig: &mut Rig, secs: f64, left: u8| {
        rig.put("/left/image_raw", grey_picture(secs, left));
        rig.put("/right/image_raw", grey_picture(secs, 9));
    };
    feed(&mut rig, 0.0, 9);
    assert!(rig.assess(0.0) && rig.assess(0.0));
    assert_eq!(rig.look_word(0.0), "nothing");
    // Both assessed at the same time: by name. Nothing changed: both are passed over within one round.
    feed(&mut rig, 0.2, 9);
    assert_eq!(
        [rig.look_word(0.2), rig.look_word(0.2), rig.look_word(0.2)],
        ["skipped /left/image_raw", "skipped /right/image_raw", "nothing"]
    );
    feed(&mut rig, 0.4, 90);
    assert!(rig.assess(0.4));
    // Left was assessed last: right comes first now.
    feed(&mut rig, 0.6, 9);
    assert_eq!([rig.look_word(0.6), rig.look_word(0.6)], ["skipped /right/image_raw", "ready /left/image_raw"]);
}

#[test]
fn slow_drift_opens_the_gate_since_the_assessed_frame_is_the_reference() {
    let mut rig = Rig::new();
    rig.put(CAMERA, grey_picture(0.0, 100));
    assert!(rig.assess(0.0));
    // One grey step a frame: no two neighbours differ by more than the threshold (5.1 steps).
    let first_open = (1..15).find(|i| {
        let secs = f64::from(*i) * 0.1;
        rig.put(CAMERA, grey_picture(secs, 100 + *i as u8));
        rig.assess(secs)
    });
    assert_eq!(first_open, Some(6));
}

#[test]
fn a_static_scene_is_assessed_again_at_the_maximum_age() {
    let mut rig = Rig::new();
    let mut assessed = Vec::new();
    for i in 0..200 {
        let secs = f64::from(i) * 0.05;
        rig.put(CAMERA, grey_picture(secs, 100));
        if rig.assess(secs) {
            assessed.push(secs);
        }
    }
    assert!(assessed.len() >= 5, "{assessed:?}");
    assert!(assessed.windows(2).all(|pair| pair[1] - pair[0] <= 2.0 + 0.1 + 1e-9), "{assessed:?}");
}

#[test]
fn a_camera_whose_stamp_stands_still_is_not_trusted() {
    let mut rig = Rig::new();
    let mut words = Vec::new();
    for i in 0..40 {
        let secs = f64::from(i) * 0.5;
        rig.put_at(secs, CAMERA, grey_picture(0.0, 100));
        words.push(rig.look_word(secs));
    }
    assert_eq!(words[0], format!("ready {CAMERA}"));
    assert!(words[3..].iter().all(|word| *word == format!("stale {CAMERA}")), "{words:?}");
}

#[test]
fn a_frame_not_handed_to_the_model_is_no_reference() {
    let mut rig = Rig::new();
    rig.put(CAMERA, grey_picture(0.0, 100));
    let observation = rig.observe(0.0);
    rig.put(CAMERA, grey_picture(0.2, 100));
    assert_eq!(opened(rig.look(0.2)), Some(Opened::First));
    // Too late: another one was handed out since.
    assert!(!rig.fusion.assessed(&observation.camera, observation.stamp));
    assert!(!rig.fusion.assessed(&StreamId::new("/no/such/camera"), observation.stamp));
    assert!(rig.fusion.assessed(&observation.camera, at(0.2)));
}

#[test]
fn a_forgotten_reference_lets_the_next_frame_through() {
    let mut rig = Rig::new();
    rig.put(CAMERA, grey_picture(0.0, 100));
    assert!(rig.assess(0.0));
    rig.fusion.forget(&StreamId::new(CAMERA));
    rig.put(CAMERA, grey_picture(0.2, 100));
    assert_eq!(opened(rig.look(0.2)), Some(Opened::First));
}

#[test]
fn frames_are_looked_at_no_more_often_than_the_gate_period() {
    let looks = |params: FusionParams| {
        let mut rig = Rig::with(params);
        let frames = (0..300).map(|i| f64::from(i) / 30.0);
        frames
            .filter(|secs| {
                rig.put(CAMERA, grey_picture(*secs, 100));
                rig.look(*secs) != Look::Nothing
            })
            .count()
    };
    let default = FusionParams::default();
    assert!((74..=101).contains(&looks(default.clone())), "{}", looks(default.clone()));
    assert_eq!(looks(FusionParams { gate_period_millis: 0, ..default.clone() }), 300);
    assert_eq!(looks(FusionParams { gate_enabled: false, ..default }), 300);
}

#[test]
fn gas_opens_the_gate_while_the_picture_stands_still() {
    let mut rig = Rig::new();
    rig.put("/gas", gas(0.0, "co", 5.0));
    rig.put(CAMERA, grey_picture(0.0, 100));
    assert!(rig.assess(0.0));
    rig.put("/gas", gas(0.5, "co", 40.0));
    rig.put(CAMERA, grey_picture(0.5, 100));
    assert_eq!(opened(rig.look(0.5)), Some(Opened::Sensor { channel: "/gas co".to_owned() }));
}

#[test]
fn broken_and_stale_frames_are_told_and_counted() {
    let mut rig = Rig::new();
    rig.put(CAMERA, broken_picture(0.0));
    assert_eq!(rig.look_word(0.0), format!("undecodable {CAMERA}"));
    rig.put(CAMERA, grey_picture(1.0, 9));
    assert!(matches!(rig.look(2.5), Look::Stale { age_secs, .. } if (age_secs - 1.5).abs() < 1e-9));
    // Late from the start: latency is age.
    let mut rig = Rig::new();
    rig.put_at(3.0, CAMERA, grey_picture(0.0, 9));
    assert_eq!(rig.look_word(3.0), format!("stale {CAMERA}"));
    let counts = rig.fusion.counts();
    assert_eq!((counts.frames_stale, counts.frames_ready), (1, 0));
}

#[test]
fn stamps_of_another_clock_neither_age_nor_misalign() {
    for offset_secs in [-86_400.0, -7200.0, 7200.0, 86_400.0 * 365.0] {
        let mut rig = Rig::new();
        for i in 0..60 {
            let secs = f64::from(i) * 0.05;
            rig.put_at(secs + 0.01, "/scan", scan(secs - offset_secs, i as f32 * 0.1 + 0.1));
            rig.put_at(secs + 0.015, "/tf", transforms(false, vec![edge(secs - offset_secs, "odom", "base_link", secs)]));
            // The gas sensor is stamped by the event clock, unlike all others.
            rig.put_at(secs + 0.016, "/gas", gas(secs, "co", f64::from(i)));
            rig.put_at(secs + 0.02, CAMERA, grey_picture(secs - offset_secs, 9));
        }
        let observation = rig.observe(2.98);
        assert_eq!(observation.stamp, at(2.95 - offset_secs));
        assert_eq!(observation.arrived, at(2.97));
        assert_eq!(observation.context_text, "gas co 59 ppm; clearance ahead 6.00 m, left 6.00 m, right 6.00 m", "{offset_secs}");
        assert!((observation.robot_pose.unwrap().frame_from_base.translation.x - 2.95).abs() < 1e-6);
        assert_eq!(rig.health(2.98), ["/camera/image_raw fresh", "/gas fresh", "/scan fresh", "/tf fresh"]);
        assert_eq!(rig.health(4.98), ["/camera/image_raw stale", "/gas stale", "/scan stale", "/tf stale"]);
    }
}

#[test]
fn the_event_clock_going_back_starts_afresh() {
    let mut rig = Rig::new();
    rig.put("/tf_static", transforms(true, vec![edge(0.0, "base_link", "camera_optical_frame", 0.2)]));
    rig.put("/camera/camera_info", camera_info(99.0, "camera_optical_frame", 50.0));
    rig.put("/tf", transforms(false, vec![edge(100.0, "odom", "base_link", 1.0)]));
    rig.put("/gas", gas(100.0, "co", 5.0));
    rig.put(CAMERA, grey_picture(100.0, 100));
    assert!(rig.assess(100.0));
    assert!(matches!(rig.put(CAMERA, grey_picture(10.0, 100)), Insert::ClockJumpedBack { by_secs } if (by_secs - 90.0).abs() < 1e-9));
    let Look::Ready { observation, opened } = rig.look(10.0) else { panic!("not ready") };
    assert_eq!(opened, Opened::First);
    assert!(observation.base_from_camera.is_some() && observation.intrinsics.is_some() && observation.robot_pose.is_none());
    assert_eq!(observation.context_text, "missing: gas 0.0 s old".replace("gas", "gas co"));
    assert_eq!(rig.health(10.5), ["/camera/camera_info fresh", "/camera/image_raw fresh", "/gas stale", "/tf stale", "/tf_static fresh"]);
    // A little back is only out of order.
    assert_eq!(rig.put_at(9.5, "/battery", battery(9.5, None, Some(1.0))), Insert::Accepted);
}

#[test]
fn the_clock_of_one_stream_going_back_starts_it_afresh() {
    let mut rig = Rig::new();
    for i in 0..10 {
        rig.put(CAMERA, grey_picture(f64::from(i), 100));
        rig.put("/scan", scan(f64::from(i), 5.0));
    }
    assert!(rig.assess(9.0));
    let outcomes: Vec<_> = (0..4)
        .map(|i| {
            let secs = f64::from(i) * 0.1;
            (rig.put_at(10.0 + secs, "/scan", scan(secs, 2.0)), rig.put_at(10.0 + secs, CAMERA, grey_picture(secs, 100)))
        })
        .collect();
    let is_restart = |insert: &Insert| matches!(insert, Insert::StreamRestarted { .. });
    assert!(matches!(outcomes[1], (Insert::TooOld { .. }, Insert::TooOld { .. })), "{outcomes:?}");
    assert!(is_restart(&outcomes[2].0) && is_restart(&outcomes[2].1), "{outcomes:?}");
    assert_eq!(outcomes[3], (Insert::Accepted, Insert::Accepted));
}

#[test]
fn readings_out_of_order_are_used_where_they_belong() {
    let mut rig = Rig::new();
    for secs in [9.8, 9.9, 10.1, 10.0, 9.95] {
        rig.put_at(10.1, "/range", range(secs, "bumper", (secs - 9.0) as f32));
    }
    rig.put_at(10.1, CAMERA, grey_picture(9.96, 9));
    assert_eq!(rig.observe(10.1).context_text, "range 0.95 m");
    assert_eq!(rig.fusion.counts().readings_out_of_order, 2);
}

#[test]
fn poses_are_taken_at_the_image_stamp() {
    let observe = |extra: &[(&str, Reading)]| {
        let mut rig = Rig::new();
        for (topic, reading) in extra {
            rig.put_at(10.0, topic, reading.clone());
        }
        rig.put(CAMERA, grey_picture(10.0, 9));
        rig.observe(10.0)
    };
    let check = |extra: &[(&str, Reading)], expected: Option<(&str, f64)>| {
        let found = observe(extra).robot_pose.map(|pose| (pose.frame.as_str().to_owned(), pose.frame_from_base.translation.x));
        match (found, expected) {
            (None, None) => {}
            (Some((frame, x)), Some((wanted, wanted_x))) => assert!(frame == wanted && (x - wanted_x).abs() < 1e-9, "{frame} {x}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    };
    let odom = |secs: f64, x: f64| ("/tf", transforms(false, vec![edge(secs, "odom", "base_link", x)]));
    let map = |secs: f64, x: f64| ("/tf", transforms(false, vec![edge(secs, "map", "odom", x)]));
    check(&[], None);
    check(&[odom(9.95, 1.0), odom(10.05, 2.0)], Some(("odom", 1.5)));
    check(&[odom(9.95, 1.0), odom(10.05, 2.0), map(9.9, 10.0), map(10.9, 10.0)], Some(("map", 11.5)));
    // A map that went silent: odometry still knows.
    check(&[odom(9.95, 1.0), odom(10.05, 2.0), map(5.0, 10.0)], Some(("odom", 1.5)));
    check(&[odom(5.0, 1.0)], None);
    // No transforms: odometry messages, interpolated.
    check(&[("/odom", odometry(9.96, 1.0)), ("/odom", odometry(10.04, 2.0))], Some(("odom", 1.5)));
    check(&[("/odom", odometry(9.96, 1.0))], Some(("odom", 1.0)));
    check(&[("/odom", odometry(9.5, 1.0))], None);
    let footprint = transforms(true, vec![edge(0.0, "base_footprint", "camera_optical_frame", 0.3)]);
    assert_eq!(observe(&[("/tf_static", footprint)]).base_from_camera.map(|pose| pose.translation.x), Some(0.3));
    assert_eq!(observe(&[]).base_from_camera, None);
}

#[test]
fn frames_under_a_robots_prefix_are_found() {
    let mut rig = Rig::new();
    for robot in ["robot1", "robot2"] {
        let x = if robot == "robot1" { 0.1 } else { 0.2 };
        let (base, camera) = (format!("{robot}/base_link"), format!("{robot}/camera"));
        rig.put("/tf_static", transforms(true, vec![edge(0.0, &base, &camera, x), edge(0.0, &format!("{robot}/odom"), &base, 1.0 + x)]));
        rig.put_at(0.0, &format!("/{robot}/image_raw"), picture(0.0, &camera, vec![9; 64 * 48]));
    }
    for x in [0.1, 0.2] {
        let observation = rig.observe(0.0);
        assert_eq!(observation.base_from_camera.map(|pose| pose.translation.x), Some(x));
        assert_eq!(observation.robot_pose.map(|pose| pose.frame_from_base.translation.x), Some(1.0 + x));
    }
}

#[test]
fn each_camera_gets_its_own_calibration() {
    let focal_length = |image: &str, frame: &str, infos: &[(&str, &str, f64)]| {
        let mut rig = Rig::new();
        for (topic, frame, fx) in infos {
            rig.put_at(0.0, topic, camera_info(0.0, frame, *fx));
        }
        rig.put_at(0.0, image, picture(0.0, frame, vec![9; 64 * 48]));
        rig.observe(0.0).intrinsics.map(|found| found.fx)
    };
    let two = [("/front/camera_info", "f", 1.0), ("/rear/camera_info", "r", 2.0)];
    assert_eq!(focal_length("/front/image_raw", "x", &two), Some(1.0));
    assert_eq!(focal_length("/rear/image_raw", "x", &two), Some(2.0));
    assert_eq!(focal_length("/rear/image_raw/compressed", "x", &two), Some(2.0));
    assert_eq!(focal_length("/elsewhere/image", "r", &two), Some(2.0));
    assert_eq!(focal_length("/elsewhere/image", "x", &two), None);
}

#[test]
fn cameras_are_selected() {
    let selected = |params: FusionParams, topics: &[&str]| {
        let mut rig = Rig::with(params);
        topics
            .iter()
            .filter(|topic| rig.put_at(0.0, topic, grey_picture(0.0, 9)) != Insert::NotSelected)
            .map(|t| (*t).to_owned())
            .collect::<Vec<_>>()
    };
    let all = ["/a/image_raw/compressed", "/a/image_raw", "/b/image_raw", "/camera/depth/image_rect_raw", "/c/Depth_image"];
    assert_eq!(selected(FusionParams::default(), &all), ["/a/image_raw/compressed", "/b/image_raw"]);
    let named = FusionParams { camera_topics: vec!["/a/image_raw".to_owned(), "/c/Depth_image".to_owned()], ..FusionParams::default() };
    assert_eq!(selected(named, &all), ["/a/image_raw", "/c/Depth_image"]);
}

#[test]
fn the_number_of_streams_is_bounded() {
    let mut rig = Rig::with(FusionParams { max_streams: 3, ..FusionParams::default() });
    assert_eq!(rig.put("/gas", gas(0.0, "a", 1.0)), Insert::Accepted);
    assert_eq!(rig.put("/gas", gas(0.0, "b", 1.0)), Insert::Accepted);
    assert_eq!(rig.put(CAMERA, grey_picture(0.0, 9)), Insert::Accepted);
    let refused = [rig.put("/gas", gas(0.1, "c", 1.0)), rig.put("/other/image", grey_picture(0.1, 9)), rig.put("/scan", scan(0.1, 1.0))];
    for insert in refused {
        let Insert::Refused { fault: fault @ InsertFault::TooManyStreams { .. } } = insert else { panic!("{insert:?}") };
        assert!(fault.to_string().ends_with("not followed, raise fusion.max_streams: 3"), "{fault}");
    }
    assert_eq!(rig.put("/gas", gas(0.1, "a", 1.0)), Insert::Accepted);
    assert_eq!(rig.fusion.counts().readings_refused, 3);
}

#[test]
fn a_bad_edge_does_not_spoil_the_good_ones_beside_it() {
    let mut rig = Rig::new();
    let edges = vec![edge(0.0, "base_link", "base_link", 0.0), edge(0.0, "base_link", "camera_optical_frame", 0.2)];
    assert!(matches!(rig.put("/tf_static", transforms(true, edges)), Insert::Refused { fault: InsertFault::Transform(_) }));
    assert_eq!(rig.put("/tf", transforms(false, Vec::new())), Insert::Accepted);
    rig.put(CAMERA, grey_picture(0.0, 9));
    assert!(rig.observe(0.0).base_from_camera.is_some());
}

/// Every kind of reading, by number.
fn any_reading(kind: u8, secs: f64, number: f32) -> (&'static str, Reading) {
    match kind {
        0 => (CAMERA, grey_picture(secs, number as u8)),
        1 => ("/rear/image_raw", broken_picture(secs)),
        2 => ("/camera/camera_info", camera_info(secs, "camera_optical_frame", 50.0)),
        3 => ("/scan", scan(secs, number)),
        4 => ("/points", points(secs, &[[number, 0.0, 1.0]])),
        5 => ("/imu", imu(secs, (number > 0.0).then_some([0.1, 0.2, 0.3]), [0.0; 3])),
        6 => ("/odom", odometry(secs, f64::from(number))),
        7 => ("/tf", transforms(false, vec![edge(secs, "odom", "base_link", f64::from(number))])),
        8 => ("/tf_static", transforms(true, vec![edge(secs, "base_link", "laser", f64::from(number))])),
        9 => ("/temperature", temperature(secs, "t", f64::from(number))),
        10 => ("/range", range(secs, "r", number)),
        11 => ("/battery", battery(secs, None, Some(0.5))),
        12 => ("/gas", gas(secs, "co", f64::from(number.abs()))),
        13 => ("/scan", scan(secs, f32::NAN)),
        _ => ("/points", points(secs, &[])),
    }
}

proptest! {
    #[test]
    fn any_sequence_is_survived_and_gives_the_same_twice(
        steps in prop::collection::vec((0u8..15, -20.0..20.0f64, -3.0..3.0f64, -5.0..200.0f32, any::<bool>()), 1..150),
    ) {
        let run = || {
            let mut rig = Rig::new();
            let mut log = Vec::new();
            let mut now = 0.0;
            for (kind, jump, latency, number, is_jump) in &steps {
                now += if *is_jump { *jump } else { jump.abs() * 0.01 };
                let (topic, reading) = any_reading(*kind, now - latency, *number);
                log.push(format!("{:?}", rig.fusion.insert(at(now), &StreamId::new(topic), reading, Sha256::default())));
                let look = rig.look(now);
                if let (Look::Ready { observation, .. }, true) = (&look, *kind < 8) {
                    rig.fusion.assessed(&observation.camera, observation.stamp);
                }
                log.push(format!("{look:?}"));
            }
            log.push(format!("{:?} {:?}", rig.health(now), rig.fusion.counts()));
            log
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn every_frame_is_accounted_for(frames in prop::collection::vec((0.0..2.0f64, any::<u8>(), any::<bool>(), 0..3u8), 1..100)) {
        let mut rig = Rig::new();
        let mut secs = 0.0;
        for (step, grey, is_broken, then) in frames {
            secs += step;
            // Every third frame comes late, some by more than can be sorted in.
            let stamp_secs = if grey % 3 == 0 { secs - step * 4.0 } else { secs };
            rig.put_at(secs, CAMERA, if is_broken { broken_picture(stamp_secs) } else { grey_picture(stamp_secs, grey) });
            match then {
                0 => {}
                1 => {
                    rig.fusion.pass_over(at(secs));
                }
                _ => {
                    rig.assess(secs);
                }
            }
        }
        let counts = rig.fusion.counts();
        let waiting = u64::from(rig.look(secs + 100.0) != Look::Nothing);
        let looked_at = counts.frames_skipped + counts.frames_undecodable + counts.frames_stale + counts.frames_ready;
        let done = counts.frames_overwritten + counts.frames_passed_over + looked_at;
        prop_assert_eq!(counts.frames_received, done + waiting);
    }

    #[test]
    fn the_gate_never_stays_shut_longer_than_its_maximum_age(steps in prop::collection::vec((0.01..0.5f64, 98u8..102), 1..300)) {
        let mut rig = Rig::new();
        let (mut secs, mut last) = (0.0, None);
        for (step, grey) in steps {
            secs += step;
            rig.put(CAMERA, grey_picture(secs, grey));
            if rig.assess(secs) {
                last = Some(secs);
            }
            // At most one frame interval and one gate period beyond the maximum age.
            prop_assert!(last.is_none_or(|last: f64| secs - last < 2.0 + 0.5 + 0.1));
        }
        prop_assert!(last.is_some());
    }
}

#[test]
fn a_view_changes_nothing() {
    use vedette_fusion::NoView;
    let mut rig = Rig::new();
    let none = rig.fusion.view(at(0.0), None).map(|_| ()).expect_err("nothing has come");
    assert_eq!(none, NoView::NoFrame { known: "none".to_owned() });
    rig.put("/left/image_raw", grey_picture(0.0, 9));
    rig.put("/right/image_raw/compressed", grey_picture(0.1, 90));
    rig.put("/gas", gas(0.1, "co", 12.0));
    let seen = |rig: &Rig, secs, camera| rig.fusion.view(at(secs), camera).map(|view| (view.camera.as_str().to_owned(), view.stamp));
    assert_eq!(seen(&rig, 0.1, None), Ok(("/right/image_raw/compressed".to_owned(), at(0.1))), "the newest");
    assert_eq!(seen(&rig, 0.1, Some("/left/image_raw")), Ok(("/left/image_raw".to_owned(), at(0.0))));
    assert!(seen(&rig, 0.1, Some("/right/image_raw")).is_ok(), "whatever the transport");
    assert!(seen(&rig, 0.1, Some("/none")).is_err_and(|fault| fault.to_string().contains("/left/image_raw, /right/image_raw/compressed")));
    let counts = rig.fusion.counts();
    let view = rig.fusion.view(at(0.2), Some("/left/image_raw")).expect("a view");
    assert_eq!(rig.fusion.counts(), counts);
    let looked = rig.observe(0.2);
    assert_eq!((&looked.camera, &looked.context_text, looked.stamp), (&view.camera, &view.context_text, view.stamp), "what a look shows");
    assert!(view.context_text.contains("co 12 ppm"), "{}", view.context_text);
    assert!(seen(&rig, 0.3, Some("/left/image_raw")).is_ok(), "also after it was looked at");
    assert!(matches!(rig.fusion.view(at(60.0), None), Err(NoView::Stale { .. })));
    rig.put("/left/image_raw", broken_picture(60.1));
    assert!(matches!(rig.fusion.view(at(60.1), None), Err(NoView::Undecodable(_))));
}
