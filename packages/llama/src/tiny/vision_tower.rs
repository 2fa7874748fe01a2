//! The vision tower's metadata and tensors: SigLIP and the Gemma 3 projector, by the names that llama.cpp's converter writes.

use super::{TinyPair, general};
use crate::gguf::{Array, GgufPlan, TensorType, Value};

pub(super) fn plan(pair: &TinyPair) -> GgufPlan {
    let (shape, vision) = (&pair.shape, &pair.shape.vision);
    let mut plan = GgufPlan::default();
    general(&mut plan, pair, "clip", "mmproj");
    plan.set("clip.has_vision_encoder", Value::Bool(true));
    plan.set("clip.projector_type", Value::Text("gemma3".to_owned()));
    plan.set("clip.use_gelu", Value::Bool(true));
    for (key, value) in [
        ("image_size", shape.side_px),
        ("patch_size", shape.patch_px),
        ("embedding_length", vision.n_embd),
        ("feed_forward_length", vision.n_ff),
        ("block_count", vision.n_layer),
        ("attention.head_count", vision.n_head),
        ("projection_dim", shape.text.n_embd),
        ("projector.scale_factor", shape.pool),
    ] {
        plan.set(&format!("clip.vision.{key}"), Value::U32(value));
    }
    plan.set("clip.vision.attention.layer_norm_epsilon", Value::F32(1e-6));
    plan.set("clip.vision.image_mean", Value::Array(Array::F32(vec![0.5; 3])));
    plan.set("clip.vision.image_std", Value::Array(Array::F32(vec![0.5; 3])));
    tensors(&mut plan, pair);
    plan
}

fn tensors(plan: &mut GgufPlan, pair: &TinyPair) {
    let (shape, vision) = (&pair.shape, &pair.shape.vision);
    let [embd, ff, projected, patch] = [vision.n_embd, vision.n_ff, shape.text.n_embd, shape.patch_px].map(u64::from);
    let patches = u64::from(shape.side_px / shape.patch_px.max(1)).pow(2);
    let vector = TensorType::F32;
    plan.tensor("v.patch_embd.weight", TensorType::F16, &[patch, patch, 3, embd]);
    plan.tensor("v.patch_embd.bias", vector, &[embd]);
    plan.tensor("v.position_embd.weight", vector, &[embd, patches]);
    for layer in 0..vision.n_layer {
        let mut add = |part: &str, kind, shape: &[u64]| plan.tensor(format!("v.blk.{layer}.{part}"), kind, shape);
        for part in ["attn_q", "attn_k", "attn_v", "attn_out"] {
            add(&format!("{part}.weight"), pair.matrix(embd), &[embd, embd]);
            add(&format!("{part}.bias"), vector, &[embd]);
        }
        for part in ["ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"] {
            add(part, vector, &[embd]);
        }
        add("ffn_up.weight", pair.matrix(embd), &[embd, ff]);
        add("ffn_up.bias", vector, &[ff]);
        add("ffn_down.weight", pair.matrix(ff), &[ff, embd]);
        add("ffn_down.bias", vector, &[embd]);
    }
    plan.tensor("v.post_ln.weight", vector, &[embd]);
    plan.tensor("v.post_ln.bias", vector, &[embd]);
    // The graph transposes this one, which rules quantisation out; hence also the order of its sides.
    plan.tensor("mm.input_projection.weight", TensorType::F16, &[projected, embd]);
    plan.tensor("mm.soft_emb_norm.weight", vector, &[embd]);
}
