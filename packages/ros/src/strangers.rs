//! Publishers that will never be heard because they send another type. In -> out: what we listen to, who is there -> lines about them, and how many
//! there ever were. Names and types are those of ROS. Deliberately absent: how a backend learns who is there.

use crate::native::Guid;
use std::collections::{BTreeMap, BTreeSet};

/// Most that are remembered.
const MOST: usize = 64;

/// Who is known.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    /// What we listen to: topic, and the types that we take on it.
    wanted: BTreeMap<String, BTreeSet<String>>,
    /// By publisher: topic and type.
    known: BTreeMap<Guid, (String, String)>,
    met: u64,
}

impl Strangers {
    /// We listen to `topic` for messages of `type_name`.
    pub(crate) fn listen(&mut self, topic: &str, type_name: &str) {
        self.wanted.entry(topic.to_owned()).or_default().insert(type_name.to_owned());
        self.known.retain(|_, (of, sent)| of != topic || sent != type_name);
    }

    /// `publisher` sends messages of `type_name` on `topic`.
    pub(crate) fn look_at(&mut self, publisher: Guid, topic: &str, type_name: &str) {
        let is_strange = self.wanted.get(topic).is_some_and(|types| !types.contains(type_name));
        if is_strange && self.known.len() < MOST && self.known.insert(publisher, (topic.to_owned(), type_name.to_owned())).is_none() {
            self.met += 1;
        }
    }

    /// Publishers whose names begin so are gone.
    pub(crate) fn lose(&mut self, prefix: &[u8]) {
        self.known.retain(|publisher, _| !publisher.starts_with(prefix));
    }

    /// Of those on `topic` only these are there.
    #[cfg(feature = "r2r")]
    pub(crate) fn keep(&mut self, topic: &str, present: &BTreeSet<Guid>) {
        self.known.retain(|publisher, (of, _)| of != topic || present.contains(publisher));
    }

    /// In words, each that is there; and how many there ever were.
    pub(crate) fn told(&self) -> (Vec<String>, u64) {
        let said = self.known.values().map(|(topic, sent)| {
            let wanted: Vec<&str> = self.wanted.get(topic).into_iter().flatten().map(String::as_str).collect();
            format!("{} is sent on {topic} and {} is wanted", printable(sent), wanted.join(" or "))
        });
        (said.collect(), self.met)
    }
}

/// What another node calls its type goes to a log: without what is not printable, and not for ever.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_of_another_type_is_a_stranger_until_it_is_gone() {
        let mut strangers = Strangers::default();
        strangers.listen("/cmd_vel", "Twist");
        strangers.listen("/cmd_vel", "TwistStamped");
        for (publisher, topic, sent) in [(1, "/cmd_vel", "Twist"), (2, "/cmd_vel", "Im\nage"), (2, "/cmd_vel", "Im\nage"), (3, "/x", "Y")] {
            strangers.look_at([publisher; 16], topic, sent);
        }
        let line = "Image is sent on /cmd_vel and Twist or TwistStamped is wanted".to_owned();
        assert_eq!(strangers.told(), (vec![line], 1));
        strangers.lose(&[2; 12]);
        assert_eq!(strangers.told(), (vec![], 1));
    }

    #[cfg(feature = "r2r")]
    #[test]
    fn who_is_not_in_the_list_of_its_topic_is_gone() {
        let mut strangers = Strangers::default();
        strangers.listen("/a", "A");
        strangers.listen("/b", "B");
        for (publisher, topic) in [(1, "/a"), (2, "/a"), (3, "/b")] {
            strangers.look_at([publisher; 16], topic, "C");
        }
        strangers.keep("/a", &BTreeSet::from([[2; 16]]));
        assert_eq!(strangers.told().0, ["C is sent on /a and A is wanted", "C is sent on /b and B is wanted"]);
    }
}
