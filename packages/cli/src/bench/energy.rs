//! Energy between two moments, where the machine tells it: RAPL counters on a PC, INA3221 sensors on a Jetson. Otherwise it is not measurable
//! here, and no number is made up.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// A measurement that has begun.
pub(super) enum Energy {
    /// Counters in microjoules and where they began.
    Counters(Vec<(PathBuf, u64)>),
    /// A thread that sums up power.
    Sensors(Arc<AtomicBool>, JoinHandle<f64>),
    /// Nothing tells.
    Unknown,
}

impl Energy {
    pub(super) fn start() -> Self {
        let packages = children(Path::new("/sys/class/powercap"), |name| name.starts_with("intel-rapl:") && name.matches(':').count() == 1);
        let counters: Vec<_> =
            packages.into_iter().map(|path| path.join("energy_uj")).filter_map(|path| Some((path.clone(), number(&path)?))).collect();
        if !counters.is_empty() {
            return Self::Counters(counters);
        }
        let rails = rails();
        if rails.is_empty() {
            return Self::Unknown;
        }
        let is_over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_over);
        let thread = std::thread::Builder::new().name("power".to_owned()).spawn(move || integrate(&rails, &told));
        thread.map_or(Self::Unknown, |thread| Self::Sensors(is_over, thread))
    }

    /// Joules since the start. A counter that ran over tells nothing.
    pub(super) fn joules(self) -> Option<f64> {
        match self {
            Self::Unknown => None,
            Self::Counters(counters) => counters.iter().map(|(path, before)| Some(number(path)?.checked_sub(*before)? as f64 * 1e-6)).sum(),
            Self::Sensors(is_over, thread) => {
                is_over.store(true, Ordering::Relaxed);
                thread.join().ok()
            }
        }
    }
}

/// Voltage and current of the first rail of each INA3221, the board's input: millivolts and milliamperes.
fn rails() -> Vec<(PathBuf, PathBuf)> {
    let monitors = children(Path::new("/sys/class/hwmon"), |_| true);
    let is_ina3221 = |path: &PathBuf| fs::read_to_string(path.join("name")).is_ok_and(|name| name.trim() == "ina3221");
    let rail = |path: PathBuf| (path.join("in1_input"), path.join("curr1_input"));
    monitors
        .into_iter()
        .filter(is_ina3221)
        .map(rail)
        .filter(|(volts, amperes)| number(volts).is_some() && number(amperes).is_some())
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn integrate(rails: &[(PathBuf, PathBuf)], is_over: &AtomicBool) -> f64 {
    let (mut joules, mut last) = (0.0, Instant::now());
    while !is_over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(20));
        let watts: f64 = rails.iter().filter_map(|(volts, amperes)| Some(number(volts)? as f64 * number(amperes)? as f64 * 1e-6)).sum();
        joules += watts * last.elapsed().as_secs_f64();
        last = Instant::now();
    }
    joules
}

/// The power mode: on a Jetson the one of nvpmodel, with its name; elsewhere the governor of the first core's frequency. `root` is `/`.
pub(super) fn power_mode(root: &Path) -> Option<String> {
    let governor = || fs::read_to_string(root.join("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")).ok();
    nvpmodel(root).or_else(|| Some(format!("governor {}", governor()?.trim())))
}

/// `pmode:0002` in what nvpmodel keeps, and its name in `< POWER_MODEL ID=2 NAME=MAXN_SUPER >`.
fn nvpmodel(root: &Path) -> Option<String> {
    let status = fs::read_to_string(root.join("var/lib/nvpmodel/status")).ok()?;
    let id: u32 = status.trim().strip_prefix("pmode:")?.parse().ok()?;
    let catalogue = fs::read_to_string(root.join("etc/nvpmodel.conf")).unwrap_or_default();
    let word = |line: &str, key: &str| line.split_whitespace().find_map(|word| word.strip_prefix(key).map(str::to_owned));
    let is_it = |line: &&str| line.contains("POWER_MODEL") && word(line, "ID=").and_then(|id| id.parse().ok()) == Some(id);
    let name = catalogue.lines().find(is_it).and_then(|line| word(line, "NAME="));
    Some(format!("nvpmodel {id}{}", name.map_or_else(String::new, |name| format!(", {name}"))))
}

fn children(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.filter(|entry| wanted(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_power_mode_is_that_of_the_board_or_the_governor() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(power_mode(root), None);
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "schedutil\n");
        assert_eq!(power_mode(root).as_deref(), Some("governor schedutil"));
        write("var/lib/nvpmodel/status", "pmode:0002\n");
        assert_eq!(power_mode(root).as_deref(), Some("nvpmodel 2"));
        write("etc/nvpmodel.conf", "< POWER_MODEL ID=0 NAME=15W >\nCPU_ONLINE CORE_0 1\n< POWER_MODEL ID=2 NAME=MAXN_SUPER >\n");
        assert_eq!(power_mode(root).as_deref(), Some("nvpmodel 2, MAXN_SUPER"));
    }
}
