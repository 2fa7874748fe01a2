//! `metadata.yaml` of a rosbag2 bag, versions 1 to 9 -> the files, their compression, and what it knows about topics.
//!
//! Fields came and went with the versions, so every field is optional and unknown ones are passed over. Versions: 3 added compression, 4 QoS,
//! 5 the list of files, 6 custom data, 7 type hashes, 8 the distribution, 9 QoS as a list instead of a text (rosbag2_storage/yaml.hpp).

use crate::Topic;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The newest version this reader was written for.
pub(crate) const NEWEST_VERSION: u64 = 9;

/// What is used of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) version: u64,
    /// As written: relative to the folder, or with the folder's name before it (versions 1 and 2).
    pub(crate) files: Vec<String>,
    /// `compression_mode: MESSAGE`: each payload is compressed.
    pub(crate) messages_are_compressed: bool,
    pub(crate) message_count: Option<u64>,
    /// File name and its count, version 5 and later.
    pub(crate) file_counts: Vec<(String, u64)>,
    pub(crate) topics: Vec<Topic>,
}

/// Reads the text of the file.
pub(crate) fn parse(text: &str) -> Result<Metadata, String> {
    let document: Document =
        serde_saphyr::from_str(text).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())?;
    let info = document.rosbag2_bagfile_information;
    Ok(Metadata {
        version: info.version.unwrap_or(0),
        files: info.relative_file_paths,
        messages_are_compressed: info.compression_mode.is_some_and(|mode| mode.eq_ignore_ascii_case("message")),
        message_count: info.message_count,
        file_counts: info.files.into_iter().filter_map(|file| Some((file.path?, file.message_count?))).collect(),
        topics: info.topics_with_message_count.into_iter().map(topic).collect(),
    })
}

fn topic(counted: CountedTopic) -> Topic {
    let TopicFields { name, r#type, serialization_format, offered_qos_profiles, type_description_hash } = counted.topic_metadata;
    let qos = match offered_qos_profiles {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Array(list) if list.is_empty() => None,
        list => Some(list.to_string()),
    };
    Topic {
        name,
        type_name: r#type,
        message_encoding: serialization_format.unwrap_or_else(|| "cdr".to_owned()),
        message_count: counted.message_count,
        offered_qos_profiles: qos.filter(|text| !text.is_empty()),
        type_hash: type_description_hash.filter(|hash| !hash.is_empty()),
        ..Topic::default()
    }
}

#[derive(Deserialize)]
struct Document {
    rosbag2_bagfile_information: Information,
}

#[derive(Deserialize)]
struct Information {
    version: Option<u64>,
    #[serde(default, deserialize_with = "null_is_default")]
    relative_file_paths: Vec<String>,
    compression_mode: Option<String>,
    message_count: Option<u64>,
    #[serde(default, deserialize_with = "null_is_default")]
    files: Vec<FileFields>,
    #[serde(default, deserialize_with = "null_is_default")]
    topics_with_message_count: Vec<CountedTopic>,
}

#[derive(Deserialize)]
struct FileFields {
    path: Option<String>,
    message_count: Option<u64>,
}

#[derive(Deserialize)]
struct CountedTopic {
    topic_metadata: TopicFields,
    message_count: Option<u64>,
}

#[derive(Deserialize)]
struct TopicFields {
    name: String,
    r#type: String,
    serialization_format: Option<String>,
    #[serde(default)]
    offered_qos_profiles: Value,
    type_description_hash: Option<String>,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;

    const VERSION_1: &str = "
rosbag2_bagfile_information:
  version: 1
  storage_identifier: sqlite3
  relative_file_paths:
    - old/old_0.db3
  duration: {nanoseconds: 1}
  starting_time: {nanoseconds_since_epoch: 1}
  message_count: 2
  topics_with_message_count:
    - topic_metadata: {name: /scan, type: sensor_msgs/msg/LaserScan, serialization_format: cdr}
      message_count: 2
";

    const VERSION_4: &str = "
rosbag2_bagfile_information:
  version: 4
  storage_identifier: sqlite3
  relative_file_paths: [a_0.db3.zstd]
  compression_format: zstd
  compression_mode: FILE
  message_count: 1
  topics_with_message_count:
    - topic_metadata:
        name: /tf_static
        type: tf2_msgs/msg/TFMessage
        serialization_format: cdr
        offered_qos_profiles: \"- history: 3\\n  depth: 0\"
      message_count: 1
";

    const VERSION_9: &str = "
rosbag2_bagfile_information:
  version: 9
  storage_identifier: mcap
  relative_file_paths: [a_0.mcap, a_1.mcap]
  compression_format: zstd
  compression_mode: MESSAGE
  message_count: 3
  files:
    - {path: a_0.mcap, message_count: 1, starting_time: {nanoseconds_since_epoch: 1}, duration: {nanoseconds: 1}}
    - {path: a_1.mcap, message_count: 2, starting_time: {nanoseconds_since_epoch: 1}, duration: {nanoseconds: 1}}
  custom_data: ~
  ros_distro: jazzy
  something_new: [1, {a: b}]
  topics_with_message_count:
    - topic_metadata:
        name: /tf_static
        type: tf2_msgs/msg/TFMessage
        serialization_format: cdr
        offered_qos_profiles: [{history: keep_last, depth: 1}]
        type_description_hash: RIHS01_00
      message_count: 3
";

    #[test]
    fn every_generation_is_read() {
        let old = parse(VERSION_1).unwrap();
        assert_eq!((old.version, &*old.files, old.messages_are_compressed), (1, &["old/old_0.db3".to_owned()][..], false));
        assert_eq!(old.topics[0].offered_qos_profiles, None);

        let middle = parse(VERSION_4).unwrap();
        assert!(!middle.messages_are_compressed);
        assert_eq!(middle.topics[0].offered_qos_profiles.as_deref(), Some("- history: 3\n  depth: 0"));

        let new = parse(VERSION_9).unwrap();
        assert!(new.messages_are_compressed);
        assert_eq!(new.file_counts, [("a_0.mcap".to_owned(), 1), ("a_1.mcap".to_owned(), 2)]);
        assert_eq!(new.topics[0].offered_qos_profiles.as_deref(), Some(r#"[{"history":"keep_last","depth":1}]"#));
        assert_eq!(new.topics[0].type_hash.as_deref(), Some("RIHS01_00"));
    }

    #[test]
    fn nonsense_is_an_error() {
        for text in ["", "a: b", "rosbag2_bagfile_information: 3", "\0", "rosbag2_bagfile_information: {relative_file_paths: {}}"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn damaged_text_never_panics(at in any::<prop::sample::Index>(), put in "[\\[\\]{}&*!|>:\\-#'\" \n\t0a]{0,6}", cut in 0_usize..20) {
            let mut text = VERSION_9.to_owned();
            let start = at.index(text.len());
            text.replace_range(start..(start + cut).min(text.len()), &put);
            drop(parse(&text));
        }
    }
}
