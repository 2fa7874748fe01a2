//! Reading 640x480 rgb8 images (921 600 bytes each): messages a second from MCAP, plain and with zstd chunks, and from sqlite3.
//! Run with `cargo bench -p vedette-rosbag`. The files lie in the temporary folder and are in the page cache: this measures the reader.
#![expect(clippy::expect_used, reason = "a benchmark may stop")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mcap::{Compression, WriteOptions, records::MessageHeader};
use std::{fs::File, hint::black_box, io::BufWriter, path::Path};
use vedette_rosbag::Bag;

const IMAGES: usize = 120;
const IMAGE_BYTES: usize = 640 * 480 * 3;

/// A smooth picture with two bits of noise, which compresses about as a camera image does.
fn image(number: usize) -> Vec<u8> {
    let mut state = number as u32 + 1;
    let pixel = |i: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((i / 1920 + i % 1920 / 8 + number) as u8).wrapping_add((state >> 30) as u8)
    };
    (0..IMAGE_BYTES).map(pixel).collect()
}

fn write_mcap(path: &Path, compression: Option<Compression>) -> mcap::McapResult<()> {
    let file = BufWriter::new(File::create(path)?);
    let mut writer = WriteOptions::new().compression(compression).compression_level(1).chunk_size(Some(4 << 20)).create(file)?;
    let schema = writer.add_schema("sensor_msgs/msg/Image", "ros2msg", b"")?;
    let channel_id = writer.add_channel(schema, "/camera/image_raw", "cdr", &std::collections::BTreeMap::new())?;
    for number in 0..IMAGES {
        let time = number as u64 * 33_366_700;
        let header = MessageHeader { channel_id, sequence: number as u32, log_time: time, publish_time: time };
        writer.write_to_known_channel(&header, &image(number))?;
    }
    writer.finish().map(drop)
}

fn write_sqlite(path: &Path) -> rusqlite::Result<()> {
    let db = rusqlite::Connection::open(path)?;
    db.execute_batch(
        "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT, type TEXT, serialization_format TEXT, offered_qos_profiles TEXT);
         CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER, timestamp INTEGER, data BLOB);
         INSERT INTO topics VALUES (1, '/camera/image_raw', 'sensor_msgs/msg/Image', 'cdr', '');",
    )?;
    let all = db.unchecked_transaction()?;
    for number in 0..IMAGES {
        all.execute("INSERT INTO messages(topic_id, timestamp, data) VALUES (1, ?1, ?2)", (number as i64 * 33_366_700, image(number)))?;
    }
    all.commit()
}

fn read(path: &Path) -> usize {
    let mut bag = Bag::open(path).expect("the bag opens");
    let mut bytes = 0;
    while let Some(message) = bag.next_message().expect("the bag is sound") {
        bytes += black_box(message).data.len();
    }
    bytes
}

fn reading(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    write_mcap(&path("plain.mcap"), None).expect("an MCAP file is written");
    write_mcap(&path("zstd.mcap"), Some(Compression::Zstd)).expect("an MCAP file is written");
    write_sqlite(&path("plain.db3")).expect("a sqlite3 file is written");
    let mut group = criterion.benchmark_group("read 640x480 rgb8");
    group.throughput(Throughput::Elements(IMAGES as u64)).sample_size(20);
    for name in ["plain.mcap", "zstd.mcap", "plain.db3"] {
        group.bench_function(name, |bencher| bencher.iter(|| assert_eq!(read(&path(name)), IMAGES * IMAGE_BYTES)));
    }
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
