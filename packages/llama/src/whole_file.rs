//! Files that appear whole or not at all, so that several processes may write the same one at once.

use crate::digest::sha256_of_file;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use vedette_types::Sha256;

/// Whether the file is there with this content.
pub(crate) fn has_content(path: &Path, sha256: Sha256) -> bool {
    path.is_file() && sha256_of_file(path).is_ok_and(|found| found == sha256)
}

/// Writes beside `path` and renames.
pub(crate) fn write_whole(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let unique = format!("{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let beside = path.with_extension(unique);
    let write = || {
        let mut out = BufWriter::new(File::create(&beside)?);
        content(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&beside, path)
    };
    write().inspect_err(|_| {
        // The first error is the one to report; a leftover is only untidy.
        let _ = fs::remove_file(&beside);
    })
}
