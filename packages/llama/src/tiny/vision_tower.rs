//! The vision tower: SigLIP with four layers and the Gemma 3 projector, 224 px in 16 x 16 patches, pooled to 16 tokens.

use super::{N_EMBD, general};
use crate::gguf::{Array, GgufPlan, TensorType, Value};

const SIDE_PX: u32 = 224;
const PATCH_PX: u32 = 14;
const POOL: u32 = 4;
const N_LAYER: u32 = 4;
const N_EMBD_VISION: u32 = 128;
/// Not equal to the embedding's length: llama.cpp would take the two matrices of the layer for each other.
const N_FF: u32 = 384;
const N_HEAD: u32 = 2;

pub(super) fn plan() -> GgufPlan {
    let mut plan = GgufPlan::default();
    general(&mut plan, "clip", "mmproj");
    plan.set("clip.has_vision_encoder", Value::Bool(true));
    plan.set("clip.projector_type", Value::Text("gemma3".to_owned()));
    plan.set("clip.use_gelu", Value::Bool(true));
    for (key, value) in [
        ("image_size", SIDE_PX),
        ("patch_size", PATCH_PX),
        ("embedding_length", N_EMBD_VISION),
        ("feed_forward_length", N_FF),
        ("block_count", N_LAYER),
        ("attention.head_count", N_HEAD),
        ("projection_dim", N_EMBD),
        ("projector.scale_factor", POOL),
    ] {
        plan.set(&format!("clip.vision.{key}"), Value::U32(value));
    }
    plan.set("clip.vision.attention.layer_norm_epsilon", Value::F32(1e-6));
    plan.set("clip.vision.image_mean", Value::Array(Array::F32(vec![0.5; 3])));
    plan.set("clip.vision.image_std", Value::Array(Array::F32(vec![0.5; 3])));
    tensors(&mut plan);
    plan
}

fn tensors(plan: &mut GgufPlan) {
    let [embd, ff, projected, patch] = [N_EMBD_VISION, N_FF, N_EMBD, PATCH_PX].map(u64::from);
    let patches = u64::from((SIDE_PX / PATCH_PX).pow(2));
    let (matrix, vector) = (TensorType::Q8_0, TensorType::F32);
    plan.tensor("v.patch_embd.weight", TensorType::F16, &[patch, patch, 3, embd]);
    plan.tensor("v.patch_embd.bias", vector, &[embd]);
    plan.tensor("v.position_embd.weight", vector, &[embd, patches]);
    for layer in 0..N_LAYER {
        let mut add = |part: &str, kind, shape: &[u64]| plan.tensor(format!("v.blk.{layer}.{part}"), kind, shape);
        for part in ["attn_q", "attn_k", "attn_v", "attn_out"] {
            add(&format!("{part}.weight"), matrix, &[embd, embd]);
            add(&format!("{part}.bias"), vector, &[embd]);
        }
        for part in ["ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"] {
            add(part, vector, &[embd]);
        }
        add("ffn_up.weight", matrix, &[embd, ff]);
        add("ffn_up.bias", vector, &[ff]);
        add("ffn_down.weight", matrix, &[ff, embd]);
        add("ffn_down.bias", vector, &[embd]);
    }
    plan.tensor("v.post_ln.weight", vector, &[embd]);
    plan.tensor("v.post_ln.bias", vector, &[embd]);
    // The graph transposes this one, which rules quantisation out; hence also the order of its sides.
    plan.tensor("mm.input_projection.weight", TensorType::F16, &[projected, embd]);
    plan.tensor("mm.soft_emb_norm.weight", vector, &[embd]);
}
