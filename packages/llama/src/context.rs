//! The context of the text model: KV cache, decoding, scores, and the alarm that can interrupt a computation.

use crate::adapter::Adapter;
use crate::alarm::Alarm;
use crate::halt::Halt;
use crate::params::Limits;
use crate::plan::KvType;
use crate::weights::Weights;
use crate::{LlamaError, backend};
use llama_cpp_sys_2 as sys;
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;

/// The one sequence used.
const SEQUENCE: sys::llama_seq_id = 0;

/// Why a computation did not finish.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeFault {
    /// The deadline passed.
    #[error("the deadline passed")]
    Deadline,
    /// Another thread ended the call.
    #[error("the call was cancelled")]
    Cancelled,
    /// llama.cpp failed.
    #[error("llama.cpp could not compute {what} (code {code}): {log}")]
    Failed {
        /// What was being computed.
        what: &'static str,
        /// Return value of `llama_decode`.
        code: i32,
        /// The last lines of its log.
        log: String,
    },
}

/// Asked by ggml between the nodes of a graph.
unsafe extern "C" fn should_abort(data: *mut c_void) -> bool {
    // SAFETY: `data` is the `Alarm` that the context whose computation asks holds a share of; the context outlives its computations.
    unsafe { &*data.cast::<Alarm>() }.is_due()
}

/// A llama.cpp context.
pub(crate) struct Context {
    raw: NonNull<sys::llama_context>,
    // llama.cpp keeps its address.
    alarm: Arc<Alarm>,
    n_batch: usize,
    n_vocab: usize,
    // After `raw` in use and in drop: the context points into the model.
    _weights: Arc<Weights>,
}

// SAFETY: a context may be used from any thread as long as one at a time does; every method that computes takes `&mut self`, and there is no
// Sync. The alarm is read by the callback, which runs inside those calls, and may be set from any thread.
unsafe impl Send for Context {}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made by `llama_init_from_model`, freed once, before the model and the alarm it points to.
        unsafe { sys::llama_free(self.raw.as_ptr()) };
    }
}

impl Context {
    pub(crate) fn new(weights: &Arc<Weights>, limits: Limits, alarm: &Arc<Alarm>) -> Result<Self, LlamaError> {
        // SAFETY: fills a plain struct.
        let mut params = unsafe { sys::llama_context_default_params() };
        params.n_ctx = limits.n_ctx;
        params.n_batch = limits.n_batch;
        params.n_ubatch = limits.n_ubatch;
        params.n_seq_max = 1;
        // Scores are wanted for the last token only; the default reserves a row for each token of a batch (512 MiB for Gemma 3).
        params.n_outputs_max = 1;
        params.n_threads = limits.n_threads;
        params.n_threads_batch = limits.n_threads;
        // Layers with a sliding window keep only that much; `rewind` refuses where it would need more.
        params.swa_full = false;
        let kv_type = match limits.kv_type {
            KvType::F16 => sys::GGML_TYPE_F16,
            KvType::Q8_0 => sys::GGML_TYPE_Q8_0,
        };
        (params.type_k, params.type_v) = (kv_type, kv_type);
        params.flash_attn_type = match limits.flash_attn {
            None => sys::LLAMA_FLASH_ATTN_TYPE_AUTO,
            Some(true) => sys::LLAMA_FLASH_ATTN_TYPE_ENABLED,
            Some(false) => sys::LLAMA_FLASH_ATTN_TYPE_DISABLED,
        };
        params.abort_callback = Some(should_abort);
        params.abort_callback_data = Arc::as_ptr(alarm).cast_mut().cast();
        // SAFETY: the model is alive (held below) and the parameters are the defaults with checked values; the callback's data stays at its
        // address until after `llama_free`.
        let (raw, log) = backend::with_log(|| unsafe { sys::llama_init_from_model(weights.raw(), params) });
        let raw = NonNull::new(raw).ok_or(LlamaError::Context { n_ctx: limits.n_ctx, log })?;
        let n_vocab = weights.model().n_vocab().max(0) as usize;
        Ok(Self { raw, alarm: Arc::clone(alarm), n_batch: limits.n_batch as usize, n_vocab, _weights: Arc::clone(weights) })
    }

    /// When the call under way has to end.
    pub(crate) fn alarm(&self) -> &Alarm {
        &self.alarm
    }

    /// The same, for another thread.
    pub(crate) fn shared_alarm(&self) -> Arc<Alarm> {
        Arc::clone(&self.alarm)
    }

    /// For the calls of mtmd, which decode into this context.
    pub(crate) fn raw(&mut self) -> *mut sys::llama_context {
        self.raw.as_ptr()
    }

    /// Forgets everything. With `wipe` the memory is zeroed as well: after a failure it may hold NaN, which even a masked cell would spread.
    pub(crate) fn clear(&mut self, wipe: bool) {
        // SAFETY: the context is alive and not computing.
        unsafe { sys::llama_memory_clear(sys::llama_get_memory(self.raw.as_ptr()), wipe) };
    }

    /// Goes back to the first `position` > 0 tokens. False where that is not possible, and then the cache holds anything and must be cleared:
    /// a layer with a sliding window drops cells once a sequence has outgrown it, and llama.cpp does not notice that they are missing.
    pub(crate) fn rewind(&mut self, position: i32) -> bool {
        // SAFETY: the context is alive and not computing; the sequence exists.
        unsafe {
            let memory = sys::llama_get_memory(self.raw.as_ptr());
            // As long as the first cell is there no cell was ever dropped, so the cells lie as if the rest had never been computed.
            sys::llama_memory_seq_rm(memory, SEQUENCE, position, -1)
                && sys::llama_memory_seq_pos_min(memory, SEQUENCE) == 0
                && sys::llama_memory_seq_pos_max(memory, SEQUENCE) == position - 1
        }
    }

    /// Whether the cache holds the first `tokens` > 0 tokens, all of them and no more.
    fn holds(&self, tokens: usize) -> bool {
        // SAFETY: the context is alive and not computing; the sequence exists.
        unsafe {
            let memory = sys::llama_get_memory(self.raw.as_ptr());
            sys::llama_memory_seq_pos_min(memory, SEQUENCE) == 0
                && usize::try_from(sys::llama_memory_seq_pos_max(memory, SEQUENCE)).is_ok_and(|last| last + 1 == tokens)
        }
    }

    /// The state of the first `tokens` tokens, where the cache holds them and no more.
    pub(crate) fn state(&mut self, tokens: usize) -> Option<Vec<u8>> {
        if !self.holds(tokens) {
            return None;
        }
        // SAFETY: the context is alive; the call waits for the computation. `state` has the length that is told.
        unsafe {
            let len = sys::llama_state_seq_get_size(self.raw.as_ptr(), SEQUENCE);
            let mut state = vec![0; len];
            let written = sys::llama_state_seq_get_data(self.raw.as_ptr(), state.as_mut_ptr(), len, SEQUENCE);
            (len > 0 && written == len).then_some(state)
        }
    }

    /// Puts a state of [`Self::state`] into the empty cache. False where that failed, and then the cache holds anything and must be cleared.
    /// `state` must come from a context with the same model and limits: llama.cpp checks little.
    pub(crate) fn restore(&mut self, state: &[u8], tokens: usize) -> bool {
        // SAFETY: the context is alive and not computing; the bytes are read within their length, and their hash says that they are those
        // that llama.cpp wrote for the same model and limits.
        let (read, _) =
            backend::with_log(|| unsafe { sys::llama_state_seq_set_data(self.raw.as_ptr(), state.as_ptr(), state.len(), SEQUENCE) });
        read == state.len() && self.holds(tokens)
    }

    /// Computes with `adapter` at its scale from now on, or without. What the cache holds belongs to what was set before.
    pub(crate) fn set_adapter(&mut self, adapter: Option<&Adapter>) {
        let (mut raw, mut scale) = adapter.map_or((std::ptr::null_mut(), 0.0), |adapter| (adapter.raw(), adapter.scale()));
        let count = usize::from(!raw.is_null());
        // SAFETY: the context is alive and not computing; the adapter belongs to its model and is kept beside the context as long as it is
        // set. One element each.
        unsafe { sys::llama_set_adapters_lora(self.raw.as_ptr(), &raw mut raw, count, &raw mut scale) };
    }

    /// Feeds text tokens at `position`; with `want_scores` [`Self::scores`] can be asked afterwards. Tokens must come from this model's
    /// vocabulary. After [`DecodeFault::Deadline`] some of them may be in the cache; after another fault it may hold anything.
    pub(crate) fn decode(&mut self, tokens: &[sys::llama_token], position: i32, want_scores: bool) -> Result<(), DecodeFault> {
        let mut position = position;
        let mut chunks = tokens.chunks(self.n_batch.max(1)).peekable();
        while let Some(chunk) = chunks.next() {
            let is_last = chunks.peek().is_none();
            self.decode_batch(chunk, position, want_scores && is_last)?;
            position += chunk.len() as i32;
        }
        Ok(())
    }

    fn decode_batch(&mut self, tokens: &[sys::llama_token], position: i32, want_scores: bool) -> Result<(), DecodeFault> {
        let len = tokens.len();
        let mut tokens = tokens.to_vec();
        let mut positions: Vec<sys::llama_pos> = (position..).take(len).collect();
        let mut sequence = SEQUENCE;
        let mut sequences = vec![&raw mut sequence; len];
        let mut sequence_counts = vec![1; len];
        let mut wants = vec![0_i8; len];
        if let Some(last) = wants.last_mut() {
            *last = i8::from(want_scores);
        }
        let batch = sys::llama_batch {
            n_tokens: len as i32,
            token: tokens.as_mut_ptr(),
            embd: std::ptr::null_mut(),
            pos: positions.as_mut_ptr(),
            n_seq_id: sequence_counts.as_mut_ptr(),
            seq_id: sequences.as_mut_ptr(),
            logits: wants.as_mut_ptr(),
        };
        // SAFETY: every array has `n_tokens` elements and lives through the call; 1 <= n_tokens <= n_batch; tokens are in the vocabulary.
        let (code, log) = backend::with_log(|| unsafe { sys::llama_decode(self.raw.as_ptr(), batch) });
        decoded("text", code, log, &self.alarm)
    }

    /// Unnormalised log-probabilities of every token, after a [`Self::decode`] that wanted them.
    pub(crate) fn scores(&mut self) -> Option<&[f32]> {
        // SAFETY: the context is alive; -1 is the last output. The call waits for the computation and gives null when there is none.
        let scores = NonNull::new(unsafe { sys::llama_get_logits_ith(self.raw.as_ptr(), -1) })?;
        // SAFETY: one row is `n_vocab` floats, valid until the next computation, which needs `&mut self`.
        Some(unsafe { std::slice::from_raw_parts(scores.as_ptr(), self.n_vocab) })
    }
}

/// The return value of `llama_decode` as a result.
pub(crate) fn decoded(what: &'static str, code: i32, log: String, alarm: &Alarm) -> Result<(), DecodeFault> {
    match code {
        0 => Ok(()),
        2 if matches!(alarm.check(), Err(Halt::Cancelled)) => Err(DecodeFault::Cancelled),
        2 => Err(DecodeFault::Deadline),
        _ => Err(DecodeFault::Failed { what, code, log }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LlamaParams, check_pair, write_untrained_pair};

    fn context() -> (Context, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_untrained_pair(folder.path()).unwrap();
        let limits = Limits::new(&LlamaParams::default(), &check_pair(&paths).unwrap()).unwrap();
        backend::start().unwrap();
        (Context::new(&Arc::new(Weights::load(&paths, limits).unwrap()), limits, &Alarm::new().0).unwrap(), folder)
    }

    #[test]
    fn deadline_and_cancel_end_a_computation_and_leave_the_context_usable() {
        let (mut context, _folder) = context();
        let tokens: Vec<i32> = (0..300).map(|i| 270 + i).collect();
        context.decode(&tokens, 0, true).unwrap();
        let reference = context.scores().unwrap().to_vec();
        for wipe in [false, true] {
            context.clear(false);
            let call = context.alarm.number();
            context.alarm.begin(call, Some(0));
            assert_eq!(context.decode(&tokens, 0, true), Err(DecodeFault::Deadline));
            context.alarm.begin(call, None);
            context.alarm.cancel(call);
            assert_eq!(context.decode(&tokens, 0, true), Err(DecodeFault::Cancelled));
            context.alarm.end();
            context.clear(wipe);
            context.decode(&tokens, 0, true).unwrap();
            assert_eq!(context.scores().unwrap(), reference);
        }
    }

    #[test]
    fn more_than_the_context_holds_is_an_error() {
        let (mut context, _folder) = context();
        let tokens = vec![300; 3000];
        let fault = context.decode(&tokens, 0, true).unwrap_err();
        assert!(matches!(fault, DecodeFault::Failed { .. }), "{fault}");
        context.clear(true);
        assert_eq!(context.decode(&tokens[..10], 0, true), Ok(()));
    }
}
