//! Sensor topics of a node. In -> out: topic constants -> subscriptions; a message -> a reading across the border check. It judges nothing.

use sha2::{Digest, Sha256 as Hasher};
use std::collections::BTreeMap;
use vedette_messages::Rejection;
use vedette_messages::from_ros::reading;
use vedette_messages::topics::{Qos, Topic};
use vedette_ros::{Node, NodeError, Subscription};
use vedette_types::{Reading, Sha256, StreamId};

/// One topic that is listened to.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) stream: StreamId,
    pub(crate) type_name: &'static str,
    pub(crate) qos: Qos,
}

/// Every topic that is listened to.
#[derive(Debug, Default)]
pub(crate) struct Sources(BTreeMap<Subscription, Source>);

impl Sources {
    /// Listens to `topic` under the name `name`.
    pub(crate) fn listen(&mut self, node: &mut Node, name: &str, topic: &Topic) -> Result<(), NodeError> {
        let (subscription, full) = node.subscribe(name, topic.type_name, topic.qos)?;
        self.0.insert(subscription, Source { stream: StreamId::new(&full), type_name: topic.type_name, qos: topic.qos });
        Ok(())
    }

    pub(crate) fn get(&self, subscription: Subscription) -> Option<&Source> {
        self.0.get(&subscription)
    }
}

/// The reading in a message, with the hash that records name it by: of the picture bytes for images, of the message for everything else.
pub(crate) fn incoming(source: &Source, cdr: &[u8]) -> Result<(Reading, Sha256), Rejection> {
    let reading = reading(source.type_name, source.stream.as_str(), cdr)?;
    let hash = match &reading {
        Reading::Image(frame) => sha256(frame.data.bytes()),
        _ => sha256(cdr),
    };
    Ok((reading, hash))
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}
