//! The program `vedette_recorder`: one node, alone in its process. In -> out: command line -> exit code.

use std::process::ExitCode;
use vedette_nodes::{NodeKind, run_alone};

fn main() -> ExitCode {
    match run_alone(NodeKind::Recorder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vedette_recorder: {error:#}");
            ExitCode::FAILURE
        }
    }
}
