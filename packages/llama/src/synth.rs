//! Pairs with random weights in the shape of a real model: what memory and time depend on is real, what the model knows is nothing.
//!
//! In -> out: a name out of [`SHAPES`], a folder -> two GGUF files there, the same bytes for the same shape, picture size and seed on every
//! machine. Tensors are written in pieces, so that a file larger than memory can be made. Deliberately absent: any claim about answers.

mod blocks;
mod shapes;

use crate::check::{PairPaths, check_pair};
use crate::gguf::{GgufPlan, TensorType, Value};
use crate::tiny::{TinyCard, TinyError, TinyPair, TinyToken, TokenKind, file_plans, tiny_vocabulary};
use crate::whole_file::write_whole;
pub use shapes::{Mix, SHAPES, SynthShape, shape_named};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct SynthRequest<'a> {
    /// The shape.
    pub shape: &'a SynthShape,
    /// Side of the picture, pixels, instead of the shape's own.
    pub side_px: Option<u32>,
    /// Another seed, other weights.
    pub seed: u64,
}

/// Writes the pair as `NAME.gguf` and `mmproj-NAME.gguf` into `folder` (made if missing); `progress` is told the bytes of each tensor written.
/// With another picture size than the shape's own the tower is called `mmproj-NAME-SIDE.gguf`.
///
/// # Errors
/// [`TinyError`]: what the operating system says, or a picture side that is no multiple of patch x pool.
pub fn write_synthetic_pair(folder: &Path, request: SynthRequest<'_>, mut progress: impl FnMut(u64)) -> Result<PairPaths, TinyError> {
    fs::create_dir_all(folder).map_err(|source| TinyError::write(folder, source))?;
    let pair = described(request);
    let [text, tower] = plans(request.shape, &pair);
    let name = request.shape.name;
    let suffix = request.side_px.filter(|side| *side != request.shape.sides.side_px).map_or_else(String::new, |side| format!("-{side}"));
    let paths = PairPaths { model: folder.join(format!("{name}.gguf")), mmproj: folder.join(format!("mmproj-{name}{suffix}.gguf")) };
    for (path, plan) in [(&paths.model, text), (&paths.mmproj, tower)] {
        let write = |out: &mut BufWriter<File>| {
            plan.write_encoded(out, |tensor, out| {
                blocks::write(tensor, request.seed, out)?;
                progress(tensor.kind.len_bytes(&tensor.shape).unwrap_or_default());
                Ok(())
            })
        };
        write_whole(path, write).map_err(|source| TinyError::write(path, source))?;
    }
    check_pair(&paths)?;
    Ok(paths)
}

/// Bytes of tensors of both files, for progress and for the question whether the disk has room.
pub fn synthetic_bytes(request: SynthRequest<'_>) -> u64 {
    let pair = described(request);
    let bytes = |plan: &GgufPlan| plan.tensors.iter().filter_map(|tensor| tensor.kind.len_bytes(&tensor.shape)).sum::<u64>();
    plans(request.shape, &pair).iter().map(bytes).sum()
}

/// The headers of both files and the lengths the files would have: enough for a plan.
#[cfg(test)]
pub(crate) fn header_only(request: SynthRequest<'_>) -> [(Vec<u8>, u64); 2] {
    let pair = described(request);
    plans(request.shape, &pair).map(|plan| {
        let header = plan.header().unwrap();
        let data: u64 = plan.tensors.iter().map(|t| t.kind.len_bytes(&t.shape).unwrap().next_multiple_of(32)).sum();
        let len = header.len() as u64 + data;
        (header, len)
    })
}

fn described(request: SynthRequest<'_>) -> TinyPair {
    let shape = request.shape;
    let mut sides = shape.sides;
    sides.side_px = request.side_px.unwrap_or(sides.side_px);
    TinyPair {
        shape: sides,
        card: TinyCard {
            name: format!("{}-synthetic", shape.name),
            description: format!("random weights in the shape of {}; knows nothing", shape.name),
            license: "apache-2.0".to_owned(),
            is_trained: false,
            data_sha256: None,
            commit: None,
            metrics: Vec::new(),
        },
        vocabulary: vocabulary(shape.n_vocab as usize),
        matrices: TensorType::F16,
    }
}

/// The plans of both files, with the element types of the shape's mix.
fn plans(shape: &SynthShape, pair: &TinyPair) -> [GgufPlan; 2] {
    let [mut text, tower] = file_plans(pair);
    let n_layer = pair.shape.text.n_layer;
    for tensor in &mut text.tensors {
        // Norms stay F32; a row that is no whole block stays F16.
        let kind = shape.mix.kind(&tensor.name, n_layer);
        if tensor.shape.len() > 1 && kind.len_bytes(&tensor.shape).is_some() {
            tensor.kind = kind;
        }
    }
    for (key, value) in &mut text.metadata {
        if key == "general.file_type" {
            *value = Value::U32(shape.mix.file_type());
        }
    }
    if let Some(factor) = shape.rope_factor {
        text.set("gemma3.rope.scaling.type", Value::Text("linear".to_owned()));
        text.set("gemma3.rope.scaling.factor", Value::F32(factor));
    }
    [text, tower]
}

/// The tiny vocabulary, followed by made-up words that nothing ever merges into.
fn vocabulary(n_vocab: usize) -> Vec<TinyToken> {
    const CONSONANTS: &[u8] = b"bcdfghjklmnprstvwz";
    const VOWELS: &[u8] = b"aeiou";
    let mut tokens = tiny_vocabulary();
    let known: BTreeSet<String> = tokens.iter().map(|token| token.text.clone()).collect();
    let word = |mut index: usize| {
        let mut text = String::from("\u{2581}");
        // Four syllables at least: longer than most words of the prompt.
        for place in 0.. {
            if place >= 4 && index == 0 {
                break;
            }
            let (consonant, vowel) = (index % CONSONANTS.len(), index / CONSONANTS.len() % VOWELS.len());
            text.extend([CONSONANTS.get(consonant), VOWELS.get(vowel)].into_iter().flatten().map(|byte| char::from(*byte)));
            index /= CONSONANTS.len() * VOWELS.len();
        }
        text
    };
    let made_up = (0..).map(word).filter(|text| !known.contains(text)).take(n_vocab.saturating_sub(tokens.len()));
    tokens.extend(made_up.map(|text| TinyToken { text, score: -1e4, kind: TokenKind::Normal }));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256_of_file;

    fn request(name: &str) -> SynthRequest<'static> {
        SynthRequest { shape: shape_named(name).unwrap(), side_px: None, seed: 0 }
    }

    #[test]
    fn small_shapes_pass_the_check_and_their_bytes_depend_on_the_seed_alone() {
        let folder = tempfile::tempdir().unwrap();
        for shape in SHAPES.iter().filter(|shape| shape.name.starts_with("small-")) {
            let asked = SynthRequest { shape, side_px: None, seed: 7 };
            let mut told = 0;
            let paths = write_synthetic_pair(folder.path(), asked, |bytes| told += bytes).unwrap();
            assert_eq!(told, synthetic_bytes(asked), "{}", shape.name);
            let facts = check_pair(&paths).unwrap();
            assert_eq!((facts.n_vocab, facts.is_trained), (shape.n_vocab, false), "{}", shape.name);
        }
        let digest = |seed| {
            let asked = SynthRequest { seed, ..request("small-window") };
            sha256_of_file(&write_synthetic_pair(&folder.path().join(seed.to_string()), asked, |_| ()).unwrap().model).unwrap()
        };
        assert_eq!(digest(7), sha256_of_file(&folder.path().join("small-window.gguf")).unwrap());
        assert_ne!(digest(7), digest(8));
    }

    #[test]
    fn the_4b_shape_is_that_of_the_published_model() {
        // 3.88e9 weights in the text model; published files: Q4_K_M 2.49 GB, mmproj F16 0.85 GB.
        let [text, tower] = plans(shape_named("gemma3-4b").unwrap(), &described(request("gemma3-4b")));
        let bytes = |plan: &GgufPlan| plan.tensors.iter().map(|tensor| tensor.kind.len_bytes(&tensor.shape).unwrap()).sum::<u64>();
        assert_eq!(text.parameters(), 3_880_099_328);
        assert!((2.45e9..2.50e9).contains(&(bytes(&text) as f64)), "{}", bytes(&text));
        assert!((0.84e9..0.86e9).contains(&(bytes(&tower) as f64)), "{}", bytes(&tower));
    }

    #[test]
    fn an_impossible_picture_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let asked = SynthRequest { side_px: Some(100), ..request("small-window") };
        let message = write_synthetic_pair(folder.path(), asked, |_| ()).unwrap_err().to_string();
        assert!(message.contains("image_size"), "{message}");
    }
}
