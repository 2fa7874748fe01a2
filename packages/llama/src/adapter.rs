//! A LoRA adapter of the text model. Vision tower and projector have none: llama.cpp would drop it silently.
//!
//! In -> out: a checked GGUF file and a scale -> what the context computes with. The strength is scale x alpha / rank. Deliberately absent:
//! several adapters at once, training.

use crate::check::{Role, check_adapter};
use crate::digest::sha256_of_file;
use crate::weights::{Weights, c_path};
use crate::{LlamaError, LlamaParams, PairPaths, backend};
use llama_cpp_sys_2 as sys;
use std::path::PathBuf;
use std::ptr::NonNull;
use std::sync::Arc;
use vedette_types::{AdapterUse, Sha256};

/// A loaded adapter and how strongly it works.
pub(crate) struct Adapter {
    raw: NonNull<sys::llama_adapter_lora>,
    sha256: Sha256,
    scale: f32,
    // After `raw` in drop: the adapter is registered with the model.
    _weights: Arc<Weights>,
}

// SAFETY: an adapter is not bound to a thread; it is only read after loading, by computations of the context that `LlamaVlm` keeps beside it.
unsafe impl Send for Adapter {}

impl Drop for Adapter {
    fn drop(&mut self) {
        // SAFETY: made by `llama_adapter_lora_init`, freed once, before the model; `LlamaVlm` declares it after the context, so the context
        // is freed first.
        unsafe { sys::llama_adapter_lora_free(self.raw.as_ptr()) };
    }
}

impl Adapter {
    /// The adapter that `llama.lora` names, if any.
    pub(crate) fn load(params: &LlamaParams, paths: &PairPaths, weights: &Arc<Weights>) -> Result<Option<Self>, LlamaError> {
        if params.lora.is_empty() {
            return Ok(None);
        }
        let path = PathBuf::from(&params.lora);
        check_adapter(&path, &paths.model)?;
        let sha256 = sha256_of_file(&path).map_err(|source| LlamaError::Read { path: path.clone(), source })?;
        let failed = |log| LlamaError::Load { role: Role::Adapter, path: path.clone(), log };
        let file = c_path(&path).ok_or_else(|| failed("its path contains a NUL byte".to_owned()))?;
        // SAFETY: the model is alive, no context of it computes yet, the path is NUL-terminated; the file has passed `check_adapter`.
        let (raw, log) = backend::with_log(|| unsafe { sys::llama_adapter_lora_init(weights.raw(), file.as_ptr()) });
        let raw = NonNull::new(raw).ok_or_else(|| failed(log))?;
        let scale = if params.lora_scale.is_finite() { params.lora_scale.max(0.0) as f32 } else { 0.0 };
        Ok(Some(Self { raw, sha256, scale, _weights: Arc::clone(weights) }))
    }

    /// What records say of it.
    pub(crate) fn in_use(&self) -> AdapterUse {
        AdapterUse { sha256: self.sha256, scale: self.scale }
    }

    pub(crate) fn scale(&self) -> f32 {
        self.scale
    }

    pub(crate) fn set_scale(&mut self, scale: f32) {
        self.scale = scale;
    }

    /// Valid as long as `self`.
    pub(crate) fn raw(&self) -> *mut sys::llama_adapter_lora {
        self.raw.as_ptr()
    }
}
