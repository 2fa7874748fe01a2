//! `Agent`: fusion, reasoning and policy wired together.

use crate::{Effect, Event};
use vedette_fusion::{Fusion, Insert, Look, NoView};
use vedette_policy::Policy;
use vedette_reasoning::{Pending, Reasoner, TemplateError, VlmRequest};
use vedette_types::{
    Assessment, Completion, Decision, Finish, JournalEntry, JournalKind, Level, Observation, Reading, Sha256, Stamp, StreamId, Timings,
    Verdict,
};

/// A fault in how the agent is driven (not in its inputs: those become `Verdict::Unknown`).
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// A completion that answers no open request.
    #[error("completion for {camera} at {image_stamp} answers no open request")]
    UnexpectedCompletion {
        /// Camera of the completion.
        camera: StreamId,
        /// Image stamp of the completion.
        image_stamp: Stamp,
    },
}

/// A question that cannot be put.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// There is nothing to look at.
    #[error(transparent)]
    View(#[from] NoView),
    /// No prompt can be made of it.
    #[error(transparent)]
    Prompt(#[from] TemplateError),
}

/// One robot's agent.
#[derive(Debug)]
pub struct Agent {
    fusion: Fusion,
    reasoner: Reasoner,
    policy: Policy,
    /// The one request that is with the model. While it is set, frames wait in fusion's mailboxes of one.
    pending: Option<Pending>,
    /// The clock went back while the request was with the model: its answer belongs to another time.
    is_pending_void: bool,
    /// Why there is no model, while there is none: frames are then unknown, with this reason, and nothing is asked.
    unasked: Option<String>,
}

impl Agent {
    /// An agent from its stages.
    pub fn new(fusion: Fusion, reasoner: Reasoner, policy: Policy) -> Self {
        Self { fusion, reasoner, policy, pending: None, is_pending_void: false, unasked: None }
    }

    /// The fusion stage, for its counts and stream health.
    pub fn fusion(&self) -> &Fusion {
        &self.fusion
    }

    /// The decision that holds now.
    pub fn decision(&self) -> &Decision {
        self.policy.current()
    }

    /// Whether a request is with the model.
    pub fn is_waiting_for_the_model(&self) -> bool {
        self.pending.is_some()
    }

    /// The request for a question about what `camera` (a topic; `None`: whichever has the newest picture) shows now. An empty question is the
    /// standing one of the parameters. It stands beside the flow: neither the question nor its answer changes a decision, a record or the next look.
    ///
    /// # Errors
    /// [`QuestionError`].
    pub fn question(&self, now: Stamp, camera: Option<&str>, question: &str) -> Result<(VlmRequest, Pending), QuestionError> {
        let observation = self.fusion.view(now, camera)?;
        let question = Some(question).filter(|question| !question.trim().is_empty());
        Ok(self.reasoner.request(&observation, question)?)
    }

    /// What the answer to such a question says.
    pub fn answer(&self, pending: &Pending, completion: &Completion) -> Assessment {
        self.reasoner.assess(pending, completion)
    }

    /// What is said of such a question that has no answer.
    pub fn unanswered(&self, pending: &Pending, now: Stamp, reason: &str) -> Assessment {
        self.reasoner.unjudged(&pending.camera, pending.image_stamp, pending.image_arrived, now, reason)
    }

    /// Advances by one event.
    ///
    /// # Errors
    /// [`AgentError`] when the driver broke the protocol.
    pub fn step(&mut self, event: Event) -> Result<Vec<Effect>, AgentError> {
        let mut effects = Vec::new();
        let now = event.stamp();
        match event {
            Event::Reading { stream, reading, sha256, .. } => self.take_reading(now, &stream, reading, sha256, &mut effects),
            Event::Rejected { stream, fault, .. } => {
                effects.push(journal(now, JournalKind::Rejected, stream.as_str(), fault));
            }
            Event::Tick { .. } => decide(self.policy.tick(now), &mut effects),
            Event::Level { level, reason, .. } => {
                let detail = format!("{level}: {reason}");
                self.unasked = (level == Level::ReflexOnly).then(|| detail.clone());
                effects.push(journal(now, JournalKind::Level, "", detail));
            }
            Event::Completion(completion) => self.take_completion(&completion, &mut effects)?,
        }
        match self.unasked.clone() {
            None => self.look(now, &mut effects),
            Some(reason) => self.pass_over(now, &reason, &mut effects),
        }
        Ok(effects)
    }

    fn take_reading(&mut self, now: Stamp, stream: &StreamId, reading: Reading, sha256: Sha256, effects: &mut Vec<Effect>) {
        // A picture (cheap to clone) is news to the policy only when its camera is watched, which fusion knows.
        let picture = matches!(reading, Reading::Image(_)).then(|| reading.clone());
        if picture.is_none() {
            decide(self.policy.reading(now, stream, &reading), effects);
        }
        let (kind, detail) = match self.fusion.insert(now, stream, reading, sha256) {
            // A picture of a camera that is not watched must not make the policy wait for its assessment.
            Insert::NotSelected => return,
            Insert::Accepted | Insert::OutOfOrder { .. } => (None, String::new()),
            Insert::TooOld { by_secs } => {
                (Some(JournalKind::Rejected), format!("reading dropped: {by_secs:.3} s older than the buffer reaches back"))
            }
            Insert::Refused { fault } => (Some(JournalKind::Rejected), fault.to_string()),
            Insert::StreamRestarted { by_secs } => (
                Some(JournalKind::ClockJump),
                format!("stamps of the stream went back by {by_secs:.3} s: its earlier readings are forgotten"),
            ),
            Insert::ClockJumpedBack { by_secs } => {
                self.is_pending_void = self.pending.is_some();
                decide(Some(self.policy.clock_jumped(now)), effects);
                (Some(JournalKind::ClockJump), format!("the event clock went back by {by_secs:.3} s: everything before is forgotten"))
            }
        };
        if let Some(kind) = kind {
            effects.push(journal(now, kind, stream.as_str(), detail));
        }
        if let Some(picture) = picture {
            decide(self.policy.reading(now, stream, &picture), effects);
        }
    }

    fn take_completion(&mut self, completion: &Completion, effects: &mut Vec<Effect>) -> Result<(), AgentError> {
        let pending = self
            .pending
            .take_if(|pending| pending.image_stamp == completion.image_stamp && pending.camera == completion.camera)
            .ok_or_else(|| AgentError::UnexpectedCompletion { camera: completion.camera.clone(), image_stamp: completion.image_stamp })?;
        if std::mem::take(&mut self.is_pending_void) {
            let text = "the clock went back while the model was answering".to_owned();
            let void = Completion { text, finish: Finish::Error, verdict_probabilities: None, ..completion.clone() };
            self.conclude(&pending, &void, effects);
        } else {
            self.conclude(&pending, completion, effects);
        }
        Ok(())
    }

    /// From completion to decision.
    fn conclude(&mut self, pending: &Pending, completion: &Completion, effects: &mut Vec<Effect>) {
        let assessment = self.reasoner.assess(pending, completion);
        if assessment.verdict == Verdict::Unknown {
            // A frame that could not be judged is no reference: the next one must be looked at whatever it shows.
            self.fusion.forget(&assessment.camera);
        }
        let detail = format!("{} ({})", assessment.verdict, assessment.fault.as_deref().unwrap_or(completion.finish.word()));
        effects.push(Effect::Journal(JournalEntry {
            stamp: completion.arrived,
            kind: JournalKind::Completion,
            topic: assessment.camera.as_str().to_owned(),
            source_stamp: Some(assessment.image_stamp),
            content_sha256: Some(completion.image_sha256),
            detail,
        }));
        let decision = self.policy.assessment(&assessment);
        effects.push(Effect::Assessed(Box::new(assessment)));
        decide(Some(decision), effects);
    }

    /// Starts the next request when the model is free: always on the newest frame of the camera that waited longest.
    fn look(&mut self, now: Stamp, effects: &mut Vec<Effect>) {
        while self.pending.is_none() {
            let (kind, camera, stamp, detail) = match self.fusion.look(now) {
                Look::Nothing => return,
                Look::Ready { observation, .. } => {
                    self.request(now, observation, effects);
                    continue;
                }
                Look::Skipped { camera, stamp, reason, .. } => (JournalKind::Gated, camera, stamp, reason),
                Look::Undecodable { camera, stamp, fault } => (JournalKind::Rejected, camera, stamp, fault.to_string()),
                Look::Stale { camera, stamp, age_secs } => {
                    (JournalKind::Gated, camera, stamp, format!("frame is {age_secs:.3} s old, too old to judge"))
                }
            };
            effects.push(Effect::Journal(JournalEntry {
                stamp: now,
                kind,
                topic: camera.as_str().to_owned(),
                source_stamp: Some(stamp),
                content_sha256: None,
                detail,
            }));
        }
    }

    /// Without a model every frame that would be looked at is unknown, as often as it would be looked at: silence would have to expire first.
    fn pass_over(&mut self, now: Stamp, reason: &str, effects: &mut Vec<Effect>) {
        // The answer under way comes first, as it does for the next request.
        while self.pending.is_none()
            && let Some(frame) = self.fusion.pass_over(now)
        {
            self.fusion.forget(&frame.camera);
            effects.push(Effect::Journal(JournalEntry {
                stamp: now,
                kind: JournalKind::Gated,
                topic: frame.camera.as_str().to_owned(),
                source_stamp: Some(frame.stamp),
                content_sha256: Some(frame.sha256),
                detail: reason.to_owned(),
            }));
            let assessment = self.reasoner.unjudged(&frame.camera, frame.stamp, frame.arrived, now, reason);
            let decision = self.policy.assessment(&assessment);
            effects.push(Effect::Assessed(Box::new(assessment)));
            decide(Some(decision), effects);
        }
    }

    fn request(&mut self, now: Stamp, observation: Box<Observation>, effects: &mut Vec<Effect>) {
        let (camera, source_stamp, image_sha256) = (observation.camera.clone(), observation.stamp, observation.image_sha256);
        effects.push(Effect::Journal(JournalEntry {
            stamp: now,
            kind: JournalKind::Request,
            topic: camera.as_str().to_owned(),
            source_stamp: Some(source_stamp),
            content_sha256: Some(image_sha256),
            detail: observation.context_text.clone(),
        }));
        self.fusion.assessed(&camera, source_stamp);
        match self.reasoner.request(&observation, None) {
            Ok((request, pending)) => {
                self.pending = Some(pending);
                effects.push(Effect::Request { stamp: now, request: Box::new(request), observation });
            }
            Err(error) => {
                // The template rendered at start-up and not with this prompt: an answer that failed, like any other.
                let pending = self.reasoner.pending_without_prompt(&observation);
                let completion = Completion {
                    image_stamp: source_stamp,
                    camera,
                    prompt_sha256: pending.prompt_sha256,
                    image_sha256,
                    model_sha256: Sha256::default(),
                    adapter: None,
                    is_model_trained: true,
                    text: error.to_string(),
                    tokens: 0,
                    finish: Finish::Error,
                    verdict_probabilities: None,
                    arrived: now,
                    timings: Timings::default(),
                };
                self.conclude(&pending, &completion, effects);
            }
        }
    }
}

fn decide(decision: Option<Decision>, effects: &mut Vec<Effect>) {
    let Some(decision) = decision else { return };
    let detail = format!("{}, {}: {}", decision.verdict, decision.response, decision.reasons.join("; "));
    effects.push(Effect::Journal(JournalEntry {
        stamp: decision.stamp,
        kind: JournalKind::Decision,
        topic: String::new(),
        source_stamp: decision.image_stamp,
        content_sha256: None,
        detail,
    }));
    effects.push(Effect::Decided(Box::new(decision)));
}

fn journal(stamp: Stamp, kind: JournalKind, topic: &str, detail: String) -> Effect {
    Effect::Journal(JournalEntry { stamp, kind, topic: topic.to_owned(), source_stamp: None, content_sha256: None, detail })
}
