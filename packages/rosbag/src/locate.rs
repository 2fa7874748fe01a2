//! A path -> the files of the bag, in order, and its metadata.

use crate::{
    BagError,
    metadata::{self, Metadata, NEWEST_VERSION},
};
use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

const METADATA_FILE: &str = "metadata.yaml";
/// Ends of the names of bag files.
const BAG_SUFFIXES: [&str; 2] = [".mcap", ".db3"];
/// What rosbag2 and users append to a compressed file.
const PACKED_SUFFIXES: [&str; 3] = [".zstd", ".zst", ".lz4"];
/// A `metadata.yaml` beyond this is not one.
const MAX_METADATA_BYTES: u64 = 16 << 20;

/// Where a bag lies.
pub(crate) struct Located {
    /// Never empty; in the order in which they were recorded.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) warnings: Vec<String>,
}

/// Finds the files of the bag at `path`.
pub(crate) fn locate(path: &Path) -> Result<Located, BagError> {
    let kind = match fs::metadata(path) {
        Ok(kind) => kind,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(BagError::Missing { path: path.to_owned() }),
        Err(source) => return Err(BagError::Io { path: path.to_owned(), action: "look at", source }),
    };
    if kind.is_dir() {
        return locate_in_folder(path);
    }
    if !kind.is_file() {
        // A pipe would block, a device never end.
        return Err(BagError::NotABag { path: path.to_owned(), start: "nothing that was looked at: it is no regular file".to_owned() });
    }
    if path.file_name() == Some(OsStr::new(METADATA_FILE)) {
        return locate_in_folder(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    }
    // A single file of a bag: the metadata beside it still knows the QoS and whether messages are compressed.
    let mut warnings = Vec::new();
    let beside = path.parent().and_then(|folder| read_metadata(folder, &mut warnings));
    let metadata = beside.filter(|metadata| metadata.files.iter().any(|listed| plain_name(Path::new(listed)) == plain_name(path)));
    if metadata.is_none() {
        warnings.clear();
    }
    Ok(Located { files: vec![path.to_owned()], metadata, warnings })
}

fn locate_in_folder(folder: &Path) -> Result<Located, BagError> {
    let mut warnings = Vec::new();
    let metadata = read_metadata(folder, &mut warnings);
    if let Some(listed) = metadata.as_ref().map(|metadata| &metadata.files).filter(|files| !files.is_empty()) {
        let files = listed.iter().map(|listed| resolve(folder, listed)).collect::<Result<_, _>>()?;
        return Ok(Located { files, metadata, warnings });
    }
    let files = list(folder, &mut warnings)?;
    if files.len() > 1 {
        warnings.push(format!("{}: no {METADATA_FILE} lists the files; all {} bag files were taken", folder.display(), files.len()));
    }
    Ok(Located { files, metadata, warnings })
}

/// The metadata of a folder; one that cannot be read is a warning, since a bag can be read without.
fn read_metadata(folder: &Path, warnings: &mut Vec<String>) -> Option<Metadata> {
    let path = folder.join(METADATA_FILE);
    let mut text = String::new();
    let parsed = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => Err(error.to_string()),
        Ok(file) => match file.take(MAX_METADATA_BYTES).read_to_string(&mut text) {
            Err(error) => Err(error.to_string()),
            Ok(_) => metadata::parse(&text),
        },
    };
    match parsed {
        Ok(metadata) => {
            if metadata.version > NEWEST_VERSION {
                let version = metadata.version;
                warnings.push(format!("{}: version {version} is newer than the known {NEWEST_VERSION}; read as such", path.display()));
            }
            Some(metadata)
        }
        Err(reason) => {
            warnings.push(format!("{}: not readable, it was left aside ({reason})", path.display()));
            None
        }
    }
}

/// Where a listed file is: as written, beside the metadata (versions 1 and 2 wrote the folder's name before it, copies of a bag keep the
/// paths of another machine), and with or without the suffix of a compression.
fn resolve(folder: &Path, listed: &str) -> Result<PathBuf, BagError> {
    let written = folder.join(listed);
    let beside = Path::new(listed).file_name().map(|name| folder.join(name));
    let above = folder.parent().map(|parent| parent.join(listed));
    for candidate in [Some(written.clone()), beside, above].into_iter().flatten() {
        if candidate.is_file() {
            return Ok(candidate);
        }
        let packed = PACKED_SUFFIXES.iter().map(|suffix| PathBuf::from(format!("{}{suffix}", candidate.display())));
        let plain = plain_name(&candidate).map(|name| candidate.with_file_name(name));
        if let Some(found) = packed.chain(plain).find(|path| path.is_file()) {
            return Ok(found);
        }
    }
    Err(BagError::ListedFileMissing { path: written })
}

/// The bag files of a folder, `a_2` before `a_10`. Where a file and its compressed form are there, the recorder was killed while it
/// compressed, and the plain file is whole.
fn list(folder: &Path, warnings: &mut Vec<String>) -> Result<Vec<PathBuf>, BagError> {
    let fault = |source| BagError::Io { path: folder.to_owned(), action: "list", source };
    let mut found = Vec::new();
    let mut ros1 = None;
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let Some(name) = plain_name(&path) else { continue };
        if BAG_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) && path.is_file() {
            found.push(path);
        } else if name.ends_with(".bag") {
            ros1 = Some(path);
        }
    }
    match (found.is_empty(), ros1) {
        (false, _) => {}
        (true, Some(path)) => return Err(BagError::Ros1 { path }),
        (true, None) => return Err(BagError::EmptyFolder { path: folder.to_owned() }),
    }
    found.sort_by_cached_key(|path| (plain_name(path).map(natural), path.as_os_str().len()));
    found.dedup_by(|later, earlier| {
        let same = plain_name(later) == plain_name(earlier);
        if same {
            warnings.push(format!("{}: left aside, {} is the same file", later.display(), earlier.display()));
        }
        same
    });
    Ok(found)
}

/// File name without the suffix of a compression.
fn plain_name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    Some(PACKED_SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name))
}

/// A key that sorts numbers by value.
fn natural(name: &str) -> Vec<(String, u64, String)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (text, tail) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let (digits, tail) = tail.split_at(tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len()));
        key.push((text.to_owned(), digits.parse().unwrap_or(u64::MAX), digits.to_owned()));
        rest = tail;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{locate, natural, resolve};
    use crate::BagError;
    use std::fs;

    #[test]
    fn numbers_sort_by_value() {
        let mut names = ["bag_10.mcap", "bag_2.mcap", "bag_1.mcap", "a", "bag_99999999999999999999999.mcap"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["a", "bag_1.mcap", "bag_2.mcap", "bag_10.mcap", "bag_99999999999999999999999.mcap"]);
    }

    #[test]
    fn listed_paths_of_every_generation_are_found() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("old");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("old_0.db3"), "x").unwrap();
        fs::write(folder.join("new_0.mcap.zstd"), "x").unwrap();
        for listed in ["old_0.db3", "old/old_0.db3", "/home/robot/bags/old/old_0.db3", "old_0.db3.zstd"] {
            assert_eq!(resolve(&folder, listed).unwrap(), folder.join("old_0.db3"), "{listed}");
        }
        assert_eq!(resolve(&folder, "new_0.mcap").unwrap(), folder.join("new_0.mcap.zstd"));
        assert!(matches!(resolve(&folder, "old_1.db3"), Err(BagError::ListedFileMissing { path }) if path == folder.join("old_1.db3")));
    }

    #[test]
    fn a_folder_without_metadata_gives_its_bag_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b_10.mcap", "b_9.mcap", "b_9.mcap.zstd", "notes.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let located = locate(folder.path()).unwrap();
        assert_eq!(located.files, [folder.path().join("b_9.mcap"), folder.path().join("b_10.mcap")]);
        assert_eq!(located.warnings.len(), 2, "{:?}", located.warnings);
    }

    #[test]
    fn unreadable_metadata_is_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.mcap"), "x").unwrap();
        fs::write(folder.path().join("metadata.yaml"), "{{{").unwrap();
        let located = locate(folder.path()).unwrap();
        assert!(located.metadata.is_none());
        assert!(located.warnings[0].contains("left aside"), "{:?}", located.warnings);
    }
}
