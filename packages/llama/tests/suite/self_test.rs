//! The self-test passes what can be used, says why it refuses the rest, and remembers a pass.

use crate::requests::{load, pair, request, substance};
use std::fs;
use std::path::Path;
use vedette_llama::gguf::{Gguf, GgufPlan, TensorType, Value};
use vedette_llama::tiny::{TinyPair, write_pair};
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths, SelfTestFault, SelfTested};
use vedette_reasoning::Vlm;

/// Random weights; `change` may spoil a tensor.
fn write(folder: &Path, change: impl Fn(&str, &mut [f32])) -> PairPaths {
    let mut pair = TinyPair::untrained();
    pair.matrices = TensorType::F16;
    write_pair(folder, &pair, |name, _, values| {
        let mut state = name.len() as u32;
        values.iter_mut().for_each(|value| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = ((state >> 8) as f32 / (1 << 24) as f32 - 0.5) * 0.2;
        });
        change(name, values);
        Ok(())
    })
    .unwrap()
}

/// The file again with other metadata; tensors keep their bytes.
fn rewrite(path: &Path, change: impl FnOnce(&mut GgufPlan)) {
    let bytes = fs::read(path).unwrap();
    let gguf = Gguf::open(path).unwrap();
    let mut plan = GgufPlan { metadata: gguf.metadata.clone().into_iter().collect(), ..GgufPlan::default() };
    change(&mut plan);
    let mut header = Vec::new();
    for tensor in &gguf.tensors {
        plan.tensor(tensor.name.clone(), tensor.kind, &tensor.shape);
    }
    plan.write(&mut header, |_, _| Ok(())).unwrap();
    fs::write(path, &header).unwrap();
    let begin = Gguf::open(path).unwrap().data_offset as usize;
    header.truncate(begin);
    header.extend_from_slice(&bytes[gguf.data_offset as usize..]);
    fs::write(path, header).unwrap();
}

fn fault(paths: &PairPaths) -> SelfTestFault {
    LlamaVlm::load(paths, &LlamaParams::default()).unwrap().self_test(None).unwrap_err()
}

#[test]
fn an_untrained_model_passes_and_the_pass_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let mut vlm = load();
    let base = request(&vlm);
    assert_eq!(vlm.self_test(Some(folder.path())).unwrap(), SelfTested::Now);
    let pictures = vlm.encoded_pictures();
    assert!(pictures >= 2);
    assert_eq!(vlm.self_test(Some(folder.path())).unwrap(), SelfTested::Before);
    assert_eq!(load().self_test(Some(folder.path())).unwrap(), SelfTested::Before);
    assert_eq!(vlm.encoded_pictures(), pictures);
    assert_eq!(vlm.self_test(None).unwrap(), SelfTested::Now, "without a folder");
    let mut other = LlamaVlm::load(&pair(), &LlamaParams { n_ubatch: 64, ..LlamaParams::default() }).unwrap();
    assert_eq!(other.self_test(Some(folder.path())).unwrap(), SelfTested::Now, "other sums");
    assert_eq!(substance(&vlm.answer(&base)), substance(&load().answer(&base)), "it leaves no trace in answers");
}

#[test]
fn weights_without_information_are_refused_and_not_remembered() {
    let folder = tempfile::tempdir().unwrap();
    // The last norm is all there is of the answer: zeros give the same score everywhere, NaN none.
    for (value, word) in [(0.0, "all the same"), (f32::NAN, "")] {
        let paths = write(folder.path(), |name, values| {
            if name == "output_norm.weight" {
                values.fill(value);
            }
        });
        let mut vlm = LlamaVlm::load(&paths, &LlamaParams::default()).unwrap();
        for _ in 0..2 {
            let fault = vlm.self_test(Some(folder.path())).unwrap_err().to_string();
            assert!(fault.starts_with("self-test: ") && fault.contains(word), "{fault}");
        }
    }
    // The projector gives nothing: every picture is the same.
    let paths = write(folder.path(), |name, values| {
        if name.starts_with("mm.") {
            values.fill(0.0);
        }
    });
    assert!(matches!(fault(&paths), SelfTestFault::Blind));
}

#[test]
fn a_template_of_another_family_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path(), |_, _| ());
    let foreign = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}";
    rewrite(&paths.model, |plan| {
        for (key, value) in &mut plan.metadata {
            if key == "tokenizer.chat_template" {
                *value = Value::Text(foreign.to_owned());
            }
        }
    });
    let fault = fault(&paths);
    assert!(matches!(&fault, SelfTestFault::OtherTemplate { rendered } if rendered.contains("im_start")), "{fault}");
}

#[test]
fn a_model_from_elsewhere_must_tell_red_from_blue() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path(), |_, _| ());
    // Random weights that do not say that they are ours.
    for path in [&paths.model, &paths.mmproj] {
        rewrite(path, |plan| plan.metadata.retain(|(key, _)| !key.starts_with("vedette.")));
    }
    let fault = fault(&paths);
    let SelfTestFault::WrongColour { shown, said } = &fault else { panic!("{fault}") };
    assert_ne!(shown, said);
    assert!(fault.to_string().contains(said.as_str()), "{fault}");
}

#[test]
fn a_self_test_ends_at_its_limit_and_leaves_the_model_usable() {
    let folder = tempfile::tempdir().unwrap();
    // Far less than the two encodes take.
    let params = LlamaParams { self_test_secs: 1e-3, ..LlamaParams::default() };
    let mut vlm = LlamaVlm::load(&pair(), &params).unwrap();
    let fault = vlm.self_test(Some(folder.path())).unwrap_err();
    assert!(matches!(fault, SelfTestFault::Late { .. }), "{fault}");
    assert!(fault.to_string().contains("llama.self_test_secs, 0.001 s"), "{fault}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "not remembered");
    let base = request(&vlm);
    assert_eq!(substance(&vlm.answer(&base)), substance(&load().answer(&base)));
}
