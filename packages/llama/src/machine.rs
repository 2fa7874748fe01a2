//! What the machine says of its memory, of tasks that wait for memory, and of its temperature.
//!
//! In -> out: `/proc/meminfo`, `/proc/pressure/memory` and `/sys/class/thermal`, or other files of that form -> [`MachineReading`]. What is
//! not there or cannot be read is `None`: a desktop without thermal zones, a kernel without PSI. Deliberately absent: any judgement.

use crate::ladder::LadderParams;
use std::fs;
use std::path::PathBuf;

/// One reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MachineReading {
    /// `MemAvailable`, bytes. On unified memory this is the figure to trust; `cudaMemGetInfo` is not.
    pub available_bytes: Option<u64>,
    /// Share of the last 10 s in which some task waited for memory (PSI `some avg10`), percent.
    pub stall_percent: Option<f64>,
    /// Hottest thermal zone.
    pub celsius: Option<f64>,
}

/// Where it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineFiles {
    /// In the form of `/proc/meminfo`.
    pub meminfo: PathBuf,
    /// In the form of `/proc/pressure/memory`.
    pub memory_pressure: PathBuf,
    /// A folder of `thermal_zone*/temp`, thousandths of a degree Celsius.
    pub thermal: PathBuf,
}

impl From<&LadderParams> for MachineFiles {
    fn from(params: &LadderParams) -> Self {
        let [meminfo, memory_pressure, thermal] = [&params.meminfo, &params.memory_pressure, &params.thermal].map(PathBuf::from);
        Self { meminfo, memory_pressure, thermal }
    }
}

impl MachineFiles {
    /// Reads what there is.
    pub fn read(&self) -> MachineReading {
        MachineReading {
            available_bytes: fs::read_to_string(&self.meminfo).ok().as_deref().and_then(available_bytes),
            stall_percent: fs::read_to_string(&self.memory_pressure).ok().as_deref().and_then(stall_percent),
            celsius: self.hottest(),
        }
    }

    fn hottest(&self) -> Option<f64> {
        let zones = fs::read_dir(&self.thermal).ok()?.flatten();
        let zones = zones.filter(|entry| entry.file_name().to_string_lossy().starts_with("thermal_zone"));
        // A zone that is switched off cannot be read, or says something no machine survives.
        zones
            .filter_map(|zone| fs::read_to_string(zone.path().join("temp")).ok())
            .filter_map(|text| text.trim().parse::<f64>().ok())
            .map(|thousandths| thousandths * 1e-3)
            .filter(|celsius| (-50.0..200.0).contains(celsius))
            .max_by(f64::total_cmp)
    }
}

/// `MemAvailable:  123 kB`
fn available_bytes(meminfo: &str) -> Option<u64> {
    let rest = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// `some avg10=0.12 avg60=...`
fn stall_percent(pressure: &str) -> Option<f64> {
    let some = pressure.lines().find_map(|line| line.strip_prefix("some "))?;
    let percent: f64 = some.split_whitespace().find_map(|word| word.strip_prefix("avg10="))?.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_kernel_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = MachineFiles { meminfo: path("meminfo"), memory_pressure: path("memory"), thermal: path("thermal") };
        assert_eq!(files.read(), MachineReading::default(), "nothing is there");
        fs::write(&files.meminfo, "MemTotal:       7990000 kB\nMemFree:          80000 kB\nMemAvailable:    2097152 kB\n").unwrap();
        let line = "avg60=0.00 avg300=0.00 total=0";
        fs::write(&files.memory_pressure, format!("some avg10=12.50 {line}\nfull avg10=3.00 {line}\n")).unwrap();
        for (zone, temp) in
            [("thermal_zone0", "41500\n"), ("thermal_zone1", "62250\n"), ("thermal_zone2", "-256000\n"), ("cooling_device0", "99000")]
        {
            fs::create_dir_all(files.thermal.join(zone)).unwrap();
            fs::write(files.thermal.join(zone).join("temp"), temp).unwrap();
        }
        fs::create_dir_all(files.thermal.join("thermal_zone3")).unwrap();
        let reading = MachineReading { available_bytes: Some(2 << 30), stall_percent: Some(12.5), celsius: Some(62.25) };
        assert_eq!(files.read(), reading);
    }

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for text in ["", "MemAvailable:", "MemAvailable: x kB", "MemAvailable: 99999999999999999999 kB", "MemAvailable: 5 MB"] {
            assert_eq!(available_bytes(text), None, "{text}");
        }
        for text in ["", "some", "some avg10=", "some avg10=NaN", "some avg10=101", "full avg10=1.0"] {
            assert_eq!(stall_percent(text), None, "{text}");
        }
    }
}
