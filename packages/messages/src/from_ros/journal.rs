//! Lines of a journal as replay reads them. In -> out: message -> its number and a [`JournalEntry`], or a [`Rejection`] of a kind that this
//! version does not know.

use crate::{Rejection, vedette_msgs::JournalEvent};
use vedette_types::{JournalEntry, JournalKind, Sha256, Stamp};

/// A line of a journal, with its position in it from 1; 0 where it was not counted.
///
/// # Errors
/// [`Rejection`] where the kind is not known.
pub fn journal_event(message: JournalEvent) -> Result<(u64, JournalEntry), Rejection> {
    let kind = match message.kind {
        JournalEvent::KIND_INPUT => JournalKind::Input,
        JournalEvent::KIND_REJECTED => JournalKind::Rejected,
        JournalEvent::KIND_GATED => JournalKind::Gated,
        JournalEvent::KIND_REQUEST => JournalKind::Request,
        JournalEvent::KIND_COMPLETION => JournalKind::Completion,
        JournalEvent::KIND_DECISION => JournalKind::Decision,
        JournalEvent::KIND_CLOCK_JUMP => JournalKind::ClockJump,
        JournalEvent::KIND_LEVEL => JournalKind::Level,
        JournalEvent::KIND_TICK => JournalKind::Tick,
        JournalEvent::KIND_STATE => JournalKind::State,
        JournalEvent::KIND_ANSWER => JournalKind::Answer,
        other => return Err(Rejection::OutOfRange { what: "journal kind", wanted: "one of the KIND_ constants", value: f64::from(other) }),
    };
    let stamp = Stamp::from_ros(message.stamp.sec, message.stamp.nanosec);
    let source_stamp = message.has_source_stamp.then(|| Stamp::from_ros(message.source_stamp.sec, message.source_stamp.nanosec));
    let content_sha256 = message.has_content.then_some(Sha256(message.content_sha256));
    let entry = JournalEntry { stamp, kind, topic: message.topic, source_stamp, content_sha256, detail: message.detail };
    Ok((message.number, entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_ros;

    #[test]
    fn every_kind_of_line_comes_back() {
        for kind in JournalKind::ALL {
            let entry = JournalEntry {
                stamp: Stamp::from_ros(5, 1),
                kind: *kind,
                topic: "/gas".to_owned(),
                source_stamp: Some(Stamp::from_ros(4, 0)),
                content_sha256: Some(Sha256([7; 32])),
                detail: "text".to_owned(),
            };
            let message = JournalEvent { number: 9, ..to_ros::journal_event(&entry) };
            assert_eq!(journal_event(message), Ok((9, entry)));
        }
        assert!(journal_event(JournalEvent { kind: 200, ..JournalEvent::default() }).is_err());
    }
}
