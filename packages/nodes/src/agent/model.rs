//! The model behind the agent. In -> out: one question at a time, and one of somebody else beside it -> its answer, or at its deadline the word
//! that there is none, whatever the model is doing; looks at the machine -> steps of the ladder. The model has a thread of its own and says when there is something to take.
//! Deliberately absent: the node's time. An answer's arrival is stamped by whoever takes it.

use anyhow::Result;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;
use vedette_llama::ladder::{LadderParams, LevelChange};
use vedette_llama::machine::MachineReading;
use vedette_llama::{LlamaParams, Priority, Runtime, Ticket, configured};
use vedette_reasoning::{ModelCard, Vlm as _, VlmAnswer, VlmRequest};
use vedette_types::{Completion, Finish, Level, Stamp};

/// Says to the node that there is something to take.
pub(super) type Wakes = Arc<dyn Fn() + Send + Sync>;

/// Dropped, the thread ends after the step that it is at.
pub(super) struct Model {
    runtime: Runtime,
    wakes: Wakes,
    asked: Option<(VlmRequest, Ticket)>,
    /// Somebody's question beside those of the flow.
    aside: Option<(VlmRequest, Ticket)>,
    /// The shortest time that an answer ever took.
    fastest_millis: Option<f64>,
    period_secs: f64,
    /// Steady time of the last look at the machine.
    looked: Option<Stamp>,
}

impl Model {
    /// Loads the model that the parameters mean; one that fails its self-test is refused.
    pub(super) fn start(params: &LlamaParams, ladder: &LadderParams, wakes: Wakes) -> Result<Self> {
        let runtime = configured::start(params, ladder)?;
        Ok(Self { runtime, wakes, asked: None, aside: None, fastest_millis: None, period_secs: ladder.period_secs, looked: None })
    }

    /// The model of the first rung; the others have its chat template.
    pub(super) fn card(&self) -> &ModelCard {
        self.runtime.engine().card()
    }

    /// Puts a question, in place of the one before.
    pub(super) fn ask(&mut self, request: VlmRequest) {
        let wakes = Arc::clone(&self.wakes);
        let ticket = self.runtime.engine().submit_telling(request.clone(), Priority::Hazard, Box::new(move || wakes()));
        self.asked = Some((request, ticket));
    }

    /// Puts somebody's question beside those of the flow, in place of the one before.
    pub(super) fn ask_aside(&mut self, request: VlmRequest, priority: Priority) {
        let wakes = Arc::clone(&self.wakes);
        let ticket = self.runtime.engine().submit_telling(request.clone(), priority, Box::new(move || wakes()));
        self.aside = Some((request, ticket));
    }

    /// When a question that is open will have no answer any more.
    pub(super) fn due(&self) -> Option<Instant> {
        [&self.asked, &self.aside].into_iter().flatten().filter_map(|(_, ticket)| ticket.due()).min()
    }

    /// The answer, where it is there or will not come.
    pub(super) fn take(&mut self, now: Stamp) -> Option<Completion> {
        let reply = self.asked.as_ref().and_then(|(_, ticket)| ticket.try_take())?;
        let (request, _) = self.asked.take()?;
        self.runtime.answered(reply.answer.finish);
        self.time(&reply.answer);
        Some(reply.answer.into_completion(&request, &reply.card, now))
    }

    /// The answer to somebody's question, where it is there or will not come. How it ended says nothing of the machine: its deadline was theirs.
    pub(super) fn take_aside(&mut self, now: Stamp) -> Option<Completion> {
        let reply = self.aside.as_ref().and_then(|(_, ticket)| ticket.try_take())?;
        let (request, _) = self.aside.take()?;
        self.time(&reply.answer);
        Some(reply.answer.into_completion(&request, &reply.card, now))
    }

    /// The tokens of the answer to somebody's question so far; `None` while it is not with the model.
    pub(super) fn progress_aside(&self) -> Option<u32> {
        self.aside.as_ref().and_then(|(_, ticket)| ticket.progress())
    }

    /// Somebody's question is withdrawn.
    pub(super) fn forget_aside(&mut self) {
        self.aside = None;
    }

    /// The shortest time that an answer took, milliseconds; `None` where there was none.
    pub(super) fn fastest_millis(&self) -> Option<f64> {
        self.fastest_millis
    }

    fn time(&mut self, answer: &VlmAnswer) {
        if answer.finish == Finish::Stop {
            let millis = answer.timings.total_millis;
            self.fastest_millis = Some(self.fastest_millis.map_or(millis, |fastest| fastest.min(millis)));
        }
    }

    /// The question that is open fails with `reason`.
    pub(super) fn give_up(&mut self, now: Stamp, reason: &str) -> Option<Completion> {
        let (request, _) = self.asked.take()?;
        Some(VlmAnswer::failed(reason).into_completion(&request, self.card(), now))
    }

    /// The question that is open is withdrawn.
    pub(super) fn forget(&mut self) {
        self.asked = None;
    }

    /// One look at the machine, where the last one is a period ago. `steady` is time that never jumps, whatever the node's time is.
    pub(super) fn watch(&mut self, steady: Stamp) -> Option<LevelChange> {
        if self.looked.is_some_and(|looked| steady.secs_since(looked) < self.period_secs) {
            return None;
        }
        self.looked = Some(steady);
        self.runtime.watch(steady)
    }

    /// How much of the model runtime works.
    pub(super) fn level(&self) -> Level {
        self.runtime.level()
    }

    /// The machine at the last look.
    pub(super) fn machine(&self) -> &MachineReading {
        self.runtime.reading()
    }

    /// Begins a self-test; its outcome is the model that passed, or why there is none.
    pub(super) fn test(&self) -> Receiver<Result<Arc<ModelCard>, String>> {
        let wakes = Arc::clone(&self.wakes);
        self.runtime.engine().self_test(Box::new(move || wakes()))
    }

    /// Exchanges the model, for tests that need it busy with that.
    #[cfg(test)]
    pub(super) fn replace(
        &self,
        load: impl FnOnce() -> std::result::Result<vedette_llama::LlamaVlm, vedette_llama::LlamaError> + Send + 'static,
    ) {
        self.runtime.engine().replace(load);
    }
}
