//! The sides of a tiny model: what the text model and the vision tower are made of. Names are llama.cpp's own.

/// Sides of the vision tower (SigLIP) and of its projector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisionShape {
    /// Layers.
    pub n_layer: u32,
    /// Length of a patch's embedding.
    pub n_embd: u32,
    /// Width of the feed-forward part. Not `n_embd`: llama.cpp would take the two matrices of a layer for each other.
    pub n_ff: u32,
    /// Attention heads; divides `n_embd`.
    pub n_head: u32,
}

/// Sides of the text model (Gemma 3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextShape {
    /// Layers. With a sliding window each sixth looks at everything and has the long rotary base, as in Gemma 3.
    pub n_layer: u32,
    /// Length of a token's embedding.
    pub n_embd: u32,
    /// Width of the feed-forward part.
    pub n_ff: u32,
    /// Attention heads.
    pub n_head: u32,
    /// Heads of keys and values; divides `n_head`.
    pub n_head_kv: u32,
    /// Length of a head's query, key and value; even.
    pub head: u32,
    /// Longest context, tokens.
    pub n_ctx_train: u32,
    /// How far back most layers look, tokens; `None` lets every layer look at everything, with the long rotary base.
    pub sliding_window: Option<u32>,
    /// Rotary base of the layers that look at everything.
    pub rope_base: f32,
    /// Rotary base of the layers with a sliding window.
    pub rope_base_sliding: f32,
}

/// A tiny model's sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TinyShape {
    /// Side of the square picture, pixels.
    pub side_px: u32,
    /// Side of a patch, pixels; divides `side_px`.
    pub patch_px: u32,
    /// Patches to each side that become one token; divides the patches of a side.
    pub pool: u32,
    /// The vision tower.
    pub vision: VisionShape,
    /// The text model.
    pub text: TextShape,
}

impl TinyShape {
    /// The shape of the untrained pair: five layers with a sliding window and one without, as the real ones alternate; 16 tokens a picture.
    pub const UNTRAINED: Self = Self {
        side_px: 224,
        patch_px: 14,
        pool: 4,
        vision: VisionShape { n_layer: 4, n_embd: 128, n_ff: 384, n_head: 2 },
        text: TextShape {
            n_layer: 6,
            n_embd: 192,
            n_ff: 576,
            n_head: 3,
            n_head_kv: 1,
            head: 64,
            n_ctx_train: 4096,
            sliding_window: Some(512),
            rope_base: 1e6,
            rope_base_sliding: 1e4,
        },
    };
}
