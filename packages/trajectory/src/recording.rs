//! The recording of a run: `run.mcap`, and where files have bounds `run_1.mcap`, `run_2.mcap`, ... In -> out: messages -> files, each readable
//! alone: schemas, channels and what must be known from the beginning stand in every one of them.
//!
//! A file is closed, with its index, before the next one begins. The oldest closed file is deleted only where that is allowed.
//! Deliberately absent: a clock. A file's age is counted in event time.

use crate::RunError;
use crate::channel::Channel;
use crate::disk::Opener;
use crate::mcap_file::{Contents, McapFile};
use crate::run::files;
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use vedette_types::Stamp;

/// Bounds of the files of a recording; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rotation {
    /// A file ends at this size; the chunk that is open comes on top, 256 KiB or one message.
    pub max_file_bytes: u64,
    /// A file ends when it spans this much event time.
    pub max_file_secs: f64,
    /// All files together end at this size.
    pub max_total_bytes: u64,
    /// At `max_total_bytes` the oldest closed file makes room; else the recording ends there.
    pub delete_oldest: bool,
}

/// One file as `metadata.yaml` lists it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) contents: Contents,
    pub(crate) bytes: u64,
}

/// A message that is repeated at the beginning of every further file.
struct Lasting {
    channel: Channel<'static>,
    published: Stamp,
    cdr: Vec<u8>,
}

/// The files while they are being written.
pub(crate) struct Recording {
    folder: PathBuf,
    manifest: String,
    created: Stamp,
    open: Arc<Opener>,
    rotation: Rotation,
    closed: VecDeque<Listed>,
    name: String,
    number: u32,
    file: McapFile,
    began: Option<Stamp>,
    lasting: BTreeMap<String, VecDeque<Lasting>>,
}

impl Recording {
    pub(crate) fn create(
        folder: PathBuf,
        manifest: String,
        created: Stamp,
        open: Arc<Opener>,
        rotation: Rotation,
    ) -> Result<Self, RunError> {
        let name = file_name(0);
        let file = begin(&folder.join(&name), &manifest, created, &*open)?;
        let (closed, lasting) = (VecDeque::new(), BTreeMap::new());
        Ok(Self { folder, manifest, created, open, rotation, closed, name, number: 0, file, began: None, lasting })
    }

    /// Appends one message. The latest `repeats` different messages of its topic are repeated in every further file.
    pub(crate) fn write(
        &mut self,
        channel: &Channel<'_>,
        repeats: usize,
        stamp: Stamp,
        published: Stamp,
        cdr: &[u8],
    ) -> Result<(), RunError> {
        self.make_room()?;
        if self.is_full(stamp) {
            self.rotate(stamp)?;
        }
        self.file.write(channel, stamp, published, cdr)?;
        self.began.get_or_insert(stamp);
        if repeats > 0 {
            let lasting = self.lasting.entry(channel.topic.clone().into_owned()).or_default();
            lasting.retain(|known| known.cdr != cdr);
            lasting.push_back(Lasting { channel: channel.to_owned(), published, cdr: cdr.to_owned() });
            while lasting.len() > repeats {
                lasting.pop_front();
            }
        }
        Ok(())
    }

    /// Finishes the last file.
    pub(crate) fn close(&mut self) -> Result<(), RunError> {
        self.file.close()
    }

    /// The files that are there, oldest first, with what is in them for certain.
    pub(crate) fn listed(&self) -> Vec<Listed> {
        let last = Listed { name: self.name.clone(), contents: self.file.certain_contents().clone(), bytes: self.file.bytes() };
        self.closed.iter().cloned().chain([last]).collect()
    }

    fn is_full(&self, stamp: Stamp) -> bool {
        let Some(began) = self.began else { return false };
        let Rotation { max_file_bytes, max_file_secs, .. } = self.rotation;
        (max_file_bytes > 0 && self.file.bytes() >= max_file_bytes) || (max_file_secs > 0.0 && stamp.secs_since(began) >= max_file_secs)
    }

    fn make_room(&mut self) -> Result<(), RunError> {
        let Rotation { max_total_bytes, delete_oldest, .. } = self.rotation;
        while max_total_bytes > 0 && self.closed.iter().map(|file| file.bytes).sum::<u64>() + self.file.bytes() >= max_total_bytes {
            if !delete_oldest || self.closed.is_empty() {
                return Err(RunError::Full { folder: self.folder.clone(), bytes: max_total_bytes });
            }
            self.delete_oldest()?;
        }
        Ok(())
    }

    fn delete_oldest(&mut self) -> Result<(), RunError> {
        let Some(oldest) = self.closed.pop_front() else { return Ok(()) };
        let path = self.folder.join(&oldest.name);
        fs::remove_file(&path).map_err(|source| RunError::write(&path, source))
    }

    fn rotate(&mut self, stamp: Stamp) -> Result<(), RunError> {
        self.file.close()?;
        let name = file_name(self.number + 1);
        let file = begin(&self.folder.join(&name), &self.manifest, self.created, &*self.open)?;
        let closed = std::mem::replace(&mut self.file, file);
        let closed_name = std::mem::replace(&mut self.name, name);
        let (contents, bytes) = (closed.certain_contents().clone(), closed.bytes());
        self.closed.push_back(Listed { name: closed_name, contents, bytes });
        self.number += 1;
        self.began = Some(stamp);
        for message in self.lasting.values().flatten() {
            self.file.write(&message.channel, stamp, message.published, &message.cdr)?;
        }
        Ok(())
    }
}

fn begin(path: &std::path::Path, manifest: &str, created: Stamp, open: &Opener) -> Result<McapFile, RunError> {
    let disk = open(path).map_err(|source| RunError::write(path, source))?;
    McapFile::create(path.to_owned(), disk, manifest, created)
}

/// Name of the file with that number.
fn file_name(number: u32) -> String {
    let stem = files::RECORDING.trim_end_matches(".mcap");
    if number == 0 { files::RECORDING.to_owned() } else { format!("{stem}_{number}.mcap") }
}

/// Whether a recording may have a file of that name.
pub(crate) fn is_file_name(name: &str) -> bool {
    let number = name.strip_prefix(files::RECORDING.trim_end_matches(".mcap")).and_then(|rest| rest.strip_suffix(".mcap"));
    number.is_some_and(|number| number.is_empty() || number.strip_prefix('_').is_some_and(|n| n.parse::<u32>().is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, InputValue, Machine, Manifest, RunFolder};
    use std::path::Path;
    use vedette_messages::topics::Qos;
    use vedette_types::Sha256;

    fn manifest() -> Manifest {
        Manifest {
            version: "0.1.0".into(),
            commit: None,
            command: vec![],
            created: Stamp::from_nanos(1),
            parameters: serde_json::json!({}),
            model: None,
            bag: None,
            machine: Machine::default(),
        }
    }

    /// Bytes that do not compress.
    fn noise(seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        };
        let mut bytes: Vec<u8> = vec![0, 1, 0, 0];
        bytes.extend((0..4000).flat_map(|_| next()));
        bytes
    }

    fn write(run: &mut RunFolder, topic: &str, repeats: usize, millis: i64, cdr: &[u8]) -> Result<(), RunError> {
        let arrived = Stamp::from_nanos(millis * 1_000_000);
        let value = InputValue { definition: "uint8[] data", type_hash: None, qos: Qos::latched(1), cdr, repeats };
        let type_name = "test_msgs/msg/Bytes";
        let (source_stamp, sha256) = (None, Sha256::default());
        run.input(&Input { arrived, topic, type_name, source_stamp, size_bytes: cdr.len(), sha256, value: Some(value) })
    }

    /// Topics of the messages of a file, by its index.
    fn topics(path: &Path) -> Vec<(String, u64)> {
        let bytes = fs::read(path).expect("there");
        assert!(mcap::Summary::read(&bytes).expect("readable").is_some(), "{} has an index", path.display());
        let messages = mcap::MessageStream::new(&bytes).expect("mcap").map(|message| message.expect("message"));
        messages.map(|message| (message.channel.topic.clone(), message.log_time / 1_000_000)).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = entries.filter(|name| is_file_name(name)).collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    }

    #[test]
    fn every_file_has_what_must_be_known_from_the_beginning() {
        let dir = tempfile::tempdir().expect("scratch folder");
        let rotation = Rotation { max_file_secs: 1.0, ..Rotation::default() };
        let mut run = RunFolder::create_rotating(dir.path(), &manifest(), rotation).expect("new run");
        for (millis, frame) in [(0, 1), (10, 2), (20, 3), (30, 2)] {
            write(&mut run, "/tf_static", 2, millis, &noise(frame)[..16]).expect("written");
        }
        for millis in (100..3000).step_by(100) {
            write(&mut run, "/gas", 0, millis, &noise(9)[..12]).expect("written");
        }
        run.finish(&()).expect("room");
        assert_eq!(names(dir.path()), ["run.mcap", "run_1.mcap", "run_2.mcap"]);
        let second = topics(&dir.path().join("run_1.mcap"));
        let of = |topic: &str, millis| (topic.to_owned(), millis);
        // The third and then the second, which was said again; the first is forgotten.
        assert_eq!(second[..3], [of("/tf_static", 1000), of("/tf_static", 1000), of("/gas", 1000)]);
        assert_eq!(second.len(), 12);
        let yaml = fs::read_to_string(dir.path().join(files::METADATA)).expect("there");
        assert!(yaml.contains("  message_count: 37\n") && yaml.contains("    - \"run_2.mcap\"\n"), "{yaml}");
        assert!(yaml.contains("        name: \"/gas\"") && yaml.matches("topic_metadata").count() == 2, "{yaml}");
        // A recording may be replaced by a run, whole.
        RunFolder::create(dir.path(), &manifest()).expect("a run");
        assert_eq!(names(dir.path()), ["run.mcap"]);
    }

    #[test]
    fn the_oldest_file_goes_only_where_that_is_allowed() {
        let rotation = Rotation { max_file_bytes: 100_000, max_total_bytes: 1_500_000, ..Rotation::default() };
        let record = |delete_oldest: bool| {
            let dir = tempfile::tempdir().expect("scratch folder");
            let mut run = RunFolder::create_rotating(dir.path(), &manifest(), Rotation { delete_oldest, ..rotation }).expect("new run");
            let result = (0..100).try_for_each(|k| write(&mut run, "/camera", 0, k * 33, &noise(k.unsigned_abs())));
            run.finish(&()).expect("room");
            (dir, result)
        };
        let (dir, result) = record(true);
        result.expect("written");
        let kept = names(dir.path());
        let bytes: u64 = kept.iter().map(|name| fs::metadata(dir.path().join(name)).expect("there").len()).sum();
        assert!(!kept.contains(&"run.mcap".to_owned()) && kept.len() > 2, "{kept:?}");
        // One open chunk and the index may come on top.
        assert!((1_000_000..1_900_000).contains(&bytes), "{bytes} bytes");
        let yaml = fs::read_to_string(dir.path().join(files::METADATA)).expect("there");
        assert!(kept.iter().all(|name| yaml.contains(&format!("- path: \"{name}\""))) && !yaml.contains("\"run.mcap\""), "{yaml}");
        let (dir, result) = record(false);
        let error = result.expect_err("full").to_string();
        assert!(error.contains("1500000"), "{error}");
        assert!(names(dir.path()).contains(&"run.mcap".to_owned()));
        names(dir.path()).iter().for_each(|name| drop(topics(&dir.path().join(name))));
    }
}
