//! Parameters of the ladder, and what they call pressure and calm.

use crate::machine::MachineReading;
use vedette_params::ParamError;

vedette_params::params! {
    /// When the model runtime steps down to less, and up again. Live only: replay does not look at the machine.
    pub struct LadderParams: "ladder", validate = validate {
        /// Time between two looks at the machine.
        period_secs: f64 = 1.0, range 0.1..=60.0, unit "s";
        /// Less available memory than this is pressure.
        low_available_bytes: i64 = 268_435_456, range 0..=1_099_511_627_776, unit "bytes";
        /// At least this much available memory is calm.
        calm_available_bytes: i64 = 805_306_368, range 0..=1_099_511_627_776, unit "bytes";
        /// Tasks waiting for memory for more than this share of the last 10 s (PSI `some avg10`) is pressure.
        high_stall_percent: f64 = 20.0, range 0.0..=100.0, unit "%";
        /// At most this share is calm.
        calm_stall_percent: f64 = 5.0, range 0.0..=100.0, unit "%";
        /// The hottest thermal zone above this is pressure.
        hot_celsius: f64 = 90.0, range -50.0..=200.0, unit "degC";
        /// At most this is calm.
        cool_celsius: f64 = 80.0, range -50.0..=200.0, unit "degC";
        /// Deadlines missed in a row that are a step down.
        missed_deadlines: i64 = 3, range 1..=1000;
        /// Pressure lasts this long before a step down, and before the next one.
        down_after_secs: f64 = 2.0, range 0.0..=600.0, unit "s";
        /// Calm lasts this long before a step up.
        up_after_secs: f64 = 30.0, range 0.0..=3600.0, unit "s";
        /// Context of the rung `small_context`; one that is not below `llama.n_ctx` leaves the rung out.
        n_ctx: i64 = 1024, range 256..=131_072, unit "tokens";
        /// Text model of the rung `small_model`, a GGUF file with the same chat template; empty leaves the rung out.
        model: String = "";
        /// Its vision tower and projector.
        mmproj: String = "";
        /// Where available memory is read, in the form of `/proc/meminfo`.
        meminfo: String = "/proc/meminfo";
        /// Where waiting for memory is read, in the form of `/proc/pressure/memory`.
        memory_pressure: String = "/proc/pressure/memory";
        /// Folder of the thermal zones, `thermal_zone*/temp`.
        thermal: String = "/sys/class/thermal";
    }
}

fn validate(params: &LadderParams) -> Result<(), ParamError> {
    below(
        "ladder.low_available_bytes",
        params.low_available_bytes as f64,
        "ladder.calm_available_bytes",
        params.calm_available_bytes as f64,
    )?;
    below("ladder.calm_stall_percent", params.calm_stall_percent, "ladder.high_stall_percent", params.high_stall_percent)?;
    below("ladder.cool_celsius", params.cool_celsius, "ladder.hot_celsius", params.hot_celsius)?;
    if params.model.is_empty() == params.mmproj.is_empty() {
        Ok(())
    } else {
        Err(ParamError::inconsistent("ladder.mmproj", "must be given with ladder.model, and only with it", &params.mmproj))
    }
}

fn below(name: &str, value: f64, limit_name: &str, limit: f64) -> Result<(), ParamError> {
    if value < limit { Ok(()) } else { Err(ParamError::inconsistent(name, format!("must be below {limit_name}, {limit}"), &value)) }
}

impl LadderParams {
    /// The pressure in a reading, in words with figures.
    pub(super) fn pressure(&self, reading: &MachineReading) -> Option<String> {
        let low = u64::try_from(self.low_available_bytes).unwrap_or(0);
        if let Some(available) = reading.available_bytes.filter(|available| *available < low) {
            return Some(format!("{} MB of memory available, less than {} MB", available / 1_000_000, low / 1_000_000));
        }
        if let Some(stall) = reading.stall_percent.filter(|stall| *stall > self.high_stall_percent) {
            return Some(format!("tasks wait for memory {stall:.0} % of the time, more than {} %", self.high_stall_percent));
        }
        let hot = reading.celsius.filter(|celsius| *celsius > self.hot_celsius)?;
        Some(format!("{hot:.0} degrees Celsius, more than {}", self.hot_celsius))
    }

    /// Whether everything that could be read is on the calm side. A reading of nothing is not calm.
    pub(super) fn is_calm(&self, reading: &MachineReading) -> bool {
        let enough = u64::try_from(self.calm_available_bytes).unwrap_or(0);
        let calm = [
            reading.available_bytes.map(|available| available >= enough),
            reading.stall_percent.map(|stall| stall <= self.calm_stall_percent),
            reading.celsius.map(|celsius| celsius <= self.cool_celsius),
        ];
        calm.iter().any(Option::is_some) && calm.into_iter().flatten().all(|is_calm| is_calm)
    }
}
