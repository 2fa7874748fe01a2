//! The JSON schema of an answer, generated from the hazard catalogue. Verdict first, because its token carries the confidence and a clear
//! answer can then stop early; enums and bounded arrays only, because a weak model would otherwise print digits or spaces for ever.

use serde_json::{Value, json};
use vedette_params::HazardCatalogue;
use vedette_types::{BearingSector, RangeBand, Severity, UNKNOWN_PLACE, Verdict};

/// Most hazards in one answer.
pub const MAX_HAZARDS: usize = 3;

/// Most characters of the free answer to a question.
const MAX_ANSWER_CHARS: usize = 240;

/// The schema as compact JSON text. With `with_answer` a free `answer` string comes last, for requests that carry a question.
///
/// One alternative per verdict ties it to the hazard list: `hazard` has one to [`MAX_HAZARDS`] of them, `clear` and `unknown` have none.
pub fn answer_schema(catalogue: &HazardCatalogue, with_answer: bool) -> String {
    let kinds: Vec<&str> = catalogue.kinds().iter().map(|kind| kind.id.as_str()).collect();
    let hazard = object(&[
        ("kind", json!({ "enum": kinds })),
        ("severity", json!({ "enum": words(Severity::ALL, Severity::word) })),
        ("bearing", json!({ "enum": places(BearingSector::ALL, BearingSector::word) })),
        ("range", json!({ "enum": places(RangeBand::ALL, RangeBand::word) })),
    ]);
    let alternative = |verdict: Verdict, min: usize, max: usize| {
        let mut properties = vec![
            ("verdict", json!({ "const": verdict.word() })),
            ("hazards", json!({ "type": "array", "minItems": min, "maxItems": max, "items": hazard })),
        ];
        if with_answer {
            properties.push(("answer", json!({ "type": "string", "maxLength": MAX_ANSWER_CHARS })));
        }
        object(&properties)
    };
    json!({
        "x-guidance": { "whitespace_flexible": false },
        "anyOf": [
            alternative(Verdict::Hazard, 1, MAX_HAZARDS),
            alternative(Verdict::Clear, 0, 0),
            alternative(Verdict::Unknown, 0, 0),
        ],
    })
    .to_string()
}

/// An object schema whose properties are all required, in the given order, and closed.
fn object(properties: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> = properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| word(*value)).collect()
}

/// The words of a place, and the one for none.
fn places<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    words(all, word).into_iter().chain([UNKNOWN_PLACE]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ANSWER_PREFIX;

    #[test]
    fn every_alternative_begins_with_the_verdict() {
        let schema: Value = serde_json::from_str(&answer_schema(&HazardCatalogue::bundled().unwrap(), true)).unwrap();
        for alternative in schema["anyOf"].as_array().unwrap() {
            let first = alternative["properties"].as_object().unwrap().keys().next().unwrap().clone();
            assert_eq!(format!("{{\"{first}\":\""), ANSWER_PREFIX);
            assert_eq!(alternative["additionalProperties"], false);
            assert_eq!(alternative["required"].as_array().unwrap().len(), 3);
        }
    }

    #[test]
    fn kinds_come_from_the_catalogue() {
        let schema = answer_schema(&HazardCatalogue::bundled().unwrap(), false);
        for kind in HazardCatalogue::bundled().unwrap().kinds() {
            assert!(schema.contains(&format!("\"{}\"", kind.id)), "{} missing in {schema}", kind.id);
        }
        assert!(!schema.contains("answer"));
    }
}
