//! The vocabulary: SentencePiece with byte fallback, as Gemma 3 has it. llama.cpp asserts that tokens are distinct, reads scores without
//! comparing lengths, and throws through its C interface when text needs a byte that has no token.

use super::CheckError;
use super::lookup::Lookup;
use crate::gguf::{Array, Value};
use std::collections::{BTreeMap, BTreeSet};

const TOKENS: &str = "tokenizer.ggml.tokens";

/// Tokens that mark a picture and a turn; mtmd writes the first two into the prompt as text.
const MARKS: [&str; 4] = ["<start_of_image>", "<end_of_image>", "<start_of_turn>", "<end_of_turn>"];

/// `LLAMA_TOKEN_TYPE_CONTROL` and `_USER_DEFINED`: found whole in a prompt, never split.
const WHOLE: [i32; 2] = [3, 4];

/// `LLAMA_TOKEN_TYPE_BYTE`: read as the hexadecimal number in its text.
const BYTE: i32 = 6;

/// Gives back the size of the vocabulary.
pub(super) fn check(look: &Lookup<'_>) -> Result<u32, CheckError> {
    if look.text("tokenizer.ggml.model", "`llama`")? != "llama" {
        return Err(look.key_error("tokenizer.ggml.model", "`llama` (SentencePiece)", "use a Gemma 3 model"));
    }
    let tokens = match look.gguf.metadata.get(TOKENS) {
        Some(Value::Array(Array::Texts(tokens))) if !tokens.is_empty() => tokens,
        _ => return Err(look.key_error(TOKENS, "an array of strings", "convert the model again, with its tokenizer")),
    };
    let Ok(n_vocab) = u32::try_from(tokens.len()) else {
        return Err(look.key_error(TOKENS, "fewer than 2^32 tokens", "convert the model again"));
    };
    let scores = look.f32_list("tokenizer.ggml.scores")?;
    if scores.len() != tokens.len() {
        return Err(look.key_error("tokenizer.ggml.scores", format!("{n_vocab} scores, one per token"), "convert the model again"));
    }
    let types = match look.gguf.metadata.get("tokenizer.ggml.token_type") {
        Some(Value::Array(Array::I32(types))) if types.len() == tokens.len() => types,
        _ => {
            let expected = format!("{n_vocab} types as int32, one per token");
            return Err(look.key_error("tokenizer.ggml.token_type", expected, "convert the model again"));
        }
    };
    let mut ids = BTreeMap::new();
    // As llama.cpp sees them: up to a NUL byte, and empty ones, which it gives names of their own, may repeat.
    let seen = |token: &'_ Vec<u8>| token.iter().position(|byte| *byte == 0).unwrap_or(token.len());
    for (id, token) in tokens.iter().enumerate() {
        let Some(token) = token.get(..seen(token)).filter(|token| !token.is_empty()) else { continue };
        if let Some(earlier) = ids.insert(token, id) {
            let found = format!("`{}` as token {earlier} and token {id}", token.escape_ascii());
            return Err(look.key_error_found(TOKENS, "distinct tokens", found));
        }
    }
    let byte_names: BTreeSet<String> = (0..=u8::MAX).map(|byte| format!("<0x{byte:02X}>")).collect();
    if let Some(missing) = byte_names.iter().find(|name| !ids.contains_key(name.as_bytes())) {
        return Err(look.key_error_found(TOKENS, "all 256 byte tokens", format!("no `{missing}`")));
    }
    let is_byte_name = |token: &[u8]| std::str::from_utf8(token).is_ok_and(|name| byte_names.contains(name));
    if let Some((token, _)) = tokens.iter().zip(types).find(|(token, kind)| **kind == BYTE && !is_byte_name(token)) {
        let found = format!("`{}` among the byte tokens (type {BYTE})", token.escape_ascii());
        return Err(look.key_error_found(TOKENS, "byte tokens called `<0x00>` to `<0xFF>`", found));
    }
    for mark in MARKS {
        let kind = ids.get(mark.as_bytes()).and_then(|id| types.get(*id));
        if !kind.is_some_and(|kind| WHOLE.contains(kind)) {
            let found = kind.map_or_else(|| "no such token".to_owned(), |kind| format!("type {kind}"));
            return Err(look.key_error_found(TOKENS, format!("`{mark}` as a control token (type 3)"), found));
        }
    }
    special_ids(look, n_vocab)?;
    Ok(n_vocab)
}

fn special_ids(look: &Lookup<'_>, n_vocab: u32) -> Result<(), CheckError> {
    for name in ["bos", "eos", "eot", "unknown", "padding"] {
        look.u32_or(&format!("tokenizer.ggml.{name}_token_id"), 0, n_vocab.saturating_sub(1), 0)?;
    }
    Ok(())
}
