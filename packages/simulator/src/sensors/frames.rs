//! Coordinate frames (REP 105, REP 103). In -> out: where things are mounted, where odometry and localisation believe the robot to be ->
//! `/tf_static` and `/tf`. The mounting is that of a TurtleBot-sized robot.

use super::{Payload, SensorMessage, motion::Motion};
use crate::robot::FloorPose;
use vedette_messages::{
    geometry_msgs::{Quaternion, Transform, TransformStamped, Vector3},
    tf2_msgs::TFMessage,
    to_ros,
};
use vedette_types::{FrameId, Stamp};

pub(super) const MAP: &str = "map";
pub(super) const ODOM: &str = "odom";
pub(super) const BASE: &str = "base_link";
pub(super) const LASER: &str = "laser_link";
pub(super) const IMU: &str = "imu_link";
pub(super) const CAMERA: &str = "camera_link";
pub(super) const CAMERA_OPTICAL: &str = "camera_optical";
pub(super) const NOSE: &str = "gas_link";

/// Where sensors sit in the base frame, metres.
pub(super) const LASER_AT_M: [f64; 3] = [0.05, 0.0, 0.2];
pub(super) const CAMERA_AT_M: [f64; 3] = [0.12, 0.0, 0.4];
const IMU_AT_M: [f64; 3] = [0.0, 0.0, 0.1];
const NOSE_AT_M: [f64; 3] = [0.0, 0.0, 0.3];

const UPRIGHT: Quaternion = Quaternion { x: 0.0, y: 0.0, z: 0.0, w: 1.0 };
/// REP 103: from x forward, y left, z up to z forward, x right, y down.
const OPTICAL: Quaternion = Quaternion { x: -0.5, y: 0.5, z: -0.5, w: 0.5 };

/// `/tf_static`.
pub(super) fn fixed(stamp: Stamp) -> SensorMessage {
    let edges = [
        (BASE, LASER, LASER_AT_M, UPRIGHT),
        (BASE, IMU, IMU_AT_M, UPRIGHT),
        (BASE, NOSE, NOSE_AT_M, UPRIGHT),
        (BASE, CAMERA, CAMERA_AT_M, UPRIGHT),
        (CAMERA, CAMERA_OPTICAL, [0.0; 3], OPTICAL),
    ];
    let transforms = edges.map(|(parent, child, at_m, rotation)| edge(stamp, parent, child, at_m, rotation)).to_vec();
    SensorMessage::new(stamp, Payload::FixedTransforms(TFMessage { transforms }))
}

/// `/tf`: map -> odom from localisation, odom -> base_link from the wheels.
pub(super) fn moving(stamp: Stamp, motion: &Motion) -> SensorMessage {
    let planar = |parent, child, pose: &FloorPose| edge(stamp, parent, child, [pose.x_m, pose.y_m, 0.0], yaw(pose.yaw_rad));
    let transforms = vec![planar(MAP, ODOM, motion.map_from_odom()), planar(ODOM, BASE, motion.odom_from_base())];
    SensorMessage::new(stamp, Payload::Transforms(TFMessage { transforms }))
}

/// A turn about z.
pub(super) fn yaw(yaw_rad: f64) -> Quaternion {
    let (z, w) = (0.5 * yaw_rad).sin_cos();
    Quaternion { x: 0.0, y: 0.0, z, w }
}

fn edge(stamp: Stamp, parent: &str, child: &str, [x, y, z]: [f64; 3], rotation: Quaternion) -> TransformStamped {
    TransformStamped {
        header: to_ros::header(stamp, &FrameId::new(parent)),
        child_frame_id: child.to_owned(),
        transform: Transform { translation: Vector3 { x, y, z }, rotation },
    }
}
