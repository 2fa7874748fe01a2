//! The program `vedette_visualizer`: one node, alone in its process. In -> out: command line -> exit code.

use std::process::ExitCode;
use vedette_nodes::{NodeKind, run_alone};

fn main() -> ExitCode {
    match run_alone(NodeKind::Visualizer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vedette_visualizer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
