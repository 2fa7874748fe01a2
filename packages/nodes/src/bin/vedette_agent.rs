//! The program `vedette_agent`: one node, alone in its process. In -> out: command line -> exit code.

use std::process::ExitCode;
use vedette_nodes::{NodeKind, run_alone};

fn main() -> ExitCode {
    match run_alone(NodeKind::Agent) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vedette_agent: {error:#}");
            ExitCode::FAILURE
        }
    }
}
