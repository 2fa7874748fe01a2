//! Maximum likelihood by Newton's method, with a faint pull towards leaving the probabilities as they are: without it a verdict that never
//! occurs, or a model that is never wrong, would have no finite answer.

use super::figures::{Figures, Judged, most_probable};
use super::{Calibration, Labelled, Method, Offsets, VERDICTS, logarithms, scaled};
use vedette_types::{Sha256, Verdict};

/// Fewest labelled answers: four figures fitted on less say little.
const FEWEST: usize = 50;

/// Parts of the samples for the figures on unseen ones.
const FOLDS: usize = 5;

/// Pull towards slope 1 and offsets 0, as much as about one answer weighs.
const PULL: f64 = 1.0;

/// Steps of Newton's method; a convex function of four figures needs about ten.
const MOST_STEPS: usize = 100;

const FIGURES: usize = 4;

/// Slope, offsets of hazard, clear, unknown.
type Point = [f64; FIGURES];

/// No calibration can be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Too few labelled answers.
    #[error("{found} labelled answers are too few to fit a calibration: at least {FEWEST} are needed")]
    TooFew {
        /// Number of answers.
        found: usize,
    },
    /// The more probable a verdict, the less often it was right.
    #[error("the probabilities say the opposite of the labels (slope {slope:.3}): are the labels exchanged, or is the model untrained?")]
    Reversed {
        /// Best slope.
        slope: f64,
    },
}

/// Fits a calibration for the model with this hash. `fitted_on` says what the samples are, for people. The same samples in the same order
/// give the same figures.
///
/// # Errors
/// [`FitError`].
pub fn fit(samples: &[Labelled], model_sha256: Sha256, fitted_on: &str) -> Result<Calibration, FitError> {
    if samples.len() < FEWEST {
        return Err(FitError::TooFew { found: samples.len() });
    }
    let calibration = |point: Point| {
        let [slope, hazard, clear, unknown] = point;
        let (before, after) = (Figures::default(), Figures::default());
        let (offsets, method) = (Offsets { hazard, clear, unknown }, Method::VectorScaling);
        Calibration { model_sha256, method, slope, offsets, fitted_on: fitted_on.to_owned(), samples: samples.len(), before, after }
    };
    let judged =
        |sample: &Labelled, probabilities| Judged { answered: most_probable(&sample.probabilities), probabilities, right: sample.verdict };
    let before: Vec<Judged> = samples.iter().map(|sample| judged(sample, sample.probabilities)).collect();
    let mut after = Vec::with_capacity(samples.len());
    for fold in 0..FOLDS {
        let is_held_out = |index: usize| index % FOLDS == fold;
        let seen: Vec<Labelled> = samples.iter().enumerate().filter(|(index, _)| !is_held_out(*index)).map(|(_, s)| *s).collect();
        let fitted = calibration(best(&seen));
        let held_out = samples.iter().enumerate().filter(|(index, _)| is_held_out(*index));
        after.extend(held_out.map(|(_, sample)| judged(sample, fitted.apply(sample.probabilities))));
    }
    let fitted = calibration(best(samples));
    if fitted.slope <= 0.0 {
        return Err(FitError::Reversed { slope: fitted.slope });
    }
    Ok(Calibration { before: Figures::of(&before), after: Figures::of(&after), ..fitted })
}

/// The most likely point.
fn best(samples: &[Labelled]) -> Point {
    let rows: Vec<([f64; 3], Verdict)> = samples.iter().map(|sample| (logarithms(&sample.probabilities), sample.verdict)).collect();
    let mut point = START;
    let mut height = loss(&rows, &point);
    for _ in 0..MOST_STEPS {
        let (gradient, curvature) = slopes(&rows, &point);
        let Some(step) = solve(curvature, gradient) else { break };
        // The function is convex, so a short enough step along Newton's direction always descends.
        let mut share = 1.0;
        let next = loop {
            let candidate: Point = std::array::from_fn(|i| point[i] - share * step[i]);
            let candidate_height = loss(&rows, &candidate);
            if candidate_height < height {
                break Some((candidate, candidate_height));
            }
            share *= 0.5;
            if share < 1e-10 {
                break None;
            }
        };
        let Some((candidate, candidate_height)) = next else { break };
        let gain = height - candidate_height;
        (point, height) = (candidate, candidate_height);
        if gain <= 1e-12 * height.abs() {
            break;
        }
    }
    point
}

const START: Point = [1.0, 0.0, 0.0, 0.0];

fn offsets(point: &Point) -> [f64; 3] {
    let [_, offsets @ ..] = *point;
    offsets
}

/// Negative log-likelihood plus the pull.
fn loss(rows: &[([f64; 3], Verdict)], point: &Point) -> f64 {
    let [slope, ..] = *point;
    let of = |(logarithms, right): &([f64; 3], Verdict)| {
        let probabilities = scaled(slope, offsets(point), *logarithms);
        let right: f64 = VERDICTS.iter().zip(probabilities).filter(|(verdict, _)| *verdict == right).map(|(_, p)| p).sum();
        -right.max(f64::MIN_POSITIVE).ln()
    };
    let pull: f64 = point.iter().zip(START).map(|(x, start)| (x - start) * (x - start)).sum();
    rows.iter().map(of).sum::<f64>() + 0.5 * PULL * pull
}

/// Gradient and matrix of second derivatives of [`loss`].
fn slopes(rows: &[([f64; 3], Verdict)], point: &Point) -> (Point, [Point; FIGURES]) {
    let [slope, ..] = *point;
    let mut gradient: Point = std::array::from_fn(|i| PULL * (point[i] - START[i]));
    let mut curvature: [Point; FIGURES] = std::array::from_fn(|i| std::array::from_fn(|j| if i == j { PULL } else { 0.0 }));
    for (logarithms, right) in rows {
        let probabilities = scaled(slope, offsets(point), *logarithms);
        // How a verdict's score changes with each figure: its logarithm with the slope, 1 with its own offset.
        let features: [Point; 3] =
            std::array::from_fn(|i| std::array::from_fn(|j| if j == 0 { logarithms[i] } else { f64::from(u8::from(j == i + 1)) }));
        let mut mean = [0.0; FIGURES];
        for ((feature, p), verdict) in features.iter().zip(probabilities).zip(VERDICTS) {
            let excess = p - f64::from(u8::from(verdict == *right));
            for ((slope, mean), x) in gradient.iter_mut().zip(&mut mean).zip(feature) {
                *slope += excess * x;
                *mean += p * x;
            }
        }
        for (i, row) in curvature.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                let square: f64 = features.iter().zip(probabilities).map(|(feature, p)| p * feature[i] * feature[j]).sum();
                *cell += square - mean[i] * mean[j];
            }
        }
    }
    (gradient, curvature)
}

/// Solves `matrix * x = right` for a symmetric positive matrix by elimination; `None` where a pivot vanishes.
fn solve(mut matrix: [Point; FIGURES], mut right: Point) -> Option<Point> {
    for column in 0..FIGURES {
        let pivot_row = matrix[column];
        let (pivot, pivot_right) = (pivot_row[column], right[column]);
        if pivot.is_nan() || pivot <= 1e-300 {
            return None;
        }
        for (row, value) in matrix.iter_mut().zip(right.iter_mut()).skip(column + 1) {
            let factor = row[column] / pivot;
            row.iter_mut().zip(pivot_row).for_each(|(cell, above)| *cell -= factor * above);
            *value -= factor * pivot_right;
        }
    }
    let mut solution = [0.0; FIGURES];
    for (index, row) in matrix.iter().enumerate().rev() {
        let known: f64 = row.iter().zip(solution).skip(index + 1).map(|(cell, x)| cell * x).sum();
        solution[index] = (right[index] - known) / row[index];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiny::Random;
    use vedette_types::{Probability, VerdictProbabilities};

    fn probabilities(p: [f64; 3]) -> VerdictProbabilities {
        let [hazard, clear, unknown] = p.map(Probability::saturating);
        VerdictProbabilities { hazard, clear, unknown }
    }

    /// Answers of a model whose probabilities are wrong by exactly `slope` and `offsets`: the labels follow the scaled ones.
    fn answers(count: usize, slope: f64, offsets: [f64; 3]) -> Vec<Labelled> {
        let mut random = Random::new(5);
        (0..count)
            .map(|_| {
                let scores: [f64; 3] = std::array::from_fn(|_| f64::from(random.normal()) * 2.5);
                let raw = probabilities(scaled(1.0, [0.0; 3], scores));
                let truth = scaled(slope, offsets, logarithms(&raw));
                let mut left = random.unit();
                let drawn = VERDICTS.into_iter().zip(truth).find(|(_, p)| {
                    left -= p;
                    left < 0.0
                });
                Labelled { probabilities: raw, verdict: drawn.map_or(Verdict::Unknown, |(verdict, _)| verdict) }
            })
            .collect()
    }

    #[test]
    fn known_figures_are_found_again() {
        for (slope, offsets) in [(0.4, [0.5, -0.7, 0.2]), (1.0, [0.0; 3]), (2.0, [-1.0, 0.0, 1.0])] {
            let fitted = fit(&answers(20_000, slope, offsets), Sha256::default(), "draws").unwrap();
            assert!((fitted.slope - slope).abs() < 0.05 * slope.max(1.0), "slope {slope}: {fitted:?}");
            // Only differences of offsets matter.
            let found = [fitted.offsets.hazard, fitted.offsets.clear, fitted.offsets.unknown];
            for (i, j) in [(0, 1), (0, 2), (1, 2)] {
                assert!((found[i] - found[j] - (offsets[i] - offsets[j])).abs() < 0.1, "{offsets:?}: {found:?}");
            }
            assert!(fitted.after.ece < 0.02, "{fitted:?}");
        }
    }

    #[test]
    fn a_boastful_model_becomes_honest() {
        let fitted = fit(&answers(2_000, 0.3, [0.0; 3]), Sha256::default(), "draws").unwrap();
        assert!(fitted.before.ece > 0.15 && fitted.after.ece < 0.05, "{fitted:?}");
        assert!(fitted.after.log_loss < fitted.before.log_loss, "{fitted:?}");
    }

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let samples = answers(200, 0.5, [0.3, 0.0, -0.3]);
        let rows: Vec<([f64; 3], Verdict)> = samples.iter().map(|s| (logarithms(&s.probabilities), s.verdict)).collect();
        let point = [0.7, 0.2, -0.4, 0.1];
        let (gradient, curvature) = slopes(&rows, &point);
        for i in 0..FIGURES {
            let moved = |by: f64| std::array::from_fn(|j| if i == j { point[j] + by } else { point[j] });
            let numeric = (loss(&rows, &moved(1e-5)) - loss(&rows, &moved(-1e-5))) / 2e-5;
            assert!((numeric - gradient[i]).abs() < 1e-4 * (1.0 + numeric.abs()), "{i}: {numeric} {gradient:?}");
            let (up, down) = (slopes(&rows, &moved(1e-5)).0, slopes(&rows, &moved(-1e-5)).0);
            for j in 0..FIGURES {
                let numeric = (up[j] - down[j]) / 2e-5;
                assert!((numeric - curvature[i][j]).abs() < 1e-3 * (1.0 + numeric.abs()), "{i} {j}: {numeric} {curvature:?}");
            }
        }
    }

    #[test]
    fn what_has_no_finite_answer_has_one_all_the_same() {
        // Never wrong, and `unknown` never occurs.
        let sure = |hazard: f64, verdict| Labelled { probabilities: probabilities([hazard, 1.0 - hazard, 0.0]), verdict };
        let samples: Vec<Labelled> =
            (0..100).map(|i| if i % 2 == 0 { sure(1.0, Verdict::Hazard) } else { sure(0.0, Verdict::Clear) }).collect();
        let fitted = fit(&samples, Sha256::default(), "draws").unwrap();
        assert!(fitted.slope.is_finite() && fitted.slope > 0.0 && fitted.after.ece < 0.05, "{fitted:?}");
    }

    #[test]
    fn too_few_and_reversed_answers_are_refused() {
        assert_eq!(fit(&answers(49, 1.0, [0.0; 3]), Sha256::default(), ""), Err(FitError::TooFew { found: 49 }));
        let reversed = fit(&answers(500, -1.0, [0.0; 3]), Sha256::default(), "");
        assert!(matches!(reversed, Err(FitError::Reversed { slope }) if slope < 0.0), "{reversed:?}");
    }
}
