//! Services of a node's owner. In -> out: a service type and a name -> [`Service`]; a request that arrived whole -> [`Call`], an event for the
//! owner; an answer, at once or later -> who asked. Both mappings, as for the node's own services.
//! Deliberately absent: what is answered, and a limit on how long; a call that is dropped gets no answer.

use super::endpoints::{Role, What};
use super::services::QOS;
use super::{Node, NodeError};
use crate::backend::Writer;
use crate::mapping::{self, Mapping, RequestError, ReturnAddress, Sample};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use vedette_messages::{RosMsg, RosService};

/// A service that the owner of a node answers.
pub struct Service<S> {
    endpoint: usize,
    service: PhantomData<fn(S)>,
}

impl<S> Clone for Service<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Service<S> {}

/// A request, until it is answered.
pub struct Call {
    endpoint: usize,
    address: ReturnAddress,
    request: Box<dyn Any + Send>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("endpoint", &self.endpoint).field("address", &self.address).finish_non_exhaustive()
    }
}

impl<S: RosService> Service<S>
where
    S::Request: 'static,
{
    /// What is asked, where `call` is one of this service.
    pub fn request<'a>(&self, call: &'a Call) -> Option<&'a S::Request> {
        if call.endpoint == self.endpoint { call.request.downcast_ref() } else { None }
    }
}

/// Reads a request of one type.
type Read = fn(Mapping, &[u8], Sample) -> Result<(ReturnAddress, Box<dyn Any + Send>), RequestError>;

/// What the node keeps of a service.
pub(super) struct Offered {
    writer: Arc<Writer>,
    read: Read,
}

impl Node {
    /// Offers the service `name`; each request that is whole becomes [`NodeEvent::Call`](super::NodeEvent::Call), whatever the lifecycle state.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn service<S: RosService>(&mut self, name: &str) -> Result<Service<S>, NodeError>
    where
        S::Request: Send + 'static,
    {
        let full = self.full_name(What::Service, name)?;
        let (reader, writer) = self.participant.server(&full, S::TYPE, QOS)?;
        let offered = Offered { writer, read: read::<S::Request> };
        Ok(Service { endpoint: self.add(reader, Role::Offered(Box::new(offered)))?, service: PhantomData })
    }

    /// Answers `call`. One that is of another service, or an answer that cannot be sent, is a line in the log.
    #[expect(clippy::needless_pass_by_value, reason = "a call is answered once")]
    pub fn answer<S: RosService>(&self, service: Service<S>, call: Call, response: &S::Response) {
        let sent = if call.endpoint == service.endpoint {
            self.send_response(call.endpoint, call.address, response)
        } else {
            Err("it is one of another service".to_owned())
        };
        if let Err(reason) = sent {
            tracing::warn!("a call of {} got no answer: {reason}", S::TYPE);
        }
    }

    fn send_response<M: RosMsg>(&self, endpoint: usize, address: ReturnAddress, response: &M) -> Result<(), String> {
        let Some(Role::Offered(offered)) = self.endpoints.get(endpoint).map(|endpoint| &endpoint.role) else {
            return Err("the node offers no such service".to_owned());
        };
        let (cdr, related) = mapping::write(address, response).map_err(|error| error.to_string())?;
        offered.writer.send(&cdr, related).map_err(|error| error.to_string())
    }
}

impl Offered {
    pub(super) const fn writer(&self) -> &Arc<Writer> {
        &self.writer
    }

    /// The call in `cdr`, which arrived at `endpoint`.
    pub(super) fn call(&self, endpoint: usize, mapping: Mapping, cdr: &[u8], sample: Sample) -> Result<Call, RequestError> {
        let (address, request) = (self.read)(mapping, cdr, sample)?;
        Ok(Call { endpoint, address, request })
    }
}

fn read<M: RosMsg + Send + 'static>(
    mapping: Mapping,
    cdr: &[u8],
    sample: Sample,
) -> Result<(ReturnAddress, Box<dyn Any + Send>), RequestError> {
    let (address, request) = mapping::read::<M>(mapping, cdr, sample)?;
    Ok((address, Box::new(request)))
}
