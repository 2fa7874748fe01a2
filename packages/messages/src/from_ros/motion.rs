//! Movement. In -> out: `Imu`, `Odometry`, `TFMessage` -> readings with finite positions and unit rotations. A quaternion is normalised,
//! because drivers round; one of length 0 is no rotation.

use super::{finite, frame, stamp};
use crate::geometry_msgs::{Point, Quaternion, Transform, Vector3};
use crate::rejection::quoted;
use crate::{Rejection, nav_msgs, sensor_msgs, tf2_msgs};
use nalgebra::{Quaternion as Rotation, Translation3, UnitQuaternion};
use vedette_types::{Imu, Isometry3, Odometry, StampedTransform, Transforms};

/// Below this a quaternion has no direction worth keeping. Drivers send either rounded unit quaternions or zeros.
const SHORTEST_QUATERNION: f64 = 1e-3;

pub(super) fn imu(msg: &sensor_msgs::Imu) -> Result<Imu, Rejection> {
    // sensor_msgs/Imu: -1 in the first element says that the sensor has no orientation. Drivers without one also leave zeros.
    let [first, ..] = msg.orientation_covariance;
    let q = &msg.orientation;
    let is_absent = first == -1.0 || [q.x, q.y, q.z, q.w] == [0.0; 4];
    let roll_pitch_yaw_rad = if is_absent {
        None
    } else {
        let (roll, pitch, yaw) = rotation("imu orientation", q)?.euler_angles();
        Some([roll, pitch, yaw])
    };
    Ok(Imu {
        stamp: stamp(&msg.header),
        frame: frame(&msg.header.frame_id)?,
        roll_pitch_yaw_rad,
        angular_velocity_radps: vector("imu angular_velocity", &msg.angular_velocity)?,
        linear_acceleration_mps2: vector("imu linear_acceleration", &msg.linear_acceleration)?,
    })
}

pub(super) fn odometry(msg: &nav_msgs::Odometry) -> Result<Odometry, Rejection> {
    let Point { x, y, z } = msg.pose.pose.position;
    let [x, y, z] = vector("odometry position", &Vector3 { x, y, z })?;
    let rotation = rotation("odometry orientation", &msg.pose.pose.orientation)?;
    let twist = &msg.twist.twist;
    Ok(Odometry {
        stamp: stamp(&msg.header),
        frame: frame(&msg.header.frame_id)?,
        child: frame(&msg.child_frame_id)?,
        frame_from_child: Isometry3::from_parts(Translation3::new(x, y, z), rotation),
        speed_mps: finite("odometry twist linear x", twist.linear.x)?,
        yaw_rate_radps: finite("odometry twist angular z", twist.angular.z)?,
    })
}

/// One bad edge refuses its whole message: it shows up in the count of rejections, where a silently missing frame would not.
pub(super) fn transforms(msg: &tf2_msgs::TFMessage, topic: &str) -> Result<Transforms, Rejection> {
    let mut edges = Vec::with_capacity(msg.transforms.len());
    for transform in &msg.transforms {
        let (parent, child) = (frame(&transform.header.frame_id)?, frame(&transform.child_frame_id)?);
        if parent.as_str().is_empty() || child.as_str().is_empty() || parent == child {
            return Err(Rejection::BadEdge { parent: quoted(parent.as_str()), child: quoted(child.as_str()) });
        }
        let Transform { translation, rotation: quaternion } = &transform.transform;
        let [x, y, z] = vector("transform translation", translation)?;
        let rotation = rotation("transform rotation", quaternion)?;
        let parent_from_child = Isometry3::from_parts(Translation3::new(x, y, z), rotation);
        edges.push(StampedTransform { stamp: stamp(&transform.header), parent, child, parent_from_child });
    }
    Ok(Transforms { is_static: topic.ends_with("tf_static"), edges })
}

fn vector(what: &'static str, v: &Vector3) -> Result<[f64; 3], Rejection> {
    Ok([finite(what, v.x)?, finite(what, v.y)?, finite(what, v.z)?])
}

fn rotation(what: &'static str, q: &Quaternion) -> Result<UnitQuaternion<f64>, Rejection> {
    let q = Rotation::new(finite(what, q.w)?, finite(what, q.x)?, finite(what, q.y)?, finite(what, q.z)?);
    // The norm of huge finite numbers overflows; `try_new` would then return zeros.
    finite(what, q.norm())?;
    UnitQuaternion::try_new(q, SHORTEST_QUATERNION).ok_or(Rejection::ZeroQuaternion { what })
}
