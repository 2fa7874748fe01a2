//! Settings for a budget: what is wished for stays, what is left open is lowered step by step until everything fits.
//!
//! The order of the steps: all layers on the GPU before anything else (a published case lost more by layers on the CPU than by a small
//! context), then keys and values of half the size, then fewer tokens at once, then a shorter context, then the tower on the CPU, and last
//! fewer layers on the GPU.

use super::estimate::{Estimate, Place};
use super::machine::{Machine, shown_bytes};
use super::reasons::{change, reasons};
use super::settings::{KvType, Settings};
use super::shape::ModelShape;
use serde::Serialize;

/// What the caller wants; `None` is left to the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    /// Context, tokens.
    pub n_ctx: Option<u64>,
    /// Most tokens handed over at once.
    pub n_batch: Option<u64>,
    /// Most tokens computed at once.
    pub n_ubatch: Option<u64>,
    /// Element type of keys and values.
    pub kv_type: Option<KvType>,
    /// Fused attention.
    pub flash_attn: Option<bool>,
    /// Layers on the GPU.
    pub n_gpu_layers: Option<u64>,
    /// The vision tower on the GPU.
    pub mmproj_on_gpu: Option<bool>,
    /// CPU threads.
    pub n_threads: Option<u64>,
    /// Embeddings of pictures kept, bytes.
    pub picture_cache_bytes: u64,
    /// The rest of the program, bytes.
    pub store_bytes: u64,
}

/// A plan that fits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemoryPlan {
    /// Name of the machine.
    pub machine: String,
    /// Memory of the CPU, or of both where it is one.
    pub budget_bytes: u64,
    /// Memory of a GPU of its own.
    pub gpu_budget_bytes: Option<u64>,
    /// The settings.
    pub settings: Settings,
    /// What they take.
    pub estimate: Estimate,
    /// Setting and reason.
    pub reasons: Vec<(&'static str, String)>,
}

/// No settings fit.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Not enough memory.
    #[error("the model does not fit: it needs at least {} and the budget is {}{}; {change}", shown_bytes(*needed_bytes), shown_bytes(*budget_bytes), shown_gpu(*gpu_needed_bytes, *gpu_budget_bytes))]
    TooLarge {
        /// With the smallest settings that were allowed.
        needed_bytes: u64,
        /// What there is.
        budget_bytes: u64,
        /// On a GPU of its own.
        gpu_needed_bytes: u64,
        /// What that GPU has.
        gpu_budget_bytes: Option<u64>,
        /// The smallest change that would fit.
        change: String,
    },
    /// A wish that no budget fulfils.
    #[error("parameter `{name}` = {value}: {problem}")]
    Impossible {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it.
        problem: String,
    },
}

fn shown_gpu(needed: u64, budget: Option<u64>) -> String {
    budget.map_or_else(String::new, |budget| format!(" (GPU: {} of {})", shown_bytes(needed), shown_bytes(budget)))
}

/// Contexts that are tried, longest first.
pub(super) const CONTEXTS: [u64; 6] = [2048, 1536, 1280, 1024, 768, 512];
/// Tokens at once that are tried.
pub(super) const AT_ONCE: [u64; 4] = [512, 256, 128, 64];
/// Text and answer beside the picture: what a context must hold at least.
const LEAST_TEXT: u64 = 448;

/// Chooses settings for `budget_bytes`, or for what the machine has free.
///
/// # Errors
/// [`PlanError`].
pub fn plan(shape: &ModelShape, machine: &Machine, budget_bytes: Option<u64>, wishes: &Wishes) -> Result<MemoryPlan, PlanError> {
    check(shape, wishes)?;
    let budget = Budget::new(machine, budget_bytes);
    let candidates = candidates(shape, machine, wishes);
    let measured = |settings: &Settings| Estimate::new(shape, settings, wishes.store_bytes);
    for settings in &candidates {
        let estimate = measured(settings);
        if budget.holds(&estimate) {
            let reasons = reasons(shape, machine, &budget, wishes, settings, &measured);
            let gpu_budget_bytes = budget.gpu;
            let machine = machine.name.clone();
            return Ok(MemoryPlan { machine, budget_bytes: budget.host, gpu_budget_bytes, settings: *settings, estimate, reasons });
        }
    }
    let smallest = candidates.iter().map(measured).min_by_key(|estimate| (budget.excess(estimate), estimate.total()));
    let smallest = smallest.unwrap_or(Estimate { items: Vec::new() });
    Err(PlanError::TooLarge {
        needed_bytes: budget.host_use(&smallest),
        budget_bytes: budget.host,
        gpu_needed_bytes: smallest.bytes(Place::Gpu) + budget.gpu_overhead,
        gpu_budget_bytes: budget.gpu,
        change: change(shape, machine, budget_bytes, wishes, &budget, &smallest),
    })
}

pub(super) struct Budget {
    pub(super) host: u64,
    /// Of a GPU with memory of its own.
    gpu: Option<u64>,
    gpu_overhead: u64,
}

impl Budget {
    fn new(machine: &Machine, bytes: Option<u64>) -> Self {
        let gpu = machine.gpu.as_ref().filter(|_| !machine.is_unified).map(|gpu| gpu.memory_bytes);
        let gpu_overhead = machine.gpu.as_ref().map_or(0, |gpu| gpu.overhead_bytes);
        Self { host: bytes.unwrap_or_else(|| machine.auto_budget_bytes()), gpu, gpu_overhead }
    }

    /// What of an estimate the host's memory has to hold.
    fn host_use(&self, estimate: &Estimate) -> u64 {
        let gpu = estimate.bytes(Place::Gpu);
        let host = estimate.total() - gpu;
        let overhead = if gpu > 0 { self.gpu_overhead } else { 0 };
        if self.gpu.is_some() { host } else { host + gpu + overhead }
    }

    pub(super) fn excess(&self, estimate: &Estimate) -> u64 {
        let gpu = estimate.bytes(Place::Gpu);
        let on_gpu = self.gpu.map_or(0, |budget| if gpu == 0 { 0 } else { (gpu + self.gpu_overhead).saturating_sub(budget) });
        self.host_use(estimate).saturating_sub(self.host) + on_gpu
    }

    pub(super) fn holds(&self, estimate: &Estimate) -> bool {
        self.excess(estimate) == 0
    }
}

/// Wishes that llama.cpp would answer with an abort.
fn check(shape: &ModelShape, wishes: &Wishes) -> Result<(), PlanError> {
    let refuse = |name, value: &dyn std::fmt::Display, problem| Err(PlanError::Impossible { name, value: value.to_string(), problem });
    let picture = shape.tokens_per_image();
    if let Some(n_ctx) = wishes.n_ctx.filter(|n_ctx| *n_ctx > shape.n_ctx_train) {
        return refuse("llama.n_ctx", &n_ctx, format!("the model was made for at most {} tokens", shape.n_ctx_train));
    }
    for (name, value) in [("llama.n_ubatch", wishes.n_ubatch), ("llama.n_batch", wishes.n_batch), ("llama.n_ctx", wishes.n_ctx)] {
        if let Some(value) = value.filter(|value| *value < picture) {
            return refuse(name, &value, format!("a picture is {picture} tokens of this model and is computed at once"));
        }
    }
    if wishes.kv_type == Some(KvType::Q8_0) && wishes.flash_attn == Some(false) {
        return refuse("llama.kv_type", &"q8_0", "quantised values need fused attention; set llama.flash_attn to auto".to_owned());
    }
    if wishes.kv_type == Some(KvType::Q8_0) && !(shape.head_k.is_multiple_of(32) && shape.head_v.is_multiple_of(32)) {
        return refuse("llama.kv_type", &"q8_0", format!("heads of {} and {} are not whole blocks of 32", shape.head_k, shape.head_v));
    }
    Ok(())
}

/// All settings worth a try, the best first.
fn candidates(shape: &ModelShape, machine: &Machine, wishes: &Wishes) -> Vec<Settings> {
    let picture = shape.tokens_per_image();
    let least = (picture + LEAST_TEXT).min(shape.n_ctx_train);
    let mut contexts: Vec<u64> = CONTEXTS.iter().copied().filter(|n| *n <= shape.n_ctx_train && *n >= least).collect();
    if contexts.is_empty() {
        contexts.push(least.next_multiple_of(256).min(shape.n_ctx_train));
    }
    let contexts = wishes.n_ctx.map_or(contexts, |n| vec![n]);
    let mut at_once: Vec<u64> = AT_ONCE.iter().copied().filter(|n| *n >= picture).collect();
    if at_once.is_empty() {
        at_once.push(picture);
    }
    let at_once = wishes.n_ubatch.map_or(at_once, |n| vec![n]);
    let can_halve = wishes.flash_attn != Some(false) && shape.head_k.is_multiple_of(32) && shape.head_v.is_multiple_of(32);
    let halved = if can_halve { vec![KvType::F16, KvType::Q8_0] } else { vec![KvType::F16] };
    let kv_types = wishes.kv_type.map_or(halved, |kv_type| vec![kv_type]);
    let mut all = Vec::new();
    for n_gpu_layers in gpu_layers(shape, machine, wishes) {
        let tower_places = match (wishes.mmproj_on_gpu, machine.gpu.is_some() && n_gpu_layers > 0) {
            (Some(wish), true) => vec![wish],
            (None, true) => vec![true, false],
            (_, false) => vec![false],
        };
        for mmproj_on_gpu in tower_places {
            for n_ctx in &contexts {
                for n_ubatch in &at_once {
                    for kv_type in &kv_types {
                        let n_batch = wishes.n_batch.unwrap_or((*n_ubatch).max(512)).max(*n_ubatch);
                        all.push(Settings {
                            n_ctx: *n_ctx,
                            n_batch,
                            n_ubatch: *n_ubatch,
                            kv_type: *kv_type,
                            flash_attn: wishes.flash_attn.unwrap_or(true),
                            n_gpu_layers,
                            mmproj_on_gpu,
                            repack: false,
                            n_outputs_max: 1,
                            picture_cache_bytes: wishes.picture_cache_bytes,
                            n_threads: wishes.n_threads.unwrap_or_else(|| machine.cores.saturating_sub(1).max(1)),
                        });
                    }
                }
            }
        }
    }
    all
}

/// Numbers of layers on the GPU that are tried.
fn gpu_layers(shape: &ModelShape, machine: &Machine, wishes: &Wishes) -> Vec<u64> {
    match (&machine.gpu, wishes.n_gpu_layers) {
        (None, _) => vec![0],
        (Some(_), Some(wish)) => vec![wish.min(shape.n_layer + 1)],
        // On one memory a shared output matrix is a second copy for nothing but speed; it is tried first all the same.
        (Some(_), None) => (0..=shape.n_layer + 1).rev().collect(),
    }
}

/// The best settings that fit.
pub(super) fn first_fit(shape: &ModelShape, machine: &Machine, wishes: &Wishes, budget: &Budget) -> Option<Settings> {
    let fits = |settings: &Settings| budget.holds(&Estimate::new(shape, settings, wishes.store_bytes));
    candidates(shape, machine, wishes).into_iter().find(fits)
}

#[cfg(test)]
mod tests;
