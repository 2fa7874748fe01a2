//! The vision tower: SigLIP with the Gemma 3 projector, as `tools/mtmd/clip.cpp` and `tools/mtmd/models/siglip.cpp` load and run it. Most of
//! what is asked for here is not asked for there: a missing norm or a wrong grid is an assert in the middle of a graph.

use super::CheckError;
use super::lookup::{Lookup, Use};
use crate::gguf::{Gguf, Value};
use std::path::Path;

/// The projectors supported. Others want another picture format or another text model.
const PROJECTORS: [&str; 1] = ["gemma3"];

/// clip.cpp's own bound on the picture's side, pixels.
const MAX_SIDE: u32 = 8192;

const MAX_SIZE: u32 = 1 << 20;

/// What is needed of the tower.
pub(super) struct TowerFacts {
    pub(super) projection_dim: u32,
    pub(super) image_side_px: u32,
    pub(super) tokens_per_image: u32,
}

pub(super) fn check(path: &Path, gguf: &Gguf) -> Result<TowerFacts, CheckError> {
    let look = Lookup { path, gguf };
    kind(&look)?;
    let side = look.u32("clip.vision.image_size", 1, MAX_SIDE)?;
    let patch = look.u32("clip.vision.patch_size", 1, side)?;
    let per_side = side / patch;
    let merge = look.u32_or("clip.vision.projector.scale_factor", 1, per_side, 4)?;
    if !side.is_multiple_of(patch) || !per_side.is_multiple_of(merge) {
        let expected = format!("a multiple of patch size x scale factor ({patch} x {merge})");
        return Err(look.key_error("clip.vision.image_size", expected, "convert the model again"));
    }
    for key in ["clip.vision.image_mean", "clip.vision.image_std"] {
        let list = look.f32_list(key)?;
        if list.len() != 3 || !list.iter().all(|x| x.is_finite()) || (key.ends_with("std") && list.contains(&0.0)) {
            return Err(look.key_error(key, "three finite numbers, none of the deviations 0", "convert the model again"));
        }
    }
    look.positive_f32("clip.vision.attention.layer_norm_epsilon")?;
    let projection_dim = tower(&look, patch, per_side)?;
    let pooled = per_side / merge;
    Ok(TowerFacts { projection_dim, image_side_px: side, tokens_per_image: pooled * pooled })
}

fn kind(look: &Lookup<'_>) -> Result<(), CheckError> {
    if look.text("general.architecture", "`clip`")? != "clip" {
        let advice = "this is a text model: give the mmproj file that was published beside it";
        return Err(look.key_error("general.architecture", "`clip`", advice));
    }
    if look.gguf.metadata.get("clip.has_vision_encoder") != Some(&Value::Bool(true)) {
        return Err(look.key_error("clip.has_vision_encoder", "true", "use an mmproj with a vision tower"));
    }
    for other in ["clip.has_audio_encoder", "clip.has_gen_audio_encoder"] {
        if look.gguf.metadata.get(other) == Some(&Value::Bool(true)) {
            return Err(look.key_error(other, "false", "use an mmproj without sound"));
        }
    }
    let key = if look.gguf.metadata.contains_key("clip.projector_type") { "clip.projector_type" } else { "clip.vision.projector_type" };
    let expected = format!("`{}`", PROJECTORS.join("`, `"));
    if PROJECTORS.contains(&look.text(key, &expected)?) {
        Ok(())
    } else {
        Err(look.key_error(key, expected, "use the mmproj of a Gemma 3 model"))
    }
}

/// Sizes and tensors; gives back the projection's output length.
fn tower(look: &Lookup<'_>, patch: u32, per_side: u32) -> Result<u32, CheckError> {
    let n_embd = look.u32("clip.vision.embedding_length", 1, MAX_SIZE)?;
    let n_ff = look.u32("clip.vision.feed_forward_length", 1, MAX_SIZE)?;
    let n_layer = look.u32("clip.vision.block_count", 1, 512)?;
    let n_head = look.u32("clip.vision.attention.head_count", 1, n_embd)?;
    if !n_embd.is_multiple_of(n_head) {
        return Err(look.key_error("clip.vision.attention.head_count", format!("a divisor of {n_embd}"), "convert the model again"));
    }
    if n_ff == n_embd {
        let expected = format!("another length than the embedding's {n_embd}");
        let advice = "llama.cpp would silently exchange ffn_up and ffn_down of such a tower; choose another length";
        return Err(look.key_error("clip.vision.feed_forward_length", expected, advice));
    }
    let projection_dim = look.u32("clip.vision.projection_dim", 1, MAX_SIZE)?;
    let [embd, ff, projected] = [n_embd, n_ff, projection_dim].map(u64::from);
    let [patch, patches] = [patch, per_side * per_side].map(u64::from);
    look.tensor("v.patch_embd.weight", Use::Convolution, &[patch, patch, 3, embd])?;
    look.tensor_if_any("v.patch_embd.bias", Use::Elementwise, &[embd])?;
    look.tensor("v.position_embd.weight", Use::Elementwise, &[embd, patches])?;
    look.tensor("v.post_ln.weight", Use::Elementwise, &[embd])?;
    look.tensor("v.post_ln.bias", Use::Elementwise, &[embd])?;
    for layer in 0..n_layer {
        block(look, layer, embd, ff)?;
    }
    look.tensor("mm.input_projection.weight", Use::Float, &[projected, embd])?;
    look.tensor("mm.soft_emb_norm.weight", Use::Elementwise, &[embd])?;
    Ok(projection_dim)
}

fn block(look: &Lookup<'_>, layer: u32, embd: u64, ff: u64) -> Result<(), CheckError> {
    let name = |part: &str| format!("v.blk.{layer}.{part}");
    for part in ["attn_q", "attn_k", "attn_v", "attn_out"] {
        look.tensor(&name(&format!("{part}.weight")), Use::Matrix, &[embd, embd])?;
        look.tensor_if_any(&name(&format!("{part}.bias")), Use::Elementwise, &[embd])?;
    }
    for part in ["ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"] {
        look.tensor(&name(part), Use::Elementwise, &[embd])?;
    }
    // Older converters exchanged the two names; clip.cpp recognises that by the shape, so either way round is right.
    let exchanged = look.gguf.tensor(&name("ffn_down.weight")).is_some_and(|down| down.shape.first() == Some(&embd));
    let (up, down) = if exchanged { ("ffn_down", "ffn_up") } else { ("ffn_up", "ffn_down") };
    look.tensor(&name(&format!("{up}.weight")), Use::Matrix, &[embd, ff])?;
    look.tensor(&name(&format!("{down}.weight")), Use::Matrix, &[ff, embd])?;
    look.tensor_if_any(&name(&format!("{up}.bias")), Use::Elementwise, &[ff])?;
    look.tensor_if_any(&name(&format!("{down}.bias")), Use::Elementwise, &[embd])
}
