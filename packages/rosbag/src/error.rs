//! What can be wrong with a bag: which file, where in it, and what to do next.

use std::{io, path::PathBuf};

/// Why a bag or a part of it cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BagError {
    /// There is nothing at the path.
    #[error("no such bag; give a bag folder, an .mcap or a .db3 file: {}", path.display())]
    Missing {
        /// The path given.
        path: PathBuf,
    },
    /// A folder without any bag file.
    #[error("the folder holds no bag file (.mcap, .db3, or one of them with .zstd or .lz4); give the folder that holds them: {}", path.display())]
    EmptyFolder {
        /// The folder given.
        path: PathBuf,
    },
    /// `metadata.yaml` names a file that is not there.
    #[error("metadata.yaml lists a file that is missing; copy it there, or remove metadata.yaml to read the files that are present: {}", path.display())]
    ListedFileMissing {
        /// Where the file should be.
        path: PathBuf,
    },
    /// A bag of ROS 1.
    #[error("this is a ROS 1 bag; convert it with `rosbags-convert --src {0} --dst {1}` (pip install rosbags): {0}", path.display(), path.with_extension("").display())]
    Ros1 {
        /// The ROS 1 bag.
        path: PathBuf,
    },
    /// Neither MCAP nor sqlite3 nor a compressed one of them.
    #[error("not a bag: neither MCAP nor sqlite3, and not one of them compressed with zstd or lz4; it begins with {start}: {}", path.display())]
    NotABag {
        /// The file.
        path: PathBuf,
        /// Its first bytes in hexadecimal.
        start: String,
    },
    /// A length that no limit allows, most often damage.
    #[error(
        "{what} at byte {offset} declares {bytes} bytes, more than the limit of {limit}; if the file is sound raise `Limits`, else run `mcap recover`: {}",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Which record.
        what: &'static str,
        /// Where it begins; for sqlite3 the row id of the message.
        offset: u64,
        /// What it declares.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A checksum does not match what was read.
    #[error("{what} at byte {offset} has checksum {computed:08x} instead of {stored:08x}: its messages are damaged; `mcap recover` keeps the rest: {}", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
        /// Which record.
        what: &'static str,
        /// Where it begins.
        offset: u64,
        /// The checksum in the file.
        stored: u32,
        /// The checksum of what was read.
        computed: u32,
    },
    /// Bytes that make no sense.
    #[error("{what} at {offset} is damaged ({reason}); the messages in it are lost, reading can go on: {}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which record.
        what: &'static str,
        /// Byte where it begins; for sqlite3 the row id of the message.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// A compression that rosbag2 does not use.
    #[error("compression `{name}` is not supported, only zstd and lz4; rewrite the bag with `mcap compress --compression zstd` or `ros2 bag convert`: {}", path.display())]
    Compression {
        /// The file.
        path: PathBuf,
        /// What the file asks for.
        name: String,
    },
    /// A sqlite3 file that SQLite refuses.
    #[error("sqlite3 refuses to {action}; if the file is damaged run `sqlite3 BAG.db3 .recover`: {}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A sqlite3 file whose end is missing. SQLite reads missing bytes as zeros, so nothing of it can be trusted as it is.
    #[error("the sqlite3 file is truncated, it has {bytes} bytes of {whole}; run `sqlite3 BAG.db3 .recover | sqlite3 recovered.db3`: {}", path.display())]
    TruncatedSqlite {
        /// The file.
        path: PathBuf,
        /// What is there.
        bytes: u64,
        /// What its head says.
        whole: u64,
    },
    /// A sqlite3 file without the tables of rosbag2.
    #[error("a sqlite3 file, but not a rosbag2 bag: it has no table `{table}`: {}", path.display())]
    MissingTable {
        /// The file.
        path: PathBuf,
        /// What is missing.
        table: &'static str,
    },
    /// The system refuses.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
}
