//! llama.cpp behind the [`Vlm`](vedette_reasoning::Vlm) trait, and the generator of the untrained tiny pair.
//!
//! In -> out: two GGUF files -> [`LlamaVlm`], which turns a prompt, a picture and a JSON schema into text that satisfies the schema, with the
//! verdict's probabilities. The only crate with `unsafe`; every block says why it holds.
//! Deliberately absent: prompts, templates and parsing (`vedette-reasoning`), downloads, HTTP.

pub mod calibration;
pub mod check;
pub mod configured;
pub mod gguf;
pub mod inspect;
pub mod installed;
pub mod plan;
pub mod quantize;
pub mod ladder;
pub mod machine;
pub mod shipped;
pub mod synth;
pub mod tiny;

mod params;

mod adapter;
mod alarm;
mod backend;
mod context;
mod digest;
mod embeddings;
mod encoder;
mod engine;
mod error;
mod forced;
mod grammar;
mod halt;
mod kinds;
mod page_cache;
mod picture;
mod planned;
mod prefix;
mod prefix_store;
mod reader;
mod runtime;
mod sampler;
mod self_test;
mod verdict;
mod vision;
mod vlm;
mod weights;
mod whole_file;

pub use calibration::Calibration;
pub use check::{CheckError, PairFacts, PairPaths, check_and_measure, check_pair};
pub use engine::{Engine, Priority, Reply, Ticket, Told};
pub use error::LlamaError;
pub use forced::{Forced, ForcedError};
pub use page_cache::drop_pages;
pub use params::LlamaParams;
pub use planned::{planned, wishes};
pub use runtime::Runtime;
pub use self_test::{SelfTestFault, SelfTested};
pub use tiny::{TinyError, UNTRAINED_NAME, write_untrained_pair};
pub use vlm::LlamaVlm;
