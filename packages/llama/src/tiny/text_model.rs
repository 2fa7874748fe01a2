//! The text model's metadata and tensors: Gemma 3, by the names that llama.cpp's converter writes.

use super::{TinyPair, general, vocabulary};
use crate::gguf::{GgufPlan, TensorType, Value};

pub(super) fn plan(pair: &TinyPair) -> GgufPlan {
    let text = &pair.shape.text;
    let mut plan = GgufPlan::default();
    general(&mut plan, pair, "gemma3", "model");
    for (key, value) in [
        ("context_length", text.n_ctx_train),
        ("embedding_length", text.n_embd),
        ("block_count", text.n_layer),
        ("feed_forward_length", text.n_ff),
        ("attention.head_count", text.n_head),
        ("attention.head_count_kv", text.n_head_kv),
        ("attention.key_length", text.head),
        ("attention.value_length", text.head),
    ] {
        plan.set(&format!("gemma3.{key}"), Value::U32(value));
    }
    if let Some(window) = text.sliding_window {
        plan.set("gemma3.attention.sliding_window", Value::U32(window));
    }
    plan.set("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6));
    plan.set("gemma3.rope.freq_base", Value::F32(text.rope_base));
    if text.sliding_window.is_some() {
        plan.set("gemma3.rope.freq_base_swa", Value::F32(text.rope_base_sliding));
    }
    vocabulary::describe(&mut plan, &pair.vocabulary);
    tensors(&mut plan, pair);
    plan
}

fn tensors(plan: &mut GgufPlan, pair: &TinyPair) {
    let text = &pair.shape.text;
    let [embd, ff] = [text.n_embd, text.n_ff].map(u64::from);
    let [q, kv, head] = [text.n_head * text.head, text.n_head_kv * text.head, text.head].map(u64::from);
    let vector = TensorType::F32;
    plan.tensor("token_embd.weight", pair.matrix(embd), &[embd, pair.vocabulary.len() as u64]);
    plan.tensor("output_norm.weight", vector, &[embd]);
    for layer in 0..text.n_layer {
        let mut add = |part: &str, kind, shape: &[u64]| plan.tensor(format!("blk.{layer}.{part}.weight"), kind, shape);
        add("attn_norm", vector, &[embd]);
        add("attn_q", pair.matrix(embd), &[embd, q]);
        add("attn_k", pair.matrix(embd), &[embd, kv]);
        add("attn_v", pair.matrix(embd), &[embd, kv]);
        add("attn_output", pair.matrix(q), &[q, embd]);
        add("attn_q_norm", vector, &[head]);
        add("attn_k_norm", vector, &[head]);
        add("post_attention_norm", vector, &[embd]);
        add("ffn_norm", vector, &[embd]);
        add("ffn_gate", pair.matrix(embd), &[embd, ff]);
        add("ffn_up", pair.matrix(embd), &[embd, ff]);
        add("ffn_down", pair.matrix(ff), &[ff, embd]);
        add("post_ffw_norm", vector, &[embd]);
    }
}
