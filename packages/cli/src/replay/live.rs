//! A live recording, followed as its journals say: every message, tick and answer at the moment at which the nodes used it. In -> out: the
//! recorder's bag -> a run folder with the guardian's decisions, and how they and the agent's assessments agree with those published live.
//!
//! Recorded answers stand in for the model. What the recording lost is counted and named, and what may depend on it is marked.
//! Deliberately absent: a driver. No clock runs here; the journals are it.

mod agent;
mod guardian;
mod pairs;

use super::{Ended, Player, ReplayArguments, bag_entry, default_out, first_summary, play, show};
use crate::config::{Config, ConfigArguments};
use crate::interrupt::Interrupt;
use crate::run_sink::RunSink;
use crate::session::{self, Step};
use crate::source::{self, Incoming};
use crate::summary::LiveSummary;
use crate::{Ending, report};
use agent::AgentRun;
use anyhow::{Context, Result};
use guardian::GuardianRun;
use pairs::Pairs;
use std::collections::BTreeSet;
use std::time::Instant;
use vedette_agent::{Effect, Event, Follower, Heard, Key, NodeState, Sink as _};
use vedette_evaluation::Truth;
use vedette_messages::from_ros::is_supported;
use vedette_messages::topics::{self, ASSESSMENT, DECISION, GUARDIAN_JOURNAL, JOURNAL};
use vedette_messages::{Rejection, RosMsg, from_ros, to_ros, vedette_msgs};
use vedette_rosbag::{Bag, RawMessage, Topic};
use vedette_trajectory::Input;
use vedette_types::{Assessment, JournalKind, Stamp, StreamId};

/// The topics of one robot that make a bag a live recording.
pub(super) struct Record {
    guardian: String,
    agent: String,
    assessment: String,
    decision: String,
}

impl Record {
    /// `None` for a bag without a guardian's journal: demo and replay write none.
    pub(super) fn of(bag: &Bag) -> Option<Self> {
        let is_journal = |topic: &&Topic| topic.type_name == GUARDIAN_JOURNAL.type_name;
        let namespace = bag.topics().iter().filter(is_journal).find_map(|topic| topic.name.strip_suffix(GUARDIAN_JOURNAL.name))?;
        let name = |topic: topics::Topic| format!("{namespace}{}", topic.name);
        Some(Self { guardian: name(GUARDIAN_JOURNAL), agent: name(JOURNAL), assessment: name(ASSESSMENT), decision: name(DECISION) })
    }

    /// What the guardian stood on first.
    fn first_state(&self, bag: &mut Bag) -> Result<NodeState> {
        bag.select(|topic| topic.name == self.guardian);
        while let Some(message) = bag.next_message()? {
            if let Ok((_, entry)) = line(&message.data)
                && entry.kind == JournalKind::State
            {
                return Ok(NodeState::from_text(&entry.detail)?);
            }
        }
        anyhow::bail!("{} tells no state to begin from; play its sensors through the whole agent with --without-journal", self.guardian)
    }

    /// Its own topics and the sensors'.
    fn select(&self, bag: &mut Bag, wanted: &[String]) -> BTreeSet<String> {
        let own = [&self.guardian, &self.agent, &self.assessment, &self.decision];
        let is_sensor = |topic: &Topic| {
            is_supported(&topic.type_name) && !source::is_our_picture(topic) && (wanted.is_empty() || wanted.contains(&topic.name))
        };
        let is_ours = |topic: &&Topic| topic.message_encoding == "cdr" && (own.contains(&&topic.name) || is_sensor(topic));
        let chosen: BTreeSet<String> = bag.topics().iter().filter(is_ours).map(|topic| topic.name.clone()).collect();
        bag.select(|topic| chosen.contains(&topic.name));
        chosen
    }
}

/// Follows a live recording.
pub(super) fn replay(arguments: &ReplayArguments, mut bag: Bag, record: Record) -> Result<Ending> {
    let truth = arguments.truth.as_deref().map(Truth::read).transpose()?;
    let first = record.first_state(&mut bag)?;
    let config = Config::load_over(&arguments.config, Some((&first, guardian::NODE)))?;
    let chosen = record.select(&mut bag, &arguments.topics);
    let interrupt = Interrupt::install()?;
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&arguments.bag));
    let summary = first_summary(&arguments.bag, &bag, &chosen, None);
    let manifest = session::manifest(&config, None, Some(bag_entry(&arguments.bag, &bag)))?;
    let fov_rad = (!arguments.no_rrd).then_some(config.reasoning.default_horizontal_fov_rad);
    let sink = RunSink::create(&out, &manifest, fov_rad, summary)?;
    let mut live = Live::new(&arguments.config, record, sink);
    let ended = play(&mut bag, &mut live, &interrupt)?;
    let sink = live.finish(ended.describe(), bag.warnings().to_vec())?;
    if !arguments.no_report {
        report::write(&out, &sink, truth.as_ref(), None, &arguments.bag)?;
    }
    show(&sink.summary, &out, arguments.json)?;
    Ok(if matches!(ended, Ended::Interrupted) { Ending::Interrupted } else { Ending::Complete })
}

/// A recording under way.
struct Live<'a> {
    arguments: &'a ConfigArguments,
    record: Record,
    guardian: GuardianRun,
    agent: AgentRun,
    decisions: Pairs,
    assessments: Pairs,
    sink: RunSink,
    started: Instant,
    span: Option<(Stamp, Stamp)>,
}

impl<'a> Live<'a> {
    fn new(arguments: &'a ConfigArguments, record: Record, sink: RunSink) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the measured duration of the run; no decision depends on it")]
        let started = Instant::now();
        let (guardian, agent) = (GuardianRun::default(), AgentRun::default());
        let (decisions, assessments) = (Pairs::default(), Pairs::default());
        Self { arguments, record, guardian, agent, decisions, assessments, sink, started, span: None }
    }

    /// An assessment as it was published.
    fn hear_assessment(&mut self, now: Stamp, cdr: &[u8]) {
        let read = vedette_msgs::Assessment::from_cdr(cdr).map_err(Rejection::from).and_then(from_ros::assessment);
        match read {
            Ok(assessment) => {
                self.assessments.live(source::hash(cdr), assessment.arrived);
                self.offer(now, cdr, assessment);
            }
            Err(rejection) => self.sink.summary.warnings.push(format!("{}: {rejection}", self.record.assessment)),
        }
    }

    /// An assessment for the guardian, whoever has it first: the recording, or the agent that is run again.
    fn offer(&mut self, now: Stamp, cdr: &[u8], assessment: Assessment) {
        let (topic, source_stamp) = (self.record.assessment.clone(), Some(assessment.image_stamp));
        let key = Key { topic, source_stamp, sha256: source::hash(cdr) };
        self.guardian.follower.input(now, key, Heard::Assessment(Box::new(assessment)));
    }

    fn hear_decision(&mut self, cdr: &[u8]) {
        // Encoded again, because a sender may pad.
        if let Ok(message) = vedette_msgs::Decision::from_cdr(cdr)
            && let Ok(encoded) = message.to_cdr()
        {
            self.decisions.live(source::hash(&encoded), Stamp::from_ros(message.stamp.sec, message.stamp.nanosec));
        }
    }

    fn hear_sensor(&mut self, now: Stamp, topic: &Topic, stream: &StreamId, message: &RawMessage) -> Result<()> {
        let Incoming { event, bytes, sha256, source_stamp } = source::incoming(topic, stream, message);
        let reading = match &event {
            Event::Reading { stream, reading, .. } => Some((stream, reading)),
            _ => None,
        };
        let (name, type_name) = (topic.name.as_str(), topic.type_name.as_str());
        let input = Input { arrived: now, topic: name, type_name, source_stamp, size_bytes: bytes, sha256, value: None };
        self.sink.input(&input, reading)?;
        let key = Key { topic: topic.name.clone(), source_stamp, sha256 };
        if let Some((stream, reading)) = reading {
            self.guardian.follower.input(now, key.clone(), Heard::Reading(stream.clone(), reading.clone()));
        }
        if topic.name.ends_with(topics::TF_STATIC.name) {
            self.agent.follower.lasting_input(key, event);
        } else {
            self.agent.follower.input(now, key, event);
        }
        Ok(())
    }

    /// Everything that can be done with what was read so far.
    fn go_on(&mut self, now: Stamp) -> Result<()> {
        while let Some(step) = self.agent.follower.next_step() {
            for assessment in self.agent.take(step, self.arguments, &mut self.sink)? {
                let cdr = to_ros::assessment(&assessment).to_cdr().context("cannot encode an assessment")?;
                self.assessments.ours(source::hash(&cdr), assessment.arrived);
                self.offer(now, &cdr, assessment);
            }
        }
        while let Some(step) = self.guardian.follower.next_step() {
            if let vedette_agent::Step::Input { value: Heard::Assessment(assessment), .. } = &step
                && self.guardian.is_standing()
            {
                self.sink.effect(&Effect::Assessed(assessment.clone()))?;
            }
            let Some(decision) = self.guardian.take(step, self.arguments)? else { continue };
            let cdr = to_ros::decision(&decision).to_cdr().context("cannot encode a decision")?;
            self.decisions.ours(source::hash(&cdr), decision.stamp);
            if self.guardian.is_in_doubt() {
                self.sink.doubtful_decision(&decision)?;
            } else {
                self.sink.effect(&Effect::Decided(Box::new(decision)))?;
            }
        }
        Ok(())
    }

    fn finish(mut self, ended: String, warnings: Vec<String>) -> Result<RunSink> {
        let mut live = LiveSummary {
            decisions: self.decisions.agreement(self.guardian.told),
            assessments: self.assessments.agreement(self.agent.told),
            agent: self.agent.describe(),
            decisions_in_doubt: self.guardian.decisions_in_doubt,
            states_that_differ: self.guardian.states_that_differ,
            ..LiveSummary::default()
        };
        for (node, losses) in [(guardian::NODE, self.guardian.losses), (agent::NODE, self.agent.losses)] {
            if losses.lines > 0 {
                live.lost_lines.insert(node.to_owned(), losses.lines);
            }
            if !losses.inputs.is_empty() {
                live.lost_inputs.insert(node.to_owned(), losses.inputs);
            }
        }
        self.sink.summary.warnings.extend(live.warnings());
        self.sink.summary.live = Some(live);
        self.sink.summary.frames = self.agent.counts;
        session::close(self.sink, self.started, self.span, ended, warnings)
    }
}

impl Player for Live<'_> {
    fn take(&mut self, topic: &Topic, stream: &StreamId, message: &RawMessage) -> Result<Step> {
        let (now, cdr) = (message.log_time, message.data.as_slice());
        self.span = Some(self.span.map_or((now, now), |(first, last)| (first.min(now), last.max(now))));
        self.agent.follower.advance(now);
        self.guardian.follower.advance(now);
        let is_ours = [&self.record.guardian, &self.record.agent, &self.record.assessment, &self.record.decision].contains(&&topic.name);
        if is_ours {
            self.sink.count(&topic.name);
        }
        if topic.name == self.record.guardian {
            follow(&mut self.guardian.follower, cdr);
        } else if topic.name == self.record.agent {
            follow(&mut self.agent.follower, cdr);
        } else if topic.name == self.record.assessment {
            self.hear_assessment(now, cdr);
        } else if topic.name == self.record.decision {
            self.hear_decision(cdr);
        } else {
            self.hear_sensor(now, topic, stream, message)?;
        }
        self.go_on(now)?;
        Ok(Step::Done)
    }

    fn drain(&mut self) -> Result<Step> {
        self.agent.follower.finish();
        let now = self.span.map_or_else(Stamp::default, |(_, last)| last);
        // The agent's assessments may be what the guardian waits for.
        self.go_on(now)?;
        self.guardian.follower.finish();
        self.go_on(now)?;
        Ok(Step::Done)
    }

    fn state(&self) -> String {
        let secs = self.span.map_or(0.0, |(first, last)| last.secs_since(first));
        format!("{secs:.1} s, {} decisions", self.sink.summary.decisions)
    }

    fn warn(&mut self, warning: String) {
        self.sink.summary.warnings.push(warning);
    }
}

fn line(cdr: &[u8]) -> Result<(u64, vedette_types::JournalEntry), Rejection> {
    vedette_msgs::JournalEvent::from_cdr(cdr).map_err(Rejection::from).and_then(from_ros::journal_event)
}

/// A line that cannot be read is a gap in the numbers.
fn follow<T: Clone>(follower: &mut Follower<T>, cdr: &[u8]) {
    if let Ok((number, entry)) = line(cdr) {
        follower.line(number, entry);
    }
}

/// What a recording lost of what a node used.
#[derive(Debug, Default)]
struct Losses {
    inputs: std::collections::BTreeMap<String, u64>,
    lines: u64,
}

impl Losses {
    fn input(&mut self, topic: String) {
        *self.inputs.entry(topic).or_default() += 1;
    }
}
