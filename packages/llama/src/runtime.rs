//! The engine with its ladder: what a live program holds. Replay has neither: it does not look at the machine.
//!
//! In -> out: a look at the machine's files every `ladder.period_secs`, and how answers end -> a step of the ladder, carried out on the engine
//! and told to the caller, who tells the agent (an event with a stamp) and the operator. Deliberately absent: threads of its own, the clock.

use crate::check::check_pair;
use crate::ladder::{Ladder, LadderParams, LevelChange};
use crate::machine::{MachineFiles, MachineReading};
use crate::params::Limits;
use crate::{Engine, LlamaError, LlamaParams, LlamaVlm, PairPaths};
use std::path::PathBuf;
use vedette_reasoning::Vlm;
use vedette_types::{Finish, Level, Stamp};

/// What each rung runs.
#[derive(Clone, Debug)]
struct Rungs {
    paths: PairPaths,
    params: LlamaParams,
    small: Option<PairPaths>,
    small_n_ctx: i64,
}

/// An engine that gives way.
pub struct Runtime {
    engine: Engine,
    ladder: Ladder,
    files: MachineFiles,
    reading: MachineReading,
    rungs: Rungs,
}

impl Runtime {
    /// Loads the pair and starts its engine on the first rung. A smaller model is checked from its header, so that it does load when it is
    /// needed.
    ///
    /// # Errors
    /// [`LlamaError`].
    pub fn start(paths: &PairPaths, params: &LlamaParams, ladder: LadderParams, files: MachineFiles) -> Result<Self, LlamaError> {
        Self::around(LlamaVlm::load(paths, params)?, paths, params, ladder, files)
    }

    /// As [`Self::start`], around the pair's model that is loaded already.
    ///
    /// # Errors
    /// [`LlamaError`].
    pub fn around(
        vlm: LlamaVlm,
        paths: &PairPaths,
        params: &LlamaParams,
        ladder: LadderParams,
        files: MachineFiles,
    ) -> Result<Self, LlamaError> {
        let small =
            (!ladder.model.is_empty()).then(|| PairPaths { model: PathBuf::from(&ladder.model), mmproj: PathBuf::from(&ladder.mmproj) });
        let rungs = Rungs { paths: paths.clone(), params: params.clone(), small, small_n_ctx: ladder.n_ctx };
        let mut levels = Vec::new();
        if rungs.small_n_ctx < params.n_ctx {
            levels.push(Level::SmallContext);
        }
        if let Some(small) = &rungs.small {
            let facts = check_pair(small)?;
            Limits::new(&rungs.params_of(Level::SmallModel), &facts)?;
            if facts.chat_template != vlm.card().chat_template {
                return Err(LlamaError::OtherTemplate { path: small.model.clone() });
            }
            levels.push(Level::SmallModel);
        }
        let engine = Engine::start(vlm).map_err(|source| LlamaError::Thread { source })?;
        Ok(Self { engine, ladder: Ladder::new(ladder, &levels), reading: files.read(), files, rungs })
    }

    /// The engine, for requests.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Where the ladder stands.
    pub fn level(&self) -> Level {
        self.ladder.level()
    }

    /// The machine at the last look.
    pub fn reading(&self) -> &MachineReading {
        &self.reading
    }

    /// An answer came: whether it was in time counts.
    pub fn answered(&mut self, finish: Finish) {
        match finish {
            Finish::Stop | Finish::Length => self.ladder.answered(true),
            Finish::Deadline => self.ladder.answered(false),
            // A fault says nothing of how fast the machine is.
            Finish::Error => {}
        }
    }

    /// One look at the machine, to be called every `ladder.period_secs`. A step has been handed to the engine when this returns; requests
    /// wait for it.
    pub fn watch(&mut self, now: Stamp) -> Option<LevelChange> {
        self.reading = self.files.read();
        let fault = if self.level() == Level::ReflexOnly { None } else { self.engine.fault() };
        let change = match fault {
            Some(reason) => self.ladder.failed(now, &reason),
            None => self.ladder.step(now, &self.reading),
        }?;
        if change.to > change.from {
            tracing::warn!(target: "llama", "steps down from {} to {}: {}", change.from, change.to, change.reason);
        } else {
            tracing::info!(target: "llama", "steps up from {} to {}: {}", change.from, change.to, change.reason);
        }
        match change.to {
            Level::ReflexOnly => self.engine.unload(&change.reason),
            level => {
                let (paths, params) = (self.rungs.paths_of(level), self.rungs.params_of(level));
                self.engine.replace(move || LlamaVlm::load(&paths, &params));
            }
        }
        Some(change)
    }
}

impl Rungs {
    fn paths_of(&self, level: Level) -> PairPaths {
        match (level, &self.small) {
            (Level::SmallModel, Some(small)) => small.clone(),
            _ => self.paths.clone(),
        }
    }

    fn params_of(&self, level: Level) -> LlamaParams {
        let mut params = self.params.clone();
        if level != Level::Full {
            params.n_ctx = params.n_ctx.min(self.small_n_ctx);
        }
        if level == Level::SmallModel {
            // Both were made for the other model.
            params.lora.clear();
            params.calibration.clear();
        }
        params
    }
}
