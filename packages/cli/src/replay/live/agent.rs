//! The agent's journal through its stages, with the recorded answers in place of the model. In -> out: steps -> assessments, for as long as
//! nothing is lost: fusion's rings cannot be told, so a loss ends the run until the agent began anew.

use super::Losses;
use crate::config::{Config, ConfigArguments};
use crate::run_sink::RunSink;
use crate::session;
use anyhow::Result;
use std::collections::BTreeMap;
use vedette_agent::{Agent, Effect, Event, Follower, NodeState, Sink as _, Step};
use vedette_fusion::Counts;
use vedette_reasoning::ChatTemplate;
use vedette_types::{Assessment, Completion, JournalKind, Level, Sha256, Stamp, StreamId};

/// The node, as parameter files name it.
pub(super) const NODE: &str = "vedette_agent";

/// An agent that is followed.
#[derive(Default)]
pub(super) struct AgentRun {
    pub(super) follower: Follower<Event>,
    agent: Option<Agent>,
    /// Prompts of the questions that are open.
    asked: BTreeMap<(StreamId, Stamp), Sha256>,
    /// Why it is not followed any more.
    ended: Option<String>,
    /// From the first state to the last thing that it was told while it was followed.
    pub(super) told: Option<(Stamp, Stamp)>,
    pub(super) losses: Losses,
    pub(super) counts: Counts,
}

impl AgentRun {
    /// How far it was followed, in words.
    pub(super) fn describe(&self) -> String {
        match (&self.agent, &self.ended) {
            (Some(_), _) => "run again to the end".to_owned(),
            (None, Some(reason)) => format!("not run again from there on: {reason}"),
            (None, None) => "not run again: the recording does not have its beginning".to_owned(),
        }
    }

    /// One step.
    pub(super) fn take(&mut self, step: Step<Event>, arguments: &ConfigArguments, sink: &mut RunSink) -> Result<Vec<Assessment>> {
        let event = match step {
            Step::State { stamp, text } => {
                let state = NodeState::from_text(&text)?;
                let config = Config::load_over(arguments, Some((&state, NODE)))?;
                // The prompt's hash is taken before the template.
                self.agent = Some(session::agent(&config, ChatTemplate::verbatim())?);
                self.told.get_or_insert((stamp, stamp));
                self.asked.clear();
                return Ok(Vec::new());
            }
            Step::Input { stamp, value } => used_at(stamp, value),
            Step::Tick(stamp) => Event::Tick { stamp },
            Step::Level { stamp, text } => level(stamp, &text),
            Step::Answer { text, .. } => {
                let completion: Completion = serde_json::from_str(&text)?;
                sink.completion(&completion)?;
                let is_ours = self.asked.remove(&(completion.camera.clone(), completion.image_stamp)) == Some(completion.prompt_sha256);
                if self.agent.is_some() && !is_ours {
                    self.end(format!("at {} the model was asked something else than here", completion.image_stamp));
                }
                Event::Completion(Box::new(completion))
            }
            Step::Lost { topic, is_before, .. } => {
                if !is_before {
                    self.losses.input(topic.clone());
                }
                self.end(format!("messages of {topic} that it used are not in the recording"));
                return Ok(Vec::new());
            }
            Step::Gap { lines } => {
                self.losses.lines += lines.unwrap_or(0);
                self.end("lines of its journal are not in the recording".to_owned());
                return Ok(Vec::new());
            }
            Step::ClockJump(_) => return Ok(Vec::new()),
        };
        self.step(event, sink)
    }

    fn step(&mut self, event: Event, sink: &mut RunSink) -> Result<Vec<Assessment>> {
        let Some(agent) = &mut self.agent else { return Ok(Vec::new()) };
        let now = event.stamp();
        self.told = self.told.map(|(first, last)| (first, last.max(now)));
        let effects = match agent.step(event) {
            Ok(effects) => effects,
            Err(error) => {
                self.end(error.to_string());
                return Ok(Vec::new());
            }
        };
        self.counts = agent.fusion().counts();
        let mut assessments = Vec::new();
        for effect in effects {
            match effect {
                // The guardian's count; what the agent's own policy thinks is not on record.
                Effect::Decided(_) => {}
                Effect::Journal(ref entry) if entry.kind == JournalKind::Decision => {}
                Effect::Assessed(assessment) => assessments.push(*assessment),
                Effect::Request { ref request, .. } => {
                    self.asked.insert((request.camera.clone(), request.image_stamp), request.prompt_sha256);
                    sink.effect(&effect)?;
                }
                Effect::Journal(_) => sink.effect(&effect)?,
            }
        }
        Ok(assessments)
    }

    fn end(&mut self, reason: String) {
        if self.agent.take().is_some() {
            self.ended = Some(reason);
        }
    }
}

/// The event with the time at which the agent took it; the recorder's differs by a little.
fn used_at(stamp: Stamp, event: Event) -> Event {
    match event {
        Event::Reading { stream, reading, sha256, .. } => Event::Reading { arrived: stamp, stream, reading, sha256 },
        Event::Rejected { stream, fault, .. } => Event::Rejected { arrived: stamp, stream, fault },
        other => other,
    }
}

/// `LEVEL: reason`. A word that is none stops the model, which is the cautious thing.
fn level(stamp: Stamp, text: &str) -> Event {
    let (word, reason) = text.split_once(": ").unwrap_or((text, ""));
    Event::Level { stamp, level: word.parse().unwrap_or(Level::ReflexOnly), reason: reason.to_owned() }
}
