//! A file that is compressed as a whole -> a temporary file, in bounded memory.
//!
//! An index stands at the end of an MCAP file and SQLite needs random access, so the file cannot be read while it streams. The copy lies in
//! the system's temporary folder, never beside the user's bag.

use crate::{BagError, Limits, codec::Compression};
use std::{
    fs::File,
    io::{self, BufReader, Read, Write as _},
    path::Path,
};
use tempfile::TempPath;

/// The copy.
pub(crate) struct Unpacked {
    pub(crate) file: TempPath,
    /// Set where only a part could be decompressed.
    pub(crate) warning: Option<String>,
}

/// Decompresses the file at `path`.
pub(crate) fn unpack(path: &Path, compression: Compression, limits: Limits) -> Result<Unpacked, BagError> {
    let fault = |action| move |source| BagError::Io { path: path.to_owned(), action, source };
    let packed = File::open(path).map_err(fault("open"))?;
    let mut copy = tempfile::Builder::new().prefix("vedette-bag-").tempfile().map_err(fault("make a temporary file for"))?;
    let limit = limits.max_unpacked_bytes;
    let (bytes, stop) = match compression {
        Compression::Zstd => {
            let decoder = zstd::stream::read::Decoder::new(packed).map_err(fault("decompress"))?;
            copy_until_error(decoder, copy.as_file_mut(), limit)
        }
        Compression::Lz4 => copy_until_error(lz4_flex::frame::FrameDecoder::new(BufReader::new(packed)), copy.as_file_mut(), limit),
    }
    .map_err(fault("write the decompressed copy of (free space, or set TMPDIR to a folder that has some)"))?;
    if bytes > limit {
        return Err(BagError::TooLarge { path: path.to_owned(), what: "the compressed file", offset: 0, bytes, limit });
    }
    let warning = stop.map(|error| format!("{}: only the first {bytes} bytes could be decompressed ({error})", path.display()));
    Ok(Unpacked { file: copy.into_temp_path(), warning })
}

/// Copies up to `limit + 1` bytes. Returns how many, and the error of the reader that ended it; an error of the writer is an error.
fn copy_until_error(mut reader: impl Read, writer: &mut File, limit: u64) -> io::Result<(u64, Option<io::Error>)> {
    let mut buffer = vec![0; 256 << 10];
    let mut copied = 0;
    while copied <= limit {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                writer.write_all(buffer.get(..length).unwrap_or_default())?;
                copied += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok((copied, Some(error))),
        }
    }
    Ok((copied, None))
}
