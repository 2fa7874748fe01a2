//! `vedette sim` and `vedette up`: live on ROS 2 topics. In -> out: command line -> nodes that run until they are stopped, or until the patrol
//! is over. Behind the feature `ros`, because a demo or a replay needs no network.

mod sim;
mod supervise;

use crate::{Ending, patrol::PatrolArguments};
use anyhow::{Result, ensure};
use clap::{Args, builder::PossibleValuesParser};
use sim::{Pictures, Setup, SimNode};
use std::path::PathBuf;
use supervise::Part;
use vedette_nodes::{NodeKind, Program};
use vedette_ros::{ParameterSource, RosArgs, Setting};

/// Arguments of `vedette sim`.
#[derive(Args, Clone, Debug)]
pub(crate) struct SimArguments {
    #[command(flatten)]
    patrol: PatrolArguments,
    #[command(flatten)]
    showing: Showing,
    /// Publish /clock and stamp everything in simulated time; the nodes then need use_sim_time. Without it stamps are the system's time
    #[arg(long)]
    clock: bool,
    #[command(flatten)]
    ros: RosOptions,
}

/// Arguments of `vedette up`.
#[derive(Args, Clone, Debug)]
#[command(mut_group("Showing", |group| group.requires("sim")), mut_group("PatrolArguments", |group| group.requires("sim")))]
pub(crate) struct UpArguments {
    /// Nodes to run [default: all]
    #[arg(value_name = "NODE", value_parser = PossibleValuesParser::new(NodeKind::ALL.iter().map(|kind| word(*kind))))]
    nodes: Vec<String>,
    /// With the simulated robot; all nodes then follow its clock
    #[arg(long)]
    sim: bool,
    /// Hazard kinds instead of the six built-in ones
    #[arg(long, value_name = "FILE")]
    hazards: Option<PathBuf>,
    #[command(flatten)]
    patrol: PatrolArguments,
    #[command(flatten)]
    showing: Showing,
    #[command(flatten)]
    ros: RosOptions,
}

/// How the patrol is shown.
#[derive(Args, Clone, Debug)]
struct Showing {
    /// Simulated seconds a second, 0.05 to 20; other than 1 only in simulated time
    #[arg(long, default_value_t = 1.0, value_parser = rate)]
    rate: f64,
    /// Form of the pictures
    #[arg(long, value_enum, default_value_t = Pictures::Both)]
    pictures: Pictures,
}

/// What ROS 2 is told.
#[derive(Args, Clone, Debug)]
struct RosOptions {
    /// All that follows is for ROS 2, up to `--`: -r FROM:=TO, -p NAME:=VALUE, --params-file FILE, --log-level LEVEL
    #[arg(long = "ros-args", num_args = 0.., allow_hyphen_values = true, value_terminator = "--", value_name = "ARG")]
    ros_args: Vec<String>,
}

impl RosOptions {
    fn read(&self) -> Result<RosArgs> {
        let words = std::iter::once("--ros-args".to_owned()).chain(self.ros_args.iter().cloned());
        Ok(RosArgs::split(words)?.0)
    }
}

impl Showing {
    fn setup(&self, patrol: &PatrolArguments, has_clock: bool) -> Result<Setup> {
        let rate = self.rate;
        ensure!(has_clock || rate == 1.0, "--rate {rate} needs --clock: without it stamps are the system's time, which has one rate");
        let (scenario, threads) = (patrol.scenario()?, usize::from(patrol.threads));
        Ok(Setup { scenario, threads, pictures: self.pictures, rate, has_clock })
    }
}

/// The simulator alone, until its patrol is over or the process is to stop.
pub(crate) fn simulate(arguments: &SimArguments) -> Result<Ending> {
    let setup = arguments.showing.setup(&arguments.patrol, arguments.clock)?;
    let program = start(arguments.ros.read()?, None)?;
    SimNode::open(&program, setup)?.run()?;
    Ok(Ending::Complete)
}

/// Several nodes in one process, each with its own thread and its own place in the graph, until the process is to stop or the patrol is over.
pub(crate) fn compose(arguments: &UpArguments) -> Result<Ending> {
    let mut ros = arguments.ros.read()?;
    let setup = if arguments.sim { Some(arguments.showing.setup(&arguments.patrol, true)?) } else { None };
    if setup.is_some() {
        let use_sim_time = Setting { node: None, name: "use_sim_time".to_owned(), value: "true".to_owned() };
        // In front, so that the command line can say otherwise.
        ros.parameters.insert(0, ParameterSource::Setting(use_sim_time));
    }
    let program = &start(ros, arguments.hazards.clone())?;
    let is_wanted = |kind: &NodeKind| arguments.nodes.is_empty() || arguments.nodes.iter().any(|name| name == word(*kind));
    let nodes = NodeKind::ALL.iter().copied().filter(is_wanted);
    let mut parts: Vec<Part<'_>> = nodes.map(|kind| Part::new(kind.name(), move || kind.run(program))).collect();
    parts.extend(setup.map(|setup| Part::new(SimNode::NAME, move || SimNode::open(program, setup)?.run())));
    let failed = supervise::run(parts);
    if failed.is_empty() {
        return Ok(Ending::Complete);
    }
    tracing::error!("ended by a failure: {}", failed.join(", "));
    Ok(Ending::Partial)
}

/// What all nodes of the process share.
fn start(ros: RosArgs, hazards: Option<PathBuf>) -> Result<Program> {
    let program = Program::new(ros, hazards)?;
    program.start_logging();
    program.stop_on_signals()?;
    Ok(program)
}

/// What a node is called on the command line.
fn word(kind: NodeKind) -> &'static str {
    kind.name().trim_start_matches("vedette_")
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().map_err(|_| "a number is wanted, as in --rate 2".to_owned())?;
    if (0.05..=20.0).contains(&rate) { Ok(rate) } else { Err(format!("0.05 to 20 are possible: got {rate}")) }
}
