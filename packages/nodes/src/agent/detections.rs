//! The hazards of an assessment for standard consumers. In -> out: an assessment and the picture it is of -> a `Detection2DArray` in pixels of
//! that picture. The model gives a bearing and no outline: a box is the sector of a fifth of the picture that it named, in full height, or the
//! whole picture where it named none.

use super::stage::Shown;
use vedette_messages::to_ros;
use vedette_messages::vision_msgs::{
    BoundingBox2D, Detection2D, Detection2DArray, ObjectHypothesis, ObjectHypothesisWithPose, Point2D, Pose2D,
};
use vedette_types::{Assessment, Hazard, Verdict};
use vedette_visualization::sector_px;

/// One detection a hazard; `None` for a picture that could not be judged, since an empty array would say that nothing is there.
pub(super) fn detections(assessment: &Assessment, shown: &Shown) -> Option<Detection2DArray> {
    if assessment.verdict == Verdict::Unknown {
        return None;
    }
    let detections = assessment.hazards.iter().map(|hazard| detection(hazard, shown)).collect();
    Some(Detection2DArray { header: to_ros::header(shown.stamp, &shown.frame), detections })
}

fn detection(hazard: &Hazard, shown: &Shown) -> Detection2D {
    let (left, right) = sector_px(shown.pixels.width(), shown.horizontal_fov_rad, hazard.bearing_rad);
    let (left, right, height) = (f64::from(left), f64::from(right), f64::from(shown.pixels.height()));
    let position = Point2D { x: f64::midpoint(left, right), y: height / 2.0 };
    let hypothesis = ObjectHypothesis { class_id: hazard.kind.as_str().to_owned(), score: hazard.confidence.get() };
    Detection2D {
        header: to_ros::header(shown.stamp, &shown.frame),
        results: vec![ObjectHypothesisWithPose { hypothesis, ..ObjectHypothesisWithPose::default() }],
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
    fn what_is_unknown_is_no_empty_array_and_what_is_clear_is_one() {
        assert_eq!(detections(&assessment(Verdict::Unknown, &[]), &shown()), None);
        assert!(detections(&assessment(Verdict::Clear, &[]), &shown()).is_some_and(|array| array.detections.is_empty()));
    }
}
