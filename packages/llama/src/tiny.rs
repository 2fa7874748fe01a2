//! Tiny models: pairs of a Gemma 3 text model and vision tower, small enough to be written on the spot. With random weights such a pair keeps
//! the whole path real (llama.cpp, pictures, constrained answers) where no model was installed, and knows nothing; a trainer writes its own
//! weights in a shape of its own.
//!
//! In -> out: shape, card, vocabulary and weights -> two GGUF files; a folder -> the untrained pair in it, the same bytes on every machine.
//! Deliberately absent: any training. Tensor names, shapes and metadata keys are those that llama.cpp's converter writes for Gemma 3.

mod card;
mod corpus;
mod random;
mod shape;

mod text_model;
mod vision_tower;
mod vocabulary;

use crate::check::{CheckError, PairPaths, check_pair};
use crate::gguf::{GgufPlan, TensorType, Value};
use crate::whole_file::{has_content, write_whole};
pub use card::TinyCard;
pub(crate) use random::Random;
pub use shape::{TextShape, TinyShape, VisionShape};
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
pub use vocabulary::{CHAT_TEMPLATE, TinyToken, TokenKind, tiny_vocabulary};

/// `general.name` of the untrained pair.
pub const UNTRAINED_NAME: &str = "vedette-tiny-untrained";

/// What [`write_untrained_pair`] writes, pinned: a file with this hash is left alone, and a test fails where the generator drifts.
const MODEL_SHA256: &str = "26a8e440aefcdcb9a8f329abe5accd935fda04046a56ce221d8386c34c8568c7";
const MMPROJ_SHA256: &str = "4a6a79f52136eeb77acbd9121234f90447f073e5cbc08818d055f6dc1709094d";

/// A pair could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TinyError {
    /// The operating system failed, or there are no weights for a tensor.
    #[error("cannot write the tiny model to {}: {source}", path.display())]
    Write {
        /// The file or folder concerned.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// llama.cpp would not take a pair of this shape; the files were written.
    #[error("the tiny model has an impossible shape: {0}")]
    Shape(#[from] CheckError),
}

impl TinyError {
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}

/// Everything about a pair but its weights.
#[derive(Clone, Debug)]
pub struct TinyPair {
    /// Its sides.
    pub shape: TinyShape,
    /// What it says of itself.
    pub card: TinyCard,
    /// Its tokens, see [`tiny_vocabulary`].
    pub vocabulary: Vec<TinyToken>,
    /// Element type of the matrices, `F16` or `Q8_0`. Rows that are not whole blocks of `Q8_0` are `F16` all the same; so are the patch
    /// convolution and the projection, which llama.cpp unrolls and transposes. Norms, biases and places are `F32`.
    pub matrices: TensorType,
}

impl TinyPair {
    /// The untrained pair; its weights are noise, see [`write_untrained_pair`].
    pub fn untrained() -> Self {
        Self {
            shape: TinyShape::UNTRAINED,
            card: TinyCard {
                name: UNTRAINED_NAME.to_owned(),
                description: "random weights of Gemma 3 architecture; knows nothing".to_owned(),
                license: "apache-2.0".to_owned(),
                is_trained: false,
                data_sha256: None,
                commit: None,
                metrics: Vec::new(),
            },
            vocabulary: tiny_vocabulary(),
            matrices: TensorType::Q8_0,
        }
    }

    /// Type of a matrix with rows of this length.
    fn matrix(&self, row: u64) -> TensorType {
        if row.is_multiple_of(self.matrices.block_elements) { self.matrices } else { TensorType::F16 }
    }

    /// Where the pair stands in `folder`.
    pub fn paths(&self, folder: &Path) -> PairPaths {
        let name = &self.card.name;
        PairPaths { model: folder.join(format!("{name}.gguf")), mmproj: folder.join(format!("mmproj-{name}.gguf")) }
    }
}

/// Writes a pair into `folder` (made if missing), each file whole or not at all. `fill` is asked once for each tensor, in file order: its
/// name, its sides with the fastest-running first (ggml's `ne`), and a row-major buffer of zeros to fill. Norm weights are stored as `1 + w`;
/// `mm.input_projection.weight` is stored transposed, `[text n_embd, vision n_embd]` with the text's side running fastest; a query or key
/// keeps its halves apart for the rotation (NEOX order), as Gemma 3 has them.
///
/// # Errors
/// [`TinyError`]: what `fill` or the operating system says, or a shape that [`check_pair`] refuses.
pub fn write_pair(
    folder: &Path,
    pair: &TinyPair,
    mut fill: impl FnMut(&str, &[u64], &mut [f32]) -> io::Result<()>,
) -> Result<PairPaths, TinyError> {
    fs::create_dir_all(folder).map_err(|source| TinyError::write(folder, source))?;
    let paths = pair.paths(folder);
    for (path, plan) in [(&paths.model, text_model::plan(pair)), (&paths.mmproj, vision_tower::plan(pair))] {
        let write = |out: &mut BufWriter<File>| plan.write(out, |tensor, values| fill(&tensor.name, &tensor.shape, values));
        write_whole(path, write).map_err(|source| TinyError::write(path, source))?;
    }
    check_pair(&paths)?;
    Ok(paths)
}

/// Writes the untrained pair into `folder` (made if missing), unless it is there already with the right content. A file appears whole or not
/// at all, so several processes may do this at once.
///
/// # Errors
/// [`TinyError::Write`].
pub fn write_untrained_pair(folder: &Path) -> Result<PairPaths, TinyError> {
    fs::create_dir_all(folder).map_err(|source| TinyError::write(folder, source))?;
    let pair = TinyPair::untrained();
    let paths = pair.paths(folder);
    write_unless_there(&paths.model, MODEL_SHA256, || text_model::plan(&pair))?;
    write_unless_there(&paths.mmproj, MMPROJ_SHA256, || vision_tower::plan(&pair))?;
    Ok(paths)
}

fn write_unless_there(path: &Path, pinned: &str, plan: impl FnOnce() -> GgufPlan) -> Result<(), TinyError> {
    if pinned.parse().is_ok_and(|pinned| has_content(path, pinned)) {
        return Ok(());
    }
    let write = |out: &mut BufWriter<File>| plan().write(out, |tensor, values| noise(&tensor.name, &tensor.shape, values));
    write_whole(path, write).map_err(|source| TinyError::write(path, source))
}

/// What random weights of a tensor are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Filling {
    /// Biases.
    Zeros,
    /// Norms: Gemma's `1 + w` is stored as the sum.
    Ones,
    /// Everything else: normal noise with the deviation that keeps activations near 1.
    Normal(f32),
}

/// The role that a tensor's name says.
pub(crate) fn filling(name: &str, shape: &[u64]) -> Filling {
    let fan_in = match name {
        "v.patch_embd.weight" => shape.iter().take(3).product(),
        // Stored transposed, see `vision_tower`.
        "mm.input_projection.weight" => shape.get(1).copied().unwrap_or(1),
        _ => shape.first().copied().unwrap_or(1),
    };
    let is_norm = name.contains("norm") || name.contains(".ln1.") || name.contains(".ln2.") || name.contains("post_ln");
    if name.ends_with(".bias") {
        Filling::Zeros
    } else if is_norm {
        Filling::Ones
    } else {
        Filling::Normal(if name == "v.position_embd.weight" { 0.02 } else { 1.0 / (fan_in as f32).sqrt() })
    }
}

/// Weights by their role. Each tensor has a stream of its own, so that one changed shape leaves the others alone.
#[expect(clippy::unnecessary_wraps, reason = "a trainer's weights may be missing, noise never is")]
fn noise(name: &str, shape: &[u64], values: &mut [f32]) -> io::Result<()> {
    match filling(name, shape) {
        Filling::Zeros => values.fill(0.0),
        Filling::Ones => values.fill(1.0),
        Filling::Normal(deviation) => {
            let mut random = Random::named(name);
            values.iter_mut().for_each(|value| *value = random.normal() * deviation);
        }
    }
    Ok(())
}

/// What both files of `pair` consist of, without the numbers.
pub(crate) fn file_plans(pair: &TinyPair) -> [GgufPlan; 2] {
    [text_model::plan(pair), vision_tower::plan(pair)]
}

/// Metadata that both files begin with.
fn general(plan: &mut GgufPlan, pair: &TinyPair, architecture: &str, kind: &str) {
    let card = &pair.card;
    for (key, text) in [
        ("architecture", architecture),
        ("type", kind),
        ("name", &card.name),
        ("license", &card.license),
        ("description", &card.description),
    ] {
        plan.set(&format!("general.{key}"), Value::Text(text.to_owned()));
    }
    // `enum llama_ftype`: mostly F16, mostly Q8_0.
    plan.set("general.file_type", Value::U32(if pair.matrices == TensorType::F16 { 1 } else { 7 }));
    plan.set("general.quantization_version", Value::U32(2));
    card.describe(plan);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256_of_file;

    #[test]
    fn the_same_bytes_on_every_machine() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_untrained_pair(folder.path()).unwrap();
        assert_eq!(sha256_of_file(&paths.model).unwrap().to_string(), MODEL_SHA256, "model");
        assert_eq!(sha256_of_file(&paths.mmproj).unwrap().to_string(), MMPROJ_SHA256, "mmproj");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file stays");
    }

    #[test]
    fn right_files_are_kept_and_wrong_ones_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_untrained_pair(folder.path()).unwrap();
        let written = fs::metadata(&paths.model).unwrap().modified().unwrap();
        fs::write(&paths.mmproj, b"GGUF, cut off").unwrap();
        assert_eq!(write_untrained_pair(folder.path()).unwrap(), paths);
        assert_eq!(fs::metadata(&paths.model).unwrap().modified().unwrap(), written);
        assert_eq!(sha256_of_file(&paths.mmproj).unwrap().to_string(), MMPROJ_SHA256);
    }

    #[test]
    fn the_pair_passes_its_own_check() {
        let folder = tempfile::tempdir().unwrap();
        let facts = check_pair(&write_untrained_pair(folder.path()).unwrap()).unwrap();
        assert_eq!((facts.name.as_str(), facts.architecture.as_str()), (UNTRAINED_NAME, "gemma3"));
        assert!(!facts.is_trained);
        assert_eq!((facts.image_side_px, facts.tokens_per_image, facts.n_ctx_train), (224, 16, 4096));
        assert!((3_000_000..5_000_000).contains(&facts.parameters), "{}", facts.parameters);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("occupied");
        fs::write(&file, b"").unwrap();
        let message = write_untrained_pair(&file.join("below")).unwrap_err().to_string();
        assert!(message.contains("occupied"), "{message}");
    }

    fn another() -> TinyPair {
        let mut pair = TinyPair::untrained();
        pair.shape = TinyShape {
            side_px: 96,
            patch_px: 12,
            pool: 2,
            // Rows of 80 and 200 are not whole blocks of Q8_0.
            vision: VisionShape { n_layer: 2, n_embd: 80, n_ff: 200, n_head: 2 },
            text: TextShape { n_layer: 2, n_embd: 96, n_ff: 160, n_head: 2, head: 32, sliding_window: None, ..pair.shape.text },
        };
        pair.card.name = "another".to_owned();
        pair.card.is_trained = true;
        pair.card.metrics = vec![("verdict_accuracy".to_owned(), 0.5)];
        pair
    }

    #[test]
    fn a_pair_of_another_shape_passes_the_check() {
        let folder = tempfile::tempdir().unwrap();
        for matrices in [TensorType::F16, TensorType::Q8_0] {
            let pair = TinyPair { matrices, ..another() };
            let mut asked = Vec::new();
            let paths = write_pair(folder.path(), &pair, |name, shape, values| {
                asked.push((name.to_owned(), shape.to_vec()));
                noise(name, shape, values)
            })
            .unwrap();
            let facts = check_pair(&paths).unwrap();
            assert_eq!((facts.name.as_str(), facts.is_trained, facts.image_side_px, facts.tokens_per_image), ("another", true, 96, 16));
            let sum: u64 = asked.iter().map(|(_, shape)| shape.iter().product::<u64>()).sum();
            assert_eq!(facts.parameters, sum, "every weight was asked for once");
            let tower = crate::gguf::Gguf::open(&paths.mmproj).unwrap();
            assert_eq!(tower.tensor("v.blk.0.attn_q.weight").unwrap().kind, TensorType::F16, "80 is not whole blocks");
            let text = crate::gguf::Gguf::open(&paths.model).unwrap();
            assert_eq!(text.tensor("blk.0.attn_q.weight").unwrap().kind, matrices);
            assert_eq!(text.metadata["vedette.metric.verdict_accuracy"], Value::F32(0.5));
        }
    }

    #[test]
    fn missing_weights_and_impossible_shapes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let missing = |name: &str, _: &[u64], _: &mut [f32]| {
            if name.ends_with("ffn_up.weight") { Err(io::Error::other(format!("no weights for {name}"))) } else { Ok(()) }
        };
        let message = write_pair(folder.path(), &another(), missing).unwrap_err().to_string();
        assert!(message.contains("blk.0.ffn_up.weight") && message.contains("another.gguf"), "{message}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing half-written stays");
        let mut square = another();
        square.shape.vision.n_ff = square.shape.vision.n_embd;
        let message = write_pair(folder.path(), &square, noise).unwrap_err().to_string();
        assert!(message.contains("clip.vision.feed_forward_length"), "{message}");
    }
}
