//! One batch: examples -> how the weights should change. In -> out: a stage, its stream and the number of the step -> gradients by shard, mean loss.
//!
//! A batch is always cut into the same shards, whatever the number of threads, so a step gives the same bits everywhere. Deliberately absent: what is done with
//! the gradients (`optimizer`).

use crate::loss::{notice_loss, text_loss};
use crate::network::{Form, Network, Reading, patches};
use crate::optimizer::{Gradients, gradients_of};
use crate::stream::{Example, Stream};
use crate::windows::windows;
use crate::{Parameters, Random, Stage, Targets, TrainingError, Windows};
use candle_core::{Device, Tensor};

/// Shards of a batch; part of the recipe's arithmetic, hence a constant.
const SHARDS: usize = 2;

/// What a batch is learned with.
pub(crate) struct Lesson<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) parameters: &'a Parameters,
    pub(crate) form: Form,
    /// Tokens before the picture.
    pub(crate) prefix: &'a [u32],
    /// The recipe's.
    pub(crate) seed: u64,
}

impl Lesson<'_> {
    /// The gradients of a batch by shard, and its mean loss.
    pub(crate) fn gradients(&self, stream: &Stream, step: u64) -> Result<(Vec<Gradients>, f64), TrainingError> {
        let per_shard = (self.stage.batch / SHARDS).max(1) as u64;
        let results: Vec<Result<(Gradients, f64), TrainingError>> = std::thread::scope(|scope| {
            let work = |shard: u64| {
                move || {
                    let first = (step * SHARDS as u64 + shard) * per_shard;
                    let examples = (first..first + per_shard).map(|number| stream.example(number)).collect::<Result<Vec<_>, _>>()?;
                    self.shard(&examples, first)
                }
            };
            let spawn = |shard| std::thread::Builder::new().name(format!("shard-{shard}")).spawn_scoped(scope, work(shard));
            let running: Vec<_> = (0..SHARDS as u64).map(spawn).collect();
            running
                .into_iter()
                .map(|thread| thread.map_err(|_| TrainingError::Thread)?.join().map_err(|_| TrainingError::Thread)?)
                .collect()
        });
        let mut gradients = Vec::with_capacity(SHARDS);
        let mut loss = 0.0;
        for result in results {
            let (of_shard, of_loss) = result?;
            gradients.push(of_shard);
            loss += of_loss / SHARDS as f64;
        }
        Ok((gradients, loss))
    }

    /// `first` is the number of the first example.
    fn shard(&self, examples: &[Example], first: u64) -> Result<(Gradients, f64), TrainingError> {
        let network = Network::new(self.parameters, self.form);
        let loss = match self.stage.windows {
            Some(settings) => self.of_parts(&network, settings, examples, first)?,
            None => self.of_pictures(&network, examples)?,
        };
        let value = f64::from(loss.to_scalar::<f32>()?);
        Ok((gradients_of(self.parameters, &loss.backward()?), value))
    }

    fn of_pictures(&self, network: &Network<'_>, examples: &[Example]) -> Result<Tensor, TrainingError> {
        let shape = self.parameters.shape;
        let mut rows = Vec::new();
        examples.iter().for_each(|example| patches(&shape, &example.rgb, &mut rows));
        let rows = Tensor::from_vec(rows, (examples.len() * shape.vision.patches(), shape.vision.patch_len()), &Device::Cpu)?;
        let seen = network.see(&rows)?;
        let targets: Vec<_> = examples.iter().map(|example| &example.targets).collect();
        let noticed = self.of_head(network, &seen.features, &targets)?;
        if !self.stage.has_text {
            return Ok(noticed);
        }
        let reading = Reading {
            prefix: self.prefix.to_vec(),
            suffixes: examples.iter().map(|example| example.suffix.clone()).collect(),
            answers: examples.iter().map(|example| example.weights.len()).collect(),
        };
        let answer = |example: &Example| example.suffix[example.suffix.len() - example.weights.len()..].to_vec();
        let tokens: Vec<u32> = examples.iter().flat_map(answer).collect();
        let weights: Vec<f32> = examples.iter().flat_map(|example| &example.weights).copied().collect();
        Ok((noticed + text_loss(&network.read(&seen.tokens, &reading)?, &tokens, &weights, examples.len())?)?)
    }

    /// The auxiliary head's loss alone, on parts of the pictures.
    fn of_parts(&self, network: &Network<'_>, settings: Windows, examples: &[Example], first: u64) -> Result<Tensor, TrainingError> {
        let shape = self.parameters.shape;
        let (mut rows, mut places, mut targets): (Vec<f32>, Vec<u32>, Vec<_>) = (Vec::new(), Vec::new(), Vec::new());
        for (example, number) in examples.iter().zip(first..) {
            let mut picture: Vec<f32> = Vec::new();
            patches(&shape, &example.rgb, &mut picture);
            let mut random = Random::named("windows", self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            for window in windows(settings, shape.vision.patches_to_a_side(), &example.targets, &mut random) {
                let len = shape.vision.patch_len();
                window.iter().for_each(|patch| rows.extend(picture.iter().skip(*patch as usize * len).take(len)));
                targets.push(example.targets.of(&window));
                places.extend(window);
            }
        }
        let rows = Tensor::from_vec(rows, (places.len(), shape.vision.patch_len()), &Device::Cpu)?;
        let features = network.look(&rows, &places, targets.len())?;
        self.of_head(network, &features, &targets.iter().collect::<Vec<_>>())
    }

    fn of_head(&self, network: &Network<'_>, features: &Tensor, targets: &[&Targets]) -> Result<Tensor, TrainingError> {
        let features = if self.stage.is_head_only { features.detach() } else { features.clone() };
        Ok((notice_loss(&network.notice(&features)?, targets)? * self.stage.notice_weight)?)
    }
}
