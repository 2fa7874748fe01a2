//! The machine a plan is made for: this one, or another described in a file.
//!
//! ```yaml
//! name: Jetson Orin Nano 8 GB
//! memory: unified        # or: separate
//! ram: 7.4GiB
//! available: 6.2GiB      # without the agent; default: ram
//! reserve: 0.5GiB        # left for the rest of the system
//! cores: 6
//! gpu:
//!   backend: cuda
//!   memory: 12GiB        # of its own; separate only
//!   overhead: 300MiB     # taken by driver and context
//! ```

use serde::{Deserialize, Serialize};

/// A machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Machine {
    /// What people call it.
    pub name: String,
    /// One memory for CPU and GPU.
    pub is_unified: bool,
    /// All of it, bytes.
    pub ram_bytes: u64,
    /// What is free for the agent before the reserve is taken off, bytes.
    pub available_bytes: u64,
    /// Left for the rest of the system, bytes.
    pub reserve_bytes: u64,
    /// CPU cores.
    pub cores: u64,
    /// Its GPU, where there is one that this program can use.
    pub gpu: Option<Gpu>,
}

/// A GPU.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gpu {
    /// `cuda`, `vulkan`, ...
    pub backend: String,
    /// Memory of its own, bytes; 0 on a unified machine.
    pub memory_bytes: u64,
    /// What driver and context take, bytes.
    pub overhead_bytes: u64,
}

/// A machine file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// Not YAML of the right shape.
    #[error("not a machine file: {problem}; `params/machines/` has examples")]
    Yaml {
        /// What the reader said.
        problem: String,
    },
    /// An amount that is none.
    #[error("`{key}`: `{found}` is not an amount of memory; write for example 7.4GiB, 512MiB or 4GB")]
    Amount {
        /// Where it stands.
        key: &'static str,
        /// What stands there.
        found: String,
    },
    /// Amounts that contradict each other.
    #[error("{problem}")]
    Inconsistent {
        /// What is wrong, and what to do.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MachineFile {
    name: String,
    memory: Memory,
    ram: String,
    available: Option<String>,
    reserve: String,
    cores: u64,
    gpu: Option<GpuFile>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Memory {
    Unified,
    Separate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GpuFile {
    backend: String,
    memory: Option<String>,
    overhead: Option<String>,
}

impl Machine {
    /// Reads the text of a machine file.
    ///
    /// # Errors
    /// [`MachineError`].
    pub fn from_yaml(text: &str) -> Result<Self, MachineError> {
        let file: MachineFile = serde_saphyr::from_str(text).map_err(|error| MachineError::Yaml { problem: error.to_string() })?;
        let amount = |key, text: &str| parse_bytes(text).ok_or_else(|| MachineError::Amount { key, found: text.to_owned() });
        let ram_bytes = amount("ram", &file.ram)?;
        let available_bytes = file.available.as_deref().map_or(Ok(ram_bytes), |text| amount("available", text))?;
        let reserve_bytes = amount("reserve", &file.reserve)?;
        let is_unified = file.memory == Memory::Unified;
        let inconsistent = |problem: String| Err(MachineError::Inconsistent { problem });
        if available_bytes > ram_bytes || reserve_bytes >= available_bytes {
            return inconsistent(format!(
                "reserve < available <= ram must hold, found reserve {}, available {}, ram {}",
                shown_bytes(reserve_bytes),
                shown_bytes(available_bytes),
                shown_bytes(ram_bytes)
            ));
        }
        if file.cores == 0 {
            return inconsistent("`cores` must be at least 1, found 0".to_owned());
        }
        let gpu = match file.gpu {
            None => None,
            Some(gpu) if is_unified == gpu.memory.is_some() => {
                let found = gpu.memory.unwrap_or_else(|| "none".to_owned());
                return inconsistent(format!("`gpu.memory` is given with `memory: separate` and only then, found {found}"));
            }
            Some(gpu) => Some(Gpu {
                backend: gpu.backend,
                memory_bytes: gpu.memory.as_deref().map_or(Ok(0), |text| amount("gpu.memory", text))?,
                overhead_bytes: gpu.overhead.as_deref().map_or(Ok(0), |text| amount("gpu.overhead", text))?,
            }),
        };
        Ok(Self { name: file.name, is_unified, ram_bytes, available_bytes, reserve_bytes, cores: file.cores, gpu })
    }

    /// What `auto` means here: what is available, less the reserve.
    pub fn auto_budget_bytes(&self) -> u64 {
        self.available_bytes.saturating_sub(self.reserve_bytes)
    }
}

/// `5GiB`, `512 MiB`, `4GB`, `1000000`.
pub fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(split)?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "kib" | "k" => 1024.0,
        "mib" | "m" => 1024.0 * 1024.0,
        "gib" | "g" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let bytes = number.parse::<f64>().ok()? * factor;
    (bytes.is_finite() && bytes < 1e18).then(|| bytes.round() as u64)
}

/// An amount for people.
pub fn shown_bytes(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib >= 1024.0 { format!("{:.2} GiB", mib / 1024.0) } else { format!("{mib:.1} MiB") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        for (text, bytes) in [("5GiB", 5 << 30), ("512 MiB", 512 << 20), ("4GB", 4_000_000_000), ("7.5g", 15 << 29), ("12", 12)] {
            assert_eq!(parse_bytes(text), Some(bytes), "{text}");
        }
        for text in ["", "GiB", "5 parsecs", "-1", "1.2.3", "1e999"] {
            assert_eq!(parse_bytes(text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_file_names_its_key() {
        let good = "name: a\nmemory: unified\nram: 8GB\nreserve: 1GB\ncores: 6\ngpu: {backend: cuda}\n";
        let machine = Machine::from_yaml(good).unwrap();
        assert_eq!((machine.auto_budget_bytes(), machine.is_unified), (7_000_000_000, true));
        for (from, to, words) in [
            ("8GB", "much", "`ram`: `much`"),
            ("reserve: 1GB", "reserve: 9GB", "reserve < available"),
            ("cores: 6", "cores: 0", "`cores`"),
            ("unified", "separate", "`gpu.memory`"),
            ("cores", "kernels", "kernels"),
        ] {
            let message = Machine::from_yaml(&good.replace(from, to)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
