//! The model's thread. In -> out: the queue's next thing -> an answer to its caller, or another model.

use super::Shared;
use super::queue::{Job, Next};
use crate::LlamaVlm;
use crate::halt::now;
use crate::vlm::CANCELLED;
use std::sync::{Arc, PoisonError};
use vedette_reasoning::{Vlm, VlmAnswer, VlmRequest};
use vedette_types::Finish;

/// What the thread holds.
#[expect(clippy::large_enum_variant, reason = "there is one")]
pub(super) enum Model {
    Loaded(LlamaVlm),
    /// There is none, and why.
    Missing(String),
}

/// However the thread ends, nobody is left waiting for it.
struct CloseAtEnd<'a>(&'a Shared);

impl Drop for CloseAtEnd<'_> {
    fn drop(&mut self) {
        self.0.queue().close();
    }
}

pub(super) fn work(shared: &Shared, mut model: Model) {
    let _close = CloseAtEnd(shared);
    loop {
        match next(shared, &mut model) {
            Next::Close => return,
            Next::Exchange(load) => {
                // Dropped first: there may be no room for two.
                drop(std::mem::replace(&mut model, Model::Missing(String::new())));
                model = load().map_or_else(Model::Missing, Model::Loaded);
                let outcome = match &model {
                    Model::Loaded(vlm) => Ok(Arc::new(vlm.card().clone())),
                    Model::Missing(reason) => Err(reason.clone()),
                };
                shared.queue().loaded(outcome);
            }
            Next::Test(test) => test.end(match &mut model {
                Model::Loaded(vlm) => vlm.self_test(None).map(|_| Arc::new(vlm.card().clone())).map_err(|fault| fault.to_string()),
                Model::Missing(reason) => Err(missing(reason)),
            }),
            Next::Answer(job) => answer(shared, &mut model, job),
        }
    }
}

fn next(shared: &Shared, model: &mut Model) -> Next {
    let handle = match model {
        Model::Loaded(vlm) => Some((vlm.alarm(), vlm.reserve())),
        Model::Missing(_) => None,
    };
    let mut queue = shared.queue();
    loop {
        if let Some(next) = queue.next(handle.as_ref()) {
            return next;
        }
        queue = shared.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

fn answer(shared: &Shared, model: &mut Model, job: Job) {
    let deadline_millis = job.due.map(|due| u64::try_from(due.saturating_duration_since(now()).as_millis()).unwrap_or(u64::MAX));
    let answer = match model {
        Model::Loaded(vlm) => vlm.answer(&VlmRequest { deadline_millis, ..job.request.clone() }),
        Model::Missing(reason) => VlmAnswer::failed(missing(reason)),
    };
    let was_cancelled = answer.finish == Finish::Error && answer.text == CANCELLED;
    shared.queue().end(job, answer, was_cancelled);
}

fn missing(reason: &str) -> String {
    format!("no model is loaded: {reason}")
}
