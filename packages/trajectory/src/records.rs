//! What the recording holds on our own topics. In -> out: journal entries, assessments, decisions -> CDR messages of `vedette_msgs` at their
//! event time, on the topics a live system publishes them on.
//!
//! Topic names are resolved against the root namespace: a run folder is about one robot.

use crate::RunError;
use crate::channel::Channel;
use crate::recording::Recording;
use vedette_messages::topics::{ASSESSMENT, DECISION, JOURNAL, Topic};
use vedette_messages::{RosMsg, to_ros};
use vedette_types::{Assessment, Decision, JournalEntry, Stamp};

pub(crate) fn journal(file: &mut Recording, entry: &JournalEntry) -> Result<(), RunError> {
    record(file, &JOURNAL, entry.stamp, &to_ros::journal_event(entry))
}

pub(crate) fn assessment(file: &mut Recording, assessment: &Assessment) -> Result<(), RunError> {
    record(file, &ASSESSMENT, assessment.arrived, &to_ros::assessment(assessment))
}

pub(crate) fn decision(file: &mut Recording, decision: &Decision) -> Result<(), RunError> {
    record(file, &DECISION, decision.stamp, &to_ros::decision(decision))
}

fn record<M: RosMsg>(file: &mut Recording, topic: &Topic, stamp: Stamp, message: &M) -> Result<(), RunError> {
    let cdr = message.to_cdr().map_err(|error| RunError::Encode { what: topic.name.into(), detail: error.to_string() })?;
    let channel = Channel {
        topic: format!("/{}", topic.name.trim_start_matches('/')).into(),
        type_name: M::TYPE.into(),
        definition: M::DEFINITION.into(),
        type_hash: Some(M::RIHS01.into()),
        qos: topic.qos,
    };
    file.write(&channel, 0, stamp, stamp, &cdr)
}
