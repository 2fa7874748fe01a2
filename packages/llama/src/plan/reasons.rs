//! A plan in words: why each setting is what it is, and what would have to change where nothing fits.

use super::choose::{AT_ONCE, Budget, CONTEXTS, Wishes, first_fit};
use super::estimate::Estimate;
use super::machine::{Machine, shown_bytes};
use super::settings::{KvType, Settings};
use super::shape::ModelShape;

/// Why each setting is what it is.
pub(super) fn reasons(
    shape: &ModelShape,
    machine: &Machine,
    budget: &Budget,
    wishes: &Wishes,
    settings: &Settings,
    measured: &dyn Fn(&Settings) -> Estimate,
) -> Vec<(&'static str, String)> {
    let over = |other: Settings| {
        let excess = budget.excess(&measured(&other));
        if excess > 0 {
            format!("would be {} over the budget", shown_bytes(excess))
        } else {
            "does not fit together with the rest".to_owned()
        }
    };
    let asked = "as asked for".to_owned();
    let picture = shape.tokens_per_image();
    let n_ctx = match wishes.n_ctx {
        Some(_) => asked.clone(),
        None if settings.n_ctx == CONTEXTS[0].min(shape.n_ctx_train) => format!("prompt, picture ({picture} tokens) and answer with room"),
        None => format!("the longest that fits; {} {}", CONTEXTS[0], over(Settings { n_ctx: CONTEXTS[0], ..*settings })),
    };
    let n_ubatch = match wishes.n_ubatch {
        Some(_) => asked.clone(),
        None if settings.n_ubatch == AT_ONCE[0] => format!("a picture is {picture} tokens and must be computed at once"),
        None => {
            format!("at least the {picture} tokens of a picture; {} {}", AT_ONCE[0], over(Settings { n_ubatch: AT_ONCE[0], ..*settings }))
        }
    };
    let kv = |kv_type| shown_bytes(measured(&Settings { kv_type, ..*settings }).of("keys and values"));
    let kv_type = match (wishes.kv_type, settings.kv_type) {
        (Some(_), _) => asked.clone(),
        (None, KvType::F16) => format!("fits; q8_0 would be {} instead of {}", kv(KvType::Q8_0), kv(KvType::F16)),
        (None, KvType::Q8_0) => format!("{} instead of {}", kv(KvType::Q8_0), kv(KvType::F16)),
    };
    let attention =
        |flash_attn| shown_bytes(measured(&Settings { flash_attn, kv_type: KvType::F16, ..*settings }).of("computation of the text model"));
    let flash_attn = format!("computation takes {} with it and {} without", attention(true), attention(false));
    let layers = match &machine.gpu {
        None => "no GPU that this program was built for".to_owned(),
        Some(_) if wishes.n_gpu_layers.is_some() => asked.clone(),
        Some(_) if settings.n_gpu_layers > shape.n_layer => format!("all {} layers and the output", shape.n_layer),
        Some(_) => {
            let more = Settings { n_gpu_layers: settings.n_gpu_layers + 1, ..*settings };
            format!("of {} and the output; one more {}", shape.n_layer, over(more))
        }
    };
    let mmproj = match (&machine.gpu, settings.mmproj_on_gpu) {
        (None, _) => "no GPU; it is read into memory, never mapped".to_owned(),
        (Some(_), true) => "beside the text model; encoding is most of the time of an answer on a CPU".to_owned(),
        (Some(_), false) if wishes.mmproj_on_gpu.is_some() => asked,
        (Some(_), false) => format!("on the GPU it {}", over(Settings { mmproj_on_gpu: true, ..*settings })),
    };
    let copy = shown_bytes(measured(&Settings { repack: true, ..*settings }).of("rearranged copy of the weights"));
    vec![
        ("n_gpu_layers", layers),
        ("mmproj_on_gpu", mmproj),
        ("n_ctx", n_ctx),
        ("n_ubatch", n_ubatch),
        ("kv_type", kv_type),
        ("flash_attn", flash_attn),
        ("repack", format!("a second copy of the weights of up to {copy}, and no faster when measured")),
        (
            "n_outputs_max",
            format!("one row of {} scores; a row a token would be {}", shape.n_vocab, shown_bytes(4 * shape.n_vocab * settings.n_ubatch)),
        ),
    ]
}

/// The smallest change that would fit: one wish given up, else a larger budget or a smaller file.
pub(super) fn change(
    shape: &ModelShape,
    machine: &Machine,
    budget_bytes: Option<u64>,
    wishes: &Wishes,
    budget: &Budget,
    smallest: &Estimate,
) -> String {
    let freed = [
        ("llama.kv_type", wishes.kv_type.is_some(), Wishes { kv_type: None, ..wishes.clone() }),
        ("llama.n_ubatch", wishes.n_ubatch.is_some(), Wishes { n_ubatch: None, n_batch: None, ..wishes.clone() }),
        ("llama.n_ctx", wishes.n_ctx.is_some(), Wishes { n_ctx: None, ..wishes.clone() }),
        ("llama.mmproj_gpu", wishes.mmproj_on_gpu.is_some(), Wishes { mmproj_on_gpu: None, ..wishes.clone() }),
        ("llama.n_gpu_layers", wishes.n_gpu_layers.is_some(), Wishes { n_gpu_layers: None, ..wishes.clone() }),
    ];
    for (name, is_wished, freer) in freed {
        if let Some(settings) = is_wished.then(|| first_fit(shape, machine, &freer, budget)).flatten() {
            let value = match name {
                "llama.kv_type" => settings.kv_type.word().to_owned(),
                "llama.n_ubatch" => settings.n_ubatch.to_string(),
                "llama.n_ctx" => settings.n_ctx.to_string(),
                "llama.mmproj_gpu" => if settings.mmproj_on_gpu { "on" } else { "off" }.to_owned(),
                _ => settings.n_gpu_layers.to_string(),
            };
            return format!("{name} = {value} would fit");
        }
    }
    let missing = budget.excess(smallest);
    let raise = if budget_bytes.is_some() { "raise the budget" } else { "free memory (close programs, add a machine with more)" };
    let smaller = shape.model_file_bytes.saturating_sub(missing);
    let file = if smaller > shape.model_file_bytes / 4 {
        format!(
            ", or use a text model of at most {} instead of {} (`vedette model quantize`)",
            shown_bytes(smaller),
            shown_bytes(shape.model_file_bytes)
        )
    } else {
        ", or use a smaller model".to_owned()
    };
    format!("{raise} by {}{file}", shown_bytes(missing))
}
