//! Medians of the measurements of one point, and their table and CSV.

use super::energy;
use super::probe::{Measured, Parts};
use super::reference::Reference;
use super::sweep::Point;
use crate::{model, output::say};
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;
use vedette_llama::PairPaths;
use vedette_llama::plan::here;

/// One point, measured.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Record {
    pub(super) model: String,
    pub(super) point: String,
    pub(super) page_cache: &'static str,
    pub(super) measurements: usize,
    pub(super) total_millis: f64,
    pub(super) load_millis: f64,
    pub(super) encode_millis: f64,
    pub(super) prefill_millis: f64,
    pub(super) decode_millis: f64,
    pub(super) tokens: u32,
    pub(super) tokens_per_sec: f64,
    pub(super) anonymous_peak_bytes: Option<f64>,
    pub(super) file_peak_bytes: Option<f64>,
    pub(super) energy_joules: Option<f64>,
    pub(super) accuracy: Option<f64>,
    pub(super) pictures: usize,
    /// By the memory plan.
    pub(super) planned: Parts,
    /// Every single total, for whoever wants more than a median.
    pub(super) totals_millis: Vec<f64>,
}

impl Record {
    pub(super) fn new(pair: &PairPaths, point: &Point, is_cold: bool, measured: &[Measured]) -> Result<Self> {
        let first = measured.first().context("nothing was measured")?;
        let median = |of: &dyn Fn(&Measured) -> f64| median(measured.iter().map(of).collect());
        let if_all = |of: &dyn Fn(&Measured) -> Option<f64>| {
            let values: Option<Vec<f64>> = measured.iter().map(of).collect();
            values.map(self::median)
        };
        let decode_millis = median(&|m| m.decode_millis);
        Ok(Self {
            model: model::short(&pair.model),
            point: point.name(),
            page_cache: if is_cold { "cold" } else { "warm" },
            measurements: measured.len(),
            total_millis: median(&|m| m.total_millis),
            load_millis: median(&|m| m.load_millis),
            encode_millis: median(&|m| m.encode_millis),
            prefill_millis: median(&|m| m.prefill_millis),
            decode_millis,
            tokens: first.tokens,
            // The first token comes out of the prompt's computation.
            tokens_per_sec: f64::from(first.tokens.saturating_sub(1)) * 1e3 / decode_millis.max(1e-9),
            anonymous_peak_bytes: if_all(&|m| m.anonymous_peak_bytes.map(|bytes| bytes as f64)),
            file_peak_bytes: if_all(&|m| m.file_peak_bytes.map(|bytes| bytes as f64)),
            energy_joules: if_all(&|m| m.energy_joules),
            accuracy: (first.pictures > 0).then(|| first.right as f64 / first.pictures as f64),
            pictures: first.pictures,
            planned: first.parts.clone(),
            totals_millis: measured.iter().map(|m| m.total_millis).collect(),
        })
    }
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    if values.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.wrapping_sub(1)), at(middle)) }
}

/// The machine, for the record.
pub(super) fn machine() -> serde_json::Value {
    let machine = here::machine();
    serde_json::json!({ "name": machine.name, "cores": machine.cores, "ram_bytes": machine.ram_bytes, "gpu": machine.gpu, "power_mode": energy::power_mode(Path::new("/")) })
}

const MEGABYTE: f64 = 1e6;

pub(super) fn table(records: &[Record], reference: Option<&Reference>) {
    say!(
        "{:<28}{:<30}{:<6}{:>9}{:>8}{:>8}{:>8}{:>8}{:>7}{:>8}{:>9}{:>9}{:>8}{:>9}",
        "model",
        "settings",
        "cache",
        "total ms",
        "load",
        "encode",
        "prefill",
        "decode",
        "tokens",
        "tok/s",
        "anon MB",
        "file MB",
        "joules",
        "accuracy"
    );
    for r in records {
        let optional = |value: Option<f64>, scale: f64, digits: usize| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{:.digits$}", value / scale))
        };
        say!(
            "{:<28}{:<30}{:<6}{:>9.1}{:>8.1}{:>8.1}{:>8.1}{:>8.1}{:>7}{:>8.1}{:>9}{:>9}{:>8}{:>9}",
            r.model,
            r.point,
            r.page_cache,
            r.total_millis,
            r.load_millis,
            r.encode_millis,
            r.prefill_millis,
            r.decode_millis,
            r.tokens,
            r.tokens_per_sec,
            optional(r.anonymous_peak_bytes, MEGABYTE, 1),
            optional(r.file_peak_bytes, MEGABYTE, 1),
            optional(r.energy_joules, 1.0, 2),
            optional(r.accuracy, 1.0, 3)
        );
    }
    let n = records.first().map_or(0, |record| record.measurements);
    say!("medians of {n}; each measurement is a process of its own; cold: the files' pages were dropped before");
    if records.iter().all(|record| record.energy_joules.is_none()) {
        say!("energy: not measurable here (neither RAPL counters nor INA3221 sensors are readable)");
    }
    say!(
        "power mode: {}",
        energy::power_mode(Path::new("/")).as_deref().unwrap_or("not told here (neither nvpmodel nor a frequency governor)")
    );
    match reference {
        Some(reference) => match reference.answer_tokens_per_sec {
            Some(rate) => say!("llama-mtmd-cli, first pair: {rate:.1} tokens/s"),
            None => say!("llama-mtmd-cli, first pair: it told no times"),
        },
        None => say!("llama-mtmd-cli: not on PATH, no comparison"),
    }
}

pub(super) fn csv(records: &[Record]) -> String {
    let mut text = String::from(
        "model,settings,page_cache,measurements,total_millis,load_millis,encode_millis,prefill_millis,decode_millis,tokens,tokens_per_sec,\
         anonymous_peak_bytes,file_peak_bytes,energy_joules,accuracy,weights_bytes,tower_weights_bytes,keys_and_values_bytes,computation_bytes,n_gpu_layers\n",
    );
    for r in records {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let optional = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let fields = [
            quoted(&r.model),
            quoted(&r.point),
            r.page_cache.to_owned(),
            r.measurements.to_string(),
            r.total_millis.to_string(),
            r.load_millis.to_string(),
            r.encode_millis.to_string(),
            r.prefill_millis.to_string(),
            r.decode_millis.to_string(),
            r.tokens.to_string(),
            r.tokens_per_sec.to_string(),
            optional(r.anonymous_peak_bytes),
            optional(r.file_peak_bytes),
            optional(r.energy_joules),
            optional(r.accuracy),
            r.planned.weights.to_string(),
            r.planned.tower_weights.to_string(),
            r.planned.keys_and_values.to_string(),
            r.planned.computation.to_string(),
            r.planned.n_gpu_layers.to_string(),
        ];
        text += &(fields.join(",") + "\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }
}
