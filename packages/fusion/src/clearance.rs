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

#[cfg(test)]
mod tests {
    use super::{Clearance, Clearances, Ray, Sector, ray};
    use crate::FusionParams;
    use nalgebra::{Translation3, UnitQuaternion};
    use proptest::prelude::*;
    use std::f64::consts::PI;
    use vedette_types::{FrameId, Isometry3, PointCloud, Scan, Stamp};

    fn scan(angle_min_rad: f64, angle_increment_rad: f64, ranges_m: Vec<f32>) -> Scan {
        let frame = FrameId::new("laser");
        Scan { stamp: Stamp::default(), frame, angle_min_rad, angle_increment_rad, range_min_m: 0.1, range_max_m: 10.0, ranges_m }
    }

    /// One ray every degree from -180 to 179.
    fn all_round(range_m: impl Fn(i32) -> f32) -> Scan {
        scan(-PI, PI / 180.0, (-180..180).map(range_m).collect())
    }

    fn text(clearances: &Clearances) -> String {
        let sectors = [Sector::Ahead, Sector::Left, Sector::Right].map(|sector| match clearances.in_sector(sector) {
            None => "?".to_owned(),
            Some(Clearance { distance_m, is_open, is_partial, .. }) => {
                format!("{}{distance_m:.2}{}", if is_open { ">" } else { "" }, if is_partial { "~" } else { "" })
            }
        });
        sectors.join(" ")
    }

    fn check_scan(scan: &Scan, expected: &str) {
        let mut clearances = Clearances::default();
        clearances.add_scan(scan, None, 0);
        assert_eq!(text(&clearances), expected);
    }

    #[test]
    fn ranges_follow_rep_117() {
        let check = |range_m: f32, expected: Ray| assert_eq!(ray(range_m, 0.5, 8.0), expected, "{range_m}");
        check(2.0, Ray::Hit(2.0));
        check(8.0, Ray::Hit(8.0));
        check(f32::INFINITY, Ray::ClearTo(8.0));
        check(f32::NEG_INFINITY, Ray::Hit(0.5));
        check(f32::NAN, Ray::Unmeasured);
        check(0.0, Ray::Unmeasured);
        check(0.4, Ray::Unmeasured);
        check(8.1, Ray::Unmeasured);
        check(-1.0, Ray::Unmeasured);
        assert_eq!(ray(f32::INFINITY, 0.0, f32::INFINITY), Ray::ClearTo(100.0));
        assert_eq!(ray(f32::INFINITY, f32::NAN, f32::NAN), Ray::Unmeasured);
    }

    #[test]
    fn sectors_hold_the_nearest_obstacle() {
        check_scan(&all_round(|_| 5.0), "5.00 5.00 5.00");
        check_scan(&all_round(|degrees| if degrees == 10 { 1.8 } else { 5.0 }), "1.80 5.00 5.00");
        check_scan(&all_round(|degrees| if degrees == 45 { 0.9 } else { 5.0 }), "5.00 0.90 5.00");
        check_scan(&all_round(|degrees| if degrees == -45 { 2.1 } else { 5.0 }), "5.00 5.00 2.10");
        check_scan(&all_round(|degrees| if degrees.abs() > 95 { 0.2 } else { 5.0 }), "5.00 5.00 5.00");
    }

    #[test]
    fn what_was_not_measured_is_not_clear() {
        check_scan(&all_round(|_| f32::INFINITY), ">10.00 >10.00 >10.00");
        check_scan(&all_round(|_| f32::NAN), "? ? ?");
        check_scan(&all_round(|_| 0.0), "? ? ?");
        check_scan(&all_round(|_| f32::NEG_INFINITY), "0.10 0.10 0.10");
        check_scan(&all_round(|degrees| if degrees > 0 { f32::INFINITY } else { f32::NAN }), ">10.00 >10.00 ?");
        check_scan(&all_round(|degrees| if (0..10).contains(&degrees) { f32::INFINITY } else { f32::NAN }), "? ? ?");
        check_scan(&all_round(|degrees| if (0..10).contains(&degrees) { 3.0 } else { f32::NAN }), "3.00~ ? ?");
        check_scan(&scan(0.0, 0.0, Vec::new()), "? ? ?");
        check_scan(&scan(0.0, 0.0, vec![2.0]), "2.00~ ? ?");
        check_scan(&scan(0.0, 0.0, vec![f32::INFINITY]), "? ? ?");
    }

    #[test]
    fn the_pose_of_the_sensor_counts() {
        // A scanner at the rear, 0.3 m behind the base, that looks backwards.
        let base_from_rear = Isometry3::from_parts(Translation3::new(-0.3, 0.0, 0.0), UnitQuaternion::from_euler_angles(0.0, 0.0, PI));
        let mut clearances = Clearances::default();
        clearances.add_scan(&all_round(|degrees| if degrees == -180 { 1.3 } else { f32::INFINITY }), Some(&base_from_rear), 0);
        assert_eq!(text(&clearances), "1.00 >9.77 >9.77");
    }

    fn check_cloud(frame: &str, base_from_sensor: Option<Isometry3>, points_m: &[[f32; 3]], expected: &str) {
        let cloud = PointCloud { stamp: Stamp::default(), frame: FrameId::new(frame), points_m: points_m.to_vec() };
        let mut clearances = Clearances::default();
        clearances.add_cloud(&FusionParams::default(), &cloud, base_from_sensor.as_ref(), 0);
        assert_eq!(text(&clearances), expected);
    }

    #[test]
    fn clouds_know_obstacles_and_nothing_else() {
        let mount = Some(Isometry3::translation(0.2, 0.0, 0.5));
        check_cloud("depth", mount, &[], "? ? ?");
        check_cloud("depth", mount, &[[2.0, 0.0, 0.0]], "2.20~ ? ?");
        // Floor and ceiling are no obstacles.
        check_cloud("depth", mount, &[[2.0, 0.0, -0.5], [1.0, 0.0, 2.0], [3.0, 0.0, 0.0]], "3.20~ ? ?");
        check_cloud("lidar", None, &[[2.0, 0.0, -0.5], [3.0, 0.0, 0.0]], "3.00~ ? ?");
        check_cloud("camera_optical_frame", None, &[[0.0, 0.0, 4.0]], "4.00~ ? ?");
    }

    proptest! {
        #[test]
        fn a_clear_sector_was_looked_at(
            angle_min in -10.0f64..10.0, increment in -1.0f64..1.0,
            ranges in prop::collection::vec(prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY), 0.0f32..20.0], 0..60),
        ) {
            let scan = scan(angle_min, increment, ranges);
            let mut clearances = Clearances::default();
            clearances.add_scan(&scan, None, 0);
            for sector in [Sector::Ahead, Sector::Left, Sector::Right] {
                if let Some(found) = clearances.in_sector(sector) {
                    prop_assert!((0.0..=10.0 + 1e-9).contains(&found.distance_m));
                    let clear = scan.ranges_m.iter().filter(|range| **range == f32::INFINITY).count();
                    prop_assert!(!found.is_open || clear >= 1);
                    prop_assert!(!(found.is_open && found.is_partial));
                }
            }
        }
    }
}
