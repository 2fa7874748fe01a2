//! From completion to assessment: every way of not having an answer is `Unknown`, with a reason; geometry; confidence.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use vedette_params::HazardCatalogue;
use vedette_reasoning::{ChatTemplate, MEDIA_MARKER, Reasoner, ReasoningParams, VlmRequest};
use vedette_types::{
    Assessment, CameraIntrinsics, Completion, Finish, FrameId, ImageData, ImageFrame, Isometry3, Observation, Probability, RgbPixels,
    RobotPose, Sha256, Stamp, StreamId, Timings, Verdict, VerdictProbabilities,
};

const FIRE_LEFT: &str = r#"{"verdict":"hazard","hazards":[{"kind":"fire","severity":"high","bearing":"left","range":"near"}]}"#;
const CLEAR: &str = r#"{"verdict":"clear","hazards":[]}"#;

fn observation() -> Observation {
    Observation {
        stamp: Stamp::from_ros(100, 0),
        arrived: Stamp::from_ros(2000, 0),
        camera: StreamId::new("/camera/image_raw"),
        image: ImageFrame {
            stamp: Stamp::from_ros(100, 0),
            frame: FrameId::new("camera_optical"),
            data: ImageData::Jpeg(Arc::new(vec![0xff, 0xd8, 0xff, 0xd9])),
        },
        image_sha256: Sha256([7; 32]),
        pixels: RgbPixels::new(2, 1, vec![0; 6]).unwrap(),
        intrinsics: None,
        base_from_camera: None,
        robot_pose: None,
        context: Vec::new(),
        context_text: "gas co 12 ppm".to_owned(),
        health: Vec::new(),
        change: Probability::ONE,
    }
}

fn reasoner() -> Reasoner {
    Reasoner::new(ReasoningParams::default(), HazardCatalogue::bundled().unwrap(), ChatTemplate::verbatim()).unwrap()
}

fn completion(request: &VlmRequest, text: &str, finish: Finish, verdict_probabilities: Option<VerdictProbabilities>) -> Completion {
    Completion {
        image_stamp: request.image_stamp,
        camera: request.camera.clone(),
        prompt_sha256: request.prompt_sha256,
        image_sha256: request.image_sha256,
        model_sha256: Sha256([9; 32]),
        adapter: None,
        is_model_trained: true,
        text: text.to_owned(),
        tokens: 5,
        finish,
        verdict_probabilities,
        arrived: Stamp::from_ros(2000, 500_000_000),
        timings: Timings::default(),
    }
}

fn assess(observation: &Observation, text: &str, finish: Finish, probabilities: Option<[f64; 3]>) -> Assessment {
    let reasoner = reasoner();
    let (request, pending) = reasoner.request(observation, None).unwrap();
    let probabilities = probabilities.map(|[hazard, clear, unknown]| VerdictProbabilities {
        hazard: Probability::saturating(hazard),
        clear: Probability::saturating(clear),
        unknown: Probability::saturating(unknown),
    });
    reasoner.assess(&pending, &completion(&request, text, finish, probabilities))
}

#[test]
fn unknown_is_never_clear() {
    let check = |text: &str, finish: Finish, fault: &str| {
        let assessment = assess(&observation(), text, finish, Some([0.0, 1.0, 0.0]));
        assert_eq!(assessment.verdict, Verdict::Unknown, "{text} {finish}");
        assert!(assessment.fault.as_deref().unwrap_or_default().contains(fault), "{text} {finish}: {:?}", assessment.fault);
        assert_eq!(assessment.confidence, Probability::ZERO);
        assert!(assessment.hazards.is_empty());
    };
    check(CLEAR, Finish::Length, "raise reasoning.max_tokens");
    check(CLEAR, Finish::Deadline, "deadline passed");
    check("out of memory", Finish::Error, "model failed: out of memory");
    check("", Finish::Stop, "unparsable answer");
    check("the scene is clear", Finish::Stop, "unparsable answer");
    check(r#"{"verdict":"clear","hazards":[{"kind":"fire"}]}"#, Finish::Stop, "unparsable answer");
}

#[test]
fn an_untrained_model_knows_nothing() {
    let reasoner = reasoner();
    let (request, pending) = reasoner.request(&observation(), None).unwrap();
    let sure = VerdictProbabilities { hazard: Probability::ZERO, clear: Probability::ONE, unknown: Probability::ZERO };
    let completion = Completion { is_model_trained: false, ..completion(&request, CLEAR, Finish::Stop, Some(sure)) };
    let assessment = reasoner.assess(&pending, &completion);
    assert_eq!((assessment.verdict, assessment.confidence), (Verdict::Unknown, Probability::ZERO));
    assert!(assessment.fault.unwrap().contains("untrained"));

    let params = ReasoningParams { trust_untrained: true, ..ReasoningParams::default() };
    let trusting = Reasoner::new(params, HazardCatalogue::bundled().unwrap(), ChatTemplate::verbatim()).unwrap();
    assert_eq!(trusting.assess(&pending, &completion).verdict, Verdict::Clear);
}

#[test]
fn a_verdict_without_probabilities_has_no_confidence() {
    let assessment = assess(&observation(), CLEAR, Finish::Stop, None);
    assert_eq!((assessment.verdict, assessment.confidence), (Verdict::Clear, Probability::ZERO));
}

#[test]
fn confidence_is_the_probability_of_the_verdict_given() {
    let assessment = assess(&observation(), FIRE_LEFT, Finish::Stop, Some([0.7, 0.2, 0.1]));
    assert_eq!(assessment.confidence.get(), 0.7);
    assert_eq!(assessment.hazards[0].confidence.get(), 0.7);
}

#[test]
fn validity_counts_on_the_event_clock() {
    let assessment = assess(&observation(), FIRE_LEFT, Finish::Stop, Some([1.0, 0.0, 0.0]));
    assert_eq!(assessment.image_stamp, Stamp::from_ros(100, 0));
    assert!(assessment.valid_until > Stamp::from_ros(2000, 0) && assessment.valid_until < Stamp::from_ros(2600, 0));
    assert!(assessment.hazards[0].valid_until > Stamp::from_ros(2000, 0));
}

#[test]
fn bearing_follows_the_camera_and_position_the_pose() {
    let mut observation = observation();
    observation.intrinsics = Some(CameraIntrinsics {
        stamp: observation.stamp,
        frame: observation.image.frame.clone(),
        width: 200,
        height: 100,
        fx: 100.0,
        fy: 100.0,
        cx: 100.0,
        cy: 50.0,
    });
    // A camera one metre up that looks along the base's x axis (optical z forward, x right, y down).
    let optical = nalgebra::UnitQuaternion::from_euler_angles(-std::f64::consts::FRAC_PI_2, 0.0, -std::f64::consts::FRAC_PI_2);
    observation.base_from_camera = Some(Isometry3::from_parts(nalgebra::Translation3::new(0.0, 0.0, 1.0), optical));
    observation.robot_pose = Some(RobotPose { frame: FrameId::new("map"), frame_from_base: Isometry3::translation(10.0, 0.0, 0.0) });
    let assessment = assess(&observation, FIRE_LEFT, Finish::Stop, Some([1.0, 0.0, 0.0]));
    let hazard = &assessment.hazards[0];
    // fov 90 degrees: the middle of the second fifth lies at tan(bearing) = 2 / 5.
    let bearing = hazard.bearing_rad.unwrap();
    assert!((bearing.tan() - 0.4).abs() < 1e-12, "{bearing}");
    let (frame, [x, y, z]) = hazard.position_m.clone().unwrap();
    assert_eq!(frame.as_str(), "map");
    let expected = [10.0 + bearing.cos(), bearing.sin(), 1.0];
    assert!([x, y, z].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{x} {y} {z}, expected {expected:?}");
    // Without a bearing or a range it has no position, though the pose is known.
    for (word, has) in [("left", [false, true]), ("near", [true, false])] {
        let text = FIRE_LEFT.replace(word, "unknown");
        let assessment = assess(&observation, &text, Finish::Stop, Some([1.0, 0.0, 0.0]));
        let hazard = &assessment.hazards[0];
        assert_eq!([hazard.bearing_rad.is_some(), hazard.range_m.is_some()], has, "{text}");
        assert_eq!((hazard.position_m.clone(), assessment.fault.clone()), (None, None), "{text}");
    }
}

#[test]
fn a_question_brings_the_answer_into_the_schema() {
    let reasoner = reasoner();
    let observation = observation();
    let (plain, _) = reasoner.request(&observation, None).unwrap();
    let (asked, _) = reasoner.request(&observation, Some("Is the door open?")).unwrap();
    assert!(!plain.schema.contains("answer") && asked.schema.contains("\"answer\""));
    assert!(asked.prompt.ends_with("Question: Is the door open?"));
    assert_ne!(plain.prompt_sha256, asked.prompt_sha256);
    assert!(plain.prompt.find(MEDIA_MARKER).unwrap() < plain.prompt.find("Sensors: gas co 12 ppm").unwrap());
}
