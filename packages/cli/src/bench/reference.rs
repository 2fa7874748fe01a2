//! llama.cpp's own tool beside it, where `llama-mtmd-cli` is on PATH: the same files, its own defaults, a picture of its own.

use anyhow::{Context, Result};
use serde::Serialize;
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use vedette_llama::PairPaths;

const PROGRAM: &str = "llama-mtmd-cli";

/// Time between two looks at its memory.
const LOOK: Duration = Duration::from_millis(20);

/// Its tokens a second, as it tells them itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Reference {
    pub(super) prompt_tokens_per_sec: Option<f64>,
    pub(super) answer_tokens_per_sec: Option<f64>,
}

/// What it is asked in `--paths`.
pub(super) struct Asked {
    pub(super) message: String,
    pub(super) tokens: u32,
    pub(super) n_ctx: i64,
    pub(super) n_threads: i64,
}

/// One run of it from start to end.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Beside {
    pub(super) total_millis: f64,
    pub(super) encode_millis: Option<f64>,
    pub(super) prompt_tokens: Option<f64>,
    pub(super) prompt_millis: Option<f64>,
    pub(super) answer_tokens: Option<f64>,
    pub(super) answer_millis: Option<f64>,
    pub(super) millis_per_token: Option<f64>,
    pub(super) anonymous_peak_bytes: Option<u64>,
    pub(super) arguments: Vec<String>,
}

impl Beside {
    /// Until its first token: everything but the tokens after it. What it takes to end the process is in it.
    pub(super) fn start_millis(&self) -> Option<f64> {
        Some(self.total_millis - self.answer_millis?)
    }
}

/// `None` where the tool is not there, or does not answer.
pub(super) fn measure(pair: &PairPaths) -> Option<Reference> {
    let picture = Picture::new().ok()?;
    let mut command = command(pair, &picture.0);
    command.args(["-p", "Is there a hazard?", "-n", "32", "--temp", "0", "-t", "1"]);
    let told = String::from_utf8_lossy(&command.output().ok()?.stderr).into_owned();
    let rate = |words| Some(1e3 / perf(&told, words)?.millis_each());
    Some(Reference { prompt_tokens_per_sec: rate("prompt eval time"), answer_tokens_per_sec: rate(" eval time") })
}

/// One run with the times and the memory that it took; `None` where the tool is not there.
///
/// # Errors
/// Where it fails.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) fn beside(pair: &PairPaths, asked: &Asked) -> Result<Option<Beside>> {
    let picture = Picture::new()?;
    let mut command = command(pair, &picture.0);
    // Its context would be the model's longest, 128k tokens for Gemma 3.
    let numbers = [("-n", i64::from(asked.tokens)), ("-c", asked.n_ctx), ("-t", asked.n_threads)];
    let numbers = numbers.into_iter().flat_map(|(name, value)| [name.to_owned(), value.to_string()]);
    let arguments: Vec<String> = numbers.chain(["--temp".to_owned(), "0".to_owned(), "--ignore-eos".to_owned()]).collect();
    command.args(&arguments).arg("-p").arg(&asked.message).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let clock = Instant::now();
    let mut child = match command.spawn() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| format!("cannot start {PROGRAM}"))?,
    };
    let (status, anonymous_peak_bytes, told) = watched(&mut child)?;
    let total_millis = clock.elapsed().as_secs_f64() * 1e3;
    anyhow::ensure!(status.success(), "{PROGRAM} failed ({status}): {}", told.lines().last().unwrap_or_default());
    let (prompt, answer) = (perf(&told, "prompt eval time"), perf(&told, " eval time"));
    let encode = told.lines().find_map(|line| line.split_once("batch encoding done in ")?.1.split_whitespace().next()?.parse().ok());
    Ok(Some(Beside {
        total_millis,
        encode_millis: encode,
        prompt_tokens: prompt.map(|perf| perf.tokens),
        prompt_millis: prompt.map(|perf| perf.millis),
        answer_tokens: answer.map(|perf| perf.tokens),
        answer_millis: answer.map(|perf| perf.millis),
        millis_per_token: answer.map(Perf::millis_each),
        anonymous_peak_bytes,
        arguments,
    }))
}

fn command(pair: &PairPaths, picture: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("-m").arg(&pair.model).arg("--mmproj").arg(&pair.mmproj).arg("--image").arg(picture);
    // Its times are told at this level of its log and above.
    command.args(["-lv", "4"]);
    command
}

/// Waits for the end; the most anonymous memory that was seen, and what it said on its standard error.
fn watched(child: &mut Child) -> Result<(std::process::ExitStatus, Option<u64>, String)> {
    let mut stderr = child.stderr.take();
    let reader = std::thread::Builder::new().name("stderr".to_owned()).spawn(move || {
        let mut bytes = Vec::new();
        // What could not be read is missing in the times, which are then not told.
        let _ = stderr.as_mut().map(|stderr| stderr.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })?;
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = peak.max(anonymous_bytes(child.id()));
        std::thread::sleep(LOOK);
    };
    Ok((status, peak, reader.join().unwrap_or_default()))
}

fn anonymous_bytes(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// A picture in the temporary folder, for as long as it is needed.
struct Picture(PathBuf);

impl Picture {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("vedette-bench-{}.png", std::process::id()));
        let picture = image::RgbImage::from_fn(224, 224, |x, y| image::Rgb([x as u8, y as u8, 90]));
        picture.save(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // A leftover in the temporary folder is only untidy.
        let _ = fs::remove_file(&self.0);
    }
}

/// A line of its own statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Perf {
    millis: f64,
    tokens: f64,
}

impl Perf {
    fn millis_each(self) -> f64 {
        self.millis / self.tokens.max(1.0)
    }
}

/// `... prompt eval time =  120.00 ms /  60 tokens (...`; the line of the answer has the same words without the first.
fn perf(told: &str, words: &str) -> Option<Perf> {
    let is_prompt = |line: &str| line.contains("prompt eval time");
    let line = told.lines().find(|line| line.contains(words) && is_prompt(line) == words.starts_with("prompt"))?;
    let (millis, rest) = line.split_once('=')?.1.split_once(" ms /")?;
    Some(Perf { millis: millis.trim().parse().ok()?, tokens: rest.split_whitespace().next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_figures_are_read() {
        let told = "llama_perf_context_print: prompt eval time =     120.00 ms /    60 tokens (    2.00 ms per token,   500.00 tokens per second)\n\
                    llama_perf_context_print:        eval time =     320.00 ms /    32 runs   (   10.00 ms per token,   100.00 tokens per second)\n";
        assert_eq!(perf(told, "prompt eval time"), Some(Perf { millis: 120.0, tokens: 60.0 }));
        assert_eq!(perf(told, " eval time").map(Perf::millis_each), Some(10.0));
        assert_eq!(perf("no such file", " eval time"), None);
    }
}
