//! The parameters of fusion.
//!
//! In -> out: a declaration -> the struct [`FusionParams`] with ranges, units and defaults.
//! Deliberately absent: thresholds on what is dangerous (`vedette-policy`).

vedette_params::params! {
    /// Time alignment, freshness, transforms, the change gate and the sensor context.
    pub struct FusionParams: "fusion", validate = check_heights {
        /// Largest distance between the image stamp and a matched reading; also how far a transform is held beyond its newest sample.
        max_interval_secs: f64 = 0.1, range 0.0..=5.0, unit "s";
        /// A stream is stale when its newest reading is older than this at the image stamp.
        stale_horizon_secs: f64 = 1.0, range 0.01..=60.0, unit "s";
        /// Upper bound of the stale horizon of slow quantities (gas, temperature, battery): theirs is 2.5 times the shortest
        /// period seen on the stream, at least `stale_horizon_secs`.
        slow_stale_horizon_secs: f64 = 30.0, range 0.01..=600.0, unit "s";
        /// Arrival minus stamp up to this is latency and counts as age; more, or a stamp from the future, is another clock.
        max_latency_secs: f64 = 10.0, range 0.1..=3600.0, unit "s";
        /// A stamp older than the newest of its stream by more than this is no longer out of order: the reading is dropped, and three in a
        /// row mean that the clock of the stream went back.
        jump_back_secs: f64 = 1.0, range 0.1..=60.0, unit "s";
        /// Time span kept of every reading stream.
        ring_secs: f64 = 5.0, range 0.5..=60.0, unit "s";
        /// Most readings kept of one channel.
        ring_capacity_items: i64 = 1024, range 1..=65_536;
        /// Most bytes kept of one channel; the newest reading is kept whatever its size.
        ring_capacity_bytes: i64 = 8_388_608, range 1024..=1_073_741_824, unit "B";
        /// Most streams and channels followed (one channel for each gas name or sensor frame on a topic); further ones are refused.
        max_streams: i64 = 128, range 1..=4096;
        /// Time span kept of every dynamic transform.
        tf_buffer_secs: f64 = 15.0, range 15.0..=300.0, unit "s";
        /// Most transform edges kept; further ones are refused.
        tf_max_frames: i64 = 512, range 1..=16_384;
        /// Names of the robot's base frame, best first; also tried under the prefix of the camera's frame (`robot1/`).
        base_frames: Vec<String> = ["base_link", "base_footprint"];
        /// Names of the fixed frame, best first; also tried under the prefix of the camera's frame.
        fixed_frames: Vec<String> = ["map", "odom"];
        /// Topics of the cameras. Empty takes every image topic whose name does not speak of depth, and of a raw and a compressed topic of
        /// one camera the one seen first.
        camera_topics: Vec<String> = [];
        /// Pictures with more pixels are refused before memory is taken for them.
        max_image_pixels: i64 = 9_000_000, range 1..=100_000_000, unit "px";
        /// Whether unchanged frames are skipped.
        gate_enabled: bool = true;
        /// Frames of one camera are decoded and compared at most this often: decoding every JPEG of a 30 Hz camera would take
        /// most of what the stack may use of a core. Without the gate every frame asked for is decoded.
        gate_period_millis: i64 = 100, range 0..=10_000, unit "ms";
        /// The gate opens when the last assessed frame is older than this, whatever the picture shows.
        gate_max_age_secs: f64 = 2.0, range 0.0..=600.0, unit "s";
        /// The gate opens when the mean change of the whole picture reaches this (0 to 1).
        gate_change_threshold: f64 = 0.02, range 0.0..=1.0;
        /// The gate opens when `gate_block_count` of the 32 x 24 cells of the picture changed by this (0 to 1).
        gate_block_threshold: f64 = 0.08, range 0.0..=1.0;
        /// Number of cells that have to change strongly.
        gate_block_count: i64 = 2, range 1..=768;
        /// The gate opens when a gas moved by this since the last assessed frame.
        gate_gas_change_ppm: f64 = 10.0, range 0.0..=1_000_000.0, unit "ppm";
        /// The gate opens when a temperature moved by this since the last assessed frame.
        gate_temperature_change_celsius: f64 = 2.0, range 0.0..=1000.0, unit "degC";
        /// What the sensor context tells the model.
        context_channels: Vec<String> = ["gas", "temperature", "clearance", "range", "motion", "tilt", "battery"],
            one_of ["gas", "temperature", "clearance", "range", "motion", "tilt", "battery"];
        /// Points of a cloud lower than this above the base frame are floor and no obstacle.
        clearance_min_height_m: f64 = 0.05, range -10.0..=10.0, unit "m";
        /// Points of a cloud higher than this above the base frame are out of the robot's way.
        clearance_max_height_m: f64 = 2.0, range -10.0..=100.0, unit "m";
    }
}

fn check_heights(params: &FusionParams) -> Result<(), vedette_params::ParamError> {
    let (low, high) = (params.clearance_min_height_m, params.clearance_max_height_m);
    if low < high {
        return Ok(());
    }
    Err(vedette_params::ParamError::Inconsistent {
        name: "fusion.clearance_min_height_m".to_owned(),
        rule: "must be below fusion.clearance_max_height_m".to_owned(),
        value: format!("{low} and {high}"),
        file: String::new(),
    })
}

/// `secs` in nanoseconds.
pub(crate) fn nanos(secs: f64) -> i64 {
    (secs * 1e9).round() as i64
}

/// A count from a parameter, which its range has made positive.
pub(crate) fn count(value: i64) -> usize {
    usize::try_from(value).unwrap_or(0)
}
