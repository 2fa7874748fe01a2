//! Where the independent readers and writers are, which `tests/checkers/setup.sh` installs below the target directory. Without them the tests
//! that need them say so and return.

use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    // Test binaries lie in <target>/<profile>/deps.
    let binary = std::env::current_exe().expect("the test binary has a path");
    let target = binary.ancestors().nth(3).unwrap_or(Path::new("target"));
    target.join("checkers")
}

fn found(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there; run tests/checkers/setup.sh", path.display());
    None
}

/// The Python with `rosbags`, `mcap-ros2-support` and `rerun-sdk`.
#[allow(dead_code, reason = "the tests of the command line include this file for it; the bags are read by the tests of `suite`")]
pub(crate) fn python() -> Option<PathBuf> {
    found(folder().join("venv/bin/python"))
}

/// The bags that `write_bags.py` wrote, with its `expected.json`.
#[allow(dead_code, reason = "as above: the tests of `suite` need it")]
pub(crate) fn bags() -> Option<PathBuf> {
    found(folder().join("bags"))
}
