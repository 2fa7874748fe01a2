//! Streams to observations: rings, alignment, TF, freshness, change gate.
