//! The virtual clock: merges inputs, ticks and completions into one order and feeds them to the agent. At equal times a completion goes
//! first, then the tick, then the input: what was under way ends before new things begin.

use crate::{Agent, AgentError, AgentParams, AnswerError, Answers, Effect, Event};
use vedette_types::{Completion, Stamp};

/// An hour, the longest validity that a parameter of the policy allows.
const LONGEST_TICKED_GAP_NANOS: i64 = 3600 * 1_000_000_000;

/// Takes what the agent does, in order.
pub trait Sink {
    /// What can go wrong with it.
    type Error;

    /// One effect.
    ///
    /// # Errors
    /// When it cannot be taken; the run ends.
    fn effect(&mut self, effect: &Effect) -> Result<(), Self::Error>;

    /// One completion, as it arrives and before the effects it causes.
    ///
    /// # Errors
    /// When it cannot be taken; the run ends.
    fn completion(&mut self, completion: &Completion) -> Result<(), Self::Error>;
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum DriveError<E> {
    /// The driver or the agent broke the protocol between them.
    #[error(transparent)]
    Agent(AgentError),
    /// There is no answer to a request.
    #[error(transparent)]
    Answer(AnswerError),
    /// The sink failed.
    #[error("{0}")]
    Sink(E),
}

/// Drives an agent on the virtual clock.
#[derive(Debug)]
pub struct Driver<A> {
    agent: Agent,
    answers: A,
    tick_nanos: i64,
    next_tick: Option<Stamp>,
    on_its_way: Option<Completion>,
}

impl<A: Answers> Driver<A> {
    /// A driver at rest: the clock starts with the first event.
    pub fn new(agent: Agent, answers: A, params: &AgentParams) -> Self {
        // The range check of the parameter keeps this between 1 ms and 1 s.
        let tick_nanos = ((1e9 / params.tick_hz) as i64).max(1);
        Self { agent, answers, tick_nanos, next_tick: None, on_its_way: None }
    }

    /// The agent.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// When the answer that is on its way arrives, where one is. Until then a frame only waits: a later one replaces it unseen.
    pub fn answer_due(&self) -> Option<Stamp> {
        self.on_its_way.as_ref().map(|completion| completion.arrived)
    }

    /// Feeds one input, after everything that is due up to its time.
    ///
    /// # Errors
    /// [`DriveError`]; the driver must not be used afterwards.
    pub fn feed<S: Sink>(&mut self, event: Event, sink: &mut S) -> Result<(), DriveError<S::Error>> {
        let now = event.stamp();
        let next_tick = *self.next_tick.get_or_insert(first_tick_after(now, self.tick_nanos));
        if now.nanos_since(next_tick) > LONGEST_TICKED_GAP_NANOS {
            // Everything that can expire has expired by then; ticking through the rest of a gap of years would take hours.
            self.run_until(next_tick.plus_nanos(LONGEST_TICKED_GAP_NANOS), sink)?;
            self.next_tick = Some(first_tick_after(now.plus_nanos(-self.tick_nanos), self.tick_nanos));
        }
        self.run_until(now, sink)?;
        self.step(event, sink)
    }

    /// Ends the run: the answer that is still on its way arrives, and so do those to the frames that waited behind it (at most one a
    /// camera), with the ticks in between.
    ///
    /// # Errors
    /// As [`Self::feed`].
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), DriveError<S::Error>> {
        while let Some(arrived) = self.on_its_way.as_ref().map(|completion| completion.arrived) {
            self.run_until(arrived, sink)?;
        }
        Ok(())
    }

    fn run_until<S: Sink>(&mut self, now: Stamp, sink: &mut S) -> Result<(), DriveError<S::Error>> {
        loop {
            let completion_at = self.on_its_way.as_ref().map(|completion| completion.arrived).filter(|at| *at <= now);
            let tick_at = self.next_tick.filter(|at| *at <= now);
            match (completion_at, tick_at) {
                (None, None) => return Ok(()),
                (Some(completion), Some(tick)) if tick < completion => self.tick(tick, sink)?,
                (None, Some(tick)) => self.tick(tick, sink)?,
                (Some(_), _) => {
                    if let Some(completion) = self.on_its_way.take() {
                        sink.completion(&completion).map_err(DriveError::Sink)?;
                        self.step(Event::Completion(Box::new(completion)), sink)?;
                    }
                }
            }
        }
    }

    fn tick<S: Sink>(&mut self, stamp: Stamp, sink: &mut S) -> Result<(), DriveError<S::Error>> {
        self.next_tick = Some(stamp.plus_nanos(self.tick_nanos));
        self.step(Event::Tick { stamp }, sink)
    }

    fn step<S: Sink>(&mut self, event: Event, sink: &mut S) -> Result<(), DriveError<S::Error>> {
        for effect in self.agent.step(event).map_err(DriveError::Agent)? {
            sink.effect(&effect).map_err(DriveError::Sink)?;
            if let Effect::Request { stamp, request, .. } = &effect {
                self.on_its_way = Some(self.answers.answer(request, *stamp).map_err(DriveError::Answer)?);
            }
        }
        Ok(())
    }
}

/// Ticks lie on multiples of the period, so that their times do not depend on where a bag begins.
fn first_tick_after(now: Stamp, tick_nanos: i64) -> Stamp {
    let into_period = now.nanos().rem_euclid(tick_nanos);
    now.plus_nanos(tick_nanos - into_period)
}
