//! Probabilities that cannot be out of range.

use serde::{Deserialize, Serialize};

/// A number outside its allowed interval.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("probability outside 0..=1: {value}")]
pub struct OutOfRange {
    /// The offending number, possibly NaN.
    pub value: f64,
}

/// A finite number in `0..=1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Probability(f64);

impl Probability {
    /// Impossible.
    pub const ZERO: Self = Self(0.0);
    /// Certain.
    pub const ONE: Self = Self(1.0);

    /// # Errors
    /// [`OutOfRange`] when `value` is NaN or outside `0..=1`.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if (0.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(OutOfRange { value }) }
    }

    /// The nearest probability; NaN becomes 0, since an unknown confidence is no confidence.
    pub fn saturating(value: f64) -> Self {
        if value.is_nan() { Self::ZERO } else { Self(value.clamp(0.0, 1.0)) }
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Rounded to four decimals, for logs that must be the same bytes on every machine.
    #[must_use]
    pub fn rounded(self) -> Self {
        Self((self.0 * 1e4).round() / 1e4)
    }
}

impl TryFrom<f64> for Probability {
    type Error = OutOfRange;
    fn try_from(value: f64) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl From<Probability> for f64 {
    fn from(p: Probability) -> Self {
        p.0
    }
}

#[cfg(test)]
mod tests {
    use super::Probability;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_number_saturates_into_range(x in any::<f64>()) {
            let p = Probability::saturating(x).get();
            prop_assert!((0.0..=1.0).contains(&p));
            prop_assert_eq!(Probability::new(x).is_ok(), (0.0..=1.0).contains(&x));
        }
    }

    #[test]
    fn json_refuses_what_is_out_of_range() {
        assert!(serde_json::from_str::<Probability>("1.5").is_err());
        assert_eq!(serde_json::from_str::<Probability>("0.25").map(Probability::get).ok(), Some(0.25));
    }
}
