//! States of prompt beginnings on disk, so that the first answer after a start need not compute the static text again.
//!
//! In -> out: key, state -> a file of the folder; key -> the state, if the file is whole. A damaged file is removed with a warning and the
//! text is computed anew. Files appear whole or not at all; those unused longest go when the folder is full. Deliberately absent: answers.

use crate::digest::{Parts, sha256_of_bytes};
use crate::whole_file::write_whole;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::{Builder, JoinHandle};
use std::time::SystemTime;
use vedette_types::{AdapterUse, Sha256};

/// The form of the files; changes with it.
const MAGIC: &[u8; 8] = b"VEDKV001";

/// Magic, key, length and hash of the state.
const HEADER_BYTES: usize = 8 + 32 + 8 + 32;

const EXTENSION: &str = "kv";

/// One folder, as one model with one set of parameters uses it.
pub(crate) struct PrefixStore {
    folder: PathBuf,
    capacity_bytes: u64,
    /// What every key of this model has in common.
    base: Sha256,
    writer: Option<JoinHandle<()>>,
}

/// A file that is not used.
#[derive(Debug, thiserror::Error)]
enum Damage {
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("it has {found} bytes, expected {expected}")]
    Length { found: u64, expected: u64 },
    #[error("its {0} is wrong")]
    Wrong(&'static str),
}

impl PrefixStore {
    /// `identity` is that of [`Limits::identity`](crate::params::Limits::identity).
    pub(crate) fn new(folder: PathBuf, capacity_bytes: u64, identity: Sha256) -> Self {
        Self { folder, capacity_bytes, base: Parts::default().bytes(MAGIC).bytes(&identity.0).hash(), writer: None }
    }

    /// What the state after `tokens` is called. An adapter at scale 0 changes nothing and does not count.
    pub(crate) fn key(&self, adapter: Option<AdapterUse>, tokens: &[i32]) -> Sha256 {
        let mut parts = Parts::default().bytes(&self.base.0);
        if let Some(adapter) = adapter.filter(|adapter| adapter.scale != 0.0) {
            parts = parts.bytes(&adapter.sha256.0).bytes(&adapter.scale.to_bits().to_le_bytes());
        }
        let tokens: Vec<u8> = tokens.iter().flat_map(|token| token.to_le_bytes()).collect();
        parts.bytes(&tokens).hash()
    }

    fn path(&self, key: Sha256) -> PathBuf {
        let name = key.to_string();
        self.folder.join(name.get(..32).unwrap_or(&name)).with_extension(EXTENSION)
    }

    /// The state of this key, if it is there and whole.
    pub(crate) fn read(&self, key: Sha256) -> Option<Vec<u8>> {
        let path = self.path(key);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(target: "llama", "{}: {error}; the prompt's beginning is computed anew", path.display());
                return None;
            }
        };
        match state_in(&file, key, self.capacity_bytes) {
            Ok(state) => {
                // The time of the last use; where it cannot be set the file only goes earlier.
                let _ = file.set_modified(time_of_use());
                Some(state)
            }
            Err(damage) => {
                self.discard(key, &damage.to_string());
                None
            }
        }
    }

    /// Removes a file that is of no use.
    pub(crate) fn discard(&self, key: Sha256, why: &str) {
        let path = self.path(key);
        tracing::warn!(target: "llama", "{} is dropped: {why}; the prompt's beginning is computed anew", path.display());
        let _ = fs::remove_file(&path);
    }

    /// Writes a state on a thread of its own: no caller waits for a disk. While one is being written others are left out.
    pub(crate) fn write(&mut self, key: Sha256, state: Vec<u8>) {
        if self.writer.as_ref().is_some_and(|writer| !writer.is_finished()) || (state.len() + HEADER_BYTES) as u64 > self.capacity_bytes {
            return;
        }
        let (path, folder, capacity_bytes) = (self.path(key), self.folder.clone(), self.capacity_bytes);
        let write = move || {
            let written =
                fs::create_dir_all(&folder).and_then(|()| write_file(&path, key, &state)).and_then(|()| trim(&folder, capacity_bytes));
            if let Err(error) = written {
                tracing::warn!(target: "llama", "{}: {error}; the next start computes the prompt's beginning anew", path.display());
            }
        };
        // Without a thread nothing is kept, and no answer depends on it.
        self.writer = Builder::new().name("vedette-prefix".to_owned()).spawn(write).ok();
    }
}

impl Drop for PrefixStore {
    /// A process that ends after one answer has written its state.
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time of the last use decides what goes first, and no answer")]
fn time_of_use() -> SystemTime {
    SystemTime::now()
}

fn write_file(path: &Path, key: Sha256, state: &[u8]) -> io::Result<()> {
    write_whole(path, |out| {
        out.write_all(MAGIC)?;
        out.write_all(&key.0)?;
        out.write_all(&(state.len() as u64).to_le_bytes())?;
        out.write_all(&sha256_of_bytes(state).0)?;
        out.write_all(state)
    })
}

fn state_in(mut file: &File, key: Sha256, capacity_bytes: u64) -> Result<Vec<u8>, Damage> {
    let found = file.metadata()?.len();
    if found > capacity_bytes {
        return Err(Damage::Length { found, expected: capacity_bytes });
    }
    let mut magic = [0; 8];
    let [mut its_key, mut sha256] = [[0; 32]; 2];
    let mut len = [0; 8];
    for field in [&mut magic[..], &mut its_key, &mut len, &mut sha256] {
        file.read_exact(field)?;
    }
    let expected = u64::from_le_bytes(len).saturating_add(HEADER_BYTES as u64);
    if &magic != MAGIC {
        return Err(Damage::Wrong("first word"));
    } else if its_key != key.0 {
        return Err(Damage::Wrong("key"));
    } else if found != expected {
        return Err(Damage::Length { found, expected });
    }
    let mut state = vec![0; (found - HEADER_BYTES as u64) as usize];
    file.read_exact(&mut state)?;
    if sha256_of_bytes(&state).0 == sha256 { Ok(state) } else { Err(Damage::Wrong("hash")) }
}

/// Removes those unused longest until the rest fits.
fn trim(folder: &Path, capacity_bytes: u64) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_file() && entry.path().extension().is_some_and(|extension| extension == EXTENSION) {
            files.push((metadata.modified()?, metadata.len(), entry.path()));
        }
    }
    files.sort();
    let mut sum: u64 = files.iter().map(|(_, len, _)| len).sum();
    for (_, len, path) in files {
        if sum <= capacity_bytes {
            break;
        }
        // Another process may have been faster.
        fs::remove_file(&path).or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
        sum -= len;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Limits;
    use crate::{LlamaParams, check_pair, write_untrained_pair};
    use std::time::Duration;

    fn limits() -> Limits {
        let folder = tempfile::tempdir().unwrap();
        Limits::new(&LlamaParams::default(), &check_pair(&write_untrained_pair(folder.path()).unwrap()).unwrap()).unwrap()
    }

    fn store(folder: &Path, capacity_bytes: u64) -> PrefixStore {
        PrefixStore::new(folder.join("prefix"), capacity_bytes, limits().identity(Sha256([1; 32]), "a build"))
    }

    /// Written, and the thread has ended.
    fn written(folder: &Path, capacity_bytes: u64, key: Sha256, state: &[u8]) {
        store(folder, capacity_bytes).write(key, state.to_vec());
    }

    #[test]
    fn what_was_written_is_read_and_what_is_damaged_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), 1000);
        let key = store.key(None, &[1, 2, 3]);
        assert_eq!(store.read(key), None);
        let state: Vec<u8> = (0..200).collect();
        written(folder.path(), 1000, key, &state);
        assert_eq!(store.read(key).as_deref(), Some(&state[..]));
        let path = store.path(key);
        let whole = fs::read(&path).unwrap();
        for damaged in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[damaged] ^= 4;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(store.read(key), None, "byte {damaged}");
            assert!(!path.exists(), "byte {damaged}");
        }
        for len in [0, 7, 79, 80, 279] {
            fs::write(&path, &whole[..len]).unwrap();
            assert_eq!((store.read(key), path.exists()), (None, false), "{len} bytes");
        }
        let other = store.key(None, &[1, 2]);
        fs::write(store.path(other), &whole).unwrap();
        assert_eq!(store.read(other), None, "the file of another key");
    }

    #[test]
    fn a_key_is_everything_that_changes_a_state() {
        let folder = tempfile::tempdir().unwrap();
        let plain = store(folder.path(), 1000);
        let adapter = |byte, scale| Some(AdapterUse { sha256: Sha256([byte; 32]), scale });
        let limits = limits();
        let other =
            |model, limits: Limits, build| PrefixStore::new(folder.path().to_owned(), 1000, limits.identity(Sha256([model; 32]), build));
        let key = |store: &PrefixStore| store.key(None, &[1, 2]);
        let mut keys = vec![
            key(&plain),
            plain.key(None, &[1, 3]),
            plain.key(adapter(2, 1.0), &[1, 2]),
            plain.key(adapter(2, 0.5), &[1, 2]),
            plain.key(adapter(3, 1.0), &[1, 2]),
            key(&other(9, limits, "a build")),
            key(&other(1, limits, "another build")),
            key(&other(1, Limits { n_ctx: 512, ..limits }, "a build")),
            key(&other(1, Limits { n_ubatch: 64, ..limits }, "a build")),
        ];
        let len = keys.len();
        keys.sort_by_key(|key| key.0);
        keys.dedup();
        assert_eq!(keys.len(), len);
        assert_eq!(plain.key(adapter(2, 0.0), &[1, 2]), key(&plain), "an adapter that does nothing");
        assert_eq!(key(&other(1, Limits { picture_cache_bytes: 7, ..limits }, "a build")), key(&plain));
    }

    #[test]
    fn the_folder_stays_in_bounds_and_the_longest_unused_goes() {
        let folder = tempfile::tempdir().unwrap();
        let capacity_bytes = 3 * (100 + HEADER_BYTES as u64);
        let store = store(folder.path(), capacity_bytes);
        let keys = [1, 2, 3, 4].map(|token| store.key(None, &[token]));
        for (age, key) in keys[..3].iter().enumerate() {
            written(folder.path(), capacity_bytes, *key, &[7; 100]);
            let file = File::options().write(true).open(store.path(*key)).unwrap();
            file.set_modified(time_of_use() - Duration::from_secs(1000 - age as u64)).unwrap();
        }
        assert!(store.read(keys[0]).is_some(), "the oldest is used");
        written(folder.path(), capacity_bytes, keys[3], &[7; 100]);
        let there = keys.map(|key| store.path(key).exists());
        assert_eq!(there, [true, false, true, true]);
        written(folder.path(), capacity_bytes, store.key(None, &[5]), &[7; 500]);
        assert_eq!(keys.map(|key| store.path(key).exists()), there, "larger than the whole room: not written");
    }
}
