//! What an agent did, kept in memory: for evaluations of many short runs that need no folder each. In -> out: effects -> decisions and
//! completions. It keeps no picture.

use crate::{config::Config, session};
use anyhow::Result;
use vedette_agent::{DriveError, Driver, Effect, LiveModel, Sink};
use vedette_evaluation::RunData;
use vedette_llama::LlamaVlm;
use vedette_reasoning::{ChatTemplate, Vlm as _};
use vedette_types::Completion;

/// The outputs of one run.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) run: RunData,
}

impl Sink for Collected {
    type Error = anyhow::Error;

    fn effect(&mut self, effect: &Effect) -> Result<()> {
        if let Effect::Decided(decision) = effect {
            self.run.decisions.push((**decision).clone());
        }
        Ok(())
    }

    fn completion(&mut self, completion: &Completion) -> Result<()> {
        self.run.completions.push(completion.clone());
        Ok(())
    }
}

/// A whole agent at rest, with somebody else's model behind it.
pub(super) fn driver<'a>(config: &Config, vlm: &'a mut LlamaVlm) -> Result<Driver<LiveModel<&'a mut LlamaVlm>>> {
    let template = ChatTemplate::new(&vlm.card().chat_template)?;
    let agent = session::agent(config, template)?;
    Ok(Driver::new(agent, LiveModel::new(vlm, config.agent.vlm_latency_millis), &config.agent))
}

/// Why a run ended early.
pub(super) fn ended(error: DriveError<anyhow::Error>) -> anyhow::Error {
    match error {
        DriveError::Agent(error) => error.into(),
        DriveError::Answer(error) => error.into(),
        DriveError::Sink(error) => error,
    }
}
