//! From bag messages to events: which topics are read, and each message across the border check.

use anyhow::{Result, bail};
use sha2::{Digest, Sha256 as Hasher};
use std::collections::BTreeSet;
use vedette_agent::Event;
use vedette_messages::from_ros::{grid_map, is_supported, kind_of, reading};
use vedette_messages::{Rejection, RosMsg, nav_msgs};
use vedette_rosbag::{Bag, RawMessage, Topic};
use vedette_types::{GridMap, Reading, Sha256, Stamp, StreamId};

/// Chooses the topics to read: those of a supported type, those named by `--topic` where given, and among cameras those named by
/// `fusion.camera_topics` where given.
///
/// Gives back the names of the topics chosen.
pub(crate) fn select_topics(bag: &mut Bag, wanted: &[String], cameras: &[String]) -> Result<BTreeSet<String>> {
    for name in wanted.iter().chain(cameras) {
        if !bag.topics().iter().any(|topic| &topic.name == name) {
            bail!("the bag has no topic {name}; it has:\n{}", listing(bag.topics()));
        }
    }
    let is_wanted = |topic: &Topic| {
        let is_image = is_image(topic);
        is_supported(&topic.type_name)
            && topic.message_encoding == "cdr"
            && (wanted.contains(&topic.name) || (wanted.is_empty() && !is_our_picture(topic)))
            && !(is_image && !cameras.is_empty() && !cameras.contains(&topic.name))
    };
    let chosen: Vec<&Topic> = bag.topics().iter().filter(|topic| is_wanted(topic)).collect();
    if !chosen.iter().any(|topic| is_image(topic)) {
        bail!(
            "no images to judge: the selected topics have no sensor_msgs/msg/Image or sensor_msgs/msg/CompressedImage; the bag has:\n{}",
            listing(bag.topics())
        );
    }
    let chosen: BTreeSet<String> = chosen.into_iter().map(|topic| topic.name.clone()).collect();
    bag.select(|topic| chosen.contains(&topic.name) || is_map(topic) && (wanted.is_empty() || wanted.contains(&topic.name)));
    Ok(chosen)
}

/// Whether the topic carries maps, which are drawn and which no decision uses.
pub(crate) fn is_map(topic: &Topic) -> bool {
    // Costmaps and filter masks have the same type and go by other names.
    let is_named_map = topic.name.rsplit('/').next() == Some("map");
    is_named_map && topic.type_name == nav_msgs::OccupancyGrid::TYPE && topic.message_encoding == "cdr"
}

/// The map in a message.
pub(crate) fn map(message: &RawMessage) -> Result<GridMap, Rejection> {
    grid_map(&nav_msgs::OccupancyGrid::from_cdr(&message.data)?)
}

fn is_image(topic: &Topic) -> bool {
    kind_of(&topic.type_name) == Some("image")
}

/// The agent's own picture, with its verdict drawn into it, in a recording of a live run: no camera.
pub(crate) fn is_our_picture(topic: &Topic) -> bool {
    topic.name.ends_with(vedette_messages::topics::ANNOTATED_IMAGE.name)
}

fn listing(topics: &[Topic]) -> String {
    if topics.is_empty() {
        return "  (no topics)".to_owned();
    }
    let line = |topic: &Topic| {
        let count = topic.message_count.map_or_else(String::new, |count| format!(", {count} messages"));
        format!("  {}  {}{count}", topic.name, topic.type_name)
    };
    topics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One bag message on its way to the agent.
pub(crate) struct Incoming {
    /// The event.
    pub(crate) event: Event,
    /// Payload size.
    pub(crate) bytes: usize,
    /// Hash of the picture bytes for images, of the CDR payload for everything else.
    pub(crate) sha256: Sha256,
    /// The stamp inside the data.
    pub(crate) source_stamp: Option<Stamp>,
}

/// Takes a raw message across the border check. The bag's log time is the event time.
pub(crate) fn incoming(topic: &Topic, stream: &StreamId, message: &RawMessage) -> Incoming {
    let (arrived, bytes) = (message.log_time, message.data.len());
    match reading(&topic.type_name, &topic.name, &message.data) {
        Ok(reading) => {
            let sha256 = match &reading {
                Reading::Image(frame) => hash(frame.data.bytes()),
                _ => hash(&message.data),
            };
            let source_stamp = reading.stamp();
            Incoming { event: Event::Reading { arrived, stream: stream.clone(), reading, sha256 }, bytes, sha256, source_stamp }
        }
        Err(rejection) => {
            let sha256 = hash(&message.data);
            let event = Event::Rejected { arrived, stream: stream.clone(), fault: rejection.to_string() };
            Incoming { event, bytes, sha256, source_stamp: None }
        }
    }
}

pub(crate) fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}
