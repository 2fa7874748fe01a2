//! Sensor readings as rows. In -> out: a reading -> numbers, points and transforms under `sensors/<topic>` and `transforms/<child frame>`.
//!
//! Each stream is drawn at most so many times a second of event time. Deliberately absent: pictures (only assessed ones are kept, see
//! `writer`) and calibrations.

use crate::RrdError;
use crate::pace::Pace;
use crate::recording::{Moment, Recording, entity};
use re_log_types::EntityPath;
use re_sdk_types::{archetypes, components, datatypes};
use std::collections::{BTreeMap, BTreeSet};
use vedette_types::{FrameId, Isometry3, PointCloud, Reading, Scan, Stamp, StampedTransform, StreamId};

/// Most rows a second of one number or transform.
const SCALAR_HZ: f64 = 10.0;

/// Most rows a second of points.
const POINTS_HZ: f64 = 5.0;

/// Most points in a row.
const MAX_POINTS: usize = 360;

/// Most static transforms.
const MAX_STATIC_FRAMES: usize = 512;

/// Draws readings.
pub(crate) struct Sensors {
    /// By stream, and by what is within it: the gas, the child frame.
    pace: Pace<(StreamId, String)>,
    framed: BTreeSet<EntityPath>,
    /// Static transforms as they were last drawn, by child frame.
    statics: BTreeMap<FrameId, (FrameId, Isometry3)>,
}

impl Sensors {
    pub(crate) fn new() -> Self {
        Self { pace: Pace::new(), framed: BTreeSet::new(), statics: BTreeMap::new() }
    }

    pub(crate) fn draw(&mut self, to: &mut Recording, arrived: Stamp, stream: &StreamId, reading: &Reading) -> Result<(), RrdError> {
        let moment = Moment { event: arrived, image: reading.stamp().unwrap_or(arrived) };
        let within = if let Reading::Gas(gas) = reading { gas.gas.clone() } else { String::new() };
        let rate_hz = match reading {
            Reading::Image(_) | Reading::CameraInfo(_) => return Ok(()),
            Reading::Transforms(transforms) => {
                return transforms.edges.iter().try_for_each(|edge| {
                    if transforms.is_static {
                        return self.static_transform(to, edge);
                    }
                    let key = (stream.clone(), edge.child.as_str().to_owned());
                    let is_due = self.pace.is_due(key, arrived, SCALAR_HZ);
                    if is_due { transform(to, moment, &edge.parent, &edge.child, &edge.parent_from_child) } else { Ok(()) }
                });
            }
            Reading::Scan(_) | Reading::PointCloud(_) => POINTS_HZ,
            _ => SCALAR_HZ,
        };
        if !self.pace.is_due((stream.clone(), within), arrived, rate_hz) {
            return Ok(());
        }
        let mut number = |leaf: &str, value: f64| to.scalar(&entity("sensors", stream.as_str(), leaf), moment, value);
        match reading {
            Reading::Temperature(r) => number("celsius", r.celsius),
            Reading::Range(r) => number("range_m", r.range_m.into()),
            Reading::Gas(r) => number(&format!("ppm/{}", r.gas), r.ppm),
            Reading::Battery(r) => {
                number("volts", r.volts.unwrap_or(f64::NAN))?;
                number("charge", r.charge.unwrap_or(f64::NAN))
            }
            Reading::Imu(r) => {
                for (index, axis) in ["x", "y", "z"].into_iter().enumerate() {
                    let at = |vector: &[f64; 3]| vector.get(index).copied().unwrap_or(f64::NAN);
                    number(&format!("angular_velocity_radps/{axis}"), at(&r.angular_velocity_radps))?;
                    number(&format!("linear_acceleration_mps2/{axis}"), at(&r.linear_acceleration_mps2))?;
                }
                Ok(())
            }
            Reading::Odometry(r) => {
                number("speed_mps", r.speed_mps)?;
                number("yaw_rate_radps", r.yaw_rate_radps)?;
                transform(to, moment, &r.frame, &r.child, &r.frame_from_child)
            }
            Reading::Scan(r) => self.points(to, moment, stream, &r.frame, scan_points_m(r)),
            Reading::PointCloud(r) => self.points(to, moment, stream, &r.frame, cloud_points_m(r)),
            Reading::Image(_) | Reading::CameraInfo(_) | Reading::Transforms(_) => Ok(()),
        }
    }

    /// Holds for the whole recording, and so stands at the beginning of every file of a live one.
    fn static_transform(&mut self, to: &mut Recording, edge: &StampedTransform) -> Result<(), RrdError> {
        let new = (edge.parent.clone(), edge.parent_from_child);
        if self.statics.get(&edge.child) == Some(&new) || self.statics.len() >= MAX_STATIC_FRAMES {
            return Ok(());
        }
        self.statics.insert(edge.child.clone(), new);
        match transform_value(&edge.parent, &edge.child, &edge.parent_from_child) {
            Some(value) => to.fixed(entity("transforms", edge.child.as_str(), ""), &value),
            None => Ok(()),
        }
    }

    fn points(
        &mut self,
        to: &mut Recording,
        moment: Moment,
        stream: &StreamId,
        frame: &FrameId,
        points_m: Vec<[f32; 3]>,
    ) -> Result<(), RrdError> {
        let entity = entity("sensors", stream.as_str(), "points");
        if let Some(frame) = viewer_frame(frame)
            && self.framed.insert(entity.clone())
        {
            to.may_stand_in(&frame);
            to.fixed(entity.clone(), &archetypes::CoordinateFrame::new(frame))?;
        }
        to.row(&entity, moment, &archetypes::Points3D::new(points_m).with_radii([0.02]))
    }
}

/// A frame by the name that the viewer knows it by; `None` for an empty one and for names that are the viewer's own.
pub(crate) fn viewer_frame(frame: &FrameId) -> Option<components::TransformFrameId> {
    let name = frame.as_str();
    (!name.is_empty() && !name.starts_with("tf#")).then(|| components::TransformFrameId::from(name))
}

/// Draws one edge of the transform tree. One entity per child frame: a frame has one parent.
fn transform(to: &mut Recording, moment: Moment, parent: &FrameId, child: &FrameId, parent_from_child: &Isometry3) -> Result<(), RrdError> {
    match transform_value(parent, child, parent_from_child) {
        Some(value) => to.row(&entity("transforms", child.as_str(), ""), moment, &value),
        None => Ok(()),
    }
}

/// `None` for what the viewer has no form for.
fn transform_value(parent: &FrameId, child: &FrameId, parent_from_child: &Isometry3) -> Option<archetypes::Transform3D> {
    let (parent_frame, child_frame) = (viewer_frame(parent)?, viewer_frame(child)?);
    let translation: [f64; 3] = parent_from_child.translation.vector.into();
    let rotation: [f64; 4] = parent_from_child.rotation.coords.into();
    if parent == child || !translation.iter().chain(&rotation).all(|number| number.is_finite()) {
        return None;
    }
    let value = archetypes::Transform3D::from_translation(translation.map(|metres| metres as f32));
    let rotation = datatypes::Quaternion::from_xyzw(rotation.map(|number| number as f32));
    Some(value.with_quaternion(rotation).with_parent_frame(parent_frame).with_child_frame(child_frame))
}

/// Points of at most [`MAX_POINTS`] rays that hit something, evenly taken.
fn scan_points_m(scan: &Scan) -> Vec<[f32; 3]> {
    let rays = scan.ranges_m.iter().enumerate().step_by(stride(scan.ranges_m.len()));
    let hits = rays.filter(|(_, range_m)| (scan.range_min_m..=scan.range_max_m).contains(*range_m));
    let point = |(ray, range_m): (usize, &f32)| {
        let angle_rad = (scan.angle_min_rad + ray as f64 * scan.angle_increment_rad) as f32;
        [range_m * angle_rad.cos(), range_m * angle_rad.sin(), 0.0]
    };
    hits.map(point).filter(is_finite).collect()
}

fn cloud_points_m(cloud: &PointCloud) -> Vec<[f32; 3]> {
    cloud.points_m.iter().step_by(stride(cloud.points_m.len())).copied().filter(is_finite).collect()
}

fn is_finite(point: &[f32; 3]) -> bool {
    point.iter().all(|metres| metres.is_finite())
}

/// Every how many points are taken so that at most [`MAX_POINTS`] are.
fn stride(count: usize) -> usize {
    count.div_ceil(MAX_POINTS).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_few_finite_and_where_the_rays_hit() {
        let mut scan = Scan {
            stamp: Stamp::default(),
            frame: FrameId::new("laser"),
            angle_min_rad: 0.0,
            angle_increment_rad: std::f64::consts::FRAC_PI_2,
            range_min_m: 0.1,
            range_max_m: 10.0,
            ranges_m: vec![1.0, 2.0, f32::INFINITY, f32::NAN, f32::NEG_INFINITY, 11.0],
        };
        let points = scan_points_m(&scan);
        assert_eq!(points.len(), 2);
        assert!((points[0][0] - 1.0).abs() < 1e-6 && (points[1][1] - 2.0).abs() < 1e-6, "{points:?}");
        for rays in [0, 1, 359, 360, 361, 100_000] {
            scan.ranges_m = vec![1.0; rays];
            let count = scan_points_m(&scan).len();
            assert!(count <= MAX_POINTS && (rays == 0) == (count == 0) && count * 2 >= rays.min(MAX_POINTS), "{rays} rays, {count} points");
        }
    }
}
