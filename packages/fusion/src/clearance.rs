//! Free distance ahead, left and right of the robot.
//!
//! In -> out: scans and point clouds with the pose of their sensor -> the nearest obstacle in each of three sectors, by REP 103 directions.
//! Deliberately absent: maps, memory, motion. What no ray looked at is unmeasured, never clear.
//!
//! REP 117: +Inf is a ray without return, clear as far as the sensor can see; -Inf is an obstacle nearer than the sensor can measure, and
//! counts as at `range_min`; NaN, and anything outside `range_min..=range_max` (`sensor_msgs/LaserScan`: to be discarded), is no measurement.

use crate::params::FusionParams;
use nalgebra::Point3;
use std::f64::consts::PI;
use vedette_types::{Isometry3, PointCloud, Scan};

/// Bins of 10 degrees from right (-90) to left (+90): coverage then does not depend on how dense the rays are.
const BINS: usize = 18;
/// A sector counts as looked at when half of its six bins were.
const BINS_FOR_A_SECTOR: usize = 3;
/// Drivers without a known largest range say infinity.
const FARTHEST_M: f64 = 100.0;
/// Points of a cloud that are used; more are thinned out evenly.
const CLOUD_POINTS: usize = 65_536;
/// Without a pose of the sensor the floor is unknown: only points at the sensor's own height count, as in a planar scan.
const SLICE_HALF_HEIGHT_M: f64 = 0.15;

/// What one ray said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ray {
    /// Nothing.
    Unmeasured,
    /// No obstacle up to this distance, metres.
    ClearTo(f64),
    /// An obstacle at this distance, metres.
    Hit(f64),
}

/// A measured range by REP 117.
pub(crate) fn ray(range_m: f32, min_m: f32, max_m: f32) -> Ray {
    let max_m = if max_m > 0.0 { f64::from(max_m).min(FARTHEST_M) } else { 0.0 };
    let min_m = if min_m > 0.0 { f64::from(min_m).min(FARTHEST_M) } else { 0.0 };
    let range_m = f64::from(range_m);
    if range_m == f64::INFINITY {
        if max_m > 0.0 { Ray::ClearTo(max_m) } else { Ray::Unmeasured }
    } else if range_m == f64::NEG_INFINITY {
        Ray::Hit(min_m)
    } else if range_m >= min_m && range_m <= max_m && range_m > 0.0 {
        Ray::Hit(range_m)
    } else {
        Ray::Unmeasured
    }
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sector {
    /// -30 to 30 degrees.
    Ahead,
    /// 30 to 90 degrees.
    Left,
    /// -90 to -30 degrees.
    Right,
}

/// Free distance in one sector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clearance {
    /// Metres.
    pub(crate) distance_m: f64,
    /// No obstacle was seen: the free distance is at least `distance_m`.
    pub(crate) is_open: bool,
    /// Less than half of the sector was looked at.
    pub(crate) is_partial: bool,
    /// Number handed in with the sensor that decided.
    pub(crate) source: usize,
}

/// Collects rays and points of all sensors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clearances {
    bins: [Bin; BINS],
}

#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    /// (distance, source) of the nearest obstacle.
    hit: Option<(f64, usize)>,
    /// (distance, source) of the farthest clear ray.
    clear_to: Option<(f64, usize)>,
}

impl Clearances {
    /// Adds a planar scan. Without `base_from_sensor` the sensor is taken to sit in the base, looking along x.
    pub(crate) fn add_scan(&mut self, scan: &Scan, base_from_sensor: Option<&Isometry3>, source: usize) {
        let base_from_sensor = base_from_sensor.copied().unwrap_or_default();
        for (index, range_m) in scan.ranges_m.iter().enumerate() {
            let ray = ray(*range_m, scan.range_min_m, scan.range_max_m);
            let (Ray::Hit(distance_m) | Ray::ClearTo(distance_m)) = ray else { continue };
            let (sin, cos) = (scan.angle_min_rad + index as f64 * scan.angle_increment_rad).sin_cos();
            let end = base_from_sensor * Point3::new(distance_m * cos, distance_m * sin, 0.0);
            self.add(&end, matches!(ray, Ray::Hit(_)), source);
        }
    }

    /// Adds a point cloud. Points are obstacles between the floor and the robot's height; where there are none, nothing is known.
    pub(crate) fn add_cloud(&mut self, params: &FusionParams, cloud: &PointCloud, base_from_sensor: Option<&Isometry3>, source: usize) {
        let stride = cloud.points_m.len().div_ceil(CLOUD_POINTS).max(1);
        let heights = match base_from_sensor {
            Some(_) => params.clearance_min_height_m..=params.clearance_max_height_m,
            None => -SLICE_HALF_HEIGHT_M..=SLICE_HALF_HEIGHT_M,
        };
        // REP 103: an optical frame has z forward, x right, y down.
        let is_optical = cloud.frame.as_str().contains("optical");
        for point in cloud.points_m.iter().step_by(stride) {
            let [x, y, z] = point.map(f64::from);
            let point = match base_from_sensor {
                Some(base_from_sensor) => base_from_sensor * Point3::new(x, y, z),
                None if is_optical => Point3::new(z, -x, -y),
                None => Point3::new(x, y, z),
            };
            if heights.contains(&point.z) {
                self.add(&point, true, source);
            }
        }
    }

    fn add(&mut self, end: &Point3<f64>, is_hit: bool, source: usize) {
        let distance_m = end.x.hypot(end.y);
        let bearing_rad = end.y.atan2(end.x);
        let place = ((bearing_rad + PI / 2.0) / PI * BINS as f64).floor();
        if !(0.0..BINS as f64).contains(&place) {
            return;
        }
        let Some(bin) = self.bins.get_mut(place as usize) else { return };
        if is_hit {
            bin.hit = Some(bin.hit.filter(|hit| hit.0 <= distance_m).unwrap_or((distance_m, source)));
        } else {
            bin.clear_to = Some(bin.clear_to.filter(|clear| clear.0 >= distance_m).unwrap_or((distance_m, source)));
        }
    }

    /// Free distance in `sector`, `None` where too little of it was looked at to say anything.
    pub(crate) fn in_sector(&self, sector: Sector) -> Option<Clearance> {
        let bins = match sector {
            Sector::Right => 0..6,
            Sector::Ahead => 6..12,
            Sector::Left => 12..18,
        };
        let looked_at =
            || self.bins.get(bins.clone()).unwrap_or_default().iter().filter_map(|bin| bin.hit.or(bin.clear_to).map(|free| (bin, free)));
        let is_partial = looked_at().count() < BINS_FOR_A_SECTOR;
        let (bin, (distance_m, source)) = looked_at().min_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
        let is_open = bin.hit.is_none();
        // An obstacle in an unmeasured sector is news; a gap in it is not.
        (!(is_open && is_partial)).then_some(Clearance { distance_m, is_open, is_partial, source })
    }
}
