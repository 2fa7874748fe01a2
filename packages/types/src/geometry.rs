//! Frames and poses. Names follow REP 105 (`map`, `odom`, `base_link`) and REP 103 (x forward, y left, z up; optical frames z forward,
//! x right, y down). A transform `parent_from_child` takes coordinates in `child` to coordinates in `parent`.

use crate::{Isometry3, Stamp};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// A coordinate frame name without leading slash. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FrameId(Arc<str>);

impl FrameId {
    /// A frame; a leading slash (tf1 style) is dropped.
    pub fn new(name: &str) -> Self {
        Self(name.trim_start_matches('/').into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FrameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One edge of the transform tree at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct StampedTransform {
    /// When it held.
    pub stamp: Stamp,
    /// The frame the result is expressed in.
    pub parent: FrameId,
    /// The frame the input is expressed in.
    pub child: FrameId,
    /// Takes `child` coordinates to `parent` coordinates, metres.
    pub parent_from_child: Isometry3,
}

/// The content of one `/tf` or `/tf_static` message.
#[derive(Clone, Debug, PartialEq)]
pub struct Transforms {
    /// From `/tf_static`: holds for all time.
    pub is_static: bool,
    /// The edges.
    pub edges: Vec<StampedTransform>,
}

/// Where the robot's base was, in a fixed frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RobotPose {
    /// The fixed frame: `map` when known, else `odom`.
    pub frame: FrameId,
    /// Takes base coordinates to `frame` coordinates, metres.
    pub frame_from_base: Isometry3,
}
