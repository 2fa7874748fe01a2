//! The border to whatever runs the model: `Vlm`. In -> out: a request with rendered prompt, pixels and schema -> text with the verdict
//! probabilities. Nothing here knows about llama.cpp or HTTP.

use std::sync::Arc;
use vedette_types::{AdapterUse, Completion, Finish, RgbPixels, Sha256, Stamp, StreamId, Timings, VerdictProbabilities};

/// Where the image goes in a rendered prompt. It is llama.cpp's default media marker; [`crate::Prompt`] puts it in exactly once.
pub const MEDIA_MARKER: &str = "<__media__>";

/// Every answer starts with these bytes (the schema puts the verdict first); the verdict word follows. A backend reads the verdict
/// probabilities off the first token whose text goes beyond this prefix.
pub const ANSWER_PREFIX: &str = "{\"verdict\":\"";

/// What a backend says about the model it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCard {
    /// `general.name` of the text model.
    pub name: String,
    /// `general.architecture` of the text model, for example `gemma3`.
    pub architecture: String,
    /// Jinja chat template of the model.
    pub chat_template: String,
    /// Side of the square picture that the vision tower takes, pixels.
    pub image_side_px: u32,
    /// Text tokens that one picture becomes.
    pub tokens_per_image: u32,
    /// Number of weights, text and vision together.
    pub parameters: u64,
    /// False for generated weights that never saw data: everything shown to a person must then say *untrained*.
    pub is_trained: bool,
    /// Hash over the model and mmproj files.
    pub sha256: Sha256,
    /// The adapter, where one is loaded.
    pub adapter: Option<AdapterUse>,
}

/// How tokens are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// 0 takes the most probable token.
    pub temperature: f32,
    /// Seed used when the temperature is above 0.
    pub seed: u32,
    /// Most tokens an answer may have, > 0.
    pub max_tokens: u32,
}

/// One question to the model.
#[derive(Clone, Debug)]
pub struct VlmRequest {
    /// Stamp of the image; with `camera` it names the request.
    pub image_stamp: Stamp,
    /// Camera the image came from.
    pub camera: StreamId,
    /// The prompt as rendered by the model's chat template, with [`MEDIA_MARKER`] exactly once and without BOS.
    pub prompt: String,
    /// Hash of the prompt before the chat template is applied. The template is part of the model, whose hash stands beside this one in every
    /// record; so a run can be repeated from its completions, and checked, with no model at hand.
    pub prompt_sha256: Sha256,
    /// Hash of the image bytes as they arrived.
    pub image_sha256: Sha256,
    /// The picture, any size.
    pub pixels: RgbPixels,
    /// JSON schema that the answer must satisfy.
    pub schema: Arc<str>,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Time budget by the wall clock, milliseconds; `None` in replay, where the wall clock has no say.
    pub deadline_millis: Option<u64>,
}

/// What a backend returns.
#[derive(Clone, Debug, PartialEq)]
pub struct VlmAnswer {
    /// The answer; for [`Finish::Error`] what went wrong.
    pub text: String,
    /// Tokens generated.
    pub tokens: u32,
    /// Why it stopped.
    pub finish: Finish,
    /// Verdict probabilities, where the answer got past [`ANSWER_PREFIX`].
    pub verdict_probabilities: Option<VerdictProbabilities>,
    /// Measured times.
    pub timings: Timings,
}

impl VlmAnswer {
    /// An answer that says only what went wrong.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self { text: reason.into(), tokens: 0, finish: Finish::Error, verdict_probabilities: None, timings: Timings::default() }
    }

    /// The record of this answer of the model described by `card` to `request`, reaching the agent at `arrived`.
    pub fn into_completion(self, request: &VlmRequest, card: &ModelCard, arrived: Stamp) -> Completion {
        Completion {
            image_stamp: request.image_stamp,
            camera: request.camera.clone(),
            prompt_sha256: request.prompt_sha256,
            image_sha256: request.image_sha256,
            model_sha256: card.sha256,
            adapter: card.adapter,
            is_model_trained: card.is_trained,
            text: self.text,
            tokens: self.tokens,
            finish: self.finish,
            verdict_probabilities: self.verdict_probabilities,
            arrived,
            timings: self.timings,
        }
    }
}

/// A vision-language model that answers one request at a time.
pub trait Vlm {
    /// What runs.
    fn card(&self) -> &ModelCard;

    /// Answers `request`. Never panics and never blocks past the deadline by more than one uninterruptible step (encoding the image);
    /// failures come back as [`Finish::Error`] or [`Finish::Deadline`], and the next call is unaffected by them.
    fn answer(&mut self, request: &VlmRequest) -> VlmAnswer;
}

/// A model that somebody else keeps.
impl<V: Vlm + ?Sized> Vlm for &mut V {
    fn card(&self) -> &ModelCard {
        (**self).card()
    }

    fn answer(&mut self, request: &VlmRequest) -> VlmAnswer {
        (**self).answer(request)
    }
}
