//! Figures as words for people. In -> out: a number with its unit -> short text that no line break parts.

use vedette_types::Stamp;

/// A point in time on the run's own clock, seconds.
pub(crate) fn instant(stamp: Stamp) -> String {
    format!("{:.3} s", stamp.as_secs_f64())
}

/// A duration or a time since the run's start: one decimal below 100 s, then minutes and seconds.
pub(crate) fn secs(value: f64) -> String {
    if value.abs() < 100.0 {
        // `+ 0.0` so that nothing prints as -0.0.
        return format!("{:.1}\u{a0}s", (value * 10.0).round() / 10.0 + 0.0);
    }
    let whole = value.abs().round() as u64;
    let sign = if value < 0.0 { "-" } else { "" };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{sign}{hours}\u{a0}h {minutes:02}\u{a0}min {seconds:02}\u{a0}s")
    } else {
        format!("{sign}{minutes}\u{a0}min {seconds:02}\u{a0}s")
    }
}

/// A share as a percentage; what is not quite nothing or not quite everything never reads as `0 %` or `100 %`.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0 => "0\u{a0}%".to_owned(),
        p if p > 0.0 && p < 10.0 => format!("{:.1}\u{a0}%", p.max(0.1)),
        p if p > 90.0 && p < 100.0 => format!("{:.1}\u{a0}%", (p * 10.0).floor() / 10.0),
        p => format!("{p:.0}\u{a0}%"),
    }
}

/// `1 hazard`, `2 hazards`.
pub(crate) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// The words of a kind or response: `gas_leak` -> `gas leak`.
pub(crate) fn words(name: &str) -> String {
    name.replace('_', " ")
}
