//! Observation to VLM request to assessment: prompt, schema, parsing, confidence.
