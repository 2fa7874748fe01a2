//! The vision tower (mtmd): prompt and picture -> chunks of tokens, picture -> embeddings, embeddings -> KV cache. The embeddings pass
//! through our hands so that they can be kept. Encoding is apart ([`Tower`]), because it has a thread of its own.

use crate::check::{PairFacts, Role};
use crate::context::{Context, DecodeFault, decoded};
use crate::params::Limits;
use crate::weights::{Weights, c_path};
use crate::{LlamaError, PairPaths, backend};
use llama_cpp_sys_2 as sys;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::Arc;

/// A prompt with a picture that mtmd did not take.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VisionFault {
    /// A picture of another size than the tower's.
    #[error("a picture of {found} bytes for a vision tower that takes {expected}")]
    Picture {
        /// Bytes given.
        found: usize,
        /// Bytes of the tower's square.
        expected: usize,
    },
    /// Tokenizing failed.
    #[error("the prompt could not be tokenized (code {code}): {log}")]
    Tokenize {
        /// Return value of `mtmd_tokenize`.
        code: i32,
        /// The last lines of its log.
        log: String,
    },
    /// The tower failed.
    #[error("the picture could not be encoded (code {code}): {log}")]
    Encode {
        /// Return value of `mtmd_encode_chunk`.
        code: i32,
        /// The last lines of its log.
        log: String,
    },
}

/// A loaded vision tower.
pub(crate) struct Vision {
    raw: NonNull<sys::mtmd_context>,
    side_px: u32,
    n_embd: usize,
    n_ubatch: i32,
    // After `raw` in drop: mtmd points to the model's vocabulary.
    _weights: Arc<Weights>,
}

// SAFETY: mtmd contexts are not bound to a thread.
unsafe impl Send for Vision {}
// SAFETY: through `&Vision` mtmd tokenizes and feeds embeddings, which read what was set at load and nothing that an encode writes (the
// output buffer and the tower's own graph). Encodes go through the one `Tower`, with `&mut`.
unsafe impl Sync for Vision {}

/// The right to encode: one for each vision tower.
pub(crate) struct Tower {
    vision: Arc<Vision>,
}

impl Drop for Vision {
    fn drop(&mut self) {
        // SAFETY: made by `mtmd_init_from_file`, freed once, before the model.
        unsafe { sys::mtmd_free(self.raw.as_ptr()) };
    }
}

impl Vision {
    pub(crate) fn load(paths: &PairPaths, weights: &Arc<Weights>, facts: &PairFacts, limits: Limits) -> Result<Tower, LlamaError> {
        let path = &paths.mmproj;
        let failed = |log| LlamaError::Load { role: Role::Mmproj, path: path.clone(), log };
        let file = c_path(path).ok_or_else(|| failed("its path contains a NUL byte".to_owned()))?;
        // SAFETY: fills a plain struct.
        let mut params = unsafe { sys::mtmd_context_params_default() };
        params.use_gpu = limits.mmproj_on_gpu;
        params.print_timings = false;
        params.n_threads = limits.n_threads;
        // A warm-up is a whole encode (seconds on a CPU) whose only use is to take the memory early.
        params.warmup = false;
        // SAFETY: the path is NUL-terminated and lives through the call, the model is alive; the file has passed `check_pair`.
        let (raw, log) = backend::with_log(|| unsafe { sys::mtmd_init_from_file(file.as_ptr(), weights.raw(), params) });
        let raw = NonNull::new(raw).ok_or_else(|| failed(log))?;
        let vision = Self {
            raw,
            side_px: facts.image_side_px,
            n_embd: facts.n_embd as usize,
            n_ubatch: limits.n_ubatch as i32,
            _weights: Arc::clone(weights),
        };
        // SAFETY: both are alive.
        let (takes_pictures, n_embd) = unsafe { (sys::mtmd_support_vision(raw.as_ptr()), sys::llama_model_n_embd_inp(weights.raw())) };
        if takes_pictures && usize::try_from(n_embd) == Ok(vision.n_embd) {
            Ok(Tower { vision: Arc::new(vision) })
        } else {
            Err(failed(format!("it takes pictures: {takes_pictures}; input length of the text model: {n_embd}")))
        }
    }

    /// Splits `prompt` at its one media marker. `rgb` is the square picture.
    pub(crate) fn tokenize(&self, prompt: &str, rgb: &[u8]) -> Result<Chunks, VisionFault> {
        let expected = self.side_px as usize * self.side_px as usize * 3;
        if rgb.len() != expected {
            return Err(VisionFault::Picture { found: rgb.len(), expected });
        }
        // SAFETY: an empty list, owned by `chunks` from here on.
        let chunks = NonNull::new(unsafe { sys::mtmd_input_chunks_init() }).map(|raw| Chunks { raw });
        let Some(chunks) = chunks else { return Err(VisionFault::Tokenize { code: -1, log: "no memory".to_owned() }) };
        let text = sys::mtmd_input_text { text: prompt.as_ptr().cast(), text_len: prompt.len(), add_special: true, parse_special: true };
        let (code, log) = backend::with_log(|| {
            // SAFETY: `rgb` has nx * ny * 3 bytes and is copied; the text is `text_len` bytes and copied; one bitmap is given and freed
            // after the call.
            unsafe {
                let bitmap = sys::mtmd_bitmap_init(self.side_px, self.side_px, rgb.as_ptr());
                let mut bitmaps = [bitmap.cast_const()];
                let code = sys::mtmd_tokenize(self.raw.as_ptr(), chunks.raw.as_ptr(), &raw const text, bitmaps.as_mut_ptr(), 1);
                sys::mtmd_bitmap_free(bitmap);
                code
            }
        });
        if code == 0 { Ok(chunks) } else { Err(VisionFault::Tokenize { code, log }) }
    }

    /// Feeds the embeddings of `picture` at `position`, all at once and seeing each other, as Gemma 3 wants it.
    pub(crate) fn decode(
        &self,
        context: &mut Context,
        picture: Picture<'_>,
        embeddings: &mut [f32],
        position: i32,
    ) -> Result<(), DecodeFault> {
        if embeddings.len() != picture.tokens * self.n_embd {
            return Err(DecodeFault::Failed { what: "a picture", code: -1, log: format!("{} embedding values", embeddings.len()) });
        }
        let mut new_position = 0;
        // SAFETY: the length is checked above; the context belongs to the same model; the tokens of a picture fit into one ubatch (checked at
        // load), which is what the assert in `llama_decode` asks for. No callback is given.
        let (code, log) = backend::with_log(|| unsafe {
            sys::mtmd_helper_decode_image_chunk(
                self.raw.as_ptr(),
                context.raw(),
                picture.raw,
                embeddings.as_mut_ptr(),
                position,
                0,
                self.n_ubatch,
                &raw mut new_position,
                None,
                std::ptr::null_mut(),
            )
        });
        decoded("a picture", code, log, context.alarm())
    }
}

impl Tower {
    /// The tower for everything but encoding.
    pub(crate) fn vision(&self) -> Arc<Vision> {
        Arc::clone(&self.vision)
    }

    /// Encodes the one picture in `chunks`. Cannot be interrupted.
    pub(crate) fn encode(&mut self, chunks: &Chunks) -> Result<Vec<f32>, VisionFault> {
        let picture = chunks.parts().into_iter().find_map(|chunk| if let Chunk::Picture(picture) = chunk { Some(picture) } else { None });
        let Some(picture) = picture else { return Err(VisionFault::Encode { code: -1, log: "there is no picture".to_owned() }) };
        let raw = self.vision.raw.as_ptr();
        // SAFETY: the chunk is a picture (checked when `Picture` was made) and alive through its borrow; this is the only place that encodes,
        // and `&mut self` says once at a time.
        let (code, log) = backend::with_log(|| unsafe { sys::mtmd_encode_chunk(raw, picture.raw) });
        // SAFETY: valid after an encode; null is handled.
        let embeddings = NonNull::new(unsafe { sys::mtmd_get_output_embd(raw) });
        match embeddings {
            Some(embeddings) if code == 0 => {
                let len = picture.tokens * self.vision.n_embd;
                // SAFETY: documented length: input length of the text model times tokens of the chunk. Copied before the next encode.
                Ok(unsafe { std::slice::from_raw_parts(embeddings.as_ptr(), len) }.to_vec())
            }
            _ => Err(VisionFault::Encode { code, log }),
        }
    }
}

/// A tokenized prompt.
pub(crate) struct Chunks {
    raw: NonNull<sys::mtmd_input_chunks>,
}

// SAFETY: a list of plain data that is only read after it was made; it may be freed by any thread.
unsafe impl Send for Chunks {}
// SAFETY: as above.
unsafe impl Sync for Chunks {}

impl Drop for Chunks {
    fn drop(&mut self) {
        // SAFETY: made by `mtmd_input_chunks_init`, freed once; borrowed chunks cannot outlive `self`.
        unsafe { sys::mtmd_input_chunks_free(self.raw.as_ptr()) };
    }
}

/// One part of a tokenized prompt.
#[derive(Clone, Copy)]
pub(crate) enum Chunk<'a> {
    /// Text tokens.
    Text(&'a [sys::llama_token]),
    /// A picture.
    Picture(Picture<'a>),
}

/// A picture in a tokenized prompt.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    raw: *const sys::mtmd_input_chunk,
    /// Text tokens it becomes.
    pub(crate) tokens: usize,
    chunks: PhantomData<&'a Chunks>,
}

impl Chunks {
    /// The parts in order; sound is left out (no supported tower makes any).
    pub(crate) fn parts(&self) -> Vec<Chunk<'_>> {
        // SAFETY: the list is alive; indices are below its size.
        let all = unsafe {
            let len = sys::mtmd_input_chunks_size(self.raw.as_ptr());
            (0..len).map(|index| sys::mtmd_input_chunks_get(self.raw.as_ptr(), index)).collect::<Vec<_>>()
        };
        all.into_iter().filter_map(|raw| self.part(raw)).collect()
    }

    fn part(&self, raw: *const sys::mtmd_input_chunk) -> Option<Chunk<'_>> {
        if raw.is_null() {
            return None;
        }
        // SAFETY: `raw` is an element of the living list; text tokens live as long as it.
        unsafe {
            match sys::mtmd_input_chunk_get_type(raw) {
                sys::MTMD_INPUT_CHUNK_TYPE_TEXT => {
                    let mut len = 0;
                    let tokens = sys::mtmd_input_chunk_get_tokens_text(raw, &raw mut len);
                    let tokens = if tokens.is_null() { &[][..] } else { std::slice::from_raw_parts(tokens, len) };
                    Some(Chunk::Text(tokens))
                }
                sys::MTMD_INPUT_CHUNK_TYPE_IMAGE => {
                    let tokens = sys::mtmd_input_chunk_get_n_tokens(raw);
                    Some(Chunk::Picture(Picture { raw, tokens, chunks: PhantomData }))
                }
                _ => None,
            }
        }
    }
}
