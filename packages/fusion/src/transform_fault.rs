//! What can be wrong with a transform.
//!
//! In -> out: the frames and times concerned -> a message that says what is missing and, where there is one, the way out.
//! Deliberately absent: the tree (`transform_buffer`).

use vedette_types::{FrameId, Stamp};

/// Why an edge was refused, or a transform cannot be given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TransformFault {
    /// Nothing was ever said about a frame.
    #[error("no transform from `{source_frame}` to `{target}`: `{unknown}` was never published, frames known: {known}")]
    UnknownFrame {
        /// Frame asked for.
        target: FrameId,
        /// Frame of the data.
        source_frame: FrameId,
        /// The one that is missing.
        unknown: FrameId,
        /// Some of those there are.
        known: String,
    },
    /// Both frames are known, in two trees.
    #[error(
        "no transform from `{source_frame}` to `{target}`: they are in two trees, publish an edge between `{source_root}` and `{target_root}`"
    )]
    Disconnected {
        /// Frame asked for.
        target: FrameId,
        /// Frame of the data.
        source_frame: FrameId,
        /// Top of the tree of `target`.
        target_root: FrameId,
        /// Top of the tree of `source_frame`.
        source_root: FrameId,
    },
    /// An edge on the way has no sample near the time asked for.
    #[error("no transform from `{child}` to `{parent}` at {stamp}: it is known from {oldest} to {newest}, {by_secs:.3} s off")]
    Extrapolation {
        /// Upper frame of the edge.
        parent: FrameId,
        /// Lower frame of the edge.
        child: FrameId,
        /// Time asked for.
        stamp: Stamp,
        /// Oldest sample.
        oldest: Stamp,
        /// Newest sample.
        newest: Stamp,
        /// Distance to the nearest sample, seconds.
        by_secs: f64,
    },
    /// The clock went back and the edge was not published since.
    #[error("no transform from `{child}` to `{parent}`: not published since the clock went back")]
    Forgotten {
        /// Upper frame of the edge.
        parent: FrameId,
        /// Lower frame of the edge.
        child: FrameId,
    },
    /// The edge would make a frame its own ancestor.
    #[error("transform from `{child}` to `{parent}` refused: `{parent}` already hangs below `{child}`")]
    Cycle {
        /// Upper frame of the edge.
        parent: FrameId,
        /// Lower frame of the edge.
        child: FrameId,
    },
    /// A frame has no name.
    #[error("transform from `{child}` to `{parent}` refused: a frame without a name")]
    Nameless {
        /// Upper frame of the edge.
        parent: FrameId,
        /// Lower frame of the edge.
        child: FrameId,
    },
    /// The buffer is full.
    #[error("transform from `{child}` refused: {limit} frames are kept, raise fusion.tf_max_frames")]
    TooManyFrames {
        /// Lower frame of the edge.
        child: FrameId,
        /// Most edges kept.
        limit: usize,
    },
}
