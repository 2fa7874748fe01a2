//! The command as a user meets it: the built binary, real llama.cpp with the pair that comes with the program, bags written here.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests may panic and report")]

mod aarch64;
mod bad_input;
mod bag;
#[path = "../../../../tests/tests/suite/checkers.rs"]
mod checkers;
mod demo;
mod eval;
#[cfg(feature = "learn")]
mod learn;
mod live;
mod memory;
mod model;
mod parameters;
mod replay;
mod report;
mod vedette;
