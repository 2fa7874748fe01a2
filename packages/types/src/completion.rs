//! What came back from the model for one request: the one input of the system that is not a sensor.

use crate::hazard::words;
use crate::{Sha256, Stamp, StreamId, VerdictProbabilities};
use serde::{Deserialize, Serialize};

/// Why the model stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The answer is complete.
    Stop,
    /// The token cap was reached.
    Length,
    /// The deadline passed.
    Deadline,
    /// The runtime failed; `text` says how.
    Error,
}
words!(Finish, "finish", Stop = "stop", Length = "length", Deadline = "deadline", Error = "error");

/// What one call cost. Measured values are recorded and reported, and never influence a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Image preprocessing and vision tower, milliseconds.
    pub encode_millis: f64,
    /// Prompt and image tokens through the text tower, milliseconds.
    pub prefill_millis: f64,
    /// Answer tokens, milliseconds.
    pub decode_millis: f64,
    /// The whole call, milliseconds.
    pub total_millis: f64,
    /// Prompt tokens, the picture's among them, whose state was kept from the call before.
    #[serde(default)]
    pub reused_tokens: u32,
}

/// A LoRA adapter as it worked on an answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdapterUse {
    /// Hash of its file.
    pub sha256: Sha256,
    /// How strongly it worked; 0 is not at all.
    pub scale: f32,
}

/// One answer of the model. One line of `completions.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// Stamp of the image asked about; with `camera` it names the request.
    #[serde(rename = "stamp_nanos")]
    pub image_stamp: Stamp,
    /// Camera the image came from.
    pub camera: StreamId,
    /// Hash of the rendered prompt.
    pub prompt_sha256: Sha256,
    /// Hash of the image bytes as they arrived.
    pub image_sha256: Sha256,
    /// Hash of model and mmproj.
    pub model_sha256: Sha256,
    /// The adapter, where one was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<AdapterUse>,
    /// False for weights that never saw data. Stands in the record so that a run can be repeated without the model.
    pub is_model_trained: bool,
    /// The answer, or the error's text.
    pub text: String,
    /// Tokens generated.
    pub tokens: u32,
    /// Why it stopped.
    pub finish: Finish,
    /// Verdict probabilities, where the model got that far.
    pub verdict_probabilities: Option<VerdictProbabilities>,
    /// When the answer reached the agent (event time).
    #[serde(rename = "arrived_nanos")]
    pub arrived: Stamp,
    /// Measured times.
    #[serde(flatten)]
    pub timings: Timings,
}
