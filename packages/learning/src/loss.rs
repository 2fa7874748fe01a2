//! What is minimised: how far the words and the auxiliary head are from what they should say.

use crate::{OUTPUTS, Targets};
use candle_core::{D, Result, Tensor};

/// Logarithms of the probabilities of `tokens`, one for each row of scores. In the long form: candle's own softmax cuts gradients.
pub(crate) fn log_probabilities(scores: &Tensor, tokens: &[u32]) -> Result<Tensor> {
    let top = scores.max_keepdim(D::Minus1)?.detach();
    let lowered = scores.broadcast_sub(&top)?;
    let all = lowered.broadcast_sub(&lowered.exp()?.sum_keepdim(D::Minus1)?.log()?)?;
    all.gather(&Tensor::from_slice(tokens, (tokens.len(), 1), scores.device())?, D::Minus1)?.squeeze(1)
}

/// Weighted sum of the cross entropies of `tokens`, divided by the number of sequences.
///
/// # Errors
/// Shapes that do not fit each other.
pub(crate) fn text_loss(scores: &Tensor, tokens: &[u32], weights: &[f32], sequences: usize) -> Result<Tensor> {
    let weights = Tensor::from_slice(weights, weights.len(), scores.device())?;
    (log_probabilities(scores, tokens)? * weights)?.sum_all()? * (-1.0 / sequences.max(1) as f64)
}

/// Weighted binary cross entropy of the auxiliary head, summed over outputs and divided by the number of pictures: `max(x, 0) - x y + log(1 + exp(-|x|))`,
/// which does not overflow.
///
/// # Errors
/// Shapes that do not fit each other.
pub(crate) fn notice_loss(noticed: &Tensor, targets: &[&Targets]) -> Result<Tensor> {
    let gather = |pick: fn(&Targets) -> &Vec<f32>| -> Result<Tensor> {
        let all: Vec<f32> = targets.iter().flat_map(|targets| pick(targets)).copied().collect();
        let rows = all.len() / OUTPUTS;
        Tensor::from_vec(all, (rows, OUTPUTS), noticed.device())
    };
    let (values, weights) = (gather(|targets| &targets.values)?, gather(|targets| &targets.weights)?);
    let tail = (noticed.abs()?.neg()?.exp()? + 1.0)?.log()?;
    let loss = ((noticed.relu()? - (noticed * values)?)? + tail)?;
    (loss * weights)?.sum_all()? * (1.0 / targets.len().max(1) as f64)
}
