//! The settings that a plan decides, by llama.cpp's names.

use serde::Serialize;

/// Element type of the KV cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KvType {
    /// 16-bit floats: llama.cpp's default.
    F16,
    /// 8.5 bits an element; needs flash attention.
    Q8_0,
}

impl KvType {
    /// The word in parameters and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Q8_0 => "q8_0",
        }
    }

    /// Bytes of a row of `elements`, a multiple of 32.
    pub(super) fn row_bytes(self, elements: u64) -> u64 {
        match self {
            Self::F16 => 2 * elements,
            Self::Q8_0 => elements / 32 * 34,
        }
    }
}

/// What a pair is loaded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Context, tokens.
    pub n_ctx: u64,
    /// Most tokens handed over at once.
    pub n_batch: u64,
    /// Most tokens computed at once.
    pub n_ubatch: u64,
    /// Element type of keys and values.
    pub kv_type: KvType,
    /// Fused attention, without a matrix of scores.
    pub flash_attn: bool,
    /// Layers on the GPU; one more than the model has puts the output there as well.
    pub n_gpu_layers: u64,
    /// The vision tower on the GPU.
    pub mmproj_on_gpu: bool,
    /// Weights rearranged for the CPU: a second, anonymous copy of those that are not on the GPU.
    pub repack: bool,
    /// Rows of scores kept: one is enough for one answer.
    pub n_outputs_max: u64,
    /// Embeddings of pictures kept, bytes.
    pub picture_cache_bytes: u64,
    /// CPU threads.
    pub n_threads: u64,
}

impl Settings {
    /// The context as llama.cpp rounds it.
    pub fn cells(&self) -> u64 {
        self.n_ctx.next_multiple_of(256)
    }

    /// Tokens that are really computed at once.
    pub fn tokens_at_once(&self) -> u64 {
        self.n_ubatch.min(self.n_batch).min(self.n_ctx)
    }

    /// Cells of a layer with a sliding window (`llama_kv_cache_iswa`).
    pub fn sliding_cells(&self, n_swa: u64) -> u64 {
        self.cells().min(n_swa + self.n_ubatch.min(self.n_batch)).next_multiple_of(256)
    }
}
