//! The topics of the simulated robot as a bag would have them. In -> out: the simulator's constants -> topic, stream and what its publisher
//! offers. It simulates nothing.

use anyhow::Result;
use vedette_agent::Event;
use vedette_messages::topics::{self, Qos};
use vedette_rosbag::{RawMessage, Topic};
use vedette_simulator::SensorMessage;
use vedette_types::StreamId;

/// One topic.
pub(crate) struct SimulatedTopic {
    pub(crate) topic: Topic,
    pub(crate) stream: StreamId,
    pub(crate) qos: Qos,
}

impl SimulatedTopic {
    /// All that a simulated robot has.
    pub(crate) fn all() -> Vec<Self> {
        SensorMessage::TOPICS.iter().map(|(name, topic)| Self::new(name, topic)).collect()
    }

    fn new(name: &str, constant: &topics::Topic) -> Self {
        let (name, type_name) = (name.to_owned(), constant.type_name.to_owned());
        let stream = StreamId::new(&name);
        let topic = Topic { name, type_name, message_encoding: "cdr".to_owned(), ..Topic::default() };
        Self { topic, stream, qos: constant.qos }
    }

    /// Number of a message's topic in [`Self::all`].
    pub(crate) fn number_of(all: &[Self], message: &SensorMessage) -> Option<usize> {
        all.iter().position(|known| known.topic.name == message.topic)
    }

    /// A message as an event, across the same border as a bag's. `None` for a topic that is not in `all`.
    pub(crate) fn event(all: &[Self], message: &SensorMessage) -> Result<Option<Event>> {
        let Some((number, known)) = Self::number_of(all, message).and_then(|number| Some((number, all.get(number)?))) else {
            return Ok(None);
        };
        let raw = RawMessage { topic: number, log_time: message.stamp, publish_time: message.stamp, data: message.to_cdr()? };
        Ok(Some(crate::source::incoming(&known.topic, &known.stream, &raw).event))
    }
}
