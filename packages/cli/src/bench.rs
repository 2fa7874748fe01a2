//! `vedette bench`: what a model costs on this machine. Each measurement is a process of its own, so that its peak memory is its own.
//!
//! In -> out: pairs, sweeps of settings, perhaps a labelled folder -> a table, `bench.json`, `bench.csv` and `bench.html`. Times and energy are
//! measured, the parts of memory come from the memory plan, peaks from the kernel. It decides nothing.

mod energy;
mod page;
mod paths;
mod probe;
mod reference;
mod record;
mod sweep;

use crate::config::{Config, ConfigArguments};
use crate::{Ending, model, output::say, progress::Progress};
use anyhow::{Context, Result, ensure};
use clap::Args;
use record::Record;
use serde::de::DeserializeOwned;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use sweep::Point;
use vedette_llama::{PairPaths, drop_pages};

/// Arguments of `vedette bench`.
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchArguments {
    /// A pair to measure, may be given several times [default: the configured one]
    #[arg(long, num_args = 2, value_names = ["MODEL", "MMPROJ"])]
    pair: Vec<PathBuf>,
    /// Measurements of each point; medians are told
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeat: u32,
    /// Only with the files in the page cache
    #[arg(long)]
    warm_only: bool,
    /// Contexts to compare
    #[arg(long, value_delimiter = ',', value_name = "TOKENS")]
    n_ctx: Vec<u32>,
    /// Tokens at once to compare
    #[arg(long, value_delimiter = ',', value_name = "TOKENS")]
    n_ubatch: Vec<u32>,
    /// Threads to compare
    #[arg(long, value_delimiter = ',', value_name = "COUNT")]
    threads: Vec<u32>,
    /// Element types of keys and values to compare: `f16`, `q8_0`
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    kv_type: Vec<String>,
    /// Temperatures to compare
    #[arg(long, value_delimiter = ',', value_name = "T")]
    temperature: Vec<f64>,
    /// Longest answers to compare
    #[arg(long, value_delimiter = ',', value_name = "TOKENS")]
    max_tokens: Vec<u32>,
    /// Labelled pictures for the accuracy: one sub-folder a label, `normal` for no hazard
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// Write bench.json, bench.csv and bench.html into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    /// The measurement itself, in a process of its own
    #[arg(long, hide = true)]
    one: bool,
    /// Instead of sweeps: everything computed and free text, a verdict, a verdict on the same picture, and the start, side by side
    #[arg(long, conflicts_with_all = ["n_ctx", "n_ubatch", "threads", "kv_type", "temperature", "max_tokens", "images"])]
    paths: bool,
    /// The rounds of `--paths`, in a process of their own
    #[arg(long, hide = true)]
    rounds: Option<u32>,
    /// A start of `--paths`, in a process of its own
    #[arg(long, hide = true)]
    start: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

pub(crate) fn run(arguments: &BenchArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    if arguments.one {
        say!("{}", serde_json::to_string(&probe::measure(&config, arguments.images.as_deref())?)?);
        return Ok(Ending::Complete);
    }
    if arguments.start {
        say!("{}", serde_json::to_string(&paths::start(&config)?)?);
        return Ok(Ending::Complete);
    }
    if let Some(rounds) = arguments.rounds {
        say!("{}", serde_json::to_string(&paths::rounds(&config, rounds)?)?);
        return Ok(Ending::Complete);
    }
    let pairs = pairs(arguments, &config)?;
    if arguments.paths {
        return paths::run(arguments, &config, &pairs);
    }
    let points = sweep::points(arguments)?;
    let starts: &[bool] = if arguments.warm_only { &[false] } else { &[true, false] };
    let total = pairs.len() * points.len() * starts.len() * arguments.repeat as usize;
    let mut progress = Progress::new(Some(total as u64), "measurements");
    let mut records = Vec::new();
    for pair in &pairs {
        for point in &points {
            for is_cold in starts {
                let mut measured = Vec::new();
                for _ in 0..arguments.repeat {
                    measured.push(one(arguments, pair, point, *is_cold)?);
                    progress.advance(|| model::short(&pair.model));
                }
                records.push(Record::new(pair, point, *is_cold, &measured)?);
            }
        }
    }
    progress.finish();
    let reference = pairs.first().and_then(reference::measure);
    tell(arguments, &records, reference.as_ref())?;
    Ok(Ending::Complete)
}

fn pairs(arguments: &BenchArguments, config: &Config) -> Result<Vec<PairPaths>> {
    let given: Vec<PairPaths> =
        arguments.pair.chunks_exact(2).map(|files| PairPaths { model: files[0].clone(), mmproj: files[1].clone() }).collect();
    if given.is_empty() { Ok(vec![vedette_llama::configured::pair(&config.llama)?]) } else { Ok(given) }
}

/// One measurement. What the user gave comes first, so that the point wins.
fn one(arguments: &BenchArguments, pair: &PairPaths, point: &Point, is_cold: bool) -> Result<probe::Measured> {
    if is_cold {
        for path in [&pair.model, &pair.mmproj] {
            drop_pages(path).with_context(|| format!("cannot empty the page cache of {}", path.display()))?;
        }
    }
    let mut command = child(arguments, pair)?;
    command.arg("--one");
    for (name, value) in &point.settings {
        command.arg("-p").arg(format!("{name}={value}"));
    }
    if let Some(folder) = &arguments.images {
        command.arg("--images").arg(folder);
    }
    told(&mut command, &format!("{} at {}", model::short(&pair.model), point.name()))
}

/// This program again, with the same parameters and `pair`.
fn child(arguments: &BenchArguments, pair: &PairPaths) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("cannot find this program")?);
    command.arg("bench").args(arguments.config.again());
    command.arg("--model").arg(&pair.model).arg("--mmproj").arg(&pair.mmproj);
    Ok(command)
}

/// Runs a measurement and reads what it told; `what` is what is measured.
fn told<T: DeserializeOwned>(command: &mut Command, what: &str) -> Result<T> {
    let output = command.output().context("cannot start a measurement")?;
    let fault = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{what}: {}", fault.trim());
    serde_json::from_slice(&output.stdout).context("a measurement told something else")
}

fn tell(arguments: &BenchArguments, records: &[Record], reference: Option<&reference::Reference>) -> Result<()> {
    let whole = serde_json::json!({ "machine": record::machine(), "records": records, "llama_mtmd_cli": reference });
    if arguments.json {
        say!("{whole}");
    } else {
        record::table(records, reference);
    }
    if let Some(folder) = &arguments.out {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        write(folder, "bench.json", &format!("{}\n", serde_json::to_string_pretty(&whole)?))?;
        write(folder, "bench.csv", &record::csv(records))?;
        write(folder, "bench.html", &page::html(records, reference))?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}
