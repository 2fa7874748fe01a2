//! How much one bag may ask for. A length found in a file is compared with these before anything is allocated.

/// Bounds on what is read. The defaults fit every bag that a robot records with rosbag2's own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest MCAP chunk, compressed and uncompressed each, and largest run of other records read at once, in bytes.
    pub max_chunk_bytes: usize,
    /// Largest single message after decompression, in bytes.
    pub max_message_bytes: usize,
    /// Largest index section of an MCAP file, in bytes: about 100 bytes a chunk.
    pub max_index_bytes: usize,
    /// Largest file that comes out of a compressed one, in bytes of temporary disk space.
    pub max_unpacked_bytes: u64,
    /// Loaded segments beyond this many bytes are dropped and loaded again when due. One segment may exceed it alone.
    pub max_cached_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_chunk_bytes: 512 << 20,
            max_message_bytes: 256 << 20,
            max_index_bytes: 128 << 20,
            max_unpacked_bytes: 256 << 30,
            max_cached_bytes: 256 << 20,
        }
    }
}
