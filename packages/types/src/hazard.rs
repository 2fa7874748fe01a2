//! One danger in the world. Kinds are data (`params/hazards.yaml`), not an enum: a laboratory adds its own without touching code.

use crate::{Probability, Stamp};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The name of a hazard kind: lower-case words joined by underscores, as in `params/hazards.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindId(Arc<str>);

impl KindId {
    /// A kind named `name`.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives a fieldless enum its words: `ALL`, `word()`, `Display`, `FromStr`.
macro_rules! words {
    ($name:ident, $what:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in files, messages and prompts.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::decision::UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::decision::UnknownName { what: $what, name: text.to_owned(), known: &[$($word),+] }),
                }
            }
        }
    };
}
pub(crate) use words;

/// How much harm is to be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a note.
    Low,
    /// Worth slowing down.
    Medium,
    /// Harm to people or the robot is likely.
    High,
}
words!(Severity, "severity", Low = "low", Medium = "medium", High = "high");

/// Horizontal direction in the image, five equal parts of the field of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BearingSector {
    /// Left-most fifth.
    FarLeft,
    /// Second fifth from the left.
    Left,
    /// Middle fifth.
    Ahead,
    /// Fourth fifth.
    Right,
    /// Right-most fifth.
    FarRight,
}
words!(BearingSector, "bearing", FarLeft = "far_left", Left = "left", Ahead = "ahead", Right = "right", FarRight = "far_right");

impl BearingSector {
    /// Bearing of the sector's middle, radians about the camera's vertical axis, counter-clockwise positive (left is positive, REP 103).
    /// The image plane is cut into five equal parts: the middle of part `i` lies at `u = (i - 2) / 5` of the width from the centre, so its
    /// bearing is `-atan(2 u tan(fov / 2))`.
    pub fn bearing_rad(self, horizontal_fov_rad: f64) -> f64 {
        let u = (self as usize as f64 - 2.0) / 5.0;
        // `0.0 -` and not unary minus: the middle sector must print as 0, not as -0.
        0.0 - (2.0 * u * (horizontal_fov_rad / 2.0).tan()).atan()
    }
}

/// Distance in three bands, because that is what a monocular model can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeBand {
    /// Below 2 m.
    Near,
    /// 2 m to below 5 m.
    Middle,
    /// 5 m and more.
    Far,
}
words!(RangeBand, "range", Near = "near", Middle = "middle", Far = "far");

impl RangeBand {
    /// The band that `range_m` falls into.
    pub fn containing(range_m: f64) -> Self {
        if range_m < 2.0 {
            Self::Near
        } else if range_m < 5.0 {
            Self::Middle
        } else {
            Self::Far
        }
    }

    /// The figure that stands for the band where one number is wanted, metres: its middle, and 7.5 m for the open band.
    pub const fn representative_m(self) -> f64 {
        match self {
            Self::Near => 1.0,
            Self::Middle => 3.5,
            Self::Far => 7.5,
        }
    }
}

/// The word in place of a direction or a distance that is not known: the hazard is out of the picture, and a gas sensor or a thermometer tells of it.
pub const UNKNOWN_PLACE: &str = "unknown";

/// One danger, as judged from one observation or found by a threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hazard {
    /// What it is.
    pub kind: KindId,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Probability,
    /// Direction from the camera, radians, left positive; `None` when the source has no direction (a gas sensor, or a model that knows of it from one).
    pub bearing_rad: Option<f64>,
    /// Distance, metres; `None` when unknown.
    pub range_m: Option<f64>,
    /// Position in a fixed frame, metres, where the pose of the camera at the image stamp was known.
    pub position_m: Option<(crate::FrameId, [f64; 3])>,
    /// When this judgement stops counting.
    pub valid_until: Stamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[test]
    fn sectors_are_symmetric_and_left_is_positive() {
        let fov = 1.2;
        let left = BearingSector::Left.bearing_rad(fov);
        assert!(left > 0.0 && BearingSector::FarLeft.bearing_rad(fov) > left);
        assert_eq!(left, -BearingSector::Right.bearing_rad(fov));
        assert!(BearingSector::Ahead.bearing_rad(fov).is_sign_positive());
        assert!(BearingSector::FarLeft.bearing_rad(fov) < fov / 2.0);
    }

    #[test]
    fn words_come_back() {
        for s in Severity::ALL {
            assert_eq!(Severity::from_str(s.word()).as_ref(), Ok(s));
        }
        for band in RangeBand::ALL {
            assert_eq!(RangeBand::containing(band.representative_m()), *band);
        }
        let error = Severity::from_str("awful").expect_err("not a severity").to_string();
        assert_eq!(error, "unknown severity `awful`: one of low, medium, high");
    }
}
