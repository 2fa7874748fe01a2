//! [`LlamaVlm`]: one model, one request at a time.
//!
//! In -> out: request -> square picture -> tokens -> KV cache -> tokens within the schema -> answer. Every call begins with an empty cache,
//! so that an answer depends on its request alone. Deliberately absent: anything kept from one call to the next but compiled schemas.

use crate::check::check_pair;
use crate::context::{Context, DecodeFault};
use crate::digest::sha256_of_files;
use crate::grammar::Grammars;
use crate::params::Limits;
use crate::sampler::{Candidate, choose};
use crate::tiny::Random;
use crate::vision::{Chunk, Vision};
use crate::weights::Weights;
use crate::{LlamaError, LlamaParams, PairPaths, backend, picture, verdict};
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llguidance::toktrie::TokEnv;
use std::sync::Arc;
use std::time::Instant;
use vedette_reasoning::{MEDIA_MARKER, ModelCard, Vlm, VlmAnswer, VlmRequest};
use vedette_types::{Finish, Timings, VerdictProbabilities};

/// llama.cpp with one model and its vision tower, behind [`Vlm`].
pub struct LlamaVlm {
    card: ModelCard,
    n_ctx: usize,
    context: Context,
    vision: Vision,
    grammars: Grammars,
    vocabulary: TokEnv,
    weights: Arc<Weights>,
    /// The last call did not end well: its cells in the cache may hold anything.
    wipe_next: bool,
}

/// What a call has produced so far.
#[derive(Default)]
struct Draft {
    bytes: Vec<u8>,
    tokens: u32,
    verdict_probabilities: Option<VerdictProbabilities>,
    timings: Timings,
}

/// Why a call ended early.
enum Halt {
    Deadline,
    Fault(String),
}

impl From<DecodeFault> for Halt {
    fn from(fault: DecodeFault) -> Self {
        match fault {
            DecodeFault::Deadline => Self::Deadline,
            DecodeFault::Failed { .. } => Self::Fault(fault.to_string()),
        }
    }
}

/// A fault with the words of any error.
#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
fn fault(error: impl ToString) -> Halt {
    Halt::Fault(error.to_string())
}

impl LlamaVlm {
    /// Checks and loads the pair. `params.model` and `params.mmproj` are not read: which files to use is the caller's choice.
    ///
    /// # Errors
    /// [`LlamaError`], which names the file and the key, tensor or parameter.
    pub fn load(paths: &PairPaths, params: &LlamaParams) -> Result<Self, LlamaError> {
        let facts = check_pair(paths)?;
        let limits = Limits::new(params, &facts)?;
        let sha256 =
            sha256_of_files(&[&paths.model, &paths.mmproj]).map_err(|source| LlamaError::Read { path: paths.model.clone(), source })?;
        backend::start()?;
        let weights = Arc::new(Weights::load(paths, limits)?);
        let vision = Vision::load(paths, &weights, &facts, limits)?;
        let context = Context::new(&weights, limits)?;
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
        Ok(Self { card, n_ctx: limits.n_ctx as usize, context, vision, grammars, vocabulary, weights, wipe_next: false })
    }

    fn run(&mut self, request: &VlmRequest, draft: &mut Draft) -> Result<Finish, Halt> {
        check_request(request)?;
        // Compiled first: a schema that cannot be enforced should not cost a picture.
        let mut matcher = self.grammars.matcher(&request.schema).map_err(fault)?;
        let position = self.read(request, draft)?;
        let clock = Stopwatch::start();
        let finish = self.write(request, &mut matcher, position, draft);
        draft.timings.decode_millis = clock.millis();
        finish
    }

    /// Prompt and picture into the cache; gives back the next position.
    fn read(&mut self, request: &VlmRequest, draft: &mut Draft) -> Result<i32, Halt> {
        self.context.clear(std::mem::take(&mut self.wipe_next));
        self.in_time()?;
        let clock = Stopwatch::start();
        let rgb = picture::square(&request.pixels, self.card.image_side_px).ok_or_else(|| fault("the picture has no pixels"))?;
        let chunks = self.vision.tokenize(&request.prompt, &rgb).map_err(fault)?;
        let parts = chunks.parts();
        draft.timings.encode_millis += clock.millis();
        self.check_length(&parts, request.sampling.max_tokens)?;
        let mut position = 0;
        let last = parts.len().saturating_sub(1);
        for (index, part) in parts.iter().enumerate() {
            self.in_time()?;
            match part {
                Chunk::Text(tokens) => {
                    let clock = Stopwatch::start();
                    self.context.decode(tokens, position, index == last)?;
                    draft.timings.prefill_millis += clock.millis();
                }
                Chunk::Picture(picture) => {
                    let clock = Stopwatch::start();
                    let mut embeddings = self.vision.encode(*picture).map_err(fault)?;
                    draft.timings.encode_millis += clock.millis();
                    self.in_time()?;
                    let clock = Stopwatch::start();
                    self.vision.decode(&mut self.context, *picture, &mut embeddings, position)?;
                    draft.timings.prefill_millis += clock.millis();
                }
            }
            // Bounded by `n_ctx`, see `check_length`.
            position += part.tokens() as i32;
        }
        Ok(position)
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
            let scores = self.context.scores().ok_or_else(|| fault("llama.cpp gave no scores for the next token"))?;
            let mut candidates = Vec::new();
            mask.iter_set_entries(|token| {
                if let Some(score) = scores.get(token).filter(|score| score.is_finite()) {
                    candidates.push(Candidate { token: token as u32, score: *score });
                }
            });
            let token = choose(&candidates, request.sampling.temperature, &mut random)
                .ok_or_else(|| fault("no token that the schema allows has a finite score: the model's weights are damaged"))?;
            if draft.verdict_probabilities.is_none() {
                draft.verdict_probabilities = verdict::probabilities(&draft.bytes, token, &candidates, |token| trie.token(token));
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
            self.context.decode(&[id.0], position, true)?;
            position += 1;
        }
    }

    fn in_time(&self) -> Result<(), Halt> {
        if self.context.is_late() { Err(Halt::Deadline) } else { Ok(()) }
    }

    /// llama.cpp asserts and aborts where a sequence grows beyond its context.
    fn check_length(&self, parts: &[Chunk<'_>], max_tokens: u32) -> Result<(), Halt> {
        let pictures: Vec<usize> =
            parts.iter().filter_map(|part| if let Chunk::Picture(picture) = part { Some(picture.tokens) } else { None }).collect();
        if pictures != [self.card.tokens_per_image as usize] {
            return Err(fault(format!("the prompt has pictures of {pictures:?} tokens, expected one of {}", self.card.tokens_per_image)));
        }
        if !matches!(parts.last(), Some(Chunk::Text(tokens)) if !tokens.is_empty()) {
            return Err(fault("the prompt ends with the picture: text must follow it"));
        }
        let prompt: usize = parts.iter().map(Chunk::tokens).sum();
        if prompt.saturating_add(max_tokens as usize) > self.n_ctx {
            return Err(fault(format!(
                "the prompt has {prompt} tokens and the answer may have {max_tokens}, together more than llama.n_ctx = {}; shorten the sensor \
                 context or raise llama.n_ctx",
                self.n_ctx
            )));
        }
        Ok(())
    }
}

/// What can be wrong with a request before any work is done.
fn check_request(request: &VlmRequest) -> Result<(), Halt> {
    let markers = request.prompt.matches(MEDIA_MARKER).count();
    if markers != 1 {
        return Err(fault(format!("the prompt has the image marker {MEDIA_MARKER} {markers} times, expected once")));
    }
    if let Some(at) = request.prompt.find('\0') {
        return Err(fault(format!("the prompt has a NUL character at byte {at}")));
    }
    let sampling = &request.sampling;
    if sampling.max_tokens == 0 {
        return Err(fault("max_tokens is 0: an answer needs at least one token"));
    }
    if !(sampling.temperature.is_finite() && sampling.temperature >= 0.0) {
        return Err(fault(format!("the temperature must be a number from 0 up, found {}", sampling.temperature)));
    }
    Ok(())
}

impl Vlm for LlamaVlm {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn answer(&mut self, request: &VlmRequest) -> VlmAnswer {
        let clock = Stopwatch::start();
        self.context.set_deadline(request.deadline_millis);
        let mut draft = Draft::default();
        let end = self.run(request, &mut draft);
        self.context.set_deadline(None);
        self.wipe_next = end.is_err();
        let (finish, text) = match end {
            Ok(finish) => (finish, text_of(draft.bytes)),
            Err(Halt::Deadline) => (Finish::Deadline, text_of(draft.bytes)),
            Err(Halt::Fault(reason)) => (Finish::Error, reason),
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

struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the border: measured times are reported and never decide")]
    fn start() -> Self {
        Self(Instant::now())
    }

    fn millis(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
}
