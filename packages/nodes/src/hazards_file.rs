//! Which hazard kinds there are. In -> out: a file of one's own, or none -> the catalogue.

use anyhow::{Context, Result};
use std::path::Path;
use vedette_params::HazardCatalogue;

pub(crate) fn load(file: Option<&Path>) -> Result<HazardCatalogue> {
    let Some(file) = file else { return Ok(HazardCatalogue::bundled()?) };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read hazard file {}", file.display()))?;
    Ok(HazardCatalogue::from_yaml(&text, &file.display().to_string())?)
}
