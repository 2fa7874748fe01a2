//! Every form of a rosbag2 bag gives the same messages; what is wrong with a bag is said with file, place and what to do.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod fabricate;

use fabricate::{HASH, McapForm, QOS, Said, TOPICS, lz4, mcap, messages, metadata, read_all, read_sound, sqlite, zstd};
use std::{fs, path::Path};
use vedette_rosbag::{Bag, BagError, Limits};

fn written(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

const FORMS: [McapForm; 7] = {
    let plain = McapForm {
        compression: None,
        chunk_bytes: 0,
        unchunked: false,
        without_index: false,
        without_statistics: false,
        without_channels_in_index: false,
        without_checksums: false,
    };
    [
        plain,
        McapForm { compression: Some("zstd"), ..plain },
        McapForm { compression: Some("lz4"), ..plain },
        McapForm { unchunked: true, ..plain },
        McapForm { without_index: true, compression: Some("zstd"), ..plain },
        McapForm { without_statistics: true, ..plain },
        McapForm { without_channels_in_index: true, without_checksums: true, ..plain },
    ]
};

#[test]
fn every_form_of_mcap_gives_the_same_messages() {
    let folder = tempfile::tempdir().unwrap();
    let expected = messages(40);
    for form in FORMS {
        let path = written(folder.path(), "a.mcap", &mcap(&expected, form));
        let mut bag = Bag::open(&path).unwrap();
        assert_eq!(bag.message_count(), Some(40), "{form:?}");
        let (start, end) = bag.time_range().unwrap();
        assert_eq!((start.nanos(), end.nanos()), (expected[0].time, expected[39].time), "{form:?}");
        let topic = &bag.topics()[0];
        assert_eq!((topic.name.as_str(), topic.type_name.as_str()), (TOPICS[1].0, TOPICS[1].1), "topics are sorted by name");
        assert_eq!((topic.definition.as_deref(), topic.definition_encoding.as_deref()), (Some(TOPICS[1].2), Some("ros2msg")));
        assert_eq!((topic.message_encoding.as_str(), topic.message_count), ("cdr", Some(13)), "{form:?}");
        assert_eq!((topic.offered_qos_profiles.as_deref(), topic.type_hash.as_deref()), (Some(QOS), Some(HASH)));
        assert!(read_sound(&mut bag) == expected, "{form:?}");
        bag.select(|_| true);
        let first = bag.next_message().unwrap().unwrap();
        assert_eq!(first.publish_time.nanos(), first.log_time.nanos() - 5);
        assert!(bag.warnings().iter().all(|warning| warning.contains("the index is not usable")), "{:?}", bag.warnings());
    }
}

#[test]
fn every_schema_of_sqlite_gives_the_same_messages_and_leaves_the_folder_alone() {
    let expected = messages(3000);
    for version in [1, 2, 4] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("with space?%41#.db3");
        sqlite(&path, &expected, version);
        let mut bag = Bag::open(&path).unwrap();
        assert_eq!(bag.message_count(), Some(3000));
        let topic = &bag.topics()[2];
        assert_eq!((topic.name.as_str(), topic.message_encoding.as_str(), topic.message_count), ("/tf_static", "cdr", Some(1000)));
        assert_eq!(topic.offered_qos_profiles.as_deref(), (version >= 2).then_some(QOS));
        assert_eq!(topic.type_hash.as_deref(), (version >= 4).then_some(HASH));
        assert_eq!(topic.definition.as_deref(), (version >= 4).then_some(TOPICS[2].2));
        assert!(read_sound(&mut bag) == expected, "version {version}");
        assert_eq!(bag.warnings(), [""; 0]);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["with space?%41#.db3"], "nothing was created beside the bag");
    }
}

/// Times that go back by up to half the bag, with equal times among them.
fn disordered() -> (Vec<Said>, Vec<Said>) {
    let mut written = messages(200);
    for (i, message) in written.iter_mut().enumerate() {
        message.time = 1_000_000 + ((i * 7919) % 100) as i64;
    }
    let mut ordered = written.clone();
    ordered.sort_by_key(|message| message.time);
    (written, ordered)
}

#[test]
fn messages_out_of_order_are_sorted_within_any_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (said, expected) = disordered();
    sqlite(&folder.path().join("a.db3"), &said, 4);
    for form in FORMS {
        written(folder.path(), "a.mcap", &mcap(&said, form));
        for (name, max_cached_bytes) in [("a.mcap", 1 << 20), ("a.mcap", 5000), ("a.mcap", 0), ("a.db3", 0)] {
            let limits = Limits { max_cached_bytes, ..Limits::default() };
            let mut bag = Bag::open_with(&folder.path().join(name), limits).unwrap();
            assert!(read_sound(&mut bag) == expected, "{name} {form:?} {max_cached_bytes}");
        }
    }
}

#[test]
fn overlapping_splits_are_merged_and_ties_go_by_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut said = messages(60);
    said.iter_mut().enumerate().for_each(|(i, message)| message.time = 1_000 + (i % 30) as i64);
    let (first, second) = said.split_at(30);
    written(folder.path(), "b_0.mcap", &mcap(first, McapForm { compression: Some("zstd"), ..McapForm::default() }));
    sqlite(&folder.path().join("b_1.db3"), second, 4);
    metadata(folder.path(), &[("b_0.mcap", 30), ("b_1.db3", 30)], "''");
    let mut bag = Bag::open(folder.path()).unwrap();
    let mut expected = said.clone();
    expected.sort_by_key(|message| message.time);
    assert!(read_sound(&mut bag) == expected);
    assert_eq!(bag.files(), [folder.path().join("b_0.mcap"), folder.path().join("b_1.db3")]);
    let names: Vec<(&str, Option<u64>)> = bag.topics().iter().map(|topic| (topic.name.as_str(), topic.message_count)).collect();
    assert_eq!(names, [(TOPICS[1].0, Some(20)), (TOPICS[0].0, Some(20)), ("/silent", Some(0)), (TOPICS[2].0, Some(20))]);
    assert_eq!(bag.warnings(), [""; 0]);
    fs::remove_file(folder.path().join("metadata.yaml")).unwrap();
    assert!(read_sound(&mut Bag::open(folder.path()).unwrap()) == expected, "without metadata.yaml");
}

#[test]
fn files_compressed_as_a_whole_are_unpacked_elsewhere() {
    let expected = messages(50);
    let inner = tempfile::tempdir().unwrap();
    sqlite(&inner.path().join("a.db3"), &expected, 4);
    let plain = [("a.mcap", mcap(&expected, McapForm::default())), ("a.db3", fs::read(inner.path().join("a.db3")).unwrap())];
    for (name, bytes) in plain {
        for (suffix, packed) in [("zstd", zstd(&bytes)), ("zst", zstd(&bytes)), ("lz4", lz4(&bytes))] {
            let folder = tempfile::tempdir().unwrap();
            let path = written(folder.path(), &format!("{name}.{suffix}"), &packed);
            assert!(read_sound(&mut Bag::open(&path).unwrap()) == expected, "{name} {suffix}");
            // Some versions of rosbag2 list the name without its suffix.
            metadata(folder.path(), &[(name, 50)], "FILE");
            let mut bag = Bag::open(folder.path()).unwrap();
            assert!(read_sound(&mut bag) == expected, "{name} {suffix} in a folder");
            assert_eq!(bag.warnings(), [""; 0]);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        }
    }
}

#[test]
fn compressed_messages_are_unpacked_with_metadata_and_without() {
    let expected = messages(50);
    let packed: Vec<Said> = expected.iter().map(|message| Said { data: zstd(&message.data), ..message.clone() }).collect();
    let folder = tempfile::tempdir().unwrap();
    sqlite(&folder.path().join("a.db3"), &packed, 4);
    assert!(read_sound(&mut Bag::open(&folder.path().join("a.db3")).unwrap()) == expected, "told by the magic of zstd");
    metadata(folder.path(), &[("a.db3", 50)], "MESSAGE");
    assert!(read_sound(&mut Bag::open(folder.path()).unwrap()) == expected, "told by metadata.yaml");
    let limits = Limits { max_message_bytes: 300, ..Limits::default() };
    let (read, errors) = read_all(&mut Bag::open_with(folder.path(), limits).unwrap());
    assert_eq!(read.len() + errors.len(), 50);
    assert!(errors.iter().all(|error| matches!(error, BagError::TooLarge { limit: 300, .. })), "{errors:?}");
}

#[test]
fn a_selection_starts_again_and_reads_only_what_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let expected = messages(60);
    sqlite(&folder.path().join("a.db3"), &expected, 1);
    for (name, bytes) in [("a.mcap", Some(mcap(&expected, McapForm::default()))), ("a.db3", None)] {
        let path = bytes.map_or_else(|| folder.path().join(name), |bytes| written(folder.path(), name, &bytes));
        let mut bag = Bag::open(&path).unwrap();
        bag.next_message().unwrap().unwrap();
        bag.select(|topic| topic.type_name.ends_with("/Image"));
        let images: Vec<Said> = expected.iter().filter(|message| message.topic == 1).cloned().collect();
        assert!(read_sound(&mut bag) == images, "{name}");
        bag.select(|_| false);
        assert!(bag.next_message().unwrap().is_none());
        assert_eq!(bag.warnings(), [""; 0]);
    }
}

#[test]
fn a_cut_file_gives_its_readable_part_and_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let expected = messages(45);
    let bytes = mcap(&expected, McapForm { compression: Some("zstd"), ..McapForm::default() });
    let whole = bytes.len();
    written(folder.path(), "house.mcap", &bytes[..whole / 2]);
    metadata(folder.path(), &[("house.mcap", 45)], "''");
    let mut bag = Bag::open(folder.path()).unwrap();
    let read = read_sound(&mut bag);
    assert!(read.len() > 10 && read.len() < 45 && expected.starts_with(&read), "{}", read.len());
    let [warning] = bag.warnings() else { panic!("{:?}", bag.warnings()) };
    assert!(warning.contains(&format!("house.mcap: it is truncated: {} of 45 messages are readable", read.len())), "{warning}");
}

#[test]
fn a_chunk_that_was_never_closed_is_read_as_far_as_it_goes() {
    // The writer of crate `mcap` fills in sizes and checksum of a chunk when it closes it; a recorder that is killed leaves all ones.
    let expected = messages(10);
    for compression in [None, Some("zstd"), Some("lz4")] {
        let bytes = mcap(&expected, McapForm { compression, chunk_bytes: 1 << 20, ..McapForm::default() });
        let header_bytes = 9 + u64::from_le_bytes(bytes[9..17].try_into().unwrap()) as usize + 8;
        let mut killed = bytes[..bytes.len() * 3 / 5].to_vec();
        assert_eq!(killed[header_bytes], 6, "a chunk");
        killed[header_bytes + 1..header_bytes + 9].fill(0xff);
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), "killed.mcap", &killed);
        let mut bag = Bag::open(&path).unwrap();
        let read = read_sound(&mut bag);
        assert!(expected.starts_with(&read), "{compression:?}");
        // lz4 hands out blocks of 64 KiB and more, of which not one is whole here.
        assert!(!read.is_empty() || compression == Some("lz4"), "{compression:?}");
        assert!(bag.warnings()[0].contains("it is truncated"), "{:?}", bag.warnings());
    }
}

#[test]
fn a_damaged_chunk_costs_that_chunk() {
    let folder = tempfile::tempdir().unwrap();
    let expected = messages(40);
    let mut bytes = mcap(&expected, McapForm::default());
    let at = bytes.windows(8).position(|window| window == [7; 8]).unwrap();
    bytes[at] = 8;
    let (read, errors) = read_all(&mut Bag::open(&written(folder.path(), "a.mcap", &bytes)).unwrap());
    assert!(matches!(errors[..], [BagError::Checksum { what: "chunk", offset, .. }] if offset < at as u64), "{errors:?}");
    assert!(read.len() < 40 && read.len() > 30, "{}", read.len());
}

#[test]
fn limits_are_kept_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "a.mcap", &mcap(&messages(40), McapForm { compression: Some("zstd"), ..McapForm::default() }));
    let limits = Limits { max_chunk_bytes: 2000, ..Limits::default() };
    let (_, errors) = read_all(&mut Bag::open_with(&path, limits).unwrap());
    assert!(matches!(errors[0], BagError::TooLarge { what: "uncompressed chunk", limit: 2000, .. }), "{errors:?}");
    assert!(errors[0].to_string().contains("raise `Limits`"), "{}", errors[0]);
}

#[test]
fn a_wrong_index_is_found_out() {
    // Without checksums a wrong index looks sound. Here it claims for one chunk that it begins with the last message of the bag.
    let folder = tempfile::tempdir().unwrap();
    let expected = messages(40);
    let mut bytes = mcap(&expected, McapForm { without_checksums: true, ..McapForm::default() });
    let is_index = |at: &usize, message: &Said| bytes[*at] == 8 && bytes[*at + 9..*at + 17] == message.time.to_le_bytes();
    let mut all = (0..bytes.len() - 17).flat_map(|at| expected[10..30].iter().map(move |message| (at, message)));
    let (at, _) = all.rfind(|(at, message)| is_index(at, message)).unwrap();
    bytes[at + 9..at + 17].copy_from_slice(&expected[39].time.to_le_bytes());
    let (read, errors) = read_all(&mut Bag::open(&written(folder.path(), "a.mcap", &bytes)).unwrap());
    assert!(read.is_sorted_by_key(|message| message.log_time));
    assert!(read.len() < 40 && matches!(errors[..], [BagError::Damaged { .. }]), "{} {errors:?}", read.len());
    assert!(errors[0].to_string().contains("begins earlier than the index says"), "{}", errors[0]);
}

#[test]
fn what_is_not_a_bag_is_said_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| Bag::open(&folder.path().join(name)).err().unwrap();
    assert!(matches!(open("nothing"), BagError::Missing { .. }));
    assert!(matches!(open("."), BagError::EmptyFolder { .. }));
    written(folder.path(), "notes.mcap", b"hello, this is no bag");
    let error = open("notes.mcap");
    assert!(matches!(&error, BagError::NotABag { start, .. } if start.starts_with("68656c6c6f")), "{error}");
    written(folder.path(), "empty.mcap", b"");
    assert!(open("empty.mcap").to_string().contains("it is empty"));
    written(folder.path(), "old.bag", b"#ROSBAG V2.0\n\x45\0\0\0");
    let error = open("old.bag");
    assert!(matches!(error, BagError::Ros1 { .. }) && error.to_string().contains("rosbags-convert --src"), "{error}");
    rusqlite::Connection::open(folder.path().join("other.db3")).unwrap().execute_batch("CREATE TABLE a(b)").unwrap();
    assert!(matches!(open("other.db3"), BagError::MissingTable { table: "topics", .. }));
    written(folder.path(), "twice.mcap.zstd", &zstd(&zstd(b"x")));
    assert!(matches!(open("twice.mcap.zstd"), BagError::NotABag { .. }));
    let error = {
        metadata(folder.path(), &[("house_0.mcap", 1)], "''");
        open(".")
    };
    assert!(matches!(&error, BagError::ListedFileMissing { path } if path.ends_with("house_0.mcap")), "{error}");
}

#[test]
fn an_unknown_compression_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = mcap(&messages(5), McapForm { compression: Some("zstd"), ..McapForm::default() });
    let at = bytes.windows(4).position(|window| window == b"zstd").unwrap();
    bytes[at..at + 4].copy_from_slice(b"xyz9");
    let (_, errors) = read_all(&mut Bag::open(&written(folder.path(), "a.mcap", &bytes)).unwrap());
    assert!(matches!(&errors[0], BagError::Compression { name, .. } if name == "xyz9"), "{errors:?}");
}

#[test]
fn a_journal_beside_a_sqlite_bag_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db3");
    sqlite(&path, &messages(5), 4);
    written(folder.path(), "a.db3-wal", b"something");
    let bag = Bag::open(&path).unwrap();
    assert!(bag.warnings()[0].contains("a.db3-wal holds messages that are not read"), "{:?}", bag.warnings());
}

#[test]
fn an_empty_split_of_a_killed_recorder_is_left_aside() {
    let folder = tempfile::tempdir().unwrap();
    let expected = messages(20);
    written(folder.path(), "a_0.mcap", &mcap(&expected, McapForm::default()));
    written(folder.path(), "a_1.mcap", b"");
    let mut bag = Bag::open(folder.path()).unwrap();
    assert!(read_sound(&mut bag) == expected);
    assert!(bag.warnings().iter().any(|warning| warning.contains("a_1.mcap: left aside, it is empty")), "{:?}", bag.warnings());
}

#[test]
fn a_bag_can_be_read_on_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Bag>();
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused() {
    assert!(matches!(Bag::open(Path::new("/dev/null")), Err(BagError::NotABag { .. })));
}
