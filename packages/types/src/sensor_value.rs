//! What one sensor says beside a picture, as a value without stream or stamp: for whoever has a picture and no robot (rendered scenes,
//! training). In -> out: plain values; `vedette-fusion` words them for the prompt by the code that words live streams.
//! Deliberately absent: what a value means for safety.

/// One quantity beside a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorValue {
    /// What was measured.
    pub quantity: SensorQuantity,
    /// Picture minus measurement, seconds; negative when the measurement is the younger one.
    pub age_secs: f64,
    /// Too old to be told (`fusion.stale_horizon_secs`): the quantity is named as missing, with its age.
    pub is_stale: bool,
}

impl SensorValue {
    /// A quantity measured at the picture's own moment.
    pub const fn now(quantity: SensorQuantity) -> Self {
        Self { quantity, age_secs: 0.0, is_stale: false }
    }
}

/// What a robot's other sensors can tell.
#[derive(Clone, Debug, PartialEq)]
pub enum SensorQuantity {
    /// Concentration of a gas, parts per million by volume.
    Gas {
        /// As the sensor names it: `co`, `lpg`, `methane`.
        gas: String,
        /// Finite, not negative.
        ppm: f64,
    },
    /// Air or surface temperature, degrees Celsius.
    Temperature {
        /// Finite.
        celsius: f64,
    },
    /// Free distance by lidar or depth sensor, in three sectors of 60 degrees.
    Clearance {
        /// -30 to 30 degrees.
        ahead: FreeDistance,
        /// 30 to 90 degrees.
        left: FreeDistance,
        /// -90 to -30 degrees.
        right: FreeDistance,
    },
    /// A single-beam range finder.
    Range(FreeDistance),
    /// Odometry.
    Motion {
        /// Forward, m/s.
        speed_mps: f64,
        /// Counter-clockwise, rad/s.
        yaw_rate_radps: f64,
    },
    /// Angle between the robot's upward axis and up.
    Tilt {
        /// Radians, 0 to pi.
        rad: f64,
    },
    /// State of charge.
    Battery {
        /// 0..=1.
        charge: f64,
    },
}

/// How far it is free in a direction (REP 117).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FreeDistance {
    /// Not looked at: nothing is known.
    Unmeasured,
    /// An obstacle at this distance, metres.
    Obstacle(f64),
    /// No obstacle up to this distance, metres.
    OpenTo(f64),
}
