//! `budget_is_kept`: what the memory plan says before a load is what the process really takes, anonymous and file apart.
//!
//! Each case is a process of its own (this test program, called again), which loads the pair, fills the context and answers. A watcher reads
//! `RssAnon` and `RssFile` from `/proc/self/status` all the while.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may stop, and says what it measured")]

use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use vedette_llama::plan::{Estimate, KvType, Place, Settings};
use vedette_llama::synth::{SHAPES, SynthRequest, shape_named, write_synthetic_pair};
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths, check_and_measure, write_untrained_pair};
use vedette_reasoning::{MEDIA_MARKER, Sampling, Vlm, VlmRequest};
use vedette_types::{RgbPixels, Sha256, Stamp, StreamId};

/// What a process is told on its standard input.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Case {
    model: PathBuf,
    mmproj: PathBuf,
    n_ctx: i64,
    n_ubatch: i64,
    kv_type: String,
    flash_attn: String,
    /// Fill the whole context, or as many tokens.
    tokens: Option<usize>,
}

/// Bytes resident at most.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Peak {
    anonymous: u64,
    file: u64,
}

impl Case {
    fn new(paths: &PairPaths, n_ctx: i64, n_ubatch: i64, kv_type: &str) -> Self {
        let (model, mmproj) = (paths.model.clone(), paths.mmproj.clone());
        Self { model, mmproj, n_ctx, n_ubatch, kv_type: kv_type.to_owned(), flash_attn: "auto".to_owned(), tokens: None }
    }

    fn paths(&self) -> PairPaths {
        PairPaths { model: self.model.clone(), mmproj: self.mmproj.clone() }
    }

    fn predicted(&self) -> Estimate {
        let (_, shape) = check_and_measure(&self.paths()).unwrap();
        let settings = Settings {
            n_ctx: self.n_ctx as u64,
            n_batch: self.n_ubatch.max(512) as u64,
            n_ubatch: self.n_ubatch as u64,
            kv_type: if self.kv_type == "q8_0" { KvType::Q8_0 } else { KvType::F16 },
            flash_attn: self.flash_attn != "off",
            n_gpu_layers: 0,
            mmproj_on_gpu: false,
            repack: false,
            n_outputs_max: 1,
            picture_cache_bytes: 0,
            n_threads: 1,
        };
        Estimate::new(&shape, &settings, 0)
    }

    /// Runs it in a process of its own.
    fn measured(&self) -> Peak {
        let program = std::env::current_exe().unwrap();
        let mut child = Command::new(program)
            .args(["--ignored", "--exact", "--nocapture", "one_process"])
            .env("OMP_WAIT_POLICY", "passive")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&serde_json::to_vec(self).unwrap()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find_map(|line| line.split_once("PEAK ")).unwrap_or_else(|| panic!("{self:?}: {text}"));
        serde_json::from_str(line.1).unwrap()
    }

    /// Within 5 % or 8 MB, anonymous and file apart.
    fn check(&self) -> Result<(), String> {
        let (predicted, measured) = (self.predicted(), self.measured());
        let told = |place, measured: u64| {
            let predicted = predicted.bytes(place);
            let off = predicted.abs_diff(measured);
            let allowed = (measured / 20).max(8_000_000);
            let line = format!("{place:?} {:.1} predicted, {:.1} measured MB", predicted as f64 / 1e6, measured as f64 / 1e6);
            (off <= allowed, line)
        };
        let sides = [told(Place::Anonymous, measured.anonymous), told(Place::File, measured.file)];
        let name = self.model.file_stem().unwrap().to_string_lossy();
        let line = format!(
            "{name} n_ctx {} n_ubatch {} {} flash_attn {}: {}; {}",
            self.n_ctx, self.n_ubatch, self.kv_type, self.flash_attn, sides[0].1, sides[1].1
        );
        println!("{line}");
        if sides.iter().all(|(is_within, _)| *is_within) { Ok(()) } else { Err(line) }
    }
}

/// The other process. Ignored, because it is nothing by itself.
#[test]
#[ignore = "called by the other tests, with a case on standard input"]
fn one_process() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let case: Case = serde_json::from_str(&text).unwrap();
    let is_done = AtomicBool::new(false);
    let peak = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&is_done));
        load_and_answer(&case);
        is_done.store(true, Ordering::Relaxed);
        watcher.join().unwrap()
    });
    println!("PEAK {}", serde_json::to_string(&peak).unwrap());
}

fn watch(is_done: &AtomicBool) -> Peak {
    let mut peak = Peak::default();
    loop {
        let last = is_done.load(Ordering::Relaxed);
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
        };
        peak.anonymous = peak.anonymous.max(of("RssAnon:"));
        peak.file = peak.file.max(of("RssFile:"));
        if last {
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn load_and_answer(case: &Case) {
    let params = LlamaParams {
        n_ctx: case.n_ctx,
        n_batch: case.n_ubatch.max(512),
        n_ubatch: case.n_ubatch,
        kv_type: case.kv_type.clone(),
        flash_attn: case.flash_attn.clone(),
        picture_cache_bytes: 0,
        ..LlamaParams::default()
    };
    let mut vlm = LlamaVlm::load(&case.paths(), &params).unwrap();
    let picture = vlm.card().tokens_per_image as usize;
    let word = vlm.tokenize(" hazard").len().max(1);
    let tokens = case.tokens.unwrap_or(case.n_ctx as usize);
    let words = tokens.saturating_sub(picture + 64) / word;
    let request = VlmRequest {
        image_stamp: Stamp::from_nanos(0),
        camera: StreamId::new("/camera"),
        prompt: format!("{}\n{MEDIA_MARKER}\nverdict", " hazard".repeat(words)),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels: RgbPixels::new(320, 240, vec![90; 320 * 240 * 3]).unwrap(),
        schema: r#"{"enum":["hazard","clear"]}"#.into(),
        sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 8 },
        deadline_millis: None,
    };
    let answer = vlm.answer(&request);
    assert!(answer.tokens > 0, "{}", answer.text);
}

fn synthetic(folder: &Path, name: &str) -> PairPaths {
    let request = SynthRequest { shape: shape_named(name).unwrap(), side_px: None, seed: 0 };
    write_synthetic_pair(folder, request, |_| ()).unwrap()
}

#[test]
fn budget_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let tiny = write_untrained_pair(folder.path()).unwrap();
    let mut cases = vec![Case::new(&tiny, 2048, 512, "f16"), Case::new(&tiny, 512, 64, "q8_0")];
    for shape in SHAPES.iter().filter(|shape| shape.name.starts_with("small-")) {
        let paths = synthetic(folder.path(), shape.name);
        cases.push(Case::new(&paths, 2048, 512, "f16"));
        cases.push(Case::new(&paths, 1024, 128, "q8_0"));
    }
    let global = synthetic(folder.path(), "small-global");
    cases.push(Case { tokens: Some(1024), ..Case::new(&global, 8192, 256, "f16") });
    cases.push(Case { flash_attn: "off".to_owned(), ..Case::new(&global, 1536, 512, "f16") });
    let wrong: Vec<String> = cases.iter().filter_map(|case| case.check().err()).collect();
    assert!(wrong.is_empty(), "more than 5 % and 8 MB off:\n{}", wrong.join("\n"));
}

/// 3.3 GB of disk and minutes: `cargo test -p vedette-llama --test budget -- --ignored --exact budget_is_kept_by_the_4b_shape --nocapture`.
#[test]
#[ignore = "writes 3.3 GB and computes for minutes"]
fn budget_is_kept_by_the_4b_shape() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gemma3-4b");
    let request = SynthRequest { shape: shape_named("gemma3-4b").unwrap(), side_px: Some(448), seed: 0 };
    let paths = PairPaths { model: folder.join("gemma3-4b.gguf"), mmproj: folder.join("mmproj-gemma3-4b-448.gguf") };
    if check_and_measure(&paths).is_err() {
        write_synthetic_pair(&folder, request, |_| ()).unwrap();
    }
    // The small one first: it tells within minutes.
    let cases = [("q8_0", 512, 64, 150), ("f16", 2048, 512, 600)];
    let cases =
        cases.map(|(kv_type, n_ctx, n_ubatch, tokens)| Case { tokens: Some(tokens), ..Case::new(&paths, n_ctx, n_ubatch, kv_type) });
    let wrong: Vec<String> = cases.iter().filter_map(|case| case.check().err()).collect();
    assert!(wrong.is_empty(), "more than 5 % and 8 MB off:\n{}", wrong.join("\n"));
}
