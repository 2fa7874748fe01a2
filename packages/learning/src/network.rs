//! The network forward: pictures -> patch features and picture tokens; prompt, picture and answer -> scores of the answer's tokens.
//!
//! The mathematics is llama.cpp's for `gemma3` with the `gemma3` projector (checked against it on frames, see `parity`). On the CPU each block is one fused
//! operation; elsewhere, or when asked, it is made of small ones. Deliberately absent: losses and updates.

use crate::blocks::{Segments, TextBlock, VisionBlock, angles};
use crate::decomposed::{layer_norm, linear, part, rms_norm, text_block, vision_block};
use crate::{Group, Parameters, Shape};
use candle_core::{Error, Result, Tensor};
use std::sync::Arc;
use vedette_matmul::Precision;

/// How blocks are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One operation a block; CPU only. The precision is that of its products.
    Fused(Precision),
    /// Small operations.
    Decomposed,
}

/// The vision tower's outputs.
#[derive(Clone, Debug)]
pub struct Seen {
    /// (pictures x patches, n_embd of the tower), after the last norm.
    pub features: Tensor,
    /// (pictures x tokens, n_embd of the text tower).
    pub tokens: Tensor,
}

/// The tokens of some sequences that share a prefix.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Before the picture, the same for all.
    pub prefix: Vec<u32>,
    /// After the picture: the rest of the prompt and the answer, for each sequence.
    pub suffixes: Vec<Vec<u32>>,
    /// How many of the last tokens of each suffix are the answer.
    pub answers: Vec<usize>,
}

/// A forward pass over the weights of `parameters`.
pub struct Network<'a> {
    parameters: &'a Parameters,
    form: Form,
}

impl<'a> Network<'a> {
    /// A network with these weights.
    pub fn new(parameters: &'a Parameters, form: Form) -> Self {
        Self { parameters, form }
    }

    fn shape(&self) -> &Shape {
        &self.parameters.shape
    }

    fn group(&self, name: &str) -> Result<(&Group, &Tensor)> {
        let group = self.parameters.groups.get(name).zip(self.parameters.variables.get(name));
        group.map(|(group, variable)| (group, variable.as_tensor())).ok_or_else(|| Error::Msg(format!("no weights named {name}")))
    }

    fn part(&self, group: &str, name: &str) -> Result<Tensor> {
        let (group, flat) = self.group(group)?;
        part(group, flat, name)
    }

    /// Runs the tower and the projector. `patches`: (pictures x patches, 3 x patch x patch), see [`patches`].
    ///
    /// # Errors
    /// Shapes that do not fit the weights.
    pub fn see(&self, patches: &Tensor) -> Result<Seen> {
        let pictures = patches.dim(0)? / self.shape().vision.patches();
        let features = self.tower(patches, self.shape().vision.patches(), &self.part("v.embed", "position_embd.weight")?)?;
        let get = |name: &str| self.part("v.head", name);
        let pooled = rms_norm(&self.pool(&features, pictures)?, &get("soft_emb_norm.weight")?)?;
        let tokens = linear(&pooled, &get("input_projection.weight")?)?;
        Ok(Seen { features, tokens })
    }

    /// Features of some patches of each picture, which see each other only. `places` are their numbers, as many for every picture, one picture after the other.
    ///
    /// # Errors
    /// Shapes that do not fit the weights.
    pub fn look(&self, patches: &Tensor, places: &[u32], pictures: usize) -> Result<Tensor> {
        let count = places.len() / pictures.max(1);
        let places = Tensor::from_slice(places, places.len(), patches.device())?;
        let positions = self.part("v.embed", "position_embd.weight")?.index_select(&places, 0)?;
        self.tower(patches, count, &positions.reshape((pictures, count, self.shape().vision.n_embd))?)
    }

    /// The tower on pictures of which `count` patches are there, with their positions.
    fn tower(&self, patches: &Tensor, count: usize, positions: &Tensor) -> Result<Tensor> {
        let shape = self.shape().vision;
        let pictures = patches.dim(0)? / count.max(1);
        let get = |name: &str| self.part("v.embed", name);
        let embedded = linear(patches, &get("patch_embd.weight")?)?.broadcast_add(&get("patch_embd.bias")?)?;
        let placed = embedded.reshape((pictures, count, shape.n_embd))?.broadcast_add(positions)?;
        let mut x = placed.reshape((pictures * count, shape.n_embd))?;
        for layer in 0..shape.n_layer {
            let (group, flat) = self.group(&format!("v.blk.{layer}"))?;
            x = match self.form {
                Form::Fused(precision) => x.apply_op2(flat, VisionBlock::new(shape, count, precision))?,
                Form::Decomposed => vision_block(&shape, count, group, flat, &x)?,
            };
        }
        let get = |name: &str| self.part("v.head", name);
        layer_norm(&x, &get("post_ln.weight")?, &get("post_ln.bias")?)
    }

    /// Means of squares of patches: (pictures x tokens, n_embd).
    fn pool(&self, features: &Tensor, pictures: usize) -> Result<Tensor> {
        let shape = self.shape().vision;
        let (side, pool, e) = (shape.patches_to_a_side() / shape.pool, shape.pool, shape.n_embd);
        let rows = features.reshape((pictures * side, pool, side * pool * e))?.mean(1)?;
        let squares = rows.reshape((pictures * side * side, pool, e))?.mean(1)?;
        squares.contiguous()
    }

    /// The auxiliary head: (pictures x patches, `targets::OUTPUTS`).
    ///
    /// # Errors
    /// Shapes that do not fit the weights.
    pub fn notice(&self, features: &Tensor) -> Result<Tensor> {
        linear(features, &self.part("aux", "aux.weight")?)?.broadcast_add(&self.part("aux", "aux.bias")?)
    }

    /// Scores before each token of the answers, one answer after the other: (answer tokens, vocabulary). `tokens` are those of [`Network::see`].
    ///
    /// # Errors
    /// Shapes that do not fit the weights.
    pub fn read(&self, tokens: &Tensor, reading: &Reading) -> Result<Tensor> {
        let shape = self.shape().text;
        let picture = self.shape().vision.tokens();
        let sequences = reading.suffixes.iter().map(|suffix| picture + suffix.len()).collect();
        let segments = Arc::new(Segments { prefix: reading.prefix.len(), picture, sequences });
        let embeddings = self.part("embed", "token_embd.weight")?;
        let mut x = embed(&embeddings, tokens, reading, picture)?;
        let longest = segments.prefix + segments.sequences.iter().max().copied().unwrap_or(0);
        let turns = Arc::new(angles(longest, shape.head));
        for layer in 0..shape.n_layer {
            let (group, flat) = self.group(&format!("blk.{layer}"))?;
            x = match self.form {
                Form::Fused(precision) => x.apply_op2(flat, TextBlock::new(shape, segments.clone(), turns.clone(), precision))?,
                Form::Decomposed => text_block(&shape, &segments, group, flat, &x)?,
            };
        }
        let mut rows = Vec::new();
        for (range, answer) in segments.ranges().skip(1).zip(&reading.answers) {
            // The row before a token gives its scores.
            rows.extend((range.end - answer - 1..range.end - 1).map(|row| row as u32));
        }
        let count = rows.len();
        let asked = x.index_select(&Tensor::from_vec(rows, count, x.device())?, 0)?;
        linear(&rms_norm(&asked, &self.part("embed", "output_norm.weight")?)?, &embeddings)
    }
}

/// The rows that enter the text tower: prefix, then picture and suffix of each sequence. Token embeddings are scaled by the root of their length, picture tokens are not.
fn embed(embeddings: &Tensor, tokens: &Tensor, reading: &Reading, picture: usize) -> Result<Tensor> {
    let ids: Vec<u32> = reading.prefix.iter().chain(reading.suffixes.iter().flatten()).copied().collect();
    let (text, width) = (ids.len(), embeddings.dim(1)?);
    let words = (embeddings.index_select(&Tensor::from_vec(ids, text, embeddings.device())?, 0)? * (width as f64).sqrt())?;
    let all = Tensor::cat(&[&words, tokens], 0)?;
    let mut order: Vec<u32> = (0..reading.prefix.len() as u32).collect();
    let mut word = reading.prefix.len();
    for (number, suffix) in reading.suffixes.iter().enumerate() {
        order.extend((0..picture).map(|token| (text + number * picture + token) as u32));
        order.extend((word..word + suffix.len()).map(|word| word as u32));
        word += suffix.len();
    }
    let count = order.len();
    all.index_select(&Tensor::from_vec(order, count, embeddings.device())?, 0)
}

/// A matrix of numbers on the CPU, for [`Network::see`].
///
/// # Errors
/// The numbers do not fill `rows` x `columns`.
pub fn tensor(numbers: Vec<f32>, rows: usize, columns: usize) -> Result<Tensor> {
    Tensor::from_vec(numbers, (rows, columns), &candle_core::Device::Cpu)
}

/// Cuts a square RGB picture into patches, appended to `rows`: colours from 0..255 to -1..1, each patch by colour, then row, then column.
pub fn patches(shape: &Shape, rgb: &[u8], rows: &mut Vec<f32>) {
    let (side, patch, across) = (shape.vision.side_px, shape.vision.patch_px, shape.vision.patches_to_a_side());
    for square in 0..across * across {
        let (top, left) = (square / across * patch, square % across * patch);
        for colour in 0..3 {
            for y in top..top + patch {
                let start = (y * side + left) * 3 + colour;
                rows.extend(rgb[start..start + 3 * patch - 2].iter().step_by(3).map(|value| f32::from(*value) / 127.5 - 1.0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Random, TextShape, VisionShape};
    use candle_core::{Device, Var};

    fn shape() -> Shape {
        let vision = VisionShape { side_px: 24, patch_px: 4, pool: 2, n_layer: 2, n_embd: 32, n_ff: 48, n_head: 2 };
        Shape { vision, text: TextShape { n_layer: 2, n_embd: 32, n_ff: 40, n_head: 3, head: 16, n_vocab: 50 } }
    }

    fn pictures(shape: &Shape, count: usize) -> Tensor {
        let mut random = Random::new(5);
        let mut rows = Vec::new();
        for _ in 0..count {
            let rgb: Vec<u8> = (0..shape.vision.side_px * shape.vision.side_px * 3).map(|_| random.index(256) as u8).collect();
            patches(shape, &rgb, &mut rows);
        }
        Tensor::from_vec(rows, (count * shape.vision.patches(), shape.vision.patch_len()), &Device::Cpu).unwrap()
    }

    fn reading() -> Reading {
        Reading { prefix: vec![2, 7, 9, 11], suffixes: vec![vec![20, 21, 22, 23, 24], vec![30, 31, 32]], answers: vec![3, 2] }
    }

    /// A loss that uses every output, and its gradients.
    fn loss(parameters: &Parameters, form: Form) -> (f32, Vec<(String, Vec<f32>)>) {
        let network = Network::new(parameters, form);
        let seen = network.see(&pictures(&parameters.shape, 2)).unwrap();
        let noticed = network.notice(&seen.features).unwrap();
        let scores = network.read(&seen.tokens, &reading()).unwrap();
        let loss = (scores.sqr().unwrap().sum_all().unwrap() + noticed.sqr().unwrap().sum_all().unwrap()).unwrap();
        let gradients = loss.backward().unwrap();
        let of = |(name, variable): (&String, &Var)| {
            let gradient = gradients.get(variable.as_tensor()).unwrap_or_else(|| panic!("no gradient for {name}"));
            (name.clone(), gradient.to_vec1().unwrap())
        };
        (loss.to_scalar().unwrap(), parameters.variables.iter().map(of).collect())
    }

    #[test]
    fn fused_blocks_are_the_small_operations() {
        let parameters = Parameters::new(shape(), 3, &Device::Cpu).unwrap();
        let (fused, fused_gradients) = loss(&parameters, Form::Fused(Precision::Single));
        let (small, small_gradients) = loss(&parameters, Form::Decomposed);
        assert!((fused / small - 1.0).abs() < 1e-3, "{fused} {small}");
        for ((name, fused), (_, small)) in fused_gradients.iter().zip(&small_gradients) {
            let largest = small.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
            let worst = fused.iter().zip(small).fold(0.0_f32, |a, (b, c)| a.max((b - c).abs()));
            assert!(worst < 2e-2 * largest, "{name}: {worst} of {largest}");
        }
    }

    #[test]
    fn a_window_of_all_patches_is_the_picture_and_a_smaller_one_sees_no_more_than_it_shows() {
        let parameters = Parameters::new(shape(), 3, &Device::Cpu).unwrap();
        let (patches, network) = (pictures(&parameters.shape, 2), Network::new(&parameters, Form::Fused(Precision::Single)));
        let numbers = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let all: Vec<u32> = (0..36).chain(0..36).collect();
        assert_eq!(numbers(&network.see(&patches).unwrap().features), numbers(&network.look(&patches, &all, 2).unwrap()));
        // Four patches of the first picture, then the same ones of a picture that differs everywhere else.
        let window = [7_u32, 8, 13, 14];
        let rows = patches.index_select(&Tensor::from_slice(&window, 4, &Device::Cpu).unwrap(), 0).unwrap();
        let both = network.look(&Tensor::cat(&[&rows, &rows], 0).unwrap(), &[window, window].concat(), 2).unwrap();
        let (first, second) = (both.narrow(0, 0, 4).unwrap(), both.narrow(0, 4, 4).unwrap());
        assert_eq!(numbers(&first), numbers(&second));
        let moved = network.look(&rows, &[0, 1, 6, 7], 1).unwrap();
        assert_ne!(numbers(&first), numbers(&moved), "the place in the picture is told");
        let small = Network::new(&parameters, Form::Decomposed).look(&rows, &window, 1).unwrap();
        assert!(numbers(&small).iter().zip(numbers(&first)).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn every_part_has_a_gradient() {
        let parameters = Parameters::new(shape(), 3, &Device::Cpu).unwrap();
        let (_, gradients) = loss(&parameters, Form::Fused(Precision::Single));
        for (name, gradient) in gradients {
            for part in &parameters.groups[&name].parts {
                // A bias of the keys moves all scores of a query alike: softmax does not see it.
                let is_moved = gradient[part.start..part.start + part.len()].iter().any(|value| *value != 0.0);
                assert!(is_moved || part.name.ends_with("attn_k.bias"), "{}", part.name);
            }
        }
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        let parameters = Parameters::new(shape(), 3, &Device::Cpu).unwrap();
        let (_, gradients) = loss(&parameters, Form::Decomposed);
        for (name, gradient) in gradients {
            // Along the gradient the loss rises by its squared length.
            let length = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
            let variable = &parameters.variables[&name];
            let before: Vec<f32> = variable.to_vec1().unwrap();
            let step = 2e-3;
            let at = |sign: f64| {
                let moved = before.iter().zip(&gradient).map(|(w, g)| (f64::from(*w) + sign * step * f64::from(*g) / length) as f32);
                variable.set(&Tensor::from_vec(moved.collect::<Vec<_>>(), before.len(), &Device::Cpu).unwrap()).unwrap();
                f64::from(loss(&parameters, Form::Decomposed).0)
            };
            let rise = (at(1.0) - at(-1.0)) / (2.0 * step);
            variable.set(&Tensor::from_vec(before.clone(), before.len(), &Device::Cpu).unwrap()).unwrap();
            assert!((rise / length - 1.0).abs() < 3e-2, "{name}: {rise} {length}");
        }
    }
}
