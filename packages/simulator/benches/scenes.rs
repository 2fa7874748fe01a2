//! Labelled scenes a second: deciding one, and drawing it with its labels at 320 x 240 on one thread.
//!
//! In -> out: `cargo bench -p vedette-simulator --bench scenes` -> time for a scene, each another seed. Deliberately absent: pass or fail; the
//! budget (0.3 ms for deciding) is checked by reading.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use vedette_simulator::{Family, SceneOptions, SceneSample};

fn scenes(criterion: &mut Criterion) {
    let options = SceneOptions::default();
    for family in Family::ALL {
        let mut seeds = 0_u64..;
        criterion.bench_function(&format!("scene/generate {family}"), |bencher| {
            bencher.iter(|| black_box(SceneSample::generate(family, seeds.next().unwrap_or_default(), &options)));
        });
    }
    let mut group = criterion.benchmark_group("scene");
    group.sample_size(20);
    let mut seeds = 0_u64..;
    group.bench_function("generate and picture, 320x240, 1 thread", |bencher| {
        bencher.iter(|| SceneSample::generate(Family::Train, seeds.next().unwrap_or_default(), black_box(&options)).picture(1));
    });
    let mut seeds = 0_u64..;
    group.bench_function("draw until plain, 320x240, 1 thread", |bencher| {
        bencher.iter(|| SceneSample::draw(Family::Train, seeds.next().unwrap_or_default(), black_box(&options), 1));
    });
    group.finish();
}

criterion_group!(benches, scenes);
criterion_main!(benches);
