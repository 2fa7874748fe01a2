//! `manifest.json`: what a run was made from. In -> out: what the caller knows when a run starts -> a JSON document.
//!
//! Deliberately absent: a clock (the time of creation is handed in) and anything known only at the end (that is `summary.json`).

use crate::{Machine, RunError};
use serde::{Deserialize, Serialize, Serializer};
use std::path::{Path, PathBuf};
use vedette_types::{AdapterUse, Sha256, Stamp};

/// Marks a folder as a run; also how a folder is recognised that may be replaced.
pub(crate) const FORMAT: &str = "vedette run 1";

/// What a run was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program.
    pub version: String,
    /// Commit it was built from, where known; `-dirty` at its end when the tree had changes.
    pub commit: Option<String>,
    /// The command line.
    pub command: Vec<String>,
    /// When the run was made, by the wall clock of the caller.
    #[serde(rename = "created_nanos")]
    pub created: Stamp,
    /// All parameter values, defaults included.
    pub parameters: serde_json::Value,
    /// The model, where there is one (a run from recorded completions has none).
    pub model: Option<ModelEntry>,
    /// The bag that was replayed, where one was.
    pub bag: Option<BagEntry>,
    /// The computer.
    pub machine: Machine,
}

/// The model of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelEntry {
    /// Its own name.
    pub name: String,
    /// Hash over model and mmproj.
    pub sha256: Sha256,
    /// The adapter, where one was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<AdapterUse>,
    /// False for weights that never saw data: every figure of the run is then one of an *untrained* model.
    pub is_trained: bool,
}

/// The bag of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BagEntry {
    /// The bag as it was named.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// Its storage files.
    pub files: Vec<BagFile>,
}

/// One storage file of a bag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BagFile {
    /// Name within the bag.
    pub name: String,
    /// Size, bytes.
    pub size_bytes: u64,
    /// Hash, where it was taken: a large bag is not read twice for it.
    pub sha256: Option<Sha256>,
}

/// A path need not be Unicode; the run is worth more than the odd letter of its bag's name.
fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// The document: a format mark, then the manifest.
#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    #[serde(flatten)]
    manifest: &'a Manifest,
}

impl Manifest {
    /// The text of `manifest.json`.
    pub(crate) fn to_json(&self) -> Result<String, RunError> {
        let document = Document { format: FORMAT, manifest: self };
        let text = serde_json::to_string_pretty(&document);
        text.map(|text| text + "\n").map_err(|error| RunError::Encode { what: "manifest".into(), detail: error.to_string() })
    }
}

/// Whether `text` is a manifest that this program wrote.
pub(crate) fn is_ours(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Mark {
        format: String,
    }
    serde_json::from_slice::<Mark>(text).is_ok_and(|mark| mark.format == FORMAT)
}
