//! Randomised calls: sizes, token counts, deadlines, cancels, wrong requests. None ends the process, and none changes a later answer.

use crate::requests::{load, pair, prompt, request, substance};
use vedette_llama::{Engine, LlamaParams, LlamaVlm, Priority};
use vedette_reasoning::{MEDIA_MARKER, Sampling, Vlm, VlmAnswer, VlmRequest};
use vedette_types::{Finish, RgbPixels};

/// Between two looks whether the answer to a known request is still the same.
const CALLS_BETWEEN_LOOKS: u32 = 25;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_of<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.roll(things.len() as u64) as usize].clone()
    }

    fn picture(&mut self) -> RgbPixels {
        let side = |dice: &mut Self| dice.one_of(&[1, 2, 3, 17, 64, 223, 224, 225, 320, 641]);
        let (mut width, mut height) = (side(self), side(self));
        if self.roll(20) == 0 {
            (width, height) = self.one_of(&[(1, 5000), (5000, 1), (1200, 900)]);
        }
        let len = width as usize * height as usize * 3;
        // A bitmap whose bytes do not fit its sides never gets past its constructor.
        let wrong = self.one_of(&[0, len - 1, len + 1]);
        assert!(RgbPixels::new(width, height, vec![0; wrong]).is_none() && RgbPixels::new(0, height, Vec::new()).is_none());
        let (kind, seed) = (self.roll(4), self.roll(1 << 20) as usize);
        let rgb = (0..len).map(|i| match kind {
            0 => 0,
            1 => 255,
            _ => ((i + seed).wrapping_mul(2_654_435_761) >> 13) as u8,
        });
        RgbPixels::new(width, height, rgb.collect()).unwrap()
    }

    fn prompt(&mut self, vlm_prompt: &str) -> String {
        let words =
            ["smoke ", "gas co 12 ppm; ", "<end_of_turn>", "<start_of_image>", "<bos>", "\u{1f525}", "\u{0}", "\n\n", "<unused0>", "é"];
        let word = self.one_of(&words);
        let extra = word.repeat(self.one_of(&[0, 0, 1, 3, 40, 600, 1100, 4000]));
        match self.roll(12) {
            0 => vlm_prompt.replace(MEDIA_MARKER, &extra),
            1 => format!("{MEDIA_MARKER}{vlm_prompt}"),
            2 => format!("{extra}{MEDIA_MARKER}"),
            3 => format!("{MEDIA_MARKER}{extra}"),
            4 => String::new(),
            5..=7 => format!("{extra}{vlm_prompt}"),
            _ => vlm_prompt.replace("Sensors", &format!("{extra}Sensors")),
        }
    }

    fn request(&mut self, base: &VlmRequest) -> VlmRequest {
        let free = r#"{"type":"object","properties":{"answer":{"type":"string","maxLength":40}},"required":["answer"],"additionalProperties":false}"#;
        let schema =
            if self.roll(5) == 0 { self.one_of(&[free, "{", "", "true", "{\"type\":\"nothing\"}"]).into() } else { base.schema.clone() };
        let temperature = self.one_of(&[0.0, 0.0, 0.0, 0.7, 2.0, f32::MIN_POSITIVE, f32::MAX, f32::NAN, f32::INFINITY, -1.0]);
        let max_tokens = self.one_of(&[0, 1, 2, 3, 30, 192, 192, 192, 1500, 5000, u32::MAX]);
        let sampling = Sampling { temperature, seed: self.roll(1 << 30) as u32, max_tokens };
        // A deadline of nothing is missed on any machine.
        let soon = self.roll(60);
        let deadline_millis = self.one_of(&[None, None, Some(0), Some(soon)]);
        VlmRequest { pixels: self.picture(), prompt: self.prompt(&base.prompt), schema, sampling, deadline_millis, ..base.clone() }
    }
}

/// What every answer owes, whatever was asked.
#[track_caller]
fn check(answer: &VlmAnswer, request: &VlmRequest) {
    match answer.finish {
        // The schema `true` allows numbers that no float holds; they are JSON all the same.
        Finish::Stop => {
            let fault = serde_json::from_str::<serde_json::Value>(&answer.text).err().map(|error| error.to_string());
            assert!(fault.as_ref().is_none_or(|fault| fault.starts_with("number out of range")), "{fault:?}: {}", answer.text);
        }
        Finish::Length => assert!(answer.tokens <= request.sampling.max_tokens),
        Finish::Deadline => assert!(request.deadline_millis.is_some()),
        Finish::Error => assert!(!answer.text.is_empty()),
    }
}

/// Makes the calls; gives back how many ended in each way.
fn calls(count: u32, seed: u64) -> [u32; 4] {
    let mut alone = load();
    let base = VlmRequest { prompt: prompt(&alone, "gas co 12 ppm"), ..request(&alone) };
    let reference = alone.answer(&base);
    let tight = LlamaParams { n_ctx: 640, n_batch: 48, n_ubatch: 20, picture_cache_bytes: 30_000, ..LlamaParams::default() };
    let engines = [Engine::start(alone).unwrap(), Engine::start(LlamaVlm::load(&pair(), &tight).unwrap()).unwrap()];
    let mut dice = Dice(seed);
    let mut ends = [0; 4];
    for call in 0..count {
        let engine = &engines[dice.roll(2) as usize];
        let request = dice.request(&base);
        let ticket = engine.submit(request.clone(), dice.one_of(&[Priority::Question, Priority::Hazard, Priority::Next]));
        match dice.roll(8) {
            // Given up at once, or after a while of whatever length.
            0 => drop(ticket),
            1 => {
                (0..dice.roll(2000)).for_each(|_| std::thread::yield_now());
                drop(ticket);
            }
            2 => {
                // Another one comes in between.
                let other = dice.request(&base);
                let second = engine.submit(other.clone(), Priority::Hazard);
                check(&second.wait().answer, &other);
                check(&ticket.wait().answer, &request);
            }
            _ => {
                let answer = ticket.wait().answer;
                check(&answer, &request);
                ends[answer.finish as usize] += 1;
            }
        }
        if call % CALLS_BETWEEN_LOOKS == 0 {
            let again = engines[0].submit(base.clone(), Priority::Hazard).wait().answer;
            assert_eq!(substance(&again), substance(&reference), "after call {call} of seed {seed}");
        }
    }
    ends
}

#[test]
fn randomised_calls_never_abort() {
    let ends = calls(150, 1);
    assert!(ends.iter().all(|count| *count > 0), "a kind of end never came up: {ends:?}");
}

#[test]
#[ignore = "takes minutes; cargo test -p vedette-llama --test suite ten_thousand -- --ignored --nocapture"]
#[expect(clippy::print_stdout, reason = "the counts are what it is run for")]
fn ten_thousand_randomised_calls_never_abort() {
    let ends = calls(10_000, 2);
    println!(
        "10000 randomised calls, no abort; of those waited for: stop {}, length {}, deadline {}, error {}",
        ends[0], ends[1], ends[2], ends[3]
    );
}
