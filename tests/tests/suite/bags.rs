//! Bags written by other people's tools are read message by message as they were written: `vedette_rosbag` against PyPI rosbags and mcap.

use crate::checkers;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeSet, fs, path::Path};
use vedette_rosbag::Bag;

#[derive(Deserialize)]
struct Expected {
    bags: Vec<ExpectedBag>,
}

/// One bag as `tests/checkers/write_bags.py` describes it.
#[derive(Deserialize)]
struct ExpectedBag {
    name: String,
    path: String,
    message_count: u64,
    first_log_time: i64,
    last_log_time: i64,
    topics: Vec<ExpectedTopic>,
    /// Topic, log time, SHA-256 of the payload; in reading order.
    messages: Vec<(String, i64, String)>,
}

#[derive(Deserialize)]
struct ExpectedTopic {
    name: String,
    r#type: String,
    count: u64,
    type_hash: String,
}

fn expected(folder: &Path) -> Vec<ExpectedBag> {
    let text = fs::read_to_string(folder.join("expected.json")).expect("expected.json is there");
    serde_json::from_str::<Expected>(&text).expect("expected.json is as write_bags.py writes it").bags
}

fn open(path: &Path) -> Bag {
    Bag::open(path).unwrap_or_else(|error| panic!("{error}"))
}

fn digest(data: &[u8]) -> String {
    Sha256::digest(data).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All messages in the terms of expected.json.
fn read(bag: &mut Bag) -> Vec<(String, i64, String)> {
    let mut messages = Vec::new();
    while let Some(message) = bag.next_message().unwrap_or_else(|error| panic!("{error}")) {
        messages.push((bag.topics()[message.topic].name.clone(), message.log_time.nanos(), digest(&message.data)));
    }
    messages
}

fn assert_same(name: &str, read: &[(String, i64, String)], expected: &[(String, i64, String)]) {
    if let Some((place, (read, expected))) = read.iter().zip(expected).enumerate().find(|(_, (read, expected))| read != expected) {
        panic!("{name}: message {place} is {read:?}, written was {expected:?}");
    }
    assert_eq!(read.len(), expected.len(), "{name}");
}

#[test]
fn foreign_bags_are_read_as_they_were_written() {
    let Some(folder) = checkers::bags() else { return };
    let all = expected(&folder);
    assert!(all.len() >= 15, "the script writes that many: {}", all.len());
    for expected in &all {
        let name = &expected.name;
        let mut bag = open(&folder.join(&expected.path));
        assert_eq!(bag.message_count(), Some(expected.message_count), "{name}");
        let range = bag.time_range().map(|(first, last)| (first.nanos(), last.nanos()));
        assert_eq!(range, Some((expected.first_log_time, expected.last_log_time)), "{name}");
        assert_eq!(bag.topics().len(), expected.topics.len(), "{name}");
        for (topic, expected) in bag.topics().iter().zip(&expected.topics) {
            assert_eq!((&topic.name, &topic.type_name), (&expected.name, &expected.r#type), "{name}");
            assert_eq!(topic.message_count, Some(expected.count), "{name} {}", topic.name);
            assert_eq!(topic.type_hash.as_ref(), Some(&expected.type_hash), "{name} {}", topic.name);
            assert_eq!(topic.message_encoding, "cdr", "{name} {}", topic.name);
            assert!(
                topic.definition.as_ref().is_some_and(|text| text.contains("std_msgs/Header") || text.contains("geometry_msgs")),
                "{name}"
            );
        }
        assert_same(name, &read(&mut bag), &expected.messages);
        assert_eq!(bag.warnings(), [""; 0], "{name}");
    }
}

#[test]
fn the_files_of_a_split_bag_are_its_whole() {
    let Some(folder) = checkers::bags() else { return };
    for expected in expected(&folder).iter().filter(|bag| bag.name.starts_with("split_")) {
        let bag = open(&folder.join(&expected.path));
        assert_eq!(bag.files().len(), 2, "{}", expected.name);
        let parts: Vec<_> = bag.files().iter().map(|file| read(&mut open(file))).collect();
        assert!(parts.iter().all(|part| part.len() > 100), "{}", expected.name);
        assert!(parts[1][0].1 < parts[0].last().unwrap().1, "{}: the files overlap in time", expected.name);
        let together: BTreeSet<_> = parts.concat().into_iter().collect();
        assert_eq!(together, expected.messages.iter().cloned().collect(), "{}", expected.name);
    }
}

#[test]
fn latched_transforms_keep_their_quality_of_service() {
    let Some(folder) = checkers::bags() else { return };
    for name in ["plain_mcap", "plain_sqlite3", "version8_sqlite3", "split_mcap"] {
        let bag = open(&folder.join(name));
        let latched = bag.topics().iter().find(|topic| topic.name == "/tf_static").expect("every bag has /tf_static");
        let qos = latched.offered_qos_profiles.as_deref().unwrap_or_default();
        assert!(qos.contains("durability: transient_local") || qos.contains("durability: 1"), "{name}: {qos}");
    }
}

#[test]
fn a_foreign_bag_that_was_cut_gives_a_prefix_and_a_warning() {
    let Some(folder) = checkers::bags() else { return };
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let path = scratch.path().join("cut.mcap");
    for expected in expected(&folder).iter().filter(|bag| ["zstd_chunks_mcap", "lz4_chunks_mcap", "plain_mcap"].contains(&&*bag.name)) {
        let bytes = fs::read(&open(&folder.join(&expected.path)).files()[0]).expect("the file is there");
        let mut longest = 0;
        for tenth in 1..10 {
            fs::write(&path, &bytes[..bytes.len() * tenth / 10]).expect("the copy is written");
            let mut bag = open(&path);
            let messages = read(&mut bag);
            assert_same(&expected.name, &messages, &expected.messages[..messages.len()]);
            assert!(messages.len() >= longest, "{} {tenth}", expected.name);
            assert!(messages.len() == expected.messages.len() || !bag.warnings().is_empty(), "{} {tenth}", expected.name);
            longest = messages.len();
        }
        assert!(longest > expected.messages.len() / 2, "{}: {longest}", expected.name);
    }
}
