//! The vision tower on a thread of its own. Encoding a picture cannot be interrupted: a call whose deadline passes meanwhile goes, the encode
//! goes on, and its embeddings are kept for the next call.
//!
//! In -> out: a tokenized prompt and the hash of its picture -> the embeddings. At most one picture waits, the newest; one that nobody waits
//! for any more is not begun. Deliberately absent: answers.

use crate::alarm::{Alarm, Bell};
use crate::embeddings::Embeddings;
use crate::halt::{Halt, fault};
use crate::vision::{Chunks, Tower};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use vedette_types::Sha256;

/// The thread and what it shares with the caller.
pub(crate) struct Encoder {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    alarm: Arc<Alarm>,
}

struct State {
    embeddings: Embeddings,
    /// The picture to encode next.
    waiting: Option<(Sha256, Arc<Chunks>)>,
    running: Option<Sha256>,
    /// The picture that the call under way waits for.
    wanted: Option<Sha256>,
    /// What became of it.
    done: Option<Result<Vec<f32>, String>>,
    encoded: u64,
    is_closing: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock; were it so, every field would still be sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Encoder {
    pub(crate) fn start(tower: Tower, embeddings: Embeddings, alarm: &Arc<Alarm>) -> io::Result<Self> {
        let state = State { embeddings, waiting: None, running: None, wanted: None, done: None, encoded: 0, is_closing: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), work: Condvar::new(), alarm: Arc::clone(alarm) });
        let theirs = Arc::clone(&shared);
        // What llama.cpp says there goes where it goes here.
        let log = tracing::dispatcher::get_default(Clone::clone);
        let begin = move || tracing::dispatcher::with_default(&log, || work(&theirs, tower));
        let thread = Builder::new().name("vedette-encode".to_owned()).spawn(begin)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Pictures that went through the tower, not counting the one that is being encoded.
    pub(crate) fn encoded_pictures(&self) -> u64 {
        self.shared.state().encoded
    }

    /// The embeddings of the one picture in `chunks`, whose pixels have this hash; waits for them until the alarm of the call is due.
    pub(crate) fn encode(&self, sha256: Sha256, chunks: &Arc<Chunks>, bell: &Bell) -> Result<Vec<f32>, Halt> {
        loop {
            {
                let mut state = self.shared.state();
                if let Some(kept) = state.embeddings.get(&sha256) {
                    let kept = kept.to_vec();
                    state.leave();
                    return Ok(kept);
                }
                if let Some(done) = state.done.take() {
                    state.leave();
                    return done.map_err(fault);
                }
                if let Err(halt) = self.shared.alarm.check() {
                    state.leave();
                    return Err(halt);
                }
                if state.wanted.is_none() {
                    state.wanted = Some(sha256);
                    if state.running != Some(sha256) {
                        state.waiting = Some((sha256, Arc::clone(chunks)));
                        self.shared.work.notify_one();
                    }
                }
            }
            bell.wait(&self.shared.alarm);
        }
    }
}

impl Drop for Encoder {
    /// Waits for the picture that is being encoded: the tower cannot be freed before.
    fn drop(&mut self) {
        self.shared.state().is_closing = true;
        self.shared.work.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ends without a result, whatever became of it.
            let _ = thread.join();
        }
    }
}

impl State {
    /// The call waits no more: neither begun nor handed over to a later call.
    fn leave(&mut self) {
        self.wanted = None;
        self.waiting = None;
        self.done = None;
    }
}

/// The thread: one picture after the other.
fn work(shared: &Shared, mut tower: Tower) {
    loop {
        let mut state = shared.state();
        let (sha256, chunks) = loop {
            if state.is_closing {
                return;
            }
            if let Some(job) = state.waiting.take() {
                break job;
            }
            state = shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.running = Some(sha256);
        drop(state);
        let encoded = tower.encode(&chunks).map_err(|fault| fault.to_string());
        let mut state = shared.state();
        state.running = None;
        state.encoded += 1;
        if let Ok(embeddings) = &encoded {
            state.embeddings.insert(sha256, embeddings);
        }
        if state.wanted == Some(sha256) {
            state.done = Some(encoded);
            drop(state);
            shared.alarm.ring();
        }
    }
}
