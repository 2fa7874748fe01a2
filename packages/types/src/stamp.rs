//! Points in time. A [`Stamp`] is nanoseconds since the Unix epoch (or since the start of simulated time); differences are
//! signed nanoseconds. There is no `now()`: time is an argument.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A point in time, nanoseconds since the epoch of whichever clock stamped the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(i64);

impl Stamp {
    /// A stamp from nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// A stamp from a ROS `builtin_interfaces/Time` (`sec`, `nanosec`); `nanosec` may exceed one second and then carries.
    pub const fn from_ros(sec: i32, nanosec: u32) -> Self {
        Self(sec as i64 * 1_000_000_000 + nanosec as i64)
    }

    /// Nanoseconds since the epoch.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Seconds since the epoch, for display and plots only: 64-bit floats resolve about 0.2 us of a present-day stamp.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 * 1e-9
    }

    /// `self - earlier` in nanoseconds, negative when `self` is the earlier one; saturates.
    pub const fn nanos_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// `self - earlier` in seconds, negative when `self` is the earlier one.
    pub fn secs_since(self, earlier: Self) -> f64 {
        self.nanos_since(earlier) as f64 * 1e-9
    }

    /// `self + nanos`, saturating.
    #[must_use]
    pub const fn plus_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// `self + millis`, saturating.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        self.plus_nanos(millis.saturating_mul(1_000_000))
    }

    /// `self + secs`, rounded to nanoseconds, saturating; NaN counts as zero.
    #[must_use]
    pub fn plus_secs(self, secs: f64) -> Self {
        // `as` saturates and maps NaN to 0, which is what the doc comment promises.
        self.plus_nanos((secs * 1e9).round() as i64)
    }
}

impl fmt::Display for Stamp {
    /// Seconds with nine decimals: `1700000000.033366700`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn differences_are_signed_and_saturate() {
        let early = Stamp::from_nanos(1_000);
        let late = Stamp::from_ros(1, 5);
        assert_eq!(late.nanos_since(early), 999_999_005);
        assert_eq!(early.nanos_since(late), -999_999_005);
        assert_eq!(Stamp::from_nanos(i64::MIN).nanos_since(Stamp::from_nanos(1)), i64::MIN);
        assert_eq!(early.plus_secs(f64::NAN), early);
        assert_eq!(early.plus_secs(f64::INFINITY).nanos(), i64::MAX);
    }

    #[test]
    fn display_has_nine_decimals() {
        assert_eq!(Stamp::from_ros(1_700_000_000, 33_366_700).to_string(), "1700000000.033366700");
        assert_eq!(Stamp::from_nanos(-1).to_string(), "-0.000000001");
    }
}
