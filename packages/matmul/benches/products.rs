//! The products that training spends its time on, in both precisions: a layer forward, its gradient for inputs and for weights, and scores of one
//! head of attention.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use vedette_matmul::{Into, Precision, View, multiply};

/// Patches of 16 pictures, and the sides of the vision tower.
const ROWS: usize = 2304;
const WIDTH: usize = 192;
const INNER: usize = 576;
const PATCHES: usize = 144;
const HEAD: usize = 64;

fn products(criterion: &mut Criterion) {
    let numbers = |count: usize| (0..count).map(|n| (n % 17) as f32 / 17.0 - 0.5).collect::<Vec<f32>>();
    let (x, wide, weights) = (numbers(ROWS * WIDTH), numbers(ROWS * INNER), numbers(WIDTH * INNER));
    let cases = [
        ("forward", View::dense(&x, ROWS, WIDTH), View::dense(&weights, INNER, WIDTH).t()),
        ("gradient of inputs", View::dense(&wide, ROWS, INNER), View::dense(&weights, INNER, WIDTH)),
        ("gradient of weights", View::dense(&wide, ROWS, INNER).t(), View::dense(&x, ROWS, WIDTH)),
        ("scores of a head", View::new(&x, PATCHES, HEAD, WIDTH), View::new(&x, PATCHES, HEAD, WIDTH).t()),
    ];
    let sides = [(ROWS, INNER, WIDTH), (ROWS, WIDTH, INNER), (INNER, WIDTH, ROWS), (PATCHES, PATCHES, HEAD)];
    let mut group = criterion.benchmark_group("product");
    for ((name, a, b), (rows, columns, inner)) in cases.into_iter().zip(sides) {
        group.throughput(Throughput::Elements((2 * rows * columns * inner) as u64));
        let mut out = vec![0.0; rows * columns];
        for precision in [Precision::Single, Precision::Mixed] {
            group.bench_function(BenchmarkId::new(name, format!("{precision:?}")), |bencher| {
                bencher.iter(|| multiply(&mut out, columns, Into::Set, a, b, 1.0, precision));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, products);
criterion_main!(benches);
