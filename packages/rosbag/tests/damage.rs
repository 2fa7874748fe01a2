//! Bags under attack: flipped bytes, hostile lengths and cut ends. Nothing panics, reading ends, what comes is an error or a prefix with a
//! warning, and memory follows the size of the file, not the lengths written in it. A file of its own, because it counts what the allocator
//! of the whole program hands out.
#![expect(unsafe_code, reason = "a counting allocator cannot be written without; it forwards every call to the system's")]
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod fabricate;

use fabricate::{McapForm, Said, lz4, mcap, messages, read_all, said, sqlite, zstd};
use proptest::prelude::*;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    fs,
    path::Path,
    sync::LazyLock,
};
use vedette_rosbag::{Bag, BagError};

thread_local! {
    static HELD_BYTES: Cell<usize> = const { Cell::new(0) };
    static PEAK_BYTES: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn count(grown_bytes: usize, freed_bytes: usize) {
    // A thread that is going away has no counters any more; it is not the one being measured.
    let _ = HELD_BYTES.try_with(|held| {
        let peak = held.get().saturating_add(grown_bytes);
        let _ = PEAK_BYTES.try_with(|most| most.set(most.get().max(peak)));
        held.set(peak.saturating_sub(freed_bytes));
    });
}

// SAFETY: every method passes its arguments on to `System` unchanged; counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's contract is the same.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // Old and new block may exist side by side.
        count(new_size, layout.size());
        // SAFETY: the caller's contract is the same.
        unsafe { System.realloc(block, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The result of `work`, and the most bytes it held at once beyond what was held before.
fn measured<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD_BYTES.get();
    PEAK_BYTES.set(before);
    let result = work();
    (result, PEAK_BYTES.get() - before)
}

/// 20 MiB is what decoding may reserve whatever the file: up to 4 MiB for a chunk that declares so much, kept twice, and lz4's working
/// memory of twice its largest block of 4 MiB and one more block. On top the messages, which the test collects, and the file's own bytes.
fn allowed_bytes(file_bytes: usize) -> usize {
    (20 << 20) + 64 * file_bytes
}

/// One sound bag in every form: name of the file, its bytes.
static SOUND: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let said = sound_messages();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db3");
    sqlite(&path, &said, 4);
    let db3 = fs::read(path).unwrap();
    let form = |compression| mcap(&said, McapForm { compression, ..McapForm::default() });
    let zipped = said.iter().map(|message| Said { data: zstd(&message.data), ..message.clone() }).collect::<Vec<_>>();
    vec![
        ("plain.mcap".into(), form(None)),
        ("zstd.mcap".into(), form(Some("zstd"))),
        ("lz4.mcap".into(), form(Some("lz4"))),
        ("unchecked.mcap".into(), mcap(&said, McapForm { compression: Some("zstd"), without_checksums: true, ..McapForm::default() })),
        ("unchunked.mcap".into(), mcap(&said, McapForm { unchunked: true, ..McapForm::default() })),
        ("unindexed.mcap".into(), mcap(&said, McapForm { without_index: true, compression: Some("lz4"), ..McapForm::default() })),
        ("messages.mcap".into(), mcap(&zipped, McapForm::default())),
        ("file.mcap.zstd".into(), zstd(&form(None))),
        ("file.mcap.lz4".into(), lz4(&form(None))),
        ("file.db3.lz4".into(), lz4(&db3)),
        ("a.db3".into(), db3),
    ]
});

fn sound_messages() -> Vec<Said> {
    messages(30)
}

/// What reading a file gave.
struct Outcome {
    read: Vec<Said>,
    errors: Vec<BagError>,
    warnings: Vec<String>,
}

fn read(path: &Path) -> Outcome {
    let mut bag = match Bag::open(path) {
        Ok(bag) => bag,
        Err(error) => return Outcome { read: Vec::new(), errors: vec![error], warnings: Vec::new() },
    };
    let (messages, errors) = read_all(&mut bag);
    assert!(messages.is_sorted_by_key(|message| message.log_time));
    let known = messages.iter().filter(|message| fabricate::TOPICS.iter().any(|topic| topic.0 == bag.topics()[message.topic].name));
    Outcome { read: known.map(|message| said(&bag, message)).collect(), errors, warnings: bag.warnings().to_vec() }
}

/// Writes, reads, and checks the memory it took.
fn read_bounded(name: &str, bytes: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let (outcome, peak) = measured(|| read(&path));
    let allowed = allowed_bytes(bytes.len());
    assert!(peak <= allowed, "{name}: {peak} bytes for a file of {}, allowed {allowed}", bytes.len());
    outcome
}

#[test]
fn sound_bags_are_read_whole() {
    for (name, bytes) in SOUND.iter() {
        let Outcome { read, errors, warnings } = read_bounded(name, bytes);
        assert!(read == sound_messages() && errors.is_empty(), "{name}: {} {errors:?}", read.len());
        assert!(warnings.iter().all(|warning| warning.contains("the messages are not in chunks")), "{name}: {warnings:?}");
    }
}

#[test]
fn cut_bags_give_a_prefix_and_say_so() {
    let expected = sound_messages();
    for (name, bytes) in SOUND.iter() {
        for cut in (0..bytes.len()).step_by(bytes.len() / 150 + 1).chain(bytes.len().saturating_sub(20)..bytes.len()) {
            let Outcome { read, errors, warnings } = read_bounded(name, &bytes[..cut]);
            assert!(expected.starts_with(&read), "{name} cut at {cut}");
            let is_said = read.len() == expected.len() || !errors.is_empty() || !warnings.is_empty();
            assert!(is_said, "{name} cut at {cut}: {} messages and not a word", read.len());
        }
    }
}

#[derive(Clone, Debug)]
enum Mutation {
    Flip {
        at: prop::sample::Index,
        mask: u8,
    },
    /// A length, an offset or a count of another size than the truth.
    Number {
        at: prop::sample::Index,
        value: u64,
        bytes: usize,
    },
    Swap {
        from: prop::sample::Index,
        to: prop::sample::Index,
        bytes: usize,
    },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let value = prop_oneof![any::<u64>(), Just(u64::MAX), Just(0), (0_u32..64).prop_map(|bit| 1 << bit), 0_u64..4096];
    prop_oneof![
        (any::<prop::sample::Index>(), 1_u8..).prop_map(|(at, mask)| Mutation::Flip { at, mask }),
        (any::<prop::sample::Index>(), value, prop::sample::select(vec![2_usize, 4, 8])).prop_map(|(at, value, bytes)| Mutation::Number {
            at,
            value,
            bytes
        }),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_usize..64).prop_map(|(from, to, bytes)| Mutation::Swap {
            from,
            to,
            bytes
        }),
    ]
}

fn apply(bytes: &mut [u8], mutation: &Mutation) {
    match mutation {
        Mutation::Flip { at, mask } => bytes[at.index(bytes.len())] ^= mask,
        Mutation::Number { at, value, bytes: width } => {
            let at = at.index(bytes.len() - width);
            bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..*width]);
        }
        Mutation::Swap { from, to, bytes: width } => {
            let (from, to) = (from.index(bytes.len() - width), to.index(bytes.len() - width));
            bytes.copy_within(from..from + width, to);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    #[test]
    fn damaged_bags_end_in_errors_or_messages(which in any::<prop::sample::Index>(), mutations in prop::collection::vec(mutation(), 1..6)) {
        let (name, bytes) = &SOUND[which.index(SOUND.len())];
        let mut bytes = bytes.clone();
        mutations.iter().for_each(|mutation| apply(&mut bytes, mutation));
        read_bounded(name, &bytes);
    }

    /// With a checksum over every chunk no wrong payload passes, whatever else is damaged.
    #[test]
    fn a_checksum_lets_no_wrong_payload_pass(which in 0_usize..3, at in any::<prop::sample::Index>(), mask in 1_u8..) {
        let (name, bytes) = &SOUND[which];
        let mut bytes = bytes.clone();
        apply(&mut bytes, &Mutation::Flip { at, mask });
        let expected = sound_messages();
        let outcome = read_bounded(name, &bytes);
        // A flipped bit in the checksum's own field, set to zero, would mean "no checksum"; one byte cannot do that.
        prop_assert!(outcome.read.iter().all(|message| expected.contains(message)), "{}", name);
        prop_assert!(outcome.read.len() == expected.len() || !outcome.errors.is_empty() || !outcome.warnings.is_empty(), "{}", name);
    }
}

/// Where the records of the first chunk begin: (offset of the record, of its fields).
fn first_chunk(bytes: &[u8]) -> usize {
    let header = 8 + 9 + u64::from_le_bytes(bytes[9..17].try_into().unwrap()) as usize;
    assert_eq!(bytes[header], 6);
    header
}

#[test]
fn hostile_lengths_cost_nothing() {
    let said = sound_messages();
    for compression in [None, Some("zstd"), Some("lz4")] {
        for form in [McapForm { compression, ..McapForm::default() }, McapForm { compression, without_index: true, ..McapForm::default() }]
        {
            let sound = mcap(&said, form);
            let chunk = first_chunk(&sound);
            // Record length, uncompressed size, length of the compression's name, compressed size.
            let name_bytes = compression.map_or(0, str::len);
            for (at, width) in [(chunk + 1, 8), (chunk + 25, 8), (chunk + 37, 4), (chunk + 41 + name_bytes, 8)] {
                for value in [u64::MAX, 1 << 62, 1 << 40, 1 << 31, (512 << 20) - 1] {
                    let mut bytes = sound.clone();
                    bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
                    if bytes == sound {
                        continue;
                    }
                    let outcome = read_bounded("hostile.mcap", &bytes);
                    assert!(!outcome.errors.is_empty() || !outcome.warnings.is_empty(), "{form:?} {at} {value}");
                }
            }
        }
    }
}

#[test]
fn a_bomb_in_a_chunk_stops_at_its_declared_size() {
    let bomb = zstd(&vec![0; 256 << 20]);
    let mut bytes =
        mcap(&sound_messages(), McapForm { compression: Some("zstd"), chunk_bytes: 1 << 20, without_index: true, ..McapForm::default() });
    let chunk = first_chunk(&bytes);
    let mut record = bytes[chunk..chunk + 9 + 40 + 4].to_vec();
    let head_bytes = record.len();
    record[1..9].copy_from_slice(&((head_bytes - 9 + bomb.len()) as u64).to_le_bytes());
    record[head_bytes - 8..].copy_from_slice(&(bomb.len() as u64).to_le_bytes());
    record.extend(bomb);
    bytes.truncate(chunk);
    bytes.extend(record);
    let outcome = read_bounded("bomb.mcap", &bytes);
    assert!(
        outcome.errors.iter().any(|error| error.to_string().contains("more than the declared")),
        "{:?} {:?}",
        outcome.errors,
        outcome.warnings
    );
}
