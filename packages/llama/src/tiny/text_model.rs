//! The text model: Gemma 3 with six layers, five with a sliding window and one global, as the real ones alternate.

use super::{N_EMBD, general, vocabulary};
use crate::gguf::{GgufPlan, TensorType, Value};

const N_LAYER: u32 = 6;
const N_FF: u32 = 576;
const N_HEAD: u32 = 3;
const N_HEAD_KV: u32 = 1;
const HEAD: u32 = 64;
const N_CTX_TRAIN: u32 = 4096;
const SLIDING_WINDOW: u32 = 512;

pub(super) fn plan() -> GgufPlan {
    let mut plan = GgufPlan::default();
    general(&mut plan, "gemma3", "model");
    for (key, value) in [
        ("context_length", N_CTX_TRAIN),
        ("embedding_length", N_EMBD),
        ("block_count", N_LAYER),
        ("feed_forward_length", N_FF),
        ("attention.head_count", N_HEAD),
        ("attention.head_count_kv", N_HEAD_KV),
        ("attention.key_length", HEAD),
        ("attention.value_length", HEAD),
        ("attention.sliding_window", SLIDING_WINDOW),
    ] {
        plan.set(&format!("gemma3.{key}"), Value::U32(value));
    }
    plan.set("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6));
    plan.set("gemma3.rope.freq_base", Value::F32(1e6));
    plan.set("gemma3.rope.freq_base_swa", Value::F32(1e4));
    vocabulary::describe(&mut plan);
    tensors(&mut plan);
    plan
}

fn tensors(plan: &mut GgufPlan) {
    let [embd, ff, vocab] = [N_EMBD, N_FF, vocabulary::N_VOCAB].map(u64::from);
    let [q, kv, head] = [N_HEAD * HEAD, N_HEAD_KV * HEAD, HEAD].map(u64::from);
    let (matrix, vector) = (TensorType::Q8_0, TensorType::F32);
    plan.tensor("token_embd.weight", matrix, &[embd, vocab]);
    plan.tensor("output_norm.weight", vector, &[embd]);
    for layer in 0..N_LAYER {
        let mut add = |part: &str, kind, shape: &[u64]| plan.tensor(format!("blk.{layer}.{part}.weight"), kind, shape);
        add("attn_norm", vector, &[embd]);
        add("attn_q", matrix, &[embd, q]);
        add("attn_k", matrix, &[embd, kv]);
        add("attn_v", matrix, &[embd, kv]);
        add("attn_output", matrix, &[q, embd]);
        add("attn_q_norm", vector, &[head]);
        add("attn_k_norm", vector, &[head]);
        add("post_attention_norm", vector, &[embd]);
        add("ffn_norm", vector, &[embd]);
        add("ffn_gate", matrix, &[embd, ff]);
        add("ffn_up", matrix, &[embd, ff]);
        add("ffn_down", matrix, &[ff, embd]);
        add("post_ffw_norm", vector, &[embd]);
    }
}
