//! The model on a thread of its own. In -> out: one question at a time -> its answer, and the node is woken. The agent asks no second
//! question before the first is answered, so both mailboxes hold one.
//! Deliberately absent: time. The answer's arrival is stamped by whoever takes it.

use anyhow::{Context, Result};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use vedette_llama::{LlamaParams, configured};
use vedette_reasoning::{ModelCard, Vlm, VlmAnswer, VlmRequest};
use vedette_ros::Wake;

/// A question with its answer.
pub(super) struct Answered {
    pub(super) request: VlmRequest,
    pub(super) answer: VlmAnswer,
    round: u64,
}

/// The thread's end here. Dropped, the thread ends after its present answer.
pub(super) struct Worker {
    card: ModelCard,
    questions: SyncSender<(u64, VlmRequest)>,
    answers: Receiver<Answered>,
    /// Questions of an earlier round were forgotten.
    round: u64,
}

impl Worker {
    /// Loads the model that the parameters mean; one that fails its self-test is refused.
    pub(super) fn start(params: &LlamaParams, wake: Wake) -> Result<Self> {
        let mut vlm = configured::load(params)?;
        let card = vlm.card().clone();
        // Two: a forgotten question may still be with the model when the next one comes.
        let (questions, asked) = sync_channel::<(u64, VlmRequest)>(2);
        let (sender, answers) = sync_channel(2);
        let work = move || {
            while let Ok((round, request)) = asked.recv() {
                let answer = vlm.answer(&request);
                if sender.send(Answered { request, answer, round }).is_err() {
                    return;
                }
                wake.wake();
            }
        };
        thread::Builder::new().name("vedette-model".to_owned()).spawn(work).context("cannot start the model's thread")?;
        Ok(Self { card, questions, answers, round: 0 })
    }

    /// What runs.
    pub(super) fn card(&self) -> &ModelCard {
        &self.card
    }

    /// Puts a question. A thread that is gone is said in the log; the question then stays open, and the policy calls that unknown.
    pub(super) fn ask(&self, request: VlmRequest) {
        if self.questions.try_send((self.round, request)).is_err() {
            tracing::error!("the model's thread takes no question; configure the node anew");
        }
    }

    /// The answer that arrived, where it is to a question of this round.
    pub(super) fn answered(&self) -> Option<Answered> {
        self.answers.try_iter().find(|answered| answered.round == self.round)
    }

    /// Questions so far are forgotten; their answers are dropped when they come.
    pub(super) fn forget(&mut self) {
        self.round += 1;
    }
}
