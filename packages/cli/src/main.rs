//! The `vedette` command: arguments in, exit code out. Each sub-command is one module; what they share is configuration, model and progress.

mod assess;
mod config;
mod demo;
mod eval;
mod interrupt;
mod model;
mod output;
mod process;
mod progress;
mod replay;
mod report;
mod run_sink;
mod session;
mod source;
mod summary;

use clap::{Parser, Subcommand};
use std::{os::unix::process::CommandExt, process::ExitCode};

/// Embodied hazard reasoning for ROS 2 robots.
#[derive(Parser)]
#[command(name = "vedette", version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Patrol a simulated building with the whole agent and write a run folder with a report
    Demo(demo::DemoArguments),
    /// Replay a rosbag2 bag (MCAP or sqlite3) through the whole agent and write a run folder
    Replay(replay::ReplayArguments),
    /// Assess pictures, one answer each
    Assess(assess::AssessArguments),
    /// Hold runs against the truth, and two runs against each other
    Eval(eval::EvalArguments),
    /// Look at a model, verify it, calibrate it
    Model(model::ModelArguments),
    /// Show every parameter with its default, range and meaning
    Params(config::ParamsArguments),
}

/// How a command ended, for the exit code.
pub(crate) enum Ending {
    /// All of it was done.
    Complete,
    /// Something could not be done and was reported.
    Partial,
    /// The user pressed Ctrl-C; what there was is written.
    Interrupted,
}

fn main() -> ExitCode {
    sleep_at_barriers();
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing_subscriber::filter::LevelFilter::WARN.into())
                .with_env_var("VEDETTE_LOG")
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        .without_time()
        .init();
    let ending = match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Assess(arguments) => assess::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Params(arguments) => config::print(&arguments),
    };
    match ending {
        Ok(Ending::Complete) => ExitCode::SUCCESS,
        Ok(Ending::Partial) => ExitCode::from(1),
        Ok(Ending::Interrupted) => ExitCode::from(130),
        Err(error) => {
            eprintln!("vedette: {}", told_once(&error));
            ExitCode::from(1)
        }
    }
}

/// The error and its causes. The libraries' messages name their cause themselves, so a cause that was said is not said again.
fn told_once(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.as_str() {
        "" => cause,
        told if told.contains(&cause) => told.to_owned(),
        told => format!("{told}: {cause}"),
    })
}

/// Starts this program again with `OMP_WAIT_POLICY=passive` where the variable is unset. libgomp reads it when it is loaded, before `main`;
/// without it llama.cpp's threads spin at barriers, and any other load on the machine turns 60 ms into seconds.
fn sleep_at_barriers() {
    const NAME: &str = "OMP_WAIT_POLICY";
    #[expect(clippy::disallowed_methods, reason = "this is about the environment of the process itself")]
    let is_set = std::env::var_os(NAME).is_some();
    if is_set {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(NAME, "passive").exec();
    eprintln!("vedette: cannot start again with {NAME}=passive, going on without: {error}");
}
