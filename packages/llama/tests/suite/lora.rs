//! A LoRA adapter: answers change with its scale, and at 0 are those of the model alone, bit for bit.

use crate::requests::{pair, picture, request, substance};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use vedette_llama::gguf::{Gguf, GgufPlan, TensorType, Value};
use vedette_llama::{LlamaParams, LlamaVlm};
use vedette_reasoning::{Vlm, VlmRequest};
use vedette_types::{Sha256, Stamp};

const RANK: u64 = 4;

type Change<'a> = &'a dyn Fn(&mut GgufPlan);

/// An adapter of random numbers for the untrained pair.
fn write_adapter(path: &Path, change: impl FnOnce(&mut GgufPlan)) {
    let mut plan = GgufPlan::default();
    for (key, text) in [("general.type", "adapter"), ("general.architecture", "gemma3"), ("adapter.type", "lora")] {
        plan.set(key, Value::Text(text.to_owned()));
    }
    plan.set("adapter.lora.alpha", Value::F32(8.0));
    for tensor in Gguf::open(&pair().model).unwrap().tensors {
        if ["attn_q.weight", "attn_v.weight", "ffn_down.weight"].iter().any(|part| tensor.name.ends_with(part)) {
            plan.tensor(format!("{}.lora_a", tensor.name), TensorType::F32, &[tensor.shape[0], RANK]);
            plan.tensor(format!("{}.lora_b", tensor.name), TensorType::F32, &[RANK, tensor.shape[1]]);
        }
    }
    change(&mut plan);
    let mut state = 7_u32;
    let mut out = BufWriter::new(File::create(path).unwrap());
    plan.write(&mut out, |_, values| {
        values.iter_mut().for_each(|value| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = ((state >> 8) as f32 / (1 << 24) as f32 - 0.5) * 0.3;
        });
        Ok(())
    })
    .unwrap();
}

fn adapter_in(folder: &Path) -> PathBuf {
    let path = folder.join("adapter.gguf");
    write_adapter(&path, |_| ());
    path
}

fn load_with(adapter: &Path, change: impl FnOnce(&mut LlamaParams)) -> LlamaVlm {
    let mut params = LlamaParams { lora: adapter.display().to_string(), ..LlamaParams::default() };
    change(&mut params);
    LlamaVlm::load(&pair(), &params).unwrap()
}

#[test]
fn answers_follow_the_scale_and_come_back_at_0() {
    let folder = tempfile::tempdir().unwrap();
    let path = adapter_in(folder.path());
    let mut plain = LlamaVlm::load(&pair(), &LlamaParams::default()).unwrap();
    let base = request(&plain);
    let text = "{\"verdict\":\"clear\"";
    let reference = plain.scores_of(&base, text).unwrap();
    let mut vlm = load_with(&path, |_| ());
    let full = vlm.scores_of(&base, text).unwrap();
    assert_ne!(full, reference);
    assert!(vlm.set_lora_scale(0.5));
    let half = vlm.scores_of(&base, text).unwrap();
    assert!(half != full && half != reference);
    assert!(vlm.set_lora_scale(0.0));
    assert_eq!(vlm.scores_of(&base, text).unwrap(), reference, "the model alone");
    assert_eq!(substance(&vlm.answer(&base)), substance(&plain.answer(&base)));
    assert!(vlm.set_lora_scale(1.0));
    assert_eq!(vlm.scores_of(&base, text).unwrap(), full, "and back");
    // A model that starts at a scale is the one that was switched to it.
    assert_eq!(load_with(&path, |params| params.lora_scale = 0.5).scores_of(&base, text).unwrap(), half);
    assert!(!vlm.set_lora_scale(f32::NAN) && !vlm.set_lora_scale(-1.0) && !plain.set_lora_scale(1.0));
}

#[test]
fn what_is_kept_belongs_to_an_adapter_and_its_scale() {
    let folder = tempfile::tempdir().unwrap();
    let path = adapter_in(folder.path());
    let states = folder.path().join("states");
    let load = || load_with(&path, |params| params.prefix_folder = states.display().to_string());
    let mut vlm = load();
    let base = request(&vlm);
    let reused = |vlm: &mut LlamaVlm| vlm.answer(&base).timings.reused_tokens;
    assert_eq!(reused(&mut vlm), 0);
    let kept = reused(&mut vlm);
    assert!(vlm.set_lora_scale(0.5));
    assert_eq!(reused(&mut vlm), 0, "neither from memory nor from the disk");
    drop(vlm);
    let mut vlm = load();
    let from_disk = reused(&mut vlm);
    assert!(from_disk > 0 && from_disk < kept, "{from_disk} {kept}");
    // Many switches with a cache on disk, against none at all.
    let mut plain = load_with(&path, |params| params.prefix_cache = false);
    for (seed, scale) in [(1, 1.0), (1, 0.0), (2, 0.5), (1, 1.0), (2, 0.0), (2, 0.5)] {
        let request = VlmRequest { pixels: picture(50, 50, seed), ..base.clone() };
        assert!(vlm.set_lora_scale(scale) && plain.set_lora_scale(scale));
        assert_eq!(substance(&vlm.answer(&request)), substance(&plain.answer(&request)), "{seed} {scale}");
    }
}

#[test]
fn records_name_the_adapter() {
    let folder = tempfile::tempdir().unwrap();
    let path = adapter_in(folder.path());
    let mut vlm = load_with(&path, |params| params.lora_scale = 0.25);
    let adapter = vlm.card().adapter.unwrap();
    assert_eq!(adapter.scale.to_bits(), 0.25_f32.to_bits());
    assert_ne!(adapter.sha256, Sha256::default());
    assert!(vlm.set_lora_scale(2.0));
    let base = request(&vlm);
    let completion = vlm.answer(&base).into_completion(&base, vlm.card(), Stamp::default());
    assert_eq!(completion.adapter.map(|adapter| (adapter.sha256, adapter.scale)), Some((adapter.sha256, 2.0)));
    assert!(LlamaVlm::load(&pair(), &LlamaParams::default()).unwrap().card().adapter.is_none());
}

#[test]
fn a_wrong_adapter_is_refused_with_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adapter.gguf");
    let refusal = |change: Change<'_>| {
        write_adapter(&path, change);
        let params = LlamaParams { lora: path.display().to_string(), ..LlamaParams::default() };
        LlamaVlm::load(&pair(), &params).err().unwrap().to_string()
    };
    let set = |plan: &mut GgufPlan, key: &str, value: Value| {
        plan.metadata.retain(|(known, _)| known != key);
        plan.set(key, value);
    };
    let text = |word: &str| Value::Text(word.to_owned());
    let cases: [(Change<'_>, &str); 9] = [
        (&|plan| set(plan, "general.type", text("model")), "general.type"),
        (&|plan| set(plan, "general.architecture", text("llama")), "general.architecture"),
        (&|plan| set(plan, "adapter.type", Value::U32(1)), "adapter.type"),
        (&|plan| set(plan, "adapter.lora.alpha", text("8")), "adapter.lora.alpha"),
        (&|plan| set(plan, "adapter.alora.invocation_tokens", Value::U32(1)), "alora"),
        (&|plan| plan.tensors.clear(), "lora_a"),
        (&|plan| drop(plan.tensors.remove(0)), "lora_"),
        (&|plan| plan.tensors[1].shape[1] += 1, "lora_b"),
        (&|plan| plan.tensors[0].name = "blk.9999.attn_q.weight.lora_a".to_owned(), "blk.9999"),
    ];
    for (change, word) in cases {
        let message = refusal(change);
        assert!(message.contains(word) && message.contains("adapter.gguf"), "{word}: {message}");
    }
    std::fs::remove_file(&path).unwrap();
    let params = LlamaParams { lora: path.display().to_string(), ..LlamaParams::default() };
    assert!(LlamaVlm::load(&pair(), &params).err().unwrap().to_string().contains("adapter (LoRA)"));
}
