//! How well a probability tells hazards from clear frames, and how far it can be taken at its word. In -> out: (probability, was it so)
//! pairs -> area under the ROC curve, expected calibration error.

use serde::Serialize;

/// Area under the ROC curve of `(score, is_positive)` pairs: the probability that a positive scores higher than a negative, ties counting
/// half (Mann-Whitney U; Hanley and McNeil 1982). `None` without at least one of each, or when a score is NaN.
pub fn roc_auc(scored: &[(f64, bool)]) -> Option<f64> {
    if scored.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = sorted.iter().filter(|(_, is_positive)| *is_positive).count();
    let negatives = sorted.len() - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    // Sum of the positives' ranks from 1, equal scores sharing their mean rank. `==` and not `total_cmp`: 0 and -0 are one score.
    let mut ranks_before = 0;
    let mut rank_sum = 0.0;
    for ties in sorted.chunk_by(|a, b| a.0 == b.0) {
        let mean_rank = ranks_before as f64 + (ties.len() as f64 + 1.0) / 2.0;
        rank_sum += mean_rank * ties.iter().filter(|(_, is_positive)| *is_positive).count() as f64;
        ranks_before += ties.len();
    }
    let (p, n) = (positives as f64, negatives as f64);
    Some((rank_sum - p * (p + 1.0) / 2.0) / (p * n))
}

/// One tenth of the probability scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// How many pairs fell into it.
    pub count: usize,
    /// Mean of their probabilities.
    pub mean_probability: f64,
    /// Share that was so.
    pub share: f64,
}

const BINS: usize = 10;

/// Expected calibration error over ten equal bins (Guo et al. 2017, eq. 3) and the bins that are not empty, from low to high. `None`
/// without pairs. Probabilities outside 0..=1 go to the nearest end.
pub fn expected_calibration_error(scored: &[(f64, bool)]) -> Option<(f64, Vec<CalibrationBin>)> {
    let mut sums = [(0_usize, 0.0_f64, 0_usize); BINS];
    for &(probability, is_so) in scored {
        // `as` saturates and maps NaN to 0.
        let bin = ((probability * BINS as f64) as usize).min(BINS - 1);
        if let Some((count, sum, hits)) = sums.get_mut(bin) {
            *count += 1;
            *sum += probability.clamp(0.0, 1.0);
            *hits += usize::from(is_so);
        }
    }
    let filled = sums.iter().filter(|(count, ..)| *count > 0);
    let bins: Vec<_> = filled
        .map(|&(count, sum, hits)| CalibrationBin { count, mean_probability: sum / count as f64, share: hits as f64 / count as f64 })
        .collect();
    let weighted: f64 = bins.iter().map(|bin| bin.count as f64 * (bin.mean_probability - bin.share).abs()).sum();
    let error = weighted / scored.len() as f64;
    error.is_finite().then_some((error, bins))
}
