//! Whether RustDDS still works. In -> out: what makes a participant -> the threads that it started, and later whether they run.
//!
//! RustDDS (0.15) takes an interrupted wait for the end: both threads of a participant return for good when the process was stopped and goes on (Ctrl-Z,
//! a debugger) or the machine slept, and nothing tells the owner, who would go on and be heard by nobody. Linux interrupts such waits whatever signals are
//! blocked, and nothing of RustDDS shows the end of its event loop; so the threads are looked up in `/proc`. Where there is none they count as running.

use std::sync::{Mutex, PoisonError};

/// How the names of the threads begin; the system keeps 15 characters of them.
const NAME: &str = "RustDDS ";
const TASKS: &str = "/proc/self/task";

/// Participants are made one after the other, so that a thread that was not there before belongs to this one.
static MAKING: Mutex<()> = Mutex::new(());

/// Threads of one participant, by what the system calls them.
pub(super) struct Threads(Vec<String>);

impl Threads {
    /// What `make` gives, and the threads that are there since. A thread names itself, so [`Self::settle`] later sorts out those of others.
    pub(super) fn of<T>(make: impl FnOnce() -> T) -> (T, Self) {
        let _one_at_a_time = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all();
        let made = make();
        (made, Self(all().into_iter().filter(|id| !before.contains(id)).collect()))
    }

    /// Keeps those of RustDDS, which have their names by now.
    pub(super) fn settle(&mut self) {
        self.0.retain(|id| is_running(id));
    }

    /// Whether all of them run.
    pub(super) fn are_running(&self) -> bool {
        self.0.iter().all(|id| is_running(id))
    }
}

fn all() -> Vec<String> {
    let tasks = std::fs::read_dir(TASKS).into_iter().flatten().flatten();
    tasks.filter_map(|task| task.file_name().into_string().ok()).collect()
}

fn is_running(id: &str) -> bool {
    std::fs::read_to_string(format!("{TASKS}/{id}/comm")).is_ok_and(|name| name.starts_with(NAME))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::Threads;
    use std::sync::mpsc::{Receiver, sync_channel};
    use std::thread::Builder;

    #[test]
    fn a_participant_whose_thread_ended_is_lost_and_other_threads_do_not_matter() {
        let (end, ended) = sync_channel::<()>(2);
        let (ready, is_ready) = sync_channel::<()>(2);
        let start = |name: &str, until: Receiver<()>| {
            let ready = ready.clone();
            let body = move || {
                ready.send(()).expect("the test waits");
                let _ = until.recv();
            };
            Builder::new().name(name.to_owned()).spawn(body).expect("starts")
        };
        let (other_end, other_ended) = sync_channel::<()>(2);
        let (threads, mut lived) = Threads::of(|| (start("RustDDS Participant 0 event loop", ended), start("another", other_ended)));
        is_ready.iter().take(2).for_each(drop);
        lived.settle();
        drop(other_end);
        threads.1.join().expect("ends");
        assert!(lived.are_running());
        drop(end);
        threads.0.join().expect("ends");
        // The system may show a thread for a moment after it was joined.
        while lived.are_running() {
            std::thread::yield_now();
        }
    }
}
