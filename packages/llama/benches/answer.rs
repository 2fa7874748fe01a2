//! What an answer of the untrained tiny pair costs on one thread: loading, picture and prompt up to the first token, and the whole answer.
//!
//! `OMP_WAIT_POLICY=passive cargo bench -p vedette-llama` (the environment variable comes from `.cargo/config.toml` where cargo reads it).

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has nothing to report")]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths, check_pair, write_untrained_pair};
use vedette_params::HazardCatalogue;
use vedette_reasoning::{ChatTemplate, Prompt, Sampling, Vlm, VlmRequest, answer_schema};
use vedette_types::{RgbPixels, Sha256, Stamp, StreamId};

fn pair() -> PairPaths {
    write_untrained_pair(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

/// The prompt and schema of the product, a 640x480 picture; number `moment` of a patrol: each has another picture and other sensor values.
fn request(vlm: &LlamaVlm, moment: usize) -> VlmRequest {
    let catalogue = HazardCatalogue::bundled().unwrap();
    let context = format!("gas co {} ppm; clearance ahead {}.8 m; speed 0.{} m/s", 10 + moment, 1 + moment % 7, 1 + moment % 9);
    let prompt = Prompt::new(&catalogue, &context, 480, "");
    let rgb = (0..640 * 480 * 3).map(|i| ((i + moment * 1001) * 7 % 251) as u8).collect();
    VlmRequest {
        image_stamp: Stamp::from_nanos(0),
        camera: StreamId::new("/camera/image_raw"),
        prompt: ChatTemplate::new(&vlm.card().chat_template).unwrap().render(&prompt.message()).unwrap(),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels: RgbPixels::new(640, 480, rgb).unwrap(),
        schema: answer_schema(&catalogue, false).into(),
        sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 192 },
        deadline_millis: None,
    }
}

fn bench(criterion: &mut Criterion) {
    let pair = pair();
    criterion.bench_function("check", |b| b.iter(|| check_pair(black_box(&pair)).unwrap()));
    criterion.bench_function("load", |b| b.iter(|| LlamaVlm::load(black_box(&pair), &LlamaParams::default()).unwrap()));
    // The pictures come round again; on a robot they do not.
    let params = LlamaParams { picture_cache_bytes: 0, ..LlamaParams::default() };
    let mut vlm = LlamaVlm::load(&pair, &params).unwrap();
    let patrol: Vec<VlmRequest> = (0..64).map(|moment| request(&vlm, moment)).collect();
    let mut moments = patrol.iter().cycle();
    criterion.bench_function("answer", |b| b.iter(|| vlm.answer(black_box(moments.next().unwrap()))));
    let first = |request: &VlmRequest| VlmRequest { sampling: Sampling { max_tokens: 1, ..request.sampling }, ..request.clone() };
    let patrol: Vec<VlmRequest> = patrol.iter().map(first).collect();
    let mut moments = patrol.iter().cycle();
    criterion.bench_function("first_token", |b| b.iter(|| vlm.answer(black_box(moments.next().unwrap()))));
    let mut square = patrol[0].clone();
    square.pixels = RgbPixels::new(224, 224, vec![90; 224 * 224 * 3]).unwrap();
    criterion.bench_function("first_token_of_a_square_picture", |b| b.iter(|| vlm.answer(black_box(&square))));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(40);
    targets = bench
}
criterion_main!(benches);
