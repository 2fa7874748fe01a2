//! Intervals by resampling. In -> out: the number of samples and a figure of how often each is drawn -> the figure with the 2.5 and 97.5 %
//! points of its bootstrap distribution (Efron 1979, percentile method).
//!
//! The seed is fixed: the same samples give the same interval, on every machine. Deliberately absent: shares, which have Wilson's interval
//! in closed form (`Rate`).

use super::weighted::Ordered;
use serde::Serialize;

/// Resamples: the ends of a 95 % interval then move by about a twentieth of its width from seed to seed.
const RESAMPLES: usize = 1000;
const SEED: u64 = 0x5eed_0f7e_57a1;

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Of all samples.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// `figure` of `count` samples, each weighing one, with its interval. `None` where the figure of all samples is `None`; resamples without a
/// figure do not count.
pub(crate) fn estimate(count: usize, figure: impl Fn(&[u32]) -> Option<f64>) -> Option<Estimate> {
    let value = figure(&vec![1; count])?;
    let mut random = SplitMix64(SEED);
    let mut weights = vec![0_u32; count];
    let mut drawn: Vec<f64> = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        weights.fill(0);
        for _ in 0..count {
            if let Some(weight) = weights.get_mut(random.below(count)) {
                *weight += 1;
            }
        }
        drawn.extend(figure(&weights).filter(|value| value.is_finite()));
    }
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| drawn.get((share * drawn.len().saturating_sub(1) as f64).round() as usize).copied().unwrap_or(value);
    // A skewed figure (a maximum, say) can lie outside its own resamples.
    Some(Estimate { value, low: at(0.025).min(value), high: at(0.975).max(value) })
}

/// Nearest-rank quantile of `values` with its interval.
pub(crate) fn quantile(values: &[f64], q: f64) -> Option<Estimate> {
    let ordered = Ordered::new(values.iter().copied().enumerate());
    estimate(values.len(), |weights| ordered.quantile(weights, q))
}

/// Steele, Lea and Flood 2014: small, and good enough to draw samples.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to before `count`, for `count` above 0 (Lemire 2019, without the rejection: off by 2^-64).
    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(values: &[f64], weights: &[u32]) -> Option<f64> {
        let total: u32 = weights.iter().sum();
        (total > 0).then(|| values.iter().zip(weights).map(|(value, weight)| value * f64::from(*weight)).sum::<f64>() / f64::from(total))
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_normal_distribution() {
        // 400 values, half 0 and half 1: standard error 0.5 / 20, half width 1.96 times that.
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let of = estimate(values.len(), |weights| mean(&values, weights)).unwrap();
        assert_eq!(of.value, 0.5);
        assert!((of.low - (0.5 - 0.049)).abs() < 0.006 && (of.high - (0.5 + 0.049)).abs() < 0.006, "{of:?}");
        assert_eq!(estimate(values.len(), |weights| mean(&values, weights)), Some(of));
    }

    #[test]
    fn nothing_and_certainty() {
        assert_eq!(estimate(0, |weights| mean(&[], weights)), None);
        assert_eq!(estimate(3, |weights| mean(&[0.25; 3], weights)), Some(Estimate { value: 0.25, low: 0.25, high: 0.25 }));
    }
}
