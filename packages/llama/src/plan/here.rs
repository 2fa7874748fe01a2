//! This machine, as the kernel and llama.cpp describe it.

use super::machine::{Gpu, Machine};
use crate::backend;
use llama_cpp_sys_2 as sys;
use std::ffi::CStr;
use std::fs;

/// At least this much is left for the rest of the system.
const RESERVE: u64 = 256 << 20;

/// What this machine has and has free now. Where the kernel does not say (no `/proc`), nothing is available.
pub fn machine() -> Machine {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let ram_bytes = meminfo(&info, "MemTotal");
    let mut available_bytes = meminfo(&info, "MemAvailable");
    if let Some(left) = cgroup_left() {
        available_bytes = available_bytes.min(left);
    }
    let (gpu, is_integrated) = gpu();
    Machine {
        name: model_name(),
        is_unified: gpu.is_none() || is_integrated,
        ram_bytes,
        available_bytes,
        reserve_bytes: RESERVE.max(ram_bytes / 20).min(available_bytes),
        cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
        gpu,
    }
}

/// A line of `/proc/meminfo`, in bytes.
fn meminfo(info: &str, name: &str) -> u64 {
    let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default();
    kib * 1024
}

/// What a memory limit (cgroup v2) leaves; file pages count as free there, as they do in `MemAvailable`.
fn cgroup_left() -> Option<u64> {
    let read = |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok();
    let limit = read("memory.max")?.trim().parse::<u64>().ok()?;
    let used = read("memory.current")?.trim().parse::<u64>().ok()?;
    let stat = read("memory.stat")?;
    let file = stat.lines().find_map(|line| line.strip_prefix("file ")?.parse::<u64>().ok()).unwrap_or_default();
    Some(limit.saturating_sub(used.saturating_sub(file)))
}

/// The board's name, or the processor's.
fn model_name() -> String {
    let board = fs::read_to_string("/proc/device-tree/model").ok().map(|name| name.trim_end_matches('\0').to_owned());
    let processor = || {
        let info = fs::read_to_string("/proc/cpuinfo").ok()?;
        let line = info.lines().find_map(|line| line.strip_prefix("model name"))?;
        Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
    };
    board.or_else(processor).unwrap_or_else(|| "this machine".to_owned())
}

/// The first GPU that llama.cpp was built for, and whether it shares the machine's memory.
fn gpu() -> (Option<Gpu>, bool) {
    if backend::start().is_err() {
        return (None, false);
    }
    // SAFETY: look-ups in llama.cpp's table of devices, which is complete once the backend has started.
    let count = unsafe { sys::ggml_backend_dev_count() };
    for index in 0..count {
        let (mut free, mut total) = (0, 0);
        // SAFETY: the index is below the count; the device lives as long as the process and its name is NUL-terminated.
        let (kind, name) = unsafe {
            let device = sys::ggml_backend_dev_get(index);
            sys::ggml_backend_dev_memory(device, &raw mut free, &raw mut total);
            (sys::ggml_backend_dev_type(device), CStr::from_ptr(sys::ggml_backend_dev_name(device)).to_string_lossy().into_owned())
        };
        let is_integrated = kind == sys::GGML_BACKEND_DEVICE_TYPE_IGPU || model_name().contains("Jetson");
        if kind == sys::GGML_BACKEND_DEVICE_TYPE_GPU || kind == sys::GGML_BACKEND_DEVICE_TYPE_IGPU {
            // What an integrated GPU reports as free is not to be believed; `MemAvailable` is.
            let memory_bytes = if is_integrated { 0 } else { free as u64 };
            return (Some(Gpu { backend: name, memory_bytes, overhead_bytes: 0 }), is_integrated);
        }
    }
    (None, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_table_is_read() {
        let info = "MemTotal:       24684544 kB\nMemFree:          100 kB\nMemAvailable:   20000000 kB\n";
        assert_eq!(meminfo(info, "MemTotal"), 24_684_544 << 10);
        assert_eq!(meminfo(info, "MemAvailable"), 20_000_000 << 10);
        assert_eq!(meminfo(info, "MemNone"), 0);
        let here = machine();
        assert!(here.available_bytes <= here.ram_bytes && here.cores >= 1 && here.auto_budget_bytes() < here.ram_bytes.max(1), "{here:?}");
    }
}
