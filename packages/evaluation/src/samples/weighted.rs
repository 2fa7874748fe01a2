//! Figures of samples that are drawn several times or not at all: what a bootstrap resamples. In -> out: values once, weights many times ->
//! the figure, in one pass without sorting again.
//!
//! With all weights one they are the figures of `calibration`; a test holds them together. Deliberately absent: how weights come about.

/// Bins of the calibration error.
const BINS: usize = 10;

/// Scores in rank order, for the area under the ROC curve.
pub(super) struct Ranked {
    /// (sample, score, is positive), by score.
    entries: Vec<(usize, f64, bool)>,
}

impl Ranked {
    /// From (sample, score, is positive); scores that are NaN do not count.
    pub(super) fn new(scored: impl IntoIterator<Item = (usize, f64, bool)>) -> Self {
        let mut entries: Vec<_> = scored.into_iter().filter(|(_, score, _)| !score.is_nan()).collect();
        entries.sort_by(|a, b| a.1.total_cmp(&b.1));
        Self { entries }
    }

    /// The share of (positive, negative) pairs in which the positive scores higher, ties counting half (Hanley and McNeil 1982). `None`
    /// without one of each.
    pub(super) fn auc(&self, weights: &[u32]) -> Option<f64> {
        let (mut below, mut won) = (0.0, 0.0);
        let mut positives = 0.0;
        for ties in self.entries.chunk_by(|a, b| a.1 == b.1) {
            let sum = |is_positive: bool| -> f64 {
                ties.iter().filter(|entry| entry.2 == is_positive).map(|entry| weight(weights, entry.0)).sum()
            };
            let (up, down) = (sum(true), sum(false));
            won += up * (below + 0.5 * down);
            positives += up;
            below += down;
        }
        (positives > 0.0 && below > 0.0).then(|| won / (positives * below))
    }
}

/// Probabilities and whether it was so, for the calibration error.
pub(super) struct Binned {
    /// (sample, bin, probability, was so).
    entries: Vec<(usize, usize, f64, bool)>,
}

impl Binned {
    /// From (sample, probability, was so).
    pub(super) fn new(scored: impl IntoIterator<Item = (usize, f64, bool)>) -> Self {
        // `as` saturates and maps NaN to 0.
        let bin = |probability: f64| ((probability * BINS as f64) as usize).min(BINS - 1);
        Self { entries: scored.into_iter().map(|(sample, p, is_so)| (sample, bin(p), p.clamp(0.0, 1.0), is_so)).collect() }
    }

    /// (probability, was so) of each.
    pub(super) fn pairs(&self) -> Vec<(f64, bool)> {
        self.entries.iter().map(|(_, _, probability, is_so)| (*probability, *is_so)).collect()
    }

    /// Expected calibration error over ten equal bins.
    pub(super) fn error(&self, weights: &[u32]) -> Option<f64> {
        let mut gaps = [0.0; BINS];
        let mut total = 0.0;
        for (sample, bin, probability, is_so) in &self.entries {
            let weight = weight(weights, *sample);
            total += weight;
            if let Some(gap) = gaps.get_mut(*bin) {
                *gap += weight * (probability - f64::from(u8::from(*is_so)));
            }
        }
        (total > 0.0).then(|| gaps.iter().map(|gap: &f64| gap.abs()).sum::<f64>() / total)
    }
}

/// Values in order, for quantiles.
pub(super) struct Ordered {
    /// (sample, value), by value.
    entries: Vec<(usize, f64)>,
}

impl Ordered {
    /// From (sample, value); what is not finite does not count.
    pub(super) fn new(values: impl IntoIterator<Item = (usize, f64)>) -> Self {
        let mut entries: Vec<_> = values.into_iter().filter(|(_, value)| value.is_finite()).collect();
        entries.sort_by(|a, b| a.1.total_cmp(&b.1));
        Self { entries }
    }

    /// Nearest-rank quantile.
    pub(super) fn quantile(&self, weights: &[u32], q: f64) -> Option<f64> {
        let total: f64 = self.entries.iter().map(|(sample, _)| weight(weights, *sample)).sum();
        let rank = (q * total).ceil().max(1.0);
        let mut passed = 0.0;
        let reaches = |(sample, _): &&(usize, f64)| {
            passed += weight(weights, *sample);
            passed >= rank
        };
        self.entries.iter().find(reaches).map(|(_, value)| *value)
    }

    /// Mean.
    pub(super) fn mean(&self, weights: &[u32]) -> Option<f64> {
        let (total, sum) = self.entries.iter().fold((0.0, 0.0), |(total, sum), (sample, value)| {
            let weight = weight(weights, *sample);
            (total + weight, sum + weight * value)
        });
        (total > 0.0).then(|| sum / total)
    }
}

pub(super) fn weight(weights: &[u32], sample: usize) -> f64 {
    f64::from(weights.get(sample).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{expected_calibration_error, roc_auc};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn drawn_once_and_drawn_twice_are_as_counted(scored in prop::collection::vec((0.0_f64..=1.0, any::<bool>(), 0_u32..3), 0..40)) {
            let weights: Vec<u32> = scored.iter().map(|(.., weight)| *weight).collect();
            let entries = || scored.iter().enumerate().map(|(i, (p, is_so, _))| (i, *p, *is_so));
            let repeated: Vec<(f64, bool)> =
                scored.iter().flat_map(|(p, is_so, weight)| std::iter::repeat_n((*p, *is_so), *weight as usize)).collect();
            let is_near = |a: Option<f64>, b: Option<f64>| a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-9);
            prop_assert!(is_near(Ranked::new(entries()).auc(&weights), roc_auc(&repeated)));
            prop_assert!(is_near(Binned::new(entries()).error(&weights), expected_calibration_error(&repeated).map(|(error, _)| error)));
            let ordered = Ordered::new(entries().map(|(i, p, _)| (i, p)));
            let mut sorted: Vec<f64> = repeated.iter().map(|(p, _)| *p).collect();
            sorted.sort_by(f64::total_cmp);
            for q in [0.0, 0.5, 0.95, 1.0] {
                prop_assert_eq!(ordered.quantile(&weights, q), crate::metrics::quantile(&sorted, q));
            }
        }
    }
}
