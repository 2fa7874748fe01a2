//! The parameters of the policy, and the rules between them.
//!
//! In -> out: a declaration -> struct, descriptors, checks.
//! Deliberately absent: what a hazard kind means (the catalogue says).

use vedette_params::ParamError;

/// The kinds that threshold alarms have by default; allowed even where a catalogue of one's own lacks them.
pub(crate) const GAS_KIND: &str = "gas_leak";
pub(crate) const TEMPERATURE_KIND: &str = "fire";
pub(crate) const RANGE_KIND: &str = "blocked_path";

vedette_params::params! {
    /// From assessments and raw readings to a decision: debounce, thresholds with hysteresis, caution when nothing is known.
    pub struct PolicyParams: "policy", validate = validate {
        /// What the robot does while the verdict is unknown.
        unknown_response: String = "slow_down", one_of ["continue", "limit", "slow_down", "stop"];
        /// How long an unknown decision counts; the state after it is unknown as well.
        unknown_valid_secs: f64 = 5.0, range 0.1..=3600.0, unit "s";
        /// An assessment or hazard of the model below this probability is unknown. Chosen for the model that comes with the program,
        /// on six patrols.
        min_confidence: f64 = 0.65, range 0.0..=1.0;
        /// Consecutive assessments of one camera with a hazard kind before it counts.
        trigger_count: i64 = 1, range 1..=100;
        /// Consecutive assessments of one camera without a hazard kind before it is released; an unknown one does not count.
        release_count: i64 = 2, range 1..=100;
        /// No judgement of the model counts longer than this after it arrived, whatever it says itself.
        max_valid_secs: f64 = 60.0, range 0.1..=3600.0, unit "s";
        /// A camera silent for longer is unknown.
        image_timeout_secs: f64 = 2.0, range 0.01..=3600.0, unit "s";
        /// A gas, temperature, range or required stream silent for longer is unknown.
        sensor_timeout_secs: f64 = 3.0, range 0.01..=3600.0, unit "s";
        /// Kinds of stream without which nothing is clear, even when none of that kind was ever heard.
        required_streams: Vec<String> = [], one_of ["scan", "points", "imu", "odom", "temperature", "range", "battery", "gas"];
        /// How long a threshold alarm counts after the reading that last confirmed it.
        alarm_valid_secs: f64 = 5.0, range 0.1..=3600.0, unit "s";
        /// Gases with a threshold, as the sensor names them in any case; `*` stands for every other gas.
        gas_names: Vec<String> = ["co", "methane", "lpg", "*"];
        /// Above this a gas raises an alarm, one figure for each of gas_names. CO: OSHA's 8 hour limit; methane, LPG: a tenth of the lower
        /// explosive limit.
        gas_trigger_ppm: Vec<f64> = [50.0, 5000.0, 2000.0, 1000.0], range 0.0..=1_000_000.0, unit "ppm";
        /// At or below this the alarm ends, one figure for each of gas_names.
        gas_release_ppm: Vec<f64> = [35.0, 4000.0, 1600.0, 800.0], range 0.0..=1_000_000.0, unit "ppm";
        /// Hazard kind of a gas alarm.
        gas_kind: String = GAS_KIND;
        /// What the robot does on a gas alarm.
        gas_response: String = "stop", one_of ["continue", "limit", "slow_down", "stop"];
        /// Above this a temperature raises an alarm; 57 degrees Celsius is where ordinary fixed heat detectors respond.
        temperature_trigger_celsius: f64 = 57.0, range -100.0..=2000.0, unit "degC";
        /// At or below this the alarm ends.
        temperature_release_celsius: f64 = 50.0, range -100.0..=2000.0, unit "degC";
        /// Hazard kind of a temperature alarm.
        temperature_kind: String = TEMPERATURE_KIND;
        /// What the robot does on a temperature alarm.
        temperature_response: String = "stop", one_of ["continue", "limit", "slow_down", "stop"];
        /// Below this distance a range finder raises an alarm.
        range_trigger_m: f64 = 0.3, range 0.0..=100.0, unit "m";
        /// At or above this distance the alarm ends.
        range_release_m: f64 = 0.45, range 0.0..=100.0, unit "m";
        /// Hazard kind of a range alarm.
        range_kind: String = RANGE_KIND;
        /// What the robot does on a range alarm.
        range_response: String = "stop", one_of ["continue", "limit", "slow_down", "stop"];
    }
}

fn validate(params: &PolicyParams) -> Result<(), ParamError> {
    let names = params.gas_names.len();
    for (name, length) in
        [("policy.gas_trigger_ppm", params.gas_trigger_ppm.len()), ("policy.gas_release_ppm", params.gas_release_ppm.len())]
    {
        if length != names {
            let rule = format!("must have one figure for each of the {names} policy.gas_names");
            return Err(ParamError::inconsistent(name, rule, &length));
        }
    }
    for (index, name) in params.gas_names.iter().enumerate() {
        let is_repeated = params.gas_names.iter().take(index).any(|other| other.eq_ignore_ascii_case(name));
        if name.trim() != name || name.is_empty() || is_repeated {
            let rule = "must be different names without blanks around them";
            return Err(ParamError::inconsistent("policy.gas_names", rule, &format!("`{name}`")));
        }
    }
    for (trigger, release) in params.gas_trigger_ppm.iter().zip(&params.gas_release_ppm) {
        below("policy.gas_release_ppm", *release, "policy.gas_trigger_ppm", *trigger)?;
    }
    let (release, trigger) = (params.temperature_release_celsius, params.temperature_trigger_celsius);
    below("policy.temperature_release_celsius", release, "policy.temperature_trigger_celsius", trigger)?;
    below("policy.range_trigger_m", params.range_trigger_m, "policy.range_release_m", params.range_release_m)
}

fn below(name: &str, value: f64, limit_name: &str, limit: f64) -> Result<(), ParamError> {
    if value < limit { Ok(()) } else { Err(ParamError::inconsistent(name, format!("must be below {limit_name}, {limit}"), &value)) }
}
