//! From answer text to typed values. The schema already constrains what a local model can write; this is checked all the same, because a
//! completion may come from a file, be cut off by the token cap, or come from a server that ignores the schema.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::fmt::Display;
use std::str::FromStr;
use vedette_params::HazardCatalogue;
use vedette_types::{BearingSector, KindId, RangeBand, Severity, UNKNOWN_PLACE, Verdict};

/// One hazard as the model put it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HazardAnswer {
    /// What it is.
    pub kind: KindId,
    /// How bad.
    pub severity: Severity,
    /// Where in the picture; `None` for `unknown`, where it is out of the picture and a sensor tells of it.
    #[serde(deserialize_with = "place")]
    pub bearing: Option<BearingSector>,
    /// How far; `None` for `unknown`.
    #[serde(deserialize_with = "place")]
    pub range: Option<RangeBand>,
}

fn place<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let word = String::deserialize(deserializer)?;
    if word == UNKNOWN_PLACE {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|error| D::Error::custom(format!("{error}, or {UNKNOWN_PLACE}")))
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParsedAnswer {
    /// The verdict.
    pub verdict: Verdict,
    /// The hazards, repeated ones dropped.
    pub hazards: Vec<HazardAnswer>,
    /// The free answer to a question.
    #[serde(default)]
    pub answer: Option<String>,
}

/// Why an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// Not the JSON object that was asked for.
    #[error("unparsable answer: {detail}")]
    Unparsable {
        /// What the JSON parser said.
        detail: String,
    },
    /// A kind that the catalogue does not have.
    #[error("answer names a kind that hazards.yaml does not have: {kind}")]
    UnknownKind {
        /// The kind.
        kind: KindId,
    },
    /// Verdict and hazard list contradict each other.
    #[error("answer contradicts itself: verdict {verdict} with {count} hazards")]
    Contradiction {
        /// The verdict.
        verdict: Verdict,
        /// How many hazards came with it.
        count: usize,
    },
}

/// Reads an answer.
///
/// # Errors
/// [`AnswerFault`]: the caller turns it into `Verdict::Unknown`.
pub fn parse_answer(text: &str, catalogue: &HazardCatalogue) -> Result<ParsedAnswer, AnswerFault> {
    let mut parsed: ParsedAnswer = serde_json::from_str(text).map_err(|error| AnswerFault::Unparsable { detail: error.to_string() })?;
    if let Some(hazard) = parsed.hazards.iter().find(|hazard| catalogue.get(&hazard.kind).is_none()) {
        return Err(AnswerFault::UnknownKind { kind: hazard.kind.clone() });
    }
    let consistent = (parsed.verdict == Verdict::Hazard) != parsed.hazards.is_empty();
    if !consistent {
        return Err(AnswerFault::Contradiction { verdict: parsed.verdict, count: parsed.hazards.len() });
    }
    let mut seen: Vec<HazardAnswer> = Vec::with_capacity(parsed.hazards.len());
    parsed.hazards.retain(|hazard| {
        let is_new = !seen.iter().any(|other| other.kind == hazard.kind && other.bearing == hazard.bearing);
        if is_new {
            seen.push(hazard.clone());
        }
        is_new
    });
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        let got = match parse_answer(text, &HazardCatalogue::bundled().unwrap()) {
            Ok(answer) => format!("{} {}", answer.verdict, answer.hazards.len()),
            Err(fault) => fault.to_string(),
        };
        assert!(got.starts_with(expect), "{text}\n got {got}\n expected {expect}");
    }

    #[test]
    fn answers() {
        let fire = r#"{"kind":"fire","severity":"high","bearing":"left","range":"near"}"#;
        check(r#"{"verdict":"clear","hazards":[]}"#, "clear 0");
        check(r#"{"verdict":"unknown","hazards":[],"answer":"too dark"}"#, "unknown 0");
        check(&format!(r#"{{"verdict":"hazard","hazards":[{fire},{fire}]}}"#), "hazard 1");
        let by_sensor = fire.replace("left", "unknown").replace("near", "unknown");
        check(&format!(r#"{{"verdict":"hazard","hazards":[{fire},{by_sensor}]}}"#), "hazard 2");
        check(
            &format!(r#"{{"verdict":"hazard","hazards":[{}]}}"#, fire.replace("left", "up")),
            "unparsable answer: unknown bearing `up`: one of",
        );
        // To leave the place out is not to say that it is unknown.
        let unsaid = [fire.replace("\"left\"", "null"), fire.replace(r#","range":"near""#, ""), fire.replace("left", "")];
        unsaid.iter().for_each(|fire| check(&format!(r#"{{"verdict":"hazard","hazards":[{fire}]}}"#), "unparsable answer"));
        check(r#"{"verdict":"hazard","hazards":[]}"#, "answer contradicts itself: verdict hazard with 0 hazards");
        check(&format!(r#"{{"verdict":"clear","hazards":[{fire}]}}"#), "answer contradicts itself: verdict clear with 1 hazards");
        check(&format!(r#"{{"verdict":"hazard","hazards":[{}]}}"#, fire.replace("fire", "dragon")), "answer names a kind");
        check(r#"{"verdict":"haz"#, "unparsable answer: EOF");
        check(r#"{"verdict":"clear","hazards":[],"note":1}"#, "unparsable answer: unknown field");
        check("", "unparsable answer");
        check("Sure! Here is the JSON:", "unparsable answer");
    }

    proptest! {
        #[test]
        fn any_text_is_a_result(text in ".*") {
            let _ = parse_answer(&text, &HazardCatalogue::bundled().unwrap());
        }
    }
}
