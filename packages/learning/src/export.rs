//! Trained weights as a pair of GGUF files for llama.cpp. In -> out: parameters and a card -> text model and mmproj. The metadata and tensor names are
//! `vedette_llama::tiny`'s; here each tensor finds its numbers.

use crate::{Parameters, Shape};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use vedette_llama::gguf::TensorType;
use vedette_llama::tiny::{TextShape, TinyCard, TinyPair, TinyShape, VisionShape, tiny_vocabulary, write_pair};
use vedette_llama::{PairPaths, TinyError};

impl From<Shape> for TinyShape {
    fn from(shape: Shape) -> Self {
        let side = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (v, t) = (shape.vision, shape.text);
        Self {
            side_px: side(v.side_px),
            patch_px: side(v.patch_px),
            pool: side(v.pool),
            vision: VisionShape { n_layer: side(v.n_layer), n_embd: side(v.n_embd), n_ff: side(v.n_ff), n_head: side(v.n_head) },
            text: TextShape {
                n_layer: side(t.n_layer),
                n_embd: side(t.n_embd),
                n_ff: side(t.n_ff),
                n_head: side(t.n_head),
                n_head_kv: 1,
                head: side(t.head),
                n_ctx_train: 2048,
                // Each sixth layer would look at everything with the long base: there are at most five.
                sliding_window: Some(1024),
                rope_base: 1e6,
                rope_base_sliding: 1e4,
            },
        }
    }
}

/// Writes the pair into `folder`, matrices as `matrices` (`F16` or `Q8_0`).
///
/// # Errors
/// [`TinyError`].
pub fn export(folder: &Path, parameters: &Parameters, card: TinyCard, matrices: TensorType) -> Result<PairPaths, TinyError> {
    let mut tensors: HashMap<&str, (Vec<usize>, Vec<f32>)> = HashMap::new();
    for (name, group) in &parameters.groups {
        let numbers: Vec<f32> = parameters.variables.get(name).and_then(|variable| variable.to_vec1().ok()).unwrap_or_default();
        for part in &group.parts {
            let numbers = numbers.get(part.start..part.start + part.len()).unwrap_or_default().to_vec();
            tensors.insert(&part.name, (part.sides.clone(), numbers));
        }
    }
    let pair = TinyPair { shape: parameters.shape.into(), card, vocabulary: tiny_vocabulary(), matrices };
    write_pair(folder, &pair, |name, _, values| {
        let (sides, numbers) = tensors.get(name).ok_or_else(|| io::Error::other(format!("the network has no weights {name}")))?;
        if numbers.len() != values.len() {
            return Err(io::Error::other(format!("{name} has {} weights, the file wants {}", numbers.len(), values.len())));
        }
        match (name, sides.as_slice()) {
            // Stored with the text's side running fastest.
            ("mm.input_projection.weight", [text, vision]) => {
                for (index, value) in values.iter_mut().enumerate() {
                    *value = numbers.get(index % text * vision + index / text).copied().unwrap_or(0.0);
                }
            }
            _ => values.copy_from_slice(numbers),
        }
        Ok(())
    })
}
