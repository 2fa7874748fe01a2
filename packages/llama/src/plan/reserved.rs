//! Test: the buffers that the plan predicts are those that llama.cpp reports when it reserves them.

use super::settings::{KvType, Settings};
use super::{Estimate, Place};
use crate::synth::{SHAPES, SynthRequest, write_synthetic_pair};
use crate::{LlamaParams, LlamaVlm, PairPaths, check_and_measure, write_untrained_pair};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use vedette_reasoning::{MEDIA_MARKER, Sampling, Vlm, VlmRequest};
use vedette_types::{RgbPixels, Sha256, Stamp, StreamId};

/// Keeps every line of llama.cpp's log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Visit for Lines {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0.lock().unwrap().push(format!("{value:?}"));
        }
    }
}

impl tracing::Subscriber for Lines {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// MiB in the lines that have `words` and not `without`.
fn mib(lines: &[String], words: &str, without: &str) -> f64 {
    let number = |line: &String| {
        let (_, rest) = line.split_once(words)?;
        rest.trim_start_matches([' ', '=', ':']).split_whitespace().next()?.parse::<f64>().ok()
    };
    lines.iter().filter(|line| without.is_empty() || !line.contains(without)).filter_map(number).sum()
}

fn answered(paths: &PairPaths, params: &LlamaParams) -> Vec<String> {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || {
        let mut vlm = LlamaVlm::load(paths, params).unwrap();
        let request = VlmRequest {
            image_stamp: Stamp::default(),
            camera: StreamId::new("/camera"),
            prompt: format!("{MEDIA_MARKER}\nverdict"),
            prompt_sha256: Sha256::default(),
            image_sha256: Sha256::default(),
            pixels: RgbPixels::new(64, 48, vec![90; 64 * 48 * 3]).unwrap(),
            schema: r#"{"enum":["hazard","clear"]}"#.into(),
            sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 1 },
            deadline_millis: None,
        };
        assert!(vlm.answer(&request).tokens > 0);
    });
    let lines = lines.0.lock().unwrap();
    lines.clone()
}

fn wrong(paths: &PairPaths, (n_ctx, n_ubatch, kv_type, flash_attn): (u64, u64, KvType, bool)) -> Vec<String> {
    let params = LlamaParams {
        n_ctx: n_ctx as i64,
        n_ubatch: n_ubatch as i64,
        kv_type: kv_type.word().to_owned(),
        flash_attn: if flash_attn { "on" } else { "off" }.to_owned(),
        ..LlamaParams::default()
    };
    let (_, shape) = check_and_measure(paths).unwrap();
    let settings = Settings {
        n_ctx,
        n_batch: 512,
        n_ubatch,
        kv_type,
        flash_attn,
        n_gpu_layers: 0,
        mmproj_on_gpu: false,
        repack: false,
        n_outputs_max: 1,
        picture_cache_bytes: 0,
        n_threads: 1,
    };
    let estimate = Estimate::new(&shape, &settings, 0);
    let lines = answered(paths, &params);
    let predicted = |what: &str| estimate.of(what) as f64 / f64::from(1 << 20);
    let name = paths.model.file_stem().unwrap().to_string_lossy();
    let reported = [
        ("keys and values", mib(&lines, "CPU KV buffer size", "")),
        ("computation of the text model", mib(&lines, "sched_reserve:        CPU compute buffer size", "")),
        ("computation of the vision tower", mib(&lines, "reserve_compute_meta:        CPU compute buffer size", "")),
    ];
    assert!(estimate.bytes(Place::Gpu) == 0);
    let off = reported.iter().filter(|(what, reported)| (predicted(what) - reported).abs() > 0.02);
    off.map(|(what, reported)| format!("{name} {settings:?}: {what} {:.2} MiB predicted, {reported:.2} reserved", predicted(what)))
        .collect()
}

#[test]
fn buffers_are_those_that_llama_cpp_reserves() {
    let folder = tempfile::tempdir().unwrap();
    let mut pairs = vec![write_untrained_pair(folder.path()).unwrap()];
    for shape in SHAPES.iter().filter(|shape| shape.name.starts_with("small-")) {
        pairs.push(write_synthetic_pair(folder.path(), SynthRequest { shape, side_px: None, seed: 0 }, |_| ()).unwrap());
    }
    let mut all = Vec::new();
    for pair in &pairs {
        for case in [
            (2048, 512, KvType::F16, true),
            (1000, 64, KvType::Q8_0, true),
            (4096, 256, KvType::Q8_0, true),
            (1536, 512, KvType::F16, false),
            (512, 128, KvType::F16, false),
        ] {
            all.extend(wrong(pair, case));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
