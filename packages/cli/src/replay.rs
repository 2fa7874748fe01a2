//! `vedette replay BAG`: a bag through the whole agent on the virtual clock, into a run folder.

use crate::{
    Ending,
    config::{Config, ConfigArguments},
    interrupt::Interrupt,
    model, process,
    progress::Progress,
    run_sink::RunSink,
    source::{self, Incoming},
    summary::{ModelSummary, StreamSummary, Summary},
};
use anyhow::{Context, Result};
use clap::Args;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use vedette_agent::{Agent, AnswerError, Answers, DriveError, Driver, Event, LiveModel, Recorded};
use vedette_fusion::Fusion;
use vedette_policy::Policy;
use vedette_reasoning::{ChatTemplate, Reasoner, Vlm};
use vedette_rosbag::{Bag, Topic};
use vedette_trajectory::{BagEntry, BagFile, Input, Machine, Manifest, ModelEntry};
use vedette_types::{Stamp, StreamId};

/// Arguments of `vedette replay`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReplayArguments {
    /// A rosbag2 bag: its folder, or one .mcap or .db3 file
    bag: PathBuf,
    /// The run folder to write [default: out/NAME-OF-THE-BAG]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Read only these topics; may be given several times
    #[arg(long = "topic", value_name = "NAME")]
    topics: Vec<String>,
    /// Repeat a run from its completions.jsonl, without a model, at the recorded arrivals
    #[arg(long, value_name = "FILE")]
    completions: Option<PathBuf>,
    /// Leave out run.rrd
    #[arg(long)]
    no_rrd: bool,
    /// The summary as one JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Replays a bag.
pub(crate) fn run(arguments: &ReplayArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let mut bag = Bag::open(&arguments.bag)?;
    let chosen = source::select_topics(&mut bag, &arguments.topics, &config.fusion.camera_topics)?;
    match &arguments.completions {
        None => {
            let vlm = model::load(&config.llama)?;
            let card = vlm.card();
            let entry = ModelEntry { name: card.name.clone(), sha256: card.sha256, is_trained: card.is_trained };
            let template = ChatTemplate::new(&card.chat_template)?;
            let answers = LiveModel::new(vlm, config.agent.vlm_latency_millis);
            replay(arguments, &config, bag, &chosen, answers, template, Some(entry))
        }
        Some(file) => {
            let recorded = vedette_trajectory::read_completions(file)?;
            if let Some(line) = recorded.torn_line {
                eprintln!("vedette: {}:{line}: half-written last line dropped: that run was killed", file.display());
            }
            let answers = Recorded::new(recorded.completions);
            let entry = model_of_recorded_run(file);
            replay(arguments, &config, bag, &chosen, answers, ChatTemplate::verbatim(), entry)
        }
    }
}

/// The model entry of the manifest beside a completions file, where there is one.
fn model_of_recorded_run(completions: &Path) -> Option<ModelEntry> {
    let text = fs::read_to_string(completions.with_file_name("manifest.json")).ok()?;
    serde_json::from_str::<Manifest>(&text).ok()?.model
}

fn replay<A: Answers>(
    arguments: &ReplayArguments,
    config: &Config,
    mut bag: Bag,
    chosen: &BTreeSet<String>,
    answers: A,
    template: ChatTemplate,
    model: Option<ModelEntry>,
) -> Result<Ending> {
    let interrupt = Interrupt::install()?;
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&arguments.bag));
    let summary = first_summary(&arguments.bag, &bag, chosen, model.as_ref());
    let manifest = manifest(arguments, config, &bag, model)?;
    let mut sink = RunSink::create(&out, &manifest, (!arguments.no_rrd).then_some(config.reasoning.default_horizontal_fov_rad), summary)?;
    let reasoner = Reasoner::new(config.reasoning.clone(), config.catalogue.clone(), template)?;
    let policy = Policy::new(config.policy.clone(), &config.catalogue)?;
    let mut driver = Driver::new(Agent::new(Fusion::new(config.fusion.clone()), reasoner, policy), answers, &config.agent);

    #[expect(clippy::disallowed_methods, reason = "the measured duration of the run; no decision depends on it")]
    let started = Instant::now();
    let ended = play(&mut bag, &mut driver, &mut sink, &interrupt)?;
    sink.summary.measured_wall_secs = started.elapsed().as_secs_f64();
    sink.summary.measured_cpu_secs = process::cpu_secs();
    sink.summary.measured_peak_rss_bytes = process::peak_rss_bytes();
    sink.summary.frames = driver.agent().fusion().counts();
    sink.summary.ended = ended.describe();
    sink.summary.warnings.extend(bag.warnings().iter().cloned());
    let summary = sink.finish()?;
    show(&summary, &out, arguments.json)?;
    Ok(match ended {
        Ended::Complete | Ended::RecordEnds(_) => Ending::Complete,
        Ended::Interrupted => Ending::Interrupted,
    })
}

/// How the feeding ended.
enum Ended {
    Complete,
    Interrupted,
    /// The recorded run was cut short at this point, so this one ends there too.
    RecordEnds(AnswerError),
}

impl Ended {
    fn describe(&self) -> String {
        match self {
            Self::Complete => "complete".to_owned(),
            Self::Interrupted => "interrupted: the rest of the bag was not played".to_owned(),
            Self::RecordEnds(error) => format!("ended with the record: {error}"),
        }
    }
}

/// Feeds the bag to the driver until it, the record or the user's patience ends.
fn play<A: Answers>(bag: &mut Bag, driver: &mut Driver<A>, sink: &mut RunSink, interrupt: &Interrupt) -> Result<Ended> {
    let topics: Vec<Topic> = bag.topics().to_vec();
    let streams: Vec<StreamId> = topics.iter().map(|topic| StreamId::new(&topic.name)).collect();
    let mut progress = Progress::new(bag.message_count());
    let (mut first, mut last) = (None, Stamp::default());
    let ended = loop {
        if interrupt.is_requested() {
            break Ended::Interrupted;
        }
        let Some(message) = bag.next_message()? else { break Ended::Complete };
        let (Some(topic), Some(stream)) = (topics.get(message.topic), streams.get(message.topic)) else { continue };
        last = message.log_time;
        let first = *first.get_or_insert(last);
        let Incoming { event, bytes, sha256, source_stamp } = source::incoming(topic, stream, &message);
        let reading = match &event {
            Event::Reading { stream, reading, .. } => Some((stream, reading)),
            _ => None,
        };
        let input =
            Input { arrived: last, topic: &topic.name, type_name: &topic.type_name, source_stamp, size_bytes: bytes, sha256, value: None };
        sink.input(&input, reading)?;
        match driver.feed(event, sink) {
            Ok(()) => {}
            Err(DriveError::Answer(error @ AnswerError::NotRecorded { .. })) => break Ended::RecordEnds(error),
            Err(error) => return Err(plain(error)),
        }
        progress.advance(|| format!("{:.1} s, {} assessed", last.secs_since(first), sink.summary.vlm_calls));
    };
    let ended = match ended {
        Ended::Complete => match driver.finish(sink) {
            Ok(()) => Ended::Complete,
            Err(DriveError::Answer(error @ AnswerError::NotRecorded { .. })) => Ended::RecordEnds(error),
            Err(error) => return Err(plain(error)),
        },
        other => other,
    };
    progress.finish();
    sink.summary.virtual_secs = first.map_or(0.0, |first| last.secs_since(first));
    Ok(ended)
}

fn plain(error: DriveError<anyhow::Error>) -> anyhow::Error {
    match error {
        DriveError::Sink(error) => error,
        DriveError::Agent(error) => error.into(),
        DriveError::Answer(error) => error.into(),
    }
}

fn default_out(bag: &Path) -> PathBuf {
    let name = bag.canonicalize().ok().and_then(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    Path::new("out").join(name.unwrap_or_else(|| "replay".to_owned()))
}

fn first_summary(path: &Path, bag: &Bag, chosen: &BTreeSet<String>, model: Option<&ModelEntry>) -> Summary {
    let streams = bag.topics().iter().map(|topic| StreamSummary {
        topic: topic.name.clone(),
        type_name: topic.type_name.clone(),
        is_used: chosen.contains(&topic.name),
        ..StreamSummary::default()
    });
    Summary {
        bag: path.canonicalize().map_or_else(|_| model::short(path), |path| model::short(&path)),
        model: model.map_or_else(ModelSummary::default, |entry| ModelSummary {
            name: entry.name.clone(),
            sha256: entry.sha256.to_string(),
            is_trained: Some(entry.is_trained),
        }),
        streams: streams.collect(),
        ..Summary::default()
    }
}

fn manifest(arguments: &ReplayArguments, config: &Config, bag: &Bag, model: Option<ModelEntry>) -> Result<Manifest> {
    let files = bag.files().iter().map(|path| BagFile {
        name: model::short(path),
        size_bytes: fs::metadata(path).map_or(0, |metadata| metadata.len()),
        sha256: None,
    });
    #[expect(clippy::disallowed_methods, reason = "when the run was made; no decision depends on it")]
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).context("the system clock is before 1970")?;
    Ok(Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: option_env!("VEDETTE_COMMIT").map(str::to_owned),
        command: std::env::args().collect(),
        created: Stamp::from_nanos(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX)),
        parameters: config.to_json(),
        model,
        bag: Some(BagEntry { path: arguments.bag.clone(), files: files.collect() }),
        machine: Machine::this(),
    })
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn show(summary: &Summary, out: &Path, as_json: bool) -> Result<()> {
    if as_json {
        println!("{}", serde_json::to_string(summary)?);
    } else {
        print!("{}", summary.table(&out.display().to_string()));
    }
    Ok(())
}
