//! `vedette learn parity`: the same pictures, prompts and answers through llama.cpp and through the network of the trainer.

use crate::Ending;
use crate::output::say;
use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use vedette_learning::{Example, Form, Network, Photographs, Reading, Source, SourceSettings, Trainer, patches, tensor};
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths};
use vedette_reasoning::{Sampling, VlmRequest};
use vedette_simulator::Family;
use vedette_types::{RgbPixels, Sha256, Stamp, StreamId};

/// Arguments of `vedette learn parity`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ParityArguments {
    /// Folder of the run
    #[arg(long, value_name = "DIR", default_value = "out/pretrain")]
    from: PathBuf,
    /// Text model, exported from that run
    #[arg(long, value_name = "GGUF")]
    model: PathBuf,
    /// Its vision tower
    #[arg(long, value_name = "GGUF")]
    mmproj: PathBuf,
    /// Pictures, from the validation family
    #[arg(long, default_value_t = 100)]
    frames: u64,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// Compares.
pub(crate) fn run(arguments: &ParityArguments) -> Result<Ending> {
    let recipe = super::read_recipe(&super::recipe_file(&arguments.from))?;
    let workshop = super::workshop(&arguments.from, &recipe, Arc::default(), None)?;
    let trainer = Trainer::new(&recipe, &workshop, &mut |_| {})?;
    let averaged = trainer.averaged()?;
    let network = Network::new(&averaged, Form::Decomposed);
    let paths = PairPaths { model: arguments.model.clone(), mmproj: arguments.mmproj.clone() };
    let mut vlm = LlamaVlm::load(&paths, &LlamaParams::default())?;
    let vision = recipe.shape.vision;
    let settings = SourceSettings { first_seed: 1_000_000, ..SourceSettings::default() };
    let (side, across) = (vision.side_px, vision.patches_to_a_side());
    let source = Source::new(Family::Validation, settings, side, across, Arc::new(Photographs::default()));
    let mut tally = Tally::default();
    for number in 0..arguments.frames {
        let picture = source.picture(number).context("a validation scene could not be rendered")?;
        let example = workshop.maker.example(&picture)?;
        let prompt = workshop.maker.prompt(&picture)?;
        let pixels = RgbPixels::new(side as u32, side as u32, picture.rgb.as_ref().clone()).context("a picture without pixels")?;
        let request = VlmRequest {
            image_stamp: Stamp::default(),
            camera: StreamId::new("parity"),
            prompt,
            prompt_sha256: Sha256::default(),
            image_sha256: Sha256::default(),
            pixels,
            schema: Arc::from("{}"),
            sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 192 },
            deadline_millis: None,
        };
        let forced = vlm.scores_of(&request, &picture.answer.text())?;
        let ours = scores(&network, &recipe.shape, workshop.maker.prefix(), &example)?;
        for (theirs, ours) in forced.scores.iter().zip(&ours) {
            tally.add(theirs, ours);
        }
    }
    let (error, deviation) = tally.figures();
    let share = error / deviation.max(1e-12);
    if arguments.json {
        let figures = json!({ "frames": arguments.frames, "rows": tally.rows, "rms_error": error, "logit_deviation": deviation,
            "error_share": share, "other_argmax": tally.other, "other_argmax_with_clear_gap": tally.other_with_gap });
        say!("{figures}");
    } else {
        say!(
            "{} rows of {} frames: error {error:.4}, {:.2} % of the logits' deviation {deviation:.3}",
            tally.rows,
            arguments.frames,
            100.0 * share
        );
        say!("another first choice in {} rows, {} of them with a gap above the error of the row", tally.other, tally.other_with_gap);
    }
    Ok(Ending::Complete)
}

fn scores(network: &Network<'_>, shape: &vedette_learning::Shape, prefix: &[u32], example: &Example) -> Result<Vec<Vec<f32>>> {
    let mut rows = Vec::new();
    patches(shape, &example.rgb, &mut rows);
    let seen = network.see(&tensor(rows, shape.vision.patches(), shape.vision.patch_len())?)?;
    let reading = Reading { prefix: prefix.to_vec(), suffixes: vec![example.suffix.clone()], answers: vec![example.weights.len()] };
    Ok(network.read(&seen.tokens, &reading)?.to_vec2()?)
}

/// Sums over rows of scores.
#[derive(Default)]
struct Tally {
    rows: usize,
    numbers: usize,
    error: f64,
    sum: f64,
    square: f64,
    other: usize,
    other_with_gap: usize,
}

impl Tally {
    fn add(&mut self, theirs: &[f32], ours: &[f32]) {
        self.rows += 1;
        let mut largest = 0.0_f32;
        for (theirs, ours) in theirs.iter().zip(ours) {
            let (a, b) = (f64::from(*theirs), f64::from(*ours));
            self.error += (a - b) * (a - b);
            self.sum += b;
            self.square += b * b;
            self.numbers += 1;
            largest = largest.max((theirs - ours).abs());
        }
        let first = |row: &[f32]| row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(place, _)| place);
        if first(theirs) != first(ours) {
            self.other += 1;
            let mut sorted = ours.to_vec();
            sorted.sort_by(|a, b| b.total_cmp(a));
            if let [top, second, ..] = sorted.as_slice() {
                self.other_with_gap += usize::from(top - second > 2.0 * largest);
            }
        }
    }

    /// Root mean square of the differences, and the standard deviation of the network's scores.
    fn figures(&self) -> (f64, f64) {
        let count = self.numbers.max(1) as f64;
        let mean = self.sum / count;
        ((self.error / count).sqrt(), (self.square / count - mean * mean).max(0.0).sqrt())
    }
}
