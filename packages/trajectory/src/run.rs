//! The run folder as one thing to write to. In -> out: events, answers and decisions -> the files of a run.
//!
//! Files are independent: one that fails takes nothing more, the others go on as long as the caller does. Deliberately absent: deciding
//! whether a run goes on after an error, and `run.rrd`, which `vedette-visualization` writes into the same folder.

use crate::channel::Channel;
use crate::disk::{LineFile, Opener, open_new, part_name, remove_if_there, write_document};
use crate::metadata::metadata_yaml;
use crate::recording::{Recording, Rotation, is_file_name};
use crate::{Manifest, RunError, completion_line, decision_line, doubtful_line, manifest, records};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vedette_messages::topics::Qos;
use vedette_types::{Assessment, Completion, Decision, JournalEntry, JournalKind, Sha256, Stamp};

/// Names of the files of a run.
pub mod files {
    /// Journal, assessments, decisions and, by value, inputs.
    pub const RECORDING: &str = "run.mcap";
    /// One decision a line.
    pub const DECISIONS: &str = "decisions.jsonl";
    /// One model answer a line.
    pub const COMPLETIONS: &str = "completions.jsonl";
    /// All figures.
    pub const SUMMARY: &str = "summary.json";
    /// What the run was made from.
    pub const MANIFEST: &str = "manifest.json";
    /// What makes the folder a rosbag2 bag.
    pub const METADATA: &str = "metadata.yaml";
    /// The rerun recording.
    pub const RERUN: &str = "run.rrd";
    /// The report.
    pub const REPORT: &str = "report.html";
    /// What was really there, where a simulator knows; apart from everything the agent sees.
    pub const TRUTH: &str = "truth.jsonl";

    /// All of them.
    pub(crate) const ALL: [&str; 9] = [RECORDING, DECISIONS, COMPLETIONS, SUMMARY, MANIFEST, METADATA, RERUN, REPORT, TRUTH];
}

/// One message that came in.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// When it reached the agent (event time).
    pub arrived: Stamp,
    /// Its topic.
    pub topic: &'a str,
    /// `package/msg/Type`.
    pub type_name: &'a str,
    /// The stamp in its header, where it has one.
    pub source_stamp: Option<Stamp>,
    /// Size of the serialized message, bytes.
    pub size_bytes: usize,
    /// Hash of the serialized message.
    pub sha256: Sha256,
    /// The message itself: in a live run or a demo. In replay `None`: the bag has it, and the journal names it by stamp, topic and hash.
    pub value: Option<InputValue<'a>>,
}

/// A message by value.
#[derive(Clone, Copy, Debug)]
pub struct InputValue<'a> {
    /// Its message definition, as MCAP's `ros2msg` wants it.
    pub definition: &'a str,
    /// `RIHS01_...`, where known.
    pub type_hash: Option<&'a str>,
    /// What its publisher offered.
    pub qos: Qos,
    /// The message, CDR with its header.
    pub cdr: &'a [u8],
    /// How many of the latest different messages of the topic stand at the beginning of every further file of the recording: 0 for what
    /// comes again by itself.
    pub repeats: usize,
}

/// The files of one run, open for writing. Dropped without [`RunFolder::finish`] it still closes `run.mcap` with its index.
pub struct RunFolder {
    folder: PathBuf,
    decisions: LineFile,
    completions: LineFile,
    recording: Recording,
}

impl RunFolder {
    /// Makes the folder and starts its files. A folder that holds an earlier run, and nothing else, is overwritten.
    ///
    /// # Errors
    /// [`RunError::NotARun`] when the folder holds anything that no run wrote, [`RunError::HoldsBag`] when it holds the bag to be replayed,
    /// [`RunError::Folder`] and [`RunError::Write`] when it cannot be made or written.
    pub fn create(folder: &Path, manifest: &Manifest) -> Result<Self, RunError> {
        Self::create_rotating(folder, manifest, Rotation::default())
    }

    /// As [`Self::create`], with bounds of the recording's files.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_rotating(folder: &Path, manifest: &Manifest, rotation: Rotation) -> Result<Self, RunError> {
        let open: Arc<Opener> = Arc::new(open_new);
        Self::create_with(folder, manifest, rotation, &open)
    }

    pub(crate) fn create_with(folder: &Path, manifest: &Manifest, rotation: Rotation, open: &Arc<Opener>) -> Result<Self, RunError> {
        let document = manifest.to_json()?;
        fs::create_dir_all(folder).map_err(|source| RunError::folder(folder, source))?;
        if let Some(bag) = &manifest.bag {
            refuse_bag_within(folder, &bag.path)?;
        }
        clear(folder)?;
        // First of all, so that a folder with any file of a run in it is known to be one.
        write_document(folder, files::MANIFEST, document.as_bytes(), &**open)?;
        Ok(Self {
            folder: folder.to_owned(),
            decisions: LineFile::create(folder.join(files::DECISIONS), &**open)?,
            completions: LineFile::create(folder.join(files::COMPLETIONS), &**open)?,
            recording: Recording::create(folder.to_owned(), document, manifest.created, Arc::clone(open), rotation)?,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Records a message that came in: by value on its own topic where there is one, else as a line of the journal.
    ///
    /// # Errors
    /// [`RunError`] when `run.mcap` cannot be written.
    pub fn input(&mut self, input: &Input<'_>) -> Result<(), RunError> {
        let Some(value) = &input.value else {
            return self.journal(&JournalEntry {
                stamp: input.arrived,
                kind: JournalKind::Input,
                topic: input.topic.to_owned(),
                source_stamp: input.source_stamp,
                content_sha256: Some(input.sha256),
                detail: format!("{}, {} bytes", input.type_name, input.size_bytes),
            });
        };
        let channel = Channel {
            topic: input.topic.into(),
            type_name: input.type_name.into(),
            definition: value.definition.into(),
            type_hash: value.type_hash.map(Into::into),
            qos: value.qos,
        };
        self.recording.write(&channel, value.repeats, input.arrived, input.source_stamp.unwrap_or(input.arrived), value.cdr)
    }

    /// Records a line of the journal.
    ///
    /// # Errors
    /// [`RunError`] when `run.mcap` cannot be written.
    pub fn journal(&mut self, entry: &JournalEntry) -> Result<(), RunError> {
        records::journal(&mut self.recording, entry)
    }

    /// Records an assessment.
    ///
    /// # Errors
    /// [`RunError`] when `run.mcap` cannot be written.
    pub fn assessment(&mut self, assessment: &Assessment) -> Result<(), RunError> {
        records::assessment(&mut self.recording, assessment)
    }

    /// Records a decision, in `decisions.jsonl` first.
    ///
    /// # Errors
    /// [`RunError`] of the first of the two files that cannot be written; both are tried.
    pub fn decision(&mut self, decision: &Decision) -> Result<(), RunError> {
        self.decided(decision, decision_line(decision))
    }

    /// Records a decision that may not be the one that was taken, because something it depends on is not known.
    ///
    /// # Errors
    /// As [`Self::decision`].
    pub fn doubtful_decision(&mut self, decision: &Decision) -> Result<(), RunError> {
        self.decided(decision, doubtful_line(decision))
    }

    fn decided(&mut self, decision: &Decision, line: String) -> Result<(), RunError> {
        let line = self.decisions.append(line);
        line.and(records::decision(&mut self.recording, decision))
    }

    /// Records what the model answered.
    ///
    /// # Errors
    /// [`RunError`] when `completions.jsonl` cannot be written.
    pub fn completion(&mut self, completion: &Completion) -> Result<(), RunError> {
        self.completions.append(completion_line(completion)?)
    }

    /// Ends the run: `summary.json`, `metadata.yaml`, the index of `run.mcap`.
    ///
    /// # Errors
    /// The first [`RunError`]; the other files are finished all the same.
    pub fn finish(self, summary: &impl Serialize) -> Result<(), RunError> {
        self.finish_with(summary, &open_new)
    }

    pub(crate) fn finish_with(mut self, summary: &impl Serialize, open: &Opener) -> Result<(), RunError> {
        let recording = self.recording.close();
        let metadata = metadata_yaml(&self.recording.listed());
        let metadata = write_document(&self.folder, files::METADATA, metadata.as_bytes(), open);
        let summary = serde_json::to_string_pretty(summary)
            .map_err(|error| RunError::Encode { what: "summary".into(), detail: error.to_string() })
            .and_then(|text| write_document(&self.folder, files::SUMMARY, (text + "\n").as_bytes(), open));
        recording.and(self.decisions.sync()).and(self.completions.sync()).and(metadata).and(summary)
    }
}

/// A replay into the folder of its own bag would delete it.
fn refuse_bag_within(folder: &Path, bag: &Path) -> Result<(), RunError> {
    let (Ok(folder), Ok(bag)) = (folder.canonicalize(), bag.canonicalize()) else {
        return Ok(());
    };
    if bag.starts_with(&folder) { Err(RunError::HoldsBag { bag }) } else { Ok(()) }
}

/// Removes the files of an earlier run. Nothing is removed when there is anything else in the folder.
fn clear(folder: &Path) -> Result<(), RunError> {
    let failed = |source| RunError::folder(folder, source);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    let manifest = folder.join(files::MANIFEST);
    let is_run = fs::read(&manifest).is_ok_and(|text| manifest::is_ours(&text));
    let is_part = |path: &Path| files::ALL.iter().any(|name| path.file_name() == Some(part_name(name).as_ref()));
    let is_recording = |path: &Path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_file_name);
    let is_file = |path: &Path| is_recording(path) || files::ALL.iter().any(|name| path.file_name() == Some(name.as_ref()));
    if let Some(entry) = entries.iter().find(|path| path.is_dir() || !(is_part(path) || is_run && is_file(path))) {
        return Err(RunError::NotARun { entry: entry.clone() });
    }
    // The manifest goes last: should this stop half-way, the folder is still known to be a run.
    entries.sort_by_key(|path| *path == manifest);
    entries.iter().try_for_each(|path| remove_if_there(path)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BagEntry, Machine, ModelEntry};
    use vedette_messages::{RosMsg, vedette_msgs};

    fn manifest(bag: Option<&Path>) -> Manifest {
        Manifest {
            version: "0.1.0".into(),
            commit: Some("0123456".into()),
            command: vec!["vedette".into()],
            created: Stamp::from_nanos(1),
            parameters: serde_json::json!({}),
            model: Some(ModelEntry { name: "tiny".into(), sha256: Sha256::default(), adapter: None, is_trained: false }),
            bag: bag.map(|path| BagEntry { path: path.to_owned(), files: Vec::new() }),
            machine: Machine::this(),
        }
    }

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().expect("scratch folder")
    }

    #[test]
    fn an_earlier_run_is_replaced_whole() {
        let dir = scratch();
        for _ in 0..2 {
            let run = RunFolder::create(dir.path(), &manifest(None)).expect("empty, or a run");
            fs::write(dir.path().join(files::RERUN), "rrd").expect("scratch file");
            run.finish(&serde_json::json!({ "frames": 0 })).expect("room");
        }
        RunFolder::create(dir.path(), &manifest(None)).expect("a run");
        assert!(!dir.path().join(files::RERUN).exists() && !dir.path().join(files::SUMMARY).exists());
    }

    #[test]
    fn nothing_foreign_is_touched() {
        for foreign in ["notes.txt", files::METADATA, files::MANIFEST] {
            let dir = scratch();
            fs::write(dir.path().join(foreign), "{}").expect("scratch file");
            let error = RunFolder::create(dir.path(), &manifest(None)).err().expect("refused").to_string();
            assert!(error.contains(foreign) && error.contains("name a new or empty one"), "{error}");
            assert_eq!(fs::read_to_string(dir.path().join(foreign)).expect("still there"), "{}");
        }
        let dir = scratch();
        drop(RunFolder::create(dir.path(), &manifest(None)).expect("new run"));
        fs::create_dir(dir.path().join("photos")).expect("scratch folder");
        assert!(matches!(RunFolder::create(dir.path(), &manifest(None)), Err(RunError::NotARun { .. })));
        assert!(dir.path().join(files::RECORDING).exists());
    }

    #[test]
    fn the_bag_that_is_replayed_is_never_replaced() {
        let dir = scratch();
        drop(RunFolder::create(dir.path(), &manifest(None)).expect("new run"));
        for bag in [dir.path().to_owned(), dir.path().join(files::RECORDING)] {
            assert!(matches!(RunFolder::create(dir.path(), &manifest(Some(&bag))), Err(RunError::HoldsBag { .. })));
        }
        assert!(dir.path().join(files::RECORDING).exists());
    }

    #[test]
    fn a_path_that_cannot_be_a_folder_is_named() {
        let dir = scratch();
        let path = dir.path().join("file");
        fs::write(&path, "").expect("scratch file");
        let error = RunFolder::create(&path, &manifest(None)).err().expect("refused").to_string();
        assert!(error.contains("file"), "{error}");
    }

    #[test]
    fn the_recording_gives_back_what_went_in() {
        let dir = scratch();
        let mut run = RunFolder::create(dir.path(), &manifest(None)).expect("new run");
        let qos = Qos::sensor(1);
        let value = InputValue { definition: "uint8[] data", type_hash: None, qos, cdr: &[0, 1, 0, 0, 0, 0, 0, 0], repeats: 0 };
        let mut input = Input {
            arrived: Stamp::from_nanos(5),
            topic: "/camera",
            type_name: "test_msgs/msg/Bytes",
            source_stamp: Some(Stamp::from_nanos(-3)),
            size_bytes: 8,
            sha256: Sha256([7; 32]),
            value: Some(value),
        };
        run.input(&input).expect("written");
        input.value = None;
        run.input(&input).expect("written");
        let huge = "x".repeat(1 << 20);
        let entry = JournalEntry {
            stamp: Stamp::from_nanos(-1),
            kind: JournalKind::ClockJump,
            topic: String::new(),
            source_stamp: None,
            content_sha256: None,
            detail: huge.clone(),
        };
        run.journal(&entry).expect("written");
        run.finish(&()).expect("room");

        let bytes = fs::read(dir.path().join(files::RECORDING)).expect("there");
        let messages: Vec<_> = mcap::MessageStream::new(&bytes).expect("mcap").map(|message| message.expect("message")).collect();
        let topics: Vec<_> = messages.iter().map(|message| message.channel.topic.as_str()).collect();
        assert_eq!(topics, ["/camera", "/vedette_agent/journal", "/vedette_agent/journal"]);
        let event = vedette_msgs::JournalEvent::from_cdr(&messages[1].data).expect("our own message");
        assert_eq!((event.topic.as_str(), event.content_sha256), ("/camera", [7; 32]));
        assert_eq!(event.detail, "test_msgs/msg/Bytes, 8 bytes");
        assert_eq!(vedette_msgs::JournalEvent::from_cdr(&messages[2].data).expect("our own message").detail, huge);
        assert_eq!(messages.iter().map(|message| message.log_time).collect::<Vec<_>>(), [5, 5, 0]);
        let yaml = fs::read_to_string(dir.path().join(files::METADATA)).expect("there");
        assert!(yaml.contains("\n  message_count: 3\n"), "{yaml}");
    }
}
