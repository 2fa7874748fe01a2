//! What a killed run goes on from. In -> out: weights, moments and progress -> one file and back, to the bit.
//!
//! A file appears whole or not at all; the one before stays beside it, so that a damaged file costs one interval and not the run. Format: a line of
//! JSON with the hash of what follows, then safetensors. Deliberately absent: the decision what is worth keeping.

use crate::optimizer::{Moments, Optimizer};
use crate::{Parameters, Recipe};
use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Number of the stage.
    pub stage: usize,
    /// Updates done in it.
    pub step: u64,
    /// Seconds spent on updates, over all sessions, whole ones.
    pub secs: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    recipe_sha256: String,
    progress: Progress,
    updates: Vec<(String, u32)>,
    tensors_sha256: String,
}

/// A checkpoint that cannot be used or written.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The operating system failed.
    #[error("cannot {action} the checkpoint {}: {source}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what was written.
    #[error("the checkpoint {} is damaged ({detail}); delete it to go on from the one before, or start in another folder", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The file is of another recipe.
    #[error("the checkpoint {} belongs to another recipe ({found}, not {expected}); start in another folder", path.display())]
    OtherRecipe {
        /// The file.
        path: PathBuf,
        /// Hash in the file.
        found: String,
        /// Hash of the recipe.
        expected: String,
    },
    /// Tensors could not be made.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// The newest checkpoint of a folder.
pub(crate) fn newest(folder: &Path) -> PathBuf {
    folder.join("checkpoint.vck")
}

fn before(folder: &Path) -> PathBuf {
    folder.join("checkpoint.before.vck")
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a checkpoint into `folder`; the one that was the newest stays as the one before.
///
/// # Errors
/// [`CheckpointError`].
pub(crate) fn write(
    folder: &Path,
    recipe: &Recipe,
    progress: &Progress,
    parameters: &Parameters,
    optimizer: &Optimizer,
) -> Result<(), CheckpointError> {
    let mut tensors: Vec<(String, Tensor)> = Vec::new();
    let mut updates = Vec::new();
    for (name, variable) in &parameters.variables {
        tensors.push((format!("weights.{name}"), variable.as_tensor().clone()));
        if let Some(moments) = optimizer.moments.get(name) {
            updates.push((name.clone(), moments.updates));
            for (kind, values) in [("first", &moments.first), ("second", &moments.second), ("average", &moments.average)] {
                tensors.push((format!("{kind}.{name}"), Tensor::from_slice(values, values.len(), &Device::Cpu)?));
            }
        }
    }
    let path = newest(folder);
    let fault = |source| CheckpointError::Io { action: "write", path: path.clone(), source };
    fs::create_dir_all(folder).map_err(fault)?;
    let beside = folder.join("checkpoint.tmp");
    let map: HashMap<String, Tensor> = tensors.into_iter().collect();
    candle_core::safetensors::save(&map, &beside)?;
    let tensors = fs::read(&beside).map_err(fault)?;
    // Of the stages that were begun: what comes after them may still be another one.
    let begun = recipe.first_stages(progress.stage + usize::from(progress.step > 0));
    let header = Header { recipe_sha256: begun.sha256(), progress: progress.clone(), updates, tensors_sha256: hash(&tensors) };
    let line = serde_json::to_vec(&header).map_err(|error| fault(std::io::Error::other(error)))?;
    let whole = || -> std::io::Result<()> {
        let mut file = fs::File::create(&beside)?;
        file.write_all(&line)?;
        file.write_all(b"\n")?;
        file.write_all(&tensors)?;
        file.sync_all()?;
        if path.exists() {
            fs::rename(&path, before(folder))?;
        }
        fs::rename(&beside, &path)
    };
    whole().map_err(fault)
}

/// Reads the newest checkpoint of `folder` that is whole. `None` where there is none; a damaged newest one is passed over for the one before, and told.
///
/// # Errors
/// [`CheckpointError`]: all there are are damaged, or of another recipe.
pub(crate) fn read(
    folder: &Path,
    recipe: &Recipe,
    mut tell: impl FnMut(&str),
) -> Result<Option<(Progress, Parameters, Optimizer)>, CheckpointError> {
    let mut damaged = None;
    for path in [newest(folder), before(folder)] {
        if !path.exists() {
            continue;
        }
        match read_file(&path, recipe) {
            Ok(state) => return Ok(Some(state)),
            Err(error @ CheckpointError::Damaged { .. }) => {
                tell(&format!("{error}; trying the one before"));
                damaged = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    damaged.map_or(Ok(None), Err)
}

fn read_file(path: &Path, recipe: &Recipe) -> Result<(Progress, Parameters, Optimizer), CheckpointError> {
    let bytes = fs::read(path).map_err(|source| CheckpointError::Io { action: "read", path: path.to_owned(), source })?;
    let damaged = |detail: &str| CheckpointError::Damaged { path: path.to_owned(), detail: detail.to_owned() };
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("no header"))?;
    let (line, rest) = bytes.split_at(end);
    let header: Header = serde_json::from_slice(line).map_err(|_| damaged("the header is not readable"))?;
    let tensors = rest.get(1..).unwrap_or_default();
    if hash(tensors) != header.tensors_sha256 {
        return Err(damaged("its hash is wrong"));
    }
    // Any recipe that begins with the stages that were begun leads here as well, and may go on.
    if !(header.progress.stage..=recipe.stages.len()).any(|count| recipe.first_stages(count).sha256() == header.recipe_sha256) {
        return Err(CheckpointError::OtherRecipe { path: path.to_owned(), found: header.recipe_sha256, expected: recipe.sha256() });
    }
    let tensors = candle_core::safetensors::load_buffer(tensors, &Device::Cpu)?;
    let parameters = Parameters::new(recipe.shape, recipe.seed, &Device::Cpu)?;
    let mut optimizer = Optimizer::default();
    let get = |kind: &str, name: &str| tensors.get(&format!("{kind}.{name}")).ok_or_else(|| damaged(&format!("no {kind}.{name}")));
    for (name, variable) in &parameters.variables {
        variable.set(get("weights", name)?)?;
        let numbers = |kind: &str| -> Result<Vec<f32>, CheckpointError> { Ok(get(kind, name)?.to_vec1()?) };
        let updates = header.updates.iter().find(|(known, _)| known == name).map_or(0, |(_, updates)| *updates);
        let moments = Moments { first: numbers("first")?, second: numbers("second")?, average: numbers("average")?, updates };
        optimizer.moments.insert(name.clone(), moments);
    }
    Ok((header.progress, parameters, optimizer))
}
