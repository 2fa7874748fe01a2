//! The answer that a picture should get, as tokens. In -> out: verdict and hazards -> the JSON object of `vedette_reasoning::answer_schema`, piece by piece,
//! each piece one token of the tiny vocabulary, with the weight of each in the loss.

use crate::Tokenizer;
use vedette_reasoning::MAX_HAZARDS;
use vedette_types::{BearingSector, KindId, RangeBand, Severity, UNKNOWN_PLACE, Verdict};

/// One hazard of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerHazard {
    /// What it is.
    pub kind: KindId,
    /// How bad.
    pub severity: Severity,
    /// Where in the picture; `None` where it is not in it.
    pub bearing: Option<BearingSector>,
    /// How far; `None` where it is not in the picture.
    pub range: Option<RangeBand>,
}

/// What is known of the right answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// In the order in which they are named.
    pub hazards: Vec<AnswerHazard>,
    /// Severity, bearing and range are not known (a photograph that nobody measured): those words do not count.
    pub is_kind_only: bool,
}

/// A vocabulary lacks a word of the answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vocabulary has no token for {piece:?}; add it to the corpus of the tiny vocabulary")]
pub struct MissingPiece {
    /// The text.
    pub piece: String,
}

/// Weight of the verdict's word: everything after it depends on it.
const VERDICT_WEIGHT: f32 = 2.0;
/// Weight of pieces that the schema leaves no choice about.
const FIXED_WEIGHT: f32 = 0.1;

impl Answer {
    /// The pieces with their weights.
    fn pieces(&self) -> Vec<(&str, f32)> {
        let told = if self.is_kind_only { 0.0 } else { 1.0 };
        let mut pieces = vec![("{\"verdict\":\"", FIXED_WEIGHT), (self.verdict.word(), VERDICT_WEIGHT), ("\",\"hazards\":[", FIXED_WEIGHT)];
        let hazards = self.hazards.get(..MAX_HAZARDS.min(self.hazards.len())).unwrap_or_default();
        for (number, hazard) in hazards.iter().enumerate() {
            let is_last = number + 1 == hazards.len();
            pieces.extend([
                ("{\"kind\":\"", FIXED_WEIGHT),
                (hazard.kind.as_str(), 1.0),
                ("\",\"severity\":\"", FIXED_WEIGHT),
                (hazard.severity.word(), told),
                ("\",\"bearing\":\"", FIXED_WEIGHT),
                (hazard.bearing.map_or(UNKNOWN_PLACE, BearingSector::word), told),
                ("\",\"range\":\"", FIXED_WEIGHT),
                (hazard.range.map_or(UNKNOWN_PLACE, RangeBand::word), told),
                // Whether another one follows is a choice.
                (if is_last { "\"}]}" } else { "\"}," }, 1.0),
            ]);
        }
        if hazards.is_empty() {
            pieces.push(("]}", FIXED_WEIGHT));
        }
        pieces
    }

    /// The answer as text.
    pub fn text(&self) -> String {
        self.pieces().into_iter().map(|(piece, _)| piece).collect()
    }

    /// Its tokens and the end of the turn, and the weight of each in the loss.
    ///
    /// # Errors
    /// [`MissingPiece`].
    pub fn tokens(&self, tokenizer: &Tokenizer) -> Result<(Vec<u32>, Vec<f32>), MissingPiece> {
        let id = |piece: &str| tokenizer.token(piece).ok_or_else(|| MissingPiece { piece: piece.to_owned() });
        let mut tokens = Vec::new();
        let mut weights = Vec::new();
        for (piece, weight) in self.pieces() {
            tokens.push(id(piece)?);
            weights.push(weight);
        }
        tokens.push(id("<end_of_turn>")?);
        weights.push(FIXED_WEIGHT);
        Ok((tokens, weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_llama::tiny::tiny_vocabulary;
    use vedette_params::HazardCatalogue;

    fn hazard(kind: &str) -> AnswerHazard {
        AnswerHazard {
            kind: KindId::new(kind),
            severity: Severity::High,
            bearing: Some(BearingSector::FarLeft),
            range: Some(RangeBand::Far),
        }
    }

    #[test]
    fn answers_are_what_the_agent_reads_and_what_llama_cpp_would_spell() {
        let tokenizer = Tokenizer::new(&tiny_vocabulary());
        let catalogue = HazardCatalogue::bundled().unwrap();
        for kinds in [vec![], vec!["fire"], vec!["smoke", "gas_leak"], vec!["liquid_spill", "person_down", "blocked_path"]] {
            let verdict = if kinds.is_empty() { Verdict::Clear } else { Verdict::Hazard };
            let answer = Answer { verdict, hazards: kinds.iter().map(|kind| hazard(kind)).collect(), is_kind_only: false };
            let parsed = vedette_reasoning::parse_answer(&answer.text(), &catalogue).unwrap();
            assert_eq!((parsed.verdict, parsed.hazards.len()), (verdict, kinds.len()));
            let (tokens, weights) = answer.tokens(&tokenizer).unwrap();
            assert_eq!(tokens.len(), weights.len());
            // Piece by piece or as a whole: the same tokens.
            assert_eq!(tokens[..tokens.len() - 1], tokenizer.tokens(&answer.text()));
        }
        let nowhere = AnswerHazard { bearing: None, range: None, ..hazard("gas_leak") };
        let answer = Answer { verdict: Verdict::Hazard, hazards: vec![nowhere], is_kind_only: false };
        let parsed = vedette_reasoning::parse_answer(&answer.text(), &catalogue).unwrap();
        assert_eq!((parsed.hazards[0].bearing, parsed.hazards[0].range), (None, None));
        let (tokens, _) = answer.tokens(&tokenizer).unwrap();
        assert_eq!(tokens[..tokens.len() - 1], tokenizer.tokens(&answer.text()));
    }

    #[test]
    fn of_an_unmeasured_photograph_only_verdict_and_kind_count() {
        let tokenizer = Tokenizer::new(&tiny_vocabulary());
        let answer = Answer { verdict: Verdict::Hazard, hazards: vec![hazard("fire")], is_kind_only: true };
        let (_, weights) = answer.tokens(&tokenizer).unwrap();
        assert_eq!(weights.iter().filter(|weight| **weight == 0.0).count(), 3);
    }
}
