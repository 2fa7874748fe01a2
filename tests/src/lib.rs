//! Tests that cross crates; see `main.rs` under `tests/tests`.
