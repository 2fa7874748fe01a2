//! What is kept between calls changes no bit of any answer, whatever came before.

use crate::requests::{assert_valid, load, pair, picture, prompt, request, substance};
use proptest::prelude::*;
use std::cell::RefCell;
use vedette_llama::{Forced, ForcedError, LlamaParams, LlamaVlm};
use vedette_reasoning::{MEDIA_MARKER, Sampling, Vlm, VlmRequest};
use vedette_types::Finish;

/// Of the untrained pair's 1024 cells in a sliding window this text alone takes more than all.
const BEYOND_THE_WINDOW: usize = 1100;

/// Room for two pictures of 16 x 192 numbers.
const TWO_PICTURES_BYTES: i64 = 2 * 16 * 192 * 4;

fn load_with(params: &LlamaParams) -> LlamaVlm {
    LlamaVlm::load(&pair(), params).unwrap()
}

fn without_caches(params: &LlamaParams) -> LlamaVlm {
    load_with(&LlamaParams { prefix_cache: false, picture_cache_bytes: 0, ..params.clone() })
}

/// One call of a sequence: which of a few texts and pictures, so that they come again, and what is special about it.
#[derive(Clone, Debug)]
struct Call {
    fixed: usize,
    picture: u32,
    sensors: usize,
    max_tokens: u32,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Answer,
    Score,
    Late { millis: u64 },
    Wrong { how: usize },
}

fn call() -> impl Strategy<Value = Call> {
    let kind = prop_oneof![
        4 => Just(Kind::Answer),
        3 => Just(Kind::Score),
        2 => (0_u64..70).prop_map(|millis| Kind::Late { millis }),
        1 => (0_usize..4).prop_map(|how| Kind::Wrong { how }),
    ];
    let fixed = prop_oneof![8 => Just(0_usize), 2 => Just(1), 1 => Just(2)];
    (fixed, 0_u32..4, 0_usize..3, prop_oneof![Just(1_u32), Just(192)], kind).prop_map(|(fixed, picture, sensors, max_tokens, kind)| Call {
        fixed,
        picture,
        sensors,
        max_tokens,
        kind,
    })
}

impl Call {
    fn request(&self, base: &VlmRequest, vlm: &LlamaVlm) -> VlmRequest {
        let sensors = ["none", "gas co 12 ppm; speed 0.4 m/s", "gas co 12 ppm"][self.sensors];
        let long = "smoke ".repeat(BEYOND_THE_WINDOW);
        let before = ["", "Look well. ", &long][self.fixed];
        let mut request = base.clone();
        request.prompt = prompt(vlm, sensors).replacen("You are", &format!("{before}You are"), 1);
        request.pixels = picture(200 + 40 * self.picture, 150, self.picture);
        request.sampling = Sampling { max_tokens: self.max_tokens, ..base.sampling };
        match self.kind {
            Kind::Answer | Kind::Score => {}
            Kind::Late { millis } => request.deadline_millis = Some(millis),
            Kind::Wrong { how: 0 } => request.prompt = request.prompt.replace(MEDIA_MARKER, ""),
            Kind::Wrong { how: 1 } => request.sampling.max_tokens = 9000,
            Kind::Wrong { how: 2 } => request.schema = "{".into(),
            Kind::Wrong { .. } => request.prompt = MEDIA_MARKER.to_owned(),
        }
        request
    }
}

fn bits(forced: &Result<Forced, ForcedError>) -> Vec<Vec<u32>> {
    forced.as_ref().unwrap().scores.iter().map(|row| row.iter().map(|score| score.to_bits()).collect()).collect()
}

/// Random sequences of calls of a model with caches; each is compared with a model without.
fn caches_change_nothing(params: &LlamaParams, cases: u32) {
    let kept = RefCell::new(load_with(params));
    let plain = RefCell::new(without_caches(params));
    let base = request(&plain.borrow());
    let reused = RefCell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..Default::default() });
    let result = runner.run(&prop::collection::vec(call(), 1..9), |calls| {
        let (mut kept, mut plain) = (kept.borrow_mut(), plain.borrow_mut());
        for call in calls {
            let request = call.request(&base, &plain);
            if matches!(call.kind, Kind::Score) {
                let text = r#"{"verdict":"unknown","hazards":[]}"#;
                prop_assert_eq!(bits(&kept.scores_of(&request, text)), bits(&plain.scores_of(&request, text)), "{:?}", call);
                continue;
            }
            let answer = kept.answer(&request);
            *reused.borrow_mut() += answer.timings.reused_tokens;
            if answer.finish == Finish::Deadline {
                prop_assert!(request.deadline_millis.is_some(), "{:?}", call);
                continue;
            }
            let in_time = VlmRequest { deadline_millis: None, ..request };
            let expected = plain.answer(&in_time);
            prop_assert_eq!(expected.timings.reused_tokens, 0);
            prop_assert_eq!(substance(&answer), substance(&expected), "{:?}", call);
        }
        Ok(())
    });
    result.unwrap();
    assert!(reused.into_inner() > 0, "nothing was ever kept: the test shows nothing");
}

#[test]
fn caches_change_no_bit() {
    caches_change_nothing(&LlamaParams { picture_cache_bytes: TWO_PICTURES_BYTES, ..LlamaParams::default() }, 12);
}

#[test]
fn caches_change_no_bit_where_prompts_go_in_several_batches() {
    let params = LlamaParams { n_batch: 48, n_ubatch: 20, picture_cache_bytes: TWO_PICTURES_BYTES, ..LlamaParams::default() };
    caches_change_nothing(&params, 6);
}

#[test]
fn whole_parts_are_kept() {
    let mut vlm = load();
    let first = request(&vlm);
    let reused = |vlm: &mut LlamaVlm, request: &VlmRequest| {
        let answer = vlm.answer(request);
        assert_valid(&answer);
        answer.timings.reused_tokens as usize
    };
    // Up to the picture, with the mark before it and the token that begins every prompt.
    let fixed = vlm.tokenize(first.prompt.split(MEDIA_MARKER).next().unwrap()).len() + 2;
    let mut other_text = first.clone();
    other_text.prompt = prompt(&vlm, "none");
    let mut other_picture = first.clone();
    other_picture.pixels = picture(320, 240, 6);
    let mut other_start = first.clone();
    other_start.prompt = first.prompt.replace("hazard observer", "observer");
    assert_eq!(reused(&mut vlm, &first), 0, "the first call");
    assert_eq!(reused(&mut vlm, &first), fixed + 16, "the same again");
    assert_eq!(reused(&mut vlm, &other_text), fixed + 16, "other text after the picture");
    assert_eq!(reused(&mut vlm, &other_picture), fixed, "another picture");
    assert_eq!(reused(&mut vlm, &first), fixed, "and back");
    assert_eq!(reused(&mut vlm, &other_start), 0, "another beginning");
    let mut plain = without_caches(&LlamaParams::default());
    assert_eq!((reused(&mut plain, &first), reused(&mut plain, &first)), (0, 0), "switched off");
}

#[test]
fn a_late_call_keeps_what_it_finished() {
    let mut vlm = load();
    let first = request(&vlm);
    let reference = vlm.answer(&first);
    let mut late = first.clone();
    late.pixels = picture(100, 100, 3);
    late.deadline_millis = Some(0);
    assert_eq!(vlm.answer(&late).finish, Finish::Deadline);
    let again = vlm.answer(&first);
    assert_eq!(substance(&again), substance(&reference));
    assert!(again.timings.reused_tokens > 16, "{:?}", again.timings);
}

#[test]
fn a_window_that_was_outgrown_is_never_gone_back_into() {
    // Of the parts that the next call shares the long text drops either everything or only the beginning.
    for (before, after) in [(0, BEYOND_THE_WINDOW), (500, 700)] {
        let mut vlm = load();
        let mut short = request(&vlm);
        short.prompt = short.prompt.replacen("You are", &format!("{}You are", "smoke ".repeat(before)), 1);
        let reference = vlm.answer(&short);
        // It stands after the picture, so that the parts before it are the same.
        let mut long = short.clone();
        long.prompt = short.prompt.replace("Sensors", &"gas ".repeat(after));
        let expected = without_caches(&LlamaParams::default()).answer(&long);
        let answer = vlm.answer(&long);
        assert_eq!((substance(&answer), answer.timings.reused_tokens > 0), (substance(&expected), true));
        let again = vlm.answer(&short);
        assert_eq!((substance(&again), again.timings.reused_tokens), (substance(&reference), 0));
        assert!(vlm.answer(&short).timings.reused_tokens > 0);
    }
}
