//! Plans for machines that are not here.

use super::*;
use crate::gguf::Gguf;
use crate::synth::{SynthRequest, header_only, shape_named};

/// The headers of the 4B shape, without its 3.3 GB.
fn shape(side_px: u32) -> ModelShape {
    let request = SynthRequest { shape: shape_named("gemma3-4b").unwrap(), side_px: Some(side_px), seed: 0 };
    let [text, tower] = header_only(request).map(|(header, len)| (Gguf::read(&header[..], len).unwrap(), len));
    ModelShape::new(&text.0, &tower.0, text.1, tower.1)
}

fn orin() -> Machine {
    Machine::from_yaml(include_str!("../../../../../params/machines/orin_nano_8gb.yaml")).unwrap()
}

fn desktop() -> Machine {
    Machine::from_yaml(include_str!("../../../../../params/machines/desktop_gpu_8gb.yaml")).unwrap()
}

#[test]
fn the_4b_model_fits_an_orin_nano_with_every_layer_on_the_gpu() {
    let shape = shape(896);
    let plan = plan(&shape, &orin(), None, &Wishes::default()).unwrap();
    assert!(plan.settings.n_gpu_layers >= 34 && plan.settings.mmproj_on_gpu, "{:?}", plan.settings);
    assert!(plan.settings.n_ubatch >= 256);
    let used = plan.estimate.total() + orin().gpu.unwrap().overhead_bytes;
    assert!(used <= plan.budget_bytes && plan.budget_bytes == orin().auto_budget_bytes(), "{used} of {}", plan.budget_bytes);
    // Weights are in one of the two places, not in both (but for the embeddings, which the output shares).
    let weights = plan.estimate.of("weights of the text model");
    assert!(weights >= shape.model_file_bytes && weights <= shape.model_file_bytes + shape.output_bytes);
}

#[test]
fn less_memory_means_smaller_settings_in_the_order_that_is_told() {
    let shape = shape(896);
    let mut last: Option<Settings> = None;
    for tenths in (36..=60).rev() {
        let Ok(plan) = plan(&shape, &orin(), Some(tenths * (1 << 30) / 10), &Wishes::default()) else { continue };
        let now = plan.settings;
        assert!(plan.estimate.total() <= plan.budget_bytes);
        if let Some(before) = last {
            assert!(now.n_gpu_layers <= before.n_gpu_layers, "{before:?} -> {now:?}");
            if now.n_gpu_layers == before.n_gpu_layers && now.mmproj_on_gpu == before.mmproj_on_gpu {
                assert!(now.n_ctx <= before.n_ctx, "{before:?} -> {now:?}");
            }
        }
        last = Some(now);
    }
    assert!(last.is_some());
}

#[test]
fn a_plan_that_does_not_fit_is_refused_with_the_change_that_would() {
    let shape = shape(896);
    let error = plan(&shape, &orin(), Some(3 << 30), &Wishes::default()).unwrap_err();
    let PlanError::TooLarge { needed_bytes, budget_bytes, .. } = &error else { panic!("{error}") };
    assert!(*needed_bytes > *budget_bytes);
    let message = error.to_string();
    assert!(message.contains("raise the budget by") && message.contains("3.00 GiB"), "{message}");
    // With what it asks for it does fit.
    let plan_again = plan(&shape, &orin(), Some(*needed_bytes), &Wishes::default()).unwrap();
    assert!(plan_again.estimate.total() <= *needed_bytes);
    // A wish that is too large is what has to change.
    let budget = orin().auto_budget_bytes();
    let wishes = Wishes { n_ctx: Some(131_072), kv_type: Some(KvType::F16), ..Wishes::default() };
    let message = plan(&shape, &orin(), Some(budget), &wishes).unwrap_err().to_string();
    assert!(message.contains("llama.n_ctx = ") || message.contains("llama.kv_type = "), "{message}");
}

#[test]
fn a_gpu_of_its_own_has_a_budget_of_its_own() {
    let plan = plan(&shape(896), &desktop(), None, &Wishes::default()).unwrap();
    let gpu = plan.estimate.bytes(Place::Gpu);
    assert!(gpu > 3_000_000_000 && gpu <= plan.gpu_budget_bytes.unwrap(), "{gpu}");
    assert!(plan.estimate.total() - gpu <= plan.budget_bytes);
}

#[test]
fn impossible_wishes_are_named() {
    let shape = shape(896);
    for (wishes, words) in [
        (Wishes { n_ubatch: Some(64), ..Wishes::default() }, "llama.n_ubatch"),
        (Wishes { n_ctx: Some(1 << 20), ..Wishes::default() }, "llama.n_ctx"),
        (Wishes { kv_type: Some(KvType::Q8_0), flash_attn: Some(false), ..Wishes::default() }, "llama.flash_attn"),
    ] {
        let message = plan(&shape, &orin(), None, &wishes).unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn the_published_figures_of_the_4b_model_are_found() {
    // Measured with weights of that shape: 214 MiB of keys and values at 2048 tokens F16, about half with Q8_0; 36.2 MiB less compute
    // without the scores of 512 tokens.
    let shape = shape(896);
    let wishes = Wishes { n_ctx: Some(2048), n_ubatch: Some(512), kv_type: Some(KvType::F16), ..Wishes::default() };
    let plan = plan(&shape, &Machine { gpu: None, ..orin() }, None, &wishes).unwrap();
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    assert!((213.0..216.0).contains(&mib(plan.estimate.of("keys and values"))), "{}", mib(plan.estimate.of("keys and values")));
    let halved = Settings { kv_type: KvType::Q8_0, ..plan.settings };
    let halved = Estimate::new(&shape, &halved, 0).of("keys and values");
    assert!((0.5..0.55).contains(&(halved as f64 / plan.estimate.of("keys and values") as f64)));
}
