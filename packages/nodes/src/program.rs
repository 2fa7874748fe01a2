//! What every node's program has in common. In -> out: command line, environment -> arguments of the nodes; signals -> a wish to stop; log
//! lines -> standard error and `/rosout`.

#[cfg(feature = "visualizer")]
use crate::VisualizerNode;
use crate::{AgentNode, GuardianNode, RecorderNode};
use anyhow::{Context, Result, anyhow, bail};
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use vedette_params::ParamSet;
use vedette_ros::{NamedLines, Network, Node, Options, RosArgs, RosoutLayer, filter};

/// Which node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Looks.
    Agent,
    /// Decides.
    Guardian,
    /// Writes down.
    Recorder,
    /// Shows.
    #[cfg(feature = "visualizer")]
    Visualizer,
}

impl NodeKind {
    /// Every node, in flow order.
    pub const ALL: &[Self] = &[
        Self::Agent,
        Self::Guardian,
        Self::Recorder,
        #[cfg(feature = "visualizer")]
        Self::Visualizer,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => AgentNode::NAME,
            Self::Guardian => GuardianNode::NAME,
            Self::Recorder => RecorderNode::NAME,
            #[cfg(feature = "visualizer")]
            Self::Visualizer => VisualizerNode::NAME,
        }
    }

    /// Opens and runs it until the process is to stop.
    ///
    /// # Errors
    /// What the node cannot go on without.
    pub fn run(self, program: &Program) -> Result<()> {
        match self {
            Self::Agent => AgentNode::open(program)?.run(),
            Self::Guardian => GuardianNode::open(program)?.run(),
            Self::Recorder => RecorderNode::open(program)?.run(),
            #[cfg(feature = "visualizer")]
            Self::Visualizer => VisualizerNode::open(program)?.run(),
        }
    }
}

/// What the nodes of a process share.
#[derive(Clone, Debug)]
pub struct Program {
    /// After `--ros-args`.
    pub args: RosArgs,
    /// Where they are.
    pub network: Network,
    /// Hazard kinds other than the built-in ones.
    pub hazards: Option<PathBuf>,
    /// True when the process is to stop.
    pub stop: Arc<AtomicBool>,
}

impl Program {
    /// From ROS arguments and the environment.
    ///
    /// # Errors
    /// An environment that names no network.
    pub fn new(args: RosArgs, hazards: Option<PathBuf>) -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "ROS 2 chooses its network by environment variables")]
        let network = Network::from_environment(|name| std::env::var(name).ok())?;
        Ok(Self { args, network, hazards, stop: Arc::default() })
    }

    /// Ends the nodes on Ctrl-C and SIGTERM; a second one kills.
    ///
    /// # Errors
    /// When the signals are taken already.
    pub fn stop_on_signals(&self) -> Result<()> {
        let stop = Arc::clone(&self.stop);
        ctrlc::set_handler(move || {
            if stop.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        })
        .context("cannot take over Ctrl-C")
    }

    /// Log lines go to standard error and `/rosout` at the level that was asked for.
    pub fn start_logging(&self) {
        let mut levels = filter(self.args.log_level).to_owned();
        for (logger, level) in &self.args.logger_levels {
            levels += &format!(",{logger}={}", filter(Some(*level)).split(',').next().unwrap_or_default());
        }
        let to_standard_error = (!self.args.is_stdout_off).then(|| {
            let lines = tracing_subscriber::fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
            lines.map_event_format(NamedLines)
        });
        // Whoever set a subscriber before keeps it.
        let _ = tracing_subscriber::registry().with(EnvFilter::new(levels)).with(to_standard_error).with(RosoutLayer).try_init();
    }

    /// Opens a node of this process.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub fn open(&self, name: &str, sets: &mut [&mut dyn ParamSet]) -> Result<Node> {
        let options = Options { name, args: &self.args, network: self.network, stop: Arc::clone(&self.stop) };
        Node::open(&options, sets).with_context(|| format!("cannot open node {name}"))
    }
}

/// The program of one node: `vedette_guardian [--hazards FILE] [--ros-args ...]`.
///
/// # Errors
/// What the node cannot go on without.
pub fn run_alone(kind: NodeKind) -> Result<()> {
    let words =
        std::env::args_os().skip(1).map(|word| word.into_string().map_err(|word| anyhow!("an argument is not UTF-8: {}", word.display())));
    let (args, rest) = RosArgs::split(words.collect::<Result<Vec<_>>>()?)?;
    let mut hazards = None;
    let mut rest = rest.into_iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--hazards" => hazards = Some(PathBuf::from(rest.next().context("--hazards needs a file after it")?)),
            _ => bail!("usage: {} [--hazards FILE] [--ros-args ...]; unknown argument `{argument}`", kind.name()),
        }
    }
    let program = Program::new(args, hazards)?;
    program.start_logging();
    program.stop_on_signals()?;
    kind.run(&program)
}

/// The parameter groups of one node with their defaults, for rendered files.
pub fn all_parameters(kind: NodeKind) -> Vec<Box<dyn ParamSet>> {
    match kind {
        NodeKind::Agent => AgentNode::parameters(),
        NodeKind::Guardian => GuardianNode::parameters(),
        NodeKind::Recorder => RecorderNode::parameters(),
        #[cfg(feature = "visualizer")]
        NodeKind::Visualizer => VisualizerNode::parameters(),
    }
}

/// Now by the steady clock, which never jumps.
pub(crate) fn steady() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "the border: ticks and deadlines are kept by the steady clock")]
    let now = Instant::now();
    now
}

/// Whether it is that late by the steady clock.
pub(crate) fn is_past(at: Instant) -> bool {
    steady() >= at
}

/// When the next tick is due; ticks that were missed are left out.
pub(crate) fn next_tick(last: Option<Instant>, rate_hz: f64) -> Instant {
    #[expect(clippy::disallowed_methods, reason = "the border: ticks are paced by the steady clock, what they mean by the node's time")]
    let now = Instant::now();
    // The range check of the parameter keeps this between 1 ms and 1 s.
    let period = Duration::from_secs_f64((1.0 / rate_hz).clamp(1e-3, 1.0));
    last.map_or(now + period, |last| (last + period).max(now))
}
