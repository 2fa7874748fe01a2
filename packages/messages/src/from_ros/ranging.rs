//! Distances. In -> out: `LaserScan`, `PointCloud2`, `Range` -> readings with a finite geometry. The distances of scan and range stay as
//! they are, with REP 117's infinities and NaN; points of a cloud that are not finite are dropped.

use super::{finite, frame, stamp};
use crate::{Rejection, sensor_msgs};
use sensor_msgs::{PointCloud2, PointField};
use vedette_types::{PointCloud, Range, Scan};

pub(super) fn scan(msg: sensor_msgs::LaserScan) -> Result<Scan, Rejection> {
    let angle_min_rad = finite("scan angle_min", f64::from(msg.angle_min))?;
    let angle_increment_rad = finite("scan angle_increment", f64::from(msg.angle_increment))?;
    if msg.ranges.is_empty() {
        return Err(Rejection::Empty { what: "the scan", width: 0, height: 1 });
    }
    if msg.ranges.len() > 1 && angle_increment_rad == 0.0 {
        return Err(Rejection::OutOfRange { what: "scan angle_increment", wanted: "other than 0", value: 0.0 });
    }
    let (range_min_m, range_max_m) = limits(["scan range_min", "scan range_max"], msg.range_min, msg.range_max)?;
    Ok(Scan {
        stamp: stamp(&msg.header),
        frame: frame(&msg.header.frame_id)?,
        angle_min_rad,
        angle_increment_rad,
        range_min_m,
        range_max_m,
        ranges_m: msg.ranges,
    })
}

pub(super) fn range(msg: &sensor_msgs::Range) -> Result<Range, Rejection> {
    let field_of_view_rad = msg.field_of_view;
    if !(field_of_view_rad.is_finite() && field_of_view_rad >= 0.0) {
        let value = f64::from(field_of_view_rad);
        return Err(Rejection::OutOfRange { what: "range field_of_view", wanted: "finite and not negative", value });
    }
    let (min_m, max_m) = limits(["range min_range", "range max_range"], msg.min_range, msg.max_range)?;
    let (stamp, frame) = (stamp(&msg.header), frame(&msg.header.frame_id)?);
    Ok(Range { stamp, frame, field_of_view_rad, min_m, max_m, range_m: msg.range })
}

/// Smallest and largest valid distance, metres: finite (the largest may be +Inf), not negative, in order.
fn limits(names: [&'static str; 2], min_m: f32, max_m: f32) -> Result<(f32, f32), Rejection> {
    let [min_name, max_name] = names;
    if !(min_m.is_finite() && min_m >= 0.0) {
        return Err(Rejection::OutOfRange { what: min_name, wanted: "finite and not negative", value: f64::from(min_m) });
    }
    if max_m.is_nan() || max_m < min_m {
        return Err(Rejection::OutOfRange { what: max_name, wanted: "at least the smallest valid distance", value: f64::from(max_m) });
    }
    Ok((min_m, max_m))
}

/// An empty cloud is a reading: filters send one when nothing is left.
pub(super) fn cloud(msg: &PointCloud2) -> Result<PointCloud, Rejection> {
    let (width, height) = (msg.width, msg.height);
    let offsets = [offset(msg, "x")?, offset(msg, "y")?, offset(msg, "z")?];
    let short = |what, wanted_bytes, got_bytes| Rejection::TooShort { what, wanted_bytes, got_bytes, width, height };
    let row_bytes = u64::from(width) * u64::from(msg.point_step);
    if u64::from(msg.row_step) < row_bytes {
        return Err(short("row_step", row_bytes, u64::from(msg.row_step)));
    }
    let wanted_bytes = u64::from(msg.row_step) * u64::from(height);
    if (msg.data.len() as u64) < wanted_bytes {
        return Err(short("data", wanted_bytes, msg.data.len() as u64));
    }
    let mut points_m = Vec::new();
    if wanted_bytes > 0 && row_bytes > 0 {
        for row in msg.data.chunks_exact(msg.row_step as usize).take(height as usize) {
            let points = row.chunks_exact(msg.point_step as usize).take(width as usize);
            points_m.extend(points.filter_map(|point| position(point, offsets, msg.is_bigendian)));
        }
    }
    Ok(PointCloud { stamp: stamp(&msg.header), frame: frame(&msg.header.frame_id)?, points_m })
}

/// Where the coordinate called `name` begins inside a point, bytes; it lies inside `point_step` as a whole.
fn offset(msg: &PointCloud2, name: &'static str) -> Result<usize, Rejection> {
    let bad = |fault| Rejection::BadPointField { field: name, fault };
    let field = msg.fields.iter().find(|field| field.name == name).ok_or_else(|| bad("it is missing"))?;
    if field.datatype != PointField::FLOAT32 {
        return Err(bad("its datatype is not FLOAT32"));
    }
    // Some drivers leave the count of a scalar at 0.
    if field.count > 1 {
        return Err(bad("its count is not 1"));
    }
    if u64::from(field.offset) + 4 > u64::from(msg.point_step) {
        return Err(bad("it ends beyond point_step"));
    }
    Ok(field.offset as usize)
}

fn position(point: &[u8], offsets: [usize; 3], is_bigendian: bool) -> Option<[f32; 3]> {
    let mut xyz_m = [0.0; 3];
    for (value, offset) in xyz_m.iter_mut().zip(offsets) {
        let bytes = *point.get(offset..)?.first_chunk::<4>()?;
        *value = if is_bigendian { f32::from_be_bytes(bytes) } else { f32::from_le_bytes(bytes) };
    }
    xyz_m.iter().all(|value| value.is_finite()).then_some(xyz_m)
}
