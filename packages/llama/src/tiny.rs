//! The untrained tiny pair: a Gemma 3 text model and vision tower with random weights, small enough to be written on the spot. It keeps the
//! whole path real (llama.cpp, pictures, constrained answers) where no model was installed, and it knows nothing.
//!
//! In -> out: a folder -> two GGUF files in it, the same bytes on every machine. Deliberately absent: any training. Tensor names, shapes and
//! metadata keys are those that llama.cpp's converter writes for Gemma 3, so a trained pair of the same shape loads the same way.

mod corpus;
mod random;

mod text_model;
mod vision_tower;
mod vocabulary;

use crate::check::PairPaths;
use crate::digest::sha256_of_file;
use crate::gguf::{GgufPlan, TensorPlan, Value};
pub(crate) use random::Random;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use vedette_types::Sha256;

/// `general.name` of the untrained pair.
pub const UNTRAINED_NAME: &str = "vedette-tiny-untrained";

/// Length of an embedding, shared by both files.
const N_EMBD: u32 = 192;

/// What [`write_untrained_pair`] writes, pinned: a file with this hash is left alone, and a test fails where the generator drifts.
const MODEL_SHA256: &str = "26a8e440aefcdcb9a8f329abe5accd935fda04046a56ce221d8386c34c8568c7";
const MMPROJ_SHA256: &str = "4a6a79f52136eeb77acbd9121234f90447f073e5cbc08818d055f6dc1709094d";

/// The pair could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the untrained tiny model to {}: {source}", path.display())]
pub struct TinyError {
    /// The file or folder concerned.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Writes the pair into `folder` (made if missing), unless it is there already with the right content. A file appears whole or not at all,
/// so several processes may do this at once.
///
/// # Errors
/// [`TinyError`].
pub fn write_untrained_pair(folder: &Path) -> Result<PairPaths, TinyError> {
    fs::create_dir_all(folder).map_err(|source| TinyError { path: folder.to_owned(), source })?;
    let paths =
        PairPaths { model: folder.join(format!("{UNTRAINED_NAME}.gguf")), mmproj: folder.join(format!("mmproj-{UNTRAINED_NAME}.gguf")) };
    write_unless_there(&paths.model, MODEL_SHA256, text_model::plan)?;
    write_unless_there(&paths.mmproj, MMPROJ_SHA256, vision_tower::plan)?;
    Ok(paths)
}

fn write_unless_there(path: &Path, pinned: &str, plan: fn() -> GgufPlan) -> Result<(), TinyError> {
    let is_there = path.is_file() && sha256_of_file(path).is_ok_and(|found| pinned.parse() == Ok::<Sha256, _>(found));
    if is_there { Ok(()) } else { write_whole(path, &plan()).map_err(|source| TinyError { path: path.to_owned(), source }) }
}

/// Writes beside `path` and renames.
fn write_whole(path: &Path, plan: &GgufPlan) -> io::Result<()> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let unique = format!("{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let beside = path.with_extension(unique);
    let write = || {
        let mut out = BufWriter::new(File::create(&beside)?);
        plan.write(&mut out, fill)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&beside, path)
    };
    write().inspect_err(|_| {
        // The first error is the one to report; a leftover is only untidy.
        let _ = fs::remove_file(&beside);
    })
}

/// Weights by the role their name says: norms are 1 (Gemma's `1 + w` is stored as the sum), biases 0, everything else is normal noise with
/// the deviation that keeps activations near 1. Each tensor has a stream of its own, so that one changed shape leaves the others alone.
fn fill(tensor: &TensorPlan, values: &mut [f32]) {
    let name = tensor.name.as_str();
    let fan_in = match name {
        "v.patch_embd.weight" => tensor.shape.iter().take(3).product(),
        // Stored transposed, see `vision_tower`.
        "mm.input_projection.weight" => tensor.shape.get(1).copied().unwrap_or(1),
        _ => tensor.shape.first().copied().unwrap_or(1),
    };
    let is_norm = name.contains("norm") || name.contains(".ln1.") || name.contains(".ln2.") || name.contains("post_ln");
    if name.ends_with(".bias") {
        values.fill(0.0);
    } else if is_norm {
        values.fill(1.0);
    } else {
        let deviation = if name == "v.position_embd.weight" { 0.02 } else { 1.0 / (fan_in as f32).sqrt() };
        let mut random = Random::named(name);
        values.iter_mut().for_each(|value| *value = random.normal() * deviation);
    }
}

/// Metadata that both files begin with.
fn general(plan: &mut GgufPlan, architecture: &str, kind: &str) {
    plan.set("general.architecture", Value::Text(architecture.to_owned()));
    plan.set("general.type", Value::Text(kind.to_owned()));
    plan.set("general.name", Value::Text(UNTRAINED_NAME.to_owned()));
    plan.set("general.license", Value::Text("apache-2.0".to_owned()));
    plan.set("general.description", Value::Text("random weights of Gemma 3 architecture; knows nothing".to_owned()));
    plan.set("general.file_type", Value::U32(7)); // mostly Q8_0
    plan.set("general.quantization_version", Value::U32(2));
    plan.set("vedette.training", Value::Text("untrained".to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check_pair;

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
}
