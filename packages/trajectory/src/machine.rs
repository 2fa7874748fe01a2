//! The computer a run was made on, for the manifest. In -> out: `/proc` and `/etc/os-release` -> names and sizes; unknown is `None`.
//!
//! Deliberately absent: measured speed (that is `vedette bench`), host and user names.

use serde::{Deserialize, Serialize};
use std::fs;

/// The computer a run was made on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Board name, where the firmware tells one (`NVIDIA Jetson Orin Nano ...`).
    pub board: Option<String>,
    /// Processor model.
    pub cpu: Option<String>,
    /// Cores that this process may use.
    pub cores: Option<usize>,
    /// Memory, bytes.
    pub memory_bytes: Option<u64>,
    /// Operating system.
    pub os: Option<String>,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Processor architecture.
    pub arch: String,
}

impl Machine {
    /// Describes this computer.
    pub fn this() -> Self {
        let text = |path| fs::read_to_string(path).ok();
        Self {
            board: text("/proc/device-tree/model").map(|model| model.trim_end_matches(['\0', '\n']).to_owned()),
            cpu: text("/proc/cpuinfo").and_then(|info| value_of(&info, ':', &["model name", "Model", "Hardware"])),
            cores: std::thread::available_parallelism().ok().map(Into::into),
            memory_bytes: text("/proc/meminfo").as_deref().and_then(memory_bytes),
            os: text("/etc/os-release").and_then(|release| value_of(&release, '=', &["PRETTY_NAME"])),
            kernel: text("/proc/sys/kernel/osrelease").map(|release| release.trim().to_owned()),
            arch: std::env::consts::ARCH.to_owned(),
        }
    }
}

/// The value of the first of `keys` in lines of `key <separator> value`, without quotes.
fn value_of(text: &str, separator: char, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|wanted| {
        let (_, value) = text.lines().filter_map(|line| line.split_once(separator)).find(|(key, _)| key.trim() == *wanted)?;
        let value = value.trim().trim_matches('"');
        (!value.is_empty()).then(|| value.to_owned())
    })
}

fn memory_bytes(meminfo: &str) -> Option<u64> {
    let kibibytes: u64 = value_of(meminfo, ':', &["MemTotal"])?.trim_end_matches("kB").trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proc_files_of_pc_and_arm_are_read() {
        let pc = "processor\t: 0\nmodel name\t: Some CPU @ 2.40GHz\nmodel\t\t: 85\n\nprocessor\t: 1\n";
        assert_eq!(value_of(pc, ':', &["model name", "Model"]).as_deref(), Some("Some CPU @ 2.40GHz"));
        let arm = "processor\t: 0\nBogoMIPS\t: 62.50\n\nModel\t\t: Raspberry Pi 5\n";
        assert_eq!(value_of(arm, ':', &["model name", "Model"]).as_deref(), Some("Raspberry Pi 5"));
        assert_eq!(value_of("PRETTY_NAME=\"Debian 12\"\n", '=', &["PRETTY_NAME"]).as_deref(), Some("Debian 12"));
        assert_eq!(memory_bytes("MemTotal:       16384 kB\n"), Some(16_777_216));
        for odd in ["", "MemTotal:", "MemTotal: x kB", "MemTotal: 18446744073709551615 kB"] {
            assert_eq!(memory_bytes(odd), None, "{odd}");
        }
    }
}
