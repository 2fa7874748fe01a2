//! `metadata.yaml`: what makes the run folder a rosbag2 bag (metadata version 9). In -> out: the contents of `run.mcap` -> YAML text.
//!
//! Written at the end; a run that was killed has none, and `ros2 bag reindex` makes it.

use crate::mcap_file::Contents;

/// Texts are written as JSON strings, which YAML takes as they are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}\n")).collect()
}

/// The text of `metadata.yaml` for a folder with the one storage file `file`.
pub(crate) fn metadata_yaml(contents: &Contents, file: &str) -> String {
    let messages: u64 = contents.topics.iter().map(|topic| topic.messages).sum();
    let start_nanos = contents.first_nanos.unwrap_or(0);
    let duration_nanos = contents.last_nanos.unwrap_or(0).saturating_sub(start_nanos);
    let file = quoted(file);
    let topics = if contents.topics.is_empty() { " []" } else { "" };
    let mut text = format!(
        "rosbag2_bagfile_information:\n  version: 9\n  storage_identifier: mcap\n  duration:\n    nanoseconds: {duration_nanos}\n  \
         starting_time:\n    nanoseconds_since_epoch: {start_nanos}\n  message_count: {messages}\n  topics_with_message_count:{topics}\n"
    );
    for topic in &contents.topics {
        let channel = &topic.channel;
        text += &format!(
            "    - topic_metadata:\n        name: {}\n        type: {}\n        serialization_format: cdr\n        offered_qos_profiles:\n{}        \
             type_description_hash: {}\n      message_count: {}\n",
            quoted(&channel.topic),
            quoted(&channel.type_name),
            indented(&channel.qos.offered_profiles_yaml(), "          "),
            quoted(channel.type_hash.as_deref().unwrap_or_default()),
            topic.messages,
        );
    }
    text + &format!(
        "  compression_format: \"\"\n  compression_mode: \"\"\n  relative_file_paths:\n    - {file}\n  files:\n    - path: {file}\n      \
         starting_time:\n        nanoseconds_since_epoch: {start_nanos}\n      duration:\n        nanoseconds: {duration_nanos}\n      \
         message_count: {messages}\n  custom_data: ~\n  ros_distro: \"\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;
    use crate::mcap_file::TopicCount;
    use vedette_messages::topics::Qos;

    #[test]
    fn the_same_qos_stands_in_both_places() {
        let channel = Channel {
            topic: "/a".into(),
            type_name: "p/msg/T".into(),
            definition: "".into(),
            type_hash: Some("RIHS01_0".into()),
            qos: Qos::reliable(10),
        };
        let in_channel = channel.metadata().remove("offered_qos_profiles").expect("written");
        let contents =
            Contents { topics: vec![TopicCount { channel: channel.into(), messages: 3 }], first_nanos: Some(5), last_nanos: Some(9) };
        let yaml = metadata_yaml(&contents, "run.mcap");
        let without_indent: String =
            yaml.lines().filter_map(|line| line.strip_prefix("          ")).fold(String::new(), |all, line| all + line + "\n");
        assert_eq!(without_indent, in_channel);
        assert!(yaml.contains("    nanoseconds: 4\n") && yaml.contains("  message_count: 3\n"), "{yaml}");
    }
}
