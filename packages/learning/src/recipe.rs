//! A recipe: shape, seed and stages, as data. `Recipe::shipped` is for the model that is to be shipped; the tests run a miniature of it.

use crate::kernels::MOST_WIDTH;
use crate::optimizer::OptimizerSettings;
use crate::source::SourceSettings;
use crate::{Shape, TextShape, VisionShape};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Parts of pictures that are looked at instead of whole ones: most of a picture is wall and floor, and a patch learns what it shows from those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// Side of a window, patches.
    pub side: usize,
    /// Windows of each picture: the first around something in it, the others around something or anywhere, in turns.
    pub count: usize,
}

/// One stage of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// One word.
    pub name: String,
    /// Updates.
    pub steps: u64,
    /// Examples of an update.
    pub batch: usize,
    /// Largest learning rate.
    pub rate: f64,
    /// Updates until it is reached.
    pub warm_up: u64,
    /// Share of the updates that are done at the largest rate before it falls.
    pub held_share: f64,
    /// Share of the rate that is left at the end; it falls with the square root of the updates done since it was held (Hagele et al. 2024, "Scaling laws and
    /// compute-optimal training beyond fixed training durations": as good as a cosine, and a longer run begins the same way).
    pub last_rate_share: f64,
    /// Whether the text tower learns.
    pub has_text: bool,
    /// Whether the auxiliary head learns alone: no file holds it, and a fresh one on trained weights would spoil them first.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_head_only: bool,
    /// Weight of the auxiliary head's loss.
    pub notice_weight: f64,
    /// What is shown of each picture, where that is not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Windows>,
    /// What is shown.
    pub source: SourceSettings,
    /// Pictures of a block of the stream.
    pub block_len: u64,
    /// How often each block is gone through.
    pub passes: u64,
    /// Steps between two validations, which also write a checkpoint.
    pub validate_every: u64,
    /// Decay of the average of the weights, where it is not that of the optimizer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<f32>,
}

impl Stage {
    /// Learning rate of a step, counted from 0.
    pub fn rate_at(&self, step: u64) -> f64 {
        let rising = ((step + 1) as f64 / self.warm_up.max(1) as f64).min(1.0);
        let held = self.held_share * self.steps as f64;
        let done = ((step as f64 - held) / (self.steps as f64 - held).max(1.0)).clamp(0.0, 1.0);
        let falling = self.last_rate_share + (1.0 - self.last_rate_share) * (1.0 - done.sqrt());
        self.rate * rising * falling
    }
}

/// The pair that is shipped. How it was trained, by a recipe much like this one, stands in its provenance.
const SHIPPED_PAIR: &str = "fa9613bcdbca4774f7cf6ebe3706f5a885e71a68a5b1af7cd1854a9fac6b4622";

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_false(is_so: &bool) -> bool {
    !*is_so
}

/// Size of the vocabulary that `vedette_llama::tiny` writes.
const VOCABULARY: usize = 1024;

/// A recipe that cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the recipe cannot be followed: {rule}")]
pub struct RecipeFault {
    /// The rule that it breaks.
    pub rule: &'static str,
}

/// Everything that decides the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// `general.name` of the model.
    pub name: String,
    /// Sides of the network.
    pub shape: Shape,
    /// Decides first weights and examples.
    pub seed: u64,
    /// Hash of the pair of files whose weights the run begins with; from nothing where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_with: Option<String>,
    /// One after the other.
    pub stages: Vec<Stage>,
    /// The optimizer.
    pub optimizer: OptimizerSettings,
    /// Scenes of a validation.
    pub validation_scenes: usize,
}

impl Recipe {
    /// What the next model to be shipped is trained by: it goes on from the one before, whose recipe stands in its provenance.
    pub fn shipped() -> Self {
        let vision = VisionShape { side_px: 192, patch_px: 16, pool: 2, n_layer: 6, n_embd: 192, n_ff: 576, n_head: 3 };
        let text = TextShape { n_layer: 4, n_embd: 192, n_ff: 512, n_head: 3, head: 64, n_vocab: 1024 };
        let continuing = Stage {
            name: "continuing".to_owned(),
            steps: 1_350,
            batch: 32,
            rate: 4.0e-4,
            warm_up: 60,
            held_share: 0.2,
            last_rate_share: 0.02,
            has_text: true,
            is_head_only: false,
            notice_weight: 0.3,
            windows: None,
            source: SourceSettings {
                first_seed: 920_000_000,
                photographs: 0.3,
                backdrops: 0.2,
                unseen: 0.0625,
                roaming: 0.35,
                camera_alone: 0.25,
            },
            block_len: 4096,
            passes: 2,
            validate_every: 270,
            average: Some(0.998),
        };
        // Where only the head learns, parts of pictures will do, and cost less than whole ones.
        let noticing = Stage {
            name: "noticing".to_owned(),
            steps: 128,
            rate: 3.0e-3,
            warm_up: 20,
            held_share: 0.6,
            has_text: false,
            is_head_only: true,
            notice_weight: 1.0,
            windows: Some(Windows { side: 6, count: 2 }),
            source: SourceSettings { first_seed: 910_000_000, unseen: 0.0, ..continuing.source },
            validate_every: 128,
            average: Some(0.95),
            ..continuing.clone()
        };
        Self {
            name: "vedette-tiny".to_owned(),
            shape: Shape { vision, text },
            seed: 1,
            begins_with: Some(SHIPPED_PAIR.to_owned()),
            stages: vec![noticing, continuing],
            optimizer: OptimizerSettings::default(),
            validation_scenes: 500,
        }
    }

    /// Whether a network of these sides can be built and a stage run: a recipe may come from a file.
    ///
    /// # Errors
    /// [`RecipeFault`]: what is wrong.
    pub fn check(&self) -> Result<(), RecipeFault> {
        let (v, t) = (&self.shape.vision, &self.shape.text);
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        let divides = |part: usize, whole: usize| part > 0 && whole > 0 && whole.is_multiple_of(part);
        let rules = [
            (divides(v.patch_px, v.side_px), "vision.patch_px must divide vision.side_px"),
            (divides(v.patch_px, v.side_px) && divides(v.pool, v.patches_to_a_side()), "vision.pool must divide the patches of a side"),
            (divides(v.n_head, v.n_embd) && v.n_embd <= MOST_WIDTH, "vision.n_head must divide vision.n_embd, which is at most 1024"),
            (v.n_ff > 0 && v.n_ff != v.n_embd, "vision.n_ff must be above 0 and not vision.n_embd"),
            ((1..=MOST_WIDTH).contains(&t.n_embd) && t.n_ff > 0, "text.n_embd must be 1 to 1024 and text.n_ff above 0"),
            (t.n_head > 0 && divides(2, t.head) && t.head <= MOST_WIDTH, "text.n_head must be above 0 and text.head even, at most 1024"),
            (v.n_layer > 0 && (1..=5).contains(&t.n_layer), "vision.n_layer must be above 0 and text.n_layer 1 to 5"),
            (t.n_vocab == VOCABULARY, "text.n_vocab must be 1024, the size of the tiny vocabulary"),
            (self.stages.iter().all(|stage| stage.batch >= 2), "batch must be at least 2 in every stage"),
            (self.stages.iter().all(|stage| !(stage.is_head_only && stage.has_text)), "is_head_only and has_text exclude each other"),
            (self.stages.iter().all(|stage| !(stage.windows.is_some() && stage.has_text)), "windows and has_text exclude each other"),
            (
                self.stages
                    .iter()
                    .filter_map(|stage| stage.windows)
                    .all(|windows| windows.count > 0 && (1..=v.patches_to_a_side()).contains(&windows.side)),
                "windows.count must be above 0 and windows.side 1 to the patches of a side",
            ),
            (self.stages.iter().all(|stage| stage.validate_every > 0), "validate_every must be above 0 in every stage"),
            (
                self.stages.iter().flat_map(|stage| [stage.held_share, stage.last_rate_share]).all(is_share),
                "held_share and last_rate_share must be 0 to 1 in every stage",
            ),
            (
                self.stages.iter().flat_map(|stage| stage.source.shares()).all(|share| is_share(share.into())),
                "source.photographs, backdrops, unseen, roaming and camera_alone must be 0 to 1 in every stage",
            ),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(RecipeFault { rule }),
            None => Ok(()),
        }
    }

    /// The recipe with its first stages only.
    #[must_use]
    pub fn first_stages(&self, count: usize) -> Self {
        Self { stages: self.stages.iter().take(count).cloned().collect(), ..self.clone() }
    }

    /// Hash of the recipe as JSON.
    pub fn sha256(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
