//! What a run came to: counted as it goes, written to `summary.json`, shown as a table at the end.

use crate::model::training_word;
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _};
use vedette_fusion::Counts;
use vedette_types::{Assessment, Completion, Decision, JournalEntry, JournalKind};

/// Everything `summary.json` holds. Measured times are named so; all else is the same for the same bag, parameters and model.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) bag: String,
    /// `complete`, `interrupted`, or why the run ended early.
    pub(crate) ended: String,
    pub(crate) model: ModelSummary,
    /// From the first to the last event, on the bag's clock.
    pub(crate) virtual_secs: f64,
    pub(crate) measured_wall_secs: f64,
    /// Processor time of the whole process, model included, user and system.
    pub(crate) measured_cpu_secs: Option<f64>,
    /// Largest resident memory of the process.
    pub(crate) measured_peak_rss_bytes: Option<u64>,
    pub(crate) messages: u64,
    pub(crate) frames: Counts,
    pub(crate) verdicts: BTreeMap<String, u64>,
    /// Assessments that named each kind.
    pub(crate) hazards: BTreeMap<String, u64>,
    /// Why assessments were unknown without the model saying so.
    pub(crate) faults: BTreeMap<String, u64>,
    pub(crate) decisions: u64,
    pub(crate) responses: BTreeMap<String, u64>,
    pub(crate) clock_jumps: u64,
    pub(crate) vlm_calls: u64,
    pub(crate) vlm_tokens: u64,
    pub(crate) measured_vlm_p50_millis: Option<f64>,
    pub(crate) measured_vlm_p95_millis: Option<f64>,
    pub(crate) streams: Vec<StreamSummary>,
    /// For a live recording that was followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) live: Option<LiveSummary>,
    pub(crate) warnings: Vec<String>,
    #[serde(skip)]
    pub(crate) vlm_millis: Vec<f64>,
}

/// What became of following a live recording.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LiveSummary {
    pub(crate) decisions: Agreement,
    /// Decisions after a loss, up to the next state that the journal tells; `in_doubt` in `decisions.jsonl`.
    pub(crate) decisions_in_doubt: u64,
    /// Assessments of the agent made again from the recorded completions, against those that were published.
    pub(crate) assessments: Agreement,
    /// Whether the agent was run again to the end, or why not.
    pub(crate) agent: String,
    /// Messages that were used live and are not in the recording, by node and topic.
    pub(crate) lost_inputs: BTreeMap<String, BTreeMap<String, u64>>,
    /// Journal lines that are not in the recording, by node.
    pub(crate) lost_lines: BTreeMap<String, u64>,
    /// States in the journal that were not those of the replay, though nothing was lost.
    pub(crate) states_that_differ: u64,
}

/// Live against replay.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Agreement {
    pub(crate) same: u64,
    /// Published live, and not found again.
    pub(crate) only_live: u64,
    /// Found here between the first and the last one recorded, and not published.
    pub(crate) only_here: u64,
}

impl std::fmt::Display for Agreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { same, only_live, only_here } = self;
        write!(f, "{same} the same, {only_live} only live, {only_here} only here")
    }
}

impl LiveSummary {
    fn rows(&self) -> [(&'static str, String); 2] {
        [
            ("live", format!("decisions: {}; {} in doubt", self.decisions, self.decisions_in_doubt)),
            ("live", format!("assessments: {}; agent: {}", self.assessments, self.agent)),
        ]
    }

    /// What is missing or differs, in words for table and report.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for (node, topics) in &self.lost_inputs {
            let named = |(topic, count): (&String, &u64)| format!("{count} messages of {topic} that {node} used are not in the recording");
            warnings.extend(topics.iter().map(named));
        }
        for (node, count) in &self.lost_lines {
            warnings.push(format!("{count} lines of the journal of {node} are not in the recording"));
        }
        if self.decisions_in_doubt > 0 {
            warnings.push(format!("{} decisions may have been others live, for what was lost before them", self.decisions_in_doubt));
        }
        if self.states_that_differ > 0 {
            let count = self.states_that_differ;
            warnings.push(format!("{count} times the guardian knew something else than this replay: it is not exact with this version"));
        }
        warnings
    }
}

/// Which model answered.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ModelSummary {
    pub(crate) name: String,
    pub(crate) sha256: String,
    /// `None` for a run from recorded completions whose model is not at hand.
    pub(crate) is_trained: Option<bool>,
}

/// One topic.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct StreamSummary {
    pub(crate) topic: String,
    pub(crate) type_name: String,
    /// False for topics that are not read.
    pub(crate) is_used: bool,
    pub(crate) messages: u64,
    pub(crate) rejected: u64,
    pub(crate) first_fault: Option<String>,
}

impl Summary {
    pub(crate) fn count_assessment(&mut self, assessment: &Assessment) {
        *self.verdicts.entry(assessment.verdict.word().to_owned()).or_default() += 1;
        let mut kinds: Vec<_> = assessment.hazards.iter().map(|hazard| hazard.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            *self.hazards.entry(kind.to_owned()).or_default() += 1;
        }
        if let Some(fault) = &assessment.fault {
            *self.faults.entry(fault.clone()).or_default() += 1;
        }
    }

    pub(crate) fn count_decision(&mut self, decision: &Decision) {
        self.decisions += 1;
        *self.responses.entry(decision.response.word().to_owned()).or_default() += 1;
    }

    pub(crate) fn count_completion(&mut self, completion: &Completion) {
        self.vlm_calls += 1;
        self.vlm_tokens += u64::from(completion.tokens);
        self.vlm_millis.push(completion.timings.total_millis);
    }

    pub(crate) fn count_journal(&mut self, entry: &JournalEntry) {
        match entry.kind {
            JournalKind::ClockJump => self.clock_jumps += 1,
            JournalKind::Rejected => {
                if let Some(stream) = self.streams.iter_mut().find(|stream| stream.topic == entry.topic) {
                    stream.rejected += 1;
                    stream.first_fault.get_or_insert_with(|| entry.detail.clone());
                }
            }
            _ => {}
        }
    }

    /// Closes the books.
    pub(crate) fn finish(&mut self) {
        self.vlm_millis.sort_by(f64::total_cmp);
        self.measured_vlm_p50_millis = quantile(&self.vlm_millis, 0.50);
        self.measured_vlm_p95_millis = quantile(&self.vlm_millis, 0.95);
    }

    /// Processor and memory, where the system tells.
    fn usage(&self) -> String {
        let cpu = self.measured_cpu_secs.map(|secs| format!("; processor {secs:.2} s"));
        let rss = self.measured_peak_rss_bytes.map(|bytes| format!("; memory at most {:.0} MB", bytes as f64 * 1e-6));
        cpu.unwrap_or_default() + &rss.unwrap_or_default()
    }

    /// The table at the end of a run.
    pub(crate) fn table(&self, run_folder: &str) -> String {
        let counts = |map: &BTreeMap<String, u64>| match map.is_empty() {
            true => "none".to_owned(),
            false => map.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join(", "),
        };
        let millis = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |millis| format!("{millis:.0} ms"));
        let speed = self.virtual_secs / self.measured_wall_secs.max(1e-9);
        let training = self.model.is_trained.map_or("recorded completions, no model loaded", training_word);
        let frames = &self.frames;
        let mut rows = vec![
            ("bag", format!("{}, {:.2} s, {} messages; {}", self.bag, self.virtual_secs, self.messages, self.ended)),
            ("wall time", format!("{:.2} s, {speed:.1} times real time{}", self.measured_wall_secs, self.usage())),
            ("model", format!("{} ({training})", self.model.name)),
            (
                "frames",
                format!(
                    "{} received: {} assessed, {} unchanged, {} replaced by a newer one, {} undecodable, {} stale, {} without a model",
                    frames.frames_received,
                    frames.frames_ready,
                    frames.frames_skipped,
                    frames.frames_overwritten,
                    frames.frames_undecodable,
                    frames.frames_stale,
                    frames.frames_passed_over
                ),
            ),
            (
                "VLM",
                format!(
                    "{} calls, {} tokens, p50 {}, p95 {}",
                    self.vlm_calls,
                    self.vlm_tokens,
                    millis(self.measured_vlm_p50_millis),
                    millis(self.measured_vlm_p95_millis)
                ),
            ),
            ("verdicts", counts(&self.verdicts)),
            ("hazards", counts(&self.hazards)),
            ("decisions", format!("{}: {}", self.decisions, counts(&self.responses))),
        ];
        for (fault, count) in &self.faults {
            rows.push(("unknown", format!("{count} times: {fault}")));
        }
        if self.clock_jumps > 0 {
            rows.push(("clock", format!("stamps went back {} times", self.clock_jumps)));
        }
        for stream in self.streams.iter().filter(|stream| stream.rejected > 0) {
            let fault = stream.first_fault.as_deref().unwrap_or_default();
            rows.push(("rejected", format!("{}: {} of {} messages, first: {fault}", stream.topic, stream.rejected, stream.messages)));
        }
        rows.extend(self.live.iter().flat_map(LiveSummary::rows));
        rows.extend(self.warnings.iter().map(|warning| ("warning", warning.clone())));
        rows.push(("run folder", run_folder.to_owned()));
        let mut table = String::new();
        for (name, value) in rows {
            // Writing into a String cannot fail.
            let _ = writeln!(table, "{name:<11} {value}");
        }
        table
    }
}

/// Nearest-rank quantile of sorted values.
fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_are_nearest_rank() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!((quantile(&ten, 0.5), quantile(&ten, 0.95)), (Some(5.0), Some(10.0)));
    }
}
