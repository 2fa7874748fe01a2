//! The measurement in its own process: load, one answer, perhaps the labelled pictures, and what the process took.

use super::energy::Energy;
use crate::config::Config;
use crate::judge::{Judge, observe};
use crate::{model, process};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};
use vedette_llama::plan::{Place, here, plan};
use vedette_llama::{check_and_measure, planned, wishes};
use vedette_reasoning::Vlm;
use vedette_types::{Finish, Verdict};

/// Longest rendering of a fault that goes into a message.
const MOST_FAULT: usize = 200;

/// Parts of memory by the plan, bytes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Parts {
    pub(super) weights: u64,
    pub(super) tower_weights: u64,
    pub(super) keys_and_values: u64,
    pub(super) computation: u64,
    pub(super) on_gpu: u64,
    pub(super) n_gpu_layers: u64,
}

/// What one process measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) load_millis: f64,
    pub(super) encode_millis: f64,
    pub(super) prefill_millis: f64,
    pub(super) decode_millis: f64,
    /// Load and answer.
    pub(super) total_millis: f64,
    pub(super) tokens: u32,
    pub(super) anonymous_peak_bytes: Option<u64>,
    pub(super) file_peak_bytes: Option<u64>,
    pub(super) resident_peak_bytes: Option<u64>,
    pub(super) parts: Parts,
    pub(super) energy_joules: Option<f64>,
    /// Right verdicts of labelled pictures.
    pub(super) right: usize,
    /// Labelled pictures.
    pub(super) pictures: usize,
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) fn measure(config: &Config, images: Option<&Path>) -> Result<Measured> {
    let parts = parts(config)?;
    let energy = Energy::start();
    let start = Instant::now();
    let mut judge = Judge::load(config)?;
    let load_millis = start.elapsed().as_secs_f64() * 1e3;
    let request = model::probe::request(config, judge.vlm(), 1)?;
    let answer = judge.vlm().answer(&request);
    let total_millis = start.elapsed().as_secs_f64() * 1e3;
    let energy_joules = energy.joules();
    if matches!(answer.finish, Finish::Error | Finish::Deadline) {
        let fault: String = answer.text.chars().take(MOST_FAULT).collect();
        bail!("the test picture was not answered ({}): {fault}", answer.finish);
    }
    let memory = process::resident();
    let (right, pictures) = images.map_or(Ok((0, 0)), |folder| accuracy(config, &mut judge, folder))?;
    Ok(Measured {
        load_millis,
        encode_millis: answer.timings.encode_millis,
        prefill_millis: answer.timings.prefill_millis,
        decode_millis: answer.timings.decode_millis,
        total_millis,
        tokens: answer.tokens,
        anonymous_peak_bytes: memory.map(|memory| memory.anonymous),
        file_peak_bytes: memory.map(|memory| memory.file),
        resident_peak_bytes: process::peak_rss_bytes(),
        parts,
        energy_joules,
        right,
        pictures,
    })
}

fn parts(config: &Config) -> Result<Parts> {
    let (_, shape) = check_and_measure(&vedette_llama::configured::pair(&config.llama)?)?;
    let decided = planned(&config.llama, &shape)?;
    let made = plan(&shape, &here::machine(), Some(u64::MAX / 2), &wishes(&decided))?;
    let of = |what: &str| made.estimate.of(what);
    Ok(Parts {
        weights: of("weights of the text model"),
        tower_weights: of("weights of the vision tower"),
        keys_and_values: of("keys and values"),
        computation: of("computation of the text model") + of("computation of the vision tower"),
        on_gpu: made.estimate.bytes(Place::Gpu),
        n_gpu_layers: made.settings.n_gpu_layers,
    })
}

/// Right verdicts and pictures of a folder with one sub-folder a label.
fn accuracy(config: &Config, judge: &mut Judge, folder: &Path) -> Result<(usize, usize)> {
    let (mut right, mut pictures) = (0, 0);
    for label in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        let truth = if label.file_name().is_some_and(|name| name == "normal") { Verdict::Clear } else { Verdict::Hazard };
        for path in sorted(&label)? {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let observation = observe(bytes, &config.fusion).with_context(|| format!("cannot use {}", path.display()))?;
            pictures += 1;
            right += usize::from(judge.ask(&observation, None)?.assessment.verdict == truth);
        }
    }
    if pictures == 0 {
        bail!("{} holds no labelled pictures: one sub-folder a label, `normal` for no hazard", folder.display());
    }
    Ok((right, pictures))
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
