//! Models on a robot: a folder with a manifest, into which pairs are copied whole and checked, and out of which the one before can be taken
//! back.
//!
//! In -> out: a pair -> `FOLDER/NAME-HASH/` with its files and provenance, and `FOLDER/models.json`, which says which one is current and which
//! one was before. Every step that can be seen is one rename. Deliberately absent: downloads.

use crate::check::{CheckError, PairPaths, check_pair};
use crate::shipped::{Provenance, ProvenanceError};
use crate::whole_file::write_whole;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use vedette_types::Sha256;

/// Name of the manifest.
const MANIFEST: &str = "models.json";

/// `models.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Folder of the pair in use.
    pub current: Option<String>,
    /// Folder of the pair that was in use before.
    pub previous: Option<String>,
}

/// A step that could not be taken. What was current still is.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The pair is none.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// A file is not what its provenance says.
    #[error(transparent)]
    Provenance(#[from] ProvenanceError),
    /// The pair is not the one that was announced.
    #[error("the pair has SHA-256 {found}, expected {expected}: fetch the files again")]
    Content {
        /// What was announced.
        expected: Sha256,
        /// What it is.
        found: Sha256,
    },
    /// The manifest cannot be read.
    #[error("{} is damaged ({problem}): install a model again", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Nothing is installed.
    #[error("no model is installed in {}: use `vedette model install` first", path.display())]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
    /// There is nothing to go back to.
    #[error("there is no model before the current one in {}: only one was installed", path.display())]
    NoPrevious {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system failed.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or folder concerned.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> InstallError {
    let path = path.to_owned();
    move |source| InstallError::Io { path, source }
}

/// Reads the manifest; without one nothing is installed.
///
/// # Errors
/// [`InstallError::Manifest`], [`InstallError::Io`].
pub fn manifest(folder: &Path) -> Result<Manifest, InstallError> {
    let path = folder.join(MANIFEST);
    match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| InstallError::Manifest { path, problem: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(io_error(&path)(error)),
    }
}

/// The files of the current pair.
///
/// # Errors
/// [`InstallError`].
pub fn current(folder: &Path) -> Result<PairPaths, InstallError> {
    let name = manifest(folder)?.current.ok_or_else(|| InstallError::Nothing { path: folder.to_owned() })?;
    let (paths, _) = entry(folder, &name)?;
    Ok(paths)
}

fn entry(folder: &Path, name: &str) -> Result<(PairPaths, Provenance), InstallError> {
    let folder = folder.join(name);
    let path = folder.join("provenance.json");
    let text = fs::read_to_string(&path).map_err(|error| InstallError::Manifest { path: path.clone(), problem: error.to_string() })?;
    let provenance = Provenance::from_json(&text)?;
    let paths = PairPaths { model: folder.join(&provenance.model.file), mmproj: folder.join(&provenance.mmproj.file) };
    Ok((paths, provenance))
}

/// Copies a pair in and makes it current; what a `provenance.json` beside it says of its training comes along. With `expected` its hash (over both files) must be that one. A pair that is there already is
/// checked against its provenance and only made current.
///
/// # Errors
/// [`InstallError`].
pub fn install(folder: &Path, pair: &PairPaths, expected: Option<Sha256>) -> Result<PairPaths, InstallError> {
    let facts = check_pair(pair)?;
    let mut provenance = Provenance::of(pair, &facts.name, serde_json::Value::Null)?;
    if let Some(theirs) = provenance_beside(pair)? {
        (provenance.training, provenance.judged) = (theirs.training, theirs.judged);
    }
    if let Some(expected) = expected.filter(|expected| *expected != provenance.pair_sha256) {
        return Err(InstallError::Content { expected, found: provenance.pair_sha256 });
    }
    let hash = provenance.pair_sha256.to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain: String = facts.name.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    let name = format!("{}-{}", plain.trim_start_matches('.'), hash.get(..8).unwrap_or(&hash));
    let target = folder.join(&name);
    if target.is_dir() {
        let (paths, provenance) = entry(folder, &name)?;
        provenance.check(&paths)?;
    } else {
        copy_in(folder, &target, pair, &provenance)?;
    }
    let before = manifest(folder)?;
    let previous = if before.current.as_ref() == Some(&name) { before.previous } else { before.current };
    write_manifest(folder, &Manifest { current: Some(name), previous })?;
    current(folder)
}

/// The provenance that lies beside a pair, if it is of files of these names; then it must be of these very files.
fn provenance_beside(pair: &PairPaths) -> Result<Option<Provenance>, InstallError> {
    let path = pair.model.with_file_name("provenance.json");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(ProvenanceError::Read { path, source }.into()),
    };
    let provenance = Provenance::from_json(&text)?;
    let is_named = |path: &Path, file: &str| path.file_name().is_some_and(|name| name == file);
    if !is_named(&pair.model, &provenance.model.file) || !is_named(&pair.mmproj, &provenance.mmproj.file) {
        return Ok(None);
    }
    provenance.check(pair)?;
    Ok(Some(provenance))
}

/// Into a folder of another name first, checked there, then renamed.
fn copy_in(folder: &Path, target: &Path, pair: &PairPaths, provenance: &Provenance) -> Result<(), InstallError> {
    let beside = folder.join(format!(".incoming-{}", std::process::id()));
    let copy = || {
        fs::create_dir_all(&beside).map_err(io_error(&beside))?;
        let to = PairPaths { model: beside.join(&provenance.model.file), mmproj: beside.join(&provenance.mmproj.file) };
        for (from, to) in [(&pair.model, &to.model), (&pair.mmproj, &to.mmproj)] {
            fs::copy(from, to).map_err(io_error(to))?;
            File::open(to).and_then(|file| file.sync_all()).map_err(io_error(to))?;
        }
        provenance.check(&to)?;
        provenance.write(&beside.join("provenance.json"))?;
        fs::rename(&beside, target).map_err(io_error(target))
    };
    copy().inspect_err(|_| {
        // The first error is the one to report; a leftover is only untidy.
        let _ = fs::remove_dir_all(&beside);
    })
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), InstallError> {
    let path = folder.join(MANIFEST);
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
    write_whole(&path, |out| out.write_all(text.as_bytes())).map_err(io_error(&path))
}

/// Goes back to the pair before the current one, which is checked first; the current one becomes the one before.
///
/// # Errors
/// [`InstallError`].
pub fn roll_back(folder: &Path) -> Result<PairPaths, InstallError> {
    let Manifest { current, previous } = manifest(folder)?;
    let path = || folder.to_owned();
    if (&current, &previous) == (&None, &None) {
        return Err(InstallError::Nothing { path: path() });
    }
    let previous = previous.ok_or_else(|| InstallError::NoPrevious { path: path() })?;
    let (paths, provenance) = entry(folder, &previous)?;
    check_pair(&paths)?;
    provenance.check(&paths)?;
    write_manifest(folder, &Manifest { current: Some(previous), previous: current })?;
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{SynthRequest, shape_named, write_synthetic_pair};
    use crate::write_untrained_pair;

    #[test]
    fn the_pair_before_is_kept_and_comes_back() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("models");
        let first = write_untrained_pair(scratch.path()).unwrap();
        let request = SynthRequest { shape: shape_named("small-words").unwrap(), side_px: None, seed: 0 };
        let second = write_synthetic_pair(scratch.path(), request, |_| ()).unwrap();
        assert!(matches!(current(&folder), Err(InstallError::Nothing { .. })));
        assert!(matches!(roll_back(&folder), Err(InstallError::Nothing { .. })));
        let hash = |paths: &PairPaths| paths.sha256().unwrap();
        let installed = install(&folder, &first, Some(hash(&first))).unwrap();
        assert_eq!(hash(&installed), hash(&first));
        assert!(matches!(roll_back(&folder), Err(InstallError::NoPrevious { .. })));
        install(&folder, &second, None).unwrap();
        assert_eq!(hash(&current(&folder).unwrap()), hash(&second));
        assert_eq!(hash(&roll_back(&folder).unwrap()), hash(&first));
        assert_eq!(hash(&roll_back(&folder).unwrap()), hash(&second), "and forward again");
        // The same again changes nothing.
        let before = manifest(&folder).unwrap();
        install(&folder, &second, None).unwrap();
        assert_eq!(manifest(&folder).unwrap(), before);
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 3, "two pairs and the manifest: {names:?}");
    }

    #[test]
    fn what_is_known_of_its_training_comes_along() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("models");
        let pair = write_untrained_pair(scratch.path()).unwrap();
        let training = serde_json::json!({ "commit": "abc" });
        let beside = scratch.path().join("provenance.json");
        let written = Provenance::of(&pair, "tiny", training.clone()).unwrap();
        // Of a file of another name.
        let mut other = written.clone();
        other.model.file = "other.gguf".to_owned();
        other.write(&beside).unwrap();
        let installed = |expected: &serde_json::Value| {
            let _ = fs::remove_dir_all(&folder);
            install(&folder, &pair, None).unwrap();
            let (_, provenance) = entry(&folder, &manifest(&folder).unwrap().current.unwrap()).unwrap();
            assert_eq!(&provenance.training, expected);
        };
        installed(&serde_json::Value::Null);
        written.write(&beside).unwrap();
        installed(&training);
        // Of a file of this name that is another: it was damaged on its way.
        let mut other = written;
        other.mmproj.sha256 = Sha256([1; 32]);
        other.write(&beside).unwrap();
        let message = install(&folder, &pair, None).unwrap_err().to_string();
        assert!(message.contains("mmproj") && message.contains("fetch"), "{message}");
    }

    #[test]
    fn what_is_wrong_is_refused_and_what_was_current_stays() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("models");
        let pair = write_untrained_pair(scratch.path()).unwrap();
        let installed = install(&folder, &pair, None).unwrap();
        let message = install(&folder, &pair, Some(Sha256([1; 32]))).unwrap_err().to_string();
        assert!(message.contains("0101") && message.contains("fetch"), "{message}");
        let swapped = PairPaths { model: pair.mmproj.clone(), mmproj: pair.model.clone() };
        assert!(matches!(install(&folder, &swapped, None), Err(InstallError::Check(_))));
        assert_eq!(current(&folder).unwrap(), installed);
        // A pair that was damaged where it lies does not come back.
        fs::write(&installed.mmproj, b"damaged").unwrap();
        let manifest = Manifest { current: None, previous: manifest(&folder).unwrap().current };
        write_manifest(&folder, &manifest).unwrap();
        assert!(roll_back(&folder).is_err());
        fs::write(folder.join(MANIFEST), "{").unwrap();
        let message = current(&folder).unwrap_err().to_string();
        assert!(message.contains("models.json"), "{message}");
    }
}
