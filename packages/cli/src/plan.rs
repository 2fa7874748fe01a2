//! `vedette plan`: how much memory a model takes before it is loaded, on this machine or another, and which settings fit. It loads nothing.

use crate::config::{Config, ConfigArguments};
use crate::{Ending, output::say};
use anyhow::{Context, Result};
use clap::Args;
use std::{fs, path::PathBuf};
use vedette_llama::plan::{Machine, MemoryPlan, ModelShape, Place, here, parse_bytes, plan, shown_bytes};
use vedette_llama::{LlamaParams, check_and_measure, wishes};

/// Arguments of `vedette plan`.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlanArguments {
    /// Memory the model and the agent may take, for example 5GiB; `auto` is what is free less a reserve. Sets llama.budget
    #[arg(long, value_name = "BYTES")]
    budget: Option<String>,
    /// Another machine than this one, see params/machines
    #[arg(long, value_name = "FILE")]
    machine: Option<PathBuf>,
    /// Take the settings from the parameters instead of choosing those that fit
    #[arg(long)]
    as_configured: bool,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

pub(crate) fn run(arguments: &PlanArguments) -> Result<Ending> {
    let mut config = Config::load(&arguments.config)?;
    if let Some(budget) = &arguments.budget {
        config.llama.budget.clone_from(budget);
    }
    if !arguments.as_configured {
        leave_open(&mut config.llama);
    }
    let machine = match &arguments.machine {
        None => here::machine(),
        Some(file) => {
            let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            Machine::from_yaml(&text).with_context(|| file.display().to_string())?
        }
    };
    let budget = match config.llama.budget.as_str() {
        "auto" => None,
        "none" => Some(u64::MAX / 2),
        text => Some(parse_bytes(text).with_context(|| format!("`{text}` is no amount of memory; write for example 5GiB"))?),
    };
    let (_, shape) = check_and_measure(&vedette_llama::configured::pair(&config.llama)?)?;
    let made = plan(&shape, &machine, budget, &wishes(&config.llama))?;
    if arguments.json {
        say!("{}", serde_json::json!({ "model": shape, "machine": machine, "plan": made }));
    } else {
        show(&shape, &machine, &made);
    }
    Ok(Ending::Complete)
}

/// Everything that still stands at its default is left to the plan.
fn leave_open(llama: &mut LlamaParams) {
    let default = LlamaParams::default();
    let open = |value: &mut i64, default: i64, auto: i64| {
        if *value == default {
            *value = auto;
        }
    };
    open(&mut llama.n_ctx, default.n_ctx, 0);
    open(&mut llama.n_batch, default.n_batch, 0);
    open(&mut llama.n_ubatch, default.n_ubatch, 0);
    open(&mut llama.n_threads, default.n_threads, 0);
    open(&mut llama.n_gpu_layers, default.n_gpu_layers, -1);
    if llama.kv_type == default.kv_type {
        "auto".clone_into(&mut llama.kv_type);
    }
}

fn show(shape: &ModelShape, machine: &Machine, made: &MemoryPlan) {
    let settings = &made.settings;
    say!("model    {}, {} layers, {} of {} px pictures", shape.name, shape.n_layer, shape.tokens_per_image(), shape.side_px);
    say!(
        "machine  {}, {} {}",
        machine.name,
        shown_bytes(machine.ram_bytes),
        if machine.is_unified { "in one memory" } else { "and a GPU's own" }
    );
    say!(
        "budget   {}{}",
        shown_bytes(made.budget_bytes),
        made.gpu_budget_bytes.map_or_else(String::new, |gpu| format!(", GPU {}", shown_bytes(gpu)))
    );
    say!("");
    say!("{:<15}{:>8}  why", "setting", "value");
    for (name, reason) in &made.reasons {
        let value = match *name {
            "n_ctx" => settings.n_ctx.to_string(),
            "n_ubatch" => settings.n_ubatch.to_string(),
            "n_gpu_layers" => settings.n_gpu_layers.to_string(),
            "n_outputs_max" => settings.n_outputs_max.to_string(),
            "kv_type" => settings.kv_type.word().to_owned(),
            "flash_attn" => on(settings.flash_attn),
            "mmproj_on_gpu" => on(settings.mmproj_on_gpu),
            _ => on(settings.repack),
        };
        say!("{name:<15}{value:>8}  {reason}");
    }
    say!("");
    say!("{:<34}{:>14}{:>14}{:>14}", "what takes memory", "anonymous", "mapped file", "GPU");
    let cell = |bytes: u64| if bytes == 0 { String::new() } else { shown_bytes(bytes) };
    for item in &made.estimate.items {
        let at = |place| if item.place == place { cell(item.bytes) } else { String::new() };
        say!("{:<34}{:>14}{:>14}{:>14}", item.what, at(Place::Anonymous), at(Place::File), at(Place::Gpu));
    }
    let sum = |place| cell(made.estimate.bytes(place));
    say!("{:<34}{:>14}{:>14}{:>14}", "sum", sum(Place::Anonymous), sum(Place::File), sum(Place::Gpu));
    if let Some(gpu) = machine.gpu.as_ref().filter(|gpu| gpu.overhead_bytes > 0) {
        say!("{:<34}{:>42}", "driver and context of the GPU", shown_bytes(gpu.overhead_bytes));
    }
}

fn on(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}
