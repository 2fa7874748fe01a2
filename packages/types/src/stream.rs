//! The name of one stream of sensor readings.

use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The resolved topic name a reading came from (`/robot1/scan`). Cheap to clone; ordered by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(Arc<str>);

impl StreamId {
    /// A stream named `topic`.
    pub fn new(topic: &str) -> Self {
        Self(topic.into())
    }

    /// The topic name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
