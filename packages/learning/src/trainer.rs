//! The loop: batches (`lesson`), updates (`optimizer`); validation, checkpoint, curves.
//!
//! A run gives the same bits whatever the number of threads, killed and resumed or not. Deliberately absent: the clock's say in anything but the progress line.

use crate::checkpoint::{self, CheckpointError, Progress};
use crate::lesson::Lesson;
use crate::network::Form;
use crate::optimizer::{Optimizer, OptimizerSettings};
use crate::photographs::Photographs;
use crate::source::{Source, SourceSettings};
use crate::stream::{Example, ExampleError, Maker, Stream};
use crate::validation::{Validation, validate};
use crate::{ImportError, Parameters, Recipe, RecipeFault, Stage, import};
use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vedette_llama::PairPaths;
use vedette_matmul::Precision;
use vedette_simulator::Family;

/// Batches in a row without a finite gradient after which a run stops.
const MOST_BAD_STEPS: usize = 3;
const FORM: Form = Form::Fused(Precision::Mixed);

/// One point of the curves, a line of `curves.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Name of the stage.
    pub stage: String,
    /// Updates done in it.
    pub step: u64,
    /// Examples seen, over all stages.
    pub examples: u64,
    /// Seconds spent on updates.
    pub secs: f64,
    /// Mean training loss since the last point.
    pub loss: f64,
    /// Mean length of the gradient since the last point.
    pub gradient: f64,
    /// Learning rate.
    pub rate: f64,
    /// With the averaged weights, on the validation family.
    pub validation: Validation,
}

/// A run that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// See [`RecipeFault`].
    #[error(transparent)]
    Recipe(#[from] RecipeFault),
    /// See [`CheckpointError`].
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// See [`ExampleError`].
    #[error(transparent)]
    Example(#[from] ExampleError),
    /// The network could not be computed.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
    /// Loss or gradient is no number any more.
    #[error(
        "loss or gradient was no finite number {count} times in a row at step {step} of stage {stage}; the last good checkpoint is kept; lower the rate"
    )]
    Diverged {
        /// How often.
        count: usize,
        /// Step.
        step: u64,
        /// Stage.
        stage: String,
    },
    /// A thread could not be had, or died.
    #[error("a training thread failed")]
    Thread,
    /// See [`ImportError`].
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The recipe begins with a pair that is not there.
    #[error("the recipe begins with the pair {wanted}, {found}; name its two files, or use the revision that ships it")]
    OtherBeginning {
        /// Hash of the pair in the recipe.
        wanted: String,
        /// What there is.
        found: String,
    },
    /// The recipe begins with nothing, so there is nothing to go back towards.
    #[error("the run began with nothing: there are no weights to mix its own with")]
    NoBeginning,
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// What a run needs besides its recipe.
#[derive(Debug)]
pub struct Workshop {
    /// Where checkpoints and curves go.
    pub folder: PathBuf,
    /// Makes the examples.
    pub maker: Arc<Maker>,
    /// May be empty.
    pub photographs: Arc<Photographs>,
    /// What a recipe that goes on from a pair begins with.
    pub beginning: Option<PairPaths>,
}

impl Workshop {
    /// The first weights of a run.
    fn first_weights(&self, recipe: &Recipe) -> Result<Parameters, TrainingError> {
        let Some(wanted) = &recipe.begins_with else {
            return Ok(Parameters::new(recipe.shape, recipe.seed, &Device::Cpu)?);
        };
        let other = |found: String| TrainingError::OtherBeginning { wanted: wanted.clone(), found };
        let pair = self.beginning.as_ref().ok_or_else(|| other("none was given".to_owned()))?;
        let found = pair.sha256().map_err(|source| TrainingError::Io { action: "read", path: pair.model.clone(), source })?.to_string();
        if found != *wanted {
            return Err(other(format!("the one given is {found}")));
        }
        Ok(import(pair, recipe.shape, recipe.seed)?)
    }
}

/// What is told while a run goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Something a person should know.
    Note(String),
    /// Some updates were done.
    Advanced {
        /// Name of the stage.
        stage: String,
        /// Updates done in it, and how many it has.
        step: u64,
        /// How many it has.
        steps: u64,
        /// Mean loss of late.
        loss: f64,
        /// Examples a second of late.
        rate: f64,
    },
    /// A validation.
    Point(Box<Point>),
}

/// Training in progress.
pub struct Trainer<'a> {
    recipe: &'a Recipe,
    workshop: &'a Workshop,
    progress: Progress,
    parameters: Parameters,
    optimizer: Optimizer,
    secs: f64,
    validation: Vec<Example>,
}

impl<'a> Trainer<'a> {
    /// Begins, or goes on from the folder's checkpoint.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub fn new(recipe: &'a Recipe, workshop: &'a Workshop, tell: &mut dyn FnMut(Told)) -> Result<Self, TrainingError> {
        recipe.check()?;
        let found = checkpoint::read(&workshop.folder, recipe, |note| tell(Told::Note(note.to_owned())))?;
        let (progress, parameters, optimizer) = match found {
            Some(state) => {
                tell(Told::Note(format!("going on from stage {}, step {}", state.0.stage, state.0.step)));
                state
            }
            None => {
                let parameters = workshop.first_weights(recipe)?;
                let optimizer = Optimizer::new(&parameters)?;
                (Progress::default(), parameters, optimizer)
            }
        };
        let secs = progress.secs as f64;
        let validation = validation_examples(recipe, &workshop.maker)?;
        Ok(Self { recipe, workshop, progress, parameters, optimizer, secs, validation })
    }

    /// Trains until the recipe's end, or until `is_over` says so at a checkpoint; gives back whether the recipe is finished.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub fn run(&mut self, is_over: &dyn Fn() -> bool, tell: &mut dyn FnMut(Told)) -> Result<bool, TrainingError> {
        while let Some(stage) = self.recipe.stages.get(self.progress.stage) {
            if !self.run_stage(stage, is_over, tell)? {
                return Ok(false);
            }
            self.progress.stage += 1;
            self.progress.step = 0;
            self.keep()?;
        }
        Ok(true)
    }

    fn run_stage(&mut self, stage: &Stage, is_over: &dyn Fn() -> bool, tell: &mut dyn FnMut(Told)) -> Result<bool, TrainingError> {
        let stream = self.stream(stage);
        let settings = OptimizerSettings { average: stage.average.unwrap_or(self.recipe.optimizer.average), ..self.recipe.optimizer };
        let mut recent = Recent::default();
        let mut clock = Clock::start();
        while self.progress.step < stage.steps {
            let step = self.progress.step;
            let (gradients, loss) = self.lesson(stage).gradients(&stream, step)?;
            let length = self.optimizer.update(&self.parameters, &gradients, stage.rate_at(step) as f32, &settings)?;
            recent.add(loss, f64::from(length));
            if recent.bad >= MOST_BAD_STEPS {
                return Err(TrainingError::Diverged { count: recent.bad, step, stage: stage.name.clone() });
            }
            self.progress.step += 1;
            if self.progress.step.is_multiple_of(20) {
                let (loss, rate) = (recent.loss(), 20.0 * stage.batch as f64 / clock.lap(&mut self.secs));
                tell(Told::Advanced { stage: stage.name.clone(), step: self.progress.step, steps: stage.steps, loss, rate });
            }
            if self.progress.step.is_multiple_of(stage.validate_every) || self.progress.step == stage.steps {
                clock.lap(&mut self.secs);
                let point = self.point(stage, &recent)?;
                // What has just gone wrong is not worth keeping.
                if recent.bad == 0 && point.validation.text_loss.is_finite() {
                    self.record(&point)?;
                    self.keep()?;
                }
                tell(Told::Point(Box::new(point)));
                recent = Recent { bad: recent.bad, ..Recent::default() };
                clock = Clock::start();
                if is_over() && self.progress.step < stage.steps {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn stream(&self, stage: &Stage) -> Stream {
        let vision = self.recipe.shape.vision;
        let photographs = self.workshop.photographs.clone();
        let source = Source::new(Family::Train, stage.source, vision.side_px, vision.patches_to_a_side(), photographs);
        Stream::new(source, self.workshop.maker.clone(), self.recipe.seed ^ stage.source.first_seed, stage.block_len, stage.passes)
    }

    fn lesson(&self, stage: &'a Stage) -> Lesson<'_> {
        Lesson { stage, parameters: &self.parameters, form: FORM, prefix: self.workshop.maker.prefix(), seed: self.recipe.seed }
    }

    fn point(&self, stage: &Stage, recent: &Recent) -> Result<Point, TrainingError> {
        let averaged = self.averaged()?;
        let validation = validate(&averaged, FORM, self.workshop.maker.prefix(), &self.validation, stage.has_text)?;
        let before: u64 = self.recipe.stages.iter().take(self.progress.stage).map(|stage| stage.steps * stage.batch as u64).sum();
        Ok(Point {
            stage: stage.name.clone(),
            step: self.progress.step,
            examples: before + self.progress.step * stage.batch as u64,
            secs: self.secs,
            loss: recent.loss(),
            gradient: recent.gradient(),
            rate: stage.rate_at(self.progress.step),
            validation,
        })
    }

    /// The averaged weights: what is validated and exported.
    ///
    /// # Errors
    /// Tensors that cannot be made.
    pub fn averaged(&self) -> Result<Parameters, TrainingError> {
        let averaged = Parameters::new(self.recipe.shape, self.recipe.seed, &Device::Cpu)?;
        for (name, variable) in &averaged.variables {
            if let Some(moments) = self.optimizer.moments.get(name) {
                variable.set(&Tensor::from_slice(&moments.average, moments.average.len(), &Device::Cpu)?)?;
            }
        }
        Ok(averaged)
    }

    /// The averaged weights, moved by `share` (0 to 1) towards those that the run began with: halfway between both is often better than either, most of all on
    /// what neither was shown (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). The auxiliary head stays.
    ///
    /// # Errors
    /// The recipe begins with nothing or with another pair than the one at hand; tensors that cannot be made.
    pub fn mixed(&self, share: f32) -> Result<Parameters, TrainingError> {
        let mixed = self.averaged()?;
        if share == 0.0 {
            return Ok(mixed);
        }
        if self.recipe.begins_with.is_none() {
            return Err(TrainingError::NoBeginning);
        }
        let beginning = self.workshop.first_weights(self.recipe)?;
        for (name, variable) in mixed.variables.iter().filter(|(name, _)| name.as_str() != "aux") {
            if let Some(before) = beginning.variables.get(name) {
                let moved = ((variable.as_tensor() * f64::from(1.0 - share))? + (before.as_tensor() * f64::from(share))?)?;
                variable.set(&moved)?;
            }
        }
        Ok(mixed)
    }

    /// How good weights are on the scenes of the run's validations.
    ///
    /// # Errors
    /// Tensors that cannot be made.
    pub fn judge(&self, parameters: &Parameters) -> Result<Validation, TrainingError> {
        Ok(validate(parameters, FORM, self.workshop.maker.prefix(), &self.validation, true)?)
    }

    fn keep(&mut self) -> Result<(), TrainingError> {
        self.progress.secs = self.secs as u64;
        Ok(checkpoint::write(&self.workshop.folder, self.recipe, &self.progress, &self.parameters, &self.optimizer)?)
    }

    fn record(&self, point: &Point) -> Result<(), TrainingError> {
        let path = curves_file(&self.workshop.folder);
        let append = || -> std::io::Result<()> {
            fs::create_dir_all(&self.workshop.folder)?;
            let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
            writeln!(file, "{}", serde_json::to_string(point)?)
        };
        append().map_err(|source| TrainingError::Io { action: "write", path: path.clone(), source })
    }
}

/// Where a run's curves stand.
pub fn curves_file(folder: &Path) -> PathBuf {
    folder.join("curves.jsonl")
}

/// The same scenes at every validation, without photographs and undisturbed but for what the scenes are.
fn validation_examples(recipe: &Recipe, maker: &Maker) -> Result<Vec<Example>, TrainingError> {
    let vision = recipe.shape.vision;
    let settings = SourceSettings { first_seed: 0, ..SourceSettings::default() };
    let source = Source::new(Family::Validation, settings, vision.side_px, vision.patches_to_a_side(), Arc::new(Photographs::default()));
    let numbers = 0..recipe.validation_scenes as u64;
    let examples = numbers.filter_map(|number| source.picture(number)).map(|picture| maker.example(&picture));
    Ok(examples.collect::<Result<Vec<_>, _>>()?)
}

/// Means since the last point.
#[derive(Debug, Default)]
struct Recent {
    losses: f64,
    gradients: f64,
    count: usize,
    /// Steps in a row without a finite loss or gradient.
    bad: usize,
}

impl Recent {
    fn add(&mut self, loss: f64, gradient: f64) {
        if loss.is_finite() && gradient.is_finite() {
            (self.losses, self.gradients) = (self.losses + loss, self.gradients + gradient);
            self.count += 1;
            self.bad = 0;
        } else {
            self.bad += 1;
        }
    }

    fn loss(&self) -> f64 {
        self.losses / self.count.max(1) as f64
    }

    fn gradient(&self) -> f64 {
        self.gradients / self.count.max(1) as f64
    }
}

/// Time spent on updates, for the progress line only.
struct Clock(std::time::Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the progress line tells how fast it goes; nothing depends on it")]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Seconds since the start or the last lap; added to `total`.
    fn lap(&mut self, total: &mut f64) -> f64 {
        let secs = self.0.elapsed().as_secs_f64();
        *total += secs;
        *self = Self::start();
        secs.max(1e-9)
    }
}
