//! The transform tree: look-ups, interpolation, and what it says when there is no answer.

#![expect(clippy::unwrap_used, reason = "the functions shared by the tests may fail like the tests")]

use nalgebra::{Translation3, UnitQuaternion, Vector3};
use proptest::prelude::*;
use vedette_fusion::{FusionParams, Moment, TransformBuffer, TransformFault, TransformLimits, interpolate};
use vedette_types::{FrameId, Isometry3, Stamp, StampedTransform};

fn at(secs: f64) -> Stamp {
    Stamp::from_ros(1_700_000_000, 0).plus_secs(secs)
}

fn now(secs: f64) -> Moment {
    Moment::event(at(secs), 10.0)
}

fn pose(x: f64, yaw_rad: f64) -> Isometry3 {
    Isometry3::from_parts(Translation3::new(x, 0.0, 0.0), UnitQuaternion::from_euler_angles(0.0, 0.0, yaw_rad))
}

fn edge(secs: f64, parent: &str, child: &str, parent_from_child: Isometry3) -> StampedTransform {
    StampedTransform { stamp: at(secs), parent: FrameId::new(parent), child: FrameId::new(child), parent_from_child }
}

/// `odom -> base_link` moving 1 m/s from 0 to 10 s at 10 Hz, `base_link -> camera` fixed, `island` apart.
fn robot() -> TransformBuffer {
    let mut buffer = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
    for i in 0..=100 {
        let secs = f64::from(i) * 0.1;
        buffer.insert(at(secs), &edge(secs, "odom", "base_link", pose(secs, 0.0)), false).unwrap();
    }
    buffer.insert(at(0.0), &edge(0.0, "base_link", "camera", pose(0.5, 0.0)), true).unwrap();
    buffer.insert(at(0.0), &edge(0.0, "island", "tree", pose(0.0, 0.0)), true).unwrap();
    buffer
}

fn look_up(buffer: &TransformBuffer, target: &str, source: &str, secs: f64) -> Result<Isometry3, TransformFault> {
    buffer.look_up(&FrameId::new(target), &FrameId::new(source), &now(secs))
}

#[test]
fn chains_are_followed_at_the_stamp() {
    let check = |target: &str, source: &str, secs: f64, expected_x: f64| {
        let found = look_up(&robot(), target, source, secs).unwrap();
        assert!((found.translation.x - expected_x).abs() < 1e-9, "{target} from {source} at {secs}: {found}");
    };
    check("odom", "base_link", 3.0, 3.0);
    check("odom", "base_link", 3.04, 3.04);
    check("base_link", "odom", 3.04, -3.04);
    check("odom", "camera", 3.04, 3.54);
    check("camera", "odom", 3.04, -3.54);
    check("base_link", "camera", 999.0, 0.5);
    check("camera", "camera", 999.0, 0.0);
    // Held for 0.1 s beyond the samples.
    check("odom", "base_link", 10.09, 10.0);
    check("odom", "base_link", -0.09, 0.0);
}

#[test]
fn what_is_missing_is_said() {
    let check = |target: &str, source: &str, secs: f64, expected: &str| {
        assert_eq!(look_up(&robot(), target, source, secs).unwrap_err().to_string(), expected);
    };
    check(
        "base_link",
        "lidar",
        1.0,
        "no transform from `lidar` to `base_link`: `lidar` was never published, frames known: base_link, camera, island, odom, tree",
    );
    check(
        "map",
        "camera",
        1.0,
        "no transform from `camera` to `map`: `map` was never published, frames known: base_link, camera, island, odom, tree",
    );
    check(
        "tree",
        "camera",
        1.0,
        "no transform from `camera` to `tree`: they are in two trees, publish an edge between `odom` and `island`",
    );
    check(
        "odom",
        "camera",
        12.0,
        "no transform from `base_link` to `odom` at 1700000012.000000000: it is known from 1700000000.000000000 to 1700000010.000000000, 2.000 s off",
    );
    check(
        "odom",
        "camera",
        -3.0,
        "no transform from `base_link` to `odom` at 1699999997.000000000: it is known from 1700000000.000000000 to 1700000010.000000000, 3.000 s off",
    );
    let empty = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
    assert!(look_up(&empty, "a", "b", 0.0).unwrap_err().to_string().ends_with("frames known: none"));
}

#[test]
fn edges_that_cannot_be_are_refused_and_change_nothing() {
    let check = |parent: &str, child: &str, expected: &str| {
        let mut buffer = robot();
        for is_static in [false, true] {
            let fault = buffer.insert(at(5.0), &edge(5.0, parent, child, pose(0.0, 0.0)), is_static).unwrap_err();
            assert_eq!(fault.to_string(), expected);
        }
        assert!(look_up(&buffer, "odom", "camera", 5.0).is_ok());
    };
    check("camera", "odom", "transform from `odom` to `camera` refused: `camera` already hangs below `odom`");
    check("odom", "odom", "transform from `odom` to `odom` refused: `odom` already hangs below `odom`");
    check("", "x", "transform from `x` to `` refused: a frame without a name");
    check("x", "", "transform from `` to `x` refused: a frame without a name");
}

#[test]
fn the_number_of_frames_is_bounded() {
    let params = FusionParams { tf_max_frames: 3, ..FusionParams::default() };
    let mut buffer = TransformBuffer::new(TransformLimits::from(&params));
    for child in ["a", "b", "c"] {
        assert_eq!(buffer.insert(at(0.0), &edge(0.0, "world", child, pose(0.0, 0.0)), false), Ok(()));
    }
    let fault = buffer.insert(at(0.0), &edge(0.0, "world", "d", pose(0.0, 0.0)), false).unwrap_err();
    assert_eq!(fault.to_string(), "transform from `d` refused: 3 frames are kept, raise fusion.tf_max_frames");
    assert_eq!(buffer.insert(at(1.0), &edge(1.0, "world", "a", pose(0.0, 0.0)), false), Ok(()));
}

#[test]
fn a_frame_with_a_new_parent_loses_its_past() {
    let mut buffer = robot();
    buffer.insert(at(10.1), &edge(10.1, "island", "base_link", pose(7.0, 0.0)), false).unwrap();
    assert!(matches!(look_up(&buffer, "odom", "camera", 5.0), Err(TransformFault::UnknownFrame { .. })));
    assert!((look_up(&buffer, "tree", "camera", 10.1).unwrap().translation.x - 7.5).abs() < 1e-9);
    // An edge may turn static and back.
    buffer.insert(at(10.2), &edge(10.2, "island", "base_link", pose(8.0, 0.0)), true).unwrap();
    assert!((look_up(&buffer, "island", "base_link", 0.0).unwrap().translation.x - 8.0).abs() < 1e-9);
    buffer.insert(at(10.3), &edge(10.3, "island", "base_link", pose(9.0, 0.0)), false).unwrap();
    assert!((look_up(&buffer, "island", "base_link", 10.3).unwrap().translation.x - 9.0).abs() < 1e-9);
}

#[test]
fn the_whole_buffer_can_be_interpolated_at_any_rate() {
    for hertz in [10, 100, 1000] {
        let mut buffer = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
        for i in 0..30 * hertz {
            let secs = f64::from(i) / f64::from(hertz);
            buffer.insert(at(secs), &edge(secs, "odom", "base_link", pose(secs, 0.0)), false).unwrap();
        }
        let newest = 30.0 - 1.0 / f64::from(hertz);
        for back_secs in [0.0, 0.004, 7.77, 14.999] {
            let found = look_up(&buffer, "odom", "base_link", newest - back_secs).unwrap();
            assert!((found.translation.x - (newest - back_secs)).abs() < 1e-6, "{hertz} Hz, {back_secs} s back");
        }
        assert!(look_up(&buffer, "odom", "base_link", newest - 15.5).is_err(), "{hertz} Hz");
    }
}

#[test]
fn samples_out_of_order_are_sorted_in() {
    let mut buffer = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
    for secs in [0.0, 0.4, 0.2, 0.1, 0.3] {
        buffer.insert(at(secs), &edge(secs, "odom", "base_link", pose(secs * secs, 0.0)), false).unwrap();
    }
    assert!((look_up(&buffer, "odom", "base_link", 0.2).unwrap().translation.x - 0.04).abs() < 1e-9);
}

#[test]
fn a_restarted_clock_restarts_the_edge() {
    let mut buffer = robot();
    for i in 0..3 {
        let secs = f64::from(i) * 0.1;
        buffer.insert(at(10.1 + secs), &edge(secs, "odom", "base_link", pose(50.0 + secs, 0.0)), false).unwrap();
    }
    // Arrivals go on, stamps began again 10.1 s back: more than latency, hence another clock, and 10.3 on the event clock is 0.2 on it.
    assert!((look_up(&buffer, "odom", "base_link", 10.3).unwrap().translation.x - 50.2).abs() < 1e-9);
    buffer.forget_dynamic();
    let fault = look_up(&buffer, "odom", "camera", 5.0).unwrap_err();
    assert_eq!(fault.to_string(), "no transform from `base_link` to `odom`: not published since the clock went back");
    assert!(look_up(&buffer, "base_link", "camera", 5.0).is_ok());
}

fn any_pose() -> impl Strategy<Value = Isometry3> {
    (prop::array::uniform3(-50.0..50.0f64), prop::array::uniform3(-3.2..3.2f64)).prop_map(|([x, y, z], [roll, pitch, yaw])| {
        Isometry3::from_parts(Translation3::new(x, y, z), UnitQuaternion::from_euler_angles(roll, pitch, yaw))
    })
}

fn is_near(a: &Isometry3, b: &Isometry3) -> bool {
    (a.translation.vector - b.translation.vector).norm() < 1e-6 && a.rotation.angle_to(&b.rotation) < 1e-6
}

proptest! {
    #[test]
    fn between_two_poses_the_result_lies_on_the_path(a in any_pose(), b in any_pose(), fraction in 0.0..=1.0f64) {
        let middle = interpolate(&a, &b, fraction);
        let straight: Vector3<f64> = a.translation.vector.lerp(&b.translation.vector, fraction);
        prop_assert!((middle.translation.vector - straight).norm() < 1e-9);
        let arc = a.rotation.angle_to(&b.rotation);
        // At half a turn the arc is not unique.
        prop_assume!(arc < std::f64::consts::PI - 1e-3);
        prop_assert!((a.rotation.angle_to(&middle.rotation) - fraction * arc).abs() < 1e-6);
        prop_assert!((b.rotation.angle_to(&middle.rotation) - (1.0 - fraction) * arc).abs() < 1e-6);
    }

    #[test]
    fn there_and_back_is_nowhere(
        poses in prop::collection::vec((any_pose(), any_pose(), any::<prop::sample::Index>(), any::<bool>()), 1..12), secs in 0.0..1.0f64,
        a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), c in any::<prop::sample::Index>(),
    ) {
        // A random tree: frame i hangs below one of the frames before it.
        let mut buffer = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
        for (i, (first, second, parent, is_static)) in poses.iter().enumerate() {
            let (parent, child) = (format!("f{}", parent.index(i + 1)), format!("f{}", i + 1));
            buffer.insert(at(0.0), &edge(0.0, &parent, &child, *first), *is_static).unwrap();
            buffer.insert(at(1.0), &edge(1.0, &parent, &child, *second), *is_static).unwrap();
        }
        let [a, b, c] = [a, b, c].map(|index| format!("f{}", index.index(poses.len() + 1)));
        let a_from_b = look_up(&buffer, &a, &b, secs).unwrap();
        let b_from_a = look_up(&buffer, &b, &a, secs).unwrap();
        let a_from_c = look_up(&buffer, &a, &c, secs).unwrap();
        let b_from_c = look_up(&buffer, &b, &c, secs).unwrap();
        prop_assert!(is_near(&(a_from_b * b_from_a), &Isometry3::identity()));
        prop_assert!(is_near(&(a_from_b * b_from_c), &a_from_c));
    }
}
