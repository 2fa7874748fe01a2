//! `metadata.yaml`: what makes the run folder a rosbag2 bag (metadata version 9). In -> out: the contents of the files -> YAML text.
//!
//! Written at the end; a run that was killed has none, and `ros2 bag reindex` makes it.

use crate::mcap_file::{Contents, TopicCount};
use crate::recording::Listed;

/// Texts are written as JSON strings, which YAML takes as they are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}\n")).collect()
}

/// The text of `metadata.yaml` for a folder with these storage files, oldest first.
pub(crate) fn metadata_yaml(listed: &[Listed]) -> String {
    let all = together(listed);
    let (messages, (start_nanos, duration_nanos)) = (count(&all), span(&all));
    let topics = if all.topics.is_empty() { " []" } else { "" };
    let mut text = format!(
        "rosbag2_bagfile_information:\n  version: 9\n  storage_identifier: mcap\n  duration:\n    nanoseconds: {duration_nanos}\n  \
         starting_time:\n    nanoseconds_since_epoch: {start_nanos}\n  message_count: {messages}\n  topics_with_message_count:{topics}\n"
    );
    for topic in &all.topics {
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
    text += "  compression_format: \"\"\n  compression_mode: \"\"\n  relative_file_paths:\n";
    for file in listed {
        text += &format!("    - {}\n", quoted(&file.name));
    }
    text += "  files:\n";
    for file in listed {
        let (messages, (start_nanos, duration_nanos)) = (count(&file.contents), span(&file.contents));
        text += &format!(
            "    - path: {}\n      starting_time:\n        nanoseconds_since_epoch: {start_nanos}\n      duration:\n        \
             nanoseconds: {duration_nanos}\n      message_count: {messages}\n",
            quoted(&file.name)
        );
    }
    text + "  custom_data: ~\n  ros_distro: \"\"\n"
}

fn count(contents: &Contents) -> u64 {
    contents.topics.iter().map(|topic| topic.messages).sum()
}

/// Start and duration.
fn span(contents: &Contents) -> (u64, u64) {
    let start_nanos = contents.first_nanos.unwrap_or(0);
    (start_nanos, contents.last_nanos.unwrap_or(0).saturating_sub(start_nanos))
}

/// What all files hold.
fn together(listed: &[Listed]) -> Contents {
    let mut all = Contents::default();
    for contents in listed.iter().map(|file| &file.contents) {
        for topic in &contents.topics {
            let is_same =
                |known: &&mut TopicCount| known.channel.topic == topic.channel.topic && known.channel.type_name == topic.channel.type_name;
            match all.topics.iter_mut().find(is_same) {
                Some(known) => known.messages += topic.messages,
                None => all.topics.push(topic.clone()),
            }
        }
        all.first_nanos = [all.first_nanos, contents.first_nanos].into_iter().flatten().min();
        all.last_nanos = [all.last_nanos, contents.last_nanos].into_iter().flatten().max();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;
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
        let yaml = metadata_yaml(&[Listed { name: "run.mcap".into(), contents, bytes: 0 }]);
        let without_indent: String =
            yaml.lines().filter_map(|line| line.strip_prefix("          ")).fold(String::new(), |all, line| all + line + "\n");
        assert_eq!(without_indent, in_channel);
        assert!(yaml.contains("    nanoseconds: 4\n") && yaml.contains("  message_count: 3\n"), "{yaml}");
    }
}
