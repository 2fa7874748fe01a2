//! Runs the built binary.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The binary with a cache folder of its own, shared by the tests of one build: the pair that comes with it is
/// written once.
pub(crate) fn command() -> Command {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    std::fs::create_dir_all(&cache).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_vedette"));
    command.env("XDG_CACHE_HOME", cache);
    command
}

/// What a run printed and how it ended.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

pub(crate) fn run(arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = command().args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { stdout: text(stdout), stderr: text(stderr), code: status.code() }
}

impl Ran {
    /// The run succeeded.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The run failed, without a panic, and its message has all these words.
    pub(crate) fn fails_with(self, words: &[&str]) {
        assert!(self.code.is_some_and(|code| code == 1 || code == 2), "ended with {:?}: {}", self.code, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing in:\n{}", self.stderr);
        }
    }

    /// The table at the end has all these words.
    pub(crate) fn shows(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stdout.contains(word), "`{word}` is missing in:\n{}", self.stdout);
        }
        self
    }
}

/// What the tables call the pair that comes with the program.
pub(crate) fn training_word() -> &'static str {
    if vedette_llama::shipped::is_there() { "trained" } else { "UNTRAINED" }
}

/// `path` as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The lines of a JSON lines file.
pub(crate) fn json_lines(path: PathBuf) -> Vec<serde_json::Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
