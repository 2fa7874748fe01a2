//! A sure `clear` ends at its verdict, and its text is the one it would have had.

use crate::requests::{picture, request, substance};
use vedette_llama::calibration::{Calibration, Figures, Method, Offsets};
use vedette_llama::gguf::TensorType;
use vedette_llama::tiny::{TinyPair, write_pair};
use vedette_llama::{LlamaParams, LlamaVlm};
use vedette_params::HazardCatalogue;
use vedette_reasoning::{Sampling, Vlm, VlmAnswer, VlmRequest, answer_schema};
use vedette_types::{Finish, Verdict};

/// Random weights that call themselves trained, with a calibration that makes `clear` as good as certain.
fn sure_of_clear(is_trained: bool, offset: f64, params: LlamaParams) -> (LlamaVlm, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = TinyPair::untrained();
    pair.card.is_trained = is_trained;
    pair.matrices = TensorType::F16;
    let paths = write_pair(folder.path(), &pair, |name, _, values| {
        let mut state = name.len() as u32;
        values.iter_mut().for_each(|value| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = ((state >> 8) as f32 / (1 << 24) as f32 - 0.5) * 0.2;
        });
        Ok(())
    })
    .unwrap();
    let calibration = Calibration {
        model_sha256: paths.sha256().unwrap(),
        method: Method::VectorScaling,
        slope: 0.1,
        offsets: Offsets { clear: offset, ..Offsets::default() },
        fitted_on: "nothing".to_owned(),
        samples: 0,
        before: Figures::default(),
        after: Figures::default(),
    };
    let file = folder.path().join("calibration.json");
    std::fs::write(&file, calibration.to_json().unwrap()).unwrap();
    let params = LlamaParams { calibration: file.display().to_string(), ..params };
    (LlamaVlm::load(&paths, &params).unwrap(), folder)
}

fn answers(vlm: &mut LlamaVlm, with_answer: bool, max_tokens: u32) -> Vec<VlmAnswer> {
    let schema = answer_schema(&HazardCatalogue::bundled().unwrap(), with_answer);
    let base = request(vlm);
    let of = |seed: u32| VlmRequest {
        pixels: picture(64, 64, seed),
        schema: schema.clone().into(),
        sampling: Sampling { temperature: 1.5, seed, max_tokens },
        ..base.clone()
    };
    (0..10).map(|seed| vlm.answer(&of(seed))).collect()
}

fn is_clear(answer: &VlmAnswer) -> bool {
    answer.text.starts_with(&format!("{{\"verdict\":\"{}", Verdict::Clear.word()))
}

#[test]
fn a_sure_clear_stops_after_the_verdict_with_the_same_text() {
    let never = LlamaParams { clear_stop_confidence: 1.0, ..LlamaParams::default() };
    let (mut whole, _whole_folder) = sure_of_clear(true, 30.0, never);
    let (mut short, _short_folder) = sure_of_clear(true, 30.0, LlamaParams::default());
    let (whole, short) = (answers(&mut whole, false, 300), answers(&mut short, false, 300));
    assert!(whole.iter().any(is_clear) && !whole.iter().all(is_clear), "one kind of answer alone shows nothing");
    for (whole, short) in whole.iter().zip(&short) {
        assert_eq!((&short.text, short.finish, short.verdict_probabilities), (&whole.text, Finish::Stop, whole.verdict_probabilities));
        if is_clear(whole) {
            assert!(short.tokens < whole.tokens, "{short:?}");
        } else {
            assert_eq!(short.tokens, whole.tokens);
        }
    }
}

#[test]
fn what_is_not_certain_is_written_out() {
    let never = || LlamaParams { clear_stop_confidence: 1.0, ..LlamaParams::default() };
    // A question's answer, a doubtful verdict, an untrained model.
    for (is_trained, offset, with_answer) in [(true, 30.0, true), (true, 0.0, false), (false, 30.0, false)] {
        let (mut whole, _whole_folder) = sure_of_clear(is_trained, offset, never());
        let (mut short, _short_folder) = sure_of_clear(is_trained, offset, LlamaParams::default());
        let (whole, short) = (answers(&mut whole, with_answer, 16), answers(&mut short, with_answer, 16));
        assert!(whole.iter().any(is_clear));
        for (whole, short) in whole.iter().zip(&short) {
            assert_eq!(substance(short), substance(whole), "{is_trained} {offset} {with_answer}");
        }
    }
}
