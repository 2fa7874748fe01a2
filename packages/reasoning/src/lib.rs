//! Observation to VLM request to assessment: prompt, schema, parsing, confidence.
//!
//! In -> out: an `Observation` becomes a [`VlmRequest`] (prompt rendered by the model's own chat template, JSON schema made from the hazard
//! catalogue); a `Completion` becomes an `Assessment`. Deliberately absent: any judgement about the scene that is not the model's. There is
//! no colour rule, no default answer and no cached answer: what cannot be read is `Verdict::Unknown`.

mod params;
mod parse;
mod prompt;
mod reasoner;
mod schema;
mod template;
mod vlm;

pub use params::ReasoningParams;
pub use parse::{AnswerFault, HazardAnswer, ParsedAnswer, parse_answer};
pub use prompt::{Prompt, harmless};
pub use reasoner::{Pending, Reasoner};
pub use schema::{MAX_HAZARDS, answer_schema};
pub use template::{ChatTemplate, TemplateError};
pub use vlm::{ANSWER_PREFIX, MEDIA_MARKER, ModelCard, Sampling, Vlm, VlmAnswer, VlmRequest};
