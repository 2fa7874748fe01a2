//! The real llama.cpp with the untrained tiny pair.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod requests;

mod answers;
mod caches;
mod engine;
mod few_tokens;
mod lora;
mod robustness;
mod runtime;
mod scores;
mod self_test;
mod stored;
