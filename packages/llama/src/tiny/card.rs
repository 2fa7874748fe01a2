//! What a tiny model says of itself in its metadata: whether it was trained, on what, by which code, and how good it was found.

use crate::gguf::{GgufPlan, Value};

/// Metadata key of [`TinyCard::is_trained`]; `untrained` there makes every table say so.
pub(crate) const TRAINING: &str = "vedette.training";
/// Metadata key of [`TinyCard::data_sha256`].
pub(crate) const DATA: &str = "vedette.data_sha256";
/// Metadata key of [`TinyCard::commit`].
pub(crate) const COMMIT: &str = "vedette.commit";
/// Prefix of the keys of [`TinyCard::metrics`].
pub(crate) const METRIC: &str = "vedette.metric.";

/// A model's card.
#[derive(Clone, Debug, PartialEq)]
pub struct TinyCard {
    /// `general.name`; also the files' names: `NAME.gguf`, `mmproj-NAME.gguf`.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// SPDX identifier.
    pub license: String,
    /// False for weights that never saw data.
    pub is_trained: bool,
    /// Hash of the training data, or of the recipe that generates it.
    pub data_sha256: Option<String>,
    /// Revision of the code that trained it.
    pub commit: Option<String>,
    /// Held-out figures: name (letters, digits, `_`, `.`) and value.
    pub metrics: Vec<(String, f32)>,
}

impl TinyCard {
    /// The part of the metadata that is ours; the `general.*` part is written by [`super::general`].
    pub(super) fn describe(&self, plan: &mut GgufPlan) {
        let word = if self.is_trained { "trained" } else { "untrained" };
        plan.set(TRAINING, Value::Text(word.to_owned()));
        for (key, text) in [(DATA, &self.data_sha256), (COMMIT, &self.commit)] {
            if let Some(text) = text {
                plan.set(key, Value::Text(text.clone()));
            }
        }
        for (name, value) in &self.metrics {
            plan.set(&format!("{METRIC}{name}"), Value::F32(*value));
        }
    }
}
