//! What the sensors say, against what is really there.

use crate::{messages, quiet, world, write_map};
use std::{collections::BTreeMap, f64::consts::TAU};
use vedette_messages::{from_ros, geometry_msgs::Quaternion};
use vedette_simulator::{Emission, FloorPose, Map, Payload, SensorMessage, World, compressed_image};
use vedette_types::{Isometry3, Reading};

#[test]
fn everything_passes_the_border_at_its_rate() {
    let said = messages(&mut world("warehouse", 2, 1.0), 20.0);
    let mut counts = BTreeMap::new();
    for message in &said {
        let bytes = message.to_cdr().expect("bytes");
        let reading =
            from_ros::reading(message.type_name(), message.topic, &bytes).unwrap_or_else(|error| panic!("{}: {error}", message.topic));
        if let Some(stamp) = reading.stamp() {
            assert_eq!(stamp, message.stamp);
        }
        *counts.entry(message.topic).or_insert(0) += 1;
    }
    let expected = [
        ("/battery_state", 5),
        ("/camera/camera_info", 201),
        ("/gas", 41),
        ("/imu/data", 1001),
        ("/odom", 1001),
        ("/scan", 201),
        ("/temperature", 21),
        ("/tf", 1001),
        ("/tf_static", 1),
    ];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(said[0].stamp.nanos(), 1_700_000_000_000_000_000);
    assert!(said.is_sorted_by_key(|message| message.stamp));
}

#[test]
fn a_picture_becomes_a_message_of_its_stamp() {
    let mut world = world("home", 2, 1.0);
    let mut emissions = Vec::new();
    world.step(&mut emissions);
    let shot = emissions.iter().find_map(|emission| if let Emission::Shot(shot) = emission { Some(shot) } else { None }).expect("a shot");
    assert_eq!((shot.camera.width, shot.camera.height, shot.camera.position_m[2]), (640, 480, 0.4));
    assert!((shot.camera.horizontal_fov_rad.to_degrees() - 70.0).abs() < 1e-9);
    let message = compressed_image(shot.stamp, vec![0xff, 0xd8, 0xff, 0xd9]);
    let reading = from_ros::reading(message.type_name(), message.topic, &message.to_cdr().expect("bytes")).expect("a picture");
    let Reading::Image(frame) = reading else { panic!("no picture") };
    assert_eq!((frame.stamp, frame.frame.as_str()), (shot.stamp, "camera_optical"));
    let info = emissions.iter().find_map(|emission| match emission {
        Emission::Message(SensorMessage { payload: Payload::CameraInfo(info), stamp, .. }) => Some((info, *stamp)),
        _ => None,
    });
    let (info, stamp) = info.expect("calibration");
    assert_eq!((stamp, info.header.frame_id.as_str()), (shot.stamp, "camera_optical"));
    // The ray through the right edge of the picture stands at half of the field of view.
    assert!((((639.5 - info.k[2]) / info.k[0]).atan() - shot.camera.horizontal_fov_rad / 2.0).abs() < 1e-9);
}

#[test]
fn the_lidar_sees_the_walls_of_a_rectangle() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = format!("#{}#", ".".repeat(58));
    let full = "#".repeat(60);
    let mut rows = vec![full.as_str()];
    rows.extend(std::iter::repeat_n(empty.as_str(), 38));
    rows.push(&full);
    let map = Map::load(&write_map(folder.path(), &rows, "[[0, -1], [4, -1], [4, 1], [0, 1]]")).expect("a map");
    let mut world = World::new(quiet(&map));
    let mut emissions = Vec::new();
    let (mut rays, mut worst, mut sum) = (0, 0.0_f64, 0.0);
    for _ in 0..2_000 {
        world.step(&mut emissions);
        let pose = world.true_pose();
        for emission in emissions.drain(..) {
            let Emission::Message(SensorMessage { payload: Payload::Scan(scan), .. }) = emission else { continue };
            assert_eq!(scan.ranges.len(), 360);
            let (s, c) = pose.yaw_rad.sin_cos();
            let (x, y) = (pose.x_m + 0.05 * c, pose.y_m + 0.05 * s);
            for (i, &range) in scan.ranges.iter().enumerate() {
                let (dy, dx) = (pose.yaw_rad + f64::from(scan.angle_min) + TAU * i as f64 / 360.0).sin_cos();
                // Walls: x from -0.9 to 4.9, y from -1.9 to 1.9.
                let across = if dx > 0.0 { (4.9 - x) / dx } else { (-0.9 - x) / dx };
                let along = if dy > 0.0 { (1.9 - y) / dy } else { (-1.9 - y) / dy };
                let error = f64::from(range) - across.min(along);
                (rays, worst, sum) = (rays + 1, worst.max(error.abs()), sum + error);
            }
        }
    }
    assert!(rays == 360 * 100 && worst < 0.05 && (sum / f64::from(rays)).abs() < 1e-3, "{rays} rays, {worst} m, {sum}");
}

#[test]
fn the_lidar_sees_what_stands_in_the_way() {
    let mut world = world("warehouse", 0, 1.0);
    let mut nearest = f32::INFINITY;
    while !world.is_waiting() {
        messages(&mut world, 0.1);
        assert!(!world.is_finished(), "nothing blocked the way");
    }
    for message in messages(&mut world, 2.0) {
        if let Payload::Scan(scan) = message.payload {
            nearest = scan.ranges[150..210].iter().copied().fold(nearest, f32::min);
        }
    }
    assert!((0.4..1.3).contains(&nearest), "{nearest} m ahead");
}

#[test]
fn the_transforms_are_those_of_the_odometry_and_lead_to_the_true_pose() {
    let mut world = world("office", 6, 1.0);
    let mut emissions = Vec::new();
    let mut first_map_from_odom: Option<Isometry3> = None;
    let (mut drift, mut checked) = (0.0_f64, 0);
    let mut tf = Vec::new();
    while !world.is_finished() {
        world.step(&mut emissions);
        for emission in emissions.drain(..) {
            let Emission::Message(message) = emission else { continue };
            let reading = from_ros::reading(message.type_name(), message.topic, &message.to_cdr().expect("bytes")).expect("a reading");
            match reading {
                Reading::Transforms(transforms) if !transforms.is_static => {
                    tf = transforms.edges;
                    assert!(tf.iter().all(|edge| edge.stamp == message.stamp));
                    assert_eq!(tf.iter().map(|edge| edge.child.as_str()).collect::<Vec<_>>(), ["odom", "base_link"]);
                }
                Reading::Odometry(odometry) => {
                    assert_eq!((odometry.stamp, odometry.frame_from_child), (tf[1].stamp, tf[1].parent_from_child));
                    let map_from_base = tf[0].parent_from_child * tf[1].parent_from_child;
                    let pose: FloorPose = world.true_pose();
                    let at = map_from_base.translation.vector;
                    assert!((at.x - pose.x_m).hypot(at.y - pose.y_m) < 0.1, "{at:?} {pose:?}");
                    let turn = map_from_base.rotation.euler_angles().2 - pose.yaw_rad;
                    assert!(turn.sin().abs() < 0.06, "{turn}");
                    let first = first_map_from_odom.get_or_insert(tf[0].parent_from_child);
                    drift = drift.max((tf[0].parent_from_child.translation.vector - first.translation.vector).norm());
                    checked += 1;
                }
                _ => {}
            }
        }
    }
    // The wheels drift, and localisation takes it back: that is what the transform between map and odom is for.
    assert!(checked == 3_001 && drift > 0.1, "{checked} {drift}");
}

#[test]
fn optical_axes_are_those_of_rep_103() {
    let said = messages(&mut world("home", 1, 1.0), 0.0);
    let fixed = said.iter().find(|message| message.topic == "/tf_static").expect("frames");
    let Reading::Transforms(fixed) = from_ros::reading(fixed.type_name(), fixed.topic, &fixed.to_cdr().expect("bytes")).expect("frames")
    else {
        panic!("no frames")
    };
    let edge = |child: &str| fixed.edges.iter().find(|edge| edge.child.as_str() == child).expect("an edge");
    let camera_from_optical = edge("camera_optical").parent_from_child;
    let ahead = camera_from_optical * nalgebra::Point3::new(0.0, 0.0, 1.0);
    let right = camera_from_optical * nalgebra::Point3::new(1.0, 0.0, 0.0);
    assert!((ahead - nalgebra::Point3::new(1.0, 0.0, 0.0)).norm() < 1e-9 && (right - nalgebra::Point3::new(0.0, -1.0, 0.0)).norm() < 1e-9);
    assert_eq!(edge("camera_link").parent_from_child.translation.z, 0.4);
    for sensor in ["laser_link", "imu_link", "gas_link", "camera_link"] {
        assert_eq!(edge(sensor).parent.as_str(), "base_link");
    }
}

#[test]
fn the_imu_feels_gravity_and_turns_and_rotations_are_unit() {
    let unit = |q: &Quaternion| (q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w - 1.0).abs() < 1e-9;
    let (mut count, mut up, mut turned) = (0.0, 0.0, 0.0);
    let mut world = world("warehouse", 9, 1.0);
    let start = world.true_pose().yaw_rad;
    for message in messages(&mut world, 12.0) {
        match message.payload {
            Payload::Imu(imu) => {
                assert!(unit(&imu.orientation));
                up += imu.linear_acceleration.z;
                turned += imu.angular_velocity.z * 0.02;
                count += 1.0;
            }
            Payload::Odometry(odometry) => assert!(unit(&odometry.pose.pose.orientation)),
            Payload::Transforms(tf) | Payload::FixedTransforms(tf) => {
                assert!(tf.transforms.iter().all(|edge| unit(&edge.transform.rotation)));
            }
            _ => {}
        }
    }
    assert!((up / count - 9.80665_f64).abs() < 0.01, "{}", up / count);
    let missed = turned - (world.true_pose().yaw_rad - start);
    assert!((missed - TAU * (missed / TAU).round()).abs() < 0.15, "{missed}");
}

#[test]
fn the_battery_drains() {
    let mut volts = Vec::new();
    for message in messages(&mut world("home", 1, 3.0), 170.0) {
        if let Payload::Battery(battery) = message.payload {
            assert!((0.0..=1.0).contains(&battery.percentage) && battery.current < 0.0);
            volts.push(battery.percentage);
        }
    }
    assert!(volts.len() == 35 && volts.is_sorted_by(|a, b| a > b), "{volts:?}");
}
