//! Decisions against truth: matching, metrics, comparison of runs, HTML report.
