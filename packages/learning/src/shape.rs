//! The sides of the network: what the vision tower and the text tower are made of. Everything else follows from these numbers.

use serde::{Deserialize, Serialize};

/// Sides of the vision tower (SigLIP) and of its projector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisionShape {
    /// Side of the square picture, pixels.
    pub side_px: usize,
    /// Side of a patch, pixels; divides `side_px`.
    pub patch_px: usize,
    /// Patches that become one token, to each side; divides the patches of a side.
    pub pool: usize,
    /// Layers.
    pub n_layer: usize,
    /// Length of a patch's embedding.
    pub n_embd: usize,
    /// Width of the feed-forward part; not equal to `n_embd`, or llama.cpp swaps its matrices.
    pub n_ff: usize,
    /// Attention heads.
    pub n_head: usize,
}

impl VisionShape {
    /// Patches to each side.
    pub const fn patches_to_a_side(&self) -> usize {
        self.side_px / self.patch_px
    }

    /// Patches of a picture.
    pub const fn patches(&self) -> usize {
        self.patches_to_a_side() * self.patches_to_a_side()
    }

    /// Numbers of a patch: three colours.
    pub const fn patch_len(&self) -> usize {
        3 * self.patch_px * self.patch_px
    }

    /// Tokens that a picture becomes.
    pub const fn tokens(&self) -> usize {
        let side = self.patches_to_a_side() / self.pool;
        side * side
    }
}

/// Sides of the text tower (Gemma 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextShape {
    /// Layers; up to five, so that all of them have the short rotary base.
    pub n_layer: usize,
    /// Length of a token's embedding.
    pub n_embd: usize,
    /// Width of the feed-forward part.
    pub n_ff: usize,
    /// Attention heads.
    pub n_head: usize,
    /// Length of a head's query and key. Keys and values have a single head.
    pub head: usize,
    /// Size of the vocabulary.
    pub n_vocab: usize,
}

impl TextShape {
    /// Length of query, key and value of a token together.
    pub const fn qkv_len(&self) -> usize {
        (self.n_head + 2) * self.head
    }
}

/// The whole network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Vision tower and projector.
    pub vision: VisionShape,
    /// Text tower.
    pub text: TextShape,
}
