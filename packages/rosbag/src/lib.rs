//! rosbag2 bags as one ordered sequence of raw messages: MCAP and sqlite3, split, compressed, truncated.
