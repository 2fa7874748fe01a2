//! The checks of a LoRA adapter, after `llama_adapter_lora_init_impl` of llama.cpp, where a wrong type of metadata is an assert.

use super::lookup::{Lookup, Use};
use super::{CheckError, Role, open, text};
use crate::gguf::Value;
use std::path::Path;

const ADVICE: &str = "convert the adapter again for this model (convert_lora_to_gguf.py)";

/// Checks the adapter at `path` against the text model at `model`.
pub(crate) fn check_adapter(path: &Path, model: &Path) -> Result<(), CheckError> {
    let gguf = open(Role::Adapter, path)?;
    let base = open(Role::Model, model)?;
    let look = Lookup { path, gguf: &gguf };
    for (key, word) in [("general.type", "adapter"), ("general.architecture", text::ARCHITECTURE), ("adapter.type", "lora")] {
        if gguf.metadata.get(key) != Some(&Value::Text(word.to_owned())) {
            return Err(look.key_error(key, format!("`{word}`"), ADVICE));
        }
    }
    look.positive_f32("adapter.lora.alpha")?;
    if let Some(key) = gguf.metadata.keys().find(|key| key.starts_with("adapter.alora")) {
        return Err(look.key_error(key, "no entry", "activated adapters (aLoRA) are not supported"));
    }
    if gguf.tensors.is_empty() {
        return Err(wrong(path, "(any)", "pairs `NAME.lora_a`, `NAME.lora_b`", "none"));
    }
    for tensor in &gguf.tensors {
        let name = tensor.name.as_str();
        let Some(of) = name.strip_suffix(".lora_a").or_else(|| name.strip_suffix(".lora_b")) else {
            return Err(wrong(path, name, "a name that ends in .lora_a or .lora_b", "another"));
        };
        let shape = base.tensor(of).map(|tensor| tensor.shape.clone());
        let rank = gguf.tensor(&format!("{of}.lora_a")).and_then(|a| a.shape.get(1).copied()).unwrap_or(0);
        match shape.as_deref() {
            // The embedding's pair is stored the other way round, and no trainer of ours writes it.
            Some([input, output]) if rank > 0 && of != "token_embd.weight" => {
                look.tensor(&format!("{of}.lora_a"), Use::Matrix, &[*input, rank])?;
                look.tensor(&format!("{of}.lora_b"), Use::Matrix, &[rank, *output])?;
            }
            _ => return Err(wrong(path, name, "a pair for a matrix of the text model, not the token embedding", "another")),
        }
    }
    Ok(())
}

fn wrong(path: &Path, tensor: &str, expected: &str, found: &str) -> CheckError {
    CheckError::Tensor {
        path: path.to_owned(),
        tensor: tensor.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
        advice: ADVICE,
    }
}
