//! Several nodes in one process, each on a thread of its own. In -> out: names with what they run -> the names of those that failed. A node
//! that ends with an error or panics is told at once, and the others go on.
//! Deliberately absent: starting a node again; whoever started the process does that, as launch does.

use anyhow::{Context, Result};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

/// One node and what it does until it ends.
pub(super) struct Part<'a> {
    name: &'static str,
    run: Box<dyn FnOnce() -> Result<()> + Send + 'a>,
}

impl<'a> Part<'a> {
    pub(super) fn new(name: &'static str, run: impl FnOnce() -> Result<()> + Send + 'a) -> Self {
        Self { name, run: Box::new(run) }
    }
}

/// Runs all of them to their ends.
pub(super) fn run(parts: Vec<Part<'_>>) -> Vec<&'static str> {
    thread::scope(|scope| {
        let mut running = Vec::new();
        for Part { name, run } in parts {
            let started = thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, move || ends_well(name, run));
            running.push((name, started));
        }
        let mut failed = Vec::new();
        for (name, started) in running {
            let is_well = match started {
                Ok(thread) => thread.join().unwrap_or(false),
                Err(error) => ends_well(name, || Err(error).context("cannot start a thread")),
            };
            if !is_well {
                failed.push(name);
            }
        }
        failed
    })
}

fn ends_well(name: &str, run: impl FnOnce() -> Result<()>) -> bool {
    // Nothing of the part is used after it panicked.
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::error!("{name} has ended, what runs beside it goes on: {error:#}");
            false
        }
        Err(_) => {
            tracing::error!("{name} has failed, what runs beside it goes on; this is a bug");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, run};
    use anyhow::bail;
    use std::sync::{
        Mutex,
        mpsc::{Receiver, sync_channel},
    };

    #[test]
    fn those_that_fail_are_named_and_the_others_go_on() {
        let (sender, heard) = sync_channel::<u32>(1);
        let heard: Mutex<Receiver<u32>> = Mutex::new(heard);
        let failed = run(vec![
            Part::new("well", || Ok(())),
            Part::new("ill", || bail!("no disk")),
            // Waits for what is sent only after the part above it has ended.
            Part::new("patient", || {
                anyhow::ensure!(heard.lock().is_ok_and(|heard| heard.recv() == Ok(7)));
                Ok(())
            }),
            Part::new("mad", move || {
                sender.send(7)?;
                panic!("on purpose")
            }),
        ]);
        assert_eq!(failed, ["ill", "mad"]);
    }
}
