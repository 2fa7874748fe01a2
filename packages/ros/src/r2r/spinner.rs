//! The thread on which rcl waits. In -> out: wishes for endpoints -> endpoints, opened between two waits; what arrives -> inboxes, and a wake-up
//! of the node. r2r's node wants one thread that opens, waits and closes.
//! Deliberately absent: any look at the bytes.

use crate::backend::DdsError;
use crate::mapping::Sample;
use crate::strangers::Strangers;
use ::r2r::Node;
use futures_core::Stream;
use rustdds::mio1::Waker;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest wait of rcl: a wish, and the end, wait for as long. Messages end it at once.
const SPIN: Duration = Duration::from_millis(10);
/// Clients look for their server this often, and one subscription is compared with its publishers.
const COMPARISON: Duration = Duration::from_millis(250);
/// More warnings than this wait for nobody.
const MOST_COMPLAINTS: usize = 100;

/// What arrived and was not taken: the newest of it.
pub(super) struct Inbox {
    waiting: Mutex<VecDeque<(Vec<u8>, Sample)>>,
    depth: usize,
}

impl Inbox {
    pub(super) fn new(depth: u32) -> Arc<Self> {
        Arc::new(Self { waiting: Mutex::default(), depth: usize::try_from(depth).unwrap_or(usize::MAX).max(1) })
    }

    pub(super) fn put(&self, cdr: Vec<u8>, sample: Sample) {
        let mut waiting = locked(&self.waiting);
        if waiting.len() >= self.depth {
            waiting.pop_front();
        }
        waiting.push_back((cdr, sample));
    }

    pub(super) fn take(&self) -> Option<(Vec<u8>, Sample)> {
        locked(&self.waiting).pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        locked(&self.waiting).is_empty()
    }
}

/// One of r2r's streams.
pub(super) trait Tap: Send {
    /// Empties it into its inbox; true when there was something.
    fn drain(&mut self) -> bool;

    /// Looks who is at the other end now; called often, so it asks no graph.
    fn follow(&mut self) {}

    /// Lines about publishers that it will never hear because of their QoS, each once; those of another type are made known.
    fn compare(&mut self, _node: &Node, _strangers: &mut Strangers) -> Vec<String> {
        Vec::new()
    }
}

pub(super) type Taps = Vec<Box<dyn Tap>>;

/// The next item, where it is there already.
pub(super) fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    match Pin::new(stream).poll_next(&mut Context::from_waker(std::task::Waker::noop())) {
        Poll::Ready(item) => item,
        Poll::Pending => None,
    }
}

type Opening = Box<dyn FnOnce(&mut Node, &mut Taps) + Send>;

enum Wish {
    Open(Opening),
    Begin,
}

/// The thread, while it lives.
pub(super) struct Spinner {
    /// `None` only while it is dropped.
    wishes: Option<SyncSender<Wish>>,
    thread: Option<JoinHandle<()>>,
    heard: Arc<Heard>,
}

/// What the thread learns of other nodes beside their messages.
#[derive(Default)]
struct Heard {
    complaints: Mutex<Vec<String>>,
    strangers: Mutex<Strangers>,
}

impl Spinner {
    /// A thread for `node`. It waits for wishes alone until [`Spinner::begin`], so that a node's endpoints are opened in one go.
    pub(super) fn start(node: Node, name: &str, waker: Arc<Waker>) -> Result<Self, DdsError> {
        let (sender, wishes) = sync_channel(1);
        let heard = Arc::<Heard>::default();
        let told = Arc::clone(&heard);
        let thread = std::thread::Builder::new()
            .name(format!("rcl {name}"))
            .spawn(move || run(node, &wishes, &waker, &told))
            .map_err(|error| DdsError::Open { what: "the thread of rcl".to_owned(), reason: error.to_string() })?;
        Ok(Self { wishes: Some(sender), thread: Some(thread), heard })
    }

    /// Opens something named `what` on the thread and waits for it.
    pub(super) fn open<T: Send + 'static>(
        &self,
        what: &str,
        open: impl FnOnce(&mut Node, &mut Taps) -> Result<T, String> + Send + 'static,
    ) -> Result<T, DdsError> {
        let (sender, opened) = sync_channel(1);
        self.wish(Wish::Open(Box::new(move |node, taps| {
            // Nobody waits any more only when the node is gone.
            let _ = sender.send(open(node, taps));
        })))?;
        opened.recv().map_err(|_| lost())?.map_err(|reason| DdsError::Open { what: what.to_owned(), reason })
    }

    pub(super) fn begin(&self) -> Result<(), DdsError> {
        self.wish(Wish::Begin)
    }

    fn wish(&self, wish: Wish) -> Result<(), DdsError> {
        self.wishes.as_ref().and_then(|wishes| wishes.send(wish).ok()).ok_or_else(lost)
    }

    pub(super) fn check(&self) -> Result<(), DdsError> {
        if self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) { Ok(()) } else { Err(lost()) }
    }

    pub(super) fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.heard.complaints))
    }

    /// Who sends another type than we take.
    pub(super) fn strangers(&self) -> MutexGuard<'_, Strangers> {
        locked(&self.heard.strangers)
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.wishes = None;
        // rcl must have closed the node before the process ends.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lost() -> DdsError {
    DdsError::Lost { reason: "rcl's thread ended, see standard error".to_owned() }
}

/// Nothing that is locked here is left half done.
pub(super) fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run(mut node: Node, wishes: &Receiver<Wish>, waker: &Waker, heard: &Heard) {
    let mut taps = Taps::new();
    loop {
        match wishes.recv() {
            Ok(Wish::Open(open)) => open(&mut node, &mut taps),
            Ok(Wish::Begin) => break,
            Err(_) => return,
        }
    }
    let (mut turn, mut compared) = (0, instant());
    loop {
        match wishes.try_recv() {
            Ok(Wish::Open(open)) => {
                open(&mut node, &mut taps);
                continue;
            }
            Ok(Wish::Begin) => continue,
            Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) => {}
        }
        node.spin_once(SPIN);
        let mut has_some = false;
        for tap in &mut taps {
            has_some |= tap.drain();
        }
        if has_some {
            // It fails only when the node is gone.
            let _ = waker.wake();
        }
        if compared.elapsed() >= COMPARISON {
            compared = instant();
            taps.iter_mut().for_each(|tap| tap.follow());
            turn = (turn + 1) % taps.len().max(1);
            let lines = taps.get_mut(turn).map(|tap| tap.compare(&node, &mut locked(&heard.strangers))).unwrap_or_default();
            let mut complaints = locked(&heard.complaints);
            let room = MOST_COMPLAINTS.saturating_sub(complaints.len());
            complaints.extend(lines.into_iter().take(room));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the border: the graph is looked at by the steady clock")]
fn instant() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Identity;

    #[test]
    fn an_inbox_keeps_the_newest() {
        let inbox = Inbox::new(2);
        for number in 0..5 {
            let own = Identity { writer: [0; 16], sequence: i64::from(number) };
            inbox.put(vec![number], Sample { own, related: None });
        }
        let kept: Vec<_> = std::iter::from_fn(|| inbox.take()).map(|(cdr, sample)| (cdr, sample.own.sequence)).collect();
        assert_eq!(kept, [(vec![3], 3), (vec![4], 4)]);
        assert!(inbox.is_empty());
    }
}
