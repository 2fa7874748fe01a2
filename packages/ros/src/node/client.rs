//! The asking half of a service. In -> out: requests -> their numbers; bytes that arrived -> the answer to one of them. Both mappings.
//! Deliberately absent: waiting, and asking again.

use super::endpoints::{Role, What};
use super::services::QOS;
use super::{Node, NodeError};
use crate::backend::{DdsError, Writer};
use crate::mapping::{self, Caller, Mapping, Sample};
use crate::native::Guid;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use vedette_messages::RosMsg;

/// A service that is asked.
pub(super) struct Client {
    writer: Arc<Writer>,
    caller: Caller,
    count: i64,
}

impl Client {
    /// Asks; the number of the request.
    pub(super) fn ask<M: RosMsg>(&mut self, mapping: Mapping, request: &M) -> Result<i64, DdsError> {
        let cdr = request.to_cdr().map_err(|error| DdsError::Send { topic: M::TYPE.to_owned(), reason: error.to_string() })?;
        self.count += 1;
        let (cdr, related) = mapping::ask(mapping, &self.caller, self.count, cdr);
        let sent = self.writer.send_numbered(&cdr, related)?;
        Ok(match mapping {
            Mapping::FastDds => sent,
            Mapping::Cyclone => self.count,
        })
    }

    /// The number of the request and the CDR of its answer, where it is for us.
    pub(super) fn answer(&self, mapping: Mapping, cdr: &[u8], sample: Sample) -> Option<(i64, Vec<u8>)> {
        mapping::answered(mapping, &self.caller, cdr, sample)
    }

    /// Our two endpoints: of requests, of answers.
    pub(super) fn guids(&self) -> [Guid; 2] {
        [self.writer.guid(), self.caller.reader]
    }
}

impl Node {
    /// A client of the service `full` of type `type_name`; what arrives for it has the role `role`.
    pub(super) fn client(&mut self, full: &str, type_name: &str, role: Role) -> Result<Client, NodeError> {
        let full = self.full_name(What::Service, full)?;
        let (reader, writer) = self.participant.client(&full, type_name, QOS)?;
        let [name, _] = random();
        let caller = Caller { reader: reader.guid(), name: name.to_le_bytes() };
        self.add(reader, role)?;
        Ok(Client { writer, caller, count: 0 })
    }
}

/// Two numbers that nobody else has: each `RandomState` has keys of its own, begun with the operating system's randomness.
pub(super) fn random() -> [u64; 2] {
    let keys = [RandomState::new(), RandomState::new()];
    keys.map(|keys| keys.hash_one(std::process::id()))
}
