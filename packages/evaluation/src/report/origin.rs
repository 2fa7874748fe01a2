//! What the run was made from. In -> out: manifest -> provenance (commit, model, bag, machine) and all parameters, folded away.

use super::{Page, card};
use maud::{Markup, html};
use serde_json::Value;

/// The sections.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let Some(manifest) = &page.input.run.manifest else {
        return card("origin", "Where this comes from", &html! { p class="note" { "The run has no manifest." } });
    };
    let at = |keys: &[&str]| keys.iter().try_fold(manifest, |value, key| value.get(key)).filter(|value| !value.is_null());
    let text = |keys: &[&str]| at(keys).map(plain);
    let trained = at(&["model", "is_trained"]).and_then(Value::as_bool).map(|is_trained| if is_trained { "trained" } else { "UNTRAINED" });
    let memory = at(&["machine", "memory_bytes"]).and_then(Value::as_f64).map(|bytes| format!("{:.1} GiB", bytes / f64::from(1 << 30)));
    let command = at(&["command"]).and_then(Value::as_array).map(|words| words.iter().map(plain).collect::<Vec<_>>().join(" "));
    let rows = [
        ("made", at(&["created_nanos"]).and_then(Value::as_i64).map(utc)),
        ("command", command),
        ("program", text(&["version"])),
        ("commit", text(&["commit"])),
        ("model", text(&["model", "name"]).map(|name| format!("{name}{}", trained.map_or_else(String::new, |word| format!(" ({word})"))))),
        ("model hash", text(&["model", "sha256"])),
        ("bag", text(&["bag", "path"])),
        ("machine", text(&["machine", "board"]).or_else(|| text(&["machine", "cpu"]))),
        ("cores", text(&["machine", "cores"])),
        ("memory", memory),
        ("system", text(&["machine", "os"])),
        ("kernel", text(&["machine", "kernel"])),
        ("architecture", text(&["machine", "arch"])),
    ];
    let known: Vec<_> = rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let mut parameters = Vec::new();
    if let Some(value) = at(&["parameters"]) {
        flatten(value, String::new(), &mut parameters);
    }
    let content = html! {
        (pairs("pairs", &known))
        details { summary { (parameters.len()) " parameters" } (pairs("pairs code", &parameters)) }
        details { summary { "How decisions are held against truth" } (pairs("pairs code", &rules(page))) }
    };
    card("origin", "Where this comes from", &content)
}

fn pairs(class: &str, rows: &[(String, String)]) -> Markup {
    html! { table class=(class) { tbody { @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } } } } }
}

fn rules(page: &Page<'_>) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if let Ok(value) = serde_json::to_value(page.input.rules) {
        flatten(&value, String::new(), &mut rows);
    }
    rows
}

/// Text without quotes, everything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `group.name` and value of everything in `value`; lists stay together.
fn flatten(value: &Value, name: String, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                flatten(value, if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, into);
            }
        }
        other => into.push((name, other.to_string())),
    }
}

/// Date and time of a Unix stamp in UTC, for people: `2026-01-31 12:00:05 UTC`. Days to date: Howard Hinnant, "chrono-compatible low-level
/// date algorithms", `civil_from_days`.
fn utc(nanos: i64) -> String {
    let secs = nanos.div_euclid(1_000_000_000);
    let (days, second) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn dates_are_civil() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400_000_000_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_700_000_000_000_000_000), "2023-11-14 22:13:20 UTC");
        assert_eq!(utc(-1), "1969-12-31 23:59:59 UTC");
        assert!(utc(i64::MIN).starts_with("1677-") && utc(i64::MAX).starts_with("2262-"));
    }
}
