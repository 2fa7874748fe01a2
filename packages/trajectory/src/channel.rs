//! One topic of the recording and how ROS describes it. In -> out: topic, type, definition, hash and QoS -> the channel metadata of `run.mcap`
//! and the entry in `metadata.yaml`.
//!
//! Both come from one text here: readers drop a topic whose QoS in the two places differ.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// One topic of the recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel<'a> {
    /// Resolved topic name.
    pub topic: Cow<'a, str>,
    /// `package/msg/Type`.
    pub type_name: Cow<'a, str>,
    /// Its message definition with those of its parts, as MCAP's `ros2msg` wants it.
    pub definition: Cow<'a, str>,
    /// `RIHS01_...`, where known.
    pub type_hash: Option<Cow<'a, str>>,
    /// What the publisher offered.
    pub qos: QosProfile,
}

/// The part of a QoS profile that ROS users set; the rest has its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QosProfile {
    /// Reliable, else best effort.
    pub is_reliable: bool,
    /// Transient local, else volatile.
    pub is_transient_local: bool,
    /// Keep-last depth.
    pub depth: u32,
}

impl Channel<'_> {
    /// A copy that owns its texts.
    pub(crate) fn to_owned(&self) -> Channel<'static> {
        let own = |text: &Cow<'_, str>| Cow::Owned(text.clone().into_owned());
        Channel {
            topic: own(&self.topic),
            type_name: own(&self.type_name),
            definition: own(&self.definition),
            type_hash: self.type_hash.as_ref().map(own),
            qos: self.qos,
        }
    }

    /// Metadata of the MCAP channel, as rosbag2 writes it.
    pub(crate) fn metadata(&self) -> BTreeMap<String, String> {
        let hash = self.type_hash.as_deref().unwrap_or_default().to_owned();
        BTreeMap::from([("offered_qos_profiles".to_owned(), self.qos.yaml("")), ("topic_type_hash".to_owned(), hash)])
    }
}

impl QosProfile {
    /// The profile as a YAML list of one, the form that rosbag2 has since metadata version 9. The durations are `RMW_DURATION_INFINITE`.
    pub(crate) fn yaml(self, indent: &str) -> String {
        let reliability = if self.is_reliable { "reliable" } else { "best_effort" };
        let durability = if self.is_transient_local { "transient_local" } else { "volatile" };
        let mut text = format!(
            "{indent}- history: keep_last\n{indent}  depth: {}\n{indent}  reliability: {reliability}\n{indent}  durability: {durability}\n",
            self.depth
        );
        for name in ["deadline", "lifespan", "liveliness_lease_duration"] {
            if name == "liveliness_lease_duration" {
                text += &format!("{indent}  liveliness: automatic\n");
            }
            text += &format!("{indent}  {name}:\n{indent}    sec: 9223372036\n{indent}    nsec: 854775807\n");
        }
        text + &format!("{indent}  avoid_ros_namespace_conventions: false\n")
    }
}
