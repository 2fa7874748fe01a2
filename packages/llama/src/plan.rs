//! How much memory a model will take, before it is loaded, and which settings fit a budget.
//!
//! In -> out: the headers of a pair, a machine, a budget, wishes -> settings with a list of what takes how much and why; or a refusal with the
//! smallest change that would fit. Sizes of computations come from the graphs that llama.cpp will build (`graph`), not from a rule of thumb:
//! the same tensors in the same order through the same allocator. Deliberately absent: files and the state of this machine (`machine::here`
//! reads it, the caller hands it over); GPU memory beyond weights, KV and computation.

mod choose;
mod estimate;
mod graph;
pub mod here;
mod machine;
mod reasons;
#[cfg(test)]
mod reserved;
mod settings;
mod shape;
mod text_graph;
mod tower_graph;

pub use choose::{MemoryPlan, PlanError, Wishes, plan};
pub use estimate::{Estimate, Item, Place};
pub use machine::{Gpu, Machine, MachineError, parse_bytes, shown_bytes};
pub use settings::{KvType, Settings};
pub use shape::ModelShape;
