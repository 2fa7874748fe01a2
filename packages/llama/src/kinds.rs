//! How probable each hazard kind is as the first one of an answer, were its verdict `hazard`. In -> out: request, kinds -> one probability
//! each. A clear answer names no kind; this tells what it would have named, which is what a ROC curve of a kind asks for.
//!
//! Deliberately absent: the second and third hazard, which depend on the first.

use crate::forced::ForcedError;
use crate::sampler::{Candidate, weights};
use crate::vlm::LlamaVlm;
use vedette_reasoning::VlmRequest;
use vedette_types::{KindId, Probability};

/// What stands before the first kind; the schema's own order.
const BEFORE: &str = "{\"verdict\":\"hazard\",\"hazards\":[{\"kind\":\"";

impl LlamaVlm {
    /// The probability of each of `kinds` at the place of the first kind of a hazard answer, in the order given; they sum to 1. `sampling` of
    /// the request plays no part.
    ///
    /// # Errors
    /// [`ForcedError`]; also where the tokens of the answer do not come apart at that place.
    pub fn first_kinds(&mut self, request: &VlmRequest, kinds: &[KindId]) -> Result<Vec<Probability>, ForcedError> {
        let Some(example) = kinds.first() else { return Ok(Vec::new()) };
        let forced = self.scores_of(request, &format!("{BEFORE}{example}\""))?;
        let trie = self.vocabulary.tok_trie();
        let mut read: Vec<u8> = Vec::new();
        for (token, row) in forced.tokens.iter().zip(&forced.scores) {
            if beyond(&read, trie.token(*token)).is_some() {
                let shares = shares(&read, row, kinds, |token| trie.token(token));
                return shares.ok_or_else(|| failed("no token leads to any of the kinds"));
            }
            read.extend_from_slice(trie.token(*token));
        }
        Err(failed("the answer ends before its first kind"))
    }
}

fn failed(reason: &str) -> ForcedError {
    ForcedError::Failed { reason: reason.to_owned() }
}

/// What follows [`BEFORE`] in `read` + `piece`; `None` unless the piece goes beyond it.
fn beyond<'a>(read: &[u8], piece: &'a [u8]) -> Option<&'a [u8]> {
    let missing = BEFORE.as_bytes().strip_prefix(read)?;
    piece.strip_prefix(missing).filter(|rest| !rest.is_empty())
}

/// Of the tokens that begin a kind, the share of each kind; a token that may begin several counts for them in equal parts.
fn shares<'a>(read: &[u8], row: &[f32], kinds: &[KindId], piece: impl Fn(u32) -> &'a [u8]) -> Option<Vec<Probability>> {
    let begins = |rest: &[u8], kind: &KindId| {
        let word = format!("{kind}\"");
        rest.starts_with(word.as_bytes()) || word.as_bytes().starts_with(rest)
    };
    let mut candidates: Vec<(Candidate, Vec<bool>)> = Vec::new();
    for (token, score) in (0..).zip(row).filter(|(_, score)| score.is_finite()) {
        let Some(rest) = beyond(read, piece(token)) else { continue };
        let of: Vec<bool> = kinds.iter().map(|kind| begins(rest, kind)).collect();
        if of.contains(&true) {
            candidates.push((Candidate { token, score: *score }, of));
        }
    }
    let scores: Vec<Candidate> = candidates.iter().map(|(candidate, _)| *candidate).collect();
    let mut sums = vec![0.0; kinds.len()];
    for (weight, (_, of)) in weights(&scores, 1.0).iter().zip(&candidates) {
        let part = weight / of.iter().filter(|is_of| **is_of).count() as f64;
        sums.iter_mut().zip(of).filter(|(_, is_of)| **is_of).for_each(|(sum, _)| *sum += part);
    }
    let total: f64 = sums.iter().sum();
    (total > 0.0).then(|| sums.into_iter().map(|sum| Probability::saturating(sum / total)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tokens_that_lead_to_a_kind_count() {
        let kinds = ["fire", "smoke", "spill"].map(KindId::new);
        const PIECES: [&str; 6] = ["fire", "s", "smoke", "clear", "fire\",", "\""];
        let row: Vec<f32> = [0.2_f64, 0.2, 0.1, 0.4, 0.05, 0.05].map(|p| p.ln() as f32).to_vec();
        let shares = shares(BEFORE.as_bytes(), &row, &kinds, |token| PIECES[token as usize].as_bytes()).unwrap();
        // 0.55 lead to a kind; `s` stands for two of them.
        for (share, expected) in shares.iter().zip([0.25 / 0.55, 0.2 / 0.55, 0.1 / 0.55]) {
            assert!((share.get() - expected).abs() < 1e-6, "{shares:?}");
        }
        assert_eq!(super::shares(b"{\"verdict\":\"cl", &row, &kinds, |token| PIECES[token as usize].as_bytes()), None);
    }
}
