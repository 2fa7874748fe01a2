//! `vedette doctor`: is this machine fit to run the agent? Each line is a check with its finding and, where it is bad, what to do.

use crate::config::{Config, ConfigArguments};
use crate::{Ending, model, output::say};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, SystemTime};
use vedette_llama::plan::{here, shown_bytes};
use vedette_llama::{LlamaVlm, check_and_measure, planned};
use vedette_reasoning::Vlm;

/// Arguments of `vedette doctor`.
#[derive(Args, Clone, Debug)]
pub(crate) struct DoctorArguments {
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Warning,
    Failure,
}

#[derive(Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    finding: String,
}

/// A folder below this has too little room for runs.
const LEAST_DISK_BYTES: u64 = 1 << 30;

pub(crate) fn run(arguments: &DoctorArguments) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let mut findings = vec![machine(), threads(), clock(), disk(Path::new("."))];
    if let Ok(folder) = vedette_llama::configured::cache_folder() {
        findings.push(Finding { check: "cache disk", ..disk(&folder) });
    }
    findings.extend(models(&config));
    let has_failed = findings.iter().any(|finding| finding.state == State::Failure);
    if arguments.json {
        say!("{}", serde_json::json!({ "is_fit": !has_failed, "findings": findings }));
    } else {
        for Finding { check, state, finding } in &findings {
            let word = match state {
                State::Good => "ok",
                State::Warning => "warning",
                State::Failure => "FAILURE",
            };
            say!("{check:<12}{word:<9}{finding}");
        }
    }
    Ok(if has_failed { Ending::Partial } else { Ending::Complete })
}

fn found(check: &'static str, state: State, finding: impl Into<String>) -> Finding {
    Finding { check, state, finding: finding.into() }
}

fn machine() -> Finding {
    let machine = here::machine();
    let gpu = machine.gpu.as_ref().map_or("no GPU that this program was built for", |gpu| gpu.backend.as_str());
    let told = format!(
        "{}, {} cores, {}; {} of {} available",
        machine.name,
        machine.cores,
        gpu,
        shown_bytes(machine.available_bytes),
        shown_bytes(machine.ram_bytes)
    );
    let state = if machine.available_bytes < machine.ram_bytes / 10 { State::Warning } else { State::Good };
    found("machine", state, told)
}

#[expect(clippy::disallowed_methods, reason = "this is about the environment of the process itself")]
fn threads() -> Finding {
    match std::env::var("OMP_WAIT_POLICY") {
        Ok(word) if word.eq_ignore_ascii_case("passive") => found("threads", State::Good, "OMP_WAIT_POLICY=passive"),
        other => {
            let set = other.unwrap_or_else(|_| "nothing".to_owned());
            found(
                "threads",
                State::Failure,
                format!("OMP_WAIT_POLICY is {set}: set it to passive, or any other load turns milliseconds into seconds"),
            )
        }
    }
}

/// Before this program was built it cannot be now.
#[expect(clippy::disallowed_methods, reason = "this is about the clock itself")]
fn clock() -> Finding {
    let built = std::env::current_exe().and_then(|path| path.metadata()).and_then(|metadata| metadata.modified());
    let (now, built) = (SystemTime::now(), built.unwrap_or(SystemTime::UNIX_EPOCH));
    if now + Duration::from_secs(86_400) < built {
        return found(
            "clock",
            State::Failure,
            "it is before this program was built: set the clock or start the time service (chrony, ntp)",
        );
    }
    let is_synchronised = Path::new("/run/systemd/timesync/synchronized").exists() || Path::new("/run/chrony/chronyd.pid").exists();
    let told = if is_synchronised { "set by a time service" } else { "plausible; no time service was seen" };
    found("clock", State::Good, told)
}

/// By `df`: the standard library does not tell.
fn disk(folder: &Path) -> Finding {
    let output = std::process::Command::new("df").arg("-Pk").arg(folder).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let kib = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match kib.map(|kib| kib * 1024) {
        None => found("disk", State::Warning, format!("the free room of {} is not told", folder.display())),
        Some(free) if free < LEAST_DISK_BYTES => {
            found("disk", State::Failure, format!("{} free in {}: runs need room, remove old ones", shown_bytes(free), folder.display()))
        }
        Some(free) => found("disk", State::Good, format!("{} free", shown_bytes(free))),
    }
}

/// Files, memory, loading and the self-test, as far as each step allows the next.
fn models(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let failed = |check, error: &dyn std::fmt::Display| found(check, State::Failure, error.to_string());
    let pair = match vedette_llama::configured::pair(&config.llama) {
        Ok(pair) => pair,
        Err(error) => return vec![failed("model", &format!("{error:#}"))],
    };
    let shape = match check_and_measure(&pair) {
        Ok((facts, shape)) => {
            findings.push(found("model", State::Good, format!("{}, {} parameters", facts.name, facts.parameters)));
            shape
        }
        Err(error) => return vec![failed("model", &error)],
    };
    match model::verify::provenance(None, &pair) {
        Ok(told) => findings.push(found("files", State::Good, told)),
        Err(error) => findings.push(failed("files", &format!("{error:#}"))),
    }
    match planned(&config.llama, &shape) {
        Ok(_) => findings.push(found("memory", State::Good, "the model fits; `vedette plan` shows how")),
        Err(error) => {
            findings.push(failed("memory", &error));
            return findings;
        }
    }
    let mut vlm = match LlamaVlm::load(&pair, &config.llama) {
        Ok(vlm) => vlm,
        Err(error) => {
            findings.push(failed("self-test", &error));
            return findings;
        }
    };
    match model::verify::self_test(config, &mut vlm) {
        Ok(answer) => {
            let told = format!("{} tokens within the schema in {:.0} ms, twice the same", answer.tokens, answer.timings.total_millis);
            findings.push(found("self-test", State::Good, told));
        }
        Err(error) => findings.push(failed("self-test", &format!("{error:#}"))),
    }
    if !vlm.card().is_trained {
        findings.push(found(
            "training",
            State::Warning,
            "the model is untrained: every verdict will be unknown; give --model and --mmproj",
        ));
    }
    findings
}
