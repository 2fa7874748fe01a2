//! Scores of a given answer are those that the answer was chosen by.

use crate::requests::{load, request};
use vedette_llama::ForcedError;
use vedette_reasoning::{MEDIA_MARKER, Vlm};
use vedette_types::Finish;

#[test]
fn the_first_row_is_the_one_the_verdict_is_read_off() {
    let mut vlm = load();
    let request = request(&vlm);
    let text = r#"{"verdict":"clear","hazards":[]}"#;
    let forced = vlm.scores_of(&request, text).unwrap();
    assert_eq!(forced.scores.len(), forced.tokens.len());
    assert_eq!(forced.tokens, vlm.tokenize(text), "no marks in an answer: spelled the same way");
    let names = [r#"{"verdict":""#, "hazard", "clear", "unknown"].map(|word| vlm.tokenize(word));
    let [start, verdicts @ ..] = names;
    assert_eq!((start.len(), &forced.tokens[..1]), (1, &start[..]), "the answer's beginning is one token");
    // The model's own answer begins with the same token, so the verdict's probabilities must follow from the second row.
    let weights = verdicts.map(|token| f64::from(forced.scores[1][token[0] as usize]).exp());
    let probabilities = vlm.answer(&request).verdict_probabilities.unwrap();
    for (weight, p) in weights.iter().zip([probabilities.hazard, probabilities.clear, probabilities.unknown]) {
        // Pieces such as `haz` or `un` count as well, so the single tokens have at most the verdict's share.
        assert!(p.get() > 0.0 && *weight > 0.0);
    }
}

#[test]
fn an_answer_scores_as_it_was_chosen() {
    let mut vlm = load();
    let request = request(&vlm);
    let answer = vlm.answer(&request);
    assert_eq!(answer.finish, Finish::Stop);
    let forced = vlm.scores_of(&request, &answer.text).unwrap();
    // Rows are the vocabulary long and finite, and the same when asked for again or by a fresh model.
    assert!(forced.scores.iter().all(|row| row.len() == 1024 && row.iter().all(|score| score.is_finite())));
    assert_eq!(vlm.scores_of(&request, &answer.text).unwrap(), forced);
    assert_eq!(load().scores_of(&request, &answer.text).unwrap(), forced);
}

#[test]
fn marks_are_single_tokens_in_a_prompt() {
    let vlm = load();
    assert_eq!(vlm.tokenize("<start_of_turn>user\n").first(), Some(&5));
    assert_eq!(vlm.tokenize("<bos>"), [2]);
    assert_eq!(vlm.tokenize(""), [0_u32; 0]);
}

#[test]
fn what_cannot_be_scored_says_why() {
    let mut vlm = load();
    let base = request(&vlm);
    let reference = vlm.scores_of(&base, "{").unwrap();
    let message = vlm.scores_of(&base, "").unwrap_err().to_string();
    assert!(message.contains("empty"), "{message}");
    let message = vlm.scores_of(&base, &"word ".repeat(3000)).unwrap_err().to_string();
    assert!(message.contains("n_ctx = 2048"), "{message}");
    let mut wrong = base.clone();
    wrong.prompt = wrong.prompt.replace(MEDIA_MARKER, "");
    assert!(vlm.scores_of(&wrong, "{").is_err());
    let mut late = base.clone();
    late.deadline_millis = Some(0);
    assert!(matches!(vlm.scores_of(&late, "{"), Err(ForcedError::Deadline)));
    assert_eq!(vlm.scores_of(&base, "{").unwrap(), reference);
}
