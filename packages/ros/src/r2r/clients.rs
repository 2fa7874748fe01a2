//! The asking side of services over r2r, which has them typed only. In -> out: the CDR of a request -> its number; the CDR of its answer, with that
//! number, into an inbox; whether a server is there. r2r knows which answer is ours, so every client has a name that we made up, and an answer says
//! that it is for it. Deliberately absent: asking again.

use super::spinner::{Inbox, Tap, locked};
use super::{qos, said};
use crate::mapping::{Identity, Sample};
use crate::native::Guid;
use ::r2r::{Client, Node, WrappedServiceTypeSupport, WrappedTypesupport as _};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use vedette_messages::topics::Qos;

/// Questions without an answer of one client; of more the oldest is given up.
const MOST_OPEN: usize = 100;

type Future<T> = Pin<Box<dyn std::future::Future<Output = Result<T, String>> + Send>>;

/// Sends the CDR of a request; what it gives is there when the answer is.
type Ask = Box<dyn Fn(&[u8]) -> Result<Future<Vec<u8>>, String> + Send + Sync>;

/// A client of one service.
pub(super) struct Asking {
    own: Guid,
    ask: Ask,
    open: Mutex<Open>,
    has_server: AtomicBool,
}

#[derive(Default)]
struct Open {
    count: i64,
    answers: VecDeque<(i64, Future<Vec<u8>>)>,
}

/// A client, what looks after it, and where its answers are put.
pub(super) type Asked = (Box<dyn Tap>, Arc<Inbox>, Arc<Asking>);

/// Asks the service `name`.
pub(super) fn ask<T: WrappedServiceTypeSupport + 'static>(node: &mut Node, name: &str, qos: Qos) -> Result<Asked, String>
where
    T::Response: Send,
{
    let client = Arc::new(node.create_client::<T>(name, qos::profile(qos)).map_err(said)?);
    let asked = Arc::clone(&client);
    let asking = Arc::new(Asking {
        own: fresh_name(),
        ask: Box::new(move |cdr| {
            let answer = asked.request(&T::Request::from_serialized_bytes(cdr).map_err(said)?).map_err(said)?;
            Ok(Box::pin(async move { answer.await.map_err(said)?.to_serialized_bytes().map_err(said) }))
        }),
        open: Mutex::default(),
        has_server: AtomicBool::new(false),
    });
    let inbox = Inbox::new(qos.depth);
    let answers =
        Answers { name: name.to_owned(), asking: Arc::clone(&asking), inbox: Arc::clone(&inbox), look: look::<T>(client), looking: None };
    Ok((Box::new(answers), inbox, asking))
}

/// A question to the graph that is answered when there is a server.
fn look<T: WrappedServiceTypeSupport + 'static>(client: Arc<Client<T>>) -> Look {
    Box::new(move || {
        let found = Node::is_available(&*client).map_err(said)?;
        Ok(Box::pin(async move { found.await.map_err(said) }))
    })
}

type Look = Box<dyn Fn() -> Result<Future<()>, String> + Send>;

/// A name that no other client of this process has.
fn fresh_name() -> Guid {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    u128::from(COUNT.fetch_add(1, Ordering::Relaxed)).to_be_bytes()
}

impl Asking {
    /// Its name.
    pub(super) const fn own(&self) -> Guid {
        self.own
    }

    /// Whether there was a server when the graph was looked at last.
    pub(super) fn has_server(&self) -> bool {
        self.has_server.load(Ordering::Acquire)
    }

    /// Sends a request; its number.
    pub(super) fn ask(&self, cdr: &[u8]) -> Result<i64, String> {
        let answer = (self.ask)(cdr)?;
        let mut open = locked(&self.open);
        open.count += 1;
        let number = open.count;
        if open.answers.len() >= MOST_OPEN {
            open.answers.pop_front();
        }
        open.answers.push_back((number, answer));
        Ok(number)
    }

    /// The answers that are there.
    fn answered(&self) -> Vec<(i64, Result<Vec<u8>, String>)> {
        let mut answered = Vec::new();
        locked(&self.open).answers.retain_mut(|(number, answer)| match poll(answer) {
            Poll::Ready(answer) => {
                answered.push((*number, answer));
                false
            }
            Poll::Pending => true,
        });
        answered
    }
}

fn poll<T>(future: &mut Future<T>) -> Poll<Result<T, String>> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// What looks after a client on rcl's thread.
struct Answers {
    name: String,
    asking: Arc<Asking>,
    inbox: Arc<Inbox>,
    look: Look,
    /// Under way since the last look, or never answered: then there was no server at it.
    looking: Option<Future<()>>,
}

impl Tap for Answers {
    fn drain(&mut self) -> bool {
        let answered = self.asking.answered();
        let has_some = !answered.is_empty();
        for (sequence, answer) in answered {
            match answer {
                Ok(cdr) => {
                    let identity = Identity { writer: self.asking.own, sequence };
                    self.inbox.put(cdr, Sample { own: identity, related: Some(identity) });
                }
                Err(error) => tracing::warn!("an answer of {} was dropped: {error}", self.name),
            }
        }
        has_some
    }

    fn follow(&mut self) {
        let found = self.looking.as_mut().map(poll);
        self.asking.has_server.store(matches!(found, Some(Poll::Ready(Ok(())))), Ordering::Release);
        // r2r keeps every question until it is answered: only one is ever open.
        if !matches!(found, Some(Poll::Pending)) {
            self.looking = (self.look)().inspect_err(|error| tracing::warn!("cannot look for {}: {error}", self.name)).ok();
        }
    }
}
