//! Requests as the agent makes them, and what is asked of every answer.

use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths, write_untrained_pair};
use vedette_reasoning::{ChatTemplate, MEDIA_MARKER, Sampling, Vlm, VlmAnswer, VlmRequest};
use vedette_types::{BearingSector, Finish, RangeBand, RgbPixels, Severity, Sha256, Stamp, StreamId, Verdict};

pub(crate) const KINDS: [&str; 6] = ["fire", "smoke", "gas_leak", "liquid_spill", "person_down", "blocked_path"];

pub(crate) fn schema() -> Arc<str> {
    serde_json::json!({
        "type": "object",
        "properties": {
            "verdict": { "anyOf": [{ "const": "hazard" }, { "const": "clear" }, { "const": "unknown" }] },
            "hazards": {
                "type": "array",
                "maxItems": 3,
                "items": {
                    "type": "object",
                    "properties": {
                        "kind": { "enum": KINDS },
                        "severity": { "enum": ["low", "medium", "high"] },
                        "bearing": { "enum": ["far_left", "left", "ahead", "right", "far_right"] },
                        "range": { "enum": ["near", "middle", "far"] },
                    },
                    "required": ["kind", "severity", "bearing", "range"],
                    "additionalProperties": false,
                },
            },
        },
        "required": ["verdict", "hazards"],
        "additionalProperties": false,
        "x-guidance": { "whitespace_flexible": false },
    })
    .to_string()
    .into()
}

pub(crate) fn pair() -> PairPaths {
    write_untrained_pair(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

pub(crate) fn load() -> LlamaVlm {
    LlamaVlm::load(&pair(), &LlamaParams::default()).unwrap()
}

/// A picture that is different for each `seed`.
pub(crate) fn picture(width: u32, height: u32, seed: u32) -> RgbPixels {
    let rgb = (0..width * height).flat_map(|i| {
        let (x, y) = (i % width, i / width);
        [x.wrapping_mul(seed | 1) as u8, y.wrapping_add(seed.wrapping_mul(11)) as u8, (x ^ y).wrapping_mul(3).wrapping_add(seed) as u8]
    });
    RgbPixels::new(width, height, rgb.collect()).unwrap()
}

pub(crate) fn prompt(vlm: &LlamaVlm, sensors: &str) -> String {
    let message = format!(
        "You are the hazard observer of a mobile robot. Report the hazards that the camera picture shows.\n{MEDIA_MARKER}\nSensors: {sensors}."
    );
    ChatTemplate::new(&vlm.card().chat_template).unwrap().render(&message).unwrap()
}

pub(crate) fn request(vlm: &LlamaVlm) -> VlmRequest {
    VlmRequest {
        image_stamp: Stamp::from_nanos(1),
        camera: StreamId::new("/camera/image_raw"),
        prompt: prompt(vlm, "gas co 12 ppm; clearance ahead 1.8 m; speed 0.4 m/s"),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels: picture(320, 240, 5),
        schema: schema(),
        sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 192 },
        deadline_millis: None,
    }
}

/// What must not depend on anything but the request.
pub(crate) fn substance(answer: &VlmAnswer) -> impl PartialEq + std::fmt::Debug + use<> {
    (answer.text.clone(), answer.tokens, answer.finish, answer.verdict_probabilities)
}

#[track_caller]
pub(crate) fn assert_valid(answer: &VlmAnswer) {
    assert_eq!(answer.finish, Finish::Stop, "{answer:?}");
    let json: Value = serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text));
    let object = json.as_object().unwrap();
    assert_eq!(object.keys().collect::<Vec<_>>(), ["verdict", "hazards"]);
    object["verdict"].as_str().unwrap().parse::<Verdict>().unwrap();
    let hazards = object["hazards"].as_array().unwrap();
    assert!(hazards.len() <= 3);
    for hazard in hazards {
        assert_eq!(hazard.as_object().unwrap().len(), 4);
        assert!(KINDS.contains(&hazard["kind"].as_str().unwrap()));
        hazard["severity"].as_str().unwrap().parse::<Severity>().unwrap();
        hazard["bearing"].as_str().unwrap().parse::<BearingSector>().unwrap();
        hazard["range"].as_str().unwrap().parse::<RangeBand>().unwrap();
    }
    let p = answer.verdict_probabilities.unwrap();
    let sum = p.hazard.get() + p.clear.get() + p.unknown.get();
    assert!((sum - 1.0).abs() < 1e-9, "{p:?}");
}

#[track_caller]
pub(crate) fn assert_fault(answer: &VlmAnswer, words: &[&str]) {
    assert_eq!(answer.finish, Finish::Error, "{answer:?}");
    for word in words {
        assert!(answer.text.contains(word), "`{word}` missing in: {}", answer.text);
    }
}
