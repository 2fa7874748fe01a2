//! The channels and schemas of one MCAP file -> topics.

use super::record::{Channel, Schema, op};
use crate::topic::{Topic, full_type_name};
use std::collections::BTreeMap;

/// What the schema and channel records of a file declare. The first record of an id counts, as the format demands equal repetitions.
#[derive(Default)]
pub(super) struct Directory {
    schemas: BTreeMap<u16, Schema>,
    channels: BTreeMap<u16, Channel>,
    /// Messages of each channel; `None` while nothing has counted them.
    pub(super) counts: Option<BTreeMap<u16, u64>>,
    held_bytes: usize,
}

impl Directory {
    /// Takes a schema or channel record; others are passed over. False where the record makes no sense, or where all declarations together
    /// exceed `limit` bytes.
    pub(super) fn add(&mut self, opcode: u8, body: &[u8], limit: usize) -> bool {
        // Known ids are passed over before their text is copied: chunked files repeat their declarations.
        let id = body.first_chunk().map(|id| u16::from_le_bytes(*id));
        let known = |present: bool| present || self.held_bytes.saturating_add(body.len()) > limit;
        match (opcode, id) {
            (op::SCHEMA, Some(id)) if known(self.schemas.contains_key(&id)) => self.schemas.contains_key(&id),
            (op::CHANNEL, Some(id)) if known(self.channels.contains_key(&id)) => self.channels.contains_key(&id),
            (op::SCHEMA, _) => Schema::parse(body).is_some_and(|schema| {
                self.held_bytes += body.len();
                self.schemas.insert(schema.id, schema);
                true
            }),
            (op::CHANNEL, _) => Channel::parse(body).is_some_and(|channel| {
                self.held_bytes += body.len();
                self.channels.insert(channel.id, channel);
                true
            }),
            _ => true,
        }
    }

    pub(super) fn declares(&self, channel: u16) -> bool {
        self.channels.contains_key(&channel)
    }

    /// Channel ids with the topic each one carries.
    pub(super) fn topics(&self) -> impl Iterator<Item = (u16, Topic)> {
        self.channels.values().map(|channel| (channel.id, self.topic(channel)))
    }

    /// Messages on declared channels.
    pub(super) fn message_count(&self) -> Option<u64> {
        let counts = self.counts.as_ref()?;
        Some(counts.iter().filter(|(id, _)| self.declares(**id)).map(|(_, n)| *n).fold(0, u64::saturating_add))
    }

    fn topic(&self, channel: &Channel) -> Topic {
        let schema = self.schemas.get(&channel.schema_id);
        let field = |name: &str| channel.metadata.get(name).filter(|text| !text.is_empty()).cloned();
        Topic {
            name: channel.topic.clone(),
            type_name: schema.map(|s| full_type_name(&s.name)).unwrap_or_default(),
            message_encoding: channel.message_encoding.clone(),
            definition: schema.map(|s| s.text.clone()).filter(|text| !text.is_empty()),
            definition_encoding: schema.map(|s| s.encoding.clone()).filter(|text| !text.is_empty()),
            message_count: self.counts.as_ref().map(|counts| counts.get(&channel.id).copied().unwrap_or(0)),
            offered_qos_profiles: field("offered_qos_profiles"),
            type_hash: field("topic_type_hash"),
        }
    }
}
