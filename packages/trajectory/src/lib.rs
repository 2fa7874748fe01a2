//! The run folder: run.mcap, decisions.jsonl, completions.jsonl, summary.json, manifest.json.
