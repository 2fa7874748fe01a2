//! The probabilities of the three verdicts, read off the token that carries the verdict.

use crate::sampler::{Candidate, weights};
use vedette_reasoning::ANSWER_PREFIX;
use vedette_types::{Probability, Verdict, VerdictProbabilities};

/// What follows [`ANSWER_PREFIX`] in `answer` + `piece`; `None` unless the piece goes beyond the prefix.
fn beyond<'a>(answer: &[u8], piece: &'a [u8]) -> Option<&'a [u8]> {
    let missing = ANSWER_PREFIX.as_bytes().strip_prefix(answer)?;
    piece.strip_prefix(missing).filter(|rest| !rest.is_empty())
}

/// Whether `rest` begins with the verdict's word or is itself the beginning of it.
fn begins(rest: &[u8], verdict: Verdict) -> bool {
    let word = verdict.word().as_bytes();
    rest.starts_with(word) || word.starts_with(rest)
}

/// Whether `answer` has begun the word of `verdict`, or written it.
pub(crate) fn is_begun(answer: &[u8], verdict: Verdict) -> bool {
    answer.strip_prefix(ANSWER_PREFIX.as_bytes()).is_some_and(|rest| !rest.is_empty() && begins(rest, verdict))
}

/// The probabilities at the step that adds `chosen` to `answer`; `None` if that step does not cross the prefix. Only candidates that cross it
/// count: the others lead to the same question one step later. Every verdict's word has its own first letter, so no candidate counts twice.
pub(crate) fn probabilities<'a>(
    answer: &[u8],
    chosen: u32,
    candidates: &[Candidate],
    piece: impl Fn(u32) -> &'a [u8],
) -> Option<VerdictProbabilities> {
    beyond(answer, piece(chosen))?;
    let sum_of = |verdict: Verdict, weights: &[f64]| -> f64 {
        candidates
            .iter()
            .zip(weights)
            .filter(|(c, _)| beyond(answer, piece(c.token)).is_some_and(|rest| begins(rest, verdict)))
            .map(|(_, w)| w)
            .sum()
    };
    let weights = weights(candidates, 1.0);
    let [hazard, clear, unknown] = [Verdict::Hazard, Verdict::Clear, Verdict::Unknown].map(|verdict| sum_of(verdict, &weights));
    let total = hazard + clear + unknown;
    let share = |sum: f64| Probability::saturating(sum / total);
    (total > 0.0).then(|| VerdictProbabilities { hazard: share(hazard), clear: share(clear), unknown: share(unknown) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECES: [&str; 8] = ["\"", "\"h", "\"clear", "\"unknown\",", "haz", "u", "{\"verdict\":\"", "{\"verdict\":\"clear"];

    fn at(answer: &str, chosen: u32, allowed: &[(u32, f64)]) -> Option<VerdictProbabilities> {
        let candidates: Vec<Candidate> = allowed.iter().map(|(token, p)| Candidate { token: *token, score: p.ln() as f32 }).collect();
        probabilities(answer.as_bytes(), chosen, &candidates, |token| PIECES[token as usize].as_bytes())
    }

    fn near(found: Option<VerdictProbabilities>, expected: [f64; 3]) {
        let found = found.unwrap();
        for (found, expected) in [found.hazard, found.clear, found.unknown].into_iter().zip(expected) {
            assert!((found.get() - expected).abs() < 1e-6, "{found:?} {expected}");
        }
    }

    #[test]
    fn tokens_that_do_not_cross_do_not_count() {
        // `"` alone stays within the prefix: 0.5 of the mass is left out.
        let allowed = [(0, 0.5), (1, 0.1), (2, 0.3), (3, 0.1)];
        near(at("{\"verdict\":", 1, &allowed), [0.2, 0.6, 0.2]);
        assert_eq!(at("{\"verdict\":", 0, &allowed), None);
    }

    #[test]
    fn pieces_may_be_shorter_or_longer_than_the_word() {
        near(at("{\"verdict\":\"", 4, &[(4, 0.25), (5, 0.75)]), [0.25, 0.0, 0.75]);
        near(at("", 7, &[(6, 0.9), (7, 0.1)]), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn past_the_verdict_there_is_nothing_to_read() {
        assert_eq!(at("{\"verdict\":\"haz", 5, &[(5, 1.0)]), None);
    }
}
