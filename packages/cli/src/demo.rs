//! `vedette demo`: a simulated robot patrols a building, the whole agent judges what its sensors say, and a person can see what happened.
//! World and renderer run on a thread of their own and hand over messages; the truth goes past the agent into a file.

use crate::output::say;
use crate::{
    Ending,
    config::{Config, ConfigArguments},
    interrupt::Interrupt,
    patrol::PatrolArguments,
    progress::Progress,
    report, session,
    session::{Session, Setup},
    simulated::SimulatedTopic,
    summary::{StreamSummary, Summary},
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};
use vedette_agent::LiveModel;
use vedette_evaluation::{KindMetrics, MatchRules, RunData, evaluate};
use vedette_reasoning::{ChatTemplate, Vlm};
use vedette_rosbag::RawMessage;
use vedette_simulator::{Emission, Scenario, SensorMessage, Truth, World, compressed_image, render, truth_line};
use vedette_trajectory::{InputValue, ModelEntry, files};

/// Messages that may wait between world and agent: a second's worth.
const WAITING_MESSAGES: usize = 256;

/// Arguments of `vedette demo`.
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoArguments {
    #[command(flatten)]
    patrol: PatrolArguments,
    /// The run folder to write
    #[arg(long, default_value = "out/demo", value_name = "DIR")]
    out: PathBuf,
    /// Replace the run that is in the folder
    #[arg(long)]
    force: bool,
    /// The summary as one JSON object on standard output
    #[arg(long)]
    json: bool,
    /// Write a wrong truth: for the test that the agent never reads it
    #[arg(long, hide = true)]
    wrong_truth: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Runs the patrol.
pub(crate) fn run(arguments: &DemoArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let scenario = arguments.patrol.scenario()?;
    let scenario = if arguments.wrong_truth { scenario.with_wrong_truth() } else { scenario };
    if !arguments.force && fs::read_dir(&arguments.out).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty; give --force to replace the run in it, or another --out", arguments.out.display());
    }
    let vlm = vedette_llama::configured::load(&config.llama)?;
    let card = vlm.card();
    let entry = session::model_entry(card);
    let template = ChatTemplate::new(&card.chat_template)?;
    let manifest = session::manifest(&config, Some(entry.clone()), None)?;
    let summary = first_summary(arguments, &entry);
    let answers = LiveModel::new(vlm, config.agent.vlm_latency_millis);
    let interrupt = Interrupt::install()?;
    let setup = Setup { config: &config, out: &arguments.out, manifest: &manifest, summary, with_recording: true, answers, template };
    let mut session = Session::begin(setup)?;
    let truth_file = arguments.out.join(files::TRUTH);
    let building = scenario.map.building().clone();
    session.sink.show_map(&building)?;

    let was_interrupted = patrol(scenario, usize::from(arguments.patrol.threads), &mut session, &truth_file, &interrupt)?;
    let ended = if was_interrupted { "interrupted: the patrol was not finished" } else { "complete" };
    let sink = session.finish(ended.to_owned(), [])?;
    let truth = vedette_evaluation::Truth::read(&truth_file)?;
    report::write(&arguments.out, &sink, Some(&truth), Some(&building), &arguments.out.join(files::RECORDING))?;
    show(arguments, &sink.summary, &truth)?;
    Ok(if was_interrupted { Ending::Interrupted } else { Ending::Complete })
}

fn first_summary(arguments: &DemoArguments, entry: &ModelEntry) -> Summary {
    let streams = SensorMessage::TOPICS.iter().map(|(name, topic)| StreamSummary {
        topic: (*name).to_owned(),
        type_name: topic.type_name.to_owned(),
        is_used: true,
        ..StreamSummary::default()
    });
    Summary {
        bag: format!("simulated patrol of {}, seed {}", arguments.patrol.map, arguments.patrol.seed),
        model: session::model_summary(Some(entry)),
        streams: streams.collect(),
        ..Summary::default()
    }
}

/// What the world hands over.
enum Handed {
    /// A message, serialized.
    Message { message: Box<SensorMessage>, cdr: Vec<u8> },
    /// What was really there at a picture: past the agent, into the records.
    Truth(Truth),
}

/// Feeds the patrol to the session; true when it was interrupted.
fn patrol<A: vedette_agent::Answers>(
    scenario: Scenario,
    threads: usize,
    session: &mut Session<A>,
    truth_file: &Path,
    interrupt: &Interrupt,
) -> Result<bool> {
    let mut progress = Progress::new(Some((scenario.duration_secs * 10.0) as u64), "pictures");
    let mut truth = BufWriter::new(File::create(truth_file).with_context(|| format!("cannot write {}", truth_file.display()))?);
    let topics = SimulatedTopic::all();
    let (sender, receiver) = sync_channel(WAITING_MESSAGES);
    thread::scope(|scope| {
        let world = thread::Builder::new()
            .name("vedette-world".to_owned())
            .spawn_scoped(scope, move || play(World::new(scenario), threads, &sender))
            .context("cannot start the world's thread")?;
        let was_interrupted = consume(&receiver, session, &topics, &mut truth, interrupt, &mut progress);
        // Without a receiver the world stops at its next message.
        drop(receiver);
        let played = world.join().map_err(|_| anyhow::anyhow!("the simulated world failed; this is a bug"))?;
        progress.finish();
        let was_interrupted = was_interrupted?;
        played?;
        truth.flush().with_context(|| format!("cannot write {}", truth_file.display()))?;
        Ok(was_interrupted)
    })
}

/// The world's side: steps, renders, serializes.
fn play(mut world: World, threads: usize, sender: &SyncSender<Handed>) -> Result<()> {
    let mut emissions = Vec::new();
    while !world.is_finished() {
        world.step(&mut emissions);
        for emission in emissions.drain(..) {
            let message = match emission {
                Emission::Message(message) => message,
                Emission::Shot(shot) => {
                    let rendered = render(&shot.scene, &shot.camera, threads)?;
                    if sender.send(Handed::Truth(world.truth(Some(&rendered.visible)))).is_err() {
                        return Ok(());
                    }
                    compressed_image(shot.stamp, vedette_visualization::jpeg(&rendered.pixels)?)
                }
            };
            let cdr = message.to_cdr()?;
            if sender.send(Handed::Message { message: Box::new(message), cdr }).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The agent's side.
fn consume<A: vedette_agent::Answers>(
    receiver: &Receiver<Handed>,
    session: &mut Session<A>,
    topics: &[SimulatedTopic],
    truth: &mut BufWriter<File>,
    interrupt: &Interrupt,
    progress: &mut Progress,
) -> Result<bool> {
    while let Ok(handed) = receiver.recv() {
        if interrupt.is_requested() {
            return Ok(true);
        }
        let (message, cdr) = match handed {
            Handed::Message { message, cdr } => (message, cdr),
            Handed::Truth(there) => {
                writeln!(truth, "{}", truth_line(&there)?).context("cannot write truth.jsonl")?;
                session.sink.show_truth(&there)?;
                progress.advance(|| session.state());
                continue;
            }
        };
        let Some(index) = SimulatedTopic::number_of(topics, &message) else { continue };
        let Some(SimulatedTopic { topic, stream, qos }) = topics.get(index) else { continue };
        let raw = RawMessage { topic: index, log_time: message.stamp, publish_time: message.stamp, data: cdr };
        let type_hash = vedette_messages::schema(&topic.type_name).map(|(hash, _)| hash);
        let value = InputValue { definition: message.definition(), type_hash, qos: *qos, cdr: &raw.data, repeats: 0 };
        session.take(topic, stream, &raw, Some(value))?;
    }
    session.drain()?;
    Ok(false)
}

fn show(arguments: &DemoArguments, summary: &Summary, truth: &vedette_evaluation::Truth) -> Result<()> {
    let run = RunData::read(&arguments.out)?;
    let metrics = evaluate(&run, Some(truth), &MatchRules::default());
    if arguments.json {
        say!("{}", serde_json::json!({ "summary": summary, "metrics": metrics }));
        return Ok(());
    }
    say!("{:<14}{:>8}{:>8}{:>8}{:>8}{:>14}", "hazard", "present", "found", "missed", "false", "time to alert");
    for kind in metrics.kinds.iter().chain([&metrics.overall]) {
        say!("{}", row(kind));
    }
    let missed_visual = metrics.overall.missed_visual;
    if missed_visual > 0 && summary.model.is_trained == Some(false) {
        say!("{missed_visual} of the missed ones are visual: the model is untrained and sees nothing; thresholds find gas and heat.");
    }
    crate::output::write(format_args!("\n{}", summary.table(&arguments.out.display().to_string())));
    say!("{:<11} {}", "report", arguments.out.join(files::REPORT).display());
    Ok(())
}

fn row(kind: &KindMetrics) -> String {
    let name = kind.kind.as_ref().map_or_else(|| "all".to_owned(), ToString::to_string);
    let secs = kind.time_to_alert_p50_secs.map_or_else(|| "-".to_owned(), |secs| format!("{secs:.1} s"));
    // What could not be noticed from anywhere on the way is neither found nor missed.
    let present = kind.present - kind.out_of_sight.min(kind.present);
    format!("{name:<14}{present:>8}{:>8}{:>8}{:>8}{secs:>14}", kind.found, kind.missed, kind.false_alarms)
}
