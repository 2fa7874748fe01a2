//! `vedette model synth`: a pair with random weights in the shape of a real model, for plans, memory and time. It knows nothing.

use crate::progress::Progress;
use crate::{Ending, output::say};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use vedette_llama::synth::{SHAPES, SynthRequest, shape_named, synthetic_bytes, write_synthetic_pair};

/// Arguments of `vedette model synth`.
#[derive(Args, Clone, Debug)]
pub(crate) struct SynthArguments {
    /// The shape; without it the shapes are listed
    #[arg(long, value_name = "NAME")]
    like: Option<String>,
    /// Folder for NAME.gguf and mmproj-NAME.gguf
    #[arg(long, value_name = "DIR", required_unless_present = "list")]
    out: Option<PathBuf>,
    /// Side of the picture instead of the shape's own, for example 448
    #[arg(long, value_name = "PIXELS")]
    image_size: Option<u32>,
    /// Another seed, other weights
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// List the shapes
    #[arg(long, conflicts_with = "like")]
    list: bool,
}

pub(crate) fn run(arguments: &SynthArguments) -> Result<Ending> {
    let Some((name, out)) = arguments.like.as_ref().zip(arguments.out.as_ref()) else {
        for shape in SHAPES {
            say!("{:<16} {}", shape.name, shape.about);
        }
        return Ok(Ending::Complete);
    };
    let names = || SHAPES.iter().map(|shape| shape.name).collect::<Vec<_>>().join(", ");
    let shape = shape_named(name).with_context(|| format!("no shape is called `{name}`; there are {}", names()))?;
    let request = SynthRequest { shape, side_px: arguments.image_size, seed: arguments.seed };
    let total = synthetic_bytes(request);
    let mut progress = Progress::new(Some(total >> 20), "MiB");
    let mut written = 0_u64;
    let paths = write_synthetic_pair(out, request, |bytes| {
        let before = written >> 20;
        written += bytes;
        (before..written >> 20).for_each(|_| progress.advance(String::new));
    })?;
    progress.finish();
    say!(
        "{} and {} written, {:.2} GB of random weights: they know nothing",
        paths.model.display(),
        paths.mmproj.display(),
        total as f64 / 1e9
    );
    Ok(Ending::Complete)
}
