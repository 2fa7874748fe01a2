//! A text model in fewer bits: llama.cpp's own quantiser behind a check, a name that appears only when the file is whole, and progress.
//!
//! In -> out: a GGUF file, a kind -> another GGUF file. Deliberately absent: importance matrices, and vision towers, which llama.cpp's
//! quantiser does not know.

use crate::backend;
use crate::gguf::{Gguf, GgufError, Value};
use crate::weights::c_path;
use llama_cpp_sys_2 as sys;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A mix of element types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantKind {
    /// Name as llama.cpp's tools print it.
    pub name: &'static str,
    /// Mean bits of a weight of a large model, for people.
    pub bits: f32,
    id: sys::llama_ftype,
}

/// What a model can be made into, the smallest first.
pub static QUANT_KINDS: &[QuantKind] = &[
    QuantKind { name: "q3_k_m", bits: 3.9, id: sys::LLAMA_FTYPE_MOSTLY_Q3_K_M },
    QuantKind { name: "q4_0", bits: 4.5, id: sys::LLAMA_FTYPE_MOSTLY_Q4_0 },
    QuantKind { name: "q4_k_m", bits: 4.9, id: sys::LLAMA_FTYPE_MOSTLY_Q4_K_M },
    QuantKind { name: "q5_k_m", bits: 5.7, id: sys::LLAMA_FTYPE_MOSTLY_Q5_K_M },
    QuantKind { name: "q6_k", bits: 6.6, id: sys::LLAMA_FTYPE_MOSTLY_Q6_K },
    QuantKind { name: "q8_0", bits: 8.5, id: sys::LLAMA_FTYPE_MOSTLY_Q8_0 },
    QuantKind { name: "f16", bits: 16.0, id: sys::LLAMA_FTYPE_MOSTLY_F16 },
];

/// The kind of this name.
pub fn quant_kind(name: &str) -> Option<QuantKind> {
    QUANT_KINDS.iter().find(|kind| kind.name.eq_ignore_ascii_case(name)).copied()
}

/// A model that was not quantised.
#[derive(Debug, thiserror::Error)]
pub enum QuantizeError {
    /// The input is no GGUF file.
    #[error("{}: {source}", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: GgufError,
    },
    /// The input is no text model.
    #[error("{} is a {found}: only text models can be quantised; keep the vision tower in F16", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// Its architecture.
        found: String,
    },
    /// The input has few bits already.
    #[error("tensor `{tensor}` of {} is {found} already: quantise the F16 file, or allow it to lose twice with --requantize", path.display())]
    Quantised {
        /// The file.
        path: PathBuf,
        /// The first such tensor.
        tensor: String,
        /// Its type.
        found: &'static str,
    },
    /// Input and output are the same, or the output is there.
    #[error("{} is there already: choose another name or remove it first", path.display())]
    Occupied {
        /// The output.
        path: PathBuf,
    },
    /// llama.cpp gave up.
    #[error("llama.cpp could not quantise {} (code {code}): {log}", path.display())]
    Failed {
        /// The input.
        path: PathBuf,
        /// Return value.
        code: u32,
        /// The last lines of its log.
        log: String,
    },
    /// The operating system failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The output.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Makes `output` out of `input`. `progress` is told from time to time how many bytes are written.
///
/// # Errors
/// [`QuantizeError`]; nothing called `output` is left behind then.
pub fn quantize(
    input: &Path,
    output: &Path,
    kind: QuantKind,
    (n_threads, may_requantize): (u32, bool),
    mut progress: impl FnMut(u64),
) -> Result<(), QuantizeError> {
    check(input, output, may_requantize)?;
    backend::start().map_err(|error| QuantizeError::Failed { path: input.to_owned(), code: 0, log: error.to_string() })?;
    let beside = output.with_extension(format!("{}.tmp", std::process::id()));
    let no_path = || QuantizeError::Failed { path: input.to_owned(), code: 0, log: "its path contains a NUL byte".to_owned() };
    let (from, to) = (c_path(input).ok_or_else(no_path)?, c_path(&beside).ok_or_else(no_path)?);
    let is_done = AtomicBool::new(false);
    let (code, log) = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // SAFETY: fills a plain struct.
            let mut params = unsafe { sys::llama_model_quantize_default_params() };
            params.ftype = kind.id;
            params.nthread = i32::try_from(n_threads).unwrap_or(1);
            params.allow_requantize = may_requantize;
            // SAFETY: both paths are NUL-terminated and live through the call; the parameters are the defaults with plain values changed.
            // Failures come back as a code; the file has passed the reader's checks.
            let ended = backend::with_log(|| unsafe { sys::llama_model_quantize(from.as_ptr(), to.as_ptr(), &raw const params) });
            is_done.store(true, Ordering::Release);
            ended
        });
        while !is_done.load(Ordering::Acquire) && !worker.is_finished() {
            std::thread::park_timeout(Duration::from_millis(50));
            progress(beside.metadata().map_or(0, |metadata| metadata.len()));
        }
        worker.join().unwrap_or((u32::MAX, "its thread ended".to_owned()))
    });
    let finish = || {
        if code != 0 {
            return Err(QuantizeError::Failed { path: input.to_owned(), code, log: log.clone() });
        }
        Gguf::open(&beside).map_err(|source| QuantizeError::Input { path: beside.clone(), source })?;
        fs::rename(&beside, output).map_err(|source| QuantizeError::Write { path: output.to_owned(), source })
    };
    finish().inspect_err(|_| {
        // The first error is the one to report; a leftover is only untidy.
        let _ = fs::remove_file(&beside);
    })
}

fn check(input: &Path, output: &Path, may_requantize: bool) -> Result<(), QuantizeError> {
    let gguf = Gguf::open(input).map_err(|source| QuantizeError::Input { path: input.to_owned(), source })?;
    match gguf.metadata.get("general.architecture") {
        Some(Value::Text(architecture)) if architecture == "clip" => {
            return Err(QuantizeError::NotText { path: input.to_owned(), found: "vision tower (clip)".to_owned() });
        }
        Some(Value::Text(_)) => {}
        _ => return Err(QuantizeError::NotText { path: input.to_owned(), found: "file without an architecture".to_owned() }),
    }
    let quantised = gguf.tensors.iter().find(|tensor| tensor.kind.block_elements > 1);
    if let Some(tensor) = quantised.filter(|_| !may_requantize) {
        return Err(QuantizeError::Quantised { path: input.to_owned(), tensor: tensor.name.clone(), found: tensor.kind.name });
    }
    if output.exists() {
        return Err(QuantizeError::Occupied { path: output.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{SynthRequest, shape_named, write_synthetic_pair};
    use crate::{PairPaths, check_pair, write_untrained_pair};

    #[test]
    fn fewer_bits_make_a_smaller_file_that_still_fits_its_tower() {
        let folder = tempfile::tempdir().unwrap();
        let request = SynthRequest { shape: shape_named("small-global").unwrap(), side_px: None, seed: 0 };
        let paths = write_synthetic_pair(folder.path(), request, |_| ()).unwrap();
        let before = paths.model.metadata().unwrap().len();
        let output = folder.path().join("small.q4.gguf");
        quantize(&paths.model, &output, quant_kind("Q4_K_M").unwrap(), (1, false), |_| ()).unwrap();
        let after = output.metadata().unwrap().len();
        assert!(after * 5 < before * 2, "{before} -> {after}");
        check_pair(&PairPaths { model: output.clone(), mmproj: paths.mmproj.clone() }).unwrap();
        let refused = |input: &Path, output: &Path| quantize(input, output, QUANT_KINDS[0], (1, false), |_| ()).unwrap_err().to_string();
        assert!(refused(&paths.model, &output).contains("there already"));
        assert!(refused(&output, &folder.path().join("again.gguf")).contains("--requantize"));
        assert!(refused(&paths.mmproj, &folder.path().join("tower.gguf")).contains("vision tower"));
        let tiny = write_untrained_pair(folder.path()).unwrap();
        assert!(refused(&tiny.model, &folder.path().join("tiny.gguf")).contains("token_embd"));
    }
}
