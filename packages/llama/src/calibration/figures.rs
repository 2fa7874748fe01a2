//! How well probabilities and outcomes agree.

use super::{FLOOR, VERDICTS};
use serde::{Deserialize, Serialize};
use vedette_types::{Verdict, VerdictProbabilities};

/// Bins of [`Figures::ece`], equally wide.
const BINS: usize = 10;

/// Agreement of probabilities with what was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Expected calibration error: confidence in the verdict that was answered (the most probable raw one) against how often it was right,
    /// in ten equal bins, weighted by their answers. 0 is perfect.
    pub ece: f64,
    /// Mean negative logarithm of the right verdict's probability, nats. Smaller is better.
    pub log_loss: f64,
}

/// One answer: the verdict it gave, the probabilities to judge, and what was right.
pub(super) struct Judged {
    pub(super) answered: Verdict,
    pub(super) probabilities: VerdictProbabilities,
    pub(super) right: Verdict,
}

/// The most probable verdict, the first of equals.
pub(super) fn most_probable(probabilities: &VerdictProbabilities) -> Verdict {
    let of = |verdict: &Verdict| probabilities.of(*verdict).get();
    // `max_by` takes the last of equals; reversed, that is the first.
    VERDICTS.into_iter().rev().max_by(|a, b| of(a).total_cmp(&of(b))).unwrap_or(Verdict::Unknown)
}

impl Figures {
    pub(super) fn of(judged: &[Judged]) -> Self {
        let mut bins = [(0.0_f64, 0.0_f64); BINS];
        let mut log_loss = 0.0;
        for one in judged {
            let confidence = one.probabilities.of(one.answered).get();
            let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
            if let Some((confidences, right)) = bins.get_mut(bin) {
                *confidences += confidence;
                *right += f64::from(u8::from(one.answered == one.right));
            }
            log_loss -= one.probabilities.of(one.right).get().max(FLOOR).ln();
        }
        let count = judged.len().max(1) as f64;
        // A bin's share times the gap of its means is the gap of its sums over all.
        let ece = bins.iter().map(|(confidences, right)| (confidences - right).abs()).sum::<f64>() / count;
        Self { ece, log_loss: log_loss / count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::Probability;

    fn judged(confidence: f64, is_right: bool) -> Judged {
        let [hazard, clear] = [confidence, 1.0 - confidence].map(Probability::saturating);
        Judged {
            answered: Verdict::Hazard,
            probabilities: VerdictProbabilities { hazard, clear, unknown: Probability::ZERO },
            right: if is_right { Verdict::Hazard } else { Verdict::Clear },
        }
    }

    #[test]
    fn ece_is_the_gap_in_each_bin() {
        // Four in five right at 0.8: nothing is wrong with that.
        let honest: Vec<Judged> = (0..10).map(|i| judged(0.8, i % 5 != 0)).collect();
        assert!(Figures::of(&honest).ece < 1e-12);
        // One half right at 0.95 in one bin, all right at 0.65 in another: (0.45 * 10 + 0.35 * 10) / 20.
        let boastful = (0..10).map(|i| judged(0.95, i % 2 == 0)).chain((0..10).map(|_| judged(0.65, true)));
        assert!((Figures::of(&boastful.collect::<Vec<_>>()).ece - 0.40).abs() < 1e-12);
        assert!((Figures::of(&[judged(0.25, true)]).log_loss - 4.0_f64.ln()).abs() < 1e-12);
        assert_eq!(Figures::of(&[]), Figures::default());
    }

    #[test]
    fn of_equals_the_first_is_most_probable() {
        let third = Probability::saturating(1.0 / 3.0);
        assert_eq!(most_probable(&VerdictProbabilities { hazard: third, clear: third, unknown: third }), Verdict::Hazard);
        let p = VerdictProbabilities { hazard: Probability::ZERO, clear: Probability::ZERO, unknown: Probability::ONE };
        assert_eq!(most_probable(&p), Verdict::Unknown);
    }
}
