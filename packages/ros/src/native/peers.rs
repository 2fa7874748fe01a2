//! Who is at the other end. In -> out: news of DDS discovery -> which of our endpoints have somebody to talk to, and which publishers will never
//! be heard because they send another type. A peer is known by its name on DDS and by nothing else. Deliberately absent: whether it answers.

use rustdds::DomainParticipantStatusEvent;
use std::collections::{BTreeMap, BTreeSet};

/// Name of an endpoint on DDS: 12 bytes of its participant, 4 of its own.
pub(crate) type Guid = [u8; 16];

/// Most publishers of another type that are remembered.
const MOST_STRANGERS: usize = 64;

/// Who is known.
#[derive(Debug, Default)]
pub(super) struct Peers {
    /// By our endpoint.
    matched: BTreeMap<Guid, BTreeSet<Guid>>,
    /// What we listen to: topic, and the types that we take on it.
    heard: BTreeMap<String, BTreeSet<String>>,
    /// Publishers of another type: topic and type.
    strangers: BTreeMap<Guid, (String, String)>,
    /// How many there ever were.
    met: u64,
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
            News::WriterDetected { writer } => self.look_at(writer.guid.to_bytes(), &writer.topic_name, &writer.type_name),
            _ => {}
        }
    }

    /// Whether an endpoint of the participant of `other` is at the other end of our `own`.
    pub(super) fn has_of(&self, own: Guid, other: Guid) -> bool {
        // The first 12 bytes name the participant.
        self.matched.get(&own).is_some_and(|peers| peers.iter().any(|peer| peer[..12] == other[..12]))
    }

    /// We listen to `topic` for messages of `type_name`.
    pub(super) fn listen(&mut self, topic: &str, type_name: &str) {
        self.heard.entry(topic.to_owned()).or_default().insert(type_name.to_owned());
        self.strangers.retain(|_, (of, sent)| of != topic || sent != type_name);
    }

    /// Topic and type of each publisher that is there and will never be heard, and how many there ever were.
    pub(super) fn strangers(&self) -> (impl Iterator<Item = (&str, &str)>, u64) {
        (self.strangers.values().map(|(topic, sent)| (topic.as_str(), sent.as_str())), self.met)
    }

    /// The types that we take on `topic`.
    pub(super) fn wanted(&self, topic: &str) -> impl Iterator<Item = &str> {
        self.heard.get(topic).into_iter().flatten().map(String::as_str)
    }

    fn look_at(&mut self, writer: Guid, topic: &str, type_name: &str) {
        let is_strange = self.heard.get(topic).is_some_and(|types| !types.contains(type_name));
        if is_strange
            && self.strangers.len() < MOST_STRANGERS
            && self.strangers.insert(writer, (topic.to_owned(), type_name.to_owned())).is_none()
        {
            self.met += 1;
        }
    }

    fn meet(&mut self, own: Guid, other: Guid) {
        self.matched.entry(own).or_default().insert(other);
    }

    /// Endpoints whose name begins so are gone.
    fn lose(&mut self, prefix: &[u8]) {
        for others in self.matched.values_mut() {
            others.retain(|other| !other.starts_with(prefix));
        }
        self.strangers.retain(|writer, _| !writer.starts_with(prefix));
    }

    pub(super) fn has(&self, own: Guid) -> bool {
        self.matched.get(&own).is_some_and(|others| !others.is_empty())
    }

    pub(super) fn is_gone(&self, own: Guid, other: Guid) -> bool {
        self.matched.get(&own).is_some_and(|others| !others.contains(&other))
    }
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
    fn a_publisher_of_another_type_is_a_stranger_until_it_is_gone() {
        let mut peers = Peers::default();
        peers.listen("rt/cmd_vel", "Twist");
        peers.listen("rt/cmd_vel", "TwistStamped");
        for (writer, topic, sent) in [(1, "rt/cmd_vel", "Twist"), (2, "rt/cmd_vel", "Image"), (2, "rt/cmd_vel", "Image"), (3, "rt/x", "Y")]
        {
            peers.look_at([writer; 16], topic, sent);
        }
        let (strangers, met) = peers.strangers();
        assert_eq!((strangers.collect::<Vec<_>>(), met), (vec![("rt/cmd_vel", "Image")], 1));
        peers.lose(&[2; 12]);
        assert_eq!((peers.strangers().0.count(), peers.strangers().1), (0, 1));
    }
}
