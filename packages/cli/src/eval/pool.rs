//! Many questions on several threads. In -> out: a number of jobs -> their results in order, whatever thread did which.
//!
//! Each thread has a model of its own, loaded there: llama.cpp's contexts do not share. Deliberately absent: what is asked.

use crate::{config::Config, interrupt::Interrupt, judge::Judge, progress::Progress};
use anyhow::{Context, Result, anyhow};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};
use vedette_reasoning::ModelCard;

/// What came of the jobs.
pub(super) struct Done<T> {
    /// Which model answered.
    pub(super) card: ModelCard,
    /// Number and result of each job that was done, in order.
    pub(super) results: Vec<(usize, T)>,
    /// Ctrl-C came before the last one.
    pub(super) was_interrupted: bool,
}

/// Does `work` for every number below `count` on `threads` threads. The first error ends it all: a job whose failure is a result says so in
/// its `T`.
pub(super) fn each<T: Send>(
    config: &Config,
    threads: usize,
    count: usize,
    unit: &'static str,
    work: impl Fn(&mut Judge, usize) -> Result<T> + Sync,
) -> Result<Done<T>> {
    let interrupt = Interrupt::install()?;
    let shared = Shared {
        next: AtomicUsize::new(0),
        is_over: AtomicBool::new(false),
        results: Mutex::new(Vec::with_capacity(count)),
        card: Mutex::new(None),
        progress: Mutex::new(Progress::new(Some(count as u64), unit)),
    };
    let run = || shared.run(config, count, &interrupt, &work);
    let ended: Result<()> = thread::scope(|scope| {
        let start = |number: usize| thread::Builder::new().name(format!("vedette-judge-{number}")).spawn_scoped(scope, run);
        let workers = (0..threads.clamp(1, count.max(1))).map(start).collect::<Result<Vec<_>, _>>().context("cannot start a thread")?;
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a judging thread failed; this is a bug"))?)
    });
    locked(&shared.progress).finish();
    ended?;
    let mut results = shared.results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    let card = shared.card.into_inner().unwrap_or_else(PoisonError::into_inner).context("no model was loaded")?;
    Ok(Done { card, was_interrupted: results.len() < count, results })
}

/// What the threads share.
struct Shared<T> {
    next: AtomicUsize,
    is_over: AtomicBool,
    results: Mutex<Vec<(usize, T)>>,
    card: Mutex<Option<ModelCard>>,
    progress: Mutex<Progress>,
}

impl<T> Shared<T> {
    fn run(&self, config: &Config, count: usize, interrupt: &Interrupt, work: impl Fn(&mut Judge, usize) -> Result<T>) -> Result<()> {
        let work_all = || {
            let mut judge = Judge::load(config)?;
            locked(&self.card).get_or_insert_with(|| judge.card().clone());
            while !self.is_over.load(Ordering::Relaxed) && !interrupt.is_requested() {
                let number = self.next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    break;
                }
                let result = work(&mut judge, number)?;
                locked(&self.results).push((number, result));
                locked(&self.progress).advance(String::new);
            }
            Ok(())
        };
        let ended = work_all();
        if ended.is_err() {
            self.is_over.store(true, Ordering::Relaxed);
        }
        ended
    }
}

/// What a thread that panicked left behind is still whole: every change is one push or one count.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
