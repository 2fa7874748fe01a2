//! Scores of a given answer, token by token: what a trainer's own network is held against.
//!
//! In -> out: request, answer -> its tokens and the row of scores before each. Deliberately absent: the schema; any text can be scored.

use crate::halt::{Halt, fault, refused};
use crate::vlm::{LlamaVlm, check_request};
use vedette_reasoning::VlmRequest;
use vedette_types::Timings;

/// A given answer as the model reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Forced {
    /// Tokens of the answer.
    pub tokens: Vec<u32>,
    /// Unnormalised log-probabilities of every token of the vocabulary, one row before each token of the answer: row 0 follows the prompt.
    pub scores: Vec<Vec<f32>>,
}

/// An answer could not be scored. The next call is unaffected.
#[derive(Debug, thiserror::Error)]
pub enum ForcedError {
    /// `deadline_millis` of the request passed.
    #[error("the deadline passed before every token was scored")]
    Deadline,
    /// Another thread ended the call.
    #[error("the call was cancelled before every token was scored")]
    Cancelled,
    /// The request cannot be computed, or llama.cpp failed.
    #[error("the answer cannot be scored: {reason}")]
    Failed {
        /// What is wrong, with figures.
        reason: String,
    },
}

impl LlamaVlm {
    /// Reads the prompt as [`Vlm::answer`](vedette_reasoning::Vlm::answer) does and feeds the tokens of `answer` one by one. `sampling` and
    /// `schema` of the request play no part.
    ///
    /// # Errors
    /// [`ForcedError`].
    pub fn scores_of(&mut self, request: &VlmRequest, answer: &str) -> Result<Forced, ForcedError> {
        self.begin(request.deadline_millis);
        let forced = self.force(request, answer);
        self.reader.context.alarm().end();
        forced.map_err(|halt| match halt {
            Halt::Deadline => ForcedError::Deadline,
            Halt::Cancelled => ForcedError::Cancelled,
            Halt::Refused(reason) => ForcedError::Failed { reason },
            Halt::Fault(reason) => {
                self.reader.forget();
                ForcedError::Failed { reason }
            }
        })
    }

    /// The tokens of `text` as it stands in a prompt: marks such as `<start_of_turn>` are single tokens, and nothing is put before it.
    pub fn tokenize(&self, text: &str) -> Vec<u32> {
        self.tokens_of(text, true).into_iter().map(i32::cast_unsigned).collect()
    }

    /// Ids are below the size of the vocabulary, hence not negative. Without `parse_marks` marks are spelled like other text.
    fn tokens_of(&self, text: &str, parse_marks: bool) -> Vec<i32> {
        // The wrapper takes no text of 2 GiB; neither does any context.
        let text = text.as_bytes().get(..text.len().min(i32::MAX as usize)).unwrap_or_default();
        self.weights.model().vocab().tokenize(text, false, parse_marks).into_iter().map(|token| token.0).collect()
    }

    fn force(&mut self, request: &VlmRequest, answer: &str) -> Result<Forced, Halt> {
        check_request(request)?;
        let tokens = self.tokens_of(answer, false);
        if tokens.is_empty() {
            return Err(refused("the answer is empty"));
        }
        let start = self.reader.read(&request.prompt, &request.pixels, tokens.len(), &mut Timings::default())?;
        let mut scores = Vec::with_capacity(tokens.len());
        for (position, token) in (start..).zip(&tokens) {
            let row = self.reader.context.scores().ok_or_else(|| fault("llama.cpp gave no scores for the next token"))?;
            scores.push(row.to_vec());
            if scores.len() < tokens.len() {
                self.reader.context.decode(&[*token], position as i32, true)?;
            }
        }
        Ok(Forced { tokens: tokens.into_iter().map(i32::cast_unsigned).collect(), scores })
    }
}
