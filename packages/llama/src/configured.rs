//! The pair that the parameters mean, loaded and tested: one way for every program that holds a model. In -> out: parameters -> paths, or a model
//! that has passed its self-test. Deliberately absent: what the model is asked.

use crate::installed::{self, InstallError};
use crate::ladder::LadderParams;
use crate::machine::MachineFiles;
use crate::{LlamaError, LlamaParams, LlamaVlm, PairPaths, Runtime, SelfTestFault, TinyError, shipped};
use std::fs;
use std::io;
use std::path::PathBuf;

/// The word that means the installed pair, as `llama.model`.
pub const INSTALLED: &str = "installed";

/// A configured model that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ConfiguredError {
    /// Half a pair.
    #[error("a vision tower without a text model: give --model (llama.model) as well")]
    NoModel,
    /// Half a pair.
    #[error("a text model without its vision tower: give --mmproj (llama.mmproj) as well; both files come with the model")]
    NoMmproj,
    /// Nowhere to look for installed pairs.
    #[error("there is no home folder for models: give one with --models")]
    NoHome,
    /// The cache folder.
    #[error("cannot create {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The pair that comes with the program.
    #[error("cannot write the built-in model to {}", path.display())]
    BuiltIn {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: Box<TinyError>,
    },
    /// See [`InstallError`].
    #[error(transparent)]
    Installed(Box<InstallError>),
    /// The model.
    #[error("cannot load the model")]
    Load(#[source] LlamaError),
    /// See [`SelfTestFault`].
    #[error(transparent)]
    SelfTest(Box<SelfTestFault>),
}

/// Loads the configured pair and tests it, where `llama.self_test` says so.
///
/// # Errors
/// [`ConfiguredError`].
pub fn load(params: &LlamaParams) -> Result<LlamaVlm, ConfiguredError> {
    tested(&pair(params)?, &with_folders(params)?)
}

/// The same in an engine with its ladder, for programs that run live.
///
/// # Errors
/// [`ConfiguredError`].
pub fn start(params: &LlamaParams, ladder: &LadderParams) -> Result<Runtime, ConfiguredError> {
    let (paths, params) = (pair(params)?, with_folders(params)?);
    let vlm = tested(&paths, &params)?;
    Runtime::around(vlm, &paths, &params, ladder.clone(), MachineFiles::from(ladder)).map_err(ConfiguredError::Load)
}

fn tested(paths: &PairPaths, params: &LlamaParams) -> Result<LlamaVlm, ConfiguredError> {
    let mut vlm = LlamaVlm::load(paths, params).map_err(ConfiguredError::Load)?;
    if params.self_test {
        vlm.self_test(Some(&cache_folder()?.join("self-test"))).map_err(|fault| ConfiguredError::SelfTest(Box::new(fault)))?;
    }
    Ok(vlm)
}

/// The parameters with the user's own folders where none are named.
fn with_folders(params: &LlamaParams) -> Result<LlamaParams, ConfiguredError> {
    let mut params = params.clone();
    if params.prefix_folder.is_empty() {
        params.prefix_folder = cache_folder()?.join("prefix").display().to_string();
    }
    Ok(params)
}

/// The configured pair. Without one, the pair that comes with the program, as files in the user's cache folder: the trained one that is built
/// in, else the generated untrained one, which keeps the whole path real and knows nothing, as every table says.
///
/// # Errors
/// [`ConfiguredError`].
pub fn pair(params: &LlamaParams) -> Result<PairPaths, ConfiguredError> {
    match (params.model.as_str(), params.mmproj.as_str()) {
        ("", "") => {
            let path = cache_folder()?.join("models");
            shipped::write_default_pair(&path).map_err(|fault| ConfiguredError::BuiltIn { path, source: Box::new(fault) })
        }
        (INSTALLED, "") => installed::current(&installed_folder()?).map_err(|fault| ConfiguredError::Installed(Box::new(fault))),
        (model, mmproj) if !model.is_empty() && !mmproj.is_empty() => {
            Ok(PairPaths { model: PathBuf::from(model), mmproj: PathBuf::from(mmproj) })
        }
        ("", _) => Err(ConfiguredError::NoModel),
        _ => Err(ConfiguredError::NoMmproj),
    }
}

/// `$XDG_CACHE_HOME/vedette` or `~/.cache/vedette`, else a folder below the system's temporary one; made where it is missing.
///
/// # Errors
/// [`ConfiguredError::Folder`].
pub fn cache_folder() -> Result<PathBuf, ConfiguredError> {
    let path = base("XDG_CACHE_HOME", ".cache").unwrap_or_else(std::env::temp_dir).join("vedette");
    match fs::create_dir_all(&path) {
        Ok(()) => Ok(path),
        Err(source) => Err(ConfiguredError::Folder { path, source }),
    }
}

/// `$XDG_DATA_HOME/vedette/models` or `~/.local/share/vedette/models`.
///
/// # Errors
/// [`ConfiguredError::NoHome`].
pub fn installed_folder() -> Result<PathBuf, ConfiguredError> {
    base("XDG_DATA_HOME", ".local/share").map(|base| base.join("vedette/models")).ok_or(ConfiguredError::NoHome)
}

/// A base directory: what the variable names, else its usual place below the home folder.
#[expect(clippy::disallowed_methods, reason = "the XDG base directories are environment variables")]
fn base(variable: &str, usual: &str) -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    from(variable).or_else(|| from("HOME").map(|home| home.join(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_is_refused_with_what_is_missing() {
        let of = |model: &str, mmproj: &str| {
            let params = LlamaParams { model: model.to_owned(), mmproj: mmproj.to_owned(), ..LlamaParams::default() };
            pair(&params).map_err(|error| error.to_string())
        };
        assert!(of("a.gguf", "").unwrap_err().contains("llama.mmproj"));
        assert!(of("", "b.gguf").unwrap_err().contains("llama.model"));
        assert_eq!(of("a.gguf", "b.gguf").unwrap().mmproj, PathBuf::from("b.gguf"));
        // The word means a pair: beside a vision tower it is a file name.
        assert_eq!(of(INSTALLED, "b.gguf").unwrap().model, PathBuf::from(INSTALLED));
    }
}
