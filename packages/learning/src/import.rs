//! A pair of GGUF files as weights to go on from: the inverse of `export`. In -> out: a pair and the sides of a network -> its parameters, the auxiliary head
//! fresh, since no file holds it. Deliberately absent: other architectures and shapes than the recipe's.

use crate::{Parameters, Shape};
use candle_core::{Device, Tensor};
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use vedette_llama::PairPaths;
use vedette_llama::gguf::{Array, Gguf, GgufError, Value};
use vedette_llama::tiny::tiny_vocabulary;

/// A pair that cannot be gone on from.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Gguf {
        /// The file.
        path: PathBuf,
        /// Why.
        source: GgufError,
    },
    /// A file is of another network.
    #[error("{} is not of the recipe's shape: {detail}", path.display())]
    OtherShape {
        /// The file.
        path: PathBuf,
        /// What differs.
        detail: String,
    },
    /// Tensors could not be made.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// The weights of a pair; what it does not hold is as `seed` makes it.
///
/// # Errors
/// [`ImportError`].
pub fn import(paths: &PairPaths, shape: Shape, seed: u64) -> Result<Parameters, ImportError> {
    let parameters = Parameters::new(shape, seed, &Device::Cpu)?;
    let (mut model, mut mmproj) = (Opened::new(&paths.model)?, Opened::new(&paths.mmproj)?);
    model.expect_number("gemma3.attention.head_count", shape.text.n_head)?;
    model.expect_vocabulary()?;
    mmproj.expect_number("clip.vision.attention.head_count", shape.vision.n_head)?;
    mmproj.expect_number("clip.vision.image_size", shape.vision.side_px)?;
    for (name, group) in parameters.groups.iter().filter(|(name, _)| name.as_str() != "aux") {
        let mut numbers = Vec::with_capacity(group.len());
        for part in &group.parts {
            let file = if part.name.starts_with("v.") || part.name.starts_with("mm.") { &mut mmproj } else { &mut model };
            let values = file.values(&part.name, part.len())?;
            match (part.name.as_str(), part.sides.as_slice()) {
                // Stored with the text's side running fastest.
                ("mm.input_projection.weight", [text, vision]) => {
                    let at = |index: usize| values.get(index % vision * text + index / vision).copied().unwrap_or(0.0);
                    numbers.extend((0..values.len()).map(at));
                }
                _ => numbers.extend(values),
            }
        }
        if let Some(variable) = parameters.variables.get(name) {
            variable.set(&Tensor::from_vec(numbers, group.len(), &Device::Cpu)?)?;
        }
    }
    model.expect_all_read()?;
    mmproj.expect_all_read()?;
    Ok(parameters)
}

/// A file of the pair, and which of its tensors were read.
struct Opened<'a> {
    path: &'a Path,
    file: File,
    gguf: Gguf,
    read: HashSet<String>,
}

impl<'a> Opened<'a> {
    fn new(path: &'a Path) -> Result<Self, ImportError> {
        let fault = |source| ImportError::Gguf { path: path.to_owned(), source };
        let io = |source| fault(GgufError::Io { what: "the file".to_owned(), offset: 0, source });
        let gguf = Gguf::open(path).map_err(fault)?;
        Ok(Self { path, file: File::open(path).map_err(io)?, gguf, read: HashSet::new() })
    }

    fn other(&self, detail: String) -> ImportError {
        ImportError::OtherShape { path: self.path.to_owned(), detail }
    }

    fn values(&mut self, name: &str, wanted: usize) -> Result<Vec<f32>, ImportError> {
        let values = self.gguf.values(&mut self.file, name).map_err(|source| ImportError::Gguf { path: self.path.to_owned(), source })?;
        if values.len() != wanted {
            return Err(self.other(format!("tensor `{name}` has {} numbers, the recipe {wanted}", values.len())));
        }
        self.read.insert(name.to_owned());
        Ok(values)
    }

    fn expect_number(&self, key: &str, wanted: usize) -> Result<(), ImportError> {
        match self.gguf.metadata.get(key) {
            Some(Value::U32(found)) if *found as usize == wanted => Ok(()),
            found => Err(self.other(format!("`{key}` is {found:?}, the recipe has {wanted}"))),
        }
    }

    /// The trainer's tokens are those of the vocabulary that is written today: an older one would give every row of the embedding another word.
    fn expect_vocabulary(&self) -> Result<(), ImportError> {
        let Some(Value::Array(Array::Texts(tokens))) = self.gguf.metadata.get("tokenizer.ggml.tokens") else {
            return Err(self.other("it has no tokens".to_owned()));
        };
        let today = tiny_vocabulary();
        let differs = tokens.iter().zip(&today).position(|(token, today)| token != today.text.as_bytes());
        match differs {
            None if tokens.len() == today.len() => Ok(()),
            _ => {
                Err(self
                    .other(format!("its vocabulary differs from today's at token {}", differs.unwrap_or(tokens.len().min(today.len())))))
            }
        }
    }

    fn expect_all_read(&self) -> Result<(), ImportError> {
        match self.gguf.tensors.iter().find(|tensor| !self.read.contains(&tensor.name)) {
            None => Ok(()),
            Some(left) => Err(self.other(format!("the recipe has no place for tensor `{}`", left.name))),
        }
    }
}
