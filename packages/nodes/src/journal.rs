//! The journal of a node as it is published. In -> out: what the node was told, in the order of use -> numbered lines, which a recorder keeps
//! and replay follows. A gap in the numbers is a line that the recording lost.

use vedette_agent::NodeState;
use vedette_messages::topics::Topic;
use vedette_messages::{to_ros, vedette_msgs};
use vedette_params::{HazardCatalogue, ParamSet, plain_yaml};
use vedette_policy::Memory;
use vedette_ros::{Node, NodeError, Publisher};
use vedette_types::{JournalEntry, JournalKind, Sha256, Stamp};

/// One node's journal.
pub(crate) struct Journal {
    publisher: Publisher<vedette_msgs::JournalEvent>,
    number: u64,
}

impl Journal {
    pub(crate) fn open(node: &mut Node, topic: &Topic) -> Result<Self, NodeError> {
        Ok(Self { publisher: node.publisher(topic)?, number: 0 })
    }

    pub(crate) fn write(&mut self, entry: &JournalEntry) {
        self.number += 1;
        self.publisher.publish_or_log(&vedette_msgs::JournalEvent { number: self.number, ..to_ros::journal_event(entry) });
    }

    /// A message that is used now.
    pub(crate) fn input(&mut self, stamp: Stamp, topic: &str, source_stamp: Option<Stamp>, hash: Sha256) {
        let (kind, topic, content_sha256) = (JournalKind::Input, topic.to_owned(), Some(hash));
        self.write(&JournalEntry { stamp, kind, topic, source_stamp, content_sha256, detail: String::new() });
    }

    /// Anything that is no message.
    pub(crate) fn mark(&mut self, stamp: Stamp, kind: JournalKind, detail: String) {
        self.write(&JournalEntry { stamp, kind, topic: String::new(), source_stamp: None, content_sha256: None, detail });
    }

    /// What the node stands on from here; with a memory it goes on, without it begins anew.
    pub(crate) fn state(&mut self, stamp: Stamp, sets: &[&dyn ParamSet], node: &str, hazards: &HazardCatalogue, memory: Option<Memory>) {
        let state = NodeState { parameters: plain_yaml(sets, node), hazards: hazards.to_yaml(), memory };
        match state.to_text() {
            Ok(text) => self.mark(stamp, JournalKind::State, text),
            Err(error) => tracing::error!("the journal lacks a state, so replay cannot begin there: {error}"),
        }
    }
}
