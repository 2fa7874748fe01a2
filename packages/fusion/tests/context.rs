//! The sensor context as the model reads it.

mod rig;

use proptest::prelude::*;
use rig::{Rig, at, battery, edge, gas, grey_picture, imu, odometry, pose, range, scan, temperature, transforms};
use vedette_fusion::FusionParams;
use vedette_types::Reading;

/// What an image at 10 s says after `readings`.
fn context_of(params: FusionParams, readings: &[(&str, Reading)]) -> String {
    let mut rig = Rig::with(params);
    let mut arrived_secs = f64::MIN;
    for (topic, reading) in readings {
        let stamp_secs = reading.stamp().map_or(-20.0, |stamp| stamp.secs_since(at(0.0)));
        arrived_secs = stamp_secs.max(arrived_secs);
        rig.put_at(arrived_secs, topic, reading.clone());
    }
    rig.put(rig::CAMERA, grey_picture(10.0, 9));
    rig.observe(10.0).context_text
}

fn check(readings: &[(&str, Reading)], expected: &str) {
    assert_eq!(context_of(FusionParams::default(), readings), expected);
}

#[test]
fn everything_has_its_place_and_unit() {
    check(
        &[
            ("/battery_state", battery(9.95, Some(12.0), Some(0.764))),
            ("/imu", imu(9.99, Some([0.03, 0.0, 1.0]), [0.0, 0.0, 9.8])),
            ("/odom", odometry(9.98, 1.0)),
            ("/range", range(10.0, "bumper", 0.85)),
            ("/scan", scan(9.96, 1.8)),
            ("/temperature", temperature(9.95, "board", 24.46)),
            ("/gas", gas(9.95, "co", 12.3)),
        ],
        "gas co 12 ppm; temperature 24.5 degC; clearance ahead 1.80 m, left 1.80 m, right 1.80 m; range 0.85 m; speed 0.40 m/s; \
         turning 0.10 rad/s; tilt 2 deg; battery 76 %",
    );
}

#[test]
fn no_sensors_no_context() {
    check(&[], "");
}

#[test]
fn a_value_not_of_the_moment_says_how_old_it_is() {
    check(&[("/gas", gas(9.4, "co", 12.0))], "gas co 12 ppm (0.6 s old)");
    check(&[("/scan", scan(9.4, 3.0))], "clearance ahead 3.00 m (0.6 s old), left 3.00 m (0.6 s old), right 3.00 m (0.6 s old)");
}

#[test]
fn what_is_stale_is_named() {
    check(&[("/scan", scan(6.8, 3.0))], "missing: scan 3.2 s old");
    check(&[("/gas", gas(6.8, "co", 3.0)), ("/gas", gas(9.9, "lpg", 3.0))], "gas lpg 3.0 ppm; missing: gas co 3.2 s old");
    check(&[("/odom", odometry(6.8, 3.0)), ("/imu", imu(6.8, None, [0.0; 3]))], "missing: motion 3.2 s old, tilt 3.2 s old");
}

#[test]
fn a_slow_stream_is_not_stale_between_its_readings() {
    let every_four_secs = |secs: f64| ("/battery_state", battery(secs, None, Some(0.5)));
    check(&[every_four_secs(-1.0), every_four_secs(3.0), every_four_secs(7.0)], "battery 50 % (3.0 s old)");
    check(&[every_four_secs(-10.0), every_four_secs(-6.0), every_four_secs(-2.0)], "missing: battery 12.0 s old");
}

#[test]
fn what_was_not_measured_is_named() {
    check(&[("/range", range(10.0, "bumper", f32::NAN))], "missing: range unmeasured");
    check(&[("/range", range(10.0, "bumper", f32::INFINITY))], "range over 4.00 m");
    check(&[("/range", range(10.0, "bumper", f32::NEG_INFINITY))], "range 0.10 m");
    check(&[("/scan", scan(10.0, f32::NAN))], "missing: clearance ahead unmeasured, clearance left unmeasured, clearance right unmeasured");
    check(&[("/scan", scan(10.0, f32::INFINITY))], "clearance ahead over 10.00 m, left over 10.00 m, right over 10.00 m");
    check(&[("/battery_state", battery(10.0, None, None))], "missing: battery without a value");
    check(&[("/imu", imu(10.0, None, [3.0, 0.0, 12.0]))], "missing: tilt without a value");
    check(
        &[("/points", rig::points(10.0, &[[0.0, 0.0, 2.0]]))],
        "clearance ahead 2.00 m; missing: clearance ahead partly unmeasured, clearance left unmeasured, clearance right unmeasured",
    );
}

#[test]
fn several_sensors_of_a_kind_are_told_apart() {
    check(
        &[("/front/range", range(10.0, "f", 1.0)), ("/rear/range", range(10.0, "r", 2.0))],
        "range front/range 1.00 m; range rear/range 2.00 m",
    );
    check(&[("/range", range(10.0, "f", 1.0)), ("/range", range(10.0, "r", 2.0))], "range f 1.00 m; range r 2.00 m");
    check(&[("/a/gas", gas(10.0, "co", 1.0)), ("/b/gas", gas(10.0, "co", 2.0))], "gas co a/gas 1.0 ppm; gas co b/gas 2.0 ppm");
    check(
        &[("/temperature", temperature(10.0, "motor", 60.0)), ("/temperature", temperature(10.0, "air", 20.0))],
        "temperature air 20.0 degC; temperature motor 60.0 degC",
    );
    // Two scanners are one surround view.
    check(&[("/front/scan", scan(10.0, 3.0)), ("/rear/scan", scan(10.0, 2.0))], "clearance ahead 2.00 m, left 2.00 m, right 2.00 m");
}

#[test]
fn the_pose_of_a_sensor_is_used_where_it_is_known() {
    let mount = ("/tf_static", transforms(true, vec![edge(0.0, "base_link", "laser", 0.5)]));
    check(&[mount, ("/scan", scan(10.0, 2.0))], "clearance ahead 2.42 m, left 1.94 m, right 1.94 m");
    let mut imu_edge = edge(0.0, "base_link", "imu", 0.0);
    // Mounted upside down.
    imu_edge.parent_from_child = pose(0.0, 0.0) * nalgebra::UnitQuaternion::from_euler_angles(std::f64::consts::PI, 0.0, 0.0);
    check(&[("/tf_static", transforms(true, vec![imu_edge])), ("/imu", imu(10.0, None, [0.0, 0.0, -9.8]))], "tilt 0 deg");
}

#[test]
fn only_what_is_asked_for_is_told() {
    let params = FusionParams { context_channels: vec!["battery".to_owned()], ..FusionParams::default() };
    let readings = [("/gas", gas(10.0, "co", 500.0)), ("/scan", scan(5.0, 1.0)), ("/battery", battery(10.0, Some(11.94), None))];
    assert_eq!(context_of(params, &readings), "battery 11.9 V");
}

#[test]
fn a_hundred_channels_stay_a_short_text() {
    let readings: Vec<_> =
        (0..100).map(|i| ("/gas", gas(if i % 2 == 0 { 10.0 } else { 5.0 }, &format!("gas-{i:02}-{}", "x".repeat(99)), 1.0))).collect();
    let text = context_of(FusionParams::default(), &readings);
    assert!(text.len() < 1000, "{}", text.len());
    assert!(text.contains("more of gas") && text.contains("missing: ") && text.ends_with("more"), "{text}");
}

#[test]
fn items_carry_number_unit_stream_and_age() {
    let mut rig = Rig::new();
    rig.put("/gas", gas(9.5, "co", 12.3));
    rig.put(rig::CAMERA, grey_picture(10.0, 9));
    let observation = rig.observe(10.0);
    assert_eq!(observation.stamp, at(10.0));
    let [item] = observation.context.as_slice() else { panic!("{:?}", observation.context) };
    assert_eq!((item.channel.as_str(), item.value, item.unit, item.stream.as_str()), ("gas co", 12.3, "ppm", "/gas"));
    assert!((item.age_secs - 0.5).abs() < 1e-9);
}

proptest! {
    #[test]
    fn no_name_or_number_can_break_out_of_the_line(names in prop::collection::vec((any::<String>(), any::<String>(), any::<f64>()), 1..20)) {
        let mut rig = Rig::new();
        for (topic, name, value) in &names {
            let value = if value.is_finite() { *value } else { 0.0 };
            rig.put(topic, gas(10.0, name, value.abs()));
            rig.put(topic, range(10.0, name, value as f32));
            rig.put(topic, temperature(8.0, name, value));
        }
        rig.put(rig::CAMERA, grey_picture(10.0, 9));
        let observation = rig.observe(10.0);
        let is_harmless = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b" _-./;:,()%".contains(&b));
        prop_assert!(is_harmless(&observation.context_text), "{}", observation.context_text);
        prop_assert!(observation.context_text.len() < 3000);
        for item in &observation.context {
            prop_assert!(is_harmless(&item.channel));
        }
    }
}
