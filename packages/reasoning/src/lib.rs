//! Observation to VLM request to assessment: prompt, schema, parsing, confidence.

mod vlm;

pub use vlm::{ANSWER_PREFIX, MEDIA_MARKER, ModelCard, Sampling, Vlm, VlmAnswer, VlmRequest};
