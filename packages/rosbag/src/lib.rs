//! Any rosbag2 bag as one ordered sequence of raw messages.
//!
//! In -> out: a path (a bag folder with or without `metadata.yaml`, or a single MCAP or sqlite3 file, possibly compressed) -> its topics and
//! its messages as stored bytes, in non-decreasing log time.
//! Deliberately absent: decoding of messages (`vedette-messages`), writing (`vedette-trajectory`), ROS 1 bags, any write to a user's bag.
//!
//! How it stays in bounds: a file is never read as a whole. It is cut into *segments* (an MCAP chunk, a run of unchunked MCAP records, a
//! thousand sqlite3 rows), of which only the time range and place are held. A segment is loaded when its first message may be due, its
//! messages are sorted, and those of all loaded segments are merged (`merge.rs`).

mod bag;
mod codec;
mod error;
mod limits;
mod locate;
mod mcap;
mod merge;
mod metadata;
mod segment;
mod sqlite;
mod storage;
mod topic;
mod unpack;

pub use bag::Bag;
pub use error::BagError;
pub use limits::Limits;
pub use topic::{RawMessage, Topic};
