//! The named shapes: the published Gemma 3 4B, and small ones that differ in what memory depends on.

use crate::gguf::TensorType;
use crate::tiny::{TextShape, TinyShape, VisionShape};

/// Element types of the text model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// As llama.cpp's `Q4_K_M`: values and half of the down projections in Q6_K, embeddings in Q6_K, the rest in Q4_K.
    Q4Km,
    /// All matrices in Q4_0.
    Q4_0,
    /// All matrices in Q8_0.
    Q8_0,
    /// All matrices in F16.
    F16,
}

impl Mix {
    /// The type of the matrix called `name`.
    pub(super) fn kind(self, name: &str, n_layer: u32) -> TensorType {
        match self {
            Self::Q4_0 => TensorType::Q4_0,
            Self::Q8_0 => TensorType::Q8_0,
            Self::F16 => TensorType::F16,
            Self::Q4Km if name == "token_embd.weight" => TensorType::Q6_K,
            Self::Q4Km => {
                let layer = name.strip_prefix("blk.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok()).unwrap_or(0);
                let takes_more = name.ends_with("attn_v.weight") || name.ends_with("ffn_down.weight");
                // `use_more_bits` of llama-quant.cpp: the first and last eighth, and every third between.
                let (eighth, rest) = (n_layer / 8, 7 * n_layer / 8);
                let more = layer < eighth || layer >= rest || (layer - eighth) % 3 == 2;
                if takes_more && more { TensorType::Q6_K } else { TensorType::Q4_K }
            }
        }
    }

    /// `enum llama_ftype`.
    pub(super) fn file_type(self) -> u32 {
        match self {
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q8_0 => 7,
            Self::Q4Km => 15,
        }
    }
}

/// A shape to write.
#[derive(Clone, Debug, PartialEq)]
pub struct SynthShape {
    /// Name, also of the files.
    pub name: &'static str,
    /// What is particular about it.
    pub about: &'static str,
    /// All sides.
    pub sides: TinyShape,
    /// Tokens of the vocabulary.
    pub n_vocab: u32,
    /// Element types of the text model; the tower is F16.
    pub mix: Mix,
    /// Linear scaling of rotary positions, where the model has it.
    pub rope_factor: Option<f32>,
}

/// The shape of this name.
pub fn shape_named(name: &str) -> Option<&'static SynthShape> {
    SHAPES.iter().find(|shape| shape.name == name)
}

/// Gemma 3 rotary bases, and what all small shapes share.
const TEXT: TextShape = TextShape {
    n_layer: 6,
    n_embd: 256,
    n_ff: 2048,
    n_head: 4,
    n_head_kv: 2,
    head: 64,
    n_ctx_train: 16_384,
    sliding_window: Some(512),
    rope_base: 1e6,
    rope_base_sliding: 1e4,
};

const SIDES: TinyShape =
    TinyShape { side_px: 224, patch_px: 14, pool: 4, vision: VisionShape { n_layer: 2, n_embd: 192, n_ff: 512, n_head: 3 }, text: TEXT };

/// Every shape, the real one first.
pub static SHAPES: &[SynthShape] = &[
    SynthShape {
        name: "gemma3-4b",
        about: "Gemma 3 4B in Q4_K_M with its SigLIP tower in F16: 2.5 + 0.85 GB",
        sides: TinyShape {
            side_px: 896,
            patch_px: 14,
            pool: 4,
            vision: VisionShape { n_layer: 27, n_embd: 1152, n_ff: 4304, n_head: 16 },
            text: TextShape {
                n_layer: 34,
                n_embd: 2560,
                n_ff: 10_240,
                n_head: 8,
                n_head_kv: 4,
                head: 256,
                n_ctx_train: 131_072,
                sliding_window: Some(1024),
                ..TEXT
            },
        },
        n_vocab: 262_144,
        mix: Mix::Q4Km,
        rope_factor: Some(8.0),
    },
    SynthShape {
        name: "small-window",
        about: "sliding window in five of six layers, two heads of keys, Q8_0",
        sides: SIDES,
        n_vocab: 2048,
        mix: Mix::Q8_0,
        rope_factor: None,
    },
    SynthShape {
        name: "small-global",
        about: "every layer sees everything, as many heads of keys as of queries, F16",
        sides: TinyShape { text: TextShape { n_head_kv: 4, n_ff: 1536, sliding_window: None, ..TEXT }, ..SIDES },
        n_vocab: 2048,
        mix: Mix::F16,
        rope_factor: None,
    },
    SynthShape {
        name: "small-deep",
        about: "thirteen layers, one head of keys of 128, window 1024, Q4_K_M",
        sides: TinyShape {
            text: TextShape { n_layer: 13, n_head: 2, n_head_kv: 1, head: 128, n_ff: 1024, sliding_window: Some(1024), ..TEXT },
            ..SIDES
        },
        n_vocab: 2048,
        mix: Mix::Q4Km,
        rope_factor: None,
    },
    SynthShape {
        name: "small-words",
        about: "a vocabulary of 65,536 tokens, Q4_0",
        sides: TinyShape { text: TextShape { n_layer: 3, n_embd: 128, n_ff: 512, n_head: 2, ..TEXT }, ..SIDES },
        n_vocab: 65_536,
        mix: Mix::Q4_0,
        rope_factor: None,
    },
    SynthShape {
        name: "small-picture",
        about: "pictures of 448 px: 1024 patches, 64 tokens",
        sides: TinyShape {
            side_px: 448,
            vision: VisionShape { n_layer: 3, n_embd: 256, n_ff: 1024, n_head: 4 },
            text: TextShape { n_ff: 1024, n_head_kv: 1, sliding_window: Some(1024), ..TEXT },
            ..SIDES
        },
        n_vocab: 2048,
        mix: Mix::Q8_0,
        rope_factor: None,
    },
];
