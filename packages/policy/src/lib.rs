//! Assessment and raw thresholds to decision, with hysteresis.
