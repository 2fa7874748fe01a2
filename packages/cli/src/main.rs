//! The `vedette` command: arguments in, exit code out. Each sub-command is one module; what they share is configuration, model and progress.

mod assess;
mod bench;
mod config;
mod demo;
mod doctor;
mod eval;
mod interrupt;
mod judge;
#[cfg_attr(not(feature = "learn"), path = "learn_left_out.rs")]
mod learn;
#[cfg_attr(not(feature = "ros"), path = "live_left_out.rs")]
mod live;
mod model;
mod output;
mod patrol;
mod plan;
mod process;
mod progress;
mod replay;
mod report;
mod run_sink;
mod scenes;
mod session;
mod simulated;
mod source;
mod summary;

use clap::{Parser, Subcommand};
use std::{os::unix::process::CommandExt, process::ExitCode};
use vedette_llama::{LlamaError, plan::PlanError};

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
    /// Hold a model or runs against the truth: labelled pictures, rendered scenes, patrols, run folders
    Eval(Box<eval::EvalArguments>),
    /// Train the small model that the project ships
    #[cfg_attr(feature = "learn", command(subcommand))]
    Learn(learn::LearnCommand),
    /// Look at a model, verify it, calibrate it
    Model(model::ModelArguments),
    /// Measure what a model costs here: time, memory, energy, accuracy; cold and warm, over settings
    Bench(Box<bench::BenchArguments>),
    /// Is this machine fit to run the agent? Machine, clock, disk, model files, memory, self-test; exit code 1 on a failure
    Doctor(doctor::DoctorArguments),
    /// How much memory a model takes, and the settings that fit a budget; exit code 3 where nothing fits
    Plan(plan::PlanArguments),
    /// Labelled scenes that models learn from and are judged on
    Scenes(scenes::ScenesArguments),
    /// The simulated robot live on ROS 2 topics: sensors out, cmd_vel and speed_limit in
    Sim(live::SimArguments),
    /// Several nodes in one process, live on ROS 2 topics; with --sim on the simulated robot
    Up(live::UpArguments),
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
    start_again_with_environment();
    let arguments = Arguments::parse();
    // Nodes log as ROS 2 says, to /rosout too.
    if !matches!(arguments.command, Command::Sim(_) | Command::Up(_)) {
        start_logging();
    }
    let ending = match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Assess(arguments) => assess::run(&arguments),
        Command::Learn(command) => learn::run(&command),
        Command::Model(arguments) => model::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Scenes(arguments) => scenes::run(&arguments),
        Command::Sim(arguments) => live::simulate(&arguments),
        Command::Up(arguments) => live::compose(&arguments),
        Command::Params(arguments) => config::print(&arguments),
    };
    match ending {
        Ok(Ending::Complete) => ExitCode::SUCCESS,
        Ok(Ending::Partial) => ExitCode::from(1),
        Ok(Ending::Interrupted) => ExitCode::from(130),
        Err(error) => {
            eprintln!("vedette: {}", told_once(&error));
            ExitCode::from(if is_too_large(&error) { 3 } else { 1 })
        }
    }
}

fn start_logging() {
    let mut filter = tracing_subscriber::EnvFilter::builder()
        .with_default_directive(tracing_subscriber::filter::LevelFilter::WARN.into())
        .with_env_var("VEDETTE_LOG")
        .from_env_lossy();
    // Rows of decisions and of the pictures before them take turns: `re_chunk` says at length that they are not in the order of `image_time`.
    if let Ok(quiet) = "re_chunk=error".parse() {
        filter = filter.add_directive(quiet);
    }
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
}

/// Whether the model does not fit into the memory it may take.
fn is_too_large(error: &anyhow::Error) -> bool {
    let is_plan = |error: &PlanError| matches!(error, PlanError::TooLarge { .. });
    error.chain().any(|cause| {
        cause.downcast_ref::<PlanError>().is_some_and(is_plan)
            || matches!(cause.downcast_ref::<LlamaError>(), Some(LlamaError::Plan(error)) if is_plan(error))
    })
}

/// The error and its causes. The libraries' messages name their cause themselves, so a cause that was said is not said again.
fn told_once(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.as_str() {
        "" => cause,
        told if told.contains(&cause) => told.to_owned(),
        told => format!("{told}: {cause}"),
    })
}

/// Starts this program again with the environment that the libraries read before `main` begins or once for all, where it is not set.
fn start_again_with_environment() {
    // Read by libgomp when it is loaded: without it llama.cpp's threads spin at barriers, and any other load turns 60 ms into seconds.
    let mut wanted = vec![("OMP_WAIT_POLICY", "passive")];
    if std::env::args_os().nth(1).is_some_and(|command| command == "learn") {
        wanted.extend([
            // Candle: the trainer has threads of its own.
            ("RAYON_NUM_THREADS", "1"),
            // glibc: buffers of a few megabytes come and go thousands of times a second; giving each back to the kernel costs a fifth of the time.
            ("MALLOC_ARENA_MAX", "1"),
            ("MALLOC_MMAP_THRESHOLD_", "33554432"),
            ("MALLOC_TRIM_THRESHOLD_", "8589934592"),
        ]);
    }
    #[expect(clippy::disallowed_methods, reason = "this is about the environment of the process itself")]
    wanted.retain(|(name, _)| std::env::var_os(name).is_none());
    if wanted.is_empty() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).envs(wanted).exec();
    eprintln!("vedette: cannot start again with the environment that its libraries want, going on without: {error}");
}
