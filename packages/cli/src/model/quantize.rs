//! `vedette model quantize`: a text model in fewer bits.

use crate::progress::Progress;
use crate::{Ending, output::say};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use vedette_llama::quantize::{QUANT_KINDS, quant_kind, quantize};

/// Arguments of `vedette model quantize`.
#[derive(Args, Clone, Debug)]
pub(crate) struct QuantizeArguments {
    /// The text model, best in F16 or BF16
    #[arg(value_name = "GGUF")]
    input: PathBuf,
    /// The file to write
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// `q3_k_m`, `q4_0`, `q4_k_m`, `q5_k_m`, `q6_k`, `q8_0` or `f16`
    #[arg(long, default_value = "q4_k_m", value_name = "KIND")]
    to: String,
    /// Threads
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    threads: u32,
    /// Also a model that is quantised already, which loses twice
    #[arg(long)]
    requantize: bool,
}

pub(crate) fn run(arguments: &QuantizeArguments) -> Result<Ending> {
    let names = || QUANT_KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
    let kind = quant_kind(&arguments.to).with_context(|| format!("no kind is called `{}`; there are {}", arguments.to, names()))?;
    let mut progress = Progress::new(None, "MiB");
    let mut told = 0;
    quantize(&arguments.input, &arguments.output, kind, (arguments.threads, arguments.requantize), |bytes| {
        (told..bytes >> 20).for_each(|_| progress.advance(String::new));
        told = told.max(bytes >> 20);
    })?;
    progress.finish();
    let bytes = |path: &PathBuf| path.metadata().map_or(0, |metadata| metadata.len());
    let (before, after) = (bytes(&arguments.input), bytes(&arguments.output));
    say!("{} written as {}: {:.1} MB instead of {:.1} MB", arguments.output.display(), kind.name, after as f64 / 1e6, before as f64 / 1e6);
    Ok(Ending::Complete)
}
