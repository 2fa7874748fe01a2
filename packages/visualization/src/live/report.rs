//! How the two ends of a live recording do. In -> out: what happened on a thread -> figures for whoever asks.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How one end of a live recording does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveReport {
    /// Where it goes: the open file or the viewer's address.
    pub to: String,
    /// What is wrong at the moment.
    pub fault: Option<String>,
    /// Messages that went out.
    pub sent: u64,
    /// Rows that were left out because the disk or the viewer was slow or absent, chunks of them.
    pub dropped: u64,
}

/// The thread's side.
#[derive(Debug, Default)]
pub(crate) struct Report(Mutex<LiveReport>);

impl Report {
    pub(crate) fn read(&self, dropped: u64) -> LiveReport {
        LiveReport { dropped, ..self.open().clone() }
    }

    pub(crate) fn to(&self, to: String) {
        self.open().to = to;
    }

    pub(crate) fn sent(&self, messages: usize) {
        let mut report = self.open();
        report.sent += messages as u64;
        report.fault = None;
    }

    /// Says what is wrong; true when that is news.
    pub(crate) fn fault(&self, fault: String) -> bool {
        let mut report = self.open();
        let is_news = report.fault.as_ref() != Some(&fault);
        report.fault = Some(fault);
        is_news
    }

    fn open(&self) -> MutexGuard<'_, LiveReport> {
        // Plain figures: a panic elsewhere leaves none half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
