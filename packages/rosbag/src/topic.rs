//! What a bag says about its topics, and the messages as they come out.
//!
//! In -> out: topics as each file declares them -> one list for the whole bag, sorted by name, and for every file the position in that list.

use std::collections::BTreeMap;
use vedette_types::Stamp;

/// One topic of a bag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Resolved topic name: `/robot1/front/image_raw`.
    pub name: String,
    /// ROS type: `sensor_msgs/msg/Image`.
    pub type_name: String,
    /// How the messages are serialized: `cdr` (MCAP `message_encoding`, sqlite3 `serialization_format`).
    pub message_encoding: String,
    /// Text of the message definition, with those it uses, where the bag holds it.
    pub definition: Option<String>,
    /// Language of `definition`: `ros2msg` or `ros2idl`.
    pub definition_encoding: Option<String>,
    /// Messages that can be read, where known without reading them all.
    pub message_count: Option<u64>,
    /// QoS of the publishers as the bag holds it: YAML or, from `metadata.yaml` version 9, JSON.
    pub offered_qos_profiles: Option<String>,
    /// `RIHS01_...` hash of the type.
    pub type_hash: Option<String>,
}

/// One message as it was recorded, decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMessage {
    /// Position in [`Bag::topics`](crate::Bag::topics).
    pub topic: usize,
    /// When the recorder received it; messages come in this order.
    pub log_time: Stamp,
    /// When it was published; equal to `log_time` where the bag does not know.
    pub publish_time: Stamp,
    /// The serialized message; CDR begins with its four-byte header.
    pub data: Vec<u8>,
}

/// Joins the topics of all files into one list: topics of the same name, type and encoding are one topic.
#[derive(Default)]
pub(crate) struct TopicList {
    topics: Vec<Topic>,
    // An index, because a hostile file may declare 65536 channels.
    positions: BTreeMap<[String; 3], usize>,
}

impl TopicList {
    /// Position of `topic`, added or completed with what the earlier ones did not know. Counts are summed.
    pub(crate) fn add(&mut self, topic: Topic) -> usize {
        let next = self.topics.len();
        let key = [topic.name.clone(), topic.type_name.clone(), topic.message_encoding.clone()];
        let index = *self.positions.entry(key).or_insert(next);
        let Some(known) = self.topics.get_mut(index) else {
            self.topics.push(topic);
            return next;
        };
        known.message_count = known.message_count.zip(topic.message_count).map(|(a, b)| a.saturating_add(b));
        fill(&mut known.definition, topic.definition);
        fill(&mut known.definition_encoding, topic.definition_encoding);
        fill(&mut known.offered_qos_profiles, topic.offered_qos_profiles);
        fill(&mut known.type_hash, topic.type_hash);
        index
    }

    /// The list sorted by name, type and encoding, and for each earlier position the new one.
    pub(crate) fn sorted(self) -> (Vec<Topic>, Vec<u32>) {
        let mut moved = vec![0; self.topics.len()];
        let mut topics = Vec::with_capacity(self.topics.len());
        // The keys of the map are what the list is sorted by.
        for from in self.positions.values() {
            if let (Some(topic), Some(slot)) = (self.topics.get(*from), moved.get_mut(*from)) {
                *slot = topics.len() as u32;
                topics.push(topic.clone());
            }
        }
        (topics, moved)
    }
}

fn fill(known: &mut Option<String>, new: Option<String>) {
    if known.as_ref().is_none_or(String::is_empty) {
        *known = new.filter(|text| !text.is_empty());
    }
}

/// `pkg/Type`, as some converters write it, is `pkg/msg/Type`.
pub(crate) fn full_type_name(name: &str) -> String {
    match name.split_once('/') {
        Some((package, rest)) if !rest.contains('/') => format!("{package}/msg/{rest}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Topic, TopicList, full_type_name};

    fn topic(name: &str, count: Option<u64>, qos: Option<&str>) -> Topic {
        Topic { name: name.into(), message_count: count, offered_qos_profiles: qos.map(str::to_owned), ..Topic::default() }
    }

    #[test]
    fn the_same_topic_of_two_files_is_one_topic() {
        let mut list = TopicList::default();
        assert_eq!(list.add(topic("/b", Some(2), None)), 0);
        assert_eq!(list.add(topic("/a", Some(1), None)), 1);
        assert_eq!(list.add(topic("/b", Some(3), Some("- depth: 1"))), 0);
        let (topics, moved) = list.sorted();
        assert_eq!(topics, [topic("/a", Some(1), None), topic("/b", Some(5), Some("- depth: 1"))]);
        assert_eq!(moved, [1, 0]);
    }

    #[test]
    fn an_unknown_count_makes_the_sum_unknown() {
        let mut list = TopicList::default();
        list.add(topic("/a", Some(2), None));
        list.add(topic("/a", None, None));
        assert_eq!(list.sorted().0, [topic("/a", None, None)]);
    }

    #[test]
    fn short_type_names_are_completed() {
        assert_eq!(full_type_name("sensor_msgs/Image"), "sensor_msgs/msg/Image");
        assert_eq!(full_type_name("sensor_msgs/msg/Image"), "sensor_msgs/msg/Image");
        assert_eq!(full_type_name("Image"), "Image");
    }
}
