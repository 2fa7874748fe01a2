//! Declare a parameter once: struct, range check, ROS descriptor, YAML, README table.
//!
//! In -> out: a [`params!`] declaration -> a plain struct with [`Descriptor`]s; a ROS 2 parameter file as text -> values in those structs;
//! a hazard file as text -> [`HazardCatalogue`].
//! Deliberately absent: files, the environment and ROS. Texts are handed in together with the name of the file they came from, so that
//! every error can name it.

// The code that `params!` writes names this crate by its full name, also in this crate's own tests.
extern crate self as vedette_params;

mod declare;
mod descriptor;
mod error;
mod file;
mod hazards;
mod node;
mod render;
mod set;
mod value;

pub use descriptor::{Constant, Descriptor, ParamKind, Range};
pub use error::ParamError;
pub use file::{load, load_shared, set_from_text};
pub use hazards::{BUNDLED_HAZARDS_YAML, CatalogueError, HazardCatalogue, HazardKind};
pub use render::{current_yaml, default_yaml, markdown_table, plain_yaml};
pub use set::ParamSet;
pub use value::Value;

#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use {descriptor::join_lines as __join_lines, set::find as __find};
