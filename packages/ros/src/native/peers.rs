//! Who is at the other end. In -> out: news of DDS discovery -> which of our endpoints have somebody to talk to, and which publishers send another
//! type than we take. A peer is known by its name on DDS and by nothing else. Deliberately absent: whether it answers.

use crate::strangers::Strangers;
use rustdds::DomainParticipantStatusEvent;
use std::collections::{BTreeMap, BTreeSet};

/// Name of an endpoint on DDS: 12 bytes of its participant, 4 of its own.
pub(crate) type Guid = [u8; 16];

/// Who is known.
#[derive(Debug, Default)]
pub(super) struct Peers {
    /// By our endpoint.
    matched: BTreeMap<Guid, BTreeSet<Guid>>,
    /// Publishers of another type.
    strangers: Strangers,
}

impl Peers {
    /// Takes a piece of news; most are of no interest.
    pub(super) fn follow(&mut self, news: &DomainParticipantStatusEvent) {
        use DomainParticipantStatusEvent as News;
        match news {
            News::RemoteReaderMatched { local_writer, remote_reader } => self.meet(local_writer.to_bytes(), remote_reader.to_bytes()),
            News::RemoteWriterMatched { local_reader, remote_writer } => self.meet(local_reader.to_bytes(), remote_writer.to_bytes()),
            News::ReaderLost { guid, .. } | News::WriterLost { guid, .. } => self.lose(&guid.to_bytes()),
            News::ParticipantLost { id, .. } => self.lose(id.as_ref()),
            News::WriterDetected { writer } => {
                self.strangers.look_at(writer.guid.to_bytes(), ros_topic(&writer.topic_name), &ros_type(&writer.type_name));
            }
            _ => {}
        }
    }

    /// Whether an endpoint of the participant of `other` is at the other end of our `own`.
    pub(super) fn has_of(&self, own: Guid, other: Guid) -> bool {
        // The first 12 bytes name the participant.
        self.matched.get(&own).is_some_and(|peers| peers.iter().any(|peer| peer[..12] == other[..12]))
    }

    /// We listen to `topic` for messages of `type_name`, in the words of DDS.
    pub(super) fn listen(&mut self, topic: &str, type_name: &str) {
        self.strangers.listen(ros_topic(topic), &ros_type(type_name));
    }

    /// Publishers of another type.
    pub(super) const fn strangers(&self) -> &Strangers {
        &self.strangers
    }

    fn meet(&mut self, own: Guid, other: Guid) {
        self.matched.entry(own).or_default().insert(other);
    }

    /// Endpoints whose name begins so are gone.
    fn lose(&mut self, prefix: &[u8]) {
        for others in self.matched.values_mut() {
            others.retain(|other| !other.starts_with(prefix));
        }
        self.strangers.lose(prefix);
    }

    pub(super) fn has(&self, own: Guid) -> bool {
        self.matched.get(&own).is_some_and(|others| !others.is_empty())
    }

    pub(super) fn is_gone(&self, own: Guid, other: Guid) -> bool {
        self.matched.get(&own).is_some_and(|others| !others.contains(&other))
    }
}

/// `sensor_msgs/msg/Image` for `sensor_msgs::msg::dds_::Image_`; any other text as it is.
fn ros_type(dds: &str) -> String {
    match dds.strip_suffix('_').and_then(|name| name.split_once("::dds_::")) {
        Some((package, name)) => format!("{}/{name}", package.replace("::", "/")),
        None => dds.to_owned(),
    }
}

/// `/cmd_vel` for `rt/cmd_vel`; any other text as it is.
fn ros_topic(dds: &str) -> &str {
    dds.strip_prefix("rt").filter(|name| name.starts_with('/')).unwrap_or(dds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_goes_alone_or_with_its_participant() {
        let (own, mut peers) = ([1; 16], Peers::default());
        let of = |participant: u8, endpoint: u8| {
            let mut guid = [participant; 16];
            guid[15] = endpoint;
            guid
        };
        assert!(!peers.has(own) && !peers.is_gone(own, of(2, 1)), "nothing is known");
        for other in [of(2, 1), of(2, 2), of(3, 1)] {
            peers.meet(own, other);
        }
        peers.lose(&of(3, 1));
        assert!(peers.has(own) && peers.is_gone(own, of(3, 1)) && !peers.is_gone(own, of(2, 1)));
        peers.lose(&[2; 12]);
        assert!(!peers.has(own) && peers.is_gone(own, of(2, 2)));
    }

    #[test]
    fn topics_and_types_are_named_as_in_ros() {
        assert_eq!(ros_type("sensor_msgs::msg::dds_::Image_"), "sensor_msgs/msg/Image");
        assert_eq!((ros_type("Other").as_str(), ros_topic("rt/cmd_vel"), ros_topic("other")), ("Other", "/cmd_vel", "other"));
    }
}
