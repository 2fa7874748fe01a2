//! `vedette learn` in a build without the trainer: says how to get one with it.

use crate::Ending;
use anyhow::{Result, bail};
use clap::Args;

/// Whatever was asked for.
#[derive(Args, Clone, Debug)]
pub(crate) struct LearnCommand {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<String>,
}

/// Refuses.
pub(crate) fn run(command: &LearnCommand) -> Result<Ending> {
    let asked = command.arguments.first().map_or("learn", String::as_str);
    bail!("this vedette was built without the trainer, which `{asked}` needs; build one with it: make trainer")
}
