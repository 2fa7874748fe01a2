//! What training spends its time on: making a labelled picture, and one shard of a batch forward and backward, in each form of the network.
#![expect(clippy::expect_used, reason = "a benchmark may stop")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::sync::Arc;
use vedette_learning::{Form, Network, Parameters, Photographs, Precision, Reading, Recipe, Source, SourceSettings, tensor};
use vedette_simulator::Family;

const SEQUENCES: usize = 16;
const PREFIX: usize = 220;
const SUFFIX: usize = 60;
const ANSWER: usize = 16;

fn pictures(criterion: &mut Criterion) {
    let vision = Recipe::shipped().shape.vision;
    let settings = SourceSettings { first_seed: 7, ..SourceSettings::default() };
    let source = Source::new(Family::Train, settings, vision.side_px, vision.patches_to_a_side(), Arc::new(Photographs::default()));
    let mut number = 0;
    criterion.bench_function("labelled picture", |bencher| {
        bencher.iter(|| {
            number += 1;
            source.picture(number)
        });
    });
}

fn steps(criterion: &mut Criterion) {
    let shape = Recipe::shipped().shape;
    let parameters = Parameters::new(shape, 1, &candle_core::Device::Cpu).expect("parameters");
    let rows = SEQUENCES * shape.vision.patches();
    let patches = tensor(vec![0.1; rows * shape.vision.patch_len()], rows, shape.vision.patch_len()).expect("patches");
    let reading = Reading { prefix: vec![5; PREFIX], suffixes: vec![vec![7; SUFFIX]; SEQUENCES], answers: vec![ANSWER; SEQUENCES] };
    let mut group = criterion.benchmark_group("forward and backward");
    group.throughput(Throughput::Elements(SEQUENCES as u64)).sample_size(10);
    for (name, form) in [
        ("fused, mixed precision", Form::Fused(Precision::Mixed)),
        ("fused, single precision", Form::Fused(Precision::Single)),
        ("decomposed", Form::Decomposed),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let network = Network::new(&parameters, form);
                let seen = network.see(&patches).expect("vision tower");
                let noticed = network.notice(&seen.features).expect("head").sqr().expect("square").sum_all().expect("sum");
                let scores = network.read(&seen.tokens, &reading).expect("text tower").sqr().expect("square").sum_all().expect("sum");
                (noticed + scores).expect("loss").backward().expect("gradients")
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = pictures, steps }
criterion_main!(benches);
