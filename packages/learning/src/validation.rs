//! How good the weights are on scenes of a family they do not learn from: teacher-forced, which for an answer that is right throughout is what greedy
//! decoding would write.

use crate::network::{Form, Network, Reading, patches};
use crate::stream::Example;
use crate::targets::LOOKS;
use crate::{OUTPUTS, Parameters};
use candle_core::{D, Device, Result, Tensor};
use serde::{Deserialize, Serialize};

/// Figures of one validation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Share of right verdicts.
    pub verdict: f64,
    /// Share of answers that are right to the last word.
    pub exact: f64,
    /// Among answers with hazards: share whose first kind is right.
    pub kind: f64,
    /// Mean over the six kinds of the area under the precision-recall curve of patches that show the kind.
    pub patch_precision: f64,
    /// Mean loss of the words of an answer.
    pub text_loss: f64,
}

/// Examples of one forward pass.
const BATCH: usize = 20;

struct Tally {
    verdict: usize,
    exact: usize,
    kind: (usize, usize),
    loss: f64,
    patches: Vec<Vec<(f32, bool)>>,
}

/// Judges `parameters` by `examples`, on two threads.
///
/// # Errors
/// Shapes that do not fit each other.
pub fn validate(parameters: &Parameters, form: Form, prefix: &[u32], examples: &[Example], has_text: bool) -> Result<Validation> {
    let halves: Vec<&[Example]> = examples.chunks(examples.len().div_ceil(2).max(1)).collect();
    let tallies: Vec<Result<Tally>> = std::thread::scope(|scope| {
        let work = |half| move || tally(parameters, form, prefix, half, has_text);
        let running: Vec<_> =
            halves.iter().map(|half| std::thread::Builder::new().name("validate".to_owned()).spawn_scoped(scope, work(half))).collect();
        let join = |thread: std::io::Result<std::thread::ScopedJoinHandle<'_, Result<Tally>>>| match thread
            .map(std::thread::ScopedJoinHandle::join)
        {
            Ok(Ok(tally)) => tally,
            _ => Err(candle_core::Error::Msg("a validation thread failed".to_owned())),
        };
        running.into_iter().map(join).collect()
    });
    let mut all = Tally { verdict: 0, exact: 0, kind: (0, 0), loss: 0.0, patches: vec![Vec::new(); KINDS] };
    for part in tallies {
        let part = part?;
        all.verdict += part.verdict;
        all.exact += part.exact;
        all.kind = (all.kind.0 + part.kind.0, all.kind.1 + part.kind.1);
        all.loss += part.loss;
        all.patches.iter_mut().zip(part.patches).for_each(|(all, part)| all.extend(part));
    }
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let precisions: Vec<f64> = all.patches.into_iter().filter_map(average_precision).collect();
    Ok(Validation {
        verdict: share(all.verdict, examples.len()),
        exact: share(all.exact, examples.len()),
        kind: share(all.kind.0, all.kind.1),
        patch_precision: precisions.iter().sum::<f64>() / precisions.len().max(1) as f64,
        text_loss: all.loss / examples.len().max(1) as f64,
    })
}

const KINDS: usize = 6;
/// Places of the answer: the verdict's word, the first kind.
const VERDICT: usize = 1;
const FIRST_KIND: usize = 4;

fn tally(parameters: &Parameters, form: Form, prefix: &[u32], examples: &[Example], has_text: bool) -> Result<Tally> {
    let network = Network::new(parameters, form);
    let shape = parameters.shape;
    let mut tally = Tally { verdict: 0, exact: 0, kind: (0, 0), loss: 0.0, patches: vec![Vec::new(); KINDS] };
    for batch in examples.chunks(BATCH) {
        let mut rows = Vec::new();
        batch.iter().for_each(|example| patches(&shape, &example.rgb, &mut rows));
        let rows = Tensor::from_vec(rows, (batch.len() * shape.vision.patches(), shape.vision.patch_len()), &Device::Cpu)?;
        let seen = network.see(&rows)?;
        let noticed: Vec<f32> = network.notice(&seen.features)?.flatten_all()?.to_vec1()?;
        let known = batch
            .iter()
            .flat_map(|example| example.targets.values.chunks_exact(OUTPUTS).zip(example.targets.weights.chunks_exact(OUTPUTS)));
        for (scores, (values, weights)) in noticed.chunks_exact(OUTPUTS).zip(known) {
            for kind in 0..KINDS.min(LOOKS) {
                if weights[kind] > 0.0 {
                    tally.patches[kind].push((scores[kind], values[kind] > 0.5));
                }
            }
        }
        if !has_text {
            continue;
        }
        let reading = Reading {
            prefix: prefix.to_vec(),
            suffixes: batch.iter().map(|example| example.suffix.clone()).collect(),
            answers: batch.iter().map(|example| example.weights.len()).collect(),
        };
        let scores = network.read(&seen.tokens, &reading)?;
        let best: Vec<u32> = scores.argmax(D::Minus1)?.to_vec1()?;
        let answers: Vec<u32> =
            batch.iter().flat_map(|example| &example.suffix[example.suffix.len() - example.weights.len()..]).copied().collect();
        let weights: Vec<f32> = batch.iter().flat_map(|example| &example.weights).copied().collect();
        tally.loss += f64::from(crate::loss::text_loss(&scores, &answers, &weights, 1)?.to_scalar::<f32>()?);
        let mut place = 0;
        for example in batch {
            let range = place..place + example.weights.len();
            place = range.end;
            let is_right: Vec<bool> = best[range.clone()].iter().zip(&answers[range]).map(|(best, token)| best == token).collect();
            tally.verdict += usize::from(is_right.get(VERDICT) == Some(&true));
            tally.exact += usize::from(is_right.iter().all(|right| *right));
            if example.weights.len() > FIRST_KIND + 2 {
                tally.kind.1 += 1;
                tally.kind.0 += usize::from(is_right.get(FIRST_KIND) == Some(&true));
            }
        }
    }
    Ok(tally)
}

/// Area under the precision-recall curve of (score, is so); `None` without positives.
fn average_precision(mut scored: Vec<(f32, bool)>) -> Option<f64> {
    let positives = scored.iter().filter(|(_, is_so)| *is_so).count();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut hits, mut area) = (0_usize, 0.0);
    for (number, (_, is_so)) in scored.iter().enumerate() {
        if *is_so {
            hits += 1;
            area += hits as f64 / (number + 1) as f64;
        }
    }
    (positives > 0).then(|| area / positives as f64)
}
