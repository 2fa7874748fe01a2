//! Topics over r2r. In -> out: names, types, QoS -> a publisher of bytes, or a tap that fills an inbox with them. r2r has topics untyped, except the
//! feedback of actions, which it has typed only.

use super::qos::{obstacle, profile};
use super::spinner::{Inbox, Tap, locked, next};
use super::{said, types};
use crate::mapping::{Identity, Sample};
use crate::native::Guid;
use crate::strangers::Strangers;
use ::r2r::{Node, WrappedTypesupport};
use futures_core::Stream;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use vedette_messages::topics::Qos;

/// Sends the bytes of a message.
pub(super) type Publish = Box<dyn Fn(&[u8]) -> Result<(), String> + Send + Sync>;

/// What listens, and where it puts what it hears.
pub(super) type Listening = (Box<dyn Tap>, Arc<Inbox>);

/// Nothing of the node asks who sent a message of a topic.
const NOBODY: Sample = Sample { own: Identity { writer: [0; 16], sequence: 0 }, related: None };

/// What is listened to.
#[derive(Clone)]
pub(super) struct Topic {
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) qos: Qos,
}

impl Topic {
    pub(super) fn new(name: &str, type_name: &str, qos: Qos) -> Self {
        Self { name: name.to_owned(), type_name: type_name.to_owned(), qos }
    }

    /// A publisher.
    pub(super) fn publish(&self, node: &mut Node) -> Result<Publish, String> {
        if let Some(adapter) = types::message(&self.type_name) {
            return (adapter.publish)(node, self);
        }
        let publisher = node.create_publisher_untyped(&self.name, &self.type_name, profile(self.qos)).map_err(said)?;
        // rcl may publish from any thread, but says nothing of two at once.
        let publisher = Mutex::new(publisher);
        Ok(Box::new(move |cdr| locked(&publisher).publish_raw(cdr).map_err(said)))
    }

    /// A listener.
    pub(super) fn listen(&self, node: &mut Node) -> Result<Listening, String> {
        if let Some(adapter) = types::message(&self.type_name) {
            return (adapter.listen)(node, self);
        }
        let stream = node.subscribe_raw(&self.name, &self.type_name, profile(self.qos)).map_err(said)?;
        Ok(self.tap(stream, Ok))
    }

    fn tap<S: Stream + Unpin + Send + 'static>(&self, stream: S, read: fn(S::Item) -> Result<Vec<u8>, String>) -> Listening {
        let inbox = Inbox::new(self.qos.depth);
        let heard = HeardTopic { topic: self.clone(), stream, read, inbox: Arc::clone(&inbox), told: BTreeSet::new() };
        (Box::new(heard), inbox)
    }
}

/// A publisher of messages that r2r has typed.
pub(super) fn publish_typed<T: WrappedTypesupport + 'static>(node: &mut Node, topic: &Topic) -> Result<Publish, String> {
    let publisher = Mutex::new(node.create_publisher::<T>(&topic.name, profile(topic.qos)).map_err(said)?);
    Ok(Box::new(move |cdr| {
        let message = T::from_serialized_bytes(cdr).map_err(said)?;
        locked(&publisher).publish(&message).map_err(said)
    }))
}

/// A listener to messages that r2r has typed.
pub(super) fn listen_typed<T: WrappedTypesupport + Send + 'static>(node: &mut Node, topic: &Topic) -> Result<Listening, String> {
    let stream = node.subscribe::<T>(&topic.name, profile(topic.qos)).map_err(said)?;
    Ok(topic.tap(stream, |message: T| message.to_serialized_bytes().map_err(said)))
}

/// The stream of one topic.
struct HeardTopic<S: Stream> {
    topic: Topic,
    stream: S,
    read: fn(S::Item) -> Result<Vec<u8>, String>,
    inbox: Arc<Inbox>,
    /// Publishers that were complained about.
    told: BTreeSet<String>,
}

impl<S: Stream + Unpin + Send> Tap for HeardTopic<S> {
    fn drain(&mut self) -> bool {
        let mut has_some = false;
        while let Some(item) = next(&mut self.stream) {
            match (self.read)(item) {
                Ok(cdr) => self.inbox.put(cdr, NOBODY),
                Err(error) => tracing::warn!("a message of {} was dropped: {error}", self.topic.name),
            }
            has_some = true;
        }
        has_some
    }

    fn compare(&mut self, node: &Node, strangers: &mut Strangers) -> Vec<String> {
        let name = &self.topic.name;
        // While the graph changes rcl may not know; the next round will.
        let Ok(publishers) = node.get_publishers_info_by_topic(name, false) else { return Vec::new() };
        let guid = |gid: &[u8]| -> Guid { std::array::from_fn(|index| gid.get(index).copied().unwrap_or_default()) };
        strangers.keep(name, &publishers.iter().map(|publisher| guid(&publisher.endpoint_gid)).collect());
        let mut lines = Vec::new();
        for publisher in publishers {
            if publisher.topic_type != self.topic.type_name {
                strangers.look_at(guid(&publisher.endpoint_gid), name, &publisher.topic_type);
                continue;
            }
            let Some(policy) = obstacle(self.topic.qos, &publisher.qos_profile) else { continue };
            let who = format!("{}/{}", publisher.node_namespace.trim_end_matches('/'), publisher.node_name);
            if self.told.insert(who.clone()) {
                lines.push(format!(
                    "the publisher of {who} on {name} has incompatible QoS ({policy}): no message will pass between us; change its QoS"
                ));
            }
        }
        lines
    }
}
