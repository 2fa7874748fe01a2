//! Assembling: what goes with a picture at its stamp.
//!
//! In -> out: a decoded frame with its moment, the sensors and the transform tree -> an [`Observation`].
//! Deliberately absent: choosing the frame (`cameras`, `gate`). What is not known is `None`, never a default.

use crate::context;
use crate::freshness::Moment;
use crate::params::{FusionParams, nanos};
use crate::sensors::{Neighbours, Sample, Sensors};
use crate::transform_buffer::interpolate;
use crate::{TransformBuffer, cameras::base_topic};
use vedette_types::{CameraIntrinsics, FrameId, ImageFrame, Isometry3, Odometry, Reading, RobotPose, Stamp, StreamId};

/// What the rest of the robot says about a camera frame.
pub(crate) struct Surroundings {
    pub(crate) intrinsics: Option<CameraIntrinsics>,
    pub(crate) base_from_camera: Option<Isometry3>,
    pub(crate) robot_pose: Option<RobotPose>,
    pub(crate) context: context::Context,
}

/// Everything that an observation takes from outside the picture.
pub(crate) struct Scene<'a> {
    pub(crate) params: &'a FusionParams,
    pub(crate) sensors: &'a Sensors,
    pub(crate) transforms: &'a TransformBuffer,
    /// The image stamp.
    pub(crate) moment: Moment,
}

impl Scene<'_> {
    pub(crate) fn surroundings(&self, camera: &StreamId, image: &ImageFrame, samples: &[Sample<'_>]) -> Surroundings {
        let bases = self.candidates(&self.params.base_frames, &image.frame);
        let fixed = self.candidates(&self.params.fixed_frames, &image.frame);
        let base_from = |frame: &FrameId| bases.iter().find_map(|base| self.transforms.look_up(base, frame, &self.moment).ok());
        Surroundings {
            intrinsics: self.intrinsics(camera, &image.frame),
            base_from_camera: base_from(&image.frame),
            robot_pose: self.pose_by_transforms(&fixed, &bases).or_else(|| self.pose_by_odometry(&bases)),
            context: context::build(self.params, samples, base_from),
        }
    }

    /// The calibration published beside the picture (same parent topic), else one for the same optical frame.
    fn intrinsics(&self, camera: &StreamId, frame: &FrameId) -> Option<CameraIntrinsics> {
        let parent = |topic: &str| topic.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let wanted = parent(base_topic(camera.as_str()));
        let beside = self.sensors.intrinsics().find(|(id, _)| parent(id.as_str()) == wanted);
        beside.or_else(|| self.sensors.intrinsics().find(|(_, found)| found.frame == *frame)).map(|(_, found)| found.clone())
    }

    /// `names` that are in the tree, under the prefix of the camera's frame first: `robot1/base_link` for a camera `robot1/camera`.
    fn candidates(&self, names: &[String], camera: &FrameId) -> Vec<FrameId> {
        let prefix = camera.as_str().rsplit_once('/').map(|(prefix, _)| prefix);
        let with_prefix = |name: &String| prefix.map(|prefix| FrameId::new(&format!("{prefix}/{name}")));
        let all = names.iter().flat_map(|name| with_prefix(name).into_iter().chain([FrameId::new(name)]));
        all.filter(|frame| self.transforms.knows(frame)).collect()
    }

    fn pose_by_transforms(&self, fixed: &[FrameId], bases: &[FrameId]) -> Option<RobotPose> {
        fixed.iter().find_map(|frame| {
            let pose = bases.iter().find_map(|base| self.transforms.look_up(frame, base, &self.moment).ok())?;
            Some(RobotPose { frame: frame.clone(), frame_from_base: pose })
        })
    }

    fn pose_by_odometry(&self, bases: &[FrameId]) -> Option<RobotPose> {
        let max_interval_nanos = nanos(self.params.max_interval_secs);
        self.sensors.around("odom", &self.moment).find_map(|found| {
            let (odometry, frame_from_child) = odometry_at(&found, max_interval_nanos)?;
            // Where nothing connects the moving frame of the odometry with the base, it is the base by another name.
            let child_from_base = bases.iter().find_map(|base| self.transforms.look_up(&odometry.child, base, &self.moment).ok());
            let frame_from_base = child_from_base.map_or(frame_from_child, |child_from_base| frame_from_child * child_from_base);
            Some(RobotPose { frame: odometry.frame.clone(), frame_from_base })
        })
    }
}

/// Interpolated where the stamp lies between two readings, else the nearest one.
fn odometry_at<'a>(found: &Neighbours<'a>, max_interval_nanos: i64) -> Option<(&'a Odometry, Isometry3)> {
    let near = |reading: Option<&'a Reading>| match reading {
        Some(Reading::Odometry(odometry)) if distance(odometry.stamp, found.stamp) <= max_interval_nanos.unsigned_abs() => Some(odometry),
        _ => None,
    };
    match (near(found.before), near(found.after)) {
        (Some(before), Some(after)) if before.frame == after.frame && before.child == after.child => {
            let span = after.stamp.nanos_since(before.stamp).max(1) as f64;
            let fraction = found.stamp.nanos_since(before.stamp) as f64 / span;
            Some((before, interpolate(&before.frame_from_child, &after.frame_from_child, fraction)))
        }
        (before, after) => before.or(after).map(|odometry| (odometry, odometry.frame_from_child)),
    }
}

const fn distance(a: Stamp, b: Stamp) -> u64 {
    a.nanos_since(b).unsigned_abs()
}
