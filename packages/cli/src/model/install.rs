//! `vedette model install` and `rollback`: the pair that a robot uses, and the one before it.

use super::short;
use crate::{Ending, output::say};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use vedette_llama::configured::{INSTALLED, installed_folder};
use vedette_llama::{PairPaths, installed};
use vedette_types::Sha256;

/// Arguments of `vedette model install`.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallArguments {
    /// Text model (GGUF)
    #[arg(long, value_name = "GGUF")]
    model: PathBuf,
    /// Its vision tower (GGUF)
    #[arg(long, value_name = "GGUF")]
    mmproj: PathBuf,
    /// Hash that the pair must have: `cat MODEL MMPROJ | sha256sum`
    #[arg(long, value_name = "HASH")]
    sha256: Option<String>,
    #[command(flatten)]
    folder: ModelsFolder,
}

/// Arguments of `vedette model rollback`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RollbackArguments {
    #[command(flatten)]
    folder: ModelsFolder,
}

/// Where installed pairs are.
#[derive(Args, Clone, Debug)]
struct ModelsFolder {
    /// The models folder [default: the one below the user's data folder, $XDG_DATA_HOME/vedette/models]
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

impl ModelsFolder {
    fn path(&self) -> Result<PathBuf> {
        self.models.clone().map_or_else(|| Ok(installed_folder()?), Ok)
    }
}

pub(crate) fn install(arguments: &InstallArguments) -> Result<Ending> {
    let parsed = |text: &String| text.parse::<Sha256>().map_err(|error| anyhow::anyhow!("`{text}` is no SHA-256: {error}"));
    let expected = arguments.sha256.as_ref().map(parsed).transpose()?;
    let pair = PairPaths { model: arguments.model.clone(), mmproj: arguments.mmproj.clone() };
    let paths = installed::install(&arguments.folder.path()?, &pair, expected)?;
    say!("{} and {} are current; use them with -p llama.model={INSTALLED}", short(&paths.model), short(&paths.mmproj));
    Ok(Ending::Complete)
}

pub(crate) fn roll_back(arguments: &RollbackArguments) -> Result<Ending> {
    let paths = installed::roll_back(&arguments.folder.path()?)?;
    say!("{} and {} are current again", paths.model.display(), paths.mmproj.display());
    Ok(Ending::Complete)
}
