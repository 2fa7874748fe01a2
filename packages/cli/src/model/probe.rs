//! A request that any model can answer: the picture of bars that shows wrong colours, a broken GPU or a wrong template.

use crate::config::Config;
use anyhow::{Context, Result};
use vedette_llama::LlamaVlm;
use vedette_reasoning::{ChatTemplate, Prompt, Sampling, Vlm, VlmRequest, answer_schema};
use vedette_types::{RgbPixels, Sha256, Stamp, StreamId};

/// The agent's own prompt with the bars; `moment` changes picture and sensor text, so that nothing can be kept from the call before.
pub(crate) fn request(config: &Config, vlm: &LlamaVlm, moment: u32) -> Result<VlmRequest> {
    let context = if moment == 0 { "none".to_owned() } else { format!("gas co {moment} ppm") };
    let message = Prompt::new(&config.catalogue, &context, 64, "").message();
    Ok(VlmRequest {
        image_stamp: Stamp::default(),
        camera: StreamId::new("self-test"),
        prompt: ChatTemplate::new(&vlm.card().chat_template)?.render(&message)?,
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels: picture(moment)?,
        schema: answer_schema(&config.catalogue, false).into(),
        sampling: Sampling {
            temperature: config.reasoning.temperature as f32,
            seed: u32::try_from(config.reasoning.seed).unwrap_or_default(),
            max_tokens: u32::try_from(config.reasoning.max_tokens).unwrap_or(192),
        },
        deadline_millis: None,
    })
}

/// The bars, moved by `moment`.
pub(crate) fn picture(moment: u32) -> Result<RgbPixels> {
    const SIDE_PX: u32 = 256;
    let bar = |x: u32, y: u32| [((x + moment) / 32 * 36) as u8, (y / 32 * 36) as u8, ((x ^ y) / 64 * 80) as u8];
    let rgb = (0..SIDE_PX * SIDE_PX).flat_map(|i| bar(i % SIDE_PX, i / SIDE_PX)).collect();
    RgbPixels::new(SIDE_PX, SIDE_PX, rgb).context("the test picture is wrong")
}
