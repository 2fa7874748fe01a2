//! One topic of the recording and how ROS describes it. In -> out: topic, type, definition, hash and QoS -> the channel metadata of `run.mcap`
//! and the entry in `metadata.yaml`.
//!
//! The QoS text of both comes from `Qos::offered_profiles_yaml`: readers drop a topic whose QoS in the two places differ.

use std::borrow::Cow;
use std::collections::BTreeMap;
use vedette_messages::topics::Qos;

/// One topic of the recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Channel<'a> {
    /// Resolved topic name.
    pub(crate) topic: Cow<'a, str>,
    /// `package/msg/Type`.
    pub(crate) type_name: Cow<'a, str>,
    /// Its message definition with those of its parts, as MCAP's `ros2msg` wants it.
    pub(crate) definition: Cow<'a, str>,
    /// `RIHS01_...`, where known.
    pub(crate) type_hash: Option<Cow<'a, str>>,
    /// What the publisher offered.
    pub(crate) qos: Qos,
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
        BTreeMap::from([("offered_qos_profiles".to_owned(), self.qos.offered_profiles_yaml()), ("topic_type_hash".to_owned(), hash)])
    }
}
