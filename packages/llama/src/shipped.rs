//! The trained pair that is built into the program, so that an installed binary works anywhere; where this version has none, the untrained
//! pair stands in.
//!
//! In -> out: a folder -> the pair as files in it, for llama.cpp to map. `models/README.md` says which files the build takes in; all of them
//! or none (`build.rs`). Deliberately absent: downloads.

mod provenance;

pub use provenance::{FileRecord, Judgement, Provenance, ProvenanceError};

use crate::calibration::Calibration;
use crate::check::PairPaths;
use crate::tiny::{TinyError, write_untrained_pair};
use crate::whole_file::{has_content, write_whole};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What `models/` held when this was built.
struct Embedded {
    model: &'static [u8],
    mmproj: &'static [u8],
    calibration: &'static str,
    provenance: &'static str,
}

#[cfg(shipped_model)]
static EMBEDDED: Option<Embedded> = Some(Embedded {
    model: include_bytes!("../models/vedette-tiny.gguf"),
    mmproj: include_bytes!("../models/mmproj-vedette-tiny.gguf"),
    calibration: include_str!("../models/calibration.json"),
    provenance: include_str!("../models/provenance.json"),
});
#[cfg(not(shipped_model))]
static EMBEDDED: Option<Embedded> = None;

/// Whether a trained pair is built in.
pub fn is_there() -> bool {
    EMBEDDED.is_some()
}

/// Where the built-in pair comes from. `None` without one; a test says that what is built in can be read.
pub fn provenance() -> Option<Provenance> {
    EMBEDDED.as_ref().and_then(|embedded| Provenance::from_json(embedded.provenance).ok())
}

/// The calibration of the built-in pair.
pub fn calibration() -> Option<Calibration> {
    EMBEDDED.as_ref().and_then(|embedded| Calibration::from_json(embedded.calibration).ok())
}

/// The pair to use where no other is named, as files in `folder` (made if missing): the built-in one, else the untrained one. A file with the
/// right content is left alone, any other is replaced in one step, so several processes may do this at once.
///
/// # Errors
/// [`TinyError::Write`].
pub fn write_default_pair(folder: &Path) -> Result<PairPaths, TinyError> {
    match EMBEDDED.as_ref().zip(provenance()) {
        Some((embedded, provenance)) => write_embedded(folder, embedded, &provenance),
        None => write_untrained_pair(folder),
    }
}

fn write_embedded(folder: &Path, embedded: &Embedded, provenance: &Provenance) -> Result<PairPaths, TinyError> {
    fs::create_dir_all(folder).map_err(|source| TinyError::write(folder, source))?;
    let [model, mmproj] = [(&provenance.model, embedded.model), (&provenance.mmproj, embedded.mmproj)].map(|(record, bytes)| {
        let path = folder.join(named_by_content(record));
        if !has_content(&path, record.sha256) {
            write_whole(&path, |out| out.write_all(bytes)).map_err(|source| TinyError::write(&path, source))?;
        }
        Ok::<PathBuf, TinyError>(path)
    });
    Ok(PairPaths { model: model?, mmproj: mmproj? })
}

/// `vedette-tiny-0a1b2c3d.gguf`: two versions of the program that share a folder do not replace each other's files.
fn named_by_content(record: &FileRecord) -> String {
    let hash = record.sha256.to_string();
    let stem = record.file.strip_suffix(".gguf").unwrap_or(&record.file);
    format!("{stem}-{}.gguf", hash.get(..8).unwrap_or(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check_pair;
    use crate::digest::sha256_of_bytes;

    /// Most bytes of both files together.
    const MOST_BYTES: usize = 8 << 20;

    #[test]
    #[expect(clippy::print_stdout, reason = "a test that could not run says so")]
    fn what_is_built_in_is_what_its_papers_say() {
        let Some(embedded) = &EMBEDDED else {
            println!("no trained pair is built in: nothing to compare");
            return;
        };
        let provenance = Provenance::from_json(embedded.provenance).unwrap();
        for (record, bytes) in [(&provenance.model, embedded.model), (&provenance.mmproj, embedded.mmproj)] {
            assert_eq!(record.sha256, sha256_of_bytes(bytes), "{}", record.file);
            assert_eq!(record.bytes, bytes.len() as u64, "{}", record.file);
        }
        assert!(embedded.model.len() + embedded.mmproj.len() <= MOST_BYTES);
        assert_eq!(Calibration::from_json(embedded.calibration).unwrap().model_sha256, provenance.pair_sha256);
        let folder = tempfile::tempdir().unwrap();
        let paths = write_default_pair(folder.path()).unwrap();
        provenance.check(&paths).unwrap();
        let facts = check_pair(&paths).unwrap();
        assert!(facts.is_trained);
        assert_eq!(facts.name, provenance.name);
        // And what it is worth was looked at on the family that nothing was chosen on.
        assert!(!provenance.judged.is_empty());
        assert!(provenance.judged.iter().all(|judgement| judgement.what.contains("test family") && !judgement.figures.is_empty()));
    }

    /// Stands in for a built-in pair.
    fn pretended(folder: &Path) -> (Embedded, Provenance) {
        let paths = write_untrained_pair(folder).unwrap();
        let provenance = Provenance::of(&paths, "pretended", serde_json::json!({ "samples": 0 })).unwrap();
        let leak = |path: &Path| &*fs::read(path).unwrap().leak();
        let embedded = Embedded { model: leak(&paths.model), mmproj: leak(&paths.mmproj), calibration: "", provenance: "" };
        (embedded, provenance)
    }

    #[test]
    fn files_appear_whole_whoever_writes_them() {
        let folder = tempfile::tempdir().unwrap();
        let (embedded, provenance) = pretended(&folder.path().join("from"));
        let to = folder.path().join("below").join("to");
        let write = || write_embedded(&to, &embedded, &provenance).unwrap();
        let paths = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(write)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).last().unwrap()
        });
        provenance.check(&paths).unwrap();
        assert_eq!(fs::read_dir(&to).unwrap().count(), 2, "no temporary file stays");
        let written = fs::metadata(&paths.model).unwrap().modified().unwrap();
        fs::write(&paths.mmproj, b"GGUF, cut off").unwrap();
        assert_eq!(write(), paths);
        assert_eq!(fs::metadata(&paths.model).unwrap().modified().unwrap(), written, "what is right is left alone");
        provenance.check(&paths).unwrap();
        let name = paths.model.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.contains(&provenance.model.sha256.to_string()[..8]), "{name}");
    }
}
