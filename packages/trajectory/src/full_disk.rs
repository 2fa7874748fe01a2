//! Tests: what a run folder holds after a disk filled up at any moment, was cut off, or was killed. In -> out: a disk that takes N bytes ->
//! every line parses, every whole chunk is there, the error says which file and what to do.

use crate::disk::{Disk, Opener, open_new};
use crate::run::files;
use crate::{Completions, Machine, Manifest, Rotation, RunError, RunFolder, parse_decision_line, read_completions};
use mcap::sans_io::{LinearReadEvent, LinearReader};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vedette_types::{
    Completion, Decision, Finish, Hazard, JournalEntry, JournalKind, KindId, Probability, Response, Severity, Sha256, Stamp, StreamId,
    Timings, Verdict,
};

const EVENTS: i64 = 24;
const STEP_NANOS: i64 = 300_000_000;

fn manifest() -> Manifest {
    Manifest {
        version: "0.1.0".into(),
        commit: None,
        command: vec!["vedette".into(), "replay".into()],
        created: Stamp::from_nanos(1),
        parameters: serde_json::json!({ "fusion": { "max_interval_secs": 0.1 } }),
        model: None,
        bag: None,
        machine: Machine::default(),
    }
}

fn entry(index: i64) -> JournalEntry {
    // Hashes do not compress: the file grows with every entry, as a real one does.
    let noise = (index as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
    JournalEntry {
        stamp: Stamp::from_nanos(index * STEP_NANOS),
        kind: JournalKind::Input,
        topic: "/camera/image_raw".into(),
        source_stamp: Some(Stamp::from_nanos(index)),
        content_sha256: Some(Sha256(std::array::from_fn(|i| noise[i % 8].wrapping_mul(i as u8 | 1)))),
        detail: "sensor_msgs/msg/Image, 921600 bytes".into(),
    }
}

fn decision(index: i64) -> Decision {
    Decision {
        stamp: Stamp::from_nanos(index * STEP_NANOS),
        image_stamp: Some(Stamp::from_nanos(index)),
        verdict: Verdict::Hazard,
        hazards: vec![Hazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            confidence: Probability::ONE,
            bearing_rad: Some(f64::NAN),
            range_m: None,
            position_m: None,
            valid_until: Stamp::from_nanos(index),
        }],
        response: Response::Stop,
        reasons: vec![format!("fire {index}")],
        valid_until: Stamp::from_nanos(index),
    }
}

fn completion(index: i64) -> Completion {
    Completion {
        image_stamp: Stamp::from_nanos(index),
        camera: StreamId::new("/camera"),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        model_sha256: Sha256::default(),
        adapter: None,
        is_model_trained: true,
        text: "{}".into(),
        tokens: 1,
        finish: Finish::Stop,
        verdict_probabilities: None,
        arrived: Stamp::from_nanos(index),
        timings: Timings::default(),
    }
}

/// A disk with `left_bytes` free, shared by all files on it.
struct Filling {
    file: Box<dyn Disk>,
    length: u64,
    left_bytes: Arc<AtomicU64>,
    /// Whether the file can be cut back once the disk is full (a device that went away cannot).
    takes_truncate: bool,
}

impl Write for Filling {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left_bytes.load(Ordering::Relaxed);
        let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if count == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let count = self.file.write(&bytes[..count])?;
        self.left_bytes.fetch_sub(count as u64, Ordering::Relaxed);
        self.length += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Disk for Filling {
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        if !self.takes_truncate {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.left_bytes.fetch_add(self.length - length, Ordering::Relaxed);
        self.length = length;
        self.file.truncate(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync()
    }
}

/// What a run said it had written.
#[derive(Default)]
struct Acknowledged {
    decisions: usize,
    completions: usize,
    last_journal: Option<Stamp>,
    errors: Vec<String>,
}

impl Acknowledged {
    fn note(&mut self, result: Result<(), RunError>) -> bool {
        match result {
            Ok(()) => true,
            Err(error) => {
                self.errors.push(error.to_string());
                false
            }
        }
    }
}

/// One whole run on a disk with `bytes` free.
fn run(folder: &Path, bytes: u64, takes_truncate: bool) -> (Acknowledged, u64) {
    let left_bytes = Arc::new(AtomicU64::new(bytes));
    let open: Arc<Opener> = {
        let left_bytes = Arc::clone(&left_bytes);
        Arc::new(move |path: &Path| -> io::Result<Box<dyn Disk>> {
            let left_bytes = Arc::clone(&left_bytes);
            Ok(Box::new(Filling { file: open_new(path)?, length: 0, left_bytes, takes_truncate }))
        })
    };
    let mut said = Acknowledged::default();
    match RunFolder::create_with(folder, &manifest(), Rotation::default(), &open) {
        Err(error) => said.errors.push(error.to_string()),
        Ok(mut run) => {
            for index in 0..EVENTS {
                if said.note(run.journal(&entry(index))) {
                    said.last_journal = Some(entry(index).stamp);
                }
                let completed = said.note(run.completion(&completion(index)));
                said.completions += usize::from(completed);
                let decided = said.note(run.decision(&decision(index)));
                said.decisions += usize::from(decided);
            }
            said.note(run.finish_with(&serde_json::json!({ "decisions": EVENTS }), &*open));
        }
    }
    (said, bytes - left_bytes.load(Ordering::Relaxed))
}

/// Topic and log time of every message that can be read from the front, and whether the file is whole.
fn readable_messages(path: &Path) -> (Vec<(String, u64)>, bool) {
    let bytes = fs::read(path).unwrap_or_default();
    let mut unread = bytes.as_slice();
    let mut reader = LinearReader::new();
    let mut topics = std::collections::BTreeMap::new();
    let mut messages = Vec::new();
    while let Some(event) = reader.next_event() {
        match event {
            Ok(LinearReadEvent::ReadRequest(wanted)) => {
                let count = wanted.min(unread.len());
                reader.insert(count).copy_from_slice(&unread[..count]);
                reader.notify_read(count);
                unread = &unread[count..];
            }
            Ok(LinearReadEvent::Record { opcode, data }) => match mcap::parse_record(opcode, data) {
                Ok(mcap::records::Record::Channel(channel)) => drop(topics.insert(channel.id, channel.topic)),
                Ok(mcap::records::Record::Message { header, .. }) => messages.push((topics[&header.channel_id].clone(), header.log_time)),
                Ok(_) => {}
                Err(_) => return (messages, false),
            },
            Err(_) => return (messages, false),
        }
    }
    (messages, true)
}

fn decisions_in(folder: &Path) -> Vec<Decision> {
    let text = fs::read_to_string(folder.join(files::DECISIONS)).unwrap_or_default();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(|line| parse_decision_line(line).expect("a whole line")).collect()
}

/// Checks a folder; returns whether its recording is well-formed to the end.
fn check(folder: &Path, said: &Acknowledged, takes_truncate: bool) -> bool {
    let advice = |error: &String| error.contains("free space on that disk") || error.contains("start a new run");
    assert!(said.errors.iter().all(advice), "{:?}", said.errors);
    if takes_truncate {
        assert!(decisions_in(folder).len() >= said.decisions);
    }
    if folder.join(files::COMPLETIONS).exists() {
        let Completions { completions, torn_line } = read_completions(&folder.join(files::COMPLETIONS)).expect("readable");
        // Where nothing can be taken back, a line may stand there whole though its writing failed: without its newline.
        let most = said.completions + usize::from(!takes_truncate);
        assert!((said.completions..=most).contains(&completions.len()), "{} of {}", completions.len(), said.completions);
        assert!(torn_line.is_none() || !takes_truncate);
    }
    let (messages, is_whole) = readable_messages(&folder.join(files::RECORDING));
    if let Some(last) = said.last_journal {
        let journal = messages.iter().filter(|(topic, _)| topic == "/vedette_agent/journal");
        // Index of the last entry that is older than what an open chunk may span.
        let certain = (last.nanos() - 1_000_000_000).div_euclid(STEP_NANOS);
        assert!(journal.count() as i64 > certain, "journal up to {last} was acknowledged");
    }
    if let Ok(yaml) = fs::read_to_string(folder.join(files::METADATA)) {
        assert!(yaml.contains(&format!("\n  message_count: {}\n", messages.len())), "{} messages; {yaml}", messages.len());
    }
    for document in [files::MANIFEST, files::SUMMARY] {
        if let Ok(text) = fs::read(folder.join(document)) {
            serde_json::from_slice::<serde_json::Value>(&text).expect("whole or absent");
        }
    }
    is_whole
}

#[test]
fn what_was_written_stays_readable_wherever_the_disk_fills_up() {
    let dir = tempfile::tempdir().expect("scratch folder");
    let (said, all_bytes) = run(&dir.path().join("whole"), u64::MAX, true);
    assert_eq!((said.decisions, said.completions, said.errors.len()), (EVENTS as usize, EVENTS as usize, 0));
    check(&dir.path().join("whole"), &said, true);
    let (mut failures, mut well_formed) = (0, 0);
    for bytes in (0..all_bytes).step_by(97) {
        let takes_truncate = bytes % 2 == 0;
        let folder = dir.path().join(bytes.to_string());
        let (said, _) = run(&folder, bytes, takes_truncate);
        failures += usize::from(!said.errors.is_empty());
        // Not always: where the disk fills up between two chunks, nothing can be cut away to make room for an end.
        well_formed += usize::from(check(&folder, &said, takes_truncate));
        fs::remove_dir_all(&folder).expect("scratch folder");
    }
    assert!(failures > 100, "only {failures} of the runs failed: the disk was never full");
    assert!(well_formed * 3 > failures, "only {well_formed} of {failures} recordings were closed");
}

#[test]
fn a_real_full_disk_leaves_a_readable_run() {
    let dir = tempfile::tempdir().expect("scratch folder");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(dir.path()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        #[expect(clippy::print_stdout, reason = "a test that could not run says so")]
        {
            println!("skipped: a_real_full_disk_leaves_a_readable_run needs the right to mount a tmpfs");
        }
        return;
    }
    let _unmount = Unmount(dir.path());
    let folder = dir.path().join("run");
    let mut said = Acknowledged::default();
    let mut run = RunFolder::create(&folder, &manifest()).expect("64 KiB hold a manifest");
    for index in 0..2000 {
        let decided = said.note(run.decision(&decision(index)));
        said.decisions += usize::from(decided);
    }
    said.note(run.finish(&"done"));
    assert!(said.decisions > 50 && !said.errors.is_empty());
    check(&folder, &said, true);
}

struct Unmount<'a>(&'a Path);

impl Drop for Unmount<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0).status());
    }
}

#[test]
fn a_killed_run_misses_at_most_its_last_second() {
    let dir = tempfile::tempdir().expect("scratch folder");
    let mut run = RunFolder::create(dir.path(), &manifest()).expect("new run");
    for index in 0..EVENTS {
        run.journal(&entry(index)).expect("written");
        run.decision(&decision(index)).expect("written");
    }
    // A killed process runs no destructor.
    std::mem::forget(run);
    assert_eq!(decisions_in(dir.path()).len(), EVENTS as usize);
    let (messages, is_whole) = readable_messages(&dir.path().join(files::RECORDING));
    assert!(!is_whole && messages.len() >= 2 * (EVENTS as usize - 4), "{} messages", messages.len());
}

#[test]
fn a_run_that_ends_by_an_error_elsewhere_is_indexed() {
    let dir = tempfile::tempdir().expect("scratch folder");
    let mut run = RunFolder::create(dir.path(), &manifest()).expect("new run");
    run.journal(&entry(0)).expect("written");
    drop(run);
    let bytes = fs::read(dir.path().join(files::RECORDING)).expect("there");
    let summary = mcap::Summary::read(&bytes).expect("readable").expect("indexed");
    assert_eq!(summary.stats.map(|stats| stats.message_count), Some(1));
}

#[test]
fn a_line_cut_by_a_kill_is_dropped() {
    let dir = tempfile::tempdir().expect("scratch folder");
    let mut run = RunFolder::create(dir.path(), &manifest()).expect("new run");
    run.completion(&completion(0)).expect("written");
    drop(run);
    let path = dir.path().join(files::COMPLETIONS);
    let mut file = File::options().append(true).open(&path).expect("there");
    file.write_all(b"{\"stamp_nanos\":12").expect("written");
    let read = read_completions(&path).expect("readable");
    assert_eq!((read.completions.len(), read.torn_line), (1, Some(2)));
}
