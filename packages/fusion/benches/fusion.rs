//! Mean cost of fusion: one frame with everything that comes between two frames, raw and JPEG; a frame within the gate period; a transform.
//!
//! In -> out: `cargo bench -p vedette-fusion --bench fusion` -> criterion's figures.
//! Deliberately absent: percentiles, see `frame_time`.

mod stream;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use stream::{Camera, Stream, step};
use vedette_fusion::{Fusion, FusionParams, Moment, TransformBuffer, TransformLimits};
use vedette_types::{FrameId, Reading, Stamp};

fn frames(c: &mut Criterion) {
    let every_frame = FusionParams { gate_period_millis: 0, ..FusionParams::default() };
    let no_frame = FusionParams { gate_period_millis: 10_000, ..FusionParams::default() };
    for (name, camera, params) in [
        ("frame_raw_640x480_gate_period_100_ms", Camera::Raw, FusionParams::default()),
        ("frame_jpeg_640x480_gate_period_100_ms", Camera::Jpeg, FusionParams::default()),
        ("frame_raw_640x480_looked_at", Camera::Raw, every_frame.clone()),
        ("frame_jpeg_640x480_looked_at", Camera::Jpeg, every_frame),
        ("frame_raw_640x480_within_gate_period", Camera::Raw, no_frame),
    ] {
        c.bench_function(name, |b| {
            let mut stream = Stream::new(camera);
            let mut fusion = Fusion::new(params.clone());
            b.iter_batched(|| stream.next_frame(), |readings| step(&mut fusion, readings), BatchSize::PerIteration);
        });
    }
}

fn transforms(c: &mut Criterion) {
    let mut buffer = TransformBuffer::new(TransformLimits::from(&FusionParams::default()));
    let begin = Stamp::from_ros(1_700_000_000, 0);
    for i in 0..750 {
        let stamp = begin.plus_millis(i * 20);
        let Reading::Transforms(transforms) = stream::transforms(stamp) else { continue };
        for edge in &transforms.edges {
            // The edges of the bench form a tree.
            let _ = buffer.insert(stamp, edge, false);
        }
    }
    let (map, camera) = (FrameId::new("map"), FrameId::new("camera_optical_frame"));
    let moment = Moment::event(begin.plus_millis(7_777), 10.0);
    c.bench_function("transform_look_up_5_interpolated_edges", |b| b.iter(|| buffer.look_up(black_box(&map), black_box(&camera), &moment)));
}

criterion_group!(benches, frames, transforms);
criterion_main!(benches);
