//! Loading the model: the pair the parameters name, or the generated untrained pair.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use vedette_llama::{LlamaParams, LlamaVlm, PairPaths};

/// Loads the configured pair. Without one, the untrained tiny pair is generated (once) in the user's cache folder: it keeps the whole path
/// real and knows nothing, which every table says.
pub(crate) fn load(params: &LlamaParams) -> Result<LlamaVlm> {
    let pair = match (params.model.as_str(), params.mmproj.as_str()) {
        ("", "") => {
            let folder = cache_folder()?.join("models");
            vedette_llama::write_untrained_pair(&folder)
                .with_context(|| format!("cannot write the untrained tiny model to {}", folder.display()))?
        }
        (model, mmproj) if !model.is_empty() && !mmproj.is_empty() => {
            PairPaths { model: PathBuf::from(model), mmproj: PathBuf::from(mmproj) }
        }
        ("", _) => bail!("a vision tower without a text model: give --model (llama.model) as well"),
        _ => bail!("a text model without its vision tower: give --mmproj (llama.mmproj) as well; both files come with the model"),
    };
    LlamaVlm::load(&pair, params).context("cannot load the model")
}

/// `$XDG_CACHE_HOME/vedette` or `~/.cache/vedette`, else a folder below the system's temporary one.
#[expect(clippy::disallowed_methods, reason = "the XDG base directories are environment variables")]
fn cache_folder() -> Result<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")));
    let folder = base.unwrap_or_else(std::env::temp_dir).join("vedette");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// `trained`, or `UNTRAINED` where the weights never saw data.
pub(crate) fn training_word(is_trained: bool) -> &'static str {
    if is_trained { "trained" } else { "UNTRAINED: generated weights that never saw data; its verdicts mean nothing" }
}

/// The file name of a path, for tables.
pub(crate) fn short(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
