//! `vedette model inspect FILE...`: header, sides, element types and card of GGUF files.

use crate::{Ending, output::say};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use vedette_llama::inspect::{FileFacts, inspect};

/// Arguments of `vedette model inspect`.
#[derive(Args, Clone, Debug)]
pub(crate) struct InspectArguments {
    /// GGUF files: text models, vision towers, adapters
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON array on standard output
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &InspectArguments) -> Result<Ending> {
    let facts = arguments.files.iter().map(|file| inspect(file)).collect::<Result<Vec<_>, _>>()?;
    if arguments.json {
        say!("{}", serde_json::to_string(&facts)?);
    } else {
        facts.iter().for_each(show);
    }
    Ok(Ending::Complete)
}

fn show(facts: &FileFacts) {
    let row = |name: &str, value: &str| say!("{name:<34} {value}");
    let untold = || "not told".to_owned();
    row("file", &facts.path.display().to_string());
    row("bytes", &facts.bytes.to_string());
    row("sha256", &facts.sha256.to_string());
    row("architecture", &facts.architecture.clone().unwrap_or_else(untold));
    row("parameters", &format!("{} in {} tensors, {:.2} bits each", facts.parameters, facts.tensors, facts.bits_per_weight()));
    for share in &facts.types {
        row(&format!("  {}", share.name), &format!("{} in {} tensors, {} bytes", share.parameters, share.tensors, share.bytes));
    }
    if let Some(tokens) = facts.vocabulary {
        row("vocabulary", &format!("{tokens} tokens"));
    }
    for (key, value) in &facts.sides {
        row(key, &shown(value));
    }
    for (key, value) in &facts.card {
        row(key, &shown(value));
    }
    say!("");
}

fn shown(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
