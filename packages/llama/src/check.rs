//! Is this a pair that llama.cpp can load? Asked before it sees the files, because it aborts the process on a failed assert and because its
//! own messages reach a person only through the log.
//!
//! In -> out: two paths -> [`PairFacts`], or an error that names the key or tensor, what was expected, what was found, the file, and what to
//! do. Deliberately absent: reading weights. A file with damaged numbers passes.

mod adapter;
mod lookup;
mod text;
mod tokenizer;
mod vision;

pub(crate) use adapter::check_adapter;

use crate::digest::sha256_of_files;
use crate::gguf::{Gguf, GgufError, Value};
use crate::plan::ModelShape;
use std::path::{Path, PathBuf};
use std::{fmt, io};
use vedette_types::Sha256;

/// The two files of a vision-language model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairPaths {
    /// Text model.
    pub model: PathBuf,
    /// Vision tower and projector.
    pub mmproj: PathBuf,
}

impl PairPaths {
    /// Hash over both files one after the other, which names the model in every record: what `cat MODEL MMPROJ | sha256sum` prints.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn sha256(&self) -> io::Result<Sha256> {
        sha256_of_files(&[&self.model, &self.mmproj])
    }
}

/// What the headers of a checked pair say.
#[derive(Clone, Debug, PartialEq)]
pub struct PairFacts {
    /// `general.name` of the text model, or its file name.
    pub name: String,
    /// `general.architecture` of the text model.
    pub architecture: String,
    /// Jinja chat template.
    pub chat_template: String,
    /// False where `vedette.training` is `untrained`; a model without that key comes from elsewhere and counts as trained.
    pub is_trained: bool,
    /// Whether this project made it: `vedette.training` stands in its files.
    pub is_ours: bool,
    /// Longest context the model was made for, tokens.
    pub n_ctx_train: u32,
    /// Length of an embedding.
    pub n_embd: u32,
    /// Size of the vocabulary.
    pub n_vocab: u32,
    /// Side of the square picture, pixels.
    pub image_side_px: u32,
    /// Text tokens of one picture.
    pub tokens_per_image: u32,
    /// Weights of both files.
    pub parameters: u64,
}

/// Which of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The text model.
    Model,
    /// The vision tower.
    Mmproj,
    /// A LoRA adapter of the text model.
    Adapter,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Model => "text model",
            Self::Mmproj => "vision tower (mmproj)",
            Self::Adapter => "adapter (LoRA)",
        })
    }
}

/// Why a pair was refused.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// There is no such file.
    #[error("no {role} at {}: give the path of a GGUF file", path.display())]
    Missing {
        /// Which of the two.
        role: Role,
        /// The path looked at.
        path: PathBuf,
    },
    /// Not a readable GGUF file.
    #[error("{role} {}: {source}", path.display())]
    Unreadable {
        /// Which of the two.
        role: Role,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: GgufError,
    },
    /// The two files stand in each other's place.
    #[error("the two files are swapped: {} is the vision tower and {} the text model; exchange model and mmproj", model.display(), mmproj.display())]
    Swapped {
        /// What was given as text model.
        model: PathBuf,
        /// What was given as vision tower.
        mmproj: PathBuf,
    },
    /// A metadata entry is missing or wrong.
    #[error("metadata `{key}` in {}: expected {expected}, found {found}; {advice}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What a usable file has there.
        expected: String,
        /// What this one has.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A tensor is missing or wrong.
    #[error("tensor `{tensor}` in {}: expected {expected}, found {found}; {advice}", path.display())]
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor.
        tensor: String,
        /// What a usable file has there.
        expected: String,
        /// What this one has.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// Two usable files that do not belong together.
    #[error(
        "not a pair: `clip.vision.projection_dim` of {} is {projection_dim} and `{key}` of {} is {embedding_length}; use the mmproj that was published with this model",
        mmproj.display(), model.display()
    )]
    NotAPair {
        /// The text model.
        model: PathBuf,
        /// The vision tower.
        mmproj: PathBuf,
        /// Key of the embedding length.
        key: String,
        /// What the tower produces.
        projection_dim: u32,
        /// What the text model takes.
        embedding_length: u32,
    },
}

/// Checks both files and that they belong together.
///
/// # Errors
/// [`CheckError`]: the first thing that is wrong.
pub fn check_pair(paths: &PairPaths) -> Result<PairFacts, CheckError> {
    check_and_measure(paths).map(|(facts, _)| facts)
}

/// The same, and what memory depends on, from one reading of the headers.
///
/// # Errors
/// As [`check_pair`].
pub fn check_and_measure(paths: &PairPaths) -> Result<(PairFacts, ModelShape), CheckError> {
    let model = open(Role::Model, &paths.model)?;
    let mmproj = open(Role::Mmproj, &paths.mmproj)?;
    if is_tower(&model) && !is_tower(&mmproj) {
        return Err(CheckError::Swapped { model: paths.model.clone(), mmproj: paths.mmproj.clone() });
    }
    let text = text::check(&paths.model, &model)?;
    let tower = vision::check(&paths.mmproj, &mmproj)?;
    if tower.projection_dim != text.n_embd {
        return Err(CheckError::NotAPair {
            model: paths.model.clone(),
            mmproj: paths.mmproj.clone(),
            key: format!("{}.embedding_length", text::ARCHITECTURE),
            projection_dim: tower.projection_dim,
            embedding_length: text.n_embd,
        });
    }
    let len = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
    let shape = ModelShape::new(&model, &mmproj, len(&paths.model), len(&paths.mmproj));
    let facts = PairFacts {
        name: text.name,
        architecture: text::ARCHITECTURE.to_owned(),
        chat_template: text.chat_template,
        is_trained: is_trained(&model) && is_trained(&mmproj),
        is_ours: is_ours(&model) || is_ours(&mmproj),
        n_ctx_train: text.n_ctx_train,
        n_embd: text.n_embd,
        n_vocab: text.n_vocab,
        image_side_px: tower.image_side_px,
        tokens_per_image: tower.tokens_per_image,
        parameters: model.parameters().saturating_add(mmproj.parameters()),
    };
    Ok((facts, shape))
}

fn open(role: Role, path: &Path) -> Result<Gguf, CheckError> {
    if !path.is_file() {
        return Err(CheckError::Missing { role, path: path.to_owned() });
    }
    Gguf::open(path).map_err(|source| CheckError::Unreadable { role, path: path.to_owned(), source })
}

fn is_tower(gguf: &Gguf) -> bool {
    gguf.metadata.get("general.architecture") == Some(&Value::Text("clip".to_owned()))
}

fn is_ours(gguf: &Gguf) -> bool {
    gguf.metadata.contains_key("vedette.training")
}

fn is_trained(gguf: &Gguf) -> bool {
    gguf.metadata.get("vedette.training") != Some(&Value::Text("untrained".to_owned()))
}
