//! The loaded text model.

use crate::backend;
use crate::check::Role;
use crate::params::Limits;
use crate::{LlamaError, PairPaths};
use llama_cpp_2::model::LlamaModel;
use llama_cpp_sys_2 as sys;
use std::ffi::CString;
use std::path::Path;
use std::ptr::NonNull;

/// A text model: the safe wrapper, which owns it, and its pointer, which the calls missing from the wrapper take.
pub(crate) struct Weights {
    model: LlamaModel,
    raw: NonNull<sys::llama_model>,
}

// SAFETY: llama.cpp models are not bound to a thread, and after loading they are only read; `LlamaModel` is Send and Sync by the same
// argument. The pointer is handed out within this crate only, to create contexts, which `LlamaVlm::load` does on one thread.
unsafe impl Send for Weights {}
// SAFETY: as above.
unsafe impl Sync for Weights {}

impl Weights {
    pub(crate) fn load(paths: &PairPaths, limits: Limits) -> Result<Self, LlamaError> {
        let path = &paths.model;
        let failed = |log| LlamaError::Load { role: Role::Model, path: path.clone(), log };
        let file = c_path(path).ok_or_else(|| failed("its path contains a NUL byte".to_owned()))?;
        // SAFETY: fills a plain struct.
        let mut params = unsafe { sys::llama_model_default_params() };
        params.n_gpu_layers = limits.n_gpu_layers;
        // Repacked weights are a second, anonymous copy of the whole model (1.46 GB for 4B) and gained nothing when measured.
        params.use_extra_bufts = false;
        // SAFETY: the path is NUL-terminated and lives through the call; the parameters are the defaults with two plain values changed. The
        // file has passed `check_pair`, so the asserts of the loader hold.
        let (raw, log) = backend::with_log(|| unsafe { sys::llama_model_load_from_file(file.as_ptr(), params) });
        let raw = NonNull::new(raw).ok_or_else(|| failed(log))?;
        const _: () = assert!(size_of::<LlamaModel>() == size_of::<NonNull<sys::llama_model>>());
        // SAFETY: `LlamaModel` is `repr(transparent)` over a `repr(transparent)` wrapper of `NonNull<llama_model>` (pinned to an exact
        // version). It takes over the freshly loaded model and frees it when dropped; nobody else does.
        let model = unsafe { std::mem::transmute::<NonNull<sys::llama_model>, LlamaModel>(raw) };
        Ok(Self { model, raw })
    }

    /// The safe wrapper.
    pub(crate) fn model(&self) -> &LlamaModel {
        &self.model
    }

    /// Valid as long as `self`.
    pub(crate) fn raw(&self) -> *mut sys::llama_model {
        self.raw.as_ptr()
    }
}

/// The path as C takes it; `None` with a NUL byte inside.
pub(crate) fn c_path(path: &Path) -> Option<CString> {
    CString::new(path.as_os_str().as_encoded_bytes()).ok()
}
