//! The answering side of services over r2r, which has them typed only. In -> out: the CDR of a request with a number, into an inbox; the CDR of its
//! answer, by that number. Deliberately absent: what is answered.

use super::spinner::{Inbox, Tap, locked, next};
use super::{qos, said};
use crate::mapping::{Identity, Sample};
use ::r2r::{Node, ServiceRequest, WrappedServiceTypeSupport, WrappedTypesupport as _};
use futures_core::Stream;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use vedette_messages::topics::Qos;
use vedette_messages::{CdrError, RosMsg};

/// Callers who wait for an answer at one service; of more the oldest gets none.
const MOST_WAITING: usize = 100;

/// Answers requests by their number.
pub(super) trait Answers: Send + Sync {
    /// Sends the answer `cdr` to the request `number`.
    fn answer(&self, number: Option<i64>, cdr: &[u8]) -> Result<(), String>;
}

/// A server, where its requests are put, and where its answers go.
pub(super) type Offered = (Box<dyn Tap>, Arc<Inbox>, Arc<dyn Answers>);

/// Offers the service `name`; `M` is our word for its request.
pub(super) fn offer<T: WrappedServiceTypeSupport + 'static, M: RosMsg>(node: &mut Node, name: &str, qos: Qos) -> Result<Offered, String> {
    let requests = node.create_service::<T>(name, qos::profile(qos)).map_err(said)?;
    let (inbox, waiting) = (Inbox::new(qos.depth), Arc::new(Waiting::<T>::default()));
    let clean = |cdr: &[u8]| M::from_cdr(cdr).and_then(|request| request.to_cdr());
    let tap = Requests { requests, clean, count: 0, inbox: Arc::clone(&inbox), waiting: Arc::clone(&waiting) };
    Ok((Box::new(tap), inbox, waiting))
}

/// Requests without an answer, by number.
struct Waiting<T: WrappedServiceTypeSupport>(Mutex<VecDeque<(i64, ServiceRequest<T>)>>);

impl<T: WrappedServiceTypeSupport> Default for Waiting<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: WrappedServiceTypeSupport + 'static> Answers for Waiting<T> {
    fn answer(&self, number: Option<i64>, cdr: &[u8]) -> Result<(), String> {
        let mut waiting = locked(&self.0);
        let index = waiting.iter().position(|(known, _)| Some(*known) == number);
        let (_, request) = index.and_then(|index| waiting.remove(index)).ok_or("nobody waits for this answer any more")?;
        drop(waiting);
        request.respond(T::Response::from_serialized_bytes(cdr).map_err(said)?).map_err(said)
    }
}

/// The stream of one service.
struct Requests<T: WrappedServiceTypeSupport, S> {
    requests: S,
    /// The same request as we would write it: what a middleware leaves behind the last field, and in the place of none, is anything.
    clean: fn(&[u8]) -> Result<Vec<u8>, CdrError>,
    count: i64,
    inbox: Arc<Inbox>,
    waiting: Arc<Waiting<T>>,
}

impl<T: WrappedServiceTypeSupport + 'static, S: Stream<Item = ServiceRequest<T>> + Unpin + Send> Tap for Requests<T, S> {
    fn drain(&mut self) -> bool {
        let mut has_some = false;
        while let Some(request) = next(&mut self.requests) {
            let cdr = request.message.to_serialized_bytes().map_err(said);
            match cdr.and_then(|cdr| (self.clean)(&cdr).map_err(|error| error.to_string())) {
                Ok(cdr) => {
                    self.count += 1;
                    // Who asks is known to r2r; the number leads to it.
                    let identity = Identity { writer: [0; 16], sequence: self.count };
                    self.keep(request);
                    self.inbox.put(cdr, Sample { own: identity, related: Some(identity) });
                    has_some = true;
                }
                Err(error) => tracing::warn!("a request was dropped: {error}"),
            }
        }
        has_some
    }
}

impl<T: WrappedServiceTypeSupport, S> Requests<T, S> {
    fn keep(&self, request: ServiceRequest<T>) {
        let mut waiting = locked(&self.waiting.0);
        if waiting.len() >= MOST_WAITING {
            waiting.pop_front();
        }
        waiting.push_back((self.count, request));
    }
}
