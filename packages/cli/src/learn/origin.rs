//! What a run was started with, in its folder as `origin.json`. In -> out: photographs and hold-out -> the file; the file -> the command that makes the run
//! again. The recipe stands beside it in `recipe.json`.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use vedette_evaluation::Fold;
use vedette_learning::Photographs;

/// What a run was started with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// The command; `DIR` stands for the folder of photographs.
    pub(super) command: String,
    /// Photographs that were trained on.
    pub(super) photographs: usize,
    /// Hash over their labels and pixels.
    pub(super) photographs_sha256: Option<String>,
}

fn file(folder: &Path) -> PathBuf {
    folder.join("origin.json")
}

/// Writes the file of a run that `command` started, which lacks the photographs yet.
pub(super) fn write(folder: &Path, command: &str, photographs: &Photographs, hold_out: Option<Fold>) -> Result<()> {
    let mut command = command.to_owned();
    if !photographs.is_empty() {
        command += " --photographs DIR";
        if let Some(fold) = hold_out {
            command += &format!(" --hold-out {fold}");
        }
    }
    let origin = Origin { command, photographs: photographs.len(), photographs_sha256: photographs.sha256() };
    let path = file(folder);
    fs::write(&path, serde_json::to_string_pretty(&origin)? + "\n").with_context(|| format!("cannot write {}", path.display()))
}

/// Whether a run in `folder` that was begun before had the same photographs: what is recorded of its weights would be wrong otherwise.
pub(super) fn expect_same(folder: &Path, photographs: &Photographs) -> Result<()> {
    if !file(folder).exists() {
        return Ok(());
    }
    let begun = read(folder)?;
    anyhow::ensure!(
        begun.photographs_sha256 == photographs.sha256(),
        "the run in {} was begun with other photographs ({} of them, {} now): give it the same --photographs and --hold-out, or another --out",
        folder.display(),
        begun.photographs,
        photographs.len()
    );
    Ok(())
}

/// Reads the file.
pub(super) fn read(folder: &Path) -> Result<Origin> {
    let path = file(folder);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| {
        format!("{} is not what a run was started with; remove it, and the command that started the run writes it again", path.display())
    })
}
