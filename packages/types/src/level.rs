//! How much of the model runtime works: what the run-time ladder chooses, live, and what the agent is told.

use crate::hazard::words;
use serde::{Deserialize, Serialize};

/// A rung of the ladder, from most to least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The model as configured.
    #[default]
    Full,
    /// The same model with a smaller context.
    SmallContext,
    /// A smaller model.
    SmallModel,
    /// No model: thresholds on raw sensors alone.
    ReflexOnly,
}
words!(Level, "level", Full = "full", SmallContext = "small_context", SmallModel = "small_model", ReflexOnly = "reflex_only",);
