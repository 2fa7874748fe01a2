//! Services over r2r, which has them typed only. In -> out: the name of a service type -> its adapter: requests as CDR with a number, answers as
//! CDR by that number. The middleware's own serialisation makes bytes of r2r's types and back, so ours are read and written as everywhere else.
//! Deliberately absent: types that nothing here serves; one more is one more line.

use super::spinner::{Inbox, Tap, next};
use super::{qos, said};
use crate::mapping::{Identity, Sample};
use ::r2r::{Node, ServiceRequest, WrappedServiceTypeSupport, WrappedTypesupport as _, diagnostic_msgs, lifecycle_msgs, rcl_interfaces};
#[cfg(not(feature = "r2r-check"))]
use ::r2r::{std_srvs, type_description_interfaces, vedette_msgs};
use futures_core::Stream;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use vedette_messages::service::{self as ours, RosService};
use vedette_messages::topics::Qos;
use vedette_messages::{CdrError, RosMsg as _};

/// Callers who wait for an answer at one service; of more the oldest gets none.
const MOST_WAITING: usize = 100;

/// Answers requests by their number.
pub(super) trait Answers: Send + Sync {
    /// Sends the answer `cdr` to the request `number`.
    fn answer(&self, number: Option<i64>, cdr: &[u8]) -> Result<(), String>;
}

type Offered = (Box<dyn Tap>, Arc<Inbox>, Arc<dyn Answers>);

/// Offers the service `name`.
pub(super) fn offer(type_name: &str, node: &mut Node, name: &str, qos: Qos) -> Result<Offered, String> {
    // Of the packages here r2r has bindings without a ROS; the others are left out where only types are checked.
    macro_rules! by_type {
        ($($(#[$only:meta])? $service:ident: $package:ident,)*) => {
            match type_name {
                $($(#[$only])? <ours::$service as RosService>::TYPE => typed::<$package::srv::$service::Service, ours::$service>(node, name, qos),)*
                _ => Err(format!("the r2r backend has no adapter for services of type {type_name}")),
            }
        };
    }
    by_type! {
        GetParameters: rcl_interfaces,
        GetParameterTypes: rcl_interfaces,
        SetParameters: rcl_interfaces,
        SetParametersAtomically: rcl_interfaces,
        ListParameters: rcl_interfaces,
        DescribeParameters: rcl_interfaces,
        ChangeState: lifecycle_msgs,
        GetState: lifecycle_msgs,
        GetAvailableStates: lifecycle_msgs,
        GetAvailableTransitions: lifecycle_msgs,
        SelfTest: diagnostic_msgs,
        #[cfg(not(feature = "r2r-check"))]
        SetBool: std_srvs,
        #[cfg(not(feature = "r2r-check"))]
        Trigger: std_srvs,
        #[cfg(not(feature = "r2r-check"))]
        GetTypeDescription: type_description_interfaces,
        #[cfg(not(feature = "r2r-check"))]
        AcknowledgeAlert: vedette_msgs,
    }
}

fn typed<T: WrappedServiceTypeSupport + 'static, O: RosService>(node: &mut Node, name: &str, qos: Qos) -> Result<Offered, String> {
    let requests = node.create_service::<T>(name, qos::profile(qos)).map_err(said)?;
    let (inbox, waiting) = (Inbox::new(qos.depth), Arc::new(Waiting::<T>::default()));
    let clean = |cdr: &[u8]| O::Request::from_cdr(cdr).and_then(|request| request.to_cdr());
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
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut waiting = self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST_WAITING {
            waiting.pop_front();
        }
        waiting.push_back((self.count, request));
    }
}
