//! `vedette bench --paths`: the ways in which an answer comes about, side by side: everything computed and free text (what a chat front end does
//! with each picture), a verdict on a new picture, a verdict on the same picture with new sensor text; and the start up to the first verdict.
//!
//! In -> out: a pair -> rows of times and their medians. Rounds run in one process, so that what slows one way slows all; starts are processes of
//! their own, with a cache folder that is empty at first. Where `llama-mtmd-cli` is on PATH, it computes the same prompt beside them.

use super::reference::{self, Asked, Beside};
use super::{BenchArguments, child, told, write};
use crate::config::Config;
use crate::{Ending, model, output::say, process, progress::Progress};
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{ffi::OsStr, fs, path::Path, time::Instant};
use vedette_llama::{LlamaVlm, PairPaths, configured, drop_pages};
use vedette_reasoning::{ChatTemplate, MEDIA_MARKER, Sampling, Vlm, VlmRequest, answer_schema};
use vedette_types::{Finish, Sha256, Stamp, StreamId};

/// Tokens before the picture: kept from call to call.
const STATIC_TOKENS: usize = 120;
/// Tokens after it, which change with every call.
const CHANGING_TOKENS: usize = 40;
/// Length of the free text: what a published case of a chat front end on this kind of model wrote for each picture.
const FREE_TOKENS: u32 = 90;
/// A text that cannot end before its tokens are spent, whatever the weights: random and small ones would close it at once.
const FREE_TEXT: &str = r#"{"type":"string","minLength":4000}"#;
/// Tokens up to the verdict: `{"`, `verdict`, `":"`, `clear`, and one to spare. Random weights spell it in any way that the schema allows, so it
/// is counted instead of read.
const VERDICT_TOKENS: u32 = 5;

/// One answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    total_millis: f64,
    encode_millis: f64,
    prefill_millis: f64,
    decode_millis: f64,
    tokens: u32,
    reused_tokens: u32,
    /// Processor time of the process.
    cpu_millis: Option<f64>,
}

/// The same model asked in three ways.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Round {
    baseline: Row,
    verdict: Row,
    unchanged: Row,
}

/// One of the three.
type Pick = fn(&Round) -> &Row;

/// A process from its start to the first verdict.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Start {
    load_millis: f64,
    total_millis: f64,
    answer: Row,
    anonymous_bytes: Option<u64>,
    file_bytes: Option<u64>,
}

/// A pair, measured.
#[derive(Serialize)]
struct Measured {
    model: String,
    mmproj: String,
    static_tokens: usize,
    changing_tokens: usize,
    free_tokens: u32,
    verdict_tokens: u32,
    summary: Summary,
    rounds: Vec<Round>,
    /// Nothing is kept: the self-test is run and the static text computed.
    first_start: Start,
    starts: Vec<Start>,
    llama_mtmd_cli: Vec<Beside>,
}

/// Medians and how they stand to each other.
#[derive(Serialize)]
struct Summary {
    baseline_millis: f64,
    verdict_millis: f64,
    unchanged_millis: f64,
    verdict_of_baseline: f64,
    verdict_of_baseline_after_the_encode: f64,
    unchanged_of_baseline: f64,
    /// The same in processor time, which other load on the machine changes less.
    verdict_of_baseline_cpu: Option<f64>,
    unchanged_of_baseline_cpu: Option<f64>,
    millis_per_token: f64,
    start_millis: f64,
    first_start_millis: f64,
    start_anonymous_bytes: Option<f64>,
    cli_millis_per_token: Option<f64>,
    per_token_of_cli: Option<f64>,
    cli_start_millis: Option<f64>,
    start_of_cli: Option<f64>,
    first_start_of_cli: Option<f64>,
    cli_anonymous_peak_bytes: Option<f64>,
    anonymous_of_cli: Option<f64>,
}

/// Measures the pairs and tells.
pub(super) fn run(arguments: &BenchArguments, config: &Config, pairs: &[PairPaths]) -> Result<Ending> {
    let cache = std::env::temp_dir().join(format!("vedette-bench-{}", std::process::id()));
    let measured = pairs.iter().map(|pair| measure(arguments, config, pair, &cache)).collect::<Result<Vec<_>>>();
    // A leftover in the temporary folder is only untidy.
    let _ = fs::remove_dir_all(&cache);
    let measured = measured?;
    let whole = serde_json::json!({ "machine": super::record::machine(), "paths": measured });
    if arguments.json {
        say!("{whole}");
    } else {
        measured.iter().for_each(table);
    }
    if let Some(folder) = &arguments.out {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        write(folder, "paths.json", &format!("{}\n", serde_json::to_string_pretty(&whole)?))?;
    }
    Ok(Ending::Complete)
}

fn measure(arguments: &BenchArguments, config: &Config, pair: &PairPaths, cache: &Path) -> Result<Measured> {
    // The folder is new for each pair: its first start is to find nothing.
    let cache = cache.join(model::short(&pair.model));
    fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    let repeat = arguments.repeat as usize;
    let mut progress = Progress::new(Some(3 * repeat as u64 + 1), "measurements");
    let start = || -> Result<Start> {
        if !arguments.warm_only {
            drop_pair(pair)?;
        }
        of_child(arguments, pair, &cache, &["--start".as_ref()])
    };
    let mut starts = Vec::new();
    let mut beside = Vec::new();
    for _ in 0..=repeat {
        starts.push(start()?);
        progress.advance(|| "start".to_owned());
    }
    let first_start = starts.remove(0);
    for _ in 0..repeat {
        if !arguments.warm_only {
            drop_pair(pair)?;
        }
        beside.extend(reference::beside(pair, &asked(config))?);
        progress.advance(|| "llama-mtmd-cli".to_owned());
    }
    let rounds: Vec<Round> = of_child(arguments, pair, &cache, &["--rounds".as_ref(), repeat.to_string().as_ref()])?;
    progress.finish();
    let summary = Summary::new(&rounds, &first_start, &starts, &beside);
    Ok(Measured {
        model: pair.model.display().to_string(),
        mmproj: pair.mmproj.display().to_string(),
        static_tokens: STATIC_TOKENS,
        changing_tokens: CHANGING_TOKENS,
        free_tokens: FREE_TOKENS,
        verdict_tokens: VERDICT_TOKENS,
        summary,
        rounds,
        first_start,
        starts,
        llama_mtmd_cli: beside,
    })
}

fn drop_pair(pair: &PairPaths) -> Result<()> {
    for path in [&pair.model, &pair.mmproj] {
        drop_pages(path).with_context(|| format!("cannot empty the page cache of {}", path.display()))?;
    }
    Ok(())
}

/// What a process of its own measured.
fn of_child<T: DeserializeOwned>(arguments: &BenchArguments, pair: &PairPaths, cache: &Path, what: &[&OsStr]) -> Result<T> {
    let mut command = child(arguments, pair)?;
    command.args(what).env("XDG_CACHE_HOME", cache);
    told(&mut command, &model::short(&pair.model))
}

/// What `llama-mtmd-cli` is asked: the words of a baseline, with as many tokens of context and threads. Everything else is its own default.
fn asked(config: &Config) -> Asked {
    let words = |count: usize| " hazard".repeat(count);
    Asked {
        message: format!("{}\n{MEDIA_MARKER}\n{}", words(STATIC_TOKENS - 10).trim_start(), words(CHANGING_TOKENS - 10).trim_start()),
        tokens: FREE_TOKENS,
        n_ctx: config.llama.n_ctx,
        n_threads: config.llama.n_threads,
    }
}

/// In a process of its own: a load and the first verdict.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) fn start(config: &Config) -> Result<impl Serialize> {
    let clock = Instant::now();
    let mut vlm = configured::load(&config.llama)?;
    let load_millis = clock.elapsed().as_secs_f64() * 1e3;
    let asker = Asker::new(config, &vlm)?;
    // Round 0 of all starts is the same: its static text is kept on disk.
    let request = asker.request(&vlm, 0, 0, 0, Way::Verdict)?;
    let answer = row(&mut vlm, &request)?;
    let total_millis = clock.elapsed().as_secs_f64() * 1e3;
    let memory = process::resident();
    Ok(Start {
        load_millis,
        total_millis,
        answer,
        anonymous_bytes: memory.map(|memory| memory.anonymous),
        file_bytes: memory.map(|memory| memory.file),
    })
}

/// In a process of its own: `rounds` of each way, one after the other.
pub(super) fn rounds(config: &Config, rounds: u32) -> Result<impl Serialize> {
    // A start keeps its static text on disk; here only what is in memory is measured.
    let params = vedette_llama::LlamaParams { prefix_folder: "none".to_owned(), ..config.llama.clone() };
    let mut vlm = configured::load(&params)?;
    let asker = Asker::new(config, &vlm)?;
    (0..rounds).map(|round| asker.round(&mut vlm, round)).collect::<Result<Vec<_>>>()
}

/// How an answer is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Free,
    Verdict,
}

/// Makes requests of the lengths above.
struct Asker {
    template: ChatTemplate,
    schema: String,
}

impl Asker {
    fn new(config: &Config, vlm: &LlamaVlm) -> Result<Self> {
        Ok(Self { template: ChatTemplate::new(&vlm.card().chat_template)?, schema: answer_schema(&config.catalogue, false) })
    }

    fn round(&self, vlm: &mut LlamaVlm, round: u32) -> Result<Round> {
        let moment = 3 * round;
        // Another static text and another picture than ever before: nothing of it is kept.
        let baseline = row(vlm, &self.request(vlm, round + 1, moment, moment, Way::Free)?)?;
        ensure!(baseline.reused_tokens < 10, "the baseline found {} tokens that were kept; this is a bug", baseline.reused_tokens);
        ensure!(baseline.tokens == FREE_TOKENS, "the free text ended after {} tokens; try another pair", baseline.tokens);
        let verdict = row(vlm, &self.request(vlm, round + 1, moment + 1, moment + 1, Way::Verdict)?)?;
        let unchanged = row(vlm, &self.request(vlm, round + 1, moment + 1, moment + 2, Way::Verdict)?)?;
        Ok(Round { baseline, verdict, unchanged })
    }

    /// Static text number `text`, picture number `picture`, sensor text of `moment`.
    fn request(&self, vlm: &LlamaVlm, text: u32, picture: u32, moment: u32, way: Way) -> Result<VlmRequest> {
        let (schema, max_tokens) = match way {
            Way::Free => (FREE_TEXT.to_owned(), FREE_TOKENS),
            Way::Verdict => (self.schema.clone(), VERDICT_TOKENS),
        };
        Ok(VlmRequest {
            image_stamp: Stamp::default(),
            camera: StreamId::new("bench"),
            prompt: self.prompt(vlm, text, moment)?,
            prompt_sha256: Sha256::default(),
            image_sha256: Sha256::default(),
            pixels: model::probe::picture(picture)?,
            schema: schema.into(),
            sampling: Sampling { temperature: 0.0, seed: 0, max_tokens },
            deadline_millis: None,
        })
    }

    /// Words until both sides of the picture have their length.
    fn prompt(&self, vlm: &LlamaVlm, text: u32, moment: u32) -> Result<String> {
        let (mut lead, mut tail) = (format!("{text}"), format!("{moment} ppm"));
        loop {
            let prompt = self.template.render(&format!("{lead}\n{MEDIA_MARKER}\n{tail}"))?;
            let Some((before, after)) = prompt.split_once(MEDIA_MARKER) else { bail!("the chat template loses the picture's place") };
            let is_short = |text: &str, tokens: usize| vlm.tokenize(text).len() < tokens;
            match (is_short(before, STATIC_TOKENS), is_short(after, CHANGING_TOKENS)) {
                (false, false) => return Ok(prompt),
                (true, _) => lead += " hazard",
                (false, true) => tail += " hazard",
            }
        }
    }
}

fn row(vlm: &mut LlamaVlm, request: &VlmRequest) -> Result<Row> {
    let before = process::cpu_secs();
    let answer = vlm.answer(request);
    let after = process::cpu_secs();
    if matches!(answer.finish, Finish::Error | Finish::Deadline) {
        bail!("no answer ({}): {}", answer.finish, answer.text.chars().take(200).collect::<String>());
    }
    let timings = answer.timings;
    Ok(Row {
        total_millis: timings.total_millis,
        encode_millis: timings.encode_millis,
        prefill_millis: timings.prefill_millis,
        decode_millis: timings.decode_millis,
        tokens: answer.tokens,
        reused_tokens: timings.reused_tokens,
        cpu_millis: before.zip(after).map(|(before, after)| (after - before) * 1e3),
    })
}

impl Summary {
    fn new(rounds: &[Round], first_start: &Start, starts: &[Start], beside: &[Beside]) -> Self {
        let of = |way: Pick, what: fn(&Row) -> f64| median(rounds.iter().map(|round| what(way(round))));
        let cpu = |way: Pick| if_all(rounds.iter().map(|round| way(round).cpu_millis));
        let baseline: Pick = |round| &round.baseline;
        let verdict: Pick = |round| &round.verdict;
        let unchanged: Pick = |round| &round.unchanged;
        let total = |way: Pick| of(way, |row| row.total_millis);
        let after_the_encode = |way: Pick| of(way, |row| row.total_millis - row.encode_millis);
        // The first token comes out of the prompt's computation.
        let millis_per_token = of(baseline, |row| row.decode_millis / f64::from(row.tokens.saturating_sub(1).max(1)));
        let start_millis = median(starts.iter().map(|start| start.total_millis));
        let start_anonymous_bytes = if_all(starts.iter().map(|start| start.anonymous_bytes.map(|bytes| bytes as f64)));
        let cli = |what: fn(&Beside) -> Option<f64>| if_all(beside.iter().map(what));
        let cli_millis_per_token = cli(|beside| beside.millis_per_token);
        let cli_start_millis = cli(Beside::start_millis);
        let cli_anonymous_peak_bytes = cli(|beside| beside.anonymous_peak_bytes.map(|bytes| bytes as f64));
        let ratio = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a / b);
        Self {
            baseline_millis: total(baseline),
            verdict_millis: total(verdict),
            unchanged_millis: total(unchanged),
            verdict_of_baseline: total(verdict) / total(baseline),
            verdict_of_baseline_after_the_encode: after_the_encode(verdict) / after_the_encode(baseline),
            unchanged_of_baseline: total(unchanged) / total(baseline),
            verdict_of_baseline_cpu: ratio(cpu(verdict), cpu(baseline)),
            unchanged_of_baseline_cpu: ratio(cpu(unchanged), cpu(baseline)),
            millis_per_token,
            start_millis,
            first_start_millis: first_start.total_millis,
            start_anonymous_bytes,
            cli_millis_per_token,
            per_token_of_cli: ratio(Some(millis_per_token), cli_millis_per_token),
            cli_start_millis,
            start_of_cli: ratio(Some(start_millis), cli_start_millis),
            first_start_of_cli: ratio(Some(first_start.total_millis), cli_start_millis),
            cli_anonymous_peak_bytes,
            anonymous_of_cli: ratio(start_anonymous_bytes, cli_anonymous_peak_bytes),
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    super::record::median(values.collect())
}

/// The median, where every measurement has a figure and there is one.
fn if_all(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values: Option<Vec<f64>> = values.collect();
    values.filter(|values| !values.is_empty()).map(super::record::median)
}

fn table(measured: &Measured) {
    let s = &measured.summary;
    say!("{}, {}", measured.model, measured.mmproj);
    say!("{:<58}{:>12.1} ms", "everything computed, 90 tokens of free text", s.baseline_millis);
    say!("{:<58}{:>12.1} ms{:>8.3} x", "verdict on a new picture", s.verdict_millis, s.verdict_of_baseline);
    say!("{:<58}{:>15}{:>8.3} x", "  after the encode", "", s.verdict_of_baseline_after_the_encode);
    say!("{:<58}{:>12.1} ms{:>8.3} x", "verdict on the same picture, new sensor text", s.unchanged_millis, s.unchanged_of_baseline);
    say!("{:<58}{:>12.1} ms", "a token of free text", s.millis_per_token);
    say!("{:<58}{:>12.1} ms", "start to the first verdict", s.start_millis);
    say!("{:<58}{:>12.1} ms", "  with the self-test, nothing kept", s.first_start_millis);
    let Some((token, start)) = s.cli_millis_per_token.zip(s.cli_start_millis) else {
        say!("llama-mtmd-cli: not on PATH, or it told no times; no comparison");
        return;
    };
    let ratio = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    say!("{:<58}{:>12.1} ms{:>8} x", "llama-mtmd-cli: a token; ours of it", token, ratio(s.per_token_of_cli));
    say!("{:<58}{:>12.1} ms{:>8} x", "  start to the first token; ours of it", start, ratio(s.start_of_cli));
    let megabytes = s.cli_anonymous_peak_bytes.unwrap_or_default() / 1e6;
    say!("{:<58}{:>12.1} MB{:>8} x", "  anonymous memory at most; ours of it", megabytes, ratio(s.anonymous_of_cli));
}
