//! Choosing one of the tokens that the grammar allows. Sums run in token order and in 64 bits, so that the same scores give the same choice.

use crate::tiny::Random;

/// An allowed token and its unnormalised log-probability, finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) token: u32,
    pub(crate) score: f32,
}

/// Weights proportional to the probabilities: `exp(score - highest)`, in order.
pub(crate) fn weights(candidates: &[Candidate], temperature: f64) -> Vec<f64> {
    let highest = candidates.iter().fold(f64::NEG_INFINITY, |highest, c| highest.max(f64::from(c.score)));
    candidates.iter().map(|c| ((f64::from(c.score) - highest) / temperature).exp()).collect()
}

/// The most probable token at temperature 0 (the first of equals), else one drawn by its probability; `None` without candidates.
pub(crate) fn choose(candidates: &[Candidate], temperature: f32, random: &mut Random) -> Option<u32> {
    let best = candidates.iter().rev().max_by(|a, b| a.score.total_cmp(&b.score))?;
    if temperature <= 0.0 {
        return Some(best.token);
    }
    let weights = weights(candidates, f64::from(temperature));
    let mut left = random.unit() * weights.iter().sum::<f64>();
    for (candidate, weight) in candidates.iter().zip(&weights) {
        left -= weight;
        if left < 0.0 {
            return Some(candidate.token);
        }
    }
    // Rounding can leave a rest at the very end of the sum.
    Some(best.token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(scores: &[f32]) -> Vec<Candidate> {
        scores.iter().enumerate().map(|(token, score)| Candidate { token: token as u32, score: *score }).collect()
    }

    #[test]
    fn temperature_0_takes_the_first_of_the_best() {
        let mut random = Random::new(1);
        assert_eq!(choose(&candidates(&[0.0, 3.0, 3.0]), 0.0, &mut random), Some(1));
        assert_eq!(choose(&[], 0.0, &mut random), None);
        assert_eq!(choose(&[], 1.0, &mut random), None);
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let mut random = Random::new(7);
        let scores = candidates(&[0.0, 3.0_f32.ln()]);
        let ones = (0..10_000).filter(|_| choose(&scores, 1.0, &mut random) == Some(1)).count();
        assert!((7_300..7_700).contains(&ones), "{ones} of 10000, expected three quarters");
        // Ever colder comes down to the best.
        assert!((0..100).all(|_| choose(&scores, 1e-3, &mut random) == Some(1)));
        assert!((0..100).all(|_| choose(&scores, f32::MIN_POSITIVE, &mut random) == Some(1)));
    }
}
