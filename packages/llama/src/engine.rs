//! One model for several callers: each has its answer, or the word that there is none, at its deadline, whatever the model is doing.
//!
//! In -> out: requests with a priority -> replies. The model runs on a thread of its own. Of each priority one request waits and the newest
//! wins; whatever is more urgent takes the model away from a question, which waits and begins anew. Deliberately absent: kept answers, and who asks.

mod queue;
mod work;

use crate::halt::now;
use crate::{LlamaError, LlamaVlm};
use queue::{AtEnd, Job, Queue, Test};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use vedette_reasoning::{ModelCard, Vlm, VlmAnswer, VlmRequest};
use vedette_types::{Finish, Timings};
use work::Model;

/// Who goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A person's question.
    Question,
    /// The standing look for hazards.
    Hazard,
    /// A person's question that cannot wait: before the following look for hazards. The look under way is finished first.
    Next,
}

/// What comes back for a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The answer; `Finish::Deadline` at the deadline, `Finish::Error` with the reason where a newer request took the place.
    pub answer: VlmAnswer,
    /// The model that answered, or would have.
    pub card: Arc<ModelCard>,
}

/// Called once a reply is there, or will never be: for callers that wait for other things as well. It must not call the engine.
pub type Told = Box<dyn FnOnce() + Send>;

/// The model's thread and its queue.
pub struct Engine {
    shared: Arc<Shared>,
    card: Arc<ModelCard>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics while it holds the lock; were it so, every field would still be sound.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Takes over `vlm`.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(vlm: LlamaVlm) -> io::Result<Self> {
        let card = Arc::new(vlm.card().clone());
        let shared = Arc::new(Shared { queue: Mutex::new(Queue::new(Arc::clone(&card))), work: Condvar::new() });
        let theirs = Arc::clone(&shared);
        let thread = Builder::new().name("vedette-vlm".to_owned()).spawn(move || work::work(&theirs, Model::Loaded(vlm)))?;
        Ok(Self { shared, card, thread: Some(thread) })
    }

    /// Hands in a request. Its deadline counts from now. A waiting request of the same priority is superseded.
    pub fn submit(&self, request: VlmRequest, priority: Priority) -> Ticket {
        self.submit_telling(request, priority, Box::new(|| {}))
    }

    /// As [`Self::submit`]; `told` is called when there is something to take. It is not called at the deadline, which is [`Ticket::due`].
    pub fn submit_telling(&self, request: VlmRequest, priority: Priority, told: Told) -> Ticket {
        let (sender, receiver) = sync_channel(1);
        let due = request.deadline_millis.and_then(|millis| now().checked_add(Duration::from_millis(millis)));
        let mut queue = self.shared.queue();
        let number = queue.submit(Job { number: 0, priority, request, due, sender, at_end: AtEnd::new(told) });
        let ticket = Ticket { shared: Arc::clone(&self.shared), number, due, receiver, card: Arc::clone(queue.card()) };
        drop(queue);
        self.shared.work.notify_one();
        ticket
    }

    /// Exchanges the model: the one there is is dropped first, for its memory. Until the new one is there requests wait; if it does not load
    /// they fail with the reason. The request under way begins anew with the new model.
    pub fn replace(&self, load: impl FnOnce() -> Result<LlamaVlm, LlamaError> + Send + 'static) {
        self.command(Box::new(|| load().map_err(|error| error.to_string())));
    }

    /// Drops the model and its memory; requests fail with `reason` until [`Self::replace`].
    pub fn unload(&self, reason: &str) {
        let reason = reason.to_owned();
        self.command(Box::new(move || Err(reason)));
    }

    fn command(&self, load: queue::Load) {
        self.shared.queue().exchange(load);
        self.shared.work.notify_one();
    }

    /// Runs the self-test, between two requests and before a question; what passed before does not count. The outcome is the model that passed,
    /// or the reason; a test that waits is replaced by a newer one, and its receiver then has no sender.
    pub fn self_test(&self, told: Told) -> Receiver<Result<Arc<ModelCard>, String>> {
        let (sender, receiver) = sync_channel(1);
        self.shared.queue().test(Test { sender, at_end: AtEnd::new(told) });
        self.shared.work.notify_one();
        receiver
    }

    /// Why there is no model, where [`Self::replace`] failed.
    pub fn fault(&self) -> Option<String> {
        self.shared.queue().fault().map(str::to_owned)
    }

    /// Whether a request is with the model.
    pub fn is_busy(&self) -> bool {
        self.shared.queue().is_busy()
    }

    /// Whether a model is being exchanged or waits for it.
    pub fn is_exchanging(&self) -> bool {
        self.shared.queue().is_exchanging()
    }
}

impl Drop for Engine {
    /// Ends the call under way; requests that wait are told so.
    fn drop(&mut self) {
        self.shared.queue().close();
        self.shared.work.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ends without a result, whatever became of it.
            let _ = thread.join();
        }
    }
}

/// As hazard checks, one after the other.
impl Vlm for Engine {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn answer(&mut self, request: &VlmRequest) -> VlmAnswer {
        self.submit(request.clone(), Priority::Hazard).wait().answer
    }
}

/// A request that was handed in. Dropping it cancels the request.
pub struct Ticket {
    shared: Arc<Shared>,
    number: u64,
    due: Option<Instant>,
    receiver: Receiver<Reply>,
    card: Arc<ModelCard>,
}

impl Ticket {
    /// Waits for the reply, at most until the deadline of the request; then the request is cancelled.
    pub fn wait(self) -> Reply {
        let received = match self.due {
            None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => self.receiver.recv_timeout(due.saturating_duration_since(now())),
        };
        received.unwrap_or_else(|missing| {
            let answer = match missing {
                RecvTimeoutError::Timeout => late(),
                RecvTimeoutError::Disconnected => ended(),
            };
            Reply { answer, card: Arc::clone(&self.card) }
        })
    }

    /// When there will be no answer any more.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The tokens of the answer so far; `None` while the request is not with the model.
    pub fn progress(&self) -> Option<u32> {
        self.shared.queue().progress(self.number)
    }

    /// The reply, if it is there or the deadline has passed. The request is cancelled when the ticket is dropped.
    pub fn try_take(&self) -> Option<Reply> {
        let answer = match self.receiver.try_recv() {
            Ok(reply) => return Some(reply),
            Err(TryRecvError::Disconnected) => ended(),
            Err(TryRecvError::Empty) => self.due.filter(|due| *due <= now()).map(|_| late())?,
        };
        Some(Reply { answer, card: Arc::clone(&self.card) })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared.queue().cancel(self.number);
    }
}

/// What a caller gets when nobody will answer.
fn ended() -> VlmAnswer {
    VlmAnswer::failed("the model's thread has ended; load the model again")
}

/// What a caller gets at its deadline.
fn late() -> VlmAnswer {
    VlmAnswer { text: String::new(), tokens: 0, finish: Finish::Deadline, verdict_probabilities: None, timings: Timings::default() }
}
