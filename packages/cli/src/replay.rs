//! `vedette replay BAG`: a bag through the whole agent on the virtual clock, into a run folder. A live recording is followed instead, as its
//! journals say (`live`).

mod live;

use crate::output::say;
use crate::{
    Ending,
    config::{Config, ConfigArguments},
    interrupt::Interrupt,
    model,
    progress::Progress,
    report, session,
    session::{Session, Setup, Step},
    source,
    summary::{StreamSummary, Summary},
};
use anyhow::Result;
use clap::Args;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use vedette_agent::{AnswerError, Answers, LiveModel, Recorded};
use vedette_evaluation::Truth;
use vedette_reasoning::{ChatTemplate, Vlm};
use vedette_rosbag::{Bag, RawMessage, Topic};
use vedette_trajectory::{BagEntry, BagFile, Manifest, ModelEntry};
use vedette_types::StreamId;

/// Damaged places of a bag that are named one by one; further ones are only counted.
const DAMAGE_NAMED: u64 = 8;

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
    /// Play a live recording as a bag like any other: its sensors through the whole agent, whatever its journals say
    #[arg(long)]
    without_journal: bool,
    /// What was really there (JSON lines), for the report
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Leave out run.rrd
    #[arg(long)]
    no_rrd: bool,
    /// Leave out report.html
    #[arg(long)]
    no_report: bool,
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
    if !arguments.without_journal
        && arguments.completions.is_none()
        && let Some(record) = live::Record::of(&bag)
    {
        return live::replay(arguments, bag, record);
    }
    let chosen = source::select_topics(&mut bag, &arguments.topics, &config.fusion.camera_topics)?;
    match &arguments.completions {
        None => {
            let vlm = vedette_llama::configured::load(&config.llama)?;
            let card = vlm.card();
            let entry = session::model_entry(card);
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
    // Read first: a wrong file should not cost a run.
    let truth = arguments.truth.as_deref().map(Truth::read).transpose()?;
    let interrupt = Interrupt::install()?;
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&arguments.bag));
    let summary = first_summary(&arguments.bag, &bag, chosen, model.as_ref());
    let manifest = session::manifest(config, model, Some(bag_entry(&arguments.bag, &bag)))?;
    let with_recording = !arguments.no_rrd;
    let mut session = Session::begin(Setup { config, out: &out, manifest: &manifest, summary, with_recording, answers, template })?;
    let ended = play(&mut bag, &mut session, &interrupt)?;
    let sink = session.finish(ended.describe(), bag.warnings().to_vec())?;
    if !arguments.no_report {
        report::write(&out, &sink, truth.as_ref(), None, &arguments.bag)?;
    }
    show(&sink.summary, &out, arguments.json)?;
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

/// What a bag is fed to.
trait Player {
    fn take(&mut self, topic: &Topic, stream: &StreamId, message: &RawMessage) -> Result<Step>;
    /// After the last message.
    fn drain(&mut self) -> Result<Step>;
    /// For progress.
    fn state(&self) -> String;
    fn warn(&mut self, warning: String);
}

impl<A: Answers> Player for Session<A> {
    fn take(&mut self, topic: &Topic, stream: &StreamId, message: &RawMessage) -> Result<Step> {
        if source::is_map(topic) {
            self.sink.draw_map(&topic.name, source::map(message))?;
            return Ok(Step::Done);
        }
        Self::take(self, topic, stream, message, None)
    }

    fn drain(&mut self) -> Result<Step> {
        Self::drain(self)
    }

    fn state(&self) -> String {
        Self::state(self)
    }

    fn warn(&mut self, warning: String) {
        self.sink.summary.warnings.push(warning);
    }
}

/// Feeds the bag to the player until it, the record or the user's patience ends.
fn play(bag: &mut Bag, player: &mut impl Player, interrupt: &Interrupt) -> Result<Ended> {
    let topics: Vec<Topic> = bag.topics().to_vec();
    let streams: Vec<StreamId> = topics.iter().map(|topic| StreamId::new(&topic.name)).collect();
    let mut progress = Progress::new(bag.message_count(), "messages");
    let mut damaged = 0;
    let ended = loop {
        if interrupt.is_requested() {
            break Ended::Interrupted;
        }
        let message = match bag.next_message() {
            Ok(Some(message)) => message,
            Ok(None) => break Ended::Complete,
            Err(error) => {
                // Only this message or chunk is lost: the next call goes on behind it.
                damaged += 1;
                if damaged <= DAMAGE_NAMED {
                    player.warn(format!("skipped: {error}"));
                }
                continue;
            }
        };
        let (Some(topic), Some(stream)) = (topics.get(message.topic), streams.get(message.topic)) else { continue };
        if let Step::RecordEnds(error) = player.take(topic, stream, &message)? {
            break Ended::RecordEnds(error);
        }
        progress.advance(|| player.state());
    };
    if damaged > DAMAGE_NAMED {
        player.warn(format!("{} more damaged places skipped", damaged - DAMAGE_NAMED));
    }
    progress.finish();
    match ended {
        Ended::Complete => Ok(match player.drain()? {
            Step::Done => Ended::Complete,
            Step::RecordEnds(error) => Ended::RecordEnds(error),
        }),
        ended => Ok(ended),
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
    Summary { bag: session::resolved_name(path), model: session::model_summary(model), streams: streams.collect(), ..Summary::default() }
}

fn bag_entry(path: &Path, bag: &Bag) -> BagEntry {
    let files = bag.files().iter().map(|path| BagFile {
        name: model::short(path),
        size_bytes: fs::metadata(path).map_or(0, |metadata| metadata.len()),
        sha256: None,
    });
    BagEntry { path: path.to_owned(), files: files.collect() }
}

fn show(summary: &Summary, out: &Path, as_json: bool) -> Result<()> {
    if as_json {
        say!("{}", serde_json::to_string(summary)?);
    } else {
        crate::output::write(format_args!("{}", summary.table(&out.display().to_string())));
    }
    Ok(())
}
