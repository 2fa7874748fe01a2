//! llama.cpp's own tool beside it, where `llama-mtmd-cli` is on PATH: the same files, its own defaults, a picture of its own.

use serde::Serialize;
use std::process::Command;
use vedette_llama::PairPaths;

/// Its tokens a second, as it tells them itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Reference {
    pub(super) prompt_tokens_per_sec: Option<f64>,
    pub(super) answer_tokens_per_sec: Option<f64>,
}

/// `None` where the tool is not there, or does not answer.
pub(super) fn measure(pair: &PairPaths) -> Option<Reference> {
    let picture = std::env::temp_dir().join(format!("vedette-bench-{}.png", std::process::id()));
    image::RgbImage::from_fn(224, 224, |x, y| image::Rgb([x as u8, y as u8, 90])).save(&picture).ok()?;
    let output = Command::new("llama-mtmd-cli")
        .arg("-m")
        .arg(&pair.model)
        .arg("--mmproj")
        .arg(&pair.mmproj)
        .arg("--image")
        .arg(&picture)
        .args(["-p", "Is there a hazard?", "-n", "32", "--temp", "0", "-t", "1"])
        .output();
    // A leftover in the temporary folder is only untidy.
    let _ = std::fs::remove_file(&picture);
    let told = String::from_utf8_lossy(&output.ok()?.stderr).into_owned();
    Some(parsed(&told))
}

fn parsed(told: &str) -> Reference {
    let rate = |words: &str, without: &str| {
        let line = told.lines().find(|line| line.contains(words) && !line.contains(without))?;
        line.rsplit_once(',')?.1.split_whitespace().next()?.parse().ok()
    };
    Reference { prompt_tokens_per_sec: rate("prompt eval time", "\0"), answer_tokens_per_sec: rate("eval time", "prompt") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_figures_are_read() {
        let told = "llama_perf_context_print: prompt eval time =     120.00 ms /    60 tokens (    2.00 ms per token,   500.00 tokens per second)\n\
                    llama_perf_context_print:        eval time =     320.00 ms /    32 runs   (   10.00 ms per token,   100.00 tokens per second)\n";
        let read = parsed(told);
        assert_eq!((read.prompt_tokens_per_sec, read.answer_tokens_per_sec), (Some(500.0), Some(100.0)));
        assert_eq!(parsed("no such file").answer_tokens_per_sec, None);
    }
}
