//! Muon (Jordan et al. 2024) for inner matrices and AdamW (Loshchilov and Hutter 2019) for the rest, on flat groups, with clipping of the global gradient
//! and an average of the weights. Muon is scaled as in Liu et al. 2025 ("Muon is scalable for LLM training") so that both share one rate.
//!
//! In -> out: gradients of the shards of a batch -> updated variables. Shards are added in their order, so the same gradients give the same bits.

use crate::blocks::with_numbers;
use crate::orthogonal::orthogonalize;
use crate::{Group, Parameters};
use candle_core::backprop::GradStore;
use candle_core::{Error, Result, Tensor, Var};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vedette_matmul::{Precision, wide};

/// Settings that do not change within a stage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptimizerSettings {
    /// Decay of the first moment.
    pub beta1: f32,
    /// Decay of the second moment.
    pub beta2: f32,
    /// Weight decay, on matrices only.
    pub weight_decay: f32,
    /// Largest length of the whole gradient.
    pub clip: f32,
    /// Decay of the average of the weights.
    pub average: f32,
    /// Decay of the momentum of inner matrices.
    pub momentum: f32,
}

impl Default for OptimizerSettings {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.98, weight_decay: 0.05, clip: 1.0, average: 0.999, momentum: 0.95 }
    }
}

/// The state of one group, each as long as the group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    /// Mean of the gradients.
    pub first: Vec<f32>,
    /// Mean of their squares.
    pub second: Vec<f32>,
    /// Average of the weights.
    pub average: Vec<f32>,
    /// How many updates the group has had: a group without gradients keeps its own count.
    pub updates: u32,
}

/// The optimizer.
#[derive(Debug, Default)]
pub struct Optimizer {
    /// By group.
    pub moments: BTreeMap<String, Moments>,
}

/// The gradients of one shard by group; a group that took no part is absent.
pub(crate) type Gradients = BTreeMap<String, Tensor>;

/// The gradients of a loss.
pub(crate) fn gradients_of(parameters: &Parameters, store: &GradStore) -> Gradients {
    let of = |(name, variable): (&String, &candle_core::Var)| store.get(variable.as_tensor()).map(|tensor| (name.clone(), tensor.clone()));
    parameters.variables.iter().filter_map(of).collect()
}

impl Optimizer {
    /// A fresh optimizer whose averages begin at the weights.
    ///
    /// # Errors
    /// The weights cannot be read.
    pub fn new(parameters: &Parameters) -> Result<Self> {
        let mut moments = BTreeMap::new();
        for (name, variable) in &parameters.variables {
            let average: Vec<f32> = variable.as_tensor().to_vec1()?;
            let zeros = vec![0.0; average.len()];
            moments.insert(name.clone(), Moments { first: zeros.clone(), second: zeros, average, updates: 0 });
        }
        Ok(Self { moments })
    }

    /// One update from the mean of the shards' gradients; gives back the length of the gradient before clipping. Nothing is changed where that is not finite.
    ///
    /// # Errors
    /// Tensors that cannot be read or written.
    pub fn update(&mut self, parameters: &Parameters, shards: &[Gradients], rate: f32, settings: &OptimizerSettings) -> Result<f32> {
        let sums = sums(parameters, shards)?;
        let square: f64 = sums.values().map(|sum| sum.iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>()).sum();
        let length = square.sqrt() as f32;
        if !length.is_finite() {
            return Ok(length);
        }
        let scale = if length > settings.clip { settings.clip / length } else { 1.0 };
        let works = self.works(parameters, &sums);
        let pace = Pace { rate, scale, settings: *settings };
        // Every group is independent of the others: the threads change nothing but the time.
        let (even, odd): (Vec<_>, Vec<_>) = works.into_iter().enumerate().partition(|(number, _)| number % 2 == 0);
        let all = |works: Vec<(usize, Work<'_>)>| works.into_iter().try_for_each(|(_, work)| work.update(pace));
        std::thread::scope(|scope| {
            let other = std::thread::Builder::new().name("update".to_owned()).spawn_scoped(scope, || all(odd))?;
            all(even)?;
            other.join().map_err(|_| Error::Msg("a thread of the optimizer died".to_owned()))?
        })?;
        Ok(length)
    }

    fn works<'a>(&'a mut self, parameters: &'a Parameters, sums: &'a BTreeMap<String, Vec<f32>>) -> Vec<Work<'a>> {
        let of = |(name, moments): (&String, &'a mut Moments)| {
            let (gradient, variable, group) = (sums.get(name)?, parameters.variables.get(name)?, parameters.groups.get(name)?);
            Some(Work { moments, variable, group, gradient })
        };
        self.moments.iter_mut().filter_map(of).collect()
    }
}

/// One group and what it is to be updated by.
struct Work<'a> {
    moments: &'a mut Moments,
    variable: &'a Var,
    group: &'a Group,
    gradient: &'a [f32],
}

impl Work<'_> {
    fn update(self, pace: Pace) -> Result<()> {
        let mut weights: Vec<f32> = self.variable.as_tensor().to_vec1()?;
        self.moments.updates += 1;
        for part in &self.group.parts {
            let decay = if part.is_decayed() { pace.settings.weight_decay } else { 0.0 };
            let range = part.start..part.start + part.len();
            let (Some(weights), Some(gradient)) = (weights.get_mut(range.clone()), self.gradient.get(range.clone())) else { continue };
            match part.sides.as_slice() {
                [rows, columns] if part.is_inner() => whole(self.moments, weights, gradient, range.start, [*rows, *columns], decay, pace),
                _ => single(self.moments, weights, gradient, range.start, decay, pace),
            }
        }
        self.variable.set(&Tensor::from_vec(weights, self.group.len(), self.variable.device())?)
    }
}

/// What an update depends on.
#[derive(Clone, Copy)]
struct Pace {
    rate: f32,
    scale: f32,
    settings: OptimizerSettings,
}

/// Share of the old average that stays. Early on the average follows quickly: it should not remember the beginning.
fn average(settings: &OptimizerSettings, updates: u32) -> f32 {
    settings.average.min((1.0 + updates as f32) / (10.0 + updates as f32))
}

/// Root mean square of the elements of an AdamW update in practice: what a matrix's update is brought to.
const MATRIX_SHARE: f32 = 0.2;

/// Muon: the momentum's directions, all equally strong.
fn whole(moments: &mut Moments, weights: &mut [f32], gradient: &[f32], start: usize, sides: [usize; 2], decay: f32, pace: Pace) {
    let settings = pace.settings;
    let average = average(&settings, moments.updates);
    let range = start..start + weights.len();
    let (Some(first), Some(averages)) = (moments.first.get_mut(range.clone()), moments.average.get_mut(range)) else { return };
    let mut towards = vec![0.0; weights.len()];
    wide(|| {
        for index in 0..gradient.len() {
            let g = (1.0 - settings.momentum) * gradient[index] * pace.scale;
            first[index] = settings.momentum * first[index] + g;
            towards[index] = settings.momentum * first[index] + g;
        }
    });
    let [rows, columns] = sides;
    orthogonalize(&mut towards, rows, columns, Precision::Mixed);
    let share = MATRIX_SHARE * (rows.max(columns) as f32).sqrt();
    wide(|| {
        for index in 0..weights.len() {
            weights[index] -= pace.rate * (share * towards[index] + decay * weights[index]);
            averages[index] = average * averages[index] + (1.0 - average) * weights[index];
        }
    });
}

/// AdamW: each element for itself.
fn single(moments: &mut Moments, weights: &mut [f32], gradient: &[f32], start: usize, decay: f32, pace: Pace) {
    let (beta1, beta2) = (pace.settings.beta1, pace.settings.beta2);
    let updates = moments.updates as i32;
    let (unbias1, unbias2) = (1.0 / (1.0 - beta1.powi(updates)), 1.0 / (1.0 - beta2.powi(updates)));
    let average = average(&pace.settings, moments.updates);
    let range = start..start + weights.len();
    let (Some(first), Some(second), Some(averages)) =
        (moments.first.get_mut(range.clone()), moments.second.get_mut(range.clone()), moments.average.get_mut(range))
    else {
        return;
    };
    wide(|| {
        for index in 0..weights.len() {
            let g = gradient[index] * pace.scale;
            first[index] = beta1 * first[index] + (1.0 - beta1) * g;
            second[index] = beta2 * second[index] + (1.0 - beta2) * g * g;
            let towards = first[index] * unbias1 / ((second[index] * unbias2).sqrt() + 1e-8);
            weights[index] -= pace.rate * (towards + decay * weights[index]);
            averages[index] = average * averages[index] + (1.0 - average) * weights[index];
        }
    });
}

/// Means over the shards.
fn sums(parameters: &Parameters, shards: &[Gradients]) -> Result<BTreeMap<String, Vec<f32>>> {
    let share = 1.0 / shards.len().max(1) as f32;
    let mut sums = BTreeMap::new();
    for (name, group) in &parameters.groups {
        let mut sum: Option<Vec<f32>> = None;
        for gradient in shards.iter().filter_map(|shard| shard.get(name)) {
            with_numbers(&gradient.contiguous()?, |numbers| {
                let sum = sum.get_or_insert_with(|| vec![0.0; group.len()]);
                wide(|| sum.iter_mut().zip(numbers).for_each(|(sum, g)| *sum += share * g));
            })?;
        }
        if let Some(sum) = sum {
            sums.insert(name.clone(), sum);
        }
    }
    Ok(sums)
}
