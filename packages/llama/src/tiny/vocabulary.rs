//! A SentencePiece-style vocabulary with byte fallback, learned by byte-pair merges from the corpus.
//!
//! llama.cpp's tokenizer joins the adjacent pair whose joint text is a token of the highest score, so the list of merges becomes tokens with
//! falling scores, and every intermediate merge has to be a token.

use super::corpus::{ANSWER_PIECES, PROMPTS};
use crate::gguf::{Array, GgufPlan, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Size of the vocabulary; what the corpus does not fill is unused tokens.
const N_VOCAB: u32 = 1024;

/// SentencePiece's sign for a space.
const SPACE: char = '\u{2581}';

/// The tokens with a meaning of their own, in Gemma's order.
const SPECIAL: [&str; 10] = [
    "<pad>",
    "<eos>",
    "<bos>",
    "<unk>",
    "<mask>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<start_of_image>",
    "<end_of_image>",
    "<image_soft_token>",
];

/// What a token is for, with the numbers of `enum llama_token_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum TokenKind {
    /// Text, made by joining two others or a single character.
    Normal = 1,
    /// Stands for what cannot be spelled; never comes up, since every byte has a token.
    Unknown = 2,
    /// A mark; found whole in a prompt, never spelled.
    Control = 3,
    /// A place without meaning.
    Unused = 5,
    /// One byte, called `<0x00>` to `<0xFF>`.
    Byte = 6,
}

/// One token. Its id is its place in the vocabulary.
#[derive(Clone, Debug, PartialEq)]
pub struct TinyToken {
    /// Text, with U+2581 for a space.
    pub text: String,
    /// Of two adjacent pairs whose joint texts are tokens, the one with the higher score is joined first; of equals the left one.
    pub score: f32,
    /// What it is for.
    pub kind: TokenKind,
}

/// Score of tokens that never come from a merge.
const NO_MERGE: f32 = -1000.0;

/// How much more an answer piece counts than one occurrence of a prompt word: answers are written token by token, prompts read at once.
const ANSWER_WEIGHT: u64 = 40;

/// Gemma's chat template, without the parts for system messages and lists of contents.
pub const CHAT_TEMPLATE: &str = "{{ bos_token }}{% for message in messages %}{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}";

/// Adds the tokenizer's metadata.
pub(super) fn describe(plan: &mut GgufPlan, tokens: &[TinyToken]) {
    plan.set("tokenizer.ggml.model", Value::Text("llama".to_owned()));
    plan.set("tokenizer.ggml.pre", Value::Text("default".to_owned()));
    plan.set("tokenizer.ggml.tokens", Value::Array(Array::Texts(tokens.iter().map(|t| t.text.clone().into_bytes()).collect())));
    plan.set("tokenizer.ggml.scores", Value::Array(Array::F32(tokens.iter().map(|t| t.score).collect())));
    plan.set("tokenizer.ggml.token_type", Value::Array(Array::I32(tokens.iter().map(|t| t.kind as i32).collect())));
    for (name, id) in [("bos", 2), ("eos", 1), ("eot", 6), ("unknown", 3), ("padding", 0)] {
        plan.set(&format!("tokenizer.ggml.{name}_token_id"), Value::U32(id));
    }
    plan.set("tokenizer.ggml.add_bos_token", Value::Bool(true));
    plan.set("tokenizer.ggml.add_eos_token", Value::Bool(false));
    plan.set("tokenizer.ggml.add_space_prefix", Value::Bool(false));
    plan.set("tokenizer.chat_template", Value::Text(CHAT_TEMPLATE.to_owned()));
}

/// The vocabulary of the untrained pair, in order of ids: ten marks (`<pad>` 0, `<eos>` 1, `<bos>` 2, `<unk>` 3, `<mask>` 4,
/// `<start_of_turn>` 5, `<end_of_turn>` 6, `<start_of_image>` 7, `<end_of_image>` 8, `<image_soft_token>` 9), 256 bytes, merges, characters,
/// unused places. A prompt begins with `<bos>` and no space is put before it.
pub fn tiny_vocabulary() -> Vec<TinyToken> {
    let control = |text: &str| {
        let kind = if text == "<unk>" { TokenKind::Unknown } else { TokenKind::Control };
        TinyToken { text: text.to_owned(), score: NO_MERGE, kind }
    };
    let byte = |byte: u8| TinyToken { text: format!("<0x{byte:02X}>"), score: NO_MERGE, kind: TokenKind::Byte };
    let mut tokens: Vec<TinyToken> = SPECIAL.into_iter().map(control).chain((0..=u8::MAX).map(byte)).collect();
    let single: Vec<String> = [SPACE, '\n'].into_iter().chain('!'..='~').map(String::from).collect();
    let room = (N_VOCAB as usize).saturating_sub(tokens.len() + single.len());
    let merged = merges(&pieces(), room);
    let ranked = merged.into_iter().chain(single).enumerate();
    tokens.extend(ranked.map(|(rank, text)| TinyToken { text, score: -(rank as f32), kind: TokenKind::Normal }));
    for id in tokens.len()..N_VOCAB as usize {
        tokens.push(TinyToken { text: format!("<unused{id}>"), score: NO_MERGE, kind: TokenKind::Unused });
    }
    tokens
}

/// What merges may not cross: answer pieces as they are; of the prompts words with the space before them and runs of other characters.
/// Digits stay single, so that every number is spelled the same way.
fn pieces() -> BTreeMap<String, u64> {
    let mut pieces = BTreeMap::new();
    for piece in ANSWER_PIECES {
        *pieces.entry((*piece).to_owned()).or_default() += ANSWER_WEIGHT;
    }
    let in_word = |c: char| c.is_ascii_alphabetic() || c == '_';
    for line in PROMPTS.lines() {
        let mut word = String::new();
        for c in line.chars().chain(['\n']) {
            if in_word(c) {
                word.push(c);
                continue;
            }
            if word.chars().any(in_word) {
                *pieces.entry(std::mem::take(&mut word)).or_default() += 1;
            }
            word.clear();
            if c == ' ' {
                word.push(SPACE);
            }
        }
    }
    pieces
}

/// Joins the most frequent adjacent pair until there is none or `room` is used up; of equals the alphabetically first, so that the result
/// depends on nothing but the pieces.
fn merges(pieces: &BTreeMap<String, u64>, room: usize) -> Vec<String> {
    let mut texts: Vec<(Vec<String>, u64)> =
        pieces.iter().map(|(piece, count)| (piece.chars().map(String::from).collect(), *count)).collect();
    let mut merged = Vec::new();
    let mut known = BTreeSet::new();
    while merged.len() < room {
        let mut pairs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for (symbols, count) in &texts {
            for pair in symbols.windows(2) {
                if let [left, right] = pair {
                    *pairs.entry((left, right)).or_default() += count;
                }
            }
        }
        // `max_by` takes the last of equals; reversed, that is the first.
        let Some(((left, right), _)) = pairs.iter().rev().max_by_key(|(_, count)| **count) else { break };
        let (left, right) = ((*left).to_owned(), (*right).to_owned());
        let joint = format!("{left}{right}");
        texts.iter_mut().for_each(|(symbols, _)| join(symbols, &left, &right));
        if known.insert(joint.clone()) {
            merged.push(joint);
        }
    }
    merged
}

fn join(symbols: &mut Vec<String>, left: &str, right: &str) {
    let mut joined: Vec<String> = Vec::with_capacity(symbols.len());
    let mut was_joined = false;
    for symbol in symbols.drain(..) {
        match joined.last_mut() {
            // The symbol just made does not count as `left` again: pairs are taken left to right without overlap.
            Some(last) if !was_joined && last == left && symbol == right => {
                last.push_str(&symbol);
                was_joined = true;
            }
            _ => {
                joined.push(symbol);
                was_joined = false;
            }
        }
    }
    *symbols = joined;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_take_the_most_frequent_pair_first() {
        let pieces = BTreeMap::from([("aaab".to_owned(), 3), ("ab".to_owned(), 2), ("cd".to_owned(), 5)]);
        // aa: 6 (twice in aaab), ab: 5, cd: 5.
        assert_eq!(merges(&pieces, 10), ["aa", "ab", "cd", "aaab"]);
        assert_eq!(merges(&pieces, 2), ["aa", "ab"]);
    }

    #[test]
    fn the_corpus_fits_and_answers_are_few_tokens() {
        let tokens = tiny_vocabulary();
        assert_eq!(tokens.len(), N_VOCAB as usize);
        let texts: BTreeSet<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(texts.len(), tokens.len(), "tokens are distinct");
        let missing: Vec<&&str> = ANSWER_PIECES.iter().filter(|piece| !texts.contains(**piece)).collect();
        assert!(missing.is_empty(), "not one token: {missing:?}");
        assert!(["hazard", "clearance", "unmeasured", "ppm"].iter().all(|word| texts.contains(format!("\u{2581}{word}").as_str())));
    }
}
