//! Progress of a long job on standard error: a bar on a terminal, a plain line every tenth otherwise.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Progress over a known or unknown number of messages, pictures, ...
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    total: Option<u64>,
    unit: &'static str,
    done: u64,
    next_line_at: u64,
}

/// Lines go out this often when the total is unknown.
const LINE_EVERY: u64 = 10_000;

impl Progress {
    /// Progress in `unit`s, a plural.
    pub(crate) fn new(total: Option<u64>, unit: &'static str) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = is_terminal.then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10));
            let style = ProgressStyle::with_template(&format!("{{bar:32}} {{pos}}/{{len}} {unit}, {{eta}} left  {{msg}}"));
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, total, unit, done: 0, next_line_at: total.map_or(LINE_EVERY, |total| total.div_ceil(10)) }
    }

    /// One message further; `state` is made only when it will be shown.
    pub(crate) fn advance(&mut self, state: impl FnOnce() -> String) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
            if self.done.is_multiple_of(16) || self.total.is_some_and(|total| total < 200) {
                bar.set_message(state());
            }
        } else if self.done >= self.next_line_at {
            self.next_line_at += self.total.map_or(LINE_EVERY, |total| total.div_ceil(10)).max(1);
            match self.total {
                Some(total) => eprintln!("{}/{total} {}{}", self.done, self.unit, more(&state())),
                None => eprintln!("{} {}{}", self.done, self.unit, more(&state())),
            }
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn more(state: &str) -> String {
    if state.is_empty() { String::new() } else { format!(", {state}") }
}
