//! Training of the small vision-language model that the project ships: data on the fly, a differentiable network in candle, a resumable recipe, export to GGUF.
//!
//! In -> out: a recipe and a folder -> checkpoints, curves and weights; weights -> a pair that llama.cpp runs. The prompts are the agent's own, the pictures are
//! the simulator's and, where there are any, photographs. Deliberately absent: judging the shipped files (that is `vedette eval`, through llama.cpp).

mod random;
mod shape;
mod tokens;
mod answer;
mod targets;
mod disturbance;
mod picture;
mod photographs;
mod source;
mod stream;

mod initial;
mod parameters;
mod kernels;
mod blocks;
mod decomposed;
mod network;
mod lesson;
mod loss;
mod orthogonal;
mod optimizer;

mod recipe;
mod lineage;
mod checkpoint;
mod validation;
mod windows;
mod trainer;
mod curves;
mod export;
mod import;

pub use answer::{Answer, AnswerHazard, MissingPiece};
pub use checkpoint::{CheckpointError, Progress};
pub use curves::page as curves_page;
pub use export::export;
pub use import::{ImportError, import};
pub use lineage::{Lineage, LineageFault, PastRun};
pub use network::{Form, Network, Reading, Seen, patches, tensor};
pub use optimizer::{Moments, Optimizer, OptimizerSettings};
pub use parameters::{Group, Parameters, Part};
pub use photographs::{Photographs, PhotographsError};
pub use picture::{Knowledge, Labelled, square};
pub use random::Random;
pub use recipe::{Recipe, RecipeFault, Stage, Windows};
pub use shape::{Shape, TextShape, VisionShape};
pub use source::{Source, SourceSettings};
pub use stream::{Example, ExampleError, Maker, Stream};
pub use targets::{LOOKS, OUTPUTS, Sighting, Targets};
pub use tokens::Tokenizer;
pub use trainer::{Point, Told, Trainer, TrainingError, Workshop, curves_file};
pub use validation::{Validation, validate};
pub use vedette_matmul::Precision;
