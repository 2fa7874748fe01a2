//! What the border costs: encode, decode, and decode with all checks, for the three largest kinds of input. In -> out: nothing -> criterion's
//! report. `memcpy` is the floor that decoding an uncompressed picture stands on.
#![expect(clippy::expect_used, reason = "a benchmark stops by panicking")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use vedette_messages::{
    RosMsg, from_ros,
    sensor_msgs::{CompressedImage, Image, LaserScan},
};

fn bench<M: RosMsg>(criterion: &mut Criterion, name: &str, message: &M) {
    let bytes = message.to_cdr().expect("encodes");
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("encode", |b| b.iter(|| black_box(message).to_cdr()));
    group.bench_function("decode", |b| b.iter(|| M::from_cdr(black_box(&bytes))));
    group.bench_function("reading", |b| b.iter(|| from_ros::reading(M::TYPE, "/topic", black_box(&bytes))));
    group.bench_function("memcpy", |b| b.iter(|| black_box(&bytes).clone()));
    group.finish();
}

fn messages(criterion: &mut Criterion) {
    let data = vec![127; 640 * 480 * 3];
    let image = Image { height: 480, width: 640, encoding: "rgb8".into(), step: 640 * 3, data, ..Image::default() };
    bench(criterion, "image_640x480_rgb8", &image);

    let mut jpeg = vec![127; 60_000];
    jpeg[..2].copy_from_slice(&[0xff, 0xd8]);
    jpeg[59_998..].copy_from_slice(&[0xff, 0xd9]);
    bench(criterion, "compressed_image_60_kb", &CompressedImage { format: "jpeg".into(), data: jpeg, ..CompressedImage::default() });

    let ranges = (0..720).map(|ray| 1.0 + ray as f32 * 0.01).collect();
    let scan = LaserScan { angle_increment: 0.01, range_max: 30.0, ranges, intensities: vec![1.0; 720], ..LaserScan::default() };
    bench(criterion, "laser_scan_720", &scan);
}

criterion_group!(benches, messages);
criterion_main!(benches);
