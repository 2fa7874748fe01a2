//! [`LlamaVlm`]: one model, one request at a time.
//!
//! In -> out: request -> prompt and picture in the KV cache (`reader`) -> tokens within the schema -> answer. An answer depends on its request
//! alone: what is kept between calls (compiled schemas, the state of a prompt's beginning, embeddings of pictures) changes no bit of it.
//! Deliberately absent: kept answers.

use crate::adapter::Adapter;
use crate::alarm::Alarm;
use crate::calibration::Calibration;
use crate::check::check_and_measure;
use crate::grammar::{Grammars, forced_rest};
use crate::halt::{Halt, Stopwatch, fault, refused};
use crate::params::Limits;
use crate::planned::planned;
use crate::prefix_store::PrefixStore;
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
use vedette_types::{Finish, Sha256, Timings, Verdict, VerdictProbabilities};

/// llama.cpp with one model and its vision tower, behind [`Vlm`].
pub struct LlamaVlm {
    card: ModelCard,
    pub(crate) reader: Reader,
    grammars: Grammars,
    pub(crate) vocabulary: TokEnv,
    pub(crate) weights: Arc<Weights>,
    calibration: Option<Calibration>,
    adapter: Option<Adapter>,
    /// A `clear` at least this probable ends an answer whose rest is certain; `None` ends none early.
    clear_stop: Option<f64>,
    /// Hash over model, limits and build.
    identity: Sha256,
    /// The model comes from elsewhere, so it should know what a colour is.
    knows_colours: bool,
    /// Longest self-test.
    self_test_secs: f64,
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
        let (facts, shape) = check_and_measure(paths)?;
        let limits = Limits::new(&planned(params, &shape)?, &facts)?;
        let sha256 = paths.sha256().map_err(|source| LlamaError::Read { path: paths.model.clone(), source })?;
        let calibration = calibration_of(params, sha256)?;
        backend::start()?;
        let weights = Arc::new(Weights::load(paths, limits)?);
        // Before any context: llama.cpp sizes its graphs by what is loaded.
        let adapter = Adapter::load(params, paths, &weights)?;
        let mut reader = Reader::load(paths, &weights, &facts, limits)?;
        reader.set_adapter(adapter.as_ref());
        let identity = limits.identity(sha256, backend::build());
        if let Some(folder) = prefix_folder(params) {
            let capacity_bytes = u64::try_from(params.prefix_folder_bytes).unwrap_or(0);
            reader.set_store(PrefixStore::new(folder, capacity_bytes, identity));
        }
        let may_stop = facts.is_trained && calibration.is_some() && params.clear_stop_confidence < 1.0;
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
            adapter: adapter.as_ref().map(Adapter::in_use),
        };
        let clear_stop = may_stop.then_some(params.clear_stop_confidence);
        Ok(Self {
            card,
            reader,
            grammars,
            vocabulary,
            weights,
            calibration,
            adapter,
            clear_stop,
            identity,
            knows_colours: !facts.is_ours,
            self_test_secs: params.self_test_secs,
            reserved: None,
        })
    }

    /// What the verdict probabilities of answers are scaled by, where there is a calibration for this model.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// Sets how strongly the adapter works, from the next call on; 0 is not at all. False without an adapter, or where `scale` is no number
    /// from 0 up.
    pub fn set_lora_scale(&mut self, scale: f32) -> bool {
        let Some(adapter) = self.adapter.as_mut().filter(|_| scale.is_finite() && scale >= 0.0) else { return false };
        adapter.set_scale(scale);
        self.reader.set_adapter(Some(adapter));
        self.card.adapter = Some(adapter.in_use());
        true
    }

    /// Pictures that went through the vision tower since the load; one whose embeddings were kept does not count again.
    pub fn encoded_pictures(&self) -> u64 {
        self.reader.encoded_pictures()
    }

    /// What runs, on which backend, by which build.
    pub(crate) fn identity(&self) -> Sha256 {
        self.identity
    }

    /// Whether the model should know what a colour is.
    pub(crate) fn knows_colours(&self) -> bool {
        self.knows_colours
    }

    /// Longest self-test.
    pub(crate) fn self_test_secs(&self) -> f64 {
        self.self_test_secs
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

    /// The rest of an answer whose verdict has just been written, where it is a `clear` that is sure enough and the schema leaves no choice in
    /// the rest: then the text is what it would have been, without the tokens.
    fn certain_rest(&self, draft: &Draft, matcher: &llguidance::Matcher) -> Option<Vec<u8>> {
        let is_sure = self.clear_stop? <= draft.verdict_probabilities?.clear.get();
        let is_clear = verdict::is_begun(&draft.bytes, Verdict::Clear);
        (is_sure && is_clear).then(|| forced_rest(matcher, self.vocabulary.tok_trie())).flatten()
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
            let is_verdict = draft.verdict_probabilities.is_none();
            if is_verdict {
                let raw = verdict::probabilities(&draft.bytes, token, &candidates, |token| trie.token(token));
                draft.verdict_probabilities = raw.map(|raw| self.calibration.as_ref().map_or(raw, |calibration| calibration.apply(raw)));
            }
            let id = LlamaToken(token.cast_signed());
            if self.weights.model().vocab().is_eog(id) {
                return Ok(Finish::Stop);
            }
            draft.bytes.extend_from_slice(trie.token(token));
            draft.tokens += 1;
            self.reader.context.alarm().count(draft.tokens);
            matcher.consume_token(token).map_err(fault)?;
            if matcher.is_stopped() {
                return Ok(Finish::Stop);
            }
            if let Some(rest) = is_verdict.then(|| self.certain_rest(draft, matcher)).flatten() {
                draft.bytes.extend_from_slice(&rest);
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

/// The folder that `llama.prefix_folder` names; which one is the default is the program's business.
fn prefix_folder(params: &LlamaParams) -> Option<PathBuf> {
    match params.prefix_folder.as_str() {
        "" | "none" => None,
        folder => Some(PathBuf::from(folder)),
    }
}

/// The calibration that `llama.calibration` means for `model`.
fn calibration_of(params: &LlamaParams, model: Sha256) -> Result<Option<Calibration>, LlamaError> {
    let path = &params.calibration;
    match path.as_str() {
        // Fitted for the model alone.
        "" if !params.lora.is_empty() => return Ok(None),
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
