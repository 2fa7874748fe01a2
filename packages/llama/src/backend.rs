//! One llama.cpp backend per process, and where its log goes: to `tracing` (target `llama`), with the last complaints of the current thread
//! kept, so that an error can quote them.

use crate::LlamaError;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_sys_2 as sys;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_void};
use std::sync::OnceLock;

/// Lines kept for an error message.
const TAIL: usize = 4;

/// Starts the backend on the first call. It lives as long as the process: models may be dropped and loaded again at any time.
pub(crate) fn start() -> Result<(), LlamaError> {
    static BACKEND: OnceLock<Result<LlamaBackend, String>> = OnceLock::new();
    let backend = BACKEND.get_or_init(|| {
        // SAFETY: the callback takes any arguments that llama.cpp gives it, uses no user data and never unwinds. Setting it races with
        // nothing: it happens once, before any other call into llama.cpp by this crate.
        unsafe {
            sys::llama_log_set(Some(on_log), std::ptr::null_mut());
            sys::mtmd_helper_log_set(Some(on_log), std::ptr::null_mut());
        }
        LlamaBackend::init().map_err(|error| error.to_string())
    });
    match backend {
        Ok(_) => Ok(()),
        Err(detail) => Err(LlamaError::Backend { detail: detail.clone() }),
    }
}

/// Program, library, the processor features it uses and the devices: what may change the last bit of a sum.
pub(crate) fn build() -> &'static str {
    static BUILD: OnceLock<String> = OnceLock::new();
    BUILD.get_or_init(|| {
        // SAFETY: each gives a NUL-terminated string that is valid until the next call of the same function; this closure runs once.
        let texts = unsafe { [sys::ggml_version(), sys::ggml_commit(), sys::llama_print_system_info()].map(|text| owned(text)) };
        // SAFETY: indices are below the count, and devices live as long as the process.
        let devices = unsafe {
            let name = |index| owned(sys::ggml_backend_dev_description(sys::ggml_backend_dev_get(index)));
            (0..sys::ggml_backend_dev_count()).map(name).collect::<Vec<_>>()
        };
        let (version, machine) = (env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
        format!("vedette {version} ggml {machine} {} on {}", texts.join(" "), devices.join(", "))
    })
}

/// # Safety
/// `text` is null or a NUL-terminated string.
unsafe fn owned(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null; the rest is the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

#[derive(Default)]
struct Log {
    /// A line that has not ended yet, and its level.
    open: String,
    level: sys::ggml_log_level,
    complaints: VecDeque<String>,
}

thread_local! {
    static LOG: RefCell<Log> = RefCell::default();
}

/// Runs `call` and gives back what it gave, with the last warnings and errors it logged on this thread.
pub(crate) fn with_log<T>(call: impl FnOnce() -> T) -> (T, String) {
    LOG.with_borrow_mut(|log| log.complaints.clear());
    let result = call();
    let lines: Vec<String> = LOG.with_borrow_mut(|log| log.complaints.drain(..).collect());
    (result, if lines.is_empty() { "it gave no reason".to_owned() } else { lines.join("; ") })
}

unsafe extern "C" fn on_log(level: sys::ggml_log_level, text: *const c_char, _user: *mut c_void) {
    if text.is_null() {
        return;
    }
    // SAFETY: llama.cpp passes a NUL-terminated string that lives until this function returns.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    // Neither a thread that is ending nor a log line from within a log line may panic across the C border; either line is lost.
    let _ = LOG.try_with(|log| {
        if let Ok(mut log) = log.try_borrow_mut() {
            log.take(level, &text);
        }
    });
}

impl Log {
    /// Collects pieces into lines. `CONT` continues the line before it.
    fn take(&mut self, level: sys::ggml_log_level, text: &str) {
        if level != sys::GGML_LOG_LEVEL_CONT {
            self.end_line();
            self.level = level;
        }
        for piece in text.split_inclusive('\n') {
            self.open.push_str(piece);
            if piece.ends_with('\n') {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.open);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        // llama.cpp's information is a page per model load: one step down.
        match self.level {
            sys::GGML_LOG_LEVEL_ERROR => tracing::error!(target: "llama", "{line}"),
            sys::GGML_LOG_LEVEL_WARN => tracing::warn!(target: "llama", "{line}"),
            sys::GGML_LOG_LEVEL_INFO => tracing::debug!(target: "llama", "{line}"),
            _ => tracing::trace!(target: "llama", "{line}"),
        }
        if matches!(self.level, sys::GGML_LOG_LEVEL_ERROR | sys::GGML_LOG_LEVEL_WARN) {
            if self.complaints.len() == TAIL {
                self.complaints.pop_front();
            }
            self.complaints.push_back(line.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(level: sys::ggml_log_level, text: &CStr) {
        // SAFETY: a NUL-terminated string and no user data, as llama.cpp calls it.
        unsafe { on_log(level, text.as_ptr(), std::ptr::null_mut()) };
    }

    #[test]
    fn complaints_are_whole_lines_and_the_last_ones() {
        let ((), log) = with_log(|| {
            say(sys::GGML_LOG_LEVEL_INFO, c"loading\n");
            say(sys::GGML_LOG_LEVEL_ERROR, c"tensor ");
            say(sys::GGML_LOG_LEVEL_CONT, c"missing\n");
            say(sys::GGML_LOG_LEVEL_CONT, c"...\n");
        });
        assert!(log.starts_with("tensor missing"), "{log}");
        assert!(!log.contains("loading"), "{log}");
        let ((), log) = with_log(|| (0..9).for_each(|_| say(sys::GGML_LOG_LEVEL_WARN, c"again\n")));
        assert_eq!(log.matches("again").count(), TAIL);
        assert_eq!(with_log(|| ()).1, "it gave no reason");
    }

    #[test]
    fn the_backend_starts_once() {
        assert!(start().is_ok() && start().is_ok());
    }
}
