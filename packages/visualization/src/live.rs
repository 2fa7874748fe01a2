//! A recording that is watched while it grows. In -> out: a recording's messages -> rotating files and, where asked for, a viewer at an
//! address. Each has a thread and a bounded queue of its own: whoever draws never waits for a disk or a network, and the newest wins.
//!
//! Nothing leaves the machine unless an address is given. Deliberately absent: a viewer, and a server for viewers (the viewer is one).

mod files;
mod queue;
mod report;
mod viewer;

use crate::blueprint::Playing;
use crate::recording::Recording;
use crate::sink::{Role, Sink};
use crate::{RrdError, RrdWriter};
use files::Files;
use queue::Queue;
use re_log_types::LogMsg;
pub use report::LiveReport;
use report::Report;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use viewer::Viewer;

/// Longest that rows wait where a person watches, event time.
const WATCHED_SECS: f64 = 0.3;

/// Longest that rows wait for a file alone, event time: fewer and larger chunks, and a killed process loses no more than this.
const UNWATCHED_SECS: f64 = 5.0;

/// Where a live recording goes.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// Folder of the files; `None` writes none.
    pub folder: Option<PathBuf>,
    /// Bytes after which the next file begins, without what every file begins with; a file may exceed it by one message and its index.
    pub file_max_bytes: u64,
    /// Files kept, the open one among them; at least one. Older ones are removed, those of earlier recordings too.
    pub files: usize,
    /// `host:port` of a rerun viewer; `None` connects to nothing.
    pub viewer: Option<String>,
    /// Bytes that may wait for a slow disk, and again for a slow viewer. Beyond it the oldest rows are left out.
    pub queue_max_bytes: usize,
}

/// The other ends of a live recording.
pub struct Live {
    outlets: Vec<Outlet>,
}

/// One thread that takes messages.
struct Outlet {
    queue: Arc<Queue>,
    report: Arc<Report>,
    /// Closed by the thread's end.
    running: Receiver<()>,
}

impl Live {
    /// How each of them does.
    pub fn reports(&self) -> Vec<LiveReport> {
        self.outlets.iter().map(|outlet| outlet.report.read(outlet.queue.dropped())).collect()
    }

    /// Closes the queues, and waits at most `wait` until what is in them has gone out; false when something was left.
    pub fn finish(self, wait: Duration) -> bool {
        self.outlets.iter().for_each(|outlet| outlet.queue.close());
        #[expect(clippy::disallowed_methods, reason = "the border: a thread is waited for on the steady clock")]
        let end = Instant::now() + wait;
        self.outlets.iter().all(|outlet| {
            #[expect(clippy::disallowed_methods, reason = "as above")]
            let left = end.saturating_duration_since(Instant::now());
            outlet.running.recv_timeout(left) == Err(RecvTimeoutError::Disconnected)
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.outlets.iter().for_each(|outlet| outlet.queue.close());
    }
}

impl RrdWriter {
    /// A live recording called `name`.
    ///
    /// # Errors
    /// [`RrdError::Write`] when the folder cannot be made, [`RrdError::Address`] when the address is none, [`RrdError::Thread`]. What goes wrong
    /// later is in [`Live::reports`]: neither a full disk nor an absent viewer ends a live recording.
    pub fn live(name: &str, options: &LiveOptions) -> Result<(Self, Live), RrdError> {
        let mut outlets = Vec::new();
        if let Some(folder) = &options.folder {
            let files = Files::open(folder, options.file_max_bytes, options.files)?;
            outlets.push(Outlet::start(options, "vedette-rrd", |queue, report| files.run(queue, report))?);
        }
        if let Some(address) = &options.viewer {
            let viewer = Viewer::at(address)?;
            outlets.push(Outlet::start(options, "vedette-viewer", |queue, report| viewer.run(queue, report))?);
        }
        let sink = LiveSink(outlets.iter().map(|outlet| Arc::clone(&outlet.queue)).collect());
        let chunk_secs = if options.viewer.is_some() { WATCHED_SECS } else { UNWATCHED_SECS };
        let recording = Recording::begin(Path::new("live recording"), name, Box::new(sink), Playing::Newest, chunk_secs)?;
        Ok((Self::of(recording)?, Live { outlets }))
    }
}

impl Outlet {
    /// Starts a thread that takes messages by the future of `work`.
    fn start<F>(
        options: &LiveOptions,
        name: &str,
        work: impl FnOnce(Arc<Queue>, Arc<Report>) -> F + Send + 'static,
    ) -> Result<Self, RrdError>
    where
        F: Future<Output = ()>,
    {
        let queue = Arc::new(Queue::new(options.queue_max_bytes));
        let report = Arc::new(Report::default());
        let (running_here, running) = sync_channel::<()>(0);
        let error = |source| RrdError::Thread { name: name.to_owned(), source };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(error)?;
        let (its_queue, its_report) = (Arc::clone(&queue), Arc::clone(&report));
        let run = move || {
            runtime.block_on(work(its_queue, its_report));
            drop(running_here);
        };
        thread::Builder::new().name(name.to_owned()).spawn(run).map_err(error)?;
        Ok(Self { queue, report, running })
    }
}

/// Hands messages to every queue.
struct LiveSink(Vec<Arc<Queue>>);

impl Sink for LiveSink {
    fn append(&mut self, role: Role, message: LogMsg) -> Result<(), RrdError> {
        self.0.iter().for_each(|queue| queue.push(role.clone(), message.clone()));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), RrdError> {
        self.0.iter().for_each(|queue| queue.close());
        Ok(())
    }
}
