//! What waits for the model and what is with it. In -> out: requests, cancels and exchanges -> the next thing to do. Deliberately absent:
//! waiting and the model itself.

use super::{Priority, Reply, Told};
use crate::LlamaVlm;
use crate::alarm::Alarm;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;
use vedette_reasoning::{ModelCard, VlmAnswer, VlmRequest};

/// Makes the next model, or says why there is none.
pub(super) type Load = Box<dyn FnOnce() -> Result<LlamaVlm, String> + Send>;

/// A request that was handed in.
pub(super) struct Job {
    pub(super) number: u64,
    pub(super) priority: Priority,
    pub(super) request: VlmRequest,
    pub(super) due: Option<Instant>,
    pub(super) sender: SyncSender<Reply>,
    /// After the sender: the reply is there, or its channel closed, when the caller is told.
    #[expect(dead_code, reason = "it does its work when it is dropped")]
    pub(super) at_end: AtEnd,
}

/// Tells the caller when it is dropped.
pub(super) struct AtEnd(Option<Told>);

impl AtEnd {
    pub(super) fn new(told: Told) -> Self {
        Self(Some(told))
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(told) = self.0.take() {
            told();
        }
    }
}

/// A self-test that somebody wants.
pub(super) struct Test {
    pub(super) sender: SyncSender<Result<Arc<ModelCard>, String>>,
    pub(super) at_end: AtEnd,
}

impl Test {
    pub(super) fn end(self, outcome: Result<Arc<ModelCard>, String>) {
        // The caller may have gone.
        let _ = self.sender.try_send(outcome);
        drop(self.at_end);
    }
}

impl Job {
    pub(super) fn reply(&self, answer: VlmAnswer, card: &Arc<ModelCard>) {
        // The caller may have gone; a second reply does not happen.
        let _ = self.sender.try_send(Reply { answer, card: Arc::clone(card) });
    }
}

/// The request that is with the model, and how to end it.
struct Running {
    number: u64,
    priority: Priority,
    alarm: Arc<Alarm>,
    call: u64,
    /// It was ended for something more urgent and is wanted still.
    is_put_off: bool,
}

/// The next thing to do.
#[expect(clippy::large_enum_variant, reason = "handed over once and never kept")]
pub(super) enum Next {
    Answer(Job),
    Test(Test),
    Exchange(Load),
    Close,
}

pub(super) struct Queue {
    card: Arc<ModelCard>,
    question: Option<Job>,
    hazard: Option<Job>,
    urgent: Option<Job>,
    test: Option<Test>,
    running: Option<Running>,
    exchange: Option<Load>,
    is_loading: bool,
    /// Why the last exchange left no model.
    fault: Option<String>,
    is_closed: bool,
    last_number: u64,
}

impl Queue {
    pub(super) fn new(card: Arc<ModelCard>) -> Self {
        let (question, hazard, urgent, test, running, exchange) = (None, None, None, None, None, None);
        Self { card, question, hazard, urgent, test, running, exchange, is_loading: false, fault: None, is_closed: false, last_number: 0 }
    }

    /// The model that answers, or the last one that did.
    pub(super) fn card(&self) -> &Arc<ModelCard> {
        &self.card
    }

    fn slot(&mut self, priority: Priority) -> &mut Option<Job> {
        match priority {
            Priority::Question => &mut self.question,
            Priority::Hazard => &mut self.hazard,
            Priority::Next => &mut self.urgent,
        }
    }

    /// Takes the place of a waiting request of the same priority, and puts off a running question for anything more urgent.
    pub(super) fn submit(&mut self, job: Job) -> u64 {
        self.last_number += 1;
        let (number, priority) = (self.last_number, job.priority);
        if self.is_closed {
            // Dropping the job tells the caller.
            return number;
        }
        if let Some(older) = self.slot(priority).replace(Job { number, ..job }) {
            older.reply(VlmAnswer::failed("a newer request took its place before it had begun"), &self.card);
        }
        self.put_off_running(|running| running.priority == Priority::Question && priority > Priority::Question);
        number
    }

    fn put_off_running(&mut self, which: impl Fn(&Running) -> bool) {
        if let Some(running) = self.running.as_mut().filter(|running| which(running)) {
            running.is_put_off = true;
            running.alarm.cancel(running.call);
        }
    }

    /// Nobody waits for the request any more.
    pub(super) fn cancel(&mut self, number: u64) {
        for slot in [&mut self.question, &mut self.hazard, &mut self.urgent] {
            slot.take_if(|job| job.number == number);
        }
        if let Some(running) = self.running.as_mut().filter(|running| running.number == number) {
            running.is_put_off = false;
            running.alarm.cancel(running.call);
        }
    }

    /// Takes the place of a test that waits.
    pub(super) fn test(&mut self, test: Test) {
        if !self.is_closed {
            self.test = Some(test);
        }
    }

    pub(super) fn exchange(&mut self, load: Load) {
        self.fault = None;
        self.exchange = Some(load);
        self.put_off_running(|_| true);
    }

    pub(super) fn close(&mut self) {
        self.is_closed = true;
        self.question = None;
        self.hazard = None;
        self.urgent = None;
        self.test = None;
        self.exchange = None;
        if let Some(running) = &self.running {
            running.alarm.cancel(running.call);
        }
    }

    /// A request that is taken out is with the model from then on, as the call that `handle` names; without a model nothing can end it.
    pub(super) fn next(&mut self, handle: Option<&(Arc<Alarm>, u64)>) -> Option<Next> {
        if self.is_closed {
            return Some(Next::Close);
        }
        if let Some(load) = self.exchange.take() {
            self.is_loading = true;
            return Some(Next::Exchange(load));
        }
        let job = match self.urgent.take().or_else(|| self.hazard.take()) {
            Some(job) => job,
            None => match self.test.take() {
                Some(test) => return Some(Next::Test(test)),
                None => self.question.take()?,
            },
        };
        self.running = handle.map(|(alarm, call)| {
            let (number, priority, alarm, call) = (job.number, job.priority, Arc::clone(alarm), *call);
            Running { number, priority, alarm, call, is_put_off: false }
        });
        Some(Next::Answer(job))
    }

    /// The model has answered. A request that was put off waits again, unless a newer one waits in its place.
    pub(super) fn end(&mut self, job: Job, answer: VlmAnswer, was_cancelled: bool) {
        let is_put_off = self.running.take().is_some_and(|running| running.is_put_off);
        if !(was_cancelled && is_put_off) || self.is_closed {
            job.reply(answer, &self.card);
        } else if self.slot(job.priority).is_some() {
            job.reply(VlmAnswer::failed("a newer request took its place while it was put off"), &self.card);
        } else {
            let priority = job.priority;
            *self.slot(priority) = Some(job);
        }
    }

    /// The exchange is done: the new model, or why there is none.
    pub(super) fn loaded(&mut self, outcome: Result<Arc<ModelCard>, String>) {
        self.is_loading = false;
        match outcome {
            Ok(card) => self.card = card,
            // What was wanted since will tell for itself: a model that was dropped late is no fault of the one that comes back.
            Err(_) if self.exchange.is_some() => {}
            Err(reason) => self.fault = Some(reason),
        }
    }

    pub(super) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// How many tokens of its answer a request has; `None` where it is not with the model.
    pub(super) fn progress(&self, number: u64) -> Option<u32> {
        let running = self.running.as_ref().filter(|running| running.number == number)?;
        Some(running.alarm.tokens(running.call))
    }

    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    pub(super) fn is_exchanging(&self) -> bool {
        self.is_loading || self.exchange.is_some()
    }
}
