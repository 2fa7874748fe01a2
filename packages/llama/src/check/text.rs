//! The text model: Gemma 3, as `src/models/gemma3.cpp` of llama.cpp loads it.

use super::lookup::{Lookup, Use};
use super::{CheckError, tokenizer};
use crate::gguf::{Gguf, Value};
use std::path::Path;

/// The one text architecture supported.
pub(super) const ARCHITECTURE: &str = "gemma3";

/// `LLAMA_MAX_LAYERS`; more than this is an assert.
const MAX_LAYERS: u32 = 512;

/// Any length or count in a header: far above every model there is, and small enough that products stay in 64 bits.
const MAX_SIZE: u32 = 1 << 24;

/// What is needed of the text model.
pub(super) struct TextFacts {
    pub(super) name: String,
    pub(super) chat_template: String,
    pub(super) n_ctx_train: u32,
    pub(super) n_embd: u32,
    pub(super) n_vocab: u32,
}

pub(super) fn check(path: &Path, gguf: &Gguf) -> Result<TextFacts, CheckError> {
    let look = Lookup { path, gguf };
    kind(&look)?;
    let n_vocab = tokenizer::check(&look)?;
    let n_embd = tower(&look, n_vocab)?;
    let file_name = || path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Ok(TextFacts {
        name: look.text("general.name", "").map_or_else(|_| file_name(), str::to_owned),
        chat_template: look.text("tokenizer.chat_template", "the model's chat template")?.to_owned(),
        n_ctx_train: look.u32(&key("context_length"), 64, MAX_SIZE)?,
        n_embd,
        n_vocab,
    })
}

fn key(name: &str) -> String {
    format!("{ARCHITECTURE}.{name}")
}

/// A whole model of the supported architecture, in one file.
fn kind(look: &Lookup<'_>) -> Result<(), CheckError> {
    match look.text("general.architecture", &format!("`{ARCHITECTURE}`"))? {
        ARCHITECTURE => {}
        "clip" => {
            return Err(look.key_error(
                "general.architecture",
                format!("`{ARCHITECTURE}`"),
                "this is a vision tower: give the text model, and this file as mmproj",
            ));
        }
        _ => {
            let advice = "use a Gemma 3 model (4B or larger has pictures) with its mmproj";
            return Err(look.key_error("general.architecture", format!("`{ARCHITECTURE}`"), advice));
        }
    }
    match look.gguf.metadata.get("general.type") {
        None => {}
        Some(Value::Text(kind)) if kind == "model" => {}
        Some(_) => return Err(look.key_error("general.type", "`model`", "give the base model, not an adapter or a vocabulary")),
    }
    match look.gguf.metadata.get("split.count") {
        None | Some(Value::U16(0 | 1)) => Ok(()),
        Some(_) => Err(look.key_error("split.count", "no entry", "merge the parts with `llama-gguf-split --merge` first")),
    }
}

/// Sizes and tensors; gives back the embedding length.
fn tower(look: &Lookup<'_>, n_vocab: u32) -> Result<u32, CheckError> {
    let n_embd = look.u32(&key("embedding_length"), 1, MAX_SIZE)?;
    let n_layer = look.u32(&key("block_count"), 1, MAX_LAYERS)?;
    let n_ff = look.u32(&key("feed_forward_length"), 1, MAX_SIZE)?;
    let n_head = look.u32(&key("attention.head_count"), 1, n_embd)?;
    let n_head_kv = look.u32_or(&key("attention.head_count_kv"), 1, n_head, n_head)?;
    if !n_head.is_multiple_of(n_head_kv) {
        return Err(look.key_error(&key("attention.head_count_kv"), format!("a divisor of {n_head}"), "convert the model again"));
    }
    look.positive_f32(&key("attention.layer_norm_rms_epsilon"))?;
    let default_head = n_embd / n_head;
    let head_k = look.u32_or(&key("attention.key_length"), 2, MAX_SIZE, default_head)?;
    let head_v = look.u32_or(&key("attention.value_length"), 1, MAX_SIZE, default_head)?;
    look.u32_or(&key("rope.dimension_count"), 2, head_k, head_k)?;
    for absent in ["expert_count", "expert_used_count", "expert_group_count", "nextn_predict_layers"] {
        look.absent_or_zero(&key(absent))?;
    }
    rope_scaling(look)?;
    let [embd, ff, k, v] = [n_embd, n_ff, head_k, head_v].map(u64::from);
    let [heads, heads_kv, vocab] = [n_head, n_head_kv, n_vocab].map(u64::from);
    look.tensor("token_embd.weight", Use::Matrix, &[embd, vocab])?;
    look.tensor("output_norm.weight", Use::Elementwise, &[embd])?;
    look.tensor_if_any("output.weight", Use::Matrix, &[embd, vocab])?;
    for layer in 0..n_layer {
        let name = |part: &str| format!("blk.{layer}.{part}.weight");
        for norm in ["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"] {
            look.tensor(&name(norm), Use::Elementwise, &[embd])?;
        }
        for norm in ["attn_q_norm", "attn_k_norm"] {
            look.tensor(&name(norm), Use::Elementwise, &[k])?;
        }
        if look.gguf.tensor(&name("attn_qkv")).is_some() {
            look.tensor(&name("attn_qkv"), Use::Matrix, &[embd, k * heads + (k + v) * heads_kv])?;
        } else {
            look.tensor(&name("attn_q"), Use::Matrix, &[embd, k * heads])?;
            look.tensor(&name("attn_k"), Use::Matrix, &[embd, k * heads_kv])?;
            look.tensor(&name("attn_v"), Use::Matrix, &[embd, v * heads_kv])?;
        }
        look.tensor(&name("attn_output"), Use::Matrix, &[k * heads, embd])?;
        look.tensor(&name("ffn_gate"), Use::Matrix, &[embd, ff])?;
        look.tensor(&name("ffn_up"), Use::Matrix, &[embd, ff])?;
        look.tensor(&name("ffn_down"), Use::Matrix, &[ff, embd])?;
    }
    Ok(n_embd)
}

/// An unknown word here is an assert.
fn rope_scaling(look: &Lookup<'_>) -> Result<(), CheckError> {
    let key = key("rope.scaling.type");
    match look.gguf.metadata.get(&key) {
        None => Ok(()),
        Some(Value::Text(word)) if ["none", "linear", "yarn", "longrope"].contains(&word.as_str()) => Ok(()),
        Some(_) => Err(look.key_error(&key, "`none`, `linear`, `yarn` or `longrope`", "convert the model again")),
    }
}
