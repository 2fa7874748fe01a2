//! Parameters of the model runtime. Names and meanings are llama.cpp's own.

use crate::LlamaError;
use crate::check::PairFacts;
use crate::digest::Parts;
use crate::plan::KvType;
use vedette_types::Sha256;

vedette_params::params! {
    /// Which model runs and how much of the machine it gets.
    pub struct LlamaParams: "llama" {
        /// Text model, a GGUF file; empty takes the pair that comes with the program.
        model: String = "";
        /// Vision tower and projector that belong to the model, a GGUF file.
        mmproj: String = "";
        /// Calibration of the verdict probabilities, made by `vedette model calibrate`; empty takes the one that comes with the program, if it
        /// was fitted for this model; `none` leaves the probabilities raw.
        calibration: String = "";
        /// Memory that the model and the agent may take, for example `5GiB`; `auto` is what is free, less a reserve. A model that does not fit
        /// is refused with the change that would make it fit; `none` loads it whatever comes.
        budget: String = "auto";
        /// Context: prompt, picture and answer together; 0 takes the longest up to 2048 that fits the budget.
        n_ctx: i64 = 2048, range 0..=131_072, unit "tokens";
        /// Most tokens handed to the model in one call; 0 leaves it to the memory plan.
        n_batch: i64 = 512, range 0..=16_384, unit "tokens";
        /// Most tokens computed at once; a picture must fit in (Gemma 3: 256); 0 leaves it to the memory plan.
        n_ubatch: i64 = 512, range 0..=16_384, unit "tokens";
        /// CPU threads; leave a core free, since a computation waits for its slowest thread. 0 takes all cores but one.
        n_threads: i64 = 1, range 0..=256;
        /// Layers on the GPU, in a build with GPU support; one more than the model has puts the output there as well. -1 takes as many as fit
        /// the budget.
        n_gpu_layers: i64 = 0, range -1..=1024, unit "layers";
        /// Element type of keys and values; `q8_0` takes half the memory; `auto` leaves it to the memory plan.
        kv_type: String = "f16", one_of ["auto", "f16", "q8_0"];
        /// Fused attention, which needs no matrix of scores; `auto` takes it where the backend has it.
        flash_attn: String = "auto", one_of ["auto", "on", "off"];
        /// The vision tower on the GPU; `auto` puts it there with the text model's layers, or as the memory plan says.
        mmproj_gpu: String = "auto", one_of ["auto", "on", "off"];
        /// Keep the state of a prompt's beginning (static text, and the picture if it is the same) for the next call. Changes no answer.
        prefix_cache: bool = true;
        /// Keep the embeddings of the last pictures, at most this much; 0 keeps none. Changes no answer.
        picture_cache_bytes: i64 = 4_194_304, range 0..=1_073_741_824, unit "bytes";
        /// Keep the state of a prompt's static text in this folder for the next start; empty takes one in the user's cache folder, `none` keeps
        /// nothing on disk. Changes no answer.
        prefix_folder: String = "";
        /// Most bytes of that folder; what was unused longest goes.
        prefix_folder_bytes: i64 = 268_435_456, range 0..=1_099_511_627_776, unit "bytes";
        /// LoRA adapter for the text model, a GGUF file; empty takes none. The built-in calibration is not used with one.
        lora: String = "";
        /// How strongly the adapter works; 0 is not at all.
        lora_scale: f64 = 1.0, range 0.0..=8.0;
        /// Run the self-test at start, once for each model, backend and build, and refuse a model that fails it.
        self_test: bool = true;
        /// Longest self-test; a model that is not through by then is refused. An encode under way is waited for.
        self_test_secs: f64 = 600.0, range 0.1..=86_400.0, unit "s";
        /// Stop after the verdict when it is `clear` with at least this calibrated probability and the schema leaves nothing else to choose;
        /// 1 never stops early. Without a calibration, or with an untrained model, nothing stops early.
        clear_stop_confidence: f64 = 0.9, range 0.5..=1.0;
    }
}

/// The same as llama.cpp takes them, compared with the model at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) n_ctx: u32,
    pub(crate) n_batch: u32,
    pub(crate) n_ubatch: u32,
    pub(crate) n_threads: i32,
    pub(crate) n_gpu_layers: i32,
    pub(crate) kv_type: KvType,
    /// `None` lets llama.cpp ask the backend.
    pub(crate) flash_attn: Option<bool>,
    pub(crate) mmproj_on_gpu: bool,
    pub(crate) prefix_cache: bool,
    pub(crate) picture_cache_bytes: usize,
}

impl Limits {
    /// Hash over everything that a state of the model or a judgement of it depends on. `build` names the program, the library and the backend.
    pub(crate) fn identity(self, model: Sha256, build: &str) -> Sha256 {
        // How much is kept does not change what is kept. All other fields count, also those to come.
        let limits = Self { prefix_cache: true, picture_cache_bytes: 0, ..self };
        Parts::default().bytes(&model.0).bytes(build.as_bytes()).bytes(format!("{limits:?}").as_bytes()).hash()
    }

    /// Rules between parameters and model that llama.cpp would answer with an abort.
    pub(crate) fn new(params: &LlamaParams, facts: &PairFacts) -> Result<Self, LlamaError> {
        let positive = |name: &'static str, value: i64| match u32::try_from(value) {
            Ok(value) if value > 0 => Ok(value),
            _ => Err(LlamaError::Parameter { name, value, problem: "it must be a positive number below 2^32".to_owned() }),
        };
        let n_ctx = positive("llama.n_ctx", params.n_ctx)?;
        let n_batch = positive("llama.n_batch", params.n_batch)?;
        let n_ubatch = positive("llama.n_ubatch", params.n_ubatch)?;
        let refuse = |name, value, problem| Err(LlamaError::Parameter { name, value, problem });
        if n_ctx > facts.n_ctx_train {
            return refuse("llama.n_ctx", params.n_ctx, format!("the model was made for at most {} tokens", facts.n_ctx_train));
        }
        if n_ubatch < facts.tokens_per_image {
            let problem = format!("a picture is {} tokens of this model and is computed at once", facts.tokens_per_image);
            return refuse("llama.n_ubatch", params.n_ubatch, problem);
        }
        if n_batch < n_ubatch {
            return refuse("llama.n_batch", params.n_batch, format!("it must be at least llama.n_ubatch, {n_ubatch}"));
        }
        let n_threads = positive("llama.n_threads", params.n_threads)?.min(256) as i32;
        let n_gpu_layers = i32::try_from(params.n_gpu_layers.clamp(0, 1024)).unwrap_or(0);
        let kv_type = if params.kv_type == "q8_0" { KvType::Q8_0 } else { KvType::F16 };
        let flash_attn = on_or_off(&params.flash_attn);
        let mmproj_on_gpu = on_or_off(&params.mmproj_gpu).unwrap_or(n_gpu_layers > 0);
        let picture_cache_bytes = usize::try_from(params.picture_cache_bytes.max(0)).unwrap_or(usize::MAX);
        Ok(Self {
            n_ctx,
            n_batch,
            n_ubatch,
            n_threads,
            n_gpu_layers,
            kv_type,
            flash_attn,
            mmproj_on_gpu,
            prefix_cache: params.prefix_cache,
            picture_cache_bytes,
        })
    }
}

/// The words `on` and `off`; anything else leaves the choice open.
pub(crate) fn on_or_off(word: &str) -> Option<bool> {
    match word {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_table_is_fresh() {
        let table = vedette_params::markdown_table(&[&LlamaParams::default(), &crate::ladder::LadderParams::default()]);
        assert!(include_str!("../README.md").contains(&table), "put this table into packages/llama/README.md:\n{table}");
    }
}
