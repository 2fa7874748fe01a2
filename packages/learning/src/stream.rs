//! Examples by number, without end. In -> out: a number -> pixels, tokens, weights and targets, the same every time and on any number of threads.
//!
//! Rendering a picture costs a quarter of learning from it, or as much where the processor has tiles, so each is used more than once: numbers go in blocks,
//! a block's pictures are gone through several times, each time mirrored, lit and disturbed otherwise. Only the present block is kept.

use crate::answer::MissingPiece;
use crate::picture::{Knowledge, Labelled};
use crate::source::Source;
use crate::{Random, Targets, Tokenizer};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use vedette_fusion::{FusionParams, sensor_context};
use vedette_reasoning::{Reasoner, TemplateError};

/// One example.
#[derive(Clone, Debug)]
pub struct Example {
    /// The square picture, RGB.
    pub rgb: Arc<Vec<u8>>,
    /// Tokens after the picture: the rest of the prompt, then the answer.
    pub suffix: Vec<u32>,
    /// How many of them are the answer, and the weight of each in the loss.
    pub weights: Vec<f32>,
    /// What the auxiliary head should say.
    pub targets: Targets,
}

/// An example that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ExampleError {
    /// See [`MissingPiece`].
    #[error(transparent)]
    Piece(#[from] MissingPiece),
    /// See [`TemplateError`].
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The prompt has no place for the picture, or more than one.
    #[error("the rendered prompt has not exactly one picture")]
    Picture,
}

/// Makes examples of labelled pictures, with the agent's own prompt.
#[derive(Debug)]
pub struct Maker {
    reasoner: Reasoner,
    fusion: FusionParams,
    tokenizer: Tokenizer,
    across: usize,
    prefix: Vec<u32>,
}

impl Maker {
    /// A maker for pictures looked at in `across` x `across` patches.
    ///
    /// # Errors
    /// [`ExampleError`].
    pub fn new(reasoner: Reasoner, fusion: FusionParams, tokenizer: Tokenizer, across: usize) -> Result<Self, ExampleError> {
        let prompt = reasoner.prompt("", None)?;
        let (prefix, _) = tokenizer.around_picture(&prompt).ok_or(ExampleError::Picture)?;
        Ok(Self { reasoner, fusion, tokenizer, across, prefix })
    }

    /// Tokens before the picture, the same for every example.
    pub fn prefix(&self) -> &[u32] {
        &self.prefix
    }

    /// The agent's prompt beside a labelled picture.
    ///
    /// # Errors
    /// See [`TemplateError`].
    pub fn prompt(&self, picture: &Labelled) -> Result<String, TemplateError> {
        self.reasoner.prompt(&sensor_context(&self.fusion, &picture.values).text, None)
    }

    /// The example of a labelled picture.
    ///
    /// # Errors
    /// [`ExampleError`].
    pub fn example(&self, picture: &Labelled) -> Result<Example, ExampleError> {
        let prompt = self.prompt(picture)?;
        let (_, mut suffix) = self.tokenizer.around_picture(&prompt).ok_or(ExampleError::Picture)?;
        let (answer, weights) = picture.answer.tokens(&self.tokenizer)?;
        suffix.extend(answer);
        let patches = self.across * self.across;
        let targets = match picture.knowledge {
            Knowledge::Patches => Targets::new(&picture.sightings, self.across, picture.patch_px),
            Knowledge::NoHazard => Targets::without_hazards(patches),
            Knowledge::Nothing => Targets::unknown(patches),
        };
        Ok(Example { rgb: picture.rgb.clone(), suffix, weights, targets })
    }
}

/// The pictures of one block, made when first asked for.
type Block = Vec<OnceLock<Option<Labelled>>>;

/// The stream.
#[derive(Debug)]
pub struct Stream {
    source: Source,
    maker: Arc<Maker>,
    seed: u64,
    block_len: u64,
    passes: u64,
    present: Mutex<(u64, Arc<Block>)>,
}

impl Stream {
    /// A stream that goes `passes` times through each block of `block_len` pictures.
    pub fn new(source: Source, maker: Arc<Maker>, seed: u64, block_len: u64, passes: u64) -> Self {
        let (block_len, passes) = (block_len.max(1), passes.max(1));
        Self { source, maker, seed, block_len, passes, present: Mutex::new((u64::MAX, Arc::new(Vec::new()))) }
    }

    /// The example with this number.
    ///
    /// # Errors
    /// [`ExampleError`].
    pub fn example(&self, number: u64) -> Result<Example, ExampleError> {
        let per_block = self.block_len * self.passes;
        let (block, within) = (number / per_block, number % per_block);
        let (pass, slot) = (within / self.block_len, within % self.block_len);
        let mut random = Random::named("example", self.seed ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let block_pictures = self.block(block);
        // An odd step through the block, another one in each pass: neighbours of one pass are none of the next.
        let place = if self.block_len.is_power_of_two() { slot.wrapping_mul(2 * pass + 1) % self.block_len } else { slot };
        let picture = block_pictures
            .get(place as usize)
            .and_then(|picture| picture.get_or_init(|| self.source.picture(block * self.block_len + place)).clone());
        // A picture that could not be rendered is replaced by the next one's; with a sound renderer it never happens.
        let Some(picture) = picture.or_else(|| self.source.picture(number.wrapping_add(1 << 40))) else {
            return Err(ExampleError::Picture);
        };
        let mut picture = picture.told(pass as usize);
        let camera_alone = self.source.camera_alone();
        if camera_alone > 0.0 && random.chance(camera_alone) {
            picture.forget_sensors();
        }
        let turned = if (pass + random.index(2) as u64) % 2 == 1 { picture.mirrored() } else { picture };
        self.maker.example(&turned.disturbed(&mut random))
    }

    fn block(&self, number: u64) -> Arc<Block> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if present.0 != number {
            *present = (number, Arc::new((0..self.block_len).map(|_| OnceLock::new()).collect()));
        }
        present.1.clone()
    }
}
