//! Tests that cross crates, one binary so that everything heavy is linked once.
#![expect(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests may panic and report")]

mod bags;
mod checkers;
mod docker;
mod edges;
