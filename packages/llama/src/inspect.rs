//! What a GGUF file says of itself, for people: header, sides, element types, card.
//!
//! In -> out: a path -> [`FileFacts`]. Any readable GGUF file will do; whether llama.cpp can load it is the business of `check`. Deliberately
//! absent: weights.

use crate::digest::sha256_of_file;
use crate::gguf::{Array, Gguf, GgufError, Value};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use vedette_types::Sha256;

/// What stands in one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileFacts {
    /// The file.
    pub path: PathBuf,
    /// Its length, bytes.
    pub bytes: u64,
    /// Its hash.
    pub sha256: Sha256,
    /// Version of the format.
    pub gguf_version: u32,
    /// `general.architecture`: `clip` for a vision tower.
    pub architecture: Option<String>,
    /// Number of weights.
    pub parameters: u64,
    /// Number of tensors.
    pub tensors: usize,
    /// Element types, the one with the most weights first.
    pub types: Vec<TypeShare>,
    /// Tokens of the vocabulary, where there is one.
    pub vocabulary: Option<u64>,
    /// Sides of the model: metadata `ARCHITECTURE.*`, without the prefix.
    pub sides: BTreeMap<String, serde_json::Value>,
    /// What it says of itself: metadata `general.*` and `vedette.*`.
    pub card: BTreeMap<String, serde_json::Value>,
}

/// The tensors of one element type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeShare {
    /// Name as ggml prints it.
    pub name: &'static str,
    /// Tensors.
    pub tensors: usize,
    /// Weights.
    pub parameters: u64,
    /// Bytes.
    pub bytes: u64,
}

/// A file that cannot be inspected.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct InspectError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub source: GgufError,
}

impl FileFacts {
    /// Mean bits of a weight.
    pub fn bits_per_weight(&self) -> f64 {
        let bytes: u64 = self.types.iter().map(|share| share.bytes).sum();
        8.0 * bytes as f64 / self.parameters.max(1) as f64
    }

    /// A text from the card.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.card.get(key).and_then(serde_json::Value::as_str)
    }
}

/// Reads the header of the file at `path`, and hashes it.
///
/// # Errors
/// [`InspectError`].
pub fn inspect(path: &Path) -> Result<FileFacts, InspectError> {
    let failed = |source| InspectError { path: path.to_owned(), source };
    let io = |source| failed(GgufError::Io { what: "the file".to_owned(), offset: 0, source });
    let gguf = Gguf::open(path).map_err(failed)?;
    let architecture = match gguf.metadata.get("general.architecture") {
        Some(Value::Text(name)) => Some(name.clone()),
        _ => None,
    };
    let prefix = architecture.as_ref().map(|name| format!("{name}."));
    let beginning = |prefix: &str| {
        let entries = gguf.metadata.iter().filter(move |(key, _)| key.starts_with(prefix));
        entries.map(|(key, value)| (key.clone(), shown(value))).collect::<BTreeMap<_, _>>()
    };
    let sides = prefix.map_or_else(BTreeMap::new, |prefix| {
        beginning(&prefix).into_iter().map(|(key, value)| (key.strip_prefix(&prefix).unwrap_or(&key).to_owned(), value)).collect()
    });
    let mut card = beginning("general.");
    card.extend(beginning("vedette."));
    Ok(FileFacts {
        path: path.to_owned(),
        bytes: path.metadata().map_err(io)?.len(),
        sha256: sha256_of_file(path).map_err(io)?,
        gguf_version: gguf.version,
        architecture,
        parameters: gguf.parameters(),
        tensors: gguf.tensors.len(),
        types: shares(&gguf),
        vocabulary: match gguf.metadata.get("tokenizer.ggml.tokens") {
            Some(Value::Array(tokens)) => Some(tokens.len()),
            _ => None,
        },
        sides,
        card,
    })
}

fn shares(gguf: &Gguf) -> Vec<TypeShare> {
    let mut shares: BTreeMap<&'static str, TypeShare> = BTreeMap::new();
    for tensor in &gguf.tensors {
        let name = tensor.kind.name;
        let share = shares.entry(name).or_insert(TypeShare { name, tensors: 0, parameters: 0, bytes: 0 });
        share.tensors += 1;
        share.parameters = share.parameters.saturating_add(tensor.elements());
        share.bytes = share.bytes.saturating_add(tensor.len_bytes);
    }
    let mut shares: Vec<TypeShare> = shares.into_values().collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.parameters));
    shares
}

/// A value as JSON; a list that is too long for a person by its length.
fn shown(value: &Value) -> serde_json::Value {
    match value {
        Value::U8(v) => (*v).into(),
        Value::I8(v) => (*v).into(),
        Value::U16(v) => (*v).into(),
        Value::I16(v) => (*v).into(),
        Value::U32(v) => (*v).into(),
        Value::I32(v) => (*v).into(),
        Value::U64(v) => (*v).into(),
        Value::I64(v) => (*v).into(),
        // The shortest decimal that is this number in 32 bits; widened it would be 0.10000000149.
        Value::F32(v) => v.to_string().parse::<f64>().unwrap_or(f64::NAN).into(),
        Value::F64(v) => (*v).into(),
        Value::Bool(v) => (*v).into(),
        Value::Text(v) => v.clone().into(),
        Value::Array(Array::F32(v)) if v.len() <= 8 => v.iter().map(|v| shown(&Value::F32(*v))).collect(),
        Value::Array(Array::I32(v)) if v.len() <= 8 => v.iter().copied().collect(),
        Value::Array(Array::U32(v)) if v.len() <= 8 => v.iter().copied().collect(),
        Value::Array(array) => format!("{} elements", array.len()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write_untrained_pair;

    #[test]
    fn both_files_of_a_pair_are_described() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_untrained_pair(folder.path()).unwrap();
        let text = inspect(&paths.model).unwrap();
        assert_eq!((text.architecture.as_deref(), text.vocabulary), (Some("gemma3"), Some(1024)));
        assert_eq!(text.sides["attention.sliding_window"], 512);
        assert_eq!(text.sides["rope.freq_base_swa"], 10_000.0);
        assert_eq!((text.text("vedette.training"), text.text("general.license")), (Some("untrained"), Some("apache-2.0")));
        assert_eq!(text.types[0].name, "q8_0");
        assert_eq!(text.types.iter().map(|share| share.parameters).sum::<u64>(), text.parameters);
        // Q8_0 has 8.5 bits, norms 32.
        assert!((8.5..8.7).contains(&text.bits_per_weight()), "{}", text.bits_per_weight());
        let tower = inspect(&paths.mmproj).unwrap();
        assert_eq!((tower.architecture.as_deref(), tower.vocabulary), (Some("clip"), None));
        assert_eq!(tower.sides["vision.image_mean"], serde_json::json!([0.5, 0.5, 0.5]));
        assert!(!tower.card.keys().any(|key| key.starts_with("clip.")));
    }

    #[test]
    fn a_file_that_is_not_gguf_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.gguf");
        std::fs::write(&path, "<html>").unwrap();
        let message = inspect(&path).unwrap_err().to_string();
        assert!(message.contains("page.gguf") && message.contains("<htm"), "{message}");
    }
}
