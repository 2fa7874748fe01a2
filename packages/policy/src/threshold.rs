//! Raw readings against thresholds: the reflex that works without the model.
//!
//! In -> out: a gas, temperature or range reading -> what was measured and the rule for it; a measurement and the state before -> alarm or
//! none.
//! Deliberately absent: the verdict, other sensors, and filtering in time (a single reading beyond the trigger is an alarm).

use crate::params::{GAS_KIND, PolicyParams, RANGE_KIND, TEMPERATURE_KIND};
use vedette_params::{HazardCatalogue, ParamError};
use vedette_types::{KindId, Range, Reading, Response, Severity};

/// Longest gas name that is shown and told apart, characters.
const MAX_GAS_NAME_CHARS: usize = 32;

/// Which side of the threshold is dangerous.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Danger {
    Above,
    Below,
}

/// What an alarm means.
#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    pub(crate) kind: KindId,
    pub(crate) severity: Severity,
    pub(crate) response: Response,
}

/// One threshold with hysteresis.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    unit: &'static str,
    danger: Danger,
    trigger: f64,
    release: f64,
    pub(crate) meaning: Meaning,
}

impl Rule {
    /// Beyond the trigger is an alarm, and an alarm stays until the release.
    pub(crate) fn is_alarm(&self, was_alarm: bool, value: f64) -> bool {
        match self.danger {
            Danger::Above => value > self.trigger || (was_alarm && value > self.release),
            Danger::Below => value < self.trigger || (was_alarm && value < self.release),
        }
    }

    /// `82 ppm above 50 ppm`; between release and trigger, measured against the release.
    pub(crate) fn clause(&self, value: f64) -> String {
        if value == f64::NEG_INFINITY {
            return "too close".to_owned();
        }
        let is_beyond_trigger = self.is_alarm(false, value);
        let limit = rounded(if is_beyond_trigger { self.trigger } else { self.release });
        let side = match (self.danger, is_beyond_trigger) {
            (Danger::Above, true) => "above",
            (Danger::Above, false) => "still above",
            (Danger::Below, true) => "below",
            (Danger::Below, false) => "still below",
        };
        format!("{} {unit} {side} {limit} {unit}", rounded(value), unit = self.unit)
    }
}

/// All rules.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Name of the gas in lower case, or `*`.
    gas: Vec<(String, Rule)>,
    temperature: Rule,
    range: Rule,
}

/// One reading of a watched sensor.
#[derive(Debug)]
pub(crate) struct Sample<'a> {
    /// What was measured, as shown: `gas co`, `temperature`, `range`.
    pub(crate) channel: String,
    /// In the unit of the rule; -Inf for closer than the sensor can tell, +Inf for no return; `None` for no measurement, which must not
    /// count as a sign of life.
    pub(crate) value: Option<f64>,
    /// `None` for a gas that no threshold was given for.
    pub(crate) rule: Option<&'a Rule>,
}

impl Rules {
    /// # Errors
    /// [`ParamError`] for a kind that the catalogue lacks.
    pub(crate) fn new(params: &PolicyParams, catalogue: &HazardCatalogue) -> Result<Self, ParamError> {
        let gas = meaning("gas", [&params.gas_kind, GAS_KIND], &params.gas_response, catalogue)?;
        let temperature = meaning("temperature", [&params.temperature_kind, TEMPERATURE_KIND], &params.temperature_response, catalogue)?;
        let range = meaning("range", [&params.range_kind, RANGE_KIND], &params.range_response, catalogue)?;
        let gas_rule = |trigger: f64, release: f64| Rule { unit: "ppm", danger: Danger::Above, trigger, release, meaning: gas.clone() };
        let limits = params.gas_trigger_ppm.iter().zip(&params.gas_release_ppm);
        Ok(Self {
            gas: params.gas_names.iter().zip(limits).map(|(name, (t, r))| (name.to_ascii_lowercase(), gas_rule(*t, *r))).collect(),
            temperature: Rule {
                unit: "degC",
                danger: Danger::Above,
                trigger: params.temperature_trigger_celsius,
                release: params.temperature_release_celsius,
                meaning: temperature,
            },
            range: Rule {
                unit: "m",
                danger: Danger::Below,
                trigger: params.range_trigger_m,
                release: params.range_release_m,
                meaning: range,
            },
        })
    }

    /// What `reading` measured; `None` for other kinds of reading.
    pub(crate) fn sample(&self, reading: &Reading) -> Option<Sample<'_>> {
        let (channel, value, rule) = match reading {
            Reading::Gas(gas) => {
                let name = gas_name(&gas.gas);
                let rule = self.gas.iter().find(|(known, _)| *known == name).or_else(|| self.gas.iter().find(|(known, _)| known == "*"));
                (format!("gas {name}"), gas.ppm, rule.map(|(_, rule)| rule))
            }
            Reading::Temperature(temperature) => ("temperature".to_owned(), temperature.celsius, Some(&self.temperature)),
            Reading::Range(range) => ("range".to_owned(), distance_m(range), Some(&self.range)),
            _ => return None,
        };
        // The border refuses what is not finite; should it come through all the same, only an alarming figure counts.
        let is_measurement = !value.is_nan() && (value > f64::NEG_INFINITY || matches!(reading, Reading::Range(_)));
        Some(Sample { channel, value: is_measurement.then_some(value), rule })
    }
}

/// REP 117: -Inf is too close, +Inf no return. A figure outside what the sensor can measure is the same said differently.
fn distance_m(range: &Range) -> f64 {
    if range.range_m < range.min_m {
        f64::NEG_INFINITY
    } else if range.range_m > range.max_m {
        f64::INFINITY
    } else {
        // To the micrometre: the f32 for 0.45 m is 0.44999998 m, which is not below a limit of 0.45 m.
        (f64::from(range.range_m) * 1e6).round() / 1e6
    }
}

/// The gas in lower case, cut and without what could not be shown: it comes from a message and goes into a reason.
fn gas_name(name: &str) -> String {
    let shown = name.trim().chars().take(MAX_GAS_NAME_CHARS).map(|c| if c.is_control() { '?' } else { c.to_ascii_lowercase() });
    shown.collect()
}

/// `kind` must be in the catalogue, or be the one that this sensor has by default.
fn meaning(sensor: &str, [kind, built_in]: [&str; 2], response: &str, catalogue: &HazardCatalogue) -> Result<Meaning, ParamError> {
    let kind_id = KindId::new(kind);
    // A threshold is set where harm begins, hence the strongest severity for a kind that the catalogue does not rate.
    let severity = match catalogue.get(&kind_id) {
        Some(known) => known.severity,
        None if kind == built_in => Severity::High,
        None => {
            let known: Vec<&str> = catalogue.kinds().iter().map(|kind| kind.id.as_str()).collect();
            let rule = format!("must be one of the hazard catalogue: {}", known.join(", "));
            return Err(ParamError::inconsistent(&format!("policy.{sensor}_kind"), rule, &kind));
        }
    };
    Ok(Meaning { kind: kind_id, severity, response: parse_response(&format!("policy.{sensor}_response"), response)? })
}

/// The response of that word. The declaration allows no other, so the error is for struct fields filled by hand.
pub(crate) fn parse_response(name: &str, word: &str) -> Result<Response, ParamError> {
    word.parse().map_err(|_| ParamError::inconsistent(name, "must be a response", &word))
}

/// Two decimals are what a reason needs; `+ 0.0` turns -0 into 0.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}
