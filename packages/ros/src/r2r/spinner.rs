//! The thread on which rcl waits. In -> out: wishes for endpoints -> endpoints, opened between two waits; what arrives -> inboxes, and a wake-up
//! of the node. r2r's node wants one thread that opens, waits and closes.
//! Deliberately absent: any look at the bytes.

use super::qos::obstacle;
use crate::backend::DdsError;
use crate::mapping::{Identity, Sample};
use ::r2r::Node;
use futures_core::Stream;
use rustdds::mio1::Waker;
use std::collections::{BTreeSet, VecDeque};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use vedette_messages::topics::Qos;

/// Longest wait of rcl: a wish, and the end, wait for as long. Messages end it at once.
const SPIN: Duration = Duration::from_millis(10);
/// One subscription is compared with its publishers this often.
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
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= self.depth {
            waiting.pop_front();
        }
        waiting.push_back((cdr, sample));
    }

    pub(super) fn take(&self) -> Option<(Vec<u8>, Sample)> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// One of r2r's streams.
pub(super) trait Tap: Send {
    /// Empties it into its inbox; true when there was something.
    fn drain(&mut self) -> bool;

    /// Lines about publishers that it will never hear, each once.
    fn compare(&mut self, _node: &Node) -> Vec<String> {
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

/// The stream of one topic.
pub(super) struct Topic<S> {
    name: String,
    qos: Qos,
    stream: S,
    inbox: Arc<Inbox>,
    /// Publishers that were complained about.
    told: BTreeSet<String>,
}

impl<S> Topic<S> {
    pub(super) fn new(name: String, qos: Qos, stream: S, inbox: Arc<Inbox>) -> Self {
        Self { name, qos, stream, inbox, told: BTreeSet::new() }
    }
}

impl<S: Stream<Item = Vec<u8>> + Unpin + Send> Tap for Topic<S> {
    fn drain(&mut self) -> bool {
        // Nothing of the node asks who sent a message of a topic.
        const NOBODY: Sample = Sample { own: Identity { writer: [0; 16], sequence: 0 }, related: None };
        let mut has_some = false;
        while let Some(cdr) = next(&mut self.stream) {
            self.inbox.put(cdr, NOBODY);
            has_some = true;
        }
        has_some
    }

    fn compare(&mut self, node: &Node) -> Vec<String> {
        // While the graph changes rcl may not know; the next round will.
        let Ok(publishers) = node.get_publishers_info_by_topic(&self.name, false) else { return Vec::new() };
        let mut lines = Vec::new();
        for publisher in publishers {
            let Some(policy) = obstacle(self.qos, &publisher.qos_profile) else { continue };
            let who = format!("{}/{}", publisher.node_namespace.trim_end_matches('/'), publisher.node_name);
            if self.told.insert(who.clone()) {
                lines.push(format!(
                    "the publisher of {who} on {} has incompatible QoS ({policy}): no message will pass between us; change its QoS",
                    self.name
                ));
            }
        }
        lines
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
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Spinner {
    /// A thread for `node`. It waits for wishes alone until [`Spinner::begin`], so that a node's endpoints are opened in one go.
    pub(super) fn start(node: Node, name: &str, waker: Arc<Waker>) -> Result<Self, DdsError> {
        let (sender, wishes) = sync_channel(1);
        let complaints = Arc::default();
        let lines = Arc::clone(&complaints);
        let thread = std::thread::Builder::new()
            .name(format!("rcl {name}"))
            .spawn(move || run(node, &wishes, &waker, &lines))
            .map_err(|error| DdsError::Open { what: "the thread of rcl".to_owned(), reason: error.to_string() })?;
        Ok(Self { wishes: Some(sender), thread: Some(thread), complaints })
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
        std::mem::take(&mut *self.complaints.lock().unwrap_or_else(PoisonError::into_inner))
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

fn run(mut node: Node, wishes: &Receiver<Wish>, waker: &Waker, complaints: &Mutex<Vec<String>>) {
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
            turn = (turn + 1) % taps.len().max(1);
            let lines = taps.get_mut(turn).map(|tap| tap.compare(&node)).unwrap_or_default();
            let mut complaints = complaints.lock().unwrap_or_else(PoisonError::into_inner);
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
