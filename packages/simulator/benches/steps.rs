//! How fast a world runs without rendering: every sensor but the camera's picture, 60 s of patrol.

#![expect(clippy::expect_used, reason = "a benchmark of nothing must not pass")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use vedette_simulator::{Map, Scenario, World};

const STEPS: u64 = 12_000;

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("world");
    group.throughput(Throughput::Elements(STEPS)).sample_size(20);
    for name in Map::BUNDLED {
        let map = Map::bundled(name).expect("a map");
        let world = World::new(Scenario::generate(&map, 1, 1.0).expect("a scenario"));
        group.bench_function(format!("steps/{name}"), |bencher| {
            bencher.iter(|| {
                let mut world = world.clone();
                let mut emissions = Vec::new();
                let mut count = 0;
                for _ in 0..STEPS {
                    world.step(&mut emissions);
                    count += emissions.len();
                    emissions.clear();
                }
                black_box(count)
            });
        });
    }
    group.finish();

    let map = Map::bundled("warehouse").expect("a map");
    criterion.bench_function("scenario/warehouse", |bencher| bencher.iter(|| black_box(Scenario::generate(&map, 1, 1.0).is_ok())));
    let world = World::new(Scenario::generate(&map, 1, 1.0).expect("a scenario"));
    criterion.bench_function("world/clone", |bencher| bencher.iter(|| black_box(world.clone())));
}

criterion_group!(benches, steps);
criterion_main!(benches);
