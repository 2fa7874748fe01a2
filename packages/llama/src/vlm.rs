//! [`LlamaVlm`]: one model, one request at a time.
//!
//! In -> out: request -> prompt and picture in the KV cache (`reader`) -> tokens within the schema -> answer. An answer depends on its request
//! alone: what is kept between calls (compiled schemas, the state of a prompt's beginning, embeddings of pictures) changes no bit of it.
//! Deliberately absent: kept answers.

use crate::alarm::Alarm;
use crate::calibration::Calibration;
use crate::check::check_pair;
use crate::grammar::Grammars;
use crate::halt::{Halt, Stopwatch, fault, refused};
use crate::params::Limits;
use crate::reader::Reader;
use crate::sampler::{Candidate, choose};
use crate::tiny::Random;
use crate::weights::Weights;
use crate::{LlamaError, LlamaParams, PairPaths, backend, shipped, verdict};
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llguidance::toktrie::TokEnv;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use vedette_reasoning::{MEDIA_MARKER, ModelCard, Vlm, VlmAnswer, VlmRequest};
use vedette_types::{Finish, Sha256, Timings, VerdictProbabilities};

/// llama.cpp with one model and its vision tower, behind [`Vlm`].
pub struct LlamaVlm {
    card: ModelCard,
    pub(crate) reader: Reader,
    grammars: Grammars,
    pub(crate) vocabulary: TokEnv,
    pub(crate) weights: Arc<Weights>,
    calibration: Option<Calibration>,
    /// Number of the next call, where somebody must be able to cancel it.
    reserved: Option<u64>,
}

/// What the text of an answer says whose call was ended from another thread.
pub(crate) const CANCELLED: &str = "the call was cancelled";

/// What a call has produced so far.
#[derive(Default)]
struct Draft {
    bytes: Vec<u8>,
    tokens: u32,
    verdict_probabilities: Option<VerdictProbabilities>,
    timings: Timings,
}

impl LlamaVlm {
    /// Checks and loads the pair. `params.model` and `params.mmproj` are not read: which files to use is the caller's choice.
    ///
    /// # Errors
    /// [`LlamaError`], which names the file and the key, tensor or parameter.
    pub fn load(paths: &PairPaths, params: &LlamaParams) -> Result<Self, LlamaError> {
        let facts = check_pair(paths)?;
        let limits = Limits::new(params, &facts)?;
        let sha256 = paths.sha256().map_err(|source| LlamaError::Read { path: paths.model.clone(), source })?;
        let calibration = calibration_of(&params.calibration, sha256)?;
        backend::start()?;
        let weights = Arc::new(Weights::load(paths, limits)?);
        let reader = Reader::load(paths, &weights, &facts, limits)?;
        let vocabulary = LlamaSampler::llguidance_tok_env(weights.model());
        let grammars = Grammars::new(&vocabulary).map_err(|fault| LlamaError::Vocabulary { detail: fault.detail })?;
        let card = ModelCard {
            name: facts.name,
            architecture: facts.architecture,
            chat_template: facts.chat_template,
            image_side_px: facts.image_side_px,
            tokens_per_image: facts.tokens_per_image,
            parameters: facts.parameters,
            is_trained: facts.is_trained,
            sha256,
        };
        Ok(Self { card, reader, grammars, vocabulary, weights, calibration, reserved: None })
    }

    /// What the verdict probabilities of answers are scaled by, where there is a calibration for this model.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// Pictures that went through the vision tower since the load; one whose embeddings were kept does not count again.
    pub fn encoded_pictures(&self) -> u64 {
        self.reader.encoded_pictures()
    }

    /// Gives the next call a number by which [`Alarm::cancel`] finds it.
    pub(crate) fn reserve(&mut self) -> u64 {
        *self.reserved.get_or_insert_with(|| self.reader.context.alarm().number())
    }

    pub(crate) fn alarm(&self) -> Arc<Alarm> {
        self.reader.context.shared_alarm()
    }

    /// A call begins.
    pub(crate) fn begin(&mut self, deadline_millis: Option<u64>) {
        let number = self.reserve();
        self.reserved = None;
        self.reader.context.alarm().begin(number, deadline_millis);
    }

    fn run(&mut self, request: &VlmRequest, draft: &mut Draft) -> Result<Finish, Halt> {
        check_request(request)?;
        // Compiled first: a schema that cannot be enforced should not cost a picture.
        let mut matcher = self.grammars.matcher(&request.schema).map_err(refused)?;
        let max_tokens = request.sampling.max_tokens as usize;
        let position = self.reader.read(&request.prompt, &request.pixels, max_tokens, &mut draft.timings)?;
        let clock = Stopwatch::start();
        let finish = self.write(request, &mut matcher, position as i32, draft);
        draft.timings.decode_millis = clock.millis();
        finish
    }

    /// Token by token until the schema is satisfied.
    fn write(
        &mut self,
        request: &VlmRequest,
        matcher: &mut llguidance::Matcher,
        mut position: i32,
        draft: &mut Draft,
    ) -> Result<Finish, Halt> {
        let mut random = Random::new(u64::from(request.sampling.seed));
        let trie = self.vocabulary.tok_trie();
        loop {
            let mask = matcher.compute_mask().map_err(fault)?;
            let scores = self.reader.context.scores().ok_or_else(|| fault("llama.cpp gave no scores for the next token"))?;
            let mut candidates = Vec::new();
            mask.iter_set_entries(|token| {
                if let Some(score) = scores.get(token).filter(|score| score.is_finite()) {
                    candidates.push(Candidate { token: token as u32, score: *score });
                }
            });
            let token = choose(&candidates, request.sampling.temperature, &mut random)
                .ok_or_else(|| fault("no token that the schema allows has a finite score: the model's weights are damaged"))?;
            if draft.verdict_probabilities.is_none() {
                let raw = verdict::probabilities(&draft.bytes, token, &candidates, |token| trie.token(token));
                draft.verdict_probabilities = raw.map(|raw| self.calibration.as_ref().map_or(raw, |calibration| calibration.apply(raw)));
            }
            let id = LlamaToken(token.cast_signed());
            if self.weights.model().vocab().is_eog(id) {
                return Ok(Finish::Stop);
            }
            draft.bytes.extend_from_slice(trie.token(token));
            draft.tokens += 1;
            matcher.consume_token(token).map_err(fault)?;
            if matcher.is_stopped() {
                return Ok(Finish::Stop);
            }
            if draft.tokens >= request.sampling.max_tokens {
                return Ok(Finish::Length);
            }
            self.reader.context.decode(&[id.0], position, true)?;
            position += 1;
        }
    }
}

/// The calibration that `llama.calibration` means for `model`.
fn calibration_of(path: &str, model: Sha256) -> Result<Option<Calibration>, LlamaError> {
    match path {
        "" => return Ok(shipped::calibration().filter(|shipped| shipped.model_sha256 == model)),
        "none" => return Ok(None),
        _ => {}
    }
    let path = PathBuf::from(path);
    let text = fs::read_to_string(&path).map_err(|source| LlamaError::Read { path: path.clone(), source })?;
    let calibration = Calibration::from_json(&text).and_then(|read| read.for_model(model));
    calibration.map(Some).map_err(|source| LlamaError::Calibration { path, source })
}

/// What can be wrong with a request before any work is done.
pub(crate) fn check_request(request: &VlmRequest) -> Result<(), Halt> {
    let markers = request.prompt.matches(MEDIA_MARKER).count();
    if markers != 1 {
        return Err(refused(format!("the prompt has the image marker {MEDIA_MARKER} {markers} times, expected once")));
    }
    if let Some(at) = request.prompt.find('\0') {
        return Err(refused(format!("the prompt has a NUL character at byte {at}")));
    }
    let sampling = &request.sampling;
    if sampling.max_tokens == 0 {
        return Err(refused("max_tokens is 0: an answer needs at least one token"));
    }
    if !(sampling.temperature.is_finite() && sampling.temperature >= 0.0) {
        return Err(refused(format!("the temperature must be a number from 0 up, found {}", sampling.temperature)));
    }
    Ok(())
}

impl Vlm for LlamaVlm {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn answer(&mut self, request: &VlmRequest) -> VlmAnswer {
        let clock = Stopwatch::start();
        self.begin(request.deadline_millis);
        let mut draft = Draft::default();
        let end = self.run(request, &mut draft);
        self.reader.context.alarm().end();
        if matches!(end, Err(Halt::Fault(_))) {
            self.reader.forget();
        }
        let (finish, text) = match end {
            Ok(finish) => (finish, text_of(draft.bytes)),
            Err(Halt::Deadline) => (Finish::Deadline, text_of(draft.bytes)),
            Err(Halt::Cancelled) => (Finish::Error, CANCELLED.to_owned()),
            Err(Halt::Refused(reason) | Halt::Fault(reason)) => (Finish::Error, reason),
        };
        let timings = Timings { total_millis: clock.millis(), ..draft.timings };
        VlmAnswer { text, tokens: draft.tokens, finish, verdict_probabilities: draft.verdict_probabilities, timings }
    }
}

/// Characters may be spread over tokens, so bytes are collected and read at the end; a character cut off by the token cap is dropped.
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let whole = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(error.as_bytes().get(..whole).unwrap_or_default()).into_owned()
    })
}
