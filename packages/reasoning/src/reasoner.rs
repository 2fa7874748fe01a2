//! The stage itself: request out, assessment in.

use crate::{ChatTemplate, Prompt, ReasoningParams, Sampling, TemplateError, VlmRequest, answer_schema, parse_answer};
use sha2::{Digest, Sha256 as Sha256Hasher};
use std::sync::Arc;
use vedette_params::HazardCatalogue;
use vedette_types::{
    Assessment, Completion, Finish, FrameId, Hazard, Isometry3, Observation, Point3, Probability, RangeBand, Sha256, Stamp, StreamId,
    Verdict,
};

/// What must be remembered of an observation until its answer arrives: the geometry, not the pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Stamp of the image; with `camera` it names the request.
    pub image_stamp: Stamp,
    /// When the image arrived, by the event clock: validity counts from here.
    pub image_arrived: Stamp,
    /// Camera the image came from.
    pub camera: StreamId,
    /// Hash of the prompt, to be found again in the completion.
    pub prompt_sha256: Sha256,
    /// Hash of the image, to be found again in the completion.
    pub image_sha256: Sha256,
    /// Horizontal field of view, radians.
    pub horizontal_fov_rad: f64,
    /// The fixed frame and the transform into it from the camera's optical frame, at the image stamp.
    pub fixed_from_camera: Option<(FrameId, Isometry3)>,
}

/// The reasoning stage.
#[derive(Debug)]
pub struct Reasoner {
    params: ReasoningParams,
    catalogue: HazardCatalogue,
    template: ChatTemplate,
    schema: Arc<str>,
    schema_with_answer: Arc<str>,
}

impl Reasoner {
    /// A stage for one model (through its chat template) and one catalogue.
    ///
    /// # Errors
    /// [`TemplateError`] when the template cannot render a prompt with a picture: found here, before a robot moves.
    pub fn new(params: ReasoningParams, catalogue: HazardCatalogue, template: ChatTemplate) -> Result<Self, TemplateError> {
        template.render(&Prompt::new(&catalogue, "", 0, "").message())?;
        let schema = answer_schema(&catalogue, false).into();
        let schema_with_answer = answer_schema(&catalogue, true).into();
        Ok(Self { params, catalogue, template, schema, schema_with_answer })
    }

    /// The request for one observation and what to remember of it. `question` replaces the standing question of the parameters.
    ///
    /// # Errors
    /// [`TemplateError`] when this very prompt cannot be rendered.
    pub fn request(&self, observation: &Observation, question: Option<&str>) -> Result<(VlmRequest, Pending), TemplateError> {
        let question = question.unwrap_or(&self.params.question);
        let message = self.message(&observation.context_text, question);
        let prompt_sha256 = Sha256(Sha256Hasher::digest(message.as_bytes()).into());
        let request = VlmRequest {
            image_stamp: observation.stamp,
            camera: observation.camera.clone(),
            prompt: self.template.render(&message)?,
            prompt_sha256,
            image_sha256: observation.image_sha256,
            pixels: observation.pixels.clone(),
            schema: Arc::clone(if question.trim().is_empty() { &self.schema } else { &self.schema_with_answer }),
            sampling: Sampling {
                temperature: self.params.temperature as f32,
                seed: u32::try_from(self.params.seed).unwrap_or(0),
                max_tokens: u32::try_from(self.params.max_tokens).unwrap_or(1).max(1),
            },
            deadline_millis: u64::try_from(self.params.deadline_millis).ok(),
        };
        Ok((request, self.pending(observation, prompt_sha256)))
    }

    /// The prompt that [`Self::request`] makes for a picture with this sensor context, rendered by the chat template: what a model is trained
    /// on is what it is asked.
    ///
    /// # Errors
    /// [`TemplateError`] when this very prompt cannot be rendered.
    pub fn prompt(&self, context_text: &str, question: Option<&str>) -> Result<String, TemplateError> {
        self.template.render(&self.message(context_text, question.unwrap_or(&self.params.question)))
    }

    fn message(&self, context_text: &str, question: &str) -> String {
        let max_context_chars = usize::try_from(self.params.max_context_chars).unwrap_or(0);
        Prompt::new(&self.catalogue, context_text, max_context_chars, question).message()
    }

    /// What to remember of an observation for which no prompt could be made.
    pub fn pending_without_prompt(&self, observation: &Observation) -> Pending {
        self.pending(observation, Sha256::default())
    }

    fn pending(&self, observation: &Observation, prompt_sha256: Sha256) -> Pending {
        let fixed_from_camera = observation
            .robot_pose
            .as_ref()
            .zip(observation.base_from_camera.as_ref())
            .map(|(pose, base_from_camera)| (pose.frame.clone(), pose.frame_from_base * base_from_camera));
        Pending {
            image_stamp: observation.stamp,
            image_arrived: observation.arrived,
            camera: observation.camera.clone(),
            prompt_sha256,
            image_sha256: observation.image_sha256,
            horizontal_fov_rad: observation
                .intrinsics
                .as_ref()
                .map_or(self.params.default_horizontal_fov_rad, vedette_types::CameraIntrinsics::horizontal_fov_rad),
            fixed_from_camera,
        }
    }

    /// The assessment of a frame that no model looked at: unknown, and why.
    pub fn unjudged(&self, camera: &StreamId, image_stamp: Stamp, image_arrived: Stamp, now: Stamp, reason: &str) -> Assessment {
        Assessment {
            image_stamp,
            camera: camera.clone(),
            arrived: now,
            verdict: Verdict::Unknown,
            confidence: Probability::ZERO,
            hazards: Vec::new(),
            answer: None,
            fault: Some(reason.to_owned()),
            model_sha256: Sha256::default(),
            valid_until: image_arrived.plus_secs(self.params.assessment_valid_secs),
        }
    }

    /// The assessment behind a completion. Every way of not having an answer is `Verdict::Unknown` with the reason in `fault`.
    pub fn assess(&self, pending: &Pending, completion: &Completion) -> Assessment {
        let mut assessment = Assessment {
            image_stamp: pending.image_stamp,
            camera: pending.camera.clone(),
            arrived: completion.arrived,
            verdict: Verdict::Unknown,
            confidence: Probability::ZERO,
            hazards: Vec::new(),
            answer: None,
            fault: None,
            model_sha256: completion.model_sha256,
            valid_until: pending.image_arrived.plus_secs(self.params.assessment_valid_secs),
        };
        match completion.finish {
            Finish::Stop => self.read_answer(pending, completion, &mut assessment),
            Finish::Length => assessment.fault = Some(format!("answer cut at {} tokens; raise reasoning.max_tokens", completion.tokens)),
            Finish::Deadline => assessment.fault = Some("deadline passed before the answer was complete".to_owned()),
            Finish::Error => assessment.fault = Some(format!("model failed: {}", completion.text)),
        }
        assessment
    }

    fn read_answer(&self, pending: &Pending, completion: &Completion, assessment: &mut Assessment) {
        let parsed = match parse_answer(&completion.text, &self.catalogue) {
            Ok(parsed) => parsed,
            Err(fault) => {
                assessment.fault = Some(fault.to_string());
                return;
            }
        };
        assessment.answer = parsed.answer;
        if !completion.is_model_trained && !self.params.trust_untrained {
            // Random weights answer as surely as learned ones: what they say is no knowledge.
            assessment.fault = Some("the model is untrained, its verdict does not count".to_owned());
            return;
        }
        assessment.verdict = parsed.verdict;
        assessment.confidence =
            completion.verdict_probabilities.map_or(Probability::ZERO, |probabilities| probabilities.of(parsed.verdict));
        assessment.hazards = parsed
            .hazards
            .into_iter()
            .map(|answer| {
                let bearing_rad = answer.bearing.map(|bearing| bearing.bearing_rad(pending.horizontal_fov_rad));
                let range_m = answer.range.map(RangeBand::representative_m);
                let place = bearing_rad.zip(range_m);
                let valid_secs = self.catalogue.get(&answer.kind).map_or(0.0, |kind| kind.valid_secs);
                Hazard {
                    kind: answer.kind,
                    severity: answer.severity,
                    confidence: assessment.confidence,
                    bearing_rad,
                    range_m,
                    position_m: place.and_then(|place| position_m(pending.fixed_from_camera.as_ref(), place)),
                    valid_until: pending.image_arrived.plus_secs(valid_secs),
                }
            })
            .collect();
    }
}

/// The point at `range_m` in direction `bearing_rad` of an optical frame (z forward, x right: REP 103), in the fixed frame.
fn position_m(fixed_from_camera: Option<&(FrameId, Isometry3)>, (bearing_rad, range_m): (f64, f64)) -> Option<(FrameId, [f64; 3])> {
    let (frame, fixed_from_camera) = fixed_from_camera?;
    let in_camera = Point3::new(-bearing_rad.sin() * range_m, 0.0, bearing_rad.cos() * range_m);
    let point = fixed_from_camera * in_camera;
    Some((frame.clone(), [point.x, point.y, point.z]))
}
