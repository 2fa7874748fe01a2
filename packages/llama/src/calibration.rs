//! Verdict probabilities that mean what they say: of the answers given with 0.8, four in five should be right. A small network is surer than
//! it may be, so its raw probabilities are scaled by figures fitted on labelled answers.
//!
//! In -> out: a calibration file for one model -> raw probabilities become calibrated ones; labelled answers -> the file. The most probable
//! raw verdict stays what the answer's text says. Deliberately absent: making labelled answers.
//!
//! The method is vector scaling (Guo et al.: On Calibration of Modern Neural Networks, ICML 2017, section 4.2) with one slope for all:
//! `p_i ~ softmax(slope * ln(p_i) + offset_i)`.

mod figures;
mod fit;

pub use figures::Figures;
pub use fit::{FitError, fit};

use serde::{Deserialize, Serialize};
use vedette_types::{Probability, Sha256, Verdict, VerdictProbabilities};

/// The verdicts in the order of [`Calibration::offsets`].
const VERDICTS: [Verdict; 3] = [Verdict::Hazard, Verdict::Clear, Verdict::Unknown];

/// Raw probabilities below this count as this: the logarithm of 0 has no bound.
const FLOOR: f64 = 1e-6;

/// How the figures of a [`Calibration`] are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// `p_i ~ softmax(slope * ln(p_i) + offset_i)`.
    VectorScaling,
}

/// What is added to the scaled logarithm of each verdict's probability. Only differences matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offsets {
    /// Of `hazard`.
    pub hazard: f64,
    /// Of `clear`.
    pub clear: f64,
    /// Of `unknown`.
    pub unknown: f64,
}

/// A calibration file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The model it belongs to: hash over model and mmproj.
    pub model_sha256: Sha256,
    /// How the figures are applied.
    pub method: Method,
    /// Factor on the logarithms, > 0: below 1 makes the model less sure.
    pub slope: f64,
    /// Shift of each verdict.
    pub offsets: Offsets,
    /// What it was fitted on, for people.
    pub fitted_on: String,
    /// Labelled answers it was fitted on.
    pub samples: usize,
    /// Figures of the raw probabilities.
    pub before: Figures,
    /// Figures of the calibrated ones, each answer judged by a fit that had not seen it.
    pub after: Figures,
}

/// One answer whose right verdict is known. A line of the file that `vedette model calibrate` reads.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// What the model gave, raw.
    pub probabilities: VerdictProbabilities,
    /// What was right.
    pub verdict: Verdict,
}

/// A calibration file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// Not JSON of the right shape.
    #[error("not a calibration file: {0}")]
    Json(#[from] serde_json::Error),
    /// Figures that no fit gives.
    #[error("the slope must be a positive number and the offsets numbers, found slope {slope} and {offsets:?}; fit it again")]
    Figures {
        /// Slope found.
        slope: f64,
        /// Offsets found.
        offsets: Offsets,
    },
    /// It belongs to another model.
    #[error("it was fitted for model {fitted}, and this one is {found}; fit one for this model with `vedette model calibrate`")]
    OtherModel {
        /// The model it belongs to.
        fitted: Sha256,
        /// The model at hand.
        found: Sha256,
    },
}

impl Calibration {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`CalibrationError::Json`], [`CalibrationError::Figures`].
    pub fn from_json(text: &str) -> Result<Self, CalibrationError> {
        let read: Self = serde_json::from_str(text)?;
        let offsets = [read.offsets.hazard, read.offsets.clear, read.offsets.unknown];
        if read.slope.is_finite() && read.slope > 0.0 && offsets.iter().all(|offset| offset.is_finite()) {
            Ok(read)
        } else {
            Err(CalibrationError::Figures { slope: read.slope, offsets: read.offsets })
        }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// [`CalibrationError::Json`], which no fitted value causes.
    pub fn to_json(&self) -> Result<String, CalibrationError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// This calibration, if it belongs to `model`.
    ///
    /// # Errors
    /// [`CalibrationError::OtherModel`].
    pub fn for_model(self, model: Sha256) -> Result<Self, CalibrationError> {
        if self.model_sha256 == model { Ok(self) } else { Err(CalibrationError::OtherModel { fitted: self.model_sha256, found: model }) }
    }

    /// Calibrated probabilities.
    pub fn apply(&self, raw: VerdictProbabilities) -> VerdictProbabilities {
        let Offsets { hazard, clear, unknown } = self.offsets;
        let [hazard, clear, unknown] = scaled(self.slope, [hazard, clear, unknown], logarithms(&raw)).map(Probability::saturating);
        VerdictProbabilities { hazard, clear, unknown }
    }
}

fn logarithms(raw: &VerdictProbabilities) -> [f64; 3] {
    VERDICTS.map(|verdict| raw.of(verdict).get().max(FLOOR).ln())
}

/// `softmax(slope * logarithms + offsets)`.
fn scaled(slope: f64, offsets: [f64; 3], logarithms: [f64; 3]) -> [f64; 3] {
    let [a, b, c] = logarithms;
    let [x, y, z] = offsets;
    let scores = [slope * a + x, slope * b + y, slope * c + z];
    let highest = scores.iter().fold(f64::NEG_INFINITY, |highest, score| highest.max(*score));
    let weights = scores.map(|score| (score - highest).exp());
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calibration(slope: f64, offsets: [f64; 3]) -> Calibration {
        let [hazard, clear, unknown] = offsets;
        Calibration {
            model_sha256: Sha256([7; 32]),
            method: Method::VectorScaling,
            slope,
            offsets: Offsets { hazard, clear, unknown },
            fitted_on: "a test".to_owned(),
            samples: 100,
            before: Figures::default(),
            after: Figures::default(),
        }
    }

    fn probabilities(hazard: f64, clear: f64) -> VerdictProbabilities {
        let [hazard, clear, unknown] = [hazard, clear, 1.0 - hazard - clear].map(Probability::saturating);
        VerdictProbabilities { hazard, clear, unknown }
    }

    #[test]
    fn slope_1_without_offsets_changes_nothing() {
        let raw = probabilities(0.7, 0.2);
        let same = calibration(1.0, [0.0; 3]).apply(raw);
        for verdict in VERDICTS {
            assert!((same.of(verdict).get() - raw.of(verdict).get()).abs() < 1e-12);
        }
    }

    #[test]
    fn half_the_slope_is_the_square_root() {
        // 0.81 : 0.09 : 0.10 becomes 0.9 : 0.3 : sqrt(0.1).
        let made = calibration(0.5, [0.0; 3]).apply(probabilities(0.81, 0.09));
        let sum = 0.9 + 0.3 + 0.1_f64.sqrt();
        assert!((made.hazard.get() - 0.9 / sum).abs() < 1e-9 && (made.clear.get() - 0.3 / sum).abs() < 1e-9, "{made:?}");
        // An offset of ln 2 doubles the odds.
        let made = calibration(1.0, [2.0_f64.ln(), 0.0, 0.0]).apply(probabilities(0.5, 0.5));
        assert!((made.hazard.get() - 2.0 / 3.0).abs() < 1e-5, "{made:?}");
    }

    #[test]
    fn a_file_is_read_back_and_a_wrong_one_refused() {
        let written = calibration(0.4, [0.1, -0.2, 0.0]);
        let text = written.to_json().unwrap();
        assert_eq!(Calibration::from_json(&text).unwrap(), written);
        assert!(text.contains(r#""method": "vector_scaling""#), "{text}");
        for wrong in ["", "{}", &text.replace("0.4", "-0.4"), &text.replace("0.4", "1e999"), &text.replace("slope", "slop")] {
            assert!(Calibration::from_json(wrong).is_err(), "{wrong}");
        }
        assert!(written.clone().for_model(Sha256([7; 32])).is_ok());
        let message = written.for_model(Sha256([8; 32])).unwrap_err().to_string();
        assert!(message.contains("0707") && message.contains("0808"), "{message}");
    }

    proptest! {
        #[test]
        fn what_comes_out_is_a_distribution(slope in 0.01_f64..20.0, offsets in prop::array::uniform3(-30.0_f64..30.0), hazard in 0.0_f64..=1.0, clear in 0.0_f64..=1.0) {
            let made = calibration(slope, offsets).apply(probabilities(hazard, clear * (1.0 - hazard)));
            let sum: f64 = VERDICTS.map(|verdict| made.of(verdict).get()).iter().sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{made:?}");
        }
    }
}
