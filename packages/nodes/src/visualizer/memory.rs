//! Memory of the programs of this system on this machine. In -> out: `/proc` -> resident bytes of every process whose program is called
//! `vedette...`, and what the machine has left. A process that ends while it is looked at is left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Processes that are followed; more are left out.
const MAX_PROCESSES: usize = 64;

/// Where the kernel says it.
pub(super) struct Memory(PathBuf);

impl Memory {
    pub(super) fn of_this_machine() -> Self {
        Self(PathBuf::from("/proc"))
    }

    /// Resident bytes by program; those of several processes of one program are added up.
    pub(super) fn resident(&self) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        let Ok(entries) = fs::read_dir(&self.0) else { return sums };
        let processes = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_process(path));
        for (program, bytes) in processes.filter_map(|path| Some((program(&path)?, kibibytes(&path.join("status"), "VmRSS:")?))) {
            if sums.len() < MAX_PROCESSES || sums.contains_key(&program) {
                *sums.entry(program).or_default() += bytes * 1024;
            }
        }
        sums
    }

    /// Bytes that new work can have without swapping.
    pub(super) fn available(&self) -> Option<u64> {
        Some(kibibytes(&self.0.join("meminfo"), "MemAvailable:")? * 1024)
    }
}

fn is_process(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().iter().all(u8::is_ascii_digit))
}

/// The name of the program where it is one of ours.
fn program(process: &Path) -> Option<String> {
    let command = fs::read(process.join("cmdline")).ok()?;
    let path = command.split(|byte| *byte == 0).next()?;
    let name = Path::new(std::str::from_utf8(path).ok()?).file_name()?.to_str()?;
    name.starts_with("vedette").then(|| name.to_owned())
}

/// The number in the line that begins with `label`.
fn kibibytes(file: &Path, label: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_this_system_are_found_and_nothing_else() {
        let folder = tempfile::tempdir().expect("folder");
        let process = |number: &str, command: &[u8], status: &str| {
            let path = folder.path().join(number);
            fs::create_dir(&path).expect("made");
            fs::write(path.join("cmdline"), command).expect("written");
            fs::write(path.join("status"), status).expect("written");
        };
        process("12", b"/opt/lib/vedette_agent\0--ros-args\0", "Name:\tvedette_agent\nVmRSS:\t  100 kB\n");
        process("13", b"vedette_agent\0", "VmRSS:\t 20 kB\n");
        process("14", b"vedette_guardian\0", "Name: a kernel thread says no VmRSS\n");
        process("15", b"/usr/bin/vi\0/vedette_recorder\0", "VmRSS:\t 7 kB\n");
        process("16", b"\xff\0", "VmRSS:\t 7 kB\n");
        process("self", b"vedette_sim\0", "VmRSS:\t 7 kB\n");
        fs::create_dir(folder.path().join("17")).expect("a process that is gone");
        fs::write(folder.path().join("meminfo"), "MemTotal: 9 kB\nMemAvailable:    5 kB\n").expect("written");
        let memory = Memory(folder.path().to_owned());
        assert_eq!(memory.resident(), BTreeMap::from([("vedette_agent".to_owned(), 120 * 1024)]));
        assert_eq!(memory.available(), Some(5 * 1024));
        assert!(Memory(folder.path().join("nothing")).resident().is_empty());
    }
}
