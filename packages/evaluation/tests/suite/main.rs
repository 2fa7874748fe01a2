//! Tests of evaluation: small scenes with figures worked out by hand, properties under any input, the report as text and as HTML.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests may panic and say what they skip")]

mod scene;

mod truth;
mod matching;
mod metrics;
mod compare;
mod moments;
mod run_folder;
mod samples;
mod patrols;
mod windows;
mod report;
