//! What is built between configure and cleanup: the flow and the model. In -> out: events, looks at the machine, on and off -> what the agent
//! says. Deliberately absent: topics and services; the node has them.

use super::model::{Model, Wakes};
use super::parameters::Parameters;
use anyhow::Result;
use vedette_agent::{Agent, Effect, Event};
use vedette_fusion::Fusion;
use vedette_llama::ladder::LevelChange;
use vedette_params::HazardCatalogue;
use vedette_policy::Policy;
use vedette_reasoning::{ChatTemplate, Reasoner};
use vedette_types::{Assessment, CameraIntrinsics, Completion, FrameId, JournalEntry, Level, Observation, RgbPixels, Stamp, StreamId};

/// Why nothing is asked after `~/enable` with false.
pub(super) const DISABLED: &str = "disabled";

/// The flow with its model.
pub(super) struct Stage {
    pub(super) model: Model,
    agent: Agent,
    is_enabled: bool,
    /// The flow knows how much of the model runtime works.
    is_level_told: bool,
    changed: Option<LevelChange>,
    /// The picture that is with the model.
    shown: Option<Shown>,
    assessed: u64,
    default_fov_rad: f64,
}

/// A picture that is judged.
pub(super) struct Shown {
    camera: StreamId,
    pub(super) stamp: Stamp,
    pub(super) frame: FrameId,
    pub(super) pixels: RgbPixels,
    pub(super) horizontal_fov_rad: f64,
}

/// Something the agent says.
pub(super) enum Said {
    /// A line of the journal.
    Journal(JournalEntry),
    /// What the model said, before what the flow makes of it.
    Answered(Box<Completion>),
    /// An assessment, with the picture where a model saw it.
    Assessed(Box<Assessment>, Option<Shown>),
}

impl Stage {
    /// Loads the model and puts the stages together.
    pub(super) fn build(params: &Parameters, catalogue: &HazardCatalogue, is_enabled: bool, wakes: Wakes) -> Result<Self> {
        let model = Model::start(&params.llama, &params.ladder, wakes)?;
        let agent = agent(params, catalogue, &model)?;
        let default_fov_rad = params.reasoning.default_horizontal_fov_rad;
        Ok(Self { model, agent, is_enabled, is_level_told: false, changed: None, shown: None, assessed: 0, default_fov_rad })
    }

    /// The flow anew with the present parameters; the model stays loaded, the question that is open is withdrawn.
    pub(super) fn renew(&mut self, params: &Parameters, catalogue: &HazardCatalogue) -> Result<()> {
        self.agent = agent(params, catalogue, &self.model)?;
        self.default_fov_rad = params.reasoning.default_horizontal_fov_rad;
        self.model.forget();
        (self.is_level_told, self.shown) = (false, None);
        Ok(())
    }

    /// One event through the flow.
    pub(super) fn step(&mut self, event: Event) -> Vec<Said> {
        let mut said = self.owed(event.stamp());
        self.feed(event, &mut said);
        said
    }

    /// How much of the model runtime works, where the flow has not been told and it is not all of it.
    pub(super) fn owed(&mut self, now: Stamp) -> Vec<Said> {
        let is_told = std::mem::replace(&mut self.is_level_told, true);
        if is_told || (self.is_enabled && self.model.level() == Level::Full) { Vec::new() } else { self.tell_level(now) }
    }

    /// The answer of the model, where it is there or will not come any more.
    pub(super) fn take_answer(&mut self, now: Stamp) -> Vec<Said> {
        self.model.take(now).map_or_else(Vec::new, |completion| self.step(Event::Completion(Box::new(completion))))
    }

    /// One look at the machine, where it is due; `steady` never jumps. The step, which the flow is told with [`Self::level_event`].
    pub(super) fn watch(&mut self, steady: Stamp) -> Option<LevelChange> {
        let change = self.model.watch(steady)?;
        self.changed = Some(change.clone());
        self.is_level_told = false;
        Some(change)
    }

    /// Switches the asking on or off. The question that is open fails.
    pub(super) fn enable(&mut self, is_enabled: bool, now: Stamp) -> Vec<Said> {
        self.is_enabled = is_enabled;
        // Before the answer: what follows an answer is the next question.
        let mut said = self.tell_level(now);
        if !is_enabled && let Some(completion) = self.model.give_up(now, DISABLED) {
            self.feed(Event::Completion(Box::new(completion)), &mut said);
        }
        said
    }

    /// The flow, for questions beside it.
    pub(super) fn flow(&self) -> &Agent {
        &self.agent
    }

    /// Tells the flow how much of the model runtime works.
    pub(super) fn tell_level(&mut self, now: Stamp) -> Vec<Said> {
        let mut said = Vec::new();
        self.is_level_told = true;
        let event = self.level_event(now);
        self.feed(event, &mut said);
        said
    }

    /// How many assessments there were.
    pub(super) fn assessed(&self) -> u64 {
        self.assessed
    }

    /// Where the ladder stands and why, in words.
    pub(super) fn ladder(&self) -> String {
        match &self.changed {
            Some(change) => format!("{}: {}", change.to, change.reason),
            None => self.model.level().to_string(),
        }
    }

    /// Switched off is the last rung whatever the ladder says; its own step then stands in the reason.
    fn level_event(&self, stamp: Stamp) -> Event {
        let reason = self.changed.as_ref().map_or("as configured", |change| &change.reason);
        if self.is_enabled {
            return Event::Level { stamp, level: self.model.level(), reason: reason.to_owned() };
        }
        let reason = match self.model.level() {
            Level::Full => DISABLED.to_owned(),
            level => format!("{DISABLED}; {level}: {reason}"),
        };
        Event::Level { stamp, level: Level::ReflexOnly, reason }
    }

    fn feed(&mut self, event: Event, said: &mut Vec<Said>) {
        if let Event::Completion(completion) = &event {
            said.push(Said::Answered(completion.clone()));
        }
        let effects = match self.agent.step(event) {
            Ok(effects) => effects,
            Err(error) => return tracing::error!("{error}"),
        };
        for effect in effects {
            match effect {
                Effect::Journal(entry) => said.push(Said::Journal(entry)),
                Effect::Request { request, observation, .. } => {
                    self.shown = Some(Shown::of(&observation, self.default_fov_rad));
                    self.model.ask(*request);
                }
                Effect::Assessed(assessment) => {
                    self.assessed += 1;
                    let is_shown = |shown: &mut Shown| shown.camera == assessment.camera && shown.stamp == assessment.image_stamp;
                    let shown = self.shown.take_if(is_shown);
                    said.push(Said::Assessed(assessment, shown));
                }
                Effect::Decided(_) => {}
            }
        }
    }
}

impl Shown {
    pub(super) fn new(camera: StreamId, stamp: Stamp, frame: FrameId, pixels: RgbPixels, horizontal_fov_rad: f64) -> Self {
        Self { camera, stamp, frame, pixels, horizontal_fov_rad }
    }

    fn of(observation: &Observation, default_fov_rad: f64) -> Self {
        let fov_rad = observation.intrinsics.as_ref().map_or(default_fov_rad, CameraIntrinsics::horizontal_fov_rad);
        let (camera, frame, pixels) = (observation.camera.clone(), observation.camera_frame().clone(), observation.pixels.clone());
        Self::new(camera, observation.stamp, frame, pixels, fov_rad)
    }
}

fn agent(params: &Parameters, catalogue: &HazardCatalogue, model: &Model) -> Result<Agent> {
    let template = ChatTemplate::new(&model.card().chat_template)?;
    let reasoner = Reasoner::new(params.reasoning.clone(), catalogue.clone(), template)?;
    let policy = Policy::new(params.policy.clone(), catalogue)?;
    Ok(Agent::new(Fusion::new(params.fusion.clone()), reasoner, policy))
}

#[cfg(test)]
mod tests;
