//! `vedette sim` and `vedette up` in a build without ROS 2 nodes: says how to get one with them.

use crate::Ending;
use anyhow::{Result, bail};
use clap::Args;

/// Whatever was asked for.
#[derive(Args, Clone, Debug)]
pub(crate) struct SimArguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<String>,
}

/// Whatever was asked for.
pub(crate) type UpArguments = SimArguments;

/// Refuses.
pub(crate) fn simulate(arguments: &SimArguments) -> Result<Ending> {
    refuse("sim", arguments)
}

/// Refuses.
pub(crate) fn compose(arguments: &UpArguments) -> Result<Ending> {
    refuse("up", arguments)
}

fn refuse(command: &str, SimArguments { arguments }: &SimArguments) -> Result<Ending> {
    let asked = [command].into_iter().chain(arguments.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    bail!("this vedette was built without ROS 2, which `{asked}` needs; build one with it: make ros")
}
