//! Parameters before a load: what they leave open is filled in by the memory plan for this machine, and what does not fit is refused.

use crate::params::on_or_off;
use crate::plan::{KvType, ModelShape, PlanError, Wishes, here, parse_bytes, plan};
use crate::{LlamaError, LlamaParams};

/// Memory of the agent besides its model: rings of pictures and readings, journal, decisions (27 to 31 MB measured in a replay).
const STORE_BYTES: u64 = 32 << 20;

/// What `params` ask of a plan: values stay, `auto` (0, or -1 for layers) is left open.
pub fn wishes(params: &LlamaParams) -> Wishes {
    let given = |value: i64| u64::try_from(value).ok().filter(|value| *value > 0);
    Wishes {
        n_ctx: given(params.n_ctx),
        n_batch: given(params.n_batch),
        n_ubatch: given(params.n_ubatch),
        kv_type: match params.kv_type.as_str() {
            "f16" => Some(KvType::F16),
            "q8_0" => Some(KvType::Q8_0),
            _ => None,
        },
        flash_attn: on_or_off(&params.flash_attn),
        n_gpu_layers: u64::try_from(params.n_gpu_layers).ok(),
        mmproj_on_gpu: on_or_off(&params.mmproj_gpu),
        n_threads: given(params.n_threads),
        picture_cache_bytes: u64::try_from(params.picture_cache_bytes).unwrap_or_default(),
        store_bytes: STORE_BYTES,
    }
}

/// `params` with everything decided. Values that were given are not changed.
///
/// # Errors
/// [`LlamaError::Plan`]: no settings fit the budget. [`LlamaError::Budget`]: the budget is no amount.
pub fn planned(params: &LlamaParams, shape: &ModelShape) -> Result<LlamaParams, LlamaError> {
    let machine = here::machine();
    let budget = match params.budget.trim() {
        "auto" => None,
        "none" => Some(u64::MAX / 2),
        text => Some(parse_bytes(text).ok_or_else(|| LlamaError::Budget { found: text.to_owned() })?),
    };
    let wishes = wishes(params);
    let settings = plan(shape, &machine, budget, &wishes).map_err(named)?.settings;
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    // Negative numbers stay, for whoever checks the parameters to refuse.
    let chosen = |given: i64, planned: u64| if given == 0 { number(planned) } else { given };
    Ok(LlamaParams {
        n_ctx: chosen(params.n_ctx, settings.n_ctx),
        n_batch: chosen(params.n_batch, settings.n_batch),
        n_ubatch: chosen(params.n_ubatch, settings.n_ubatch),
        n_threads: chosen(params.n_threads, settings.n_threads),
        n_gpu_layers: if params.n_gpu_layers < 0 { number(settings.n_gpu_layers) } else { params.n_gpu_layers },
        kv_type: if params.kv_type == "auto" { settings.kv_type.word().to_owned() } else { params.kv_type.clone() },
        mmproj_gpu: match params.mmproj_gpu.as_str() {
            // With layers that were asked for, `auto` goes on meaning what they mean.
            "auto" if params.n_gpu_layers >= 0 => "auto".to_owned(),
            "auto" => if settings.mmproj_on_gpu { "on" } else { "off" }.to_owned(),
            word => word.to_owned(),
        },
        ..params.clone()
    })
}

/// A number that no model of this shape takes is an error about a parameter, not about memory.
fn named(error: PlanError) -> LlamaError {
    match error {
        PlanError::Impossible { name, value, problem } => match value.parse() {
            Ok(value) => LlamaError::Parameter { name, value, problem },
            Err(_) => PlanError::Impossible { name, value, problem }.into(),
        },
        error @ PlanError::TooLarge { .. } => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check_and_measure, write_untrained_pair};

    #[test]
    fn what_is_given_stays_and_what_is_open_is_planned() {
        let folder = tempfile::tempdir().unwrap();
        let (_, shape) = check_and_measure(&write_untrained_pair(folder.path()).unwrap()).unwrap();
        let given = LlamaParams::default();
        assert_eq!(planned(&given, &shape).unwrap(), given);
        let open = LlamaParams {
            n_ctx: 0,
            n_batch: 0,
            n_ubatch: 0,
            n_threads: 0,
            n_gpu_layers: -1,
            kv_type: "auto".to_owned(),
            ..LlamaParams::default()
        };
        let made = planned(&open, &shape).unwrap();
        assert_eq!((made.n_ctx, made.n_batch, made.n_ubatch, made.kv_type.as_str()), (2048, 512, 512, "f16"));
        assert!(made.n_threads >= 1 && made.n_gpu_layers >= 0);
        let whole = plan(&shape, &here::machine(), None, &wishes(&open)).unwrap().estimate.total();
        let tight = planned(&LlamaParams { budget: (whole - 100_000).to_string(), ..open.clone() }, &shape).unwrap();
        assert_eq!((tight.n_ctx, tight.n_ubatch, tight.kv_type.as_str()), (2048, 512, "q8_0"));
        let error = planned(&LlamaParams { budget: "20MiB".to_owned(), ..open.clone() }, &shape).unwrap_err();
        assert!(matches!(error, LlamaError::Plan(_)), "{error}");
        let error = planned(&LlamaParams { budget: "lots".to_owned(), ..open }, &shape).unwrap_err();
        assert!(error.to_string().contains("`lots`"), "{error}");
        assert_eq!(planned(&LlamaParams { budget: "none".to_owned(), ..given.clone() }, &shape).unwrap().n_ctx, given.n_ctx);
    }
}
