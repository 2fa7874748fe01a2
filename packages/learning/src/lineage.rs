//! The runs that a pair comes from, one after the other, as data. In -> out: `lineage.json` -> recipes, each for a run on from the pair of the one before.
//! Deliberately absent: running them (that is `vedette learn remake`), and runs that nothing shipped comes from.

use crate::{Recipe, RecipeFault};
use serde::{Deserialize, Serialize};

/// The runs of the shipped pair.
const SHIPPED: &str = include_str!("lineage.json");

/// A run that others went on from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastRun {
    /// Revision of the code that ran it.
    pub commit: String,
    /// What it learned from its examples; `begins_with` is the pair of the run before.
    pub recipe: Recipe,
    /// How far its weights were moved back towards those that it began with, 0 to 1.
    pub beginning_share: f64,
    /// Examples that it saw.
    pub examples: u64,
    /// How long that took on the machine of that day, validation included.
    pub minutes: f64,
    /// Hash of the pair that came of it.
    pub pair_sha256: String,
}

/// Runs, the first from nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lineage {
    /// In order.
    pub runs: Vec<PastRun>,
}

/// A lineage that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum LineageFault {
    /// The text is not a lineage.
    #[error("not a lineage: {0}")]
    Json(#[from] serde_json::Error),
    /// There is no run.
    #[error("the lineage has no run")]
    Empty,
    /// A recipe cannot be followed.
    #[error("run {number}: {source}")]
    Recipe {
        /// Which, from 1.
        number: usize,
        /// Why.
        source: RecipeFault,
    },
    /// A share is none.
    #[error("run {number}: beginning_share must be 0 to 1, and 0 where the run begins with nothing, not {share}")]
    Share {
        /// Which, from 1.
        number: usize,
        /// What it says.
        share: f64,
    },
    /// A run does not begin with what the one before left.
    #[error("run {number} begins with {found}, the run before it left {expected}")]
    Broken {
        /// Which, from 1.
        number: usize,
        /// What its recipe begins with.
        found: String,
        /// The pair before.
        expected: String,
    },
}

impl Lineage {
    /// The runs that the shipped pair comes from.
    ///
    /// # Errors
    /// [`LineageFault`]; a test says that what is built in has none.
    pub fn shipped() -> Result<Self, LineageFault> {
        Self::from_json(SHIPPED)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`LineageFault`].
    pub fn from_json(text: &str) -> Result<Self, LineageFault> {
        let lineage: Self = serde_json::from_str(text)?;
        if lineage.runs.is_empty() {
            return Err(LineageFault::Empty);
        }
        let mut before: Option<&str> = None;
        for (index, run) in lineage.runs.iter().enumerate() {
            let number = index + 1;
            run.recipe.check().map_err(|source| LineageFault::Recipe { number, source })?;
            let share = run.beginning_share;
            let allowed = if before.is_some() { 0.0..=1.0 } else { 0.0..=0.0 };
            if !allowed.contains(&share) {
                return Err(LineageFault::Share { number, share });
            }
            let found = run.recipe.begins_with.as_deref();
            if found != before {
                let [found, expected] = [found, before].map(|pair| pair.unwrap_or("nothing").to_owned());
                return Err(LineageFault::Broken { number, found, expected });
            }
            before = Some(&run.pair_sha256);
        }
        Ok(lineage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_shipped_pair_comes_from_its_lineage() {
        let lineage = Lineage::shipped().unwrap();
        let last = lineage.runs.last().unwrap();
        let provenance = vedette_llama::shipped::provenance().expect("a trained pair is built in");
        assert_eq!(last.pair_sha256, provenance.pair_sha256.to_string());
        let recorded: Recipe = serde_json::from_value(provenance.training["recipe"].clone()).unwrap();
        assert_eq!(last.recipe, recorded);
        assert_eq!(json!([last.commit, last.beginning_share, last.examples]), {
            let training = &provenance.training;
            json!([training["commit"], training["beginning_share"], training["examples"]])
        });
        assert_eq!(Recipe::shipped().begins_with.as_ref(), Some(&last.pair_sha256), "the next run goes on from it");
    }

    #[test]
    fn a_broken_lineage_is_refused_with_the_run() {
        let whole: Value = serde_json::from_str(SHIPPED).unwrap();
        let fails = |change: &dyn Fn(&mut Value), words: &str| {
            let mut changed = whole.clone();
            change(&mut changed);
            let message = Lineage::from_json(&changed.to_string()).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        };
        fails(&|runs| runs[1]["recipe"]["begins_with"] = json!("abc"), "run 2 begins with abc");
        fails(&|runs| runs[0]["recipe"]["begins_with"] = json!("abc"), "left nothing");
        fails(&|runs| runs[0]["beginning_share"] = json!(0.5), "run 1: beginning_share");
        fails(&|runs| runs[2]["beginning_share"] = json!(2.0), "run 3: beginning_share");
        fails(&|runs| runs[1]["recipe"]["stages"][0]["batch"] = json!(1), "run 2: the recipe");
        fails(&|runs| runs[0]["weather"] = json!(1), "weather");
        fails(&|runs| *runs = json!([]), "no run");
        fails(&|runs| *runs = json!(3), "not a lineage");
    }
}
