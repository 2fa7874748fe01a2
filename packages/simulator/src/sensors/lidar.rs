//! The lidar. In -> out: floor plan, bodies and pose -> one scan of 360 rays, a snapshot without motion distortion. Flames, smoke, puddles
//! and mats do not reflect; +Inf is no return, -Inf too close (REP 117).

use super::{Payload, SensorMessage, frames};
use crate::{
    floor::Floor,
    footprint::Footprint,
    random::Random,
    robot::{FloorPose, wrapped},
};
use std::f64::consts::{PI, TAU};
use vedette_messages::{sensor_msgs::LaserScan, to_ros};
use vedette_types::{FrameId, Stamp};

const RAYS: usize = 360;
const RANGE_MIN_M: f64 = 0.12;
const RANGE_MAX_M: f64 = 12.0;
/// Deviation of a distance, metres.
const NOISE_M: f64 = 0.008;

pub(super) fn scan<'a>(
    stamp: Stamp,
    floor: &Floor,
    bodies: impl Iterator<Item = &'a Footprint>,
    pose: &FloorPose,
    noise: &mut Random,
) -> SensorMessage {
    let [x, y, _] = frames::LASER_AT_M;
    let from_m = pose.apply([x, y]);
    let direction = |ray: usize| {
        let (s, c) = (pose.yaw_rad - PI + TAU * ray as f64 / RAYS as f64).sin_cos();
        [c, s]
    };
    let mut distances_m: Vec<f64> =
        (0..RAYS).map(|ray| floor.cast_m(from_m, direction(ray), RANGE_MAX_M).unwrap_or(f64::INFINITY)).collect();
    for body in bodies {
        for ray in rays_towards(body, from_m, pose.yaw_rad) {
            if let (Some(hit_m), Some(distance_m)) = (body.cast_m(from_m, direction(ray)), distances_m.get_mut(ray)) {
                *distance_m = distance_m.min(hit_m);
            }
        }
    }
    let scan = LaserScan {
        header: to_ros::header(stamp, &FrameId::new(frames::LASER)),
        angle_min: -PI as f32,
        angle_max: (PI - TAU / RAYS as f64) as f32,
        angle_increment: (TAU / RAYS as f64) as f32,
        time_increment: 0.0,
        scan_time: 0.1,
        range_min: RANGE_MIN_M as f32,
        range_max: RANGE_MAX_M as f32,
        ranges: distances_m.into_iter().map(|distance_m| measured(distance_m, noise)).collect(),
        intensities: Vec::new(),
    };
    SensorMessage::new(stamp, Payload::Scan(scan))
}

fn measured(distance_m: f64, noise: &mut Random) -> f32 {
    // One draw for each ray, whatever it meets, so that a new body changes its own rays only.
    let distance_m = distance_m + NOISE_M * noise.normal();
    if distance_m > RANGE_MAX_M {
        f32::INFINITY
    } else if distance_m < RANGE_MIN_M {
        f32::NEG_INFINITY
    } else {
        distance_m as f32
    }
}

/// The rays that can meet the circle around a body; all of them from within it.
fn rays_towards(body: &Footprint, [x, y]: [f64; 2], yaw_rad: f64) -> impl Iterator<Item = usize> {
    let [dx, dy] = [body.middle_m()[0] - x, body.middle_m()[1] - y];
    let (gap_m, radius_m) = (dx.hypot(dy), body.radius_m());
    let half_rad = if gap_m > radius_m { (radius_m / gap_m).asin() } else { PI };
    let per_rad = RAYS as f64 / TAU;
    let middle = (wrapped(dy.atan2(dx) - yaw_rad) + PI) * per_rad;
    let half = (half_rad * per_rad).ceil().min(RAYS as f64 / 2.0);
    let is_near = gap_m - radius_m < RANGE_MAX_M;
    let first = (middle - half).floor() as i64;
    let count = if is_near { (2.0 * half) as i64 + 2 } else { 0 };
    (first..first + count).map(|ray| ray.rem_euclid(RAYS as i64) as usize)
}
