//! The model on a thread of its own. In -> out: one question at a time -> its answer, and the node is woken. The agent asks no second
//! question before the first is answered, so both mailboxes hold one.
//! Deliberately absent: time. The answer's arrival is stamped by whoever takes it.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths, shipped};
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
    /// Loads the model that the parameters name, else the one that comes with the program.
    pub(super) fn start(params: &LlamaParams, wake: Wake) -> Result<Self> {
        let mut vlm = LlamaVlm::load(&pair(params)?, params).context("cannot load the model")?;
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

fn pair(params: &LlamaParams) -> Result<PairPaths> {
    match (params.model.as_str(), params.mmproj.as_str()) {
        ("", "") => {
            let folder = cache_folder().join("models");
            shipped::write_default_pair(&folder).with_context(|| format!("cannot write the built-in model to {}", folder.display()))
        }
        (model, mmproj) if !model.is_empty() && !mmproj.is_empty() => {
            Ok(PairPaths { model: PathBuf::from(model), mmproj: PathBuf::from(mmproj) })
        }
        _ => bail!("a model is a pair: set both llama.model and llama.mmproj, or neither"),
    }
}

/// As the `vedette` command: `$XDG_CACHE_HOME/vedette`, `~/.cache/vedette`, else below the system's temporary folder.
#[expect(clippy::disallowed_methods, reason = "the XDG base directories are environment variables")]
fn cache_folder() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")));
    base.unwrap_or_else(std::env::temp_dir).join("vedette")
}
