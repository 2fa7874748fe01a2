//! The hazards of an assessment for standard consumers. In -> out: an assessment and the picture it is of -> a `Detection2DArray` in pixels of
//! that picture, and a `Detection3DArray` in the fixed frame where hazards have a position. The model gives a bearing and no outline: a box is
//! the sector of a fifth of the picture that it named, in full height, or the whole picture where it named none; in space it is a cube as wide
//! as that sector is there.

use super::stage::Shown;
use vedette_messages::geometry_msgs::{Point, Pose, PoseWithCovariance, Vector3};
use vedette_messages::to_ros;
use vedette_messages::vision_msgs::{
    BoundingBox2D, BoundingBox3D, Detection2D, Detection2DArray, Detection3D, Detection3DArray, ObjectHypothesis, ObjectHypothesisWithPose,
    Point2D, Pose2D,
};
use vedette_types::{Assessment, FrameId, Hazard, Verdict};
use vedette_visualization::sector_px;

/// One detection a hazard; `None` for a picture that could not be judged, since an empty array would say that nothing is there.
pub(super) fn detections(assessment: &Assessment, shown: &Shown) -> Option<Detection2DArray> {
    if assessment.verdict == Verdict::Unknown {
        return None;
    }
    let detections = assessment.hazards.iter().map(|hazard| detection(hazard, shown)).collect();
    Some(Detection2DArray { header: to_ros::header(shown.stamp, &shown.frame), detections })
}

/// One detection for each hazard with a position, all in one frame. `None` where hazards were found and none has one: an empty array would say
/// that nothing is there.
pub(super) fn detections_3d(assessment: &Assessment, shown: &Shown) -> Option<Detection3DArray> {
    if assessment.verdict == Verdict::Unknown {
        return None;
    }
    let placed = || assessment.hazards.iter().filter_map(|hazard| hazard.position_m.as_ref().map(|(frame, at_m)| (hazard, frame, *at_m)));
    // Without hazards the frame is that of the picture.
    let frame = placed().next().map_or(&shown.frame, |(_, frame, _)| frame);
    let detections: Vec<_> =
        placed().filter(|(_, other, _)| *other == frame).map(|(hazard, _, at_m)| detection_3d(hazard, frame, at_m, shown)).collect();
    let is_silent = detections.is_empty() && !assessment.hazards.is_empty();
    (!is_silent).then(|| Detection3DArray { header: to_ros::header(shown.stamp, frame), detections })
}

fn detection_3d(hazard: &Hazard, frame: &FrameId, [x, y, z]: [f64; 3], shown: &Shown) -> Detection3D {
    let center = Pose { position: Point { x, y, z }, ..Pose::default() };
    // Half of the sector to each side, at that distance.
    let side_m = 2.0 * hazard.range_m.unwrap_or_default() * (shown.horizontal_fov_rad / 10.0).tan();
    let pose = PoseWithCovariance { pose: center.clone(), ..PoseWithCovariance::default() };
    Detection3D {
        header: to_ros::header(shown.stamp, frame),
        results: vec![ObjectHypothesisWithPose { hypothesis: hypothesis(hazard), pose }],
        bbox: BoundingBox3D { center, size: Vector3 { x: side_m, y: side_m, z: side_m } },
        id: String::new(),
    }
}

fn hypothesis(hazard: &Hazard) -> ObjectHypothesis {
    ObjectHypothesis { class_id: hazard.kind.as_str().to_owned(), score: hazard.confidence.get() }
}

fn detection(hazard: &Hazard, shown: &Shown) -> Detection2D {
    let (left, right) = sector_px(shown.pixels.width(), shown.horizontal_fov_rad, hazard.bearing_rad);
    let (left, right, height) = (f64::from(left), f64::from(right), f64::from(shown.pixels.height()));
    let position = Point2D { x: f64::midpoint(left, right), y: height / 2.0 };
    Detection2D {
        header: to_ros::header(shown.stamp, &shown.frame),
        results: vec![ObjectHypothesisWithPose { hypothesis: hypothesis(hazard), ..ObjectHypothesisWithPose::default() }],
        bbox: BoundingBox2D { center: Pose2D { position, theta: 0.0 }, size_x: right - left, size_y: height },
        id: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::{BearingSector, FrameId, KindId, Probability, RgbPixels, Severity, Sha256, Stamp, StreamId};

    const STAMP: Stamp = Stamp::from_ros(1_700_000_000, 5);

    fn shown() -> Shown {
        let pixels = RgbPixels::new(640, 480, vec![0; 640 * 480 * 3]).expect("a picture");
        Shown::new(StreamId::new("/camera/image_raw"), STAMP, FrameId::new("camera_optical"), pixels, 1.2)
    }

    fn assessment(verdict: Verdict, bearings_rad: &[Option<f64>]) -> Assessment {
        let hazard = |bearing_rad: &Option<f64>| Hazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            confidence: Probability::saturating(0.75),
            bearing_rad: *bearing_rad,
            range_m: Some(3.5),
            position_m: None,
            valid_until: STAMP,
        };
        Assessment {
            image_stamp: STAMP,
            camera: StreamId::new("/camera/image_raw"),
            arrived: STAMP,
            verdict,
            confidence: Probability::saturating(0.75),
            hazards: bearings_rad.iter().map(hazard).collect(),
            answer: None,
            fault: None,
            model_sha256: Sha256::default(),
            valid_until: STAMP,
        }
    }

    #[test]
    fn each_hazard_has_a_box_in_the_picture() {
        let sectors = [BearingSector::FarLeft, BearingSector::Ahead, BearingSector::FarRight].map(|sector| Some(sector.bearing_rad(1.2)));
        let bearings = [sectors[0], sectors[1], sectors[2], None];
        let array = detections(&assessment(Verdict::Hazard, &bearings), &shown()).expect("judged");
        assert_eq!((array.header.frame_id.as_str(), array.header.stamp.nanosec), ("camera_optical", 5));
        let boxes = array.detections.iter().map(|detection| {
            let best = &detection.results[0].hypothesis;
            assert_eq!((best.class_id.as_str(), best.score, detection.bbox.size_y), ("fire", 0.75, 480.0));
            let (middle, half) = (detection.bbox.center.position.x, detection.bbox.size_x / 2.0);
            ((middle - half).round(), (middle + half).round())
        });
        assert_eq!(boxes.collect::<Vec<_>>(), [(0.0, 128.0), (256.0, 384.0), (512.0, 640.0), (0.0, 640.0)]);
    }

    #[test]
    fn a_hazard_with_a_position_is_detected_where_it_is() {
        let mut found = assessment(Verdict::Hazard, &[Some(0.0), Some(0.3)]);
        assert_eq!(detections_3d(&found, &shown()), None, "found, and nobody knows where");
        found.hazards[1].position_m = Some((FrameId::new("odom"), [1.0, 2.0, 0.5]));
        let array = detections_3d(&found, &shown()).expect("placed");
        assert_eq!((array.header.frame_id.as_str(), array.header.stamp.nanosec, array.detections.len()), ("odom", 5, 1));
        let Detection3D { bbox, results, .. } = &array.detections[0];
        let Point { x, y, z } = bbox.center.position;
        assert_eq!(([x, y, z], results[0].hypothesis.score), ([1.0, 2.0, 0.5], 0.75));
        assert_eq!((results[0].pose.pose.position.x, bbox.center.orientation.w), (1.0, 1.0));
        assert!((bbox.size.x - 7.0 * 0.12_f64.tan()).abs() < 1e-9, "{}", bbox.size.x);
        let clear = detections_3d(&assessment(Verdict::Clear, &[]), &shown());
        assert!(clear.is_some_and(|array| array.detections.is_empty() && array.header.frame_id == "camera_optical"));
        assert_eq!(detections_3d(&assessment(Verdict::Unknown, &[]), &shown()), None);
    }

    #[test]
    fn what_is_unknown_is_no_empty_array_and_what_is_clear_is_one() {
        assert_eq!(detections(&assessment(Verdict::Unknown, &[]), &shown()), None);
        assert!(detections(&assessment(Verdict::Clear, &[]), &shown()).is_some_and(|array| array.detections.is_empty()));
    }
}
