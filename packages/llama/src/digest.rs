//! SHA-256 of bytes, and of files, streamed: a model does not fit into memory twice.

use sha2::{Digest, Sha256 as Hasher};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use vedette_types::Sha256;

/// The hash over bytes.
pub(crate) fn sha256_of_bytes(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

/// A hash over several things, each with its length, so that no two lists of things look the same.
#[derive(Default)]
pub(crate) struct Parts(Hasher);

impl Parts {
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn hash(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

/// The hash over one file.
pub(crate) fn sha256_of_file(path: &Path) -> io::Result<Sha256> {
    sha256_of_files(&[path])
}

/// The hash over several files one after the other: what `cat FILES | sha256sum` prints.
pub(crate) fn sha256_of_files(paths: &[&Path]) -> io::Result<Sha256> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    for path in paths {
        let mut file = File::open(path)?;
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(buffer.get(..read).unwrap_or_default());
        }
    }
    Ok(Sha256(hasher.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_hash_like_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let (a, b, both) = (path("a", b"ab"), path("b", b"c"), path("both", b"abc"));
        assert_eq!(sha256_of_files(&[&a, &b]).unwrap(), sha256_of_file(&both).unwrap());
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_of_file(&both).unwrap().to_string(), expected);
    }
}
