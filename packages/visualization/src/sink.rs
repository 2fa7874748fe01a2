//! Where the messages of a recording go. In -> out: messages with their role -> a file, or whatever else takes them.
//!
//! The role says what somebody who joins later must still be told: a new file, a viewer that was started late. Deliberately absent: what the
//! messages mean.

use crate::RrdError;
use re_log_encoding::{EncodeError, Encoder, EncodingOptions};
use re_log_types::{EntityPath, LogMsg};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a message is for whoever joins later.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    /// It begins a store.
    Store,
    /// It holds for the whole recording, and replaces what its entity said before.
    Fixed(EntityPath),
    /// A part of the layout with this number, which replaces those of lower numbers.
    Layout(i64),
    /// Rows of a moment that is over.
    Rows,
}

/// Takes the messages of one recording.
pub(crate) trait Sink: Send {
    /// Takes one message.
    fn append(&mut self, role: Role, message: LogMsg) -> Result<(), RrdError>;

    /// No more messages follow.
    fn finish(&mut self) -> Result<(), RrdError>;
}

/// One `.rrd` file. Dropped it ends with its index, as [`Sink::finish`] does, but nobody hears of an error.
pub(crate) struct FileSink {
    path: PathBuf,
    /// `None` once a write failed, and after the end.
    encoder: Option<Encoder<Box<dyn Write + Send>>>,
}

impl FileSink {
    /// Begins a file that goes to `write`; `path` is for messages.
    pub(crate) fn begin(path: &Path, write: Box<dyn Write + Send>) -> Result<Self, RrdError> {
        let encoder = Encoder::new_eager(re_build_info::CrateVersion::LOCAL, EncodingOptions::PROTOBUF_COMPRESSED, write)
            .map_err(|error| encode_error(path, error))?;
        Ok(Self { path: path.to_owned(), encoder: Some(encoder) })
    }

    /// Writes one message; the bytes it took.
    pub(crate) fn write(&mut self, message: &LogMsg) -> Result<u64, RrdError> {
        let Some(encoder) = &mut self.encoder else { return Err(RrdError::Closed { path: self.path.clone() }) };
        encoder.append(message).map_err(|error| {
            // Its end would come after half a message.
            if let Some(mut encoder) = self.encoder.take() {
                encoder.do_not_emit_footer();
            }
            encode_error(&self.path, error)
        })
    }
}

impl Sink for FileSink {
    fn append(&mut self, _role: Role, message: LogMsg) -> Result<(), RrdError> {
        self.write(&message).map(|_| ())
    }

    fn finish(&mut self) -> Result<(), RrdError> {
        let Some(mut encoder) = self.encoder.take() else { return Err(RrdError::Closed { path: self.path.clone() }) };
        encoder.finish().and_then(|()| encoder.flush_blocking()).map_err(|error| encode_error(&self.path, error))
    }
}

fn encode_error(path: &Path, error: EncodeError) -> RrdError {
    match error {
        EncodeError::Write(source) => RrdError::Write { path: path.to_owned(), source },
        other => RrdError::encode(path, &other),
    }
}
