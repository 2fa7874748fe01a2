//! What memory depends on, read from the headers of a pair that has passed its check.

use crate::gguf::{Array, Gguf, Tensor, Value};
use serde::Serialize;

/// Sides and bytes of a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelShape {
    /// `general.name` of the text model.
    pub name: String,
    /// Bytes of the text model's file.
    pub model_file_bytes: u64,
    /// Bytes of the tower's file.
    pub mmproj_file_bytes: u64,
    /// Layers of the text model.
    pub n_layer: u64,
    /// Length of an embedding.
    pub n_embd: u64,
    /// Width of the feed-forward part.
    pub n_ff: u64,
    /// Heads of queries.
    pub n_head: u64,
    /// Heads of keys and values.
    pub n_head_kv: u64,
    /// Length of a head's key.
    pub head_k: u64,
    /// Length of a head's value.
    pub head_v: u64,
    /// Tokens of the vocabulary.
    pub n_vocab: u64,
    /// Longest context the model was made for.
    pub n_ctx_train: u64,
    /// Sliding window of five layers in six; 0 without one.
    pub n_swa: u64,
    /// Queries, keys and values in one matrix.
    pub is_qkv_fused: bool,
    /// Bytes of each layer's weights.
    pub layer_bytes: Vec<u64>,
    /// Bytes of the token embeddings, which are always on the CPU.
    pub embedding_bytes: u64,
    /// Bytes of the output matrix; of a model that shares it with the embeddings, the embeddings' once more where the output is on a GPU.
    pub output_bytes: u64,
    /// Whether the output matrix is the embeddings.
    pub is_output_shared: bool,
    /// Bits of an activation as it is multiplied with the widest matrix: 16 with floats, else those of Q8_0 or Q8_K.
    pub activation_bits: u64,
    /// Bytes of the texts of all tokens.
    pub vocabulary_bytes: u64,
    /// Bytes of the tower's weights.
    pub tower_bytes: u64,
    /// Side of the picture, pixels.
    pub side_px: u64,
    /// Side of a patch, pixels.
    pub patch_px: u64,
    /// Patches to each side that become one token.
    pub pool: u64,
    /// Layers of the tower.
    pub tower_layers: u64,
    /// Length of a patch's embedding.
    pub tower_embd: u64,
    /// Width of the tower's feed-forward part.
    pub tower_ff: u64,
    /// Heads of the tower.
    pub tower_head: u64,
    /// Whether the first convolution is computed in F32 (BF16 weights).
    pub is_patch_f32: bool,
    /// Bytes of an element of the projection.
    pub projection_element_bytes: u64,
}

impl ModelShape {
    /// From the headers of both files, which [`check_pair`](crate::check_pair) has found sound, and their lengths.
    pub fn new(text: &Gguf, tower: &Gguf, model_file_bytes: u64, mmproj_file_bytes: u64) -> Self {
        let side = |gguf: &Gguf, key: &str, absent: u64| match gguf.metadata.get(key) {
            Some(Value::U32(value)) => u64::from(*value),
            _ => absent,
        };
        let of_text = |key: &str, absent| side(text, &format!("gemma3.{key}"), absent);
        let of_tower = |key: &str, absent| side(tower, &format!("clip.vision.{key}"), absent);
        let (n_layer, n_embd, n_head) = (of_text("block_count", 0), of_text("embedding_length", 0), of_text("attention.head_count", 1));
        let bytes = |name: &str| text.tensor(name).map_or(0, |tensor| tensor.len_bytes);
        let layer = |index: u64| {
            let prefix = format!("blk.{index}.");
            text.tensors.iter().filter(|tensor| tensor.name.starts_with(&prefix)).map(|tensor| tensor.len_bytes).sum()
        };
        let (n_vocab, vocabulary_bytes) = match text.metadata.get("tokenizer.ggml.tokens") {
            Some(Value::Array(Array::Texts(tokens))) => (tokens.len() as u64, tokens.iter().map(|token| token.len() as u64).sum()),
            _ => (0, 0),
        };
        let element = |tensor: &Tensor| tensor.kind.block_bytes;
        Self {
            name: match text.metadata.get("general.name") {
                Some(Value::Text(name)) => name.clone(),
                _ => String::new(),
            },
            model_file_bytes,
            mmproj_file_bytes,
            n_layer,
            n_embd,
            n_ff: of_text("feed_forward_length", 0),
            n_head,
            n_head_kv: of_text("attention.head_count_kv", n_head),
            head_k: of_text("attention.key_length", n_embd / n_head.max(1)),
            head_v: of_text("attention.value_length", n_embd / n_head.max(1)),
            n_vocab,
            n_ctx_train: of_text("context_length", 0),
            n_swa: of_text("attention.sliding_window", 0),
            is_qkv_fused: text.tensor("blk.0.attn_qkv.weight").is_some(),
            layer_bytes: (0..n_layer).map(layer).collect(),
            embedding_bytes: bytes("token_embd.weight"),
            output_bytes: text.tensor("output.weight").map_or(bytes("token_embd.weight"), |tensor| tensor.len_bytes),
            is_output_shared: text.tensor("output.weight").is_none(),
            activation_bits: text.tensor("blk.0.ffn_down.weight").map_or(16, |tensor| if tensor.kind.block_elements == 1 { 16 } else { 9 }),
            vocabulary_bytes,
            tower_bytes: tower.tensors.iter().map(|tensor| tensor.len_bytes).sum(),
            side_px: of_tower("image_size", 0),
            patch_px: of_tower("patch_size", 1),
            pool: of_tower("projector.scale_factor", 4),
            tower_layers: of_tower("block_count", 0),
            tower_embd: of_tower("embedding_length", 0),
            tower_ff: of_tower("feed_forward_length", 0),
            tower_head: of_tower("attention.head_count", 1),
            is_patch_f32: tower.tensor("v.patch_embd.weight").is_some_and(|tensor| tensor.kind.name == "bf16"),
            projection_element_bytes: tower.tensor("mm.input_projection.weight").map_or(2, element),
        }
    }

    /// Text tokens of one picture.
    pub fn tokens_per_image(&self) -> u64 {
        let pooled = self.side_px / self.patch_px.max(1) / self.pool.max(1);
        pooled * pooled
    }

    /// Whether layer `index` sees a sliding window only (`load_swa_pattern(ml, 6)`: each sixth sees everything).
    pub fn is_sliding(&self, index: u64) -> bool {
        self.n_swa > 0 && index % 6 < 5
    }
}
