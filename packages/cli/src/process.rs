//! What this process used so far, from `/proc`; `None` where there is no such thing.

use std::fs;

/// Clock ticks of `/proc/self/stat` a second: `USER_HZ`, 100 on every Linux architecture.
const TICKS_PER_SEC: f64 = 100.0;

/// Processor time, user and system, seconds (fields 14 and 15 of proc_pid_stat(5)).
pub(crate) fn cpu_secs() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in parentheses and may hold anything.
    let (_, after_name) = stat.rsplit_once(')')?;
    let ticks = |field: usize| after_name.split_whitespace().nth(field - 3)?.parse::<u64>().ok();
    Some((ticks(14)? + ticks(15)?) as f64 / TICKS_PER_SEC)
}

/// Largest resident memory, bytes (`VmHWM` of proc_pid_status(5)).
pub(crate) fn peak_rss_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Memory that is resident now, bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resident {
    /// Without a file behind it.
    pub(crate) anonymous: u64,
    /// Pages of mapped files.
    pub(crate) file: u64,
}

/// `RssAnon` and `RssFile` of proc_pid_status(5). Buffers of a model stay until it is dropped, so that after an answer this is their peak.
pub(crate) fn resident() -> Option<Resident> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
    };
    Some(Resident { anonymous: of("RssAnon:")?, file: of("RssFile:")? })
}
