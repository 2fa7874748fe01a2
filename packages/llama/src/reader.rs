//! A prompt with its picture into the KV cache, as far as it is not there already.
//!
//! In -> out: prompt, pixels -> the cache holds the prompt and the scores of the next token are ready. What is kept from earlier calls (the
//! leading parts of the prompt, the embeddings of pictures) saves time and changes no bit: each part is always computed whole and alone, at
//! the same place. Deliberately absent: kept answers.

use crate::LlamaError;
use crate::adapter::Adapter;
use crate::alarm::{Alarm, Bell};
use crate::check::{PairFacts, PairPaths};
use crate::context::Context;
use crate::digest::sha256_of_bytes;
use crate::embeddings::Embeddings;
use crate::encoder::Encoder;
use crate::halt::{Halt, Stopwatch, fault, refused};
use crate::params::Limits;
use crate::picture;
use crate::prefix::{Part, Prefix};
use crate::prefix_store::PrefixStore;
use crate::vision::{Chunk, Chunks, Picture, Vision};
use crate::weights::Weights;
use std::sync::Arc;
use vedette_types::{AdapterUse, RgbPixels, Sha256, Timings};

/// The context of the text model, the vision tower, and what both are known to hold.
pub(crate) struct Reader {
    pub(crate) context: Context,
    vision: Arc<Vision>,
    encoder: Encoder,
    bell: Bell,
    prefix: Prefix,
    keeps_prefix: bool,
    store: Option<PrefixStore>,
    /// What computes besides the model.
    adapter: Option<AdapterUse>,
    /// The last call failed: cells of the cache may hold anything, also what a masked cell would spread.
    wipe_next: bool,
    n_ctx: usize,
    side_px: u32,
    tokens_per_image: usize,
}

impl Reader {
    pub(crate) fn load(paths: &PairPaths, weights: &Arc<Weights>, facts: &PairFacts, limits: Limits) -> Result<Self, LlamaError> {
        let (alarm, bell) = Alarm::new();
        let tower = Vision::load(paths, weights, facts, limits)?;
        let vision = tower.vision();
        let encoder = Encoder::start(tower, Embeddings::new(limits.picture_cache_bytes), &alarm);
        Ok(Self {
            vision,
            encoder: encoder.map_err(|source| LlamaError::Thread { source })?,
            bell,
            context: Context::new(weights, limits, &alarm)?,
            prefix: Prefix::default(),
            keeps_prefix: limits.prefix_cache,
            store: None,
            adapter: None,
            wipe_next: false,
            n_ctx: limits.n_ctx as usize,
            side_px: facts.image_side_px,
            tokens_per_image: facts.tokens_per_image as usize,
        })
    }

    /// Reads the prompt, which has the image marker once. `answer_tokens` must fit in after it. Gives back the next position.
    pub(crate) fn read(&mut self, prompt: &str, pixels: &RgbPixels, answer_tokens: usize, timings: &mut Timings) -> Result<usize, Halt> {
        self.context.alarm().check()?;
        let clock = Stopwatch::start();
        let rgb = picture::square(pixels, self.side_px).ok_or_else(|| refused("the picture has no pixels"))?;
        let sha256 = sha256_of_bytes(&rgb);
        let chunks = Arc::new(self.vision.tokenize(prompt, &rgb).map_err(refused)?);
        timings.encode_millis += clock.millis();
        let parts = parts_of(&chunks, sha256);
        self.check_length(&parts, answer_tokens)?;
        let kept = self.rewind(&parts);
        timings.reused_tokens = self.prefix.keep(kept) as u32;
        self.compute(&chunks, parts, kept, timings)
    }

    /// Keeps states on disk from now on.
    pub(crate) fn set_store(&mut self, store: PrefixStore) {
        self.store = self.keeps_prefix.then_some(store);
    }

    /// Computes with `adapter` from now on. What was computed before belongs to another.
    pub(crate) fn set_adapter(&mut self, adapter: Option<&Adapter>) {
        self.context.set_adapter(adapter);
        self.adapter = adapter.map(Adapter::in_use);
        self.prefix.keep(0);
    }

    /// Pictures encoded so far.
    pub(crate) fn encoded_pictures(&self) -> u64 {
        self.encoder.encoded_pictures()
    }

    /// Whatever the last call left behind the known prefix is not to be trusted, and neither is the prefix.
    pub(crate) fn forget(&mut self) {
        self.prefix.keep(0);
        self.wipe_next = true;
    }

    /// Brings the cache back to the parts it shares with the prompt; gives back their number.
    fn rewind(&mut self, parts: &[Part]) -> usize {
        let shared = if self.keeps_prefix { self.prefix.shared(parts) } else { 0 };
        let tokens = self.prefix.keep(shared);
        if tokens > 0 && self.context.rewind(tokens as i32) {
            return shared;
        }
        self.context.clear(std::mem::take(&mut self.wipe_next));
        self.prefix.keep(0);
        self.restore(parts)
    }

    /// Brings the first part of the prompt from the disk into the empty cache, where it is kept there; gives back the number of parts.
    fn restore(&mut self, parts: &[Part]) -> usize {
        let (Some(store), [first @ Part::Text(tokens), _, ..]) = (&self.store, parts) else { return 0 };
        let key = store.key(self.adapter, tokens);
        let Some(state) = store.read(key) else { return 0 };
        if self.context.restore(&state, tokens.len()) {
            self.prefix.push(first.clone());
            return 1;
        }
        store.discard(key, "llama.cpp does not take the state");
        self.context.clear(true);
        0
    }

    /// Keeps the state of the first part on disk, when the cache holds that part and no more.
    fn keep_first(&mut self, part: &Part) {
        let (Some(store), Part::Text(tokens)) = (&mut self.store, part) else { return };
        if let Some(state) = self.context.state(tokens.len()) {
            let key = store.key(self.adapter, tokens);
            store.write(key, state);
        }
    }

    /// Computes all parts but the first `kept`.
    fn compute(&mut self, chunks: &Arc<Chunks>, parts: Vec<Part>, kept: usize, timings: &mut Timings) -> Result<usize, Halt> {
        let last = parts.len().saturating_sub(1);
        // Positions are bounded by `n_ctx`, see `check_length`.
        let mut position: usize = parts.iter().take(kept).map(Part::tokens).sum();
        for (index, (chunk, part)) in chunks.parts().into_iter().zip(parts).enumerate().skip(kept) {
            self.context.alarm().check()?;
            match chunk {
                Chunk::Text(tokens) => {
                    let clock = Stopwatch::start();
                    self.context.decode(tokens, position as i32, index == last)?;
                    timings.prefill_millis += clock.millis();
                }
                Chunk::Picture(picture) => self.see(chunks, picture, &part, position, timings)?,
            }
            position += part.tokens();
            if index == 0 && index != last {
                self.keep_first(&part);
            }
            self.prefix.push(part);
        }
        Ok(position)
    }

    /// Feeds a picture, encoded now or known from before.
    fn see(&mut self, chunks: &Arc<Chunks>, picture: Picture<'_>, part: &Part, position: usize, timings: &mut Timings) -> Result<(), Halt> {
        let Part::Picture { sha256, .. } = part else { return Err(fault("a picture was taken for text")) };
        let clock = Stopwatch::start();
        // Ours to change: llama.cpp takes a pointer that it may write through.
        let embeddings = self.encoder.encode(*sha256, chunks, &self.bell);
        timings.encode_millis += clock.millis();
        let mut embeddings = embeddings?;
        self.context.alarm().check()?;
        let clock = Stopwatch::start();
        self.vision.decode(&mut self.context, picture, &mut embeddings, position as i32)?;
        timings.prefill_millis += clock.millis();
        Ok(())
    }

    /// llama.cpp asserts and aborts where a sequence grows beyond its context.
    fn check_length(&self, parts: &[Part], answer_tokens: usize) -> Result<(), Halt> {
        let pictures: Vec<usize> =
            parts.iter().filter_map(|part| if let Part::Picture { tokens, .. } = part { Some(*tokens) } else { None }).collect();
        if pictures != [self.tokens_per_image] {
            return Err(refused(format!("the prompt has pictures of {pictures:?} tokens, expected one of {}", self.tokens_per_image)));
        }
        if !matches!(parts.last(), Some(Part::Text(tokens)) if !tokens.is_empty()) {
            return Err(refused("the prompt ends with the picture: text must follow it"));
        }
        let prompt: usize = parts.iter().map(Part::tokens).sum();
        if prompt.saturating_add(answer_tokens) > self.n_ctx {
            return Err(refused(format!(
                "the prompt has {prompt} tokens and the answer may have {answer_tokens}, together more than llama.n_ctx = {}; shorten the \
                 sensor context or raise llama.n_ctx",
                self.n_ctx
            )));
        }
        Ok(())
    }
}

/// The contents of the chunks; there is one picture, checked before the prompt was tokenized.
fn parts_of(chunks: &Chunks, sha256: Sha256) -> Vec<Part> {
    let part = |chunk: &Chunk<'_>| match chunk {
        Chunk::Text(tokens) => Part::Text(tokens.to_vec()),
        Chunk::Picture(picture) => Part::Picture { sha256, tokens: picture.tokens },
    };
    chunks.parts().iter().map(part).collect()
}
