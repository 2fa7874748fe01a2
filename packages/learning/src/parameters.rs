//! The weights: flat groups, one a block, with named parts. In -> out: a shape and a seed -> a group of numbers for each block, the part of a name.
//!
//! A block is one vector because a fused operation takes few arguments; the parts have the names and orders that llama.cpp gives them.
//! Deliberately absent: files (`checkpoint`, `export`) and the network itself.

use crate::Shape;
use crate::initial::{Fill, fill};
use candle_core::{Device, Result, Tensor, Var};
use std::collections::BTreeMap;

/// One named part of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name in the GGUF file.
    pub name: String,
    /// Sides, slowest first.
    pub sides: Vec<usize>,
    /// First element in the group.
    pub start: usize,
    pub(crate) fill: Fill,
}

impl Part {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.sides.iter().product()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether weight decay acts on it: on matrices, not on norms, biases and embeddings.
    pub fn is_decayed(&self) -> bool {
        self.sides.len() > 1 && !self.name.contains("embd")
    }

    /// Whether it maps hidden features to hidden features: those matrices are updated as a whole (see `orthogonal`).
    pub fn is_inner(&self) -> bool {
        self.is_decayed() && !self.name.starts_with("aux")
    }
}

/// A block's parts in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The parts.
    pub parts: Vec<Part>,
}

impl Group {
    fn add(&mut self, name: impl Into<String>, sides: &[usize], fill: Fill) {
        self.parts.push(Part { name: name.into(), sides: sides.to_vec(), start: self.len(), fill });
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.parts.last().map_or(0, |part| part.start + part.len())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The part with this name or with this end of a name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name || part.name.ends_with(&format!(".{name}")))
    }
}

// Outputs of the auxiliary head for each patch, see `targets`.
const AUX_OUTPUTS: usize = crate::targets::OUTPUTS;

/// All groups of a network by name.
pub(crate) fn groups(shape: &Shape) -> BTreeMap<String, Group> {
    let mut groups = BTreeMap::new();
    let (v, t) = (&shape.vision, &shape.text);
    let mut embed = Group::default();
    embed.add("v.patch_embd.weight", &[v.n_embd, v.patch_len()], Fill::Patches);
    embed.add("v.patch_embd.bias", &[v.n_embd], Fill::Zeros);
    embed.add("v.position_embd.weight", &[v.patches(), v.n_embd], Fill::Positions);
    groups.insert("v.embed".to_owned(), embed);
    for layer in 0..v.n_layer {
        groups.insert(format!("v.blk.{layer}"), vision_block(shape, layer));
    }
    let mut head = Group::default();
    head.add("v.post_ln.weight", &[v.n_embd], Fill::Ones);
    head.add("v.post_ln.bias", &[v.n_embd], Fill::Zeros);
    head.add("mm.soft_emb_norm.weight", &[v.n_embd], Fill::Ones);
    head.add("mm.input_projection.weight", &[t.n_embd, v.n_embd], Fill::FanIn);
    groups.insert("v.head".to_owned(), head);
    let mut aux = Group::default();
    aux.add("aux.weight", &[AUX_OUTPUTS, v.n_embd], Fill::Small);
    aux.add("aux.bias", &[AUX_OUTPUTS], Fill::Zeros);
    groups.insert("aux".to_owned(), aux);
    let mut embed = Group::default();
    embed.add("token_embd.weight", &[t.n_vocab, t.n_embd], Fill::FanIn);
    embed.add("output_norm.weight", &[t.n_embd], Fill::Ones);
    groups.insert("embed".to_owned(), embed);
    for layer in 0..t.n_layer {
        groups.insert(format!("blk.{layer}"), text_block(shape, layer));
    }
    groups
}

fn vision_block(shape: &Shape, layer: usize) -> Group {
    let v = &shape.vision;
    let (e, f) = (v.n_embd, v.n_ff);
    let mut group = Group::default();
    let mut add = |part: &str, sides: &[usize], fill| group.add(format!("v.blk.{layer}.{part}"), sides, fill);
    add("ln1.weight", &[e], Fill::Ones);
    add("ln1.bias", &[e], Fill::Zeros);
    // Query, key and value side by side: one product makes all three.
    add("attn_q.weight", &[e, e], Fill::Alike);
    add("attn_k.weight", &[e, e], Fill::Alike);
    add("attn_v.weight", &[e, e], Fill::FanIn);
    add("attn_q.bias", &[e], Fill::Zeros);
    add("attn_k.bias", &[e], Fill::Zeros);
    add("attn_v.bias", &[e], Fill::Zeros);
    add("attn_out.weight", &[e, e], Fill::Residual);
    add("attn_out.bias", &[e], Fill::Zeros);
    add("ln2.weight", &[e], Fill::Ones);
    add("ln2.bias", &[e], Fill::Zeros);
    add("ffn_up.weight", &[f, e], Fill::FanIn);
    add("ffn_up.bias", &[f], Fill::Zeros);
    add("ffn_down.weight", &[e, f], Fill::Residual);
    add("ffn_down.bias", &[e], Fill::Zeros);
    group
}

fn text_block(shape: &Shape, layer: usize) -> Group {
    let t = &shape.text;
    let (d, f, q) = (t.n_embd, t.n_ff, t.n_head * t.head);
    let mut group = Group::default();
    let mut add = |part: &str, sides: &[usize], fill| group.add(format!("blk.{layer}.{part}.weight"), sides, fill);
    add("attn_norm", &[d], Fill::Ones);
    add("attn_q", &[q, d], Fill::FanIn);
    add("attn_k", &[t.head, d], Fill::FanIn);
    add("attn_v", &[t.head, d], Fill::FanIn);
    add("attn_q_norm", &[t.head], Fill::Ones);
    add("attn_k_norm", &[t.head], Fill::Ones);
    add("attn_output", &[d, q], Fill::FanIn);
    add("post_attention_norm", &[d], Fill::Faint);
    add("ffn_norm", &[d], Fill::Ones);
    add("ffn_gate", &[f, d], Fill::FanIn);
    add("ffn_up", &[f, d], Fill::FanIn);
    add("ffn_down", &[d, f], Fill::FanIn);
    add("post_ffw_norm", &[d], Fill::Faint);
    group
}

/// The variables of a network.
#[derive(Debug)]
pub struct Parameters {
    /// The sides they were made for.
    pub shape: Shape,
    /// Parts of each group.
    pub groups: BTreeMap<String, Group>,
    /// The numbers, a flat variable for each group.
    pub variables: BTreeMap<String, Var>,
}

impl Parameters {
    /// Fresh weights; the same seed gives the same bits.
    ///
    /// # Errors
    /// The device has no room.
    pub fn new(shape: Shape, seed: u64, device: &Device) -> Result<Self> {
        let groups = groups(&shape);
        let mut variables = BTreeMap::new();
        for (name, group) in &groups {
            let mut values = vec![0.0; group.len()];
            for part in &group.parts {
                let range = part.start..part.start + part.len();
                fill(&shape, part, seed, values.get_mut(range).unwrap_or_default());
            }
            let tensor = Tensor::from_vec(values, group.len(), device)?;
            variables.insert(name.clone(), Var::from_tensor(&tensor)?);
        }
        Ok(Self { shape, groups, variables })
    }

    /// Number of weights without those of the auxiliary head, which is not exported.
    pub fn count(&self) -> usize {
        self.groups.iter().filter(|(name, _)| name.as_str() != "aux").map(|(_, group)| group.len()).sum()
    }
}
