//! A recorded journal brought together with the messages that it names, in the order in which they were used.
//!
//! In -> out: numbered lines of one node's journal and keyed inputs, each in the order of the recording -> what the node was told, step by
//! step; what the recording lacks is a step of its own. Memory is bounded by what is recorded within a few seconds, and the latest of what lasts.
//! Deliberately absent: the node itself. Whoever takes the steps knows what they mean to an agent or a guardian.

use std::collections::{BTreeMap, VecDeque};
use vedette_types::{JournalEntry, JournalKind, Sha256, Stamp};

/// A message that is recorded later than this after it was used is taken for lost; recorders are late by milliseconds.
const GRACE_NANOS: i64 = 5_000_000_000;

/// So many messages of what lasts are kept, the latest; a robot has a few.
const MOST_LASTING: usize = 1000;

/// What tells one message from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The topic that it came on.
    pub topic: String,
    /// The stamp inside it, where it has one.
    pub source_stamp: Option<Stamp>,
    /// Hash of its content.
    pub sha256: Sha256,
}

/// What the node was told.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<T> {
    /// It stands on this from here.
    State {
        /// When.
        stamp: Stamp,
        /// See [`crate::NodeState`].
        text: String,
    },
    /// A message.
    Input {
        /// When it was used.
        stamp: Stamp,
        /// The message.
        value: T,
    },
    /// A message that was used and is not in the recording.
    Lost {
        /// When it was used.
        stamp: Stamp,
        /// The topic that it came on.
        topic: String,
        /// Whether it was used before the recording began.
        is_before: bool,
    },
    /// Lines of the journal are missing here.
    Gap {
        /// How many, where the numbers say.
        lines: Option<u64>,
    },
    /// The tick.
    Tick(Stamp),
    /// Time went back.
    ClockJump(Stamp),
    /// The model said this.
    Answer {
        /// When.
        stamp: Stamp,
        /// A line of `completions.jsonl`.
        text: String,
    },
    /// The model runtime changed its level.
    Level {
        /// When.
        stamp: Stamp,
        /// `LEVEL: reason`
        text: String,
    },
}

/// Follows one journal.
#[derive(Debug)]
pub struct Follower<T> {
    lines: VecDeque<Line>,
    last_number: u64,
    inputs: BTreeMap<Key, VecDeque<(u64, T)>>,
    /// What a node that comes later hears too.
    lasting: VecDeque<(Key, T)>,
    /// In the order of the recording, to forget what nobody used.
    recorded: VecDeque<(Stamp, u64, Key)>,
    count: u64,
    began: Option<Stamp>,
    now: Option<Stamp>,
    is_over: bool,
}

#[derive(Debug)]
enum Line {
    Entry(JournalEntry),
    Gap(Option<u64>),
}

impl<T> Default for Follower<T> {
    fn default() -> Self {
        Self {
            lines: VecDeque::new(),
            last_number: 0,
            inputs: BTreeMap::new(),
            lasting: VecDeque::new(),
            recorded: VecDeque::new(),
            count: 0,
            began: None,
            now: None,
            is_over: false,
        }
    }
}

impl<T: Clone> Follower<T> {
    /// The next line of the journal. Lines that only tell what came of the others are passed over.
    pub fn line(&mut self, number: u64, entry: JournalEntry) {
        let expected = self.last_number + 1;
        // A node that started anew begins at 1 and says first what it stands on.
        if number > 1 && number != expected {
            self.lines.push_back(Line::Gap(number.checked_sub(expected).filter(|_| self.last_number > 0)));
        }
        self.last_number = number;
        let is_step = match entry.kind {
            JournalKind::State | JournalKind::Input | JournalKind::Tick | JournalKind::ClockJump => true,
            JournalKind::Answer | JournalKind::Level => true,
            JournalKind::Rejected | JournalKind::Gated | JournalKind::Request | JournalKind::Completion | JournalKind::Decision => false,
        };
        if is_step {
            self.lines.push_back(Line::Entry(entry));
        }
    }

    /// A message of the recording.
    pub fn input(&mut self, recorded: Stamp, key: Key, value: T) {
        self.count += 1;
        self.recorded.push_back((recorded, self.count, key.clone()));
        self.inputs.entry(key).or_default().push_back((self.count, value));
    }

    /// A message of the recording that every node hears when it comes, however late and however often (transient local).
    pub fn lasting_input(&mut self, key: Key, value: T) {
        // Every file of a recording says it again.
        if self.lasting(&key).is_some() {
            return;
        }
        self.lasting.push_back((key, value));
        if self.lasting.len() > MOST_LASTING {
            self.lasting.pop_front();
        }
    }

    /// The recording goes on to `now`.
    pub fn advance(&mut self, now: Stamp) {
        self.began.get_or_insert(now);
        self.now = Some(self.now.map_or(now, |known| known.max(now)));
        while let Some((recorded, number, key)) = self.recorded.front()
            && now.nanos_since(*recorded) > 2 * GRACE_NANOS
        {
            if let Some(same) = self.inputs.get_mut(key) {
                same.retain(|(known, _)| known != number);
                if same.is_empty() {
                    self.inputs.remove(key);
                }
            }
            self.recorded.pop_front();
        }
    }

    /// The recording is over: what was not found is lost.
    pub fn finish(&mut self) {
        self.is_over = true;
    }

    /// The next step; `None` where more of the recording must be read first, and at the end.
    pub fn next_step(&mut self) -> Option<Step<T>> {
        let is_waited_for = match self.lines.front()? {
            Line::Entry(entry) if entry.kind == JournalKind::Input => self.is_waited_for(entry),
            _ => false,
        };
        if is_waited_for {
            return None;
        }
        let entry = match self.lines.pop_front()? {
            Line::Gap(lines) => return Some(Step::Gap { lines }),
            Line::Entry(entry) => entry,
        };
        let (stamp, text) = (entry.stamp, entry.detail);
        Some(match entry.kind {
            JournalKind::Input => match self.take(&key(&entry.topic, entry.source_stamp, entry.content_sha256)) {
                Some(value) => Step::Input { stamp, value },
                None => Step::Lost { stamp, topic: entry.topic, is_before: self.began.is_none_or(|began| stamp < began) },
            },
            JournalKind::State => Step::State { stamp, text },
            JournalKind::ClockJump => Step::ClockJump(stamp),
            JournalKind::Answer => Step::Answer { stamp, text },
            JournalKind::Level => Step::Level { stamp, text },
            _ => Step::Tick(stamp),
        })
    }

    fn is_waited_for(&self, entry: &JournalEntry) -> bool {
        let is_due = self.is_over || self.now.is_some_and(|now| now.nanos_since(entry.stamp) > GRACE_NANOS);
        let key = key(&entry.topic, entry.source_stamp, entry.content_sha256);
        !is_due && !self.inputs.contains_key(&key) && self.lasting(&key).is_none()
    }

    fn lasting(&self, key: &Key) -> Option<&T> {
        self.lasting.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    fn take(&mut self, key: &Key) -> Option<T> {
        if let Some(value) = self.lasting(key) {
            return Some(value.clone());
        }
        let same = self.inputs.get_mut(key)?;
        let (_, value) = same.pop_front()?;
        if same.is_empty() {
            self.inputs.remove(key);
        }
        Some(value)
    }
}

fn key(topic: &str, source_stamp: Option<Stamp>, sha256: Option<Sha256>) -> Key {
    Key { topic: topic.to_owned(), source_stamp, sha256: sha256.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Stamp {
        Stamp::from_nanos(secs * 1_000_000_000)
    }

    fn line(kind: JournalKind, secs: i64, content: u8) -> JournalEntry {
        let content_sha256 = (kind == JournalKind::Input).then_some(Sha256([content; 32]));
        JournalEntry { stamp: at(secs), kind, topic: "/gas".to_owned(), source_stamp: None, content_sha256, detail: String::new() }
    }

    fn input(follower: &mut Follower<u8>, secs: i64, content: u8) {
        follower.advance(at(secs));
        follower.input(at(secs), key("/gas", None, Some(Sha256([content; 32]))), content);
    }

    fn steps(follower: &mut Follower<u8>) -> Vec<Step<u8>> {
        std::iter::from_fn(|| follower.next_step()).collect()
    }

    #[test]
    fn inputs_come_in_the_order_of_use_and_not_of_the_recording() {
        let mut follower = Follower::default();
        follower.line(1, line(JournalKind::Input, 1, 7));
        follower.line(2, line(JournalKind::Decision, 1, 0));
        follower.line(3, line(JournalKind::Tick, 1, 0));
        follower.line(4, line(JournalKind::Input, 1, 8));
        input(&mut follower, 1, 8);
        assert_eq!(steps(&mut follower), [], "the first is still on its way");
        input(&mut follower, 1, 7);
        let of = |value| Step::Input { stamp: at(1), value };
        assert_eq!(steps(&mut follower), [of(7), Step::Tick(at(1)), of(8)]);
    }

    #[test]
    fn what_the_recording_lacks_is_named() {
        let mut follower = Follower::default();
        input(&mut follower, 10, 1);
        follower.line(5, line(JournalKind::Input, 9, 2));
        follower.line(6, line(JournalKind::Input, 11, 3));
        follower.line(9, line(JournalKind::Tick, 12, 0));
        follower.advance(at(13));
        assert_eq!(steps(&mut follower), [Step::Gap { lines: None }], "it may still come");
        follower.finish();
        let lost = |secs, is_before| Step::Lost { stamp: at(secs), topic: "/gas".to_owned(), is_before };
        assert_eq!(steps(&mut follower), [lost(9, true), lost(11, false), Step::Gap { lines: Some(2) }, Step::Tick(at(12))]);
    }

    #[test]
    fn a_node_that_starts_anew_is_no_gap_and_equal_messages_are_used_one_by_one() {
        let mut follower = Follower::default();
        input(&mut follower, 1, 1);
        input(&mut follower, 1, 1);
        for number in [1, 2, 1] {
            follower.line(number, line(JournalKind::Input, 1, 1));
        }
        follower.finish();
        let kinds: Vec<bool> = steps(&mut follower).iter().map(|step| matches!(step, Step::Input { .. })).collect();
        assert_eq!(kinds, [true, true, false]);
    }

    #[test]
    fn what_lasts_is_found_by_every_life_of_a_node_and_stays_bounded() {
        let mut follower = Follower::default();
        for number in 0..=MOST_LASTING {
            let stamp = Some(at(i64::try_from(number).expect("small")));
            follower.lasting_input(key("/tf_static", stamp, Some(Sha256([1; 32]))), 1_u8);
        }
        // Said again, it takes no other's place.
        follower.lasting_input(key("/tf_static", Some(at(7)), Some(Sha256([1; 32]))), 1_u8);
        follower.advance(at(1));
        follower.advance(at(100));
        let used = |secs| JournalEntry { topic: "/tf_static".to_owned(), source_stamp: Some(at(secs)), ..line(JournalKind::Input, 100, 1) };
        for (number, secs) in [(1, 7), (2, 7), (1, 7), (2, 0), (3, 1)] {
            follower.line(number, used(secs));
        }
        follower.finish();
        let kinds: Vec<bool> = steps(&mut follower).iter().map(|step| matches!(step, Step::Input { .. })).collect();
        assert_eq!(kinds, [true, true, true, false, true]);
        assert_eq!(follower.lasting.len(), MOST_LASTING);
    }

    #[test]
    fn messages_that_nobody_used_are_forgotten() {
        let mut follower = Follower::default();
        for secs in 0..1000 {
            input(&mut follower, secs, (secs % 250) as u8);
        }
        assert!(follower.recorded.len() <= 12 && follower.inputs.len() <= 12, "{} kept", follower.recorded.len());
    }
}
