//! Where a pair comes from: its files with their hashes, and what its trainer recorded.

use crate::check::PairPaths;
use crate::digest::sha256_of_file;
use crate::whole_file::write_whole;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use vedette_types::Sha256;

/// `provenance.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The model's name.
    pub name: String,
    /// Hash over both files one after the other: the model's hash in every record of a run.
    pub pair_sha256: Sha256,
    /// The text model.
    pub model: FileRecord,
    /// The vision tower.
    pub mmproj: FileRecord,
    /// What the trainer recorded (data, code, figures), as it stands.
    pub training: serde_json::Value,
    /// What it was found to be worth after everything about it had been chosen, where that was recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged: Vec<Judgement>,
}

/// What a pair is worth on one set of samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Which samples: how many, of which family, from which seed.
    pub what: String,
    /// Parameters of the agent that were not what they are by default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Figures by name: shares, seconds and counts an hour, as the names say.
    pub figures: BTreeMap<String, f64>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// File name.
    pub file: String,
    /// Length, bytes.
    pub bytes: u64,
    /// Hash.
    pub sha256: Sha256,
}

/// A pair that is not what its provenance says.
#[derive(Debug, thiserror::Error)]
pub enum ProvenanceError {
    /// The text is not a provenance.
    #[error("not a provenance: {0}")]
    Json(#[from] serde_json::Error),
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file has another content.
    #[error("{} has SHA-256 {found}, its provenance says {recorded}: fetch the file again", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What the provenance says.
        recorded: Sha256,
        /// What it is.
        found: Sha256,
    },
}

impl FileRecord {
    fn of(path: &Path) -> Result<Self, ProvenanceError> {
        let read = |source| ProvenanceError::Read { path: path.to_owned(), source };
        let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { file, bytes: path.metadata().map_err(read)?.len(), sha256: sha256_of_file(path).map_err(read)? })
    }
}

impl Provenance {
    /// The provenance of a pair that was just written.
    ///
    /// # Errors
    /// [`ProvenanceError::Read`].
    pub fn of(paths: &PairPaths, name: &str, training: serde_json::Value) -> Result<Self, ProvenanceError> {
        let pair_sha256 = paths.sha256().map_err(|source| ProvenanceError::Read { path: paths.model.clone(), source })?;
        let (model, mmproj) = (FileRecord::of(&paths.model)?, FileRecord::of(&paths.mmproj)?);
        Ok(Self { name: name.to_owned(), pair_sha256, model, mmproj, training, judged: Vec::new() })
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`ProvenanceError::Json`].
    pub fn from_json(text: &str) -> Result<Self, ProvenanceError> {
        Ok(serde_json::from_str(text)?)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// [`ProvenanceError::Json`], which no value causes.
    pub fn to_json(&self) -> Result<String, ProvenanceError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// [`ProvenanceError::Write`].
    pub fn write(&self, path: &Path) -> Result<(), ProvenanceError> {
        let text = self.to_json()?;
        write_whole(path, |out| out.write_all(text.as_bytes())).map_err(|source| ProvenanceError::Write { path: path.to_owned(), source })
    }

    /// Whether the files at `paths` are the recorded ones. Their names play no part.
    ///
    /// # Errors
    /// [`ProvenanceError::Read`], [`ProvenanceError::Content`].
    pub fn check(&self, paths: &PairPaths) -> Result<(), ProvenanceError> {
        for (path, record) in [(&paths.model, &self.model), (&paths.mmproj, &self.mmproj)] {
            let found = FileRecord::of(path)?.sha256;
            if found != record.sha256 {
                return Err(ProvenanceError::Content { path: path.clone(), recorded: record.sha256, found });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write_untrained_pair;

    #[test]
    fn another_file_is_named_with_both_hashes() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_untrained_pair(folder.path()).unwrap();
        let mut provenance = Provenance::of(&paths, "tiny", serde_json::json!({ "commit": "abc" })).unwrap();
        assert!(!provenance.to_json().unwrap().contains("judged"));
        let parameters = BTreeMap::from([("policy.min_confidence".to_owned(), 0.8.into())]);
        provenance.judged =
            vec![Judgement { what: "2 scenes".to_owned(), parameters, figures: BTreeMap::from([("exact".to_owned(), 0.5)]) }];
        assert_eq!(Provenance::from_json(&provenance.to_json().unwrap()).unwrap(), provenance);
        provenance.check(&paths).unwrap();
        std::fs::write(&paths.mmproj, b"other").unwrap();
        let message = provenance.check(&paths).unwrap_err().to_string();
        assert!(message.contains("mmproj-") && message.contains(&provenance.mmproj.sha256.to_string()), "{message}");
        assert!(Provenance::from_json("{}").is_err());
    }
}
