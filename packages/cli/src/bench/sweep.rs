//! The points to measure: every combination of the values that were given for each setting.

use super::BenchArguments;
use anyhow::{Result, ensure};

/// More points than this are a mistake.
const MOST_POINTS: usize = 500;

/// One combination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    /// Parameter and value.
    pub(super) settings: Vec<(&'static str, String)>,
}

impl Point {
    /// As a column of a table.
    pub(super) fn name(&self) -> String {
        let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        let parts: Vec<String> = self.settings.iter().map(|(name, value)| format!("{}={value}", short(name))).collect();
        if parts.is_empty() { "as configured".to_owned() } else { parts.join(" ") }
    }
}

pub(super) fn points(arguments: &BenchArguments) -> Result<Vec<Point>> {
    fn texts<T: ToString>(values: &[T]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }
    // A whole number is written as one with a point: the parameter is a float.
    let temperatures: Vec<String> = arguments.temperature.iter().map(|value| format!("{value:?}")).collect();
    combinations(&[
        ("llama.n_ctx", texts(&arguments.n_ctx)),
        ("llama.n_ubatch", texts(&arguments.n_ubatch)),
        ("llama.n_threads", texts(&arguments.threads)),
        ("llama.kv_type", arguments.kv_type.clone()),
        ("reasoning.temperature", temperatures),
        ("reasoning.max_tokens", texts(&arguments.max_tokens)),
    ])
}

fn combinations(axes: &[(&'static str, Vec<String>)]) -> Result<Vec<Point>> {
    let mut points = vec![Point::default()];
    for (name, values) in axes.iter().filter(|(_, values)| !values.is_empty()) {
        let with = |point: &Point, value: &String| {
            let mut settings = point.settings.clone();
            settings.push((name, value.clone()));
            // A call may hold at least what is computed at once.
            if *name == "llama.n_ubatch" {
                settings.push(("llama.n_batch", value.clone()));
            }
            Point { settings }
        };
        points = points.iter().flat_map(|point| values.iter().map(move |value| with(point, value))).collect();
        ensure!(points.len() <= MOST_POINTS, "{} combinations are too many: give fewer values", points.len());
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_meets_every_other() {
        let axis = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        let made = combinations(&[
            ("llama.n_ctx", axis(&["1024", "2048"])),
            ("llama.n_threads", axis(&[])),
            ("llama.kv_type", axis(&["f16", "q8_0"])),
        ]);
        let names: Vec<String> = made.unwrap().iter().map(Point::name).collect();
        assert_eq!(names, ["n_ctx=1024 kv_type=f16", "n_ctx=1024 kv_type=q8_0", "n_ctx=2048 kv_type=f16", "n_ctx=2048 kv_type=q8_0"]);
        assert_eq!(combinations(&[]).unwrap()[0].name(), "as configured");
        let many: Vec<String> = (0..1000).map(|i| i.to_string()).collect();
        assert!(combinations(&[("llama.n_ctx", many)]).is_err());
    }
}
