//! Damaged, foreign and exchanged files: each is refused before llama.cpp sees it, with a message that names the culprit.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use vedette_llama::{LlamaError, LlamaParams, LlamaVlm, PairPaths, write_untrained_pair};
use vedette_reasoning::{MEDIA_MARKER, Sampling, Vlm, VlmRequest};
use vedette_types::{RgbPixels, Sha256, Stamp, StreamId};

struct Folder {
    _folder: tempfile::TempDir,
    good: PairPaths,
    bad: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let good = write_untrained_pair(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
        Self { bad: folder.path().join("bad.gguf"), _folder: folder, good }
    }

    #[track_caller]
    fn refuses(&self, model: &Path, mmproj: &Path, words: &[&str]) {
        let paths = PairPaths { model: model.to_owned(), mmproj: mmproj.to_owned() };
        let Err(error) = LlamaVlm::load(&paths, &LlamaParams::default()) else { panic!("loaded in spite of {words:?}") };
        assert!(matches!(error, LlamaError::Check(_)), "{error}");
        let message = error.to_string();
        for word in words {
            assert!(message.contains(word), "`{word}` missing in: {message}");
        }
    }

    /// `change` applied to the model: its file and every word are in the message.
    #[track_caller]
    fn model(&self, change: impl Fn(&mut Vec<u8>), words: &[&str]) {
        let mut bytes = fs::read(&self.good.model).unwrap();
        change(&mut bytes);
        fs::write(&self.bad, bytes).unwrap();
        self.refuses(&self.bad, &self.good.mmproj, words);
        self.refuses(&self.bad, &self.good.mmproj, &["bad.gguf"]);
    }

    /// The same with the vision tower.
    #[track_caller]
    fn mmproj(&self, change: impl Fn(&mut Vec<u8>), words: &[&str]) {
        let mut bytes = fs::read(&self.good.mmproj).unwrap();
        change(&mut bytes);
        fs::write(&self.bad, bytes).unwrap();
        self.refuses(&self.good.model, &self.bad, words);
        self.refuses(&self.good.model, &self.bad, &["bad.gguf"]);
    }
}

fn position(bytes: &[u8], what: &str) -> usize {
    bytes.windows(what.len()).position(|window| window == what.as_bytes()).unwrap_or_else(|| panic!("no `{what}`"))
}

/// Another spelling of the same length: as good as missing.
fn rename(what: &'static str) -> impl Fn(&mut Vec<u8>) {
    move |bytes| {
        let at = position(bytes, what) + what.len() - 1;
        bytes[at] = b'?';
    }
}

fn replace(what: &'static str, with: &'static str) -> impl Fn(&mut Vec<u8>) {
    assert_eq!(what.len(), with.len());
    move |bytes| {
        let at = position(bytes, what);
        bytes[at..at + what.len()].copy_from_slice(with.as_bytes());
    }
}

/// Replaces the 32-bit value of a metadata entry.
fn value(key: &'static str, value: [u8; 4]) -> impl Fn(&mut Vec<u8>) {
    move |bytes| {
        let at = position(bytes, key) + key.len() + 4;
        bytes[at..at + 4].copy_from_slice(&value);
    }
}

/// Replaces the first side of a tensor.
fn first_side(tensor: &'static str, side: u64) -> impl Fn(&mut Vec<u8>) {
    move |bytes| {
        let at = position(bytes, tensor) + tensor.len() + 4;
        bytes[at..at + 8].copy_from_slice(&side.to_le_bytes());
    }
}

#[test]
fn files_that_are_not_there_or_not_gguf() {
    let folder = Folder::new();
    let missing = Path::new("/no/such/model.gguf");
    folder.refuses(missing, &folder.good.mmproj, &["text model", "/no/such/model.gguf"]);
    folder.refuses(&folder.good.model, missing, &["mmproj", "/no/such/model.gguf"]);
    folder.refuses(Path::new("/"), &folder.good.mmproj, &["no text model"]);
    folder.model(|bytes| bytes.clear(), &["not a GGUF file"]);
    folder.model(|bytes| bytes[..4].copy_from_slice(b"<htm"), &["`<htm`", "not a GGUF file"]);
    folder.model(|bytes| bytes[4] = 1, &["version 1"]);
    folder.model(|bytes| bytes.truncate(3000), &["cut short"]);
    folder.model(|bytes| bytes.truncate(bytes.len() - 2000), &["tensor `blk.5.", "cut short"]);
    folder.mmproj(|bytes| bytes.truncate(bytes.len() / 2), &["tensor `v.blk.", "cut short"]);
}

#[test]
fn files_in_each_others_place() {
    let folder = Folder::new();
    folder.refuses(&folder.good.mmproj, &folder.good.model, &["swapped", "exchange"]);
    folder.refuses(&folder.good.model, &folder.good.model, &["general.architecture", "`clip`", "text model"]);
    folder.refuses(&folder.good.mmproj, &folder.good.mmproj, &["general.architecture", "`gemma3`", "vision tower"]);
}

#[test]
fn text_models_with_a_wrong_key() {
    let folder = Folder::new();
    for key in [
        "general.architecture",
        "gemma3.context_length",
        "gemma3.embedding_length",
        "gemma3.block_count",
        "gemma3.feed_forward_length",
        "gemma3.attention.head_count",
        "gemma3.attention.layer_norm_rms_epsilon",
        "tokenizer.ggml.model",
        "tokenizer.ggml.tokens",
        "tokenizer.ggml.scores",
        "tokenizer.ggml.token_type",
        "tokenizer.chat_template",
    ] {
        folder.model(rename(key), &[&format!("`{key}`"), "found nothing"]);
    }
    folder.model(replace("\0\0\0gemma3", "\0\0\0llama3"), &["`general.architecture`", "`gemma3`", "`llama3`"]);
    folder.model(value("gemma3.block_count", 0_u32.to_le_bytes()), &["`gemma3.block_count`", "found 0"]);
    folder.model(value("gemma3.block_count", 5000_u32.to_le_bytes()), &["`gemma3.block_count`", "found 5000", "512"]);
    folder.model(value("gemma3.block_count", 7_u32.to_le_bytes()), &["`blk.6.attn_norm.weight`", "found nothing"]);
    folder.model(value("gemma3.attention.head_count_kv", 2_u32.to_le_bytes()), &["`gemma3.attention.head_count_kv`", "divisor of 3"]);
    folder.model(value("gemma3.embedding_length", 96_u32.to_le_bytes()), &["`token_embd.weight`", "[96, 1024]", "[192, 1024]"]);
    folder.model(value("gemma3.attention.layer_norm_rms_epsilon", f32::NAN.to_le_bytes()), &["layer_norm_rms_epsilon", "NaN"]);
    folder.model(value("tokenizer.ggml.bos_token_id", 5000_u32.to_le_bytes()), &["`tokenizer.ggml.bos_token_id`", "5000"]);
}

#[test]
fn vocabularies_that_would_abort() {
    let folder = Folder::new();
    folder.model(replace("<0x0A>", "<0x0B>"), &["`tokenizer.ggml.tokens`", "`<0x0B>`", "token 20 and token 21"]);
    folder.model(replace("<0x0A>", "<0x??>"), &["`tokenizer.ggml.tokens`", "no `<0x0A>`"]);
    // The type of the first token after the byte tokens, which stands 266 types into the list.
    let a_word_as_byte = |bytes: &mut Vec<u8>| {
        let at = position(bytes, "tokenizer.ggml.token_type") + "tokenizer.ggml.token_type".len() + 16 + 4 * 266;
        bytes[at] = 6;
    };
    folder.model(a_word_as_byte, &["`tokenizer.ggml.tokens`", "`ar` among the byte tokens"]);
    // llama.cpp reads tokens up to a NUL: `far_` becomes a second `far`.
    folder.model(replace("far_", "far\0"), &["`tokenizer.ggml.tokens`", "distinct", "`far`"]);
    folder.model(replace("<start_of_image>", "<start-of-image>"), &["`<start_of_image>`", "no such token"]);
}

#[test]
fn tensors_that_are_missing_or_of_another_shape() {
    let folder = Folder::new();
    for tensor in ["token_embd.weight", "output_norm.weight", "blk.3.attn_k.weight", "blk.5.post_ffw_norm.weight"] {
        folder.model(rename(tensor), &[&format!("tensor `{tensor}`"), "found nothing"]);
    }
    for tensor in [
        "v.patch_embd.weight",
        "v.position_embd.weight",
        "v.blk.0.attn_q.weight",
        "v.blk.3.ffn_down.weight",
        "v.blk.2.ln1.bias",
        "v.post_ln.weight",
        "mm.input_projection.weight",
        "mm.soft_emb_norm.weight",
    ] {
        folder.mmproj(rename(tensor), &[&format!("tensor `{tensor}`"), "found nothing"]);
    }
    // Sides exchanged would need other offsets; a side that is not whole blocks has no size at all.
    folder.model(first_side("blk.0.ffn_up.weight", 191), &["`blk.0.ffn_up.weight`", "impossible for q8_0"]);
    folder.model(first_side("blk.0.ffn_up.weight", u64::MAX - 31), &["`blk.0.ffn_up.weight`", "impossible"]);
    folder.model(first_side("blk.0.ffn_up.weight", 160), &["offset of tensor `blk.0.ffn_down.weight`"]);
}

#[test]
fn vision_towers_with_a_wrong_key() {
    let folder = Folder::new();
    for key in [
        "clip.has_vision_encoder",
        "clip.vision.image_size",
        "clip.vision.patch_size",
        "clip.vision.embedding_length",
        "clip.vision.feed_forward_length",
        "clip.vision.block_count",
        "clip.vision.attention.head_count",
        "clip.vision.projection_dim",
        "clip.vision.attention.layer_norm_epsilon",
        "clip.vision.image_mean",
        "clip.vision.image_std",
    ] {
        folder.mmproj(rename(key), &[&format!("`{key}`"), "found nothing"]);
    }
    folder.mmproj(rename("clip.projector_type"), &["projector_type`", "found nothing"]);
    folder.mmproj(replace("\0\0\0gemma3", "\0\0\0pixtra"), &["`clip.projector_type`", "`pixtra`", "`gemma3`"]);
    folder.mmproj(value("clip.vision.image_size", 0_u32.to_le_bytes()), &["`clip.vision.image_size`", "found 0"]);
    folder.mmproj(value("clip.vision.image_size", 230_u32.to_le_bytes()), &["`clip.vision.image_size`", "14 x 4", "found 230"]);
    folder.mmproj(value("clip.vision.image_size", 448_u32.to_le_bytes()), &["`v.position_embd.weight`", "[128, 1024]", "[128, 256]"]);
    folder.mmproj(value("clip.vision.feed_forward_length", 128_u32.to_le_bytes()), &["feed_forward_length", "exchange ffn_up"]);
    folder.mmproj(value("clip.vision.attention.head_count", 3_u32.to_le_bytes()), &["head_count", "divisor of 128"]);
    folder
        .mmproj(value("clip.vision.projection_dim", 256_u32.to_le_bytes()), &["`mm.input_projection.weight`", "[256, 128]", "[192, 128]"]);
}

#[test]
fn parameters_that_do_not_go_with_the_model() {
    let good = Folder::new().good;
    let refused = |change: &dyn Fn(&mut LlamaParams), words: &[&str]| {
        let mut params = LlamaParams::default();
        change(&mut params);
        let Err(error) = LlamaVlm::load(&good, &params) else { panic!("loaded in spite of {words:?}") };
        let message = error.to_string();
        assert!(matches!(error, LlamaError::Parameter { .. }), "{message}");
        for word in words {
            assert!(message.contains(word), "`{word}` missing in: {message}");
        }
    };
    refused(&|p| p.n_ctx = 8192, &["llama.n_ctx", "8192", "4096"]);
    refused(&|p| p.n_ctx = 8, &["llama.n_ctx", "8", "16 tokens"]);
    refused(&|p| p.n_ubatch = 8, &["llama.n_ubatch", "8", "16 tokens"]);
    refused(&|p| p.n_batch = 64, &["llama.n_batch", "64", "512"]);
    refused(&|p| p.n_threads = -1, &["llama.n_threads", "-1"]);
}

fn short_request() -> VlmRequest {
    VlmRequest {
        image_stamp: Stamp::from_nanos(0),
        camera: StreamId::new("camera"),
        prompt: format!("<start_of_turn>user\nReport: {MEDIA_MARKER} now<end_of_turn>\n<start_of_turn>model\n"),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels: RgbPixels::new(1, 1, vec![9; 3]).unwrap(),
        schema: r#"{"enum":["hazard","clear"]}"#.into(),
        sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 8 },
        deadline_millis: None,
    }
}

/// Header bytes overwritten at random: refused by us, refused by llama.cpp, or loaded and asked, but the process lives. `VEDETTE_HEADER_MUTATIONS` sets
/// how many are tried.
#[test]
fn a_mutated_header_never_aborts() {
    let folder = Folder::new();
    #[expect(clippy::disallowed_methods, reason = "a longer campaign by hand")]
    let cases = std::env::var("VEDETTE_HEADER_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(64);
    let files = [&folder.good.model, &folder.good.mmproj].map(|path| fs::read(path).unwrap());
    let at = |file: usize, what: &str| position(&files[file], what);
    // Metadata before the tokens, tokens and scores, the rest of the text model's header; the vision tower's header. Equally often, though
    // the tokens are most of the bytes.
    let [tokens, types, table] = [at(0, "tokenizer.ggml.tokens") + 40, at(0, "tokenizer.ggml.token_type"), at(0, "token_embd.weight")];
    let ends = [at(0, "blk.5.post_ffw_norm.weight") + 60, at(1, "mm.soft_emb_norm.weight") + 60];
    let regions = [(0, 0..tokens), (0, tokens..types), (0, types..table), (0, table..ends[0]), (1, 0..ends[1])];
    let loaded = std::cell::Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..Default::default() });
    let mutation = (prop::sample::select(regions.to_vec()), any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 1..5));
    let result = runner.run(&mutation, |((file, region), at, with)| {
        let mut bytes = files[file].clone();
        let at = region.start + at.index(region.len());
        bytes[at..at + with.len()].copy_from_slice(&with);
        fs::write(&folder.bad, bytes).unwrap();
        let mut paths = folder.good.clone();
        *(if file == 0 { &mut paths.model } else { &mut paths.mmproj }) = folder.bad.clone();
        if let Ok(mut vlm) = LlamaVlm::load(&paths, &LlamaParams { n_ctx: 256, ..LlamaParams::default() }) {
            loaded.set(loaded.get() + 1);
            vlm.answer(&short_request());
        }
        Ok(())
    });
    result.unwrap();
    assert!(loaded.get() > 0, "token texts and scores may be anything: {cases} mutations and none loaded");
}
