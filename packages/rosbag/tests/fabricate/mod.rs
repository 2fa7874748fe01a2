//! Small bags for the tests, written with crate `mcap` and SQLite: messages -> files in every form that recorders produce.
#![allow(dead_code, reason = "each test binary uses a part")]
#![expect(clippy::unwrap_used, reason = "test code outside of a test function")]

use mcap::{Compression, WriteOptions, records::MessageHeader};
use rusqlite::Connection;
use std::{collections::BTreeMap, fs, io::Write as _, path::Path};
use vedette_rosbag::{Bag, RawMessage};

/// Topics of the fabricated bags, by number: name, type, definition.
pub(crate) const TOPICS: [(&str, &str, &str); 3] = [
    ("/scan", "sensor_msgs/msg/LaserScan", "float32[] ranges"),
    ("/camera/image_raw", "sensor_msgs/msg/Image", "uint8[] data"),
    ("/tf_static", "tf2_msgs/msg/TFMessage", "geometry_msgs/TransformStamped[] transforms"),
];
pub(crate) const QOS: &str = "- history: 1\n  depth: 1\n  reliability: 1\n  durability: 1";
pub(crate) const HASH: &str = "RIHS01_4242424242424242424242424242424242424242424242424242424242424242";

/// One message to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) topic: usize,
    pub(crate) time: i64,
    pub(crate) data: Vec<u8>,
}

/// `count` messages on all topics, a millisecond apart, with payloads of different compressibility.
pub(crate) fn messages(count: usize) -> Vec<Said> {
    let message = |i: usize| {
        let mut data = vec![0, 1, 0, 0];
        let mut state = i as u32 + 1;
        data.extend((0..100 + i * 37 % 400).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if i.is_multiple_of(2) { 7 } else { (state >> 24) as u8 }
        }));
        Said { topic: i % TOPICS.len(), time: 1_700_000_000_000_000_000 + i as i64 * 1_000_000, data }
    };
    (0..count).map(message).collect()
}

/// How the MCAP file is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct McapForm {
    pub(crate) compression: Option<&'static str>,
    pub(crate) chunk_bytes: u64,
    pub(crate) unchunked: bool,
    pub(crate) without_index: bool,
    pub(crate) without_statistics: bool,
    pub(crate) without_channels_in_index: bool,
    pub(crate) without_checksums: bool,
}

impl McapForm {
    pub(crate) fn options(self) -> WriteOptions {
        let compression = self.compression.map(|name| if name == "zstd" { Compression::Zstd } else { Compression::Lz4 });
        let chunk = if self.chunk_bytes == 0 { 2000 } else { self.chunk_bytes };
        WriteOptions::new()
            .compression(compression)
            .profile("ros2")
            .chunk_size(Some(chunk))
            .use_chunks(!self.unchunked)
            .emit_summary_records(!self.without_index)
            .emit_statistics(!self.without_statistics && !self.without_index)
            .emit_chunk_indexes(!self.without_index)
            .emit_summary_offsets(!self.without_index)
            .repeat_schemas(!self.without_index)
            .repeat_channels(!self.without_channels_in_index && !self.without_index)
            .calculate_chunk_crcs(!self.without_checksums)
            .calculate_summary_section_crc(!self.without_checksums)
    }
}

pub(crate) fn mcap(said: &[Said], form: McapForm) -> Vec<u8> {
    let mut writer = form.options().create(std::io::Cursor::new(Vec::new())).unwrap();
    let mut channels = BTreeMap::new();
    for (i, message) in said.iter().enumerate() {
        let (name, type_name, definition) = TOPICS[message.topic];
        let channel_id = *channels.entry(message.topic).or_insert_with(|| {
            let schema = writer.add_schema(type_name, "ros2msg", definition.as_bytes()).unwrap();
            let fields = [("offered_qos_profiles".to_owned(), QOS.to_owned()), ("topic_type_hash".to_owned(), HASH.to_owned())];
            writer.add_channel(schema, name, "cdr", &fields.into()).unwrap()
        });
        let time = message.time as u64;
        let header = MessageHeader { channel_id, sequence: i as u32, log_time: time, publish_time: time - 5 };
        writer.write_to_known_channel(&header, &message.data).unwrap();
    }
    writer.finish().unwrap();
    writer.into_inner().into_inner()
}

/// `version` 1 is the first schema, 4 the one with definitions and type hashes.
pub(crate) fn sqlite(path: &Path, said: &[Said], version: u32) {
    let db = Connection::open(path).unwrap();
    let (qos, hash) =
        (if version >= 2 { ", offered_qos_profiles TEXT" } else { "" }, if version >= 4 { ", type_description_hash TEXT" } else { "" });
    db.execute_batch(&format!(
        "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, serialization_format TEXT NOT NULL{qos}{hash});
         CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL);"
    ))
    .unwrap();
    if version >= 4 {
        db.execute_batch("CREATE TABLE message_definitions(id INTEGER PRIMARY KEY, topic_type TEXT, encoding TEXT, encoded_message_definition TEXT, type_description_hash TEXT);")
            .unwrap();
    }
    let used: std::collections::BTreeSet<usize> = said.iter().map(|message| message.topic).collect();
    for topic in used {
        let (name, type_name, definition) = TOPICS[topic];
        db.execute(
            "INSERT INTO topics(id, name, type, serialization_format) VALUES (?1, ?2, ?3, 'cdr')",
            (topic as i64 + 1, name, type_name),
        )
        .unwrap();
        if version >= 2 {
            db.execute("UPDATE topics SET offered_qos_profiles = ?1", [QOS]).unwrap();
        }
        if version >= 4 {
            db.execute("UPDATE topics SET type_description_hash = ?1", [HASH]).unwrap();
            let row = (type_name, "ros2msg", definition);
            db.execute("INSERT INTO message_definitions(topic_type, encoding, encoded_message_definition) VALUES (?1, ?2, ?3)", row)
                .unwrap();
        }
    }
    let transaction = db.unchecked_transaction().unwrap();
    for message in said {
        let row = (message.topic as i64 + 1, message.time, &message.data);
        transaction.execute("INSERT INTO messages(topic_id, timestamp, data) VALUES (?1, ?2, ?3)", row).unwrap();
    }
    transaction.commit().unwrap();
}

/// A metadata.yaml with what this reader uses.
pub(crate) fn metadata(folder: &Path, files: &[(&str, usize)], compression_mode: &str) {
    let total: usize = files.iter().map(|(_, count)| count).sum();
    let mut text = format!(
        "rosbag2_bagfile_information:\n  version: 9\n  storage_identifier: mcap\n  message_count: {total}\n  compression_format: zstd\n  \
         compression_mode: {compression_mode}\n  relative_file_paths:\n"
    );
    files.iter().for_each(|(name, _)| text += &format!("    - {name}\n"));
    text += "  files:\n";
    files.iter().for_each(|(name, count)| text += &format!("    - {{path: {name}, message_count: {count}}}\n"));
    text += "  topics_with_message_count:\n    - message_count: 0\n      topic_metadata: {name: /silent, type: std_msgs/msg/String, \
             serialization_format: cdr, offered_qos_profiles: [], type_description_hash: ''}\n";
    fs::write(folder.join("metadata.yaml"), text).unwrap();
}

pub(crate) fn zstd(data: &[u8]) -> Vec<u8> {
    zstd::encode_all(data, 1).unwrap()
}

pub(crate) fn lz4(data: &[u8]) -> Vec<u8> {
    let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Reads to the end, errors included.
pub(crate) fn read_all(bag: &mut Bag) -> (Vec<RawMessage>, Vec<vedette_rosbag::BagError>) {
    let (mut messages, mut errors) = (Vec::new(), Vec::new());
    loop {
        match bag.next_message() {
            Ok(Some(message)) => messages.push(message),
            Ok(None) => return (messages, errors),
            Err(error) => errors.push(error),
        }
        assert!(messages.len() + errors.len() < 100_000, "a bag this small has an end");
    }
}

/// Reads to the end and gives the messages in the terms they were written in.
pub(crate) fn read_sound(bag: &mut Bag) -> Vec<Said> {
    let (messages, errors) = read_all(bag);
    assert!(errors.is_empty(), "{errors:?}");
    messages.iter().map(|message| said(bag, message)).collect()
}

pub(crate) fn said(bag: &Bag, message: &RawMessage) -> Said {
    let name = &bag.topics()[message.topic].name;
    let topic = TOPICS.iter().position(|(topic, _, _)| topic == name).unwrap();
    Said { topic, time: message.log_time.nanos(), data: message.data.clone() }
}
