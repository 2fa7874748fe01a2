//! Answers are valid, repeatable, and never an abort.

use crate::requests::{assert_fault, assert_valid, load, pair, picture, prompt, request, substance};
use proptest::prelude::*;
use serde_json::Value;
use std::cell::RefCell;
use vedette_llama::calibration::{Calibration, Figures, Method, Offsets};
use vedette_llama::gguf::TensorType;
use vedette_llama::tiny::{TextShape, TinyPair, TinyShape, VisionShape, write_pair};
use vedette_llama::{LlamaParams, LlamaVlm, UNTRAINED_NAME};
use vedette_reasoning::{MEDIA_MARKER, Sampling, Vlm, VlmAnswer, VlmRequest};
use vedette_types::{Finish, RgbPixels, Sha256};

#[test]
fn output_is_valid() {
    let vlm = RefCell::new(load());
    let base = request(&vlm.borrow());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() });
    let cases = (".{0,200}", any::<u32>(), 0.0_f32..2.0, 1_u32..400, 1_u32..400);
    let result = runner.run(&cases, |(sensors, seed, temperature, width, height)| {
        let mut request = base.clone();
        request.prompt = prompt(&vlm.borrow(), &vedette_reasoning::harmless(&sensors));
        request.pixels = picture(width, height, seed);
        request.sampling = Sampling { temperature, seed, max_tokens: 256 };
        assert_valid(&vlm.borrow_mut().answer(&request));
        Ok(())
    });
    result.unwrap();
}

#[test]
fn the_card_says_untrained() {
    let vlm = load();
    let card = vlm.card();
    assert_eq!((card.name.as_str(), card.architecture.as_str(), card.is_trained), (UNTRAINED_NAME, "gemma3", false));
    assert_eq!((card.image_side_px, card.tokens_per_image), (224, 16));
    assert_ne!(card.sha256, Sha256::default());
}

#[test]
fn the_same_request_gives_the_same_answer() {
    let mut vlm = load();
    let request = request(&vlm);
    let first = vlm.answer(&request);
    assert_valid(&first);
    // Something else in between, then again, then from a model loaded afresh.
    let mut other = request.clone();
    other.pixels = picture(100, 100, 77);
    other.sampling = Sampling { temperature: 1.0, seed: 3, max_tokens: 192 };
    assert_valid(&vlm.answer(&other));
    assert_eq!(substance(&vlm.answer(&request)), substance(&first));
    assert_eq!(substance(&load().answer(&request)), substance(&first));
}

#[test]
fn the_seed_decides_at_a_temperature() {
    let mut vlm = load();
    let mut request = request(&vlm);
    let mut answers = Vec::new();
    for seed in 0..8 {
        request.sampling = Sampling { temperature: 1.5, seed, max_tokens: 192 };
        let answer = vlm.answer(&request);
        assert_eq!(substance(&vlm.answer(&request)), substance(&answer));
        answers.push(answer.text);
    }
    answers.sort();
    answers.dedup();
    assert!(answers.len() > 1, "eight seeds, one answer: {answers:?}");
}

#[test]
fn picture_and_prompt_reach_the_model() {
    let mut vlm = load();
    let base = request(&vlm);
    let reference = vlm.answer(&base).verdict_probabilities.unwrap();
    let mut other_picture = base.clone();
    other_picture.pixels = RgbPixels::new(4, 4, vec![0; 48]).unwrap();
    assert_ne!(vlm.answer(&other_picture).verdict_probabilities.unwrap(), reference);
    let mut other_prompt = base.clone();
    other_prompt.prompt = prompt(&vlm, "gas co 900 ppm");
    assert_ne!(vlm.answer(&other_prompt).verdict_probabilities.unwrap(), reference);
}

#[test]
fn a_failed_or_late_call_leaves_no_trace() {
    let mut vlm = load();
    let request = request(&vlm);
    let reference = vlm.answer(&request);
    let mut late = request.clone();
    for millis in (0..60).step_by(4) {
        late.deadline_millis = Some(millis);
        let answer = vlm.answer(&late);
        match answer.finish {
            Finish::Deadline => {}
            _ => assert_eq!(substance(&answer), substance(&reference)),
        }
        if millis == 0 {
            assert_eq!((answer.finish, answer.tokens), (Finish::Deadline, 0));
        }
        assert_eq!(substance(&vlm.answer(&request)), substance(&reference), "after a deadline of {millis} ms");
    }
    late.deadline_millis = Some(u64::MAX);
    assert_eq!(substance(&vlm.answer(&late)), substance(&reference));
    let mut wrong = request.clone();
    wrong.prompt.clear();
    assert_eq!(vlm.answer(&wrong).finish, Finish::Error);
    assert_eq!(substance(&vlm.answer(&request)), substance(&reference));
}

#[test]
fn a_capped_answer_says_so() {
    let mut vlm = load();
    let mut request = request(&vlm);
    request.sampling.max_tokens = 3;
    let answer = vlm.answer(&request);
    assert_eq!((answer.finish, answer.tokens), (Finish::Length, 3));
}

#[test]
fn wrong_requests_are_faults_with_figures() {
    let mut vlm = load();
    let base = request(&vlm);
    let mut fault = |change: &dyn Fn(&mut VlmRequest), words: &[&str]| {
        let mut request = base.clone();
        change(&mut request);
        assert_fault(&vlm.answer(&request), words);
    };
    fault(&|r| r.prompt = r.prompt.replace(MEDIA_MARKER, ""), &[MEDIA_MARKER, "0 times"]);
    fault(&|r| r.prompt = format!("{MEDIA_MARKER}{}", r.prompt), &[MEDIA_MARKER, "2 times"]);
    fault(&|r| r.prompt = MEDIA_MARKER.to_owned() + "\0", &["NUL", "byte 11"]);
    fault(&|r| r.prompt = "word ".repeat(5000) + &r.prompt, &["n_ctx = 2048", "tokens", "192"]);
    fault(&|r| r.sampling.max_tokens = 5000, &["5000", "n_ctx = 2048"]);
    fault(&|r| r.sampling.max_tokens = u32::MAX, &["n_ctx = 2048"]);
    fault(&|r| r.sampling.max_tokens = 0, &["max_tokens"]);
    fault(&|r| r.sampling.temperature = f32::NAN, &["temperature", "NaN"]);
    fault(&|r| r.sampling.temperature = -1.0, &["temperature", "-1"]);
    fault(&|r| r.schema = "{".into(), &["schema", "JSON"]);
    fault(&|r| r.schema = r#"{"type":"object","properties":{"a":{"$ref":"nowhere"}}}"#.into(), &["schema"]);
}

#[test]
fn pictures_of_any_size() {
    let mut vlm = load();
    let mut request = request(&vlm);
    for (width, height) in [(1, 1), (224, 224), (1, 2000), (4000, 3000)] {
        request.pixels = picture(width, height, 9);
        assert_valid(&vlm.answer(&request));
    }
}

#[test]
fn long_prompts_go_in_several_batches() {
    let mut vlm = load();
    let mut request = request(&vlm);
    // Longer than a batch (512) and than the sliding window (512), on both sides of the picture.
    request.prompt = format!("{}{}", "smoke ".repeat(700), request.prompt.replace("Sensors", &"gas ".repeat(600)));
    let first = vlm.answer(&request);
    assert_valid(&first);
    assert_eq!(substance(&vlm.answer(&request)), substance(&first));
}

#[test]
fn free_text_is_whole_characters() {
    let mut vlm = load();
    let mut request = request(&vlm);
    let schema = r#"{"type":"object","properties":{"answer":{"type":"string","maxLength":24}},"required":["answer"],"additionalProperties":false,"x-guidance":{"whitespace_flexible":false}}"#;
    request.schema = schema.into();
    let mut is_beyond_ascii = false;
    for seed in 0..10 {
        request.sampling = Sampling { temperature: 2.0, seed, max_tokens: 160 };
        let answer = vlm.answer(&request);
        assert_eq!(answer.finish, Finish::Stop, "{answer:?}");
        let json: Value = serde_json::from_str(&answer.text).unwrap();
        assert!(json["answer"].as_str().unwrap().chars().count() <= 24);
        assert_eq!(answer.verdict_probabilities, None);
        is_beyond_ascii |= !answer.text.is_ascii();
        // Cut anywhere, the text is still text.
        for max_tokens in 1..6 {
            request.sampling.max_tokens = max_tokens;
            assert_eq!(vlm.answer(&request).finish, Finish::Length);
        }
    }
    assert!(is_beyond_ascii, "no character of several byte tokens came up: the test shows nothing");
}

#[test]
fn two_models_work_side_by_side() {
    let (first, second) = (load(), load());
    let request = request(&first);
    let answers: Vec<VlmAnswer> = std::thread::scope(|scope| {
        let run = |mut vlm: LlamaVlm| {
            let request = &request;
            scope.spawn(move || (0..3).map(|_| vlm.answer(request)).last().unwrap())
        };
        [run(first), run(second)].into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_valid(&answers[0]);
    assert_eq!(substance(&answers[0]), substance(&answers[1]));
}

#[test]
fn a_tiny_model_of_another_shape_answers() {
    let mut pair = TinyPair::untrained();
    pair.card.name = "of-another-shape".to_owned();
    pair.shape = TinyShape {
        side_px: 128,
        patch_px: 16,
        pool: 2,
        vision: VisionShape { n_layer: 1, n_embd: 72, n_ff: 100, n_head: 3 },
        text: TextShape { n_layer: 2, n_embd: 80, n_ff: 96, n_head: 2, n_head_kv: 2, head: 16, sliding_window: None, ..pair.shape.text },
    };
    for matrices in [TensorType::F16, TensorType::Q8_0] {
        pair.matrices = matrices;
        let folder = tempfile::tempdir().unwrap();
        let paths = write_pair(folder.path(), &pair, |name, _, values| {
            let mut state = name.len() as u32;
            values.iter_mut().for_each(|value| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *value = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
            });
            Ok(())
        })
        .unwrap();
        let mut vlm = LlamaVlm::load(&paths, &LlamaParams::default()).unwrap();
        assert_eq!((vlm.card().image_side_px, vlm.card().tokens_per_image), (128, 16));
        let request = request(&vlm);
        assert_valid(&vlm.answer(&request));
    }
}

#[test]
fn a_calibration_changes_the_probabilities_and_nothing_else() {
    let mut plain = load();
    assert!(plain.calibration().is_none());
    let request = request(&plain);
    let raw = plain.answer(&request);
    let model = plain.card().sha256;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calibration.json");
    let half_as_sure = |model: Sha256| Calibration {
        model_sha256: model,
        method: Method::VectorScaling,
        slope: 0.5,
        offsets: Offsets::default(),
        fitted_on: "nothing".to_owned(),
        samples: 0,
        before: Figures::default(),
        after: Figures::default(),
    };
    let params = LlamaParams { calibration: path.display().to_string(), ..LlamaParams::default() };
    std::fs::write(&path, half_as_sure(model).to_json().unwrap()).unwrap();
    let mut calibrated = LlamaVlm::load(&pair(), &params).unwrap();
    let answer = calibrated.answer(&request);
    assert_eq!((&answer.text, answer.tokens, answer.finish), (&raw.text, raw.tokens, raw.finish));
    assert_eq!(answer.verdict_probabilities, raw.verdict_probabilities.map(|raw| half_as_sure(model).apply(raw)));
    assert_ne!(answer.verdict_probabilities, raw.verdict_probabilities);

    let refusal = |params: &LlamaParams| LlamaVlm::load(&pair(), params).err().unwrap().to_string();
    std::fs::write(&path, half_as_sure(Sha256::default()).to_json().unwrap()).unwrap();
    let message = refusal(&params);
    assert!(message.contains("calibration.json") && message.contains(&model.to_string()), "{message}");
    std::fs::write(&path, "{}").unwrap();
    assert!(refusal(&params).contains("calibration.json"));
    std::fs::remove_file(&path).unwrap();
    assert!(refusal(&params).contains("calibration.json"));
}
